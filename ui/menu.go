package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// menuItem is one line of the menu.
type menuItem struct {
	icon, key string // key is the word under menu., and what it says below under menu.KEY.sub
	sub       string
	open      func()
}

// menuPage lies over the left of the page before, which stays to be seen under a scrim.
type menuPage struct {
	*desk
	under page
}

func newMenu(w *Window) page {
	p := &menuPage{}
	p.desk = newDesk(w, p.paint)
	return p
}

// Title is part of page.
func (p *menuPage) Title() string { return p.w.Say("page.menu") }

// items are what is there for this person, this till and its ports, in the order of their digits.
func (p *menuPage) items() []menuItem {
	w := p.w
	var out []menuItem
	page := func(need till.Permission, name PageName, icon, key, sub string) {
		if w.canOpen(name) && (need == "" || w.may(need)) {
			out = append(out, menuItem{icon, key, sub, func() { p.goTo(name) }})
		}
	}
	page(till.MayReturn, PageReturns, "undo-2", "returns", w.Say("menu.returns.sub"))
	page(till.MaySell, PageHistory, "receipt-text", "history", w.Say("menu.history.sub"))
	if len(w.view.Wallets) > 0 || len(w.view.Attempts) > 0 {
		sub := strings.Join(w.casesNote(), w.Say("menu.comma"))
		if sub == "" {
			sub = w.Say("menu.tray.sub")
		}
		page(till.MaySell, PageTray, "badge-question-mark", "tray", sub)
	}
	if w.view.Shift != nil {
		page(till.MayNoSale, PageDrawer, "archive", "drawer", w.Say("menu.drawer.sub"))
		sub := w.Say("menu.close.sub", "who", w.personName(w.view.Shift.OpenedBy), "time", Clock(w.local(w.view.Shift.OpenedAt)))
		page(till.MayRunShift, PageShift, "calculator", "close", sub)
	} else {
		page(till.MayRunShift, PageShift, "calculator", "open", w.Say("menu.open.sub"))
	}
	if len(w.view.Wallets) > 0 {
		page("", PageFreeze, "octagon-pause", "freeze", w.Say("menu.freeze.sub"))
	}
	if first := w.firstOffice(); first != "" {
		page("", first, "layout-dashboard", "office", w.officeNames())
	}
	page("", PageKeys, "keyboard", "keys", w.Say("menu.keys.sub"))
	return out
}

// firstOffice is the page of the office that this person sees first.
func (w *Window) firstOffice() PageName {
	for _, it := range railItems {
		if w.canOpen(it.page) && w.may(it.need) && it.page != PageHistory {
			return it.page
		}
	}
	return ""
}

// officeNames names the first pages of the office that this person may open.
func (w *Window) officeNames() string {
	var names []string
	for _, it := range railItems {
		if w.canOpen(it.page) && w.may(it.need) && it.page != PageHistory && len(names) < 4 {
			names = append(names, w.Say("page."+string(it.page)))
		}
	}
	return strings.Join(names, w.Say("menu.comma"))
}

// goTo leaves the menu for a page; Esc then goes back to what was under the menu.
func (p *menuPage) goTo(name PageName) {
	if n := len(p.w.back); n > 0 {
		p.w.back = p.w.back[:n-1]
	}
	before := p.w.at
	p.w.at = ""
	if n := len(p.w.back); n == 0 || p.w.back[n-1] != PageSell {
		p.w.back = append(p.w.back, PageSell)
	}
	p.w.Open(name)
	if p.w.at == "" {
		p.w.at = before
	}
}

// Key opens an item by its digit.
func (p *menuPage) Key(e KeyEvent) bool {
	if e.Action == "" && e.Rune >= '1' && e.Rune <= '9' {
		if all := p.items(); int(e.Rune-'1') < len(all) {
			all[e.Rune-'1'].open()
		}
		return true
	}
	return false
}

func (p *menuPage) paint() fyne.CanvasObject {
	w := p.w
	list := kit.Col(2)
	for i, it := range p.items() {
		words := kit.Col(0, kit.NewBold(w.Say("menu."+it.key), 18, kit.Ink))
		if it.sub != "" {
			words.Add(kit.NewLabel(it.sub, 14, kit.Ink3))
		}
		t := kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusField}, kit.Inset(0, 20, 0, 20, kit.Row(16, kit.NewIcon(it.icon, 26, kit.Ink),
			kit.Grow(1, kit.Middle(words)), kit.Middle(kit.NewKeyCap(strconv.Itoa(i+1), kit.Ink2)))), it.open)
		t.SetMin(200, 66)
		list.Add(t)
	}
	list.Add(kit.Inset(6, 10, 6, 10, kit.Hairline()))
	quiet := func(icon, words, key string, tap func()) {
		t := kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusField}, kit.Inset(0, 20, 0, 20, kit.Row(16, kit.NewIcon(icon, 26, kit.Ink),
			kit.Grow(1, kit.Middle(kit.NewBold(words, 18, kit.Ink))), kit.Middle(kit.NewKeyCap(key, kit.Ink2)))), tap)
		t.SetMin(200, 54)
		list.Add(t)
	}
	quiet("languages", w.Say("app.other_language"), "Ctrl L", func() { w.Key(KeyEvent{Action: ActLanguage}) })
	quiet("lock", w.Say("app.lock"), "F12", func() { w.Do(till.SignOff{}) })
	if w.ports.Close != nil && w.view.Shift == nil {
		quiet("power", w.Say("menu.quit"), "", w.ports.Close)
	}
	scrim := kit.NewTap(kit.Style{Fill: kit.Scrim}, nil, w.Back)
	panel := kit.Stack(kit.NewBox(kit.Surface), kit.Row(0, kit.Grow(1, kit.Inset(10, 10, 10, 10, kit.NewScroll(list))), kit.Hairline()))
	return kit.Stack(p.below(), scrim, kit.Row(0, kit.Fixed(420, panel), kit.Space()))
}

// below is the page under the menu.
func (p *menuPage) below() fyne.CanvasObject {
	w := p.w
	p.under = nil
	if n := len(w.back); n > 0 && w.back[n-1] != PageMenu {
		p.under = w.made[w.back[n-1]]
	}
	if p.under == nil {
		return kit.NewBox(kit.Bg)
	}
	return p.under.Object()
}
