package ui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// sumRow is a line of a sum: what, and how much. One that opens something has a tap.
func sumRow(name, value string, bold bool, tap func()) fyne.CanvasObject {
	label, figure := kit.NewLabel(name, 16, kit.Ink2), kit.NewBold(value, 17, kit.Ink).Trailing()
	if bold {
		label = kit.NewBold(name, 17, kit.Ink)
	}
	row := kit.Row(10, kit.Middle(label), kit.Grow(1, kit.Middle(figure)))
	if tap == nil {
		return kit.Fixed(40, kit.Inset(0, 8, 0, 8, row))
	}
	t := kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusSmall}, kit.Inset(0, 8, 0, 8, row), tap)
	t.SetMin(100, 40)
	return kit.Fixed(40, t)
}

// less writes what is taken off.
func (w *Window) less(a money.Amount) string {
	if a == 0 {
		return w.Money(0)
	}
	return w.Money(-a)
}

// moneyView is how net came about, the taxes by rate with the rounding, which sum to net as well, and what was taken
// off or given up.
func (p *reportPage) moneyView() fyne.CanvasObject {
	w := p.w
	r := &p.state().report
	of := func(f till.FigureName) func() { return p.opens(till.Figure{Of: f}) }
	sums := kit.Col(0, kit.NewBold(w.Say("report.how_net"), 18, kit.Ink), kit.Gap(4),
		sumRow(w.Say("report.gross"), w.Money(r.Gross), false, of(till.FigureGross)), sumRow(w.Say("report.discounts"), w.less(r.Discounts), false, of(till.FigureDiscounts)),
		sumRow(w.Say("report.tax_added"), w.Money(r.TaxAdded), false, of(till.FigureTaxAdded)), sumRow(w.Say("returns.rounding"), w.Money(r.Rounding), false, of(till.FigureRounding)),
		sumRow(w.Say("report.refunds_title"), w.less(r.Refunds), false, of(till.FigureRefunds)), kit.Hairline(),
		sumRow(w.Say("report.net"), w.Money(r.Net()), true, of(till.FigureNet)), sumRow(w.Say("report.tax"), w.Money(r.Tax), false, of(till.FigureTax)), kit.Space())
	cols := []column{{w.Say("report.tax_class"), 0, false}, {w.Say("report.taxable"), p.pick(120, 104), true}, {w.Say("report.tax"), p.pick(110, 96), true}, {w.Say("report.tax_both"), p.pick(120, 104), true}}
	var rows []tableRow
	line := func(name string, taxable, tax, both string, tap func()) {
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(name, 16, kit.Ink), text(taxable, 16, kit.Ink2).Trailing(), text(tax, 16, kit.Ink2).Trailing(), strong(both, 16, kit.Ink).Trailing()}, false, tap})
	}
	for _, t := range r.Taxes {
		line(w.taxClass(t.Class), w.Money(t.Taxable), w.Money(t.Tax), w.Money(t.Taxable+t.Tax), p.opens(till.Figure{Of: till.FigureTax, Class: t.Class}))
	}
	line(w.Say("returns.rounding"), "", "", w.Money(r.Rounding), of(till.FigureRounding))
	line(w.Say("report.net"), "", w.Money(r.Tax), w.Money(r.Net()), of(till.FigureNet))
	off := kit.Col(0, kit.NewBold(w.Say("report.given_up"), 18, kit.Ink), kit.Gap(4),
		sumRow(w.Say("report.voids"), thousands(r.Voids), false, of(till.FigureVoids)), sumRow(w.Say("report.cancelled"), thousands(r.Cancelled), false, nil),
		sumRow(w.Say("report.post_voids"), thousands(r.PostVoids), false, of(till.FigurePostVoids)), kit.Space())
	unproven := kit.Col(0, kit.NewBold(w.Say("report.not_sure"), 18, kit.Ink), kit.Gap(4),
		sumRow(w.Say("report.unproven_sum", "n", thousands(r.Unverified)), w.Money(r.UnvAmount), false, of(till.FigureUnverified)),
		sumRow(w.Say("report.pending_sum", "n", thousands(r.Pending)), w.Money(r.PendAmount), false, nil), kit.Space())
	right := kit.Col(10, kit.Grow(1, table(cols, 46, rows)), kit.Fixed(180, kit.Row(10, kit.Grow(1, kit.NewCard(14, off)), kit.Grow(1, kit.NewCard(14, unproven)))))
	return kit.Row(12, kit.Grow(400, kit.NewCard(16, kit.NewScroll(sums))), kit.Grow(706, right))
}

// taxClass names a class of tax with its rate, and how it is taken.
func (w *Window) taxClass(c till.TaxClass) string {
	key := "report.tax_in"
	if c.Mode == till.TaxExclusive {
		key = "report.tax_on"
	}
	return w.Say(key, "class", c.Code, "rate", c.Rate.Percent())
}

// takenView is the tenders, in and out, and the drawers of the shifts: expected, counted and the difference.
func (p *reportPage) takenView() fyne.CanvasObject {
	w := p.w
	r := &p.state().report
	tenders, all, _ := p.byNet()
	cols := []column{{w.Say("report.tender"), 0, false}, {w.Say("report.times"), 64, true}, {w.Say("report.in"), p.pick(118, 100), true}, {w.Say("report.out"), p.pick(104, 92), true},
		{w.Say("report.kept"), p.pick(118, 104), true}, {w.Say("report.share"), 66, true}}
	if !p.narrow {
		cols = append(cols, column{w.Say("report.unproven_title"), 104, true})
	}
	var rows []tableRow
	var slices []kit.Slice
	colours := []kit.Colour{kit.Accent, kit.Chart, kit.Chart2, kit.Ink3, kit.ChartBad, kit.Ink2}
	for i, t := range tenders {
		net := t.Amount - t.Refunded
		c := colours[min(i, len(colours)-1)]
		slices = append(slices, kit.Slice{Value: float64(max(0, net)), Colour: kit.Pal().Of(c)})
		cells := []fyne.CanvasObject{kit.Row(8, kit.Middle(kit.Sized(12, 12, kit.NewBox(c))), kit.Middle(w.plateOf(t.Kind, 26)), kit.Grow(1, kit.Middle(text(w.tenderName(t.Kind), 16, kit.Ink)))),
			text(thousands(t.Count), 16, kit.Ink2).Trailing(), text(w.Money(t.Amount), 16, kit.Ink2).Trailing(), text(w.less(t.Refunded), 16, kit.Ink2).Trailing(),
			strong(w.Money(net), 16, kit.Ink).Trailing(), text(partOf(net, all)+"%", 16, kit.Ink2).Trailing()}
		if !p.narrow {
			unproven := "—"
			if t.Unverified != 0 {
				unproven = w.Money(t.Unverified)
			}
			cells = append(cells, text(unproven, 16, kit.Ink2).Trailing())
		}
		rows = append(rows, tableRow{cells, false, p.opens(till.Figure{Of: till.FigureTender, Key: string(t.Kind)})})
	}
	if len(rows) == 0 && len(r.Cash) == 0 {
		return kit.NewCard(20, empty("banknote", w.Say("report.no_tenders"), ""))
	}
	ring := kit.NewCard(14, kit.Col(8, kit.NewBold(w.Say("report.mix"), 18, kit.Ink), kit.Space(), kit.Row(0, kit.Space(), kit.NewRing(slices, p.pick(150, 120)), kit.Space()), kit.Space(),
		kit.NewLabel(w.Say("report.kept_all", "amount", w.Money(r.Net())), 15, kit.Ink2).Centred()))
	top, drawers := kit.Row(12, kit.Fixed(p.pick(230, 180), ring), kit.Grow(1, table(cols, 44, rows))), float32(214)
	if p.low { // the shares stand in the table
		top, drawers = kit.Row(0, kit.Grow(1, table(cols, 44, rows))), 132
	}
	return kit.Col(10, kit.Grow(1, top), kit.Fixed(drawers, p.drawersTable()))
}

// drawersTable lists the drawers of the shifts.
func (p *reportPage) drawersTable() fyne.CanvasObject {
	w := p.w
	r := &p.state().report
	cols := []column{{w.Say("report.cash"), 0, false}, {w.Say("report.float"), p.pick(104, 92), true}, {w.Say("report.paid_in"), p.pick(104, 88), true}, {w.Say("report.paid_out"), p.pick(104, 92), true},
		{w.Say("report.drops"), p.pick(104, 92), true}, {w.Say("shift.expected"), p.pick(110, 98), true}, {w.Say("shift.counted"), p.pick(110, 98), true}, {w.Say("shift.difference"), p.pick(100, 84), true}}
	var rows []tableRow
	for _, c := range r.Cash {
		expected, off, ink := w.Money(c.Expected), w.Say("report.open_shift"), kit.Ink3
		if c.Closed {
			off, ink = signed(w.Currency(), c.OverShort), kit.Accent
			if c.OverShort != 0 {
				ink = kit.Warn
			}
		} else if w.view.Settings.BlindCount {
			expected = "—" // blind until the drawer was counted
		}
		n := func(a money.Amount) fyne.CanvasObject { return text(w.Money(a), 16, kit.Ink2).Trailing() }
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(w.shiftName(c.Shift), 16, kit.Ink), n(c.Float), n(c.PaidIn + c.Loans), text(w.less(c.PaidOut), 16, kit.Ink2).Trailing(),
			text(w.less(c.Drops), 16, kit.Ink2).Trailing(), text(expected, 16, kit.Ink2).Trailing(), text(p.counted(c), 16, kit.Ink2).Trailing(), strong(off, 16, ink).Trailing()}, false,
			p.opens(till.Figure{Of: till.FigureTender, Key: string(till.Cash)})})
	}
	return table(cols, 44, rows)
}

// timesView is the hours, the days of the week and, of a range, its days.
func (p *reportPage) timesView() fyne.CanvasObject {
	w := p.w
	r := &p.state().report
	hours := make([]namedSum, len(r.Hours))
	for i, h := range r.Hours {
		hours[i] = namedSum{strconv.Itoa(h.Hour) + ":00", h.Count, h.Net, till.Figure{Of: till.FigureHour, N: h.Hour}}
	}
	var week []namedSum
	for _, d := range r.Weekdays() {
		week = append(week, namedSum{w.Say("weekday." + strconv.Itoa(int(d.Weekday))), d.Count, d.Net, till.OfWeekday(d.Weekday)})
	}
	right := kit.Col(10, kit.Grow(1, p.sumsTable(w.Say("report.hour_col"), hours)))
	if len(week) > 1 {
		right = kit.Col(10, kit.Grow(1, p.sumsTable(w.Say("report.hour_col"), hours)), kit.Grow(1, p.sumsTable(w.Say("report.weekday_col"), week)))
	}
	left := kit.Col(10, kit.Grow(1, p.hoursCard()))
	if r.From != r.To {
		left = kit.Col(10, kit.Grow(1, p.hoursCard()), kit.Grow(1, p.barsCard(w.Say("report.hours"), hours)))
		if len(week) > 1 {
			left.Add(kit.Grow(1, p.barsCard(w.Say("report.weekdays"), week)))
		}
	}
	return kit.Row(12, kit.Grow(640, left), kit.Grow(466, right))
}

// namedSum is a row of sums of one kind, and the figure that it is.
type namedSum struct {
	name   string
	count  int
	net    money.Amount
	figure till.Figure
}

func (p *reportPage) sumsTable(title string, sums []namedSum) fyne.CanvasObject {
	w := p.w
	var all money.Amount
	for _, s := range sums {
		all += max(0, s.net)
	}
	cols := []column{{title, 0, false}, {w.Say("report.count"), 64, true}, {w.Say("report.net"), 112, true}, {w.Say("report.share"), 62, true}}
	var rows []tableRow
	for _, s := range sums {
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(s.name, 16, kit.Ink), text(thousands(s.count), 16, kit.Ink2).Trailing(), strong(w.Money(s.net), 16, kit.Ink).Trailing(),
			text(partOf(s.net, all)+"%", 16, kit.Ink2).Trailing()}, false, p.opens(s.figure)})
	}
	return table(cols, 40, rows)
}

func (p *reportPage) barsCard(title string, sums []namedSum) fyne.CanvasObject {
	var peak money.Amount
	for _, s := range sums {
		peak = max(peak, s.net)
	}
	var bars []kit.Bar
	for _, s := range sums {
		b := kit.Bar{Label: s.name, Value: float64(s.net), Peak: s.net == peak && peak > 0}
		b.Label, _, _ = strings.Cut(s.name, ":")
		if b.Peak {
			b.Words = Round(p.w.Currency(), s.net)
		}
		bars = append(bars, b)
	}
	chart := kit.NewBarChart(bars, gridlines(p.w.Currency(), peak), false)
	chart.OnTap = func(i int) { p.open(sums[i].figure) }
	return kit.NewCard(0, kit.Inset(10, 16, 8, 16, kit.Col(4, cardHead(title, ""), kit.Grow(1, chart))))
}

// goodsView is what sold best, and the categories.
func (p *reportPage) goodsView() fyne.CanvasObject {
	w := p.w
	r := &p.state().report
	const most = 200 // more are in the export
	items := p.bestSellers()
	var all money.Amount
	for _, it := range items {
		all += max(0, it.Net)
	}
	var rows []tableRow
	for i, it := range items[:min(most, len(items))] {
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(strconv.Itoa(i+1), 15, kit.Ink3), text(w.ItemName(it.Name, w.englishOf(it)), 16, kit.Ink), text(it.Qty.String(), 16, kit.Ink2).Trailing(),
			strong(w.Money(it.Net), 16, kit.Ink).Trailing(), text(partOf(it.Net, all)+"%", 15, kit.Ink2).Trailing()}, false, p.opens(till.Figure{Of: till.FigureItem, Key: it.Code, Name: it.Name})})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("package", w.Say("report.no_sales"), ""))
	}
	goods := table([]column{{"", 32, false}, {w.Say("report.best"), 0, false}, {w.Say("report.qty"), 76, true}, {w.Say("report.net"), 112, true}, {w.Say("report.share"), 62, true}}, 40, rows)
	categories := slices.Clone(r.Categories)
	slices.SortStableFunc(categories, func(a, b till.CategoryRow) int { return cmp.Compare(b.Net, a.Net) })
	rows = nil
	for _, c := range categories {
		name := c.Name
		if name == "" {
			name = w.Say("report.no_category")
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(name, 16, kit.Ink), text(c.Qty.String(), 16, kit.Ink2).Trailing(), strong(w.Money(c.Net), 16, kit.Ink).Trailing(),
			text(partOf(c.Net, all)+"%", 15, kit.Ink2).Trailing()}, false, p.opens(till.Figure{Of: till.FigureCategory, Key: c.Name})})
	}
	kinds := table([]column{{w.Say("report.category"), 0, false}, {w.Say("report.qty"), 76, true}, {w.Say("report.net"), 112, true}, {w.Say("report.share"), 62, true}}, 40, rows)
	return kit.Row(12, kit.Grow(620, goods), kit.Grow(486, kinds))
}

// peopleView is the cashiers.
func (p *reportPage) peopleView() fyne.CanvasObject {
	w := p.w
	r := &p.state().report
	people := slices.Clone(r.Cashiers)
	slices.SortStableFunc(people, func(a, b till.CashierRow) int { return cmp.Compare(b.Net, a.Net) })
	cols := []column{{w.Say("office.cashier"), 0, false}, {w.Say("report.count"), 76, true}, {w.Say("report.average"), p.pick(120, 100), true}, {w.Say("report.discounts"), p.pick(120, 100), true},
		{w.Say("report.returns"), 84, true}, {w.Say("report.refunds_title"), p.pick(120, 100), true}, {w.Say("report.net"), p.pick(140, 112), true}}
	var rows []tableRow
	for _, c := range people {
		each := "—"
		if c.Sales > 0 {
			each = w.Money(money.Part(c.Net, 0, 1, money.Quantity(c.Sales)))
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(w.personName(c.Operator), 17, kit.Ink), text(thousands(c.Sales), 16, kit.Ink2).Trailing(), text(each, 16, kit.Ink2).Trailing(),
			text(w.Money(c.Discounts), 16, kit.Ink2).Trailing(), text(thousands(c.Returns), 16, kit.Ink2).Trailing(), text(w.Money(c.Refunds), 16, kit.Ink2).Trailing(),
			strong(w.Money(c.Net), 17, kit.Ink).Trailing()}, false, p.opens(till.Figure{Of: till.FigureCashier, Key: c.Operator})})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("users", w.Say("report.no_sales"), ""))
	}
	note := kit.Row(8, kit.NewIcon("info", 18, kit.Ink3), kit.Grow(1, wrapped(w.Say("report.people_note"), 14, kit.Ink3)))
	return kit.Col(10, kit.Grow(1, table(cols, 52, rows)), note)
}
