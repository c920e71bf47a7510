package wallet_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/shouqianba"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// A payment that is begun while the till is still taking its accounts up waits
// for them, and taking open payments up leaves it alone.
func TestAPaymentRightAfterTheStart(t *testing.T) {
	s := sim.New(nil)
	p := sim.NewShouqianba(s)
	s.Add(p)
	srv := httptest.NewServer(s)
	defer srv.Close()
	store := &wallettest.Store{}
	d := wallet.NewDesk(store, wallet.DeskOptions{})
	defer d.Close()
	a, err := store.Plan(till.Attempt{
		Wallet: "shouqianba", Mode: "test", Amount: 1250, Currency: money.Currency{Code: "CNY", Exponent: 2}, Way: till.Take, PlannedAt: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	code := p.NewCode(sim.Purse{})
	d.Start(a, code)
	time.Sleep(50 * time.Millisecond)
	acc := p.Account()
	acc.Name, acc.Mode, acc.BaseURL, acc.Currency = "shouqianba", "test", srv.URL+"/shouqianba", a.Currency
	if err := d.Use(shouqianba.Spec, acc); err != nil {
		t.Fatal(err)
	}
	if err := d.Resume(context.Background()); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if a, err = store.Attempt(context.Background(), a.Number); err != nil || !a.State.Live() {
			break
		}
	}
	if a.State != till.PaidFor {
		t.Errorf("%s %s, %v", a.State, a.Reason, err)
	}
	// Without an account at all nothing is sent, and the sale is free again.
	b, err := store.Plan(till.Attempt{Wallet: "alipay", Mode: "test", Amount: 1, Currency: a.Currency, Way: till.Show, PlannedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	d.Start(b, "")
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if b, err = store.Attempt(context.Background(), b.Number); err != nil || !b.State.Live() {
			break
		}
	}
	if b.State != till.Abandoned || b.Reason != till.SetUpWrong {
		t.Errorf("%s %s, %v", b.State, b.Reason, err)
	}
}

// What a till planned and never sent holds no sale for ever, also where that
// till's clock was ahead, or set back since.
func TestAPlanOfAClockThatWasAheadIsGivenUp(t *testing.T) {
	store := &wallettest.Store{}
	a, err := store.Plan(till.Attempt{
		Wallet: "alipay", Mode: "test", Amount: 1250, Currency: money.Currency{Code: "CNY", Exponent: 2}, Way: till.Show, PlannedAt: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	d := wallet.NewDesk(store, wallet.DeskOptions{Speed: 100})
	defer d.Close()
	if err := d.Resume(context.Background()); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); a.State.Live() && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if a, err = store.Attempt(context.Background(), a.Number); err != nil {
			t.Fatal(err)
		}
	}
	if a.State != till.Abandoned {
		t.Errorf("it is %s", a.State)
	}
}
