package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// showing is the page while the customer scans the till's code: the code large, how long it lasts, and what happens.
func (p *walletPage) showing(a *till.Attempt) fyne.CanvasObject {
	w, name := p.w, p.w.walletName(a.Wallet)
	at, _ := w.wallet(a.Wallet)
	left, right, code, ask := float32(380), float32(386), float32(407), float32(28)
	if p.size.last {
		left, right, code, ask = 290, 290, 360, 22
	}
	code = p.size.pick(code, 300)
	number := a.Number
	stop := payAct{action: ActBack, do: func() { w.Do(till.StopAttempt{Number: number}) }}
	check := payAct{letter: 'R', action: ActEnter, do: func() { w.Do(till.CheckAttempt{Number: number}) }}
	aside := p.asideAct()
	p.acts = []payAct{stop, check, aside, {letter: 'V', hold: holdTime, do: stop.do}}

	cancelText := float32(18)
	if p.size.last {
		cancelText = 16
	}
	cancel := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Icon: p.wideIcon("arrow-left"), Label: w.Say("qr.cancel"), Text: cancelText, Key: "Esc", OnTap: stop.do})
	facts := []payFact{p.methodFact(a),
		{label: w.Say("qr.number"), value: grouped(a.Number)}}
	if at.Payee != "" {
		facts = append(facts, payFact{label: w.Say("qr.payee"), value: at.Payee})
	}
	facts = append(facts, payFact{label: w.Say("wallet.started"), value: w.local(a.PlannedAt).Format("15:04:05")})
	column := w.payColumn(p.size, left, name, w.Money(a.Amount), facts, cancel)

	picture := kit.NewQR(code)
	if picture.Set(a.QR) != nil {
		return p.panel(a, p.unknown(a)) // longer than a code can be: it is asked about and can be reversed
	}
	asks := w.Say("wallet.ask_scan", "name", name)
	if room := p.size.width - 24 - left - right - 24 - 32; kit.TextWidth(asks, ask, true)+56 > room {
		asks = w.Say("wallet.ask_scan_short") // the plate beside it and the total name the wallet
	}
	title := kit.Centre(kit.Row(12, w.walletPlate(a.Wallet, 44), kit.Middle(kit.NewBold(asks, ask, kit.Ink))))
	below := hidden()
	if w.connected("display") {
		below = kit.Centre(kit.Row(10, kit.NewIcon("monitor-check", 22, kit.Ink2), kit.Middle(kit.NewLabel(w.Say("qr.on_display"), 17, kit.Ink2))))
	}
	middle := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(20, 16, 20, 16, kit.Col(p.size.pick(14, 6), kit.Space(), title,
		kit.Centre(kit.Sized(code+16, code+16, kit.NewQRFrame(plateOf(walletKind(a.Wallet)), picture))), below, kit.Space())))

	p.clock = kit.NewBold("00:00", p.size.pickWide(44, 36), kit.Ink).Trailing()
	p.bar = kit.NewProgress(1, kit.Sunken, kit.Accent, 6)
	p.asked = kit.NewLabel("", 15, kit.Ink3)
	valid := kit.NewCard(0, kit.Inset(p.size.pick(16, 8), 22, p.size.pick(16, 8), 22, kit.Col(6, kit.Row(8, kit.Grow(1, kit.Middle(kit.NewBold(w.Say("wallet.valid"), 18, kit.Ink))), kit.Fixed(p.size.pickWide(150, 100), p.clock)),
		kit.Fixed(12, p.bar), kit.NewParagraph(w.Say("wallet.valid_note"), 15, kit.Ink3))))
	steps := kit.Col(0, kit.NewStep(kit.StepDone, "", w.Say("wallet.step.made"), w.local(a.PlannedAt).Format("15:04:05")),
		kit.NewStepOver(kit.StepNow, "smartphone", w.Say("wallet.step.scan"), p.asked))
	if p.size.height >= 672 && !p.size.last { // there is room for as many
		steps.Add(kit.NewStep(kit.StepLater, "key-round", w.Say("wallet.step.customer"), ""))
	}
	if p.size.height >= 608 {
		steps.Add(kit.NewStep(kit.StepLater, "circle-check", w.Say("wallet.step.received"), ""))
	}
	side := kit.Col(10, valid, kit.Grow(1, kit.NewCard(0, kit.Inset(12, 22, 12, 22, steps))))
	button := func(icon, label, key string, tap func()) fyne.CanvasObject {
		return kit.Fixed(p.size.pick(64, 56), kit.NewButton(kit.ButtonSpec{Icon: p.wideIcon(icon), Label: label, Key: key, Text: p.size.pickWide(18, 15), OnTap: tap}))
	}
	if w.taking() {
		side.Add(button("scan-qr-code", w.Say("wallet.scan_instead"), "", func() { w.codeInstead(a) }))
	}
	side.Add(button("pause", aside.label, "F7", aside.do))
	side.Add(button("refresh-cw", w.Say(p.wideKey("wallet.says_paid")), "R", check.do))
	return kit.Row(12, kit.Fixed(left, column), kit.Grow(1, middle), kit.Fixed(right, side))
}

// wideIcon is an icon that a narrow window leaves out.
func (p *walletPage) wideIcon(icon string) string {
	if p.size.last {
		return ""
	}
	return icon
}

// wideKey is the key of words, of the short ones on a narrow window.
func (p *walletPage) wideKey(key string) string {
	if p.size.last {
		return key + "_short"
	}
	return key
}
