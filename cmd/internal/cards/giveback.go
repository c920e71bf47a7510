package cards

import (
	"context"
	"errors"

	"guitai/hardware/terminal"
	"guitai/till"
	"guitai/wallet"
)

// A returner is a terminal that gives money back on the till's order.
type returner struct{ *Terminal }

// Refund orders that money be given back, and waits for the terminal: a refund
// has no screen of its own that it could keep from moving.
func (t *returner) Refund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	c := r.Of
	c.Number, c.Amount = r.Number, r.Amount
	kept, err := t.refund(ctx, r.Number)
	if err != nil {
		return wallet.NoAnswer(err), nil
	}
	if kept.Payment != nil || kept.Result != nil {
		return t.QueryRefund(ctx, r) // ordered before: never again under this number
	}
	p := terminal.Payment{Ref: r.Number, Amount: int64(r.Amount), At: r.At, Of: &terminal.Original{Amount: int64(r.Of.Amount), At: r.Of.At}}
	if paid, ok := till.ReadCardPaid(r.Of.Provider); ok {
		p.Of.Trace, p.Of.Receipt = paid.Trace, paid.Receipt
	}
	if p.Currency, err = t.currency(c.Currency.Code); err != nil {
		return wallet.Answer{}, err
	}
	o, err := t.begin(ctx, wallet.CallRefund, p)
	if err != nil {
		return wallet.Answer{}, err
	}
	<-o.ended
	return judged(c, o.r), nil
}

// QueryRefund says what became of a refund, and asks the terminal where that is
// not known. Missing is one that was never ordered.
func (t *returner) QueryRefund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	c := r.Of
	c.Number, c.Amount = r.Number, r.Amount
	k, err := t.refund(ctx, r.Number)
	switch {
	case err != nil:
		return wallet.NoAnswer(err), nil
	case k.Result != nil:
		return judged(c, *k.Result), nil
	case k.Payment == nil:
		return wallet.Answer{Verdict: wallet.Missing}, nil
	}
	got, err := t.recover(ctx, r.Number)
	if err != nil && (got.Outcome == "" || errors.Is(err, terminal.ErrNoIntent)) {
		return wallet.Answer{Reason: till.NoNetwork, Said: err.Error()}, nil
	}
	return judged(c, got), nil
}

// refund is what is kept of an order to give back.
func (t *returner) refund(ctx context.Context, number string) (kept, error) {
	r, err := t.book.Refund(ctx, number)
	if err != nil {
		return kept{}, err
	}
	return readKept(r.Handle)
}
