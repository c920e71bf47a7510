package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// walletsDrawn is what the pay page shows of the wallets, to see whether it changed.
func (w *Window) walletsDrawn() string {
	s := ""
	if w.frozen() != nil {
		s = "frozen;"
	}
	for _, x := range w.byHealth() {
		s += x.Name + " " + x.Title + " " + string(x.Why) + w.troubleWords(x.Name) + ";"
	}
	return s
}

// walletHas reports whether a wallet has a key of its own, which a code without confirmation then has not.
func (w *Window) walletHas(letter rune) bool {
	for _, x := range w.view.Wallets {
		if x.Letter == string(letter) {
			return true
		}
	}
	return false
}

// walletTenders are the wallets in the owner's order, those in trouble behind the others with a note: one that cannot be
// used stays, grey, with its reason.
func (p *payPage) walletTenders() []fyne.CanvasObject {
	w := p.w
	var out []fyne.CanvasObject
	for _, x := range w.byHealth() {
		sub := w.troubleWords(x.Name)
		switch {
		case sub != "":
		case x.Mode == "test":
			sub = w.Say("wallet.test_mode")
		case !can(x, till.Show) && can(x, till.Take):
			sub = w.Say("wallet.scan_only")
		case !can(x, till.Show) && can(x, till.Tap):
			sub = w.Say("wallet.tap_only")
		}
		t := kit.NewTender(kit.TenderSpec{Plate: w.walletPlate(x.Name, 44), Name: w.walletName(x.Name), Sub: sub, Key: x.Letter, OnTap: func() { p.startWallet(x) }})
		if x.Why != "" {
			t.Off(w.offWords(x))
		}
		out = append(out, t)
	}
	return out
}

// takeStrip invites to scan the customer's code, where a wallet takes one.
func (p *payPage) takeStrip() fyne.CanvasObject {
	w := p.w
	if f := w.frozenBy(""); f != nil {
		return kit.Fixed(84, kit.NewPanel(kit.DangerTint, kit.Danger, 2, kit.RadiusCard, kit.Inset(0, 18, 0, 18, kit.Row(16, kit.NewIcon("octagon-pause", 40, kit.Danger),
			kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.Say("freeze.frozen"), p.size.pickWide(20, 17), kit.Danger), kit.NewLabel(w.Say("wallet.frozen_sub"), p.size.pickWide(15, 14), kit.Ink))))))))
	}
	if !w.taking() {
		return hidden()
	}
	plates := kit.Row(6)
	for _, x := range w.view.Wallets {
		if live(x, till.Take) && len(plates.Objects) < int(p.size.pickWide(6, 3)) {
			plates.Add(kit.Middle(w.walletPlate(x.Name, 36)))
		}
	}
	words := kit.Col(0, kit.NewBold(w.Say("wallet.scan_strip"), p.size.pickWide(20, 17), kit.Accent), kit.NewLabel(w.Say("wallet.scan_strip_sub"), p.size.pickWide(15, 14), kit.Ink2))
	return kit.Fixed(84, kit.NewTap(kit.Style{Fill: kit.AccentTint, Edge: kit.Accent, Stroke: 2, Radius: kit.RadiusCard}, kit.Inset(0, 18, 0, 18,
		kit.Row(16, kit.NewIcon("scan-qr-code", 40, kit.Accent), kit.Grow(1, kit.Middle(words)), plates)), func() {
		amount, all := w.amountTyped()
		if all {
			amount = 0
		}
		w.waitForCode("", amount)
	}))
}

// startWallet begins a payment: the till shows its code, or waits for the customer's where the wallet has no other way.
func (p *payPage) startWallet(x till.WalletAccount) {
	w := p.w
	if x.Why != "" {
		w.play("notfound")
		return
	}
	amount, all := w.amountTyped()
	if all {
		amount = 0
	}
	switch {
	case can(x, till.Show):
		w.payWallet(till.PayWallet{Wallet: x.Name, Amount: amount, Way: till.Show})
	case can(x, till.Tap):
		w.payWallet(till.PayWallet{Wallet: x.Name, Amount: amount, Way: till.Tap})
	default:
		w.waitForCode(x.Name, amount)
	}
}

// walletLetter picks the wallet that a letter stands for.
func (p *payPage) walletLetter(ch rune) bool {
	for _, x := range p.w.view.Wallets {
		if x.Letter == string(ch) {
			p.startWallet(x)
			return true
		}
	}
	return false
}
