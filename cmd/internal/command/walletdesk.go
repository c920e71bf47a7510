package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/ledger"
	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/vault"
)

// A desk is a wallet desk on a ledger that no till has open.
type desk struct {
	*wallet.Desk
	book  *ledger.Ledger
	vault *vault.Vault

	mu      sync.Mutex
	changed chan struct{} // closed and replaced with every news
}

// atDesk opens the ledger and the accounts, takes up what is open, as a program
// before may have left it, and runs f. What is running when f ends is left as
// the ledger has it; the next program takes it up.
func (e *env) atDesk(f func(*desk) error) error {
	book, err := e.open()
	if err != nil {
		return err
	}
	defer book.Close()
	v, err := e.vault()
	if err != nil {
		return err
	}
	settings, err := book.Settings(e.ctx)
	if err != nil {
		return err
	}
	d := &desk{book: book, vault: v, changed: make(chan struct{})}
	d.Desk = wallet.NewDesk(book, wallet.DeskOptions{
		Shop:          func() string { return settings.Shop.Name },
		Changed:       func(till.Attempt) { d.news() },
		RefundChanged: func(till.WalletRefund) { d.news() },
		Keep:          v.Change,
	})
	defer d.Close()
	for _, a := range v.Accounts() {
		spec, ok := wallets.Find(a.Name)
		if !ok {
			continue
		}
		if err := d.Use(spec, a); err != nil {
			// The others work; who asks for this one hears of it.
			e.tell(tellSetWallet, a.Name, err)
		}
	}
	if err := d.Resume(e.ctx); err != nil {
		return err
	}
	return f(d)
}

func (d *desk) account(name, mode string) (wallet.Spec, wallet.Account, error) {
	return account(d.vault, name, mode)
}

func (d *desk) news() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.changed)
	d.changed = make(chan struct{})
}

// wait waits for news.
func (d *desk) wait(ctx context.Context) error {
	d.mu.Lock()
	c := d.changed
	d.mu.Unlock()
	select {
	case <-c:
		return nil
	case <-time.After(200 * time.Millisecond): // a state that came before we looked
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settled returns an attempt once it is live no more, or once ctx ends.
func (d *desk) settled(ctx context.Context, a till.Attempt) (till.Attempt, error) {
	for {
		now, err := d.book.Attempt(context.WithoutCancel(ctx), a.Number)
		if err != nil || !now.State.Live() || d.wait(ctx) != nil {
			return now, err
		}
	}
}

// say prints a line of the answer.
func (e *env) say(w words, args ...any) { fmt.Fprintln(e.out, printable(w.in(e.lang, args...))) }

// json writes a value and a newline.
func (e *env) json(v any) error { return json.NewEncoder(e.out).Encode(v) }

// done says that something was done to a wallet, or to all.
func (e *env) done(format, name string) error {
	if format == "json" {
		return e.json(map[string]any{"done": true, "wallet": name})
	}
	e.say(words{"完成", "done"})
	return nil
}

// errUnknownOutcome ends a command with the exit code for what nobody knows.
var errUnknownOutcome = errors.New("nobody knows yet")
