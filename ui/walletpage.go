package ui

import (
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/ui/kit"
)

// walletPage shows the payment that a provider is asked about: one layout for every state, and what the cashier may do
// in it. It is drawn anew when the payment changes; between that only the clock in it moves.
type walletPage struct {
	w       *Window
	object  *fyne.Container
	size    *resizing
	drawn   till.Attempt
	due     bool // the page must be drawn again, whatever it shows
	acts    []payAct
	clock   *kit.Label
	bar     *kit.Progress
	waiting bool       // a tick is on its way
	asked   *kit.Label // what the provider was asked, and when
	reading bool
	readAt  time.Time
	calls   callsOf // as last read
	stops   func()  // of a held key

}

// callsOf is how often a provider was asked about a payment, and when last.
type callsOf struct {
	number string
	count  int
	last   time.Time
}

// payAct is something the cashier may do: a button and its key.
type payAct struct {
	label, icon string
	key         string // as the button shows it
	action      Action // or
	letter      rune
	kind        kit.ButtonKind
	grow        float32
	hold        time.Duration // it wants to be held so long
	off         string        // why it cannot be done; "" where it can
	do          func()
}

func newWalletPage(w *Window) page {
	p := &walletPage{w: w, due: true}
	p.size = &resizing{changed: func() { p.due = true; p.draw() }, exact: true}
	p.object = container.New(p.size)
	return p
}

// Object is part of page.
func (p *walletPage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *walletPage) Title() string { return p.w.Say("pay.title") }

// Show is part of page.
func (p *walletPage) Show(till.View) {
	if p.size.known {
		p.draw()
	}
}

// Leave is part of leaver.
func (p *walletPage) Leave() {
	p.letGo()
	p.due = true
}

func (p *walletPage) draw() {
	w := p.w
	a := w.view.Attempt
	if a == nil || !p.due && *a == p.drawn {
		return
	}
	p.due, p.drawn = false, *a
	p.clock, p.bar, p.asked = nil, nil, nil
	p.letGo()
	var o fyne.CanvasObject
	if a.Way == till.Show && a.QR != "" && (a.State == till.Sending || a.State == till.Pending) {
		o = p.showing(a)
	} else {
		o = p.panel(a, p.stateOf(a))
	}
	p.object.Objects = []fyne.CanvasObject{o}
	p.tick()
	p.object.Refresh()
}

// leftWidth is the width of the column with the total.
func (p *walletPage) leftWidth() float32 {
	if p.size.last {
		return 290
	}
	return 380
}

// stateLook is one state of a payment as the panel shows it.
type stateLook struct {
	kind       kit.Kind
	icon       string
	label      string // over the amount
	title, sub string
	timer      bool          // counts up from the start
	limit      time.Duration // of the timer, with a bar; 0 for none
	timerNote  string
	body       []fyne.CanvasObject
	acts       []payAct
	keys       []payAct // what a key does that has no button
}

// panel is the page for every state but a code that is shown: the total at the left, the state at the right, what may
// be done below it.
func (p *walletPage) panel(a *till.Attempt, s stateLook) fyne.CanvasObject {
	w := p.w
	p.acts = slices.Concat(s.acts, s.keys)
	rows := []payFact{p.methodFact(a)}
	if onTerminal(a) {
		rows = p.terminalFacts(rows[0])
	}
	rows = slices.Insert(rows, 1, payFact{label: w.Say("qr.number"), value: grouped(a.Number)})
	if a.CodeTail != "" {
		rows = append(rows, payFact{label: w.Say("wallet.code"), value: "**** **** " + a.CodeTail})
	}
	rows = append(rows, payFact{label: w.Say("wallet.started"), value: w.local(a.PlannedAt).Format("15:04:05")})
	left := w.payColumn(p.size, p.leftWidth(), s.label, w.Money(a.Amount), rows, nil)

	var right fyne.CanvasObject
	if s.timer {
		p.clock = kit.NewBold("00:00", 36, bannerInk(s.kind)).Trailing()
		right = kit.Fixed(p.size.pickWide(150, 120), kit.Col(0, p.clock, kit.NewLabel(s.timerNote, 15, kit.Ink).Trailing()))
	}
	body := kit.Col(0)
	if s.limit > 0 {
		p.bar = kit.NewProgress(0, kit.Sunken, kit.Accent, 6)
		body.Add(kit.Fixed(12, p.bar))
		body.Add(kit.Gap(p.size.pick(18, 8)))
	}
	for _, o := range s.body {
		body.Add(o)
	}
	head := kit.NewBanner(s.kind, false, s.icon, s.title, s.sub, right)
	return kit.Row(12, kit.Fixed(p.leftWidth(), left), kit.Grow(1, stateCard(p.object.Size(), p.leftWidth(), head, body, actRow(s.acts, p.size.last))))
}

// stateCard is the right of a payment page in a window of a size: the head of the state, its body in the middle of the
// room that is left, or scrolled where it is too high for that, and the acts below.
func stateCard(window fyne.Size, left float32, head, body, acts fyne.CanvasObject) fyne.CanvasObject {
	width := window.Width - 24 - left - 12
	inner := kit.Inset(10, 30, 10, 30, kit.Col(0, kit.Space(), body, kit.Space()))
	var middle fyne.CanvasObject = inner
	if room := window.Height - 24 - 78 - kit.HeightAt(head, width); kit.HeightAt(body, width-60)+20 > room {
		middle = kit.NewScroll(kit.Inset(10, 30, 10, 30, body))
	}
	card := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Col(0, head, kit.Grow(1, middle)))
	return kit.Col(10, kit.Grow(1, card), kit.Fixed(68, acts))
}

// methodFact says which wallet pays, and who shows the code where there is room.
func (p *walletPage) methodFact(a *till.Attempt) payFact {
	w := p.w
	f := payFact{label: w.Say("qr.method"), plate: w.walletPlate(a.Wallet, 28), value: w.Say("wallet.way."+a.Way.String(), "name", w.walletName(a.Wallet))}
	if p.size.last {
		f.value = w.walletName(a.Wallet)
	}
	return f
}

// bannerInk is the colour of the words on the head of a state.
func bannerInk(k kit.Kind) kit.Colour {
	switch k {
	case kit.Good:
		return kit.Accent
	case kit.Caution:
		return kit.Warn
	case kit.Bad:
		return kit.Danger
	case kit.Plain:
	}
	return kit.Ink2
}

// actRow lays acts out side by side; a narrow window has no room for their icons.
func actRow(acts []payAct, narrow bool) fyne.CanvasObject {
	row := kit.Row(10)
	for _, a := range acts {
		spec := kit.ButtonSpec{Kind: a.kind, Size: kit.Large, Icon: a.icon, Label: a.label, Key: a.key, Text: 19, OnTap: a.do}
		if narrow {
			spec.Icon, spec.Text = "", 16
		}
		if a.hold > 0 {
			spec.OnTap, spec.OnHold, spec.HoldFor = nil, a.do, a.hold
		}
		b := kit.NewButton(spec)
		if a.off != "" {
			b.Off(a.off)
		}
		row.Add(kit.Grow(max(a.grow, 1), b))
	}
	return row
}

// press does what a key stands for, and reports whether any act did.
func press(acts []payAct, e KeyEvent) bool {
	for _, a := range acts {
		same := e.Action != "" && (e.Action == a.action || a.kind == kit.Main && (e.Action == ActEnter || e.Action == ActPay)) ||
			e.Action == "" && a.letter != 0 && e.Rune == a.letter
		if !same || a.off != "" {
			continue
		}
		if a.hold == 0 {
			a.do()
		}
		return true
	}
	return false
}

// Key is part of page.
func (p *walletPage) Key(e KeyEvent) bool {
	if press(p.acts, e) {
		return true
	}
	switch e.Action {
	case ActMenu, ActLock, ActLanguage, ActHelp:
		return false
	case ActBack:
		return p.w.message == nil // Esc hides a message; a payment is never left by accident
	case ActPrint:
		if !p.drawn.State.Open() {
			return false
		}
		p.w.note("no_slip") // the last receipt is another customer's
	}
	return true
}

// Status is part of watcher: whether there is a display for the customer is said on the page.
func (p *walletPage) Status() {
	p.due = true
	p.Show(p.w.view)
}

// KeyDown is part of holder: V reverses once it was held.
func (p *walletPage) KeyDown(name fyne.KeyName) {
	p.letGo()
	p.stops = holdKey(p.w, p.acts, name)
}

// holdKey does the act of a letter once its key was held long enough, unless what it returns is called before.
func holdKey(w *Window, acts []payAct, name fyne.KeyName) (stop func()) {
	for _, a := range acts {
		if a.hold > 0 && a.letter != 0 && string(name) == string(a.letter) && a.off == "" {
			return w.ports.After(a.hold, a.do)
		}
	}
	return nil
}

// KeyUp is part of holder.
func (p *walletPage) KeyUp(fyne.KeyName) { p.letGo() }

func (p *walletPage) letGo() {
	if p.stops != nil {
		p.stops()
		p.stops = nil
	}
}

// Scan is part of page. Goods go to a parked sale, as this one's amount is with the provider; a customer's code takes
// the place of a code that is shown, once that is closed.
func (p *walletPage) Scan(code string) bool {
	w := p.w
	if _, receipt := w.receiptOf(code); receipt {
		w.note("payment_runs")
		return true
	}
	if w.isPayCode(code) {
		p.scanned(code)
		return true
	}
	w.sellCode(code)
	return true
}

// scanned is a customer's code while a payment is on the screen.
func (p *walletPage) scanned(code string) {
	w := p.w
	a := w.view.Attempt
	switch {
	case a == nil:
	case a.State.Live() && a.Way == till.Show && (a.State == till.Planned || a.State == till.Sending || a.State == till.Pending):
		w.codeNext(code)
		w.Do(till.StopAttempt{Number: a.Number})
	case a.State == till.Declined || a.State == till.Cancelled || a.State == till.Abandoned:
		w.takeCode(code)
	default:
		w.note("payment_runs")
	}
}

// ticks reports whether something on the page counts.
func (p *walletPage) ticks() bool { return p.clock != nil || p.bar != nil || p.asked != nil }

// tick moves the clock and the bar on, and comes again in a second for as long as they are seen.
func (p *walletPage) tick() {
	if !p.ticks() {
		return
	}
	p.move()
	if p.waiting {
		return
	}
	p.waiting = true
	p.w.ports.After(time.Second, func() {
		p.waiting = false
		if p.w.page() == page(p) {
			p.tick()
		}
	})
}

// move draws what the time changes.
func (p *walletPage) move() {
	w, a := p.w, &p.drawn
	since := w.ports.Now().Sub(a.PlannedAt)
	showing := a.Way == till.Show && a.QR != "" && (a.State == till.Sending || a.State == till.Pending)
	limit := limitOf(a, w.ports.PayLimit)
	if p.clock != nil {
		if showing {
			p.clock.SetText(timed(limit - since))
		} else {
			p.clock.SetText(timed(since))
		}
	}
	if p.bar != nil {
		part := float32(since) / float32(limit)
		if showing {
			part = 1 - part
		}
		p.bar.Set(max(0, min(1, part)))
	}
	if p.asked != nil {
		p.asked.SetText(p.askedWords())
		p.readCalls()
	}
}

// askedWords says how often the provider was asked, and when last.
func (p *walletPage) askedWords() string {
	w, c := p.w, p.calls
	if c.number != p.drawn.Number || c.count == 0 {
		return w.Say("wallet.asks")
	}
	ago := max(0, int(w.ports.Now().Sub(c.last)/time.Second))
	return w.Say("wallet.asked", "n", strconv.Itoa(c.count), "ago", strconv.Itoa(ago))
}
