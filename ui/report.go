package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// reportState is which days are reported on, and what came of it.
type reportState struct {
	from, to till.BusinessDay
	report   till.Report
	before   till.Report
	have     bool
	failed   string
	note     string // what an export said
	picking  bool
	month    till.BusinessDay // shown in the calendar: its first day
	first    till.BusinessDay // of a range, once tapped
	zs       []ZLine
	showZs   bool
}

// reportPage answers how a day went: a sentence, the figures, each of which opens its sales, hours, tenders and items.
type reportPage struct {
	*desk
}

func newReport(w *Window) page {
	if w.ports.Office.Books == nil {
		return nil
	}
	p := &reportPage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *reportPage) state() *reportState { return &p.w.office.report }

// Title is part of page.
func (p *reportPage) Title() string { return p.w.Say("page.report") }

// Show is part of page.
func (p *reportPage) Show(till.View) {
	s := p.state()
	if s.from == 0 {
		s.from, s.to = p.w.today(), p.w.today()
	}
	if !s.have && p.waiting == "" && s.failed == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave lets the figures be asked for anew next time.
func (p *reportPage) Leave() {
	s := p.state()
	s.have, s.failed, s.note, s.picking = false, "", "", false
	p.desk.Leave()
}

// earlier is the range that this one is compared with: the same weekday of the week before, or as many days before.
func (s *reportState) earlier() (from, to till.BusinessDay) {
	days := 1
	for d := s.from; d < s.to && days < 400; d = plusDays(d, 1) {
		days++
	}
	if days <= 7 {
		return plusDays(s.from, -7), plusDays(s.to, -7)
	}
	return plusDays(s.from, -days), plusDays(s.from, -1)
}

func (p *reportPage) load() {
	s, books := p.state(), p.w.ports.Office.Books
	from, to := s.from, s.to
	bFrom, bTo := s.earlier()
	var now, before till.Report
	var zs []ZLine
	var err error
	what := p.w.Say("report.loading", "day", p.w.rangeName(from, to))
	p.ask(what, func(ctx context.Context) {
		if now, err = books.Report(ctx, from, to); err != nil {
			return
		}
		if before, err = books.Report(ctx, bFrom, bTo); err != nil {
			return
		}
		zs, err = books.Zs(ctx, 0, 60)
	}, func() {
		s.failed = ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.report, s.before, s.zs, s.have = now, before, zs, true
	})
}

func (p *reportPage) set(from, to till.BusinessDay) {
	s := p.state()
	today := p.w.today()
	if to > today {
		to = today
	}
	if from > to {
		from = to
	}
	s.from, s.to, s.have, s.note, s.picking, s.showZs = from, to, false, "", false, false
	p.load()
}

// Key moves by days.
func (p *reportPage) Key(e KeyEvent) bool {
	s := p.state()
	switch e.Action {
	case ActLeft:
		p.set(plusDays(s.from, -1), plusDays(s.to, -1))
	case ActRight:
		p.set(plusDays(s.from, 1), plusDays(s.to, 1))
	case ActPrint:
		p.w.Do(till.PrintX{})
	case ActBack:
		if !s.picking && !s.showZs {
			return p.desk.Key(e)
		}
		s.picking, s.showZs = false, false
		p.redraw()
	default:
		return false
	}
	return true
}

// open shows the sales behind a figure.
func (p *reportPage) open(f FindSales) {
	f.From, f.To = p.state().from, p.state().to
	p.w.OpenWith(PageHistory, f)
}

func (p *reportPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	running := w.view.Shift != nil && s.to >= w.view.Shift.Day
	sub := ""
	if s.have {
		before := &s.before
		if s.before.Sales == 0 {
			before = nil
		}
		sub = w.reportSentence(&s.report, before, running)
	}
	date := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "calendar", Label: w.rangeName(s.from, s.to), OnTap: func() {
		s.picking, s.showZs, s.first, s.month = !s.picking, false, 0, s.to/100*100+1
		p.redraw()
	}})
	actions := []fyne.CanvasObject{
		kit.NewIconButton(kit.PlainButton, kit.Small, "chevron-left", func() { p.set(plusDays(s.from, -1), plusDays(s.to, -1)) }), date,
		kit.NewIconButton(kit.PlainButton, kit.Small, "chevron-right", func() { p.set(plusDays(s.from, 1), plusDays(s.to, 1)) }),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "list", Label: p.wide(w.Say("report.zs")), OnTap: func() { s.showZs, s.picking = !s.showZs, false; p.redraw() }}),
	}
	if w.view.Shift != nil {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "printer", Label: p.wide(w.Say("report.print_x")), Key: "F5", OnTap: func() { w.Do(till.PrintX{}) }}))
	}
	actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "download", Label: "PDF", OnTap: func() { p.export("pdf") }}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: "CSV", OnTap: func() { p.export("csv") }}))
	return p.office(PageReport, w.Say("page.report"), sub, actions, p.body())
}

func (p *reportPage) export(format string) {
	s, books := p.state(), p.w.ports.Office.Books
	var path string
	var err error
	from, to := s.from, s.to
	p.ask(p.w.Say("report.exporting"), func(ctx context.Context) { path, err = books.Export(ctx, from, to, format) }, func() {
		if err != nil {
			s.note = p.w.Say("report.export_failed")
			return
		}
		s.note = p.w.Say("report.exported", "path", path)
	})
}

func (p *reportPage) body() fyne.CanvasObject {
	w, s := p.w, p.state()
	switch {
	case s.failed != "":
		return kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("report.failed_body")))
	case s.picking:
		return p.calendar()
	case s.showZs:
		return p.zList()
	case !s.have:
		return kit.Gap(0)
	}
	out := kit.Col(12)
	if s.note != "" {
		out.Add(kit.NewNote(kit.Row(10, kit.NewIcon("info", 20, kit.Ink2), kit.Grow(1, kit.Middle(wrapped(s.note, 16, kit.Ink))))))
	}
	out.Add(kit.Fixed(104, p.figures()))
	foot := p.pick(172, 168)
	if p.low {
		foot = 112
	}
	left := kit.Col(12, kit.Grow(1, p.hoursCard()), kit.Fixed(foot, p.cashCard()))
	right := kit.Col(12, kit.Grow(1, p.tendersCard()), kit.Fixed(foot, p.itemsCard()))
	out.Add(kit.Grow(1, kit.Row(12, kit.Grow(636, left), kit.Grow(470, right))))
	return out
}

// figures are the headline numbers; each opens its sales.
func (p *reportPage) figures() fyne.CanvasObject {
	w, s := p.w, p.state()
	r, b := &s.report, &s.before
	compare := func(now, then money.Amount) (kit.Kind, string, string) {
		if then <= 0 {
			return kit.Plain, "", ""
		}
		n := perMille(now, then)
		switch {
		case n > 4:
			return kit.Good, "+" + tenths(n) + "%", "trending-up"
		case n < -4:
			return kit.Caution, Minus + tenths(-n) + "%", "trending-down"
		}
		return kit.Plain, w.Say("report.level"), ""
	}
	kind, line, icon := compare(r.Net(), b.Net())
	ink, words := kit.OnTotal2, w.Say("report.no_compare")
	if line != "" {
		words = w.Say("report.against", "p", line)
		if kind == kit.Good {
			ink = kit.TotalOk
		} else if kind == kit.Caution {
			ink = kit.TotalWarn
		}
	}
	compared := kit.Row(6)
	if icon != "" {
		compared.Add(kit.NewIcon(icon, 16, ink))
	}
	compared.Add(kit.Grow(1, kit.NewLabel(words, 14, ink)))
	net := kit.NewTap(kit.Style{Fill: kit.Total, Radius: kit.RadiusCard, OnDark: true}, kit.Inset(10, 18, 10, 18, kit.Col(0, kit.NewLabel(w.Say("report.net"), 15, kit.OnTotal2), kit.Space(),
		kit.NewMoney(w.Money(r.Net()), p.pick(34, 28), kit.OnTotal), kit.Space(), compared)), func() { p.open(FindSales{}) })
	row := kit.Row(10, kit.Fixed(p.pick(248, 210), net))
	add := func(label, figure string, k kit.Kind, icon, line, lineIcon string, f FindSales) {
		row.Add(kit.Grow(1, kit.NewFigure(label, figure, k, icon, line, lineIcon, func() { p.open(f) })))
	}
	k, l, i := compare(money.Amount(r.Sales), money.Amount(b.Sales))
	add(w.Say("report.count"), thousands(r.Sales), k, "", l, i, FindSales{})
	k, l, i = compare(average(r), average(b))
	add(w.Say("report.average"), w.Money(average(r)), k, "", l, i, FindSales{})
	add(w.Say("report.refunds_title"), w.Money(r.Refunds), kit.Plain, "", w.words.count("report.refunds_n", strconv.Itoa(r.Returns)), "", FindSales{Refunds: true})
	add(w.Say("report.discounts"), w.Money(r.Discounts), kit.Plain, "", w.Say("report.discounts_of", "p", partOf(r.Discounts, r.Gross)), "", FindSales{Reduced: true})
	add(w.Say("report.tax"), w.Money(r.Tax), kit.Plain, "", p.taxLine(r), "", FindSales{})
	if !p.narrow || r.Unverified > 0 {
		kind, icon := kit.Plain, ""
		if r.Unverified > 0 {
			kind, icon = kit.Caution, "triangle-alert"
		}
		add(w.Say("report.unproven_title"), thousands(r.Unverified), kind, icon, w.Money(r.UnvAmount), "", FindSales{Unproven: true})
	}
	return row
}

func (p *reportPage) taxLine(r *till.Report) string {
	switch len(r.Taxes) {
	case 0:
		return ""
	case 1:
		return r.Taxes[0].Class.Rate.Percent() + "%"
	}
	return p.w.Say("report.tax_rates", "n", strconv.Itoa(len(r.Taxes)))
}

// partOf is a part of a whole in per cent with one decimal.
func partOf(part, whole money.Amount) string {
	if whole <= 0 {
		return "0.0"
	}
	n, err := money.MulDiv(int64(part), 1000, int64(whole), money.HalfAwayFromZero)
	if err != nil {
		return "0.0"
	}
	return tenths(max(n, 0))
}

func cardHead(title, note string) *fyne.Container {
	return kit.Row(8, kit.NewBold(title, 18, kit.Ink), kit.Grow(1, kit.Middle(kit.NewLabel(note, 14, kit.Ink3).Trailing())))
}
