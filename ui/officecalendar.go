package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// newCalendar draws a month, Monday first. Days after last cannot be tapped; mark, and from..to, are chosen.
func newCalendar(w *Window, month, last, mark, from, to till.BusinessDay, turn func(till.BusinessDay), pick func(till.BusinessDay)) fyne.CanvasObject {
	first := month/100*100 + 1
	next := plusDays(first, 31)/100*100 + 1
	title := w.Say("day.month", "y", strconv.Itoa(int(first)/10000), "m", strconv.Itoa(int(first)/100%100), "month", dayTime(first).Month().String())
	head := kit.Row(8, kit.NewIconButton(kit.PlainButton, kit.Small, "chevron-left", func() { turn(plusDays(first, -1)/100*100 + 1) }),
		kit.Grow(1, kit.Middle(kit.NewBold(title, 20, kit.Ink).Centred())))
	forward := kit.NewIconButton(kit.PlainButton, kit.Small, "chevron-right", func() { turn(next) })
	if next > last {
		forward.Off("")
	}
	head.Add(forward)
	names := kit.Grid(7, 6, 24)
	for i := range 7 {
		names.Add(kit.NewLabel(w.Say("weekday.short."+strconv.Itoa((i+1)%7)), 15, kit.Ink3).Centred())
	}
	days := kit.Grid(7, 6, 0)
	lead := (int(dayTime(first).Weekday()) + 6) % 7
	for range lead {
		days.Add(kit.Gap(1))
	}
	cells := lead
	for d := first; d < next; d = plusDays(d, 1) {
		cells++
		if d > last {
			days.Add(kit.Centre(kit.NewLabel(strconv.Itoa(int(d)%100), 18, kit.Ink3)))
			continue
		}
		fill, edge, ink := kit.Surface, kit.Divider, kit.Ink
		switch {
		case d == mark:
			fill, edge, ink = kit.Ink, kit.Clear, kit.Surface
		case mark == 0 && d >= from && d <= to:
			fill, edge = kit.AccentTint, kit.Accent
		case d == last:
			edge = kit.Outline
		}
		days.Add(kit.NewTap(kit.Style{Fill: fill, Edge: edge, Stroke: 1, Radius: kit.RadiusField}, kit.NewBold(strconv.Itoa(int(d)%100), 18, ink).Centred(), func() { pick(d) }))
	}
	for ; cells < 42; cells++ {
		days.Add(kit.Gap(1))
	}
	return kit.Col(10, kit.Fixed(48, head), names, kit.Grow(1, days))
}
