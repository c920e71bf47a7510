package cards

import (
	"context"
	"errors"
	"fmt"

	"guitai/hardware/terminal"
	"guitai/till"
)

// A journal is the ledger as the journal of the terminal's desk.
type journal struct{ t *Terminal }

// Intend writes an order into the handle of its attempt or refund, which stays
// in the state in which the desk of payments sends.
func (j journal) Intend(ctx context.Context, p terminal.Payment) error {
	err := j.keep(ctx, p.Ref, func(handle string) (string, error) {
		if handle != "" {
			return "", fmt.Errorf("card payment %s was ordered before", p.Ref)
		}
		return kept{State: intended, Payment: &p}.String(), nil
	})
	if err != nil {
		return err
	}
	if o := j.t.order(p.Ref); o != nil {
		close(o.intended)
	}
	return nil
}

// Settle writes down how an order ended.
func (j journal) Settle(ctx context.Context, ref string, r terminal.Result) error {
	return j.keep(ctx, ref, func(handle string) (string, error) {
		k, err := readKept(handle)
		if err != nil {
			return "", err
		}
		if k.Result != nil {
			if k.Result.Outcome != r.Outcome {
				return "", fmt.Errorf("card payment %s is %s, not %s", ref, k.Result.Outcome, r.Outcome)
			}
			return handle, nil
		}
		return kept{State: string(r.Outcome), Result: &r}.String(), nil
	})
}

// Open lists the orders that are not settled, oldest first.
func (j journal) Open(ctx context.Context) ([]terminal.Payment, error) {
	attempts, err := j.t.book.OpenAttempts(ctx)
	if err != nil {
		return nil, err
	}
	refunds, err := j.t.book.OpenRefunds(ctx)
	if err != nil {
		return nil, err
	}
	var out []terminal.Payment
	add := func(number, handle string) {
		if k, err := readKept(handle); err == nil && k.State == intended && k.Payment != nil {
			out = append(out, *k.Payment)
		}
	}
	for i := range attempts {
		if attempts[i].Wallet == till.CardTerminal {
			add(attempts[i].Number, attempts[i].Handle)
		}
	}
	for i := range refunds {
		add(refunds[i].Number, refunds[i].Handle)
	}
	return out, nil
}

// moveTries bounds how often a handle is written while others move the payment.
const moveTries = 8

// keep changes the handle of an attempt or a refund, in whatever state it is.
func (j journal) keep(ctx context.Context, number string, change func(handle string) (string, error)) error {
	var err error
	for range moveTries {
		var moved bool
		if moved, err = j.once(ctx, number, change); moved || till.CodeOf(err) != till.AttemptMoved {
			return err
		}
	}
	return err
}

func (j journal) once(ctx context.Context, number string, change func(handle string) (string, error)) (bool, error) {
	a, err := j.t.book.Attempt(ctx, number)
	if err == nil {
		handle, err := change(a.Handle)
		if err != nil {
			return true, err
		}
		_, err = j.t.book.MoveAttempt(ctx, number, a.State, till.AttemptMove{To: a.State, Reason: a.Reason, Handle: handle})
		return err == nil, err
	}
	if till.CodeOf(err) != till.NoSuchAttempt {
		return false, err
	}
	r, other := j.t.book.Refund(ctx, number)
	if other != nil {
		return false, errors.Join(err, other)
	}
	handle, err := change(r.Handle)
	if err != nil {
		return true, err
	}
	_, err = j.t.book.MoveRefund(ctx, number, r.State, till.RefundMove{To: r.State, Reason: r.Reason, Handle: handle})
	return err == nil, err
}
