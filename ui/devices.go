package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// keyboardScanner names the scanners that type: they need no setting up and have no port.
const keyboardScanner = "keyboard"

// devicesState is what is known of the devices, and the one that is set up.
type devicesState struct {
	loaded bool
	failed string
	list   []DeviceConfig
	found  []DeviceFound
	chosen string // name of a device, or the kind of a service
	edit   *deviceDraft
	busy   string
	out    outcome
	heard  string // the code that a test read
}

// devicesPage shows how the devices are, sets them up and tries them out.
type devicesPage struct {
	*desk
	kept   scrolls
	fields map[string]*kit.Field
}

func newDevices(w *Window) page {
	if w.ports.Devices == nil {
		return nil
	}
	p := &devicesPage{kept: scrolls{}, fields: map[string]*kit.Field{}}
	p.desk = newDesk(w, p.paint)
	if w.office.devices.edit != nil {
		p.makeFields()
	}
	return p
}

func (p *devicesPage) state() *devicesState { return &p.w.office.devices }

// Title is part of page.
func (p *devicesPage) Title() string { return p.w.Say("page.devices") }

// Show is part of page.
func (p *devicesPage) Show(till.View) {
	if s := p.state(); !s.loaded && s.failed == "" && p.waiting == "" {
		p.load()
		return
	}
	p.redraw()
}

// Status draws the page anew when a device changed.
func (p *devicesPage) Status() { p.redraw() }

// Leave reads the devices anew next time and gives a test up.
func (p *devicesPage) Leave() {
	*p.state() = devicesState{}
	p.desk.Leave()
}

func (p *devicesPage) load() {
	s, d := p.state(), p.w.ports.Devices
	var list []DeviceConfig
	var found []DeviceFound
	var err error
	p.ask(p.w.Say("devices.looking"), func(ctx context.Context) {
		if list, err = d.Configured(ctx); err == nil {
			found, _ = d.Found(ctx) // a port that cannot be listed can still be typed
		}
	}, func() {
		s.loaded, s.failed = true, ""
		if err != nil {
			s.failed = "devices.unreadable"
			return
		}
		s.list, s.found = list, found
	})
}

// of returns the devices of a kind.
func (s *devicesState) of(kind string) []DeviceConfig {
	var out []DeviceConfig
	for _, d := range s.list {
		if d.Kind == kind {
			out = append(out, d)
		}
	}
	return out
}

// status is how a device or service is.
func (p *devicesPage) status(name, kind string) (DeviceStatus, bool) {
	for _, d := range p.w.status {
		if d.Kind == kind && (d.Name == "" || name == "" || d.Name == name) {
			return d, true
		}
	}
	return DeviceStatus{}, false
}

// card is one device on the left.
type deviceCard struct {
	id, kind, title, sub string
	config               *DeviceConfig
	status               DeviceStatus
	known                bool
}

// cards are the devices in their order: what prints, what scans, then the services.
func (p *devicesPage) cards() []deviceCard {
	w, s := p.w, p.state()
	var out []deviceCard
	add := func(id, kind, title, sub string, c *DeviceConfig) {
		st, ok := p.status(id, kind)
		if c == nil {
			st, ok = p.status("", kind)
		}
		out = append(out, deviceCard{id, kind, title, sub, c, st, ok})
	}
	address := w.linkWords
	if p.narrow {
		address = func(a string) string { return linkOf(a).where() }
	}
	printers := s.of("printer")
	for i := range printers {
		add(printers[i].Name, "printer", w.Say("status.printer"), address(printers[i].Address), &printers[i])
	}
	if len(printers) == 0 {
		out = append(out, deviceCard{id: "printer", kind: "printer", title: w.Say("status.printer"), sub: w.Say("devices.printer.none"), status: DeviceStatus{Health: Absent, State: "none"}, known: true})
	}
	scanners := s.of("scanner")
	for i := range scanners {
		add(scanners[i].Name, "scanner", w.Say("devices.scanner.serial"), address(scanners[i].Address), &scanners[i])
	}
	out = append(out, deviceCard{id: keyboardScanner, kind: "scanner", title: w.Say("devices.scanner.keyboard"), sub: w.Say("devices.scanner.keyboard_sub"), status: DeviceStatus{State: "ready"}, known: true})
	if len(printers) > 0 {
		out = append(out, deviceCard{id: "drawer", kind: "drawer", title: w.Say("status.drawer"), sub: w.Say("devices.drawer.sub")})
	}
	for _, st := range w.status {
		if st.Kind != "printer" && st.Kind != "scanner" && st.Kind != "drawer" && st.Health != Absent {
			out = append(out, deviceCard{st.Kind, st.Kind, w.Say("status." + st.Kind), w.Say("devices.service." + st.Kind), nil, st, true})
		}
	}
	return out
}

// choose shows a device on the right.
func (p *devicesPage) choose(id string) {
	s := p.state()
	p.desk.Leave()
	s.chosen, s.edit, s.out, s.heard = id, nil, outcome{}, ""
	p.redraw()
}

// Scan shows what a scanner read.
func (p *devicesPage) Scan(code string) bool {
	s := p.state()
	if s.edit == nil && (s.chosen == "" || s.chosen == "printer") {
		s.chosen = keyboardScanner
	}
	s.heard, s.out = code, outcome{}
	p.w.play("added")
	p.redraw()
	return true
}

// Key saves, tests and goes back.
func (p *devicesPage) Key(e KeyEvent) bool {
	s := p.state()
	switch {
	case e.Action == ActPay && s.edit != nil:
		p.save()
	case e.Action == ActPay:
		p.test()
	case e.Action == ActBack && p.waiting != "":
		p.desk.Leave()
		p.redraw()
	case e.Action == ActBack && s.edit != nil:
		s.edit = nil
		p.redraw()
	case (e.Action == ActUp || e.Action == ActDown) && s.edit == nil:
		all := p.cards()
		at := slices.IndexFunc(all, func(c deviceCard) bool { return c.id == p.chosen(all) })
		if e.Action == ActUp {
			at--
		} else {
			at++
		}
		if at >= 0 && at < len(all) {
			p.choose(all[at].id)
		}
	default:
		return p.desk.Key(e)
	}
	return true
}

// chosen is the card on the right: the first in need of help, where nobody chose one.
func (p *devicesPage) chosen(all []deviceCard) string {
	if id := p.state().chosen; slices.ContainsFunc(all, func(c deviceCard) bool { return c.id == id }) {
		return id
	}
	for _, c := range all {
		if c.known && (c.status.Health == Fault || c.status.Health == Attention) {
			return c.id
		}
	}
	return all[0].id
}

func (p *devicesPage) current() deviceCard {
	all := p.cards()
	id := p.chosen(all)
	return all[slices.IndexFunc(all, func(c deviceCard) bool { return c.id == id })]
}

// test tries the chosen device out in the way that suits it.
func (p *devicesPage) test() {
	switch c := p.current(); {
	case c.kind == "printer" && c.config != nil:
		p.testPrint()
	case c.kind == "drawer":
		p.testDrawer()
	case c.kind == "scanner" && c.config != nil:
		p.testScan()
	}
}

func (p *devicesPage) testPrint() {
	s, d, name := p.state(), p.w.ports.Devices, p.current().id
	s.out = outcome{}
	var err error
	p.ask(p.w.Say("devices.printing"), func(ctx context.Context) { err = d.TestPrint(ctx, name) }, func() {
		s.out = outcome{title: "devices.printed", body: "devices.printed_body"}
		if err != nil {
			s.out = p.notPrinted(name)
		}
	})
}

// notPrinted says why a slip did not come, as far as the printer has said so.
func (p *devicesPage) notPrinted(name string) outcome {
	words := "devices.not_printed_body"
	if st, ok := p.status(name, "printer"); ok && p.w.words.Has("devices.help."+st.State) {
		words = "devices.help." + st.State
	}
	return outcome{title: "devices.not_printed", body: words, bad: true}
}

func (p *devicesPage) testDrawer() {
	s, d := p.state(), p.w.ports.Devices
	printers := s.of("printer")
	if len(printers) == 0 {
		return
	}
	s.out = outcome{}
	var err error
	p.ask(p.w.Say("devices.opening"), func(ctx context.Context) { err = d.TestDrawer(ctx, printers[0].Name) }, func() {
		s.out = outcome{title: "devices.opened", body: "devices.opened_body"}
		if err != nil {
			s.out = outcome{title: "devices.not_opened", body: "devices.not_opened_body", bad: true}
		}
	})
}

func (p *devicesPage) testScan() {
	s, d, name := p.state(), p.w.ports.Devices, p.current().id
	s.out, s.heard = outcome{}, ""
	var code string
	var err error
	p.ask(p.w.Say("devices.scan_now"), func(ctx context.Context) { code, err = d.TestScan(ctx, name) }, func() {
		if err != nil {
			s.out = outcome{title: "devices.not_scanned", body: "devices.not_scanned_body", bad: true}
			return
		}
		s.heard = code
		p.w.play("added")
	})
}

func (p *devicesPage) remove(name string) {
	w, s, d := p.w, p.state(), p.w.ports.Devices
	p.desk.Leave()
	if !w.may(till.MaySetUp) {
		s.out = w.mayNot()
		p.redraw()
		return
	}
	var err error
	w.act(&s.busy, "devices.removing", func(ctx context.Context) { err = d.Remove(ctx, name) }, func() {
		if err != nil {
			s.out = outcome{title: "devices.not_removed", body: "devices.not_saved_body", bad: true}
			return
		}
		s.loaded, s.chosen, s.out = false, "", outcome{title: "devices.removed"}
	})
}

func (p *devicesPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	again := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "refresh-cw", Label: w.Say("devices.look_again"), OnTap: p.load})
	actions := []fyne.CanvasObject{again}
	if s.edit == nil && s.loaded && s.failed == "" {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "plus", Label: w.Say("devices.add"), OnTap: func() { p.add("") }}))
	}
	sub := w.Say("devices.sub")
	switch {
	case s.failed != "":
		return p.office(PageDevices, w.Say("page.devices"), sub, actions, kit.NewCard(20, empty("triangle-alert", w.sayIf(s.failed), w.Say("devices.unreadable_body"))))
	case !s.loaded:
		return p.office(PageDevices, w.Say("page.devices"), sub, actions, kit.Space())
	case s.edit != nil:
		return p.office(PageDevices, p.editTitle(), w.Say("devices.edit_sub"), actions, kit.Row(12, kit.Grow(1, p.foundView()), kit.Fixed(p.pick(460, 400), p.editor())))
	}
	all := p.cards()
	at := p.chosen(all)
	grid := kit.Grid(2, 12, 124)
	for _, c := range all {
		grid.Add(p.cardView(c, c.id == at))
	}
	return p.office(PageDevices, w.Say("page.devices"), sub, actions, kit.Row(12, kit.Grow(1, p.kept.around("cards", kit.Inset(2, 10, 2, 2, grid))), kit.Fixed(p.pick(440, 380), p.detail(p.current()))))
}
