package ui

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// overviewDays is how many days the overview shows.
const overviewDays = 31

// overview shows the days before today and their bills; a second tap closes it.
func (p *reconcilePage) overview() {
	s, bills := p.state(), p.w.ports.Office.Bills
	if s.part == billsDays {
		s.part = billsOfDay
		p.redraw()
		return
	}
	to := p.w.today()
	from := plusDays(to, -overviewDays)
	if s.day < from {
		from, to = plusDays(s.day, -overviewDays), plusDays(s.day, 1)
	}
	var got []BillSums
	var err error
	p.ask(p.w.Say("bills.reading"), func(ctx context.Context) { got, err = bills.Days(ctx, from, to) }, func() {
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.sums, s.month, s.part = got, to, billsDays
	})
}

// daysView is a row for each day with a column for each provider: what its bill has, and what is open.
func (p *reconcilePage) daysView() fyne.CanvasObject {
	w, s := p.w, p.state()
	var names []string
	for _, d := range s.days {
		names = append(names, d.Wallet)
	}
	for _, b := range s.sums {
		if !slices.Contains(names, b.Wallet) {
			names = append(names, b.Wallet)
		}
	}
	most := int(p.pick(5, 4))
	names = names[:min(len(names), most)]
	cols := []column{{w.Say("bills.col.day"), p.pick(190, 110), false}}
	for _, name := range names {
		cols = append(cols, column{p.provider(name), 0, true})
	}
	var rows []tableRow
	for day := s.month; day >= plusDays(s.month, -overviewDays); day = plusDays(day, -1) {
		label := w.dayName(day)
		if p.narrow {
			label = p.shortDay(day)
		}
		cells := []fyne.CanvasObject{strong(label, 16, kit.Ink)}
		for _, name := range names {
			cells = append(cells, p.dayCell(name, day))
		}
		rows = append(rows, tableRow{cells, day == s.day, func() { p.set(day) }})
	}
	return table(cols, 56, rows)
}

func (p *reconcilePage) dayCell(name string, day till.BusinessDay) fyne.CanvasObject {
	w := p.w
	for i := range p.state().sums {
		b := &p.state().sums[i]
		if b.Wallet != name || b.Day != day {
			continue
		}
		line, ink := w.Say("bills.day_fine", "n", thousands(b.Lines)), kit.Accent
		switch {
		case b.Open > 0:
			line, ink = w.words.count("bills.day_open", strconv.Itoa(b.Open), "amount", signed(b.Currency, b.Apart)), kit.Warn
		case !b.Final:
			line, ink = w.Say("bills.day_running"), kit.Ink3
		}
		return kit.Col(0, text(Money(b.Currency, b.Total), 16, kit.Ink).Trailing(), text(line, 14, ink).Trailing())
	}
	return text("—", 16, kit.Ink3).Trailing()
}
