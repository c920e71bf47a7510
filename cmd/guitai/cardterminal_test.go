package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/sim"
	"guitai/till"
	"guitai/ui"
)

// A terminal of the settings takes a payment of the program, gives it back, has
// its slips queued for the printer, and is none while practising.
func TestTheCardTerminalOfTheSettingsTakesPayments(t *testing.T) {
	x := sim.NewCardTerminal()
	t.Cleanup(x.Close)
	address, err := x.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := foundedProgram(t, func(till.View) {})
	if err := command.WriteDevices(p.dir, command.Devices{Terminals: []command.Device{{Name: "前台刷卡机", Address: address, Currency: 156, Slips: true}}}); err != nil {
		t.Fatal(err)
	}
	d := newDevices(p, p.dir, slog.New(slog.DiscardHandler))
	t.Cleanup(d.close)
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	d.start(t.Context(), func(string) {})
	until := func(what string, want func(till.View) bool) till.View {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if v := p.view(); want(v) {
				return v
			}
		}
		t.Fatalf("%s never came: %+v", what, p.view())
		return till.View{}
	}
	until("the terminal", func(v till.View) bool { return v.Terminal == "前台刷卡机" })
	p.Do(till.SignOn{PIN: officeOwner})
	until("the owner", func(v till.View) bool { return v.Operator != nil })
	p.Do(till.OpenShift{})
	p.Do(till.AddTyped{Name: "牛奶", Price: 1590_00})
	p.Do(till.PayWallet{Wallet: till.CardTerminal, Amount: 1590, Way: till.Tap})
	v := until("the sale", func(v till.View) bool { return v.Done != nil && v.Done.Sale != nil })
	if x := v.Done.Sale.Tenders; len(x) != 1 || x[0].Kind != till.Card || x[0].Evidence != till.ByProvider || !strings.Contains(x[0].Ref, "/4242/girocard/") {
		t.Fatalf("the tenders are %+v", x)
	}
	slips := 0
	for end := time.Now().Add(5 * time.Second); slips == 0 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		jobs, err := p.book().JobsDue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			if j.Kind == till.SlipCard && j.Text == "SIMULATED TERMINAL\nTrace 000101\nThank you" {
				slips++
			}
		}
	}
	if slips != 1 {
		t.Errorf("%d card slips are queued", slips)
	}
	if s, ok := d.cards.status(); !ok || s.Kind != "terminal" || s.Health != ui.Fine {
		t.Errorf("the status bar has %+v, %t", s, ok)
	}
	p.Do(till.TakeReturn{Receipt: 1, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: 1000}}})
	until("the refund", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundDone })
	if books := x.Books(); len(books) != 1 || !books[0].Reversed {
		t.Errorf("the terminal's books are %+v", books)
	}
	if err := p.practise(true); err != nil {
		t.Fatal(err)
	}
	until("practising", func(v till.View) bool { return v.Practice && v.Terminal == "" })
	if err := p.practise(false); err != nil {
		t.Fatal(err)
	}
	until("the terminal again", func(v till.View) bool { return !v.Practice && v.Terminal != "" })
	if err := d.change(func(c *command.Devices) error { c.Terminals = nil; return nil }); err != nil {
		t.Fatal(err)
	}
	until("no terminal", func(v till.View) bool { return v.Terminal == "" })
}
