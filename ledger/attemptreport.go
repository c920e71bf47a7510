package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"guitai/till"
)

// What reports ask about payments. Those that were never sent do not count.
const (
	askWallets = `SELECT wallet, mode, state, reason, was_paid, count(*) FROM attempt WHERE day BETWEEN ? AND ? AND state NOT IN (1, 2)
		GROUP BY wallet, mode, state, reason, was_paid ORDER BY wallet, mode`
	// Of one day they lie in this order.
	askWalletsOfDay = `SELECT wallet, mode, state, reason, was_paid, count(*) FROM attempt WHERE day = ? AND state NOT IN (1, 2)
		GROUP BY wallet, mode, state, reason, was_paid ORDER BY wallet, mode`
	askPayTimes      = "SELECT wallet, mode, took_ms FROM attempt WHERE day BETWEEN ? AND ? AND took_ms > 0"
	askPayTimesOfDay = "SELECT wallet, mode, took_ms FROM attempt WHERE day = ? AND took_ms > 0"
)

// real picks the attempts that count: live ones, and in a ledger for practising
// those that are practice.
const real = "mode = (SELECT CASE value WHEN 'true' THEN 'practice' ELSE 'live' END FROM meta WHERE key = 'practice')"

type walletMode struct{ wallet, mode string }

func reportWallets(ctx context.Context, q rowQuerier, r *till.Report) error {
	counts, payTimes, args := askWallets, askPayTimes, span(r)
	if r.From == r.To {
		counts, payTimes, args = askWalletsOfDay, askPayTimesOfDay, args[:1]
	}
	all, err := walletTotals(ctx, q, counts, payTimes, args...)
	r.Wallets = all
	return err
}

// walletTotals adds up attempts that two queries with the same arguments pick.
func walletTotals(ctx context.Context, q rowQuerier, counts, payTimes string, args ...any) ([]till.WalletTotal, error) {
	var all []till.WalletTotal
	byKey := map[walletMode]int{}
	err := each(ctx, q, counts, args, func(s scanner) error {
		var k walletMode
		var state till.AttemptState
		var reason till.Reason
		var paid bool
		var n int
		if err := s.Scan(&k.wallet, &k.mode, &state, &reason, &paid, &n); err != nil {
			return err
		}
		i, ok := byKey[k]
		if !ok {
			i = len(all)
			byKey[k] = i
			all = append(all, till.WalletTotal{Wallet: k.wallet, Mode: k.mode})
		}
		countAttempts(&all[i], state, reason, paid, n)
		return nil
	})
	if err != nil || len(all) == 0 {
		return all, err
	}
	times := map[walletMode][]time.Duration{}
	err = each(ctx, q, payTimes, args, func(s scanner) error {
		var k walletMode
		var ms int64
		err := s.Scan(&k.wallet, &k.mode, &ms)
		times[k] = append(times[k], time.Duration(ms)*time.Millisecond)
		return err
	})
	for i := range all {
		w := &all[i]
		slices.SortFunc(w.Reasons, func(a, b till.ReasonCount) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
		})
		if t := times[walletMode{w.Wallet, w.Mode}]; len(t) > 0 {
			slices.Sort(t)
			w.Seconds = till.PayTimes{Median: t[(len(t)-1)/2], P90: t[(len(t)-1)*9/10], Most: t[len(t)-1]}
		}
	}
	return all, err
}

func countAttempts(w *till.WalletTotal, state till.AttemptState, reason till.Reason, paid bool, n int) {
	w.Attempts += n
	if paid {
		w.Paid += n
		return
	}
	switch state {
	case till.Declined:
		w.Declined += n
	case till.Cancelled:
		w.Cancelled += n
	case till.Watch:
		w.Watched += n
	default:
		w.Unknown += n
	}
	if reason == "" {
		return
	}
	for i := range w.Reasons {
		if w.Reasons[i].Reason == reason {
			w.Reasons[i].Count += n
			return
		}
	}
	w.Reasons = append(w.Reasons, till.ReasonCount{Reason: reason, Count: n})
}

// Failures counts the attempts of a range of days that were not paid, by
// wallet, reason, hour and cashier, most frequent first, and how many of them
// were of sales that were completed all the same, paid in another way. Attempts
// that are no real money are left out.
func (l *Ledger) Failures(ctx context.Context, from, to till.BusinessDay) ([]till.FailureCount, error) {
	var out []till.FailureCount
	err := each(ctx, l.q(), `SELECT wallet, reason, (planned_ms / 60000 + zone) / 60 % 24, cashier, count(*), sum(saved), sum(amount * (1 - saved)) FROM (
		SELECT *, EXISTS (SELECT 1 FROM sale s WHERE s.id = attempt.sale) saved FROM attempt
		WHERE day BETWEEN ? AND ? AND state NOT IN (1, 2) AND was_paid = 0 AND `+real+`) GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4`, []any{int(from), int(to)}, func(s scanner) error {
		var f till.FailureCount
		err := s.Scan(&f.Wallet, &f.Reason, &f.Hour, &f.Cashier, &f.Count, &f.Saved, &f.Lost)
		out = append(out, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count failed payments: %w", err)
	}
	return out, nil
}

// What WalletHealth looks at: the last attempts of a wallet, of the last hour.
const (
	healthLast = 20
	healthAge  = time.Hour
)

// WalletHealth returns how the last attempts through each wallet went, by name.
// A wallet without any in the last hour is left out, and so are attempts that
// are still on their way.
func (l *Ledger) WalletHealth(ctx context.Context) ([]till.WalletHealth, error) {
	var out []till.WalletHealth
	err := each(ctx, l.q(), `SELECT wallet, state, reason, was_paid, paid_ms FROM (SELECT *, row_number() OVER (PARTITION BY wallet ORDER BY id DESC) n FROM attempt
		WHERE id > (SELECT ifnull(max(id), 0) - 5000 FROM attempt) AND planned_ms > ? AND `+real+` AND (was_paid = 1 OR state IN (5, 7, 8, 9, 10, 14)))
		WHERE n <= ? ORDER BY wallet, n`, []any{l.opt.Now().Add(-healthAge).UnixMilli(), healthLast}, func(s scanner) error {
		var h till.WalletHealth
		var state till.AttemptState
		var reason till.Reason
		var paid bool
		var ms int64
		if err := s.Scan(&h.Wallet, &state, &reason, &paid, &ms); err != nil {
			return err
		}
		if len(out) == 0 || out[len(out)-1].Wallet != h.Wallet {
			out = append(out, h)
		}
		w := &out[len(out)-1]
		w.Ended++
		switch at := time.UnixMilli(ms); {
		case paid:
			w.Paid++
			if at.After(w.LastPaid) {
				w.LastPaid = at
			}
		case reason.Fault(), state != till.Declined && state != till.Cancelled:
			w.Faults++
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at how wallets are: %w", err)
	}
	return out, nil
}

// OpenCases lists the payments that wait for somebody, oldest first: nobody
// knows whether they were paid, they are watched, came late, must go back, did
// not go back, or need a person. Those that are no real money are left
// out.
func (l *Ledger) OpenCases(ctx context.Context) ([]till.PaymentCase, error) {
	tx, err := l.r().BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("read the open payments: %w", err)
	}
	defer tx.Rollback()
	var st till.State
	if err := readMeta(ctx, tx, &st); err != nil {
		return nil, fmt.Errorf("read the open payments: %w", err)
	}
	mode := "live"
	if st.Practice {
		mode = "practice"
	}
	failed, err := refunds(ctx, tx, "r WHERE "+refundStuck+" ORDER BY id")
	if err != nil {
		return nil, err
	}
	var out []till.PaymentCase
	without := map[string]bool{}
	for i := range failed {
		r := &failed[i]
		a, err := attemptOf(ctx, tx, r.Attempt)
		if err != nil {
			return nil, err
		}
		if without[a.Number] = true; a.Mode == mode {
			out = append(out, till.PaymentCase{Kind: till.CaseRefundFailed, Attempt: a, Refund: r, Amount: r.Amount, Since: r.ChangedAt})
		}
	}
	list, err := attempts(ctx, tx, `WHERE id IN (SELECT id FROM attempt WHERE `+notOpen+` UNION ALL
		SELECT id FROM attempt WHERE state = 11 AND booked = 0 AND sale IS NOT NULL AND refunded < amount)`)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		kind := till.CaseOf(&a)
		if kind == "" || a.Mode != mode || without[a.Number] && kind != till.CaseUnbooked {
			continue
		}
		out = append(out, till.PaymentCase{Kind: kind, Attempt: a, Amount: a.Amount - a.Refunded, Since: a.ChangedAt})
	}
	slices.SortStableFunc(out, func(a, b till.PaymentCase) int { return a.Since.Compare(b.Since) })
	return out, nil
}
