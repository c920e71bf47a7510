package ledger

import (
	"context"
	"fmt"

	"guitai/till"
	"guitai/till/money"
)

// Sales that used a kind of tender, each once, and what refunds of the kind there
// were. A sale paid in two ways counts for both.
const (
	askBaskets = `SELECT kind, count(*), sum(total) FROM (SELECT DISTINCT s.seq, s.total, t.kind FROM sale s JOIN tender t ON t.sale = s.seq WHERE s.day BETWEEN ? AND ?) GROUP BY kind
		UNION ALL SELECT '', count(*), ifnull(sum(total), 0) FROM sale WHERE day BETWEEN ? AND ?`
	askBacks = `SELECT f.kind, count(*) FROM return_doc r JOIN refund f ON f.ret = r.seq WHERE r.day BETWEEN ? AND ? GROUP BY f.kind`
)

// SideBySide compares the tenders of a range of business days: the totals of the
// report, the baskets they paid for, the attempts of wallets and the fees. Only
// attempts that are real money count, or in practice those that are practice.
func (l *Ledger) SideBySide(ctx context.Context, from, to till.BusinessDay) (till.SideBySide, error) {
	out := till.SideBySide{}
	r, err := l.Report(ctx, from, to)
	if err != nil {
		return out, err
	}
	out.Report = r
	fees, err := l.Fees(ctx, from, to)
	if err != nil {
		return out, err
	}
	at := map[till.TenderKind]int{}
	for _, t := range r.Tenders {
		at[t.Kind] = len(out.Tenders)
		out.Tenders = append(out.Tenders, till.TenderSide{TenderTotal: t})
	}
	side := func(kind till.TenderKind) *till.TenderSide {
		i, ok := at[kind]
		if !ok {
			i = len(out.Tenders)
			at[kind] = i
			out.Tenders = append(out.Tenders, till.TenderSide{TenderTotal: till.TenderTotal{Kind: kind}})
		}
		return &out.Tenders[i]
	}
	for i := range fees.Totals {
		t := &fees.Totals[i]
		s := side(t.Kind)
		s.Fee, s.Priced = t.Fee-t.FeeBack, t.Priced
	}
	days := []any{int(from), int(to)}
	if err := each(ctx, l.q(), askBaskets, append(days, days...), func(s scanner) error {
		var kind till.TenderKind
		var sales int
		var total money.Amount
		if err := s.Scan(&kind, &sales, &total); err != nil {
			return err
		}
		if kind == "" {
			out.Total = total
			return nil
		}
		side(kind).Baskets, side(kind).Total = sales, total
		return nil
	}); err != nil {
		return out, fmt.Errorf("compare tenders: %w", err)
	}
	if err := each(ctx, l.q(), askBacks, days, func(s scanner) error {
		var kind till.TenderKind
		var n int
		if err := s.Scan(&kind, &n); err != nil {
			return err
		}
		side(kind).Refunds = n
		return nil
	}); err != nil {
		return out, fmt.Errorf("compare tenders: %w", err)
	}
	mode := "live"
	if err := each(ctx, l.q(), "SELECT CASE value WHEN 'true' THEN 'practice' ELSE 'live' END FROM meta WHERE key = 'practice'", nil, func(s scanner) error { return s.Scan(&mode) }); err != nil {
		return out, fmt.Errorf("compare tenders: %w", err)
	}
	for _, w := range r.Wallets {
		if w.Mode == mode {
			s := side(till.WalletTender(w.Wallet))
			s.Attempts, s.Paid, s.ToPay = w.Attempts, w.Paid, w.Seconds.Median
		}
	}
	return out, nil
}

// TendersBegan returns the first business day on which each kind of tender was
// used: where days before it are compared with those after.
func (l *Ledger) TendersBegan(ctx context.Context) (map[till.TenderKind]till.BusinessDay, error) {
	out := map[till.TenderKind]till.BusinessDay{}
	err := each(ctx, l.q(), askBegun, nil, func(s scanner) error {
		var kind till.TenderKind
		var day till.BusinessDay
		err := s.Scan(&kind, &day)
		out[kind] = day
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("when tenders began: %w", err)
	}
	return out, nil
}
