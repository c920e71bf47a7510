package wallets_test

import (
	"context"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// After schedules of chance, with faults in every call, the bill of the
// simulator and the ledger agree to the cent: what the bill has is what the
// platform took and gave back, and each row is matched, or is money of a payment
// that the ledger says nothing is known of. The provider's day ends in the middle
// of it, so that the bills of both days together have it all.
func TestBillsAgreeWithTheLedgerAfterChance(t *testing.T) {
	for _, name := range []string{"alipay", "wechatpay"} {
		for seed := range uint64(3) {
			t.Run(name, func(t *testing.T) { billsAgree(t, name, seed) })
		}
	}
}

func billsAgree(t *testing.T, name string, seed uint64) {
	ctx := context.Background()
	rnd := rand.New(rand.NewPCG(seed, 5))
	// The clock runs on from shortly before midnight in Beijing, and half-way leaps over it.
	beijing := time.FixedZone("", 8*3600)
	evening := time.Now().In(beijing)
	evening = time.Date(evening.Year(), evening.Month(), evening.Day(), 23, 30, 0, 0, beijing)
	started := time.Now()
	var leapt atomic.Bool
	now := func() time.Time {
		at := evening.Add(time.Since(started))
		if leapt.Load() {
			at = at.Add(30 * time.Minute)
		}
		return at
	}
	s := sim.New(now)
	sim.Standard(s)
	srv := httptest.NewServer(s)
	defer srv.Close()
	l, err := ledger.Found(ctx, t.TempDir(), ledger.Founding{Settings: till.DefaultSettings()}, ledger.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d := wallet.NewDesk(l, wallet.DeskOptions{Now: now, Deadline: 200 * time.Millisecond, Speed: 5000})
	defer d.Close()
	spec, _ := wallets.Find(name)
	a := s.Platform(name).Account()
	a.Name, a.BaseURL, a.Mode = name, srv.URL+"/"+name, "test"
	a.Currency = money.Currency{Code: "CNY", Exponent: 2}
	if err := d.Use(spec, a); err != nil {
		t.Fatal(err)
	}
	for n := range 12 {
		leapt.Store(n >= 6)
		if rnd.IntN(2) == 0 {
			kinds := []sim.FaultKind{sim.DropRequest, sim.DropAnswer, sim.Status500, sim.Status502After, sim.Garbage, sim.Empty, sim.Unsigned, sim.BadSign}
			ops := []sim.Op{sim.OpStart, sim.OpQuery, sim.OpCancel, sim.OpRefund}
			s.Fail(sim.Fault{Platform: name, Op: ops[rnd.IntN(len(ops))], Kind: kinds[rnd.IntN(len(kinds))], Times: 1 + rnd.IntN(2)})
		}
		p, err := l.PlanAttempt(ctx, till.Attempt{Wallet: name, Mode: "test", Amount: money.Amount(1 + rnd.IntN(20000)), Currency: a.Currency, Way: till.Take, PlannedAt: now()})
		if err != nil {
			t.Fatal(err)
		}
		d.Start(p, s.Platform(name).NewCode(sim.Purse{}))
		if rnd.IntN(4) == 0 {
			d.Stop(p.Number)
		}
		for until := time.Now().Add(3 * time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
			if p, err = l.Attempt(ctx, p.Number); err != nil || !p.State.Live() && p.State != till.LatePaid {
				break
			}
		}
		if err == nil && p.State == till.PaidFor && p.Refunded == 0 && rnd.IntN(2) == 0 {
			r, err := l.PlanRefund(ctx, till.WalletRefund{Attempt: p.Number, Amount: 1 + money.Amount(rnd.IntN(int(p.Amount))), PlannedAt: now()})
			if err != nil {
				t.Fatal(err)
			}
			d.Refund(r)
			for until := time.Now().Add(3 * time.Second); r.State.Open() && time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
				if r, err = l.Refund(ctx, r.Number); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	s.Mend()
	var of []till.Reconciliation
	for _, day := range []time.Time{evening, evening.AddDate(0, 0, 1)} {
		bill, err := d.Provider(name, "test").(wallet.BillFetcher).FetchBill(ctx, day)
		if err != nil {
			t.Fatal(err)
		}
		bill.Wallet, bill.Mode = name, "test"
		r, err := l.Reconcile(ctx, bill, false)
		if err != nil {
			t.Fatal(err)
		}
		of = append(of, r)
	}
	// The first day again, now that the next one's bill is there too.
	first, err := l.ReconcileAgain(ctx, name, "test", of[0].Day)
	if err != nil {
		t.Fatal(err)
	}
	of[0] = first
	var in, back money.Amount
	for _, p := range s.All() {
		in += p.Captured
		back += p.Refunded()
	}
	if a, b := of[0].In+of[1].In, of[0].Back+of[1].Back; a != in || b != back {
		t.Errorf("seed %d: the bills have %d in and %d back, the platform took %d and gave back %d", seed, a, b, in, back)
	}
	for _, r := range of {
		if r.In == 0 || r.Count(till.Matched) == 0 {
			t.Errorf("seed %d: nothing on %s matched: the day did not end in the middle", seed, r.Day)
		}
	}
	for _, f := range slices.Concat(of[0].Findings, of[1].Findings) {
		switch f.Kind {
		case till.Matched:
			if f.Ours != f.Theirs && f.Refund == "" {
				t.Errorf("seed %d: %+v is no match", seed, f)
			}
		case till.PaidThere, till.RefundNotOurs:
			p, err := l.Attempt(ctx, f.Attempt)
			refunds, err2 := l.RefundsOf(ctx, f.Attempt)
			open := len(refunds) > 0 && refunds[0].State.Open()
			if err != nil || err2 != nil || !p.State.Open() && !open {
				t.Errorf("seed %d: %s %s: the ledger has it as %s (%v)", seed, f.Kind, f.Attempt, p.State, err)
			}
		default:
			t.Errorf("seed %d: %+v", seed, f)
		}
	}
}
