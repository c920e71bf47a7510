package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// payState names what the customer sees of the payment on the till's screen, "" for nothing: nothing of it looks like
// success before the sale has it.
func payState(a *till.Attempt) string {
	if a == nil {
		return ""
	}
	switch a.State {
	case till.Planned, till.Sending, till.Pending:
		switch {
		case onTerminal(a):
			return "card"
		case a.Way != till.Show:
			return "confirm"
		case a.QR != "":
			return "show"
		}
		return "wait"
	case till.Declined:
		return "ask"
	case till.Cancelled, till.Abandoned:
		return "cancelled"
	case till.LatePaid, till.RefundDue, till.Attention:
		return "ask"
	case till.Unknown, till.Cancelling, till.CancelUnproven, till.Watch, till.PaidFor:
	}
	return "hold"
}

// payment draws the payment on the till's screen.
func (c *Customer) payment(v till.View, state string) fyne.CanvasObject {
	if state == "show" {
		if o := c.walletCode(v); o != nil {
			return o
		}
		state = "hold"
	}
	icons := map[string]string{"confirm": "smartphone", "card": "credit-card", "wait": "loader-circle", "hold": "clock", "ask": "circle-question-mark", "cancelled": "undo-2"}
	fill, ink := kit.AccentTint, kit.Accent
	switch state {
	case "hold":
		fill, ink = kit.WarnTint, kit.Warn
	case "ask", "cancelled":
		fill, ink = kit.Sunken, kit.Ink2
	}
	a := v.Attempt
	zh, en := heading(c.zh.Say("customer.pay."+state), c.pick(56, 44), kit.Ink).Centred(), heading2(c.en.Say("customer.pay."+state), c.pick(28, 24), kit.Ink).Centred()
	amount := kit.NewMoney(c.money(a.Amount), c.pick(104, 84), kit.Ink)
	sum := kit.Centre(kit.Row(20, kit.Middle(walletPlateOf(v, a.Wallet, 64)), kit.Middle(amount)))
	note := kit.Centre(kit.Row(12, kit.NewIcon("shield-check", 28, kit.Ink2), kit.Middle(kit.NewLabel(c.pair("customer.pay."+state+"_note"), c.pick(22, 18), kit.Ink2))))
	if state == "ask" || state == "cancelled" {
		sum = kit.Gap(1)
	}
	disc := kit.Centre(kit.Sized(168, 168, kit.NewPanel(fill, kit.Clear, 0, 84, kit.Centre(kit.NewIcon(icons[state], 92, ink)))))
	return kit.Col(0, kit.Grow(1, kit.Stack(kit.NewBox(kit.Surface), kit.Inset(0, 40, 0, 40, kit.Col(24, kit.Space(), disc, kit.Col(0, zh, en), sum, note, kit.Space())))), c.foot())
}

// walletPlateOf is the plate of a wallet by what a view says of it.
func walletPlateOf(v till.View, name string, px float32) fyne.CanvasObject {
	if name == till.CardTerminal {
		return kit.NewPlate("", "", tenderIcon(till.Card), px)
	}
	glyph := walletGlyphs[name]
	if x, ok := v.Settings.Wallet(name); ok && glyph == "" {
		glyph = x.Title
	}
	if glyph == "" {
		glyph = strings.ToUpper(name)
	}
	return kit.NewPlate(plateOf(walletKind(name)), glyph, walletIcons[name], px)
}

// walletCode shows the code to be scanned, with the amount, the payee, the wallet and how long it lasts; nil where it
// is longer than a code can be.
func (c *Customer) walletCode(v till.View) fyne.CanvasObject {
	a := v.Attempt
	size := c.object.Size()
	// At least 45 % of the height, white edge and all; as much as the room allows.
	side := max(min(size.Height-64-40, size.Width*0.5-40), size.Height*0.5)
	picture := kit.NewQR(side - 16)
	if picture.Set(a.QR) != nil {
		return nil
	}
	frame := kit.Centre(kit.Sized(side, side, kit.NewQRFrame(plateOf(walletKind(a.Wallet)), picture)))
	nameZH, nameEN := till.TenderName(walletKind(a.Wallet), "zh-Hans"), till.TenderName(walletKind(a.Wallet), "en")
	x, _ := v.Settings.Wallet(a.Wallet)
	if x.Title != "" {
		nameZH = x.Title
	}
	if x.TitleEN != "" {
		nameEN = x.TitleEN
	}
	payee := x.Payee
	if payee == "" {
		payee = v.Settings.Shop.Name
	}
	head := kit.Row(16, kit.Middle(walletPlateOf(v, a.Wallet, 64)), kit.Grow(1, kit.Middle(kit.Col(0, heading(c.zh.Say("customer.scan_with", "name", nameZH), c.pick(36, 28), kit.OnTotal),
		heading2(c.en.Say("customer.scan_with", "name", nameEN), c.pick(22, 18), kit.OnTotal2)))))
	col := kit.Col(0, head, kit.Space(), heading2(c.pair("customer.please_pay"), 26, kit.OnTotal2), kit.NewMoney(c.money(a.Amount), c.pick(120, 88), kit.OnTotal))
	if s := v.Sale; s != nil && s.TakenSoFar() != 0 {
		col.Add(kit.Gap(8))
		col.Add(heading2(c.pair("customer.total")+" "+c.money(s.Total())+" · "+c.pair("customer.paid")+" "+c.money(s.TakenSoFar()), c.pick(21, 18), kit.OnTotal2))
	}
	c.left = kit.NewBold("", c.pick(40, 32), kit.OnTotal).Trailing()
	c.bar = kit.NewProgress(1, kit.TotalLine, kit.TotalOk, 7)
	col.Add(kit.Space())
	col.Add(kit.Row(12, kit.Grow(1, kit.Middle(kit.NewLabel(c.pair("customer.valid"), 22, kit.OnTotal2))), kit.Fixed(140, c.left)))
	col.Add(kit.Gap(12))
	col.Add(kit.Fixed(14, c.bar))
	col.Add(kit.Gap(18))
	col.Add(kit.Row(10, kit.NewIcon("shield-check", 24, kit.OnTotal2), kit.Grow(1, kit.Middle(kit.NewLabel(c.pair("customer.payee")+" "+payee, 19, kit.OnTotal2)))))
	return kit.Col(0, kit.Grow(1, kit.Row(0, kit.Grow(1, kit.Stack(kit.NewBox(kit.Surface), frame)),
		kit.Fixed(size.Width*0.49, kit.Stack(kit.NewBox(kit.Total), kit.Inset(c.pick(44, 32), c.pick(52, 36), c.pick(44, 32), c.pick(52, 36), col))))), c.foot())
}

// Counts gives the window what it needs to count down how long a code lasts: how long its wallet waits, and a clock that
// calls back on the toolkit's goroutine. Without a clock it counts when Tick is called.
func (c *Customer) Counts(limit func(wallet string, way till.Presentment) time.Duration, after func(d time.Duration, f func()) (stop func())) {
	c.limit, c.after = limit, after
}

// countDown draws how long the code lasts, and comes again in a second for as long as it is seen.
func (c *Customer) countDown() {
	a := c.view.Attempt
	if c.left == nil || a == nil {
		return
	}
	limit := limitOf(a, c.limit)
	left := limit - c.now().Sub(a.PlannedAt)
	c.left.SetText(timed(left))
	c.bar.Set(max(0, min(1, float32(left)/float32(limit))))
	if c.counting || c.after == nil {
		return
	}
	c.counting = true
	c.after(time.Second, func() {
		c.counting = false
		c.countDown()
	})
}
