package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// matchedMost bounds how many lines are listed.
const matchedMost = 300

func (p *reconcilePage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.part == billsFile || s.part == billsColumns {
		return p.office(PageReconcile, w.Say("page.reconcile"), w.Say("bills.file_sub", "day", w.rangeName(s.day, s.day)), nil, p.fileView())
	}
	name := w.Say("bills.all_providers")
	if s.wallet != "" {
		name = p.provider(s.wallet)
	}
	fetch := w.Say("bills.fetch")
	for _, d := range s.shown() {
		if d.Kept {
			fetch = w.Say("bills.fetch_again")
		}
	}
	actions := []fyne.CanvasObject{
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "calendar", Label: p.shortDay(s.day), OnTap: p.overview}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "wallet", Label: name, OnTap: func() { s.picking = !s.picking; p.redraw() }}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "refresh-cw", Label: p.wide(fetch), OnTap: p.fetch}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "file-up", Label: p.wide(w.Say("bills.file")), OnTap: p.begin}),
		kit.NewIconButton(kit.PlainButton, kit.Small, "printer", p.print),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "download", Label: "PDF", OnTap: func() { p.export("pdf") }}),
	}
	if w.canOpen(PageSafe) {
		actions = append([]fyne.CanvasObject{kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "archive", Label: p.wide(w.Say("bills.to_cash")), OnTap: func() { w.Open(PageSafe) }})}, actions...)
	}
	if !p.narrow {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: "CSV", OnTap: func() { p.export("csv") }}))
	}
	return p.office(PageReconcile, w.Say("page.reconcile"), "", actions, p.body())
}

func (p *reconcilePage) shortDay(d till.BusinessDay) string {
	t := dayTime(d)
	return p.w.Say("day.short", "d", strconv.Itoa(t.Day()), "m", strconv.Itoa(int(t.Month())), "month", t.Month().String()[:3])
}

func (p *reconcilePage) body() fyne.CanvasObject {
	w, s := p.w, p.state()
	out := kit.Col(12, busyNote(w, s.busy))
	for _, o := range s.said {
		out.Add(outcomeNote(w, o))
	}
	if s.picking {
		out.Add(p.providers())
	}
	switch {
	case s.failed != "":
		out.Add(kit.Grow(1, kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("report.failed_body")))))
		return out
	case s.part == billsDays:
		out.Add(kit.Grow(1, p.daysView()))
		return out
	case !s.have:
		out.Add(kit.Grow(1, kit.Gap(0)))
		return out
	}
	t := s.totals(w.Currency())
	if t.kept == 0 {
		out.Add(kit.Grow(1, kit.NewCard(20, p.nothingYet())))
		return out
	}
	out.Add(kit.Fixed(96, p.cards(&t)))
	row, chosen := p.row()
	list := p.list(&t)
	if !chosen {
		out.Add(kit.Grow(1, list))
		return out
	}
	side := p.detail(row)
	if s.part == billsNote {
		side = p.noteView(row)
	}
	out.Add(kit.Grow(1, kit.Row(12, kit.Grow(1, list), kit.Fixed(p.pick(356, 300), side))))
	return out
}

// providers are the chips of whose bills are looked at.
func (p *reconcilePage) providers() fyne.CanvasObject {
	w, s := p.w, p.state()
	row := kit.Row(8)
	pick := func(name, label string) {
		row.Add(kit.NewChip("", label, s.wallet == name, func() {
			s.wallet, s.picking, s.chosen = name, false, 0
			p.redraw()
		}))
	}
	pick("", w.Say("bills.all_providers"))
	for _, d := range s.days {
		pick(d.Wallet, p.provider(d.Wallet))
	}
	return kit.Fixed(48, row)
}

// nothingYet says that no bill of the day is kept, and how to get one.
func (p *reconcilePage) nothingYet() fyne.CanvasObject {
	w := p.w
	acts := kit.Row(10, kit.Space(), kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "refresh-cw", Label: w.Say("bills.fetch"), OnTap: p.fetch}),
		kit.NewButton(kit.ButtonSpec{Icon: "file-up", Label: w.Say("bills.file"), OnTap: p.begin}), kit.Space())
	return kit.Col(16, kit.Grow(1, empty("scale", w.Say("bills.none", "day", w.rangeName(p.state().day, p.state().day)), w.Say("bills.none_body"))), acts)
}

// cards are the four groups and what will be paid out; a group that is tapped is listed alone.
func (p *reconcilePage) cards(t *billTotals) fyne.CanvasObject {
	w, s := p.w, p.state()
	row := kit.Row(10)
	for _, g := range []billGroup{billMatched, billNotHere, billNotThere, billApart} {
		_, icon, ink := g.look()
		sum, edge := "", kit.Divider
		if s.group == g {
			edge = kit.Accent
		}
		n := t.n[g]
		if n == 0 && g != billMatched {
			icon, ink = "circle-check", kit.Ink3
		}
		if n > 0 && !t.mixed {
			sum = w.Say("bills.sum."+string(g), "amount", Money(t.in, t.money[g].Abs()))
			if p.narrow {
				sum = Money(t.in, t.money[g])
			}
		}
		card := kit.NewTap(kit.Style{Fill: kit.Surface, Edge: edge, Stroke: 1, Radius: kit.RadiusCard}, kit.Inset(10, p.pick(16, 12), 8, p.pick(16, 12), kit.Col(0,
			kit.Row(7, kit.NewIcon(icon, 20, ink), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("bills.group."+string(g)), p.pick(16, 14), ink)))), kit.Space(),
			kit.Row(6, kit.NewBold(thousands(n), 28, kit.Ink), kit.Grow(1, kit.Middle(kit.NewLabel(sum, p.pick(15, 14), kit.Ink2).Trailing()))))), func() {
			switch {
			case s.group == g:
				s.group = ""
			default:
				s.group = g
			}
			s.all, s.chosen = s.group == billMatched, 0
			p.redraw()
		})
		row.Add(kit.Grow(1, card))
	}
	settles := "—"
	if !t.mixed {
		settles = Money(t.in, t.settle)
	}
	row.Add(kit.Fixed(p.pick(214, 168), kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(10, 14, 8, 14, kit.Col(0, kit.NewLabel(w.Say("bills.settles"), p.pick(15, 14), kit.OnTotal2),
		kit.Space(), kit.NewMoney(settles, p.pick(28, 22), kit.OnTotal))))))
	return row
}

// list are the differences, and one line for all that matches.
func (p *reconcilePage) list(t *billTotals) fyne.CanvasObject {
	w, s := p.w, p.state()
	cols := []column{{w.Say("bills.col.kind"), p.pick(126, 0), false}, {w.Say("bills.col.sale"), p.pick(112, 84), p.narrow}, {w.Say("bills.col.till"), p.pick(78, 74), true},
		{w.Say("bills.col.provider"), p.pick(84, 78), true}, {w.Say("bills.col.apart"), p.pick(92, 88), true}}
	if !p.narrow {
		cols = append(cols, column{w.Say("bills.col.guess"), 0, false})
	}
	var lines []tableRow
	all := p.rows()
	for i, r := range all[:min(len(all), matchedMost)] {
		ours, theirs := r.Sides()
		name := w.Say("bills.no_receipt")
		if r.Receipt != 0 {
			name = receiptNo(r.Receipt)
		}
		when := r.At.Format("15:04")
		if calendar := till.BusinessDay(r.At.Year()*10000 + int(r.At.Month())*100 + r.At.Day()); calendar != s.day {
			when = r.At.Format("01-02 15:04")
		}
		sale := kit.Row(8, kit.Middle(p.plate(r.wallet, 30)), kit.Grow(1, kit.Middle(kit.Col(0, strong(name, 16, kit.Ink), text(when, 14, kit.Ink3)))))
		if p.narrow {
			sale = kit.Row(0, kit.Grow(1, kit.Middle(kit.Col(0, strong(name, 16, kit.Ink).Trailing(), text(when, 14, kit.Ink3).Trailing()))))
		}
		apart := "—"
		if theirs != ours {
			apart = signed(r.Currency, theirs-ours)
		}
		cells := []fyne.CanvasObject{kit.Row(0, w.findingBadge(r.Finding), kit.Space()), sale, text(sideMoney(r.Currency, ours), 16, kit.Ink).Trailing(),
			text(sideMoney(r.Currency, theirs), 16, kit.Ink).Trailing(), strong(apart, 16, kit.Ink).Trailing()}
		if !p.narrow {
			cells = append(cells, wrapped(shorten(w.guess(r.Finding), 60), 15, kit.Ink2))
		}
		lines = append(lines, tableRow{cells, i == s.chosen, func() {
			s.chosen = i
			if s.part == billsNote {
				s.part = billsOfDay
			}
			p.redraw()
		}})
	}
	col := kit.Col(0, kit.Grow(1, table(cols, p.pick(76, 64), lines)))
	return kit.Col(8, kit.Grow(1, col), p.matchedLine(t), kit.Fixed(24, p.billsLine()))
}

// matchedLine says how many match, and unfolds them.
func (p *reconcilePage) matchedLine(t *billTotals) fyne.CanvasObject {
	w, s := p.w, p.state()
	words := w.Say("bills.rest", "n", thousands(t.n[billMatched]))
	if t.n[billNotHere]+t.n[billNotThere]+t.n[billApart] == 0 {
		words = w.Say("bills.all_match", "n", thousands(t.n[billMatched]))
	}
	label, icon := w.Say("bills.show"), "chevron-down"
	if s.all {
		label, icon = w.Say("bills.hide"), "chevron-up"
	}
	line := kit.NewTap(kit.Style{Fill: kit.Surface, Edge: kit.Divider, Stroke: 1, Radius: kit.RadiusCard}, kit.Inset(0, 16, 0, 16, kit.Row(10, kit.NewIcon("circle-check", 22, kit.Accent),
		kit.Grow(1, kit.Middle(kit.NewBold(words, 16, kit.Accent))), kit.Middle(kit.NewLabel(label, 16, kit.Accent)), kit.Middle(kit.NewIcon(icon, 18, kit.Accent)))), func() {
		s.all = !s.all
		if s.chosen = 0; !s.all {
			s.group = ""
		}
		p.redraw()
	})
	line.SetMin(44, 52)
	return line
}

// billsLine says which bills were compared.
func (p *reconcilePage) billsLine() fyne.CanvasObject {
	w, s := p.w, p.state()
	var parts []string
	for _, d := range s.shown() {
		switch {
		case !d.Kept:
			parts = append(parts, w.Say("bills.line_none", "name", p.provider(d.Wallet)))
		case d.Final:
			parts = append(parts, w.Say("bills.line", "name", p.provider(d.Wallet), "time", w.local(d.Reconciliation.Kept).Format("01-02 15:04")))
		default:
			parts = append(parts, w.Say("bills.line_open", "name", p.provider(d.Wallet), "time", w.local(d.Reconciliation.Kept).Format("01-02 15:04")))
		}
	}
	return kit.Row(8, kit.NewIcon("file-check", 18, kit.Ink3), kit.Grow(1, kit.Middle(kit.NewLabel(strings.Join(parts, " · "), 14, kit.Ink3))))
}

// A billStep is what a button does about a finding.
type billStep struct {
	key, icon string // key of the words under bills.step
	value     string
	hold      bool // it moves money: it is held
	do        func()
}

// step is the one safe next step of a finding.
func (p *reconcilePage) step(r billRow) billStep {
	s := p.state()
	open := func() { p.w.OpenWith(PageReturns, r.Receipt) }
	sale := billStep{key: "sale", icon: "receipt-text", value: receiptNo(r.Receipt), do: open}
	note := billStep{key: "note", icon: "flag", do: func() { s.part, s.why = billsNote, ""; p.redraw() }}
	if !r.Open() {
		if r.Receipt != 0 {
			return sale
		}
		return billStep{do: func() {}}
	}
	switch r.Next {
	case till.NextAsk:
		return billStep{key: "ask", icon: "refresh-cw", do: func() { p.askAbout(r) }}
	case till.NextAskRefund:
		return billStep{key: "ask_refund", icon: "refresh-cw", do: func() { p.askAbout(r) }}
	case till.NextRefund:
		return billStep{key: "refund", icon: "undo-2", value: Money(r.Currency, r.Theirs), hold: true, do: func() { p.giveBack(r) }}
	case till.NextNeighbour:
		to := plusDays(s.day, 1)
		if r.At.Hour() < 12 {
			to = plusDays(s.day, -1)
		}
		return billStep{key: "neighbour", icon: "calendar", value: p.shortDay(to), do: func() { p.set(to) }}
	case till.NextCompare:
		if r.Receipt != 0 {
			return sale
		}
	case till.NextClaim, till.NextNothing:
	}
	return note
}

// detail is the finding that is looked at: both sides, what the numbers are, and what to do.
func (p *reconcilePage) detail(r billRow) fyne.CanvasObject {
	w, s := p.w, p.state()
	title := w.Say("bills.no_receipt")
	if r.Receipt != 0 {
		title = receiptNo(r.Receipt)
	}
	ours, theirs := r.Sides()
	side := func(fill kit.Colour, name, amount, line string) fyne.CanvasObject {
		return kit.Grow(1, kit.NewPanel(fill, kit.Clear, 0, kit.RadiusField, kit.Inset(8, 12, 8, 12, kit.Col(2, kit.NewLabel(name, 14, kit.Ink2), kit.NewBold(amount, p.pick(22, 18), kit.Ink), wrapped(line, 14, kit.Ink2)))))
	}
	said := w.Say("bills.not_listed")
	if r.Theirs != 0 {
		said = strings.TrimSpace(r.At.Format("15:04:05") + " " + shorten(r.Said, 10))
	}
	top := kit.Col(12, kit.Row(8, kit.Grow(1, kit.Middle(kit.NewBold(title, 20, kit.Ink))), kit.Middle(w.findingBadge(r.Finding))),
		kit.Row(8, side(kit.Sunken, w.Say("bills.till"), sideMoney(r.Currency, ours), w.attemptWords(r.Finding)), side(kit.AccentTint, p.provider(r.wallet), sideMoney(r.Currency, theirs), said)))
	facts := kit.Col(0)
	fact := func(key, value string) {
		if value != "" {
			facts.Add(factLine(w.Say(key), value, kit.Ink))
		}
	}
	fact("bills.number", tailed(r.Attempt))
	fact("bills.refund_number", tailed(r.Refund))
	fact("bills.transaction", tailed(r.Provider))
	if r.Fee != 0 {
		fact("bills.fee", Money(r.Currency, r.Fee))
	}
	top.Add(facts)
	if g := w.guess(r.Finding); g != "" && p.narrow {
		top.Add(wrapped(g, 15, kit.Ink2))
	}
	return kit.NewCard(16, kit.Col(10, kit.Grow(1, kit.NewScroll(kit.Inset(0, 8, 0, 0, top))), p.steps(r, s.busy == "")))
}

// steps are the buttons of a finding: the safe next step large, looking and noting below it.
func (p *reconcilePage) steps(r billRow, free bool) fyne.CanvasObject {
	w, s := p.w, p.state()
	if !r.Open() && r.Receipt == 0 {
		return hidden()
	}
	step := p.step(r)
	out := kit.Col(8)
	if why := "bills.safe." + step.key; w.words.Has(why) && !p.low {
		out.Add(wrapped(w.Say(why), 15, kit.Ink2))
	}
	spec := kit.ButtonSpec{Kind: kit.Main, Icon: step.icon, Label: w.Say("bills.step."+step.key, "value", step.value), Key: "Enter", OnTap: step.do}
	if step.hold {
		spec.Kind, spec.Key, spec.OnTap, spec.OnHold, spec.HoldFor = kit.DangerOutline, "", nil, step.do, holdTime
	}
	main := kit.NewButton(spec)
	if !free {
		main.Off("")
	}
	out.Add(main)
	if !r.Open() {
		return out
	}
	more := kit.Row(8)
	if step.key != "sale" && r.Receipt != 0 {
		more.Add(kit.Grow(1, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "receipt-text", Label: receiptNo(r.Receipt), OnTap: func() { w.OpenWith(PageReturns, r.Receipt) }})))
	}
	if step.key != "note" {
		more.Add(kit.Grow(1, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "flag", Label: w.Say("bills.step.note"), OnTap: func() { s.part, s.why = billsNote, ""; p.redraw() }})))
	}
	if len(more.Objects) > 0 {
		out.Add(more)
	}
	return out
}

// noteReasons are reasons that a tap gives, under bills.reason.
var noteReasons = []string{"discount", "elsewhere", "by_hand", "next_day"}

// noteView asks why a difference needs nothing more.
func (p *reconcilePage) noteView(r billRow) fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(8, kit.NewBold(w.Say("bills.note_title"), 20, kit.Ink), wrapped(w.Say("bills.note_body"), 15, kit.Ink2))
	field := kit.NewField(kit.FieldSpec{Small: true, Placeholder: w.Say("bills.note_why"), Limit: 80, OnChange: func(t string) { s.why = strings.TrimSpace(t) }}, s.why)
	col.Add(field)
	for _, key := range noteReasons {
		words := w.Say("bills.reason." + key)
		col.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: words, OnTap: func() { s.why = words; p.redraw() }}))
	}
	save := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "flag", Label: w.Say("bills.note_save"), Key: "Enter", OnTap: func() { p.settle(r, s.why) }})
	if s.busy != "" {
		save.Off("")
	}
	return kit.NewCard(16, kit.Col(10, kit.Grow(1, kit.NewScroll(kit.Inset(0, 8, 0, 0, col))), save,
		kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("button.back"), Key: "Esc", OnTap: func() { s.part = billsOfDay; p.redraw() }})))
}
