package ui

import (
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
)

// The burst rule. A keyboard scanner types a code and Enter. Times are judged over the whole burst and never from key
// to key: the toolkit hands keys over by the frame, and one slow frame looks like a pause.
const (
	burstMin     = 6                      // characters; fewer are typing
	burstPerKey  = 50 * time.Millisecond  // a scan takes at most this long for each of its characters
	burstSilence = 300 * time.Millisecond // after such a pause the next key begins anew
	codeMax      = 4096                   // characters kept of one burst; the rest is swallowed

	// A letter acts when no second key followed within the window. It is waited for in two halves, so that keys
	// which queued up behind a slow frame are seen before the letter acts.
	letterWindow = 120 * time.Millisecond
)

// Action is what a key stands for, whatever key it is.
type Action string

// The actions that keys are mapped to. Digits, the point and letters arrive as runes instead.
const (
	ActHelp     Action = "help"
	ActSearch   Action = "search"
	ActNextPark Action = "next_parked"
	ActPrint    Action = "print"
	ActDiscount Action = "discount"
	ActPark     Action = "park"
	ActCash     Action = "cash"
	ActPay      Action = "pay"
	ActMenu     Action = "menu"
	ActLock     Action = "lock"
	ActLanguage Action = "language"
	ActUndo     Action = "undo"
	ActBack     Action = "back"
	ActEnter    Action = "enter"
	ActErase    Action = "erase" // the last character of the entry
	ActVoid     Action = "void"
	ActUp       Action = "up"
	ActDown     Action = "down"
	ActPageUp   Action = "page_up"
	ActPageDown Action = "page_down"
	ActLeft     Action = "left"
	ActRight    Action = "right"
	ActSpace    Action = "space"
	ActMore     Action = "more"     // +
	ActLess     Action = "less"     // -
	ActQuantity Action = "quantity" // *
)

// KeyMap says what each key does, by the name the toolkit gives it; single characters by themselves.
type KeyMap map[string]Action

// DefaultKeys returns a fresh copy of the keys a till starts with.
func DefaultKeys() KeyMap {
	return KeyMap{
		"F1": ActHelp, "F2": ActSearch, "F4": ActNextPark, "F5": ActPrint, "F6": ActDiscount, "F7": ActPark,
		"F8": ActCash, "F9": ActPay, "F10": ActMenu, "F12": ActLock, "Ctrl+L": ActLanguage, "Ctrl+Z": ActUndo,
		string(fyne.KeyEscape): ActBack, string(fyne.KeyReturn): ActEnter, string(fyne.KeyEnter): ActEnter,
		string(fyne.KeyBackspace): ActErase, string(fyne.KeyDelete): ActVoid, string(fyne.KeyUp): ActUp,
		string(fyne.KeyDown): ActDown, string(fyne.KeyPageUp): ActPageUp, string(fyne.KeyPageDown): ActPageDown,
		string(fyne.KeyLeft): ActLeft, string(fyne.KeyRight): ActRight,
		" ": ActSpace, "+": ActMore, "-": ActLess, "*": ActQuantity,
	}
}

// KeyEvent is a key that acts: an action, or a character where Action is empty. Letters are in capitals.
type KeyEvent struct {
	Action Action
	Rune   rune
}

// Sink is what the router hands keys and scans to.
type Sink interface {
	// Key acts on a key that is no part of a scan.
	Key(KeyEvent)
	// Scan acts on a scanned code.
	Scan(code string)
	// Mark returns a function that takes back what the keys since then typed into the entry.
	Mark() (rewind func())
}

// TextField is a text field that has the focus, as far as the router must know it.
type TextField interface {
	Text() string
	Replace(string)
}

// Router tells a scanner from a person typing, before any widget acts on a key. It belongs to the toolkit's
// goroutine.
type Router struct {
	Keys KeyMap
	// Prefix is what the scanner sends before each code, or "". With it no timing is needed: what follows up to
	// Enter is a code.
	Prefix string
	// Suffix is a character that ends a code as Enter does, or 0.
	Suffix rune

	sink  Sink
	now   func() time.Time
	after func(time.Duration, func()) (stop func())

	burst  []rune
	extra  int // characters of the burst beyond codeMax
	first  time.Time
	last   time.Time
	rewind func()
	plain  bool // the burst so far is digits and points
	busy   int  // keys whose frame is not drawn yet
	field  TextField

	held rune // a letter or sign that acts if no key follows
	stop func()

	watch func(Burst) // where set, every burst goes there and nowhere else
	idle  func()      // stops waiting for the end of a watched burst
}

// A Burst is what came in one go, as a scanner sends it, for the page that tries scanners out.
type Burst struct {
	Text   string
	Took   time.Duration // from the first key to the end
	End    string        // enter, tab or suffix; "" where nothing ended it
	Device bool          // from a scanner that is no keyboard: what ended it is not known, and how long it took neither
	Scan   bool          // as fast and as long as a scanner's
}

// Watch hands every burst to f until it is nil again; keys that are no characters act as ever.
func (r *Router) Watch(f func(Burst)) {
	r.forget()
	r.watch = f
}

// NewRouter returns a router on a clock. after calls f on the toolkit's goroutine once d is over, unless stopped.
func NewRouter(sink Sink, now func() time.Time, after func(d time.Duration, f func()) (stop func())) *Router {
	return &Router{Keys: DefaultKeys(), sink: sink, now: now, after: after}
}

// Fast reports whether the keys so far came as a scanner's do.
func (r *Router) Fast() bool {
	n := len(r.burst)
	return n >= 3 && r.last.Sub(r.first) <= burstPerKey*time.Duration(n)
}

// Rune takes a character typed while no field has the focus.
func (r *Router) Rune(ch rune) {
	if r.Suffix != 0 && ch == r.Suffix && len(r.burst) > 0 {
		r.end(true)
		return
	}
	t := r.now()
	if len(r.burst) > 0 && (r.silent(t) || r.field != nil) {
		r.unended()
		r.forget()
	}
	if len(r.burst) == 0 {
		r.begin(t, nil, r.sink.Mark())
	}
	repeated := r.held != 0 && r.held == ch && (ch == '+' || ch == '-') && len(r.burst) == 1
	fast := len(r.burst) >= 3 && t.Sub(r.first) <= burstPerKey*time.Duration(len(r.burst))
	if repeated {
		// A person leans on the key; no code is made of two signs.
		held := r.held
		r.forget()
		r.act(held)
		r.begin(t, nil, r.sink.Mark())
	}
	r.drop()
	r.keep(ch, t)
	switch {
	case r.watch != nil:
		r.idle = r.after(burstSilence+time.Millisecond, r.unended)
	case r.prefixed():
	case isEntry(ch):
		r.sink.Key(KeyEvent{Rune: ch})
	case !fast:
		r.hold(ch)
	}
}

// Key takes a key that is no character, typed while no field has the focus.
func (r *Router) Key(name fyne.KeyName) {
	if ends(name) {
		if r.end(false) {
			return
		}
	} else if printable(name) {
		return // its rune comes by itself
	}
	act, ok := r.Keys[string(name)]
	if !ok {
		return
	}
	r.forget()
	r.sink.Key(KeyEvent{Action: act})
}

// FieldRune takes a character before the focused field f gets it.
func (r *Router) FieldRune(f TextField, ch rune) {
	if ch > unicode.MaxASCII {
		r.forget() // an input method hands over whole words at once; no scanner sends such characters
		return
	}
	t := r.now()
	if len(r.burst) > 0 && (r.silent(t) || r.field != f) {
		r.forget()
	}
	if len(r.burst) == 0 {
		before := f.Text()
		r.begin(t, f, func() { f.Replace(before) })
	}
	r.drop()
	r.keep(ch, t)
}

// FieldKey takes a key before the focused field f gets it. It reports true where the field must not see it: the
// Enter of a scan, and keys that act wherever the focus is.
func (r *Router) FieldKey(f TextField, name fyne.KeyName) (taken bool) {
	if ends(name) {
		if r.field == f && r.end(false) {
			return true
		}
		r.forget()
		return false
	}
	if printable(name) {
		return false
	}
	r.forget()
	act, ok := r.Keys[string(name)]
	if !ok || !(strings.HasPrefix(string(name), "F") && len(name) > 1 || name == fyne.KeyEscape) {
		return false
	}
	r.sink.Key(KeyEvent{Action: act})
	return true
}

// Shortcut takes a key with Ctrl, as "Ctrl+L".
func (r *Router) Shortcut(name string) {
	if act, ok := r.Keys[name]; ok {
		r.forget()
		r.sink.Key(KeyEvent{Action: act})
	}
}

// Separator takes GS, which no key stands for: a scanner that types holds Ctrl down and presses ].
func (r *Router) Separator() {
	if len(r.burst) > 0 && r.field == nil {
		r.Rune(0x1d)
	}
}

// Tab takes the Tab key before the toolkit moves the focus by it, and reports whether it was the end of a scan.
func (r *Router) Tab() bool {
	n := len(r.burst) + r.extra
	if n == 0 || r.field != nil || r.watch == nil && (n < burstMin || r.now().Sub(r.first) > burstPerKey*time.Duration(n) || r.silent(r.now())) {
		return false
	}
	return r.ended("tab", false)
}

// Device hands over a code read by a scanner that is no keyboard.
func (r *Router) Device(code string) {
	if r.watch != nil {
		r.watch(Burst{Text: code, Device: true, Scan: true})
		return
	}
	r.sink.Scan(code)
}

// unended hands over a watched burst that nothing ended.
func (r *Router) unended() {
	if r.watch != nil && len(r.burst) > 0 && r.field == nil {
		b := Burst{Text: string(r.burst), Took: r.last.Sub(r.first), Scan: r.Fast() && len(r.burst) >= burstMin}
		r.forget()
		r.watch(b)
	}
}

func (r *Router) begin(t time.Time, f TextField, rewind func()) {
	r.burst, r.extra, r.first, r.field, r.rewind, r.plain = r.burst[:0], 0, t, f, rewind, true
}

func (r *Router) keep(ch rune, t time.Time) {
	r.last = t
	r.plain = r.plain && isEntry(ch)
	// What a key sets off may take longer than the silence that ends a burst: a page that comes up for the first
	// time. The pause is counted from when this goroutine is free again, not from when the key came.
	r.busy++
	r.after(0, func() {
		r.busy--
		r.last = r.now()
	})
	if len(r.burst) < codeMax {
		r.burst = append(r.burst, ch)
	} else {
		r.extra++
	}
}

// silent reports whether the pause before t ends a burst.
func (r *Router) silent(t time.Time) bool { return r.busy == 0 && t.Sub(r.last) > burstSilence }

// end judges the burst at its Enter and reports whether that Enter is used up.
func (r *Router) end(suffix bool) bool {
	if suffix {
		return r.ended("suffix", true)
	}
	return r.ended("enter", false)
}

// ended is end by a key of a name.
func (r *Router) ended(by string, suffix bool) bool {
	n := len(r.burst) + r.extra
	if n == 0 {
		return false
	}
	t := r.now()
	code, prefixed := string(r.burst), r.prefixed()
	over := r.silent(t)
	fast := t.Sub(r.first) <= burstPerKey*time.Duration(n) && !over
	rewind, plain, inField := r.rewind, r.plain, r.field != nil
	took := t.Sub(r.first)
	r.forget()
	if r.watch != nil && !inField {
		r.watch(Burst{Text: code, Took: took, End: by, Scan: fast && n >= burstMin})
		return true
	}
	switch {
	case prefixed:
		code = strings.TrimPrefix(code, r.Prefix)
	case fast && n >= burstMin, suffix:
	case inField, over:
		return false
	case plain:
		return false // digits and Enter with nothing focused: an entry
	case fast || n >= burstMin:
		// Letters among them: no entry is like that. A short or slow code is read all the same.
	default:
		rewind()
		return n > 1 // letters typed by a person; one letter and Enter is Enter
	}
	rewind()
	r.sink.Scan(code)
	return true
}

// forget ends a burst that was none; a held letter is not acted on.
func (r *Router) forget() {
	r.drop()
	r.burst, r.extra, r.rewind, r.field = r.burst[:0], 0, nil, nil
}

func (r *Router) drop() {
	for _, stop := range []func(){r.stop, r.idle} {
		if stop != nil {
			stop()
		}
	}
	r.stop, r.idle, r.held = nil, nil, 0
}

// hold acts on a letter after the window, unless a key comes before.
func (r *Router) hold(ch rune) {
	r.held = ch
	r.stop = r.after(letterWindow/2, func() {
		r.stop = r.after(letterWindow/2, func() {
			r.stop = nil
			r.forget()
			r.act(ch)
		})
	})
}

func (r *Router) act(ch rune) {
	if a, ok := r.Keys[string(ch)]; ok {
		r.sink.Key(KeyEvent{Action: a})
		return
	}
	r.sink.Key(KeyEvent{Rune: unicode.ToUpper(ch)})
}

// prefixed reports whether the burst began with the scanner's whole prefix. Its first characters act as typed ones
// until then, so that none is lost which a person typed.
func (r *Router) prefixed() bool {
	n := len([]rune(r.Prefix))
	return n > 0 && len(r.burst) >= n && string(r.burst[:n]) == r.Prefix
}

func isEntry(ch rune) bool { return ch >= '0' && ch <= '9' || ch == '.' }

func ends(name fyne.KeyName) bool { return name == fyne.KeyReturn || name == fyne.KeyEnter }

// printable reports whether a key also arrives as a character.
func printable(name fyne.KeyName) bool {
	return len([]rune(string(name))) == 1 || name == fyne.KeySpace
}
