package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// pinShort is the length of a cashier's or manager's PIN, which is sent at its last digit. Longer ones are the
// owner's and the installer's and end with Enter.
const pinShort = 6

// pinMax bounds what is typed.
const pinMax = 72

// signOnState is who signs on and how much of the PIN is typed. The PIN stands nowhere else, and is wiped once it was
// sent or the page is left.
type signOnState struct {
	who  string
	pin  []rune
	sent bool
	seq  uint64 // the notice that was shown
	note string
	from int // first person shown
}

func (s *signOnState) wipe() {
	clear(s.pin)
	s.pin = s.pin[:0]
}

// signOnPage asks who is at the till and for the PIN. The shop, the clock, the shift and what is parked stand beside
// it, so that a locked till still tells what it is doing.
type signOnPage struct {
	*desk
	dots  *fyne.Container
	field *kit.Field // for PINs with letters
	note  *kit.Label
}

func newSignOn(w *Window) page {
	p := &signOnPage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *signOnPage) state() *signOnState { return &p.w.office.signon }

// Title is part of page.
func (p *signOnPage) Title() string { return p.w.Say("page.signon") }

// Bare leaves the top bar out.
func (p *signOnPage) Bare() bool { return true }

// Notices keeps the register's answers on this page.
func (p *signOnPage) Notices() bool { return true }

// Leave wipes what was typed.
func (p *signOnPage) Leave() {
	p.state().wipe()
	p.state().sent, p.state().note, p.state().who = false, "", "" // whose shift it is comes first again
	p.desk.Leave()
}

// Show is part of page.
func (p *signOnPage) Show(v till.View) {
	s := p.state()
	if n := v.Notice; n != nil && n.Seq != s.seq && n.Kind == till.Refused {
		s.seq, s.sent = n.Seq, false
		s.note = p.refusal(n)
		s.wipe()
	}
	if s.who == "" || p.person(s.who) == nil {
		s.who = p.first()
	}
	p.redraw()
	p.focus()
}

func (p *signOnPage) refusal(n *till.Notice) string {
	if n.Code == till.PINLocked {
		return p.w.Say("signon.locked", "n", n.Detail)
	}
	if n.Code == till.WrongPIN {
		return p.w.Say("signon.wrong")
	}
	return p.w.Say("refused."+string(n.Code)+".title", "detail", n.Detail)
}

// people are those who may sign on, the one whose shift is open first.
func (p *signOnPage) people() []till.Operator {
	v := p.w.view
	var out []till.Operator
	for _, o := range v.Operators {
		if o.Active && (o.Expires.IsZero() || o.Expires.After(p.w.ports.Now())) {
			out = append(out, o)
		}
	}
	if v.Shift != nil {
		for i, o := range out {
			if o.Code == v.Shift.OpenedBy {
				copy(out[1:i+1], out[:i])
				out[0] = o
			}
		}
	}
	return out
}

func (p *signOnPage) person(code string) *till.Operator {
	for _, o := range p.people() {
		if o.Code == code {
			return &o
		}
	}
	return nil
}

func (p *signOnPage) first() string {
	if all := p.people(); len(all) > 0 {
		return all[0].Code
	}
	return ""
}

// Key types the PIN and chooses the person.
func (p *signOnPage) Key(e KeyEvent) bool {
	s := p.state()
	switch {
	case e.Action == ActBack:
		if len(s.pin) > 0 {
			s.wipe()
			p.showDots()
		}
		return true
	case e.Action == ActEnter:
		p.send()
	case e.Action == ActErase:
		p.erase()
	case e.Action == ActUp, e.Action == ActDown:
		p.step(e.Action == ActDown)
	case e.Action == ActMenu, e.Action == ActLock, e.Action == ActPrint:
		// Nothing of the till is open to nobody.
	case e.Action == "" && e.Rune != 0 && e.Rune != '.':
		p.typed(e.Rune)
	default:
		return false
	}
	return true
}

// Scan takes a code that was no PIN: digits typed fast are one, anything else is ignored with a sound.
func (p *signOnPage) Scan(code string) bool {
	digits := code != ""
	for _, r := range code {
		digits = digits && r >= '0' && r <= '9'
	}
	if digits && len(code) <= 12 && len(p.state().pin) == 0 {
		for _, r := range code {
			p.typed(r)
		}
		p.send()
		return true
	}
	p.state().note = p.w.Say("signon.scan")
	p.w.play("notfound")
	p.redraw()
	return true
}

// Mark takes digits back that turned out to be a scan.
func (p *signOnPage) Mark() func() {
	n := len(p.state().pin)
	return func() {
		if s := p.state(); len(s.pin) > n {
			clear(s.pin[n:])
			s.pin = s.pin[:n]
			p.showDots()
		}
	}
}

func (p *signOnPage) typed(r rune) {
	s := p.state()
	if s.sent || len(s.pin) >= pinMax {
		return
	}
	s.pin = append(s.pin, r)
	if s.note != "" {
		s.note = ""
		p.note.SetText(p.w.Say("signon.help"))
	}
	p.showDots()
	if o := p.person(s.who); o != nil && len(s.pin) == pinShort && (o.Role == till.Cashier || o.Role == till.Manager) {
		p.send()
	}
}

func (p *signOnPage) erase() {
	if s := p.state(); len(s.pin) > 0 {
		s.pin[len(s.pin)-1] = 0
		s.pin = s.pin[:len(s.pin)-1]
		p.showDots()
	}
}

// send hands the PIN over. The register answers with a view; until then nothing more is typed.
func (p *signOnPage) send() {
	s := p.state()
	if len(s.pin) == 0 || s.sent || s.who == "" {
		return
	}
	pin := string(s.pin)
	s.wipe()
	s.sent, s.note = true, ""
	p.redraw()
	p.w.Do(till.SignOn{Code: s.who, PIN: pin})
}

func (p *signOnPage) choose(code string) {
	s := p.state()
	if s.who != code {
		s.who, s.note = code, ""
		s.wipe()
	}
	p.redraw()
	p.focus()
}

func (p *signOnPage) step(down bool) {
	all := p.people()
	for i, o := range all {
		if o.Code != p.state().who {
			continue
		}
		if down && i+1 < len(all) {
			p.choose(all[i+1].Code)
		} else if !down && i > 0 {
			p.choose(all[i-1].Code)
		}
		return
	}
}

func (p *signOnPage) paint() fyne.CanvasObject {
	return kit.Row(0, kit.Fixed(p.pick(430, 300), p.shopSide()),
		kit.Grow(1, kit.Inset(p.pick(36, 24), p.pick(48, 24), 24, p.pick(48, 24), kit.Row(p.pick(48, 24),
			kit.Grow(39, p.peopleSide()), kit.Fixed(p.pick(344, 300), p.padSide())))))
}

// shopSide is the dark side: shop, clock, and what goes on meanwhile.
func (p *signOnPage) shopSide() fyne.CanvasObject {
	w, v := p.w, p.w.view
	name := kit.NewBold(w.ItemName(v.Settings.Shop.Name, v.Settings.Shop.NameEN), p.pick(44, 34), kit.OnTotal)
	name.Lines = 3
	now := w.local(w.ports.Now())
	clock := kit.NewBold(Clock(now), p.pick(84, 64), kit.OnTotal)
	clock.Height = 1.1
	date := kit.NewLabel(w.dayName(till.DayOf(now, now.Location(), 0)), 20, kit.OnTotal2)
	notes := kit.Col(10)
	note := func(icon, text string, c kit.Colour) {
		label := kit.NewLabel(text, 17, c)
		label.Lines = 2 // the amount at its end must be whole
		notes.Add(kit.Row(10, kit.NewIcon(icon, 22, c), kit.Grow(1, kit.Middle(label))))
	}
	if v.Shift != nil {
		note("clock", w.Say("signon.shift", "n", strconv.Itoa(v.Shift.No), "time", Clock(w.local(v.Shift.OpenedAt)), "who", w.personName(v.Shift.OpenedBy)), kit.OnTotal2)
	} else {
		note("clock", w.Say("signon.no_shift"), kit.OnTotal2)
	}
	if n := len(v.Parked); n > 0 {
		note("pause", w.words.count("signon.parked", strconv.Itoa(n)), kit.OnTotal2)
	}
	if v.Sale != nil && v.Sale.Live() > 0 {
		note("circle-pause", w.Say("signon.open_sale", "amount", w.Money(v.Due)), kit.TotalWarn)
	}
	for _, words := range w.casesNote() {
		note("badge-question-mark", words, kit.TotalWarn)
	}
	if w.frozen() != nil {
		note("octagon-pause", w.Say("status.wallets_frozen"), kit.TotalWarn)
	}
	return kit.Stack(kit.NewBox(kit.Total), kit.Inset(44, p.pick(48, 28), 36, p.pick(48, 28), kit.Col(0,
		name, kit.NewLabel(w.Say("app.till", "till", v.Settings.Till), 20, kit.OnTotal2), kit.Space(), clock, kit.Gap(8), date, kit.Space(), notes)))
}

// perPage is how many people are shown at once.
const peopleShown = 5

func (p *signOnPage) peopleSide() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(12, kit.Fixed(44, kit.NewBold(w.Say("signon.who"), 24, kit.Ink)))
	all := p.people()
	for i, o := range all {
		if o.Code == s.who && (i < s.from || i >= s.from+peopleShown) {
			s.from = i / peopleShown * peopleShown
		}
	}
	for i := s.from; i < min(len(all), s.from+peopleShown); i++ {
		o := all[i]
		role := w.roleName(o.Role)
		if w.view.Shift != nil && w.view.Shift.OpenedBy == o.Code {
			role += " · " + w.Say("signon.on_shift")
		}
		card := kit.NewPerson(o.Name, role, func() { p.choose(o.Code) })
		card.SetChosen(o.Code == s.who)
		col.Add(card)
	}
	foot := kit.Row(10)
	if len(all) > peopleShown {
		foot.Add(kit.NewIconButton(kit.PlainButton, kit.Small, "chevron-left", func() { p.page(-peopleShown) }))
		foot.Add(kit.NewIconButton(kit.PlainButton, kit.Small, "chevron-right", func() { p.page(peopleShown) }))
	}
	foot.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Icon: "languages", Label: w.Say("app.other_language"), OnTap: func() { w.Key(KeyEvent{Action: ActLanguage}) }}))
	if w.ports.Office.Recovery != nil {
		foot.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Icon: "life-buoy", Label: w.Say("signon.forgot"), OnTap: func() { w.Open(PageRecovery) }}))
	}
	col.Add(kit.Space())
	col.Add(foot)
	return col
}

func (p *signOnPage) page(by int) {
	s := p.state()
	all := p.people()
	if from := s.from + by; from >= 0 && from < len(all) {
		s.from = from
		p.choose(all[from].Code)
	}
}

func (p *signOnPage) padSide() fyne.CanvasObject {
	w, s := p.w, p.state()
	title := w.Say("signon.ask_anyone")
	if o := p.person(s.who); o != nil {
		title = w.Say("signon.ask", "name", o.Name)
	}
	note, colour := w.Say("signon.help"), kit.Ink3
	switch {
	case s.sent:
		note = w.Say("signon.checking")
	case s.note != "":
		note, colour = s.note, kit.Danger
	}
	p.note = kit.NewParagraph(note, 15, colour)
	p.note.Align, p.note.Lines = fyne.TextAlignCenter, 3
	p.dots, p.field = nil, nil
	var typed fyne.CanvasObject
	if p.letters() {
		p.field = kit.NewField(kit.FieldSpec{Password: true, Limit: pinMax, Placeholder: w.Say("signon.long"), TrailIcon: "lock-keyhole",
			Before: func(rune) bool { return false }, BeforeKey: func(e *fyne.KeyEvent) bool {
				if e.Name == fyne.KeyUp || e.Name == fyne.KeyDown {
					p.step(e.Name == fyne.KeyDown)
					return true
				}
				return w.router.FieldKey(nil, e.Name)
			},
			OnChange: func(text string) { s.pin = append(s.pin[:0], []rune(text)...) },
			OnEnter:  func(string) { p.send() }}, string(s.pin))
		typed = p.field
	} else {
		p.dots = kit.Row(16)
		p.showDots()
		typed = kit.Centre(p.dots)
	}
	pad := kit.NewKeypad(3, p.pick(80, 72), 32, pinKeys(), func(id string) {
		switch id {
		case kit.KeyBack:
			p.erase()
		case kit.KeyEnter:
			p.send()
		default:
			p.typed([]rune(id)[0])
		}
	})
	return kit.Col(14, kit.Space(), kit.NewBold(title, 22, kit.Ink).Centred(), kit.Fixed(56, typed), pad.Container, kit.Fixed(64, p.note), kit.Space())
}

// pinKeys are the keys of a telephone with Enter at the end.
func pinKeys() []kit.KeypadKey {
	keys := kit.PINKeys(kit.KeypadKey{ID: kit.KeyBack, Icon: "delete"})
	keys[len(keys)-1] = kit.KeypadKey{ID: kit.KeyEnter, Icon: "corner-down-left"}
	return keys
}

// letters reports whether the chosen person's PIN may hold letters.
func (p *signOnPage) letters() bool {
	o := p.person(p.state().who)
	return o != nil && (o.Role == till.Owner || o.Role == till.Installer)
}

// focus puts the caret where a PIN with letters is typed.
func (p *signOnPage) focus() {
	if p.field != nil && p.w.at == PageSignOn && !p.state().sent {
		p.field.Focus()
	}
}

// showDots draws as many dots as there are digits, and rings up to a short PIN's length.
func (p *signOnPage) showDots() {
	if p.field != nil {
		p.field.SetText(string(p.state().pin))
	}
	if p.dots == nil {
		return
	}
	p.dots.Objects = nil
	n := len(p.state().pin)
	for i := range min(max(n, pinShort), 12) {
		fill, edge := kit.Clear, kit.Outline
		if i < n {
			fill, edge = kit.Ink, kit.Ink
		}
		p.dots.Add(kit.Sized(24, 24, kit.NewPanel(fill, edge, 2, 12, kit.Gap(0))))
	}
	p.dots.Refresh()
}
