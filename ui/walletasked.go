package ui

import (
	"context"
	"time"

	"guitai/till"
)

// Payments reads what the ledger holds of wallet payments. Every method may take time.
type Payments interface {
	// Attempts lists attempts, the newest first.
	Attempts(ctx context.Context, f till.AttemptFilter) ([]till.Attempt, error)
	// Attempt returns one by its number.
	Attempt(ctx context.Context, number string) (till.Attempt, error)
	// AttemptMoves lists what became of one, the oldest first.
	AttemptMoves(ctx context.Context, number string) ([]till.AttemptMove, error)
	// AttemptCalls lists what its provider was asked, the oldest first.
	AttemptCalls(ctx context.Context, number string) ([]till.WalletCall, error)
	// Health lists how the latest payments through each wallet went.
	Health(ctx context.Context) ([]till.WalletHealth, error)
}

// readEvery is how often it is looked how often the provider was asked.
const readEvery = 3 * time.Second

// readCalls looks how often the provider was asked, off this goroutine.
func (p *walletPage) readCalls() {
	w, now := p.w, p.w.ports.Now()
	if w.ports.Payments == nil || p.reading || now.Sub(p.readAt) < readEvery && p.calls.number == p.drawn.Number {
		return
	}
	p.readAt = now
	number := p.drawn.Number
	var calls []till.WalletCall
	var err error
	p.reading = true
	w.Ask(func(ctx context.Context) { calls, err = w.ports.Payments.AttemptCalls(ctx, number) }, func() {
		p.reading = false
		if err != nil || number != p.drawn.Number {
			return
		}
		p.calls = queriesOf(number, calls)
	})
}

// queriesOf counts what a provider was asked about a payment.
func queriesOf(number string, calls []till.WalletCall) callsOf {
	c := callsOf{number: number}
	for _, x := range calls {
		if x.Number == number && x.Kind == "query" {
			c.count++
			c.last = x.Began
		}
	}
	return c
}
