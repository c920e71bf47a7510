package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// taxesMost is how many tax classes a shop can have.
const taxesMost = 6

// taxDraft is one tax class as typed.
type taxDraft struct {
	code, rate string
	added      bool
}

// taxFields are the fields of one class.
type taxFields struct{ code, rate *kit.Field }

// taxList is the classes as typed, else as they are.
func (p *settingsPage) taxList() []taxDraft {
	s := p.state()
	if s.taxes == nil {
		for _, t := range p.w.view.Settings.Taxes {
			s.taxes = append(s.taxes, taxDraft{t.Code, t.Rate.Percent(), t.Mode == till.TaxExclusive})
		}
	}
	return s.taxes
}

func (p *settingsPage) makeTaxFields() {
	w, s := p.w, p.state()
	p.taxes = nil
	for i, t := range p.taxList() {
		p.taxes = append(p.taxes, taxFields{
			kit.NewField(kit.FieldSpec{Small: true, Limit: 20, Accept: func(r rune) bool { return r != ' ' && r != '=' && r != ':' }, Placeholder: w.Say("settings.tax_code_hint"),
				OnChange: func(v string) { s.taxes[i].code = v; p.taxTyped() }, OnEnter: func(string) { p.save() }}, t.code),
			kit.NewField(kit.FieldSpec{Small: true, Limit: 8, Accept: isEntry, Trailing: true,
				OnChange: func(v string) { s.taxes[i].rate = v; p.taxTyped() }, OnEnter: func(string) { p.save() }}, t.rate),
		})
	}
}

// taxTyped makes the setting of what is typed.
func (p *settingsPage) taxTyped() {
	var parts []string
	for _, t := range p.taxList() {
		mode := "inclusive"
		if t.added {
			mode = "exclusive"
		}
		parts = append(parts, t.code+"="+tidyNumber(t.rate)+"%:"+mode)
	}
	p.set("taxes", strings.Join(parts, " "))
	for _, f := range p.taxes {
		f.code.SetProblem("")
		f.rate.SetProblem("")
	}
	p.redraw()
}

// checkTaxes notes that the classes as typed cannot be; showTaxFaults says where.
func (p *settingsPage) checkTaxes() {
	s := p.state()
	v, typed := s.draft["taxes"]
	if !typed {
		return
	}
	if _, err := till.ParseTaxes(v); err != nil {
		s.fault["taxes"] = p.w.settingFault("taxes")
	}
}

func (p *settingsPage) showTaxFaults() {
	if p.state().fault["taxes"] == "" {
		return
	}
	codes := map[string]bool{}
	for i, t := range p.taxList() {
		if t.code == "" || codes[t.code] {
			p.taxes[i].code.SetProblem(p.w.Say("settings.fault.tax_code"))
		}
		codes[t.code] = true
		if _, err := till.ParseTaxes("x=" + tidyNumber(t.rate) + "%:inclusive"); err != nil {
			p.taxes[i].rate.SetProblem(p.w.Say("settings.fault.tax_rate"))
		}
	}
}

// changeTaxes puts other classes in place of those that are typed.
func (p *settingsPage) changeTaxes(list []taxDraft) {
	p.state().taxes = list
	p.makeTaxFields()
	p.taxTyped()
}

func (p *settingsPage) taxSheet() fyne.CanvasObject {
	w := p.w
	list := p.taxList()
	head := kit.Row(14, kit.Grow(2, kit.NewBold(w.Say("settings.tax_code"), 15, kit.Ink2)), kit.Grow(1, kit.NewBold(w.Say("settings.tax_rate"), 15, kit.Ink2)),
		kit.Grow(2, kit.NewBold(w.Say("firstrun.tax_mode"), 15, kit.Ink2)), kit.Gap(48))
	col := kit.Col(8, head)
	for i, t := range list {
		mode := 0
		if t.added {
			mode = 1
		}
		bin := fyne.CanvasObject(kit.Gap(48))
		if len(list) > 1 {
			bin = kit.Fixed(48, kit.NewIconButton(kit.Ghost, kit.Small, "trash-2", func() {
				p.changeTaxes(append(append([]taxDraft{}, list[:i]...), list[i+1:]...))
			}))
		}
		col.Add(kit.Row(14, kit.Grow(2, p.taxes[i].code), kit.Grow(1, p.taxes[i].rate),
			kit.Grow(2, kit.NewSegments([]string{w.Say("firstrun.tax_in"), w.Say("firstrun.tax_on")}, mode, func(m int) { list[i].added = m == 1; p.taxTyped() }).Container), bin))
	}
	foot := kit.Row(14, kit.Grow(1, kit.Middle(remark(w.Say("settings.tax_note")))))
	if len(list) < taxesMost {
		foot.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "plus", Label: w.Say("settings.tax_add"), OnTap: func() {
			p.changeTaxes(append(append([]taxDraft{}, list...), taxDraft{rate: "0"}))
			p.w.win.Canvas().Focus(p.taxes[len(p.taxes)-1].code)
		}}))
	}
	col.Add(foot)
	return col
}
