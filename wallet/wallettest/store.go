package wallettest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// ErrKilled is what a store says once its program was killed.
var ErrKilled = errors.New("killed")

// A Store keeps attempts in memory by the rules of the ledger. Kill makes it
// die at a chosen write, as a power cut would: before it, so that it is lost,
// or after it, so that only the program does not hear of it.
type Store struct {
	mu       sync.Mutex
	attempts []till.Attempt
	refunds  []till.WalletRefund
	calls    []till.WalletCall
	last     int64
	writes   int
	killAt   int // the write to die at; 0: never
	after    bool
	killed   func()
	fault    string // a broken rule, as found
}

// Kill arranges a death at the n-th write from now, and what to do then.
func (s *Store) Kill(n int, after bool, then func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killAt, s.after, s.killed = s.writes+n, after, then
}

// Revive ends the death: the next program opens the store.
func (s *Store) Revive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killAt, s.killed = 0, nil
}

// Writes returns how many writes there were.
func (s *Store) Writes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

// Broken says which rule of the ledger a write broke first, or "".
func (s *Store) Broken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// write does one durable write under the lock.
func (s *Store) write(f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	if s.killAt == 0 || s.writes < s.killAt {
		return f()
	}
	if s.writes == s.killAt {
		if s.after {
			_ = f() // it is on the disk; nobody hears of it
		}
		if s.killed != nil {
			s.killed()
		}
	}
	return ErrKilled
}

func (s *Store) breaks(rule string) error {
	if s.fault == "" {
		s.fault = rule
	}
	return errors.New(rule)
}

// Plan writes an attempt as the register does, with its sale and share.
func (s *Store) Plan(a till.Attempt) (till.Attempt, error) {
	err := s.write(func() error {
		for _, o := range s.attempts {
			if o.Sale == a.Sale && o.Share == a.Share && a.Sale != (till.ID{}) && o.State.Live() {
				return errors.New("a live attempt holds the share")
			}
		}
		s.last++
		a.Number, a.State = till.AttemptNumber("1", "TEST", s.last), till.Planned
		a.ChangedAt = a.PlannedAt
		s.attempts = append(s.attempts, a)
		return nil
	})
	return a, err
}

// PlanAttempt implements wallet.Store.
func (s *Store) PlanAttempt(_ context.Context, a till.Attempt) (till.Attempt, error) {
	return s.Plan(a)
}

func (s *Store) find(number string) *till.Attempt {
	for i := range s.attempts {
		if s.attempts[i].Number == number {
			return &s.attempts[i]
		}
	}
	return nil
}

// Attempt implements wallet.Store.
func (s *Store) Attempt(_ context.Context, number string) (till.Attempt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.find(number); a != nil {
		return *a, nil
	}
	return till.Attempt{}, &till.Error{Code: till.NoSuchAttempt, Detail: number}
}

// All returns every attempt, oldest first.
func (s *Store) All() []till.Attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.attempts)
}

// Refunds returns every refund, oldest first.
func (s *Store) Refunds() []till.WalletRefund {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refunds)
}

// OpenAttempts implements wallet.Store.
func (s *Store) OpenAttempts(context.Context) ([]till.Attempt, error) {
	return slices.DeleteFunc(s.All(), func(a till.Attempt) bool { return !a.State.Open() }), nil
}

// OpenRefunds implements wallet.Store.
func (s *Store) OpenRefunds(context.Context) ([]till.WalletRefund, error) {
	return slices.DeleteFunc(s.Refunds(), func(r till.WalletRefund) bool { return !r.State.Open() }), nil
}

// RefundsOf implements wallet.Store.
func (s *Store) RefundsOf(_ context.Context, attempt string) ([]till.WalletRefund, error) {
	return slices.DeleteFunc(s.Refunds(), func(r till.WalletRefund) bool { return r.Attempt != attempt }), nil
}

// MoveAttempt implements wallet.Store.
func (s *Store) MoveAttempt(_ context.Context, number string, from till.AttemptState, m till.AttemptMove) (till.Attempt, error) {
	var out till.Attempt
	err := s.write(func() error {
		a := s.find(number)
		switch {
		case a == nil:
			return &till.Error{Code: till.NoSuchAttempt, Detail: number}
		case a.State != from:
			return &till.Error{Code: till.AttemptMoved, Detail: a.State.String()}
		case m.To != from && !from.MayBecome(m.To):
			return s.breaks("arrow " + from.String() + " to " + m.To.String())
		}
		a.State, a.Reason, a.ChangedAt = m.To, m.Reason, m.At
		set(&a.Said, m.Said)
		set(&a.Provider, m.Provider)
		set(&a.Handle, m.Handle)
		set(&a.QR, m.QR)
		if !m.PaidAt.IsZero() {
			a.PaidAt = m.PaidAt
		}
		a.RefundIfPaid = a.RefundIfPaid || m.RefundIfPaid
		a.Refunded += m.Returned
		out = *a
		return nil
	})
	return out, err
}

func set(at *string, v string) {
	if v != "" {
		*at = v
	}
}

// Book makes a paid attempt a tender, as the register's commit does. It is
// false where the attempt was booked before.
func (s *Store) Book(number string) (ok bool, err error) {
	err = s.write(func() error {
		a := s.find(number)
		if a.State == till.LatePaid {
			a.State = till.PaidFor
		}
		if a.State != till.PaidFor {
			return s.breaks("booked in state " + a.State.String())
		}
		ok, a.Booked = !a.Booked, true
		return nil
	})
	return ok, err
}

// Owe turns a late payment into one to be given back, and plans the refund.
func (s *Store) Owe(number string) (r till.WalletRefund, err error) {
	err = s.write(func() error {
		a := s.find(number)
		if a.State != till.LatePaid && (a.State != till.PaidFor || a.Booked) {
			return s.breaks("owed in state " + a.State.String())
		}
		r = till.WalletRefund{Attempt: number, Amount: a.Amount, PlannedAt: time.Now()}
		if err := s.plan(&r); err != nil {
			return s.breaks("owed twice: " + err.Error())
		}
		a.State = till.RefundDue
		return nil
	})
	return r, err
}

func (s *Store) plan(r *till.WalletRefund) error {
	a := s.find(r.Attempt)
	left := a.Amount
	for _, o := range s.refunds {
		if o.Attempt == r.Attempt && o.State.Holds() {
			left -= o.Amount
		}
	}
	if a.PaidAt.IsZero() || r.Amount <= 0 || r.Amount > left {
		return errors.New("more than was paid")
	}
	s.last++
	r.Number, r.State = till.AttemptNumber("1", "TEST", s.last), till.RefundPlanned
	s.refunds = append(s.refunds, *r)
	return nil
}

// PlanRefund implements wallet.Store.
func (s *Store) PlanRefund(_ context.Context, r till.WalletRefund) (till.WalletRefund, error) {
	err := s.write(func() error { return s.plan(&r) })
	return r, err
}

// MoveRefund implements wallet.Store.
func (s *Store) MoveRefund(_ context.Context, number string, from till.RefundState, m till.RefundMove) (till.WalletRefund, error) {
	var out till.WalletRefund
	err := s.write(func() error {
		for i := range s.refunds {
			r := &s.refunds[i]
			if r.Number != number {
				continue
			}
			if r.State != from {
				return &till.Error{Code: till.AttemptMoved, Detail: r.State.String()}
			}
			r.State, r.Reason, r.ChangedAt = m.To, m.Reason, m.At
			set(&r.Said, m.Said)
			set(&r.Provider, m.Provider)
			set(&r.Handle, m.Handle)
			if m.To == till.RefundDone && from != till.RefundDone {
				s.find(r.Attempt).Refunded += r.Amount
			}
			out = *r
			return nil
		}
		return &till.Error{Code: till.NoSuchAttempt, Detail: number}
	})
	return out, err
}

// Began implements wallet.CallLog.
func (s *Store) Began(_ context.Context, c till.WalletCall) (id int64, err error) {
	err = s.write(func() error {
		s.calls = append(s.calls, c)
		id = int64(len(s.calls))
		return nil
	})
	return id, err
}

// Ended implements wallet.CallLog.
func (s *Store) Ended(_ context.Context, id int64, c till.WalletCall) error {
	return s.write(func() error {
		s.calls[id-1] = c
		return nil
	})
}

var _ wallet.Store = (*Store)(nil)
