package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// settingsTab is one sheet of the settings.
type settingsTab int

// The sheets, in their order.
const (
	tabShop settingsTab = iota
	tabMoney
	tabLimits
	tabReceipt
	tabLabels
	tabScreen
)

var settingsTabs = []struct{ icon, key string }{{"store", "shop"}, {"coins", "money"}, {"shield-user", "limits"}, {"receipt-text", "receipt"}, {"weight", "labels"}, {"monitor", "screen"}}

// settingsState is what was typed and is not saved yet. It is kept when the page is left, so that nothing is lost by
// a look at the sale.
type settingsState struct {
	tab   settingsTab
	draft map[string]string // by setting key
	taxes []taxDraft        // nil: as they are
	fault map[string]string
	out   outcome
	busy  string
	seen  uint64 // the notice that was shown
	sent  bool   // a change is on its way to the register
	logo  logoState
	label labelState
}

// settingsPage changes the shop's settings. Nothing changes before it is saved, and all is saved in one act.
type settingsPage struct {
	*desk
	kept    scrolls
	fields  map[string]*kit.Field
	taxes   []taxFields
	labels  map[string]*kit.Field
	preview *slipPreview
	unsaved int // changes, as the page says
}

func newSettings(w *Window) page {
	p := &settingsPage{kept: scrolls{}, fields: map[string]*kit.Field{}}
	p.desk = newDesk(w, p.paint)
	if p.state().draft == nil {
		p.state().draft = map[string]string{}
	}
	p.preview = newSlipPreview(w)
	p.makeFields()
	p.makeTaxFields()
	p.makeLabelFields()
	return p
}

func (p *settingsPage) state() *settingsState { return &p.w.office.shop }

// Title is part of page.
func (p *settingsPage) Title() string { return p.w.Say("page.settings") }

// Notices keeps "saved" to the page, whose button says it.
func (p *settingsPage) Notices() bool { return p.w.saidSaved() }

// settingFields are the settings that are typed, with what may be typed into them.
var settingFields = []struct {
	key    string
	limit  int
	accept func(rune) bool
}{
	{"shop.name", 60, nil}, {"shop.name_en", 60, nil}, {"shop.address", 80, nil}, {"shop.phone", 30, nil}, {"shop.reg_no", 40, nil}, {"till", 3, nil},
	{"daily_pdf.folder", 200, nil}, {"daily_pdf.at", 5, isTime},
	{"zone", 40, nil}, {"day_start", 5, isTime}, {"cash_round", 7, isEntry}, {"foreign_rates", 80, nil},
	{"limit.discount", 6, isEntry}, {"limit.refund", 12, isEntry}, {"limit.qty", 10, isEntry}, {"limit.loose_price", 12, isEntry}, {"flags", 4000, nil},
}

func (p *settingsPage) makeFields() {
	w, s := p.w, p.state()
	for _, x := range settingFields {
		p.fields[x.key] = kit.NewField(kit.FieldSpec{Small: true, Label: w.settingName(x.key), Limit: x.limit, Accept: x.accept,
			OnChange: func(t string) { p.set(x.key, t); p.showSave() },
			OnEnter:  func(string) { p.save() }}, p.value(x.key))
	}
	for _, key := range []string{"paper.header", "paper.footer"} {
		for n := range paperLines {
			p.fields[lineKey(key, n)] = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("settings." + lineKey(key, n)), Limit: 48,
				OnChange: func(t string) {
					p.set(key, putLine(p.value(key), n, t))
					p.preview.ask(p.next())
					p.showSave()
				},
				OnEnter: func(string) { p.save() }}, lineOf(p.value(key), n))
		}
	}
	for key, f := range p.fields {
		f.SetProblem(p.w.sayIf(s.fault[key]))
	}
}

// value is a setting as it was typed, else as it is.
func (p *settingsPage) value(key string) string {
	if v, ok := p.state().draft[key]; ok {
		return v
	}
	v, _ := p.w.view.Settings.Get(key)
	return v
}

// set notes what was typed for a setting.
func (p *settingsPage) set(key, v string) {
	s := p.state()
	s.draft[key] = v
	s.out = outcome{}
	if s.fault[key] != "" {
		delete(s.fault, key)
		if f := p.fields[key]; f != nil {
			f.SetProblem("")
		}
	}
	if now, _ := p.w.view.Settings.Get(key); now == v {
		delete(s.draft, key)
	}
}

// turn changes a setting by a tap.
func (p *settingsPage) turn(key, v string) {
	p.set(key, v)
	p.redraw()
}

// showSave draws the page anew where a change came or went; the field that is typed in draws itself.
func (p *settingsPage) showSave() {
	if len(p.state().draft) != p.unsaved {
		p.redraw()
	}
}

// next is the settings as they would be. Values that cannot be are left out and noted; the zone is left to the
// register, since to look it up reads files.
func (p *settingsPage) next() till.Settings {
	next := p.w.view.Settings
	for _, c := range p.changes() {
		if c.Key != "zone" {
			_ = next.Set(c.Key, c.Value)
		}
	}
	return next
}

// changes are the settings that differ, in the order in which they must be set.
func (p *settingsPage) changes() []till.Setting {
	var out []till.Setting
	for _, key := range till.SettingKeys {
		if v, ok := p.state().draft[key]; ok {
			out = append(out, till.Setting{Key: key, Value: tidySetting(key, v)})
		}
	}
	return out
}

// tidySetting makes what was typed a value: numbers may lack a digit before or after the point.
func tidySetting(key, v string) string {
	v = strings.TrimSpace(v)
	if key == "till" {
		return strings.ToUpper(v)
	}
	if strings.HasPrefix(key, "limit.") || key == "cash_round" {
		return tidyNumber(v)
	}
	return v
}

// check notes what cannot be saved and reports whether all can.
func (p *settingsPage) check() bool {
	w, s := p.w, p.state()
	s.fault = map[string]string{}
	next := w.view.Settings
	for _, c := range p.changes() {
		if c.Key == "zone" {
			continue
		}
		if err := next.Set(c.Key, c.Value); err != nil {
			s.fault[c.Key] = w.settingFault(c.Key)
		}
	}
	if strings.TrimSpace(p.value("shop.name")) == "" {
		s.fault["shop.name"] = w.settingFault("shop.name")
	}
	if s.fault["cash_round"] == "" && next.CashRounding.Step <= 0 {
		s.fault["cash_round"] = w.settingFault("cash_round")
	}
	if v := p.value("foreign_rates"); len(foreignRates(v)) != len(strings.Fields(v)) {
		s.fault["foreign_rates"] = w.settingFault("foreign_rates")
	}
	p.checkTaxes()
	return len(s.fault) == 0
}

// settingFault is the key of what a setting wants.
func (w *Window) settingFault(key string) string {
	if name := "settings.fault." + key; w.words.Has(name) {
		return name
	}
	return "settings.fault"
}

// save hands all changes to the register in one act; its answer comes with a view.
func (p *settingsPage) save() {
	s := p.state()
	changes := p.changes()
	if len(changes) == 0 || s.sent {
		return
	}
	s.out = outcome{}
	if !p.check() {
		p.showFaults()
		return
	}
	s.sent = true
	p.w.Do(till.SetSetting{Settings: changes})
}

// showFaults shows what cannot be saved, on the sheet where the first of it stands.
func (p *settingsPage) showFaults() {
	s := p.state()
	p.w.play("failed")
	for key, f := range p.fields {
		f.SetProblem(p.w.sayIf(s.fault[key]))
	}
	p.showTaxFaults()
	for _, key := range till.SettingKeys {
		if s.fault[key] == "" {
			continue
		}
		s.tab = tabOf(key)
		if f := p.fields[key]; f != nil {
			p.focusNext = f
		}
		break
	}
	p.redraw()
}

// tabOf is the sheet that a setting stands on.
func tabOf(key string) settingsTab {
	switch {
	case strings.HasPrefix(key, "shop."), key == "till":
		return tabShop
	case strings.HasPrefix(key, "paper."):
		return tabReceipt
	case strings.HasPrefix(key, "limit."), key == "blind_count", key == "merge":
		return tabLimits
	case key == "label_rules":
		return tabLabels
	case key == "language":
		return tabScreen
	}
	return tabMoney
}

// discard takes back what was typed and not saved.
func (p *settingsPage) discard() {
	s := p.state()
	s.draft, s.fault, s.taxes, s.out = map[string]string{}, nil, nil, outcome{}
	p.fill()
	p.makeTaxFields()
	p.redraw()
}

// fill puts the settings as they are into the fields that nobody typed in.
func (p *settingsPage) fill() {
	s := p.state()
	for _, x := range settingFields {
		if _, typed := s.draft[x.key]; !typed {
			if v := p.value(x.key); p.fields[x.key].Text() != v {
				p.fields[x.key].SetText(v)
			}
		}
		p.fields[x.key].SetProblem(p.w.sayIf(s.fault[x.key]))
	}
	for _, key := range []string{"paper.header", "paper.footer"} {
		for n := range paperLines {
			if f, v := p.fields[lineKey(key, n)], lineOf(p.value(key), n); f.Text() != v {
				f.SetText(v)
			}
		}
	}
}

// Show is part of page: what was saved is no draft any more, what was refused is said at its field.
func (p *settingsPage) Show(v till.View) {
	s := p.state()
	for key, typed := range s.draft {
		now, _ := v.Settings.Get(key)
		next := v.Settings
		if tidy := tidySetting(key, typed); tidy == now || key != "zone" && next.Set(key, tidy) == nil && same(&next, key, now) {
			delete(s.draft, key)
			if key == "taxes" {
				s.taxes = nil
				p.makeTaxFields()
			}
		}
	}
	if n := v.Notice; n != nil && n.Seq != s.seen {
		s.seen = n.Seq
		if key, _, _ := strings.Cut(n.Detail, " "); s.sent && n.Kind == till.Refused && n.Code == till.BadSetting && slices.Contains(till.SettingKeys, key) {
			s.fault = map[string]string{key: p.w.settingFault(key)}
			s.sent = false
			p.fill()
			p.showFaults()
			return
		}
	}
	if v.Approval == nil {
		s.sent = false
	}
	p.fill()
	p.redraw()
}

// same reports whether a setting has a value.
func same(s *till.Settings, key, v string) bool {
	now, _ := s.Get(key)
	return now == v
}

// Leave keeps what was typed.
func (p *settingsPage) Leave() {
	p.state().out = outcome{}
	p.preview.leave()
	p.state().logo = logoState{}
	p.desk.Leave()
}

// Scan is part of page: a label is to be learned from while its sheet is up.
func (p *settingsPage) Scan(code string) bool {
	if p.state().tab != tabLabels {
		return false
	}
	p.labelScan(code)
	return true
}

// Key saves, takes back and turns the sheets.
func (p *settingsPage) Key(e KeyEvent) bool {
	s := p.state()
	switch e.Action {
	case ActBack:
		if s.logo.pick == nil {
			return p.desk.Key(e)
		}
		s.logo.pick = nil
		p.redraw()
	case ActPay:
		p.save()
	case ActUndo:
		p.discard()
	case ActLeft:
		p.open((s.tab + settingsTab(len(settingsTabs)) - 1) % settingsTab(len(settingsTabs)))
	case ActRight:
		p.open((s.tab + 1) % settingsTab(len(settingsTabs)))
	default:
		return p.desk.Key(e)
	}
	return true
}

func (p *settingsPage) open(t settingsTab) {
	p.state().tab, p.state().logo.pick = t, nil
	p.w.win.Canvas().Unfocus()
	p.redraw()
}

func (p *settingsPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	var actions []fyne.CanvasObject
	n := len(s.draft)
	p.unsaved = n
	if s.tab == tabReceipt && w.ports.Office.Slips != nil {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "printer", Label: w.Say("settings.print_sample"), OnTap: p.printSample}))
	}
	if n > 0 {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "undo-2", Label: w.Say("settings.discard"), Key: "Ctrl Z", OnTap: p.discard}))
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Small, Icon: "check", Label: w.Say("settings.save"), Key: "F9", OnTap: p.save})
	if n == 0 {
		main.Off(w.Say("settings.saved"))
	}
	actions = append(actions, main)
	tabs := kit.Row(8)
	for i, t := range settingsTabs {
		tabs.Add(kit.NewChip(t.icon, w.Say("settings.tab."+t.key), s.tab == settingsTab(i), func() { p.open(settingsTab(i)) }))
	}
	tabs.Add(kit.Space())
	sub := w.Say("settings.sub")
	if n > 0 {
		sub = w.words.count("settings.unsaved", decimal(n))
	}
	body := kit.Col(10, kit.Fixed(48, tabs), busyNote(w, s.busy), outcomeNote(w, s.out))
	switch s.tab {
	case tabShop:
		body.Add(kit.Grow(1, p.shopSheet()))
	case tabMoney:
		body.Add(kit.Grow(1, p.moneySheet()))
	case tabLimits:
		body.Add(kit.Grow(1, p.limitsSheet()))
	case tabReceipt:
		body.Add(kit.Grow(1, p.receiptSheet()))
	case tabLabels:
		body.Add(kit.Grow(1, p.labelsSheet()))
	case tabScreen:
		body.Add(kit.Grow(1, p.screenSheet()))
	}
	return p.office(PageSettings, w.Say("page.settings"), sub, actions, body)
}
