package till

import (
	"context"
	"strings"

	"guitai/till/money"
)

// checkedFirst refuses to return goods of a sale while nobody knows what became
// of one of its payments: the customer may have paid twice, or not at all.
func (r *Register) checkedFirst(sale ID) error {
	for i := range r.st.Attempts {
		if at := &r.st.Attempts[i]; at.Sale == sale && at.checking() {
			return refuseWith(PaymentChecking, at.Number)
		}
	}
	return nil
}

// throughWallets sends the refunds of a return back to the attempts that paid:
// in the order in which the sale took them, each no more than it has left. A
// refund of a kind that no provider vouches for stays a person's word.
func (a *acting) throughWallets(ctx context.Context, ret *Return, sold *Sold) error {
	if a.act.Replayed {
		return nil
	}
	var out []Tender
	parts := map[int]part{} // by their place in out
	given := map[string]money.Amount{}
	for _, back := range ret.Refunds {
		paid := provided(&sold.Sale, back.Kind)
		if back.Kind == Card && !a.r.terminal.Refunds {
			paid = nil // a person gives it back at the terminal
		}
		if len(paid) == 0 {
			out = append(out, back)
			continue
		}
		if wallet := walletOf(back.Kind); a.r.st.Settings.Freeze(wallet) != nil {
			return refuseWith(WalletStopped, wallet)
		}
		rest := back.Amount
		for _, t := range paid {
			number, _, _ := strings.Cut(t.Ref, "/")
			at, left, err := a.leftOf(ctx, number)
			if err != nil {
				return err
			}
			one := back
			one.Amount = min(rest, t.Amount, left-given[number])
			if one.Amount <= 0 {
				continue
			}
			one.Tendered, one.Evidence = one.Amount, ByProvider
			rest -= one.Amount
			given[number] += one.Amount
			parts[len(out)] = part{at, one.Amount}
			out = append(out, one)
		}
		if rest > 0 && back.Kind == Card {
			// Of a terminal that a person drove; what cards may give back in all was
			// checked before.
			one := back
			one.Amount, one.Tendered = rest, rest
			out, rest = append(out, one), 0
		}
		if rest > 0 {
			return refuseWith(AboveRefundable, string(back.Kind)+" "+a.r.st.Settings.Currency.Format(back.Amount-rest))
		}
	}
	// Nothing refuses any more: numbers are drawn for what will be written.
	for i := range out {
		out[i].N = i + 1
		if p, ok := parts[i]; ok {
			f := a.planRefund(&p.of, p.amount, ret.ID, ret.Reason)
			out[i].Ref = f.Number
			a.then(func() {
				a.r.putRefund(f)
				a.r.sendRefund(f)
			})
		}
	}
	ret.Refunds = out
	return nil
}

// part is what one attempt gives back of a return.
type part struct {
	of     Attempt
	amount money.Amount
}

// oweAll plans that everything goes back that an open sale has taken. It is
// refused where a tender is no wallet's: that money is on the counter.
func (a *acting) oweAll(ctx context.Context, s *Sale) error {
	for _, t := range s.Tenders {
		if t.Evidence != ByProvider {
			return refuse(SaleHasTenders)
		}
		if wallet := walletOf(t.Kind); a.r.st.Settings.Freeze(wallet) != nil {
			return refuseWith(WalletStopped, wallet)
		}
	}
	if err := a.allow(MayReturn, s.TakenSoFar()); err != nil {
		return err
	}
	for _, t := range s.Tenders {
		number, _, _ := strings.Cut(t.Ref, "/")
		at, err := a.r.journal.Attempt(ctx, number)
		if err != nil {
			return err
		}
		a.owe(&at, "the sale was cancelled")
	}
	return nil
}

// walletOf is the name under which tenders of a kind were paid that a provider
// vouches for.
func walletOf(k TenderKind) string {
	if k == Card {
		return CardTerminal
	}
	return k.Detail()
}

// provided lists the tenders of a kind that a provider vouches for.
func provided(s *Sale, kind TenderKind) []Tender {
	var out []Tender
	for _, t := range s.Tenders {
		if t.Kind == kind && t.Evidence == ByProvider {
			out = append(out, t)
		}
	}
	return out
}

// leftOf returns an attempt and what of its money has neither gone back nor is
// about to.
func (a *acting) leftOf(ctx context.Context, number string) (Attempt, money.Amount, error) {
	at, err := a.r.journal.Attempt(ctx, number)
	if err != nil {
		return at, 0, err
	}
	refunds, err := a.r.journal.RefundsOf(ctx, number)
	if err != nil {
		return at, 0, err
	}
	left := at.Amount - at.Refunded
	for _, f := range refunds {
		if f.State.Open() {
			left -= f.Amount // what is done or was paid in cash is in Refunded
		}
	}
	return at, left, nil
}

// refundInCash pays out what a wallet definitely did not give back. It is done
// once: from then on the refund counts as given back. It is never rounded to the
// smallest coin, as a return in cash is: the customer paid the exact amount, the
// return is booked with it, and what counts as given back must equal what the
// attempt took. Where no coin is so small, the drawer's count shows the rest.
func (a *acting) refundInCash(ctx context.Context, c RefundInCash) error {
	if err := a.ready(); err != nil {
		return err
	}
	r := a.r
	f, err := r.journal.Refund(ctx, c.Number)
	if err != nil {
		return err
	}
	switch {
	case f.InCash:
		return refuseWith(NotInCash, "in_cash")
	case f.State != RefundFailed:
		return refuseWith(NotInCash, f.State.String())
	}
	at, err := r.journal.Attempt(ctx, f.Attempt)
	if err != nil {
		return err
	}
	others, err := r.journal.RefundsOf(ctx, f.Attempt)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Number != f.Number && o.Return == f.Return && (o.State.Holds() || o.InCash) {
			return refuseWith(NotInCash, o.Number) // it goes back under another number
		}
	}
	if err := a.allow(MayMendTender, f.Amount); err != nil {
		return err
	}
	a.enter(&RefundMended{ID: r.opt.NewID(), Number: f.Number, Return: f.Return, Sale: at.Sale, From: WalletTender(at.Wallet), To: Cash, Amount: f.Amount})
	if f.Return.IsZero() {
		// It was never a tender: the drawer pays it out.
		move := &CashMoved{ID: r.opt.NewID(), Movement: PaidOut, Amount: f.Amount, Reason: f.Attempt + " " + f.Number}
		a.enter(move)
		a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipCash, Text: move.ID.String()})
	}
	a.tx.Pulse = "refund"
	a.stay()
	f.InCash = true
	a.then(func() {
		r.pending = nil
		r.putRefund(f)
		if at, err := r.journal.Attempt(ctx, f.Attempt); err == nil && r.attempt(at.Number) != nil {
			r.putAttempt(at) // its duty may be done
		}
		r.note(Info, NoteRefundCash, r.amountText(f.Amount))
	})
	return nil
}

// MendRefund applies a refund paid out in cash to the totals of the shift that
// paid it. Money of no return was in no tender's totals.
func (t *ShiftTotals) MendRefund(m *RefundMended) {
	if m.Return.IsZero() {
		return
	}
	t.tender(m.From).Refunded -= m.Amount
	t.tender(m.To).Refunded += m.Amount
}
