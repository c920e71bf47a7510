package ledger

import (
	"errors"
	"reflect"
	"testing"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// manyDays is a ledger with a few sales on every third day of 14 months, all
// days closed but the last.
func manyDays(t *testing.T) *Ledger {
	t.Helper()
	l, err := foundTrade(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	trade := tilltest.NewTrade(7, 40)
	if err := l.Commit(bg, till.Tx{Entries: []till.Entry{{At: trade.At, Recorded: trade.At, Record: &till.Started{Version: "test"}}}}); err != nil {
		t.Fatal(err)
	}
	for range 140 {
		if err := tradeADay(l, trade, 2); err != nil {
			t.Fatal(err)
		}
		trade.At = trade.At.AddDate(0, 0, 2)
	}
	if err := errors.Join(l.Commit(bg, trade.OpenShift()), l.Commit(bg, trade.Sell(0))); err != nil {
		t.Fatal(err)
	}
	return l
}

// The goods of any range are those of its days, however it cuts months and years.
func TestGoodsOfARangeAreThoseOfItsDays(t *testing.T) {
	l := manyDays(t)
	if _, err := l.Audit(bg, nil); err != nil {
		t.Fatal(err)
	}
	var first, last till.BusinessDay
	if err := l.r().QueryRow("SELECT min(day), max(day) FROM shift_sum").Scan(&first, &last); err != nil || first.DaysTo(last) < 400 {
		t.Fatalf("the shop traded from %d to %d: %v", first, last, err)
	}
	for _, span := range [][2]till.BusinessDay{
		{first, last}, {first + 1, last}, {20250101, 20251231}, {20250102, 20251231}, {20250101, 20251230}, {20241101, 20261231}, {20250115, 20250120}, {20250115, 20250215},
		{20250201, 20250228}, {20250131, 20250301}, {20251130, 20260102}, {20251201, 20260131}, {20250201, last}, {last, last}, {20250601, 20250831}, {20250630, 20250701},
	} {
		r, err := l.Report(bg, span[0], span[1])
		if err != nil {
			t.Fatal(err)
		}
		var items []till.ItemRow
		kinds := map[string]money.Amount{}
		if err := each(bg, l.r(), "SELECT code, name, sum(qty), sum(net) FROM item_sum WHERE day BETWEEN ? AND ? GROUP BY code, name ORDER BY code, name", []any{int(span[0]), int(span[1])}, func(s scanner) error {
			var i till.ItemRow
			err := s.Scan(&i.Code, &i.Name, &i.Qty, &i.Net)
			items = append(items, i)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := each(bg, l.r(), "SELECT n.category, sum(n.paid) FROM sale s JOIN sale_line n ON n.sale = s.seq WHERE s.day BETWEEN ? AND ? AND n.voided = 0 GROUP BY 1", []any{int(span[0]), int(span[1])}, func(s scanner) error {
			var name string
			var net money.Amount
			err := s.Scan(&name, &net)
			kinds[name] = net
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(items) == 0 || !reflect.DeepEqual(r.Items, items) {
			t.Errorf("%d to %d: %d goods, their days have %d", span[0], span[1], len(r.Items), len(items))
		}
		sum := r.Rounding
		for _, c := range r.Categories {
			if sum += c.Net; kinds[c.Name] != c.Net {
				t.Errorf("%d to %d: %s is %d, its lines came to %d", span[0], span[1], c.Name, c.Net, kinds[c.Name])
			}
		}
		var people, week money.Amount
		for _, c := range r.Cashiers {
			people += c.Net
		}
		for _, d := range r.Weekdays() {
			week += d.Net
		}
		if sum != r.Net() || people != r.Net() || week != r.Net() {
			t.Errorf("%d to %d: net %d, by category %d, by cashier %d, by weekday %d", span[0], span[1], r.Net(), sum, people, week)
		}
	}
	if _, err := l.w.ExecContext(bg, "UPDATE item_period SET net = net + 1 WHERE period = 202506"); err != nil {
		t.Fatal(err)
	}
	var fault *Fault
	if _, err := l.Audit(bg, nil); !errors.As(err, &fault) || fault.Where != "item_period of 202506 is not the sum of its days" {
		t.Errorf("a changed month: %v", err)
	}
}
