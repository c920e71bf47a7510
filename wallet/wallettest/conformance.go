// Package wallettest is what every adapter must do, whoever its provider is:
// one suite, run against the provider's simulator.
package wallettest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// A Subject is an adapter and the platform it speaks to.
type Subject struct {
	Spec     wallet.Spec
	Platform func(*sim.Sim) sim.Platform
	Currency money.Currency // zero: CNY
	// Signed: answers carry a signature that the adapter checks.
	Signed bool
	// Unscanned: the provider does not know a shown code until somebody scans
	// it, so that cancelling it proves nothing.
	Unscanned bool
	// NoID: the provider states no transaction number of its own, so that a
	// payment is known by the merchant's alone.
	NoID bool
	// PayOf lets the customer of a shown code pay, where that is more than
	// sim.Truth.Capture; nil otherwise.
	PayOf func(s *sim.Sim, number string) error
}

// A Bench is an adapter at work on a simulator.
type Bench struct {
	Sim      *sim.Sim
	Platform sim.Platform
	Provider wallet.Provider
	Client   *wallet.Client
	Log      *CallLog
	Subject  Subject
	Base     string
	last     int
}

// NewBench starts a simulator and the adapter on it.
func NewBench(t testing.TB, s Subject) *Bench {
	t.Helper()
	if s.Currency.Code == "" {
		s.Currency = money.Currency{Code: "CNY", Exponent: 2}
	}
	b := &Bench{Sim: sim.New(nil), Log: &CallLog{}, Subject: s}
	b.Platform = s.Platform(b.Sim)
	b.Sim.Add(b.Platform)
	srv := httptest.NewServer(b.Sim)
	t.Cleanup(srv.Close)
	b.Base = srv.URL + "/" + b.Platform.Name()
	b.Client = &wallet.Client{Wallet: s.Spec.Name, Calls: b.Log, Deadline: 2 * time.Second}
	t.Cleanup(b.Client.Close)
	b.Provider = b.Connect(t)
	return b
}

// Connect makes the adapter anew, as after a start.
func (b *Bench) Connect(t testing.TB) wallet.Provider {
	t.Helper()
	a := b.Platform.Account()
	a.Name, a.BaseURL, a.Mode, a.Currency = b.Subject.Spec.Name, b.Base, "test", b.Subject.Currency
	p, err := b.Subject.Spec.New(a, b.Client)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Charge returns a charge of a new number.
func (b *Bench) Charge(amount money.Amount, way till.Presentment) wallet.Charge {
	b.last++
	now := time.Now()
	return wallet.Charge{
		Number: till.AttemptNumber("1", "TEST", int64(b.last)), Amount: amount, Currency: b.Subject.Currency, Way: way,
		Subject: "街角便利店", Operator: "1001", At: now, Until: now.Add(5 * time.Minute),
	}
}

// RefundOf returns a refund of a new number.
func (b *Bench) RefundOf(c wallet.Charge, amount money.Amount) wallet.Refund {
	b.last++
	return wallet.Refund{Number: till.AttemptNumber("1", "TEST", int64(b.last)), Of: c, Amount: amount, Why: "退货", At: time.Now()}
}

// Pay lets the customer of a shown code pay.
func (b *Bench) Pay(t testing.TB, number string) {
	t.Helper()
	pay := b.Subject.PayOf
	if pay == nil {
		pay = func(s *sim.Sim, number string) error { return s.Capture(b.Platform.Name(), number) }
	}
	if err := pay(b.Sim, number); err != nil {
		t.Fatal(err)
	}
}

// Start starts a charge and takes up what the adapter gave.
func (b *Bench) Start(t testing.TB, c *wallet.Charge) wallet.Answer {
	t.Helper()
	a, err := b.Provider.Start(context.Background(), *c)
	if err != nil {
		t.Fatal(err)
	}
	Follow(c, a)
	return a
}

// Query asks about a charge and takes up what the adapter gave; once more where
// that asks for it at once.
func (b *Bench) Query(t testing.TB, c *wallet.Charge) wallet.Answer {
	t.Helper()
	a, err := b.Provider.Query(context.Background(), *c)
	if err == nil && a.Verdict == wallet.Waiting && a.Again > 0 && a.Again < time.Second {
		Follow(c, a)
		a, err = b.Provider.Query(context.Background(), *c)
	}
	if err != nil {
		t.Fatal(err)
	}
	Follow(c, a)
	return a
}

// Follow keeps what an answer gives for the next call, as the core does.
func Follow(c *wallet.Charge, a wallet.Answer) {
	if a.Handle != "" {
		c.Handle = a.Handle
	}
	if a.Provider != "" {
		c.Provider = a.Provider
	}
}

// Has reports whether the adapter can present that way.
func (b *Bench) Has(way till.Presentment) bool {
	for _, w := range b.Subject.Spec.Ability.Ways {
		if w == way {
			return true
		}
	}
	return false
}

// CallLog keeps the journal of calls in memory.
type CallLog struct {
	mu    sync.Mutex
	Calls []wallet.CallRecord
	Fail  error // Began fails with it
}

// Began notes a call.
func (l *CallLog) Began(_ context.Context, c wallet.CallRecord) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Fail != nil {
		return 0, l.Fail
	}
	l.Calls = append(l.Calls, c)
	return int64(len(l.Calls)), nil
}

// Ended notes its answer.
func (l *CallLog) Ended(_ context.Context, id int64, c wallet.CallRecord) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Calls[id-1] = c
	return nil
}

// Text is all that was kept.
func (l *CallLog) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for _, c := range l.Calls {
		fmt.Fprintln(&b, c.Kind, c.URL, c.Asked, c.Answered, c.Fault)
	}
	return b.String()
}
