package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Flags computes what is worth a look on a range of business days, in the order
// of the rules. It reads those days and as many before as the rules compare them
// with, and writes nothing: a rule that is changed is applied to the past at once.
func (l *Ledger) Flags(ctx context.Context, from, to till.BusinessDay) ([]till.Flag, error) {
	settings, err := l.Settings(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := l.r().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("look for what is worth a look: %w", err)
	}
	defer tx.Rollback()
	back := 0
	for _, d := range till.FlagRules() {
		if n := settings.FlagLimit(d.Rule).Days; d.Rule != till.FlagOftenShort { // its days are shifts
			back = max(back, n)
		}
	}
	if n := settings.FlagLimit(till.FlagLessCash).Days; 2*n > back {
		back = 2 * n
	}
	f := &flagFacts{from: from, to: to, since: min(from, to.Plus(1-back)), settings: settings}
	if err := f.read(ctx, tx); err != nil {
		return nil, fmt.Errorf("look for what is worth a look: %w", err)
	}
	var out []till.Flag
	for _, rule := range []func(context.Context, rowQuerier, *flagFacts) ([]till.Flag, error){
		flagVoids, flagVoidSoon, flagRungCheaper, flagNoSales, flagLooseShare, flagOtherTender, flagRoundRefunds, flagUnderLimit, flagOwnSales,
		flagDiscounts, flagGivenAway, flagAfterHours, flagOneApprover, flagOftenShort, flagLessCash, flagByHand, flagWalletFails, flagCodeTwice,
		flagLoose, flagSameAmount, flagFarBelow, flagBook,
	} {
		found, err := rule(ctx, tx, f)
		if err != nil {
			return nil, fmt.Errorf("look for what is worth a look: %w", err)
		}
		for _, x := range found {
			if settings.FlagLimit(x.Rule).Off {
				continue
			}
			if x.Since == 0 {
				x.Since = x.Day
			}
			slices.Sort(x.Receipts)
			x.Receipts = slices.Compact(x.Receipts)
			slices.Sort(x.Records)
			out = append(out, x)
		}
	}
	return out, nil
}

// daysBack is the first day of a rule's window.
func (f *flagFacts) daysBack(rule till.FlagRule) till.BusinessDay {
	return min(f.from, f.to.Plus(1-f.settings.FlagLimit(rule).Days))
}

// people are the cashiers of the tallies since a day, in order.
func (f *flagFacts) people(since till.BusinessDay) []string {
	var out []string
	for _, t := range f.tallies {
		if t.day >= since && !slices.Contains(out, t.cashier) {
			out = append(out, t.cashier)
		}
	}
	slices.Sort(out)
	return out
}

// standing judges the shifts asked about by a share of their sales.
func (f *flagFacts) standing(rule till.FlagRule, typical float64, of func(*tallyOf) sample, flag func(*tallyOf, *till.Flag)) []till.Flag {
	limit := f.settings.FlagLimit(rule)
	since := f.daysBack(rule)
	var all []sample
	for _, t := range f.tallies {
		if t.day >= since {
			all = append(all, of(t))
		}
	}
	var out []till.Flag
	for _, t := range f.tallies {
		if !f.asked(t.day) {
			continue
		}
		s := of(t)
		share := usual(all, s, typical)
		big := limit.Sample > 0 && s.x > limit.Sample // a count that is many in any shop
		if !big && (!stands(s, all, share, limit) || float64(s.x) <= float64(s.n)*float64(limit.Share)/float64(money.RateMax)) {
			continue
		}
		x := till.Flag{Rule: rule, Cashier: t.cashier, Shift: t.shift, Since: since, Day: t.day, Count: s.x, Of: s.n, Usual: rate(share), HasUsual: true}
		flag(t, &x)
		out = append(out, x)
	}
	return out
}

func flagVoids(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	return f.standing(till.FlagVoids, 0.005, func(t *tallyOf) sample { return sample{len(t.voids), max(t.sales, len(t.voids))} }, func(t *tallyOf, x *till.Flag) {
		for _, v := range t.voids {
			x.Receipts = append(x.Receipts, v.receipt)
			x.Amount += v.value
		}
	}), nil
}

func flagNoSales(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	return f.standing(till.FlagNoSales, 0.02, func(t *tallyOf) sample { return sample{len(t.noSales), max(t.sales, len(t.noSales))} }, func(t *tallyOf, x *till.Flag) {
		x.Records = append(x.Records, t.noSales...)
	}), nil
}

func flagDiscounts(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	out := f.standing(till.FlagDiscounts, 0.05, func(t *tallyOf) sample { return sample{t.reduced, t.sales} }, func(*tallyOf, *till.Flag) {})
	for i := range out {
		x := &out[i]
		if err := each(ctx, q, "SELECT receipt, discounts FROM sale WHERE day = ? AND shift = ? AND operator = ? AND discounts > 0", []any{int(x.Day), x.Shift, x.Cashier}, func(s scanner) error {
			return takeReceipt(x, s)
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// flagVoidSoon: each post-void of a sale that took cash, soon after it.
func flagVoidSoon(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	within := time.Duration(f.settings.FlagLimit(till.FlagVoidSoon).Minutes) * time.Minute
	return f.eachReturn(till.FlagVoidSoon, func(r *flagReturn) (bool, string) {
		gap := r.at.Sub(r.ofAt)
		return r.postVoid && slices.Contains(r.ofKinds, "cash") && gap >= 0 && gap <= within, ""
	}), nil
}

// flagOtherTender: money that went back in a kind that the sale did not take. The
// till refuses that; it can be after the tender was corrected.
func flagOtherTender(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	return f.eachReturn(till.FlagOtherTender, func(r *flagReturn) (bool, string) {
		if r.of == 0 {
			return false, ""
		}
		for _, k := range r.kinds {
			if !slices.Contains(r.ofKinds, k) {
				return true, k
			}
		}
		return false, ""
	}), nil
}

func flagLoose(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	return f.eachReturn(till.FlagLoose, func(r *flagReturn) (bool, string) { return r.of == 0, "" }), nil
}

// eachReturn gathers the returns that pick picks by shift and cashier.
func (f *flagFacts) eachReturn(rule till.FlagRule, pick func(*flagReturn) (yes bool, other string)) []till.Flag {
	var g gathered
	for i := range f.returns {
		r := &f.returns[i]
		if !f.asked(r.day) {
			continue
		}
		if yes, other := pick(r); yes {
			x := g.of(rule, r.shift, r.day, r.cashier)
			x.Count++
			x.Amount += r.value
			x.Receipts = append(x.Receipts, r.receipt)
			if r.of != 0 {
				x.Receipts = append(x.Receipts, r.of)
			}
			also(x, other)
		}
	}
	return g.flags()
}

// gathered are flags by rule, shift and cashier, in the order they came.
type gathered []*till.Flag

func (g *gathered) of(rule till.FlagRule, shift int, day till.BusinessDay, cashier string) *till.Flag {
	for _, x := range *g {
		if x.Rule == rule && x.Shift == shift && x.Cashier == cashier {
			return x
		}
	}
	x := &till.Flag{Rule: rule, Shift: shift, Day: day, Since: day, Cashier: cashier}
	*g = append(*g, x)
	return x
}

func (g gathered) flags() []till.Flag {
	out := make([]till.Flag, len(g))
	for i, x := range g {
		out[i] = *x
	}
	return out
}

// also adds a word to Other, each once.
func also(x *till.Flag, word string) {
	if words := strings.Fields(x.Other); word != "" && !slices.Contains(words, word) {
		x.Other = strings.Join(append(words, word), " ")
	}
}

// takeReceipt adds a row of a receipt and its amount.
func takeReceipt(x *till.Flag, s scanner) error {
	var no int
	var a money.Amount
	err := s.Scan(&no, &a)
	x.Receipts = append(x.Receipts, no)
	x.Amount += a
	return err
}

// byPerson gathers the returns of the rule's days that pick picks, and returns
// them for each person who made one on the days asked about.
func (f *flagFacts) byPerson(rule till.FlagRule, pick func(*flagReturn) bool) map[string][]*flagReturn {
	since := f.daysBack(rule)
	out, now := map[string][]*flagReturn{}, map[string]bool{}
	for i := range f.returns {
		if r := &f.returns[i]; r.day >= since && pick(r) {
			out[r.cashier] = append(out[r.cashier], r)
			now[r.cashier] = now[r.cashier] || f.asked(r.day)
		}
	}
	for who := range out {
		if !now[who] {
			delete(out, who)
		}
	}
	return out
}

// person is a flag about a person's returns of several days.
func (f *flagFacts) person(rule till.FlagRule, who string, rs []*flagReturn, of int) till.Flag {
	x := till.Flag{Rule: rule, Cashier: who, Since: f.daysBack(rule), Day: f.to, Count: len(rs), Of: of}
	for _, r := range rs {
		x.Receipts = append(x.Receipts, r.receipt)
		x.Amount += r.value
	}
	return x
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.SortFunc(out, cmp.Compare[string])
	return out
}
