package tilltest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"guitai/till"
	"guitai/till/money"
)

// payments are the attempts and refunds of a Journal, in the order in which
// they were planned.
type payments struct {
	attempts []till.Attempt
	refunds  []till.WalletRefund
}

func (p *payments) attempt(number string) *till.Attempt {
	for i := range p.attempts {
		if p.attempts[i].Number == number {
			return &p.attempts[i]
		}
	}
	return nil
}

func (p *payments) refund(number string) *till.WalletRefund {
	for i := range p.refunds {
		if p.refunds[i].Number == number {
			return &p.refunds[i]
		}
	}
	return nil
}

// clone copies the lists, so that a refused transaction leaves nothing.
func (p *payments) clone() payments {
	return payments{slices.Clone(p.attempts), slices.Clone(p.refunds)}
}

// take does what tx does to payments.
func (p *payments) take(tx *till.Tx) error {
	for _, a := range tx.Plan {
		for _, b := range p.attempts {
			if b.Number == a.Number || !a.Sale.IsZero() && b.Sale == a.Sale && b.Share == a.Share && (b.State.Live() || b.Booked) {
				return fmt.Errorf("attempt %s: the number or the share is taken by %s", a.Number, b.Number)
			}
		}
		p.attempts = append(p.attempts, a)
	}
	for _, b := range tx.Book {
		a := p.attempt(b.Number)
		if a == nil || a.Booked || a.Share != b.Share || a.State != till.PaidFor && a.State != till.LatePaid {
			return &till.Error{Code: till.AttemptMoved, Detail: b.Number}
		}
		a.State, a.Booked = till.PaidFor, true
	}
	for _, n := range tx.Owe {
		a := p.attempt(n)
		if a == nil || a.Receipt != 0 || a.State != till.PaidFor && a.State != till.LatePaid {
			return &till.Error{Code: till.AttemptMoved, Detail: n}
		}
		a.State, a.Booked = till.RefundDue, false
	}
	for _, f := range tx.Refunds {
		if err := p.plan(f); err != nil {
			return err
		}
	}
	for i := range tx.Entries {
		switch r := tx.Entries[i].Record.(type) {
		case *till.SaleCompleted:
			if err := p.complete(&r.Sale); err != nil {
				return err
			}
		case *till.RefundMended:
			f := p.refund(r.Number)
			if f == nil || f.InCash || f.State != till.RefundFailed {
				return &till.Error{Code: till.AttemptMoved, Detail: r.Number}
			}
			f.InCash = true
			a := p.attempt(f.Attempt)
			if a.Refunded += f.Amount; a.Refunded == a.Amount && (a.State == till.RefundDue || a.State == till.Attention) {
				a.State, a.ChangedAt = till.PaidFor, tx.Entries[i].At
			}
		}
	}
	return nil
}

// complete checks that every tender a provider vouches for rests on a booked
// attempt, and the other way about.
func (p *payments) complete(s *till.Sale) error {
	vouched := 0
	for _, t := range s.Tenders {
		if t.Evidence == till.ByProvider {
			vouched++
		}
	}
	for i := range p.attempts {
		a := &p.attempts[i]
		switch {
		case a.Sale != s.ID:
		case a.State.Live():
			return fmt.Errorf("sale completed over attempt %s, which is %s", a.Number, a.State)
		case a.Booked:
			t := s.Tenders[a.Share-1]
			if t.Evidence != till.ByProvider || t.Amount != a.Amount {
				return fmt.Errorf("attempt %s is not the tender it is booked as", a.Number)
			}
			a.Receipt = s.Receipt
			vouched--
		}
	}
	if vouched != 0 {
		return fmt.Errorf("%d tenders that no attempt stands behind", vouched)
	}
	return nil
}

func (p *payments) plan(f till.WalletRefund) error {
	a := p.attempt(f.Attempt)
	if a == nil {
		return &till.Error{Code: till.NoSuchAttempt, Detail: f.Attempt}
	}
	left := a.Amount - a.Refunded
	for _, b := range p.refunds {
		if b.Attempt == f.Attempt && b.State.Open() {
			left -= b.Amount
		}
	}
	if f.Amount <= 0 || f.Amount > left {
		return &till.Error{Code: till.AboveRefundable, Detail: f.Attempt}
	}
	p.refunds = append(p.refunds, f)
	return nil
}

// Attempt returns an attempt by its number.
func (j *Journal) Attempt(_ context.Context, number string) (till.Attempt, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if a := j.pay.attempt(number); a != nil {
		return *a, nil
	}
	return till.Attempt{}, &till.Error{Code: till.NoSuchAttempt, Detail: number}
}

// Refund returns a refund by its number.
func (j *Journal) Refund(_ context.Context, number string) (till.WalletRefund, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if f := j.pay.refund(number); f != nil {
		return *f, nil
	}
	return till.WalletRefund{}, &till.Error{Code: till.NoSuchAttempt, Detail: number}
}

// RefundsOf lists the refunds of an attempt, the oldest first.
func (j *Journal) RefundsOf(_ context.Context, attempt string) ([]till.WalletRefund, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []till.WalletRefund
	for _, f := range j.pay.refunds {
		if f.Attempt == attempt {
			out = append(out, f)
		}
	}
	return out, nil
}

// Attempts returns all attempts, the oldest first.
func (j *Journal) Attempts() []till.Attempt {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.pay.attempts)
}

// Refunds returns all refunds, the oldest first.
func (j *Journal) Refunds() []till.WalletRefund {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.pay.refunds)
}

// MoveAttempt moves an attempt that is in state from.
func (j *Journal) MoveAttempt(_ context.Context, number string, from till.AttemptState, m till.AttemptMove) (till.Attempt, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	a := j.pay.attempt(number)
	if a == nil {
		return till.Attempt{}, &till.Error{Code: till.NoSuchAttempt, Detail: number}
	}
	if a.State != from || m.To != from && !from.MayBecome(m.To) {
		return *a, &till.Error{Code: till.AttemptMoved, Detail: a.State.String()}
	}
	if m.To != a.State {
		a.ChangedAt = m.At
	}
	a.State, a.Reason = m.To, m.Reason
	for _, f := range []struct {
		to   *string
		from string
	}{{&a.Said, m.Said}, {&a.Provider, m.Provider}, {&a.Handle, m.Handle}, {&a.QR, m.QR}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if !m.PaidAt.IsZero() {
		a.PaidAt = m.PaidAt
	}
	a.RefundIfPaid = a.RefundIfPaid || m.RefundIfPaid
	a.Refunded += m.Returned
	return *a, nil
}

// MoveRefund moves a refund that is in state from.
func (j *Journal) MoveRefund(_ context.Context, number string, from till.RefundState, m till.RefundMove) (till.WalletRefund, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f := j.pay.refund(number)
	if f == nil {
		return till.WalletRefund{}, &till.Error{Code: till.NoSuchAttempt, Detail: number}
	}
	if f.State != from || f.InCash || m.To != from && !from.MayBecome(m.To) {
		return *f, &till.Error{Code: till.AttemptMoved, Detail: f.State.String()}
	}
	f.State, f.Reason, f.ChangedAt = m.To, m.Reason, m.At
	if m.Provider != "" {
		f.Provider = m.Provider
	}
	if m.To == till.RefundDone && from != till.RefundDone {
		j.pay.attempt(f.Attempt).Refunded += f.Amount
	}
	return *f, nil
}

// MarkCode is a hash of the code; the ledger's has a key.
func (j *Journal) MarkCode(code string) string {
	sum := sha256.Sum256([]byte(j.Epoch + code))
	return hex.EncodeToString(sum[:16])
}

// open are the attempts and refunds about which something is to be done.
func (p *payments) open(st *till.State) {
	for _, a := range p.attempts {
		if a.State.Open() || a.State == till.PaidFor && !a.Booked && !a.Sale.IsZero() && a.Refunded == 0 {
			st.Attempts = append(st.Attempts, a)
		}
	}
	for i, f := range p.refunds {
		again := func(o till.WalletRefund) bool {
			return o.Attempt == f.Attempt && o.Return == f.Return && (o.State.Holds() || o.InCash)
		}
		if f.State.Open() || f.State == till.RefundFailed && !f.InCash && !slices.ContainsFunc(p.refunds[i+1:], again) {
			st.Refunds = append(st.Refunds, f)
		}
	}
}

// Booked sums the tenders that providers vouch for, in completed sales and in
// those still open, less what of them went back.
func (j *Journal) Booked() money.Amount {
	j.mu.Lock()
	defer j.mu.Unlock()
	var sum money.Amount
	for _, a := range j.pay.attempts {
		if a.Booked {
			sum += a.Amount - a.Refunded
		}
	}
	return sum
}
