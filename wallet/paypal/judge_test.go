//go:build judges

package paypal_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/paypal"
	"guitai/wallet/wallettest"
)

// A bench is an adapter whose calls pass Prism on the way to the simulator.
type bench struct {
	*wallettest.Bench
	provider wallet.Provider
	calls    *wallettest.CallLog
	url      string

	prisms []*wallettest.Prism
}

// judged lets documents judge: by the beginning of the path, the longest first.
// What none of them holds goes straight to the simulator.
func judged(t *testing.T, documents map[string]string) *bench {
	t.Helper()
	b := &bench{Bench: wallettest.NewBench(t, subject), calls: &wallettest.CallLog{}}
	front := http.NewServeMux()
	straight, err := url.Parse(b.Base)
	if err != nil {
		t.Fatal(err)
	}
	front.Handle("/", httputil.NewSingleHostReverseProxy(straight))
	for path, document := range documents {
		p := wallettest.NewPrism(t, document, b.Base)
		b.prisms = append(b.prisms, p)
		front.Handle(path, p)
	}
	srv := httptest.NewServer(front)
	t.Cleanup(srv.Close)
	b.url = srv.URL
	a := b.Platform.Account()
	a.Name, a.Mode, a.BaseURL, a.Currency = "paypal", "test", srv.URL, usd
	client := &wallet.Client{Wallet: "paypal", Calls: b.calls, Deadline: 20 * time.Second}
	t.Cleanup(client.Close)
	if b.provider, err = paypal.Spec.New(a, client); err != nil {
		t.Fatal(err)
	}
	b.Bench.Provider = b.provider
	return b
}

// published are PayPal's own documents, by what they judge.
var published = map[string]string{
	"/v2/checkout/": "checkout_orders_v2.json", "/v2/payments/": "payments_payment_v2.json", "/v1/reporting/": "reporting_transactions_v1.json",
}

// documents calls f with our own excerpt, and with PayPal's documents where
// PAYPAL_SPECS names the folder that holds them: no package has them.
func documents(t *testing.T, f func(t *testing.T, documents map[string]string)) {
	t.Run("excerpt", func(t *testing.T) {
		f(t, map[string]string{"/v1/": wallettest.Judges("paypal.yaml"), "/v2/": wallettest.Judges("paypal.yaml")})
	})
	folder := os.Getenv("PAYPAL_SPECS")
	if folder == "" {
		t.Log("PAYPAL_SPECS is not set: PayPal's published documents do not judge")
		return
	}
	t.Run("published", func(t *testing.T) {
		all := map[string]string{}
		for path, name := range published {
			mended := filepath.Join(t.TempDir(), name)
			out, err := exec.Command("node", wallettest.Judges("patterns.mjs"), filepath.Join(folder, name), mended).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			t.Logf("%s: %s patterns dropped", name, strings.TrimSpace(string(out)))
			all[path] = mended
		}
		f(t, all)
	})
}

// Everything that the adapter asks and the simulator answers passes the
// documents, refusals included.
func TestJudgePrism(t *testing.T) {
	documents(t, func(t *testing.T, documents map[string]string) {
		b := judged(t, documents)
		ctx := context.Background()
		c := b.Charge(1250, till.Show)
		if a := b.Start(t, &c); a.Verdict != wallet.Waiting || a.QR == "" {
			t.Errorf("start: %+v", a)
		}
		if a := b.Start(t, &c); a.Verdict != wallet.Waiting {
			t.Errorf("start again: %+v", a)
		}
		if a := ask(t, b.Bench, &c); a.Verdict != wallet.Waiting {
			t.Errorf("before it is approved: %+v", a)
		}
		b.Pay(t, c.Number)
		platform(b.Bench).Refuse(c.Number, "ORDER_NOT_APPROVED")
		if a := b.Query(t, &c); a.Verdict != wallet.Waiting {
			t.Errorf("a capture that is refused: %+v", a)
		}
		if a := b.Query(t, &c); a.Verdict != wallet.Done {
			t.Errorf("capture: %+v", a)
		}
		if a := b.Query(t, &c); a.Verdict != wallet.Done {
			t.Errorf("after it: %+v", a)
		}
		money := b.provider.(wallet.Refunder)
		r := b.RefundOf(c, 300)
		for _, do := range []struct {
			name string
			f    func(context.Context, wallet.Refund) (wallet.Answer, error)
			want wallet.Verdict
		}{{"refund", money.Refund, wallet.Done}, {"refund again", money.Refund, wallet.Done}, {"query of the refund", money.QueryRefund, wallet.Done}} {
			a, err := do.f(ctx, r)
			if err != nil || a.Verdict != do.want {
				t.Errorf("%s: %v %+v", do.name, err, a)
			}
			if do.name == "refund again" {
				r.Handle = a.Handle
			}
		}
		r.Handle = ""
		if a, err := money.QueryRefund(ctx, r); err != nil || a.Verdict != wallet.Done {
			t.Errorf("query of the refund by its number: %v %+v", err, a)
		}
		if a, err := money.Refund(ctx, b.RefundOf(c, 1000)); err != nil || a.Verdict != wallet.Refused || a.Reason != till.NotRefundable {
			t.Errorf("more than is left: %v %+v", err, a)
		}
		if a := b.Query(t, &c); a.Verdict != wallet.Done {
			t.Errorf("given back in part: %+v", a)
		}
		platform(b.Bench).ListLater(25 * time.Hour)
		bill, err := b.provider.(wallet.BillFetcher).FetchBill(ctx, time.Now().UTC())
		if err != nil || len(bill.Rows) != 2 {
			t.Errorf("bill: %v %+v", err, bill.Rows)
		}
		for _, s := range b.provider.(wallet.Prober).Probe(ctx) {
			if !s.OK {
				t.Errorf("probe: %+v", s)
			}
		}
		// A yen has no decimals.
		d := b.Charge(500, till.Show)
		d.Currency.Code, d.Currency.Exponent = "JPY", 0
		if a := b.Start(t, &d); a.Verdict != wallet.Waiting {
			t.Errorf("yen: %+v", a)
		}
		for _, p := range b.prisms {
			for _, w := range p.Words() {
				t.Errorf("Prism: %s", w)
			}
		}
		t.Logf("%d calls judged", len(b.calls.Calls))
	})
}

// A judge who lets everything pass is noticed: bad bodies are refused on their
// way, and a bad answer on its way back.
func TestJudgePrismRefuses(t *testing.T) {
	documents(t, func(t *testing.T, documents map[string]string) {
		b := judged(t, documents)
		order := func(currency, value, extra string) string {
			return fmt.Sprintf(`{"intent":"CAPTURE","purchase_units":[{"custom_id":"N1","invoice_id":"N1","amount":{"currency_code":%q,"value":%q}}],
				"payment_source":{"paypal":{"experience_context":{"user_action":"PAY_NOW","return_url":"https://shop.example","cancel_url":"https://shop.example"%s}}}}`, currency, value, extra)
		}
		for _, row := range []struct {
			name, body string
			status     int
		}{
			// The simulator does not know the token: that the order got so far is proof
			// that it was let pass.
			{"a good one", order("USD", "5.00", ""), http.StatusUnauthorized},
			{"a currency of four letters", order("EURO", "5.00", ""), http.StatusUnprocessableEntity},
			{"a comma", order("USD", "5,00", ""), http.StatusUnprocessableEntity},
			{"a word that is none", order("USD", "5.00", `,"shipping_preference":"NEVER"`), http.StatusUnprocessableEntity},
			{"no units", `{"intent":"CAPTURE"}`, http.StatusUnprocessableEntity},
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/v2/checkout/orders", strings.NewReader(row.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("PayPal-Request-Id", "N1-order")
			req.Header.Set("Authorization", "Bearer A21AA")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode != row.status {
				t.Errorf("%s: %d, want %d: %.300s", row.name, resp.StatusCode, row.status, body)
			}
		}
		bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"id":"5O190127TN364715T","status":"FROZEN","transaction_details":"none","total_pages":"no"}`))
		}))
		t.Cleanup(bad.Close)
		front := http.NewServeMux()
		for path, document := range documents {
			front.Handle(path, wallettest.NewPrism(t, document, bad.URL))
		}
		srv := httptest.NewServer(front)
		t.Cleanup(srv.Close)
		for _, path := range []string{
			"/v2/checkout/orders/5O190127TN364715T", "/v2/payments/refunds/1JU08902781691411",
			"/v1/reporting/transactions?start_date=2026-06-19T00:00:00Z&end_date=2026-06-19T23:59:59Z",
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer A21AA")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusInternalServerError {
				t.Errorf("%s: a bad answer passed: %d", path, resp.StatusCode)
			}
		}
	})
}
