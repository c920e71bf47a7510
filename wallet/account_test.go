package wallet_test

import (
	"errors"
	"testing"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

func TestBaseWantsAnAddressThatIsSafe(t *testing.T) {
	for _, row := range []struct{ mode, url, base string }{
		{"live", "https://vsi-api.shouqianba.com", "https://vsi-api.shouqianba.com"},
		{"live", " https://host/path/ ", "https://host/path"},
		{"live", "http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"},
		{"test", "http://host", "http://host"},
		{"live", "http://host", ""},
		{"live", "host", ""},
		{"live", "", ""},
		{"live", "ftp://host", ""},
		{"live", "https://user:word@host", ""},
		{"live", "https://host?x=1", ""},
	} {
		base, err := wallet.Account{Mode: row.mode, BaseURL: row.url}.Base()
		var e *wallet.FieldError
		if base != row.base || (row.base == "") != (errors.As(err, &e) && e.Field == "base_url") {
			t.Errorf("%s %q: %q, %v", row.mode, row.url, base, err)
		}
	}
}

func TestNeedNamesTheField(t *testing.T) {
	a := wallet.Account{Fields: map[string]string{"app_id": " 1 ", "key": " \n"}}
	if v, err := a.Need("app_id"); v != "1" || err != nil {
		t.Errorf("%q %v", v, err)
	}
	for _, field := range []string{"key", "none"} {
		var e *wallet.FieldError
		if _, err := a.Need(field); !errors.As(err, &e) || e.Field != field || e.Reason != till.SetUpWrong {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestAmountsOutsideTheLimitsAreNotSent(t *testing.T) {
	cny, usd := money.Currency{Code: "CNY", Exponent: 2}, money.Currency{Code: "USD", Exponent: 2}
	for _, row := range []struct {
		amount money.Amount
		c      money.Currency
		ok     bool
	}{{1, cny, true}, {100, cny, true}, {0, cny, false}, {-1, cny, false}, {101, cny, false}, {50, usd, false}} {
		err := wallet.AllowAmount(row.amount, row.c, 1, 100, "CNY")
		var e *wallet.FieldError
		refused := errors.Is(err, wallet.ErrNotSent) && errors.As(err, &e) && e.Field == "amount" && e.Reason == till.AmountNotAllowed
		if row.ok != (err == nil) || row.ok == refused {
			t.Errorf("%d %s: %v", row.amount, row.c.Code, err)
		}
	}
}
