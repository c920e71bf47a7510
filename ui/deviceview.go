package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// badge is the state of a device: a shape, a tint and a word.
func (p *devicesPage) badge(c deviceCard) fyne.CanvasObject {
	w := p.w
	if !c.known {
		return kit.Gap(1)
	}
	words := w.Say("status."+c.status.State, "detail", c.status.Detail)
	if c.live.Spare {
		return kit.NewBadge(kit.Plain, "circle-dashed", words)
	}
	switch c.status.Health {
	case Fine:
		return kit.NewBadge(kit.Good, "circle-check", words)
	case Attention:
		return kit.NewBadge(kit.Caution, "triangle-alert", words)
	case Fault:
		return kit.NewBadge(kit.Bad, "octagon-alert", words)
	case Absent:
	}
	return kit.NewBadge(kit.Plain, "circle-dashed", words)
}

func deviceIcon(c deviceCard) string {
	if c.id == keyboardScanner {
		return "keyboard"
	}
	if icon := statusIcons[c.kind]; icon != "" {
		return icon
	}
	return "plug"
}

func (p *devicesPage) cardView(c deviceCard, chosen bool) fyne.CanvasObject {
	style := kit.Style{Fill: kit.Surface, Edge: kit.Divider, Stroke: 1, Radius: kit.RadiusCard}
	if chosen {
		style.Edge, style.Stroke = kit.Accent, 3
	}
	head := kit.Row(12, kit.Fixed(44, kit.NewQuietPlate(deviceIcon(c), 44)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(c.title, 18, kit.Ink), kit.NewLabel(c.sub, 15, kit.Ink3)))))
	return kit.NewTap(style, kit.Inset(14, 14, 12, 14, kit.Col(0, kit.Fixed(48, head), kit.Space(), kit.Row(8, p.badge(c), kit.Grow(1, kit.Middle(kit.NewLabel(p.count(c), 15, kit.Ink2).Trailing()))))), func() { p.choose(c.id) })
}

// count is what of a device can be counted: slips that wait, the last weight, when the last code came.
func (p *devicesPage) count(c deviceCard) string {
	switch l := c.live; {
	case l.Waiting > 0:
		return p.w.Say("devices.waiting", "n", decimal(l.Waiting))
	case c.kind == "scale" && l.Last != "":
		return l.Last
	case c.kind == "scanner" && !l.LastAt.IsZero():
		return p.w.Say("devices.last_scan", "time", p.w.local(l.LastAt).Format("15:04"))
	}
	return ""
}

// detail is the chosen device: how it is in words, what it is set to, and what can be done.
func (p *devicesPage) detail(c deviceCard) fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(10, kit.Row(12, kit.Fixed(44, kit.NewQuietPlate(deviceIcon(c), 44)), kit.Grow(1, kit.Middle(kit.NewBold(c.title, 22, kit.Ink)))))
	if help := "devices.help." + c.status.State; c.known && c.status.Health != Fine && c.status.Health != Absent && w.words.Has(help) {
		kind, icon, ink := kit.Caution, "triangle-alert", kit.Warn
		if c.status.Health == Fault {
			kind, icon, ink = kit.Bad, "octagon-alert", kit.Danger
		}
		title := w.Say("devices.trouble", "device", c.title, "state", w.Say("status."+c.status.State, "detail", c.status.Detail))
		col.Add(kit.NewCallout(kind, 14, kit.Row(12, kit.NewIcon(icon, 26, ink), kit.Grow(1, kit.Col(2, kit.NewBold(title, 18, ink), wrapped(w.Say(help), 15, kit.Ink))))))
	}
	col.Add(busyNote(w, s.busy))
	col.Add(outcomeNote(w, s.out))
	if c.config != nil {
		p.facts(col, c)
	} else {
		col.Add(wrapped(p.about(c), 16, kit.Ink2))
	}
	if c.kind == "scanner" {
		p.heardView(col)
	}
	all := kit.Col(8, kit.Grow(1, p.kept.around(c.id, kit.Inset(2, 10, 2, 2, col))))
	if c.config != nil && c.kind != "terminal" { // a simulated one would approve payments that nobody made
		all.Add(kit.NewSwitch(w.Say("devices.simulate"), w.Say("devices.simulate_sub"), c.config.Settings["simulated"] == "yes", func(on bool) { p.simulate(c.id, on) }))
	}
	for _, o := range p.deeds(c) {
		all.Add(o)
	}
	return kit.NewCard(18, all)
}

// about says what a device without settings is, and what to do where it is missing.
func (p *devicesPage) about(c deviceCard) string {
	if c.id == keyboardScanner {
		return p.w.Say("devices.about.keyboard")
	}
	return p.w.Say("devices.about." + c.kind)
}

func (p *devicesPage) facts(col *fyne.Container, c deviceCard) {
	w := p.w
	l := linkOf(c.config.Address)
	facts := kit.Col(0)
	col.Add(facts)
	line := func(key, value string) {
		facts.Add(factLine(w.Say("devices."+key), value, kit.Ink))
		facts.Add(kit.Hairline())
	}
	line("connection", w.Say("devices.link."+l.kind)+" · "+l.where())
	if c.config.Settings[driverKey(c.kind)] != "" {
		line("model", p.modelWords(*c.config))
	}
	if pin := c.config.Settings["drawer_pin"]; pin != "" {
		line("drawer_pin", pin)
	}
	p.checks(line, c)
	if x, ok := p.proofOf(c.id); ok && !x.Stale {
		line("check.interactive", p.provedWords(x))
	} else {
		line("check.interactive", w.Say("devices.unproved"))
	}
	if c.live.Detail != "" && c.live.Health != Fine {
		facts.Add(kit.Inset(8, 0, 0, 0, wrapped(shorten(c.live.Detail, 200), 13, kit.Ink3)))
	}
}

// checks are the levels at which a device was checked (CheckHealth of UnifiedPOS): internal is what the till knows without
// asking, external makes the device act.
func (p *devicesPage) checks(line func(key, value string), c deviceCard) {
	w := p.w
	if c.known {
		words := w.Say("status."+c.status.State, "detail", c.status.Detail)
		if r := c.live.Reason; r != "" {
			words = p.reasonWords(r)
		}
		if !c.live.Since.IsZero() {
			words += " · " + w.local(c.live.Since).Format("15:04")
		}
		line("check.internal", words)
	}
	if x, ok := p.state().checked[c.id]; ok {
		words := w.Say("devices.result.passed") + " · " + millisWords(x.Took)
		if !x.OK {
			words = p.reasonWords(x.Reason)
		}
		line("check.external", words+" · "+w.local(x.At).Format("15:04"))
	} else {
		line("check.external", w.Say("devices.unchecked"))
	}
	if n := c.live.Waiting; n > 0 {
		line("waiting_slips", decimal(n))
	}
	if c.live.Last != "" {
		line("last."+c.kind, shorten(c.live.Last, 24)+" · "+w.local(c.live.LastAt).Format("15:04:05"))
	}
}

// heardView shows the code that was read last.
func (p *devicesPage) heardView(col *fyne.Container) {
	w, s := p.w, p.state()
	if s.heard == "" {
		return
	}
	code := kit.NewBold(shorten(s.heard, 80), 28, kit.OnTotal)
	code.Lines = 3
	col.Add(kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(14, 18, 14, 18, kit.Col(4, kit.Row(8, kit.NewIcon("circle-check", 20, kit.TotalOk),
		kit.Grow(1, kit.Middle(kit.NewLabel(w.Say("devices.read", "n", decimal(len([]rune(s.heard)))), 16, kit.TotalOk)))), code))))
}

// deeds are the buttons of a device, the one that matters first.
func (p *devicesPage) deeds(c deviceCard) []fyne.CanvasObject {
	w := p.w
	main := func(icon, label string, tap func()) fyne.CanvasObject {
		return kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: icon, Label: label, Key: "F9", OnTap: tap})
	}
	plain := func(icon, label string, tap func()) fyne.CanvasObject {
		return kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: icon, Label: label, OnTap: tap})
	}
	wizard := func() fyne.CanvasObject {
		return plain("wand-sparkles", w.Say("devices.prove_now"), func() { p.change(*c.config, stepProve) })
	}
	change := func() fyne.CanvasObject {
		return kit.Row(8, kit.Grow(1, plain("cable", w.Say("devices.change"), func() { p.change(*c.config, stepPort) })),
			kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.DangerOutline, Size: kit.Small, Icon: "trash-2", Label: w.Say("devices.remove"), Sub: w.Say("devices.hold"), HoldFor: time.Second, OnHold: func() { p.remove(c.id) }})))
	}
	doctor := func() fyne.CanvasObject {
		return plain("scan-line", w.Say("devices.scanner_test"), func() { w.Open(PageScanner) })
	}
	switch {
	case c.kind == "printer" && c.config == nil:
		return []fyne.CanvasObject{kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "plus", Label: w.Say("devices.add_printer"), OnTap: func() { p.add("printer") }})}
	case c.kind == "printer":
		return []fyne.CanvasObject{main("printer", w.Say("devices.test_print"), p.testPrint),
			kit.Row(8, kit.Grow(1, plain("archive", w.Say("devices.test_drawer"), p.testDrawer)), kit.Grow(1, wizard())), change()}
	case c.kind == "scanner" && c.config != nil:
		return []fyne.CanvasObject{main("scan-barcode", w.Say("devices.test_scan"), p.testScan), kit.Row(8, kit.Grow(1, doctor()), kit.Grow(1, wizard())), change()}
	case c.id == keyboardScanner:
		return []fyne.CanvasObject{doctor()}
	case c.config != nil:
		return []fyne.CanvasObject{main("circle-play", w.Say("devices.check"), func() { p.check(c.id) }), wizard(), change()}
	case c.kind == "drawer":
		return []fyne.CanvasObject{main("archive", w.Say("devices.test_drawer"), p.testDrawer), plain("wand-sparkles", w.Say("devices.learn_pin"), func() { p.add("drawer") })}
	case c.kind == "display":
		return []fyne.CanvasObject{plain("wand-sparkles", w.Say("devices.prove_now"), func() { p.add("screen") })}
	case c.kind == "backup" && w.canOpen(PageCopies):
		return []fyne.CanvasObject{kit.NewButton(kit.ButtonSpec{Icon: "save", Label: w.Say("page.copies"), OnTap: func() { w.Open(PageCopies) }})}
	}
	return nil
}

// handingOver is the way to what belongs to all devices: the card and the sheet that prove them, the test of a scanner,
// the move to another PC, and what went over the wires.
func (p *devicesPage) handingOver() fyne.CanvasObject {
	w := p.w
	first, second := kit.Grid(3, 8, 44), kit.Grid(2, 8, 44) // the long words below, where they have more room
	button := func(in *fyne.Container, icon, label string, tap func()) {
		in.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: icon, Label: label, OnTap: tap}))
	}
	for _, x := range []struct {
		in          *fyne.Container
		page        PageName
		icon, label string
	}{{first, PageGoLive, "list-checks", "page.golive"}, {first, PageTestCard, "scan-qr-code", "page.testcard"}, {first, PageScanner, "scan-line", "devices.scanner_test"},
		{second, PageReplacePC, "monitor-check", "page.replacepc"}} {
		if w.canOpen(x.page) {
			button(x.in, x.icon, w.Say(x.label), func() { w.Open(x.page) })
		}
	}
	if w.ports.Office.Install != nil {
		button(second, "activity", w.Say("golive.trace"), p.trace)
	}
	return kit.Col(8, first, second)
}

// trace writes what went over the devices' wires.
func (p *devicesPage) trace() {
	s, in := p.state(), p.w.ports.Office.Install
	p.desk.Leave()
	p.w.writes(&s.busy, &s.out, "golive.traced", in.ExportTrace)
}
