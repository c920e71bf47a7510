package stripe_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/wallettest"
)

var update = flag.Bool("update", false, "rewrite the expected bill")

// The pages hold a payout, a fee, a refund that came back, a charge without its
// source, a currency without decimals and one that was exchanged.
func TestBill(t *testing.T) {
	var asked []string
	p := answering(t, func(r *http.Request) (int, string) {
		asked = append(asked, r.URL.RawQuery)
		name := "testdata/balance-1.json"
		if r.URL.Query().Get("starting_after") == "txn_7" {
			name = "testdata/balance-2.json"
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
		}
		return 200, string(b)
	})
	day := time.Date(2026, 6, 19, 13, 0, 0, 0, time.UTC)
	b, err := p.(wallet.BillFetcher).FetchBill(context.Background(), day)
	if err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 || !strings.Contains(asked[0], "created%5Bgte%5D=1781827200") || !strings.Contains(asked[0], "created%5Blt%5D=1781913600") {
		t.Errorf("asked for %q", asked)
	}
	var got bytes.Buffer
	fmt.Fprintf(&got, "%s %s\n", b.Day.Format(time.DateOnly), b.Name)
	for _, r := range b.Rows {
		fmt.Fprintf(&got, "%s | %s | %s | %s | %d | %d | %s | %s\n", r.Number, r.Refund, r.Provider, r.At.Format(time.RFC3339), r.Amount, r.Fee, r.Currency, r.State)
	}
	got.Write(b.Raw)
	const file = "testdata/bill.golden"
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	for _, who := range []string{"lin.mei", "Quay", "billing_details"} {
		if strings.Contains(string(b.Raw), who) {
			t.Errorf("the bill says who paid: %s", who)
		}
	}
}

func TestBadBills(t *testing.T) {
	for name, body := range map[string]string{
		"cut off":     `{"object":"list","data":[{"id":"txn_1","type":"charge"`,
		"no list":     `{"object":"balance"}`,
		"no end":      `{"object":"list","has_more":true,"data":[]}`,
		"no currency": `{"object":"list","data":[{"id":"txn_1","object":"balance_transaction","type":"charge","amount":1250,"created":1781888400}]}`,
		"no time":     `{"object":"list","data":[{"id":"txn_1","object":"balance_transaction","type":"charge","amount":1250,"currency":"usd"}]}`,
		"a fraction":  `{"object":"list","data":[{"id":"txn_1","object":"balance_transaction","type":"charge","amount":12.5,"currency":"usd","created":1781888400}]}`,
		"bad fee":     `{"object":"list","data":[{"id":"txn_1","object":"balance_transaction","type":"charge","amount":1250,"fee":1,"currency":"usd","created":1781888400,"source":{"id":"ch_1","amount":1250,"currency":"x"}}]}`,
	} {
		if b, err := canned(t, 200, body).(wallet.BillFetcher).FetchBill(context.Background(), time.Now()); err == nil || len(b.Rows) != 0 || len(b.Raw) != 0 {
			t.Errorf("%s: %v %+v", name, err, b)
		}
	}
	if b, err := canned(t, 200, `{"object":"list","data":[],"has_more":false}`).(wallet.BillFetcher).FetchBill(context.Background(), time.Now()); err != nil || len(b.Rows) != 0 {
		t.Errorf("an empty day: %v %+v", err, b)
	}
	if _, err := canned(t, 403, `{"error":{"type":"invalid_request_error","message":"The provided key does not have access"}}`).(wallet.BillFetcher).FetchBill(context.Background(), time.Now()); err == nil || !strings.Contains(err.Error(), "does not have access") {
		t.Errorf("a key without the right: %v", err)
	}
}

// A day of more than a page, against the simulator's books.
func TestBillOfABusyDay(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	paid := map[string]bool{}
	for range 120 {
		c := b.Charge(1250, till.Show)
		b.Start(t, &c)
		b.Pay(t, c.Number)
		paid[c.Number] = true
		if len(paid) == 1 {
			r := b.RefundOf(c, 300)
			if a, err := b.Provider.(wallet.Refunder).Refund(context.Background(), r); err != nil || a.Verdict != wallet.Done {
				t.Fatalf("%v %+v", err, a)
			}
		}
	}
	bill, err := b.Provider.(wallet.BillFetcher).FetchBill(context.Background(), time.Now().UTC())
	if err != nil {
		t.Fatal(err)
	}
	payments, back := 0, 0
	for _, r := range bill.Rows {
		if r.Refund != "" {
			back += int(r.Amount)
			continue
		}
		if !paid[r.Number] || r.Amount != 1250 || r.Fee != 66 || r.Currency != "USD" || !strings.HasPrefix(r.Provider, "pi_") {
			t.Errorf("%+v", r)
		}
		delete(paid, r.Number)
		payments++
	}
	if payments != 120 || back != 300 || len(paid) != 0 {
		t.Errorf("%d payments, %d given back, %d missing", payments, back, len(paid))
	}
}
