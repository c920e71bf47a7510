package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"guitai/hub/server"
	"guitai/hub/store"
	"guitai/hub/wire"
)

// A tillsPage lists the tills and what is wrong with them.
type tillsPage struct {
	Notices []notice
	Tills   []*tillState
}

func (s *Site) tills(v *visit) error {
	f, err := v.fleet()
	if err != nil {
		return err
	}
	page := tillsPage{Tills: f.Tills}
	if page.Notices, err = v.notices(f); err != nil {
		return err
	}
	v.show("tills", http.StatusOK, &frame{Title: "tills.title", Tab: "tills", Data: page})
	return nil
}

// A tillPage is one till and what can be done at it from afar.
type tillPage struct {
	T           *tillState
	Fingerprint string
	Waiting     []waitingRow
	Commands    []commandRow
}

type waitingRow struct {
	store.Waiting
	Fingerprint, At string
}

type commandRow struct {
	What, By, At, State, Done string
	Open                      bool
}

func (v *visit) tillPage(id string) (*tillPage, error) {
	f, err := v.fleet()
	if err != nil {
		return nil, err
	}
	for _, t := range f.Tills {
		if t.ID != id {
			continue
		}
		page := &tillPage{T: t, Fingerprint: printOf(t.PublicKey)}
		for _, w := range f.Waiting {
			if w.Till == id {
				page.Waiting = append(page.Waiting, waitingRow{w, printOf(w.Key), w.Announced.In(t.zone).Format("2006-01-02 15:04")})
			}
		}
		list, err := v.s.o.Store.Commands(v.ctx(), v.who.Tenant, id, false)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			row := commandRow{What: say(v.lang, "command."+c.Kind, "from", c.From, "to", c.To), By: c.By, At: c.At.In(t.zone).Format("01-02 15:04"), Open: c.Result == ""}
			switch c.Result {
			case "":
				row.State = say(v.lang, "command.open")
			case "done", "refused":
				row.State, row.Done = say(v.lang, "command.was_"+c.Result), c.Done.In(t.zone).Format("01-02 15:04")
			default:
				row.State = c.Result
			}
			page.Commands = append(page.Commands, row)
		}
		return page, nil
	}
	return nil, store.ErrNone
}

func printOf(key string) string {
	k, err := wire.ParseKey(key)
	if err != nil {
		return "?"
	}
	return wire.Fingerprint(k)
}

func (s *Site) till(v *visit) error {
	page, err := v.tillPage(v.r.URL.Query().Get("id"))
	if err != nil {
		return err
	}
	v.showTill(page, http.StatusOK, "")
	return nil
}

func (v *visit) showTill(page *tillPage, status int, bad string) {
	note := ""
	if bad == "" && v.r.URL.Query().Get("done") != "" {
		note = say(v.lang, "act.done")
	}
	v.show("till", status, &frame{Title: "till.title", Tab: "tills", Note: note, Bad: bad, Data: page})
}

// command does one of the acts at a till. Each asks for a code, and is in the
// audit with who did it.
func (s *Site) command(v *visit) error {
	id, act := v.r.PostFormValue("id"), v.r.PostFormValue("act")
	page, err := v.tillPage(id)
	if err != nil {
		return err
	}
	if act != "resend" && v.who.Role != store.RoleOwner {
		s.problem(v, http.StatusForbidden, "role.no")
		return nil
	}
	c := store.Command{Tenant: v.who.Tenant, Till: id, ID: uuid.NewString(), By: v.by(), At: s.o.Now().UTC().Truncate(time.Millisecond)}
	var do func() error
	bad := ""
	switch act {
	case "freeze":
		c.Kind = string(wire.CommandKindFreezeWallets)
		do = func() error { return s.o.Store.AddCommand(v.ctx(), s.o.Command(c)) }
	case "resend":
		c.Kind = string(wire.CommandKindResend)
		var errFrom, errTo error
		c.From, errFrom = strconv.ParseInt(strings.TrimSpace(v.r.PostFormValue("from")), 10, 64)
		c.To, errTo = strconv.ParseInt(strings.TrimSpace(v.r.PostFormValue("to")), 10, 64)
		if errFrom != nil || errTo != nil || c.From < 1 || c.To < c.From || c.To-c.From > 100_000 {
			bad = "resend.bad"
		}
		do = func() error { return s.o.Store.AddCommand(v.ctx(), s.o.Command(c)) }
	case "revoke", "restore":
		do = func() error { return s.o.Store.Revoke(v.ctx(), v.who.Tenant, id, v.who.Email, act == "revoke") }
	case "approve":
		epoch, err := strconv.ParseInt(v.r.PostFormValue("epoch"), 10, 64)
		if err != nil {
			return store.ErrNone
		}
		do = func() error { return s.o.Store.ApproveEpoch(v.ctx(), v.who.Tenant, id, epoch, v.who.Email) }
	default:
		return store.ErrNone
	}
	if bad == "" {
		if bad, err = s.asked(v, v.who, v.r.PostFormValue("code")); err != nil {
			return err
		}
	}
	if bad != "" {
		v.showTill(page, http.StatusUnprocessableEntity, say(v.lang, bad))
		return nil
	}
	if err := do(); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/till?done=1&id="+url.QueryEscape(id), http.StatusSeeOther)
	return nil
}

// by is how a till names who asked for something.
func (v *visit) by() string {
	if v.who.Name != "" {
		return v.who.Name
	}
	return v.who.Email
}

// enrolGood is how long an enrolment code is good for.
const enrolGood = 15 * time.Minute

// An enrolPage asks for which shop a code is.
type enrolPage struct{ Shops []store.Shop }

func (s *Site) showEnrol(v *visit) error { return v.showEnrol(http.StatusOK, "") }

func (v *visit) showEnrol(status int, bad string) error {
	shops, err := v.s.o.Store.Shops(v.ctx(), v.who.Tenant)
	if err != nil {
		return err
	}
	v.show("enrol", status, &frame{Title: "enrol.title", Tab: "tills", Bad: bad, Data: enrolPage{shops}})
	return nil
}

// A codePage is a code that was given out, shown once.
type codePage struct {
	Shop, Code, Link, Command string
	QR                        template.HTML
}

// enrol gives out a code for a till of a shop, which is made where its name is
// new.
func (s *Site) enrol(v *visit) error {
	name, id := strings.TrimSpace(v.r.PostFormValue("name")), v.r.PostFormValue("shop")
	sh := store.Shop{Tenant: v.who.Tenant, ID: uuid.NewString(), Name: name}
	if name == "" {
		var err error
		if sh, err = s.o.Store.Shop(v.ctx(), v.who.Tenant, id); errors.Is(err, store.ErrNone) {
			return v.showEnrol(http.StatusUnprocessableEntity, say(v.lang, "enrol.which"))
		} else if err != nil {
			return err
		}
	} else if len(name) > 100 {
		return v.showEnrol(http.StatusUnprocessableEntity, say(v.lang, "enrol.which"))
	}
	bad, err := s.asked(v, v.who, v.r.PostFormValue("code"))
	if err != nil {
		return err
	}
	if bad != "" {
		return v.showEnrol(http.StatusUnprocessableEntity, say(v.lang, bad))
	}
	if name != "" {
		if err := s.o.Store.AddShop(v.ctx(), sh); errors.Is(err, store.ErrTaken) {
			sh, err = s.o.Store.Shop(v.ctx(), v.who.Tenant, name)
			if err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
	}
	code := server.NewCode()
	if err := s.o.Store.OfferEnrolment(v.ctx(), sh, code, v.who.Email, time.Now().Add(enrolGood)); err != nil {
		return err
	}
	link, err := s.o.Link()
	if err != nil {
		return err
	}
	page := codePage{Shop: sh.Name, Code: code, Link: link, Command: fmt.Sprintf("guitaictl account enrol '%s' %s", link, code)}
	if page.QR, err = qr(link); err != nil {
		return err
	}
	v.show("code", http.StatusOK, &frame{Title: "enrol.title", Tab: "tills", Data: page})
	return nil
}

// An auditRow is one act, with names in place of ids.
type auditRow struct {
	At, Who, Act, Subject, Detail string
}

func (s *Site) audit(v *visit) error {
	f, err := v.fleet()
	if err != nil {
		return err
	}
	list, err := s.o.Store.Noted(v.ctx(), v.who.Tenant, 200)
	if err != nil {
		return err
	}
	at := time.UTC
	if len(f.Shops) > 0 {
		at = zone(f.Shops[0])
	}
	var rows []auditRow
	for _, n := range list {
		row := auditRow{At: n.At.In(at).Format("2006-01-02 15:04:05"), Who: n.Who, Act: n.Act, Subject: n.Subject, Detail: n.Detail}
		if row.Who == "" {
			row.Who = say(v.lang, "audit.itself")
		}
		if name := f.names[n.Subject]; name != "" {
			row.Subject = name
		} else if sh, ok := f.shops[n.Subject]; ok {
			row.Subject = sh.Name
		}
		if _, err := uuid.Parse(row.Detail); err == nil || row.Detail == row.Subject {
			row.Detail = ""
		}
		if row.Subject == row.Who {
			row.Subject = ""
		}
		rows = append(rows, row)
	}
	v.show("audit", http.StatusOK, &frame{Title: "audit.title", Tab: "audit", Data: rows})
	return nil
}

// An accountPage is the visitor's own account.
type accountPage struct{ Left int }

func (s *Site) account(v *visit) error { return v.showAccount(http.StatusOK, "", "") }

func (v *visit) showAccount(status int, note, bad string) error {
	left, err := v.s.o.Store.RecoveryLeft(v.ctx(), v.who)
	if err != nil {
		return err
	}
	v.show("account", status, &frame{Title: "account.title", Tab: "account", Note: note, Bad: bad, Data: accountPage{left}})
	return nil
}

// changeAccount sets the language, ends other sessions, changes the password, or
// makes new recovery codes; the last two ask for a code.
func (s *Site) changeAccount(v *visit) error {
	switch v.r.PostFormValue("act") {
	case "language":
		lang := v.r.PostFormValue("lang")
		if lang != Chinese && lang != English {
			lang = ""
		}
		if err := s.o.Store.SetLanguage(v.ctx(), v.who, lang); err != nil {
			return err
		}
		http.Redirect(v.w, v.r, "/account", http.StatusSeeOther)
		return nil
	case "sessions":
		if err := s.o.Store.EndSession(v.ctx(), v.who, v.tok, true); err != nil {
			return err
		}
		return v.showAccount(http.StatusOK, say(v.lang, "account.ended"), "")
	case "password":
		password := v.r.PostFormValue("password")
		bad := weak(password, v.who.Email)
		if bad == "" && password != v.r.PostFormValue("again") {
			bad = "password.differ"
		}
		if bad == "" {
			var err error
			if bad, err = s.asked(v, v.who, v.r.PostFormValue("code")); err != nil {
				return err
			}
		}
		if bad != "" {
			return v.showAccount(http.StatusUnprocessableEntity, "", say(v.lang, bad))
		}
		var hash string
		if err := s.hash(v.r, func() { hash = s.secrets.hashPassword(password) }); err != nil {
			return err
		}
		if err := s.o.Store.ChangePassword(v.ctx(), v.who, hash, v.tok); err != nil {
			return err
		}
		return v.showAccount(http.StatusOK, say(v.lang, "account.changed"), "")
	case "codes":
		bad, err := s.asked(v, v.who, v.r.PostFormValue("code"))
		if err != nil {
			return err
		}
		if bad != "" {
			return v.showAccount(http.StatusUnprocessableEntity, "", say(v.lang, bad))
		}
		codes := newRecoveryCodes()
		if err := s.o.Store.SetRecoveryCodes(v.ctx(), v.who, codes); err != nil {
			return err
		}
		v.show("codes", http.StatusOK, &frame{Title: "codes.title", Tab: "account", Data: codes})
		return nil
	}
	return store.ErrNone
}
