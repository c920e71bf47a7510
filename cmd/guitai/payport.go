package main

import (
	"context"
	"time"

	"guitai/cmd/internal/cards"
	"guitai/cmd/internal/wallets"
	"guitai/till"
)

// payments answers the payment pages from the ledger at work.
type payments struct{ p *program }

func (x payments) Attempts(ctx context.Context, f till.AttemptFilter) ([]till.Attempt, error) {
	return x.p.book().Attempts(ctx, f)
}

func (x payments) Attempt(ctx context.Context, number string) (till.Attempt, error) {
	return x.p.book().Attempt(ctx, number)
}

func (x payments) AttemptMoves(ctx context.Context, number string) ([]till.AttemptMove, error) {
	return x.p.book().AttemptMoves(ctx, number)
}

func (x payments) AttemptCalls(ctx context.Context, number string) ([]till.WalletCall, error) {
	return x.p.book().AttemptCalls(ctx, number)
}

func (x payments) Health(ctx context.Context) ([]till.WalletHealth, error) {
	return x.p.book().WalletHealth(ctx)
}

// payLimit is how long a wallet waits for its customer before the payment is
// closed; 0 where the wallet has no such way.
func payLimit(name string, way till.Presentment) time.Duration {
	if name == till.CardTerminal && way == till.Tap {
		return cards.Limit
	}
	spec, _ := wallets.Find(name)
	return spec.Ability.Pace[way].Limit
}
