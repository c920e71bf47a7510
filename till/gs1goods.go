package till

import (
	"context"
	"strings"
	"time"

	"guitai/till/money"
)

// weightParts are how many of a unit one kilogram is, as a fraction: those by
// which goods are sold and codes say weights. A pound is 0.45359237 kg.
var weightParts = map[string][2]int64{"lb": {100_000_000, 45_359_237}, "磅": {100_000_000, 45_359_237}, "oz": {1_600_000_000, 45_359_237}}

// inUnit returns how many of a unit one kilogram is; ok is false for one that
// nothing is weighed in.
func inUnit(unit string) (parts [2]int64, ok bool) {
	unit = strings.ToLower(unit)
	if n, ok := weightUnits[unit]; ok {
		return [2]int64{n, 1}, true
	}
	parts, ok = weightParts[unit]
	return parts, ok
}

// Weight returns the net weight, (310n) in kilograms or (320n) in pounds, in
// thousandths of unit, rounded half away from zero. ok is false where there is
// none, or where unit is none of weight.
func (g GS1) Weight(unit string) (q money.Quantity, ok bool) {
	parts, known := inUnit(unit)
	if !known {
		return 0, false
	}
	value, decimals, has := g.decimal("310")
	if !has {
		if value, decimals, has = g.decimal("320"); has {
			pound := weightParts["lb"]
			// Of a pound a unit is what it is of a kilogram, times the kilograms of one.
			parts[0], parts[1] = reduced(parts[0]*pound[1], parts[1]*pound[0])
		}
	}
	n, fits := barcodeScale(value, 0, 0)
	if !has || !fits {
		return 0, false
	}
	div := parts[1]
	for range decimals {
		div *= 10
	}
	thousandths, err := money.MulDiv(n*int64(money.One), parts[0], div, money.HalfAwayFromZero)
	return money.Quantity(thousandths), err == nil
}

// reduced takes a fraction to its lowest terms, so that it stays within range.
func reduced(a, b int64) (int64, int64) {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x, b / x
}

// Dated returns the date after which the goods must not be sold, or should not:
// use by (17) or (7003), else sell by (16), else best before (15). year is that
// of today.
func (g GS1) Dated(year int) (y, m, d int, ok bool) {
	for _, ai := range []string{"17", "7003", "16", "15"} {
		if value, has := g.Get(ai); has {
			return GS1Date(value[:6], year)
		}
	}
	return 0, 0, 0, false
}

// element reads a code as a GS1 element string and finds its goods by the number
// in (01); ok is false for a code that is none. What is not well formed is
// BadElement: nothing in it can be relied on.
func (r *Register) element(ctx context.Context, b Barcode) (f found, err error) {
	if b.GTIN == "" {
		return f, refuseWith(UnknownCode, b.Text)
	}
	forms := GTINForms(b.GTIN)
	for _, c := range forms {
		item, _, has, err := r.catalog.Lookup(ctx, c)
		if err != nil {
			return f, err
		}
		if has {
			return b.GS1.sells(item, b.GTIN, r.st.Settings.Currency)
		}
	}
	return f, refuseWith(UnknownCode, forms[0])
}

// sells returns what an element string sells of an item: by its weight where the
// item is sold by weight, else by its count (30), at the price it says where it
// says one. Goods by weight without one are LabelUnfit, as are those of varying
// measure (a number that begins with 9) that the catalogue sells by the piece.
func (g GS1) sells(it Item, gtin string, cur money.Currency) (found, error) {
	f := found{item: it, qty: money.One, list: it.Price, gs1: g}
	unit := it.Unit
	if it.Weighed && unit == "" {
		unit = "kg"
	}
	_, byWeight := inUnit(unit)
	weight, weighed := g.Weight(unit)
	_, _, pricedHere := g.decimal("392")
	_, _, pricedAbroad := g.decimal("393")
	amount, priced := g.Price(cur)
	if (pricedHere || pricedAbroad) && !priced {
		return f, refuseWith(BadPrice, gtin) // in another currency, or finer than this one
	}
	if weighed {
		f.qty = weight
	}
	if count, has := g.Get("30"); has && !byWeight {
		n, _ := barcodeScale(count, 0, 0)
		f.qty = money.Quantity(n) * money.One
	}
	_, _, kilograms := g.decimal("310")
	_, _, pounds := g.decimal("320")
	switch {
	case f.qty <= 0:
		return f, refuseWith(BadQuantity, "0")
	case priced:
		return f, f.pay(amount, weighed, byWeight)
	case byWeight && !weighed, !byWeight && gtin[0] == '9' && (kilograms || pounds):
		return f, refuseWith(LabelUnfit, gtin)
	}
	return f, nil
}

// expired returns the date of goods that is before the day of at, as
// YYYY-MM-DD; "" for goods that are in time or say nothing of it.
func (f found) expired(at time.Time, zone *time.Location) string {
	if len(f.gs1.Elements) == 0 {
		return ""
	}
	if zone != nil {
		at = at.In(zone)
	}
	y, m, d, ok := f.gs1.Dated(at.Year())
	if !ok {
		return ""
	}
	last := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if today := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC); last.Before(today) {
		return last.Format(time.DateOnly)
	}
	return ""
}
