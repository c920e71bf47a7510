package ui

import (
	"guitai/till"
	"guitai/till/money"
)

// payWallet begins a payment: with the customer's code, or by showing one. Amount 0 is all that is due.
func (w *Window) payWallet(c till.PayWallet) {
	if c.Amount == 0 || c.Amount > w.view.Due {
		c.Amount = w.view.Due
	}
	w.entry.clear()
	w.message = nil
	w.Do(c)
}

// dropAttempt leaves the result of a payment that took nothing, for the other ways to pay.
func (w *Window) dropAttempt() { w.Do(till.DropAttempt{}) }

// waitForCode waits for the customer's code: for one wallet, or for whichever it is.
func (w *Window) waitForCode(wallet string, amount money.Amount) {
	w.code.drop()
	w.code.wallet, w.code.amount = wallet, amount
	if w.view.Attempt != nil {
		w.dropAttempt()
	}
	w.Open(PageCode)
}

// codeInstead closes the code that is shown and waits for the customer's.
func (w *Window) codeInstead(a *till.Attempt) {
	w.code.drop()
	w.code.wallet, w.code.amount = "", a.Amount
	w.code.wanted = a.Number
	w.Do(till.StopAttempt{Number: a.Number})
}

// codeNext keeps a customer's code until the payment on the screen is closed.
func (w *Window) codeNext(code string) {
	w.code.drop()
	w.code.next = append(w.code.next, []rune(code)...)
	w.code.until = w.ports.Now().Add(codeHeld)
	if a := w.view.Attempt; a != nil {
		w.code.amount, w.code.wanted = a.Amount, a.Number
	}
}

// takeCode charges a customer's code through the wallet that it belongs to, or asks which that is.
func (w *Window) takeCode(code string) {
	b := w.parsed(code)
	s := &w.code
	amount, wanted := s.amount, s.wallet
	if w.at != PageCode && w.at != PageWallet {
		amount, wanted = 0, ""
		if a, all := w.amountTyped(); !all {
			amount = a
		}
	}
	w.entry.clear()
	s.drop()
	x, found := w.taker(b.Wallet)
	switch {
	case !w.taking():
		w.Do(till.Scan{Code: code, Paying: true}) // the register says why not
	case b.Sure && found && amount > 0:
		w.payWallet(till.PayWallet{Wallet: x.Name, Amount: amount, Way: till.Take, Code: code})
	case wanted != "" && !b.Sure:
		w.payWallet(till.PayWallet{Wallet: wanted, Amount: amount, Way: till.Take, Code: code, ByHand: true})
	case b.Kind == till.BarcodePayCode && amount == 0:
		w.message = nil
		w.Do(till.Scan{Code: code, Paying: true}) // what the catalogue knows is goods, whatever its form
	default:
		s.amount, s.guess = amount, b.Wallet
		s.held = append(s.held, []rune(code)...)
		s.until = w.ports.Now().Add(codeHeld)
		if w.at != PageCode {
			w.Open(PageCode)
			return
		}
		w.refreshPage()
	}
}

// payCodeHere takes a customer's code on a page that has no use of its own for one: while a sale is being paid it is
// charged, anywhere else refused with a note.
func (w *Window) payCodeHere(code string) {
	if selling[w.at] {
		w.takeCode(code)
		return
	}
	w.Do(till.Scan{Code: code, Elsewhere: true})
}

// codeForgotten says that a customer's code was held too long, where that is what took it off the screen.
func (w *Window) codeForgotten(was *till.HeldCode) {
	if was != nil && w.view.Held == nil && w.view.Attempt == nil && w.at == PageCode && !w.ports.Now().Before(was.Until) {
		w.note("code_old")
	}
}

// followCode goes on once the payment on the screen is closed that a customer's code, or the wait for one, is to take
// the place of. It does nothing where that payment came to anything else.
func (w *Window) followCode() {
	s, a := &w.code, w.view.Attempt
	if s.wanted == "" || a != nil && a.Number == s.wanted && a.State.Live() {
		return
	}
	wanted := s.wanted
	s.wanted = ""
	if a == nil || a.Number != wanted || a.State != till.Cancelled && a.State != till.Abandoned && (s.to == "" || a.State != till.Declined) {
		s.drop()
		return
	}
	if to := s.to; to != "" {
		s.to = ""
		w.goInstead(to, s.amount)
		return
	}
	code := string(s.next)
	wipe(&s.next)
	if code == "" {
		w.waitForCode("", s.amount)
		return
	}
	if w.ports.Now().Before(s.until) {
		w.takeCode(code)
	}
}

// payRules are the shop's rules for reading codes as payments.
func (w *Window) payRules() till.BarcodeRules {
	if rules := w.view.Settings.PayCodes; rules != nil {
		return till.BarcodeRules{PayCodes: rules}
	}
	return till.BarcodeRules{PayCodes: till.PayCodeRules()}
}

// parsed takes a code apart by the shop's rules.
func (w *Window) parsed(code string) till.Barcode {
	b, err := w.payRules().Parse(code)
	if err != nil {
		return till.Barcode{}
	}
	return b
}

// isPayCode reports whether a code is a customer's payment code rather than goods: it is never shown, whether it can be
// charged here or not. Where the till takes such codes, so are digits as long as one that no rule knows.
func (w *Window) isPayCode(code string) bool {
	b := w.parsed(code)
	if b.Kind == till.BarcodePayCode || b.Wallet != "" && w.taking() {
		return true
	}
	if !w.taking() || b.Kind != till.BarcodeText || len(code) < 16 || len(code) > 24 {
		return false
	}
	for _, ch := range code {
		if ch < '0' || ch > '9' {
			return false
		}
	}
	return true
}

// note says that a scan did nothing here, and why.
func (w *Window) note(key string) {
	w.play("notfound")
	w.message = &Message{Tone: ToneWarn, Icon: "triangle-alert", Title: w.Say("wallet.note." + key + ".title"), Body: w.Say("wallet.note." + key + ".body"),
		Actions: []MessageAction{{w.Say("button.hide"), "Esc", w.hideMessage}}}
	w.refreshPage()
}

// offWords say why a wallet cannot be used now.
func (w *Window) offWords(x till.WalletAccount) string {
	if w.words.Has("wallet.off." + string(x.Why)) {
		return w.Say("wallet.off." + string(x.Why))
	}
	return w.Say("wallet.off.other")
}
