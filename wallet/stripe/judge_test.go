//go:build judges

package stripe_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/stripe"
	"guitai/wallet/wallettest"
)

// mock runs Stripe's own stripe-mock, which knows Stripe's OpenAPI, and returns
// its base URL.
func mock(t *testing.T) string {
	t.Helper()
	plain, secure := wallettest.FreeAddress(t), wallettest.FreeAddress(t)
	// Without both addresses it listens on all of the machine's.
	cmd := exec.CommandContext(t.Context(), os.Getenv("STRIPE_MOCK"), "-http-addr", plain, "-https-addr", secure, "-strict-version-check")
	cmd.Stderr = os.Stderr
	wallettest.Listen(t, cmd, plain)
	return "http://" + plain
}

// drawn are the ids that stripe-mock made up.
var drawn = regexp.MustCompile(`/(cs_test|pi)_[A-Za-z0-9]{14,}/(expire|cancel)$`)

// Every request the adapter can make is one that Stripe's OpenAPI has, with
// these parameters and this version. stripe-mock answers what it likes, so
// nothing is said here about the answers.
func TestJudgeStripeMock(t *testing.T) {
	base := mock(t)
	log := &wallettest.CallLog{}
	client := &wallet.Client{Wallet: "stripe", Calls: log}
	t.Cleanup(client.Close)
	a := account()
	a.BaseURL, a.Fields["payment_method_types"] = base, "card,wechat_pay"
	p, err := stripe.Spec.New(a, client)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	session, tap := charge(till.Show), charge(till.Tap)
	session.Handle, tap.Handle = "cs_test_a1b2c3d4", "pi_123456789 tmr_0123456789"
	lostSession, lostTap := charge(till.Show), charge(till.Tap)
	refund := wallet.Refund{Number: "1TESTABCD0000023", Of: session, Amount: 300, At: time.Now()}
	refund.Of.Provider = "pi_123456789"
	known := refund
	known.Handle = "re_123456789"
	money := p.(wallet.Refunder)
	for _, do := range []struct {
		name  string
		calls string // method and path of what must be asked
		f     func() error
	}{
		{"start of a session", "POST /v1/checkout/sessions", func() error { _, err := p.Start(ctx, lostSession); return err }},
		{"start at a reader", "POST /v1/payment_intents", func() error { _, err := p.Start(ctx, lostTap); return err }},
		{"second try at a reader", "POST /v1/terminal/readers/tmr_0123456789/process_payment_intent", func() error { _, err := p.Start(ctx, tap); return err }},
		{"query of a session", "GET /v1/checkout/sessions/cs_test_a1b2c3d4", func() error { _, err := p.Query(ctx, session); return err }},
		{"query of a lost session", "GET /v1/checkout/sessions", func() error { _, err := p.Query(ctx, lostSession); return err }},
		{"query of a reader", "GET /v1/terminal/readers/tmr_0123456789, GET /v1/payment_intents/pi_123456789", func() error { _, err := p.Query(ctx, tap); return err }},
		{"query of a lost tap", "GET /v1/payment_intents", func() error { _, err := p.Query(ctx, lostTap); return err }},
		{"cancel of a session", "POST /v1/checkout/sessions/cs_test_a1b2c3d4/expire", func() error { _, err := p.Cancel(ctx, session); return err }},
		{"cancel of a lost session", "POST /v1/checkout/sessions, POST /v1/checkout/sessions/made/expire", func() error { _, err := p.Cancel(ctx, lostSession); return err }},
		{"cancel at a reader", "GET /v1/terminal/readers/tmr_0123456789, POST /v1/payment_intents/pi_123456789/cancel", func() error { _, err := p.Cancel(ctx, tap); return err }},
		{"cancel of a lost tap", "POST /v1/payment_intents", func() error { _, err := p.Cancel(ctx, lostTap); return err }},
		{"refund", "POST /v1/refunds", func() error { _, err := money.Refund(ctx, refund); return err }},
		{"query of a refund", "GET /v1/refunds/re_123456789", func() error { _, err := money.QueryRefund(ctx, known); return err }},
		{"query of a lost refund", "GET /v1/refunds", func() error { _, err := money.QueryRefund(ctx, refund); return err }},
		{"bill", "GET /v1/balance_transactions", func() error { _, err := p.(wallet.BillFetcher).FetchBill(ctx, time.Now()); return err }},
		{"probe", "GET /v1/checkout/sessions/cs_test_guitai0000000000000000000000, GET /v1/terminal/readers/tmr_0123456789", func() error {
			p.(wallet.Prober).Probe(ctx)
			return nil
		}},
	} {
		first := len(log.Calls)
		if err := do.f(); err != nil {
			t.Errorf("%s: %v", do.name, err)
		}
		var made []string
		for _, c := range log.Calls[first:] {
			path := strings.TrimPrefix(c.URL, base)
			made = append(made, c.Method+" "+drawn.ReplaceAllString(path, "/made/$2"))
			if c.Status != http.StatusOK {
				t.Errorf("%s: %s %s was answered %d: %s\nasked: %s", do.name, c.Method, path, c.Status, c.Answered, c.Asked)
			}
		}
		if got := strings.Join(made, ", "); got != do.calls {
			t.Errorf("%s: made %s, want %s", do.name, got, do.calls)
		}
	}
	t.Logf("%d requests, all taken", len(log.Calls))
}

// The clearing of a reader's screen is made when its action is the attempt's,
// which stripe-mock never says; it is asked for by hand, as is everything that
// must be refused, so that a judge who takes all is noticed.
func TestJudgeStripeMockRefuses(t *testing.T) {
	base := mock(t)
	for _, row := range []struct {
		name, path, body, key, version string
		status                         int
	}{
		{"the reader's screen", "/v1/terminal/readers/tmr_0123456789/cancel_action", "", "rk_test_0123456789abcdefghij", "2026-08-26.dahlia", 200},
		{"unknown parameter", "/v1/refunds", "payment_intent=pi_1&number=1", "rk_test_0123456789abcdefghij", "2026-08-26.dahlia", 400},
		{"missing parameter", "/v1/payment_intents", "currency=usd", "rk_test_0123456789abcdefghij", "2026-08-26.dahlia", 400},
		{"a word for a number", "/v1/payment_intents", "amount=twelve&currency=usd", "rk_test_0123456789abcdefghij", "2026-08-26.dahlia", 400},
		{"another version", "/v1/refunds", "payment_intent=pi_1", "rk_test_0123456789abcdefghij", "2020-08-27", 400},
		{"no key", "/v1/refunds", "payment_intent=pi_1", "", "2026-08-26.dahlia", 401},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+row.path, strings.NewReader(row.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Stripe-Version", row.version)
		if row.key != "" {
			req.Header.Set("Authorization", "Bearer "+row.key)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != row.status {
			t.Errorf("%s: %d, want %d: %s", row.name, resp.StatusCode, row.status, fmt.Sprintf("%.300s", b))
		}
	}
}

// What the simulator answers is what Stripe's OpenAPI says of these objects:
// the document comes with stripe-mock, and Prism holds every answer against it.
func TestJudgeSimulatedAnswers(t *testing.T) {
	document := filepath.Join(t.TempDir(), "stripe.json")
	out, err := exec.Command("node", wallettest.Judges("stripe.mjs"), os.Getenv("STRIPE_SPEC"), document).CombinedOutput()
	if err != nil {
		t.Fatalf("cut the document (STRIPE_SPEC, which scripts/judges.sh sets): %v: %s", err, out)
	}
	b := wallettest.NewBench(t, subject)
	prism := wallettest.NewPrism(t, document, b.Base)
	front := httptest.NewServer(prism)
	t.Cleanup(func() {
		front.Close()
		for _, w := range prism.Words() {
			t.Errorf("Prism: %s", w)
		}
	})
	a := b.Platform.Account()
	a.Name, a.Mode, a.BaseURL, a.Currency = "stripe", "test", front.URL, usd
	log := &wallettest.CallLog{}
	client := &wallet.Client{Wallet: "stripe", Calls: log, Deadline: 20 * time.Second}
	t.Cleanup(client.Close)
	if b.Provider, err = stripe.Spec.New(a, client); err != nil {
		t.Fatal(err)
	}
	ctx, money := context.Background(), b.Provider.(wallet.Refunder)

	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	query(t, b, c, wallet.Waiting)
	lost := c
	lost.Handle = ""
	query(t, b, lost, wallet.Waiting)
	b.Pay(t, c.Number)
	c.Provider = query(t, b, c, wallet.Done).Provider
	r := b.RefundOf(c, 300)
	back, err := money.Refund(ctx, r)
	if err != nil || back.Verdict != wallet.Done {
		t.Errorf("refund: %v %+v", err, back)
	}
	for _, handle := range []string{"", back.Handle} {
		r.Handle = handle
		if a, err := money.QueryRefund(ctx, r); err != nil || a.Verdict != wallet.Done {
			t.Errorf("query of the refund: %v %+v", err, a)
		}
	}
	if a, err := money.Refund(ctx, b.RefundOf(c, 1000)); err != nil || a.Verdict != wallet.Refused {
		t.Errorf("more than is left: %v %+v", err, a)
	}
	for _, ch := range []wallet.Charge{c, b.Charge(800, till.Show)} {
		if ch.Handle == "" {
			b.Start(t, &ch)
		}
		if _, err := b.Provider.Cancel(ctx, ch); err != nil {
			t.Error(err)
		}
	}
	declined := tap(t, b)
	if err := platform(b).Decline(declined.Number, "do_not_honor"); err != nil {
		t.Fatal(err)
	}
	query(t, b, declined, wallet.Refused)
	paid := tap(t, b)
	query(t, b, paid, wallet.Waiting)
	b.Pay(t, paid.Number)
	query(t, b, paid, wallet.Done)
	stopped := tap(t, b)
	if a, err := b.Provider.Cancel(ctx, stopped); err != nil || a.Verdict != wallet.Closed {
		t.Errorf("cancel at the reader: %v %+v", err, a)
	}
	lost = stopped
	lost.Handle = ""
	query(t, b, lost, wallet.Closed)
	if bill, err := b.Provider.(wallet.BillFetcher).FetchBill(ctx, time.Now().UTC()); err != nil || len(bill.Rows) != 3 {
		t.Errorf("bill: %v %+v", err, bill.Rows)
	}
	b.Provider.(wallet.Prober).Probe(ctx)
	t.Logf("%d answers judged", len(log.Calls))
	// A judge who lets everything pass is noticed: for each of the answers.
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":1,"object":2,"amount":"three"}`))
	}))
	t.Cleanup(bad.Close)
	strict := wallettest.NewPrism(t, document, bad.URL)
	for _, call := range []string{
		"POST /v1/checkout/sessions", "GET /v1/checkout/sessions", "GET /v1/checkout/sessions/cs_1", "POST /v1/checkout/sessions/cs_1/expire",
		"POST /v1/payment_intents", "GET /v1/payment_intents", "GET /v1/payment_intents/pi_1", "POST /v1/payment_intents/pi_1/cancel",
		"POST /v1/refunds", "GET /v1/refunds", "GET /v1/refunds/re_1", "GET /v1/balance_transactions", "GET /v1/terminal/readers/tmr_1",
		"POST /v1/terminal/readers/tmr_1/process_payment_intent", "POST /v1/terminal/readers/tmr_1/cancel_action",
	} {
		method, path, _ := strings.Cut(call, " ")
		req, err := http.NewRequestWithContext(t.Context(), method, strict.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer rk_test_1")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusInternalServerError {
			t.Errorf("%s: a bad answer passed: %d", call, resp.StatusCode)
		}
	}
}
