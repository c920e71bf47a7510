package till

import (
	"context"
	"strings"

	"guitai/till/money"
)

// payWallet plans an attempt: what it is about is on the disk before anything
// is sent.
func (a *acting) payWallet(ctx context.Context, c PayWallet) error {
	r := a.r
	s, err := a.payable()
	if err != nil {
		return err
	}
	due := s.Due()
	switch {
	case due <= 0:
		return refuse(NothingDue)
	case c.Amount <= 0:
		return refuse(BadAmount)
	case c.Amount > due:
		return refuseWith(AboveDue, r.st.Settings.Currency.Format(due))
	}
	w, ok := r.account(c.Wallet)
	if !ok {
		return refuseWith(NoSuchWallet, c.Wallet)
	}
	if err := r.usable(&w); err != nil {
		return err
	}
	if !w.can(c.Way) {
		return refuseWith(WalletNoWay, w.Name)
	}
	switch {
	case c.Amount < w.Least:
		return refuseWith(WalletLimit, r.st.Settings.Currency.Format(w.Least))
	case w.Top > 0 && c.Amount > w.Top:
		return refuseWith(WalletLimit, r.st.Settings.Currency.Format(w.Top))
	}
	code := ""
	if c.Way == Take {
		if code, err = a.codeFor(ctx, &w, c); err != nil {
			return err
		}
	}
	mark := ""
	if code != "" {
		mark = r.journal.MarkCode(code)
	}
	n := r.journal.NextAttempt()
	at := Attempt{
		Number: AttemptNumber(r.st.Settings.Till, r.st.Epoch, n), Wallet: w.Name, Mode: r.mode(&w), Sale: s.ID, Share: len(s.Tenders) + 1,
		Amount: c.Amount, Currency: r.st.Settings.Currency, Way: c.Way, State: Planned, CodeTail: tail(code), CodeMark: mark,
		Cashier: a.who(), Shift: r.st.Shift.No, Day: r.st.Shift.Day, PlannedAt: a.at, ChangedAt: a.at,
	}
	a.tx.Plan, a.tx.Attempt = []Attempt{at}, n
	a.tx.Keep = append(a.tx.Keep, s)
	a.tx.Current = s.ID
	a.then(func() {
		r.fresh(0)
		r.dropCode()
		r.putAttempt(at)
		r.opt.Wallets.Start(at, code)
	})
	return nil
}

// payable returns the basket, where a payment of it may be begun. Rights are
// not asked for by PIN here: an act that waits would keep a customer's code.
func (a *acting) payable() (*Sale, error) {
	if err := a.ready(); err != nil {
		return nil, err
	}
	switch s := a.sale; {
	case a.act.Replayed:
		return nil, refuse(UnknownTender) // a replayed wallet tender is a Pay
	case s == nil || s.Live() == 0:
		return nil, refuse(NoSaleOpen)
	case !a.r.operator.May(MaySell):
		return nil, refuseWith(NotAllowed, string(MaySell))
	default:
		return s, a.r.beingPaid(s)
	}
}

// beingPaid says why a sale takes no payment: another one of it is open.
func (r *Register) beingPaid(s *Sale) error {
	if at := r.holder(s); at != nil {
		return refuseWith(PaymentOpen, at.Number)
	}
	if openQR(s) != nil {
		return refuse(QROpen)
	}
	return nil
}

// The bounds of a payment code's length in characters.
const (
	payCodeMin = 10
	payCodeMax = barcodeMax
)

// codeFor returns the customer's code that an attempt is to take: the one in
// the command, or the one that is held.
func (a *acting) codeFor(ctx context.Context, w *WalletAccount, c PayWallet) (string, error) {
	r := a.r
	raw, byHand := c.Code, c.ByHand
	if raw == "" {
		if raw, byHand = r.heldFor(a.sale), true; raw == "" {
			return "", refuse(PayCodeMissing)
		}
	}
	b, err := r.st.Settings.payCodes().Parse(raw)
	if err != nil || b.Kind != BarcodePayCode && b.Kind != BarcodeText || len(b.Text) < payCodeMin || len(b.Text) > payCodeMax {
		return "", refuse(NotAPayCode)
	}
	if NeverPayCode(b.Text) {
		return "", refuse(NotAPayCode)
	}
	if _, _, found, err := r.catalog.Lookup(ctx, strings.TrimSpace(raw)); err == nil && found {
		return "", refuse(NotAPayCode)
	}
	if !byHand && b.Wallet != w.Name && !w.takes(b.Wallet) {
		return "", refuseWith(OtherWallet, b.Wallet)
	}
	return b.Text, nil
}

// takes reports whether the account takes the codes of another wallet's
// customers.
func (w *WalletAccount) takes(wallet string) bool {
	for _, name := range w.Takes {
		if wallet != "" && name == wallet {
			return true
		}
	}
	return false
}

// tail is all that is kept of a customer's code.
func tail(code string) string {
	if len(code) <= 8 {
		return ""
	}
	return code[len(code)-4:]
}

// checkAttempt asks about an attempt or a refund now.
func (a *acting) checkAttempt(c CheckAttempt) error {
	a.off = true
	r := a.r
	if r.operator == nil {
		return refuse(NotSignedOn)
	}
	if r.attempt(c.Number) == nil && r.walletRefund(c.Number) == nil || r.opt.Wallets == nil {
		return refuseWith(NoSuchAttempt, c.Number)
	}
	r.opt.Wallets.Check(c.Number)
	return nil
}

// stopAttempt reverses. Whether it could be is what the attempt becomes.
func (a *acting) stopAttempt(c StopAttempt) error {
	a.off = true
	r := a.r
	if r.operator == nil {
		return refuse(NotSignedOn)
	}
	at := r.attempt(c.Number)
	if at == nil || r.opt.Wallets == nil {
		return refuseWith(NoSuchAttempt, c.Number)
	}
	if !at.State.Live() {
		return refuseWith(NotStoppable, at.State.String())
	}
	r.opt.Wallets.Stop(c.Number)
	return nil
}

// overrideAttempt lets the sale go on, with the duty to give the money back if
// it comes. The share is free once the attempt is on the watch list.
func (a *acting) overrideAttempt(c OverrideAttempt) error {
	r := a.r
	if err := a.ready(); err != nil {
		return err
	}
	at := r.attempt(c.Number)
	if at == nil || r.opt.Wallets == nil {
		return refuseWith(NoSuchAttempt, c.Number)
	}
	if !at.State.Live() && at.State != Attention && (at.State != Watch || at.RefundIfPaid) {
		return refuseWith(NotStoppable, at.State.String())
	}
	return a.decided(at, at.Amount, c.Reason, func(by, reason string) { r.opt.Wallets.Override(c.Number, by, reason) }, c.Number)
}

// decided writes down that a person decides of an attempt whose end nobody
// knows, who may and why; tell carries it out once that is on the disk. number
// is what the note names: the attempt, or a refund of it.
func (a *acting) decided(at *Attempt, amount money.Amount, why string, tell func(by, reason string), number string) error {
	r := a.r
	reason := strings.TrimSpace(why)
	if len(reason) > textMax {
		return refuseWith(TooLarge, "reason")
	}
	if err := a.reason(reason); err != nil {
		return err
	}
	if err := a.allow(MayOverridePayment, amount); err != nil {
		return err
	}
	a.enter(&PaymentOverridden{Number: at.Number, Wallet: at.Wallet, Sale: at.Sale, Share: at.Share, Amount: amount, State: at.State, Reason: reason})
	a.stay()
	by := a.by()
	a.then(func() {
		r.pending = nil
		tell(by, reason)
		r.note(Info, NoteOverridden, number)
	})
	return nil
}

// setAside tells of an attempt that left the screen with its sale, or came back.
func (r *Register) setAside(s *Sale, aside bool) {
	if at := r.holder(s); at != nil && r.opt.Wallets != nil {
		r.opt.Wallets.Aside(at.Number, aside)
	}
}

// pendingSlip asks for the slip that a customer keeps while nobody knows.
func (a *acting) pendingSlip(at *Attempt) {
	a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipPending, Ref: int64(at.Amount), Text: at.Number})
}

// spoken for is what of a sale's due payments under way have for themselves.
func (r *Register) spokenFor(s *Sale, but string) money.Amount {
	var sum money.Amount
	for i := range r.st.Attempts {
		if at := &r.st.Attempts[i]; at.Sale == s.ID && at.Number != but && at.holds() {
			sum += at.Amount
		}
	}
	if q := openQR(s); q != nil {
		sum += q.Amount
	}
	return sum
}
