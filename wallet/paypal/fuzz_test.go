package paypal

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

func fuzzed() wallet.Charge {
	return wallet.Charge{Number: "1TESTABCD0000012", Amount: 1250, Currency: money.Currency{Code: "USD", Exponent: 2}}
}

// sound checks that an answer that says paid says what.
func sound(t *testing.T, a wallet.Answer) {
	t.Helper()
	if (a.Verdict == wallet.Done || a.Verdict == wallet.Returned) && (a.Amount < 0 || len(a.Currency) != 3 || a.Provider == "") {
		t.Errorf("%+v", a)
	}
}

func FuzzOrder(f *testing.F) {
	f.Add([]byte(`{"id":"5O190127TN364715T","status":"COMPLETED","purchase_units":[{"custom_id":"1TESTABCD0000012","amount":{"currency_code":"USD","value":"12.50"},
		"payments":{"captures":[{"id":"3C679366HH908993F","status":"COMPLETED","amount":{"currency_code":"USD","value":"12.50"}}]}}]}`))
	f.Add([]byte(`{"id":"5O190127TN364715T","status":"PAYER_ACTION_REQUIRED","links":[{"rel":"payer-action","href":"https://www.paypal.com/checkoutnow?token=5O190127TN364715T"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var got order
		if json.Unmarshal(body, &got) == nil {
			sound(t, (&adapter{}).readOrder(fuzzed(), got))
			findRefund(wallet.Refund{Number: "1TESTABCD0000023", Of: fuzzed()}, &got)
		}
	})
}

func FuzzRefund(f *testing.F) {
	f.Add([]byte(`{"id":"1JU08902781691411","status":"COMPLETED","invoice_id":"1TESTABCD0000023","amount":{"currency_code":"USD","value":"3.00"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var got refund
		if json.Unmarshal(body, &got) == nil {
			sound(t, readRefund(wallet.Refund{Number: "1TESTABCD0000023", Of: fuzzed()}, got))
		}
	})
}

func FuzzFault(f *testing.F) {
	f.Add(422, []byte(`{"name":"UNPROCESSABLE_ENTITY","message":"words","details":[{"issue":"ORDER_NOT_APPROVED","description":"Payer has not yet approved"}]}`))
	f.Add(401, []byte(`{"error":"invalid_token","error_description":"Token signature verification failed"}`))
	f.Add(502, []byte(`<html>bad gateway</html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		fault := readFault(wallet.Reply{Status: status, Body: body})
		if a := fault.refused(); a.Verdict == wallet.Refused && (status < 400 || status > 422) || a.Verdict == wallet.Done {
			t.Errorf("%d: %+v", status, a)
		}
	})
}

func FuzzBill(f *testing.F) {
	for _, name := range []string{"testdata/transactions-1.json", "testdata/transactions-2.json"} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got page
		if json.Unmarshal(body, &got) != nil {
			return
		}
		var all []transaction
		for _, x := range got.Transactions {
			all = append(all, x.Info)
		}
		b, err := bill(time.Now(), all)
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
