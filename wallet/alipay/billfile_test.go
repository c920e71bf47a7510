package alipay

import (
	"errors"
	"testing"
	"time"

	"guitai/wallet"
)

// A bill from a file says whose and of which day it is; only one that was made
// after its day is final.
func TestBillFromAFile(t *testing.T) {
	day := time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)
	whole := zipped(t, gbk(t, goodBill))
	b, err := (&adapter{}).ReadBill(whole, day)
	if err != nil || len(b.Rows) == 0 || !b.Final || b.Merchant != "20880000000000010156" || b.Day.Format(time.RFC3339) != "2026-06-18T00:00:00+08:00" {
		t.Errorf("%v, %d rows, final %v, of %s, %s", err, len(b.Rows), b.Final, b.Merchant, b.Day)
	}
	for _, row := range []struct {
		what string
		file []byte
		day  time.Time
		want wallet.BillFault
	}{
		{"another day", whole, day.AddDate(0, 0, 1), wallet.BillOtherDay},
		{"another month", whole, day.AddDate(0, -1, 0), wallet.BillOtherDay},
		{"half a zip", whole[:len(whole)/2], day, wallet.BillDamaged},
	} {
		b, err := (&adapter{}).ReadBill(row.file, row.day)
		fe := (*wallet.BillError)(nil)
		if !errors.As(err, &fe) || fe.Fault != row.want || len(b.Rows) != 0 {
			t.Errorf("%s: %v, %d rows", row.what, err, len(b.Rows))
		}
	}
}
