//go:build e2e

package main_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/tilltest"
	"guitai/wallet/sim"
	"guitai/wallet/vault"
)

// payingTill is the real window with wallets whose companies are a simulator.
func payingTill(t testing.TB) (*realTill, *sim.Sim) {
	t.Helper()
	s := sim.New(nil)
	sim.Standard(s)
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	r := openRealTill(t, func(ctx context.Context, reg *till.Register) error {
		return reg.Act(ctx, till.Act{Command: till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: tilltest.Takings}}}, Replayed: true})
	})
	r.end()
	v, err := vault.Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"alipay", "wechatpay"} {
		a := s.Platform(name).Account()
		a.Name, a.Mode, a.BaseURL = name, "live", srv.URL+"/"+name
		if err := v.Save(a); err != nil {
			t.Fatal(err)
		}
	}
	r.args = []string{"--customer"}
	r.start()
	return r, s
}

// customerShot takes a picture of the customer's window alone.
func (r *realTill) customerShot(name string) string {
	r.Helper()
	file := strings.TrimSuffix(r.shot(name), ".png") + "-customer.png"
	// There is one screen: the window comes to the front for it, and goes.
	front := func(name string) string {
		id := r.do("xdotool", "search", "--onlyvisible", "--name", name)
		r.do("xdotool", "windowraise", id)
		r.do("xdotool", "windowfocus", id)
		time.Sleep(700 * time.Millisecond)
		return id
	}
	r.do("import", "-window", front("顾客屏$"), file)
	front("柜台$")
	return file
}

// payment waits for the n-th payment of the simulator, from 1.
func (r *realTill) payment(s *sim.Sim, n int, want func(sim.Payment) bool) sim.Payment {
	r.Helper()
	var p sim.Payment
	r.until("the payment at the provider", func() bool {
		all := s.All()
		for _, x := range all {
			if want(x) && len(all) >= n {
				p = x
				return true
			}
		}
		return false
	})
	return p
}

// A wallet at the counter, through the real window, the real wire and the ledger on the disk.
func TestWindowWalletPayments(t *testing.T) {
	r, s := payingTill(t)
	r.click(694, 250)
	r.keys(cashierPIN)
	time.Sleep(time.Second)
	r.keys("2<F9>")
	r.until("the shift open", func() bool { s := r.state().Shift; return s != nil })

	// The shop's code: two keys; both windows show the provider's code.
	r.scan("6901234500042")
	r.sees("15.90", total(1590))
	r.keys("<F9>")
	r.keys("w")
	shown := r.payment(s, 1, func(p sim.Payment) bool { return p.QR != "" })
	time.Sleep(time.Second)
	if got := r.do("zbarimg", "--raw", "-q", r.customerShot("wallet-code")); got != shown.QR {
		t.Errorf("the customer's window shows %q, the provider made %q", got, shown.QR)
	}
	if err := s.Pay("wechatpay", shown.Number); err != nil {
		t.Fatal(err)
	}
	r.sold(1)
	r.customerShot("wallet-paid")

	// The customer's code, typed by hand on the pay page.
	r.keys("<Return>")
	r.scan("6901234500011")
	r.sees("12.50", total(1250))
	r.keys("<F9>")
	r.keys(s.Platform("alipay").NewCode(sim.Purse{}) + "<Return>")
	r.sold(2)
	r.shot("wallet-typed")

	// Scanned on the sell screen; the network goes while the customer types a password. Nobody knows; it resolves by
	// itself once the network is back.
	r.keys("<Return>")
	r.scan("6901234500059")
	r.sees("5.00", total(500))
	time.Sleep(time.Second)
	r.scan(s.Platform("wechatpay").NewCode(sim.Purse{Password: true}))
	asked := r.payment(s, 3, func(p sim.Payment) bool { return p.State == sim.Waiting })
	r.customerShot("wallet-confirm")
	s.Cut("wechatpay", true)
	r.until("nobody knows", func() bool {
		at := r.state().Attempts
		return len(at) == 1 && at[0].Number == asked.Number && at[0].State == till.Unknown
	})
	r.customerShot("wallet-unknown")
	if err := s.Pay("wechatpay", asked.Number); err != nil {
		t.Fatal(err)
	}
	s.Cut("wechatpay", false)
	r.sold(3)
	r.shot("wallet-resolved")

	var captured, refunded int64
	for _, p := range s.All() {
		captured += int64(p.Captured)
		refunded += int64(p.Refunded())
	}
	if captured != 1590+1250+500 || refunded != 0 {
		t.Errorf("the providers captured %d and gave back %d, want 33.40 and nothing", captured, refunded)
	}
}
