package ui

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// PageCompare puts two ranges of days beside each other.
const PageCompare PageName = "compare"

// A preset is a pair of ranges that owners ask about.
type preset string

// The presets, in their order. Before and after has a day that parts it, and custom has two ranges that are picked.
const (
	presetYesterday preset = "yesterday"
	presetWeekday   preset = "weekday"
	presetWeek      preset = "week"
	presetMonth     preset = "month"
	presetSplit     preset = "split"
	presetCustom    preset = "custom"
)

var presets = []preset{presetYesterday, presetWeekday, presetWeek, presetMonth, presetSplit, presetCustom}

// compareState is which ranges are compared.
type compareState struct {
	preset     preset
	aFrom, aTo till.BusinessDay
	bFrom, bTo till.BusinessDay
	split      till.BusinessDay
	a, b       till.Period
	began      map[till.TenderKind]till.BusinessDay
	have       bool
	failed     string
	note       string
	exporting  bool
	picking    int // 1 picks A, 2 picks B, 3 the day that parts them
	month      till.BusinessDay
	first      till.BusinessDay
}

// comparePage shows two ranges of days, what changed, and whether that is good for the shop.
type comparePage struct {
	*desk
}

func newCompare(w *Window) page {
	if w.ports.Office.Books == nil {
		return nil
	}
	p := &comparePage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *comparePage) state() *compareState { return &p.w.office.compare }

// Title is part of page.
func (p *comparePage) Title() string { return p.w.Say("report.compare_title") }

// Opened takes the days of the report as the first range.
func (p *comparePage) Opened(with any) {
	days, ok := with.([2]till.BusinessDay)
	if !ok {
		return
	}
	s := p.state()
	*s = compareState{preset: presetCustom, aFrom: days[0], aTo: days[1]}
	n := days[0].DaysTo(days[1]) + 1
	s.bFrom, s.bTo = days[0].Plus(-n), days[0].Plus(-1)
	if n <= 7 {
		s.bFrom, s.bTo = days[0].Plus(-7), days[1].Plus(-7)
	}
	if n == 1 && days[0] == p.w.today() {
		s.preset = presetWeekday
	}
}

// Show is part of page.
func (p *comparePage) Show(till.View) {
	s := p.state()
	if s.preset == "" {
		p.choose(presetWeek)
		return
	}
	if !s.have && p.waiting == "" && s.failed == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave lets the figures be asked for anew next time.
func (p *comparePage) Leave() {
	s := p.state()
	s.have, s.failed, s.note, s.picking, s.exporting = false, "", "", 0, false
	p.desk.Leave()
}

// ranges are the two ranges of a preset on a day: the first up to that day, the second as long as the first.
func (x preset) ranges(today till.BusinessDay) (aFrom, aTo, bFrom, bTo till.BusinessDay) {
	weekday := (int(dayTime(today).Weekday()) + 6) % 7
	switch x {
	case presetYesterday:
		return today.Plus(-1), today.Plus(-1), today.Plus(-2), today.Plus(-2)
	case presetWeekday:
		return today, today, today.Plus(-7), today.Plus(-7)
	case presetWeek:
		return today.Plus(-weekday), today, today.Plus(-weekday - 7), today.Plus(-7)
	case presetMonth:
		first := today/100*100 + 1
		before := first.Plus(-1)/100*100 + 1
		return first, today, before, min(before+today-first, first.Plus(-1))
	}
	return today, today, today.Plus(-7), today.Plus(-7)
}

// splitDays is how many days stand on either side of a day that parts before and after.
const splitDays = 28

// splitRanges are the days from a day on, and as many before it.
func splitRanges(day, today till.BusinessDay) (aFrom, aTo, bFrom, bTo till.BusinessDay) {
	to := min(day.Plus(splitDays-1), today)
	n := day.DaysTo(to) + 1
	return day, to, day.Plus(-n), day.Plus(-1)
}

// choose takes a preset.
func (p *comparePage) choose(x preset) {
	s := p.state()
	s.preset, s.have, s.note, s.picking, s.exporting, s.first = x, false, "", 0, false, 0
	today := p.w.today()
	switch x {
	case presetSplit:
		if s.split == 0 {
			s.picking, s.month = 3, today/100*100+1
			s.have = s.a.Report.From != 0
			p.loadBegan()
			return
		}
		s.aFrom, s.aTo, s.bFrom, s.bTo = splitRanges(s.split, today)
	case presetCustom:
		s.picking, s.month = 1, today/100*100+1
		s.have = true
		p.redraw()
		return
	default:
		s.aFrom, s.aTo, s.bFrom, s.bTo = x.ranges(today)
	}
	p.load()
}

func (p *comparePage) loadBegan() {
	s, books := p.state(), p.w.ports.Office.Books
	var began map[till.TenderKind]till.BusinessDay
	var err error
	p.ask("", func(ctx context.Context) { began, err = books.TendersBegan(ctx) }, func() {
		if err == nil {
			s.began = began
		}
	})
	p.redraw()
}

func (p *comparePage) load() {
	s, books := p.state(), p.w.ports.Office.Books
	aFrom, aTo, bFrom, bTo := s.aFrom, s.aTo, s.bFrom, s.bTo
	var a, b till.Period
	var err error
	p.ask(p.w.Say("report.loading", "day", p.w.rangeName(aFrom, aTo)), func(ctx context.Context) {
		for _, x := range []struct {
			into     *till.Period
			from, to till.BusinessDay
		}{{&a, aFrom, aTo}, {&b, bFrom, bTo}} {
			if x.into.Report, err = books.Report(ctx, x.from, x.to); err != nil {
				return
			}
			if x.into.Fees, err = books.Fees(ctx, x.from, x.to); err != nil {
				return
			}
		}
	}, func() {
		s.failed = ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.a, s.b, s.have = a, b, true
	})
}

// Key leaves what is picked before the page.
func (p *comparePage) Key(e KeyEvent) bool {
	s := p.state()
	if e.Action == ActBack && (s.picking != 0 || s.exporting) {
		s.picking, s.exporting = 0, false
		if s.a.Report.From == 0 {
			p.choose(presetWeek)
			return true
		}
		p.redraw()
		return true
	}
	return p.desk.Key(e)
}

func (p *comparePage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	var actions []fyne.CanvasObject
	for _, x := range presets {
		actions = append(actions, kit.NewChip("", w.Say("report.preset."+string(x)), s.preset == x, func() {
			if x == presetSplit {
				s.split = 0
			}
			p.choose(x)
		}))
	}
	export := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "download", Label: p.wide(w.Say("report.export")), OnTap: func() { s.exporting = !s.exporting; p.redraw() }})
	if p.narrow { // the chips have a line of their own
		chips := kit.Row(6, actions...)
		chips.Add(kit.Space())
		return p.office(PageReport, p.Title(), "", []fyne.CanvasObject{export}, kit.Col(10, kit.Fixed(44, chips), kit.Grow(1, p.body())))
	}
	return p.office(PageReport, p.Title(), "", append(actions, export), p.body())
}

func (p *comparePage) body() fyne.CanvasObject {
	w, s := p.w, p.state()
	switch {
	case s.failed != "":
		return kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("report.failed_body")))
	case s.picking != 0:
		return p.picker()
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
			p.export(ReportOf{What: "compare", From: s.aFrom, To: s.aTo, WithFrom: s.bFrom, WithTo: s.bTo}, format, func(note string) { s.note = note })
		}))
	}
	side := func(c kit.Colour, letter string, r *till.Report, pick int) fyne.CanvasObject {
		card := kit.Inset(8, 16, 8, 16, kit.Row(14, kit.Middle(kit.Sized(16, 16, kit.NewBox(c))),
			kit.Grow(1, kit.Middle(kit.Col(0, kit.NewLabel(letter, 14, kit.Ink3), kit.NewBold(w.rangeName(r.From, r.To), 17, kit.Ink)))), kit.Middle(kit.NewBold(w.Money(r.Net()), p.pick(24, 20), kit.Ink))))
		return kit.NewTap(kit.Style{Fill: kit.Surface, Edge: kit.Divider, Stroke: 1, Radius: kit.RadiusCard}, card, func() {
			s.preset, s.picking, s.first, s.month = presetCustom, pick, 0, r.To/100*100+1
			p.redraw()
		})
	}
	a, b := w.Say("report.side_a"), w.Say("report.side_b")
	if s.preset == presetSplit {
		a, b = w.Say("report.side_after"), w.Say("report.side_before")
	}
	out.Add(kit.Fixed(62, kit.Row(12, kit.Grow(1, side(kit.Accent, a, &s.a.Report, 1)), kit.Grow(1, side(kit.Chart2, b, &s.b.Report, 2)))))
	out.Add(kit.Grow(1, kit.Row(12, kit.Grow(p.pick(560, 400), p.chart()), kit.Grow(546, p.measures()))))
	words := w.Say("report.compare_note")
	if s.preset == presetSplit {
		words += " " + w.Say("report.conversion_note")
	}
	out.Add(kit.Row(8, kit.NewIcon("info", 18, kit.Ink3), kit.Grow(1, wrapped(words, 14, kit.Ink3))))
	return out
}

// chart draws the days of both ranges beside each other, or the hours where both are one day.
func (p *comparePage) chart() fyne.CanvasObject {
	w, s := p.w, p.state()
	a, b := &s.a.Report, &s.b.Report
	var bars []kit.Bar
	var peak money.Amount
	title := w.Say("report.days")
	if a.From == a.To && b.From == b.To {
		title = w.Say("report.hours")
		both := map[int][2]money.Amount{}
		var hours []int
		for i, r := range []*till.Report{a, b} {
			for _, h := range r.Hours {
				x := both[h.Hour]
				x[i] = h.Net
				both[h.Hour] = x
				if !slices.Contains(hours, h.Hour) {
					hours = append(hours, h.Hour)
				}
			}
		}
		slices.Sort(hours)
		for _, h := range hours {
			peak = max(peak, both[h][0], both[h][1])
			bars = append(bars, kit.Bar{Label: strconv.Itoa(h), Value: float64(both[h][0]), Compare: float64(both[h][1])})
		}
	} else {
		net := func(r *till.Report) map[till.BusinessDay]money.Amount {
			out := map[till.BusinessDay]money.Amount{}
			for _, d := range r.Days {
				out[d.Date] = d.Net
			}
			return out
		}
		na, nb := net(a), net(b)
		n := max(a.From.DaysTo(a.To), b.From.DaysTo(b.To)) + 1
		step := 1
		if n > 62 { // by weeks
			step, title = 7, w.Say("report.weeks")
		}
		for i := 0; i < n; i += step {
			var x, y money.Amount
			for j := range step {
				x += na[a.From.Plus(i+j)]
				y += nb[b.From.Plus(i+j)]
			}
			peak = max(peak, x, y)
			bars = append(bars, kit.Bar{Label: p.dayLabel(a.From.Plus(i), n), Value: float64(x), Compare: float64(y)})
		}
	}
	if peak == 0 {
		return kit.NewCard(16, kit.Col(4, cardHead(title, ""), kit.Grow(1, kit.Centre(kit.NewBold(w.Say("report.no_sales"), 18, kit.Ink2)))))
	}
	chart := kit.NewBarChart(bars, gridlines(w.Currency(), peak), true)
	return kit.NewCard(16, kit.Col(8, cardHead(title, ""), kit.Grow(1, chart)))
}

func (p *comparePage) dayLabel(d till.BusinessDay, n int) string {
	switch {
	case n <= 7:
		return p.w.Say("weekday." + strconv.Itoa(int(dayTime(d).Weekday())))
	case n <= 31:
		return strconv.Itoa(int(d) % 100)
	}
	return strconv.Itoa(int(d)/100%100) + "/" + strconv.Itoa(int(d)%100)
}

// measures are the figures of both ranges with the change: an arrow and a sign for its direction, a colour for whether
// it is good.
func (p *comparePage) measures() fyne.CanvasObject {
	w, s := p.w, p.state()
	cols := []column{{w.Say("report.measure"), 0, false}, {w.Say("report.a"), p.pick(128, 100), true}, {w.Say("report.b"), p.pick(118, 96), true}, {w.Say("report.change"), p.pick(112, 96), true}}
	var rows []tableRow
	show := func(m *till.Measure, n int64, known bool) string {
		switch {
		case !known:
			return "—"
		case m.Kind == till.MeasureMoney:
			return w.Money(money.Amount(n))
		case m.Kind == till.MeasureShare:
			return tenths((n+500)/1000) + "%"
		}
		return thousands(int(n))
	}
	for _, m := range till.Compare(&s.a, &s.b) {
		change, ink, icon := "—", kit.Ink3, ""
		if n, ok := m.Change(); ok {
			unit := "%"
			if m.Kind == till.MeasureShare {
				unit = " " + w.Say("report.points")
			}
			switch {
			case n > 0:
				change, icon = "+"+tenths(n)+unit, "trending-up"
			case n < 0:
				change, icon = Minus+tenths(-n)+unit, "trending-down"
			default:
				change = w.Say("report.level")
			}
			switch good := n * int64(m.Good); {
			case good > 0:
				ink = kit.Accent
			case good < 0:
				ink = kit.Warn
			}
		}
		last := kit.Row(4, kit.Space())
		if icon != "" {
			last.Add(kit.Middle(kit.NewIcon(icon, 16, ink)))
		}
		last.Add(kit.Middle(kit.NewBold(change, 15, ink)))
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(w.Say("report.measure."+m.Key), 16, kit.Ink), strong(show(&m, m.A, m.KnownA), 16, kit.Ink).Trailing(),
			text(show(&m, m.B, m.KnownB), 16, kit.Ink2).Trailing(), last}, false, nil})
	}
	return table(cols, 35, rows)
}

// picker takes a range by two taps, or the day that parts before and after.
func (p *comparePage) picker() fyne.CanvasObject {
	w, s := p.w, p.state()
	today := w.today()
	if s.month == 0 {
		s.month = today/100*100 + 1
	}
	quick := kit.Col(8)
	var from, to till.BusinessDay
	note := w.Say("report.pick_range", "side", map[int]string{1: w.Say("report.a"), 2: w.Say("report.b")}[s.picking])
	if s.picking == 3 {
		note = w.Say("report.pick_split")
		quick.Add(kit.NewBold(w.Say("report.split_quick"), 18, kit.Ink))
		kinds := make([]till.TenderKind, 0, len(s.began))
		for k := range s.began {
			if k.Family() != "cash" && k.Family() != "none" {
				kinds = append(kinds, k)
			}
		}
		slices.SortFunc(kinds, func(a, b till.TenderKind) int { return int(s.began[b]) - int(s.began[a]) })
		for _, k := range kinds[:min(len(kinds), 6)] {
			day := s.began[k]
			quick.Add(kit.NewChip("", w.Say("report.began", "name", w.tenderName(k), "day", w.shortDay(day)), s.split == day, func() {
				s.split = day
				p.choose(presetSplit)
			}))
		}
	} else {
		from, to = s.aFrom, s.aTo
		if s.picking == 2 {
			from, to = s.bFrom, s.bTo
		}
		quick.Add(kit.NewBold(note, 18, kit.Ink))
		note = w.Say("report.pick_one")
		if s.first != 0 {
			note = w.Say("report.pick_two", "day", w.dayName(s.first))
		}
	}
	quick.Add(kit.Space())
	cal := newCalendar(w, s.month, today, s.first, from, to, func(m till.BusinessDay) { s.month = m; p.redraw() }, func(d till.BusinessDay) {
		switch {
		case s.picking == 3:
			s.split = d
			p.choose(presetSplit)
			return
		case s.first == 0:
			s.first = d
			p.redraw()
			return
		}
		p.take(min(s.first, d), max(s.first, d))
	})
	foot := kit.Row(8, kit.Grow(1, kit.Middle(wrapped(note, 16, kit.Ink2))))
	if s.first != 0 {
		foot.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("report.only_day"), OnTap: func() { p.take(s.first, s.first) }}))
	}
	return kit.Row(12, kit.Fixed(p.pick(260, 230), kit.NewCard(16, quick)), kit.Grow(1, kit.NewCard(16, kit.Col(12, kit.Grow(1, cal), kit.Fixed(56, foot)))))
}

// take keeps a picked range; after the first the second is picked.
func (p *comparePage) take(from, to till.BusinessDay) {
	s := p.state()
	s.first = 0
	if s.picking == 1 {
		s.aFrom, s.aTo, s.picking = from, to, 2
		s.month = from.Plus(-1)/100*100 + 1
		p.redraw()
		return
	}
	s.bFrom, s.bTo, s.picking, s.have = from, to, 0, false
	p.load()
}

// shortDay is a day without its weekday.
func (w *Window) shortDay(d till.BusinessDay) string {
	t := dayTime(d)
	words := w.Say("day.short", "d", strconv.Itoa(t.Day()), "m", strconv.Itoa(int(t.Month())), "month", t.Month().String()[:3])
	if t.Year() != dayTime(w.today()).Year() {
		words = strconv.Itoa(t.Year()) + " " + words
	}
	return words
}
