package main

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"guitai/cmd/internal/hubaccount"
	"guitai/hub/client"
	"guitai/ledger"
	"guitai/ledger/outbox"
	"guitai/till"
	"guitai/ui"
)

// accountLook is how often it is looked whether the till has a provider account
// now, or another ledger.
const accountLook = 5 * time.Second

// syncAccount sends the documents of the shop's ledger to its provider account,
// as long as there is one. changed hears that the status bar has news; it must
// not wait. Nothing of selling waits for any of it.
func (p *program) syncAccount(ctx context.Context, changed func()) {
	var book *ledger.Ledger
	var running sync.WaitGroup
	stop := func() {}
	defer func() { stop(); running.Wait() }()
	tick := time.NewTicker(accountLook)
	defer tick.Stop()
	for {
		if now := p.book(); now != book && !p.practising() {
			stop()
			running.Wait()
			book, stop = nil, func() {}
			if s, err := p.accountSender(ctx, now); err == nil {
				run, end := context.WithCancel(ctx)
				r := outbox.New(outbox.Options{Book: now, Account: hubaccount.Hub, Sender: s, Log: p.log.With("component", "account"), Wish: p.wish, Health: p.health,
					Show: func(st outbox.State) { p.account.Store(&st); changed() }})
				running.Go(func() { r.Run(run) })
				book, stop = now, end
			} else if !errors.Is(err, hubaccount.ErrNone) && ctx.Err() == nil {
				p.account.Store(&outbox.State{Account: hubaccount.Hub, Trouble: err})
				changed()
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (p *program) accountSender(ctx context.Context, book *ledger.Ledger) (*hubaccount.Sender, error) {
	if book == nil {
		return nil, hubaccount.ErrNone
	}
	return hubaccount.Open(ctx, book, p.dir)
}

// wish carries out what the owner asked from afar.
func (p *program) wish(ctx context.Context, w outbox.Wish) error {
	if w.Kind != "freeze_wallets" {
		return errors.New("this till does not do that from afar")
	}
	s := p.at.Load()
	if s == nil || p.practising() {
		return errors.New("no ledger is open just now")
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
	if st := p.account.Load(); st != nil {
		h.Unsent = st.Unsent
	}
	if s := p.at.Load(); s != nil {
		if v := s.latest.Load(); v != nil {
			h.Frozen = v.Settings.Freeze("") != nil
		}
	}
	return h
}

// accountStatus is how the provider account stands, for the status bar: quiet
// while all is sent, a number while something waits, and a word for the owner
// where the account will not have it.
func (p *program) accountStatus() (ui.DeviceStatus, bool) {
	st := p.account.Load()
	if st == nil {
		return ui.DeviceStatus{}, false
	}
	out := ui.DeviceStatus{Kind: "sync", Health: ui.Fine, State: "all_sent"}
	refused := (*client.Refusal)(nil)
	switch {
	case st.Trouble != nil && (!errors.As(st.Trouble, &refused) || refused.Later()):
		// No network, or a hub that is busy: it goes by itself.
		out.Health = ui.Attention
		out.State, out.Detail = "unsent", strconv.Itoa(st.Unsent)
	case st.Trouble != nil:
		out.Health, out.State = ui.Attention, "sync_refused"
	case st.Unsent > 0:
		out.State, out.Detail = "unsent", strconv.Itoa(st.Unsent)
	}
	return out, true
}
