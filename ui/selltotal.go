package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// totalPanel is the dark block with what is due, and the way to payment.
type totalPanel struct {
	p      *sellPage
	object *fyne.Container
	label  *kit.Label
	no     *kit.Label
	amount *kit.Money
	hint   *kit.Label
	icon   *kit.Icon
	cash   *kit.Button
	pay    *kit.Button
}

func newTotalPanel(p *sellPage) *totalPanel {
	w := p.w
	size := float32(18)
	if p.size.narrow {
		size = 16
	}
	t := &totalPanel{p: p, label: kit.NewLabel("", size, kit.OnTotal2), no: kit.NewLabel("", 15, kit.OnTotal2).Trailing(),
		amount: kit.NewMoney("", p.size.total, kit.OnTotal), hint: kit.NewLabel("", 14, kit.OnTotal2), icon: kit.NewIcon("banknote", 18, kit.OnTotal2)}
	t.cash = kit.NewButton(kit.ButtonSpec{Icon: "banknote", Label: w.Say("sell.cash"), Key: "F8", Text: 20, OnTap: p.cash})
	t.pay = kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Label: w.Say("sell.pay"), Key: "F9", OnTap: w.toPay})
	top, side := float32(18), float32(24)
	if p.size.narrow {
		top, side = 14, 18
	}
	foot := kit.Fixed(22, kit.Row(8, t.icon, kit.Grow(1, kit.Middle(t.hint))))
	foot.Hidden = !p.size.hint
	block := kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(top, side, top, side, kit.Col(0,
		kit.Row(8, kit.Grow(1, t.label), kit.Grow(1, t.no)), kit.Space(), t.amount, kit.Space(), foot)))
	cash := float32(150)
	if p.size.narrow {
		cash = 120
	}
	if p.size.stacks {
		t.object = kit.Col(10, kit.Grow(1, block), kit.Fixed(52, t.cash), kit.Fixed(80, t.pay))
	} else {
		t.object = kit.Col(10, kit.Grow(1, block), kit.Fixed(84, kit.Row(10, kit.Fixed(cash, t.cash), kit.Grow(1, t.pay))))
	}
	return t
}

func (t *totalPanel) show(v till.View) {
	w := t.p.w
	label := "sell.total"
	if v.Sale != nil && len(v.Sale.Tenders) > 0 {
		label = "sell.left"
	}
	t.label.SetText(w.Say(label))
	t.no.SetText(receiptNo(v.Next))
	t.amount.Set(w.Money(v.Due))
	some := v.Sale != nil && v.Sale.Live() > 0
	hint := "sell.hint_cash"
	switch {
	case !some:
		hint = "sell.hint_idle"
	case len(w.methods) == 0:
		hint = "sell.hint_first"
	}
	t.hint.SetText(w.Say(hint))
	on(t.cash, some)
	on(t.pay, some)
}
