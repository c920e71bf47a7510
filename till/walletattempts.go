package till

import (
	"slices"

	"guitai/till/money"
)

// WalletTender is the tender kind of what takes payments under a name: a wallet,
// or the card terminal.
func WalletTender(name string) TenderKind {
	if name == CardTerminal {
		return Card
	}
	return TenderKind("wallet:" + name)
}

// unbooked reports whether the attempt took money of a sale that is no tender
// of it and has not begun to go back.
func (a *Attempt) unbooked() bool {
	return (a.State == PaidFor || a.State == LatePaid) && !a.Booked && a.Refunded == 0 && !a.Sale.IsZero()
}

// holds reports whether the attempt keeps its amount of the sale to itself: it
// may still take money, a person must look, or it has taken some that is about
// to be booked.
func (a *Attempt) holds() bool { return a.Holds() || a.State == PaidFor && a.unbooked() }

// checking reports whether nobody knows yet if the attempt took money.
func (a *Attempt) checking() bool { return a.State.Live() || a.State == Watch || a.State == LatePaid }

// attempt returns what the register knows of an attempt, or nil.
func (r *Register) attempt(number string) *Attempt {
	for i := range r.st.Attempts {
		if r.st.Attempts[i].Number == number {
			return &r.st.Attempts[i]
		}
	}
	return nil
}

// walletRefund returns what the register knows of a refund, or nil.
func (r *Register) walletRefund(number string) *WalletRefund {
	for i := range r.st.Refunds {
		if r.st.Refunds[i].Number == number {
			return &r.st.Refunds[i]
		}
	}
	return nil
}

// holder returns the attempt that holds a sale, or nil.
func (r *Register) holder(s *Sale) *Attempt {
	for i := range r.st.Attempts {
		if a := &r.st.Attempts[i]; s != nil && a.Sale == s.ID && a.holds() {
			return a
		}
	}
	return nil
}

// openSale finds a sale among the one on the screen and the parked ones; its
// place among those is -1 for the one on the screen. It is nil where it is open
// no more.
func (r *Register) openSale(id ID) (*Sale, int) {
	if r.sale != nil && r.sale.ID == id {
		return r.sale, -1
	}
	for i, p := range r.st.Parked {
		if p.Sale.ID == id {
			return p.Sale, i
		}
	}
	return nil, -1
}

// putAttempt takes up what the ledger has of an attempt now. Lists are replaced
// and never changed, as views share them.
func (r *Register) putAttempt(a Attempt) {
	list := slices.Clone(r.st.Attempts)
	for i := range list {
		if list[i].Number == a.Number {
			list[i] = a
			r.st.Attempts = list
			return
		}
	}
	r.st.Attempts = append(list, a)
}

func (r *Register) putRefund(f WalletRefund) {
	list := slices.Clone(r.st.Refunds)
	for i := range list {
		if list[i].Number == f.Number {
			list[i] = f
			r.st.Refunds = list
			return
		}
	}
	r.st.Refunds = append(list, f)
}

// tidyPayments forgets the attempts and refunds that concern nobody any more.
func (r *Register) tidyPayments() {
	old := func(a Attempt) bool {
		if a.State.Open() || a.unbooked() {
			return false
		}
		s, _ := r.openSale(a.Sale)
		return s == nil
	}
	if slices.ContainsFunc(r.st.Attempts, old) {
		r.st.Attempts = slices.DeleteFunc(slices.Clone(r.st.Attempts), old)
	}
	gone := func(f WalletRefund) bool {
		shown := r.done != nil && r.done.Return != nil && r.done.Return.ID == f.Return
		return !f.State.Open() && !shown && (f.State != RefundFailed || f.InCash)
	}
	if slices.ContainsFunc(r.st.Refunds, gone) {
		r.st.Refunds = slices.DeleteFunc(slices.Clone(r.st.Refunds), gone)
	}
}

// usable says why a wallet cannot take a payment now; nil where it can.
func (r *Register) usable(w *WalletAccount) error {
	switch {
	case !w.On || r.opt.Wallets == nil:
		return refuseWith(WalletOff, w.Name)
	case r.st.Settings.Freeze(w.Name) != nil:
		return refuseWith(WalletStopped, w.Name)
	case w.Mode != "live" && !r.st.Practice:
		return refuseWith(WalletNotLive, w.Name)
	}
	return nil
}

// mode is what an attempt of now is: practice is known to be none.
func (r *Register) mode(w *WalletAccount) string {
	if r.st.Practice {
		return "practice"
	}
	return w.Mode
}

// showPayments adds what a view says of wallet payments.
func (r *Register) showPayments(v *View) {
	r.tidyPayments()
	v.Attempts, v.Refunds, v.Frozen = r.st.Attempts, r.st.Refunds, r.st.Settings.Frozen
	v.Terminal = r.terminal.Name
	if r.sale != nil {
		at := r.holder(r.sale)
		if at == nil && r.ended != "" {
			at = r.attempt(r.ended)
		}
		if at != nil && at.Sale == r.sale.ID {
			shown := *at
			v.Attempt = &shown
		}
	}
	if len(r.st.Settings.Wallets) > 0 {
		v.Wallets = slices.Clone(r.st.Settings.Wallets)
		for i := range v.Wallets {
			w := &v.Wallets[i]
			w.Why = CodeOf(r.usable(w))
			if f := r.st.Settings.Freeze(w.Name); f != nil {
				w.Note = f.Reason
			}
		}
	}
	v.Held = r.showHeld()
}

// amountText is an amount with its currency's sign, for a notice.
func (r *Register) amountText(a money.Amount) string {
	return r.st.Settings.Currency.Symbol() + r.st.Settings.Currency.Format(a)
}
