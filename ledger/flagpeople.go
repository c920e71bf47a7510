package ledger

import (
	"context"
	"slices"

	"guitai/till"
	"guitai/till/money"
)

// The rules that compare a person with the rest of the shop over several days.

// flagLooseShare: many of a person's returns are without a receipt.
func flagLooseShare(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	limit := f.settings.FlagLimit(till.FlagLooseShare)
	all := f.byPerson(till.FlagLooseShare, func(r *flagReturn) bool { return !r.postVoid })
	loose := f.byPerson(till.FlagLooseShare, func(r *flagReturn) bool { return r.of == 0 })
	var out []till.Flag
	for _, who := range sorted(loose) {
		x, n := len(loose[who]), len(all[who])
		if n < limit.Sample || x < limit.Least || int64(x)*int64(money.RateMax) <= int64(n)*int64(limit.Share) {
			continue
		}
		flag := f.person(till.FlagLooseShare, who, loose[who], n)
		flag.Usual, flag.HasUsual = limit.Share, true
		out = append(out, flag)
	}
	return out, nil
}

// flagRoundRefunds: more refunds of round amounts than the shop's sales have. Real
// goods seldom come to a round amount, amounts thought up often do.
func flagRoundRefunds(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	limit := f.settings.FlagLimit(till.FlagRoundRefunds)
	round := roundAmount(f.settings.Currency)
	all := f.byPerson(till.FlagRoundRefunds, func(r *flagReturn) bool { return !r.postVoid && r.value > 0 })
	hits := f.byPerson(till.FlagRoundRefunds, func(r *flagReturn) bool { return !r.postVoid && r.value > 0 && r.value%round == 0 })
	var sales sample
	for _, t := range f.tallies {
		sales.x += t.round
		sales.n += t.sales
	}
	share := usual([]sample{sales}, sample{}, 0.05)
	var out []till.Flag
	for _, who := range sorted(hits) {
		s := sample{len(hits[who]), len(all[who])}
		if s.n < limit.Sample || !below(chance(s, share), limit.Chance) {
			continue
		}
		x := f.person(till.FlagRoundRefunds, who, hits[who], s.n)
		x.Usual, x.HasUsual = rate(share), true
		out = append(out, x)
	}
	return out, nil
}

// flagUnderLimit: refunds just below what needs approval.
func flagUnderLimit(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	limit := f.settings.FlagLimit(till.FlagUnderLimit)
	top := f.settings.Limits.CashierRefund
	if top == 0 {
		return nil, nil
	}
	low := top - limit.Share.Of(top)
	hits := f.byPerson(till.FlagUnderLimit, func(r *flagReturn) bool { return r.value >= low && r.value <= top })
	all := f.byPerson(till.FlagUnderLimit, func(*flagReturn) bool { return true })
	var out []till.Flag
	for _, who := range sorted(hits) {
		if len(hits[who]) >= limit.Least {
			out = append(out, f.person(till.FlagUnderLimit, who, hits[who], len(all[who])))
		}
	}
	return out, nil
}

// flagOwnSales: returns and post-voids of sales that the same person rang, more
// than that person's part of the sales would bring.
func flagOwnSales(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	limit := f.settings.FlagLimit(till.FlagOwnSales)
	since := f.daysBack(till.FlagOwnSales)
	sales, mine := 0, map[string]int{}
	for _, t := range f.tallies {
		if t.day >= since {
			sales += t.sales
			mine[t.cashier] += t.sales
		}
	}
	hits := f.byPerson(till.FlagOwnSales, func(r *flagReturn) bool { return r.of != 0 && !r.postVoid && r.ofBy == r.cashier })
	all := f.byPerson(till.FlagOwnSales, func(r *flagReturn) bool { return r.of != 0 && !r.postVoid })
	var out []till.Flag
	for _, who := range sorted(hits) {
		s := sample{len(hits[who]), len(all[who])}
		share := float64(mine[who]) / float64(max(1, sales))
		if s.n < limit.Sample || !below(chance(s, share), limit.Chance) {
			continue
		}
		x := f.person(till.FlagOwnSales, who, hits[who], s.n)
		x.Usual, x.HasUsual = rate(share), true
		out = append(out, x)
	}
	return out, nil
}

// flagOneApprover: nearly all that one person approves goes to one other, who has
// not nearly all the sales.
func flagOneApprover(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	limit := f.settings.FlagLimit(till.FlagOneApprover)
	since := f.daysBack(till.FlagOneApprover)
	given := map[string]map[string][]int64{} // by approver, then by who asked
	sales, mine, now := 0, map[string]int{}, map[[2]string]bool{}
	for _, t := range f.tallies {
		if t.day < since {
			continue
		}
		sales += t.sales
		mine[t.cashier] += t.sales
		for by, seqs := range t.approvals {
			if given[by] == nil {
				given[by] = map[string][]int64{}
			}
			given[by][t.cashier] = append(given[by][t.cashier], seqs...)
			now[[2]string{by, t.cashier}] = now[[2]string{by, t.cashier}] || f.asked(t.day)
		}
	}
	var out []till.Flag
	for _, by := range sorted(given) {
		n := 0
		for _, seqs := range given[by] {
			n += len(seqs)
		}
		for _, who := range sorted(given[by]) {
			s := sample{len(given[by][who]), n}
			share := float64(mine[who]) / float64(max(1, sales))
			if n < limit.Sample || !now[[2]string{by, who}] || int64(s.x)*int64(money.RateMax) <= int64(n)*int64(limit.Share) || !below(chance(s, share), limit.Chance) {
				continue
			}
			out = append(out, till.Flag{Rule: till.FlagOneApprover, Cashier: who, Since: since, Day: f.to, Count: s.x, Of: n, Usual: rate(share), HasUsual: true,
				Records: given[by][who], Other: by})
		}
	}
	return out, nil
}

// flagOftenShort: of a person's last drawers that were not exact, nearly all were
// short. Honest mistakes go both ways.
func flagOftenShort(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	limit := f.settings.FlagLimit(till.FlagOftenShort)
	type drawer struct {
		shift int
		day   till.BusinessDay
		seq   int64
		off   money.Amount
	}
	by := map[string][]drawer{}
	// A shop has a few shifts a day and a few people: the last thousand shifts hold
	// the last twenty of each.
	if err := each(ctx, q, `SELECT s.opened_by, s.no, s.day, c.seq, c.over_short FROM shift s JOIN shift_close c ON c.no = s.no
		WHERE s.no > (SELECT ifnull(max(no), 0) - 1000 FROM shift) AND s.day <= ? ORDER BY s.no DESC`, []any{int(f.to)}, func(s scanner) error {
		var who string
		var d drawer
		err := s.Scan(&who, &d.shift, &d.day, &d.seq, &d.off)
		if len(by[who]) < limit.Days {
			by[who] = append(by[who], d)
		}
		return err
	}); err != nil {
		return nil, err
	}
	var out []till.Flag
	for _, who := range sorted(by) {
		x := till.Flag{Rule: till.FlagOftenShort, Cashier: who, Usual: money.RateMax / 2, HasUsual: true}
		for i, d := range by[who] {
			if i == 0 {
				x.Day = d.day
			}
			x.Since = d.day
			if d.off == 0 {
				continue
			}
			x.Of++
			if d.off < 0 {
				x.Count++
				x.Amount -= d.off
				x.Records = append(x.Records, d.seq)
			}
		}
		if f.asked(x.Day) && x.Of >= limit.Sample && below(chance(sample{x.Count, x.Of}, 0.5), limit.Chance) {
			out = append(out, x)
		}
	}
	return out, nil
}

// flagLessCash: a person's sales take cash less often than before, while there are
// no fewer of them and the others' take as much cash as ever.
func flagLessCash(_ context.Context, _ rowQuerier, f *flagFacts) ([]till.Flag, error) {
	limit := f.settings.FlagLimit(till.FlagLessCash)
	now, then := f.to.Plus(1-limit.Days), f.to.Plus(1-2*limit.Days)
	cash := func(who string, mine bool, from, to till.BusinessDay) (s sample) {
		for _, t := range f.tallies {
			if (t.cashier == who) == mine && t.day >= from && t.day <= to {
				s.x += t.cash
				s.n += t.sales
			}
		}
		return s
	}
	share := func(s sample) float64 { return float64(s.x) / float64(max(1, s.n)) }
	var out []till.Flag
	for _, who := range f.people(f.from) {
		before, after := cash(who, true, then, now.Plus(-1)), cash(who, true, now, f.to)
		others, othersNow := cash(who, false, then, now.Plus(-1)), cash(who, false, now, f.to)
		if min(before.n, after.n) < limit.Sample || after.n*5 < before.n*4 {
			continue
		}
		expected := share(before)
		if min(others.n, othersNow.n) >= limit.Sample {
			expected += share(othersNow) - share(others) // what changed for everybody
		}
		variance := expected * (1 - expected) * (1/float64(before.n) + 1/float64(after.n))
		fell := expected - share(after)
		if variance <= 0 || fell <= 0 || fell*fell*100 <= float64(limit.Z*limit.Z)*variance {
			continue
		}
		out = append(out, till.Flag{Rule: till.FlagLessCash, Cashier: who, Since: now, Day: f.to, Count: after.x, Of: after.n, Usual: rate(expected), HasUsual: true})
	}
	return out, nil
}

// flagByHand: wallet, code or transfer money that a person confirmed and nobody
// else. A till without a wallet's account has no other way for its codes, so that
// the list may be all of them; it is to be compared with the provider's own list.
func flagByHand(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	var g gathered
	least := f.settings.FlagLimit(till.FlagByHand).Least
	if err := each(ctx, q, `SELECT s.shift, s.day, s.operator, s.receipt, t.kind, t.amount FROM sale s JOIN tender t ON t.sale = s.seq
		WHERE s.day BETWEEN ? AND ? AND t.evidence = 0 AND (t.kind = 'transfer' OR t.kind GLOB 'wallet:*' OR t.kind GLOB 'qr:*') ORDER BY s.seq`,
		[]any{int(f.from), int(f.to)}, func(s scanner) error {
			var shift, receipt int
			var day till.BusinessDay
			var who, kind string
			var amount money.Amount
			if err := s.Scan(&shift, &day, &who, &receipt, &kind, &amount); err != nil {
				return err
			}
			x := g.of(till.FlagByHand, shift, day, who)
			x.Count++
			x.Amount += amount
			x.Receipts = append(x.Receipts, receipt)
			also(x, kind)
			return nil
		}); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(g.flags(), func(x till.Flag) bool { return x.Count < least }), nil
}

// flagWalletFails: payments asked for at one person's hands fail more often than
// the shop's.
func flagWalletFails(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	limit := f.settings.FlagLimit(till.FlagWalletFails)
	type attempts struct {
		asked, failed map[string]int
		why           map[string]map[string]int
	}
	count := func(from till.BusinessDay) (attempts, error) {
		a := attempts{map[string]int{}, map[string]int{}, map[string]map[string]int{}}
		err := each(ctx, q, `SELECT cashier, reason, was_paid, count(*) FROM attempt WHERE day BETWEEN ? AND ? AND state NOT IN (1, 2) AND `+real+`
			GROUP BY cashier, reason, was_paid`, []any{int(from), int(f.to)}, func(s scanner) error {
			var who, reason string
			var paid bool
			var n int
			if err := s.Scan(&who, &reason, &paid, &n); err != nil {
				return err
			}
			a.asked[who] += n
			if !paid {
				a.failed[who] += n
				if a.why[who] == nil {
					a.why[who] = map[string]int{}
				}
				a.why[who][reason] += n
			}
			return nil
		})
		return a, err
	}
	now, err := count(f.from)
	if err != nil {
		return nil, err
	}
	long, err := count(f.daysBack(till.FlagWalletFails))
	if err != nil {
		return nil, err
	}
	var all []sample
	for who, n := range long.asked {
		all = append(all, sample{long.failed[who], n})
	}
	var out []till.Flag
	for _, who := range sorted(now.asked) {
		s := sample{now.failed[who], now.asked[who]}
		share := usual(all, s, 0.08)
		if !stands(s, nil, share, limit) {
			continue
		}
		x := till.Flag{Rule: till.FlagWalletFails, Cashier: who, Since: f.from, Day: f.to, Count: s.x, Of: s.n, Usual: rate(share), HasUsual: true}
		most := 0
		for _, reason := range sorted(now.why[who]) {
			if n := now.why[who][reason]; n > most {
				most, x.Other = n, reason
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// flagCodeTwice: one code of a customer's paid twice. A code is good for one
// payment.
func flagCodeTwice(ctx context.Context, q rowQuerier, f *flagFacts) ([]till.Flag, error) {
	var g gathered
	err := each(ctx, q, `SELECT a.shift, a.day, a.cashier, a.receipt, a.amount FROM attempt a WHERE a.day BETWEEN ? AND ? AND a.code_mark <> '' AND a.was_paid = 1 AND `+real+`
		AND EXISTS (SELECT 1 FROM attempt b WHERE b.code_mark = a.code_mark AND b.id <> a.id AND b.was_paid = 1) ORDER BY a.id`,
		[]any{int(f.from), int(f.to)}, func(s scanner) error {
			var shift, receipt int
			var day till.BusinessDay
			var who string
			var amount money.Amount
			if err := s.Scan(&shift, &day, &who, &receipt, &amount); err != nil {
				return err
			}
			x := g.of(till.FlagCodeTwice, shift, day, who)
			x.Count++
			x.Amount += amount
			if receipt != 0 {
				x.Receipts = append(x.Receipts, receipt)
			}
			return nil
		})
	return g.flags(), err
}
