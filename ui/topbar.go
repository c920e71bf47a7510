package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// narrowBelow is the width of a page under which words give way to icons.
const narrowBelow = 1200

// topBar shows the shop, the till and its shift, what is parked, the clock and the person.
type topBar struct {
	w      *Window
	object *fyne.Container
	row    *fyne.Container
	shop   *kit.Label
	sub    *kit.Label
	parked *kit.Label
	clock  *kit.Label
	person *kit.Label

	checking           *kit.Label // payments whose result is not known
	checkingTap        *kit.Tap
	parkedTap, lockTap *kit.Tap
	lockWord           *fyne.Container
	narrow             bool
}

func newTopBar(w *Window) *topBar {
	b := &topBar{
		w: w, shop: kit.NewBold("", 17, kit.Ink), sub: kit.NewLabel("", 14, kit.Ink3), parked: kit.NewBold("", 16, kit.Ink2),
		clock: kit.NewBold("", 16, kit.Ink), person: kit.NewLabel("", 16, kit.Ink2), checking: kit.NewBold("", 16, kit.Warn),
	}
	b.shop.Height, b.sub.Height = 1.2, 1.25
	quiet := kit.Style{Fill: kit.Surface, Radius: kit.RadiusField}
	key := func(a Action) func() { return func() { w.Key(KeyEvent{Action: a}) } }
	menu := kit.NewTap(kit.Style{Fill: kit.Surface}, kit.Centre(kit.NewIcon("menu", 26, kit.Ink)), key(ActMenu))
	b.parkedTap = kit.NewTap(quiet, button(kit.NewIcon("pause", 20, kit.Ink2), b.parked), key(ActNextPark))
	b.parkedTap.Hide()
	b.checkingTap = kit.NewTap(kit.Style{Fill: kit.WarnTint, Radius: kit.RadiusField}, button(kit.NewIcon("badge-question-mark", 20, kit.Warn), b.checking), func() { w.Open(PageTray) })
	b.checkingTap.Hide()
	person := kit.NewTap(quiet, button(kit.NewIcon("user-round", 20, kit.Ink2), b.person), key(ActLock))
	language := kit.NewTap(quiet, button(kit.NewIcon("languages", 20, kit.Ink2), kit.NewLabel(w.Say("app.language"), 16, kit.Ink2)), key(ActLanguage))
	b.lockWord = kit.Row(8, kit.Middle(kit.NewLabel(w.Say("app.lock"), 16, kit.Ink2)), kit.Middle(kit.NewKeyCap("F12", kit.Ink2)))
	b.lockTap = kit.NewTap(quiet, button(kit.NewIcon("lock", 20, kit.Ink2), b.lockWord), key(ActLock))
	for _, t := range []*kit.Tap{b.checkingTap, b.parkedTap, person, language, b.lockTap} {
		t.SetMin(44, 44)
	}
	b.row = kit.Row(0,
		kit.Fixed(64, menu), kit.Fixed(1, kit.NewBox(kit.Divider)), kit.Gap(16),
		kit.Grow(1, kit.Middle(kit.Col(0, b.shop, b.sub))),
		kit.Middle(b.checkingTap), kit.Gap(4), kit.Middle(b.parkedTap), kit.Gap(8), kit.Middle(b.clock), kit.Gap(12),
		kit.Middle(person), kit.Middle(language), kit.Middle(b.lockTap), kit.Gap(8))
	b.object = kit.Stack(kit.NewBox(kit.Surface), kit.Col(0, kit.Grow(1, b.row), kit.Hairline()))
	return b
}

// button is the content of a control of the top bar: an icon and a word.
func button(icon, word fyne.CanvasObject) *fyne.Container {
	return kit.Inset(0, 12, 0, 12, kit.Row(8, icon, kit.Middle(word)))
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
	if p := w.page(); p != nil && !selling[w.at] && w.at != PageMenu {
		sub = p.Title()
	}
	b.sub.SetText(sub)
	n, person := len(v.Parked), w.Say("app.nobody")
	if v.Operator != nil {
		person = v.Operator.Name
	}
	if b.parkedTap.Hidden != (n == 0) || b.person.Text() != person || n > 0 && b.parked.Text() != w.Say("app.parked", "n", strconv.Itoa(n)) {
		b.parkedTap.Hidden = n == 0
		b.parked.SetText(w.Say("app.parked", "n", strconv.Itoa(n)))
		b.person.SetText(person)
		b.row.Refresh()
	}
	checking, _, owner := w.openCases()
	if words := w.Say("app.checking", "n", strconv.Itoa(checking+owner)); b.checkingTap.Hidden != (checking+owner == 0) || b.checking.Text() != words {
		b.checkingTap.Hidden = checking+owner == 0
		b.checking.SetText(words)
		b.row.Refresh()
	}
	b.tick()
}

// resized hides words where the window is narrow.
func (b *topBar) resized(width float32) {
	if narrow := width < narrowBelow; narrow != b.narrow {
		b.narrow = narrow
		b.lockWord.Hidden = narrow
		b.row.Refresh()
	}
}

func (b *topBar) tick() { b.clock.SetText(Clock(b.w.local(b.w.ports.Now()))) }
