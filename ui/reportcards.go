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

// hoursCard draws the hours of a day, or the days of a range.
func (p *reportPage) hoursCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	var bars []kit.Bar
	var peak money.Amount
	oneDay := s.from == s.to
	title := w.Say("report.days")
	if oneDay {
		title = w.Say("report.hours")
		before := map[int]money.Amount{}
		for _, h := range s.before.Hours {
			before[h.Hour] = h.Net
			peak = max(peak, h.Net)
		}
		best, _ := busiest(s.report.Hours)
		for _, h := range s.report.Hours {
			peak = max(peak, h.Net)
			b := kit.Bar{Label: strconv.Itoa(h.Hour), Value: float64(h.Net), Compare: float64(before[h.Hour]), Peak: h.Hour == best.Hour && best.Count > 0}
			if b.Peak {
				b.Words = Round(w.Currency(), h.Net)
			}
			bars = append(bars, b)
		}
	} else {
		for _, d := range s.report.Days {
			peak = max(peak, d.Net)
		}
		for _, d := range s.report.Days {
			b := kit.Bar{Label: w.barDay(d.Date, len(s.report.Days)), Value: float64(d.Net), Peak: d.Net == peak && peak > 0}
			if b.Peak {
				b.Words = Round(w.Currency(), d.Net)
			}
			bars = append(bars, b)
		}
	}
	head := cardHead(title, "")
	if oneDay && s.before.Sales > 0 {
		from, _ := s.earlier()
		head.Add(kit.Middle(kit.Sized(16, 3, kit.NewBox(kit.Ink))))
		head.Add(kit.Middle(kit.NewLabel(w.dayName(from), 14, kit.Ink2)))
	}
	if len(bars) == 0 {
		return kit.NewCard(16, kit.Col(4, head, kit.Grow(1, kit.Centre(kit.NewBold(w.Say("report.no_sales"), 18, kit.Ink2)))))
	}
	chart := kit.NewBarChart(bars, gridlines(w.Currency(), peak), false)
	chart.OnTap = func(i int) {
		if oneDay {
			p.open(till.Figure{Of: till.FigureHour, N: s.report.Hours[i].Hour})
			return
		}
		p.set(s.report.Days[i].Date, s.report.Days[i].Date)
	}
	return kit.NewCard(16, kit.Col(8, head, kit.Grow(1, chart)))
}

// barDay is what stands below the bar of a day: its number, or the month where there are more days than words fit.
func (w *Window) barDay(d till.BusinessDay, days int) string {
	switch {
	case days <= 31:
		return strconv.Itoa(int(d) % 100)
	case d%100 == 1:
		return w.Say("day.short", "d", "1", "m", strconv.Itoa(int(d)/100%100), "month", dayTime(d).Month().String()[:3])
	}
	return ""
}

// gridlines divides a height into at most four steps of 1, 2 or 5 times a power of ten.
func gridlines(c money.Currency, peak money.Amount) []kit.Gridline {
	step := c.Unit()
	for peak/step > 4 {
		for _, f := range []money.Amount{2, 5, 10} {
			if peak/(step*f) <= 4 || f == 10 {
				step *= f
				break
			}
		}
	}
	var out []kit.Gridline
	for v := step; v <= peak; v += step {
		out = append(out, kit.Gridline{Value: float64(v), Words: thousands(int(v / c.Unit()))})
	}
	return out
}

// byNet are the tenders of the report, the one that took most first.
func (p *reportPage) byNet() (tenders []till.TenderTotal, all, widest money.Amount) {
	tenders = slices.Clone(p.state().report.Tenders)
	slices.SortStableFunc(tenders, func(a, b till.TenderTotal) int { return cmp.Compare(b.Amount-b.Refunded, a.Amount-a.Refunded) })
	for _, t := range tenders {
		all += max(0, t.Amount-t.Refunded)
		widest = max(widest, t.Amount-t.Refunded)
	}
	return tenders, all, widest
}

// feeOf is what a tender of the report cost, in words.
func (p *reportPage) feeOf(k till.TenderKind) string {
	for i := range p.state().fees.Totals {
		if t := &p.state().fees.Totals[i]; t.Kind == k && t.Priced && k.Family() != "cash" && k.Family() != "none" {
			return p.w.Money(t.Fee - t.FeeBack)
		}
	}
	return "—"
}

// tendersCard lists how was paid, and what that cost; a row opens its receipts.
func (p *reportPage) tendersCard() fyne.CanvasObject {
	w := p.w
	col := kit.Col(0)
	tenders, all, widest := p.byNet()
	for _, t := range tenders {
		net := t.Amount - t.Refunded
		part := float32(0)
		if widest > 0 {
			part = float32(max(0, net)) / float32(widest)
		}
		row := kit.Row(8, kit.Middle(w.plateOf(t.Kind, 26)), kit.Fixed(p.pick(88, 84), kit.Middle(kit.NewLabel(w.tenderName(t.Kind), 15, kit.Ink))),
			kit.Grow(1, kit.Middle(kit.Fixed(14, kit.Sized(0, 14, kit.NewProgress(part, kit.Sunken, kit.Chart, 3))))),
			kit.Fixed(50, kit.Middle(kit.NewLabel(partOf(net, all)+"%", 14, kit.Ink2).Trailing())), kit.Fixed(92, kit.Middle(kit.NewBold(w.Money(net), 15, kit.Ink).Trailing())))
		if !p.narrow {
			row.Add(kit.Fixed(62, kit.Middle(kit.NewLabel(p.feeOf(t.Kind), 14, kit.Ink3).Trailing())))
		}
		tap := kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusSmall}, row, p.opens(till.Figure{Of: till.FigureTender, Key: string(t.Kind)}))
		tap.SetMin(100, 36)
		col.Add(tap)
	}
	if len(tenders) == 0 {
		return kit.NewCard(16, kit.Col(4, cardHead(w.Say("report.tenders"), ""), kit.Grow(1, kit.Centre(kit.NewBold(w.Say("report.no_tenders"), 18, kit.Ink2)))))
	}
	note := w.Say("report.after_refunds_fee")
	if p.narrow {
		note = w.Say("report.after_refunds")
	}
	return kit.NewCard(0, kit.Inset(12, 16, 8, 16, kit.Col(4, cardHead(w.Say("report.tenders"), note), kit.Grow(1, kit.NewScroll(col)))))
}

// englishOf is the English name of an item in a report. What was typed at the till has none in the catalogue.
func (w *Window) englishOf(it till.ItemRow) string {
	if it.NameEN == "" && it.Code == "" && it.Name == WordsOf("zh-Hans").Say("sell.typed_name") {
		return WordsOf("en").Say("sell.typed_name")
	}
	return it.NameEN
}

// bestSellers are the goods of the report, those with the highest net first.
func (p *reportPage) bestSellers() []till.ItemRow {
	items := slices.Clone(p.state().report.Items)
	slices.SortStableFunc(items, func(a, b till.ItemRow) int { return cmp.Compare(b.Net, a.Net) })
	return items
}

// itemsCard lists what sold best.
func (p *reportPage) itemsCard() fyne.CanvasObject {
	w := p.w
	items := p.bestSellers()
	col := kit.Col(0)
	best := 4
	if p.low {
		best = 2
	}
	for i, it := range items[:min(best, len(items))] {
		row := kit.Row(10, kit.Fixed(18, kit.Middle(kit.NewBold(strconv.Itoa(i+1), 15, kit.Ink3))), kit.Grow(1, kit.Middle(kit.NewLabel(w.ItemName(it.Name, w.englishOf(it)), 15, kit.Ink))),
			kit.Fixed(60, kit.Middle(kit.NewLabel(it.Qty.String(), 15, kit.Ink2).Trailing())), kit.Fixed(90, kit.Middle(kit.NewBold(w.Money(it.Net), 15, kit.Ink).Trailing())))
		tap := kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusSmall}, row, p.opens(till.Figure{Of: till.FigureItem, Key: it.Code, Name: it.Name}))
		tap.SetMin(100, 26)
		col.Add(kit.Fixed(26, tap))
	}
	return kit.NewCard(0, kit.Inset(10, 16, 10, 16, kit.Col(2, cardHead(w.Say("report.best"), w.Say("report.best_note")), kit.Grow(1, col))))
}

// failuresCard says why wallet payments were not paid, and what came of their sales.
func (p *reportPage) failuresCard() fyne.CanvasObject {
	w := p.w
	why := p.reasons()
	sum, most := 0, 0
	for _, r := range why {
		sum += r.Count
		most = max(most, r.Count)
	}
	link := kit.NewTap(kit.Style{Fill: kit.Clear, Radius: kit.RadiusSmall}, kit.Row(2, kit.Middle(kit.NewBold(w.Say("report.details"), 15, kit.Accent)), kit.NewIcon("chevron-right", 18, kit.Accent)), func() { p.look(viewPaying) })
	head := kit.Row(8, kit.NewBold(w.Say("report.failures", "n", strconv.Itoa(sum)), 18, kit.Ink), kit.Space(), link)
	col := kit.Col(0)
	rows := 4
	if p.low {
		rows = 1
	}
	for _, r := range why[:min(rows, len(why))] {
		col.Add(p.reasonRow(r, most, p.pick(150, 140), 26))
	}
	if len(why) == 0 {
		words := w.Say("report.failed_none")
		if started, _ := p.state().report.Attempts(); started == 0 {
			words = w.Say("report.no_attempts")
		}
		col.Add(kit.Grow(1, kit.Centre(kit.NewLabel(words, 16, kit.Ink2))))
	}
	return kit.NewCard(0, kit.Inset(10, 16, 10, 16, kit.Col(2, head, kit.Grow(1, col))))
}

func (p *reportPage) counted(c till.CashRow) string {
	if !c.Closed {
		return "—"
	}
	return p.w.Money(c.Counted)
}

// zList lists past Zs; one can be printed again.
func (p *reportPage) zList() fyne.CanvasObject {
	w, s := p.w, p.state()
	var rows []tableRow
	cols := []column{{"Z", 60, false}, {w.Say("shift.day"), 0, false}, {w.Say("report.shift"), 96, false}, {w.Say("office.who"), 110, false}, {w.Say("report.net"), 120, true},
		{w.Say("shift.difference"), 110, true}, {"", p.pick(150, 48), true}}
	for _, z := range s.zs {
		ink := kit.Accent
		if z.Close.OverShort != 0 {
			ink = kit.Warn
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{strong(strconv.Itoa(z.Z.No), 17, kit.Ink), text(w.dayName(z.Z.Totals.Day)+" "+Clock(w.local(z.At)), 16, kit.Ink2),
			text(w.shiftName(z.Z.Totals.Shift), 16, kit.Ink2), text(w.personName(z.Operator), 16, kit.Ink), strong(w.Money(z.Z.Totals.Net()), 17, kit.Ink).Trailing(),
			strong(signed(w.Currency(), z.Close.OverShort), 16, ink).Trailing(),
			kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "printer", Label: p.wide(w.Say("report.print_again")), OnTap: func() { p.printZ(z.Z.No) }})}, false, nil})
	}
	out := kit.Col(10)
	if s.note != "" {
		out.Add(kit.NewNote(wrapped(s.note, 16, kit.Ink)))
	}
	if len(rows) == 0 {
		out.Add(kit.Grow(1, kit.NewCard(20, empty("list", w.Say("report.no_z"), w.Say("report.no_z_body")))))
		return out
	}
	out.Add(kit.Grow(1, table(cols, 60, rows)))
	return out
}

func (p *reportPage) printZ(no int) {
	var err error
	p.ask(p.w.Say("report.printing"), func(ctx context.Context) { err = p.w.ports.Office.Books.PrintZ(ctx, no) }, func() {
		p.state().note = p.w.Say("report.z_printed", "n", strconv.Itoa(no))
		if err != nil {
			p.state().note = p.w.refusalWords(err)
		}
	})
}

// calendar picks a day, or a range by two taps.
func (p *reportPage) calendar() fyne.CanvasObject {
	w, s := p.w, p.state()
	quick := kit.Col(8, kit.NewBold(w.Say("report.pick"), 18, kit.Ink))
	today := w.today()
	weekday := (int(dayTime(today).Weekday()) + 6) % 7
	for _, q := range []struct {
		key      string
		from, to till.BusinessDay
	}{
		{"today", today, today}, {"yesterday", plusDays(today, -1), plusDays(today, -1)}, {"this_week", plusDays(today, -weekday), today},
		{"last_week", plusDays(today, -weekday-7), plusDays(today, -weekday-1)}, {"this_month", today/100*100 + 1, today},
		{"last_month", plusDays(today/100*100+1, -1)/100*100 + 1, plusDays(today/100*100+1, -1)},
	} {
		quick.Add(kit.NewChip("", w.Say("report."+q.key), s.from == q.from && s.to == q.to, func() { p.set(q.from, q.to) }))
	}
	cal := newCalendar(w, s.month, today, s.first, s.from, s.to, func(m till.BusinessDay) { s.month = m; p.redraw() }, func(d till.BusinessDay) {
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
	one := kit.Row(8, kit.Grow(1, kit.Middle(wrapped(note, 16, kit.Ink2))))
	if s.first != 0 {
		one.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("report.only_day"), OnTap: func() { p.set(s.first, s.first) }}))
	}
	return kit.Row(12, kit.Fixed(230, kit.NewCard(16, kit.Col(0, quick, kit.Space()))), kit.Grow(1, kit.NewCard(16, kit.Col(12, kit.Grow(1, cal), kit.Fixed(56, one)))))
}
