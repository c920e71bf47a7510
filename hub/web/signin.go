package web

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"strings"
	"time"

	"guitai/hub/store"
)

// Cookies. The prefix binds them to this host, to TLS and to the whole site (RFC
// 6265bis, section 4.1.3.2).
const (
	sessionCookie = "__Host-guitai"
	deviceCookie  = "__Host-guitai-device"
)

func (s *Site) cookie(w http.ResponseWriter, name, value string, age time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *Site) showSignIn(w http.ResponseWriter, r *http.Request) {
	v := s.begin(w, r)
	v.show("signin", http.StatusOK, &frame{Title: "signin.title", Data: ""})
}

// guesses are what a try counts against. A browser that has signed in before is
// counted by itself: strangers who try cannot shut it out. From elsewhere all
// who try at one account wait together, but for those with a recovery code,
// which cannot be guessed: so nobody is locked out by others' tries.
func (s *Site) guesses(r *http.Request, email string, recovery bool) (tries []store.Guess, ofAddress store.Guess) {
	from := network(s.o.RemoteIP(r))
	ofAddress = store.Guess{Name: "address " + from, Free: 30, Most: time.Minute}
	if c, err := r.Cookie(deviceCookie); err == nil {
		if id, sum, ok := strings.Cut(c.Value, "."); ok && same(sum, mark(s.secrets.device, id, email)) {
			return []store.Guess{{Name: "device " + id, Free: 4, Most: 15 * time.Minute}}, ofAddress
		}
	}
	tries = []store.Guess{{Name: "account " + email + " from " + from, Free: 4, Most: 15 * time.Minute}}
	if !recovery {
		tries = append(tries, store.Guess{Name: "account " + email, Free: 20, Most: 15 * time.Minute})
	}
	return tries, ofAddress
}

// network is the address of whoever asks, of IPv6 the first 64 bits, which is
// what one subscriber has.
func network(ip string) string {
	a := net.ParseIP(ip)
	if a == nil || a.To4() != nil {
		return ip
	}
	return a.Mask(net.CIDRMask(64, 128)).String()
}

// hash waits for its turn: passwords take memory, and two at a time is all they
// get.
func (s *Site) hash(r *http.Request, f func()) error {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		f()
		return nil
	case <-time.After(10 * time.Second):
		return errors.New("too many sign in at once")
	case <-r.Context().Done():
		return r.Context().Err()
	}
}

// signIn takes address, password and code together and answers the same
// whichever is wrong, in the same time.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request) {
	v := s.begin(w, r)
	email, password, code := store.Email(r.PostFormValue("email")), r.PostFormValue("password"), r.PostFormValue("code")
	_, recovery := recoveryCode(code)
	tries, ofAddress := s.guesses(r, email, recovery)
	wait, err := s.o.Store.Guessing(r.Context(), append(tries, ofAddress)...)
	if err != nil {
		s.fail(v, err)
		return
	}
	if wait > 0 {
		s.slow(v, "signin", "signin.title", email, wait)
		return
	}
	o, err := s.o.Store.OwnerByEmail(r.Context(), email)
	if err != nil && !errors.Is(err, store.ErrNone) {
		s.fail(v, err)
		return
	}
	known := err == nil
	right := false
	if err := s.hash(r, func() { right = len(password) <= passwordMost && s.secrets.checkPassword(o.PasswordHash, password) }); err != nil {
		s.fail(v, err)
		return
	}
	if right && known {
		err = s.second(r.Context(), o, code)
	} else {
		err = errCode
	}
	switch {
	case errors.Is(err, errCode), errors.Is(err, errAgain):
		s.o.Log.WarnContext(r.Context(), "sign-in refused", "from", s.o.RemoteIP(r))
		if known {
			if err := s.o.Store.Note(r.Context(), o.Tenant, "", "session.refused", o.Email, s.o.RemoteIP(r)); err != nil {
				s.fail(v, err)
				return
			}
		}
		v.show("signin", http.StatusForbidden, &frame{Title: "signin.title", Bad: say(v.lang, "signin.refused"), Data: email})
		return
	case err != nil:
		s.fail(v, err)
		return
	}
	if err := s.o.Store.Guessed(r.Context(), tries...); err != nil {
		s.fail(v, err)
		return
	}
	if err := s.enter(v, o); err != nil {
		s.fail(v, err)
		return
	}
	http.Redirect(w, r, "/today", http.StatusSeeOther)
}

// slow answers a try that has to wait.
func (s *Site) slow(v *visit, page, title, data string, wait time.Duration) {
	seconds := int(math.Ceil(wait.Seconds()))
	v.w.Header().Set("Retry-After", fmt.Sprint(seconds))
	v.show(page, http.StatusTooManyRequests, &frame{Title: title, Bad: say(v.lang, "signin.wait", "n", seconds), Data: data})
}

// enter begins a session in this browser.
func (s *Site) enter(v *visit, o store.Owner) error {
	session := o.Tenant + "." + token()
	if err := s.o.Store.BeginSession(v.ctx(), o, session, s.o.RemoteIP(v.r)); err != nil {
		return err
	}
	s.cookie(v.w, sessionCookie, session, store.SessionMost)
	id := token()
	s.cookie(v.w, deviceCookie, id+"."+mark(s.secrets.device, id, o.Email), 365*24*time.Hour)
	v.who, v.tok = o, session
	return nil
}

func (s *Site) signOut(v *visit) error {
	if err := s.o.Store.EndSession(v.ctx(), v.who, v.tok, false); err != nil {
		return err
	}
	s.cookie(v.w, sessionCookie, "", 0)
	http.Redirect(v.w, v.r, "/signin", http.StatusSeeOther)
	return nil
}

// A setupPage is the page where a password is set the first time.
type setupPage struct {
	Email, Link string
}

// linked finds whom a link is for, or answers that it is none.
func (s *Site) linked(v *visit, link string) (store.Owner, bool) {
	from := store.Guess{Name: "link from " + network(s.o.RemoteIP(v.r)), Free: 20, Most: time.Minute}
	wait, err := s.o.Store.Guessing(v.ctx(), from)
	if err == nil && wait > 0 {
		s.slow(v, "problem", "problem.title", "none", wait)
		return store.Owner{}, false
	}
	var o store.Owner
	if err == nil {
		o, err = s.o.Store.OwnerByLink(v.ctx(), link)
	}
	if err == nil {
		err = s.o.Store.Guessed(v.ctx(), from)
	}
	if errors.Is(err, store.ErrSpent) {
		s.problem(v, http.StatusForbidden, "setup.spent")
		return o, false
	}
	if err != nil {
		s.fail(v, err)
		return o, false
	}
	return o, true
}

func (s *Site) showSetup(w http.ResponseWriter, r *http.Request) {
	v := s.begin(w, r)
	link := r.URL.Query().Get("link")
	if o, ok := s.linked(v, link); ok {
		v.show("setup", http.StatusOK, &frame{Title: "setup.title", Data: setupPage{o.Email, link}})
	}
}

// setup sets the first password, once the authenticator has proved that it has
// the secret.
func (s *Site) setup(w http.ResponseWriter, r *http.Request) {
	v := s.begin(w, r)
	link, password := r.PostFormValue("link"), r.PostFormValue("password")
	o, ok := s.linked(v, link)
	if !ok {
		return
	}
	bad := weak(password, o.Email)
	if bad == "" && password != r.PostFormValue("again") {
		bad = "password.differ"
	}
	var err error
	if bad == "" {
		bad, err = s.asked(v, o, r.PostFormValue("code"))
	}
	if err != nil {
		s.fail(v, err)
		return
	}
	if bad != "" {
		v.show("setup", http.StatusUnprocessableEntity, &frame{Title: "setup.title", Bad: say(v.lang, bad), Data: setupPage{o.Email, link}})
		return
	}
	var hash string
	if err := s.hash(r, func() { hash = s.secrets.hashPassword(password) }); err != nil {
		s.fail(v, err)
		return
	}
	codes := newRecoveryCodes()
	if err := s.o.Store.SetPassword(r.Context(), o, link, hash, codes); err != nil {
		s.fail(v, err)
		return
	}
	if err := s.enter(v, o); err != nil {
		s.fail(v, err)
		return
	}
	v.show("codes", http.StatusOK, &frame{Title: "codes.title", Data: codes})
}

// asked checks the second factor that an act asks for; bad is the key of what
// is said where it is refused.
func (s *Site) asked(v *visit, o store.Owner, code string) (bad string, err error) {
	try := store.Guess{Name: "second factor of " + o.ID, Free: 5, Most: 5 * time.Minute}
	wait, err := s.o.Store.Guessing(v.ctx(), try)
	if err != nil {
		return "", err
	}
	if wait > 0 {
		return "code.wait", nil
	}
	switch err = s.second(v.ctx(), o, code); {
	case errors.Is(err, errCode):
		return "code.wrong", nil
	case errors.Is(err, errAgain):
		return "code.again", nil
	case err != nil:
		return "", err
	}
	return "", s.o.Store.Guessed(v.ctx(), try)
}
