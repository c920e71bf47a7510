package paypal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"guitai/wallet"
)

// The download holds a conversion, a payment that is pending, one that the shop made, two of the web shop, yen, and the
// day after; it is written in the zone of California.
func TestReadBill(t *testing.T) {
	p, _ := canned(t, 200, `{}`)
	day := time.Date(2026, 6, 19, 0, 0, 0, 0, time.UTC)
	raw, err := os.ReadFile("testdata/activity.csv")
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.(wallet.BillReader).ReadBill(raw, day)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	fmt.Fprintf(&got, "%s %s final %v\n", b.Day.Format(time.DateOnly), b.Merchant, b.Final)
	for _, r := range b.Rows {
		fmt.Fprintf(&got, "%s | %s | %s | %s | %d | %d | %s | %s\n", r.Number, r.Refund, r.Provider, r.At.Format(time.RFC3339), r.Amount, r.Fee, r.Currency, r.State)
	}
	got.Write(b.Raw)
	const file = "testdata/activity.golden"
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || got.String() != string(want) {
		t.Errorf("%v, got\n%swant\n%s", err, got.String(), want)
	}
	if strings.Contains(strings.ToLower(string(b.Raw)), "lin") || strings.Contains(string(b.Raw), "@") {
		t.Errorf("the bill says who paid:\n%s", b.Raw)
	}
}

// The same payments as accounts of other languages and zones write them.
func TestReadBillOfOtherZones(t *testing.T) {
	const head = "Date,Time,TimeZone,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Invoice Number\n"
	p, _ := canned(t, 200, `{}`)
	for _, row := range []struct {
		what, line string
		day        int
		at         string
		amount     int
	}{
		{"day first, decimal comma", `19/06/2026,09:00:00,CEST,Website Payment,Completed,EUR,"1.234,50","-36,10",,T1,N1`, 19, "2026-06-19T07:00:00Z", 123450},
		{"dots", `19.06.2026,00:30:00,CEST,Website Payment,Completed,EUR,"12,50","-0,85",,T1,N1`, 18, "2026-06-18T22:30:00Z", 1250},
		{"year first", `2026-06-19,09:00:00,GMT+08:00,Website Payment,Completed,EUR,12.5,0,,T1,N1`, 19, "2026-06-19T01:00:00Z", 1250},
		{"a named zone", `6/19/2026,09:00:00,Asia/Shanghai,Website Payment,Completed,EUR,12.50,0.00,,T1,N1`, 19, "2026-06-19T01:00:00Z", 1250},
		{"a narrow space", "19/06/2026,09:00:00,CEST,Website Payment,Completed,EUR,\"1\u202F234,50\",0,,T1,N1", 19, "2026-06-19T07:00:00Z", 123450},
	} {
		b, err := p.(wallet.BillReader).ReadBill([]byte(head+row.line+"\n"), time.Date(2026, 6, row.day, 0, 0, 0, 0, time.UTC))
		if err != nil || len(b.Rows) != 1 || b.Rows[0].At.Format(time.RFC3339) != row.at || int(b.Rows[0].Amount) != row.amount || b.Final {
			t.Errorf("%s: %v %+v", row.what, err, b.Rows)
		}
	}
}

func TestReadBillRefuses(t *testing.T) {
	p, _ := canned(t, 200, `{}`)
	day := time.Date(2026, 6, 19, 0, 0, 0, 0, time.UTC)
	good, err := os.ReadFile("testdata/activity.csv")
	if err != nil {
		t.Fatal(err)
	}
	text := string(good)
	for _, row := range []struct {
		what, text string
		day        time.Time
		want       wallet.BillFault
	}{
		{"another month", text, day.AddDate(0, 1, 0), wallet.BillOtherDay},
		{"cut off", text[:len(text)-40], day, wallet.BillDamaged},
		{"in German", "Datum,Uhrzeit,Zeitzone\n", day, wallet.BillOtherWallet},
		{"a report of Stripe", "balance_transaction_id,created_utc\n", day, wallet.BillOtherWallet},
		{"a zone nobody has", strings.ReplaceAll(text, `"PDT"`, `"XYZ"`), day, wallet.BillDamaged},
		{"an amount in words", strings.Replace(text, `"12.50"`, `"plenty"`, 1), day, wallet.BillDamaged},
		{"two accounts", strings.Replace(text, `"Shop@Example.com","5XX"`, `"other@example.com","5XX"`, 1), day, wallet.BillOtherMerchant},
		{"dates of two readings", "Date,Time,TimeZone,Type,Status,Currency,Gross,Fee,Transaction ID\n6/6/2026,09:00:00,UTC,Website Payment,Completed,USD,1,0,T\n6/5/2026,09:00:00,UTC,Website Payment,Completed,USD,1,0,T\n",
			time.Date(2026, 6, 5, 0, 0, 0, 0, time.UTC), wallet.BillDamaged},
	} {
		b, err := p.(wallet.BillReader).ReadBill([]byte(row.text), row.day)
		fe := (*wallet.BillError)(nil)
		if !errors.As(err, &fe) || fe.Fault != row.want || len(b.Rows) != 0 {
			t.Errorf("%s: %v, %d rows; want %s", row.what, err, len(b.Rows), row.want)
		}
	}
}

func FuzzReadBill(f *testing.F) {
	raw, err := os.ReadFile("testdata/activity.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	p, _ := canned(f, 200, `{}`)
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := p.(wallet.BillReader).ReadBill(raw, time.Date(2026, 6, 19, 0, 0, 0, 0, time.UTC))
		for _, r := range b.Rows {
			if err != nil || r.Amount < 0 || len(r.Currency) != 3 || r.At.IsZero() {
				t.Errorf("%v %+v", err, r)
			}
		}
	})
}
