package paypal

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"guitai/till"
	"guitai/wallet"
)

// Refund gives money back by POST /v2/payments/captures/{id}/refund. The
// refund's number is its PayPal-Request-Id, known for 45 days, and its invoice
// number; later, the refunds of the order are looked through first.
func (p *adapter) Refund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	if r.Amount <= 0 || r.Amount > r.Of.Amount {
		return wallet.Answer{}, fmt.Errorf("%w: %w", wallet.ErrNotSent, &wallet.FieldError{Field: "amount", Reason: till.AmountNotAllowed, Detail: "outside what was paid"})
	}
	v, err := value(r.Amount, r.Of.Currency)
	if err != nil {
		return wallet.Answer{}, err
	}
	old := !r.At.IsZero() && p.now().Sub(r.At) > keyLife
	id := r.Of.Provider
	if id == "" || old {
		got, a, err := p.orderOf(ctx, r)
		if got == nil {
			return a, err
		}
		if a, ok := findRefund(r, got); old && ok {
			return a, nil
		}
		if all := got.captures(); len(all) != 0 {
			id = all[0].ID
		}
	}
	if id == "" {
		return wallet.Answer{Reason: till.NotRefundable, Said: "the order has no capture"}, nil
	}
	var got refund
	f, err := p.ask(ctx, request{
		kind: wallet.CallRefund, number: r.Number, path: "/v2/payments/captures/" + url.PathEscape(id) + "/refund", key: r.Number + "-refund",
		body: map[string]any{
			"amount":        map[string]any{"currency_code": r.Of.Currency.Code, "value": v},
			"invoice_id":    r.Number,
			"custom_id":     r.Of.Number,
			"note_to_payer": cut(r.Why, 255, r.Number),
		},
	}, &got)
	switch {
	case err != nil:
		return lost(err)
	case f != nil && f.issue == "DUPLICATE_INVOICE_ID":
		// A refund with this number was made before: read it.
		a := f.unclear()
		a.Reason = till.NumberReused
		return a, nil
	case f != nil && f.definite() && f.status != http.StatusUnauthorized:
		return f.refused(), nil
	case f != nil:
		// A token or secret that is no longer good keeps the refund open.
		a := f.unclear()
		a.Repeat = true
		return a, nil
	}
	return readRefund(r, got), nil
}

// QueryRefund reads the refund by its id, or among those of the order by our
// number.
func (p *adapter) QueryRefund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	if r.Handle == "" {
		got, a, err := p.orderOf(ctx, r)
		if got == nil {
			return a, err
		}
		if a, ok := findRefund(r, got); ok {
			return a, nil
		}
		return wallet.Answer{Verdict: wallet.Missing, Said: "no refund with this number"}, nil
	}
	var got refund
	f, err := p.ask(ctx, request{kind: wallet.CallQueryRefund, number: r.Number, path: "/v2/payments/refunds/" + url.PathEscape(r.Handle)}, &got)
	switch {
	case err != nil:
		return lost(err)
	case f != nil && f.missing():
		return wallet.Answer{Verdict: wallet.Missing, Said: f.said()}, nil
	case f != nil:
		return f.unclear(), nil
	}
	return readRefund(r, got), nil
}

// orderOf reads the order that was paid; where it cannot, the answer says why.
func (p *adapter) orderOf(ctx context.Context, r wallet.Refund) (*order, wallet.Answer, error) {
	id, _, _ := strings.Cut(r.Of.Handle, " ")
	if id == "" {
		return nil, wallet.Answer{Reason: till.NotRefundable, Said: "the order's number is not known"}, nil
	}
	var got order
	f, err := p.ask(ctx, request{kind: wallet.CallQueryRefund, number: r.Number, path: "/v2/checkout/orders/" + url.PathEscape(id)}, &got)
	switch {
	case err != nil:
		a, err := lost(err)
		return nil, a, err
	case f != nil:
		return nil, f.unclear(), nil
	case got.ID != id:
		return nil, notUnderstood("another order than was asked for"), nil
	}
	return &got, wallet.Answer{}, nil
}

func findRefund(r wallet.Refund, got *order) (wallet.Answer, bool) {
	if u := got.unit(); u != nil && u.Payments != nil {
		for _, x := range u.Payments.Refunds {
			if x.Invoice == r.Number {
				return readRefund(r, x), true
			}
		}
	}
	return wallet.Answer{}, false
}

// readRefund says what a refund proves (Payments v2, refund_status).
func readRefund(r wallet.Refund, got refund) wallet.Answer {
	if got.ID == "" || got.Invoice != "" && got.Invoice != r.Number {
		return notUnderstood("no refund of this number")
	}
	a := wallet.Answer{Handle: got.ID, Provider: got.ID, Number: got.Invoice, Said: got.Status, PaidAt: when(got.Created)}
	if got.Details != nil {
		a.Said += " " + got.Details.Reason
	}
	switch got.Status {
	case "COMPLETED":
		n, code, ok := got.Amount.stated()
		if !ok {
			return notUnderstood("a refund without an amount")
		}
		a.Verdict, a.Amount, a.Currency = wallet.Done, n, code
	case "PENDING":
		a.Verdict = wallet.Waiting
	case "FAILED", "CANCELLED":
		a.Verdict, a.Reason = wallet.Refused, till.OtherReason
	default:
		return notUnderstood("a refund that is " + got.Status)
	}
	return a
}
