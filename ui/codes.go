package ui

import (
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// codesState is the shop's payment codes, and the one that is set up.
type codesState struct {
	from   string // the setting that list was read from
	list   []CodeMethod
	read   bool
	broken bool // the setting cannot be read
	adding bool // a scheme is being chosen
	edit   *codeDraft
	sent   string  // the setting that is on its way to the register; "" for none
	wait   bool    // something is on its way
	said   outcome // what to say once it is there
	seen   uint64  // the notice that was shown
	out    outcome
}

// codeDraft is a payment code as typed.
type codeDraft struct {
	at     int // its place in the list; -1 for a new one
	method CodeMethod
	tried  bool // it was to be saved; faults are shown from then on
	fault  map[string]string
}

// codesPage sets up the payment codes that need no contract.
type codesPage struct {
	*desk
	kept   scrolls
	fields map[string]*kit.Field
	qr     *kit.QR
	hold   *fyne.Container // the code, or why there is none
}

func newCodes(w *Window) page {
	if w.ports.Office.Codes == nil {
		return nil
	}
	p := &codesPage{kept: scrolls{}, fields: map[string]*kit.Field{}, hold: kit.Stack()}
	p.desk = newDesk(w, p.paint)
	if w.office.codes.edit != nil {
		p.makeFields()
	}
	return p
}

func (p *codesPage) state() *codesState { return &p.w.office.codes }

// Title is part of page.
func (p *codesPage) Title() string { return p.w.Say("page.codes") }

// Show is part of page: what was saved is in the settings now, what was refused is said.
func (p *codesPage) Show(v till.View) {
	s := p.state()
	if !s.read || s.from != v.Settings.Methods {
		list, err := p.w.ports.Office.Codes.Read(v.Settings.Methods)
		s.read, s.from, s.list, s.broken = true, v.Settings.Methods, list, err != nil
	}
	if s.wait {
		if v.Settings.Methods == s.sent {
			s.wait, s.edit, s.out = false, nil, s.said
		} else if n := v.Notice; n != nil && n.Seq != s.seen && n.Kind == till.Refused && v.Approval == nil {
			s.wait = false // the window says why
		}
	}
	if n := v.Notice; n != nil {
		s.seen = n.Seq
	}
	p.redraw()
}

// Notices keeps "saved" to the page, which says what was saved.
func (p *codesPage) Notices() bool { return p.w.saidSaved() }

// Leave forgets what was not saved.
func (p *codesPage) Leave() {
	*p.state() = codesState{}
	p.desk.Leave()
}

// scheme finds a scheme by its tender kind.
func (p *codesPage) scheme(k till.TenderKind) (CodeScheme, bool) {
	for _, s := range p.schemes() {
		if s.Kind == k {
			return s, true
		}
	}
	return CodeScheme{}, false
}

func (p *codesPage) schemes() []CodeScheme {
	return p.w.ports.Office.Codes.Schemes(p.w.Currency().Code)
}

// begin sets a new code up for a scheme.
func (p *codesPage) begin(x CodeScheme) {
	s := p.state()
	title := p.w.ItemName(x.Title, x.TitleEN)
	s.adding, s.wait, s.out = false, false, outcome{}
	s.edit = &codeDraft{at: -1, method: CodeMethod{Name: title, Kind: x.Kind, Title: title, TitleEN: title, Values: map[string]string{}, On: true}}
	p.makeFields()
	if len(x.Fields) > 0 {
		p.focusNext = p.fields[x.Fields[0].Key]
	}
	p.redraw()
}

// open changes a code that is set up.
func (p *codesPage) open(i int) {
	s := p.state()
	m := s.list[i]
	m.Values = maps.Clone(m.Values)
	if m.Values == nil {
		m.Values = map[string]string{}
	}
	s.adding, s.wait, s.out, s.edit = false, false, outcome{}, &codeDraft{at: i, method: m}
	p.makeFields()
	p.redraw()
}

func (p *codesPage) makeFields() {
	w, d := p.w, p.state().edit
	p.fields = map[string]*kit.Field{}
	add := func(key, value string, spec kit.FieldSpec, set func(string)) {
		spec.Small = true
		spec.OnChange = func(t string) { set(t); p.typed() }
		spec.OnEnter = func(string) { p.save() }
		p.fields[key] = kit.NewField(spec, value)
	}
	add("name", d.method.Name, kit.FieldSpec{Label: w.Say("codes.name"), Limit: 30}, func(t string) {
		d.method.Name, d.method.Title, d.method.TitleEN = t, t, t
	})
	x, _ := p.scheme(d.method.Kind)
	for _, f := range x.Fields {
		label := w.ItemName(f.Title, f.TitleEN)
		if f.Optional {
			label += w.Say("codes.optional")
		}
		spec := kit.FieldSpec{Label: label, Placeholder: w.ItemName(f.Hint, f.HintEN), Limit: 520, Password: f.Secret}
		if f.Key == "code" {
			spec.TrailIcon = "scan-qr-code"
		}
		add(f.Key, d.method.Values[f.Key], spec, func(t string) { d.method.Values[f.Key] = t })
	}
	p.check()
}

// typed draws the code of what is typed so far.
func (p *codesPage) typed() {
	p.state().out = outcome{}
	p.check()
}

// check builds the code and, once it was to be saved, shows what is wrong at the fields. It reports whether all is
// well.
func (p *codesPage) check() bool {
	w, s := p.w, p.state()
	d := s.edit
	m := d.method
	m.Name = strings.TrimSpace(m.Name)
	text, faults := w.ports.Office.Codes.Check(m)
	d.fault = map[string]string{}
	for key, code := range faults {
		words := "codes.fault." + code
		if !w.words.Has(words) {
			words = "codes.fault"
		}
		if p.fields[key] == nil {
			key = "name" // about the code as a whole
		}
		d.fault[key] = words
	}
	for i, o := range s.list {
		if i != d.at && o.Name == m.Name {
			d.fault["name"] = "codes.fault.taken"
		}
	}
	for key, f := range p.fields {
		words := ""
		if d.tried {
			words = w.sayIf(d.fault[key])
		}
		f.SetProblem(words)
	}
	p.showCode(text)
	return len(d.fault) == 0
}

// showCode shows the code for the smallest amount, or that something is still missing.
func (p *codesPage) showCode(text string) {
	w, d := p.w, p.state().edit
	p.hold.Objects = nil
	if text != "" {
		p.qr = kit.NewQR(p.pick(230, 190))
		if p.qr.Set(text) == nil {
			p.hold.Objects = []fyne.CanvasObject{kit.Centre(kit.NewQRFrame(plateName(d.method.Kind), p.qr))}
		}
	}
	if p.hold.Objects == nil {
		p.hold.Objects = []fyne.CanvasObject{empty("qr-code", w.Say("codes.no_code"), w.Say("codes.no_code_body"))}
	}
	p.hold.Refresh()
}

// save keeps the code that is typed.
func (p *codesPage) save() {
	s := p.state()
	d := s.edit
	if d == nil || s.wait {
		return
	}
	d.tried = true
	if !p.check() {
		p.w.play("failed")
		x, _ := p.scheme(d.method.Kind)
		for _, key := range append([]string{"name"}, fieldKeys(x)...) {
			if d.fault[key] != "" {
				p.focusNext = p.fields[key]
				break
			}
		}
		p.redraw()
		return
	}
	m := d.method
	m.Name, m.Title, m.TitleEN = strings.TrimSpace(m.Name), strings.TrimSpace(m.Title), strings.TrimSpace(m.TitleEN)
	list := slices.Clone(s.list)
	if d.at < 0 {
		list = append(list, m)
	} else {
		list[d.at] = m
	}
	p.send(list, outcome{title: "codes.saved", args: []string{"name", m.Name}})
}

func fieldKeys(x CodeScheme) []string {
	var out []string
	for _, f := range x.Fields {
		out = append(out, f.Key)
	}
	return out
}

// send hands the codes to the register; its answer comes with a view.
func (p *codesPage) send(list []CodeMethod, said outcome) {
	w, s := p.w, p.state()
	setting, err := w.ports.Office.Codes.Write(list)
	if err != nil {
		s.out = outcome{title: "codes.not_saved", body: "codes.not_saved_body", bad: true}
		p.redraw()
		return
	}
	if setting == w.view.Settings.Methods {
		s.edit, s.out = nil, said
		p.redraw()
		return
	}
	s.sent, s.wait, s.said = setting, true, said
	w.Do(till.SetSetting{Settings: []till.Setting{{Key: "qr_methods", Value: setting}}})
}

// remove takes a code out. What was paid by it stays in the books.
func (p *codesPage) remove(i int) {
	s := p.state()
	name := s.list[i].Name
	p.send(slices.Delete(slices.Clone(s.list), i, i+1), outcome{title: "codes.removed", args: []string{"name", name}})
}

// raise puts a code before the one above it; the cashier sees them in this order.
func (p *codesPage) raise(i int) {
	list := slices.Clone(p.state().list)
	list[i-1], list[i] = list[i], list[i-1]
	p.send(list, outcome{title: "codes.moved"})
}

// Scan fills in the shop's own printed code.
func (p *codesPage) Scan(code string) bool {
	s := p.state()
	f := p.fields["code"]
	if s.edit == nil || f == nil {
		return false
	}
	s.edit.method.Values["code"] = code
	f.SetText(code)
	p.typed()
	p.w.play("added")
	p.redraw()
	return true
}

// Key saves and goes back.
func (p *codesPage) Key(e KeyEvent) bool {
	s := p.state()
	switch {
	case p.desk.Key(e):
	case e.Action == ActPay:
		p.save()
	case e.Action == ActBack && s.edit != nil:
		s.edit = nil
		p.redraw()
	case e.Action == ActBack && s.adding:
		s.adding = false
		p.redraw()
	default:
		return false
	}
	return true
}

func (p *codesPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	var actions []fyne.CanvasObject
	if s.edit == nil && !s.adding {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Small, Icon: "plus", Label: w.Say("codes.add"), OnTap: func() { s.adding, s.out = true, outcome{}; p.redraw() }}))
	}
	col := kit.Col(10, outcomeNote(w, s.out))
	title, sub := w.Say("page.codes"), w.Say("codes.sub")
	switch {
	case s.edit != nil:
		x, _ := p.scheme(s.edit.method.Kind)
		title = w.ItemName(x.Title, x.TitleEN)
		col.Add(kit.Grow(1, p.editor()))
	case s.adding:
		title, sub = w.Say("codes.choose"), w.Say("codes.choose_sub", "currency", w.Currency().Code)
		col.Add(kit.Grow(1, p.schemesView()))
	default:
		col.Add(kit.Grow(1, p.listView()))
	}
	return p.office(PageCodes, title, sub, actions, col)
}

func (p *codesPage) listView() fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.broken {
		return kit.NewCard(20, empty("triangle-alert", w.Say("codes.broken"), w.Say("codes.broken_body")))
	}
	if len(s.list) == 0 {
		return kit.NewCard(20, empty("qr-code", w.Say("codes.none"), w.Say("codes.none_body")))
	}
	var rows []tableRow
	for i, m := range s.list {
		x, _ := p.scheme(m.Kind)
		state := kit.NewBadge(kit.Good, "circle-check", w.Say("codes.on"))
		if !m.On {
			state = kit.NewBadge(kit.Plain, "circle-minus", w.Say("codes.off"))
		} else if _, faults := w.ports.Office.Codes.Check(m); len(faults) > 0 {
			state = kit.NewBadge(kit.Caution, "triangle-alert", w.Say("codes.wrong"))
		}
		up := fyne.CanvasObject(kit.Gap(48))
		if i > 0 {
			up = kit.NewIconButton(kit.Ghost, kit.Small, "arrow-up", func() { p.raise(i) })
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{codePlate(m.Kind, m.Name, 40),
			kit.Col(0, strong(m.Name, 18, kit.Ink), text(w.ItemName(x.Title, x.TitleEN), 15, kit.Ink3)), text(m.Values["payee"], 16, kit.Ink2), kit.Row(0, state, kit.Space()), up}, false, func() { p.open(i) }})
	}
	return kit.Col(10, kit.Grow(1, table([]column{{"", 44, false}, {w.Say("codes.name"), 0, false}, {w.Say("codes.payee"), p.pick(240, 180), false}, {w.Say("codes.state"), 150, false}, {"", 48, false}}, 72, rows)),
		kit.NewNote(kit.Row(10, kit.NewIcon("info", 20, kit.Ink2), kit.Grow(1, wrapped(w.Say("codes.unverified"), 15, kit.Ink2)))))
}

// plateName is what the colour of a code's plate goes by: a shop's own code of a wallet has the wallet's.
func plateName(k till.TenderKind) string { return strings.TrimSuffix(k.Detail(), "_code") }

// codePlate is the plate of a code with the first character of its name.
func codePlate(k till.TenderKind, name string, px float32) fyne.CanvasObject {
	first := ""
	for _, r := range name {
		first = string(r)
		break
	}
	return kit.NewPlate(plateName(k), first, "", px)
}

func (p *codesPage) schemesView() fyne.CanvasObject {
	w := p.w
	grid := kit.Grid(int(p.pick(3, 2)), 12, 92)
	for _, x := range p.schemes() {
		name, sub := w.ItemName(x.Title, x.TitleEN), w.Say("codes.amount_in")
		if x.CustType {
			sub = w.Say("codes.amount_typed")
		}
		words := kit.Col(0, kit.NewBold(name, 18, kit.Ink), kit.NewLabel(sub, 15, kit.Ink3))
		grid.Add(kit.NewTap(kit.Style{Fill: kit.Surface, Edge: kit.Outline, Stroke: 1, Radius: kit.RadiusCard}, kit.Inset(0, 16, 0, 16, kit.Row(14, kit.Middle(codePlate(x.Kind, name, 44)), kit.Grow(1, kit.Middle(words)))), func() { p.begin(x) }))
	}
	return kit.Col(10, kit.Grow(1, p.kept.around("schemes", kit.Inset(2, 10, 2, 2, grid))), kit.Row(10, kit.Space(), kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.back"), Key: "Esc", OnTap: func() { p.Key(KeyEvent{Action: ActBack}) }})))
}

func (p *codesPage) editor() fyne.CanvasObject {
	w, s := p.w, p.state()
	d := s.edit
	x, known := p.scheme(d.method.Kind)
	form := kit.Col(12, p.fields["name"])
	for _, f := range x.Fields {
		form.Add(p.fields[f.Key])
		if f.Key == "code" {
			form.Add(remark(w.Say("codes.scan_it")))
		}
	}
	if !known {
		form.Add(remark(w.Say("codes.other_currency", "currency", w.Currency().Code)))
	}
	buttons := kit.Row(8)
	if d.at >= 0 {
		form.Add(kit.NewSwitch(w.Say("codes.offer"), w.Say("codes.offer_sub"), d.method.On, func(on bool) { d.method.On = on }))
		buttons.Add(kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.DangerOutline, Icon: "trash-2", Label: w.Say("devices.remove"), Sub: w.Say("devices.hold"), HoldFor: time.Second, OnHold: func() { p.remove(d.at) }})))
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("codes.save"), Key: "F9", OnTap: p.save})
	if s.wait {
		main.Off(w.Say("codes.saving"))
	}
	buttons.Add(kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.cancel"), Key: "Esc", OnTap: func() { s.edit = nil; p.redraw() }})))
	buttons.Add(kit.Grow(1.4, main))
	p.check() // the width may have changed
	amount := w.Say("codes.amount_in_body", "amount", w.Money(1))
	if x.CustType {
		amount = w.Say("codes.amount_typed_body")
	}
	right := kit.NewCard(18, kit.Col(10, kit.NewBold(w.Say("codes.preview"), 18, kit.Ink), kit.Grow(1, p.hold), wrapped(amount, 15, kit.Ink2), wrapped(w.Say("codes.try"), 15, kit.Ink3)))
	return kit.Row(12, kit.Grow(1, kit.NewCard(18, kit.Col(10, kit.Grow(1, p.kept.around("form "+string(d.method.Kind), kit.Inset(0, 8, 0, 0, form))), buttons))), kit.Fixed(p.pick(380, 320), right))
}
