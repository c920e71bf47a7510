package ledger

import (
	"context"
	"slices"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// The rules that look at single sales and acts of the days asked about.

// A glimpse is one sale or return that a rule noticed.
type glimpse struct {
	rule    till.FlagRule
	seq     int64
	receipt int
	shift   int
	day     till.BusinessDay
	cashier string
	at      time.Time
	amount  money.Amount
}

const glimpseColumns = "s.seq, s.receipt, s.shift, s.day, s.operator, s.at_ms, s.total"

func scanGlimpse(rule till.FlagRule, s scanner) (glimpse, error) {
	g := glimpse{rule: rule}
	var ms int64
	err := s.Scan(&g.seq, &g.receipt, &g.shift, &g.day, &g.cashier, &ms, &g.amount)
	g.at = time.UnixMilli(ms)
	return g, err
}

func (f *flagFacts) glimpses(ctx context.Context, q rowQuerier, rule till.FlagRule, query string, args ...any) (out []glimpse, err error) {
	err = each(ctx, q, query, args, func(s scanner) error {
		g, err := scanGlimpse(rule, s)
		out = append(out, g)
		return err
	})
	return out, err
}

// gather makes flags of glimpses, one for each shift and cashier.
func gather(list []glimpse, err error) ([]till.Flag, error) {
	var g gathered
	for _, s := range list {
		x := g.of(s.rule, s.shift, s.day, s.cashier)
		x.Count++
		x.Amount += s.amount
		x.Receipts = append(x.Receipts, s.receipt)
	}
	return g.flags(), err
}

func (f *flagFacts) days() []any { return []any{int(f.from), int(f.to)} }

// flagRungCheaper: a line voided, and after it in the same sale the same item at a
// lower price. A sale with several such lines counts once.
func flagRungCheaper(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	least := f.settings.FlagLimit(till.FlagRungCheaper).Least
	flags, err := gather(f.glimpses(ctx, q, till.FlagRungCheaper, "SELECT "+glimpseColumns+` FROM sale s WHERE s.day BETWEEN ? AND ?
		AND EXISTS (SELECT 1 FROM sale_line v JOIN sale_line n ON n.sale = v.sale WHERE v.sale = s.seq AND v.voided = 1 AND n.voided = 0 AND n.n > v.n
			AND n.code = v.code AND n.name = v.name AND n.price < v.price) ORDER BY s.seq`, f.days()...))
	return slices.DeleteFunc(flags, func(x till.Flag) bool { return x.Count < least }), err
}

// flagGivenAway: goods for which discounts left nothing to pay.
func flagGivenAway(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	return gather(f.glimpses(ctx, q, till.FlagGivenAway, "SELECT s.seq, s.receipt, s.shift, s.day, s.operator, s.at_ms, s.discounts FROM sale s WHERE s.day BETWEEN ? AND ? AND s.gross > 0 AND s.discounts = s.gross ORDER BY s.seq", f.days()...))
}

func (f *flagFacts) farBelow(ctx context.Context, q rowQuerier, after int64) ([]glimpse, error) {
	share := int64(money.RateMax - f.settings.FlagLimit(till.FlagFarBelowPrice).Share)
	// What was paid for a line before tax, against its list price: prices have two
	// more digits than amounts, quantities three. A whole price discounted away is
	// another rule.
	return f.glimpses(ctx, q, till.FlagFarBelowPrice, "SELECT "+glimpseColumns+` FROM sale s WHERE s.day BETWEEN ? AND ? AND s.seq > ? AND s.discounts < s.gross
		AND EXISTS (SELECT 1 FROM sale_line n WHERE n.sale = s.seq AND n.voided = 0 AND n.list_price > 0
			AND (n.gross - n.discount) * 10 < (n.list_price / 100.0 * n.qty / 1000.0) * ? / 100000.0) ORDER BY s.seq`,
		int(f.from), int(f.to), after, share)
}

func flagFarBelow(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	return gather(f.farBelow(ctx, q, 0))
}

// sameAmounts are sales of one person that came to the same amount so many times
// within minutes, where that amount is not a usual one of the shop.
func (f *flagFacts) sameAmounts(ctx context.Context, q rowQuerier, after int64) ([]glimpse, error) {
	limit := f.settings.FlagLimit(till.FlagSameAmount)
	if limit.Least < 2 {
		return nil, nil
	}
	within := int64(limit.Minutes) * 60_000
	all, err := f.glimpses(ctx, q, till.FlagSameAmount, "SELECT "+glimpseColumns+" FROM sale s WHERE s.day BETWEEN ? AND ? AND s.total > 0 ORDER BY s.seq", f.days()...)
	if err != nil {
		return nil, err
	}
	type key struct {
		who    string
		amount money.Amount
	}
	last, hit := map[key][]glimpse{}, map[int64]bool{}
	for _, g := range all {
		k := key{g.cashier, g.amount}
		run := append(last[k], g)
		for len(run) > 0 && g.at.Sub(run[0].at).Milliseconds() > within {
			run = run[1:]
		}
		last[k] = run
		if len(run) >= limit.Least {
			for _, x := range run {
				hit[x.seq] = true
			}
		}
	}
	known := map[money.Amount]bool{}
	sales := 0
	if err := q.QueryRowContext(ctx, "SELECT ifnull(sum(sales), 0) FROM shift_sum WHERE day BETWEEN ? AND ?", int(f.since), int(f.to.Plus(-1))).Scan(&sales); err != nil {
		return nil, err
	}
	var out []glimpse
	for _, g := range all {
		if !hit[g.seq] || g.seq <= after {
			continue
		}
		usual, ok := known[g.amount]
		if !ok {
			// Those of the run itself are no evidence that the amount is usual.
			n := 0
			if err := q.QueryRowContext(ctx, "SELECT count(*) FROM sale WHERE day BETWEEN ? AND ? AND total = ?", int(f.since), int(f.to.Plus(-1)), int64(g.amount)).Scan(&n); err != nil {
				return nil, err
			}
			usual = int64(n)*int64(money.RateMax) > int64(sales)*int64(limit.Share)
			known[g.amount] = usual
		}
		if !usual {
			out = append(out, g)
		}
	}
	return out, nil
}

func flagSameAmount(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	return gather(f.sameAmounts(ctx, q, 0))
}

// flagAfterHours: sales, returns and drawer openings outside the opening hours.
func flagAfterHours(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	list, err := f.afterHours(ctx, q, 0)
	if err != nil {
		return nil, err
	}
	var g gathered
	for _, s := range list {
		x := g.of(s.rule, s.shift, s.day, s.cashier)
		x.Count++
		x.Amount += s.amount
		if s.receipt != 0 {
			x.Receipts = append(x.Receipts, s.receipt)
		} else {
			x.Records = append(x.Records, s.seq)
		}
	}
	return g.flags(), nil
}

func (f *flagFacts) afterHours(ctx context.Context, q rowQuerier, after int64) ([]glimpse, error) {
	open := f.openHours()
	var shut []string
	for h := range 24 {
		at := func(minute int) time.Time { return time.Date(2026, 1, 15, h, minute, 0, 0, f.settings.Zone) }
		if !open(at(0)) || !open(at(59)) {
			shut = append(shut, string(rune('0'+h/10))+string(rune('0'+h%10)))
		}
	}
	if len(shut) == 0 {
		return nil, nil
	}
	sales, err := f.glimpses(ctx, q, till.FlagAfterHours, "SELECT "+glimpseColumns+" FROM sale s WHERE s.day BETWEEN ? AND ? AND s.seq > ? AND s.hour IN ("+strings.Join(shut, ",")+") ORDER BY s.seq",
		int(f.from), int(f.to), after)
	if err != nil {
		return nil, err
	}
	for i := range f.returns {
		if r := &f.returns[i]; f.asked(r.day) && r.seq > after {
			sales = append(sales, glimpse{till.FlagAfterHours, r.seq, r.receipt, r.shift, r.day, r.cashier, r.at, r.value})
		}
	}
	for i := range f.acts {
		a := &f.acts[i]
		if r, ok := a.Record.(*till.CashMoved); ok && f.asked(a.Day) && a.seq > after {
			sales = append(sales, glimpse{till.FlagAfterHours, a.seq, 0, a.Shift, a.Day, a.Operator, a.At, r.Amount})
		}
	}
	return slices.DeleteFunc(sales, func(g glimpse) bool { return open(g.at) }), nil
}

// clockBack is by how much the clock may go back between two records before that
// is worth a word: less is a time service at work.
const clockBack = 2 * time.Minute

// flagBook: what makes the records themselves less sure: a clock set back, copies
// of a receipt printed before it was returned, a restored ledger, a changed rule.
func flagBook(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	within := time.Duration(f.settings.FlagLimit(till.FlagBook).Minutes) * time.Minute
	var out []till.Flag
	put := func(a *flagAct, other string, receipts ...int) {
		x := till.Flag{Rule: till.FlagBook, Cashier: a.Operator, Shift: a.Shift, Day: a.Day, Count: 1, Records: []int64{a.seq}, Receipts: receipts, Other: other}
		if x.Day == 0 { // outside a shift
			x.Day = till.DayOf(a.At, f.settings.Zone, f.settings.DayStart)
		}
		if f.asked(x.Day) {
			x.Since = x.Day
			out = append(out, x)
		}
	}
	copied := map[int]*flagAct{}
	var latest time.Time
	for i := range f.acts {
		a := &f.acts[i]
		if !latest.IsZero() && a.Recorded.Before(latest.Add(-clockBack)) {
			put(a, "clock")
		}
		latest = a.Recorded
		switch r := a.Record.(type) {
		case *till.Reprinted:
			copied[r.Receipt] = a
		case *till.Restored:
			put(a, "restored")
		case *till.SettingSet:
			if r.Key == "flags" {
				put(a, "rule")
			}
		}
	}
	for i := range f.returns {
		r := &f.returns[i]
		if a := copied[r.of]; a != nil && r.of != 0 && a.Operator == r.cashier && a.seq < r.seq && r.at.Sub(a.At) <= within {
			put(a, "copy", r.of, r.receipt)
		}
	}
	return out, nil
}
