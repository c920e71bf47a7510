package ui

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// serialBauds are the speeds that scanners and printers have.
var serialBauds = []string{"9600", "19200", "38400", "115200"}

// deviceDraft is a device as typed.
type deviceDraft struct {
	was      string // its name where it is changed; "" for a new one
	kind     string // printer or scanner
	link     link
	places   map[string]string // what was typed for the other kinds of link
	profile  string            // of a printer
	settings map[string]string
	fault    map[string]string
}

// add begins to set a device up; "" chooses the kind that is missing.
func (p *devicesPage) add(kind string) {
	s := p.state()
	if kind == "" {
		kind = "printer"
		if len(s.of("printer")) > 0 {
			kind = "scanner"
		}
	}
	p.desk.Leave()
	s.edit = &deviceDraft{kind: kind, profile: "generic-80"}
	s.edit.become(kind)
	s.out = outcome{}
	p.makeFields()
	p.focusNext = p.fields[s.edit.link.field()]
	p.redraw()
}

// become turns the draft into another kind of device, with the link that most of its kind have.
func (d *deviceDraft) become(kind string) {
	d.kind, d.fault = kind, nil
	d.link = link{kind: linkTCP, port: "9100", baud: "9600"}
	if kind == "scanner" {
		d.link.kind = linkSerial
	}
}

// change begins to change a device that is set up.
func (p *devicesPage) change(c DeviceConfig) {
	s := p.state()
	p.desk.Leave()
	s.edit = &deviceDraft{was: c.Name, kind: c.Kind, link: linkOf(c.Address), settings: maps.Clone(c.Settings), profile: c.Settings["profile"]}
	if s.edit.profile == "" {
		s.edit.profile = "generic-80"
	}
	if s.edit.link.port == "" {
		s.edit.link.port = "9100"
	}
	if s.edit.link.baud == "" {
		s.edit.link.baud = "9600"
	}
	s.out = outcome{}
	p.makeFields()
	p.redraw()
}

func (p *devicesPage) makeFields() {
	w, d := p.w, p.state().edit
	add := func(key string, at *string, spec kit.FieldSpec) {
		spec.Label, spec.Small = w.Say("devices."+key), true
		spec.OnChange = func(t string) {
			*at = t
			delete(d.fault, key)
			p.fields[key].SetProblem("")
		}
		spec.OnEnter = func(string) { p.save() }
		p.fields[key] = kit.NewField(spec, *at)
		p.fields[key].SetProblem(p.w.sayIf(d.fault[key]))
	}
	add("host", &d.link.place, kit.FieldSpec{Limit: 60, Placeholder: "192.168.1.60"})
	add("port", &d.link.port, kit.FieldSpec{Limit: 5, Accept: isEntry})
	add("device", &d.link.place, kit.FieldSpec{Limit: 80, Placeholder: "/dev/ttyUSB0, COM3"})
	add("path", &d.link.place, kit.FieldSpec{Limit: 120, Placeholder: "/dev/usb/lp0"})
}

// turnLink changes the kind of link. What was typed for the other kind comes back with it.
func (p *devicesPage) turnLink(kind string) {
	d := p.state().edit
	if d.link.kind != kind {
		if d.places == nil {
			d.places = map[string]string{}
		}
		d.places[d.link.kind] = d.link.place
		d.link.kind, d.link.place, d.fault = kind, d.places[kind], nil
		p.makeFields()
	}
	p.focusNext = p.fields[d.link.field()]
	p.redraw()
}

// take fills a port in that was found.
func (p *devicesPage) take(f DeviceFound) {
	d := p.state().edit
	l := linkOf(f.Address)
	if l.port == "" {
		l.port = d.link.port
	}
	if l.baud == "" {
		l.baud = d.link.baud
	}
	d.link, d.fault = l, nil
	p.makeFields()
	p.redraw()
}

// check notes what cannot be saved.
func (p *devicesPage) check() bool {
	d := p.state().edit
	d.fault = map[string]string{}
	place := strings.TrimSpace(d.link.place)
	key := d.link.field()
	if place == "" || d.link.kind == linkTCP && strings.ContainsAny(place, " /:") {
		d.fault[key] = "devices.fault." + key
	}
	if n, err := strconv.Atoi(d.link.port); d.link.kind == linkTCP && (err != nil || n < 1 || n > 65535) {
		d.fault["port"] = "devices.fault.port"
	}
	return len(d.fault) == 0
}

// freeName is a name that no device has.
func (s *devicesState) freeName(kind string) string {
	name := kind
	for n := 2; slices.ContainsFunc(s.list, func(c DeviceConfig) bool { return c.Name == name }); n++ {
		name = kind + "-" + strconv.Itoa(n)
	}
	return name
}

func (p *devicesPage) save() {
	w, s, port := p.w, p.state(), p.w.ports.Devices
	d := s.edit
	if d == nil || s.busy != "" {
		return
	}
	s.out = outcome{}
	if !w.may(till.MaySetUp) {
		s.out = w.mayNot()
		p.redraw()
		return
	}
	if !p.check() {
		p.refuse()
		return
	}
	c := DeviceConfig{Name: d.was, Kind: d.kind, Address: d.link.address(), Settings: d.settings}
	if c.Name == "" {
		c.Name = s.freeName(d.kind)
	}
	if d.kind == "printer" {
		c.Settings = maps.Clone(d.settings)
		if c.Settings == nil {
			c.Settings = map[string]string{}
		}
		c.Settings["profile"] = d.profile
	}
	var err error
	w.act(&s.busy, "devices.saving", func(ctx context.Context) { err = port.Save(ctx, c) }, func() {
		if err != nil {
			s.out = outcome{title: "devices.not_saved", body: "devices.not_saved_body", bad: true}
			if till.CodeOf(err) != "" {
				s.out.title = w.refusalWords(err)
			}
			return
		}
		s.edit, s.chosen, s.loaded = nil, c.Name, false
		s.out = outcome{title: "devices.saved", body: "devices.saved_body." + c.Kind}
	})
}

func (p *devicesPage) refuse() {
	d := p.state().edit
	p.w.play("failed")
	for _, key := range []string{"host", "port", "device", "path"} {
		p.fields[key].SetProblem(p.w.sayIf(d.fault[key]))
		if d.fault[key] != "" && p.focusNext == nil {
			p.focusNext = p.fields[key]
		}
	}
	p.redraw()
}

func (p *devicesPage) editTitle() string {
	d := p.state().edit
	if d.was != "" {
		return p.w.Say("devices.change_" + d.kind)
	}
	return p.w.Say("devices.add_" + d.kind)
}

// foundView lists the ports that were found, to be taken by a tap.
func (p *devicesPage) foundView() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(10, kit.Fixed(40, kit.Middle(kit.NewBold(w.Say("devices.where"), 18, kit.Ink))))
	here := s.edit.link.address()
	n := 0
	for _, f := range s.found {
		if f.Kind != s.edit.kind && f.Kind != linkSerial && f.Kind != "usb" && f.Kind != "" {
			continue
		}
		n++
		style := kit.Style{Fill: kit.Surface, Edge: kit.Outline, Stroke: 1, Radius: kit.RadiusCard}
		if l := linkOf(f.Address); l.place == s.edit.link.place && l.kind == s.edit.link.kind || f.Address == here {
			style.Fill, style.Edge, style.Stroke = kit.AccentTint, kit.Accent, 3
		}
		icon := map[string]string{linkTCP: "ethernet-port", linkSerial: "cable", linkFile: "usb"}[linkOf(f.Address).kind]
		words := kit.Col(0, kit.NewBold(f.Title, 18, kit.Ink), kit.NewLabel(w.linkWords(f.Address), 15, kit.Ink3))
		t := kit.NewTap(style, kit.Inset(0, 16, 0, 16, kit.Row(14, kit.NewIcon(icon, 26, kit.Ink), kit.Grow(1, kit.Middle(words)))), func() { p.take(f) })
		t.SetMin(100, 76)
		col.Add(t)
	}
	if n == 0 {
		return kit.Col(0, kit.Grow(1, kit.NewCard(20, empty("plug", w.Say("devices.none_found"), w.Say("devices.none_found_body")))))
	}
	col.Add(kit.Row(10, kit.NewIcon("info", 20, kit.Ink3), kit.Grow(1, wrapped(w.Say("devices.not_listed"), 15, kit.Ink3))))
	return p.kept.around("found", kit.Inset(0, 10, 0, 0, col))
}

func (p *devicesPage) editor() fyne.CanvasObject {
	w, s, f := p.w, p.state(), p.fields
	d := s.edit
	form := kit.Col(12)
	if d.was == "" && len(s.of("printer")) == 0 {
		kinds := []string{"printer", "scanner"}
		form.Add(kit.NewSegments([]string{w.Say("status.printer"), w.Say("status.scanner")}, slices.Index(kinds, d.kind), func(i int) {
			d.become(kinds[i])
			p.makeFields()
			p.focusNext = p.fields[d.link.field()]
			p.redraw()
		}).Container)
	}
	links := []string{linkTCP, linkSerial, linkFile}
	if d.kind == "scanner" {
		links = links[:2]
	}
	var names []string
	for _, l := range links {
		names = append(names, w.Say("devices.link."+l))
	}
	form.Add(named(w.Say("devices.connection"), kit.NewSegments(names, slices.Index(links, d.link.kind), func(i int) { p.turnLink(links[i]) }).Container))
	switch d.link.kind {
	case linkTCP:
		form.Add(kit.Row(10, kit.Grow(1, f["host"]), kit.Fixed(110, f["port"])))
	case linkSerial:
		form.Add(f["device"])
		bauds := slices.Clone(serialBauds)
		if !slices.Contains(bauds, d.link.baud) {
			bauds[0] = d.link.baud
		}
		form.Add(named(w.Say("devices.baud"), kit.NewSegments(bauds, slices.Index(bauds, d.link.baud), func(i int) { d.link.baud = bauds[i] }).Container))
	case linkFile:
		form.Add(f["path"])
	}
	if d.kind == "printer" {
		at := slices.Index([]string{"80", "58"}, paperOf(d.profile))
		raster := strings.HasSuffix(d.profile, "-raster")
		set := func(paper string, raster bool) {
			d.profile = "generic-" + paper
			if raster {
				d.profile += "-raster"
			}
			p.redraw()
		}
		form.Add(named(w.Say("devices.paper"), kit.NewSegments([]string{w.Say("settings.paper.80"), w.Say("settings.paper.58")}, at, func(i int) { set([]string{"80", "58"}[i], raster) }).Container))
		form.Add(kit.NewSwitch(w.Say("devices.raster"), w.Say("devices.raster_sub"), raster, func(on bool) { set(paperOf(d.profile), on) }))
	} else {
		form.Add(remark(w.Say("devices.scanner_note")))
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("devices.save"), Key: "F9", OnTap: p.save})
	if s.busy != "" {
		main.Off(w.Say(s.busy))
	}
	return kit.NewCard(18, kit.Col(10, outcomeNote(w, s.out), kit.Grow(1, p.kept.around("form", kit.Inset(0, 8, 0, 0, form))),
		kit.Row(8, kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.cancel"), Key: "Esc", OnTap: func() { s.edit = nil; p.redraw() }})), kit.Grow(1.4, main))))
}
