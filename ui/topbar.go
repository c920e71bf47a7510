package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// narrowBelow is the width under which words give way to icons.
const narrowBelow = 1200

// topBar shows the shop, the till and its shift, what is parked, the clock and the person.
type topBar struct {
	w      *Window
	object *fyne.Container
	shop   *kit.Label
	sub    *kit.Label
	parked *kit.Label
	clock  *kit.Label
	person *kit.Label
}

func newTopBar(w *Window) *topBar {
	b := &topBar{
		w: w, shop: kit.NewBold("", 17, kit.Ink), sub: kit.NewLabel("", 14, kit.Ink3), parked: kit.NewBold("", 16, kit.Ink2),
		clock: kit.NewBold("", 16, kit.Ink), person: kit.NewLabel("", 16, kit.Ink2),
	}
	b.object = kit.Stack(kit.NewBox(kit.Surface), kit.Col(0, kit.Grow(1, kit.Row(0,
		kit.Gap(16), kit.Middle(kit.Col(0, b.shop, b.sub)), kit.Space(),
		kit.Middle(b.parked), kit.Gap(16), kit.Middle(b.clock), kit.Gap(16), kit.Middle(b.person), kit.Gap(16))), kit.Hairline()))
	return b
}

func (b *topBar) show(v till.View) {
	w := b.w
	b.shop.SetText(w.ItemName(v.Settings.Shop.Name, v.Settings.Shop.NameEN))
	sub := w.Say("app.till", "till", v.Settings.Till) + " · "
	if v.Shift != nil {
		sub += w.Say("app.shift", "n", strconv.Itoa(v.Shift.No))
	} else {
		sub += w.Say("app.no_shift")
	}
	b.sub.SetText(sub)
	b.parked.SetText("")
	if n := len(v.Parked); n > 0 {
		b.parked.SetText(w.Say("app.parked", "n", strconv.Itoa(n)))
	}
	b.person.SetText(w.Say("app.nobody"))
	if v.Operator != nil {
		b.person.SetText(v.Operator.Name)
	}
	b.tick()
	b.object.Refresh()
}

func (b *topBar) tick() {
	t := b.w.ports.Now()
	if z := b.w.view.Settings.Zone; z != nil {
		t = t.In(z)
	}
	b.clock.SetText(Clock(t))
}
