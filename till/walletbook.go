package till

import (
	"context"
	"strings"

	"guitai/till/money"
)

// attemptChanged takes up what the ledger has of an attempt. Booking what was
// paid follows, in a commit of its own.
func (a *acting) attemptChanged(c AttemptChanged) error {
	a.off = true
	r, at := a.r, c.Attempt
	old := r.attempt(at.Number)
	decided := old != nil && (old.Booked || old.State == RefundDue)
	if decided && (at.checking() || at.State == Abandoned) {
		return nil // told before this register decided about its money
	}
	if old != nil && old.Booked {
		at.Booked, at.Receipt = true, old.Receipt
	}
	held := old != nil && old.holds()
	r.putAttempt(at)
	delete(r.unbookable, at.Number)
	s, parked := r.openSale(at.Sale)
	if s == nil {
		return nil
	}
	if parked >= 0 {
		r.setAside(s, true) // after a start nobody has told the desk yet
	}
	if held && !at.holds() && !at.unbooked() && !at.Booked {
		if parked < 0 {
			r.ended = at.Number
		}
		r.note(Refused, NotePayFailed, string(at.Reason))
	}
	return nil
}

// refundChanged takes up what the ledger has of a refund.
func (a *acting) refundChanged(c RefundChanged) error {
	a.off = true
	r, f := a.r, c.Refund
	old := r.walletRefund(f.Number)
	if old != nil && old.InCash {
		return nil
	}
	r.putRefund(f)
	if f.State == RefundFailed && (old == nil || old.State != RefundFailed) {
		r.note(Refused, NoteRefundFailed, r.amountText(f.Amount))
	}
	return nil
}

// bookWaiting books what was paid and is no tender yet, each in a commit of its
// own. Without an open shift it waits for the next. An error means that the
// disk cannot be written; what the journal refuses for another reason is left
// for a person, so that selling goes on.
func (r *Register) bookWaiting(ctx context.Context) error {
	for _, at := range r.st.Attempts {
		if r.st.Shift == nil || r.stopped != "" {
			return nil
		}
		if !at.unbooked() || r.unbookable[at.Number] {
			continue
		}
		a := &acting{r: r, at: r.clock(Act{}), sale: r.sale}
		a.bookPaid(&at)
		err := a.commit(ctx)
		switch CodeOf(err) {
		case CannotSave, SaveUnknown:
			return err
		default:
			if err != nil {
				r.opt.Log.Error("book a payment", "number", at.Number, "err", err)
				if r.unbookable == nil {
					r.unbookable = map[string]bool{}
				}
				r.unbookable[at.Number] = true
			}
		}
	}
	return nil
}

// bookPaid makes a paid attempt a tender of its sale, where that still waits
// for it; else its money goes back.
func (a *acting) bookPaid(at *Attempt) {
	r := a.r
	s, parked := r.openSale(at.Sale)
	a.stay()
	if s == nil || at.RefundIfPaid || at.Share != len(s.Tenders)+1 || at.Amount > s.Due()-r.spokenFor(s, at.Number) {
		a.owe(at, "paid after the sale went on without it")
		return
	}
	s = s.Clone()
	t := Tender{
		N: at.Share, Kind: WalletTender(at.Wallet), Amount: at.Amount, Tendered: at.Amount, Evidence: ByProvider, Ref: attemptRef(at),
		At: a.at, By: at.Cashier,
	}
	// What waited for a shift keeps the time at which it was known.
	if known := at.ChangedAt.In(a.at.Location()); !known.IsZero() && known.Before(t.At) {
		t.At = known
	}
	s.Tenders = append(s.Tenders, t)
	a.tx.Book = []Booking{{Number: at.Number, Share: t.N}}
	booked := *at
	booked.State, booked.Booked = PaidFor, true
	a.then(func() {
		booked.Receipt = s.Receipt
		r.putAttempt(booked)
	})
	whole := s.Due() == 0
	switch {
	case parked < 0 && whole:
		a.complete(s)
	case parked < 0:
		a.holding(s, NotePaid)
		a.then(func() { r.undo = nil })
	case whole:
		a.completeParked(s, parked)
	default:
		a.tx.Keep = append(a.tx.Keep, s)
		a.then(func() {
			r.replaceParked(parked, s)
			r.note(Info, NoteHalfPaid, r.amountText(at.Amount))
		})
	}
	for i := range a.tx.Entries {
		if e := &a.tx.Entries[i]; e.Operator == "" {
			e.Operator = at.Cashier
		}
	}
}

// attemptRef is the reference of an attempt's tender: its number, and the
// provider's.
func attemptRef(at *Attempt) string {
	ref := at.Number + "/" + strings.TrimSpace(at.Provider)
	return ref[:min(len(ref), textMax)]
}

// completeParked completes a parked sale; the one on the screen stays there.
func (a *acting) completeParked(s *Sale, parked int) {
	r := a.r
	s.ParkedAs = 0
	a.seal(s)
	a.tx.Pulse = "" // nobody stands at the drawer for it
	a.then(func() {
		rest := append(append([]Parked(nil), r.st.Parked[:parked]...), r.st.Parked[parked+1:]...)
		r.st.Parked = rest
		r.note(Info, NoteFoundPaid, receiptNo(s.Receipt)+" "+r.amountText(s.Total()))
	})
}

func (r *Register) replaceParked(i int, s *Sale) {
	list := append([]Parked(nil), r.st.Parked...)
	list[i].Sale = s
	r.st.Parked = list
}

// owe plans the refund of money that its sale has no use for any more.
func (a *acting) owe(at *Attempt, why string) {
	r := a.r
	f := a.planRefund(at, at.Amount, ID{}, why)
	a.tx.Owe = append(a.tx.Owe, at.Number)
	due := *at
	due.State, due.Booked, due.ChangedAt = RefundDue, false, a.at
	a.then(func() {
		r.putAttempt(due)
		r.putRefund(f)
		r.note(Info, NoteMoneyBack, r.amountText(at.Amount))
		r.sendRefund(f)
	})
}

// planRefund adds a refund of an attempt to what the act writes.
func (a *acting) planRefund(at *Attempt, amount money.Amount, ret ID, why string) WalletRefund {
	r := a.r
	n := r.journal.NextAttempt()
	who := a.who()
	if who == "" {
		who = at.Cashier
	}
	f := WalletRefund{
		Number: AttemptNumber(r.st.Settings.Till, r.st.Epoch, n), Attempt: at.Number, Return: ret, Amount: amount, Why: why, State: RefundPlanned,
		Cashier: who, Shift: r.st.Shift.No, Day: r.st.Shift.Day, PlannedAt: a.at, ChangedAt: a.at,
	}
	a.tx.Refunds = append(a.tx.Refunds, f)
	a.tx.Attempt = max(a.tx.Attempt, n)
	return f
}

func (r *Register) sendRefund(f WalletRefund) {
	if r.opt.Wallets != nil {
		r.opt.Wallets.Refund(f)
	}
}
