package main

import (
	"log/slog"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/till"
	"guitai/till/tilltest"
)

// While practising a wallet pays like a real one: through the desk, an adapter
// and the wire, to a platform inside the program. No view ever says paid before
// the ledger does.
func TestWalletsPayWhilePractising(t *testing.T) {
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
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	if err := p.practise(true); err != nil {
		t.Fatal(err)
	}
	until := func(what string, want func(till.View) bool) till.View {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if v := p.view(); want(v) {
				return v
			}
		}
		t.Fatalf("%s never came: %+v", what, p.view())
		return till.View{}
	}
	p.Do(till.SignOn{PIN: officeOwner})
	until("the owner", func(v till.View) bool { return v.Operator != nil })
	if v := p.view(); v.Shift == nil {
		p.Do(till.OpenShift{})
	}
	until("the platforms", func(till.View) bool { return p.at.Load().desk.Provider("alipay", "practice") != nil })
	for n, pay := range []till.PayWallet{
		{Wallet: "wechatpay", Amount: 1590, Way: till.Take, Code: "134567890123456781"},
		{Wallet: "alipay", Amount: 1590, Way: till.Take, Code: "286543210987654321"},
		{Wallet: "alipay", Amount: 1590, Way: till.Show},
	} {
		p.Do(till.AddTyped{Name: "牛奶", Price: 1590_00})
		p.Do(pay)
		v := until("the payment", func(v till.View) bool { return v.Done != nil && v.Done.Sale != nil && v.Done.Sale.Receipt == n+1 })
		x := v.Done.Sale.Tenders
		if len(x) != 1 || x[0].Kind != till.WalletTender(pay.Wallet) || x[0].Evidence != till.ByProvider || x[0].Amount != 1590 {
			t.Fatalf("tenders %+v", x)
		}
		sold, err := p.book().Sold(t.Context(), n+1)
		if err != nil || sold.Sale.Tenders[0].Ref != x[0].Ref {
			t.Fatalf("the ledger has %+v: %v", sold.Sale.Tenders, err)
		}
		at, err := p.book().Attempts(t.Context(), till.AttemptFilter{Sale: sold.Sale.ID})
		if err != nil || len(at) != 1 || at[0].Mode != "practice" || !at[0].Booked || at[0].Receipt != n+1 {
			t.Fatalf("the attempts are %+v: %v", at, err)
		}
	}
	p.Do(till.TakeReturn{Receipt: 2, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: 1000}}})
	v := until("the refund", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundDone })
	if f := v.Refunds[0]; f.Amount != 1590 || f.Return != v.Done.Return.ID {
		t.Fatalf("refund %+v", f)
	}
}
