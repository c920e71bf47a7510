package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"guitai/cmd/internal/accounts"
	"guitai/cmd/internal/hubaccount"
	"guitai/hub/client"
	"guitai/ledger"
	"guitai/ledger/outbox"
	"guitai/till"
	"guitai/ui"
)

// accountLook is how often it is looked which provider accounts there are now, and
// whether the till has another ledger.
const accountLook = 5 * time.Second

// syncing is what goes to provider accounts at the moment. Its zero value is idle.
type syncing struct {
	mu      sync.Mutex
	book    *ledger.Ledger
	running map[string]*accountRun
	look    chan struct{} // looks at once for which accounts there are
}

// accountRun sends to one account.
type accountRun struct {
	of     ledger.Account // as it was opened
	sender outbox.Sender
	runner *outbox.Runner // nil where the account could not be opened
	failed error          // why not
	end    context.CancelFunc
	ended  chan struct{}
}

func (a *accountRun) stop() {
	a.end()
	<-a.ended
}

// syncAccounts sends the documents of the shop's ledger to its provider accounts,
// all beside each other: one that hangs is waited for by nobody. changed hears that
// the status bar has news; it must not wait. Nothing of selling waits for any of it.
func (p *program) syncAccounts(ctx context.Context, changed func()) {
	s := &p.syncing
	s.mu.Lock()
	s.look = make(chan struct{}, 1)
	s.mu.Unlock()
	defer s.take(ctx, p, nil, nil, changed)
	tick := time.NewTicker(accountLook)
	defer tick.Stop()
	var closed *till.ZReported
	for {
		book := p.Shop()
		var all []ledger.Account
		err := ctx.Err()
		if book != nil && err == nil {
			all, err = book.Accounts(ctx)
		}
		if err == nil {
			s.take(ctx, p, book, all, changed)
			// A shift that closed since goes now, not at the next look of its own.
			if z := p.view().Closed; z != nil && z != closed {
				closed = z
				s.wakeAll()
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.look:
		}
	}
}

// Shop is the shop's ledger at work, nil while there is none or another is
// practised on. It is part of command.RunningTill.
func (p *program) Shop() *ledger.Ledger {
	s := p.at.Load()
	if s == nil || p.practising() {
		return nil
	}
	return s.book
}

// take makes what runs the accounts that there are.
func (s *syncing) take(ctx context.Context, p *program, book *ledger.Ledger, all []ledger.Account, changed func()) {
	want := map[string]ledger.Account{}
	for _, a := range all {
		if a.Active {
			want[a.Name] = a
		}
	}
	s.mu.Lock()
	old := book != s.book
	s.book = book
	var over []*accountRun
	for name, r := range s.running {
		if a, ok := want[name]; old || !ok || a != r.of || r.runner == nil {
			over = append(over, r)
			delete(s.running, name)
		}
	}
	now := maps.Clone(s.running)
	s.mu.Unlock()
	for _, r := range over {
		r.stop()
	}
	news := len(over) > 0
	for name, a := range want {
		if now[name] != nil {
			continue
		}
		r := &accountRun{of: a, end: func() {}, ended: make(chan struct{})}
		if r.sender, r.failed = accounts.Open(ctx, book, p.dir, a); r.failed != nil {
			close(r.ended)
		} else {
			run, end := context.WithCancel(ctx)
			r.end = end
			r.runner = outbox.New(outbox.Options{Book: book, Account: name, Sender: r.sender, Log: p.log.With("component", "account"), Wish: p.wish, Health: p.health,
				Show: func(outbox.State) { changed() }})
			go func() {
				defer close(r.ended)
				if s, ok := r.sender.(follower); ok {
					var following sync.WaitGroup
					following.Go(func() { p.followCatalog(run, book, s) })
					defer following.Wait()
				}
				r.runner.Run(run)
			}()
		}
		s.mu.Lock()
		if s.running == nil {
			s.running = map[string]*accountRun{}
		}
		s.running[name] = r
		s.mu.Unlock()
		news = true
	}
	if news {
		changed()
	}
}

// A follower is a sender whose account also hands out the shop's catalogue.
type follower interface {
	Follow(context.Context, *ledger.Ledger) (applied int64, err error)
}

// followCatalog applies the versions of the shop's catalogue when their time
// comes, and tells the register of its people and taxes.
func (p *program) followCatalog(ctx context.Context, book *ledger.Ledger, s follower) {
	log := p.log.With("component", "catalogue")
	said := ""
	for {
		n, err := s.Follow(ctx, book)
		if n > 0 {
			log.Info("sells by a new version of the catalogue", "version", n)
			settings, failed := book.Settings(ctx)
			people, other := book.Operators(ctx)
			if failed == nil && other == nil {
				p.Do(till.Reload{Operators: people, Taxes: settings.Taxes})
			}
		}
		if err != nil && err.Error() != said && ctx.Err() == nil {
			log.Error("the shop's catalogue", "error", err)
		}
		if said = ""; err != nil {
			said = err.Error()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(accountLook):
		}
	}
}

// states are how the accounts stand, by name.
func (s *syncing) states() []outbox.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []outbox.State
	for _, name := range slices.Sorted(maps.Keys(s.running)) {
		r := s.running[name]
		st := outbox.State{Account: name, Trouble: r.failed}
		if r.runner != nil {
			st = r.runner.State()
		}
		out = append(out, st)
	}
	return out
}

// clockOff is how far the clock of an account's other end is ahead, once that
// mattered.
func (s *syncing) clockOff(account string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.running[account]; r != nil {
		if c, ok := r.sender.(interface{ Offset() time.Duration }); ok {
			return c.Offset()
		}
	}
	return 0
}

// looked lets a change of the accounts be seen at once.
func (s *syncing) looked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.look <- struct{}{}:
	default: // it looks already, or does not run
	}
}

// wakeAll lets every account look for what there is to send.
func (s *syncing) wakeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.running {
		if r.runner != nil {
			r.runner.Wake()
		}
	}
}

// Sync sends all that is unsent to every account at once, and answers with what
// went wrong at which. It is part of command.RunningTill.
func (p *program) Sync(ctx context.Context) (map[string]error, error) {
	book := p.Shop()
	if book == nil {
		return nil, errNoBook
	}
	s := &p.syncing
	s.mu.Lock()
	now := maps.Clone(s.running)
	s.mu.Unlock()
	all, err := book.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	wrong := map[string]error{}
	var mu sync.Mutex
	var sending sync.WaitGroup
	for _, a := range all {
		r := now[a.Name]
		if !a.Active {
			continue
		}
		sending.Go(func() {
			var err error
			switch {
			case r != nil && r.runner != nil && r.of == a:
				err = r.runner.Now(ctx)
			default: // it was only just added
				s, opened := accounts.Open(ctx, book, p.dir, a)
				if err = opened; err == nil {
					err = outbox.New(outbox.Options{Book: book, Account: a.Name, Sender: s, Log: p.log.With("component", "account")}).Send(ctx)
				}
			}
			if err != nil {
				mu.Lock()
				wrong[a.Name] = err
				mu.Unlock()
			}
		})
	}
	sending.Wait()
	return wrong, ctx.Err()
}

var errNoBook = errors.New("no ledger is open just now")

// wish carries out what the owner asked from afar.
func (p *program) wish(ctx context.Context, w outbox.Wish) error {
	if w.Kind != "freeze_wallets" {
		return errors.New("this till does not do that from afar")
	}
	s := p.at.Load()
	if s == nil || p.practising() {
		return errNoBook
	}
	s.reg.Do(till.Freeze{Reason: "from the provider account", Remote: w.By})
	// The register answers with a view; half a minute is far more than a busy disk needs.
	for range 150 {
		v := s.latest.Load()
		if v != nil && v.Settings.Freeze("") != nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return errors.New("the till did not answer")
}

// health is how this till is, for the live picture.
func (p *program) health() *till.DocumentHealth {
	h := &till.DocumentHealth{}
	for _, st := range p.syncing.states() {
		if st.Account == accounts.KindHub {
			h.Unsent = st.Unsent
		}
	}
	if s := p.at.Load(); s != nil {
		if v := s.latest.Load(); v != nil {
			h.Frozen = v.Settings.Freeze("") != nil
		}
	}
	return h
}

// accountStatus is how the provider accounts stand, for the status bar: quiet
// while all is sent, a number while something waits, and a word for the owner
// where one will not have it.
func (p *program) accountStatus() (ui.DeviceStatus, bool) {
	all := p.syncing.states()
	if len(all) == 0 {
		return ui.DeviceStatus{}, false
	}
	out := ui.DeviceStatus{Kind: "sync", Health: ui.Fine, State: "all_sent"}
	unsent, away, refusing := 0, false, false
	for _, st := range all {
		unsent = max(unsent, st.Unsent)
		if st.Trouble != nil {
			// No network, or a hub that is busy, goes by itself.
			refused := (*client.Refusal)(nil)
			stands := errors.As(st.Trouble, &refused) && !refused.Later() || errors.Is(st.Trouble, hubaccount.ErrRestored)
			refusing = refusing || stands
			away = away || !stands
		}
	}
	switch {
	case refusing:
		out.Health, out.State = ui.Attention, "sync_refused"
	case away:
		out.Health, out.State, out.Detail = ui.Attention, "unsent", strconv.Itoa(unsent)
	case unsent > 0:
		out.State, out.Detail = "unsent", strconv.Itoa(unsent)
	}
	return out, true
}
