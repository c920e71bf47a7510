package ui

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// selling opens a shift over a journal in memory, with cash rounded to step.
func sellingShop(t *testing.T, step money.Amount) *tilltest.Runner {
	t.Helper()
	j := tilltest.New()
	j.Settings.CashRounding.Step = step
	j.Settings.Taxes = []till.TaxClass{{Code: "standard"}, {Code: "us", Rate: 88_750, Mode: till.TaxExclusive}}
	return tilltest.Start(t, j).Selling("1001")
}

func soldOf(t *testing.T, r *tilltest.Runner, receipt int) till.Sold {
	t.Helper()
	s, err := r.J.Sold(context.Background(), receipt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAReturnIsWorthWhatWasPaid(t *testing.T) {
	rows := []struct {
		name   string
		step   money.Amount
		ring   []till.Command
		choose func(*returnPlan)
		value  money.Amount
		gives  string
	}{
		{"one of two pieces is half of what was paid", 1,
			[]till.Command{till.Scan{Code: "6901234567892", Qty: 2000}, till.PayCash{Tendered: 5000}},
			func(p *returnPlan) { p.add(p.sold.Sale.Line(1), money.One) }, 1590, "cash 1590"},
		{"a discount on the sale comes off what goes back", 1,
			[]till.Command{till.Scan{Code: "6901234567892"}, till.Scan{Code: "6901234567908"}, till.DiscountSale{Discount: till.Discount{Percent: 100_000, Reason: "x"}}, till.PayCash{Tendered: 5000}},
			func(p *returnPlan) { p.toggle(p.sold.Sale.Line(1)) }, 1431, "cash 1431"},
		{"the first tender is filled first, cash takes the rest", 1,
			[]till.Command{till.Scan{Code: "6901234567892", Qty: 2000}, till.Pay{Kind: till.Card, Amount: 2000, Ref: "1"}, till.PayCash{}},
			func(p *returnPlan) { p.all() }, 3180, "card 2000 cash 1180"},
		{"only cash is rounded", 10,
			[]till.Command{till.Scan{Code: "301"}, till.Scan{Code: "301"}, till.Pay{Kind: till.Card, Amount: 500, Ref: "1"}, till.PayCash{}},
			func(p *returnPlan) { p.toggle(p.sold.Sale.Line(1)) }, 1089, "card 500 cash 590"},
		{"what was chosen by hand stays", 1,
			[]till.Command{till.Scan{Code: "6901234567892", Qty: 2000}, till.Pay{Kind: till.Card, Amount: 2000, Ref: "1"}, till.PayCash{}},
			func(p *returnPlan) {
				p.add(p.sold.Sale.Line(1), money.One)
				p.set(till.Card, 500)
				p.fill(till.Cash)
			}, 1590, "card 500 cash 1090"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := sellingShop(t, row.step).OK(row.ring...)
			p := newReturnPlan(soldOf(t, r, 1), r.Reg.View().Settings.CashRounding)
			row.choose(p)
			p.reason = "faulty"
			got := ""
			for _, x := range p.refunds() {
				if x.Amount != 0 {
					got += fmt.Sprintf(" %s %d", x.Kind, x.Amount)
				}
			}
			if p.value() != row.value || got != " "+row.gives {
				t.Fatalf("worth %d by%s, want %d by %s", p.value(), got, row.value, row.gives)
			}
			if !p.settled() {
				t.Fatal("the plan says it is not settled")
			}
			r.OK(p.command())
			ret := r.Reg.View().Done.Return
			if ret.Value != row.value || ret.Value-ret.Rounding != p.given() {
				t.Fatalf("the register returned %d, gave %d", ret.Value, ret.Value-ret.Rounding)
			}
		})
	}
}

func TestAPlanRefusesWhatTheRegisterWould(t *testing.T) {
	r := sellingShop(t, 1).OK(till.Scan{Code: "6901234567892", Qty: 2000}, till.Pay{Kind: till.Card, Amount: 2000, Ref: "1"}, till.PayCash{})
	p := newReturnPlan(soldOf(t, r, 1), r.Reg.View().Settings.CashRounding)
	if p.settled() {
		t.Error("nothing chosen counts as settled")
	}
	p.add(p.sold.Sale.Line(1), money.One)
	p.set(till.Card, 100)
	if p.settled() {
		t.Error("too little given back counts as settled")
	}
	p.set(till.Card, 2001)
	if !p.over(till.Card) || p.settled() {
		t.Error("more than the card paid counts as settled")
	}
	p.reason = "x"
	r.Refused(till.AboveRefundable, p.command())
	if p.add(p.sold.Sale.Line(1), 99*money.One); p.qty[1] != 2*money.One {
		t.Errorf("%s of two can come back", p.qty[1])
	}
}

// Whatever is bought, discounted and brought back in parts: a plan that says it is settled is taken, and what it
// shows is what the register did.
func TestEverySettledPlanIsTaken(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		j := tilltest.New()
		j.Settings.CashRounding.Step = rapid.SampledFrom([]money.Amount{1, 5, 10, 50}).Draw(rt, "step")
		j.Settings.Taxes = []till.TaxClass{{Code: "standard", Rate: 130_000}, {Code: "us", Rate: 88_750, Mode: till.TaxExclusive}}
		r := tilltest.Start(t, j).Selling("1001")
		defer r.Stop()
		codes := []string{"6901234567892", "6901234567908", "20001", "301"}
		for i := range rapid.IntRange(1, 5).Draw(rt, "lines") {
			code := rapid.SampledFrom(codes).Draw(rt, "code")
			q := money.Quantity(rapid.IntRange(1, 4).Draw(rt, "qty")) * money.One
			if code == "20001" {
				q = money.Quantity(rapid.IntRange(1, 3000).Draw(rt, "grams"))
			}
			r.OK(till.Scan{Code: code, Qty: q})
			if rapid.Bool().Draw(rt, "reduce") {
				r.OK(till.DiscountLine{Line: i + 1, Discount: till.Discount{Percent: money.Rate(rapid.IntRange(1, 99).Draw(rt, "percent")) * 10_000, Reason: "x"}})
			}
		}
		if due := r.Reg.View().Due; due > 100 && rapid.Bool().Draw(rt, "card") {
			r.OK(till.Pay{Kind: till.Card, Amount: money.Amount(rapid.Int64Range(1, int64(due)).Draw(rt, "by card")), Ref: "1"})
		}
		if v := r.Reg.View(); v.Sale != nil {
			if err := r.Do(till.PayCash{}); err != nil {
				rt.Skip("nothing due in cash")
			}
		}
		if v := r.Reg.View(); v.Done == nil || v.Done.Sale == nil {
			rt.Skip("not settled")
		}
		for range rapid.IntRange(1, 3).Draw(rt, "returns") {
			sold := soldOf(t, r, 1)
			p := newReturnPlan(sold, r.Reg.View().Settings.CashRounding)
			p.reason = "x"
			for i := range sold.Sale.Lines {
				l := &sold.Sale.Lines[i]
				if left := p.left(l); left > 0 {
					p.add(l, money.Quantity(rapid.Int64Range(0, int64(left)).Draw(rt, "back")))
				}
			}
			if !p.settled() {
				continue
			}
			value, given := p.value(), p.given()
			if err := r.Do(p.command()); err != nil {
				rt.Fatalf("a settled plan of %d by %+v was refused: %v", value, p.refunds(), err)
			}
			ret := r.Reg.View().Done.Return
			if ret.Value != value || ret.Value-ret.Rounding != given {
				rt.Fatalf("shown %d and %d, done %d and %d", value, given, ret.Value, ret.Value-ret.Rounding)
			}
		}
	})
}
