package wallet

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"guitai/till"
)

// A Store is where attempts, refunds and calls are kept. Every write is on the
// disk before it returns.
type Store interface {
	CallLog
	Attempt(ctx context.Context, number string) (till.Attempt, error)
	OpenAttempts(ctx context.Context) ([]till.Attempt, error)
	OpenRefunds(ctx context.Context) ([]till.WalletRefund, error)
	// PlanAttempt writes an attempt without a sale and draws its number.
	PlanAttempt(ctx context.Context, a till.Attempt) (till.Attempt, error)
	// MoveAttempt moves an attempt that is in state from; in another it is an
	// AttemptMoved error and nothing is written.
	MoveAttempt(ctx context.Context, number string, from till.AttemptState, m till.AttemptMove) (till.Attempt, error)
	// PlanRefund writes a refund and draws its number; more than is left of the
	// payment is refused.
	PlanRefund(ctx context.Context, r till.WalletRefund) (till.WalletRefund, error)
	MoveRefund(ctx context.Context, number string, from till.RefundState, m till.RefundMove) (till.WalletRefund, error)
	RefundsOf(ctx context.Context, attempt string) ([]till.WalletRefund, error)
}

// DeskOptions are what a Desk needs beside its store.
type DeskOptions struct {
	Now  func() time.Time
	Log  *slog.Logger
	Shop func() string // what the customer reads
	// Changed and RefundChanged hear of everything once it is in the store, on
	// the goroutine of the attempt; they may wait.
	Changed       func(till.Attempt)
	RefundChanged func(till.WalletRefund)
	// Keep keeps credentials that a provider changed (KeyRotator), before they
	// are used.
	Keep func(ctx context.Context, wallet, mode string, fields map[string]string) error
	// Skew hears how far the clock is ahead of a provider's.
	Skew func(wallet string, ahead time.Duration)
	// Deadline bounds one call; 0: Client's own.
	Deadline time.Duration
	// Speed divides every wait, for tests and simulated days; 0 is 1.
	Speed int
}

// A Desk carries payments through to the truth: one goroutine for each attempt
// and each refund about which something is to be done. It implements
// till.Wallets.
type Desk struct {
	store  Store
	opt    DeskOptions
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup

	made     time.Time
	resumed  atomic.Bool // the accounts that there are have been taken up
	mu       sync.Mutex
	accounts map[accountKey]*account
	runs     map[string]*run
	refunds  map[string]*refunding
}

type accountKey struct{ name, mode string }

// account is a wallet that can be called.
type account struct {
	spec     Spec
	settings Account
	client   *Client
	provider Provider
}

var _ till.Wallets = (*Desk)(nil)

// NewDesk returns a desk without accounts; call Use, then Resume.
func NewDesk(store Store, o DeskOptions) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.Changed == nil {
		o.Changed = func(till.Attempt) {}
	}
	if o.RefundChanged == nil {
		o.RefundChanged = func(till.WalletRefund) {}
	}
	if o.Shop == nil {
		o.Shop = func() string { return "" }
	}
	o.Speed = max(o.Speed, 1)
	d := &Desk{store: store, opt: o, accounts: map[accountKey]*account{}, runs: map[string]*run{}, refunds: map[string]*refunding{}, made: o.Now().Truncate(time.Millisecond)}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	return d
}

// Use takes up a wallet's account, or its changed credentials. A *FieldError
// says what was entered wrongly; the former account then stays.
func (d *Desk) Use(spec Spec, settings Account) error {
	acc, err := d.connect(spec, settings)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	k := accountKey{settings.Name, settings.Mode}
	if old := d.accounts[k]; old != nil {
		old.client.Close()
	}
	d.accounts[k] = acc
	for _, r := range d.runs {
		r.poke()
	}
	for _, r := range d.refunds {
		r.poke()
	}
	return nil
}

func (d *Desk) connect(spec Spec, settings Account) (*account, error) {
	settings.Fields = maps.Clone(settings.Fields)
	c := &Client{Wallet: settings.Name, Calls: d.store, Deadline: d.opt.Deadline, Now: d.opt.Now}
	if d.opt.Skew != nil {
		c.Skew = func(ahead time.Duration) { d.opt.Skew(settings.Name, ahead) }
	}
	p, err := spec.New(settings, c)
	if err != nil {
		return nil, err
	}
	return &account{spec, settings, c, p}, nil
}

// Rotate lets the providers that change their credentials do so, where it is
// due. The new ones are kept before they are used; where that fails the former
// ones stay.
func (d *Desk) Rotate(ctx context.Context) {
	d.mu.Lock()
	list := slices.Collect(maps.Values(d.accounts))
	d.mu.Unlock()
	for _, acc := range list {
		k, ok := acc.provider.(KeyRotator)
		if !ok {
			continue
		}
		next := acc.settings
		fields, err := k.Rotate(ctx, d.opt.Now())
		if err == nil && len(fields) > 0 {
			next.Fields = maps.Clone(next.Fields)
			maps.Copy(next.Fields, fields)
			if d.opt.Keep != nil {
				err = d.opt.Keep(ctx, next.Name, next.Mode, fields)
			}
			if err == nil {
				err = d.Use(acc.spec, next)
			}
		}
		if err != nil && ctx.Err() == nil {
			d.opt.Log.Error("renew a wallet's credentials", "wallet", next.Name, "err", err)
		}
	}
}

// Forget drops an account. What is open in it waits until there is one again.
func (d *Desk) Forget(name, mode string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := accountKey{name, mode}
	if old := d.accounts[k]; old != nil {
		old.client.Close()
		delete(d.accounts, k)
	}
}

func (d *Desk) account(name, mode string) *account {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.accounts[accountKey{name, mode}]
}

// Provider returns an account's adapter, for probes and bills; nil where there
// is none.
func (d *Desk) Provider(name, mode string) Provider {
	if a := d.account(name, mode); a != nil {
		return a.provider
	}
	return nil
}

// Resume takes up everything that is open, oldest first, as after a start.
func (d *Desk) Resume(ctx context.Context) error {
	defer d.resumed.Store(true)
	attempts, err := d.store.OpenAttempts(ctx)
	if err != nil {
		return err
	}
	refunds, err := d.store.OpenRefunds(ctx)
	if err != nil {
		return err
	}
	for _, a := range attempts {
		if a.State == till.Planned && !a.PlannedAt.Before(d.made) {
			d.takeLater(a.Number) // by this very till, or by one whose clock was ahead
			continue
		}
		d.begin(a, "", true)
	}
	for _, r := range refunds {
		d.Refund(r)
	}
	return nil
}

// takeLater takes a planned attempt up that nobody has started by then. The till
// that planned it starts it right after its commit.
func (d *Desk) takeLater(number string) {
	d.work.Go(func() {
		if !sleep(d.ctx, d.scaled(planStarts)) {
			return
		}
		a, err := persist(d.ctx, d, "read a payment", func(ctx context.Context) (till.Attempt, error) { return d.store.Attempt(ctx, number) })
		if err == nil && a.State == till.Planned {
			d.begin(a, "", true)
		}
	})
}

// Take takes one attempt up, as Resume does with all.
func (d *Desk) Take(a till.Attempt) { d.begin(a, "", true) }

// Start sends a planned attempt.
func (d *Desk) Start(a till.Attempt, code string) { d.begin(a, code, false) }

// Check asks about an attempt or a refund now.
func (d *Desk) Check(number string) {
	d.tell(number, func(r *run) { r.asked = true })
	d.mu.Lock()
	f := d.refunds[number]
	d.mu.Unlock()
	if f != nil {
		f.poke()
	}
}

// CheckAll asks about everything that is open, as at the end of a shift.
func (d *Desk) CheckAll() {
	d.mu.Lock()
	numbers := slices.Concat(slices.Collect(maps.Keys(d.runs)), slices.Collect(maps.Keys(d.refunds)))
	d.mu.Unlock()
	for _, n := range numbers {
		d.Check(n)
	}
}

// Stop reverses an attempt.
func (d *Desk) Stop(number string) { d.tell(number, func(r *run) { r.stop = true }) }

// Override lets the sale go on without the attempt.
func (d *Desk) Override(number, by, reason string) {
	d.mu.Lock()
	idle := d.runs[number] == nil
	d.mu.Unlock()
	if idle { // one that a person was to look at
		d.work.Add(1)
		go func() {
			defer d.work.Done()
			a, err := d.store.Attempt(d.ctx, number)
			if err == nil && a.State == till.Attention {
				d.begin(a, "", false)
				d.Override(number, by, reason)
			}
		}()
		return
	}
	d.tell(number, func(r *run) { r.override, r.by, r.why = true, by, reason })
}

// End ends an attempt of which nobody knows, on the word of a person: it counts
// as declined, and its provider is not asked any more.
func (d *Desk) End(number, by, reason string) {
	d.work.Add(1)
	go func() {
		defer d.work.Done()
		for d.ctx.Err() == nil {
			a, err := persist(d.ctx, d, "end a payment", func(ctx context.Context) (till.Attempt, error) {
				a, err := d.store.Attempt(ctx, number)
				if err != nil || !a.State.MayEnd() {
					return a, err
				}
				return d.store.MoveAttempt(ctx, number, a.State, till.AttemptMove{To: till.Declined, At: d.opt.Now(), Reason: till.ByPerson, By: by, Note: reason})
			})
			if till.CodeOf(err) == till.AttemptMoved {
				continue // an answer came meanwhile
			}
			if err == nil {
				d.opt.Changed(a)
				d.Check(number) // whoever carries it sees that it is over
			}
			return
		}
	}()
}

// EndRefund ends a refund of which nobody knows, on the word of a person who
// found out whether it was made.
func (d *Desk) EndRefund(number string, made bool, by, reason string) {
	d.mu.Lock()
	f := d.refunds[number]
	d.mu.Unlock()
	if f == nil {
		return
	}
	m := till.RefundMove{To: till.RefundFailed, Reason: till.ByPerson, Said: by + ": " + reason}
	if made {
		m.To = till.RefundDone
	}
	f.mu.Lock()
	f.word = &m
	f.mu.Unlock()
	f.poke()
}

// Aside slows the asking down, or speeds it up again.
func (d *Desk) Aside(number string, aside bool) { d.tell(number, func(r *run) { r.aside = aside }) }

// Ask asks the provider about an attempt in any state, once, and returns it as
// it is then. What was proved cancelled or declined may so turn out paid.
func (d *Desk) Ask(ctx context.Context, number string) (till.Attempt, error) {
	a, err := d.store.Attempt(ctx, number)
	if err != nil {
		return a, err
	}
	acc := d.account(a.Wallet, a.Mode)
	if acc == nil {
		return a, &FieldError{Field: "account", Reason: till.SetUpWrong, Detail: "there is no account of this wallet in mode " + a.Mode}
	}
	d.mu.Lock()
	r := d.runs[number]
	d.mu.Unlock()
	if r != nil {
		seen := r.answers.Load()
		r.mu.Lock()
		r.asked = true
		r.mu.Unlock()
		r.poke()
		for d.running(number) && r.answers.Load() == seen {
			if !sleep(ctx, 5*time.Millisecond) {
				return till.Attempt{}, ctx.Err()
			}
		}
		return d.store.Attempt(ctx, number)
	}
	one := &run{d: d, a: a, since: a.ChangedAt, wake: make(chan struct{}, 1)}
	d.mu.Lock()
	if d.runs[number] != nil {
		d.mu.Unlock()
		return d.Ask(ctx, number)
	}
	d.runs[number] = one
	d.mu.Unlock()
	one.take(ctx, one.query(ctx, acc, true), queried)
	d.mu.Lock()
	delete(d.runs, number)
	d.mu.Unlock()
	if one.a.State == till.LatePaid {
		d.begin(one.a, "", false)
	}
	return one.a, nil
}

func (d *Desk) running(number string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.runs[number] != nil
}

// Settle ends an attempt that needs a person's attention, on that person's
// word and with a reason.
func (d *Desk) Settle(ctx context.Context, number string, to till.AttemptState, by, why string) error {
	a, err := d.store.MoveAttempt(ctx, number, till.Attention, till.AttemptMove{To: to, At: d.opt.Now(), By: by, Note: why})
	if err != nil {
		return err
	}
	d.opt.Changed(a)
	return nil
}

// Refund sends a refund, or goes on with it.
func (d *Desk) Refund(r till.WalletRefund) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refunds[r.Number] != nil || !r.State.Open() || d.ctx.Err() != nil {
		return
	}
	f := &refunding{d: d, r: r, wake: make(chan struct{}, 1)}
	d.refunds[r.Number] = f
	d.work.Add(1)
	go func() {
		defer d.work.Done()
		f.run(d.ctx)
		d.mu.Lock()
		delete(d.refunds, r.Number)
		d.mu.Unlock()
	}()
}

// Close stops asking. Everything stays as the store has it.
func (d *Desk) Close() {
	d.cancel()
	d.work.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.accounts {
		a.client.Close()
	}
}

// Idle waits until nothing is running, or ctx ends.
func (d *Desk) Idle(ctx context.Context) error {
	for {
		d.mu.Lock()
		n := len(d.runs) + len(d.refunds)
		d.mu.Unlock()
		if n == 0 {
			return nil
		}
		if !sleep(ctx, 5*time.Millisecond) {
			return ctx.Err()
		}
	}
}

func (d *Desk) begin(a till.Attempt, code string, again bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.runs[a.Number] != nil || d.ctx.Err() != nil {
		return
	}
	r := &run{d: d, a: a, code: code, again: again, since: a.ChangedAt, wake: make(chan struct{}, 1)}
	d.runs[a.Number] = r
	d.work.Add(1)
	go func() {
		defer d.work.Done()
		r.run(d.ctx)
		d.mu.Lock()
		delete(d.runs, a.Number)
		d.mu.Unlock()
	}()
}

func (d *Desk) tell(number string, f func(*run)) {
	d.mu.Lock()
	r := d.runs[number]
	d.mu.Unlock()
	if r == nil {
		return
	}
	r.mu.Lock()
	f(r)
	r.mu.Unlock()
	r.poke()
}

// scaled is how long a wait of dur really is.
func (d *Desk) scaled(dur time.Duration) time.Duration { return dur / time.Duration(d.opt.Speed) }

// limit is how long an attempt waits for its customer.
func (acc *account) limit(way till.Presentment) time.Duration {
	if l := acc.spec.Ability.Pace[way].Limit; l != 0 {
		return l
	}
	return 5 * time.Minute
}

// charge is an attempt as its adapter sees it.
func (d *Desk) charge(a *till.Attempt, acc *account) Charge {
	return Charge{
		Number: a.Number, Amount: a.Amount, Currency: a.Currency, Way: a.Way, Subject: d.opt.Shop(), Operator: a.Cashier,
		At: a.PlannedAt, Until: a.PlannedAt.Add(acc.limit(a.Way)), Handle: a.Handle, Provider: a.Provider,
	}
}

// unsent is the reason why an adapter sent nothing.
func unsent(err error) till.Reason {
	if e := (*FieldError)(nil); errors.As(err, &e) {
		return e.Reason
	}
	return till.NoNetwork
}

// persist repeats a write until it is done, somebody else was faster, or the
// desk closes: what is known of money must not be lost to a full disk.
func persist[T any](ctx context.Context, d *Desk, what string, write func(context.Context) (T, error)) (T, error) {
	wait := 100 * time.Millisecond
	for {
		// An answer that came while the desk closes is still kept.
		one, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		v, err := write(one)
		cancel()
		if code := till.CodeOf(err); err == nil || code != "" && code != till.CannotSave && code != till.SaveUnknown {
			return v, err
		}
		d.opt.Log.Error(what, "err", err)
		if !sleep(ctx, d.scaled(wait)) {
			return v, errors.Join(err, ctx.Err())
		}
		wait = min(2*wait, 10*time.Second)
	}
}

// sleep waits; it is false where ctx ended first.
func sleep(ctx context.Context, dur time.Duration) bool {
	t := time.NewTimer(dur)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
