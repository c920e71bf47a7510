package sim

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// refund gives back a part of a payment (Refunds, create). Nothing but the
// idempotency key keeps a second one from being made.
func (p *Stripe) refund(q url.Values) (stripeObject, *stripeError) {
	pay, ok := p.payment(q.Get("payment_intent"))
	if !ok {
		return nil, stripeMissing("payment_intent", q.Get("payment_intent"))
	}
	amount := pay.Captured - pay.Refunded()
	if text := q.Get("amount"); text != "" {
		n, _, e := stripeAmount(text, strings.ToLower(pay.Currency), "amount")
		// A refund has no least amount.
		if e != nil && e.code != "amount_too_small" {
			return nil, e
		}
		if amount = n; e != nil {
			fmt.Sscanf(text, "%d", &amount)
		}
	}
	if r := q.Get("reason"); r != "" && r != "duplicate" && r != "fraudulent" && r != "requested_by_customer" {
		return nil, stripeBad("", "reason", "Invalid reason: "+r)
	}
	number := cmp.Or(q.Get("metadata[refund]"), "refund")
	for n := 2; slices.ContainsFunc(pay.Refunds, func(r Refund) bool { return r.Number == number }); n++ {
		number = fmt.Sprintf("%s#%d", q.Get("metadata[refund]"), n)
	}
	_, err := p.s.Refund(p.Name(), pay.Number, number, amount)
	switch {
	case errors.Is(err, ErrTooMuch) && pay.Refunded() == pay.Captured:
		return nil, stripeBad("charge_already_refunded", "", "Charge has already been refunded.")
	case errors.Is(err, ErrTooMuch):
		return nil, stripeBad("", "", "Refund amount is greater than unrefunded amount on charge")
	case errors.Is(err, ErrNotPaid):
		return nil, stripeBad("", "", "This PaymentIntent does not have a successful charge to refund.")
	case err != nil:
		return nil, &stripeError{http.StatusInternalServerError, "api_error", "", "", err.Error()}
	}
	id := p.id("re_")
	p.back[id] = stripeRefund{pay.Number, number, map[string]string{"attempt": q.Get("metadata[attempt]"), "refund": q.Get("metadata[refund]")}}
	return p.refundObject(id), nil
}

// payment finds a payment by its PaymentIntent, that of a session included.
func (p *Stripe) payment(intent string) (Payment, bool) {
	if pay, ok := p.find("intent", intent); ok {
		return pay, true
	}
	pay, ok := p.find("paid_by", intent)
	return pay, ok && (pay.State == Paid || pay.State == Reversed)
}

func (p *Stripe) numberOfRefund(id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	number, _, _ := strings.Cut(p.back[id].payment, "#")
	return number
}

func (p *Stripe) oneRefund(id string) (stripeObject, *stripeError) {
	if _, ok := p.back[id]; !ok {
		return nil, stripeMissing("refund", id)
	}
	return p.refundObject(id), nil
}

func (p *Stripe) listRefunds(q url.Values) (stripeObject, *stripeError) {
	pay, ok := p.payment(q.Get("payment_intent"))
	if !ok {
		return nil, stripeMissing("payment_intent", q.Get("payment_intent"))
	}
	var ids []string
	for id, r := range p.back {
		if r.payment == pay.Number {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return stripePage("/v1/refunds", q, ids, func(id string) string { return id }, func(id string, t Twist) map[string]any { return p.refundObject(id)(t) })
}

func (p *Stripe) refundObject(id string) stripeObject {
	r := p.back[id]
	pay, _ := p.s.Payment(p.Name(), r.payment)
	return func(t Twist) map[string]any {
		m := map[string]any{
			"id": id, "object": "refund", "status": "succeeded", "currency": strings.ToLower(pay.Currency), "payment_intent": cmp.Or(pay.Kept["intent"], pay.Kept["paid_by"]),
			"metadata": map[string]any{"attempt": r.meta["attempt"], "refund": r.meta["refund"]}, "reason": "requested_by_customer",
		}
		for _, x := range pay.Refunds {
			if x.Number == r.number {
				amount := x.Amount
				if t.Amount != 0 {
					amount = t.Amount
				}
				m["amount"], m["created"] = stripeUnits(amount, pay.Currency), x.At.Add(t.Clock).Unix()
			}
		}
		return m
	}
}

// balance lists the movements of the balance, newest first (Balance
// transactions, list). The fee is 2.9 % and 30 cents, and stays with Stripe
// when money goes back.
func (p *Stripe) balance(q url.Values) (stripeObject, *stripeError) {
	type movement struct {
		id     string
		at     time.Time
		fields map[string]any
	}
	var all []movement
	add := func(pay Payment, id, kind string, at time.Time, amount, fee int64, source map[string]any) {
		if !stripeWithin(q, at) {
			return
		}
		m := map[string]any{
			"id": "txn_" + id, "object": "balance_transaction", "type": kind, "reporting_category": kind, "status": "available", "balance_type": "payments",
			"amount": amount, "fee": fee, "net": amount - fee, "fee_details": []any{}, "currency": strings.ToLower(pay.Currency), "created": at.Unix(),
			"available_on": at.Unix(), "exchange_rate": nil, "source": source,
		}
		all = append(all, movement{"txn_" + id, at, m})
	}
	for _, pay := range p.s.All() {
		if pay.Platform != p.Name() || pay.Captured == 0 {
			continue
		}
		intent, n := cmp.Or(pay.Kept["intent"], pay.Kept["paid_by"]), stripeUnits(pay.Captured, pay.Currency)
		add(pay, pay.ID, "charge", pay.PaidAt, n, (n*29+500)/1000+30, stripeCharge(pay, intent, pay.Captured, Twist{}))
		for id, r := range p.back {
			if r.payment != pay.Number {
				continue
			}
			source := p.refundObject(id)(Twist{})
			add(pay, strings.TrimPrefix(id, "re_"), "refund", time.Unix(source["created"].(int64), 0), -source["amount"].(int64), 0, source)
		}
	}
	slices.SortFunc(all, func(a, b movement) int { return cmp.Or(b.at.Compare(a.at), strings.Compare(b.id, a.id)) })
	return stripePage("/v1/balance_transactions", q, all, func(m movement) string { return m.id }, func(m movement, _ Twist) map[string]any { return m.fields })
}
