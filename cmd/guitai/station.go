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
	"guitai/wallet/openqr"
)

// A station is one ledger at work: the register on it and what prints from it.
// The program has one at a time, and another while practising.
type station struct {
	book  *ledger.Ledger
	reg   *till.Register
	spool *printing
	stop  context.CancelFunc
	ended sync.WaitGroup
}

// openStation starts a register on a ledger, which it closes where that fails.
// show is called with every view, the first before openStation returns, and must
// not wait.
func openStation(book *ledger.Ledger, print *printing, log *slog.Logger, show func(till.View)) (*station, error) {
	ctx, stop := context.WithCancel(context.Background())
	s := &station{book: book, spool: print, stop: stop}
	methods := &payCodes{}
	opt := till.Options{NewID: ledger.NewID, QR: methods, Log: log.With("component", "register"), Version: command.Version, Show: func(v till.View) {
		methods.follow(v.Settings)
		show(v)
	}}
	if print != nil {
		opt.After = print
	}
	s.reg = till.NewRegister(book, book, book, opt)
	if err := s.reg.Open(ctx); err != nil {
		stop()
		return nil, errors.Join(fmt.Errorf("take up the ledger: %w", err), book.Close())
	}
	s.ended.Go(func() { s.reg.Run(ctx) })
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
