package stripe_test

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

func charge(way till.Presentment) wallet.Charge {
	now := time.Now()
	return wallet.Charge{Number: "1TESTABCD0000012", Amount: 1250, Currency: usd, Way: way, Subject: "Quay Store", At: now, Until: now.Add(5 * time.Minute)}
}

// Every code of the tables, as an answer to a start.
func TestStartRefusals(t *testing.T) {
	for _, row := range []struct {
		status     int
		kind, code string
		verdict    wallet.Verdict
		reason     till.Reason
	}{
		{400, "invalid_request_error", "amount_too_small", wallet.Refused, till.AmountNotAllowed},
		{400, "invalid_request_error", "amount_too_large", wallet.Refused, till.AmountNotAllowed},
		{401, "invalid_request_error", "api_key_expired", wallet.Refused, till.SetUpWrong},
		{401, "invalid_request_error", "secret_key_required", wallet.Refused, till.SetUpWrong},
		{401, "invalid_request_error", "platform_api_key_expired", wallet.Refused, till.SetUpWrong},
		{400, "invalid_request_error", "livemode_mismatch", wallet.Refused, till.SetUpWrong},
		{400, "invalid_request_error", "testmode_charges_only", wallet.Refused, till.SetUpWrong},
		{400, "invalid_request_error", "account_invalid", wallet.Refused, till.SetUpWrong},
		{400, "invalid_request_error", "account_closed", wallet.Refused, till.SetUpWrong},
		{400, "invalid_request_error", "url_invalid", wallet.Refused, till.SetUpWrong},
		{404, "invalid_request_error", "resource_missing", wallet.Refused, till.SetUpWrong},
		{401, "invalid_request_error", "", wallet.Refused, till.SetUpWrong},
		{403, "invalid_request_error", "", wallet.Refused, till.SetUpWrong},
		{400, "invalid_request_error", "parameter_invalid_empty", wallet.Refused, till.OtherReason},
		{400, "idempotency_error", "", wallet.Unclear, till.NumberReused},
		{409, "invalid_request_error", "idempotency_key_in_use", wallet.Unclear, till.ProviderDown},
		{429, "invalid_request_error", "rate_limit", wallet.Unclear, till.ProviderDown},
		{429, "invalid_request_error", "lock_timeout", wallet.Unclear, till.ProviderDown},
		{500, "api_error", "", wallet.Unclear, till.ProviderDown},
		{503, "api_error", "", wallet.Unclear, till.ProviderDown},
		{400, "something_new", "", wallet.Unclear, till.OtherReason},
	} {
		p := canned(t, row.status, fmt.Sprintf(`{"error":{"type":%q,"code":%q,"message":"words"}}`, row.kind, row.code))
		for _, way := range []till.Presentment{till.Show, till.Tap} {
			a, err := p.Start(context.Background(), charge(way))
			if err != nil || a.Verdict != row.verdict || a.Reason != row.reason {
				t.Errorf("%d %s %s: %v %v %s (%s)", row.status, row.kind, row.code, err, a.Verdict, a.Reason, a.Said)
			}
		}
		// Whatever a question is answered with, it never says refused.
		c := charge(till.Show)
		c.Handle = "cs_test_1"
		if a, err := p.Query(context.Background(), c); err != nil || a.Verdict != wallet.Unclear && a.Verdict != wallet.Missing {
			t.Errorf("query: %d %s: %v %v", row.status, row.code, err, a.Verdict)
		}
	}
}

// Every row of the declines, through the reader's failed action.
func TestDeclines(t *testing.T) {
	for code, want := range map[string]till.Reason{
		"insufficient_funds": till.NotEnough, "card_velocity_exceeded": till.OverLimit, "withdrawal_count_limit_exceeded": till.OverLimit,
		"invalid_amount": till.OverLimit, "fraudulent": till.RiskRefused, "merchant_blacklist": till.RiskRefused, "security_violation": till.RiskRefused,
		"stop_payment_order": till.RiskRefused, "issuer_not_available": till.ProviderDown, "processing_error": till.ProviderDown,
		"reenter_transaction": till.ProviderDown, "try_again_later": till.ProviderDown, "generic_decline": till.PayerBlocked, "do_not_honor": till.PayerBlocked,
	} {
		p := answers(t, map[string]string{
			"/v1/terminal/readers/tmr_0123456789": `{"id":"tmr_0123456789","object":"terminal.reader","status":"online","action":{"type":"process_payment_intent",
				"status":"failed","failure_code":"card_declined","failure_message":"declined","process_payment_intent":{"payment_intent":"pi_1"}}}`,
			"/v1/payment_intents/pi_1": fmt.Sprintf(`{"id":"pi_1","object":"payment_intent","status":"requires_payment_method","amount":1250,"currency":"usd",
				"metadata":{"attempt":"1TESTABCD0000012"},"last_payment_error":{"type":"card_error","code":"card_declined","decline_code":%q,"message":"words"}}`, code),
		})
		c := charge(till.Tap)
		c.Handle = "pi_1 tmr_0123456789"
		if a, err := p.Query(context.Background(), c); err != nil || a.Verdict != wallet.Refused || a.Reason != want {
			t.Errorf("%s: %v %v %s, want %s", code, err, a.Verdict, a.Reason, want)
		}
	}
}

// What is not exactly the paid session of this number proves nothing.
func TestSessionsAreReadStrictly(t *testing.T) {
	const good = `{"id":"cs_test_1","object":"checkout.session","mode":"payment","livemode":false,"status":"complete","payment_status":"paid",
		"client_reference_id":"1TESTABCD0000012","amount_total":1250,"currency":"usd","payment_intent":"pi_1"}`
	for _, row := range []struct {
		name, from, to string
		verdict        wallet.Verdict
		reason         till.Reason
	}{
		{"good", "", "", wallet.Done, ""},
		{"another object", `checkout.session`, `payment_link`, wallet.Unclear, till.NotUnderstood},
		{"another session", `"id":"cs_test_1"`, `"id":"cs_test_2"`, wallet.Unclear, till.NotUnderstood},
		{"live", `"livemode":false`, `"livemode":true`, wallet.Unclear, till.SetUpWrong},
		{"another number", `1TESTABCD0000012`, `1TESTABCD0000013`, wallet.Unclear, till.NumberReused},
		{"subscription", `"mode":"payment"`, `"mode":"subscription"`, wallet.Unclear, till.NotUnderstood},
		{"no amount", `"amount_total":1250`, `"amount_total":null`, wallet.Unclear, till.NotUnderstood},
		{"a fraction", `"amount_total":1250`, `"amount_total":1250.5`, wallet.Unclear, till.NotUnderstood},
		{"negative", `"amount_total":1250`, `"amount_total":-1250`, wallet.Unclear, till.NotUnderstood},
		{"no currency", `"currency":"usd"`, `"currency":null`, wallet.Unclear, till.NotUnderstood},
		{"no payment", `"payment_intent":"pi_1"`, `"payment_intent":null`, wallet.Unclear, till.NotUnderstood},
		{"nothing due", `"payment_status":"paid"`, `"payment_status":"no_payment_required"`, wallet.Unclear, till.NotUnderstood},
		{"bank debit", `"payment_status":"paid"`, `"payment_status":"unpaid"`, wallet.Waiting, ""},
		{"a new status", `"status":"complete"`, `"status":"frozen"`, wallet.Unclear, till.NotUnderstood},
		{"expired", `"status":"complete"`, `"status":"expired"`, wallet.Closed, till.TimedOut},
		{"payment not succeeded", `"pi_1"`, `{"id":"pi_1","object":"payment_intent","status":"processing"}`, wallet.Unclear, till.NotUnderstood},
		{"given back", `"pi_1"`, `{"id":"pi_1","status":"succeeded","latest_charge":{"id":"ch_1","created":1700000000,"amount":1250,"amount_refunded":1250}}`, wallet.Returned, ""},
		{"cut off", `"payment_intent":"pi_1"}`, `"payment_intent":"pi_1"`, wallet.Unclear, till.NotUnderstood},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := charge(till.Show)
			c.Handle = "cs_test_1"
			if !strings.Contains(good, row.from) {
				t.Fatal("the row changes nothing")
			}
			a, err := canned(t, 200, strings.Replace(good, row.from, row.to, 1)).Query(context.Background(), c)
			if err != nil || a.Verdict != row.verdict || a.Reason != row.reason {
				t.Errorf("%v %v %s (%s), want %v %s", err, a.Verdict, a.Reason, a.Said, row.verdict, row.reason)
			}
			if a.Verdict == wallet.Done && (a.Amount != 1250 || a.Currency != "USD" || a.Number != c.Number || a.Provider != "pi_1") {
				t.Errorf("%+v", a)
			}
		})
	}
}

// Every state of a refund and every reason for which one fails.
func TestRefundStates(t *testing.T) {
	for _, row := range []struct {
		status, failure string
		verdict         wallet.Verdict
		reason          till.Reason
	}{
		{"succeeded", "", wallet.Done, ""},
		{"pending", "", wallet.Waiting, ""},
		{"requires_action", "", wallet.Waiting, ""},
		{"canceled", "", wallet.Refused, till.OtherReason},
		{"failed", "lost_or_stolen_card", wallet.Refused, till.PayerBlocked},
		{"failed", "expired_or_canceled_card", wallet.Refused, till.PayerBlocked},
		{"failed", "declined", wallet.Refused, till.PayerBlocked},
		{"failed", "charge_for_pending_refund_disputed", wallet.Refused, till.NotRefundable},
		{"failed", "insufficient_funds", wallet.Refused, till.SellerBalance},
		{"failed", "merchant_request", wallet.Refused, till.StoppedByCashier},
		{"failed", "unknown", wallet.Refused, till.OtherReason},
		{"a new one", "", wallet.Unclear, till.NotUnderstood},
	} {
		p := canned(t, 200, fmt.Sprintf(`{"id":"re_1","object":"refund","status":%q,"failure_reason":%q,"amount":300,"currency":"usd","metadata":{"refund":"1TESTABCD0000023"}}`, row.status, row.failure))
		r := wallet.Refund{Number: "1TESTABCD0000023", Of: charge(till.Show), Amount: 300, At: time.Now()}
		r.Of.Provider = "pi_1"
		for name, f := range map[string]func(context.Context, wallet.Refund) (wallet.Answer, error){
			"refund": p.(wallet.Refunder).Refund,
			"query": func(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
				r.Handle = "re_1"
				return p.(wallet.Refunder).QueryRefund(ctx, r)
			},
		} {
			a, err := f(context.Background(), r)
			if err != nil || a.Verdict != row.verdict || a.Reason != row.reason {
				t.Errorf("%s: %s %s: %v %v %s", name, row.status, row.failure, err, a.Verdict, a.Reason)
			}
			if a.Verdict == wallet.Done && (a.Amount != 300 || a.Currency != "USD" || a.Number != r.Number || a.Provider != "re_1") {
				t.Errorf("%s: %+v", name, a)
			}
		}
	}
}

func TestRefundRefusals(t *testing.T) {
	for _, row := range []struct {
		status     int
		kind, code string
		verdict    wallet.Verdict
		reason     till.Reason
		again      bool
	}{
		{400, "invalid_request_error", "charge_already_refunded", wallet.Refused, till.NotRefundable, false},
		{400, "invalid_request_error", "charge_disputed", wallet.Refused, till.NotRefundable, false},
		{400, "invalid_request_error", "", wallet.Refused, till.NotRefundable, false},
		{400, "invalid_request_error", "balance_insufficient", wallet.Refused, till.SellerBalance, false},
		{400, "invalid_request_error", "insufficient_funds", wallet.Refused, till.SellerBalance, false},
		{403, "invalid_request_error", "", wallet.Refused, till.SetUpWrong, false},
		{401, "invalid_request_error", "", wallet.Unclear, till.SetUpWrong, true},
		{409, "invalid_request_error", "idempotency_key_in_use", wallet.Unclear, till.ProviderDown, true},
		{400, "idempotency_error", "", wallet.Unclear, till.NumberReused, false},
		{500, "api_error", "", wallet.Unclear, till.ProviderDown, true},
	} {
		p := canned(t, row.status, fmt.Sprintf(`{"error":{"type":%q,"code":%q,"message":"words"}}`, row.kind, row.code))
		r := wallet.Refund{Number: "1TESTABCD0000023", Of: charge(till.Show), Amount: 300, At: time.Now()}
		r.Of.Provider = "pi_1"
		a, err := p.(wallet.Refunder).Refund(context.Background(), r)
		if err != nil || a.Verdict != row.verdict || a.Reason != row.reason || a.Repeat != row.again {
			t.Errorf("%d %s %s: %v %v %s, again %v", row.status, row.kind, row.code, err, a.Verdict, a.Reason, a.Repeat)
		}
	}
}

// A refund that is older than its key is looked for before it is sent again.
func TestOldRefundIsLookedForFirst(t *testing.T) {
	sent := 0
	p := answering(t, func(r *http.Request) (int, string) {
		if r.Method == http.MethodPost {
			sent++
		}
		return 200, `{"object":"list","has_more":false,"data":[{"id":"re_1","object":"refund","status":"succeeded","amount":300,"currency":"usd","metadata":{"refund":"1TESTABCD0000023"}}]}`
	})
	r := wallet.Refund{Number: "1TESTABCD0000023", Of: charge(till.Show), Amount: 300, At: time.Now().Add(-25 * time.Hour)}
	r.Of.Provider = "pi_1"
	if a, err := p.(wallet.Refunder).Refund(context.Background(), r); err != nil || a.Verdict != wallet.Done || sent != 0 {
		t.Errorf("%v %+v, %d sent", err, a, sent)
	}
}
