//go:build judges

package stripe_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/stripe"
	"guitai/wallet/wallettest"
)

// loopback returns an address of this machine that nobody listens on.
func loopback(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// mock runs Stripe's own stripe-mock, which knows Stripe's OpenAPI, and returns
// its base URL.
func mock(t *testing.T) string {
	t.Helper()
	plain, secure := loopback(t), loopback(t)
	// Without both addresses it listens on all of the machine's.
	cmd := exec.CommandContext(t.Context(), os.Getenv("STRIPE_MOCK"), "-http-addr", plain, "-https-addr", secure, "-strict-version-check")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatalf("stripe-mock (STRIPE_MOCK, which scripts/judges.sh sets): %v", err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })
	for range 200 {
		if c, err := net.DialTimeout("tcp", plain, time.Second); err == nil {
			c.Close()
			return "http://" + plain
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("stripe-mock does not listen")
	return ""
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
