package shouqianba_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/shouqianba"
)

var cny = money.Currency{Code: "CNY", Exponent: 2}

const testKey = "0123456789abcdef0123456789abcdef"

func account(base string) wallet.Account {
	return wallet.Account{Name: "shouqianba", Mode: "test", BaseURL: base, Currency: cny, Fields: map[string]string{
		"terminal_sn": "100000000001", "terminal_key": testKey, "device_id": "guitai-1",
		"vendor_sn": "91800001", "vendor_key": "fedcba9876543210fedcba9876543210", "app_id": "2025010100000001",
	}}
}

// asked is a request as it came.
type asked struct{ path, auth, body string }

// answering is the adapter before a provider that always says the same.
func answering(t *testing.T, status int, body string) (wallet.Provider, *[]asked) {
	t.Helper()
	var got []asked
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, asked{r.URL.Path, r.Header.Get("Authorization"), string(b)})
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	p, err := shouqianba.Spec.New(account(srv.URL), &wallet.Client{Wallet: "shouqianba"})
	if err != nil {
		t.Fatal(err)
	}
	return p, &got
}

func charge(way till.Presentment) wallet.Charge {
	return wallet.Charge{Number: "1000TEST00000017", Amount: 1250, Currency: cny, Way: way, Subject: "街角便利店", Operator: "1001",
		Code: "134567890123456789", At: time.Unix(1700000000, 0), Until: time.Unix(1700000300, 0)}
}

func refund() wallet.Refund {
	return wallet.Refund{Number: "1000TEST00000025", Of: charge(till.Take), Amount: 300, At: time.Unix(1700000100, 0)}
}

// The bytes that are sent, and their signature: MD5 of the body and the key.
func TestRequestsAreWhatTheManualSays(t *testing.T) {
	for _, row := range []struct {
		name string
		call func(wallet.Provider) (wallet.Answer, error)
		want asked
	}{
		{"pay", func(p wallet.Provider) (wallet.Answer, error) {
			return p.Start(context.Background(), charge(till.Take))
		}, asked{"/upay/v2/pay",
			"100000000001 1780272bd61853499559e472560da657",
			`{"client_sn":"1000TEST00000017","dynamic_id":"134567890123456789","operator":"1001","subject":"街角便利店","terminal_sn":"100000000001","total_amount":"1250"}`}},
		{"precreate", func(p wallet.Provider) (wallet.Answer, error) {
			return p.Start(context.Background(), charge(till.Show))
		}, asked{"/upay/v2/precreate",
			"100000000001 cdf82a3a54ed2626614528f8a117bd23",
			`{"client_sn":"1000TEST00000017","operator":"1001","payway":"3","subject":"街角便利店","terminal_sn":"100000000001","total_amount":"1250"}`}},
		{"query", func(p wallet.Provider) (wallet.Answer, error) {
			return p.Query(context.Background(), charge(till.Take))
		}, asked{"/upay/v2/query",
			"100000000001 ", `{"client_sn":"1000TEST00000017","terminal_sn":"100000000001"}`}},
		{"cancel", func(p wallet.Provider) (wallet.Answer, error) {
			return p.Cancel(context.Background(), charge(till.Take))
		}, asked{"/upay/v2/cancel",
			"100000000001 ", `{"client_sn":"1000TEST00000017","terminal_sn":"100000000001"}`}},
		{"refund", func(p wallet.Provider) (wallet.Answer, error) {
			return p.(wallet.Refunder).Refund(context.Background(), refund())
		}, asked{"/upay/v2/refund", "100000000001 ",
			`{"client_sn":"1000TEST00000017","operator":"1001","refund_amount":"300","refund_request_no":"1000TEST00000025","terminal_sn":"100000000001"}`}},
	} {
		p, got := answering(t, 200, `{"result_code":"500"}`)
		if _, err := row.call(p); err != nil || len(*got) != 1 {
			t.Fatalf("%s: %v, %d calls", row.name, err, len(*got))
		}
		g := (*got)[0]
		if g.path != row.want.path || g.body != row.want.body {
			t.Errorf("%s:\n got %s %s\nwant %s %s", row.name, g.path, g.body, row.want.path, row.want.body)
		}
		if want := row.want.auth; len(want) > 20 && g.auth != want || len(g.auth) != 45 {
			t.Errorf("%s: signed %q, want %q", row.name, g.auth, want)
		}
	}
}

func TestAmountsThatTheWalletDoesNotTakeAreNotSent(t *testing.T) {
	p, got := answering(t, 200, `{}`)
	for _, row := range []struct {
		amount money.Amount
		c      money.Currency
	}{{0, cny}, {-1, cny}, {10_000_000_000, cny}, {100, money.Currency{Code: "USD", Exponent: 2}}} {
		c := charge(till.Take)
		c.Amount, c.Currency = row.amount, row.c
		_, err := p.Start(context.Background(), c)
		var e *wallet.FieldError
		if !errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Field != "amount" || e.Reason != till.AmountNotAllowed {
			t.Errorf("%d %s: %v", row.amount, row.c.Code, err)
		}
	}
	f := refund()
	f.Amount = f.Of.Amount + 1
	if _, err := p.(wallet.Refunder).Refund(context.Background(), f); !errors.Is(err, wallet.ErrNotSent) {
		t.Errorf("a refund of more than was paid: %v", err)
	}
	if len(*got) != 0 {
		t.Errorf("%d calls were made", len(*got))
	}
}

func TestFieldsAreCheckedWhenEntered(t *testing.T) {
	for _, row := range []struct{ field, value, at string }{
		{"terminal_sn", "", "terminal_sn"},
		{"terminal_sn", "12 34", "terminal_sn"},
		{"terminal_key", "", "terminal_key"},
		{"terminal_key", testKey[:31], "terminal_key"},
		{"terminal_key", testKey + "0", "terminal_key"},
		{"device_id", " ", "device_id"},
		{"payway", "2", "payway"},
		{"former_terminal_key", "short", "former_terminal_key"},
		{"checked_in", "yesterday", "checked_in"},
	} {
		a := account("https://vsi-api.shouqianba.com")
		a.Fields[row.field] = row.value
		_, err := shouqianba.Spec.New(a, &wallet.Client{})
		var e *wallet.FieldError
		if !errors.As(err, &e) || e.Field != row.at || e.Reason != till.SetUpWrong {
			t.Errorf("%s=%q: %v", row.field, row.value, err)
		}
		if v := row.value; len(v) > 5 && err != nil && containsText(err.Error(), v) {
			t.Errorf("%s: the error tells the value: %v", row.field, err)
		}
	}
	a := account("vsi-api.shouqianba.com")
	var e *wallet.FieldError
	if _, err := shouqianba.Spec.New(a, &wallet.Client{}); !errors.As(err, &e) || e.Field != "base_url" {
		t.Errorf("base_url: %v", err)
	}
}
