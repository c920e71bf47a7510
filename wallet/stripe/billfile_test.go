package stripe_test

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

// wrote writes the rows of a bill and what is kept of its file.
func wrote(b wallet.Bill) string {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s final %v\n", b.Day.Format(time.DateOnly), b.Final)
	for _, r := range b.Rows {
		fmt.Fprintf(&out, "%s | %s | %s | %s | %d | %d | %s | %s\n", r.Number, r.Refund, r.Provider, r.At.Format(time.RFC3339), r.Amount, r.Fee, r.Currency, r.State)
	}
	out.Write(b.Raw)
	return out.String()
}

// The report holds a payout, a fee, a charge of the web shop, one in another currency, a refund made at the site, the
// day before, and quotes around commas, quotes and a line's end; the export has a day more.
func TestReadBill(t *testing.T) {
	p := canned(t, 200, `{}`).(wallet.BillReader)
	day := time.Date(2026, 6, 19, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"report", "export"} {
		raw, err := os.ReadFile("testdata/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.ReadBill(raw, day)
		if err != nil {
			t.Fatal(err)
		}
		got, file := wrote(b), "testdata/"+name+".golden"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || got != string(want) {
			t.Errorf("%s: %v, got\n%swant\n%s", name, err, got, want)
		}
		for _, who := range []string{"lin.mei", "Quay", "Lin Mei"} {
			if strings.Contains(got, who) {
				t.Errorf("%s: the bill says who paid: %s", name, who)
			}
		}
	}
}

// What cannot be the bill of the day is refused with its reason, whole.
func TestReadBillRefuses(t *testing.T) {
	p := canned(t, 200, `{}`).(wallet.BillReader)
	day := time.Date(2026, 6, 19, 0, 0, 0, 0, time.UTC)
	good, err := os.ReadFile("testdata/report.csv")
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
		{"cut off in a line", text[:len(text)-60], day, wallet.BillDamaged},
		{"cut off in quotes", text[:strings.Index(text, "two\n")+2], day, wallet.BillDamaged},
		{"not UTF-8", "\xff\xfe" + text, day, wallet.BillDamaged},
		{"empty", "", day, wallet.BillDamaged},
		{"an activity download of PayPal", "Date,Time,TimeZone,Type\n", day, wallet.BillOtherWallet},
		{"a time in words", strings.Replace(text, "2026-06-19 08:00:07", "this morning", 1), day, wallet.BillDamaged},
		{"an amount in words", strings.Replace(text, `"1,234.50"`, "plenty", 1), day, wallet.BillDamaged},
		{"half a yen", strings.Replace(text, "1250,jpy", "1250.5,jpy", 1), day, wallet.BillDamaged},
		{"a currency nobody has", strings.Replace(text, "12.50,usd", "12.50,u1", 1), day, wallet.BillDamaged},
	} {
		b, err := p.ReadBill([]byte(row.text), row.day)
		fe := (*wallet.BillError)(nil)
		if !errors.As(err, &fe) || fe.Fault != row.want || len(b.Rows) != 0 || len(b.Raw) != 0 {
			t.Errorf("%s: %v, %d rows; want %s", row.what, err, len(b.Rows), row.want)
		}
	}
}

func FuzzReadBill(f *testing.F) {
	raw, err := os.ReadFile("testdata/report.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	p := canned(f, 200, `{}`)
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := p.(wallet.BillReader).ReadBill(raw, time.Date(2026, 6, 19, 0, 0, 0, 0, time.UTC))
		for _, r := range b.Rows {
			if err != nil || r.Amount < 0 || len(r.Currency) != 3 || r.At.IsZero() {
				t.Errorf("%v %+v", err, r)
			}
		}
	})
}
