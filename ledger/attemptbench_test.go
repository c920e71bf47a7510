package ledger

import (
	"testing"
	"time"

	"guitai/till"
)

// BenchmarkPayment takes turns on three ledgers: a sale of 8 lines, the same
// sale where the guards of payments were taken out, and one move of a payment,
// all durable. The processor's time tells what the guards cost where the disk's
// is uneven.
func BenchmarkPayment(b *testing.B) {
	shop := func() *counter {
		c := openShop(b, b.TempDir(), Options{})
		b.Cleanup(func() { c.l.Close() })
		return c
	}
	guarded, bare, paying := shop(), shop(), shop()
	for _, trigger := range []string{"sale_payments", "sale_paid"} {
		if err := bare.l.exec(bg, "DROP TRIGGER "+trigger); err != nil {
			b.Fatal(err)
		}
	}
	a, err := paying.l.PlanAttempt(bg, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 100})
	if err == nil {
		a, err = paying.l.MoveAttempt(bg, a.Number, till.Planned, till.AttemptMove{To: till.Sending})
	}
	if err != nil {
		b.Fatal(err)
	}
	var wall [3]stopwatch
	var cpu [3]stopwatch
	measure := func(i int, f func()) {
		was := cpuTime()
		wall[i].time(f)
		cpu[i] = append(cpu[i], cpuTime()-was)
	}
	to, other := till.Pending, till.Unknown
	shops := []*counter{guarded, bare}
	for n := 0; b.Loop(); n++ {
		for k := range shops {
			i := (n + k) % len(shops)
			c := shops[i]
			tx := c.sold(c.basket(8))
			measure(i, func() { c.must(b, tx) })
		}
		m := till.AttemptMove{To: to, At: time.Now(), Verdict: "waiting", Said: "10003 order success pay inprocess", Handle: "a-handle-of-the-provider"}
		measure(2, func() {
			if a, err = paying.l.MoveAttempt(bg, a.Number, a.State, m); err != nil {
				b.Fatal(err)
			}
		})
		to, other = other, to
	}
	b.ReportMetric(0, "ns/op")
	for i, name := range []string{"sale", "unguarded-sale", "move"} {
		b.ReportMetric(us(wall[i].at(0.5)), "µs/"+name)
		b.ReportMetric(us(cpu[i].at(0.5)), "cpu-µs/"+name)
	}
}
