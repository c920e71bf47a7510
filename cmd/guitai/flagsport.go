package main

import (
	"context"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui"
)

// hints says what is worth a look, from the ledger at work.
type hints struct {
	p     *program
	daily *daily
}

func (h hints) Flags(ctx context.Context, from, to till.BusinessDay) ([]till.Flag, error) {
	return h.p.book().Flags(ctx, from, to)
}

// Odd notes what came since the last look before it lists.
func (h hints) Odd(ctx context.Context, from, to till.BusinessDay) ([]till.OddNote, error) {
	if _, err := h.p.book().Odd(ctx); err != nil {
		return nil, err
	}
	return h.p.book().OddNotes(ctx, from, to)
}

func (h hints) OpenCases(ctx context.Context) ([]till.PaymentCase, error) {
	return h.p.book().OpenCases(ctx)
}

func (h hints) Failures(ctx context.Context, from, to till.BusinessDay) ([]till.FailureCount, error) {
	return h.p.book().Failures(ctx, from, to)
}

func (h hints) Totals(ctx context.Context, from, to till.BusinessDay) ([]till.WalletTotal, error) {
	r, err := h.p.book().Report(ctx, from, to)
	return r.Wallets, err
}

func (h hints) Care(ctx context.Context) (ui.Care, error) {
	var c ui.Care
	book := h.p.book()
	at, _, err := book.LastBackup(ctx)
	if err != nil {
		return c, err
	}
	jobs, err := book.JobsDue(ctx)
	if err != nil {
		return c, err
	}
	c.BackupAt, c.Slips = at, len(jobs)
	if h.daily != nil {
		if f := h.daily.out.Load(); f != nil {
			c.Daily = *f
		}
	}
	v := h.p.view()
	for i := range v.Attempts {
		if v.Attempts[i].State.Open() {
			c.Unanswered++
		}
	}
	for i := range v.Refunds {
		if v.Refunds[i].State.Open() {
			c.Unanswered++
		}
	}
	return c, nil
}

func (h hints) FloatFor(ctx context.Context, day till.BusinessDay, denominations []money.Amount) (till.FloatForecast, error) {
	return h.p.book().FloatFor(ctx, day, denominations)
}

// oddAfter is how long after a sale it is looked for what is odd: at the counter
// nobody waits for it, and many sales are looked at in one go.
const oddAfter = 5 * time.Second

// noteOdd notes what is odd about the records since the last look, soon after each
// sale or return, beside selling and saying nothing at the counter.
func (c *counter) noteOdd(ctx context.Context) {
	tick := time.NewTicker(oddAfter)
	defer tick.Stop()
	seen := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		v := c.view()
		book := c.book()
		if book == nil || v.Next == seen || v.Practice {
			continue
		}
		if n, err := book.Odd(ctx); err != nil {
			c.log.Warn("look for odd records", "err", err) // tried again at the next tick
		} else {
			seen = v.Next
			if n > 0 {
				c.log.Info("odd records noted", "n", n)
			}
		}
	}
}
