package paypal

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// skewMost is how far this machine's clock may be off: the marks of captures
// and the life of a token are told by it.
const skewMost = 5 * time.Minute

// nobody is an order that no account has.
const nobody = "0GUITAI0000000000"

// Probe tries the account: a new token tells whether client ID and secret are
// right, and a query for an order that nobody has whether the account may take
// orders. PayPal signs no answers, so that step says what the proof is instead.
func (p *adapter) Probe(ctx context.Context) []wallet.Step {
	steps := []wallet.Step{{Name: "credentials", OK: true}}
	step := func(name string, reason till.Reason, detail string) {
		steps = append(steps, wallet.Step{Name: name, OK: reason == till.ReasonNone, Reason: reason, Detail: detail})
	}
	p.mu.Lock()
	reply, f, err := p.newToken(ctx, wallet.CallProbe)
	p.mu.Unlock()
	if err != nil {
		a := wallet.NoAnswer(err)
		step("host", a.Reason, a.Said)
		return steps
	}
	if f != nil && (!f.readable || f.status >= 500) {
		step("host", f.reason(), f.said())
		return steps
	}
	step("host", till.ReasonNone, "")
	if t, err := http.ParseTime(reply.Header.Get("Date")); err == nil {
		if d := reply.At.Sub(t); d > skewMost || d < -skewMost {
			step("clock", till.ClockWrong, fmt.Sprintf("this clock differs from PayPal's by %s", d.Round(time.Second)))
			return steps
		}
	}
	step("clock", till.ReasonNone, "")
	if f != nil {
		step("request_signature", till.SetUpWrong, f.said())
		return steps
	}
	step("request_signature", till.ReasonNone, "")
	step("answer_signature", till.ReasonNone, "TLS; PayPal does not sign answers")
	var got order
	f, err = p.ask(ctx, request{kind: wallet.CallProbe, path: "/v2/checkout/orders/" + nobody}, &got)
	switch {
	case err != nil:
		a := wallet.NoAnswer(err)
		step("merchant", a.Reason, a.Said)
	case f != nil && !f.missing():
		step("merchant", f.reason(), f.said())
	default:
		step("merchant", till.ReasonNone, "")
	}
	return steps
}
