package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"guitai/till/money"
)

// State is what a platform's books say of a payment.
type State string

// The states of a payment.
const (
	Created  State = "created"  // a code was made; nobody has scanned it
	Waiting  State = "waiting"  // the customer is asked to confirm or to type a password
	Paid     State = "paid"     // captured, and perhaps refunded in part or in whole
	Closed   State = "closed"   // never captured and never will be
	Reversed State = "reversed" // captured, and given back by a cancel
)

// A Payment is the truth about one payment.
type Payment struct {
	Platform string
	Number   string // the merchant's number
	ID       string // the platform's own
	Amount   money.Amount
	Currency string
	Subject  string
	State    State
	Captured money.Amount // taken from the customer, ever
	Refunds  []Refund
	QR       string // what the customer scans, of a shown code
	Code     string // the customer's code, of a taken one
	Made     time.Time
	PaidAt   time.Time
	Until    time.Time // an unpaid one closes by itself then; zero: never
	// Kept is what a platform wants to remember of it: a session, an order.
	Kept map[string]string
	Log  []string // what happened, in order
}

// A Refund is money given back of a payment.
type Refund struct {
	Number string
	ID     string
	Amount money.Amount
	At     time.Time
}

// Refunded is the sum given back, by refunds and by a cancel.
func (p *Payment) Refunded() money.Amount {
	var sum money.Amount
	for _, r := range p.Refunds {
		sum += r.Amount
	}
	return sum
}

func (p *Payment) note(format string, args ...any) {
	p.Log = append(p.Log, fmt.Sprintf(format, args...))
}

// A Purse is a customer's phone, as its code stands for it.
type Purse struct {
	Balance  money.Amount // 0: enough for everything
	Password bool         // the customer must confirm before it is paid
	Expired  bool
	Blocked  bool
}

// Refusals of the books; a platform turns them into its own codes.
var (
	ErrNoSuchCode = errors.New("no such code")
	ErrExpired    = errors.New("the code has expired")
	ErrUsed       = errors.New("the code was used")
	ErrBalance    = errors.New("the balance is too small")
	ErrBlocked    = errors.New("the payer is blocked")
	ErrNoPayment  = errors.New("no such payment")
	ErrDiffers    = errors.New("the number was used with other data")
	ErrNotPaid    = errors.New("not paid")
	ErrPaid       = errors.New("already paid")
	ErrClosed     = errors.New("closed")
	ErrTooMuch    = errors.New("more than was paid")
)

// A Truth is the books of all platforms.
type Truth struct {
	mu       sync.Mutex
	now      func() time.Time
	payments map[[2]string]*Payment
	purses   map[string]Purse
	used     map[string]string // code -> number
	serial   int
	anyCode  bool
}

func newTruth(now func() time.Time) *Truth {
	return &Truth{now: now, payments: map[[2]string]*Payment{}, purses: map[string]Purse{}, used: map[string]string{}}
}

// All returns copies of every payment, by platform and number.
func (t *Truth) All() []Payment {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Payment
	for _, p := range t.payments {
		all = append(all, *t.settled(p).copy())
	}
	slices.SortFunc(all, func(a, b Payment) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Number, b.Number))
	})
	return all
}

// Payment returns a copy of one payment.
func (t *Truth) Payment(platform, number string) (Payment, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.payments[[2]string{platform, number}]
	if p == nil {
		return Payment{}, false
	}
	return *t.settled(p).copy(), true
}

func (p *Payment) copy() *Payment {
	c := *p
	c.Refunds, c.Log = slices.Clone(p.Refunds), slices.Clone(p.Log)
	c.Kept = map[string]string{}
	for k, v := range p.Kept {
		c.Kept[k] = v
	}
	return &c
}

// settled closes a payment whose time is over.
func (t *Truth) settled(p *Payment) *Payment {
	if (p.State == Created || p.State == Waiting) && !p.Until.IsZero() && t.now().After(p.Until) {
		p.State = Closed
		p.note("closed: its time was over")
	}
	return p
}

// AddPurse lets a code stand for a phone.
func (t *Truth) AddPurse(code string, p Purse) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purses[code] = p
}

func (t *Truth) id() string { t.serial++; return fmt.Sprintf("%08d", t.serial) }

// Make opens a payment that waits for a customer. The same number with the
// same amount is the payment that is there; with another it is ErrDiffers.
func (t *Truth) Make(p Payment) (Payment, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := [2]string{p.Platform, p.Number}
	if have := t.payments[key]; have != nil {
		t.settled(have)
		if have.Amount != p.Amount || have.Currency != p.Currency {
			return *have.copy(), ErrDiffers
		}
		switch have.State {
		case Paid, Reversed:
			return *have.copy(), ErrPaid
		case Closed:
			return *have.copy(), ErrClosed
		case Created, Waiting:
		}
		if p.QR != "" {
			have.QR = p.QR
		}
		have.note("made again")
		return *have.copy(), nil
	}
	p.ID, p.Made, p.State = cmp.Or(p.ID, t.id()), t.now(), Created
	if p.Kept == nil {
		p.Kept = map[string]string{}
	}
	p.note("made")
	t.payments[key] = &p
	return *p.copy(), nil
}

// Charge takes a payment with a customer's code: paid at once, or waiting where
// the customer must confirm. The same number with the same code is the payment
// that is there.
func (t *Truth) Charge(p Payment) (Payment, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := [2]string{p.Platform, p.Number}
	if have := t.payments[key]; have != nil {
		t.settled(have)
		switch {
		case have.Amount != p.Amount || have.Code != p.Code:
			return *have.copy(), ErrDiffers
		case have.State == Closed || have.State == Reversed:
			return *have.copy(), ErrClosed
		}
		have.note("charged again")
		return *have.copy(), nil
	}
	purse, ok := t.purse(p.Code)
	switch {
	case !ok:
		return Payment{}, ErrNoSuchCode
	case purse.Expired:
		return Payment{}, ErrExpired
	case t.used[p.Code] != "":
		return Payment{}, ErrUsed
	case purse.Blocked:
		return Payment{}, ErrBlocked
	case purse.Balance != 0 && purse.Balance < p.Amount:
		return Payment{}, ErrBalance
	}
	t.used[p.Code] = p.Number
	p.ID, p.Made, p.State = cmp.Or(p.ID, t.id()), t.now(), Waiting
	if p.Kept == nil {
		p.Kept = map[string]string{}
	}
	p.note("charged")
	t.payments[key] = &p
	if !purse.Password {
		t.capture(&p)
	}
	return *p.copy(), nil
}

func (t *Truth) capture(p *Payment) {
	p.State, p.Captured, p.PaidAt = Paid, p.Amount, t.now()
	p.note("paid %d", p.Amount)
}

// Do changes one payment under the books' lock.
func (t *Truth) Do(platform, number string, f func(*Payment) error) (Payment, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.payments[[2]string{platform, number}]
	if p == nil {
		return Payment{}, ErrNoPayment
	}
	err := f(t.settled(p))
	return *p.copy(), err
}

// Find returns the payment for which ok is true.
func (t *Truth) Find(ok func(*Payment) bool) (Payment, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.payments {
		if ok(t.settled(p)) {
			return *p.copy(), true
		}
	}
	return Payment{}, false
}

// Capture pays a payment that waits: the customer scanned and confirmed.
func (t *Truth) Capture(platform, number string) error {
	_, err := t.Do(platform, number, func(p *Payment) error {
		switch p.State {
		case Created, Waiting:
			t.capture(p)
			return nil
		case Paid, Reversed:
			return ErrPaid
		case Closed:
		}
		return ErrClosed
	})
	return err
}

// CaptureLate pays a payment although it was closed: what a platform must
// never do, and what a late request does.
func (t *Truth) CaptureLate(platform, number string) error {
	_, err := t.Do(platform, number, func(p *Payment) error {
		if p.State == Paid || p.State == Reversed {
			return ErrPaid
		}
		p.note("paid after it was closed")
		t.capture(p)
		return nil
	})
	return err
}

// Close closes a payment that nobody paid; a paid one is ErrPaid.
func (t *Truth) Close(platform, number, why string) error {
	_, err := t.Do(platform, number, func(p *Payment) error {
		switch p.State {
		case Created, Waiting:
			p.State = Closed
			p.note("closed: %s", why)
			return nil
		case Closed:
			return nil
		case Paid, Reversed:
		}
		return ErrPaid
	})
	return err
}

// Cancel closes an unpaid payment and gives a paid one back: returned is then
// true. Doing it again changes nothing.
func (t *Truth) Cancel(platform, number string) (returned bool, err error) {
	_, err = t.Do(platform, number, func(p *Payment) error {
		switch p.State {
		case Created, Waiting:
			p.State = Closed
			p.note("cancelled")
		case Paid:
			if left := p.Captured - p.Refunded(); left > 0 {
				p.Refunds = append(p.Refunds, Refund{Number: "cancel", ID: t.id(), Amount: left, At: t.now()})
			}
			p.State, returned = Reversed, true
			p.note("cancelled after it was paid: given back")
		case Reversed:
			returned = true
		case Closed:
		}
		return nil
	})
	return returned, err
}

// Refund gives money back. The same number with the same amount is the refund
// that is there, with another it is ErrDiffers.
func (t *Truth) Refund(platform, number, refund string, amount money.Amount) (Refund, error) {
	var out Refund
	_, err := t.Do(platform, number, func(p *Payment) error {
		for _, r := range p.Refunds {
			if r.Number == refund {
				out = r
				if r.Amount != amount {
					return ErrDiffers
				}
				return nil
			}
		}
		switch {
		case p.State != Paid:
			return ErrNotPaid
		case amount <= 0 || p.Refunded()+amount > p.Captured:
			return ErrTooMuch
		}
		out = Refund{Number: refund, ID: t.id(), Amount: amount, At: t.now()}
		p.Refunds = append(p.Refunds, out)
		p.note("refunded %d as %s", amount, refund)
		return nil
	})
	return out, err
}

// TakeAnyCode lets any customer's code stand for a phone, as in practising:
// one that ends in 0 is too poor, one that ends in 9 has expired, one that ends
// in 5 asks for a password.
func (t *Truth) TakeAnyCode() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.anyCode = true
}

func (t *Truth) purse(code string) (Purse, bool) {
	p, ok := t.purses[code]
	if ok || !t.anyCode || code == "" {
		return p, ok
	}
	last := code[len(code)-1]
	p = Purse{Password: last == '5', Expired: last == '9'}
	if last == '0' {
		p.Balance = 1
	}
	return p, true
}
