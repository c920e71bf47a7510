package ui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// serialBauds are the speeds that most devices have.
var serialBauds = []string{"2400", "4800", "9600", "19200", "38400", "115200"}

// driverKey is the setting that names the model or the language of a kind.
func driverKey(kind string) string {
	if kind == "printer" {
		return "profile"
	}
	return "driver"
}

// modelView lists the models or languages of the kind.
func (p *devicesPage) modelView() (left, right fyne.CanvasObject) {
	w, z := p.w, p.state().wizard
	now := z.d.Settings[driverKey(z.kind)]
	grid := kit.Grid(2, 10, 64)
	for _, m := range w.ports.Devices.Drivers(z.kind) {
		style := kit.Style{Fill: kit.Surface, Edge: kit.Divider, Stroke: 1, Radius: kit.RadiusCard}
		mark, ink := "circle-dashed", kit.Ink3
		if m.ID == now {
			style.Fill, style.Edge, style.Stroke, mark, ink = kit.AccentTint, kit.Accent, 3, "circle-check-big", kit.Accent
		}
		grid.Add(kit.NewTap(style, kit.Inset(0, 14, 0, 14, kit.Row(12, kit.NewIcon(mark, 22, ink), kit.Grow(1, kit.Middle(kit.NewBold(p.driverWords(m), 16, kit.Ink))))), func() {
			p.chooseModel(m.ID)
		}))
	}
	col := kit.Col(10, kit.Fixed(44, kit.Middle(kit.NewBold(w.Say("devices.which."+z.kind), 18, kit.Ink))), grid)
	help := kit.Col(12, kit.NewBold(w.Say("devices.not_sure"), 18, kit.Ink), wrapped(w.Say("devices.not_sure."+z.kind), 16, kit.Ink2), wrapped(w.Say("devices.untested"), 14, kit.Ink3))
	return p.kept.around("models", kit.Inset(2, 10, 2, 2, col)), p.side("model-side", help, p.stepButtons("devices.next"))
}

// driverWords names a model; what is in both languages is shown in one.
func (p *devicesPage) driverWords(m DeviceDriver) string {
	if key := "devices.driver." + m.ID; p.w.words.Has(key) {
		return p.w.Say(key)
	}
	return m.Title
}

// chooseModel takes a model, and on a serial line its factory's speed.
func (p *devicesPage) chooseModel(id string) {
	z := p.state().wizard
	if z.d.Settings[driverKey(z.kind)] != id {
		was := z.d
		z.d = clone(p.w.ports.Devices.Draft(z.kind, was.Address, id))
		for k, v := range was.Settings {
			if k != driverKey(z.kind) {
				z.d.Settings[k] = v
			}
		}
		z.link = linkOf(z.d.Address)
	}
	p.redraw()
}

// setLine changes the speed of the serial line.
func (p *devicesPage) setLine(baud, rest string) {
	z := p.state().wizard
	z.link.baud = baud
	if rest != "" {
		z.link.rest = rest
	}
	z.d.Address = z.link.address()
	p.w.ports.Devices.End()
	z.now = DeviceTrying{}
	p.enter()
	p.redraw()
}

// otherBits are what a serial line can be set to besides its speed.
var otherBits = []struct{ name, rest string }{
	{"8N1", "&data=8&parity=none&stop=1&flow=none"}, {"7E1", "&data=7&parity=even&stop=1&flow=none"}, {"8N2", "&data=8&parity=none&stop=2&flow=none"},
}

// lineView is what a device is set to: its speed, and what its kind has besides.
func (p *devicesPage) lineView() (left, right fyne.CanvasObject) {
	w, z := p.w, p.state().wizard
	form := kit.Col(14)
	if z.link.kind == linkSerial {
		bauds := slices.Clone(serialBauds)
		if !slices.Contains(bauds, z.link.baud) {
			bauds[0] = z.link.baud
		}
		form.Add(named(w.Say("devices.baud"), kit.NewSegments(bauds, slices.Index(bauds, z.link.baud), func(i int) { p.setLine(bauds[i], "") }).Container))
		var names []string
		at := -1
		for i, b := range otherBits {
			names = append(names, b.name)
			if b.name == z.link.bits() {
				at = i
			}
		}
		form.Add(named(w.Say("devices.bits"), kit.NewSegments(names, at, func(i int) { p.setLine(z.link.baud, otherBits[i].rest) }).Container))
	} else {
		form.Add(kit.NewNote(kit.Row(10, kit.NewIcon("circle-check", 22, kit.Accent), kit.Grow(1, kit.Middle(wrapped(w.Say("devices.no_speed"), 15, kit.Ink))))))
	}
	switch z.kind {
	case "printer":
		p.paperForm(form)
	case "scale":
		p.scaleForm(form)
	case "display":
		p.displayForm(form)
	case "terminal":
		form.Add(p.fields["currency"])
		form.Add(remark(w.Say("devices.currency_note")))
		form.Add(kit.NewSwitch(w.Say("devices.slips"), w.Say("devices.slips_sub"), z.d.Settings["slips"] == "yes", func(on bool) { p.set("slips", map[bool]string{true: "yes"}[on]) }))
	}
	return kit.NewCard(18, p.kept.around("form", kit.Inset(2, 10, 2, 2, form))), p.side("line-side", p.sweepView(), p.stepButtons("devices.next_prove"))
}

// takeLine reports whether the settings can be used.
func (p *devicesPage) takeLine() bool {
	z := p.state().wizard
	if z.d.Settings["driver"] == "pattern" && strings.TrimSpace(z.d.Settings["pattern"]) == "" {
		p.state().out = outcome{title: "devices.no_pattern", body: "devices.no_pattern_body", bad: true}
		p.focusNext = p.fields["pattern"]
		p.w.play("failed")
		p.redraw()
		return false
	}
	return true
}

// set changes a setting of the device.
func (p *devicesPage) set(key, value string) {
	z := p.state().wizard
	if value == "" {
		delete(z.d.Settings, key)
	} else {
		z.d.Settings[key] = value
	}
}

// paperForm is the width of the paper and how Chinese gets on it.
func (p *devicesPage) paperForm(form *fyne.Container) {
	w, z := p.w, p.state().wizard
	profile := z.d.Settings["profile"]
	raster := strings.HasSuffix(profile, "-raster")
	at := slices.Index([]string{"80", "58"}, paperOf(profile))
	form.Add(named(w.Say("devices.paper"), kit.NewSegments([]string{w.Say("settings.paper.80"), w.Say("settings.paper.58")}, at, func(i int) {
		p.setPaper([]string{"80", "58"}[i], raster)
	}).Container))
	form.Add(kit.NewSwitch(w.Say("devices.raster"), w.Say("devices.raster_sub"), raster, func(on bool) { p.setPaper(paperOf(profile), on) }))
}

// setPaper changes the profile to one of a width, with Chinese as pictures or not; of the maker's where there is one.
func (p *devicesPage) setPaper(width string, raster bool) {
	z := p.state().wizard
	maker, _, _ := strings.Cut(z.d.Settings["profile"], "-")
	id := maker + "-" + width
	if raster {
		id = "generic-" + width + "-raster"
	}
	if !slices.ContainsFunc(p.w.ports.Devices.Drivers("printer"), func(m DeviceDriver) bool { return m.ID == id }) {
		id = "generic-" + width
	}
	z.d.Settings["profile"] = id
	p.redraw()
}

// scaleForm is the unit of weights without one, and the pattern of a scale that no driver knows.
func (p *devicesPage) scaleForm(form *fyne.Container) {
	w, z := p.w, p.state().wizard
	units := []string{"kg", "g", "lb", "oz"}
	at := max(0, slices.Index(units, z.d.Settings["unit"]))
	form.Add(named(w.Say("devices.unit"), kit.NewSegments(units, at, func(i int) { p.set("unit", units[i]); p.redraw() }).Container))
	if z.d.Settings["driver"] != "pattern" {
		return
	}
	form.Add(p.fields["pattern"])
	form.Add(p.fields["ask"])
	form.Add(remark(w.Say("devices.pattern_note")))
}

// displayForm is the characters or the lamps of a display.
func (p *devicesPage) displayForm(form *fyne.Container) {
	w, z := p.w, p.state().wizard
	if z.d.Settings["driver"] == "led8" {
		lamps := []string{"stx", "esc"}
		at := max(0, slices.Index(lamps, z.d.Settings["lamps"]))
		form.Add(named(w.Say("devices.lamps"), kit.NewSegments([]string{"STX L", "ESC s"}, at, func(i int) { p.set("lamps", lamps[i]) }).Container))
		return
	}
	sets := []string{"ascii", "gb18030"}
	at := max(0, slices.Index(sets, z.d.Settings["charset"]))
	form.Add(named(w.Say("devices.charset"), kit.NewSegments([]string{w.Say("devices.charset.ascii"), w.Say("devices.charset.gb18030")}, at, func(i int) {
		p.set("charset", map[string]string{"gb18030": "gb18030"}[sets[i]])
	}).Container))
}

// sweepView finds the speed, or shows the lines of a scale whose pattern is written.
func (p *devicesPage) sweepView() fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	t := z.now
	if z.kind == "scale" && z.d.Settings["driver"] == "pattern" {
		return p.linesView()
	}
	col := kit.Col(12, kit.NewBold(w.Say("devices.sweep"), 18, kit.Ink), outcomeNote(w, p.state().out))
	if z.link.kind != linkSerial {
		col.Add(wrapped(w.Say("devices.sweep_none"), 16, kit.Ink2))
		return col
	}
	col.Add(wrapped(w.Say("devices.sweep_hint."+z.kind), 16, kit.Ink2))
	running := t.Test == "sweep" && t.Running
	button := kit.NewButton(kit.ButtonSpec{Icon: "search", Label: w.Say("devices.sweep_begin"), OnTap: func() { p.try("sweep"); p.redraw() }})
	if running {
		button = kit.NewButton(kit.ButtonSpec{Icon: "circle-stop", Label: w.Say("devices.sweep_stop"), OnTap: func() {
			w.ports.Devices.End()
			z.now = DeviceTrying{}
			p.redraw()
		}})
	}
	col.Add(button)
	switch {
	case running:
		col.Add(kit.NewNote(kit.Row(10, kit.Middle(kit.NewIcon("loader-circle", 22, kit.Ink2)), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("devices.sweeping", "now", t.Now, "n", strconv.Itoa(t.Step), "of", strconv.Itoa(t.Steps)), 16, kit.Ink))))))
		if z.kind == "display" {
			col.Add(p.speedsView(t))
		} else {
			if z.kind == "scanner" {
				col.Add(p.codeView())
			}
			col.Add(p.triedView(t))
		}
	case t.Test == "sweep" && t.OK:
		col.Add(kit.NewCallout(kit.Good, 14, kit.Row(12, kit.NewIcon("circle-check", 24, kit.Accent), kit.Grow(1, wrapped(w.Say("devices.swept", "now", z.link.baud+" "+z.link.bits()), 17, kit.Accent)))))
	case t.Test == "sweep" && t.Reason != "" && t.Reason != "timeout":
		col.Add(p.faultView(t))
	case t.Test == "sweep" && t.Reason != "":
		col.Add(outcomeNote(w, outcome{title: "devices.not_swept", body: "devices.not_swept_body", bad: true}))
		col.Add(p.triedView(t))
	}
	return col
}

// triedView lists the speeds that made no sense, the last on top.
func (p *devicesPage) triedView(t DeviceTrying) fyne.CanvasObject {
	col := kit.Col(0)
	for _, name := range slices.Backward(t.Tried) {
		if heard := t.Heard[name]; heard != "" {
			col.Add(factLine(name, p.reasonWords(heard), kit.Ink3))
		}
	}
	return col
}

// speedsView is the speeds that were shown on a display: the person taps the one that can be read there.
func (p *devicesPage) speedsView(t DeviceTrying) fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	col := kit.Col(8, kit.NewBold(w.Say("devices.which_number"), 16, kit.Ink))
	grid := kit.Grid(2, 8, 56)
	for _, name := range t.Tried {
		baud, _, _ := strings.Cut(name, " ")
		grid.Add(kit.NewButton(kit.ButtonSpec{Label: baud, OnTap: func() {
			w.ports.Devices.End()
			z.link.baud = baud
			z.d.Address = z.link.address()
			z.now = DeviceTrying{Test: "sweep", OK: true}
			p.redraw()
		}}))
	}
	col.Add(grid)
	return col
}

// linesView is what a scale sends, line by line, and what the pattern reads in it.
func (p *devicesPage) linesView() fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	col := kit.Col(10, kit.NewBold(w.Say("devices.lines"), 18, kit.Ink), outcomeNote(w, p.state().out))
	t := z.now
	if t.Test == "lines" && !t.Running && t.Reason != "" {
		col.Add(p.faultView(t))
	}
	if len(t.Lines) == 0 {
		col.Add(wrapped(w.Say("devices.lines_none"), 16, kit.Ink2))
	}
	for _, l := range t.Lines {
		icon, ink, reads := "circle-x", kit.Danger, w.Say("devices.lines_no_fit")
		if l.Fits {
			icon, ink, reads = "circle-check", kit.Accent, p.weightWords(l.Reads)
		} else if l.Reads != "" {
			reads = l.Reads
		}
		col.Add(kit.NewNote(kit.Row(10, kit.Middle(kit.NewIcon(icon, 20, ink)), kit.Grow(1, kit.Col(0, kit.NewBold(l.Text, 15, kit.Ink), wrapped(reads, 14, ink))))))
	}
	return col
}

// weightWords says a weight, or why there is none.
func (p *devicesPage) weightWords(s string) string {
	if key := "devices.weight." + s; p.w.words.Has(key) {
		return p.w.Say(key)
	}
	return s
}

// codeView is the code that a scanner is to read from the screen.
func (p *devicesPage) codeView() fyne.CanvasObject {
	q := kit.NewQR(150)
	if err := q.Set(ProofCode); err != nil {
		return hidden()
	}
	return kit.Sized(0, 160, kit.Row(0, kit.Space(), q, kit.Space()))
}
