package stripe

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

func fuzzed() wallet.Charge {
	return wallet.Charge{Number: "1TESTABCD0000012", Amount: 1250, Currency: money.Currency{Code: "USD", Exponent: 2}, Handle: "pi_1 tmr_1"}
}

// sound checks that an answer that says paid says what.
func sound(t *testing.T, a wallet.Answer) {
	t.Helper()
	if (a.Verdict == wallet.Done || a.Verdict == wallet.Returned) && (a.Amount < 0 || len(a.Currency) != 3 || a.Number != "1TESTABCD0000012" && a.Number != "1TESTABCD0000023") {
		t.Errorf("%+v", a)
	}
}

func FuzzSession(f *testing.F) {
	f.Add([]byte(`{"id":"cs_test_1","object":"checkout.session","mode":"payment","status":"complete","payment_status":"paid","client_reference_id":"1TESTABCD0000012",
		"amount_total":1250,"currency":"usd","payment_intent":{"id":"pi_1","status":"succeeded","latest_charge":{"id":"ch_1","created":1}}}`))
	f.Add([]byte(`{"id":"cs_test_1","object":"checkout.session","mode":"payment","status":"open","url":"https://checkout.stripe.com/c/pay/cs_test_1","client_reference_id":"1TESTABCD0000012"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var got session
		if json.Unmarshal(body, &got) == nil {
			sound(t, (&adapter{}).readSession(fuzzed(), got))
		}
	})
}

func FuzzIntent(f *testing.F) {
	f.Add([]byte(`{"id":"pi_1","object":"payment_intent","status":"succeeded","amount_received":1250,"currency":"usd","metadata":{"attempt":"1TESTABCD0000012"},"latest_charge":"ch_1"}`))
	f.Add([]byte(`{"id":"pi_1","object":"payment_intent","status":"requires_payment_method","last_payment_error":{"code":"card_declined","decline_code":"lost_card"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var got intent
		if json.Unmarshal(body, &got) == nil {
			sound(t, (&adapter{}).readIntent(fuzzed(), got))
			failure(&action{FailureCode: "card_declined"}, got)
		}
	})
}

func FuzzRefund(f *testing.F) {
	f.Add([]byte(`{"id":"re_1","object":"refund","status":"succeeded","amount":300,"currency":"usd","metadata":{"refund":"1TESTABCD0000023"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var got refund
		if json.Unmarshal(body, &got) == nil {
			sound(t, readRefund(wallet.Refund{Number: "1TESTABCD0000023", Of: fuzzed()}, got))
		}
	})
}

func FuzzFault(f *testing.F) {
	f.Add(400, []byte(`{"error":{"type":"invalid_request_error","code":"amount_too_small","param":"amount","message":"Amount must be at least $0.50 usd"}}`))
	f.Add(502, []byte(`<html>bad gateway</html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		fault := readFault(wallet.Reply{Status: status, Body: body})
		if a := fault.refused(); a.Verdict == wallet.Refused && (status < 400 || status > 404) || a.Verdict == wallet.Done {
			t.Errorf("%d: %+v", status, a)
		}
		fault.tooLate()
	})
}

func FuzzBill(f *testing.F) {
	for _, name := range []string{"testdata/balance-1.json", "testdata/balance-2.json"} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var page list[movement]
		if json.Unmarshal(body, &page) != nil {
			return
		}
		b, err := bill(time.Now(), page.Data)
		if err != nil && len(b.Rows) != 0 {
			t.Errorf("%v with %d rows", err, len(b.Rows))
		}
		for _, r := range b.Rows {
			if r.Amount < 0 || len(r.Currency) != 3 || r.At.IsZero() {
				t.Errorf("%+v", r)
			}
		}
	})
}
