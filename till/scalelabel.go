package till

import (
	"context"
	"strings"

	"guitai/till/money"
)

// found is what a code stands for: an item, how much of it, and what the
// catalogue asks where a scale's label asks something else.
type found struct {
	item Item
	qty  money.Quantity
	list money.UnitPrice // of the catalogue; item.Price is what is charged
	gs1  GS1             // of an element string: what else it says of the goods
}

// labelled reads a code as a label of the shop's scale; ok is false for one
// that is none. An item nobody has, and a weight of goods that are not sold by
// weight, are LabelUnfit.
func (r *Register) labelled(ctx context.Context, code string) (f found, ok bool, err error) {
	rules, err := ParseLabelRules(r.st.Settings.LabelRules)
	if err != nil || len(rules) == 0 {
		return f, false, nil // a table that cannot be read is as none
	}
	_, digits := cutAIM(code)
	b, err := BarcodeRules{Labels: rules}.Parse(digits)
	if err != nil || b.Kind != BarcodeLabel {
		return f, false, nil
	}
	for _, c := range b.LookupCodes() {
		item, _, has, err := r.catalog.Lookup(ctx, c)
		if err != nil {
			return f, true, err
		}
		if has {
			f, err = b.Label.sells(item)
			return f, true, err
		}
	}
	return f, true, refuseWith(LabelUnfit, b.Label.Item)
}

// weightUnits are the units that goods are weighed in, by how many of them one
// kilogram is. 斤 is half a kilogram (GB 3100-93, annex B).
var weightUnits = map[string]int64{"kg": 1, "公斤": 1, "千克": 1, "斤": 2, "市斤": 2, "500g": 2, "100g": 10, "g": 1000, "克": 1000}

// sells returns what a label sells of an item. The price on the label is what
// the customer pays: where weight and unit price come to another amount, the
// unit price follows the label.
func (l Label) sells(it Item) (found, error) {
	f := found{item: it, qty: money.One, list: it.Price}
	units, byWeight := weightUnits[strings.ToLower(it.Unit)]
	if it.Weighed && it.Unit == "" {
		units, byWeight = 1, true
	}
	if l.HasWeight && byWeight {
		f.qty = l.Weight * money.Quantity(units)
	}
	switch {
	case l.HasAmount:
		return f, f.pay(l.Amount, l.HasWeight && byWeight, byWeight)
	case !byWeight:
		return f, refuseWith(LabelUnfit, l.Item)
	case f.qty <= 0:
		return f, refuseWith(BadQuantity, "0")
	}
	return f, nil
}

// pay makes the line come to exactly amount. A weight that is not on the label
// follows from the price by weight.
func (f *found) pay(amount money.Amount, weighed, byWeight bool) error {
	if amount <= 0 {
		return refuse(BadPrice)
	}
	if !weighed && byWeight && f.list > 0 {
		if q, err := money.MulDiv(int64(amount.Price()), int64(money.One), int64(f.list), money.HalfAwayFromZero); err == nil {
			f.qty = money.Quantity(q)
		}
	}
	if gross, err := money.Gross(f.list, f.qty); err == nil && f.qty > 0 {
		if gross == amount {
			return nil
		}
		p, err := money.MulDiv(int64(amount.Price()), int64(money.One), int64(f.qty), money.HalfAwayFromZero)
		again, wrong := money.Gross(money.UnitPrice(p), f.qty)
		if err == nil && wrong == nil && again == amount {
			f.item.Price = money.UnitPrice(p)
			if (gross - amount).Abs() <= 1 {
				f.list = f.item.Price // the scale rounds otherwise, it asks nothing else
			}
			return nil
		}
	}
	f.qty, f.item.Price, f.item.Weighed = money.One, amount.Price(), false
	f.list = f.item.Price
	return nil
}
