package ui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// provesOf are what a kind is to prove, in order.
func provesOf(kind string) []string {
	switch kind {
	case "printer":
		return []string{"status", "text", "width", "cut", "code", "drawer"}
	case "drawer":
		return []string{"drawer"}
	case "scanner":
		return []string{"scan"}
	case "scale":
		return []string{"weight"}
	case "terminal":
		return []string{"registers"}
	}
	return []string{"shows"}
}

// answer is a button under a question: what came of it.
type answer struct {
	label  string // a key of the catalogue
	result string
	do     func() // what follows from it, besides the result; may be nil
}

// proveView is the step in which the device proves itself before the person.
func (p *devicesPage) proveView() (left, right fyne.CanvasObject) {
	w, z := p.w, p.state().wizard
	col := kit.Col(0, kit.NewBold(w.Say("devices.proves."+z.kind), 18, kit.Ink), kit.Gap(8))
	for _, what := range provesOf(z.kind) {
		col.Add(p.provedLine(what, func() { p.again(what) }))
	}
	if hint := "devices.prove_hint." + z.kind; w.words.Has(hint) {
		col.Add(kit.Gap(12))
		col.Add(wrapped(w.Say(hint), 15, kit.Ink3))
	}
	return kit.NewCard(18, p.kept.around("proves", kit.Inset(2, 10, 2, 2, col))), p.side("prove-side", p.askView(), p.stepButtons("devices.next_report"))
}

// provedLine is one line of what was tried.
func (p *devicesPage) provedLine(what string, tap func()) fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	icon, ink, right := "circle-dashed", kit.Ink3, ""
	i := slices.IndexFunc(z.proved, func(x DeviceProved) bool { return x.What == what })
	if i >= 0 {
		x := z.proved[i]
		right = x.Seen
		switch x.Result {
		case "passed":
			icon, ink = "circle-check", kit.Accent
		case "failed":
			icon, ink = "octagon-x", kit.Danger
		default:
			icon, ink = "circle-minus", kit.Ink2
		}
		if right == "" {
			right = w.Say("devices.result." + x.Result)
		}
	}
	return checkLine(icon, ink, w.Say("devices.proof."+what), right, tap)
}

// again tries one thing again.
func (p *devicesPage) again(what string) {
	z := p.state().wizard
	z.asks = ""
	switch what {
	case "status":
		p.try("status")
	case "text", "width", "cut":
		if z.now.Test == "page" && z.now.OK {
			z.asks = what // the page is there still
		} else {
			p.try("page")
		}
	case "code":
		z.asks = "code"
	case "drawer":
		p.try("pin2")
	case "scan":
		p.try("scan")
	case "weight":
		p.try("weight")
	case "registers":
		p.try("register")
	case "shows":
		if z.kind == "display" {
			p.try("show")
		} else {
			z.asks = "shows"
		}
	}
	p.redraw()
}

// askView is the test under way, and what the person is asked about it.
func (p *devicesPage) askView() fyne.CanvasObject {
	w, z := p.w, p.state().wizard
	t := z.now
	p.value, p.valueSub = nil, nil
	col := kit.Col(12, outcomeNote(w, p.state().out))
	switch {
	case z.asks != "":
		p.questionView(col)
	case z.kind == "scanner" && t.Running:
		col.Add(kit.NewBold(w.Say("devices.scan_this"), 18, kit.Ink))
		col.Add(p.codeView())
		col.Add(wrapped(w.Say("devices.scan_this_body"), 16, kit.Ink2))
	case z.kind == "scanner" && t.OK:
		p.panel(col, t.Value, w.Say("devices.scan_read"))
	case z.kind == "scale" && t.Running:
		col.Add(kit.NewBold(w.Say("devices.put_on"), 18, kit.Ink))
		p.weightPanel(col)
		if t.Reason != "" {
			col.Add(p.faultView(t))
		}
	case t.Running:
		col.Add(busyNote(w, "devices.trying."+t.Test))
		if t.Test == "show" {
			p.panel(col, t.Value, w.Say("devices.shows_now"))
		}
	case t.Test == "status" && t.Reason == "timeout":
		col.Add(outcomeNote(w, outcome{title: "devices.status_silent", body: "devices.status_silent_body", bad: true}))
	case t.Reason != "" && !t.OK:
		col.Add(p.faultView(t))
	case z.kind == "terminal" && t.OK:
		p.panel(col, t.Value, w.Say("devices.terminal_ready"))
	}
	p.tryButtons(col)
	return col
}

// tryButtons are what can be tried next.
func (p *devicesPage) tryButtons(col *fyne.Container) {
	w, z := p.w, p.state().wizard
	if z.now.Running && z.kind != "scale" && z.kind != "scanner" || z.asks != "" {
		return
	}
	button := func(icon, label, test string) {
		col.Add(kit.NewButton(kit.ButtonSpec{Icon: icon, Label: w.Say(label), OnTap: func() { z.asks = ""; p.try(test); p.redraw() }}))
	}
	switch z.kind {
	case "printer":
		button("printer", "devices.print_page", "page")
		button("archive", "devices.open_drawer", "pin2")
	case "drawer":
		button("archive", "devices.open_drawer", "pin2")
	case "scanner", "scale", "display", "terminal":
		if !z.now.Running {
			button("rotate-ccw", "devices.try_again", map[string]string{"scanner": "scan", "scale": "weight", "display": "show", "terminal": "register"}[z.kind])
		}
	}
}

// panel shows what a device says, large.
func (p *devicesPage) panel(col *fyne.Container, value, sub string) {
	p.value = kit.NewBold(value, 34, kit.OnTotal)
	p.valueSub = kit.NewLabel(sub, 16, kit.TotalOk)
	col.Add(kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(14, 18, 14, 18, kit.Col(4, p.valueSub, p.value))))
}

func (p *devicesPage) weightPanel(col *fyne.Container) {
	value, sub := p.weightNow()
	p.panel(col, value, sub)
}

// weightNow is the weight on the scale, and whether it could be sold.
func (p *devicesPage) weightNow() (value, sub string) {
	t := p.state().wizard.now
	if value = t.Value; value == "" {
		value = "-.--- kg"
	}
	if t.State == "" && t.Value != "" {
		return value, p.w.Say("devices.weight.ok")
	}
	if t.State == "" {
		return value, p.w.Say("devices.weight.no_weight")
	}
	return value, p.weightWords(t.State)
}

// tell changes what counts on in its place.
func (p *devicesPage) tell() {
	z := p.state().wizard
	if p.value == nil {
		return
	}
	if z.kind == "scale" {
		value, sub := p.weightNow()
		p.value.Set(value, kit.OnTotal)
		p.valueSub.Set(sub, kit.TotalOk)
		return
	}
	p.value.Set(z.now.Value, kit.OnTotal)
}

// questionView asks the person what was seen.
func (p *devicesPage) questionView(col *fyne.Container) {
	w, z := p.w, p.state().wizard
	key := "devices.ask." + z.asks
	if k := key + "." + z.kind; w.words.Has(k) {
		key = k
	}
	col.Add(wrapped(w.Say(key, "pin", strings.TrimPrefix(z.pin, "pin"), "paper", paperOf(z.d.Settings["profile"])), 18, kit.Ink))
	if z.asks == "weight" {
		p.weightPanel(col)
	}
	if z.asks == "code" {
		col.Add(wrapped(w.Say("devices.ask.code_body"), 15, kit.Ink2))
	}
	for _, a := range p.answers() {
		col.Add(kit.NewButton(kit.ButtonSpec{Label: w.Say(a.label), OnTap: func() { p.answered(a) }}))
	}
}

// answers are what can be said to the question that is up.
func (p *devicesPage) answers() []answer {
	z := p.state().wizard
	switch z.asks {
	case "text":
		return []answer{{"devices.ask.line1", "passed", nil}, {"devices.ask.line2", "passed", p.useRaster}, {"devices.ask.none", "failed", nil}}
	case "width":
		return []answer{{"devices.ask.yes", "passed", nil}, {"devices.ask.wraps", "failed", p.turnPaper}, {"devices.ask.narrow", "failed", p.turnPaper}}
	case "cut":
		return []answer{{"devices.ask.yes", "passed", nil}, {"devices.ask.no", "failed", nil}, {"devices.ask.no_cutter", "skipped", nil}}
	case "code":
		return []answer{{"devices.ask.no_code", "failed", nil}, {"devices.ask.skip", "skipped", nil}}
	case "drawer":
		if z.pin == "pin2" {
			return []answer{{"devices.ask.opened", "passed", p.learnPin}, {"devices.ask.other_pin", "", p.otherPin}, {"devices.ask.no_drawer", "skipped", nil}}
		}
		return []answer{{"devices.ask.opened", "passed", p.learnPin}, {"devices.ask.not_opened", "failed", nil}, {"devices.ask.no_drawer", "skipped", nil}}
	}
	return []answer{{"devices.ask.yes", "passed", nil}, {"devices.ask.no", "failed", nil}}
}

// answered notes what the person saw, and asks the next.
func (p *devicesPage) answered(a answer) {
	z := p.state().wizard
	asked := z.asks
	z.asks = ""
	p.state().out = outcome{}
	seen := ""
	if asked == "weight" && a.result == "passed" {
		seen = z.now.Value
	}
	if a.result != "" {
		p.prove(asked, a.result, seen)
	}
	if a.result == "passed" {
		p.w.play("added")
	}
	switch asked {
	case "text":
		z.asks = "width"
	case "width":
		z.asks = "cut"
	case "cut":
		z.asks = "code"
	}
	if a.do != nil {
		a.do()
	}
	p.redraw()
}

// useRaster prints Chinese as pictures from now on: the printer has no font for it.
func (p *devicesPage) useRaster() {
	z := p.state().wizard
	p.setPaper(paperOf(z.d.Settings["profile"]), true)
	p.prove("text", "passed", p.w.Say("devices.seen.raster"))
	p.state().out = outcome{title: "devices.raster_now", body: "devices.raster_now_body"}
}

// turnPaper takes the other width, and asks for another page.
func (p *devicesPage) turnPaper() {
	z := p.state().wizard
	profile := z.d.Settings["profile"]
	p.setPaper(map[string]string{"80": "58", "58": "80"}[paperOf(profile)], strings.HasSuffix(profile, "-raster"))
	z.asks = ""
	p.state().out = outcome{title: "devices.paper_now", args: []string{"paper", paperOf(z.d.Settings["profile"])}, body: "devices.paper_now_body"}
}

// learnPin keeps the pin that opened the drawer.
func (p *devicesPage) learnPin() {
	z := p.state().wizard
	pin := strings.TrimPrefix(z.pin, "pin")
	p.set("drawer_pin", pin)
	p.prove("drawer", "passed", p.w.Say("devices.seen.pin", "pin", pin))
}

// otherPin tries the other pin.
func (p *devicesPage) otherPin() { p.try("pin5") }

// scanned takes a code that a scanner at work, or one that types, read while a device is set up.
func (p *devicesPage) scanned(code string) {
	z := p.state().wizard
	right := strings.Contains(code, ProofCode)
	switch {
	case z.step != stepProve && z.step != stepLine:
		return
	case z.asks == "code" && right:
		z.asks = ""
		p.prove("code", "passed", "")
		p.w.play("added")
	case z.asks == "code":
		p.state().out = outcome{title: "devices.other_code", body: "devices.other_code_body", bad: true}
		p.w.play("notfound")
	case z.kind == "scanner" && right:
		p.state().out = outcome{title: "devices.types", body: "devices.types_body"}
	default:
		return
	}
	p.redraw()
}

// reportView is the last step: what was proved, when, and that the device is at work.
func (p *devicesPage) reportView() (left, right fyne.CanvasObject) {
	w, s := p.w, p.state()
	z := s.wizard
	col := kit.Col(0, kit.NewBold(w.Say("devices.report"), 18, kit.Ink), kit.Gap(8))
	failed := false
	for _, what := range provesOf(z.kind) {
		col.Add(p.provedLine(what, nil))
		failed = failed || z.result(what) == "failed"
	}
	facts := kit.Col(0)
	line := func(key, value string) {
		if value != "" {
			facts.Add(factLine(w.Say("devices."+key), value, kit.Ink))
			facts.Add(kit.Hairline())
		}
	}
	if z.kind != "screen" {
		line("connection", w.linkWords(z.d.Address))
		line("model", p.modelWords(z.d))
	}
	if z.kept {
		line("proved_at", w.local(z.keptAt).Format("2006-01-02 15:04"))
		line("proved_by", p.whoName())
	}
	col.Add(kit.Gap(14))
	col.Add(facts)
	side := kit.Col(12, busyNote(w, s.busy), outcomeNote(w, s.out))
	label := "devices.finish"
	switch {
	case !z.kept:
		label = "devices.save"
	case failed:
		side.Add(outcomeNote(w, outcome{title: "devices.kept_failed", body: "devices.kept_failed_body", bad: true}))
	default:
		side.Add(outcomeNote(w, outcome{title: "devices.kept", body: "devices.kept_body"}))
	}
	if z.kept {
		side.Add(wrapped(w.Say("devices.kept_where"), 15, kit.Ink3))
	}
	return kit.NewCard(18, p.kept.around("report", kit.Inset(2, 10, 2, 2, col))), p.side("report-side", side, p.reportButtons(label))
}

// reportButtons is the way out of a device that is set up; one that could not be saved can be changed first.
func (p *devicesPage) reportButtons(label string) fyne.CanvasObject {
	if !p.state().wizard.kept {
		return p.stepButtons(label)
	}
	return kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: p.w.Say(label), Key: "F9", OnTap: p.next})
}

// modelWords names the model or language of a device.
func (p *devicesPage) modelWords(d DeviceConfig) string {
	id := d.Settings[driverKey(d.Kind)]
	if d.Kind == "printer" && strings.HasPrefix(id, "generic-") {
		return p.w.profileWords(id)
	}
	for _, m := range p.w.ports.Devices.Drivers(d.Kind) {
		if m.ID == id {
			return p.driverWords(m)
		}
	}
	return id
}

// provedWords says of a device what it proved, in one line.
func (p *devicesPage) provedWords(x DeviceProof) string {
	passed, failed := 0, 0
	for _, s := range x.Steps {
		switch s.Result {
		case "passed":
			passed++
		case "failed":
			failed++
		}
	}
	at := p.w.local(x.At).Format("01-02 15:04")
	if failed > 0 {
		return p.w.Say("devices.proved_some", "time", at, "n", strconv.Itoa(failed))
	}
	return p.w.Say("devices.proved_all", "time", at, "n", strconv.Itoa(passed))
}
