package ui

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// cases lists the payments that wait for somebody, with how long they have.
func (p *flagsPage) cases() fyne.CanvasObject {
	w, s := p.w, p.state()
	if len(s.cases) == 0 {
		return kit.NewCard(20, empty("circle-check-big", w.Say("flags.no_cases"), w.Say("flags.no_cases_body")))
	}
	cols := []column{{w.Say("flags.what"), 0, false}, {w.Say("office.who"), p.pick(110, 84), false}, {w.Say("flags.since"), p.pick(210, 150), false},
		{w.Say("office.amount"), 120, true}, {"", p.pick(150, 136), true}}
	var rows []tableRow
	for i := range s.cases {
		c := &s.cases[i]
		number := c.Attempt.Number
		if c.Refund != nil {
			number = c.Refund.Number
		}
		sub := number
		if c.Attempt.Receipt != 0 {
			sub = receiptNo(c.Attempt.Receipt) + " · " + number
		}
		open := func() { w.OpenWith(PageTray, number) }
		at := w.local(c.Since)
		rows = append(rows, tableRow{[]fyne.CanvasObject{
			kit.Row(10, kit.Middle(w.walletPlate(c.Attempt.Wallet, 32)), kit.Grow(1, kit.Middle(kit.Col(0, strong(w.Say("flags.case."+string(c.Kind)), 16, kit.Ink), text(sub, 14, kit.Ink3))))),
			text(w.personName(c.Attempt.Cashier), 15, kit.Ink2),
			kit.Col(0, strong(w.age(c.Since), 16, kit.Warn), text(w.dayName(till.DayOf(at, at.Location(), 0))+" "+Clock(at), 14, kit.Ink3)),
			strong(w.Money(c.Amount), 17, kit.Ink).Trailing(),
			kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: w.Say("flags.to_tray"), OnTap: open})}, false, open})
	}
	return table(cols, 66, rows)
}

// age says how long ago something was, roughly.
func (w *Window) age(at time.Time) string {
	d := w.ports.Now().Sub(at)
	switch {
	case d < time.Hour:
		return w.Say("flags.age.min", "n", strconv.Itoa(max(0, int(d/time.Minute))))
	case d < 48*time.Hour:
		return w.Say("flags.age.hour", "n", strconv.Itoa(int(d/time.Hour)))
	}
	return w.Say("flags.age.day", "n", strconv.Itoa(int(d/(24*time.Hour))))
}

// weather shows when payments through wallets failed, why, and at whose hands.
func (p *flagsPage) weather() fyne.CanvasObject {
	w, s := p.w, p.state()
	if len(s.fails) == 0 {
		return kit.NewCard(20, empty("sun", w.Say("flags.no_weather"), w.Say("flags.no_weather_body")))
	}
	var hours [24]int
	type why struct {
		wallet string
		reason till.Reason
	}
	reasons, people := map[why]int{}, map[string]int{}
	most := 0
	for _, f := range s.fails {
		hours[f.Hour%24] += f.Count
		most = max(most, hours[f.Hour%24])
		reasons[why{f.Wallet, f.Reason}] += f.Count
		people[f.Cashier] += f.Count
	}
	var bars []kit.Bar
	marked := false
	first, last := 24, 0
	for h, n := range hours {
		if n > 0 {
			first, last = min(first, h), max(last, h)
		}
	}
	for h := max(0, first-1); h <= min(23, last+1); h++ {
		b := kit.Bar{Label: strconv.Itoa(h), Value: float64(hours[h]), Peak: !marked && hours[h] == most}
		if b.Peak {
			b.Words, marked = strconv.Itoa(most), true
		}
		bars = append(bars, b)
	}
	step := max(1, (most+3)/4)
	var lines []kit.Gridline
	for v := step; v <= most; v += step {
		lines = append(lines, kit.Gridline{Value: float64(v), Words: strconv.Itoa(v)})
	}
	totals := kit.Col(2)
	for _, t := range s.wallets {
		if t.Mode != "test" {
			totals.Add(kit.Fixed(32, kit.Row(8, kit.Middle(w.walletPlate(t.Wallet, 24)), kit.Grow(1, kit.Middle(kit.NewLabel(
				w.Say("flags.weather_line", "name", w.walletName(t.Wallet), "paid", strconv.Itoa(t.Paid), "of", strconv.Itoa(t.Attempts)), 15, kit.Ink))))))
		}
	}
	left := kit.NewCard(16, kit.Col(8, cardHead(w.Say("flags.weather_hours"), ""), kit.Grow(1, kit.NewBarChart(bars, lines, false)), totals))
	causes := kit.Col(0)
	keys := slices.SortedFunc(maps.Keys(reasons), func(a, b why) int {
		return cmp.Or(cmp.Compare(reasons[b], reasons[a]), cmp.Compare(a.wallet, b.wallet), cmp.Compare(a.reason, b.reason))
	})
	for _, k := range keys {
		causes.Add(kit.Inset(4, 0, 4, 0, kit.Row(10, kit.Fixed(40, kit.NewBold(strconv.Itoa(reasons[k]), 16, kit.Ink).Trailing()), kit.Col(0, w.walletPlate(k.wallet, 24)),
			kit.Grow(1, wrapped(w.reasonWords("wallet.failed.", k.reason, "name", w.walletName(k.wallet)), 15, kit.Ink)))))
	}
	who := kit.Col(0)
	for _, code := range slices.SortedFunc(maps.Keys(people), func(a, b string) int { return cmp.Or(cmp.Compare(people[b], people[a]), cmp.Compare(a, b)) }) {
		who.Add(factLine(w.personName(code), thousands(people[code]), kit.Ink))
	}
	right := kit.Col(12, kit.Grow(3, kit.NewCard(16, kit.Col(6, cardHead(w.Say("flags.weather_why"), ""), kit.Grow(1, kit.NewScroll(causes))))),
		kit.Grow(2, kit.NewCard(16, kit.Col(6, cardHead(w.Say("flags.weather_who"), ""), kit.Grow(1, kit.NewScroll(who))))))
	return kit.Row(12, kit.Grow(6, left), kit.Grow(5, right))
}

// careAndFloat shows what nobody may have looked after, and the change that tomorrow needs.
func (p *flagsPage) careAndFloat() fyne.CanvasObject {
	w, s := p.w, p.state()
	left := kit.Col(4, cardHead(w.Say("flags.care.title"), ""))
	backup, ink := w.Say("flags.care.backup_never"), kit.Warn
	if at := s.care.BackupAt; !at.IsZero() {
		backup = w.age(at)
		if w.ports.Now().Sub(at) < copyStale {
			ink = kit.Ink
		}
	}
	number := func(n int) (string, kit.Colour) {
		if n == 0 {
			return w.Say("flags.care.none"), kit.Ink
		}
		return thousands(n), kit.Warn
	}
	left.Add(factLine(w.Say("flags.care.backup"), backup, ink))
	if ink == kit.Warn {
		left.Add(wrapped(w.Say("flags.care.backup_old"), 15, kit.Ink2))
	}
	words, ink := number(s.care.Slips)
	left.Add(factLine(w.Say("flags.care.slips"), words, ink))
	words, ink = number(s.care.Unanswered)
	left.Add(factLine(w.Say("flags.care.unsent"), words, ink))
	if daily := s.care.Daily; daily.Folder != "" {
		words, ink := w.Say("flags.care.daily_none"), kit.Ink
		if !daily.At.IsZero() {
			words = w.dayName(till.DayOf(daily.At, w.local(daily.At).Location(), 0)) + " " + Clock(w.local(daily.At))
		}
		if daily.Failed {
			words, ink = w.Say("flags.care.daily_failed"), kit.Warn
		}
		left.Add(factLine(w.Say("flags.care.daily"), words, ink))
		if daily.Failed {
			left.Add(wrapped(w.Say("flags.care.daily_failed_body", "folder", daily.Folder), 15, kit.Ink2))
		}
	}
	left.Add(kit.Space())
	if w.canOpen(PageCopies) && w.may(till.MayBackUp) {
		left.Add(kit.NewButton(kit.ButtonSpec{Icon: "save", Label: w.Say("page.copies"), OnTap: func() { w.Open(PageCopies) }}))
	}
	return kit.Row(12, kit.Grow(5, kit.NewCard(18, left)), kit.Grow(6, kit.NewCard(18, p.floatCard())))
}

func (p *flagsPage) floatCard() fyne.CanvasObject {
	w, f := p.w, &p.state().float
	head := cardHead(w.Say("flags.float.title"), w.dayName(f.For))
	if len(f.Pieces) == 0 {
		return kit.Col(4, head, kit.Grow(1, empty("coins", w.Say("flags.float.title"), w.Say("flags.float.none"))))
	}
	sub := w.Say("flags.float.sub_days", "n", strconv.Itoa(f.Days))
	if f.Same {
		sub = w.Say("flags.float.sub", "n", strconv.Itoa(f.Days), "weekday", w.Say("flags.weekday."+strconv.Itoa(int(dayTime(f.For).Weekday()))))
	}
	list := kit.Col(0)
	for _, c := range f.Pieces {
		have, state, ink := "", "", kit.Ink3
		if c.Counted {
			have, state, ink = w.Say("flags.float.have", "n", strconv.Itoa(c.Have)), w.Say("flags.float.enough"), kit.Accent
			if c.Have < c.Need {
				state, ink = w.Say("flags.float.short", "n", strconv.Itoa(c.Need-c.Have)), kit.Warn
			}
		}
		list.Add(kit.Fixed(36, kit.Row(10, kit.Fixed(90, kit.Middle(kit.NewBold(w.pieceName(c.Denomination), 16, kit.Ink))), kit.Grow(1, kit.Middle(kit.NewLabel(w.Say("flags.float.need", "n", strconv.Itoa(c.Need)), 16, kit.Ink))),
			kit.Grow(1, kit.Middle(kit.NewLabel(have, 15, kit.Ink2))), kit.Fixed(100, kit.Middle(kit.NewBold(state, 15, ink).Trailing())))))
	}
	return kit.Col(4, head, wrapped(sub, 15, kit.Ink2), kit.Grow(1, kit.NewScroll(list)), kit.NewBold(w.Say("flags.float.sum", "amount", w.Money(f.Total)), 17, kit.Ink).Trailing())
}
