package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// closeSide is the count of the drawer: blind until every row was gone through, where the shop wants that.
func (p *shiftPage) closeSide() fyne.CanvasObject {
	w, s := p.w, p.state()
	open := !p.blind() || s.revealed
	sub := w.Say("shift.close_sub")
	if p.blind() {
		sub = w.Say("shift.close_blind")
	}
	sum := kit.NewCard(0, kit.Inset(0, 18, 0, 18, kit.Row(8, kit.Middle(kit.NewBold(w.Say("shift.counted"), 18, kit.Ink)), kit.Grow(1, kit.Middle(kit.NewBold(w.Money(s.count.total()), 28, kit.Ink).Trailing())))))
	left := kit.Col(10, p.head(w.Say("shift.close_head"), sub), kit.Grow(1, p.countTable()), kit.Fixed(60, sum))
	right := kit.Col(10)
	if open {
		p.addSums(right)
	} else {
		p.addCounting(right)
	}
	return kit.Row(12, kit.Grow(50, left), kit.Grow(p.pick(83, 56), right))
}

// addCounting shows the keypad while the count is blind.
func (p *shiftPage) addCounting(right *fyne.Container) {
	w, v := p.w, p.w.view
	note := kit.Col(6, kit.Row(10, kit.NewIcon("eye-off", 24, kit.Ink2), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("shift.blind_title"), 18, kit.Ink)))), wrapped(w.Say("shift.blind_body"), 16, kit.Ink2))
	right.Add(kit.NewNote(note))
	if n := len(v.Parked); n > 0 {
		right.Add(kit.NewNote(kit.Row(10, kit.NewIcon("pause", 22, kit.Ink2), kit.Grow(1, kit.Middle(wrapped(w.words.count("shift.parked", strconv.Itoa(n)), 16, kit.Ink2))))))
	}
	if n, _, owner := w.openCases(); n+owner > 0 {
		right.Add(w.casesLine())
	}
	if v.Sale != nil && len(v.Sale.Tenders) > 0 {
		right.Add(kit.NewCallout(kit.Caution, 14, kit.Row(10, kit.NewIcon("triangle-alert", 22, kit.Warn), kit.Grow(1, wrapped(w.Say("refused.sale_has_tenders.title")+w.Say("refused.sale_has_tenders.body"), 16, kit.Ink)))))
	}
	right.Add(kit.Grow(1, kit.Centre(kit.Sized(p.pick(420, 360), p.pick(330, 300), p.countPad(0)))))
	right.Add(kit.Row(10, kit.Grow(1, p.printButton()), kit.Grow(p.pick(1.6, 1), kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Text: p.pick(22, 18), Label: w.Say("shift.reveal"), Key: "F9", OnTap: p.next}))))
}

// addSums shows what should be in the drawer, the variance and its reason, and what is no cash.
func (p *shiftPage) addSums(right *fyne.Container) {
	w, s := p.w, p.state()
	high := float32(234)
	if p.low {
		high = 184
	}
	right.Add(kit.Fixed(high, kit.Row(10, kit.Grow(1, p.expectedCard()), kit.Grow(1, p.varianceCard()))))
	if p.off() != 0 && s.loaded {
		chips := kit.Row(8)
		for _, key := range []string{"change", "rounding", "typo"} {
			words := w.Say("shift.reason." + key)
			chips.Add(kit.NewChip("", words, s.reason == words, func() {
				s.reason, s.words = words, ""
				p.field.SetText("")
				p.redraw()
			}))
		}
		chips.Add(kit.Grow(1, p.field))
		right.Add(kit.NewCard(14, kit.Col(8, kit.Row(8, kit.NewBold(w.Say("shift.reason"), 17, kit.Ink), kit.Grow(1, kit.NewLabel(w.Say("shift.reason_note"), 15, kit.Ink3).Trailing())), kit.Fixed(48, chips))))
	}
	if n, _, owner := w.openCases(); n+owner > 0 {
		right.Add(w.casesLine())
	}
	if p.low {
		right.Add(kit.Space())
	} else {
		right.Add(kit.Grow(1, p.otherCard()))
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Text: p.pick(22, 18), Label: w.Say("shift.close_button"), Key: "F9", OnTap: p.next})
	if p.off() != 0 && s.loaded && s.reason == "" {
		main.Off(w.Say("shift.reason_needed"))
	}
	again := kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "rotate-ccw", Text: p.pick(18, 16), Label: w.Say("shift.recount"), OnTap: p.recount})
	if p.narrow {
		right.Add(kit.Row(10, kit.Grow(1, again), kit.Grow(1.2, p.printButton())))
		right.Add(main)
		return
	}
	right.Add(kit.Row(10, kit.Grow(1, again), kit.Grow(1, p.printButton()), kit.Grow(1.5, main)))
}

// printButton prints the totals so far.
func (p *shiftPage) printButton() fyne.CanvasObject {
	return kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "printer", Text: p.pick(18, 16), Label: p.w.Say("shift.print_x"), Key: "F5", OnTap: func() { p.w.Do(till.PrintX{}) }})
}

func (p *shiftPage) expectedCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	t := &s.totals
	rows := kit.Col(0, kit.NewBold(w.Say("shift.expected_title"), 17, kit.Ink), kit.Gap(4))
	line := func(key, value string) {
		rows.Add(kit.Fixed(29, kit.Row(8, kit.Grow(1, kit.Middle(kit.NewLabel(w.Say(key), 16, kit.Ink2))), kit.Middle(kit.NewLabel(value, 16, kit.Ink)))))
	}
	line("shift.float", w.Money(t.Float))
	line("shift.cash_sales", w.Money(t.CashSales()))
	if in := t.PaidIn + t.Loans; in != 0 {
		line("shift.cash_in", w.Money(in))
	}
	if out := t.PaidOut + t.Drops; out != 0 {
		line("shift.cash_out", w.Money(-out))
	}
	rows.Add(kit.Space())
	rows.Add(kit.Hairline())
	rows.Add(kit.Fixed(36, kit.Row(8, kit.Grow(1, kit.Middle(kit.NewBold(w.Say("shift.expected"), 18, kit.Ink))), kit.Middle(kit.NewBold(w.Money(t.Expected()), 18, kit.Ink)))))
	return kit.NewCard(14, rows)
}

func (p *shiftPage) varianceCard() fyne.CanvasObject {
	w, off := p.w, p.off()
	kind, icon, ink, title := kit.Good, "circle-check", kit.Accent, w.Say("shift.exact")
	switch {
	case !p.state().loaded:
		kind, icon, ink, title = kit.Plain, "loader-circle", kit.Ink2, w.Say("shift.loading")
	case off < 0:
		kind, icon, ink, title = kit.Caution, "triangle-alert", kit.Warn, w.Say("shift.short")
	case off > 0:
		kind, icon, ink, title = kit.Caution, "triangle-alert", kit.Warn, w.Say("shift.over")
	}
	body := kit.Col(6, kit.Row(10, kit.NewIcon(icon, 26, ink), kit.Grow(1, kit.Middle(kit.NewBold(title, 18, ink)))))
	if p.state().loaded {
		body.Add(kit.NewMoney(signed(w.Currency(), off), p.pick(56, 40), ink))
	}
	body.Add(kit.Space())
	if off != 0 {
		body.Add(wrapped(w.Say("shift.off_note"), 15, kit.Ink))
	}
	return kit.NewCallout(kind, 16, body)
}

// otherCard lists what is not counted.
func (p *shiftPage) otherCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	body := kit.Col(4, kit.Row(8, kit.NewBold(w.Say("shift.other"), 17, kit.Ink), kit.Grow(1, kit.NewLabel(w.Say("shift.other_note"), 15, kit.Ink3).Trailing())))
	var cells []fyne.CanvasObject
	for _, t := range s.totals.Tenders {
		if t.Kind == till.Cash || t.Kind == till.NoTender {
			continue
		}
		cells = append(cells, kit.Row(10, kit.Middle(w.plateOf(t.Kind, 28)), kit.Grow(1, kit.Middle(kit.NewLabel(w.tenderName(t.Kind), 16, kit.Ink))),
			kit.Middle(kit.NewLabel(w.words.count("report.sales", strconv.Itoa(t.Count)), 15, kit.Ink3)), kit.Fixed(104, kit.Middle(kit.NewBold(w.Money(t.Amount-t.Refunded), 17, kit.Ink).Trailing()))))
	}
	if len(cells) == 0 {
		body.Add(kit.NewLabel(w.Say("shift.no_other"), 16, kit.Ink3))
	} else {
		body.Add(kit.Grow(1, kit.NewScroll(kit.Grid(int(p.pick(2, 1)), 8, 42, cells...))))
	}
	return kit.NewCard(14, body)
}

// resultSide shows the Z just made.
func (p *shiftPage) resultSide() fyne.CanvasObject {
	w, z, v := p.w, p.result(), p.w.view
	t := &z.Totals
	off := z.Counted - t.Expected()
	head := kit.Stack(kit.NewPanel(kit.Accent, kit.Clear, 0, kit.RadiusCard, kit.Gap(0)), kit.Inset(0, 30, 0, 30, kit.Row(20, kit.Middle(kit.NewIcon("circle-check-big", 64, kit.OnAccent)),
		kit.Grow(1, kit.Middle(kit.Col(2, kit.NewBold(w.Say("shift.closed", "n", strconv.Itoa(t.Shift)), 30, kit.OnAccent), kit.NewLabel(w.Say("shift.closed_sub", "z", strconv.Itoa(z.No)), 18, kit.OnAccent)))))))
	facts := kit.Col(0)
	add := func(name, value string, c kit.Colour) {
		facts.Add(factLine(name, value, c))
		facts.Add(kit.Hairline())
	}
	add(w.Say("report.count"), thousands(t.Sales), kit.Ink)
	add(w.Say("report.gross"), w.Money(t.Gross), kit.Ink)
	if t.Discounts != 0 {
		add(w.Say("report.discounts"), w.Money(-t.Discounts), kit.Ink)
	}
	if t.Refunds != 0 {
		add(w.words.count("report.refunds", strconv.Itoa(t.Returns)), w.Money(-t.Refunds), kit.Ink)
	}
	add(w.Say("shift.expected"), w.Money(t.Expected()), kit.Ink)
	add(w.Say("shift.counted"), w.Money(z.Counted), kit.Ink)
	ink := kit.Accent
	if off != 0 {
		ink = kit.Warn
	}
	add(w.Say("shift.difference"), signed(w.Currency(), off), ink)
	for _, tt := range t.Tenders {
		add(w.tenderName(tt.Kind)+" · "+w.words.count("report.sales", strconv.Itoa(tt.Count)), w.Money(tt.Amount-tt.Refunded), kit.Ink)
	}
	left := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Col(0, kit.Fixed(132, head), kit.Grow(1, kit.Inset(8, 30, 8, 30, kit.NewScroll(facts)))))
	net := kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(16, 22, 16, 22, kit.Col(4, kit.NewLabel(w.Say("report.net"), 18, kit.OnTotal2), kit.NewMoney(w.Money(t.Net()), p.pick(56, 44), kit.OnTotal),
		kit.NewLabel(w.Say("shift.grand", "amount", w.Money(z.GrandTotal)), 15, kit.OnTotal2))))
	right := kit.Col(10, net)
	if w.ports.Office.Books != nil {
		right.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "printer", Text: 18, Label: w.Say("shift.print_again"), Key: "F5", OnTap: p.printZ}))
	}
	if v.Operator != nil && v.Operator.Role == till.Owner && !v.DayClosed {
		right.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "calendar", Text: 18, Label: w.Say("shift.close_day"), OnTap: func() { w.Do(till.CloseDay{}) }}))
	}
	right.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Large, Icon: "lock", Text: 18, Label: w.Say("shift.sign_off"), Key: "F12", OnTap: func() { w.Do(till.SignOff{}) }}))
	right.Add(kit.Space())
	if v.DayClosed {
		right.Add(kit.NewNote(wrapped(w.Say("shift.day_closed"), 16, kit.Ink2)))
	} else {
		right.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Text: 24, Label: w.Say("shift.open_next"), Key: "Enter", OnTap: p.leaveResult}))
	}
	return kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(420, 340), right))
}
