package till_test

import (
	"testing"

	"pgregory.net/rapid"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// Random baskets, settled in random ways and taken back in random parts: the
// sums of the lines, of the sale, of the tenders and of the shift must agree,
// and a basket that comes back whole must leave nothing.
func TestRandomBasketsAgreeToTheCent(t *testing.T) {
	rapid.Check(t, func(p *rapid.T) {
		j := tilltest.New()
		j.Settings.Taxes = []till.TaxClass{
			{Code: "standard", Rate: 130_000}, {Code: "us", Rate: 88_750, Mode: till.TaxExclusive}, {Code: "none"},
		}
		j.Settings.CashRounding.Step = money.Amount(rapid.SampledFrom([]int64{1, 5, 10}).Draw(p, "step"))
		r := tilltest.Start(t, j).Selling("1001")
		defer r.Stop()
		for range rapid.IntRange(1, 4).Draw(p, "sales") {
			randomSale(p, r)
		}
		totals, taxes, err := j.Totals(t.Context(), 1)
		if err != nil {
			p.Fatal(err)
		}
		var paid, tax money.Amount
		for _, k := range totals.Tenders {
			paid += k.Amount - k.Refunded
			if k.Tendered-k.Change != k.Amount {
				p.Fatalf("%s: tendered %d less change %d is not the kept %d", k.Kind, k.Tendered, k.Change, k.Amount)
			}
		}
		for _, x := range taxes {
			tax += x.Tax
		}
		if paid != totals.Net() {
			p.Fatalf("tenders come to %d, net is %d", paid, totals.Net())
		}
		if tax != totals.Tax {
			p.Fatalf("tax by class %d, in all %d", tax, totals.Tax)
		}
	})
}

func randomSale(p *rapid.T, r *tilltest.Runner) {
	for range rapid.IntRange(1, 6).Draw(p, "lines") {
		r.OK(till.AddTyped{
			Name: "货", Price: money.UnitPrice(rapid.Int64Range(1, 50_000_00).Draw(p, "price")),
			Qty: money.Quantity(rapid.Int64Range(1, 5000).Draw(p, "qty")), Tax: rapid.SampledFrom([]string{"standard", "us", "none"}).Draw(p, "tax"),
		})
	}
	if n := rapid.IntRange(0, 3).Draw(p, "discounted"); n > 0 && n <= len(r.Reg.View().Sale.Lines) {
		r.OK(till.DiscountLine{Line: n, Discount: till.Discount{Percent: money.Rate(rapid.Int64Range(0, 1_000_000).Draw(p, "off")), Reason: "x"}})
	}
	if rapid.Bool().Draw(p, "sale discount") {
		r.OK(till.DiscountSale{Discount: till.Discount{Percent: money.Rate(rapid.Int64Range(0, 999_999).Draw(p, "sale off")), Reason: "x"}})
	}
	s := r.Reg.View().Sale
	var lines money.Amount
	for i := range s.Lines {
		lines += s.Lines[i].Paid()
	}
	if lines != s.Subtotal() {
		p.Fatalf("lines come to %d, the sale to %d", lines, s.Subtotal())
	}
	for r.Reg.View().Sale != nil {
		settleSome(p, r)
	}
	sale := r.Reg.View().Done.Sale
	if rapid.Bool().Draw(p, "comes back") {
		takeBack(p, r, sale)
	}
}

func settleSome(p *rapid.T, r *tilltest.Runner) {
	v := r.Reg.View()
	if v.Due == 0 && len(v.Sale.Tenders) == 0 {
		r.OK(till.Pay{Kind: till.NoTender})
		return
	}
	part := money.Amount(rapid.Int64Range(1, int64(v.Due)).Draw(p, "part"))
	if rapid.Bool().Draw(p, "card") {
		r.OK(till.Pay{Kind: till.Card, Amount: part, Ref: "1"})
		return
	}
	if part > v.CashDue {
		r.OK(till.PayCash{})
		return
	}
	r.OK(till.PayCash{Amount: part, Tendered: part + 100})
}

// takeBack returns every line in random parts and checks that all that was
// paid comes back, to the cent.
func takeBack(p *rapid.T, r *tilltest.Runner, sale *till.Sale) {
	left := map[int]money.Quantity{}
	for i := range sale.Lines {
		left[sale.Lines[i].N] = sale.Lines[i].Qty
	}
	var back, value money.Amount
	for len(left) > 0 {
		var lines []till.ReturnOf
		for n := 1; n <= sale.LastLine; n++ {
			q, ok := left[n]
			if !ok {
				continue
			}
			take := money.Quantity(rapid.Int64Range(1, int64(q)).Draw(p, "take"))
			lines = append(lines, till.ReturnOf{Line: n, Qty: take})
			if left[n] -= take; left[n] == 0 {
				delete(left, n)
			}
		}
		r.OK(till.TakeReturn{Receipt: sale.Receipt, Lines: lines, Reason: "x"})
		d := r.Reg.View().Done.Return
		value += d.Value
		for _, t := range d.Refunds {
			back += t.Amount
		}
	}
	if value != sale.Subtotal() {
		p.Fatalf("the returned lines are worth %d, the sale %d", value, sale.Subtotal())
	}
	if back != sale.Total() {
		p.Fatalf("%d came back of %d paid", back, sale.Total())
	}
}
