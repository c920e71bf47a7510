package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// drawerState is a cash movement that is being typed.
type drawerState struct {
	kind   till.CashKind
	reason string
	seen   uint64
}

// drawerPage moves cash without a sale, and opens the drawer for none. Both want a reason.
type drawerPage struct {
	*desk
	field  *kit.Field
	amount *kit.AmountBox
	main   *kit.Button
}

func newDrawer(w *Window) page {
	p := &drawerPage{}
	p.desk = newDesk(w, p.paint)
	p.field = kit.NewField(kit.FieldSpec{Limit: 120, Placeholder: w.Say("drawer.other"), OnChange: func(t string) { p.state().reason = t; p.ready() }, OnEnter: func(string) { p.do() }}, w.office.drawer.reason)
	return p
}

func (p *drawerPage) state() *drawerState { return &p.w.office.drawer }

// Title is part of page.
func (p *drawerPage) Title() string { return p.w.Say("page.drawer") }

// Show is part of page.
func (p *drawerPage) Show(v till.View) {
	s := p.state()
	if s.kind == "" {
		s.kind = till.NoSale
	}
	if n := v.Notice; n != nil && n.Seq != s.seen {
		if s.seen != 0 && (n.Code == till.NoteOpened || n.Code == till.NoteMoved) {
			s.reason = ""
			p.field.SetText("")
			p.w.entry.clear()
		}
		s.seen = n.Seq
	} else if s.seen == 0 {
		s.seen = 1
	}
	p.redraw()
}

// Typed is part of typist.
func (p *drawerPage) Typed(string) {
	p.showAmount()
	p.ready()
}

// Leave forgets what was typed.
func (p *drawerPage) Leave() {
	*p.state() = drawerState{}
	p.field.SetText("")
	p.desk.Leave()
}

func (p *drawerPage) typed() money.Amount {
	a, _ := ParseEntry(p.w.Currency(), p.w.entry.text)
	return a
}

func (p *drawerPage) showAmount() {
	if p.amount == nil {
		return
	}
	text := p.w.entry.text
	if text == "" {
		text = "0"
	}
	p.amount.Set(p.w.Currency().Symbol() + text)
}

// Key types the amount.
func (p *drawerPage) Key(e KeyEvent) bool {
	switch {
	case p.desk.Key(e):
	case e.Action == "" && isEntry(e.Rune) && p.state().kind != till.NoSale:
		p.w.entry.add(string(e.Rune))
	case e.Action == ActErase:
		p.w.entry.erase()
	case e.Action == ActPay, e.Action == ActEnter:
		p.do()
	default:
		return false
	}
	return true
}

func (p *drawerPage) do() {
	s := p.state()
	if p.why() != "" {
		return
	}
	c := till.MoveCash{Kind: s.kind, Reason: s.reason}
	if s.kind != till.NoSale {
		c.Amount = p.typed()
	}
	p.w.Do(c)
}

// why says why it cannot be done yet, "" where it can.
func (p *drawerPage) why() string {
	s := p.state()
	switch {
	case s.kind != till.NoSale && p.typed() <= 0:
		return p.w.Say("drawer.need_amount")
	case s.reason == "":
		return p.w.Say("drawer.need_reason")
	}
	return ""
}

// ready turns the button on once nothing is missing, and says on it what is.
func (p *drawerPage) ready() {
	if why := p.why(); why != "" {
		p.main.Off(why)
	} else {
		p.main.On()
	}
}

var drawerKinds = []struct {
	kind till.CashKind
	icon string
}{{till.NoSale, "archive"}, {till.PaidOut, "hand-coins"}, {till.PaidIn, "coins"}, {till.Drop, "arrow-down"}, {till.Loan, "arrow-up"}}

func (p *drawerPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	kinds := kit.Col(10, kit.Fixed(52, kit.Col(0, kit.NewBold(w.Say("page.drawer"), 24, kit.Ink), kit.NewLabel(w.Say("drawer.sub"), 15, kit.Ink3))))
	for _, k := range drawerKinds {
		b := kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: k.icon, Left: true, Text: 18, Label: w.Say("drawer." + string(k.kind)), Sub: w.Say("drawer." + string(k.kind) + ".sub"),
			OnTap: func() { s.kind, s.reason = k.kind, ""; p.field.SetText(""); p.redraw() }})
		b.SetChosen(s.kind == k.kind)
		kinds.Add(b)
	}
	chips := kit.Grid(2, 8, 48)
	for _, key := range []string{"1", "2", "3", "4"} {
		words := w.Say("drawer.reason." + string(s.kind) + "." + key)
		chips.Add(kit.NewChip("", words, s.reason == words, func() { s.reason = words; p.field.SetText(""); p.redraw() }))
	}
	mid := kit.Col(12, kit.NewBold(w.Say("drawer.reason"), 17, kit.Ink), chips, p.field, kit.Space())
	right := kit.Col(10)
	p.amount = nil
	if s.kind != till.NoSale {
		p.amount = kit.NewAmountBox(w.Say("drawer.amount"), "", 28, 64)
		p.amount.Activate(true)
		p.showAmount()
		right.Add(p.amount)
		right.Add(kit.Grow(1, kit.NewKeypad(3, 0, 30, kit.CashKeys(), func(id string) {
			if id == kit.KeyBack {
				w.entry.erase()
			} else {
				w.entry.add(id)
			}
		}).Container))
	} else {
		right.Add(kit.Grow(1, kit.NewCard(20, empty("archive", w.Say("drawer.open_title"), w.Say("drawer.open_body")))))
	}
	p.main = kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Text: p.pick(24, 20), Label: w.Say("drawer." + string(s.kind) + ".do"), Key: "F9", OnTap: p.do})
	p.ready()
	right.Add(kit.Fixed(84, p.main))
	return p.plain(kit.Row(12, kit.Grow(40, p.whole(kinds)), kit.Grow(46, kit.NewCard(18, mid)), kit.Fixed(p.pick(400, 320), right)))
}
