package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/openqr"
	"guitai/wallet/vault"
)

// A station is one ledger at work: the register on it and what prints from it.
// The program has one at a time, and another while practising.
type station struct {
	book  *ledger.Ledger
	reg   *till.Register
	spool *printing
	desk  *wallet.Desk
	cards cardOrders
	log   *slog.Logger

	latest latestView
	skew   atomic.Pointer[clockSkew]
	skewed func() // hears that the clock is off, or well again; must not wait
	ctx    context.Context
	stop   context.CancelFunc
	ended  sync.WaitGroup
}

// openStation starts a register on a ledger, which it closes where that fails.
// show is called with every view, the first before openStation returns, and must
// not wait. The vault has the accounts of wallets; nil: the ledger is one for
// practising, with platforms of its own.
func openStation(book *ledger.Ledger, print *printing, v *vault.Vault, log *slog.Logger, skewed func(), show func(till.View)) (*station, error) {
	ctx, stop := context.WithCancel(context.Background())
	s := &station{book: book, spool: print, log: log, skewed: skewed, ctx: ctx, stop: stop}
	s.openDesk(log, v)
	methods := &payCodes{}
	closed := 0
	opt := till.Options{NewID: ledger.NewID, QR: methods, Log: log.With("component", "register"), Version: command.Version, Wallets: s.desk, Show: func(v till.View) {
		methods.follow(v.Settings)
		s.latest.Store(&v)
		if v.Closed != nil && v.Closed.No > closed {
			closed = v.Closed.No
			s.desk.CheckAll() // what is watched is asked about at the end of a shift
		}
		show(v)
	}}
	if print != nil {
		opt.After = print
	}
	s.reg = till.NewRegister(book, book, book, opt)
	if err := s.reg.Open(ctx); err != nil {
		s.desk.Close()
		stop()
		return nil, errors.Join(fmt.Errorf("take up the ledger: %w", err), book.Close())
	}
	s.ended.Go(func() { s.reg.Run(ctx) })
	s.ended.Go(func() {
		if v != nil {
			s.connect(log, v.Accounts())
			return
		}
		accounts, err := practisePlatforms(ctx, book)
		if err != nil {
			log.Error("the wallets for practising", "err", err)
		}
		s.connect(log, accounts)
	})
	if print != nil {
		print.serve(book)
	}
	return s, nil
}

// Close ends the register after the act it is at, and closes the ledger.
func (s *station) Close() error {
	if s.spool != nil {
		s.spool.leave()
	}
	s.desk.Close() // while the register still takes its last news
	s.cards.wait()
	s.stop()
	s.ended.Wait()
	return s.book.Close()
}

// payCodes builds the payment codes that the shop has set up, as the settings
// are at the moment.
type payCodes struct {
	mu      sync.Mutex
	text    string
	counter atomic.Pointer[openqr.Counter]
}

// follow takes up the methods of the settings. Settings that cannot be read
// leave no method: selling goes on.
func (p *payCodes) follow(s till.Settings) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.counter.Load(); c != nil && p.text == s.Methods && c.Currency == s.Currency {
		return
	}
	p.text = s.Methods
	methods, _ := openqr.ParseMethods(s.Methods)
	p.counter.Store(&openqr.Counter{Methods: methods, Currency: s.Currency})
}

// Build writes the code of a method for an amount.
func (p *payCodes) Build(method string, amount money.Amount, ref string) (till.QRCode, error) {
	if c := p.counter.Load(); c != nil {
		return c.Build(method, amount, ref)
	}
	return till.QRCode{}, &till.Error{Code: till.NoSuchMethod, Detail: method}
}
