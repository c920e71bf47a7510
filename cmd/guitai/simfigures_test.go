package main_test

import (
	"context"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// figures looks up the receipts behind every figure of every report, and fails
// where their parts do not sum to the figure.
func (w *world) figures(l *ledger.Ledger) {
	w.t.Helper()
	ctx := context.Background()
	whole, err := l.Report(ctx, 20200101, 20991231)
	if err != nil {
		w.t.Fatal(err)
	}
	spans := [][2]till.BusinessDay{{20200101, 20991231}}
	for _, d := range whole.Days {
		spans = append(spans, [2]till.BusinessDay{d.Date, d.Date})
	}
	for _, span := range spans {
		r, err := l.Report(ctx, span[0], span[1])
		if err != nil {
			w.t.Fatal(err)
		}
		is := func(f till.Figure, want money.Amount) {
			find := ledger.Find{Day: span[0], To: span[1], Figure: f}
			got, err := l.Parts(ctx, find)
			if err != nil {
				w.t.Fatalf("%+v: %v", f, err)
			}
			if got.Sum != want {
				w.t.Errorf("%d to %d: the receipts behind %+v sum to %d, the report says %d", span[0], span[1], f, got.Sum, want)
			}
			find.Limit = 500
			list, err := l.PastSales(ctx, find)
			if err != nil {
				w.t.Fatal(err)
			}
			var sum money.Amount
			for _, s := range list {
				sum += s.Part
			}
			if len(list) != got.Receipts || sum != want {
				w.t.Errorf("%d to %d: %d receipts behind %+v are listed with %d, want %d with %d", span[0], span[1], len(list), f, sum, got.Receipts, want)
			}
		}
		for f, want := range map[till.FigureName]money.Amount{
			till.FigureNet: r.Net(), till.FigureGross: r.Gross, till.FigureDiscounts: r.Discounts, till.FigureTaxAdded: r.TaxAdded, till.FigureRounding: r.Rounding,
			till.FigureRefunds: r.Refunds, till.FigureTax: r.Tax, till.FigureUnverified: r.UnvAmount,
		} {
			is(till.Figure{Of: f}, want)
		}
		if p, err := l.Parts(ctx, ledger.Find{Day: span[0], To: span[1], Figure: till.Figure{Of: till.FigurePostVoids}}); err != nil || p.Receipts != r.PostVoids {
			w.t.Errorf("%d to %d: %d sales undone stand behind the figure, %v, the report says %d", span[0], span[1], p.Receipts, err, r.PostVoids)
		}
		taxed := r.Rounding
		for _, t := range r.Taxes {
			is(till.Figure{Of: till.FigureTax, Class: t.Class}, t.Tax)
			taxed += t.Taxable + t.Tax
		}
		if taxed != r.Net() {
			w.t.Errorf("%d to %d: the rates and the rounding sum to %d, net is %d", span[0], span[1], taxed, r.Net())
		}
		for _, t := range r.Tenders {
			is(till.Figure{Of: till.FigureTender, Key: string(t.Kind)}, t.Amount-t.Refunded)
		}
		for _, i := range r.Items {
			is(till.Figure{Of: till.FigureItem, Key: i.Code, Name: i.Name}, i.Net)
		}
		for _, c := range r.Categories {
			is(till.Figure{Of: till.FigureCategory, Key: c.Name}, c.Net)
		}
		for _, c := range r.Cashiers {
			is(till.Figure{Of: till.FigureCashier, Key: c.Operator}, c.Net)
		}
		for _, h := range r.Hours {
			is(till.Figure{Of: till.FigureHour, N: h.Hour}, h.Net)
		}
		for _, d := range r.Weekdays() {
			is(till.OfWeekday(d.Weekday), d.Net)
		}
	}
}
