package till

import "testing"

// What stands per day is over the days traded on, a share changes in points, and
// what is not known compares with nothing.
func TestPeriodsAreCompared(t *testing.T) {
	a := &Period{Report: Report{Sales: 4, Gross: 40000, Days: []DayRow{{Date: 20260601}, {Date: 20260603}}, Tenders: []TenderTotal{{Kind: Cash, Amount: 10000}, {Kind: Card, Amount: 30000}},
		Wallets: []WalletTotal{{Wallet: "alipay", Mode: "live", Attempts: 8, Paid: 7}, {Wallet: "alipay", Mode: "test", Attempts: 5}}}}
	b := &Period{Report: Report{Sales: 2, Gross: 25000, Discounts: 1000, Days: []DayRow{{Date: 20260501}}, Tenders: []TenderTotal{{Kind: Cash, Amount: 24000}},
		Wallets: []WalletTotal{{Wallet: "alipay", Mode: "live", Attempts: 4, Paid: 3}}}}
	b.Fees.Totals = []FeeTotal{{FeeDay: FeeDay{Kind: "wallet:alipay", Priced: true, Fee: 60, FeeBack: 10}}}
	want := map[string]struct {
		a, b, change int64
		known        bool
	}{
		"net": {40000, 24000, 667, true}, "net_per_day": {20000, 24000, -167, true}, "sales": {4, 2, 1000, true}, "days": {2, 1, 1000, true}, "average": {10000, 12000, -167, true},
		"refunds": {0, 0, 0, false}, "discounts": {0, 1000, -1000, true}, "fees": {0, 50, 0, false}, "cash_share": {250_000, 1_000_000, -750, true},
		"attempts": {8, 4, 1000, true}, "conversion": {875_000, 750_000, 125, true}, "unverified": {0, 0, 0, false},
	}
	got := Compare(a, b)
	if len(got) != len(want) {
		t.Fatalf("%d measures, want %d", len(got), len(want))
	}
	for _, m := range got {
		w := want[m.Key]
		if change, known := m.Change(); m.A != w.a || m.B != w.b || change != w.change || known != w.known {
			t.Errorf("%s: %d and %d, change %d (%t), want %+v", m.Key, m.A, m.B, change, known, w)
		}
	}
}
