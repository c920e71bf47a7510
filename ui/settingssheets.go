package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

func decimal(n int) string { return strconv.Itoa(n) }

// sheet is the card that a form stands on.
func (p *settingsPage) sheet(rows ...fyne.CanvasObject) fyne.CanvasObject {
	return kit.NewCard(18, p.kept.around(settingsTabs[p.state().tab].key, kit.Inset(2, 10, 2, 2, kit.Col(14, rows...))))
}

// pair puts two controls side by side.
func pair(a, b fyne.CanvasObject) fyne.CanvasObject {
	return kit.Row(14, kit.Grow(1, a), kit.Grow(1, b))
}

// remark is small print below a control.
func remark(words string) fyne.CanvasObject { return wrapped(words, 15, kit.Ink3) }

// named is a control with its name above it, as a field has.
func named(name string, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Col(6, kit.NewBold(name, 15, kit.Ink2), o)
}

func (p *settingsPage) shopSheet() fyne.CanvasObject {
	f := p.fields
	return p.sheet(pair(f["shop.name"], f["shop.name_en"]), remark(p.w.Say("settings.shop_note")), f["shop.address"], pair(f["shop.phone"], f["shop.reg_no"]), kit.Hairline(), kit.Row(14, kit.Fixed(220, f["till"]), kit.Grow(1, kit.Middle(remark(p.w.Say("settings.till_note"))))),
		kit.Hairline(), kit.Row(14, kit.Grow(2, f["daily_pdf.folder"]), kit.Grow(1, f["daily_pdf.at"])), remark(p.w.Say("settings.daily_note")))
}

func (p *settingsPage) moneySheet() fyne.CanvasObject {
	w, f := p.w, p.fields
	c := w.Currency()
	return p.sheet(
		kit.Row(14, kit.Grow(1, named(w.settingName("currency"), kit.Fixed(48, kit.NewNote(kit.Row(10, kit.NewIcon("lock", 18, kit.Ink3), kit.Grow(1, kit.Middle(kit.NewLabel(c.Code+" "+c.Symbol(), 16, kit.Ink)))))))),
			kit.Grow(1, f["zone"]), kit.Grow(1, f["day_start"])),
		remark(w.Say("settings.currency_note")), kit.Hairline(),
		p.taxSheet(), kit.Hairline(),
		kit.Row(14, kit.Grow(1, f["cash_round"]), kit.Grow(2, named(w.settingName("cash_round_mode"), p.choose("cash_round_mode", "half_up", "half_even", "down")))),
		f["foreign_rates"], remark(w.Say("settings.rates_note")))
}

func (p *settingsPage) limitsSheet() fyne.CanvasObject {
	w, f := p.w, p.fields
	return p.sheet(remark(w.Say("settings.limits_note")),
		pair(f["limit.discount"], f["limit.refund"]), pair(f["limit.loose_price"], f["limit.qty"]), remark(w.Say("settings.zero_note")), kit.Hairline(),
		p.flag("blind_count"), kit.Hairline(), p.flag("merge"), kit.Hairline(), f["flags"], remark(w.Say("settings.flags_note")))
}

func (p *settingsPage) screenSheet() fyne.CanvasObject {
	w := p.w
	look := kit.NewSwitch(w.Say("settings.dark"), w.Say("settings.dark_sub"), w.Dark(), func(on bool) {
		w.SetDark(on)
		if l := w.ports.Office.Look; l != nil {
			l.SetDark(on)
		}
	})
	rows := []fyne.CanvasObject{named(w.settingName("language"), p.choose("language", "zh-Hans", "en")), remark(w.Say("settings.language_note")), kit.Hairline(), look}
	if practise := w.ports.Office.Practice; practise != nil {
		rows = append(rows, kit.Hairline(), kit.NewSwitch(w.Say("settings.practice"), w.Say("settings.practice_sub"), w.view.Practice, func(on bool) { practise(on) }))
	}
	if w.canOpen(PageCopies) {
		rows = append(rows, kit.Hairline(), kit.Row(14, kit.Grow(1, kit.Middle(kit.Col(0, kit.NewLabel(w.Say("page.copies"), 17, kit.Ink), kit.NewLabel(w.Say("settings.copies_sub"), 15, kit.Ink3)))),
			kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "archive-restore", Label: w.Say("page.copies"), OnTap: func() { w.Open(PageCopies) }})))
	}
	if w.canOpen(PageAccounts) {
		rows = append(rows, kit.Hairline(), kit.Row(14, kit.Grow(1, kit.Middle(kit.Col(0, kit.NewLabel(w.Say("page.accounts"), 17, kit.Ink), kit.NewLabel(w.Say("settings.accounts_sub"), 15, kit.Ink3)))),
			kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "cloud", Label: w.Say("page.accounts"), OnTap: func() { w.Open(PageAccounts) }})))
	}
	return p.sheet(append(rows, p.startRows()...)...)
}

// flag is a setting that is on or off.
func (p *settingsPage) flag(key string) fyne.CanvasObject {
	w := p.w
	return kit.NewSwitch(w.settingName(key), w.Say("settings."+key+".sub"), p.value(key) == "true", func(on bool) { p.turn(key, strconv.FormatBool(on)) })
}

// choose is a setting with a few values.
func (p *settingsPage) choose(key string, values ...string) fyne.CanvasObject {
	at := -1
	var names []string
	for i, v := range values {
		if p.value(key) == v {
			at = i
		}
		names = append(names, p.w.Say("settings."+key+"."+v))
	}
	return kit.NewSegments(names, at, func(i int) { p.turn(key, values[i]) }).Container
}
