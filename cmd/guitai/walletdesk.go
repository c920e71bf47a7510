package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/vault"
)

// rotateEvery is how often the wallets' own credentials are looked after.
const rotateEvery = time.Hour

// openDesk makes the desk that carries a station's wallet payments. It has no
// accounts yet: connect finds them, off whatever must not wait.
func (s *station) openDesk(log *slog.Logger, v *vault.Vault) {
	s.desk = wallet.NewDesk(s.book, wallet.DeskOptions{
		Log:  log.With("component", "wallets"),
		Shop: func() string { return s.settings().Shop.Name },
		// The register waits for nobody; this waits for it, or for the end.
		Changed:       func(a till.Attempt) { s.tell(till.AttemptChanged{Attempt: a}) },
		RefundChanged: func(r till.WalletRefund) { s.tell(till.RefundChanged{Refund: r}) },
		Keep: func(ctx context.Context, name, mode string, fields map[string]string) error {
			if v == nil {
				return nil
			}
			return v.Change(ctx, name, mode, fields)
		},
		Skew: func(name string, ahead time.Duration) {
			was := s.skew.Swap(&clockSkew{name, ahead})
			if was.off() != s.skew.Load().off() {
				s.skewed()
			}
		},
	})
}

// clockSkew is how far this machine's clock is ahead of a provider's.
type clockSkew struct {
	wallet string
	ahead  time.Duration
}

// skewMost is how far a clock may be off before providers refuse its payments:
// WeChat Pay's signatures hold for five minutes.
const skewMost = 5 * time.Minute

// off is by how many minutes the clock is too far ahead, negative where it is
// behind; 0 where it is well, or nothing is known.
func (c *clockSkew) off() int {
	if c == nil || c.ahead.Abs() <= skewMost {
		return 0
	}
	return int(c.ahead.Round(time.Minute) / time.Minute)
}

// clockStatus says in the status bar that the clock is off, and what to do.
func (p *program) clockStatus() (ui.DeviceStatus, bool) {
	at := p.at.Load()
	if at == nil {
		return ui.DeviceStatus{}, false
	}
	n := at.skew.Load().off()
	switch {
	case n > 0:
		return ui.DeviceStatus{Kind: "clock", Health: ui.Fault, State: "clock_fast", Detail: strconv.Itoa(n)}, true
	case n < 0:
		return ui.DeviceStatus{Kind: "clock", Health: ui.Fault, State: "clock_slow", Detail: strconv.Itoa(-n)}, true
	}
	return ui.DeviceStatus{}, false
}

func (s *station) settings() till.Settings {
	if v := s.latest.Load(); v != nil {
		return v.Settings
	}
	return till.DefaultSettings()
}

// tell hands news to the register. A refusal is the register's to show; what
// could not be booked now is booked with its next act.
func (s *station) tell(c till.Command) {
	err := s.reg.Act(s.ctx, till.Act{Command: c})
	if err != nil && !errors.Is(err, context.Canceled) {
		s.log.Warn("news of a payment", "err", err)
	}
}

// connect takes up the accounts and everything that is open, and looks after
// credentials until the station closes.
func (s *station) connect(log *slog.Logger, accounts []wallet.Account) {
	for _, a := range accounts {
		spec, ok := wallets.Find(a.Name)
		if !ok {
			continue
		}
		if err := s.desk.Use(spec, a); err != nil {
			// The fields' names, never what stands in them.
			log.Error("a wallet's account cannot be used", "wallet", a.Name, "mode", a.Mode, "err", err)
		}
	}
	if err := s.desk.Resume(s.ctx); err != nil {
		log.Error("take up open payments", "err", err)
	}
	tick := time.NewTicker(rotateEvery)
	defer tick.Stop()
	for {
		s.desk.Rotate(s.ctx)
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// practiceAfter is how long a practised customer takes to pay a shown code.
const practiceAfter = 4 * time.Second

// practisePlatforms serves the wallets' platforms inside the program, with
// customers who pay by themselves, until ctx ends; it returns an account of
// each wallet that the shop has. No real platform is ever called while
// practising.
func practisePlatforms(ctx context.Context, book *ledger.Ledger) ([]wallet.Account, error) {
	settings, err := book.Settings(ctx)
	if err != nil || len(settings.Wallets) == 0 {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := sim.New(nil)
	sim.Standard(s)
	s.TakeAnyCode()
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	go srv.Serve(l)
	go func() {
		<-ctx.Done()
		srv.Close()
	}()
	go s.Play(ctx, practiceAfter)
	var accounts []wallet.Account
	for _, w := range settings.Wallets {
		p := s.Platform(w.Name)
		if p == nil {
			continue
		}
		a := p.Account()
		a.Name, a.Mode, a.BaseURL = w.Name, "practice", "http://"+l.Addr().String()+"/"+w.Name
		if a.Currency.Code == "" {
			a.Currency = settings.Currency
		}
		accounts = append(accounts, a)
	}
	return accounts, nil
}

// latestView keeps the last view of a station for those who ask between two.
type latestView = atomic.Pointer[till.View]
