package ui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// linksFor are the kinds of link that can be typed for a kind of device.
func linksFor(kind string) []string {
	if kind == "printer" {
		return []string{linkTCP, linkSerial, linkFile}
	}
	return []string{linkTCP, linkSerial}
}

// makeFields makes the fields of the step that is up.
func (p *devicesPage) makeFields() {
	w, z := p.w, p.state().wizard
	p.fields = map[string]*kit.Field{}
	if z == nil {
		return
	}
	add := func(key, text string, spec kit.FieldSpec, take func(string)) {
		spec.Label, spec.Small = w.Say("devices."+key), true
		spec.OnChange = func(t string) {
			take(t)
			delete(z.fault, key)
			p.fields[key].SetProblem("")
		}
		spec.OnEnter = func(string) { p.next() }
		p.fields[key] = kit.NewField(spec, text)
		p.fields[key].SetProblem(w.sayIf(z.fault[key]))
	}
	place := func(t string) { z.link.place = t }
	add("host", z.link.place, kit.FieldSpec{Limit: 60, Placeholder: "192.168.1.60"}, place)
	add("port", z.link.port, kit.FieldSpec{Limit: 5, Accept: isEntry}, func(t string) { z.link.port = t })
	add("device", z.link.place, kit.FieldSpec{Limit: 80, Placeholder: "/dev/ttyUSB0, COM3"}, place)
	add("path", z.link.place, kit.FieldSpec{Limit: 120, Placeholder: "/dev/usb/lp0"}, place)
	setting := func(name string) func(string) {
		return func(t string) {
			z.d.Settings[name] = t
			if z.step == stepLine && (name == "pattern" || name == "ask") {
				p.try("lines")
			}
		}
	}
	add("pattern", z.d.Settings["pattern"], kit.FieldSpec{Limit: 300, Placeholder: `(?P<stable>ST)?,\s*(?P<weight>[0-9.]+)`}, setting("pattern"))
	add("ask", z.d.Settings["ask"], kit.FieldSpec{Limit: 40, Placeholder: `W\r`}, setting("ask"))
	add("currency", z.d.Settings["currency"], kit.FieldSpec{Limit: 3, Accept: isEntry, Placeholder: "978"}, setting("currency"))
}

// fieldOf is the field that the place of a link is typed in.
func fieldOf(kind string) string {
	return map[string]string{linkTCP: "host", linkSerial: "device", linkFile: "path"}[kind]
}

// turnLink changes the kind of link that is typed. What was typed for another kind comes back with it.
func (p *devicesPage) turnLink(kind string) {
	z := p.state().wizard
	if z.link.kind != kind {
		z.typed[z.link.kind] = z.link.place
		port, baud := z.link.port, z.link.baud
		z.link = link{kind: kind, place: z.typed[kind], port: port, baud: baud}
		if z.link.port == "" {
			z.link.port = p.usualPort()
		}
		if z.link.baud == "" {
			z.link.baud = "9600"
		}
		z.fault, z.reach = nil, DeviceTrying{}
		p.makeFields()
	}
	p.focusNext = p.fields[fieldOf(kind)]
	p.redraw()
}

// take chooses a place that was found, and opens its port to see whether it may.
func (p *devicesPage) take(f DevicePlace) {
	z := p.state().wizard
	z.typing, z.fault, z.reach = false, nil, DeviceTrying{}
	p.draft(f.Address, f.Driver)
	p.makeFields()
	p.try("reach")
	p.redraw()
}

// draft puts the device at an address, with what is usual there; what was set of the device before stays where the driver does.
func (p *devicesPage) draft(address, driver string) {
	z := p.state().wizard
	key := "driver"
	if z.kind == "printer" {
		key = "profile"
	}
	if driver == "" || z.was != "" {
		driver = z.d.Settings[key]
	}
	was := z.d
	z.d = clone(p.w.ports.Devices.Draft(z.kind, address, driver))
	if was.Settings[key] == z.d.Settings[key] {
		for k, v := range was.Settings {
			z.d.Settings[k] = v
		}
		// The speed that was found for the device stays with it on its own port.
		if old, now := linkOf(was.Address), linkOf(address); old.kind == now.kind && old.place == now.place {
			z.d.Address = was.Address
		}
	}
	z.link = linkOf(z.d.Address)
}

// takeAddress takes up what was typed or chosen, and reports whether there is an address.
func (p *devicesPage) takeAddress() bool {
	z := p.state().wizard
	if !z.typing {
		if z.d.Address == "" {
			p.state().out = outcome{title: "devices.choose_port", body: "devices.choose_port_body", bad: true}
			p.w.play("failed")
			p.redraw()
			return false
		}
		return true
	}
	z.fault = map[string]string{}
	place, key := strings.TrimSpace(z.link.place), fieldOf(z.link.kind)
	if place == "" || z.link.kind == linkTCP && strings.ContainsAny(place, " /:") {
		z.fault[key] = "devices.fault." + key
	}
	if n, err := strconv.Atoi(z.link.port); z.link.kind == linkTCP && (err != nil || n < 1 || n > 65535) {
		z.fault["port"] = "devices.fault.port"
	}
	if len(z.fault) > 0 {
		p.w.play("failed")
		for name, f := range p.fields {
			f.SetProblem(p.w.sayIf(z.fault[name]))
			if z.fault[name] != "" && p.focusNext == nil {
				p.focusNext = f
			}
		}
		p.redraw()
		return false
	}
	p.draft(z.link.address(), "")
	return true
}

// placeView is one place that a device could be plugged in.
func (p *devicesPage) placeView(f DevicePlace) fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	chosen := !z.typing && sameLink(z.d.Address, f.Address)
	style := kit.Style{Fill: kit.Surface, Edge: kit.Divider, Stroke: 1, Radius: kit.RadiusCard}
	mark := "circle-dashed"
	if chosen {
		style.Fill, style.Edge, style.Stroke, mark = kit.AccentTint, kit.Accent, 3, "circle-check-big"
	}
	icon := map[string]string{linkTCP: "ethernet-port", linkSerial: "cable", linkUSB: "usb", linkFile: "usb", linkEvdev: "keyboard"}[linkOf(f.Address).kind]
	sub := w.linkWords(f.Address)
	if f.Twins {
		sub = w.Say("devices.place.twins")
	}
	words := kit.Col(0, kit.NewBold(f.Title, 18, kit.Ink), kit.NewLabel(sub, 15, kit.Ink3))
	row := kit.Row(14, kit.NewIcon(mark, 24, kit.Accent), kit.NewIcon(icon, 26, kit.Ink), kit.Grow(1, kit.Middle(words)), kit.Middle(p.placeBadge(f)))
	t := kit.NewTap(style, kit.Inset(0, 16, 0, 16, row), func() { p.take(f) })
	t.SetMin(100, 76)
	return t
}

// sameLink reports whether two addresses are of one place, at whatever speed.
func sameLink(a, b string) bool {
	x, y := linkOf(a), linkOf(b)
	return a != "" && x.kind == y.kind && x.place == y.place && x.port == y.port
}

// placeBadge says who has a port, or what probably hangs there.
func (p *devicesPage) placeBadge(f DevicePlace) fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	switch {
	case f.Device != "" && f.Device != z.was:
		return kit.NewBadge(kit.Caution, "lock-keyhole", w.Say("devices.place.used", "device", f.Device))
	case f.Maybe == "":
		return kit.Gap(1)
	case f.Maybe == z.kind:
		return kit.NewBadge(kit.Good, "circle-check", w.Say("devices.place.match"))
	case f.Maybe == "adapter":
		return kit.NewBadge(kit.Plain, "cable", w.Say("devices.place.adapter"))
	}
	return kit.NewBadge(kit.Plain, "info", w.Say("devices.place.maybe", "kind", w.Say("devices.kind."+f.Maybe)))
}

// portView is the step that finds where the device is.
func (p *devicesPage) portView() (left, right fyne.CanvasObject) {
	w, s := p.w, p.state()
	z := s.wizard
	again := kit.NewTap(kit.Style{Fill: kit.Clear, Radius: kit.RadiusSmall}, kit.Row(8, kit.Middle(kit.NewIcon("refresh-cw", 18, kit.Ink2)), kit.Middle(kit.NewLabel(w.Say("devices.look_again"), 15, kit.Ink2))), p.look)
	col := kit.Col(10, kit.Fixed(44, kit.Row(8, kit.Grow(1, kit.Middle(kit.NewBold(w.Say("devices.where."+z.kind), 18, kit.Ink))), again)))
	style := kit.Style{Fill: kit.Surface, Edge: kit.Divider, Stroke: 1, Radius: kit.RadiusCard}
	if z.typing {
		style.Edge, style.Stroke = kit.Accent, 3
	}
	head := kit.Fixed(56, kit.Row(14, kit.NewIcon("pencil", 22, kit.Ink), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("devices.type_address."+z.kind), 17, kit.Ink))), kit.NewIcon("chevron-right", 22, kit.Ink2)))
	typed := func() fyne.CanvasObject {
		if z.typing {
			return kit.NewPanel(style.Fill, style.Edge, style.Stroke, style.Radius, kit.Inset(0, 16, 14, 16, kit.Col(10, head, p.typedView())))
		}
		t := kit.NewTap(style, kit.Inset(0, 16, 0, 16, head), func() {
			z.typing, z.reach = true, DeviceTrying{}
			if !slices.Contains(linksFor(z.kind), z.link.kind) {
				z.link = link{kind: linkTCP, port: p.usualPort(), baud: "9600"}
			}
			p.makeFields()
			p.focusNext = p.fields[fieldOf(z.link.kind)]
			p.redraw()
		})
		t.SetMin(100, 64)
		return t
	}
	if z.typing { // above the list, where it is seen whole on a low window
		col.Add(typed())
	}
	for _, f := range z.places {
		if z.kind != "printer" && f.Kind != "serial" {
			continue
		}
		col.Add(p.placeView(f))
	}
	if !z.typing {
		col.Add(typed())
	}
	return p.kept.around("found", kit.Inset(2, 10, 2, 2, col)), p.side("port-side", p.reachView(), p.stepButtons("devices.next"))
}

// typedView is where an address is typed in.
func (p *devicesPage) typedView() fyne.CanvasObject {
	w, z, f := p.w, p.state().wizard, p.fields
	links := linksFor(z.kind)
	var names []string
	for _, l := range links {
		names = append(names, w.Say("devices.link."+l))
	}
	col := kit.Col(10, kit.NewSegments(names, slices.Index(links, z.link.kind), func(i int) { p.turnLink(links[i]) }).Container)
	switch z.link.kind {
	case linkTCP:
		col.Add(kit.Row(10, kit.Grow(1, f["host"]), kit.Fixed(120, f["port"])))
		col.Add(remark(w.Say("devices.self_test." + z.kind)))
	case linkSerial:
		col.Add(f["device"])
	case linkFile:
		col.Add(f["path"])
	}
	col.Add(kit.Row(8, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "plug", Label: w.Say("devices.reach"), OnTap: func() {
		if p.takeAddress() {
			z.reach = DeviceTrying{}
			p.try("reach")
			p.redraw()
		}
	}}), kit.Space()))
	return col
}

// reachView says whether the port can be opened, and what keeps it from that.
func (p *devicesPage) reachView() fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	col := kit.Col(12, kit.NewBold(w.Say("devices.is_it_this"), 18, kit.Ink), outcomeNote(w, p.state().out))
	t := z.reach
	switch {
	case z.now.Test == "reach" && z.now.Running:
		col.Add(busyNote(w, "devices.reaching"))
	case t.Test == "" && z.typing:
		col.Add(wrapped(w.Say("devices.typed_hint"), 16, kit.Ink2))
	case t.Test == "":
		col.Add(wrapped(w.Say("devices.port_hint."+z.kind), 16, kit.Ink2))
	case t.OK:
		col.Add(kit.NewCallout(kit.Good, 14, kit.Row(12, kit.NewIcon("circle-check", 24, kit.Accent), kit.Grow(1, kit.Col(2, kit.NewBold(w.Say("devices.reached"), 17, kit.Accent),
			wrapped(w.Say("devices.reached_body"), 15, kit.Ink))))))
	default:
		col.Add(p.faultView(t))
	}
	if z.link.kind == linkSerial || z.typing {
		col.Add(kit.Row(10, kit.NewIcon("info", 20, kit.Ink3), kit.Grow(1, wrapped(w.Say("devices.not_listed"), 15, kit.Ink3))))
	}
	return col
}

// faultView says what keeps a test from passing: what happened, who is in the way, and what mends it.
func (p *devicesPage) faultView(t DeviceTrying) fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	title := p.reasonWords(t.Reason)
	body := "devices.mend." + t.Reason
	if !w.words.Has(body) {
		body = "devices.mend.failure"
	}
	if k := body + "." + z.kind; w.words.Has(k) {
		body = k
	}
	col := kit.Col(4, kit.NewBold(title, 17, kit.Danger))
	if t.Holder != "" {
		col.Add(wrapped(w.Say("devices.held_by", "who", t.Holder), 16, kit.Ink))
	}
	col.Add(wrapped(w.Say(body), 15, kit.Ink))
	out := kit.Col(10, kit.NewCallout(kit.Bad, 14, kit.Row(12, kit.NewIcon("octagon-alert", 24, kit.Danger), kit.Grow(1, col))))
	if t.Mend != "" {
		out.Add(kit.NewNote(kit.Col(4, kit.NewBold(w.Say("devices.command"), 14, kit.Ink2), wrapped(t.Mend, 14, kit.Ink))))
	}
	for _, a := range t.Choose {
		out.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "usb", Label: linkOf(a).place, OnTap: func() {
			z.reach = DeviceTrying{}
			p.draft(a, "")
			p.try("reach")
			p.redraw()
		}}))
	}
	if t.Detail != "" {
		out.Add(wrapped(shorten(t.Detail, 200), 13, kit.Ink3))
	}
	return out
}

// reasonWords says a reason of the devices' vocabulary.
func (p *devicesPage) reasonWords(reason string) string {
	if key := "devices.reason." + reason; p.w.words.Has(key) {
		return p.w.Say(key)
	}
	return p.w.Say("devices.reason.failure")
}
