package paypal_test

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

// The pages hold a withdrawal, a payment that the shop made, and one of the
// shop's web pages, beside a payment, a refund and currencies without decimals.
func TestBill(t *testing.T) {
	var asked []string
	p := answering(t, func(r *http.Request) (int, string) {
		asked = append(asked, r.URL.RawQuery)
		b, err := os.ReadFile("testdata/transactions-" + r.URL.Query().Get("page") + ".json")
		if err != nil {
			t.Error(err)
		}
		return 200, string(b)
	})
	b, err := p.(wallet.BillFetcher).FetchBill(context.Background(), time.Date(2026, 6, 19, 13, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 || !strings.Contains(asked[0], "start_date=2026-06-19T00%3A00%3A00Z") || !strings.Contains(asked[0], "end_date=2026-06-19T23%3A59%3A59Z") {
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
	for _, who := range []string{"lin.mei", "QYR5Z8XDVJNXQ", "Mei"} {
		if strings.Contains(string(b.Raw), who) {
			t.Errorf("the bill says who paid: %s", who)
		}
	}
}

func TestBadBills(t *testing.T) {
	const info = `{"total_pages":1,"transaction_details":[{"transaction_info":{"transaction_id":"5TY05013RG002845M","transaction_event_code":"T0006",%s}}]}`
	for name, body := range map[string]string{
		"cut off":         `{"transaction_details":[{"transaction_info":`,
		"a list":          `[]`,
		"not refreshed":   `{"transaction_details":[],"total_pages":0,"last_refreshed_datetime":"2026-06-19T21:00:00+0000"}`,
		"too many pages":  `{"transaction_details":[],"total_pages":21}`,
		"no amount":       fmt.Sprintf(info, `"transaction_initiation_date":"2026-06-19T17:00:00Z"`),
		"a German amount": fmt.Sprintf(info, `"transaction_initiation_date":"2026-06-19T17:00:00Z","transaction_amount":{"currency_code":"USD","value":"12,50"}`),
		"three decimals":  fmt.Sprintf(info, `"transaction_initiation_date":"2026-06-19T17:00:00Z","transaction_amount":{"currency_code":"USD","value":"12.505"}`),
		"no time":         fmt.Sprintf(info, `"transaction_amount":{"currency_code":"USD","value":"12.50"}`),
		"another fee":     fmt.Sprintf(info, `"transaction_initiation_date":"2026-06-19T17:00:00Z","transaction_amount":{"currency_code":"USD","value":"12.50"},"fee_amount":{"currency_code":"EUR","value":"-0.93"}`),
	} {
		p, _ := canned(t, 200, body)
		if b, err := p.(wallet.BillFetcher).FetchBill(context.Background(), time.Date(2026, 6, 19, 0, 0, 0, 0, time.UTC)); err == nil || len(b.Rows) != 0 || len(b.Raw) != 0 {
			t.Errorf("%s: %v %+v", name, err, b)
		}
	}
	p, _ := canned(t, 200, `{"transaction_details":[],"total_pages":0,"total_items":0}`)
	if b, err := p.(wallet.BillFetcher).FetchBill(context.Background(), time.Now()); err != nil || len(b.Rows) != 0 {
		t.Errorf("an empty day: %v %+v", err, b)
	}
	p, _ = canned(t, 403, `{"name":"NOT_AUTHORIZED","message":"Authorization failed due to insufficient permissions."}`)
	if _, err := p.(wallet.BillFetcher).FetchBill(context.Background(), time.Now()); err == nil || !strings.Contains(err.Error(), "insufficient permissions") {
		t.Errorf("an app without the right: %v", err)
	}
}

// Against the simulator's books, on the day after.
func TestBillOfTheSimulator(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	b.Pay(t, c.Number)
	b.Query(t, &c)
	r := b.RefundOf(c, 300)
	if a, err := b.Provider.(wallet.Refunder).Refund(context.Background(), r); err != nil || a.Verdict != wallet.Done {
		t.Fatalf("%v %+v", err, a)
	}
	fetch := func() (wallet.Bill, error) {
		return b.Provider.(wallet.BillFetcher).FetchBill(context.Background(), time.Now().UTC())
	}
	if _, err := fetch(); err == nil || !strings.Contains(err.Error(), "not complete") {
		t.Errorf("the bill of a day that is not over: %v", err)
	}
	platform(b).ListLater(25 * time.Hour)
	bill, err := fetch()
	if err != nil || len(bill.Rows) != 2 {
		t.Fatalf("%v %+v", err, bill.Rows)
	}
	pay, back := bill.Rows[0], bill.Rows[1]
	if pay.Number != c.Number || pay.Refund != "" || pay.Amount != 1250 || pay.Fee != 93 || pay.Provider != c.Provider {
		t.Errorf("%+v", pay)
	}
	if back.Number != c.Number || back.Refund != r.Number || back.Amount != 300 || back.Fee != 0 {
		t.Errorf("%+v", back)
	}
}
