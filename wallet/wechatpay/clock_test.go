package wechatpay

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// A clock is one that a test moves, for the till and the platform alike.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// benchAt is a bench whose two ends share a clock.
func benchAt(t *testing.T, c *clock, set func(*sim.WeChatPay)) *wallettest.Bench {
	t.Helper()
	b := &wallettest.Bench{Sim: sim.New(c.now), Log: &wallettest.CallLog{}, Subject: subject(set)}
	b.Subject.Currency = money.Currency{Code: "CNY", Exponent: 2}
	b.Platform = b.Subject.Platform(b.Sim)
	b.Sim.Add(b.Platform)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", c.now().UTC().Format(http.TimeFormat))
		b.Sim.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	b.Base = srv.URL + "/" + Name
	b.Client = &wallet.Client{Wallet: Name, Calls: b.Log, Deadline: 2 * time.Second, Now: c.now}
	t.Cleanup(b.Client.Close)
	b.Provider = b.Connect(t)
	return b
}
