package till

import (
	"context"
	"time"
)

// heldFor is how long a customer's code is kept in memory, and stillFor how
// long a basket must have been left alone before a scan charges it.
const (
	heldTime  = 30 * time.Second
	stillTime = 800 * time.Millisecond
)

// heldCode is a customer's code that waits for a decision. It is in memory
// alone, and its bytes are wiped when it is used, dropped or too old.
type heldCode struct {
	n    int // tells one from the next
	code []byte
	sale ID
	show HeldCode
}

// payCode reads a code that no goods have as a payment.
func (r *Register) payCode(raw string) (Barcode, bool) {
	b, err := r.st.Settings.payCodes().Parse(raw)
	return b, err == nil && b.Kind == BarcodePayCode
}

// scanPayCode charges the sale by a customer's code, where that is what it must
// mean; else the code is held until somebody says so.
func (a *acting) scanPayCode(ctx context.Context, c Scan, b Barcode) error {
	if c.Elsewhere {
		return refuse(PayCodeElsewhere)
	}
	r := a.r
	if a.sale == nil || a.sale.Live() == 0 || a.sale.Due() <= 0 {
		return refuse(PayCodeEarly)
	}
	s, err := a.payable()
	if err != nil {
		return err
	}
	w, err := r.walletOf(b.Wallet)
	if w == nil {
		return err
	}
	if err == nil && b.Sure && (c.Paying || r.fromSell(w, s)) {
		return a.payWallet(ctx, PayWallet{Wallet: w.Name, Amount: s.Due(), Way: Take, Code: b.Text})
	}
	a.off = true
	r.hold(ctx, b, s.ID, w.Name)
	return nil
}

// fromSell reports whether a scan on the sell screen charges the sale at once.
func (r *Register) fromSell(w *WalletAccount, s *Sale) bool {
	return r.st.Settings.PayFromSell && r.opt.Now().Sub(r.changed) >= stillTime && s.Due() <= w.fromSell(r.st.Settings.Currency)
}

// walletOf returns the account that takes a wallet's codes. The error says why
// it cannot now; without an account that takes any code it is nil.
func (r *Register) walletOf(wallet string) (*WalletAccount, error) {
	var can *WalletAccount
	why := refuseWith(NoSuchWallet, wallet)
	for i := range r.st.Settings.Wallets {
		w := &r.st.Settings.Wallets[i]
		if !w.can(Take) || !w.On {
			continue
		}
		fits := w.Name == wallet || w.takes(wallet)
		err := r.usable(w)
		switch {
		case fits && err == nil:
			return w, nil
		case can == nil || fits:
			can = w
			if fits {
				why = err
			}
		}
	}
	return can, why
}

// hold keeps a code for half a minute.
func (r *Register) hold(ctx context.Context, b Barcode, sale ID, wallet string) {
	r.dropCode()
	r.holds++
	n := r.holds
	r.held = &heldCode{n: n, code: []byte(b.Text), sale: sale, show: HeldCode{
		Wallet: wallet, Sure: b.Sure, Tail: tail(b.Text), Until: r.opt.Now().Add(heldTime),
	}}
	r.start(ctx, func(ctx context.Context) Command {
		t := time.NewTimer(heldTime)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
		return heldOver{n}
	})
}

// dropCode wipes the held code.
func (r *Register) dropCode() {
	if r.held != nil {
		clear(r.held.code)
		r.held = nil
	}
}

// heldFor returns the code that is held for a sale, "" for none.
func (r *Register) heldFor(s *Sale) string {
	if h := r.held; h != nil && s != nil && h.sale == s.ID && r.opt.Now().Before(h.show.Until) {
		return string(h.code)
	}
	return ""
}

// showHeld is what a view says of the held code. One whose sale has left the
// screen, and one that is too old, are wiped.
func (r *Register) showHeld() *HeldCode {
	h := r.held
	if h == nil {
		return nil
	}
	if r.sale == nil || r.sale.ID != h.sale || r.operator == nil || !r.opt.Now().Before(h.show.Until) {
		r.dropCode()
		return nil
	}
	show := h.show
	return &show
}
