package ui

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// ProofCode is the code that a test page prints and that the screen shows, for the shop's own scanner to read.
const ProofCode = "GUITAI-TEST-0123456789"

// The steps of setting a device up. Kinds leave some out.
const (
	stepKind   = "kind"
	stepPort   = "port"
	stepModel  = "model"
	stepLine   = "line"
	stepProve  = "prove"
	stepReport = "report"
)

// deviceKinds are what can be set up, with what a shop needs most in front.
var deviceKinds = []string{"printer", "drawer", "scanner", "scale", "display", "terminal", "screen"}

// stepsOf are the steps of a kind.
func stepsOf(kind string) []string {
	switch kind {
	case "drawer", "screen":
		return []string{stepProve, stepReport}
	case "scanner":
		return []string{stepPort, stepLine, stepProve, stepReport}
	}
	return []string{stepPort, stepModel, stepLine, stepProve, stepReport}
}

// wizardTick is how often a test that runs is looked at.
const wizardTick = 200 * time.Millisecond

// deviceWizard is a device on its way from a plug to a proof.
type deviceWizard struct {
	kind, step string
	was        string // its name where it is changed; "" for a new one
	d          DeviceConfig
	places     []DevicePlace
	looked     bool
	typing     bool // the address is typed in
	link       link
	typed      map[string]string // by kind of link: what was typed for it
	fault      map[string]string
	reach      DeviceTrying   // what came of opening the port
	now        DeviceTrying   // the test that runs, or ran last
	proved     []DeviceProved // in the order in which it was tried
	pin        string         // the test of a drawer's pin that is asked about
	asks       string         // what the person is asked; "" for nothing
	kept       bool
	keptAt     time.Time
}

// add begins to set a device up; "" lets the person choose the kind.
func (p *devicesPage) add(kind string) {
	s := p.state()
	if !p.maySetUp() {
		return
	}
	p.desk.Leave()
	s.out = outcome{}
	s.wizard = &deviceWizard{kind: kind, step: stepKind, typed: map[string]string{}}
	if kind != "" {
		p.begin(kind)
		return
	}
	p.makeFields()
	p.redraw()
}

// maySetUp reports whether the person may change devices, and says so where not.
func (p *devicesPage) maySetUp() bool {
	if p.w.may(till.MaySetUp) {
		return true
	}
	p.state().out = p.w.mayNot()
	p.redraw()
	return false
}

// begin takes the kind up.
func (p *devicesPage) begin(kind string) {
	s := p.state()
	z := s.wizard
	z.kind, z.proved, z.asks, z.kept = kind, nil, "", false
	z.step = stepsOf(kind)[0]
	s.out = outcome{}
	switch kind {
	case "drawer":
		printers := s.of("printer")
		if len(printers) == 0 {
			z.step = stepKind
			s.out = outcome{title: "devices.drawer.no_printer", body: "devices.drawer.no_printer_body", bad: true}
			p.redraw()
			return
		}
		z.d, z.was = clone(printers[0]), printers[0].Name
	case "screen":
		z.d = DeviceConfig{Name: "screen", Kind: "screen"}
	default:
		z.d = p.w.ports.Devices.Draft(kind, "", "")
		z.link = link{kind: linkSerial, baud: "9600"}
		if kind == "printer" || kind == "terminal" {
			z.link = link{kind: linkTCP, port: p.usualPort()}
		}
		p.look()
	}
	p.makeFields()
	p.enter()
	p.redraw()
}

// usualPort is the network port that devices of the kind listen at.
func (p *devicesPage) usualPort() string {
	if p.state().wizard.kind == "terminal" {
		return "20007"
	}
	return "9100"
}

func clone(c DeviceConfig) DeviceConfig {
	c.Settings = maps.Clone(c.Settings)
	if c.Settings == nil {
		c.Settings = map[string]string{}
	}
	return c
}

// change sets a device up anew, from the step that is asked for.
func (p *devicesPage) change(c DeviceConfig, step string) {
	s := p.state()
	if !p.maySetUp() {
		return
	}
	p.desk.Leave()
	s.out = outcome{}
	s.wizard = &deviceWizard{kind: c.Kind, was: c.Name, step: step, d: clone(c), link: linkOf(c.Address), typed: map[string]string{}}
	p.look()
	p.makeFields()
	p.enter()
	p.redraw()
}

// look lists the places again.
func (p *devicesPage) look() {
	z, d := p.state().wizard, p.w.ports.Devices
	var list []DevicePlace
	p.ask("", func(ctx context.Context) { list, _ = d.Places(ctx) }, func() {
		z.places, z.looked = list, true
	})
}

// leaveWizard gives the setting up of a device up. The till has its port back.
func (p *devicesPage) leaveWizard() {
	s := p.state()
	p.w.ports.Devices.End()
	s.wizard, s.loaded = nil, false
	p.fields = map[string]*kit.Field{}
	p.load()
	p.redraw()
}

// goTo visits a step.
func (p *devicesPage) goTo(step string) {
	z := p.state().wizard
	p.state().out = outcome{}
	z.step, z.asks, z.now = step, "", DeviceTrying{}
	p.w.ports.Devices.End()
	p.makeFields()
	p.enter()
	p.redraw()
}

// enter begins what a step does by itself.
func (p *devicesPage) enter() {
	z := p.state().wizard
	switch z.step {
	case stepProve:
		switch z.kind {
		case "printer":
			p.try("status")
		case "scanner":
			p.try("scan")
		case "scale":
			p.try("weight")
		case "display":
			p.try("show")
		case "terminal":
			p.try("register")
		case "screen":
			z.asks = "shows"
		}
	case stepLine:
		if z.kind == "scale" && z.d.Settings["driver"] == "pattern" {
			p.try("lines")
		}
	}
}

// try begins a test of the device as it is drafted, and looks at it until it ends.
func (p *devicesPage) try(test string) {
	z := p.state().wizard
	p.state().out = outcome{}
	p.w.ports.Devices.Try(z.d, test)
	z.now = p.w.ports.Devices.Trying()
	p.follow()
}

// follow takes what came of a test, and looks again while it runs.
func (p *devicesPage) follow() {
	z := p.state().wizard
	if p.stops != nil || z == nil {
		return
	}
	p.stops = p.w.ports.After(wizardTick, func() {
		p.stops = nil
		if p.w.page() != page(p) || p.state().wizard != z {
			return
		}
		t := p.w.ports.Devices.Trying()
		was := z.now
		if t.Seq != was.Seq && t.Test != "" {
			z.now = t
			p.took(was, t)
			// What only counts on is changed in its place: a page that is drawn anew would take a button from under the finger.
			if p.shape(was) != p.shape(t) {
				p.redraw()
			} else {
				p.tell()
			}
		}
		if t.Running {
			p.follow()
		}
	})
}

// shape is what of a test a page is drawn by.
func (p *devicesPage) shape(t DeviceTrying) string {
	return t.Test + " " + strconv.FormatBool(t.Running) + strconv.FormatBool(t.OK) + t.Reason + t.Holder + t.Mend + " " + strconv.Itoa(t.Step) + " " + strconv.Itoa(len(t.Lines))
}

// took is told of a test each time that it has come further.
func (p *devicesPage) took(was, t DeviceTrying) {
	z := p.state().wizard
	passed := t.OK && !was.OK
	switch t.Test {
	case "reach":
		z.reach = t
	case "sweep":
		if passed {
			z.d.Address, z.d.Settings = t.Found.Address, maps.Clone(t.Found.Settings)
			z.link = linkOf(z.d.Address)
			p.w.play("added")
			p.makeFields()
		}
	case "status":
		switch {
		case t.Running:
		case t.OK || t.Reason == "paper_low":
			p.prove("status", "passed", t.Value)
		case t.Reason == "timeout":
			p.prove("status", "skipped", "")
		default:
			p.prove("status", "failed", p.reasonWords(t.Reason))
		}
	case "page":
		if !t.Running && t.OK {
			z.asks = "text"
		}
	case "pin2", "pin5":
		if !t.Running && t.OK {
			z.pin, z.asks = t.Test, "drawer"
		}
	case "scan":
		if passed {
			p.prove("scan", "passed", "")
			p.w.play("added")
		}
	case "weight":
		if passed {
			z.asks = "weight"
			p.w.play("added")
		}
	case "show":
		if passed {
			z.asks = "shows"
		}
	case "register":
		if !t.Running {
			p.prove("registers", map[bool]string{true: "passed", false: "failed"}[t.OK], t.Value)
		}
	}
	if !t.Running && was.Running && !t.OK && t.Test != "reach" && t.Test != "status" {
		p.w.play("failed")
	}
}

// prove notes the result of something that was tried, in the place of the one before.
func (p *devicesPage) prove(what, result, seen string) {
	z := p.state().wizard
	x := DeviceProved{What: what, Result: result, Seen: seen}
	if i := slices.IndexFunc(z.proved, func(o DeviceProved) bool { return o.What == what }); i >= 0 {
		z.proved[i] = x
		return
	}
	z.proved = append(z.proved, x)
}

// result is what came of something that was tried; "" where nobody did.
func (z *deviceWizard) result(what string) string {
	for _, x := range z.proved {
		if x.What == what {
			return x.Result
		}
	}
	return ""
}

// next goes on to the step behind this one, where nothing is missing.
func (p *devicesPage) next() {
	z := p.state().wizard
	if z == nil || p.state().busy != "" {
		return
	}
	steps := stepsOf(z.kind)
	at := slices.Index(steps, z.step)
	switch {
	case z.step == stepKind:
		return
	case z.step == stepReport && z.kept:
		p.finish()
		return
	case z.step == stepReport:
		p.keep()
		return
	case z.step == stepPort && !p.takeAddress():
		return
	case z.step == stepLine && !p.takeLine():
		return
	}
	if steps[at+1] == stepReport {
		z.step, z.asks = stepReport, ""
		p.w.ports.Devices.End()
		p.keep()
		return
	}
	p.goTo(steps[at+1])
}

// back goes to the step before, or out.
func (p *devicesPage) back() {
	z := p.state().wizard
	steps := stepsOf(z.kind)
	at := slices.Index(steps, z.step)
	switch {
	case z.kept, z.step == stepKind:
		p.leaveWizard()
	case at <= 0 && z.was == "":
		z.step = stepKind
		p.w.ports.Devices.End()
		p.redraw()
	case at <= 0:
		p.leaveWizard()
	default:
		p.goTo(steps[at-1])
	}
}

// keep sets the device up with what it proved. It is at work at once.
func (p *devicesPage) keep() {
	w, s, port := p.w, p.state(), p.w.ports.Devices
	z := s.wizard
	s.out = outcome{}
	if !p.maySetUp() {
		return
	}
	d := clone(z.d)
	if d.Name = z.was; d.Name == "" {
		d.Name = s.freeName(z.kind)
	}
	if z.kind == "screen" {
		d.Name = "screen"
	}
	proof := DeviceProof{Device: d.Name, Kind: d.Kind, At: w.ports.Now(), By: p.whoName(), Steps: slices.Clone(z.proved)}
	var err error
	w.act(&s.busy, "devices.saving", func(ctx context.Context) { err = port.Keep(ctx, d, proof) }, func() {
		if err != nil {
			s.out = outcome{title: "devices.not_saved", body: "devices.not_saved_body", bad: true}
			if till.CodeOf(err) != "" {
				s.out.title = w.refusalWords(err)
			}
			w.play("failed")
			return
		}
		z.kept, z.keptAt, z.d, z.was = true, proof.At, d, d.Name
		s.chosen = d.Name
		w.play("paid")
	})
}

func (p *devicesPage) whoName() string {
	if o := p.w.view.Operator; o != nil {
		return o.Name
	}
	return ""
}

// finish leaves a device that is set up.
func (p *devicesPage) finish() {
	s := p.state()
	name := s.wizard.d.Name
	p.leaveWizard()
	s.chosen = name
}

// freeName is a name that no device has.
func (s *devicesState) freeName(kind string) string {
	name := kind
	for n := 2; slices.ContainsFunc(s.list, func(c DeviceConfig) bool { return c.Name == name }); n++ {
		name = kind + "-" + strconv.Itoa(n)
	}
	return name
}

// wizardView is the page while a device is set up.
func (p *devicesPage) wizardView() fyne.CanvasObject {
	w := p.w
	z := p.state().wizard
	leave := kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Icon: "x", Label: w.Say("devices.wizard.later"), OnTap: p.leaveWizard})
	title, sub := w.Say("devices.wizard.title"), w.Say("devices.wizard.sub")
	if z.step == stepKind {
		return p.office(PageDevices, title, sub, []fyne.CanvasObject{leave}, p.kindsView())
	}
	title = w.Say("devices.setup." + z.kind)
	steps := stepsOf(z.kind)
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = w.Say("devices.step." + s)
	}
	visit := func(i int) { p.goTo(steps[i]) }
	if z.kept {
		visit = nil
		leave = kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "plus", Label: w.Say("devices.wizard.another"), OnTap: func() {
			p.leaveWizard()
			p.add("")
		}})
	}
	var left, right fyne.CanvasObject
	switch z.step {
	case stepPort:
		left, right = p.portView()
	case stepModel:
		left, right = p.modelView()
	case stepLine:
		left, right = p.lineView()
	case stepProve:
		left, right = p.proveView()
	case stepReport:
		left, right = p.reportView()
	}
	body := kit.Col(12, kit.NewSteps(names, slices.Index(steps, z.step), visit), kit.Grow(1, kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(400, 340), right))))
	return p.office(PageDevices, title, sub, []fyne.CanvasObject{leave}, body)
}

// kindsView lets the person choose what is set up.
func (p *devicesPage) kindsView() fyne.CanvasObject {
	w := p.w
	grid := kit.Grid(2, 12, 104)
	for _, kind := range deviceKinds {
		words := kit.Col(2, kit.NewBold(w.Say("devices.kind."+kind), 18, kit.Ink), kit.NewLabel(w.Say("devices.kind_sub."+kind), 15, kit.Ink3))
		row := kit.Row(14, kit.Fixed(44, kit.Middle(kit.NewQuietPlate(kindIcons[kind], 44))), kit.Grow(1, kit.Middle(words)), kit.Middle(kit.NewIcon("chevron-right", 22, kit.Ink2)))
		grid.Add(kit.NewTap(kit.Style{Fill: kit.Surface, Edge: kit.Divider, Stroke: 1, Radius: kit.RadiusCard}, kit.Inset(0, 16, 0, 16, row), func() { p.begin(kind) }))
	}
	return kit.Col(10, outcomeNote(w, p.state().out), kit.Grow(1, p.kept.around("kinds", kit.Inset(2, 10, 2, 2, grid))))
}

var kindIcons = map[string]string{"printer": "printer", "drawer": "archive", "scanner": "scan-barcode", "scale": "scale", "display": "monitor", "terminal": "credit-card", "screen": "monitor-smartphone"}

// stepButtons are Back and Next at the foot of the right card.
func (p *devicesPage) stepButtons(next string) fyne.CanvasObject {
	w := p.w
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say(next), Key: "F9", OnTap: p.next})
	if p.state().busy != "" {
		main.Off(w.Say(p.state().busy))
	}
	return kit.Row(8, kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("devices.wizard.back"), OnTap: p.back})), kit.Grow(2, main))
}

// side is the card on the right of a step: what is said, and the buttons under it.
func (p *devicesPage) side(name string, content fyne.CanvasObject, foot ...fyne.CanvasObject) fyne.CanvasObject {
	all := kit.Col(8, kit.Grow(1, p.kept.around(name, kit.Inset(2, 10, 2, 2, content))))
	for _, o := range foot {
		all.Add(o)
	}
	return kit.NewCard(18, all)
}
