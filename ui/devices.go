package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// keyboardScanner names the scanners that type: they need no setting up and have no port.
const keyboardScanner = "keyboard"

// devicesState is what is known of the devices, and the one that is set up.
type devicesState struct {
	loaded  bool
	failed  string
	list    []DeviceConfig
	proofs  []DeviceProof
	chosen  string // name of a device, or the kind of a service
	wizard  *deviceWizard
	busy    string
	out     outcome
	heard   string // the code that a test read
	checked map[string]DeviceCheck
}

// devicesPage shows how the devices are, sets them up and tries them out.
type devicesPage struct {
	*desk
	kept   scrolls
	fields map[string]*kit.Field
	stops  func() // of the tick of a test

	value, valueSub *kit.Label // what a device says now, changed in its place
}

func newDevices(w *Window) page {
	if w.ports.Devices == nil {
		return nil
	}
	p := &devicesPage{kept: scrolls{}, fields: map[string]*kit.Field{}}
	p.desk = newDesk(w, p.paint)
	if w.office.devices.wizard != nil {
		p.makeFields()
		p.follow()
	}
	return p
}

func (p *devicesPage) state() *devicesState { return &p.w.office.devices }

// Title is part of page.
func (p *devicesPage) Title() string { return p.w.Say("page.devices") }

// Show is part of page.
func (p *devicesPage) Show(till.View) {
	if s := p.state(); !s.loaded && s.failed == "" && p.waiting == "" && s.wizard == nil {
		p.load()
		return
	}
	p.redraw()
}

// Status draws the page anew when a device changed. While a device is set up nothing of that is shown, and a page that is
// drawn anew would take a button from under the finger.
func (p *devicesPage) Status() {
	if p.state().wizard == nil {
		p.redraw()
	}
}

// Leave reads the devices anew next time and gives a test up.
func (p *devicesPage) Leave() {
	if p.state().wizard != nil {
		p.w.ports.Devices.End()
	}
	if p.stops != nil {
		p.stops()
		p.stops = nil
	}
	*p.state() = devicesState{}
	p.desk.Leave()
}

func (p *devicesPage) load() {
	s, d := p.state(), p.w.ports.Devices
	var list []DeviceConfig
	var proofs []DeviceProof
	var err error
	p.ask(p.w.Say("devices.looking"), func(ctx context.Context) {
		if list, err = d.Configured(ctx); err == nil {
			proofs, _ = d.Proofs(ctx) // devices work without what they proved
		}
	}, func() {
		s.loaded, s.failed = true, ""
		if err != nil {
			s.failed = "devices.unreadable"
			return
		}
		s.list, s.proofs = list, proofs
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

// status is how a device or service is, as the status bar has it.
func (p *devicesPage) status(name, kind string) (DeviceStatus, bool) {
	for _, d := range p.w.status {
		if d.Kind == kind && (d.Name == "" || name == "" || d.Name == name) {
			return d, true
		}
	}
	return DeviceStatus{}, false
}

// liveOf is how a device that is set up is.
func (p *devicesPage) liveOf(name string) (DeviceLive, bool) {
	i := slices.IndexFunc(p.w.live, func(l DeviceLive) bool { return l.Name == name })
	if i < 0 {
		return DeviceLive{}, false
	}
	return p.w.live[i], true
}

// proofOf is what a device proved last.
func (p *devicesPage) proofOf(name string) (DeviceProof, bool) {
	list := p.state().proofs
	i := slices.IndexFunc(list, func(x DeviceProof) bool { return x.Device == name })
	if i < 0 {
		return DeviceProof{}, false
	}
	return list[i], true
}

// card is one device on the left.
type deviceCard struct {
	id, kind, title, sub string
	config               *DeviceConfig
	status               DeviceStatus
	known                bool
	live                 DeviceLive
}

// cards are the devices in their order: what prints, what scans, what weighs and shows, then the services.
func (p *devicesPage) cards() []deviceCard {
	w, s := p.w, p.state()
	var out []deviceCard
	address := w.linkWords
	if p.narrow {
		address = func(a string) string { return linkOf(a).where() }
	}
	for _, kind := range []string{"printer", "scanner", "scale", "display", "terminal"} {
		list := s.of(kind)
		for i := range list {
			c := &list[i]
			title := w.Say("devices.kind." + kind)
			if len(list) > 1 && i > 0 {
				title += " " + decimal(i+1)
			}
			card := deviceCard{id: c.Name, kind: kind, title: title, sub: address(c.Address), config: c}
			if l, ok := p.liveOf(c.Name); ok {
				card.live, card.known = l, true
				card.status = DeviceStatus{Name: l.Name, Kind: kind, Health: l.Health, State: l.State}
				if l.Waiting > 0 {
					card.status.Detail = decimal(l.Waiting)
				}
			} else if st, ok := p.status(c.Name, kind); ok {
				card.status, card.known = st, true
			}
			if c.Settings["simulated"] == "yes" && card.status.Health != Fault {
				card.status.Health, card.status.State, card.known = Attention, "simulated", true
			}
			out = append(out, card)
		}
		switch {
		case kind == "printer" && len(list) == 0:
			out = append(out, deviceCard{id: "printer", kind: "printer", title: w.Say("status.printer"), sub: w.Say("devices.printer.none"), status: DeviceStatus{Health: Absent, State: "none"}, known: true})
		case kind == "printer":
			out = append(out, deviceCard{id: "drawer", kind: "drawer", title: w.Say("status.drawer"), sub: w.Say("devices.drawer.sub")})
		case kind == "scanner":
			out = append(out, deviceCard{id: keyboardScanner, kind: "scanner", title: w.Say("devices.scanner.keyboard"), sub: w.Say("devices.scanner.keyboard_sub"), status: DeviceStatus{State: "ready"}, known: true})
		}
	}
	shown := map[string]string{"printer": "printer", "scanner": "scanner", "drawer": "drawer", "scale": "scale", "pole": "display", "terminal": "terminal"}
	for _, st := range w.status {
		if kind := shown[st.Kind]; st.Health == Absent || kind != "" && (kind == "printer" || kind == "scanner" || kind == "drawer" || len(s.of(kind)) > 0) {
			continue
		}
		id := st.Kind
		if id == "display" {
			id = "screen" // a device may have the name display
		}
		out = append(out, deviceCard{id: id, kind: st.Kind, title: w.Say("status." + st.Kind), sub: w.Say("devices.service." + st.Kind), status: st, known: true})
	}
	return out
}

// choose shows a device on the right.
func (p *devicesPage) choose(id string) {
	s := p.state()
	p.desk.Leave()
	s.chosen, s.out, s.heard = id, outcome{}, ""
	p.redraw()
}

// Scan shows what a scanner read.
func (p *devicesPage) Scan(code string) bool {
	s := p.state()
	if s.wizard != nil {
		p.scanned(code)
		return true
	}
	if s.chosen == "" || s.chosen == "printer" {
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
	case e.Action == ActPay && s.wizard != nil:
		p.next()
	case e.Action == ActPay:
		p.test()
	case e.Action == ActBack && p.waiting != "":
		p.desk.Leave()
		p.redraw()
	case e.Action == ActBack && s.wizard != nil:
		p.back()
	case (e.Action == ActUp || e.Action == ActDown) && s.wizard == nil:
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
	case c.config != nil:
		p.check(c.id)
	}
}

// check asks devices that are at work whether they answer: the one named, or all for "". It takes no paper and no person.
func (p *devicesPage) check(name string) {
	s, d := p.state(), p.w.ports.Devices
	s.out = outcome{}
	var names []string
	for _, c := range s.list {
		if name == "" || c.Name == name {
			names = append(names, c.Name)
		}
	}
	got := map[string]DeviceCheck{}
	p.ask(p.w.Say("devices.checking"), func(ctx context.Context) {
		for _, n := range names {
			got[n] = d.Check(ctx, n)
		}
	}, func() {
		if s.checked == nil {
			s.checked = map[string]DeviceCheck{}
		}
		bad := ""
		for _, n := range names {
			if s.checked[n] = got[n]; !got[n].OK && bad == "" {
				bad = n
			}
		}
		switch {
		case bad != "":
			s.chosen = bad
			s.out = outcome{title: "devices.check_failed", args: []string{"device", bad, "reason", p.reasonWords(got[bad].Reason)}, body: p.mendKey(got[bad].Reason), bad: true}
			p.w.play("failed")
		case name == "":
			s.out = outcome{title: "devices.checked_all", args: []string{"n", decimal(len(names))}}
		default:
			s.out = outcome{title: "devices.checked", args: []string{"took", millisWords(got[name].Took)}}
		}
	})
}

// mendKey is what to do about a reason.
func (p *devicesPage) mendKey(reason string) string {
	if key := "devices.mend." + reason; p.w.words.Has(key) {
		return key
	}
	return "devices.mend.failure"
}

// millisWords is a short time.
func millisWords(d time.Duration) string { return decimal(max(1, int(d.Milliseconds()))) + " ms" }

// simulate lets a simulator stand in for a device, or the device itself again.
func (p *devicesPage) simulate(name string, on bool) {
	w, s, d := p.w, p.state(), p.w.ports.Devices
	p.desk.Leave()
	if !p.maySetUp() {
		return
	}
	var err error
	w.act(&s.busy, "devices.saving", func(ctx context.Context) { err = d.Simulate(ctx, name, on) }, func() {
		s.loaded, s.out = false, outcome{title: "devices.simulated_off"}
		if on {
			s.out = outcome{title: "devices.simulated_on", body: "devices.simulated_on_body"}
		}
		if err != nil {
			s.out = outcome{title: "devices.not_simulated", body: "devices.not_saved_body", bad: true}
		}
	})
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
	if !p.maySetUp() {
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
	if s.wizard != nil {
		return p.wizardView()
	}
	var actions []fyne.CanvasObject
	if s.loaded && s.failed == "" {
		if len(s.list) > 0 {
			actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "circle-play", Label: w.Say("devices.check_all"), OnTap: func() { p.check("") }}))
		}
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "plus", Label: w.Say("devices.add"), OnTap: func() { p.add("") }}))
	} else {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "refresh-cw", Label: w.Say("devices.look_again"), OnTap: p.load}))
	}
	sub := w.Say("devices.sub")
	switch {
	case s.failed != "":
		return p.office(PageDevices, w.Say("page.devices"), sub, actions, kit.NewCard(20, empty("triangle-alert", w.sayIf(s.failed), w.Say("devices.unreadable_body"))))
	case !s.loaded:
		return p.office(PageDevices, w.Say("page.devices"), sub, actions, kit.Space())
	}
	all := p.cards()
	at := p.chosen(all)
	grid := kit.Grid(2, 12, 124)
	for _, c := range all {
		grid.Add(p.cardView(c, c.id == at))
	}
	left := kit.Col(10, kit.Grow(1, p.kept.around("cards", kit.Inset(2, 10, 2, 2, grid))), p.handingOver())
	return p.office(PageDevices, w.Say("page.devices"), sub, actions, kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(440, 380), p.detail(p.current()))))
}
