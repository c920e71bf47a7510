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
	return kit.NewTap(style, kit.Inset(14, 14, 12, 14, kit.Col(0, kit.Fixed(48, head), kit.Space(), kit.Row(0, p.badge(c), kit.Space()))), func() { p.choose(c.id) })
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
		title := w.Say("devices.trouble", "device", w.Say("status."+c.kind), "state", w.Say("status."+c.status.State, "detail", c.status.Detail))
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
	all := kit.Col(8, kit.Grow(1, p.kept.around(c.id, kit.Inset(0, 8, 0, 0, col))))
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
	line("connection", w.Say("devices.link."+l.kind))
	switch l.kind {
	case linkTCP:
		line("host", l.place+":"+l.port)
	case linkSerial:
		line("device", l.place)
		line("baud", l.baud)
	case linkFile:
		line("path", l.place)
	}
	if c.kind == "printer" {
		line("paper", w.profileWords(c.config.Settings["profile"]))
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
	change := func() fyne.CanvasObject {
		return kit.Row(8, kit.Grow(1, kit.NewButton(kit.ButtonSpec{Icon: "cable", Label: w.Say("devices.change"), OnTap: func() { p.change(*c.config) }})),
			kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.DangerOutline, Icon: "trash-2", Label: w.Say("devices.remove"), Sub: w.Say("devices.hold"), HoldFor: time.Second, OnHold: func() { p.remove(c.id) }})))
	}
	switch {
	case c.kind == "printer" && c.config == nil:
		return []fyne.CanvasObject{kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "plus", Label: w.Say("devices.add_printer"), OnTap: func() { p.add("printer") }})}
	case c.kind == "printer":
		return []fyne.CanvasObject{main("printer", w.Say("devices.test_print"), p.testPrint), kit.NewButton(kit.ButtonSpec{Icon: "archive", Label: w.Say("devices.test_drawer"), OnTap: p.testDrawer}), change()}
	case c.kind == "scanner" && c.config != nil:
		return []fyne.CanvasObject{main("scan-barcode", w.Say("devices.test_scan"), p.testScan), change()}
	case c.kind == "drawer":
		return []fyne.CanvasObject{main("archive", w.Say("devices.test_drawer"), p.testDrawer)}
	case c.kind == "backup" && w.canOpen(PageCopies):
		return []fyne.CanvasObject{kit.NewButton(kit.ButtonSpec{Icon: "save", Label: w.Say("page.copies"), OnTap: func() { w.Open(PageCopies) }})}
	}
	return nil
}
