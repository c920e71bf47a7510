package main

import (
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/zalando/go-keyring"

	"guitai/till"
	"guitai/ui"
	"guitai/wallet/sim"
)

// The owner sets WeChat Pay up in the window, over the real ledger, desk, vault
// and wire, and takes a payment that is no sale.
func TestTheOwnerSetsAWalletUpInTheWindow(t *testing.T) {
	keyring.MockInitWithError(errEnded)
	d := openDesk(t)
	s := sim.New(nil)
	sim.Standard(s)
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	if err := d.act(till.SignOn{PIN: officeOwner}); err != nil {
		t.Fatal(err)
	}
	d.until("the owner", func(v till.View) bool { return v.Operator != nil })
	if err := d.act(till.OpenShift{Float: 20000}); err != nil {
		t.Fatal(err)
	}
	d.till.Open(ui.PageWallets)
	d.tap("Add a payment method")
	d.tap("WeChat Pay")
	d.press(fyne.KeyReturn)
	d.until("the choice", func(v till.View) bool { _, ok := v.Settings.WalletSetup("wechatpay"); return ok })
	d.tap("I have a merchant no.")
	d.until("the merchant number", func(v till.View) bool { x, _ := v.Settings.WalletSetup("wechatpay"); return x.Registered })

	// What is entered goes through the port, as the fields do it.
	port := newWalletSetup(t.Context(), d.log, func() till.Settings { return d.program.view().Settings }, d.walletParts)
	fields := s.Platform("wechatpay").Account().Fields
	fields["base_url"] = srv.URL + "/wechatpay"
	e, err := port.Enter(t.Context(), "wechatpay", "live", fields)
	if err != nil || !e.InUse {
		t.Fatalf("entered: %+v, %v", e, err)
	}
	d.till.Home()
	d.till.Open(ui.PageWallets)
	d.tap("Save, continue later")
	d.tap("WeChat Pay")
	d.sees("Connect to WeChat Pay")
	d.tap("Try it now")
	d.until("the connection", passedIn("wechatpay", till.CheckConnect))
	d.sees("Connected")
	d.press(fyne.KeyF9)
	d.tap("Show a code and pay ¥0.01 with your phone")
	d.trial(till.CheckRefund, func() {
		for _, p := range s.All() {
			if p.State == sim.Created {
				_ = s.Pay("wechatpay", p.Number)
			}
		}
	})
	d.press(fyne.KeyF9)
	d.sees("1 check left")
	d.tap("Back")
	d.tap("Reverse one that is not paid")
	asked := false
	d.trial(till.CheckReverse, func() {
		if words := d.words(); !asked && slices.Contains(words, "Scan this code, but do not pay") {
			asked = true
			d.tap("Reverse it now")
		}
	})
	d.press(fyne.KeyF9)
	d.press(fyne.KeyF9)
	d.until("the wallet on the counter", func(v till.View) bool {
		x, ok := v.Settings.Wallet("wechatpay")
		return ok && x.On && x.Mode == "live" && slices.Equal(x.Ways, []till.Presentment{till.Show}) && len(v.Wallets) == 1 && v.Wallets[0].Why == ""
	})
	d.sees("WeChat Pay is live; it is on the pay screen")
	for _, p := range s.All() {
		if p.Captured != p.Refunded() {
			t.Errorf("the shop kept money of a trial: %+v", p)
		}
	}
	day := till.DayOf(time.Now(), d.program.view().Settings.Zone, d.program.view().Settings.DayStart)
	if r, err := d.book().Report(t.Context(), day-1, day+1); err != nil || r.Sales != 0 || len(r.Tenders) != 0 {
		t.Errorf("trials are in the report: %+v, %v", r, err)
	}
}

// passedIn waits for a check in the setting.
func passedIn(wallet string, n till.CheckName) func(till.View) bool {
	return func(v till.View) bool {
		x, _ := v.Settings.WalletSetup(wallet)
		_, ok := x.Passed(n)
		return ok
	}
}

// trial lets the trial run until a check is passed in the setting, with the
// window looking on.
func (d *desk) trial(n till.CheckName, meanwhile func()) {
	d.Helper()
	passed := passedIn("wechatpay", n)
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); {
		d.rest()
		d.show()
		if passed(d.program.view()) {
			return
		}
		meanwhile()
	}
	d.Fatalf("%s is never passed: %q", n, d.words())
}
