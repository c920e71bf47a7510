package ui

import (
	"strings"

	"guitai/till/money"
)

// Weighing is what a scale says now, for the question of a weight.
type Weighing struct {
	Grams int    // that can be sold, 0 where none can
	State string // why none can, a word of the catalogue under ask.scale_
}

// SetWeighing shows what the scale says; nil where there is none.
func (w *Window) SetWeighing(x *Weighing) {
	if x == nil && w.weighing == nil || x != nil && w.weighing != nil && *x == *w.weighing {
		return
	}
	w.weighing = x
	if a := w.sell.asking; a != nil && a.kind == askWeight && w.at == PageSell {
		w.refreshPage()
	}
}

// perKilogram is how many thousandths of a unit a kilogram has.
var perKilogram = map[string]int64{
	"": 1000, "kg": 1000, "千克": 1000, "公斤": 1000, "斤": 2000, "市斤": 2000, "两": 20000, "g": 1000_000, "克": 1000_000,
}

// weighed is the quantity of a unit that the scale offers, 0 where it offers
// none or where the unit is no weight.
func (w *Window) weighed(unit string) money.Quantity {
	x := w.weighing
	per := perKilogram[strings.ToLower(strings.TrimSpace(unit))]
	if x == nil || x.Grams <= 0 || per == 0 {
		return 0
	}
	return money.Quantity(int64(x.Grams) * per / 1000)
}

// answeredWeight is the quantity that an Enter takes: what was typed, else what
// lies on the scale. fromScale is the grams of it where it is the scale's.
func (w *Window) answeredWeight(unit string) (q money.Quantity, fromScale int) {
	if w.entry.text == "" {
		if q = w.weighed(unit); q > 0 {
			return q, w.weighing.Grams
		}
		return 0, 0
	}
	q, err := money.ParseQuantity(tidyNumber(w.entry.text))
	if err != nil {
		return 0, 0
	}
	return q, 0
}

// weighWords are what the question of a weight says, and what stands in its
// box while nothing is typed.
func (w *Window) weighWords(unit string) (body, box string) {
	shown := unit
	if shown == "" {
		shown = "kg"
	}
	body = w.Say("ask.weight_body", "unit", shown)
	x := w.weighing
	switch {
	case x == nil || perKilogram[strings.ToLower(strings.TrimSpace(unit))] == 0:
		return body, ""
	case x.Grams > 0:
		return w.Say("ask.scale_ready"), Quantity(w.weighed(unit), true) + " " + shown
	}
	return w.Say("ask.scale_"+x.State, "unit", shown), ""
}
