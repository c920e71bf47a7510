package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// reportView is a part of the report of the same days.
type reportView string

// The views, in their order.
const (
	viewOverview reportView = "overview"
	viewMoney    reportView = "money"
	viewTaken    reportView = "taken"
	viewTimes    reportView = "times"
	viewGoods    reportView = "goods"
	viewPeople   reportView = "people"
	viewPaying   reportView = "paying"
)

var reportViews = []reportView{viewOverview, viewMoney, viewTaken, viewTimes, viewGoods, viewPeople, viewPaying}

// reportState is which days are reported on, and what came of it.
type reportState struct {
	from, to  till.BusinessDay
	view      reportView
	report    till.Report
	before    till.Report
	fees      till.Fees
	failures  []till.FailureCount
	have      bool
	next      int // the receipt number that was to come when the figures were asked for
	failed    string
	note      string // what an export said
	picking   bool
	exporting bool
	month     till.BusinessDay // shown in the calendar: its first day
	first     till.BusinessDay // of a range, once tapped
	zs        []ZLine
	showZs    bool
}

// reportPage answers how a day went: a sentence, the figures, each of which opens the receipts behind it, and the
// same days by time, tender, goods and people.
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

// Show is part of page. Figures of days that go on are asked for anew once the till did something.
func (p *reportPage) Show(v till.View) {
	s := p.state()
	if s.from == 0 {
		s.from, s.to, s.view = p.w.today(), p.w.today(), viewOverview
	}
	live := s.to >= p.w.today() && v.Next != s.next
	if (!s.have || live) && p.waiting == "" && s.failed == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave lets the figures be asked for anew next time.
func (p *reportPage) Leave() {
	s := p.state()
	s.have, s.failed, s.note, s.picking, s.exporting = false, "", "", false, false
	p.desk.Leave()
}

// earlier is the range that this one is compared with: the same weekday of the week before, or as many days before.
func (s *reportState) earlier() (from, to till.BusinessDay) {
	days := s.from.DaysTo(s.to) + 1
	if days <= 7 {
		return s.from.Plus(-7), s.to.Plus(-7)
	}
	return s.from.Plus(-days), s.from.Plus(-1)
}

func (p *reportPage) load() {
	s, books := p.state(), p.w.ports.Office.Books
	from, to := s.from, s.to
	s.next = p.w.view.Next
	bFrom, bTo := s.earlier()
	var now, before till.Report
	var fees till.Fees
	var failures []till.FailureCount
	var zs []ZLine
	var err error
	what := p.w.Say("report.loading", "day", p.w.rangeName(from, to))
	if s.have {
		what = "" // the figures from before stay until the new ones are there
	}
	p.ask(what, func(ctx context.Context) {
		if now, err = books.Report(ctx, from, to); err != nil {
			return
		}
		if before, err = books.Report(ctx, bFrom, bTo); err != nil {
			return
		}
		if fees, err = books.Fees(ctx, from, to); err != nil {
			return
		}
		if failures, err = books.Failures(ctx, from, to); err != nil {
			return
		}
		zs, err = books.Zs(ctx, 0, 60)
	}, func() {
		s.failed = ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.report, s.before, s.fees, s.failures, s.zs, s.have = now, before, fees, failures, zs, true
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
	s.from, s.to, s.have, s.note, s.picking, s.exporting, s.showZs = from, to, false, "", false, false, false
	p.load()
}

// look changes the view.
func (p *reportPage) look(v reportView) {
	s := p.state()
	s.view, s.picking, s.exporting, s.showZs, s.note = v, false, false, false, ""
	p.redraw()
}

// Key moves by days and prints.
func (p *reportPage) Key(e KeyEvent) bool {
	s := p.state()
	switch e.Action {
	case ActLeft:
		p.set(s.from.Plus(-1), s.to.Plus(-1))
	case ActRight:
		p.set(s.from.Plus(1), s.to.Plus(1))
	case ActPrint:
		p.print()
	case ActBack:
		switch {
		case s.picking || s.showZs || s.exporting:
			s.picking, s.showZs, s.exporting = false, false, false
			p.redraw()
		case s.view != viewOverview:
			p.look(viewOverview)
		default:
			return p.desk.Key(e)
		}
	default:
		return false
	}
	return true
}

// open shows the receipts behind a figure.
func (p *reportPage) open(f till.Figure) {
	p.w.OpenWith(PageHistory, FindSales{From: p.state().from, To: p.state().to, Figure: f})
}

// opens is open for a tap.
func (p *reportPage) opens(f till.Figure) func() { return func() { p.open(f) } }

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
		s.picking, s.showZs, s.exporting, s.first, s.month = !s.picking, false, false, 0, s.to/100*100+1
		p.redraw()
	}})
	actions := []fyne.CanvasObject{
		kit.NewIconButton(kit.PlainButton, kit.Small, "chevron-left", func() { p.set(s.from.Plus(-1), s.to.Plus(-1)) }), date,
		kit.NewIconButton(kit.PlainButton, kit.Small, "chevron-right", func() { p.set(s.from.Plus(1), s.to.Plus(1)) }),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "columns-2", Label: p.wide(w.Say("report.compare")), OnTap: func() { w.OpenWith(PageCompare, [2]till.BusinessDay{s.from, s.to}) }}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "printer", Label: p.wide(w.Say("report.print")), OnTap: p.print}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "download", Label: p.wide(w.Say("report.export")), OnTap: func() {
			s.exporting, s.picking, s.showZs = !s.exporting, false, false
			p.redraw()
		}}),
	}
	return p.office(PageReport, w.Say("page.report"), sub, actions, p.body())
}

// print prints the report of these days on the receipt printer.
func (p *reportPage) print() {
	s, books := p.state(), p.w.ports.Office.Books
	from, to := s.from, s.to
	var err error
	p.ask(p.w.Say("report.printing"), func(ctx context.Context) { err = books.PrintReport(ctx, from, to) }, func() {
		s.note = p.w.Say("report.printed", "day", p.w.rangeName(from, to))
		if err != nil {
			s.note = p.w.refusalWords(err)
		}
	})
}

// exportBar offers the files that a report can become.
func (d *desk) exportBar(pick func(format string)) fyne.CanvasObject {
	row := kit.Row(8, kit.Grow(1, kit.Middle(kit.NewLabel(d.w.Say("report.export_as"), 16, kit.Ink))))
	for _, f := range []struct{ format, label string }{{"pdf", "PDF"}, {"xlsx", "Excel"}, {"csv", "CSV"}, {"json", "JSON"}} {
		row.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: f.label, OnTap: func() { pick(f.format) }}))
	}
	return kit.NewNote(row)
}

// export writes a report as a file and says where it is.
func (d *desk) export(r ReportOf, format string, say func(note string)) {
	books := d.w.ports.Office.Books
	var path string
	var err error
	d.ask(d.w.Say("report.exporting"), func(ctx context.Context) { path, err = books.Export(ctx, r, format) }, func() {
		if err != nil {
			say(d.w.Say("report.export_failed"))
			return
		}
		say(d.w.Say("report.exported", "path", path))
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
	out := kit.Col(10)
	if s.note != "" {
		out.Add(kit.NewNote(kit.Row(10, kit.NewIcon("info", 20, kit.Ink2), kit.Grow(1, kit.Middle(wrapped(s.note, 16, kit.Ink))))))
	}
	if s.exporting {
		out.Add(p.exportBar(func(format string) {
			s.exporting = false
			p.export(ReportOf{What: "day", From: s.from, To: s.to}, format, func(note string) { s.note = note })
		}))
	}
	out.Add(p.tabs())
	switch s.view {
	case viewMoney:
		out.Add(kit.Grow(1, p.moneyView()))
	case viewTaken:
		out.Add(kit.Grow(1, p.takenView()))
	case viewTimes:
		out.Add(kit.Grow(1, p.timesView()))
	case viewGoods:
		out.Add(kit.Grow(1, p.goodsView()))
	case viewPeople:
		out.Add(kit.Grow(1, p.peopleView()))
	case viewPaying:
		out.Add(kit.Grow(1, p.payingView()))
	default:
		out.Add(kit.Grow(1, p.overview()))
	}
	return out
}

// tabs are the views, and on their right what else there is of the same days.
func (p *reportPage) tabs() fyne.CanvasObject {
	w, s := p.w, p.state()
	row := kit.Row(p.pick(6, 2))
	for _, v := range reportViews {
		ground, ink := kit.Clear, kit.Ink2
		if v == s.view {
			ground, ink = kit.Ink, kit.Surface
		}
		tab := kit.NewTap(kit.Style{Fill: ground, Radius: kit.RadiusField}, kit.Inset(0, p.pick(14, 9), 0, p.pick(14, 9), kit.NewBold(w.Say("report.view."+string(v)), p.pick(16, 15), ink).Centred()), func() { p.look(v) })
		tab.SetMin(44, 40)
		row.Add(tab)
	}
	row.Add(kit.Space())
	link := func(key string, tap func()) {
		t := kit.NewTap(kit.Style{Fill: kit.Clear, Radius: kit.RadiusField}, kit.Inset(0, 8, 0, 8, kit.Row(2, kit.Middle(kit.NewBold(w.Say(key), 16, kit.Accent)), kit.NewIcon("chevron-right", 18, kit.Accent))), tap)
		t.SetMin(44, 40)
		row.Add(t)
	}
	link("report.earnings", func() { w.OpenWith(PageEarnings, [2]till.BusinessDay{s.from, s.to}) })
	link("report.zs", func() { s.showZs = true; p.redraw() })
	return kit.Fixed(40, row)
}

// overview is the first page: the headline figures, the hours, the tenders, what failed and what sold best.
func (p *reportPage) overview() fyne.CanvasObject {
	foot := float32(156)
	if p.low {
		foot = 92
	}
	left := kit.Col(10, kit.Grow(1, p.hoursCard()), kit.Fixed(foot, p.failuresCard()))
	right := kit.Col(10, kit.Grow(1, p.tendersCard()), kit.Fixed(foot, p.itemsCard()))
	return kit.Col(10, kit.Fixed(96, p.figures()), kit.Grow(1, kit.Row(12, kit.Grow(636, left), kit.Grow(470, right))))
}

// figures are the headline numbers; each opens its receipts, or the view that has them.
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
	short := func(key string) string { // on a narrow window
		if p.narrow {
			return key + "_short"
		}
		return key
	}
	kind, line, icon := compare(r.Net(), b.Net())
	ink, words := kit.OnTotal2, w.Say("report.no_compare")
	if line != "" {
		words = w.Say(short("report.against"), "p", line)
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
	net := kit.NewTap(kit.Style{Fill: kit.Total, Radius: kit.RadiusCard, OnDark: true}, kit.Inset(8, 16, 8, 16, kit.Col(0, kit.NewLabel(w.Say("report.net"), 15, kit.OnTotal2), kit.Space(),
		kit.NewMoney(w.Money(r.Net()), p.pick(32, 26), kit.OnTotal), kit.Space(), compared)), p.opens(till.Figure{Of: till.FigureNet}))
	row := kit.Row(8, kit.Fixed(p.pick(236, 190), net))
	add := func(label, figure string, k kit.Kind, icon, line, lineIcon string, tap func()) {
		row.Add(kit.Grow(1, kit.NewFigure(label, figure, k, icon, line, lineIcon, tap)))
	}
	all := p.opens(till.Figure{Of: till.FigureNet})
	k, l, i := compare(money.Amount(r.Sales), money.Amount(b.Sales))
	add(w.Say("report.count"), thousands(r.Sales), k, "", l, i, all)
	k, l, i = compare(r.Average(), b.Average())
	add(w.Say(short("report.average")), w.Money(r.Average()), k, "", l, i, all)
	add(w.Say("report.refunds_title"), w.Money(r.Refunds), kit.Plain, "", w.words.count("report.refunds_n", strconv.Itoa(r.Returns)), "", p.opens(till.Figure{Of: till.FigureRefunds}))
	if fee, known := s.fees.Fee(); known {
		add(w.Say("report.fees"), w.Money(fee), kit.Plain, "", w.Say(short("report.fees_of"), "p", partOf(fee, p.notCash())), "", p.earnings)
	} else {
		add(w.Say("report.fees"), "—", kit.Plain, "", w.Say("report.fees_unknown"), "", p.earnings)
	}
	started, paid := r.Attempts()
	kind, icon = kit.Plain, ""
	failed := started - paid
	line = w.Say("report.failed_none")
	if started == 0 {
		line = w.Say("report.no_attempts")
	}
	if failed > 0 {
		kind, icon = kit.Bad, "circle-x"
		saved := 0
		for _, f := range s.failures {
			saved += f.Saved
		}
		line = w.Say(short("report.saved"), "n", strconv.Itoa(saved))
	}
	add(w.Say("report.failed_title"), thousands(failed), kind, icon, line, "", func() { p.look(viewPaying) })
	kind, icon = kit.Plain, ""
	if r.Unverified > 0 || r.Pending > 0 {
		kind, icon = kit.Caution, "triangle-alert"
	}
	line = w.Money(r.UnvAmount)
	if r.Pending > 0 {
		line = w.Say("report.pending_n", "n", strconv.Itoa(r.Pending))
	}
	add(w.Say("report.unproven_title"), thousands(r.Unverified), kind, icon, line, "", p.opens(till.Figure{Of: till.FigureUnverified}))
	return row
}

func (p *reportPage) earnings() {
	s := p.state()
	p.w.OpenWith(PageEarnings, [2]till.BusinessDay{s.from, s.to})
}

// notCash is what tenders with a provider behind them took.
func (p *reportPage) notCash() (sum money.Amount) {
	for _, t := range p.state().report.Tenders {
		if t.Kind != till.Cash {
			sum += t.Amount
		}
	}
	return sum
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
