package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// keyTablePage shows every key as it is mapped now.
type keyTablePage struct{ *desk }

func newKeyTable(w *Window) page {
	p := &keyTablePage{}
	p.desk = newDesk(w, p.paint)
	return p
}

// Title is part of page.
func (p *keyTablePage) Title() string { return p.w.Say("page.keytable") }

// Show is part of page.
func (p *keyTablePage) Show(till.View) { p.redraw() }

// Key closes the table by the key that opened it.
func (p *keyTablePage) Key(e KeyEvent) bool {
	if e.Action == ActHelp {
		p.w.Back()
		return true
	}
	return p.desk.Key(e)
}

// keysOf are the keys that do an action now.
func (p *keyTablePage) keysOf(a Action) string {
	best := ""
	for k, act := range p.w.router.Keys {
		if act == a && k != string(fyne.KeyEnter) && (best == "" || len(k) < len(best) || len(k) == len(best) && k < best) {
			best = k
		}
	}
	return keyName(best)
}

// keyName is what stands on a key.
func keyName(k string) string {
	switch k {
	case string(fyne.KeyEscape):
		return "Esc"
	case string(fyne.KeyReturn):
		return "Enter"
	case string(fyne.KeyBackspace):
		return "⌫"
	case string(fyne.KeyDelete):
		return "Del"
	case string(fyne.KeyUp):
		return "↑"
	case string(fyne.KeyDown):
		return "↓"
	case string(fyne.KeyLeft):
		return "←"
	case string(fyne.KeyRight):
		return "→"
	case " ":
		return "Space"
	}
	if mod, key, ok := strings.Cut(k, "+"); ok && mod != "" {
		return mod + " " + key
	}
	return k
}

// keyLine is one line: a key, or some, and what it does (under keys.).
type keyLine struct {
	keys []string
	word string
}

func (p *keyTablePage) groups() [][]struct {
	title string
	lines []keyLine
} {
	k := func(a Action) string { return p.keysOf(a) }
	type group = struct {
		title string
		lines []keyLine
	}
	letters := "codes"
	if len(p.w.view.Wallets) > 0 {
		letters = "wallets"
	}
	all := [][]group{
		{{"selling", []keyLine{{[]string{"0-9", k(ActQuantity)}, "quantity"}, {[]string{k(ActEnter)}, "enter"}, {[]string{k(ActSearch)}, "search"},
			{[]string{k(ActUp), k(ActDown)}, "lines"}, {[]string{k(ActMore), k(ActLess)}, "more"}, {[]string{k(ActVoid)}, "void"},
			{[]string{k(ActDiscount)}, "discount"}, {[]string{k(ActPark)}, "park"}, {[]string{k(ActNextPark)}, "next_parked"}, {[]string{k(ActUndo)}, "undo"}}},
			{"scanner", []keyLine{{[]string{p.w.Say("keys.item")}, "scan_item"}, {[]string{p.w.Say("keys.slip")}, "scan_slip"}}}},
		{{"paying", []keyLine{{[]string{k(ActPay)}, "pay"}, {[]string{k(ActCash)}, "cash"}, {[]string{"100", k(ActCash)}, "fast_cash"},
			{[]string{"C"}, "card"}, {[]string{"B"}, "transfer"}, {[]string{"A-Z"}, letters}, {[]string{"36.4", "C"}, "split"}, {[]string{k(ActUndo)}, "take_back"}}},
			{"returns", []keyLine{{[]string{k(ActSpace)}, "tick"}, {[]string{k(ActMore), k(ActLess)}, "part"}, {[]string{"A"}, "all"}, {[]string{"1-4"}, "reason"},
				{[]string{k(ActPay)}, "refund"}, {[]string{k(ActNextPark)}, "todays"}}}},
		{{"anywhere", []keyLine{{[]string{k(ActBack)}, "back"}, {[]string{k(ActPrint)}, "reprint"}, {[]string{k(ActHelp)}, "help"}, {[]string{k(ActMenu)}, "menu"}, {[]string{k(ActLock)}, "lock"},
			{[]string{k(ActLanguage)}, "language"}, {[]string{"Tab"}, "tab"}, {[]string{keyName(" ")}, "press"}}},
			{"shift", []keyLine{{[]string{"0-9", k(ActEnter)}, "count"}, {[]string{k(ActDiscount)}, "same"}, {[]string{k(ActPrint)}, "x"}, {[]string{k(ActPay)}, "close"}}},
			{"report", []keyLine{{[]string{k(ActLeft), k(ActRight)}, "days"}}}},
	}
	if len(p.w.view.Wallets) > 0 {
		all[0] = append(all[0], group{"states", []keyLine{{[]string{"R"}, "check"}, {[]string{"V"}, "reverse"}, {[]string{"Q"}, "show_qr"}, {[]string{k(ActPark)}, "aside"}}})
	}
	return all
}

func (p *keyTablePage) paint() fyne.CanvasObject {
	w := p.w
	head := kit.Fixed(48, kit.Row(10, kit.Grow(1, kit.Middle(kit.NewBold(w.Say("keys.title"), 24, kit.Ink))), kit.Middle(kit.NewLabel(p.wide(w.Say("keys.sub")), 15, kit.Ink3)),
		kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("keys.close_table"), Key: p.keysOf(ActBack), OnTap: w.Back})))
	row, high := kit.Row(6), float32(31)
	if len(w.view.Wallets) > 0 {
		high = 26 // one group more
	}
	for _, column := range p.groups() {
		col := kit.Col(10)
		for _, g := range column {
			lines := kit.Col(0, kit.NewBold(w.Say("keys.group."+g.title), 17, kit.Accent))
			for _, l := range g.lines {
				caps := kit.Row(4)
				for _, key := range l.keys {
					caps.Add(kit.Middle(kit.NewKeyCap(key, kit.Ink)))
				}
				lines.Add(kit.Hairline())
				lines.Add(kit.Fixed(high, kit.Row(10, kit.Fixed(p.pick(118, 96), caps), kit.Grow(1, kit.Middle(kit.NewLabel(w.Say("keys."+l.word), 16, kit.Ink))))))
			}
			col.Add(kit.NewCard(10, lines))
		}
		row.Add(kit.Grow(1, kit.NewScroll(kit.Inset(2, 3, 2, 3, col))))
	}
	return p.plain(kit.Col(10, head, kit.Grow(1, row)))
}
