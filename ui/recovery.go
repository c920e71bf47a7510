package ui

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// A recovery code is four groups of five characters, digits and capitals without I, L, O and U.
const (
	recoveryGroup  = 5
	recoveryLength = 4 * recoveryGroup
)

// recoveryState is an owner who is being let in again.
type recoveryState struct {
	code  string
	owner string
	pin   secret
	fault map[string]string
	out   outcome
	busy  string
	done  bool
}

// recoveryPage sets an owner's PIN anew by the recovery code. It is open to nobody signed on.
type recoveryPage struct {
	*desk
	code, pin, again *kit.Field
}

func newRecovery(w *Window) page {
	if w.ports.Office.Recovery == nil {
		return nil
	}
	p := &recoveryPage{}
	p.desk = newDesk(w, p.paint)
	s := p.state()
	p.code = kit.NewField(kit.FieldSpec{Label: w.Say("recover.code"), Placeholder: "XXXXX-XXXXX-XXXXX-XXXXX", Limit: 40, TrailIcon: "life-buoy",
		Before: func(rune) bool { return false },
		BeforeKey: func(e *fyne.KeyEvent) bool {
			if ends(e.Name) {
				p.next()
				return true
			}
			return w.router.FieldKey(nil, e.Name)
		},
		OnChange: func(t string) { s.code = t; p.clear("code", p.code) }}, s.code)
	p.pin = newPIN(w, w.Say("recover.pin"), &s.pin.pin, func() { p.clear("pin", p.pin) }, p.next)
	p.again = newPIN(w, w.Say("recover.again"), &s.pin.again, func() { p.clear("again", p.again) }, p.next)
	p.focusNext = p.code
	p.showFaults()
	return p
}

func (p *recoveryPage) state() *recoveryState { return &p.w.office.recovery }

// Title is part of page.
func (p *recoveryPage) Title() string { return p.w.Say("page.recovery") }

// Bare leaves the top bar out, as on the sign-on.
func (p *recoveryPage) Bare() bool { return true }

// Show is part of page.
func (p *recoveryPage) Show(till.View) {
	s := p.state()
	owners := p.owners()
	known := false
	for _, o := range owners {
		known = known || o.Code == s.owner
	}
	if !known && len(owners) > 0 {
		s.owner = owners[0].Code
	}
	p.redraw()
}

// owners are those whose PIN can be set anew; one who was made inactive is let in again.
func (p *recoveryPage) owners() []till.Operator {
	var out []till.Operator
	for _, o := range p.w.view.Operators {
		if o.Role == till.Owner {
			out = append(out, o)
		}
	}
	return out
}

// Leave forgets the code and the PIN.
func (p *recoveryPage) Leave() {
	s := p.state()
	s.pin.wipe()
	*s = recoveryState{}
	for _, f := range []*kit.Field{p.code, p.pin, p.again} {
		f.SetText("")
		f.SetProblem("")
	}
	p.focusNext = p.code
	p.desk.Leave()
}

// Key goes on and back.
func (p *recoveryPage) Key(e KeyEvent) bool {
	switch e.Action {
	case ActEnter, ActPay:
		if p.state().done || e.Action == ActPay {
			p.send()
		} else {
			p.next()
		}
	case ActBack:
		p.w.Back()
	case ActLanguage:
		return false
	}
	return true
}

// Scan ignores every code: none is a recovery code.
func (p *recoveryPage) Scan(string) bool {
	p.w.play("notfound")
	return true
}

func (p *recoveryPage) clear(key string, f *kit.Field) {
	delete(p.state().fault, key)
	f.SetProblem("")
}

func (p *recoveryPage) showFaults() {
	f := p.state().fault
	p.code.SetProblem(p.w.sayIf(f["code"]))
	p.pin.SetProblem(p.w.sayIf(f["pin"]))
	p.again.SetProblem(p.w.sayIf(f["again"]))
}

// next goes to the first empty field, and sends once none is.
func (p *recoveryPage) next() {
	for _, f := range []*kit.Field{p.code, p.pin, p.again} {
		if f.Text() == "" && !f.Focused() {
			p.w.win.Canvas().Focus(f)
			return
		}
	}
	p.send()
}

// recoveryCode writes a code as it was handed out: groups, capitals, and the digits that letters were taken for. n is
// how many of its characters were typed.
func recoveryCode(typed string) (code string, n int) {
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case '-', ' ', '\u2013', '\u2014', '\uff0d':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if n > 0 && n%recoveryGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
		n++
	}
	return b.String(), n
}

func (p *recoveryPage) send() {
	w, s := p.w, p.state()
	if s.busy != "" {
		return
	}
	if s.done {
		w.Back()
		return
	}
	s.out, s.fault = outcome{}, map[string]string{}
	code, n := recoveryCode(s.code)
	if n != recoveryLength {
		s.fault["code"] = w.Say("recover.fault.length", "n", strconv.Itoa(n))
	}
	if pin, again := s.pin.faults(till.Owner); pin != "" || again != "" {
		s.fault["pin"], s.fault["again"] = pin, again
	}
	if s.fault["code"]+s.fault["pin"]+s.fault["again"] != "" {
		p.refuse()
		return
	}
	owner, pin := s.owner, string(s.pin.pin)
	var err error
	w.act(&s.busy, "recover.checking", func(ctx context.Context) { err = w.ports.Office.Recovery.RecoverOwner(ctx, code, owner, pin) }, func() {
		switch till.CodeOf(err) {
		case "":
			if err == nil {
				s.pin.wipe()
				s.code, s.done = "", true
				w.win.Canvas().Unfocus()
				return
			}
			s.out = outcome{title: "recover.failed", body: "recover.failed_body", bad: true}
		case till.WrongPIN:
			s.fault["code"] = "recover.fault.wrong"
		case till.NotAllowed:
			s.out = outcome{title: "recover.none", body: "recover.none_body", bad: true}
		case till.PINTooWeak:
			s.fault["pin"] = "pin.weak"
		case till.PINTaken:
			s.fault["pin"] = "pin.taken"
		default:
			s.out = outcome{title: w.refusalWords(err), body: "recover.failed_body", bad: true}
		}
		p.refuse()
	})
}

// refuse shows the faults and goes to the first.
func (p *recoveryPage) refuse() {
	p.w.play("failed")
	now, _ := p.w.page().(*recoveryPage) // the language may have changed meanwhile
	if now == nil {
		return
	}
	now.showFaults()
	f := p.state().fault
	switch {
	case f["code"] != "":
		now.focusNext = now.code
	case f["pin"] != "":
		now.focusNext = now.pin
	case f["again"] != "":
		now.focusNext = now.again
	}
	now.redraw()
}

func (p *recoveryPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	langs := kit.Row(10, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "arrow-left", Label: w.Say("button.back"), Key: "Esc", OnTap: w.Back}), kit.Space(),
		kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Icon: "languages", Label: w.Say("app.other_language"), OnTap: func() { w.Key(KeyEvent{Action: ActLanguage}) }}))
	card := p.form()
	if s.done {
		card = kit.Col(18, kit.Fixed(200, empty("circle-check-big", w.Say("recover.done"), w.Say("recover.done_body"))),
			kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Label: w.Say("recover.sign_on"), Key: "Enter", OnTap: p.send}))
	}
	return kit.Inset(p.pick(28, 20), 28, 20, 28, kit.Col(0, kit.Fixed(48, langs), kit.Space(), kit.Row(0, kit.Space(), kit.Fixed(p.pick(760, 700), kit.NewCard(28, card)), kit.Space()), kit.Space()))
}

func (p *recoveryPage) form() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(14, kit.NewBold(w.Say("recover.title"), 26, kit.Ink), wrapped(w.Say("recover.body"), 16, kit.Ink2))
	if owners := p.owners(); len(owners) > 1 {
		who := kit.Row(8, kit.Middle(kit.NewBold(w.Say("recover.who"), 15, kit.Ink2)))
		for _, o := range owners[:min(4, len(owners))] {
			who.Add(kit.NewChip("user-round", o.Name, o.Code == s.owner, func() { s.owner = o.Code; p.redraw() }))
		}
		col.Add(kit.Fixed(48, who))
	}
	col.Add(p.code)
	col.Add(kit.Row(14, kit.Grow(1, p.pin), kit.Grow(1, p.again)))
	col.Add(wrapped(w.pinRule(till.Owner), 15, kit.Ink3))
	col.Add(outcomeNote(w, s.out))
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Label: w.Say("recover.do"), Key: "Enter", OnTap: p.send})
	if s.busy != "" {
		main.Off(w.Say(s.busy))
	}
	col.Add(main)
	return col
}
