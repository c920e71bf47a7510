package alipay

import (
	"context"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// The life of a shown code on both clocks: the till stops, the customer walks
// away, and once the code is dead the attempt is closed with proof; unless
// somebody paid in between.
func TestShownCodeToItsEnd(t *testing.T) {
	for _, paid := range []bool{false, true} {
		var shift atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(shift.Load())) }
		s := sim.New(now)
		p := sim.NewAlipay(s)
		s.Add(p)
		srv := httptest.NewServer(s)
		defer srv.Close()
		acc := p.Account()
		acc.Mode, acc.BaseURL = "test", srv.URL+"/alipay"
		client := &wallet.Client{Wallet: "alipay", Now: now}
		defer client.Close()
		a, err := Spec.New(acc, client)
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		c := charge(till.Show)
		c.Until = c.At.Add(10 * time.Minute)
		ask := func(what string, want wallet.Verdict, f func(context.Context, wallet.Charge) (wallet.Answer, error)) {
			t.Helper()
			got, err := f(ctx, c)
			if err != nil || got.Verdict != want {
				t.Fatalf("%s: %v (%s) %v, want %v", what, got.Verdict, got.Said, err, want)
			}
			if got.Handle != "" {
				c.Handle = got.Handle
			}
		}
		ask("start", wallet.Waiting, a.Start)
		ask("start again", wallet.Waiting, a.Start)
		shift.Store(int64(9 * time.Minute))
		ask("before its end", wallet.Waiting, a.Query)
		c.GivingUp = true
		ask("cancel", wallet.Missing, a.Cancel)
		ask("after the cancel", wallet.Missing, a.Query)
		if paid {
			if err := s.Capture("alipay", c.Number); err != nil {
				t.Fatal(err)
			}
			ask("paid all the same", wallet.Done, a.Query)
			ask("cancel again", wallet.Returned, a.Cancel)
			ask("given back", wallet.Returned, a.Query)
			continue
		}
		shift.Store(int64(11 * time.Minute))
		ask("at its end", wallet.Missing, a.Query)
		shift.Store(int64(13 * time.Minute))
		ask("after its end", wallet.Closed, a.Query)
		if err := s.Capture("alipay", c.Number); err == nil {
			t.Error("a dead code was paid")
		}
		c.Number = "00100010000000C0"
		ask("another", wallet.Waiting, a.Start)
		if err := p.Scan(c.Number); err != nil {
			t.Fatal(err)
		}
		ask("scanned", wallet.Waiting, a.Query)
		ask("cancel of a scanned one", wallet.Closed, a.Cancel)
		ask("after that", wallet.Closed, a.Query)
		// A day later only a refund gives money back.
		c.Number = "00100010000000D0"
		ask("a third", wallet.Waiting, a.Start)
		if err := s.Capture("alipay", c.Number); err != nil {
			t.Fatal(err)
		}
		shift.Store(int64(25 * time.Hour))
		ask("cancel on the next day", wallet.Unclear, a.Cancel)
		ask("still paid", wallet.Done, a.Query)
		shift.Store(int64(100 * 24 * time.Hour))
		ask("months later", wallet.Done, a.Query)
		r := wallet.Refund{Number: "00100010000000E0", Of: c, Amount: 100}
		if got, err := a.(wallet.Refunder).Refund(ctx, r); err != nil || got.Verdict != wallet.Refused || got.Reason != till.NotRefundable {
			t.Errorf("a refund months later: %v %s %v", got.Verdict, got.Reason, err)
		}
	}
}
