package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"

	"guitai/ledger"
	"guitai/till"
	"guitai/wallet/vault"
)

// errEnded refuses a ledger that is asked for after the window has closed.
var errEnded = errors.New("the till has ended")

// practiceFolder holds the ledger for practising, beside the shop's own.
const practiceFolder = "practice"

// A program is the till without its window: the ledger at work, which changes
// when the shop is founded, practises or takes a backup up, and what hangs on
// it. Its methods may be called from any goroutine.
type program struct {
	dir     string
	log     *slog.Logger
	machine *machine
	print   *printing
	traffic *traffic
	vault   atomic.Pointer[vault.Vault]
	syncing syncing // what goes to provider accounts

	show     func(till.View) // of the window; must not wait
	skewed   func()          // hears that the clock is off, or well again; must not wait
	serving  func(*station)  // hears which station takes card payments, nil for none; must not wait
	backedUp func(err error) // hears how every backup went
	lost     func(err error) // hears that no ledger could be opened any more

	mu      sync.Mutex // guards changing the station
	at      atomic.Pointer[station]
	latest  atomic.Pointer[till.View]
	begun   atomic.Bool
	seq     atomic.Uint64 // of the last view shown
	last    atomic.Pointer[ledger.Ledger]
	founder string // PIN of the owner who has just founded the shop, until selling begins; guarded by mu
	ended   bool   // no station is opened any more; guarded by mu
}

func newProgram(dir string, m *machine, log *slog.Logger, show func(till.View)) *program {
	p := &program{dir: dir, log: log, machine: m, traffic: newTraffic(), show: show, skewed: func() {}, serving: func(*station) {}, backedUp: func(error) {}, lost: func(error) {}}
	p.latest.Store(&till.View{Settings: till.DefaultSettings()})
	return p
}

// open starts on the ledger of the data folder. ledger.ErrNone means that the
// shop is not founded yet; the window then asks for it.
func (p *program) open() error { return p.change(p.dir) }

// change closes the station at work, if any, and opens the ledger in dir.
func (p *program) change(dir string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.to(dir)
}

// to does what change does; the caller holds mu.
func (p *program) to(dir string) error {
	if p.ended {
		return errEnded
	}
	var closed error
	if s := p.at.Swap(nil); s != nil {
		p.serving(nil)
		closed = s.Close()
	}
	// A register counts its views from one; the window must not take those of a
	// new one for old.
	base := p.seq.Load()
	print, accounts := p.print, p.accounts()
	if dir != p.dir {
		print, accounts = nil, nil // what is only practised is not printed, and calls no real platform
	}
	book, err := ledger.Open(context.Background(), dir, ledger.Options{})
	if err != nil {
		return errors.Join(err, closed)
	}
	// The window asks this ledger as soon as it has the first view.
	p.last.Store(book)
	begun := p.begun.Swap(true)
	s, err := openStation(book, print, accounts, p.log, func() { p.skewed() }, func(v till.View) {
		v.Seq += base
		if v.Notice != nil {
			n := *v.Notice
			n.Seq += base
			v.Notice = &n
		}
		p.seq.Store(v.Seq)
		p.latest.Store(&v)
		p.show(v)
	})
	if err != nil {
		p.begun.Store(begun)
		return errors.Join(err, closed)
	}
	p.at.Store(s)
	if dir == p.dir {
		p.serving(s)
	}
	if closed != nil {
		p.log.Error("close the ledger", "err", closed)
	}
	return nil
}

// Do hands a command to the register at work. With none, between two ledgers,
// it is dropped: nothing that could be done is shown then.
func (p *program) Do(c till.Command) {
	if s := p.at.Load(); s != nil {
		s.reg.Do(c)
	}
}

// view is the latest view.
func (p *program) view() till.View { return *p.latest.Load() }

// book is the ledger at work. While another one is being opened it is the one
// before, closed: reading it then is an error that the page shows. It is nil
// until the shop is founded.
func (p *program) book() *ledger.Ledger { return p.last.Load() }

// accounts opens the wallets' credentials. Where they cannot be unsealed, the
// till sells without wallets, and says so in the log and on the set-up page.
func (p *program) accounts() *vault.Vault {
	if v := p.vault.Load(); v != nil {
		return v
	}
	v, err := vault.Open(p.dir)
	if err != nil {
		p.log.Error("open the wallets' credentials", "err", err)
		return vault.Empty(p.dir)
	}
	p.vault.Store(v)
	return v
}

// practising reports whether the practice ledger is at work.
func (p *program) practising() bool { return p.view().Practice }

// practise takes the practice ledger up, or leaves it; where it is so already,
// nothing is done. The practice ledger has the shop's settings, goods and people
// as they are at the moment.
func (p *program) practise(on bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at.Load() != nil && on == p.practising() {
		return nil
	}
	if !on {
		return p.back(nil)
	}
	dir := filepath.Join(p.dir, practiceFolder)
	if s := p.at.Load(); s != nil {
		if err := ledger.Practise(context.Background(), s.book, dir); err != nil {
			return fmt.Errorf("make the practice ledger: %w", err)
		}
	}
	if err := p.to(dir); err != nil {
		return p.back(err)
	}
	return nil
}

// back goes to the shop's own ledger after err, which may be nil. Where that
// cannot be opened, nothing can be sold, and the window says so as at a start.
// The caller holds mu.
func (p *program) back(err error) error {
	to := p.to(p.dir)
	if to != nil && !errors.Is(to, errEnded) {
		p.lost(to)
	}
	return errors.Join(err, to)
}

// close ends the station in order. What was about to open another one, from a
// goroutine of its own, is refused from then on.
func (p *program) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	if s := p.at.Swap(nil); s != nil {
		p.serving(nil)
		return s.Close()
	}
	return nil
}
