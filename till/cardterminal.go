package till

import (
	"context"
	"strings"
)

// CardTerminal is the name under which the card terminal that the till drives
// takes payments, where a wallet has its own: its attempts are kept, asked about
// and given back as those of wallets are, and its tenders are of the kind card.
const CardTerminal = "terminal"

// UseTerminal tells which card terminal the till drives from now on. It is no
// fact of the shop and stands in no journal.
type UseTerminal struct {
	Name    string // as the shop calls it; "" for none
	Refunds bool   // it gives money back on the till's order
}

func (UseTerminal) command() {}

// useTerminal takes up a terminal, or that there is none any more.
func (a *acting) useTerminal(c UseTerminal) error {
	a.off = true
	a.r.terminal = c
	return nil
}

// endAttempt ends a payment at the terminal on a person's word.
func (a *acting) endAttempt(c EndAttempt) error {
	r := a.r
	if err := a.ready(); err != nil {
		return err
	}
	at := r.attempt(c.Number)
	if at == nil || at.Wallet != CardTerminal || r.opt.Wallets == nil {
		return refuseWith(NoSuchAttempt, c.Number)
	}
	if !at.State.MayEnd() {
		return refuseWith(NotStoppable, at.State.String())
	}
	return a.decided(at, at.Amount, c.Reason, func(by, reason string) { r.opt.Wallets.End(c.Number, by, reason) }, c.Number)
}

// endRefund ends a refund at the terminal on a person's word.
func (a *acting) endRefund(ctx context.Context, c EndRefund) error {
	r := a.r
	if err := a.ready(); err != nil {
		return err
	}
	f := r.walletRefund(c.Number)
	if f == nil || r.opt.Wallets == nil {
		return refuseWith(NoSuchAttempt, c.Number)
	}
	at, err := r.journal.Attempt(ctx, f.Attempt)
	if err != nil {
		return err
	}
	if at.Wallet != CardTerminal {
		return refuseWith(NoSuchAttempt, c.Number)
	}
	if f.State != RefundUnknown {
		return refuseWith(NotStoppable, f.State.String())
	}
	return a.decided(&at, f.Amount, c.Reason, func(by, reason string) { r.opt.Wallets.EndRefund(c.Number, c.Made, by, reason) }, c.Number)
}

// MayEnd reports whether a person's word may end an attempt in state s: nobody
// knows of it, and it is not on its way.
func (s AttemptState) MayEnd() bool { return s == Unknown || s == Watch || s == Attention }

// account returns the account that takes payments under a name: a wallet of the
// settings, or the card terminal.
func (r *Register) account(name string) (WalletAccount, bool) {
	if name == CardTerminal && r.terminal.Name != "" {
		return WalletAccount{Name: CardTerminal, On: true, Mode: "live", Ways: []Presentment{Tap}}, true
	}
	return r.st.Settings.Wallet(name)
}

// CardPaid is what a card terminal says of a payment. It stands behind the
// number of the attempt in the reference of the tender. Of the card it holds the
// last four digits and no more.
type CardPaid struct {
	Last4    string
	Scheme   string // the card's name, such as girocard
	Trace    string // number of the payment at the terminal
	Receipt  string // number of its slip there
	Auth     string // the bank's approval
	Terminal string // the terminal's id
}

// String writes the parts with slashes between them.
func (c CardPaid) String() string {
	parts := []string{c.Last4, c.Scheme, c.Trace, c.Receipt, c.Auth, c.Terminal}
	for i, s := range parts {
		parts[i] = strings.TrimSpace(strings.ReplaceAll(s, "/", " "))
	}
	return strings.Join(parts, "/")
}

// ReadCardPaid reads what String writes. It is false for anything else.
func ReadCardPaid(s string) (c CardPaid, ok bool) {
	parts := strings.Split(s, "/")
	to := []*string{&c.Last4, &c.Scheme, &c.Trace, &c.Receipt, &c.Auth, &c.Terminal}
	if len(parts) != len(to) {
		return CardPaid{}, false
	}
	for i, p := range to {
		*p = parts[i]
	}
	return c, true
}
