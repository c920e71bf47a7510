package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"guitai/cmd/internal/command"
	"guitai/cmd/internal/hubaccount"
	"guitai/hub/hubtest"
	"guitai/hub/server"
	"guitai/hub/store"
	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
)

// The running till: its Z reaches the hub by itself, the open shift is seen
// there, wallets are frozen from there, and with the hub gone the till sells and
// says what waits.
func TestARunningTillSyncsAndObeys(t *testing.T) {
	dir := t.TempDir()
	if _, err := command.FoundShop(t.Context(), dir, till.DefaultSettings(), "陈宁", officeOwner); err != nil {
		t.Fatal(err)
	}
	h := hubtest.NewHub(t, hubtest.SQLite(t))
	l, err := ledger.Open(t.Context(), dir, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hubaccount.Enrol(t.Context(), l, dir, h.URL, h.Code(t, h.Shop), "test"); err != nil {
		t.Fatal(err)
	}
	l.Close()

	m, err := openMachine(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(dir, m, slog.New(slog.DiscardHandler), func(till.View) {})
	t.Cleanup(func() { p.close() })
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { p.syncAccounts(ctx, func() {}); close(ended) }()
	defer func() { stop(); <-ended }()

	until := func(what string, want func() bool) {
		t.Helper()
		for end := time.Now().Add(90 * time.Second); !want(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came", what)
			}
		}
	}
	p.Do(till.SignOn{PIN: officeOwner})
	until("the owner", func() bool { return p.view().Operator != nil })
	p.Do(till.OpenShift{Float: 10000})
	p.Do(till.AddTyped{Name: "牛奶", Price: 1590_00})
	p.Do(till.PayCash{})
	lives := func() []store.Live {
		all, err := h.Store.Lives(t.Context(), h.Tenant.ID)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	until("the open shift at the hub", func() bool { return len(lives()) == 1 })

	id := lives()[0].Till
	c := h.API.Command(store.Command{Tenant: h.Tenant.ID, Till: id, ID: uuid.NewString(), Kind: "freeze_wallets", By: "林老板", At: time.Now().UTC().Truncate(time.Millisecond)})
	if err := h.Store.AddCommand(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	frozen := func() *till.WalletFreeze { v := p.view(); return v.Settings.Freeze("") }
	until("the freeze", func() bool { return frozen() != nil })
	if f := frozen(); f.By != "林老板" {
		t.Errorf("frozen by %q", f.By)
	}
	until("the answer", func() bool {
		open, err := h.Store.Commands(t.Context(), h.Tenant.ID, id, true)
		return err == nil && len(open) == 0
	})

	p.Do(till.CloseShift{Count: till.Count{{Denomination: 10000, N: 1}, {Denomination: 1590, N: 1}}})
	until("the Z at the hub", func() bool {
		sums, err := h.Store.Sums(t.Context(), h.Tenant.ID, h.Shop.ID, "2000-01-01", "2999-12-31", store.ByTill)
		return err == nil && len(sums) == 1 && sums[0].Net == 1590 && sums[0].OverShort == 0
	})
	day := p.view().Closed.Totals.Day.String()
	if _, err := server.Report(t.Context(), h.Store, h.Tenant.ID, h.Shop.ID, day, day, false); err != nil {
		t.Error(err)
	}
	status := func() ui.DeviceStatus { s, _ := p.accountStatus(); return s }
	until("the word that all is sent", func() bool { return status() == ui.DeviceStatus{Kind: "sync", Health: ui.Fine, State: "all_sent"} })

	h.Server.Close()
	p.Do(till.OpenShift{Float: 10000})
	p.Do(till.AddTyped{Name: "牛奶", Price: 1590_00})
	p.Do(till.PayCash{})
	p.Do(till.CloseShift{Count: till.Count{{Denomination: 10000, N: 1}, {Denomination: 1590, N: 1}}})
	until("what waits", func() bool {
		return status() == ui.DeviceStatus{Kind: "sync", Health: ui.Attention, State: "unsent", Detail: "1"}
	})
}
