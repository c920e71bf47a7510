package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guitai/till"
)

// WalletAnswers measures how each provider answered this till's calls on a range
// of business days: how many it answered at all, and how fast. A call that got no
// answer, or one of a failing server, counts as unanswered.
func (l *Ledger) WalletAnswers(ctx context.Context, from, to till.BusinessDay) ([]till.WalletAnswers, error) {
	settings, err := l.Settings(ctx)
	if err != nil {
		return nil, err
	}
	// Calls have no business day: from its start on the first to its start after the last.
	start := func(d till.BusinessDay) int64 {
		return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, int(settings.DayStart), 0, 0, settings.Zone).UnixMilli()
	}
	var out []till.WalletAnswers
	times := map[string][]time.Duration{}
	err = each(ctx, l.q(), `SELECT wallet, began_ms, ended_ms, status, fault FROM wallet_call WHERE began_ms >= ? AND began_ms < ? ORDER BY wallet, id`,
		[]any{start(from), start(to.Plus(1))}, func(s scanner) error {
			var wallet, fault string
			var began, ended int64
			var status int
			if err := s.Scan(&wallet, &began, &ended, &status, &fault); err != nil {
				return err
			}
			if len(out) == 0 || out[len(out)-1].Wallet != wallet {
				out = append(out, till.WalletAnswers{Wallet: wallet})
			}
			w := &out[len(out)-1]
			w.Calls++
			if ended == 0 || status == 0 || status >= 500 {
				w.Unanswered++
				return nil
			}
			times[wallet] = append(times[wallet], time.Duration(ended-began)*time.Millisecond)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("measure the answers of wallets: %w", err)
	}
	for i := range out {
		if t := times[out[i].Wallet]; len(t) > 0 {
			slices.Sort(t)
			out[i].Times = till.PayTimes{Median: t[(len(t)-1)/2], P90: t[(len(t)-1)*9/10], Most: t[len(t)-1]}
		}
	}
	return out, nil
}
