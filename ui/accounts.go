package ui

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// clockOffShown is how far a hub's clock must be off this till's to be told.
const clockOffShown = 30 * time.Second

// accountsState is what is known of the accounts, and what was typed to enrol.
type accountsState struct {
	loaded     bool
	failed     bool
	lines      []AccountLine
	asked      []AskedFromAfar
	link, code string
	busy       string
	out        outcome
}

// accountsPage shows what goes to provider accounts, and enrols the till at a hub.
type accountsPage struct {
	*desk
	link, code *kit.Field
}

func newAccounts(w *Window) page {
	if w.ports.Office.Accounts == nil {
		return nil
	}
	p := &accountsPage{}
	p.desk = newDesk(w, p.paint)
	s := p.state()
	p.link = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("accounts.link"), Placeholder: "https://...", Limit: 300, OnChange: func(t string) { s.link = t },
		OnEnter: func(string) { w.win.Canvas().Focus(p.code) }}, s.link)
	p.code = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("accounts.code"), Limit: 40, OnChange: func(t string) { s.code = t }, OnEnter: func(string) { p.enrol() }}, s.code)
	return p
}

func (p *accountsPage) state() *accountsState { return &p.w.office.accounts }

// Title is part of page.
func (p *accountsPage) Title() string { return p.w.Say("page.accounts") }

// Show is part of page.
func (p *accountsPage) Show(till.View) {
	if s := p.state(); !s.loaded && p.waiting == "" {
		p.load()
		return
	}
	p.redraw()
}

// Status looks again where what the status bar says of the accounts changed.
func (p *accountsPage) Status() {
	if p.waiting == "" && p.state().busy == "" {
		p.load()
	}
}

// Leave looks anew next time; what was typed stays.
func (p *accountsPage) Leave() {
	s := p.state()
	*s = accountsState{link: s.link, code: s.code, busy: s.busy}
	p.desk.Leave()
}

func (p *accountsPage) load() {
	s, port := p.state(), p.w.ports.Office.Accounts
	what := ""
	if !s.loaded {
		what = p.w.Say("accounts.reading")
	}
	var lines []AccountLine
	var asked []AskedFromAfar
	var err error
	p.ask(what, func(ctx context.Context) { lines, asked, err = port.Accounts(ctx) }, func() {
		s.loaded, s.failed, s.lines, s.asked = true, err != nil, lines, asked
	})
}

// sendNow sends what waits.
func (p *accountsPage) sendNow() {
	w, s, port := p.w, p.state(), p.w.ports.Office.Accounts
	s.out = outcome{}
	var err error
	w.act(&s.busy, "accounts.sending", func(ctx context.Context) { err = port.SendNow(ctx) }, func() {
		s.loaded = false
		s.out = outcome{title: "accounts.sent"}
		if err != nil {
			s.out = outcome{title: "accounts.not_sent", body: "accounts.not_sent_body", bad: true}
			w.play("failed")
		}
	})
}

// enrol claims the code that was typed or pasted.
func (p *accountsPage) enrol() {
	w, s, port := p.w, p.state(), p.w.ports.Office.Accounts
	link, code := strings.TrimSpace(s.link), strings.TrimSpace(s.code)
	if !w.may(till.MaySetUp) || w.view.Practice || link == "" || code == "" {
		return
	}
	s.out = outcome{}
	var err error
	w.act(&s.busy, "accounts.enrolling", func(ctx context.Context) { err = port.Enrol(ctx, link, code) }, func() {
		s.loaded = false
		if err == nil {
			s.link, s.code = "", ""
			p.link.SetText("")
			p.code.SetText("")
			s.out = outcome{title: "accounts.enrolled", body: "accounts.compare"}
			return
		}
		f := &AccountFault{}
		if !errors.As(err, &f) {
			f = &AccountFault{Code: "away"}
		}
		s.out = outcome{title: "accounts.not_enrolled", body: "accounts.fault." + f.Code, bad: true}
		w.play("failed")
	})
}

// Scan takes a link that was scanned from the owner's screen.
func (p *accountsPage) Scan(code string) bool {
	if !strings.HasPrefix(code, "https://") && !strings.HasPrefix(code, "http://") {
		return false
	}
	p.state().link = code
	p.link.SetText(code)
	p.w.win.Canvas().Focus(p.code)
	return true
}

// Key sends what waits.
func (p *accountsPage) Key(e KeyEvent) bool {
	if e.Action == ActPay && len(p.state().lines) > 0 {
		p.sendNow()
		return true
	}
	return p.desk.Key(e)
}

func (p *accountsPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	var actions []fyne.CanvasObject
	if len(s.lines) > 0 {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "cloud-upload", Label: w.Say("accounts.send_now"), Key: "F9", OnTap: p.sendNow}))
	}
	left := kit.Col(12)
	switch {
	case s.failed:
		left.Add(kit.NewCard(20, empty("triangle-alert", w.Say("accounts.unread"), w.Say("accounts.unread_body"))))
	case s.loaded && len(s.lines) == 0:
		left.Add(kit.NewCard(20, empty("cloud", w.Say("accounts.none"), w.Say("accounts.none_body"))))
	}
	for i := range s.lines {
		left.Add(kit.NewCard(16, p.line(&s.lines[i])))
	}
	if len(s.asked) > 0 {
		left.Add(kit.NewCard(16, p.askedCard()))
	}
	body := kit.Row(12, kit.Grow(1, kit.NewScroll(kit.Inset(2, 10, 2, 2, left))))
	if w.may(till.MaySetUp) {
		body.Add(kit.Fixed(p.pick(420, 320), kit.NewCard(18, kit.NewScroll(kit.Pad(4, p.enrolCard())))))
	}
	return p.office(PageSettings, w.Say("page.accounts"), w.Say("accounts.sub"), actions, kit.Col(10, busyNote(w, s.busy), outcomeNote(w, s.out), kit.Grow(1, body)))
}

var accountIcons = map[string]string{"hub": "cloud", "webhook": "link", "folder": "folder-open"}

// line is one account: what it is, how it stands and what to do about it.
func (p *accountsPage) line(a *AccountLine) fyne.CanvasObject {
	w := p.w
	when := func(t time.Time) string { return w.local(t).Format("2006-01-02 15:04") }
	name := w.Say("accounts.kind." + a.Kind)
	if a.Kind != "hub" {
		name += " · " + a.Name
	}
	col := kit.Col(4, kit.Row(12, kit.Middle(kit.NewIcon(accountIcons[a.Kind], 26, kit.Ink)), kit.Grow(1, kit.Col(0, kit.NewBold(name, 18, kit.Ink), wrapped(a.Where, 15, kit.Ink3)))))
	if a.Trouble != "" {
		col.Add(labelCallout(kit.Caution, "triangle-alert", w.Say("accounts.trouble."+a.Trouble), w.Say("accounts.trouble."+a.Trouble+"_do")))
	}
	waits, ink := w.Say("accounts.nothing"), kit.Ink
	if a.Unsent > 0 {
		waits, ink = w.Say("accounts.waits", "n", strconv.Itoa(a.Unsent), "when", when(a.Since)), kit.Warn
	}
	col.Add(factLine(w.Say("accounts.unsent"), waits, ink))
	last := w.Say("accounts.never")
	if !a.Last.IsZero() {
		last = when(a.Last)
	}
	col.Add(factLine(w.Say("accounts.last"), last, kit.Ink))
	if a.Rejected > 0 {
		col.Add(factLine(w.Say("accounts.rejected"), strconv.Itoa(a.Rejected), kit.Warn))
	}
	if off := a.ClockOff.Round(time.Second); off.Abs() >= clockOffShown {
		col.Add(factLine(w.Say("accounts.clock"), w.Say("accounts.clock_by", "seconds", strconv.Itoa(int(off/time.Second))), kit.Warn))
	}
	if a.Fingerprint != "" {
		col.Add(factLine(w.Say("accounts.fingerprint"), a.Fingerprint, kit.Ink))
	}
	return col
}

// askedCard is what was asked from afar, by whom, and whether it was done.
func (p *accountsPage) askedCard() fyne.CanvasObject {
	w := p.w
	col := kit.Col(4, kit.NewBold(w.Say("accounts.asked"), 18, kit.Ink))
	for _, a := range p.state().asked {
		done, ink := w.Say("accounts.done"), kit.Accent
		if !a.Done {
			done, ink = w.Say("accounts.not_done"), kit.Warn
		}
		col.Add(kit.Row(10, kit.Grow(1, wrapped(w.Say("accounts.asked_by", "what", w.Say("accounts.ask."+a.Kind), "who", a.By, "when", w.local(a.At).Format("01-02 15:04")), 16, kit.Ink)),
			kit.Middle(kit.NewBold(done, 16, ink))))
	}
	return col
}

func (p *accountsPage) enrolCard() fyne.CanvasObject {
	w := p.w
	button := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "link", Label: w.Say("accounts.enrol"), OnTap: p.enrol})
	if w.view.Practice {
		button.Off(w.Say("accounts.fault.practice"))
	}
	return kit.Col(12, kit.NewBold(w.Say("accounts.enrol_title"), 20, kit.Ink), remark(w.Say("accounts.enrol_note")), p.link, p.code, button, kit.Hairline(), remark(w.Say("accounts.others")))
}
