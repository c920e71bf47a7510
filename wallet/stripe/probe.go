package stripe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// skewMost is how far this machine's clock may be off: the end of a session is
// told to Stripe by the clock (see expiry).
const skewMost = 5 * time.Minute

// nobody is a session that no account has.
const nobody = "cs_test_guitai0000000000000000000000"

// Probe tries the account: a query for a session that nobody has tells whether
// the key is right, and the reader is looked up where there is one. Stripe signs
// no answers, so that step says what the proof is instead.
func (s *adapter) Probe(ctx context.Context) []wallet.Step {
	steps := []wallet.Step{{Name: "credentials", OK: true}}
	step := func(name string, reason till.Reason, detail string) bool {
		steps = append(steps, wallet.Step{Name: name, OK: reason == till.ReasonNone, Reason: reason, Detail: detail})
		return reason == till.ReasonNone
	}
	var got session
	reply, f, err := s.exchange(ctx, request{kind: wallet.CallProbe, method: http.MethodGet, path: "/v1/checkout/sessions/" + nobody}, &got)
	if err != nil {
		a := wallet.NoAnswer(err)
		step("host", a.Reason, a.Said)
		return steps
	}
	if f != nil && (!f.readable || f.again()) {
		step("host", f.reason(), f.said())
		return steps
	}
	step("host", till.ReasonNone, "")
	if d, ok := skew(reply); ok && (d > skewMost || d < -skewMost) {
		step("clock", till.ClockWrong, fmt.Sprintf("this clock differs from Stripe's by %s", d.Round(time.Second)))
		return steps
	}
	step("clock", till.ReasonNone, "")
	if f == nil || f.missing() {
		step("request_signature", till.ReasonNone, "")
	} else {
		step("request_signature", f.reason(), f.said())
		return steps
	}
	step("answer_signature", till.ReasonNone, "TLS; Stripe does not sign answers")
	if s.reader == "" {
		step("merchant", till.ReasonNone, "")
		return steps
	}
	var r reader
	f, err = s.ask(ctx, request{kind: wallet.CallProbe, method: http.MethodGet, path: "/v1/terminal/readers/" + url.PathEscape(s.reader)}, &r)
	switch {
	case err != nil:
		a := wallet.NoAnswer(err)
		step("merchant", a.Reason, a.Said)
	case f != nil:
		step("merchant", f.reason(), f.said())
	case r.ID != s.reader:
		step("merchant", till.NotUnderstood, "no reader")
	case r.Status == "offline":
		step("merchant", till.ReaderNotReady, "the reader is offline")
	default:
		step("merchant", till.ReasonNone, "")
	}
	return steps
}

// skew is how far this machine's clock is ahead of the Date of an answer.
func skew(reply wallet.Reply) (time.Duration, bool) {
	t, err := http.ParseTime(reply.Header.Get("Date"))
	return reply.At.Sub(t), err == nil
}
