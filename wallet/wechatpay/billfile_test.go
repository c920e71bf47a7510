package wechatpay

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"guitai/wallet"
)

// A bill from a file is taken packed or not, and refused whole where it is
// another merchant's, another day's or cut off.
func TestReadBill(t *testing.T) {
	raw, err := os.ReadFile("testdata/tradebill.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parseBill(raw)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)
	mine := &account{mchid: "1900000109", client: &wallet.Client{Now: func() time.Time { return day.AddDate(0, 0, 2) }}}
	for what, file := range map[string][]byte{"plain": raw, "packed": packed(raw), "marked": append([]byte("\uFEFF"), raw...)} {
		b, err := mine.ReadBill(file, day)
		if err != nil || printed(b.Rows) != printed(rows) || !b.Final || b.Merchant != "1900000109" || b.Day.Format(time.RFC3339) != "2026-06-18T00:00:00+08:00" {
			t.Errorf("%s: %v, %d rows, final %v, %s of %s", what, err, len(b.Rows), b.Final, b.Merchant, b.Day)
		}
	}
	for _, row := range []struct {
		what string
		by   string
		file []byte
		day  time.Time
		want wallet.BillFault
	}{
		{"another merchant", "1900000110", raw, day, wallet.BillOtherMerchant},
		{"another month", "1900000109", raw, day.AddDate(0, 1, 0), wallet.BillOtherDay},
		{"cut off", "1900000109", packed(raw)[:100], day, wallet.BillDamaged},
		{"a row is missing", "1900000109", []byte(strings.Replace(string(raw), "\n`", "\n#`", 1)), day, wallet.BillDamaged},
	} {
		b, err := (&account{mchid: row.by, client: mine.client}).ReadBill(row.file, row.day)
		fe := (*wallet.BillError)(nil)
		if !errors.As(err, &fe) || fe.Fault != row.want || len(b.Rows) != 0 {
			t.Errorf("%s: %v, %d rows", row.what, err, len(b.Rows))
		}
	}
}
