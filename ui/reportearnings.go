package ui

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// PageEarnings tells what tenders really earn: fees, arrivals, other providers' prices, tenders beside each other.
const PageEarnings PageName = "earnings"

// earningsView is a part of the earnings of the same days.
type earningsView string

// The views, in their order.
const (
	earnedTotals   earningsView = "totals"
	earnedArrivals earningsView = "arrivals"
	earnedWhatIf   earningsView = "what_if"
	earnedSide     earningsView = "side"
)

var earningsViews = []earningsView{earnedTotals, earnedArrivals, earnedWhatIf, earnedSide}

// earningsState is the days and what came of them.
type earningsState struct {
	from, to  till.BusinessDay
	view      earningsView
	fees      till.Fees
	side      till.SideBySide
	have      bool
	failed    string
	note      string
	picking   bool
	exporting bool
	month     till.BusinessDay
	first     till.BusinessDay
}

// earningsPage shows gross, fee and net of each tender, when it arrives, and whether another provider were cheaper.
type earningsPage struct {
	*desk
}

func newEarnings(w *Window) page {
	if w.ports.Office.Books == nil {
		return nil
	}
	p := &earningsPage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *earningsPage) state() *earningsState { return &p.w.office.earnings }

// Title is part of page.
func (p *earningsPage) Title() string { return p.w.Say("report.earnings_title") }

// Opened takes the days of the report.
func (p *earningsPage) Opened(with any) {
	if days, ok := with.([2]till.BusinessDay); ok {
		*p.state() = earningsState{from: days[0], to: days[1], view: p.state().view}
	}
}

// Show is part of page.
func (p *earningsPage) Show(till.View) {
	s := p.state()
	if s.from == 0 {
		s.from, s.to = p.w.today()/100*100+1, p.w.today()
	}
	if s.view == "" {
		s.view = earnedTotals
	}
	if !s.have && p.waiting == "" && s.failed == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave lets the figures be asked for anew next time.
func (p *earningsPage) Leave() {
	s := p.state()
	s.have, s.failed, s.note, s.picking, s.exporting = false, "", "", false, false
	p.desk.Leave()
}

func (p *earningsPage) load() {
	s, books := p.state(), p.w.ports.Office.Books
	from, to := s.from, s.to
	var fees till.Fees
	var side till.SideBySide
	var err error
	p.ask(p.w.Say("report.loading", "day", p.w.rangeName(from, to)), func(ctx context.Context) {
		if fees, err = books.Fees(ctx, from, to); err == nil {
			side, err = books.SideBySide(ctx, from, to)
		}
	}, func() {
		s.failed = ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.fees, s.side, s.have = fees, side, true
	})
}

func (p *earningsPage) set(from, to till.BusinessDay) {
	s := p.state()
	to = min(to, p.w.today())
	s.from, s.to, s.have, s.note, s.picking, s.exporting, s.first = min(from, to), to, false, "", false, false, 0
	p.load()
}

// Key leaves what is picked before the page.
func (p *earningsPage) Key(e KeyEvent) bool {
	s := p.state()
	if e.Action == ActBack && (s.picking || s.exporting) {
		s.picking, s.exporting = false, false
		p.redraw()
		return true
	}
	return p.desk.Key(e)
}

func (p *earningsPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	today := w.today()
	firstOf := today/100*100 + 1
	date := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "calendar", Label: w.rangeName(s.from, s.to), OnTap: func() {
		s.picking, s.exporting, s.first, s.month = !s.picking, false, 0, s.to/100*100+1
		p.redraw()
	}})
	chip := func(key string, from, to till.BusinessDay) fyne.CanvasObject {
		return kit.NewChip("", w.Say("report."+key), s.from == from && s.to == to, func() { p.set(from, to) })
	}
	actions := []fyne.CanvasObject{}
	if !p.narrow {
		actions = append(actions, chip("today", today, today))
	}
	actions = append(actions, chip("this_month", firstOf, today), chip("last_month", firstOf.Plus(-1)/100*100+1, firstOf.Plus(-1)), date,
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "download", Label: p.wide(w.Say("report.export")), OnTap: func() { s.exporting = !s.exporting; p.redraw() }}))
	return p.office(PageReport, p.Title(), "", actions, p.body())
}

func (p *earningsPage) body() fyne.CanvasObject {
	w, s := p.w, p.state()
	switch {
	case s.failed != "":
		return kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("report.failed_body")))
	case s.picking:
		cal := newCalendar(w, s.month, w.today(), s.first, s.from, s.to, func(m till.BusinessDay) { s.month = m; p.redraw() }, func(d till.BusinessDay) {
			if s.first == 0 {
				s.first = d
				p.redraw()
				return
			}
			p.set(min(s.first, d), max(s.first, d))
		})
		note := w.Say("report.pick_one")
		if s.first != 0 {
			note = w.Say("report.pick_two", "day", w.dayName(s.first))
		}
		return kit.NewCard(16, kit.Col(12, kit.Grow(1, cal), kit.Fixed(40, wrapped(note, 16, kit.Ink2))))
	case !s.have:
		return kit.Gap(0)
	}
	out := kit.Col(10)
	if s.note != "" {
		out.Add(kit.NewNote(kit.Row(10, kit.NewIcon("info", 20, kit.Ink2), kit.Grow(1, kit.Middle(wrapped(s.note, 16, kit.Ink))))))
	}
	if s.exporting {
		what := "fees"
		if s.view == earnedSide {
			what = "tenders"
		}
		out.Add(p.exportBar(func(format string) {
			s.exporting = false
			p.export(ReportOf{What: what, From: s.from, To: s.to}, format, func(note string) { s.note = note })
		}))
	}
	tabs := kit.Row(6)
	for _, v := range earningsViews {
		ground, ink := kit.Clear, kit.Ink2
		if v == s.view {
			ground, ink = kit.Ink, kit.Surface
		}
		tab := kit.NewTap(kit.Style{Fill: ground, Radius: kit.RadiusField}, kit.Inset(0, p.pick(14, 9), 0, p.pick(14, 9), kit.NewBold(w.Say("report.earned."+string(v)), 16, ink).Centred()), func() {
			s.view = v
			p.redraw()
		})
		tab.SetMin(44, 40)
		tabs.Add(tab)
	}
	tabs.Add(kit.Space())
	if w.canOpen(PageWallets) && w.may(till.MaySetUp) {
		t := kit.NewTap(kit.Style{Fill: kit.Clear, Radius: kit.RadiusField}, kit.Inset(0, 8, 0, 8, kit.Row(2, kit.Middle(kit.NewBold(w.Say("report.set_fees"), 16, kit.Accent)), kit.NewIcon("chevron-right", 18, kit.Accent))), func() { w.Open(PageWallets) })
		t.SetMin(44, 40)
		tabs.Add(t)
	}
	out.Add(kit.Fixed(40, tabs))
	var body fyne.CanvasObject
	note := ""
	switch s.view {
	case earnedArrivals:
		body, note = p.arrivals(), w.Say("report.arrivals_note")
	case earnedWhatIf:
		body, note = p.whatIf(), w.Say("report.what_if_note")
	case earnedSide:
		body, note = p.sideBySide(), w.Say("report.conversion_note")
	default:
		body, note = p.totals(), w.Say("report.proceeds_note")
	}
	out.Add(kit.Grow(1, body))
	out.Add(kit.Row(8, kit.NewIcon("info", 18, kit.Ink3), kit.Grow(1, wrapped(note, 14, kit.Ink3))))
	return out
}

// tenderCell is a tender's plate and name.
func (w *Window) tenderCell(k till.TenderKind) fyne.CanvasObject {
	return kit.Row(8, kit.Middle(w.plateOf(k, 26)), kit.Grow(1, kit.Middle(text(w.tenderName(k), 16, kit.Ink))))
}

func (w *Window) amountCell(a money.Amount) fyne.CanvasObject {
	return text(w.Money(a), 16, kit.Ink2).Trailing()
}

// totals is gross, fees and what is left of each tender.
func (p *earningsPage) totals() fyne.CanvasObject {
	w, s := p.w, p.state()
	wide := p.pick(104, 92)
	cols := []column{{w.Say("report.tender"), 0, false}, {w.Say("report.gross_tender"), p.pick(116, 104), true}, {w.Say("report.out"), wide, true}, {w.Say("report.fee"), p.pick(92, 84), true}}
	if !p.narrow {
		cols = append(cols, column{w.Say("report.fee_back"), 92, true}, column{w.Say("report.withdrawal"), 92, true}, column{w.Say("report.spread"), 104, true})
	} else {
		cols = append(cols, column{w.Say("report.other_costs"), 96, true})
	}
	cols = append(cols, column{w.Say("report.proceeds"), p.pick(120, 104), true}, column{w.Say("report.fee_share"), p.pick(70, 62), true})
	var rows []tableRow
	var all till.FeeTotal
	totals := slices.Clone(s.fees.Totals)
	slices.SortStableFunc(totals, func(a, b till.FeeTotal) int { return cmp.Compare(b.Proceeds(), a.Proceeds()) })
	line := func(first fyne.CanvasObject, t *till.FeeTotal, known bool, tap func()) {
		fee, part := w.Money(t.Fee), partOf(t.Fee, t.Gross)+"%"
		if !known {
			fee, part = w.Say("report.fee_unset"), "—"
		}
		cells := []fyne.CanvasObject{first, w.amountCell(t.Gross), text(w.less(t.Refunded), 16, kit.Ink2).Trailing(), text(fee, 16, kit.Ink2).Trailing()}
		if !p.narrow {
			cells = append(cells, w.amountCell(t.FeeBack), w.amountCell(t.Withdrawal), w.amountCell(t.Opening+t.Yearly))
		} else {
			cells = append(cells, w.amountCell(t.Withdrawal+t.Opening+t.Yearly-t.FeeBack))
		}
		rows = append(rows, tableRow{append(cells, strong(w.Money(t.Proceeds()), 16, kit.Ink).Trailing(), text(part, 15, kit.Ink2).Trailing()), false, tap})
	}
	for i := range totals {
		t := &totals[i]
		all.Gross += t.Gross
		all.Refunded += t.Refunded
		all.Fee += t.Fee
		all.FeeBack += t.FeeBack
		all.Withdrawal += t.Withdrawal
		all.Opening += t.Opening
		all.Yearly += t.Yearly
		figure := FindSales{From: s.from, To: s.to, Figure: till.Figure{Of: till.FigureTender, Key: string(t.Kind)}}
		line(w.tenderCell(t.Kind), t, t.Priced, func() { w.OpenWith(PageHistory, figure) })
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("coins", w.Say("report.no_tenders"), ""))
	}
	line(strong(w.Say("report.all"), 16, kit.Ink), &all, true, nil)
	return table(cols, 46, rows)
}

// arrivals is what arrives when.
func (p *earningsPage) arrivals() fyne.CanvasObject {
	w, s := p.w, p.state()
	cols := []column{{w.Say("report.arrives"), 170, false}, {w.Say("report.tender"), 0, false}, {w.Say("report.settled"), p.pick(140, 110), true}, {w.Say("report.withdrawal"), p.pick(120, 96), true}, {w.Say("report.in_hand"), p.pick(140, 110), true}}
	var rows []tableRow
	today := w.today()
	var due money.Amount
	for _, a := range s.fees.Arrivals {
		ink := kit.Ink3
		if a.Day > today {
			ink = kit.Ink
			due += a.Amount - a.Withdrawal
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(w.dayName(a.Day), 16, ink), w.tenderCell(a.Kind), w.amountCell(a.Amount), w.amountCell(a.Withdrawal), strong(w.Money(a.Amount-a.Withdrawal), 16, kit.Ink).Trailing()}, false, nil})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("calendar-days", w.Say("report.no_arrivals"), w.Say("report.no_arrivals_body")))
	}
	head := kit.NewNote(kit.Row(10, kit.NewIcon("clock", 20, kit.Ink2), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("report.to_come", "amount", w.Money(due)), 16, kit.Ink)))))
	return kit.Col(10, head, kit.Grow(1, table(cols, 44, rows)))
}

// whatIf prices the shop's own payments at the rules of each wallet.
func (p *earningsPage) whatIf() fyne.CanvasObject {
	w, s := p.w, p.state()
	cols := []column{{w.Say("report.payments_of"), 0, false}, {w.Say("report.at_rules"), p.pick(150, 120), false}, {w.Say("report.times"), 66, true}, {w.Say("report.gross_tender"), p.pick(120, 104), true}, {w.Say("report.fee"), p.pick(104, 88), true}}
	if !p.narrow {
		cols = append(cols, column{w.Say("report.yearly"), 96, true})
	}
	cols = append(cols, column{w.Say("report.left"), p.pick(120, 104), true}, column{w.Say("report.fee_share"), p.pick(72, 64), true})
	cheapest := map[till.TenderKind]money.Amount{}
	for i := range s.fees.WhatIf {
		x := &s.fees.WhatIf[i]
		if c, ok := cheapest[x.Kind]; !ok || x.Fee+x.Yearly < c {
			cheapest[x.Kind] = x.Fee + x.Yearly
		}
	}
	var rows []tableRow
	for i := range s.fees.WhatIf {
		x := &s.fees.WhatIf[i]
		first := fyne.CanvasObject(strong(w.Say("report.all"), 16, kit.Ink))
		if x.Kind != "" {
			first = w.tenderCell(x.Kind)
		}
		left := strong(w.Money(x.Gross-x.Fee-x.Yearly), 16, kit.Ink).Trailing()
		if x.Fee+x.Yearly == cheapest[x.Kind] {
			left = strong(w.Money(x.Gross-x.Fee-x.Yearly), 16, kit.Accent).Trailing()
		}
		cells := []fyne.CanvasObject{first, kit.Row(8, kit.Middle(w.walletPlate(x.Wallet, 24)), kit.Grow(1, kit.Middle(text(w.walletName(x.Wallet), 16, kit.Ink)))), text(thousands(x.Payments), 16, kit.Ink2).Trailing(), w.amountCell(x.Gross), w.amountCell(x.Fee)}
		if !p.narrow {
			cells = append(cells, w.amountCell(x.Yearly))
		}
		rows = append(rows, tableRow{append(cells, left, text(partOf(x.Fee, x.Gross)+"%", 15, kit.Ink2).Trailing()), false, nil})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("scale", w.Say("report.no_what_if"), w.Say("report.no_what_if_body")))
	}
	return table(cols, 44, rows)
}

// sideBySide compares the tenders: basket, time to pay, failures, refunds and fees.
func (p *earningsPage) sideBySide() fyne.CanvasObject {
	w, s := p.w, p.state()
	wide := p.pick(92, 84)
	cols := []column{{w.Say("report.tender"), 0, false}, {w.Say("report.count"), 64, true}, {w.Say("report.basket"), p.pick(110, 96), true}, {w.Say("report.to_pay"), 76, true}, {w.Say("report.conversion"), wide, true},
		{w.Say("report.failure_share"), wide, true}, {w.Say("report.refund_share"), wide, true}, {w.Say("report.fee_share"), wide, true}}
	if !p.narrow {
		cols = append(cols, column{w.Say("report.kept"), 120, true})
	}
	var rows []tableRow
	tenders := slices.Clone(s.side.Tenders)
	slices.SortStableFunc(tenders, func(a, b till.TenderSide) int { return cmp.Compare(b.Amount-b.Refunded, a.Amount-a.Refunded) })
	for i := range tenders {
		t := &tenders[i]
		took, fee, failed, refunded := "—", "—", "—", "—"
		if t.ToPay > 0 {
			took = w.Say("report.secs", "n", strconv.FormatFloat(t.ToPay.Seconds(), 'f', 1, 64))
		}
		if t.Priced && t.Amount > 0 {
			fee = partOf(t.Fee, t.Amount) + "%"
		}
		if t.Attempts > 0 {
			failed = shareOf(t.Attempts-t.Paid, t.Attempts)
		}
		if t.Amount > 0 {
			refunded = partOf(t.Refunded, t.Amount) + "%"
		}
		n := func(s string) fyne.CanvasObject { return text(s, 16, kit.Ink2).Trailing() }
		cells := []fyne.CanvasObject{w.tenderCell(t.Kind), n(thousands(t.Count)), n(w.Money(t.Basket())), n(took), n(shareOf(t.Paid, t.Attempts)), n(failed), n(refunded), n(fee)}
		if !p.narrow {
			cells = append(cells, strong(w.Money(t.Amount-t.Refunded), 16, kit.Ink).Trailing())
		}
		figure := FindSales{From: s.from, To: s.to, Figure: till.Figure{Of: till.FigureTender, Key: string(t.Kind)}}
		rows = append(rows, tableRow{cells, false, func() { w.OpenWith(PageHistory, figure) }})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("coins", w.Say("report.no_tenders"), ""))
	}
	return table(cols, 46, rows)
}
