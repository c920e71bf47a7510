package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// rewindDrawn is when what a scanner typed into the entry, or took out of it, is on the screen at the latest.
const rewindDrawn = 80 * time.Millisecond

// Window is the till's window: a top bar, the page that is up and the status bar. It is used on the toolkit's
// goroutine alone.
type Window struct {
	win   fyne.Window
	ports Ports
	out   outbox

	router *Router

	words Words
	lang  string
	dark  bool

	view  till.View
	shown bool // a view has come
	made  map[PageName]page
	at    PageName
	back  []PageName

	frame    *frame
	message  *Message
	entry    entry
	typing   bool // the page is told of the entry in a moment
	methods  []PayMethod
	status   []DeviceStatus
	live     []DeviceLive
	health   walletHealth
	weighing *Weighing // nil: no scale
	sell     sellState

	code      codeState // what PageCode waits for
	tendering tendering // what PageTender is open for
	qrRef     string    // typed so far for the code that is shown
	office    officeState

	slips      []SlipQuestion
	slipAnswer func(job int64, printed bool)
	slipAsked  *Message // the question that is up
}

// NewWindow puts the till into win. The first Show fills it.
func NewWindow(win fyne.Window, p Ports) *Window {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.After == nil {
		p.After = func(time.Duration, func()) func() { return func() {} }
	}
	w := &Window{win: win, ports: p, lang: "zh-Hans", made: map[PageName]page{}}
	w.out = outbox{to: p.Cashier, async: p.Async}
	w.words = WordsOf(w.lang)
	w.entry.changed = func(string) {
		if w.router.Fast() {
			w.typedLater()
			return
		}
		w.drawTyped()
	}
	w.router = NewRouter(w, p.Now, p.After)
	w.frame = newFrame(w)
	c := win.Canvas()
	c.SetOnTypedRune(w.router.Rune)
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { w.router.Key(e.Name) })
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyL, Modifier: fyne.KeyModifierControl}, func(fyne.Shortcut) { w.router.Shortcut("Ctrl+L") })
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRightBracket, Modifier: fyne.KeyModifierControl}, func(fyne.Shortcut) { w.router.Separator() })
	c.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { w.router.Shortcut("Ctrl+Z") })
	kit.SetRouter(kit.Router{Rune: w.focusedRune, Key: w.focusedKey, Focus: c.Focus, Shortcut: w.focusedShortcut})
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) { w.keyDown(e.Name) })
		d.SetOnKeyUp(func(e *fyne.KeyEvent) { w.keyUp(e.Name) })
	}
	win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) {
		if d, ok := w.page().(dropper); ok && len(files) > 0 {
			d.Dropped(files[0].Path())
		}
	})
	win.SetPadded(false)
	win.SetContent(w.frame.object)
	w.Refresh()
	return w
}

// focusedRune sees a character before the control that has the focus.
func (w *Window) focusedRune(ch rune) bool {
	if f, ok := w.win.Canvas().Focused().(TextField); ok {
		w.router.FieldRune(f, ch)
		return false
	}
	w.router.Rune(ch)
	return true
}

// keyDown tells a page that has keys to be held of one that goes down, and keyUp of one that goes up.
func (w *Window) keyDown(name fyne.KeyName) {
	if name == fyne.KeyTab && w.router.Tab() {
		w.ports.After(0, w.win.Canvas().Unfocus) // the toolkit moves the focus by it all the same
	}
	if h, ok := w.page().(holder); ok {
		h.KeyDown(name)
	}
}

func (w *Window) keyUp(name fyne.KeyName) {
	if h, ok := w.page().(holder); ok {
		h.KeyUp(name)
	}
}

// focusedKey sees a key before the control that has the focus.
func (w *Window) focusedKey(e *fyne.KeyEvent) bool {
	if f, ok := w.win.Canvas().Focused().(TextField); ok {
		return w.router.FieldKey(f, e.Name)
	}
	w.router.Key(e.Name)
	return true
}

// focusedShortcut takes what a text field in focus does not know. Undo is not for the sale while somebody types.
func (w *Window) focusedShortcut(s fyne.Shortcut) {
	if x, ok := s.(*desktop.CustomShortcut); ok && x.Modifier == fyne.KeyModifierControl {
		if x.KeyName == fyne.KeyRightBracket {
			w.router.Separator()
			return
		}
		w.router.Shortcut("Ctrl+" + string(x.KeyName))
	}
}

// Show draws a view of the register. Views may be left out, but not shown out of order: an older one is ignored.
func (w *Window) Show(v till.View) {
	if w.shown && v.Seq < w.view.Seq {
		return
	}
	was := w.view
	w.view = v
	first := !w.shown
	w.shown = true
	if v.Settings.Language != "" && (first || v.Settings.Language != was.Settings.Language) {
		w.setLanguage(v.Settings.Language)
	}
	founded := w.ports.Shop == nil || w.ports.Shop.Founded()
	if to := destination(w.at, was, v, founded); to != w.at {
		w.back = nil
		w.open(to, nil)
	}
	w.notice(was, v)
	w.codeForgotten(was.Held)
	w.followCode()
	w.lookAtHealth(was, v)
	w.frame.show(v)
	if p := w.page(); p != nil {
		p.Show(v)
	}
}

// notice sounds a new notice and shows it where the page does not.
func (w *Window) notice(was, v till.View) {
	n := v.Notice
	if n == nil || was.Notice != nil && was.Notice.Seq == n.Seq {
		if n == nil && was.Notice != nil {
			w.message = nil
		}
		return
	}
	w.play(soundOf(n))
	m := w.messageOf(n, v)
	w.message = m
	if w.questions(n, v) {
		w.message = nil
		if w.at != PageSell {
			w.message = m // the question waits on the sell page
		}
	}
}

func soundOf(n *till.Notice) string {
	switch {
	case n.Kind == till.Added && n.Code == till.NoteAdded, n.Code == till.NoteAside:
		return "added"
	case n.Kind == till.Paid:
		return "paid"
	case n.Code == till.UnknownCode, n.Code == till.NoteExpired, n.Code == till.BadElement, n.Code == till.BadCheckDigit, n.Code == till.CodeTooLong, n.Code == till.NotAnItem, n.Code == till.PriceZero, n.Code == till.LabelUnfit:
		return "notfound"
	case n.Kind == till.Refused:
		return "failed"
	}
	return ""
}

// View returns the view that is shown.
func (w *Window) View() till.View { return w.view }

// Currency returns the ledger's currency.
func (w *Window) Currency() money.Currency { return w.view.Settings.Currency }

// Do hands a command to the register and returns; what comes of it is in the next view.
func (w *Window) Do(c till.Command) { w.out.send(c) }

// Ask does work off this goroutine, then calls done on it.
func (w *Window) Ask(work func(ctx context.Context), done func()) { w.ports.Async(work, done) }

// Say returns the words of a key in the screen's language; see Words.Say.
func (w *Window) Say(key string, values ...string) string { return w.words.Say(key, values...) }

// Money writes an amount in the ledger's currency with its sign.
func (w *Window) Money(a money.Amount) string { return Money(w.Currency(), a) }

// Lang is the language on the screen: zh-Hans or en.
func (w *Window) Lang() string { return w.lang }

// Dark reports whether the dark theme is on.
func (w *Window) Dark() bool { return w.dark }

// Open puts a page up. Esc goes back to the one before.
func (w *Window) Open(name PageName) { w.OpenWith(name, nil) }

// OpenWith puts a page up for something: a receipt number, an item, a text.
func (w *Window) OpenWith(name PageName, with any) {
	if makers()[name] == nil || !w.mayOpen(name) {
		return
	}
	if w.at != name && w.at != "" {
		w.back = append(w.back, w.at)
	}
	w.open(name, with)
	w.refreshPage()
}

// mayOpen keeps every page but the sign-on and the first run shut while nobody is signed on.
func (w *Window) mayOpen(name PageName) bool {
	if !w.shown {
		return false
	}
	return destination(name, w.view, w.view, w.ports.Shop == nil || w.ports.Shop.Founded()) == name
}

// Back goes to the page before, or to the sale.
func (w *Window) Back() {
	to := PageSell
	if n := len(w.back); n > 0 {
		to, w.back = w.back[n-1], w.back[:n-1]
	}
	if !w.mayOpen(to) {
		to = destination(to, w.view, w.view, true)
	}
	w.open(to, nil)
	w.refreshPage()
}

// Home leaves everything for the sale.
func (w *Window) Home() {
	w.back = nil
	w.open(destination(PageSell, w.view, w.view, true), nil)
	w.refreshPage()
}

func (w *Window) open(name PageName, with any) {
	if l, ok := w.page().(leaver); ok && w.at != name {
		l.Leave()
	}
	w.message = nil
	w.entry.clear()
	fromOffice := !selling[w.at]
	w.at = name
	p := w.make(name)
	if s, ok := p.(*sellPage); ok && fromOffice && s.tiles != nil {
		s.tiles.load() // they may have been changed there
	}
	if o, ok := p.(opener); ok && with != nil {
		o.Opened(with)
	}
	w.win.Canvas().Unfocus()
	w.frame.setPage(p)
}

func (w *Window) make(name PageName) page {
	if p := w.made[name]; p != nil {
		return p
	}
	f := makers()[name]
	if f == nil {
		return nil
	}
	p := f(w)
	if p != nil {
		w.made[name] = p
	}
	return p
}

func (w *Window) page() page { return w.made[w.at] }

func (w *Window) refreshPage() {
	w.frame.show(w.view)
	if p := w.page(); p != nil {
		p.Show(w.view)
	}
}

// SetLanguage changes the language of the screen: zh-Hans or en.
func (w *Window) SetLanguage(lang string) {
	if lang != w.lang {
		w.setLanguage(lang)
		w.Refresh()
	}
}

func (w *Window) setLanguage(lang string) {
	w.lang, w.words = lang, WordsOf(lang)
	w.rebuild()
}

// SetDark changes between the light and the dark theme.
func (w *Window) SetDark(dark bool) {
	if dark == w.dark {
		return
	}
	w.dark = dark
	w.Refresh()
}

// Refresh makes every page anew, for another language, theme or size. What is typed and chosen stays.
func (w *Window) Refresh() {
	w.useTheme()
	w.rebuild()
	if w.shown {
		w.refreshPage()
	}
}

func (w *Window) rebuild() {
	w.made, w.slipAsked = map[PageName]page{}, nil
	switch n := w.view.Notice; {
	case w.message == nil:
	case w.message.fault != "":
		w.message = w.faultMessage(w.message.fault)
	case n != nil && w.message.seq == n.Seq:
		w.message = w.messageOf(n, w.view)
	}
	w.frame.build()
	if w.at != "" {
		w.frame.setPage(w.make(w.at))
	}
}

// SetStatus shows how the devices are.
func (w *Window) SetStatus(s []DeviceStatus) {
	was := printerFault(w.status)
	w.status = s
	w.frame.showStatus()
	now, shown := printerFault(s), w.message != nil && w.message.fault != ""
	if now != was && (shown || now != "" && w.message == nil && selling[w.at]) {
		w.message = w.faultMessage(now)
		w.refreshPage()
	}
	if p, ok := w.page().(watcher); ok {
		p.Status()
	}
}

// SetMethods sets the payment codes the shop may show.
func (w *Window) SetMethods(m []PayMethod) {
	w.methods = m
	if w.shown {
		w.refreshPage()
	}
}

// Tick moves the clock on; call it every few seconds.
func (w *Window) Tick() { w.frame.tick() }

// Device hands over a code from a scanner that is no keyboard.
func (w *Window) Device(code string) { w.router.Device(code) }

// Router is the window's key router, for its settings.
func (w *Window) Router() *Router { return w.router }

// Key acts on a key that is no part of a scan.
func (w *Window) Key(e KeyEvent) {
	if w.view.Approval != nil && w.frame.asks() && w.approvalKey(e) {
		return
	}
	if p := w.page(); p != nil && p.Key(e) {
		return
	}
	switch e.Action {
	case ActLanguage:
		if w.lang == "en" {
			w.SetLanguage("zh-Hans")
		} else {
			w.SetLanguage("en")
		}
	case ActBack:
		if w.message != nil {
			w.hideMessage()
			return
		}
		w.Back()
	case ActLock:
		if w.view.Operator != nil {
			w.Do(till.SignOff{})
		}
	case ActMenu:
		if w.at == PageMenu {
			w.Back()
		} else {
			w.Open(PageMenu)
		}
	case ActHelp:
		w.Open(PageKeys)
	case ActPrint:
		if w.view.Operator != nil {
			w.Do(till.Reprint{})
		}
	}
}

// Scan acts on a scanned code: the page that is up, else the sale.
func (w *Window) Scan(code string) {
	plain := till.PlainCode(code) // what identifies the symbology is the register's alone
	if p := w.page(); p != nil && p.Scan(plain) {
		return
	}
	if w.view.Operator == nil || w.view.Stopped != "" {
		w.play("notfound")
		return
	}
	if n, ok := w.receiptOf(plain); ok {
		w.OpenWith(PageReturns, n)
		return
	}
	if w.at != PageSell && w.at != PageResult && w.isPayCode(code) {
		w.payCodeHere(code)
		return
	}
	w.sellCode(code)
	if w.isPayCode(code) {
		w.sell.scanned = "" // it is a secret, and nothing more is asked about it
	}
}

// receiptOf returns the number of the receipt that a code was printed on.
func (w *Window) receiptOf(code string) (int, bool) {
	if w.ports.Office.Past == nil {
		return 0, false
	}
	return w.ports.Office.Past.Receipt(code)
}

// Mark is part of Sink.
func (w *Window) Mark() func() {
	if m, ok := w.page().(marker); ok {
		return m.Mark()
	}
	before := w.entry.text
	return func() {
		if w.entry.text == before {
			return
		}
		// The view that follows draws this together with what the scan did: two frames in a row would keep the total
		// from the screen for the time of one, which is long without a graphics card.
		w.entry.text = before
		w.typedLater()
	}
}

// drawTyped tells the page what stands in the entry.
func (w *Window) drawTyped() {
	if t, ok := w.page().(typist); ok {
		t.Typed(w.entry.text)
	}
}

// typedLater does so in a moment, once for all that comes until then: keys that come as fast as a scanner's are not
// worth a frame each.
func (w *Window) typedLater() {
	if w.typing {
		return
	}
	w.typing = true
	w.ports.After(rewindDrawn, func() {
		w.typing = false
		w.drawTyped()
	})
}

func (w *Window) play(sound string) {
	if sound != "" && w.ports.Sounds != nil {
		w.ports.Sounds.Play(sound)
	}
}

func (w *Window) hideMessage() {
	w.message = nil
	w.refreshPage()
}
