package ui

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// recoveryPause is how long the recovery code stands before it can be left: the finger that started the shop must not
// take it off the screen by a second tap.
const recoveryPause = time.Second

// firstRunState is a shop that is being founded.
type firstRunState struct {
	begun    bool // the suggestions were taken over
	form     Founding
	rate     string // of the one tax class, in per cent
	added    bool   // the tax is added to prices
	pin      secret
	more     bool
	fault    map[string]string
	out      outcome
	busy     string
	found    []DeviceFound
	looked   bool
	heard    string // what a scanner read here last
	recovery string
	since    time.Time    // the code is on the screen since then
	back     restoreState // a copy taken up in place of a new shop
}

// foundingMore are the fields that have a default and stand behind "more".
var foundingMore = []string{"currency", "zone", "rate", "day_start", "cash_round"}

// firstRunPage founds a shop: its name, the owner, a PIN. Everything else has a default and can wait. Then it shows
// the recovery code, once, until it was written down.
type firstRunPage struct {
	*desk
	kept   scrolls
	fields map[string]*kit.Field
	order  []string // of the fields that Enter goes through
}

func newFirstRun(w *Window) page {
	if w.ports.Shop == nil {
		return nil
	}
	p := &firstRunPage{kept: scrolls{}, fields: map[string]*kit.Field{}, order: []string{"shop", "owner", "pin", "again"}}
	p.desk = newDesk(w, p.paint)
	p.suggest()
	p.makeFields()
	if p.state().recovery == "" {
		p.focusNext = p.fields["shop"]
	}
	return p
}

func (p *firstRunPage) state() *firstRunState { return &p.w.office.first }

// suggest fills in what most shops keep.
func (p *firstRunPage) suggest() {
	s := p.state()
	if s.begun {
		return
	}
	f := p.w.ports.Suggest
	s.begun, s.rate = true, "0"
	s.form = Founding{Currency: cmp.Or(f.Currency, "CNY"), Zone: cmp.Or(f.Zone, "Asia/Shanghai"), DayStart: cmp.Or(f.DayStart, "04:00"), CashRound: f.CashRound, Shop: f.Shop, Owner: f.Owner}
	if s.form.CashRound == "" {
		s.form.CashRound = smallest(s.form.Currency)
	}
}

// smallest is one minor unit of a currency, as it is typed.
func smallest(code string) string {
	c, err := money.CurrencyOf(code)
	if err != nil {
		return "0.01"
	}
	return c.Format(1)
}

func (p *firstRunPage) makeFields() {
	w, s := p.w, p.state()
	add := func(key string, at *string, spec kit.FieldSpec) {
		spec.Label = w.Say("firstrun." + key)
		spec.OnChange = func(t string) { *at = t; p.clear(key) }
		spec.OnEnter = func(string) { p.next() }
		p.fields[key] = kit.NewField(spec, *at)
	}
	add("shop", &s.form.Shop, kit.FieldSpec{Limit: 60, Placeholder: w.Say("firstrun.shop_hint")})
	add("owner", &s.form.Owner, kit.FieldSpec{Limit: 40, Placeholder: w.Say("firstrun.owner_hint")})
	p.fields["pin"] = newPIN(w, w.Say("firstrun.pin"), &s.pin.pin, func() { p.clear("pin") }, p.next)
	p.fields["again"] = newPIN(w, w.Say("firstrun.again"), &s.pin.again, func() { p.clear("again") }, p.next)
	add("currency", &s.form.Currency, kit.FieldSpec{Small: true, Limit: 3, Accept: isLetter})
	add("zone", &s.form.Zone, kit.FieldSpec{Small: true, Limit: 40})
	add("day_start", &s.form.DayStart, kit.FieldSpec{Small: true, Limit: 5, Accept: isTime})
	add("rate", &s.rate, kit.FieldSpec{Small: true, Limit: 7, Accept: isEntry})
	add("cash_round", &s.form.CashRound, kit.FieldSpec{Small: true, Limit: 7, Accept: isEntry})
	p.showFaults()
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isTime(r rune) bool { return r >= '0' && r <= '9' || r == ':' }

// clear takes the fault of a field away once it is typed in.
func (p *firstRunPage) clear(key string) {
	delete(p.state().fault, key)
	p.fields[key].SetProblem("")
}

func (p *firstRunPage) showFaults() {
	for key, f := range p.fields {
		f.SetProblem(p.w.sayIf(p.state().fault[key]))
	}
}

// Title is part of page.
func (p *firstRunPage) Title() string { return p.w.Say("page.firstrun") }

// Bare leaves the top bar out: there is no shop yet.
func (p *firstRunPage) Bare() bool { return true }

// Notices is part of noticer: there is no register yet.
func (p *firstRunPage) Notices() bool { return true }

// Show is part of page.
func (p *firstRunPage) Show(till.View) {
	s, d := p.state(), p.w.ports.Devices
	if d != nil && !s.looked {
		s.looked = true
		var found []DeviceFound
		p.w.Ask(func(ctx context.Context) { found, _ = d.Found(ctx) }, func() {
			s.found = found
			if s.recovery == "" && p.w.at == PageFirstRun {
				p.redraw()
			}
		})
	}
	p.redraw()
}

// Leave forgets what was typed, the PIN and the recovery code first of all.
func (p *firstRunPage) Leave() {
	s := p.state()
	s.pin.wipe()
	p.fields["pin"].SetText("")
	p.fields["again"].SetText("")
	*s = firstRunState{}
	p.desk.Leave()
}

// Key starts the shop. No key takes the recovery code off the screen but F9.
func (p *firstRunPage) Key(e KeyEvent) bool {
	switch {
	case e.Action == ActLanguage:
		return false
	case p.state().recovery != "":
		if e.Action == ActPay {
			p.begin()
		}
	case p.state().back.on:
		if e.Action == ActBack {
			p.restoreBack(&p.state().back)
		}
	case e.Action == ActEnter:
		p.next()
	case e.Action == ActPay:
		p.start()
	}
	return true
}

// Scan shows that the scanner works. Letters that came as fast into a field were typed: barcodes of goods are digits.
func (p *firstRunPage) Scan(code string) bool {
	if f, typing := p.w.win.Canvas().Focused().(*kit.Field); typing && strings.Trim(code, "0123456789") != "" {
		f.Replace(f.Text() + code)
		p.next()
		return true
	}
	p.state().heard = shorten(code, 24)
	p.w.play("added")
	p.redraw()
	return true
}

// next goes to the first field that is still empty, and founds the shop once none is.
func (p *firstRunPage) next() {
	for _, key := range p.order {
		if f := p.fields[key]; f.Text() == "" {
			if f.Focused() {
				break // Enter in it says what is missing
			}
			p.w.win.Canvas().Focus(f)
			return
		}
	}
	p.start()
}

// check notes what cannot be founded, by field, and reports whether all can.
func (p *firstRunPage) check() bool {
	s := p.state()
	s.fault = map[string]string{}
	fault := func(key string, wrong bool, word string) {
		if wrong {
			s.fault[key] = "firstrun.fault." + word
		}
	}
	fault("shop", strings.TrimSpace(s.form.Shop) == "", "shop")
	fault("owner", strings.TrimSpace(s.form.Owner) == "", "owner")
	if pin, again := s.pin.faults(till.Owner); pin != "" || again != "" {
		s.fault["pin"], s.fault["again"] = pin, again
	}
	cur, err := money.CurrencyOf(strings.ToUpper(s.form.Currency))
	fault("currency", err != nil, "currency")
	_, err = till.ParseDayStart(s.form.DayStart)
	fault("day_start", err != nil, "day_start")
	_, err = money.ParsePercent(tidyNumber(s.rate))
	fault("rate", err != nil, "rate")
	step, err := cur.Parse(tidyNumber(s.form.CashRound))
	fault("cash_round", err != nil || step <= 0, "cash_round")
	fault("zone", strings.TrimSpace(s.form.Zone) == "", "zone")
	for key, words := range s.fault {
		if words == "" {
			delete(s.fault, key)
		}
	}
	return len(s.fault) == 0
}

// start founds the shop.
func (p *firstRunPage) start() {
	w, s := p.w, p.state()
	if s.busy != "" || s.recovery != "" {
		return
	}
	s.out = outcome{}
	if !p.check() {
		p.refuse()
		return
	}
	f := s.form
	mode := "inclusive"
	if s.added {
		mode = "exclusive"
	}
	f.Shop, f.Owner, f.Zone, f.Currency = strings.TrimSpace(f.Shop), strings.TrimSpace(f.Owner), strings.TrimSpace(f.Zone), strings.ToUpper(f.Currency)
	f.Taxes, f.CashRound, f.Language, f.PIN = "standard="+tidyNumber(s.rate)+"%:"+mode, tidyNumber(f.CashRound), w.Lang(), string(s.pin.pin)
	var code string
	var err error
	w.act(&s.busy, "firstrun.founding", func(ctx context.Context) { code, err = w.ports.Shop.Found(ctx, f) }, func() {
		if err != nil {
			p.refused(err)
			return
		}
		s.pin.wipe()
		s.recovery, s.since = code, w.ports.Now()
		w.win.Canvas().Unfocus()
	})
}

// foundingFields are the fields by the setting that a refusal names.
var foundingFields = map[string]string{"zone": "zone", "currency": "currency", "day_start": "day_start", "taxes": "rate", "cash_round": "cash_round", "shop.name": "shop", "name": "owner"}

// refused puts a refusal beside the field that it is about.
func (p *firstRunPage) refused(err error) {
	s := p.state()
	key := ""
	switch till.CodeOf(err) {
	case till.PINTooWeak:
		key = "pin"
		s.fault[key] = "pin.weak"
	case till.BadSetting:
		if key = foundingFields[refusalDetail(err)]; key != "" {
			s.fault[key] = "firstrun.fault." + key
		}
	}
	if key == "" {
		s.out = outcome{title: "firstrun.failed", body: "firstrun.failed_body", bad: true}
	}
	p.refuse()
}

// refuse shows the faults and goes to the first.
func (p *firstRunPage) refuse() {
	s := p.state()
	p.w.play("failed")
	for _, key := range foundingMore {
		s.more = s.more || s.fault[key] != ""
	}
	now, _ := p.w.page().(*firstRunPage) // the language may have changed meanwhile
	if now == nil {
		return
	}
	now.showFaults()
	for _, key := range slices.Concat(now.order, foundingMore) {
		if s.fault[key] != "" {
			now.focusNext = now.fields[key]
			break
		}
	}
	now.redraw()
}

// begin starts selling, once the recovery code was written down.
func (p *firstRunPage) begin() {
	w, s := p.w, p.state()
	if s.recovery == "" || s.busy != "" || w.ports.Now().Sub(s.since) < recoveryPause {
		return
	}
	s.out = outcome{}
	var err error
	w.act(&s.busy, "firstrun.beginning", func(ctx context.Context) { err = w.ports.Shop.Begin(ctx) }, func() {
		if err != nil {
			s.out = outcome{title: "firstrun.not_begun", body: "firstrun.not_begun_body", bad: true}
		}
	})
}

func (p *firstRunPage) paint() fyne.CanvasObject {
	right := p.formSide
	switch s := p.state(); {
	case s.recovery != "":
		right = p.recoverySide
	case s.back.on:
		right = func() fyne.CanvasObject {
			return kit.Col(10, kit.Fixed(48, kit.Middle(kit.NewBold(p.w.Say("copies.restore"), 24, kit.Ink))), kit.Grow(1, p.restoreView(&s.back)))
		}
	}
	return kit.Row(0, kit.Fixed(p.pick(440, 300), p.welcomeSide()), kit.Grow(1, kit.Inset(p.pick(28, 20), p.pick(64, 28), p.pick(24, 16), p.pick(64, 28), right())))
}

// welcomeSide says what comes, and how long it takes.
func (p *firstRunPage) welcomeSide() fyne.CanvasObject {
	w, side := p.w, p.pick(48, 26)
	title := kit.NewBold(w.Say("firstrun.title"), p.pick(52, 38), kit.OnAccent)
	title.Lines, title.Height = 2, 1.15
	steps := kit.Col(20)
	for _, st := range []struct{ icon, key string }{{"store", "name"}, {"scan-barcode", "scan"}, {"banknote", "cash"}} {
		steps.Add(kit.Row(14, kit.NewIcon(st.icon, p.pick(32, 26), kit.OnAccent), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("firstrun.step."+st.key), p.pick(21, 16), kit.OnAccent))),
			kit.Middle(kit.NewLabel(w.Say("firstrun.step."+st.key+".time"), 16, kit.OnAccent))))
	}
	foot := kit.Row(10, kit.Middle(kit.NewIcon("hard-drive", 22, kit.OnAccent)), kit.Grow(1, kit.Middle(wrapped(w.Say("firstrun.local"), 16, kit.OnAccent))))
	return kit.Stack(kit.NewBox(kit.Accent), kit.Inset(44, side, 36, side, kit.Col(0, title, kit.Gap(12), wrapped(w.Say("firstrun.sub"), 20, kit.OnAccent), kit.Space(), steps, kit.Space(), foot)))
}

func (p *firstRunPage) formSide() fyne.CanvasObject {
	w, s, f := p.w, p.state(), p.fields
	chevron, words := "chevron-down", "firstrun.more"
	if s.more {
		chevron, words = "chevron-up", "firstrun.less"
	}
	more := kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Icon: chevron, Label: w.Say(words, "currency", strings.ToUpper(s.form.Currency), "rate", s.rate), OnTap: func() { s.more = !s.more; p.redraw() }})
	langs := kit.Row(10, more)
	if w.canOpen(PageCopies) {
		langs.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Icon: "archive-restore", Label: w.Say("copies.restore"), OnTap: func() {
			w.win.Canvas().Unfocus()
			p.restoreBegin(&s.back)
		}}))
	}
	for _, o := range []fyne.CanvasObject{kit.Space(), kit.NewChip("", "中文", w.Lang() == "zh-Hans", func() { w.SetLanguage("zh-Hans") }), kit.NewChip("", "English", w.Lang() == "en", func() { w.SetLanguage("en") })} {
		langs.Add(o)
	}
	form := kit.Col(10, kit.Row(14, kit.Grow(1, f["shop"]), kit.Grow(1, f["owner"])), kit.Row(14, kit.Grow(1, f["pin"]), kit.Grow(1, f["again"])), wrapped(w.Say("pin.rule_long"), 15, kit.Ink3))
	if s.more {
		mode := 0
		if s.added {
			mode = 1
		}
		form.Add(kit.Row(14, kit.Grow(1, f["currency"]), kit.Grow(1, f["zone"]), kit.Grow(1, f["day_start"])))
		form.Add(kit.Row(14, kit.Grow(1, f["rate"]), kit.Grow(1, kit.Col(4, kit.NewBold(w.Say("firstrun.tax_mode"), 15, kit.Ink2),
			kit.NewSegments([]string{w.Say("firstrun.tax_in"), w.Say("firstrun.tax_on")}, mode, func(i int) { s.added = i == 1 }).Container)), kit.Grow(1, f["cash_round"])))
		form.Add(wrapped(w.Say("firstrun.fixed"), 15, kit.Ink3))
	} else {
		form.Add(p.devices())
	}
	form.Add(kit.NewSwitch(w.Say("firstrun.sample"), w.Say("firstrun.sample_sub"), s.form.Sample, func(on bool) { s.form.Sample = on }))
	start := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Label: w.Say("firstrun.start"), Key: "Enter", OnTap: p.start})
	if s.busy != "" {
		start.Off(w.Say(s.busy))
	}
	return kit.Col(10, kit.Fixed(48, langs), kit.Grow(1, p.kept.around("form", kit.Inset(0, 8, 4, 4, form))), outcomeNote(w, s.out), start)
}

// devices says what was found meanwhile; nothing has to be.
func (p *firstRunPage) devices() fyne.CanvasObject {
	w, s := p.w, p.state()
	line := func(kind, found, none string) fyne.CanvasObject {
		icon, ink := "circle-dashed", kit.Ink3
		words := none
		if found != "" {
			icon, ink, words = "circle-check", kit.Accent, found
		}
		return kit.Fixed(40, kit.Row(10, kit.NewIcon(icon, 22, ink), kit.Middle(kit.NewBold(w.Say("status."+kind), 17, kit.Ink)), kit.Grow(1, kit.Middle(kit.NewLabel(words, 16, kit.Ink2)))))
	}
	printer, scanner := "", ""
	for _, d := range s.found {
		switch d.Kind {
		case "printer":
			printer = w.Say("firstrun.found", "title", d.Title)
		case "scanner":
			scanner = w.Say("firstrun.found", "title", d.Title)
		}
	}
	if s.heard != "" {
		scanner = w.Say("firstrun.heard", "code", s.heard)
	}
	return kit.NewCard(10, kit.Inset(0, 8, 0, 8, kit.Col(0, line("printer", printer, w.Say("firstrun.no_printer")), line("scanner", scanner, w.Say("firstrun.no_scanner")))))
}

// recoverySide shows the recovery code, once.
func (p *firstRunPage) recoverySide() fyne.CanvasObject {
	w, s := p.w, p.state()
	done := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Text: p.pick(26, 22), Label: w.Say("firstrun.written"), Key: "F9", OnTap: p.begin})
	if s.busy != "" {
		done.Off(w.Say(s.busy))
	}
	return kit.Col(18, kit.Space(), recoveryCard(w, s.recovery, p.pick(36, 26)), outcomeNote(w, s.out), done, kit.Space())
}

// recoveryCard shows a recovery code that is never shown again.
func recoveryCard(w *Window, code string, size float32) fyne.CanvasObject {
	row := func(icon, key string) fyne.CanvasObject {
		return kit.Row(12, kit.NewIcon(icon, 22, kit.Ink2), kit.Grow(1, kit.Middle(wrapped(w.Say(key), 17, kit.Ink))))
	}
	return kit.NewCard(24, kit.Col(14, kit.NewBold(w.Say("recovery.title"), 26, kit.Ink),
		kit.NewPanel(kit.AccentTint, kit.Accent, 2, kit.RadiusCard, kit.Inset(20, 12, 20, 12, kit.NewBold(code, size, kit.Ink).Centred())),
		row("pencil", "recovery.write"), row("lock-keyhole", "recovery.what_for"), row("eye-off", "recovery.once")))
}
