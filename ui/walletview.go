package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// can reports whether a wallet takes payments that way.
func can(x till.WalletAccount, way till.Presentment) bool { return slices.Contains(x.Ways, way) }

// live reports whether a payment that way can be begun now.
func live(x till.WalletAccount, way till.Presentment) bool { return x.Why == "" && can(x, way) }

// wallet finds a wallet by its name.
func (w *Window) wallet(name string) (till.WalletAccount, bool) {
	for _, x := range w.view.Wallets {
		if x.Name == name {
			return x, true
		}
	}
	return till.WalletAccount{}, false
}

// taker finds the wallet that takes a customer's code of a wallet: its own, or one that takes those of others.
func (w *Window) taker(code string) (till.WalletAccount, bool) {
	if x, ok := w.wallet(code); ok && can(x, till.Take) || code == "" {
		return x, ok
	}
	for _, x := range w.view.Wallets {
		if can(x, till.Take) && slices.Contains(x.Takes, code) {
			return x, true
		}
	}
	return till.WalletAccount{}, false
}

// taking reports whether the till can take a customer's code now.
func (w *Window) taking() bool {
	return slices.ContainsFunc(w.view.Wallets, func(x till.WalletAccount) bool { return live(x, till.Take) })
}

// walletKind is the tender kind of a wallet.
func walletKind(name string) till.TenderKind { return till.WalletTender(name) }

// walletName names a wallet as the shop does.
func (w *Window) walletName(name string) string {
	if x, ok := w.wallet(name); ok {
		if title := w.ItemName(x.Title, x.TitleEN); title != "" {
			return title
		}
	}
	switch name {
	case "":
		return w.Say("wallet.some")
	case till.CardTerminal:
		return w.Say("terminal.name")
	}
	return till.TenderName(walletKind(name), w.lang)
}

// walletGlyphs are the characters on the plates of wallets.
var walletGlyphs = map[string]string{"alipay": "支", "alipayplus": "支", "wechatpay": "微", "unionpay": "云", "jdpay": "京", "baidu": "度", "shouqianba": "收", "paypal": "P", "stripe": "S"}

// walletIcons are those whose plate has an icon.
var walletIcons = map[string]string{"applepay": "nfc", "googlepay": "nfc"}

// walletPlate is the letter plate of a wallet; one that no table has shows its title's first character.
func (w *Window) walletPlate(name string, px float32) fyne.CanvasObject {
	if name == "" {
		return kit.NewQuietPlate("wallet", px)
	}
	if name == till.CardTerminal {
		return w.plate(till.Card, px)
	}
	glyph := walletGlyphs[name]
	if x, ok := w.wallet(name); ok && glyph == "" {
		glyph = x.Title
	}
	if glyph == "" {
		glyph = strings.ToUpper(name)
	}
	return kit.NewPlate(plateOf(walletKind(name)), glyph, walletIcons[name], px)
}

// grouped writes a payment number in fours, as it is read out.
func grouped(number string) string {
	var parts []string
	for len(number) > 4 {
		parts = append(parts, number[:4])
		number = number[4:]
	}
	return strings.Join(append(parts, number), " ")
}

// timed writes a length of time as 02:41.
func timed(d time.Duration) string {
	s := max(0, int((d+500*time.Millisecond)/time.Second))
	two := func(n int) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }
	if h := s / 3600; h > 0 {
		return two(h) + ":" + two(s/60%60) + ":" + two(s%60)
	}
	return two(s/60) + ":" + two(s%60)
}

// The longest that an attempt is waited for before it is closed, where its wallet does not say.
const (
	takeLimit = 60 * time.Second
	showLimit = 5 * time.Minute
	tapLimit  = 90 * time.Second
)

// limitOf is how long an attempt may wait for its customer.
func limitOf(a *till.Attempt, of func(wallet string, way till.Presentment) time.Duration) time.Duration {
	if of != nil {
		if limit := of(a.Wallet, a.Way); limit > 0 {
			return limit
		}
	}
	switch a.Way {
	case till.Take:
		return takeLimit
	case till.Tap:
		return tapLimit
	case till.Show:
	}
	return showLimit
}

// checking are the attempts whose result is not known, and those that a person must look at, oldest first. The one
// that its customer is still paying on the screen is not among them.
func (w *Window) checking() []till.Attempt {
	var out []till.Attempt
	at := w.view.Attempt
	for _, a := range w.view.Attempts {
		waiting := a.State == till.Planned || a.State == till.Sending || a.State == till.Pending
		if a.State.Open() && !(waiting && at != nil && at.Number == a.Number) {
			out = append(out, a)
		}
	}
	return out
}

// forOwner reports whether a person with authority must look at an attempt.
func forOwner(s till.AttemptState) bool {
	return s == till.LatePaid || s == till.RefundDue || s == till.Attention
}

// openCases counts the payments and refunds of which the result is not known, with their sum, and those that wait for
// the owner; each once.
func (w *Window) openCases() (checking int, sum money.Amount, owner int) {
	for _, a := range w.checking() {
		if forOwner(a.State) {
			owner++
			continue
		}
		checking++
		sum += a.Amount
	}
	for i := range w.view.Refunds {
		switch r := &w.view.Refunds[i]; {
		case slices.ContainsFunc(w.view.Attempts, func(a till.Attempt) bool { return a.Number == r.Attempt && a.State == till.RefundDue }):
			// its payment is counted
		case r.State == till.RefundFailed && !r.InCash:
			owner++
		case r.State == till.RefundUnknown:
			checking++
			sum += r.Amount
		}
	}
	return checking, sum, owner
}

// saleName is the name of the sale that an attempt belongs to: its receipt, the number it is parked under, or the one
// on the screen.
func (w *Window) saleName(a *till.Attempt) string {
	if a.Receipt != 0 {
		return receiptNo(a.Receipt)
	}
	for _, p := range w.view.Parked {
		if p.Sale.ID == a.Sale {
			return w.Say("wallet.parked", "n", strconv.Itoa(p.N))
		}
	}
	if s := w.view.Sale; s != nil && s.ID == a.Sale {
		return receiptNo(w.view.Next)
	}
	return w.Say("wallet.no_sale")
}
