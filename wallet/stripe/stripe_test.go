package stripe_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/stripe"
	"guitai/wallet/wallettest"
)

var usd = money.Currency{Code: "USD", Exponent: 2}

var subject = wallettest.Subject{
	Spec:     stripe.Spec,
	Platform: func(s *sim.Sim) sim.Platform { return sim.NewStripe(s) },
	Currency: usd,
}

func TestConformance(t *testing.T) { wallettest.Conformance(t, subject) }

// account returns an account that New takes.
func account() wallet.Account {
	return wallet.Account{Name: "stripe", Mode: "test", BaseURL: "https://api.stripe.com", Currency: usd, Fields: map[string]string{
		"secret_key": "rk_test_0123456789abcdefghij", "success_url": "https://shop.example/thanks", "reader": "tmr_0123456789",
	}}
}

func TestCredentialsAreChecked(t *testing.T) {
	for _, row := range []struct {
		name, field, value, mode string
		words                    string
	}{
		{"publishable", "secret_key", "pk_test_0123456789abcdefghij", "test", "publishable"},
		{"webhook", "secret_key", "whsec_0123456789abcdefghij", "test", "webhook"},
		{"cut off", "secret_key", "rk_test_0123", "test", "cut off"},
		{"test key for live", "secret_key", "rk_test_0123456789abcdefghij", "live", "test mode"},
		{"live key for test", "secret_key", "sk_live_0123456789abcdefghij", "test", "real money"},
		{"blank within", "secret_key", "rk_test_0123456789 abcdefghij", "test", "letters and digits"},
		{"no address", "success_url", "shop.example/thanks", "test", "https"},
		{"no method", "payment_method_types", "card;link", "test", "commas"},
		{"no reader", "reader", "WSC513105011295", "test", "tmr_"},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := account()
			a.Mode, a.Fields[row.field] = row.mode, row.value
			_, err := stripe.Spec.New(a, &wallet.Client{})
			var e *wallet.FieldError
			if !errors.As(err, &e) || e.Field != row.field || e.Reason != till.SetUpWrong || !strings.Contains(e.Detail, row.words) || strings.Contains(err.Error(), row.value) {
				t.Errorf("%v", err)
			}
		})
	}
	for _, key := range []string{"rk_test_0123456789abcdefghij", "sk_test_0123456789abcdefghij"} {
		a := account()
		a.Fields["secret_key"] = key
		if _, err := stripe.Spec.New(a, &wallet.Client{}); err != nil {
			t.Errorf("%s: %v", key[:8], err)
		}
	}
	a := account()
	a.Mode, a.BaseURL, a.Fields["secret_key"] = "live", "http://api.stripe.com", "rk_live_0123456789abcdefghij"
	if _, err := stripe.Spec.New(a, &wallet.Client{}); err == nil || !strings.Contains(err.Error(), "base_url") {
		t.Errorf("real money without TLS: %v", err)
	}
}

func TestAmountsAreRefusedBeforeAnythingIsSent(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	for _, row := range []struct {
		currency money.Currency
		amount   money.Amount
		ok       bool
	}{
		{usd, 0, false}, {usd, -1, false}, {usd, 49, false}, {usd, 50, true}, {usd, 99_999_999, true}, {usd, 100_000_000, false},
		{money.Currency{Code: "JPY"}, 49, false}, {money.Currency{Code: "JPY"}, 50, true},
		{money.Currency{Code: "KWD", Exponent: 3}, 1001, false}, {money.Currency{Code: "KWD", Exponent: 3}, 1010, true},
		{money.Currency{Code: "ISK"}, 999_999, true}, {money.Currency{Code: "ISK"}, 1_000_000, false},
		{money.Currency{Code: "MGA", Exponent: 2}, 150, false}, {money.Currency{Code: "MGA", Exponent: 2}, 200, true},
		{money.Currency{Code: "XAU", Exponent: 2}, 1000, false},
	} {
		c := b.Charge(row.amount, till.Show)
		c.Currency = row.currency
		before := len(b.Sim.Calls())
		_, err := b.Provider.Start(context.Background(), c)
		var e *wallet.FieldError
		switch sent := len(b.Sim.Calls()) - before; {
		case row.ok && (err != nil || sent != 1):
			t.Errorf("%d %s: %v", row.amount, row.currency.Code, err)
		case !row.ok && (!errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Field != "amount" || e.Reason != till.AmountNotAllowed || sent != 0):
			t.Errorf("%d %s: %v, %d calls", row.amount, row.currency.Code, err, sent)
		}
		if row.ok {
			if p, _ := b.Sim.Payment("stripe", c.Number); p.Amount != row.amount || p.Currency != row.currency.Code {
				t.Errorf("the platform heard %d %s, want %d %s", p.Amount, p.Currency, row.amount, row.currency.Code)
			}
		}
	}
}

// A currency without decimals at Stripe, or with two that the till does not
// have, is read back as it was sent.
func TestStatedAmountsAreTheTills(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	for _, c := range []struct {
		currency money.Currency
		amount   money.Amount
	}{
		{usd, 1250}, {money.Currency{Code: "JPY"}, 500}, {money.Currency{Code: "ISK"}, 700}, {money.Currency{Code: "UGX"}, 4000},
		{money.Currency{Code: "KWD", Exponent: 3}, 1250}, {money.Currency{Code: "HUF", Exponent: 2}, 20000},
	} {
		ch := b.Charge(c.amount, till.Show)
		ch.Currency = c.currency
		b.Start(t, &ch)
		b.Pay(t, ch.Number)
		a := b.Query(t, &ch)
		if a.Verdict != wallet.Done || a.Amount != c.amount || a.Currency != c.currency.Code || a.Number != ch.Number || !strings.HasPrefix(a.Provider, "pi_") {
			t.Errorf("%s: %+v", c.currency.Code, a)
		}
		if d := time.Since(a.PaidAt); d < -time.Minute || d > time.Minute {
			t.Errorf("%s: paid at %v", c.currency.Code, a.PaidAt)
		}
	}
}

// A start whose answer was lost is found by its number, and given up it is
// closed for good: a request that arrives late then makes nothing payable.
func TestLostStartIsClosed(t *testing.T) {
	for _, kind := range []sim.FaultKind{sim.DropRequest, sim.DropAnswer} {
		b := wallettest.NewBench(t, subject)
		c := b.Charge(1250, till.Show)
		b.Sim.Fail(sim.Fault{Op: sim.OpStart, Kind: kind})
		if a := b.Start(t, &c); a.Verdict != wallet.Unclear || c.Handle != "" {
			t.Fatalf("%s: %+v", kind, a)
		}
		c.GivingUp = true
		a, err := b.Provider.Cancel(context.Background(), c)
		if err != nil || a.Verdict != wallet.Closed || a.Handle == "" {
			t.Fatalf("%s: cancel: %v %+v", kind, err, a)
		}
		wallettest.Follow(&c, a)
		if a := b.Query(t, &c); a.Verdict != wallet.Closed {
			t.Errorf("%s: query: %+v", kind, a)
		}
		if all := b.Sim.All(); len(all) != 1 || all[0].State != sim.Closed {
			t.Errorf("%s: the books: %+v", kind, all)
		}
	}
}

// A lost start that is given up when it is too late for its session proves that
// none can come.
func TestLostStartThatIsTooLate(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Show)
	c.At = c.At.Add(-20 * time.Minute)
	c.Until = c.At.Add(5 * time.Minute)
	a, err := b.Provider.Cancel(context.Background(), c)
	if err != nil || a.Verdict != wallet.Closed || a.Reason != till.TimedOut {
		t.Fatalf("%v %+v", err, a)
	}
	if a := b.Start(t, &c); a.Verdict != wallet.Refused || a.Reason != till.TimedOut {
		t.Errorf("start: %+v", a)
	}
	if all := b.Sim.All(); len(all) != 0 {
		t.Errorf("the books: %+v", all)
	}
	// A clock that is behind has the same refusal at once.
	b.Client.Now = func() time.Time { return c.At }
	if a := b.Start(t, &c); a.Verdict != wallet.Refused || a.Reason != till.ClockWrong {
		t.Errorf("start with a clock behind: %+v", a)
	}
}

// The same number again is the same session; another amount under it is
// refused by the key.
func TestStartIsRepeatedByItsKey(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Show)
	first := b.Start(t, &c)
	if again := b.Start(t, &c); again.Handle != first.Handle || again.QR != first.QR {
		t.Errorf("%+v, then %+v", first, again)
	}
	d := c
	d.Amount = 1300
	if a := b.Start(t, &d); a.Verdict != wallet.Unclear || a.Reason != till.NumberReused {
		t.Errorf("another amount under the number: %+v", a)
	}
	if n := len(b.Sim.All()); n != 1 {
		t.Errorf("%d payments", n)
	}
}

// A cancel that comes after the customer paid closed nothing, and says so; a
// refusal that is not Stripe's own says nothing.
func TestCancelOfCompleteSession(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	b.Sim.Fail(sim.Fault{Op: sim.OpCancel, Kind: sim.PayDuringCancel})
	c.GivingUp = true
	a, err := b.Provider.Cancel(context.Background(), c)
	if err != nil || a.Verdict != wallet.Refused || a.Repeat {
		t.Fatalf("%v %+v", err, a)
	}
	if a := b.Query(t, &c); a.Verdict != wallet.Done || a.Amount != 1250 {
		t.Errorf("query: %+v", a)
	}
	if a, err := canned(t, 400, "<html>bad request</html>").Cancel(context.Background(), c); err != nil || a.Verdict != wallet.Unclear {
		t.Errorf("a refusal of somebody between: %v %+v", err, a)
	}
}

// Nothing that says who paid is kept.
func TestPayerIsNotKept(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	b.Pay(t, c.Number)
	b.Query(t, &c)
	text := b.Log.Text()
	for _, s := range []string{"Lin Mei", "example.com", "15550100", "Quay", "_secret_", "rk_test_"} {
		if strings.Contains(text, s) {
			t.Errorf("%q was kept:\n%s", s, text)
		}
	}
	if !strings.Contains(text, c.Handle) || !strings.Contains(text, `"payment_status":"paid"`) {
		t.Errorf("the journal of calls says too little:\n%s", text)
	}
}

func TestProbe(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	names := func() (s string, last wallet.Step) {
		for _, st := range b.Provider.(wallet.Prober).Probe(context.Background()) {
			s += st.Name + " "
			last = st
		}
		return s, last
	}
	if s, last := names(); s != "credentials host clock request_signature answer_signature merchant " || !last.OK {
		t.Errorf("%s %+v", s, last)
	}
	b.Platform.(*sim.Stripe).SwitchReader(false)
	if s, last := names(); last.Name != "merchant" || last.Reason != till.ReaderNotReady {
		t.Errorf("reader off: %s %+v", s, last)
	}
	b.Sim.Fail(sim.Fault{Kind: sim.ClockOff})
	if s, last := names(); last.Name != "clock" || last.Reason != till.ClockWrong {
		t.Errorf("clock off: %s %+v", s, last)
	}
	b.Sim.Cut("stripe", true)
	if s, last := names(); last.Name != "host" || last.Reason != till.NoNetwork {
		t.Errorf("cut off: %s %+v", s, last)
	}
	b.Sim.Mend()
	a := b.Platform.Account()
	a.Mode, a.BaseURL, a.Fields["secret_key"] = "test", b.Base, "rk_test_0123456789abcdefghij"
	p, err := stripe.Spec.New(a, b.Client)
	if err != nil {
		t.Fatal(err)
	}
	b.Provider = p
	if s, last := names(); last.Name != "request_signature" || last.Reason != till.SetUpWrong {
		t.Errorf("wrong key: %s %+v", s, last)
	}
	c := b.Charge(1250, till.Show)
	if a := b.Start(t, &c); a.Verdict != wallet.Refused || a.Reason != till.SetUpWrong {
		t.Errorf("wrong key: %+v", a)
	}
}

// answering is a Stripe that answers as told.
func answering(t testing.TB, answer func(*http.Request) (int, string)) wallet.Provider {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := answer(r)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(srv.Close)
	a := account()
	a.BaseURL = srv.URL
	c := &wallet.Client{Wallet: "stripe"}
	t.Cleanup(c.Close)
	p, err := stripe.Spec.New(a, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// canned is a Stripe that answers one thing.
func canned(t testing.TB, status int, body string) wallet.Provider {
	t.Helper()
	return answering(t, func(*http.Request) (int, string) { return status, body })
}

// answers is a Stripe that answers by the path.
func answers(t testing.TB, bodies map[string]string) wallet.Provider {
	t.Helper()
	return answering(t, func(r *http.Request) (int, string) { return 200, bodies[r.URL.Path] })
}
