// Package terminal takes card payments on a terminal that the till drives. The
// default stays the terminal that a person drives, whose last four digits and
// reference the till writes down; that needs nothing of this package.
//
//	desk := terminal.NewDesk(driver, journal)
//	result, err := desk.Pay(ctx, terminal.Payment{Ref: "T1-000123", Amount: 3640, Currency: 978}, nil)
//
// A payment is approved, declined or unknown. What is unknown is asked for
// before anything new is sent: a Desk refuses to pay until Recover, or a person
// who looked at the terminal, has settled what is open. The intent is on the
// disk, through Journal, before the first byte of a payment leaves.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"guitai/hardware/device"
)

// Outcome is what became of a payment.
type Outcome string

// The outcomes.
const (
	Approved Outcome = "approved"
	Declined Outcome = "declined" // no money was taken, and none will be
	Unknown  Outcome = "unknown"
)

// Reason says why a payment is not approved.
type Reason string

// The reasons.
const (
	NotSent   Reason = "not_sent"   // the terminal never got the order
	Refused   Reason = "refused"    // the card or the bank said no
	Cancelled Reason = "cancelled"  // the customer or the cashier did
	NotBooked Reason = "not_booked" // the terminal has nothing since
	LinkLost  Reason = "link_lost"
	Silent    Reason = "silent"
	Occupied  Reason = "occupied"  // the terminal is at something else
	Doubtful  Reason = "doubtful"  // the terminal says what cannot be matched
	ByPerson  Reason = "by_person" // who looked at the terminal decided
)

// A Payment is an order to a terminal.
type Payment struct {
	Ref      string    // of the till, never used again
	Amount   int64     // in minor units, above zero
	Currency int       // ISO 4217 number: 978 is the euro, 156 the yuan
	At       time.Time // of the intent
	Mark     string    // the terminal's last payment before this one, as Driver.Mark says it
	Of       *Original // the payment that is given back; nil where money is taken
}

// An Original is the payment that another order gives back, whole or in part.
type Original struct {
	Amount  int64     `json:"amount"`
	At      time.Time `json:"at"`
	Trace   string    `json:"trace,omitempty"`
	Receipt string    `json:"receipt,omitempty"`
}

// A Result is what became of a payment, and what the terminal says of it. It
// holds no card number.
type Result struct {
	Outcome  Outcome
	Reason   Reason
	Card     string // the last four digits
	Scheme   string // the card's name, such as girocard
	Trace    string // number of the payment at the terminal
	Receipt  string // number of its slip there
	Auth     string // the bank's approval
	Terminal string // the terminal's id
	Detail   string // for a technician, in English
	Slip     string // lines that the terminal wants printed, the customer's and the merchant's
}

// A Driver speaks the language of a terminal. This is the plug-in point for the
// protocols of acquirers, most of which are theirs and not public: implement it
// in a package beside this one, run hardwaretest.Terminal on it, and name it in
// the switch of cmd/internal/command/cardterminal.go. A Driver keeps no books
// and decides nothing twice; a Desk calls it for one thing at a time, except for
// Abort, which may come while Pay runs.
type Driver interface {
	// Mark returns what names the last payment that the terminal has, as it
	// stands before a new one; Recover compares with it. An error means that
	// the terminal cannot be reached, and that nothing was ordered.
	Mark(ctx context.Context) (string, error)
	// Pay orders a payment and waits for its end. Declined means that no
	// money was taken and that none will be: silence and a lost link are
	// Unknown. progress, never nil, is told what the terminal shows: its own
	// text, or one of Showing.
	Pay(ctx context.Context, p Payment, progress func(string)) Result
	// Recover asks what became of a payment whose Pay was Unknown or never
	// returned. It orders nothing.
	Recover(ctx context.Context, p Payment) Result
	// Abort asks the terminal to stop the payment that Pay waits for, and
	// returns at once. What became of it is for Pay to say.
	Abort()
	// Check says how the terminal is; External asks it.
	Check(ctx context.Context, level device.Level) device.Report
}

// A Returner is a Driver that gives money back on the till's order. GiveBack is
// to an order with an Original what Pay is to others, and Recover asks about
// both.
type Returner interface {
	GiveBack(ctx context.Context, p Payment, progress func(string)) Result
}

// A Journal remembers payments through a power cut.
type Journal interface {
	// Intend writes an intent down durably. The payment is not ordered where
	// it fails. A Ref that is there already is refused.
	Intend(ctx context.Context, p Payment) error
	// Settle writes durably that a payment ended as r, which is Approved or
	// Declined. Again with the same outcome changes nothing.
	Settle(ctx context.Context, ref string, r Result) error
	// Open returns the intents that are not settled, oldest first.
	Open(ctx context.Context) ([]Payment, error)
}

// Errors of a Desk.
var (
	ErrRecoverFirst = errors.New("a payment before this one is not settled")
	ErrBusy         = errors.New("the terminal is at another payment")
	ErrNoIntent     = errors.New("there is no open payment of that reference")
)

// A Desk sends payments to one terminal, one at a time, and never a new one
// while it is not known what became of the last. Its methods may be called from
// any goroutine, and wait.
type Desk struct {
	driver  Driver
	journal Journal
	one     sync.Mutex
}

// NewDesk makes a desk for a terminal.
func NewDesk(d Driver, j Journal) *Desk { return &Desk{driver: d, journal: j} }

// Pay takes a payment, or gives back one where p.Of names it. An error means that nothing was ordered, except where it
// comes with an outcome: then that is true, and could not be written down; the
// payment stays open and Recover will say the same. progress may be nil.
func (k *Desk) Pay(ctx context.Context, p Payment, progress func(string)) (Result, error) {
	if p.Ref == "" || p.Amount <= 0 || p.Amount > amountMax || p.Currency <= 0 || p.Currency > 999 {
		return Result{}, device.Fault(device.Illegal, "a card payment of %d in currency %d with the reference %.40q", p.Amount, p.Currency, p.Ref)
	}
	if p.Of != nil && (!k.Returns() || p.Of.Amount < p.Amount) {
		return Result{}, device.Fault(device.Illegal, "the terminal cannot give %d of %d back", p.Amount, p.Of.Amount)
	}
	if !k.one.TryLock() {
		return Result{}, ErrBusy
	}
	defer k.one.Unlock()
	open, err := k.journal.Open(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("read the open card payments: %w", err)
	}
	if len(open) > 0 {
		return Result{}, fmt.Errorf("%w: %s", ErrRecoverFirst, open[0].Ref)
	}
	if p.Mark, err = k.driver.Mark(ctx); err != nil {
		return Result{}, fmt.Errorf("reach the card terminal: %w", err)
	}
	if err := k.journal.Intend(ctx, p); err != nil {
		return Result{}, fmt.Errorf("write down the card payment: %w", err)
	}
	if progress == nil {
		progress = func(string) {}
	}
	order := k.driver.Pay
	if p.Of != nil {
		order = k.driver.(Returner).GiveBack
	}
	return k.settle(ctx, p.Ref, order(ctx, p, progress))
}

// Returns reports whether the terminal gives money back on the till's order.
func (k *Desk) Returns() bool { _, ok := k.driver.(Returner); return ok }

// amountMax is twelve digits, what terminals take.
const amountMax = 999_999_999_999

// settle writes down what is known. The writing is not cut short by the end of
// ctx: who gave up waiting still paid.
func (k *Desk) settle(ctx context.Context, ref string, r Result) (Result, error) {
	if r.Outcome != Approved && r.Outcome != Declined {
		r.Outcome = Unknown
		return r, nil
	}
	if err := k.journal.Settle(context.WithoutCancel(ctx), ref, r); err != nil {
		return r, fmt.Errorf("write down that card payment %s is %s: %w", ref, r.Outcome, err)
	}
	return r, nil
}

// Open returns the payments that are not settled.
func (k *Desk) Open(ctx context.Context) ([]Payment, error) { return k.journal.Open(ctx) }

// Recover asks the terminal what became of an open payment, and settles it
// where the terminal knows.
func (k *Desk) Recover(ctx context.Context, ref string) (Result, error) {
	if !k.one.TryLock() {
		return Result{}, ErrBusy
	}
	defer k.one.Unlock()
	p, err := k.intent(ctx, ref)
	if err != nil {
		return Result{}, err
	}
	return k.settle(ctx, ref, k.driver.Recover(ctx, p))
}

// Decide settles an open payment as a person says who looked at the terminal,
// where that cannot be asked. who is kept with it.
func (k *Desk) Decide(ctx context.Context, ref string, o Outcome, who string) (Result, error) {
	if o != Approved && o != Declined || who == "" {
		return Result{}, device.Fault(device.Illegal, "a person decides approved or declined, and is named")
	}
	if !k.one.TryLock() {
		return Result{}, ErrBusy
	}
	defer k.one.Unlock()
	if _, err := k.intent(ctx, ref); err != nil {
		return Result{}, err
	}
	return k.settle(ctx, ref, Result{Outcome: o, Reason: ByPerson, Detail: "decided by " + who})
}

// Abort asks the terminal to stop the payment under way. It does not wait.
func (k *Desk) Abort() { k.driver.Abort() }

func (k *Desk) intent(ctx context.Context, ref string) (Payment, error) {
	open, err := k.journal.Open(ctx)
	if err != nil {
		return Payment{}, fmt.Errorf("read the open card payments: %w", err)
	}
	for _, p := range open {
		if p.Ref == ref {
			return p, nil
		}
	}
	return Payment{}, fmt.Errorf("%w: %.60s", ErrNoIntent, ref)
}
