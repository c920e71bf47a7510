package paypal_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
)

func charge() wallet.Charge {
	now := time.Now()
	return wallet.Charge{Number: "1TESTABCD0000012", Amount: 1250, Currency: usd, Way: till.Show, Subject: "Quay Store", At: now, Until: now.Add(5 * time.Minute)}
}

func TestStartRefusals(t *testing.T) {
	for _, row := range []struct {
		status  int
		issue   string
		verdict wallet.Verdict
		reason  till.Reason
	}{
		{422, "CANNOT_BE_NEGATIVE", wallet.Refused, till.AmountNotAllowed},
		{422, "CANNOT_BE_ZERO_OR_NEGATIVE", wallet.Refused, till.AmountNotAllowed},
		{422, "DECIMAL_PRECISION", wallet.Refused, till.AmountNotAllowed},
		{422, "DECIMALS_NOT_SUPPORTED", wallet.Refused, till.AmountNotAllowed},
		{422, "INVALID_CURRENCY_CODE", wallet.Refused, till.AmountNotAllowed},
		{422, "MAX_VALUE_EXCEEDED", wallet.Refused, till.AmountNotAllowed},
		{422, "PAYEE_ACCOUNT_INVALID", wallet.Refused, till.SetUpWrong},
		{422, "PAYEE_ACCOUNT_LOCKED_OR_CLOSED", wallet.Refused, till.SetUpWrong},
		{422, "PAYEE_ACCOUNT_RESTRICTED", wallet.Refused, till.SetUpWrong},
		{403, "PAYEE_ACCOUNT_NOT_VERIFIED", wallet.Refused, till.SetUpWrong},
		{403, "PERMISSION_DENIED", wallet.Refused, till.SetUpWrong},
		{400, "MALFORMED_REQUEST_JSON", wallet.Refused, till.OtherReason},
		{401, "", wallet.Refused, till.SetUpWrong},
		{409, "PREVIOUS_REQUEST_IN_PROGRESS", wallet.Unclear, till.ProviderDown},
		{429, "RATE_LIMIT_REACHED", wallet.Unclear, till.ProviderDown},
		{500, "INTERNAL_SERVICE_ERROR", wallet.Unclear, till.ProviderDown},
	} {
		p, _ := canned(t, row.status, fmt.Sprintf(`{"name":"AN_ERROR","message":"words","details":[{"issue":%q,"description":"more words"}]}`, row.issue))
		if a, err := p.Start(context.Background(), charge()); err != nil || a.Verdict != row.verdict || a.Reason != row.reason || !strings.Contains(a.Said, row.issue) {
			t.Errorf("%d %s: %v %v %s (%s)", row.status, row.issue, err, a.Verdict, a.Reason, a.Said)
		}
		c := charge()
		c.Handle = "5O190127TN364715T"
		if a, err := p.Query(context.Background(), c); err != nil || a.Verdict != wallet.Unclear && a.Verdict != wallet.Missing {
			t.Errorf("query: %d %s: %v %v", row.status, row.issue, err, a.Verdict)
		}
	}
}

// What is not exactly the order of this number proves nothing, and is not
// captured.
func TestOrdersAreReadStrictly(t *testing.T) {
	const good = `{"id":"5O190127TN364715T","status":"COMPLETED","purchase_units":[{"custom_id":"1TESTABCD0000012","invoice_id":"1TESTABCD0000012",
		"amount":{"currency_code":"USD","value":"12.50"},"payee":{"merchant_id":"MERCH23456789"},"payments":{"captures":[{"id":"3C679366HH908993F","status":"COMPLETED",
		"amount":{"currency_code":"USD","value":"12.50"},"custom_id":"1TESTABCD0000012","create_time":"2026-06-19T17:00:00Z"}]}}]}`
	const capture = `"3C679366HH908993F","status":"COMPLETED"`
	for _, row := range []struct {
		name, from, to string
		verdict        wallet.Verdict
		reason         till.Reason
	}{
		{"good", "", "", wallet.Done, ""},
		{"another order", "5O190127TN364715T", "6O190127TN364715T", wallet.Unclear, till.NotUnderstood},
		{"another number", `"custom_id":"1TESTABCD0000012","invoice_id"`, `"custom_id":"1TESTABCD0000013","invoice_id"`, wallet.Unclear, till.NumberReused},
		{"another payee", "MERCH23456789", "MERCH98765432", wallet.Unclear, till.SetUpWrong},
		{"no capture", `"captures":[`, `"authorizations":[`, wallet.Unclear, till.NotUnderstood},
		{"pending", capture, `"3C679366HH908993F","status":"PENDING","status_details":{"reason":"PENDING_REVIEW"}`, wallet.Waiting, ""},
		{"declined", capture, `"3C679366HH908993F","status":"DECLINED"`, wallet.Refused, till.PayerBlocked},
		{"failed", capture, `"3C679366HH908993F","status":"FAILED"`, wallet.Refused, till.PayerBlocked},
		{"given back in part", capture, `"3C679366HH908993F","status":"PARTIALLY_REFUNDED"`, wallet.Done, ""},
		{"given back", capture, `"3C679366HH908993F","status":"REFUNDED"`, wallet.Returned, ""},
		{"a new status", capture, `"3C679366HH908993F","status":"FROZEN"`, wallet.Unclear, till.NotUnderstood},
		{"a number for an amount", `"value":"12.50"},"custom_id"`, `"value":12.50},"custom_id"`, wallet.Unclear, till.NotUnderstood},
		{"a German amount", `"value":"12.50"},"custom_id"`, `"value":"12,50"},"custom_id"`, wallet.Unclear, till.NotUnderstood},
		{"negative", `"value":"12.50"},"custom_id"`, `"value":"-12.50"},"custom_id"`, wallet.Unclear, till.NotUnderstood},
		{"voided", `"status":"COMPLETED","purchase_units"`, `"status":"VOIDED","purchase_units"`, wallet.Closed, till.TimedOut},
		{"a new order status", `"status":"COMPLETED","purchase_units"`, `"status":"FROZEN","purchase_units"`, wallet.Unclear, till.NotUnderstood},
		{"cut off", `}]}}]}`, `}]}}]`, wallet.Unclear, till.NotUnderstood},
	} {
		t.Run(row.name, func(t *testing.T) {
			if !strings.Contains(good, row.from) {
				t.Fatal("the row changes nothing")
			}
			p, captures := canned(t, 200, strings.Replace(good, row.from, row.to, 1))
			c := charge()
			c.Handle = "5O190127TN364715T"
			a, err := p.Query(context.Background(), c)
			if err != nil || a.Verdict != row.verdict || a.Reason != row.reason || *captures != 0 {
				t.Errorf("%v %v %s (%s), want %v %s; %d captures", err, a.Verdict, a.Reason, a.Said, row.verdict, row.reason, *captures)
			}
			if a.Verdict == wallet.Done && (a.Amount != 1250 || a.Currency != "USD" || a.Number != c.Number || a.Provider != "3C679366HH908993F" || a.PaidAt.Unix() != 1781888400) {
				t.Errorf("%+v", a)
			}
		})
	}
}

// An approved order of another amount or payee is not captured.
func TestWrongOrderIsNotCaptured(t *testing.T) {
	for name, unit := range map[string]string{
		"amount":   `{"custom_id":"1TESTABCD0000012","amount":{"currency_code":"USD","value":"12.51"}}`,
		"currency": `{"custom_id":"1TESTABCD0000012","amount":{"currency_code":"CAD","value":"12.50"}}`,
		"payee":    `{"custom_id":"1TESTABCD0000012","amount":{"currency_code":"USD","value":"12.50"},"payee":{"merchant_id":"MERCH98765432"}}`,
		"number":   `{"custom_id":"1TESTABCD0000013","amount":{"currency_code":"USD","value":"12.50"}}`,
	} {
		p, captures := canned(t, 200, `{"id":"5O190127TN364715T","status":"APPROVED","purchase_units":[`+unit+`]}`)
		c := charge()
		c.Handle = fmt.Sprintf("5O190127TN364715T %d", time.Now().Unix())
		if a, err := p.Query(context.Background(), c); err != nil || a.Verdict != wallet.Unclear || *captures != 0 {
			t.Errorf("%s: %v %+v, %d captures", name, err, a, *captures)
		}
	}
}

func TestRefundStatesAndRefusals(t *testing.T) {
	for _, row := range []struct {
		status  int
		state   string // of the refund; else issue
		issue   string
		verdict wallet.Verdict
		reason  till.Reason
		again   bool
	}{
		{201, "COMPLETED", "", wallet.Done, "", false},
		{200, "PENDING", "", wallet.Waiting, "", false},
		{201, "FAILED", "", wallet.Refused, till.OtherReason, false},
		{201, "CANCELLED", "", wallet.Refused, till.OtherReason, false},
		{201, "FROZEN", "", wallet.Unclear, till.NotUnderstood, false},
		{422, "", "CAPTURE_FULLY_REFUNDED", wallet.Refused, till.NotRefundable, false},
		{422, "", "CURRENCY_MISMATCH", wallet.Refused, till.NotRefundable, false},
		{422, "", "REFUND_CAPTURE_CURRENCY_MISMATCH", wallet.Refused, till.NotRefundable, false},
		{422, "", "REFUND_NOT_ALLOWED", wallet.Refused, till.NotRefundable, false},
		{422, "", "REFUND_TIME_LIMIT_EXCEEDED", wallet.Refused, till.NotRefundable, false},
		{422, "", "REFUND_AMOUNT_EXCEEDED", wallet.Refused, till.NotRefundable, false},
		{422, "", "PARTIAL_REFUND_NOT_ALLOWED", wallet.Refused, till.NotRefundable, false},
		{422, "", "MAX_NUMBER_OF_REFUNDS_EXCEEDED", wallet.Refused, till.NotRefundable, false},
		{422, "", "PENDING_CAPTURE", wallet.Refused, till.NotRefundable, false},
		{422, "", "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK", wallet.Refused, till.NotRefundable, false},
		{422, "", "TRANSACTION_DISPUTED", wallet.Refused, till.NotRefundable, false},
		{422, "", "REFUND_IS_RESTRICTED", wallet.Refused, till.NotRefundable, false},
		{422, "", "REFUND_FAILED_INSUFFICIENT_FUNDS", wallet.Refused, till.SellerBalance, false},
		{422, "", "PAYER_ACCOUNT_LOCKED_OR_CLOSED", wallet.Refused, till.PayerBlocked, false},
		{422, "", "REFUND_AMOUNT_TOO_LOW", wallet.Refused, till.AmountNotAllowed, false},
		{422, "", "DUPLICATE_INVOICE_ID", wallet.Unclear, till.NumberReused, false},
		{401, "", "", wallet.Unclear, till.SetUpWrong, true},
		{409, "", "PREVIOUS_REQUEST_IN_PROGRESS", wallet.Unclear, till.ProviderDown, true},
		{500, "", "", wallet.Unclear, till.ProviderDown, true},
	} {
		body := fmt.Sprintf(`{"id":"1JU08902781691411","status":%q,"invoice_id":"1TESTABCD0000023","amount":{"currency_code":"USD","value":"3.00"}}`, row.state)
		if row.state == "" {
			body = fmt.Sprintf(`{"name":"AN_ERROR","details":[{"issue":%q}]}`, row.issue)
		}
		p, _ := canned(t, row.status, body)
		r := wallet.Refund{Number: "1TESTABCD0000023", Of: charge(), Amount: 300, Why: "退货", At: time.Now()}
		r.Of.Provider = "3C679366HH908993F"
		a, err := p.(wallet.Refunder).Refund(context.Background(), r)
		if err != nil || a.Verdict != row.verdict || a.Reason != row.reason || a.Repeat != row.again {
			t.Errorf("%d %s%s: %v %v %s, again %v", row.status, row.state, row.issue, err, a.Verdict, a.Reason, a.Repeat)
		}
		if a.Verdict == wallet.Done && (a.Amount != 300 || a.Currency != "USD" || a.Number != r.Number || a.Handle != "1JU08902781691411") {
			t.Errorf("%+v", a)
		}
		// What a refusal of the request says decides nothing about a question.
		if a, err := p.(wallet.Refunder).QueryRefund(context.Background(), wallet.Refund{Number: r.Number, Of: r.Of, Amount: 300, Handle: "1JU08902781691411"}); row.state == "" && (err != nil || a.Verdict != wallet.Unclear) {
			t.Errorf("query: %d %s: %v %v", row.status, row.issue, err, a.Verdict)
		}
	}
}

// A refund that is older than its key is looked for before it is sent again.
func TestOldRefundIsLookedForFirst(t *testing.T) {
	sent := 0
	p := answering(t, func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/refund") {
			sent++
		}
		return 200, `{"id":"5O190127TN364715T","status":"COMPLETED","purchase_units":[{"payments":{"captures":[{"id":"3C679366HH908993F","status":"PARTIALLY_REFUNDED"}],
			"refunds":[{"id":"1JU08902781691411","status":"COMPLETED","invoice_id":"1TESTABCD0000023","amount":{"currency_code":"USD","value":"3.00"}}]}}]}`
	})
	r := wallet.Refund{Number: "1TESTABCD0000023", Of: charge(), Amount: 300, At: time.Now().Add(-45 * 24 * time.Hour)}
	r.Of.Provider, r.Of.Handle = "3C679366HH908993F", "5O190127TN364715T 1781888400"
	if a, err := p.(wallet.Refunder).Refund(context.Background(), r); err != nil || a.Verdict != wallet.Done || sent != 0 {
		t.Errorf("%v %+v, %d sent", err, a, sent)
	}
}

// Every repetition of a call that moves money carries the request id of the
// first: PayPal does it once.
func TestRequestIDsAreTheNumbers(t *testing.T) {
	ids := map[string]map[string]bool{}
	p := answering(t, func(r *http.Request) (int, string) {
		if r.Method == http.MethodPost {
			if ids[r.URL.Path] == nil {
				ids[r.URL.Path] = map[string]bool{}
			}
			ids[r.URL.Path][r.Header.Get("PayPal-Request-Id")] = true
			return 500, ""
		}
		return 200, `{"id":"5O190127TN364715T","status":"APPROVED"}`
	})
	ctx := context.Background()
	for range 2 {
		c := charge()
		if _, err := p.Start(ctx, c); err != nil {
			t.Fatal(err)
		}
		c.Handle = fmt.Sprintf("5O190127TN364715T %d", time.Now().Unix())
		if _, err := p.Query(ctx, c); err != nil {
			t.Fatal(err)
		}
		c.Provider = "3C679366HH908993F"
		if _, err := p.(wallet.Refunder).Refund(ctx, wallet.Refund{Number: "1TESTABCD0000023", Of: c, Amount: 300, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"/v2/checkout/orders":                            "1TESTABCD0000012-order",
		"/v2/checkout/orders/5O190127TN364715T/capture":  "1TESTABCD0000012-capture",
		"/v2/payments/captures/3C679366HH908993F/refund": "1TESTABCD0000023-refund",
	} {
		if len(ids[path]) != 1 || !ids[path][want] {
			t.Errorf("%s: %v, want %s", path, ids[path], want)
		}
	}
}
