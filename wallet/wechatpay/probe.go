package wechatpay

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// probeNumber is an order number that nobody has.
const probeNumber = "GUITAIPROBE0"

// Probe asks for an order that nobody has, by each version that is in use, and
// tells step by step what the answers say about the account.
func (a *account) Probe(ctx context.Context) []wallet.Step {
	var steps []wallet.Step
	step := func(name string, reason till.Reason, detail string) bool {
		steps = append(steps, wallet.Step{Name: name, OK: reason == till.ReasonNone, Reason: reason, Detail: detail})
		return reason == till.ReasonNone
	}
	if now := a.now(); now.After(a.expires) {
		step("credentials", till.SetUpWrong, "the merchant certificate expired on "+a.expires.Format(time.DateOnly))
		return steps
	}
	step("credentials", till.ReasonNone, "")

	v3, err := a.callV3(ctx, wallet.CallProbe, "", http.MethodGet, orderPath(probeNumber, "?mchid="+a.mchid), nil)
	switch {
	case err != nil:
		ans := wallet.NoAnswer(err)
		step("host", ans.Reason, ans.Said)
		return steps
	case v3.Status >= 500:
		step("host", till.ProviderDown, "status "+strconv.Itoa(v3.Status))
		return steps
	}
	step("host", till.ReasonNone, "")

	if skewed(v3) {
		step("clock", till.ClockWrong, "WeChat Pay's clock says "+v3.Header.Get("Date")+", this one "+v3.At.UTC().Format(http.TimeFormat))
		return steps
	}
	step("clock", till.ReasonNone, "")

	var order transaction
	fault, ans, ok := a.readV3(v3, &order)
	if v3.Status == http.StatusUnauthorized || fault.Code == "SIGN_ERROR" {
		step("request_signature", till.SetUpWrong, cmp.Or(ans.Said, said(fault.Code, fault.Message)))
		return steps
	}
	// The second version has a key of its own, where it is used.
	var v2 map[string]string
	two, okTwo := wallet.Answer{}, true
	if !a.takeV3 {
		r, err := a.callV2(ctx, wallet.CallProbe, false, "", "/pay/orderquery", map[string]string{"out_trade_no": probeNumber})
		if err != nil {
			two, okTwo = wallet.NoAnswer(err), false
		} else {
			v2, two, okTwo = a.readV2(r)
		}
		if !okTwo && two.Reason == till.SetUpWrong {
			step("request_signature", two.Reason, "APIv2: "+two.Said)
			return steps
		}
	}
	step("request_signature", till.ReasonNone, "")

	switch {
	case !ok:
		step("answer_signature", ans.Reason, ans.Said)
		return steps
	case !okTwo:
		step("answer_signature", two.Reason, "APIv2: "+two.Said)
		return steps
	}
	step("answer_signature", till.ReasonNone, "")

	switch {
	case fault.Code != "" && row(fault.Code).weight != unknown:
		step("merchant", till.SetUpWrong, said(fault.Code, fault.Message))
		return steps
	case v2["err_code"] != "" && row(v2["err_code"]).weight != unknown:
		step("merchant", till.SetUpWrong, "APIv2: "+said(v2["err_code"], v2["err_code_des"]))
		return steps
	}
	step("merchant", till.ReasonNone, "")
	return steps
}
