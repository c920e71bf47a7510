package ui

import (
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

func (p *staffPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	var actions []fyne.CanvasObject
	owner := w.view.Operator != nil && w.view.Operator.Role == till.Owner
	if owner && s.recovery == "" && s.edit == nil {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "life-buoy", Label: w.Say("staff.new_code"), Sub: w.Say("devices.hold"), Text: 15, HoldFor: time.Second, OnHold: p.newCode}))
	}
	if s.loaded && s.failed == "" && s.recovery == "" {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Small, Icon: "user-plus", Label: w.Say("staff.new"), OnTap: func() { p.open(till.Operator{}) }}))
	}
	col := kit.Col(10, busyNote(w, s.busy), outcomeNote(w, s.out))
	switch {
	case s.recovery != "":
		col = kit.Col(18, recoveryCard(w, s.recovery, p.pick(36, 30)),
			kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Label: w.Say("staff.written"), Key: "F9", OnTap: p.written}), kit.Space())
	case s.failed != "":
		col.Add(kit.Grow(1, kit.NewCard(20, empty("triangle-alert", w.sayIf(s.failed), w.Say("staff.failed_body")))))
	case !s.loaded:
		col.Add(kit.Space())
	case s.edit != nil:
		col.Add(kit.Grow(1, kit.Row(12, kit.Grow(1, p.people()), kit.Fixed(p.pick(560, 540), p.editor()))))
	default:
		col.Add(kit.Grow(1, kit.Row(12, kit.Grow(1, p.people()), kit.Fixed(p.pick(700, 600), p.rights()))))
	}
	return p.office(PageStaff, w.Say("page.staff"), w.Say("staff.sub"), actions, col)
}

// people lists everybody; a tap changes the person.
func (p *staffPage) people() fyne.CanvasObject {
	w, s := p.w, p.state()
	list := kit.Col(0)
	for _, o := range s.list {
		sub, ink := w.roleName(o.Role)+" · "+o.Code, kit.Ink3
		switch {
		case !o.Active:
			sub += " · " + w.Say("staff.off")
		case !o.Expires.IsZero() && !o.Expires.After(w.ports.Now()):
			sub, ink = sub+" · "+w.Say("staff.expired"), kit.Warn
		case !o.Expires.IsZero():
			sub += " · " + w.Say("staff.until", "date", w.local(o.Expires).Format("01-02 15:04"))
		case w.view.Shift != nil && w.view.Shift.OpenedBy == o.Code:
			sub += " · " + w.Say("staff.on_shift")
		}
		name := kit.Ink
		if !o.Active {
			name = kit.Ink3
		}
		style := kit.Style{Fill: kit.Surface}
		if s.edit != nil && s.edit.was.Code == o.Code {
			style.Fill = kit.AccentTint
		}
		t := kit.NewTap(style, kit.Inset(0, 14, 0, 14, kit.Row(12, kit.Middle(kit.NewDisc("", o.Name, 40, kit.Sunken, kit.Ink)),
			kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(o.Name, 18, name), kit.NewLabel(sub, 15, ink)))), kit.Middle(kit.NewIcon("chevron-right", 20, kit.Ink3)))), func() { p.open(o) })
		t.SetMin(120, 66)
		list.Add(t)
		list.Add(kit.Hairline())
	}
	head := kit.Inset(12, 16, 8, 16, kit.NewBold(w.words.count("staff.people", strconv.Itoa(len(s.list))), 18, kit.Ink))
	return kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(1, 1, 6, 1, kit.Col(0, head, kit.Hairline(), kit.Grow(1, p.kept.around("people", list)))))
}

// rightsShown are the rights in the table of the roles, in the order of a day.
var rightsShown = []till.Permission{till.MaySell, till.MayDiscount, till.MayOverride, till.MayLoosePrice, till.MayReturn, till.MayReturnLoose, till.MayPostVoid, till.MayNoSale, till.MayMoveCash,
	till.MayRunShift, till.MaySeeReports, till.MayEditItems, till.MayBackUp, till.MaySetUp, till.MaySetMoney}

// rights says what each role may do without another's PIN.
func (p *staffPage) rights() fyne.CanvasObject {
	w := p.w
	wide := p.pick(88, 76)
	head := kit.Row(4, kit.Grow(1, kit.NewBold(w.Say("staff.may"), 15, kit.Ink2)))
	for _, r := range roles {
		head.Add(kit.Fixed(wide, kit.NewBold(w.roleName(r), 15, kit.Ink2).Centred()))
	}
	body := kit.Col(0)
	limits := w.view.Settings.Limits
	for _, right := range rightsShown {
		row := kit.Row(4, kit.Grow(1, kit.Middle(kit.NewLabel(w.permissionName(right), p.pick(16, 15), kit.Ink))))
		for _, r := range roles {
			yes := (till.Operator{Role: r}).May(right)
			var cell fyne.CanvasObject = kit.Centre(kit.NewIcon("minus", 20, kit.Ink3))
			if yes {
				cell = kit.Centre(kit.NewIcon("check", 22, kit.Accent))
			} else if r == till.Cashier && right == till.MayDiscount && limits.CashierDiscount > 0 {
				cell = kit.Middle(kit.NewBold("≤ "+Percent(limits.CashierDiscount), 15, kit.Ink).Centred())
			}
			row.Add(kit.Fixed(wide, cell))
		}
		body.Add(kit.Fixed(40, row))
		body.Add(kit.Hairline())
	}
	foot := kit.NewNote(wrapped(w.Say("staff.over_limit"), 15, kit.Ink2))
	return kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(1, 1, 12, 1, kit.Col(0, kit.Fixed(44, kit.Inset(0, 16, 0, 16, kit.Middle(head))), kit.Hairline(),
		kit.Grow(1, p.kept.around("rights", kit.Inset(0, 16, 0, 16, body))), kit.Inset(10, 14, 0, 14, foot))))
}

func (p *staffPage) editor() fyne.CanvasObject {
	w, s := p.w, p.state()
	d := s.edit
	title := w.Say("staff.new")
	if d.was.Code != "" {
		title = d.was.Name
	}
	var names []string
	for _, r := range roles {
		names = append(names, w.roleName(r))
	}
	form := kit.Col(12, kit.Row(14, kit.Grow(1, p.name), kit.Fixed(130, p.code)),
		named(w.Say("staff.role"), kit.NewSegments(names, slices.Index(roles, d.role), func(i int) { d.role = roles[i]; p.redraw() }).Container),
		remark(w.Say("staff.role."+string(d.role))))
	if d.role == till.Installer {
		var days []string
		at := -1
		for i, n := range installerDays {
			days = append(days, w.words.count("staff.days", strconv.Itoa(n)))
			if n == d.days || d.days == 0 && n == 1 && d.was.Expires.IsZero() {
				at = i
			}
		}
		form.Add(named(w.Say("staff.lets_in"), kit.NewSegments(days, at, func(i int) { d.days = installerDays[i] }).Container))
	}
	form.Add(kit.Hairline())
	form.Add(pair(p.pin, p.again))
	form.Add(remark(w.pinRule(d.role)))
	if d.was.Code != "" {
		form.Add(kit.Hairline())
		form.Add(kit.NewSwitch(w.Say("staff.active"), w.Say("staff.active_sub"), d.on, func(on bool) { d.on = on }))
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("staff.save"), Key: "F9", OnTap: p.save})
	if s.busy != "" {
		main.Off(w.Say(s.busy))
	}
	return kit.NewCard(18, kit.Col(10, kit.Fixed(36, kit.NewBold(title, 20, kit.Ink)), kit.Grow(1, p.kept.around("form "+d.was.Code, kit.Inset(0, 8, 0, 0, form))),
		kit.Row(8, kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.cancel"), Key: "Esc", OnTap: func() { p.drop(); p.redraw() }})), kit.Grow(1.4, main))))
}
