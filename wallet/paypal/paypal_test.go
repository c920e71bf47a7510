package paypal_test

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
	"guitai/wallet/paypal"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

var usd = money.Currency{Code: "USD", Exponent: 2}

var subject = wallettest.Subject{
	Spec:     paypal.Spec,
	Platform: func(s *sim.Sim) sim.Platform { return sim.NewPayPal(s) },
	Currency: usd,
	PayOf:    func(s *sim.Sim, number string) error { return s.Platform("paypal").(*sim.PayPal).Approve(number) },
}

func TestConformance(t *testing.T) { wallettest.Conformance(t, subject) }

// count returns how many calls of an operation reached the platform.
func count(b *wallettest.Bench, op sim.Op) (n int) {
	for _, c := range b.Sim.Calls() {
		if c.Op == op {
			n++
		}
	}
	return n
}

func platform(b *wallettest.Bench) *sim.PayPal { return b.Platform.(*sim.PayPal) }

// ask asks once, as the core does.
func ask(t *testing.T, b *wallettest.Bench, c *wallet.Charge) wallet.Answer {
	t.Helper()
	a, err := b.Provider.Query(context.Background(), *c)
	if err != nil {
		t.Fatal(err)
	}
	wallettest.Follow(c, a)
	return a
}

// A capture is sent only after the intent to do so was handed out to be kept.
func TestCaptureIsMarkedFirst(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	order := c.Handle
	b.Pay(t, c.Number)
	a := ask(t, b, &c)
	if a.Verdict != wallet.Waiting || !strings.HasPrefix(c.Handle, order+" ") || a.Again <= 0 || count(b, sim.OpCapture) != 0 {
		t.Fatalf("the first query: %+v, %d captures", a, count(b, sim.OpCapture))
	}
	if a := ask(t, b, &c); a.Verdict != wallet.Done || a.Amount != 1250 || a.Number != c.Number || count(b, sim.OpCapture) != 1 {
		t.Fatalf("the second query: %+v, %d captures", a, count(b, sim.OpCapture))
	}
	// An old mark is renewed before anything is sent under it.
	d := b.Charge(700, till.Show)
	b.Start(t, &d)
	b.Pay(t, d.Number)
	d.Handle += " 1000000000"
	if a := ask(t, b, &d); a.Verdict != wallet.Waiting || strings.HasSuffix(d.Handle, " 1000000000") || count(b, sim.OpCapture) != 1 {
		t.Errorf("an old mark: %+v, %d captures", a, count(b, sim.OpCapture))
	}
}

// What was given up before a capture was meant is closed for good; after that
// it is in doubt until no capture can be on its way any more.
func TestGivenUpOrder(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	now := time.Now()
	b.Client.Now = func() time.Time { return now }
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	b.Pay(t, c.Number)
	d := c
	d.GivingUp = true
	if a := ask(t, b, &d); a.Verdict != wallet.Closed {
		t.Fatalf("approved and given up: %+v", a)
	}
	ask(t, b, &c) // marks
	d = c
	d.GivingUp = true
	if a := ask(t, b, &d); a.Verdict != wallet.Unclear {
		t.Errorf("given up while a capture may be on its way: %+v", a)
	}
	now = now.Add(31 * time.Minute)
	if a := ask(t, b, &d); a.Verdict != wallet.Closed {
		t.Errorf("given up long after: %+v", a)
	}
	if count(b, sim.OpCapture) != 0 {
		t.Error("captured although given up")
	}
	if a := ask(t, b, &wallet.Charge{Number: c.Number, GivingUp: true}); a.Verdict != wallet.Closed {
		t.Errorf("an order whose number never arrived: %+v", a)
	}
}

// A capture in doubt is settled by the order, and taken once.
func TestCaptureInDoubt(t *testing.T) {
	for _, kind := range []sim.FaultKind{sim.DropAnswer, sim.DropRequest, sim.Garbage, sim.Empty, sim.Status500, sim.Status502After, sim.Twice} {
		b := wallettest.NewBench(t, subject)
		c := b.Charge(1250, till.Show)
		b.Start(t, &c)
		b.Pay(t, c.Number)
		b.Sim.Fail(sim.Fault{Op: sim.OpCapture, Kind: kind})
		a := b.Query(t, &c)
		if kind != sim.Twice && a.Verdict != wallet.Unclear {
			t.Errorf("%s: %+v", kind, a)
		}
		if a := b.Query(t, &c); a.Verdict != wallet.Done || a.Amount != 1250 || a.Provider == "" {
			t.Errorf("%s: then %+v", kind, a)
		}
		if p, _ := b.Sim.Payment("paypal", c.Number); p.Captured != 1250 {
			t.Errorf("%s: the books took %d", kind, p.Captured)
		}
	}
}

// A lost start is repeated with its key: one order.
func TestLostOrderIsMadeAgain(t *testing.T) {
	for _, kind := range []sim.FaultKind{sim.DropRequest, sim.DropAnswer} {
		b := wallettest.NewBench(t, subject)
		c := b.Charge(1250, till.Show)
		b.Sim.Fail(sim.Fault{Op: sim.OpStart, Kind: kind})
		b.Start(t, &c)
		if a := ask(t, b, &c); a.Verdict != wallet.Missing {
			t.Fatalf("%s: %+v", kind, a)
		}
		if a := b.Start(t, &c); a.Verdict != wallet.Waiting || a.QR == "" {
			t.Fatalf("%s: again: %+v", kind, a)
		}
		if n := len(b.Sim.All()); n != 1 {
			t.Errorf("%s: %d orders", kind, n)
		}
	}
}

func TestCaptureRefusals(t *testing.T) {
	for _, row := range []struct {
		issue   string
		verdict wallet.Verdict
		reason  till.Reason
	}{
		{"ORDER_NOT_APPROVED", wallet.Waiting, ""},
		{"ORDER_COMPLETION_IN_PROGRESS", wallet.Waiting, ""},
		{"PAYER_ACTION_REQUIRED", wallet.Waiting, till.PasswordAsked},
		{"ORDER_ALREADY_CAPTURED", wallet.Unclear, ""},
		{"INSTRUMENT_DECLINED", wallet.Refused, till.PayerBlocked},
		{"REDIRECT_PAYER_FOR_ALTERNATE_FUNDING", wallet.Refused, till.PayerBlocked},
		{"MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", wallet.Refused, till.PayerBlocked},
		{"PAYER_ACCOUNT_LOCKED_OR_CLOSED", wallet.Refused, till.PayerBlocked},
		{"PAYER_ACCOUNT_RESTRICTED", wallet.Refused, till.PayerBlocked},
		{"PAYER_CANNOT_PAY", wallet.Refused, till.PayerBlocked},
		{"CARD_BRAND_NOT_SUPPORTED", wallet.Refused, till.PayerBlocked},
		{"REFERENCED_CARD_EXPIRED", wallet.Refused, till.PayerBlocked},
		{"DOMESTIC_TRANSACTION_REQUIRED", wallet.Refused, till.PayerBlocked},
		{"AGREEMENT_ALREADY_CANCELLED", wallet.Refused, till.PayerBlocked},
		{"TRANSACTION_LIMIT_EXCEEDED", wallet.Refused, till.OverLimit},
		{"TRANSACTION_RECEIVING_LIMIT_EXCEEDED", wallet.Refused, till.OverLimit},
		{"TRANSACTION_REFUSED", wallet.Refused, till.RiskRefused},
		{"COMPLIANCE_VIOLATION", wallet.Refused, till.RiskRefused},
		{"PAYEE_BLOCKED_TRANSACTION", wallet.Refused, till.RiskRefused},
		{"TRANSACTION_BLOCKED_BY_PAYEE", wallet.Refused, till.RiskRefused},
		{"DECLINED_DUE_TO_RELATED_TXN", wallet.Refused, till.OtherReason},
		{"ORDER_EXPIRED", wallet.Refused, till.TimedOut},
		{"DUPLICATE_INVOICE_ID", wallet.Refused, till.NumberReused},
		{"AUTH_CAPTURE_NOT_ENABLED", wallet.Refused, till.SetUpWrong},
		{"NOT_ENABLED_FOR_CARD_PROCESSING", wallet.Refused, till.SetUpWrong},
		{"PAYEE_ACCOUNT_RESTRICTED", wallet.Refused, till.SetUpWrong},
		{"PAYEE_ACCOUNT_LOCKED_OR_CLOSED", wallet.Refused, till.SetUpWrong},
		// One nobody has heard of decides nothing.
		{"SOMETHING_NEW", wallet.Unclear, till.OtherReason},
	} {
		b := wallettest.NewBench(t, subject)
		c := b.Charge(1250, till.Show)
		b.Start(t, &c)
		b.Pay(t, c.Number)
		platform(b).Refuse(c.Number, row.issue)
		a := b.Query(t, &c)
		if a.Verdict != row.verdict || a.Reason != row.reason || !strings.Contains(a.Said, row.issue) {
			t.Errorf("%s: %v %s (%s)", row.issue, a.Verdict, a.Reason, a.Said)
		}
		if p, _ := b.Sim.Payment("paypal", c.Number); p.Captured != 0 {
			t.Errorf("%s: the books took %d", row.issue, p.Captured)
		}
	}
}

func TestCredentialsAreChecked(t *testing.T) {
	acc := func() wallet.Account {
		a := sim.NewPayPal(sim.New(nil)).Account()
		a.Name, a.Mode, a.BaseURL, a.Currency = "paypal", "live", paypal.Spec.Live, usd
		return a
	}
	for _, row := range []struct{ name, field, value, words string }{
		{"e-mail", "client_id", "shop@example.com", "e-mail"},
		{"cut off", "client_id", "AeA1QIZXiflr1", "cut off"},
		{"secret cut off", "client_secret", "EC0fZZ", "cut off"},
		{"the id twice", "client_secret", "", "once more"},
		{"http", "return_url", "http://shop.example/thanks", "https"},
		{"12 characters", "merchant_id", "ABCDEFGH2345", "13"},
	} {
		a := acc()
		if row.value == "" {
			row.value = a.Fields["client_id"]
		}
		a.Fields[row.field] = row.value
		_, err := paypal.Spec.New(a, &wallet.Client{})
		var e *wallet.FieldError
		if !errors.As(err, &e) || e.Field != row.field || e.Reason != till.SetUpWrong || !strings.Contains(e.Detail, row.words) || strings.Contains(err.Error(), row.value) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	for mode, address := range map[string]string{"live": paypal.Spec.Test, "test": paypal.Spec.Live} {
		a := acc()
		a.Mode, a.BaseURL = mode, address
		var e *wallet.FieldError
		if _, err := paypal.Spec.New(a, &wallet.Client{}); !errors.As(err, &e) || e.Field != "base_url" || !strings.Contains(e.Detail, "other mode") {
			t.Errorf("%s at %s: %v", mode, address, err)
		}
	}
	a := acc()
	a.BaseURL = "http://api-m.paypal.com"
	if _, err := paypal.Spec.New(a, &wallet.Client{}); err == nil || !strings.Contains(err.Error(), "base_url") {
		t.Errorf("real money without TLS: %v", err)
	}
}

func TestAmountsAreRefusedBeforeAnythingIsSent(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	huf, jpy := money.Currency{Code: "HUF", Exponent: 2}, money.Currency{Code: "JPY"}
	for _, row := range []struct {
		currency money.Currency
		amount   money.Amount
		ok       bool
	}{
		{usd, 0, false}, {usd, -1, false}, {usd, 1, true}, {usd, 999_999_999, true}, {usd, 1_000_000_000, false},
		{jpy, 500, true}, {huf, 120_000, true}, {huf, 120_050, false}, {money.Currency{Code: "KRW"}, 5000, false},
	} {
		c := b.Charge(row.amount, till.Show)
		c.Currency = row.currency
		before := len(b.Sim.Calls())
		a, err := b.Provider.Start(context.Background(), c)
		var e *wallet.FieldError
		switch sent := len(b.Sim.Calls()) - before; {
		case row.ok && (err != nil || a.Verdict != wallet.Waiting):
			t.Errorf("%d %s: %v %+v", row.amount, row.currency.Code, err, a)
		case !row.ok && (!errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Field != "amount" || e.Reason != till.AmountNotAllowed || sent != 0):
			t.Errorf("%d %s: %v, %d calls", row.amount, row.currency.Code, err, sent)
		}
		if !row.ok {
			continue
		}
		c.Handle = a.Handle
		b.Pay(t, c.Number)
		if a := b.Query(t, &c); a.Verdict != wallet.Done || a.Amount != row.amount || a.Currency != row.currency.Code {
			t.Errorf("%d %s: %+v", row.amount, row.currency.Code, a)
		}
	}
}

// A token is fetched once, renewed when it no longer works, and never kept.
func TestToken(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	b.Query(t, &c)
	if n := count(b, sim.OpToken); n != 1 {
		t.Errorf("%d tokens for two calls", n)
	}
	platform(b).Revoke()
	if a := ask(t, b, &c); a.Verdict != wallet.Unclear || a.Reason != till.SetUpWrong {
		t.Errorf("revoked: %+v", a)
	}
	if a := ask(t, b, &c); a.Verdict != wallet.Waiting || count(b, sim.OpToken) != 2 {
		t.Errorf("then: %+v, %d tokens", a, count(b, sim.OpToken))
	}
	if text := b.Log.Text(); strings.Contains(text, "A21AA") || strings.Contains(text, b.Platform.Account().Fields["client_secret"]) {
		t.Errorf("kept:\n%s", text)
	}
	// Without a token nothing is sent.
	platform(b).Revoke()
	ask(t, b, &c)
	b.Sim.Fail(sim.Fault{Op: sim.OpToken, Kind: sim.DropAnswer})
	d := b.Charge(1250, till.Show)
	if _, err := b.Provider.Start(context.Background(), d); !errors.Is(err, wallet.ErrNotSent) {
		t.Errorf("no token: %v", err)
	}
	a := b.Platform.Account()
	a.Mode, a.BaseURL = "test", b.Base
	a.Fields["client_secret"] = "E" + strings.Repeat("x", 78)
	p, err := paypal.Spec.New(a, b.Client)
	if err != nil {
		t.Fatal(err)
	}
	var e *wallet.FieldError
	if _, err := p.Start(context.Background(), d); !errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Field != "client_secret" {
		t.Errorf("wrong secret: %v", err)
	}
	if steps := p.(wallet.Prober).Probe(context.Background()); steps[len(steps)-1].Name != "request_signature" || steps[len(steps)-1].Reason != till.SetUpWrong {
		t.Errorf("probe with a wrong secret: %+v", steps)
	}
}

func TestProbe(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	probe := func() (names string, last wallet.Step) {
		for _, s := range b.Provider.(wallet.Prober).Probe(context.Background()) {
			names, last = names+s.Name+" ", s
		}
		return names, last
	}
	if s, last := probe(); s != "credentials host clock request_signature answer_signature merchant " || !last.OK {
		t.Errorf("%s %+v", s, last)
	}
	b.Sim.Fail(sim.Fault{Op: sim.OpToken, Kind: sim.ClockOff})
	if s, last := probe(); last.Name != "clock" || last.Reason != till.ClockWrong {
		t.Errorf("clock off: %s %+v", s, last)
	}
	b.Sim.Cut("paypal", true)
	if s, last := probe(); last.Name != "host" || last.Reason != till.NoNetwork {
		t.Errorf("cut off: %s %+v", s, last)
	}
}

// Nothing that says who paid is kept, and the journal still tells the states.
func TestPayerIsNotKept(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	b.Pay(t, c.Number)
	b.Query(t, &c)
	text := b.Log.Text()
	for _, s := range []string{"Mei", "Lin", "example.com\"", "QYR5Z8XDVJNXQ", "checkoutnow"} {
		if strings.Contains(text, s) {
			t.Errorf("%q was kept:\n%s", s, text)
		}
	}
	for _, s := range []string{`"status":"APPROVED"`, `"status":"COMPLETED"`, "capture"} {
		if !strings.Contains(text, s) {
			t.Errorf("%s is missing:\n%s", s, text)
		}
	}
}

// answering is a PayPal that answers as told to everything but the token.
func answering(t testing.TB, answer func(*http.Request) (int, string)) wallet.Provider {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := 200, `{"access_token":"A21AAtoken","token_type":"Bearer","expires_in":32400}`
		if !strings.HasSuffix(r.URL.Path, "/oauth2/token") {
			status, body = answer(r)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(srv.Close)
	a := sim.NewPayPal(sim.New(nil)).Account()
	a.Name, a.Mode, a.BaseURL, a.Currency = "paypal", "test", srv.URL, usd
	a.Fields["merchant_id"] = "MERCH23456789"
	c := &wallet.Client{Wallet: "paypal"}
	t.Cleanup(c.Close)
	p, err := paypal.Spec.New(a, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// canned is a PayPal that answers one thing, and counts the captures.
func canned(t testing.TB, status int, body string) (wallet.Provider, *int) {
	t.Helper()
	captures := new(int)
	return answering(t, func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/capture") {
			*captures++
		}
		return status, body
	}), captures
}
