package main

import (
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/cmd/internal/wallets"
	"guitai/till"
	"guitai/till/tilltest"
	"guitai/ui"
	"guitai/wallet/sim"
)

// A clock ten minutes behind the provider's is said in the status bar, and no
// more once it is right.
func TestAClockThatIsOffIsSaid(t *testing.T) {
	dir := t.TempDir()
	s := till.DefaultSettings()
	if err := s.Set("wallets", tilltest.Takings); err != nil {
		t.Fatal(err)
	}
	if _, err := command.FoundShop(t.Context(), dir, s, "陈宁", officeOwner); err != nil {
		t.Fatal(err)
	}
	m, err := openMachine(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(dir, m, slog.New(slog.DiscardHandler), func(till.View) {})
	t.Cleanup(func() { p.close() })
	d := newDevices(p, dir, slog.New(slog.DiscardHandler))
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	if err := p.practise(true); err != nil {
		t.Fatal(err)
	}
	until := func(what string, want func() bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !want(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came: %+v", what, d.Status())
			}
		}
	}
	clock := func() ui.DeviceStatus {
		for _, x := range d.Status() {
			if x.Kind == "clock" {
				return x
			}
		}
		return ui.DeviceStatus{}
	}
	until("the platforms", func() bool { return p.at.Load().desk.Provider("alipay", "practice") != nil })
	there := sim.New(nil)
	sim.Standard(there)
	srv := httptest.NewServer(there)
	t.Cleanup(srv.Close)
	account := there.Platform("alipay").Account()
	account.Name, account.Mode, account.BaseURL = "alipay", "practice", srv.URL+"/alipay"
	spec, _ := wallets.Find("alipay")
	if err := p.at.Load().desk.Use(spec, account); err != nil {
		t.Fatal(err)
	}
	there.Fail(sim.Fault{Kind: sim.ClockOff, Platform: "alipay", Times: 1})

	p.Do(till.SignOn{PIN: officeOwner})
	until("the owner", func() bool { return p.view().Operator != nil })
	p.Do(till.OpenShift{})
	p.Do(till.AddTyped{Name: "牛奶", Price: 1590_00})
	if clock() != (ui.DeviceStatus{}) {
		t.Fatalf("before any answer: %+v", clock())
	}
	p.Do(till.PayWallet{Wallet: "alipay", Amount: 1590, Way: till.Show})
	want := ui.DeviceStatus{Kind: "clock", Health: ui.Fault, State: "clock_slow", Detail: "10"}
	until("the clock", func() bool { return clock() == want })
	until("the right clock", func() bool { return clock() == (ui.DeviceStatus{}) })
}
