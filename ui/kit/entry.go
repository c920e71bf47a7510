package kit

import (
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
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

// TypedShortcut copies, cuts, pastes and selects.
func (f *Field) TypedShortcut(s fyne.Shortcut) { f.short.TypedShortcut(s) }

// FocusGained shows the caret.
func (f *Field) FocusGained() { f.setFocus(true) }

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

// CreateRenderer draws the field.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	size := float32(18)
	if f.spec.Small {
		size = 16
	}
	if f.spec.Amount {
		size += 6
		if f.spec.Small {
			size = 20
		}
	}
	r := &fieldRenderer{field: f, size: size,
		box: canvas.NewRectangle(color.Transparent), sel: canvas.NewRectangle(color.Transparent), bar: canvas.NewRectangle(color.Transparent),
		label: NewBold(f.spec.Label, 15, Ink2), problem: NewLabel("", 14, Danger), key: NewKeyCap(f.spec.Key, Ink3),
		icon: NewIcon(f.spec.Icon, 20, Ink2), trail: NewIcon(f.spec.TrailIcon, 20, Ink2), text: newText(size, f.spec.Amount, Ink)}
	r.box.CornerRadius = RadiusField
	r.clip = &clip{objects: []fyne.CanvasObject{r.sel, r.text, r.bar}}
	r.clip.ExtendBaseWidget(r.clip)
	f.view = r
	r.apply()
	return r
}

type fieldRenderer struct {
	field         *Field
	size          float32
	box, sel, bar *canvas.Rectangle
	label         *Label
	problem       *Label
	icon, trail   *Icon
	key           *KeyCap
	text          *canvas.Text
	clip          *clip
	left, room    float32
}

func (r *fieldRenderer) shown() string {
	if r.field.spec.Password {
		return strings.Repeat("•", len(r.field.text))
	}
	return string(r.field.text)
}

func (r *fieldRenderer) width(n int) float32 {
	if n <= 0 {
		return 0
	}
	return TextWidth(string([]rune(r.shown())[:n]), r.size, r.field.spec.Amount)
}

// start is where the text begins within the clip.
func (r *fieldRenderer) start() float32 {
	if r.field.spec.Trailing {
		if w := r.width(len(r.field.text)); w+2 < r.room {
			return r.room - w - 2
		}
	}
	return -r.field.scroll
}

// at returns the caret's place for a tap at x.
func (r *fieldRenderer) at(x float32) int {
	x -= r.left + r.start()
	for i := range r.field.text {
		if x < (r.width(i)+r.width(i+1))/2 {
			return i
		}
	}
	return len(r.field.text)
}

func (r *fieldRenderer) apply() {
	f := r.field
	fill, edge, stroke := Surface, Outline, float32(1)
	switch {
	case f.disabled:
		fill, edge = Sunken, Clear
	case f.problem != "":
		edge, stroke = Danger, 3
	case f.focused:
		edge, stroke = Accent, 3
	}
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth = palette.Of(fill), palette.Of(edge), stroke
	r.problem.SetText(f.problem)
	r.problem.Hidden = f.problem == ""
	if len(f.text) == 0 {
		r.text.Text, r.text.Color = Fit(f.spec.Placeholder, r.size, f.spec.Amount, max(r.room, 40)), palette.Of(Ink3)
	} else {
		r.text.Text, r.text.Color = r.shown(), palette.Of(Ink)
		if f.disabled {
			r.text.Color = palette.Of(Ink3)
		}
	}
	full := r.width(len(f.text))
	caret := r.width(f.caret)
	f.scroll = min(f.scroll, max(0, full+4-r.room))
	if caret-f.scroll > r.room-4 {
		f.scroll = caret - r.room + 4
	}
	if caret < f.scroll {
		f.scroll = caret
	}
	x, h := r.start(), f.boxHeight()
	if len(f.text) == 0 && f.spec.Trailing {
		x = max(0, r.room-2-TextWidth(r.text.Text, r.size, f.spec.Amount))
	}
	place(r.text, x, 0, max(full, r.room), h)
	x = r.start()
	a, b := f.selection()
	r.sel.Hidden = a == b || !f.focused
	r.sel.FillColor, r.sel.CornerRadius = palette.Of(AccentTint), 3
	r.sel.Resize(fyne.NewSize(r.width(b)-r.width(a), r.size*1.5))
	r.sel.Move(fyne.NewPos(x+r.width(a), (h-r.size*1.5)/2))
	r.bar.Hidden = !f.focused
	r.bar.FillColor = palette.Of(Accent)
	r.bar.Resize(fyne.NewSize(2, r.size*1.4))
	r.bar.Move(fyne.NewPos(x+caret, (h-r.size*1.4)/2))
	for _, o := range []fyne.CanvasObject{r.box, r.sel, r.text, r.bar} {
		canvas.Refresh(o)
	}
}

func (r *fieldRenderer) Layout(s fyne.Size) {
	f := r.field
	y, h := float32(0), f.boxHeight()
	r.label.Hidden = f.spec.Label == ""
	if !r.label.Hidden {
		r.label.Resize(fyne.NewSize(s.Width, 20))
		y = 26
	}
	r.box.Resize(fyne.NewSize(s.Width, h))
	r.box.Move(fyne.NewPos(0, y))
	left, right := float32(14), float32(14)
	if f.spec.Icon != "" {
		r.icon.Resize(fyne.NewSize(20, h))
		r.icon.Move(fyne.NewPos(left, y))
		left += 30
	}
	if f.spec.TrailIcon != "" {
		right += 20
		r.trail.Resize(fyne.NewSize(20, h))
		r.trail.Move(fyne.NewPos(s.Width-right, y))
		right += 10
	}
	if r.key.Visible() {
		m := r.key.MinSize()
		right += m.Width
		r.key.Resize(m)
		r.key.Move(fyne.NewPos(s.Width-right, y+(h-22)/2))
		right += 10
	}
	r.left, r.room = left, max(10, s.Width-left-right)
	r.clip.Resize(fyne.NewSize(r.room, h))
	r.clip.Move(fyne.NewPos(left, y))
	r.problem.Resize(fyne.NewSize(s.Width, 20))
	r.problem.Move(fyne.NewPos(0, y+h+4))
	r.apply()
}

func (r *fieldRenderer) MinSize() fyne.Size { return r.field.MinSize() }
func (r *fieldRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.label, r.box, r.icon, r.trail, r.key, r.clip, r.problem}
}
func (r *fieldRenderer) Destroy() {}
func (r *fieldRenderer) Refresh() {
	r.Layout(r.field.Size())
	for _, o := range []fyne.Widget{r.label, r.icon, r.trail, r.key, r.problem} {
		o.Refresh()
	}
}

// clip cuts what stands out of it.
type clip struct {
	widget.BaseWidget
	objects []fyne.CanvasObject
}

func (c *clip) MinSize() fyne.Size                  { return fyne.Size{} }
func (c *clip) CreateRenderer() fyne.WidgetRenderer { return &clipRenderer{c} }

type clipRenderer struct{ c *clip }

// IsClip tells the toolkit to cut.
func (*clipRenderer) IsClip()                        {}
func (*clipRenderer) Layout(fyne.Size)               {}
func (*clipRenderer) MinSize() fyne.Size             { return fyne.Size{} }
func (r *clipRenderer) Objects() []fyne.CanvasObject { return r.c.objects }
func (*clipRenderer) Destroy()                       {}
func (r *clipRenderer) Refresh() {
	for _, o := range r.c.objects {
		o.Refresh()
	}
}

// AmountBox shows an amount that is being typed on a keypad: a label, the digits, and an edge and a caret while the
// digits go there. It never takes the focus.
type AmountBox struct {
	widget.BaseWidget
	box    *painted
	label  *Label
	amount *Label
	caret  *painted
	body   *fyne.Container
	height float32
}

// NewAmountBox returns a box of height pixels with digits of size pixels.
func NewAmountBox(label, amount string, size, height float32) *AmountBox {
	b := &AmountBox{box: panel(Surface, Outline, 1, RadiusField), label: NewLabel(label, 15, Ink2), amount: NewBold(amount, size, Ink).Trailing(),
		caret: panel(Accent, Clear, 0, 0), height: height}
	b.caret.Hide()
	b.body = Stack(b.box, Inset(0, 14, 0, 14, Row(8, b.label, Grow(1, b.amount), Fixed(2, Sized(2, size*1.15, b.caret)))))
	b.ExtendBaseWidget(b)
	return b
}

// Set changes the digits.
func (b *AmountBox) Set(amount string) { b.amount.SetText(amount) }

// Activate shows that what is typed goes here.
func (b *AmountBox) Activate(on bool) {
	if on {
		b.box.SetLook(Surface, Accent, 3)
		b.caret.Show()
	} else {
		b.box.SetLook(Surface, Outline, 1)
		b.caret.Hide()
	}
}

// MinSize is its height.
func (b *AmountBox) MinSize() fyne.Size {
	return fyne.NewSize(b.body.MinSize().Width, b.height)
}

// CreateRenderer draws the box.
func (b *AmountBox) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.body) }
