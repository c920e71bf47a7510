package web

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guitai/hub/store"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed pages/style.css
var style []byte

// Options are what a Site is made of.
type Options struct {
	Store *store.Store
	Key   ed25519.PrivateKey // the hub's; the pages' secrets are derived from it
	Log   *slog.Logger
	// Command signs a command for a till.
	Command func(store.Command) store.Command
	// Link is the address that a till is enrolled at.
	Link func() (string, error)
	// RemoteIP finds who asks; where nil, the connection's address.
	RemoteIP func(*http.Request) string
	Now      func() time.Time // time.Now where nil
}

// A Site serves the pages. It holds no state that matters: sessions and tries
// are in the store.
type Site struct {
	o       Options
	secrets *Secrets
	pages   map[string]*template.Template
	hashing chan struct{} // passwords are hashed two at a time: each takes 32 MiB
}

// New makes a site.
func New(o Options) (*Site, error) {
	secrets, err := NewSecrets(o.Key)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RemoteIP == nil {
		o.RemoteIP = func(r *http.Request) string {
			host, _, err := net.SplitHostPort(r.RemoteAddr)
			if err != nil {
				return r.RemoteAddr
			}
			return host
		}
	}
	s := &Site{o: o, secrets: secrets, pages: map[string]*template.Template{}, hashing: make(chan struct{}, 2)}
	for _, name := range []string{"signin", "setup", "codes", "today", "day", "range", "shops", "tills", "till", "enrol", "code", "audit", "account", "problem"} {
		t, err := template.New("layout.html").Funcs(funcs).ParseFS(pageFiles, "pages/layout.html", "pages/parts.html", "pages/"+name+".html")
		if err != nil {
			return nil, err
		}
		s.pages[name] = t
	}
	return s, nil
}

// Who may see a page.
var (
	anyone  = []string{store.RoleOwner, store.RoleBookkeeper, store.RoleInstaller}
	readers = []string{store.RoleOwner, store.RoleBookkeeper}
	keepers = []string{store.RoleOwner, store.RoleInstaller}
	owners  = []string{store.RoleOwner}
)

// bodyMost is the size of the largest form.
const bodyMost = 16 << 10

// Handler is the pages with their headers. Requests that change something are
// refused where a browser says that another site made them, and where the form
// does not bear the session's mark.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/today", http.StatusSeeOther) })
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=3600")
		w.Write(style)
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /signin", s.showSignIn)
	mux.HandleFunc("POST /signin", s.signIn)
	mux.HandleFunc("GET /setup", s.showSetup)
	mux.HandleFunc("POST /setup", s.setup)
	for _, p := range []struct {
		pattern string
		roles   []string
		show    func(*visit) error
	}{
		{"POST /signout", anyone, s.signOut},
		{"GET /today", readers, s.today},
		{"GET /day", readers, s.day},
		{"GET /range", readers, s.compare},
		{"GET /shops", readers, s.shops},
		{"GET /download", readers, s.download},
		{"GET /tills", anyone, s.tills},
		{"GET /till", anyone, s.till},
		{"POST /till", keepers, s.command},
		{"GET /enrol", keepers, s.showEnrol},
		{"POST /enrol", keepers, s.enrol},
		{"GET /audit", owners, s.audit},
		{"GET /account", anyone, s.account},
		{"POST /account", anyone, s.changeAccount},
	} {
		mux.HandleFunc(p.pattern, s.inside(p.roles, p.show))
	}
	var cross http.CrossOriginProtection
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.problem(s.begin(w, r), http.StatusForbidden, "form.foreign")
	}))
	next := cross.Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("Strict-Transport-Security", "max-age=31536000")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, bodyMost)
		if err := r.ParseForm(); err != nil || !plain(r.Form) {
			s.problem(s.begin(w, r), http.StatusBadRequest, "form.bad")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// plain says whether all that was typed is text that a database can keep:
// PostgreSQL takes no NUL and nothing that is not UTF-8.
func plain(form url.Values) bool {
	for _, list := range form {
		for _, x := range list {
			if !utf8.ValidString(x) || strings.ContainsRune(x, 0) {
				return false
			}
		}
	}
	return true
}

// A visit is one request with who makes it and in which language.
type visit struct {
	s    *Site
	w    http.ResponseWriter
	r    *http.Request
	lang string
	who  store.Owner // Role is empty where nobody has signed in
	tok  string
}

func (v *visit) ctx() context.Context { return v.r.Context() }

func (s *Site) begin(w http.ResponseWriter, r *http.Request) *visit {
	return &visit{s: s, w: w, r: r, lang: language(r)}
}

// inside lets those in who have signed in and whose role may see the page.
func (s *Site) inside(roles []string, show func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := s.begin(w, r)
		c, err := r.Cookie(sessionCookie)
		if err != nil {
			http.Redirect(w, r, "/signin", http.StatusSeeOther)
			return
		}
		v.who, err = s.o.Store.Session(r.Context(), c.Value)
		if errors.Is(err, store.ErrNone) {
			http.Redirect(w, r, "/signin", http.StatusSeeOther)
			return
		}
		if err != nil {
			s.fail(v, err)
			return
		}
		v.tok = c.Value
		if v.who.Lang != "" {
			v.lang = v.who.Lang
		}
		if !slices.Contains(roles, v.who.Role) {
			if r.URL.Path == "/today" {
				http.Redirect(w, r, "/tills", http.StatusSeeOther)
				return
			}
			s.problem(v, http.StatusForbidden, "role.no")
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !same(r.PostFormValue("mark"), v.mark()) {
			s.problem(v, http.StatusForbidden, "form.foreign")
			return
		}
		if err := show(v); err != nil {
			s.fail(v, err)
		}
	}
}

// mark is what a form of this session bears.
func (v *visit) mark() string { return mark(v.s.secrets.form, v.tok) }

// fail answers where something went wrong; what is not the visitor's stays in
// the log.
func (s *Site) fail(v *visit, err error) {
	switch {
	case errors.Is(err, store.ErrNone):
		s.problem(v, http.StatusNotFound, "none")
	case errors.Is(err, context.Canceled):
	default:
		s.o.Log.ErrorContext(v.ctx(), "page failed", "path", v.r.URL.Path, "error", err)
		s.problem(v, http.StatusServiceUnavailable, "problem.failed")
	}
}

func (s *Site) problem(v *visit, status int, key string) {
	v.show("problem", status, &frame{Title: "problem.title", Data: key})
}

// A frame is what every page has around what is its own.
type frame struct {
	Title   string // the key of its word
	Tab     string
	Refresh int // seconds; 0 never
	Note    string
	Bad     string
	Data    any

	v *visit
}

// show writes a page. It is made whole before its first byte goes out, so that
// nobody sees half of one.
func (v *visit) show(name string, status int, f *frame) {
	f.v = v
	var b bytes.Buffer
	if err := v.s.pages[name].Execute(&b, f); err != nil {
		v.s.o.Log.ErrorContext(v.ctx(), "page failed", "path", v.r.URL.Path, "error", err)
		http.Error(v.w, "the page could not be made; nothing was changed", http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", v.lang)
	v.w.Header().Set("Vary", "Accept-Language")
	v.w.WriteHeader(status)
	v.w.Write(b.Bytes())
}
