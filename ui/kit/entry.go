package kit

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// FieldSpec says what a field is.
type FieldSpec struct {
	Label       string // words above the field; empty for none
	Placeholder string
	Icon        string // before the text
	TrailIcon   string // after it
	Key         string // hint of the key that leads here
	Small       bool   // 48 high with text of 16 in place of 56 with 18
	Amount      bool   // bold and larger
	Trailing    bool   // at the trailing edge
	Password    bool   // shows dots
	Limit       int    // characters, 0 for any number
	// Accept, if set, says which characters may be typed.
	Accept func(r rune) bool
	// Before and BeforeKey, if set, see each key before the field does, in place of the Router; they report whether
	// they took it.
	Before    func(r rune) bool
	BeforeKey func(e *fyne.KeyEvent) bool
	// OnChange is called after each change by typing or pasting.
	OnChange func(text string)
	// OnEnter is called for Enter where the router left it.
	OnEnter func(text string)
	// OnFocus is called when the field gains or loses the focus.
	OnFocus func(on bool)
}

// Field is a line to type in. Its caret does not blink: a blinking one repaints the whole window for ever. Keys go to
// the router first, so that a scan is a scan in a field too; Replace takes back what a scan had typed.
type Field struct {
	widget.BaseWidget
	spec     FieldSpec
	text     []rune
	caret    int
	from     int // the other end of the selection
	scroll   float32
	focused  bool
	problem  string
	disabled bool
	short    fyne.ShortcutHandler
	view     *fieldRenderer
}

// NewField returns a field with a text.
func NewField(spec FieldSpec, text string) *Field {
	f := &Field{spec: spec, text: []rune(text)}
	f.caret, f.from = len(f.text), len(f.text)
	f.short.AddShortcut(&fyne.ShortcutPaste{}, func(s fyne.Shortcut) { f.insert(s.(*fyne.ShortcutPaste).Clipboard.Content()) })
	f.short.AddShortcut(&fyne.ShortcutCopy{}, func(s fyne.Shortcut) { f.copyTo(s.(*fyne.ShortcutCopy).Clipboard) })
	f.short.AddShortcut(&fyne.ShortcutCut{}, func(s fyne.Shortcut) {
		f.copyTo(s.(*fyne.ShortcutCut).Clipboard)
		f.erase()
	})
	f.short.AddShortcut(&fyne.ShortcutSelectAll{}, func(fyne.Shortcut) { f.SelectAll() })
	f.ExtendBaseWidget(f)
	return f
}

// Text returns what is typed.
func (f *Field) Text() string { return string(f.text) }

// Shown returns what the screen shows of it: dots for a password, the placeholder where nothing is typed.
func (f *Field) Shown() string {
	switch {
	case len(f.text) == 0:
		return f.spec.Placeholder
	case f.spec.Password:
		return strings.Repeat("•", len(f.text))
	}
	return f.Text()
}

// SetText replaces what is typed, without a call to OnChange, and puts the caret at the end.
func (f *Field) SetText(s string) {
	f.text = []rune(s)
	f.caret, f.from = len(f.text), len(f.text)
	f.draw()
}

// Replace is SetText with a call to OnChange.
func (f *Field) Replace(s string) {
	if s == f.Text() {
		return
	}
	f.SetText(s)
	f.changed()
}

// SelectAll selects the text, so that typing replaces it.
func (f *Field) SelectAll() {
	f.from, f.caret = 0, len(f.text)
	f.draw()
}

// SetProblem shows the edge in the colour of failures and the words below; empty clears it.
func (f *Field) SetProblem(words string) {
	if f.problem != words {
		f.problem = words
		f.Refresh()
	}
}

// SetPlaceholder changes what an empty field says.
func (f *Field) SetPlaceholder(s string) {
	f.spec.Placeholder = s
	f.draw()
}

// Focus gives the field the focus, if it is on a window.
func (f *Field) Focus() {
	if router.Focus != nil {
		router.Focus(f)
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil {
		c.Focus(f)
	}
}

// Focused reports whether it has the focus.
func (f *Field) Focused() bool { return f.focused }

// Enable lets it be typed in again.
func (f *Field) Enable() { f.disabled = false; f.Refresh() }

// Disable greys it out.
func (f *Field) Disable() { f.disabled = true; f.Refresh() }

// Disabled reports whether it cannot be typed in.
func (f *Field) Disabled() bool { return f.disabled }

func (f *Field) changed() {
	if f.spec.OnChange != nil {
		f.spec.OnChange(f.Text())
	}
}

func (f *Field) selection() (int, int) { return min(f.caret, f.from), max(f.caret, f.from) }

func (f *Field) copyTo(c fyne.Clipboard) {
	if a, b := f.selection(); a < b && !f.spec.Password {
		c.SetContent(string(f.text[a:b]))
	}
}

func (f *Field) erase() {
	if a, b := f.selection(); a < b {
		f.text = append(f.text[:a:a], f.text[b:]...)
		f.caret, f.from = a, a
		f.draw()
		f.changed()
	}
}

func (f *Field) insert(s string) {
	if f.disabled {
		return
	}
	a, b := f.selection()
	var add []rune
	for _, r := range s {
		if r == '\n' || r == '\t' || r == '\r' {
			r = ' '
		}
		if unicode.IsControl(r) || (f.spec.Accept != nil && !f.spec.Accept(r)) {
			continue
		}
		if f.spec.Limit > 0 && len(f.text)-(b-a)+len(add) >= f.spec.Limit {
			break
		}
		add = append(add, r)
	}
	if len(add) == 0 {
		return
	}
	f.text = append(append(append([]rune{}, f.text[:a]...), add...), f.text[b:]...)
	f.caret = a + len(add)
	f.from = f.caret
	f.draw()
	f.changed()
}

// TypedRune types a character, once the router had it.
func (f *Field) TypedRune(r rune) {
	if f.spec.Before != nil {
		if f.spec.Before(r) {
			return
		}
	} else if router.rune(r) {
		return
	}
	f.insert(string(r))
}

// TypedKey edits, once the router had the key.
func (f *Field) TypedKey(e *fyne.KeyEvent) {
	if f.spec.BeforeKey != nil {
		if f.spec.BeforeKey(e) {
			return
		}
	} else if router.key(e) {
		return
	}
	if f.disabled {
		return
	}
	a, b := f.selection()
	switch e.Name {
	case fyne.KeyBackspace:
		if a == b && a > 0 {
			f.from = a - 1
		}
		f.erase()
	case fyne.KeyDelete:
		if a == b && b < len(f.text) {
			f.from = b + 1
		}
		f.erase()
	case fyne.KeyLeft:
		f.move(max(f.caret-1, 0))
	case fyne.KeyRight:
		f.move(min(f.caret+1, len(f.text)))
	case fyne.KeyHome:
		f.move(0)
	case fyne.KeyEnd:
		f.move(len(f.text))
	case fyne.KeyReturn, fyne.KeyEnter:
		if f.spec.OnEnter != nil {
			f.spec.OnEnter(f.Text())
		}
	}
}

func (f *Field) move(to int) {
	f.caret, f.from = to, to
	f.draw()
}

// TypedShortcut copies, cuts, pastes and selects, and hands everything else on.
func (f *Field) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll:
		f.short.TypedShortcut(s)
	default:
		if router.Shortcut != nil {
			router.Shortcut(s)
		}
	}
}

// FocusGained shows the caret, and the field where it was out of view.
func (f *Field) FocusGained() {
	f.setFocus(true)
	reveal(func(o fyne.CanvasObject) bool { return o == f })
}

// FocusLost hides it.
func (f *Field) FocusLost() { f.setFocus(false) }

func (f *Field) setFocus(on bool) {
	f.focused = on
	if !on {
		f.from = f.caret
	}
	f.draw()
	if f.spec.OnFocus != nil {
		f.spec.OnFocus(on)
	}
}

// Tapped takes the focus and puts the caret where it was tapped.
func (f *Field) Tapped(e *fyne.PointEvent) {
	if f.disabled {
		return
	}
	if f.view != nil {
		f.move(f.view.at(e.Position.X))
	}
	f.Focus()
}

// MouseDown takes the focus before the press ends, so that the toolkit does not take it away in between.
func (f *Field) MouseDown(*desktop.MouseEvent) {
	if !f.disabled {
		f.Focus()
	}
}

// MouseUp does nothing.
func (f *Field) MouseUp(*desktop.MouseEvent) {}

// Cursor is the one for text.
func (f *Field) Cursor() desktop.Cursor { return desktop.TextCursor }

func (f *Field) boxHeight() float32 {
	if f.spec.Small {
		return 48
	}
	return 56
}

// MinSize is the field with its label and, where there is one, its problem.
func (f *Field) MinSize() fyne.Size {
	h := f.boxHeight()
	if f.spec.Label != "" {
		h += 26
	}
	if f.problem != "" {
		h += 24
	}
	return fyne.NewSize(80, h)
}

func (f *Field) draw() {
	if f.view != nil {
		f.view.apply()
	}
}
