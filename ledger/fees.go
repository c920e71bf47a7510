package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"guitai/till"
	"guitai/till/money"
)

// What the fees of tenders are made of. A tender that was corrected moves from
// one kind to the other on the day of the correction, at the rules of the day of
// its sale.
const (
	askPayments = `SELECT s.day, s.day, t.kind, t.amount, count(*) FROM tender t JOIN sale s ON s.seq = t.sale WHERE s.day BETWEEN ? AND ? GROUP BY s.day, t.kind, t.amount
		UNION ALL SELECT m.day, s.day, m.to_kind, m.amount, 1 FROM tender_mend m JOIN sale s ON s.receipt = m.receipt WHERE m.day BETWEEN ? AND ?
		UNION ALL SELECT m.day, s.day, m.from_kind, m.amount, -1 FROM tender_mend m JOIN sale s ON s.receipt = m.receipt WHERE m.day BETWEEN ? AND ?`
	// Refunds of sales, with what the same kind had given back of the sale before.
	// A wallet that could not give it back gave nothing of its fee back either.
	askRefunds = `SELECT r.day, r.of_receipt, f.kind, f.amount, (SELECT ifnull(sum(f2.amount), 0) FROM return_doc r2 JOIN refund f2 ON f2.ret = r2.seq
			WHERE r2.of_receipt = r.of_receipt AND f2.kind = f.kind AND (r2.seq < r.seq OR r2.seq = r.seq AND f2.n < f.n))
		FROM return_doc r JOIN refund f ON f.ret = r.seq WHERE r.day BETWEEN ? AND ? AND r.of_receipt IS NOT NULL AND f.kind LIKE 'wallet:%'
		AND NOT EXISTS (SELECT 1 FROM wallet_refund w WHERE w.ret = r.id AND w.state = 6)`
	askRefunded = `WITH back AS (SELECT DISTINCT of_receipt no FROM return_doc WHERE day BETWEEN ? AND ? AND of_receipt IS NOT NULL)
		SELECT s.receipt, s.day, t.kind, t.amount, 1 FROM back JOIN sale s ON s.receipt = back.no JOIN tender t ON t.sale = s.seq
		UNION ALL SELECT s.receipt, s.day, m.to_kind, m.amount, 1 FROM back JOIN sale s ON s.receipt = back.no JOIN tender_mend m ON m.receipt = back.no
		UNION ALL SELECT s.receipt, s.day, m.from_kind, m.amount, -1 FROM back JOIN sale s ON s.receipt = back.no JOIN tender_mend m ON m.receipt = back.no`
	askTenderDays = `SELECT day, kind, sum(amount), sum(refunded) FROM tender_sum WHERE day BETWEEN ? AND ? GROUP BY day, kind`
	askBegun      = `SELECT kind, min(day) FROM tender_sum GROUP BY kind`
)

// Fees returns what tenders cost over a range of business days, by the dated
// rules of the shop's wallets as they are set now. Gross and refunds are those
// of the report; fees are of each payment by itself.
func (l *Ledger) Fees(ctx context.Context, from, to till.BusinessDay) (till.Fees, error) {
	out := till.Fees{From: from, To: to}
	tx, err := l.r().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return out, fmt.Errorf("fees: %w", err)
	}
	defer tx.Rollback()
	var st till.State
	if err := readSettings(ctx, tx, &st); err != nil {
		return out, fmt.Errorf("fees: %w", err)
	}
	f := &feeSheet{from: from, to: to, accounts: map[till.TenderKind]*till.WalletAccount{}, days: map[feeKey]*till.FeeDay{}, whatIf: map[whatIfKey]*till.WhatIf{}}
	for i := range st.Settings.Wallets {
		a := &st.Settings.Wallets[i]
		f.accounts[till.WalletTender(a.Name)] = a
		f.list = append(f.list, a)
	}
	for _, part := range []func(context.Context, querier) error{f.sums, f.payments, f.refunds, f.spread} {
		if err := part(ctx, tx); err != nil {
			return out, fmt.Errorf("fees: %w", err)
		}
	}
	f.close(&out)
	return out, nil
}

type feeKey struct {
	day  till.BusinessDay
	kind till.TenderKind
}

type whatIfKey struct {
	kind   till.TenderKind
	wallet string
}

// A feeSheet collects what each tender took on each day.
type feeSheet struct {
	from, to till.BusinessDay
	list     []*till.WalletAccount
	accounts map[till.TenderKind]*till.WalletAccount
	days     map[feeKey]*till.FeeDay
	whatIf   map[whatIfKey]*till.WhatIf
	lived    []till.BusinessDay // calendar days of the range up to the last business day, for what a year costs
}

func (f *feeSheet) day(day till.BusinessDay, kind till.TenderKind) *till.FeeDay {
	k := feeKey{day, kind}
	if f.days[k] == nil {
		d := &till.FeeDay{Day: day, Kind: kind, Priced: kind.Family() == "cash" || kind.Family() == "none"}
		if a := f.accounts[kind]; a != nil {
			d.Priced, d.Arrives = a.Priced(day), a.Arrives(day)
		}
		f.days[k] = d
	}
	return f.days[k]
}

func (f *feeSheet) sums(ctx context.Context, q querier) error {
	return each(ctx, q, askTenderDays, []any{int(f.from), int(f.to)}, func(s scanner) error {
		var d till.FeeDay
		if err := s.Scan(&d.Day, &d.Kind, &d.Gross, &d.Refunded); err != nil {
			return err
		}
		row := f.day(d.Day, d.Kind)
		row.Gross, row.Refunded = d.Gross, d.Refunded
		return nil
	})
}

func (f *feeSheet) payments(ctx context.Context, q querier) error {
	args := []any{int(f.from), int(f.to), int(f.from), int(f.to), int(f.from), int(f.to)}
	return each(ctx, q, askPayments, args, func(s scanner) error {
		var day, sold till.BusinessDay
		var kind till.TenderKind
		var amount money.Amount
		var n int
		if err := s.Scan(&day, &sold, &kind, &amount, &n); err != nil {
			return err
		}
		row := f.day(day, kind)
		row.Payments += n
		if a := f.accounts[kind]; a != nil {
			row.Fee += a.FeeOn(sold).Of(amount) * money.Amount(n)
		}
		switch kind.Family() {
		case "wallet", "card", "transfer", "qr":
			for _, a := range f.list {
				if len(a.Fees) == 0 {
					continue
				}
				for _, k := range []till.TenderKind{kind, ""} {
					w := f.whatIf[whatIfKey{k, a.Name}]
					if w == nil {
						w = &till.WhatIf{Kind: k, Wallet: a.Name}
						f.whatIf[whatIfKey{k, a.Name}] = w
					}
					w.Payments += n
					w.Gross += amount * money.Amount(n)
					w.Fee += a.FirstFee(sold).Of(amount) * money.Amount(n)
				}
			}
		}
		return nil
	})
}

func (f *feeSheet) refunds(ctx context.Context, q querier) error {
	type key struct {
		receipt int
		kind    till.TenderKind
	}
	type paid struct{ amount, fee money.Amount }
	took := map[key]paid{}
	days := []any{int(f.from), int(f.to)}
	err := each(ctx, q, askRefunded, days, func(s scanner) error {
		var k key
		var day till.BusinessDay
		var amount, n money.Amount
		if err := s.Scan(&k.receipt, &day, &k.kind, &amount, &n); err != nil {
			return err
		}
		if a := f.accounts[k.kind]; a != nil {
			p := took[k]
			p.amount += amount * n
			p.fee += a.FeeOn(day).Of(amount) * n
			took[k] = p
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(ctx, q, askRefunds, days, func(s scanner) error {
		var day till.BusinessDay
		var k key
		var amount, before money.Amount
		if err := s.Scan(&day, &k.receipt, &k.kind, &amount, &before); err != nil {
			return err
		}
		if a := f.accounts[k.kind]; a != nil {
			p := took[k]
			f.day(day, k.kind).FeeBack += a.FeeBack(p.fee, p.amount, before, amount)
		}
		return nil
	})
}

// spread puts the parts of opening and yearly fees on each calendar day on which
// the shop has been trading with the wallet.
func (f *feeSheet) spread(ctx context.Context, q querier) error {
	begun := map[till.TenderKind]till.BusinessDay{}
	if err := each(ctx, q, askBegun, nil, func(s scanner) error {
		var kind till.TenderKind
		var day till.BusinessDay
		err := s.Scan(&kind, &day)
		begun[kind] = day
		return err
	}); err != nil {
		return err
	}
	var first, last till.BusinessDay
	if err := each(ctx, q, "SELECT ifnull(min(day), 0), ifnull(max(day), 0) FROM shift_sum", nil, func(s scanner) error { return s.Scan(&first, &last) }); err != nil {
		return err
	}
	if first == 0 {
		return nil
	}
	for day := max(f.from, first); day <= min(f.to, last); day = day.Plus(1) {
		f.lived = append(f.lived, day)
	}
	for kind, a := range f.accounts {
		from := begun[kind]
		if len(a.Fees) > 0 && a.Fees[0].From != 0 && from != 0 {
			from = min(from, a.Fees[0].From)
		}
		for _, day := range f.lived {
			if opening, yearly := a.Spread(from, day); opening != 0 || yearly != 0 {
				row := f.day(day, kind)
				row.Opening, row.Yearly = opening, yearly
			}
		}
	}
	return nil
}

// close sums the days and puts everything in order.
func (f *feeSheet) close(out *till.Fees) {
	arrivals, totals := map[feeKey]*till.Arrival{}, map[till.TenderKind]*till.FeeTotal{}
	for k, d := range f.days {
		if *d == (till.FeeDay{Day: d.Day, Kind: d.Kind, Priced: d.Priced, Arrives: d.Arrives}) {
			continue
		}
		out.Days = append(out.Days, *d)
		t := totals[k.kind]
		if t == nil {
			t = &till.FeeTotal{FeeDay: till.FeeDay{Kind: k.kind, Priced: true}}
			totals[k.kind] = t
		}
		t.Priced = t.Priced && d.Priced
		t.Payments += d.Payments
		t.Gross += d.Gross
		t.Refunded += d.Refunded
		t.Fee += d.Fee
		t.FeeBack += d.FeeBack
		t.Opening += d.Opening
		t.Yearly += d.Yearly
		if d.Arrives == 0 || d.Settled() == 0 {
			continue
		}
		at := feeKey{d.Arrives, k.kind}
		if arrivals[at] == nil {
			arrivals[at] = &till.Arrival{Day: d.Arrives, Kind: k.kind}
		}
		arrivals[at].Amount += d.Settled()
	}
	for _, a := range arrivals {
		if rule := f.accounts[a.Kind].Withdrawal; a.Amount > 0 {
			a.Withdrawal = rule.Of(a.Amount)
			totals[a.Kind].Withdrawal += a.Withdrawal
		}
		out.Arrivals = append(out.Arrivals, *a)
	}
	for _, t := range totals {
		out.Totals = append(out.Totals, *t)
	}
	for k, w := range f.whatIf {
		if k.kind == "" {
			for _, day := range f.lived {
				_, yearly := f.accounts[till.WalletTender(w.Wallet)].Spread(f.from, day)
				w.Yearly += yearly
			}
		}
		out.WhatIf = append(out.WhatIf, *w)
	}
	slices.SortFunc(out.Totals, func(a, b till.FeeTotal) int { return cmp.Compare(a.Kind, b.Kind) })
	slices.SortFunc(out.Days, func(a, b till.FeeDay) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Kind, b.Kind)) })
	slices.SortFunc(out.Arrivals, func(a, b till.Arrival) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Kind, b.Kind)) })
	slices.SortFunc(out.WhatIf, func(a, b till.WhatIf) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Wallet, b.Wallet))
	})
}
