package ledger

import (
	"context"
	"fmt"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// A BillSum is a day's bill in short, with the differences that were open when
// it was compared the last time.
type BillSum struct {
	KeptDay
	Total    money.Amount // taken less given back, over all rows
	Apart    money.Amount // theirs less ours, over the open differences
	Currency money.Currency
}

// BillDays lists the bills that count of the days from..to of one mode, the
// newest first. A bill in several currencies has no total.
func (l *Ledger) BillDays(ctx context.Context, mode string, from, to till.BusinessDay) ([]BillSum, error) {
	settings, err := l.Settings(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the bills: %w", err)
	}
	type key struct {
		wallet string
		day    till.BusinessDay
	}
	at := map[key]*BillSum{}
	var order []key
	args := []any{mode, int(from), int(to)}
	err = each(ctx, l.q(), `SELECT b.wallet, b.mode, b.day, b.final, b.lines, b.kept_ms, b.name, ifnull(min(n.currency), ''), ifnull(max(n.currency), ''),
			ifnull(sum(CASE n.refund WHEN '' THEN n.amount ELSE -n.amount END), 0)
		FROM bill b LEFT JOIN bill_line n ON n.bill = b.id
		WHERE b.mode = ?1 AND b.day BETWEEN ?2 AND ?3 AND b.whole = 1
			AND b.id = (SELECT id FROM bill o WHERE o.wallet = b.wallet AND o.mode = b.mode AND o.day = b.day AND o.whole = 1 ORDER BY final DESC, id DESC LIMIT 1)
		GROUP BY b.id ORDER BY b.day DESC, b.wallet`, args, func(s scanner) error {
		b := BillSum{Currency: settings.Currency}
		var kept int64
		var low, high string
		if err := s.Scan(&b.Wallet, &b.Mode, &b.Day, &b.Final, &b.Lines, &kept, &b.Name, &low, &high, &b.Total); err != nil {
			return err
		}
		b.Kept = time.UnixMilli(kept)
		if low != high {
			b.Total = 0
		} else if cur, err := money.CurrencyOf(low); err == nil {
			b.Currency = cur
		}
		k := key{b.Wallet, b.Day}
		at[k] = &b
		order = append(order, k)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the bills: %w", err)
	}
	err = each(ctx, l.q(), `SELECT f.wallet, f.day, f.kind, f.refund, f.ours, f.theirs FROM bill_finding f
		WHERE f.mode = ?1 AND f.day BETWEEN ?2 AND ?3
			AND ifnull((SELECT open FROM bill_finding_move m WHERE m.finding = f.id ORDER BY n DESC LIMIT 1), 1) = 1`, args, func(s scanner) error {
		var k key
		var f till.Finding
		if err := s.Scan(&k.wallet, &k.day, &f.Kind, &f.Refund, &f.Ours, &f.Theirs); err != nil {
			return err
		}
		if b := at[k]; b != nil && f.Kind.Differs() {
			ours, theirs := f.Sides()
			b.Open++
			b.Apart += theirs - ours
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the open differences: %w", err)
	}
	out := make([]BillSum, 0, len(order))
	for _, k := range order {
		out = append(out, *at[k])
	}
	return out, nil
}

// BillWallets lists whose bills were ever kept in a mode.
func (l *Ledger) BillWallets(ctx context.Context, mode string) ([]string, error) {
	var out []string
	err := each(ctx, l.q(), "SELECT DISTINCT wallet FROM bill WHERE mode = ? AND whole = 1 ORDER BY wallet", []any{mode}, func(s scanner) error {
		var name string
		err := s.Scan(&name)
		out = append(out, name)
		return err
	})
	return out, err
}
