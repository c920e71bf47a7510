package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// looseState is goods that come back without their receipt.
type looseState struct {
	items            []till.AddTyped
	name, price, qty string
	reason           string
	sent             bool
	fault            string
}

// loosePage takes goods back without a receipt. The money goes back in cash, and somebody with the right agrees.
type loosePage struct {
	*desk
	name, price, qty, reason *kit.Field
}

func newLoose(w *Window) page {
	p := &loosePage{}
	p.desk = newDesk(w, p.paint)
	l := &w.office.returns.loose
	p.name = kit.NewField(kit.FieldSpec{Label: w.Say("loose.name"), Limit: 60, OnChange: func(t string) { l.name = t }, OnEnter: func(string) { w.win.Canvas().Focus(p.price) }}, l.name)
	p.price = kit.NewField(kit.FieldSpec{Label: w.Say("loose.price"), Limit: 14, Amount: true, Accept: isPrice, OnChange: func(t string) { l.price = t }, OnEnter: func(string) { p.add() }}, l.price)
	p.qty = kit.NewField(kit.FieldSpec{Label: w.Say("loose.qty"), Limit: 8, Amount: true, Placeholder: "1", Accept: isEntry, OnChange: func(t string) { l.qty = t }, OnEnter: func(string) { p.add() }}, l.qty)
	p.reason = kit.NewField(kit.FieldSpec{Label: w.Say("returns.reason"), Limit: 120, OnChange: func(t string) { l.reason = t }, OnEnter: func(string) { p.redraw() }}, l.reason)
	return p
}

func (p *loosePage) state() *looseState { return &p.w.office.returns.loose }

// Title is part of page.
func (p *loosePage) Title() string { return p.w.Say("page.loose") }

// Show goes on to the result once the return was taken.
func (p *loosePage) Show(v till.View) {
	s := p.state()
	if d := v.Done; s.sent && d != nil && d.Return != nil && d.Return.Of == 0 {
		*s = looseState{}
		p.w.office.returns.seen = nil
		p.w.office.returns.sent = true
		p.w.Open(PageReturns)
		return
	}
	if v.Notice != nil && v.Notice.Kind == till.Refused && v.Approval == nil {
		s.sent = false
	}
	p.redraw()
}

// Leave forgets what was typed.
func (p *loosePage) Leave() {
	*p.state() = looseState{}
	p.desk.Leave()
}

// add takes what is typed as one line of goods.
func (p *loosePage) add() {
	w, s := p.w, p.state()
	price, err := w.Currency().ParsePrice(tidyNumber(s.price))
	qty := money.One
	if s.qty != "" {
		q, qErr := money.ParseQuantity(tidyNumber(s.qty))
		if qErr != nil || q <= 0 {
			err = qErr
			price = 0
		}
		qty = q
	}
	if err != nil || price <= 0 || s.name == "" {
		s.fault = w.Say("loose.fault")
		p.redraw()
		return
	}
	s.items = append(s.items, till.AddTyped{Name: s.name, Price: price, Qty: qty})
	s.name, s.price, s.qty, s.fault = "", "", "", ""
	for _, f := range []*kit.Field{p.name, p.price, p.qty} {
		f.SetText("")
	}
	p.focusNext = p.name
	p.redraw()
}

// Key takes the goods back.
func (p *loosePage) Key(e KeyEvent) bool {
	if e.Action == ActPay {
		p.do()
		return true
	}
	return p.desk.Key(e)
}

func (p *loosePage) do() {
	s := p.state()
	if len(s.items) > 0 && s.reason != "" && !s.sent {
		s.sent = true
		p.w.Do(till.TakeReturn{Items: s.items, Reason: s.reason})
	}
}

func (p *loosePage) value() money.Amount {
	var sum money.Amount
	for _, it := range p.state().items {
		gross, err := money.Gross(it.Price, it.Qty)
		if err != nil {
			return 0
		}
		tax, _ := p.w.view.Settings.Tax(it.Tax)
		_, added := tax.On(gross)
		sum += gross + added
	}
	return sum
}

func (p *loosePage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	add := kit.NewButton(kit.ButtonSpec{Icon: "plus", Label: w.Say("loose.add"), Key: "Enter", OnTap: p.add})
	fields := kit.Row(10, kit.Grow(2, p.name), kit.Grow(1, p.price), kit.Fixed(110, p.qty), kit.Col(0, kit.Space(), add))
	left := kit.Col(10, kit.Fixed(52, kit.Col(0, kit.NewBold(w.Say("page.loose"), 24, kit.Ink), kit.NewLabel(w.Say("loose.sub"), 15, kit.Ink3))), kit.NewCard(16, kit.Col(8, fields, kit.NewLabel(s.fault, 15, kit.Danger))))
	var rows []tableRow
	for i, it := range s.items {
		gross, _ := money.Gross(it.Price, it.Qty)
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(it.Name, 17, kit.Ink), text(Price(w.Currency(), it.Price)+" × "+it.Qty.String(), 16, kit.Ink2), strong(w.Money(gross), 18, kit.Ink).Trailing(),
			kit.Sized(48, 48, small("trash-2", func() { s.items = append(s.items[:i:i], s.items[i+1:]...); p.redraw() }))}, false, nil})
	}
	if len(rows) == 0 {
		left.Add(kit.Grow(1, kit.NewCard(20, empty("package", w.Say("loose.none"), w.Say("loose.none_body")))))
	} else {
		left.Add(kit.Grow(1, table([]column{{w.Say("loose.name"), 0, false}, {w.Say("loose.price"), 150, false}, {w.Say("office.amount"), 110, true}, {"", 48, true}}, 58, rows)))
	}
	value := w.view.Settings.CashRounding.Round(p.value())
	right := kit.Col(10, kit.Fixed(118, kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(14, 22, 14, 22, kit.Col(2, kit.NewLabel(w.Say("loose.cash"), 18, kit.OnTotal2), kit.NewMoney(w.Money(value), 54, kit.OnTotal))))),
		kit.NewCard(16, p.reason), kit.NewNote(wrapped(w.Say("loose.note"), 15, kit.Ink2)), kit.Space())
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Text: 24, Label: w.Say("returns.do", "amount", w.Money(value)), Key: "F9", OnTap: p.do})
	switch {
	case len(s.items) == 0:
		main.Off(w.Say("returns.why_none"))
	case s.reason == "":
		main.Off(w.Say("returns.why_reason"))
	}
	right.Add(main)
	return p.plain(kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(420, 330), right)))
}
