package alipay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// skewMost is how far this machine's clock may be from Alipay's.
const skewMost = 5 * time.Minute

// nobody is an order number that nobody has: a till's numbers have 16
// characters.
const nobody = "GUITAIPROBE"

// Probe tries the account by asking for an order that nobody has.
func (a *adapter) Probe(ctx context.Context) []wallet.Step {
	var steps []wallet.Step
	// done notes a step and reports whether to go on.
	done := func(name string, reason till.Reason, format string, args ...any) bool {
		steps = append(steps, wallet.Step{Name: name, OK: reason == till.ReasonNone, Reason: reason, Detail: fmt.Sprintf(format, args...)})
		return reason == till.ReasonNone
	}
	now := time.Now
	if a.client.Now != nil {
		now = a.client.Now
	}
	switch at := now(); {
	case a.keys.expiring != "" && at.After(a.keys.notAfter):
		done("credentials", till.SetUpWrong, "%s has expired on %s", a.keys.expiring, a.keys.notAfter.Format("2006-01-02"))
		return steps
	case at.Before(a.keys.notBefore):
		done("credentials", till.ClockWrong, "a certificate begins on %s, after this machine's clock", a.keys.notBefore.Format("2006-01-02"))
		return steps
	}
	done("credentials", till.ReasonNone, "")

	reply, err := a.send(ctx, call{kind: wallet.CallProbe, number: nobody, method: query, content: map[string]any{"out_trade_no": nobody}})
	if err != nil {
		ans := wallet.NoAnswer(err)
		detail := ans.Said
		if errors.Is(err, wallet.ErrNotSent) {
			detail = err.Error()
		}
		done("host", ans.Reason, "%s", detail)
		return steps
	}
	e, err := readEnvelope(reply.Body, query)
	var n node
	if err == nil {
		err = json.Unmarshal(e.node, &n)
	}
	switch {
	case reply.Status >= http.StatusInternalServerError:
		done("host", till.ProviderDown, "HTTP %d", reply.Status)
		return steps
	case reply.Status != http.StatusOK || err != nil:
		done("host", till.NotUnderstood, "HTTP %d, not an answer of Alipay's gateway", reply.Status)
		return steps
	}
	done("host", till.ReasonNone, "")

	theirs, err := http.ParseTime(reply.Header.Get("Date"))
	if skew := reply.At.Sub(theirs); err == nil && (skew > skewMost || skew < -skewMost) {
		done("clock", till.ClockWrong, "this machine's clock and Alipay's are %s apart", skew.Abs().Round(time.Second))
		return steps
	}
	done("clock", till.ReasonNone, "")

	permission := strings.Contains(n.SubCode, "permission") || n.Code == "40006" || strings.HasPrefix(n.SubCode, "ACQ.")
	if o := gateway(n, true); n.Code != "10000" && !permission && o.verdict == wallet.Refused {
		done("request_signature", o.reason, "%s", n.said())
		return steps
	}
	done("request_signature", till.ReasonNone, "")

	if err := e.check(a.keys); err != nil {
		done("answer_signature", till.NotVerified, "%v", err)
		return steps
	}
	done("answer_signature", till.ReasonNone, "")

	switch o := failed(n, queryCodes, true); {
	case n.Code == "10000" || o.Verdict == wallet.Missing:
		done("merchant", till.ReasonNone, "")
	case o.Reason == till.ReasonNone || o.Reason == till.OtherReason:
		done("merchant", till.SetUpWrong, "%s", n.said())
	default:
		done("merchant", o.Reason, "%s", n.said())
	}
	return steps
}
