package stripe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guitai/till"
	"guitai/wallet"
)

// Refund gives money back by POST /v1/refunds. The refund's number makes the
// idempotency key, so that a repetition within the key's life is the refund
// that was made; later, the refunds of the payment are looked through first.
func (s *adapter) Refund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	n, err := units(r.Amount, r.Of.Currency)
	if err != nil {
		return wallet.Answer{}, err
	}
	if r.Amount <= 0 || r.Amount > r.Of.Amount {
		return wallet.Answer{}, fmt.Errorf("%w: %w", wallet.ErrNotSent, &wallet.FieldError{Field: "amount", Reason: till.AmountNotAllowed, Detail: "outside what was paid"})
	}
	id, a, err := s.intentOf(ctx, r)
	if id == "" || err != nil {
		return a, err
	}
	if !r.At.IsZero() && s.now().Sub(r.At) > keyLife-keyMargin {
		if a, err := s.findRefund(ctx, r, id); err != nil || a.Verdict != wallet.Missing {
			return a, err
		}
	}
	var got refund
	f, err := s.ask(ctx, request{
		kind: wallet.CallRefund, number: r.Number, method: http.MethodPost, path: "/v1/refunds",
		params: url.Values{
			"payment_intent":    {id},
			"amount":            {strconv.FormatInt(n, 10)},
			"reason":            {"requested_by_customer"},
			"metadata[attempt]": {r.Of.Number},
			"metadata[refund]":  {r.Number},
		},
		key: r.Number + "-refund",
	}, &got)
	switch {
	case err != nil:
		return lost(err)
	case f != nil && f.definite() && f.status != http.StatusUnauthorized:
		a := f.refused()
		if a.Reason == till.OtherReason {
			// Stripe has no code for more than is left of the payment.
			a.Reason = till.NotRefundable
		}
		return a, nil
	case f != nil:
		// A key that is no longer good keeps the refund open.
		a := f.unclear()
		a.Repeat = f.again() || f.status == http.StatusUnauthorized
		return a, nil
	}
	return readRefund(r, got), nil
}

// QueryRefund asks for the refund, by its id or by our number among those of
// the payment.
func (s *adapter) QueryRefund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	if r.Handle == "" {
		id, a, err := s.intentOf(ctx, r)
		if id == "" || err != nil {
			return a, err
		}
		return s.findRefund(ctx, r, id)
	}
	var got refund
	f, err := s.ask(ctx, request{
		kind: wallet.CallQueryRefund, number: r.Number, method: http.MethodGet, path: "/v1/refunds/" + url.PathEscape(r.Handle),
	}, &got)
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

// intentOf returns the PaymentIntent that was paid: as it was seen, or asked
// for by the session. Without one the answer says why.
func (s *adapter) intentOf(ctx context.Context, r wallet.Refund) (string, wallet.Answer, error) {
	for _, id := range []string{r.Of.Provider, r.Of.Handle} {
		if id, _, _ = strings.Cut(id, " "); strings.HasPrefix(id, "pi_") {
			return id, wallet.Answer{}, nil
		}
	}
	c := r.Of
	c.GivingUp = true
	a, err := s.Query(ctx, c)
	if err != nil || strings.HasPrefix(a.Provider, "pi_") {
		return a.Provider, wallet.Answer{}, err
	}
	if a.Verdict != wallet.Unclear {
		a = wallet.Answer{Reason: till.NotRefundable, Said: "no payment to give back: " + a.Said}
	}
	return "", a, nil
}

// findRefund looks for our number among the refunds of a payment.
func (s *adapter) findRefund(ctx context.Context, r wallet.Refund, intent string) (wallet.Answer, error) {
	params := url.Values{"payment_intent": {intent}, "limit": {"100"}}
	for range pagesMost {
		var page list[refund]
		f, err := s.ask(ctx, request{kind: wallet.CallQueryRefund, number: r.Number, method: http.MethodGet, path: "/v1/refunds", params: params}, &page)
		switch {
		case err != nil:
			return lost(err)
		case f != nil:
			return f.unclear(), nil
		case page.Object != "list":
			return notUnderstood("no list of refunds"), nil
		}
		for _, x := range page.Data {
			if x.Metadata["refund"] == r.Number {
				return readRefund(r, x), nil
			}
			params.Set("starting_after", x.ID)
		}
		if !page.More {
			return wallet.Answer{Verdict: wallet.Missing, Said: "no refund with this number"}, nil
		}
	}
	return notUnderstood("more refunds than can be looked through"), nil
}

// readRefund says what a refund proves (Refunds, status).
func readRefund(r wallet.Refund, got refund) wallet.Answer {
	switch {
	case got.Object != "refund" || !strings.HasPrefix(got.ID, "re_") && !strings.HasPrefix(got.ID, "pyr_"):
		return notUnderstood("no refund")
	case got.Metadata["refund"] != r.Number:
		return wallet.Answer{Reason: till.NumberReused, Said: "the refund belongs to another number"}
	}
	amount, code, ok := stated(got.Amount, got.Currency)
	if !ok {
		return notUnderstood("an amount that cannot be read")
	}
	a := wallet.Answer{Handle: got.ID, Provider: got.ID, Amount: amount, Currency: code, Number: r.Number, Said: got.Status, PaidAt: at(got.Created)}
	switch got.Status {
	case "succeeded":
		a.Verdict = wallet.Done
	case "pending", "requires_action":
		a.Verdict = wallet.Waiting
	case "failed", "canceled":
		// The money is back in the shop's balance (docs.stripe.com/refunds,
		// "Failed refunds").
		a.Verdict, a.Reason, a.Said = wallet.Refused, refundFailures[got.FailureReason], saidOf(got.Status, got.FailureReason)
		if a.Reason == till.ReasonNone {
			a.Reason = till.OtherReason
		}
	default:
		return notUnderstood("a refund that is " + got.Status)
	}
	return a
}
