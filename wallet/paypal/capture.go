package paypal

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// The handle of a charge is the order's id; once a capture is meant, a blank
// and the time of that, in Unix seconds, follow. The core keeps the handle
// before it asks again, and only a query with a fresh mark captures. So
// whatever happens, an order without a mark was never captured by us.

// markFresh is how old a mark may be for a capture to be sent under it.
const markFresh = time.Minute

// markFor is how long after its mark a capture may still be on its way: a call
// ends after seconds, and what a network holds back longer than this is beyond
// belief. The next day's list is looked through all the same.
const markFor = 30 * time.Minute

func mark(order string, at time.Time) string {
	return order + " " + strconv.FormatInt(at.Unix(), 10)
}

// marked takes a handle apart. A mark that cannot be read is of an unknown
// time, which counts as now.
func (p *adapter) marked(handle string) (order string, age time.Duration, ok bool) {
	order, text, ok := strings.Cut(handle, " ")
	if !ok {
		return order, 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return order, 0, true
	}
	return order, p.now().Sub(time.Unix(n, 0)), true
}

func (p *adapter) now() time.Time {
	if p.client.Now != nil {
		return p.client.Now()
	}
	return time.Now()
}

// Query reads the order, and captures it once the customer has approved it: not
// while the charge is given up, and only under a mark that was kept before.
func (p *adapter) Query(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if c.Handle == "" {
		if c.GivingUp {
			return wallet.Answer{Verdict: wallet.Closed, Reason: till.StoppedByCashier, Said: "no order was captured: its number never arrived"}, nil
		}
		// There is nothing to ask for: PayPal finds no order by our number.
		return wallet.Answer{Verdict: wallet.Missing, Reason: till.NoNetwork, Said: "the order's number never arrived"}, nil
	}
	id, age, marked := p.marked(c.Handle)
	var got order
	f, err := p.ask(ctx, request{kind: wallet.CallQuery, number: c.Number, path: "/v2/checkout/orders/" + url.PathEscape(id)}, &got)
	switch {
	case err != nil:
		return lost(err)
	case f != nil && f.missing() && c.GivingUp && !marked:
		return wallet.Answer{Verdict: wallet.Closed, Reason: till.TimedOut, Said: f.said()}, nil
	case f != nil && f.missing():
		return wallet.Answer{Verdict: wallet.Missing, Said: f.said()}, nil
	case f != nil:
		return f.unclear(), nil
	case got.ID != id:
		return notUnderstood("another order than was asked for"), nil
	}
	a := p.readOrder(c, got)
	if a.Verdict != wallet.Waiting || len(got.captures()) != 0 {
		return a, nil
	}
	switch {
	case c.GivingUp && marked && age < markFor:
		return wallet.Answer{Reason: till.ProviderDown, Said: "a capture may be on its way"}, nil
	case c.GivingUp:
		// Not captured, and it will not be.
		return wallet.Answer{Verdict: wallet.Closed, Reason: till.StoppedByCashier, Said: got.Status + ", never captured"}, nil
	case got.Status != "APPROVED":
		return a, nil
	case !marked || age < 0 || age > markFresh:
		a.Handle, a.Again = mark(id, p.now()), time.Millisecond
		return a, nil
	}
	return p.capture(ctx, c, id)
}

// capture takes the money of an approved order. The same PayPal-Request-Id goes
// with every try, so that it is taken once (Orders v2, orders.capture); what
// stays in doubt, the next query reads from the order.
func (p *adapter) capture(ctx context.Context, c wallet.Charge, id string) (wallet.Answer, error) {
	var got order
	f, err := p.ask(ctx, request{
		kind: wallet.CallCapture, number: c.Number, path: "/v2/checkout/orders/" + url.PathEscape(id) + "/capture",
		key: c.Number + "-capture", body: map[string]any{},
	}, &got)
	switch {
	case err != nil:
		return lost(err)
	case f == nil && got.ID != id:
		return notUnderstood("another order than was captured"), nil
	case f == nil:
		return p.readOrder(c, got), nil
	}
	a := f.unclear()
	r, known := captureRefusals[f.issue]
	if f.semantic() && known {
		a.Verdict, a.Reason = r.verdict, r.reason
		if a.Verdict == wallet.Unclear {
			a.Again = time.Second
		}
	}
	return a, nil
}

// readOrder says what an order proves (Orders v2, order_status and
// capture_status). An order that could still be paid is Waiting.
func (p *adapter) readOrder(c wallet.Charge, got order) wallet.Answer {
	if !orderForm.MatchString(got.ID) {
		return notUnderstood("no order")
	}
	a := wallet.Answer{Verdict: wallet.Waiting, Said: got.Status}
	// A mark is not lost by reading.
	if have, _, _ := strings.Cut(c.Handle, " "); have != got.ID {
		a.Handle = got.ID
	}
	if u := got.unit(); u != nil {
		switch {
		case cmp.Or(u.Custom, c.Number) != c.Number || cmp.Or(u.Invoice, c.Number) != c.Number:
			return wallet.Answer{Reason: till.NumberReused, Said: "the order belongs to another number"}
		case p.payee != "" && u.Payee != nil && u.Payee.Merchant != "" && u.Payee.Merchant != p.payee:
			return wallet.Answer{Reason: till.SetUpWrong, Said: "the order pays another merchant"}
		}
		if u.Amount != nil && len(got.captures()) == 0 {
			if n, code, ok := u.Amount.stated(); !ok || n != c.Amount || code != c.Currency.Code {
				return wallet.Answer{Reason: till.AmountDiffers, Said: "the order states " + u.Amount.Value + " " + u.Amount.Currency}
			}
		}
	}
	switch got.Status {
	case "CREATED", "SAVED", "PAYER_ACTION_REQUIRED", "APPROVED":
		a.QR = got.link(p.live)
	case "VOIDED":
		a.Verdict, a.Reason = wallet.Closed, till.TimedOut
	case "COMPLETED":
		return readCaptures(a, got)
	default:
		return notUnderstood("an order that is " + got.Status)
	}
	return a
}

// readCaptures says what the capture of a completed order proves.
func readCaptures(a wallet.Answer, got order) wallet.Answer {
	all := got.captures()
	if len(all) == 0 {
		return notUnderstood("a completed order without a capture")
	}
	// One order has one capture; if it ever has more, the one that took money counts.
	cp := all[0]
	for _, x := range all {
		if x.Status == "COMPLETED" {
			cp = x
		}
	}
	a.Provider, a.Said = cp.ID, cp.Status
	if cp.Details != nil {
		a.Said += " " + cp.Details.Reason
	}
	switch cp.Status {
	case "COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED":
		n, code, ok := cp.Amount.stated()
		if !ok || cp.ID == "" {
			return notUnderstood("a capture without an amount")
		}
		a.Verdict, a.Amount, a.Currency = wallet.Done, n, code
		a.Number = cmp.Or(cp.Custom, cp.Invoice, got.unit().Custom, got.unit().Invoice)
		a.PaidAt = when(cp.Created)
		if cp.Status == "REFUNDED" {
			a.Verdict = wallet.Returned
		}
	case "PENDING":
		// Not money yet: a review, a currency to accept.
	case "DECLINED", "FAILED":
		a.Verdict, a.Reason = wallet.Refused, till.PayerBlocked
	default:
		return notUnderstood("a capture that is " + cp.Status)
	}
	return a
}
