package kit

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Router takes the keys that arrive while a control has the focus, so that a scan goes to the till wherever the focus
// is. Each reports whether it took the key.
type Router struct {
	Rune func(rune) bool
	Key  func(*fyne.KeyEvent) bool
	// Focus gives a control of the till's window the focus. A window does not know its new controls until it has drawn
	// them, so they cannot find it themselves. Nil asks the toolkit.
	Focus func(fyne.Focusable)
	// Shortcut gets what a field does not know: the toolkit hands shortcuts to the control in focus alone.
	Shortcut func(fyne.Shortcut)
}

var router Router

// SetRouter names who sees the keys first. The program has one.
func SetRouter(r Router) { router = r }

func (r Router) rune(c rune) bool          { return r.Rune != nil && r.Rune(c) }
func (r Router) key(e *fyne.KeyEvent) bool { return r.Key != nil && r.Key(e) }
func isSpace(e *fyne.KeyEvent) bool        { return e.Name == fyne.KeySpace }

// clock is the time that a hold is measured by.
var clock = time.Now

// Style is how a control looks at rest.
type Style struct {
	Fill, Edge Colour
	Stroke     float32
	Radius     float32
	Pressed    Colour // ground while pressed; Clear darkens Fill instead
	OnDark     bool   // stands in the total block: the focus ring is light
}

// Tap is what every control is made of: a rounded rectangle with content, that is tapped, or held. It is reached by
// the Tab key and pressed by Space while it has the focus, and never by Enter, which belongs to scanners.
type Tap struct {
	widget.BaseWidget
	// OnTap is called for a tap.
	OnTap func()
	// OnHold, if set, is called once it was pressed for HoldFor, in place of OnTap; a shorter press does nothing.
	OnHold  func()
	HoldFor time.Duration

	style    Style
	content  fyne.CanvasObject
	min      fyne.Size // the least size; grows with the content
	disabled bool
	hover    bool
	pressed  bool
	focused  bool
	down     time.Time
	downAt   fyne.Position
	held     bool
	hold     *fyne.Animation
	progress float32
	view     *tapRenderer
}

// NewTap returns a control with content of your own. Space, taps and holds work as on a button.
func NewTap(s Style, content fyne.CanvasObject, onTap func()) *Tap {
	t := &Tap{OnTap: onTap}
	t.init(t, s, content)
	return t
}

func (t *Tap) init(self fyne.Widget, s Style, content fyne.CanvasObject) {
	t.style, t.content = s, content
	t.ExtendBaseWidget(self)
}

// SetStyle changes the look.
func (t *Tap) SetStyle(s Style) {
	if t.style == s {
		return
	}
	t.style = s
	t.paint()
}

// SetMin sets the least size.
func (t *Tap) SetMin(w, h float32) { t.min = fyne.NewSize(w, h) }

// Enable lets it be tapped again.
func (t *Tap) Enable() { t.setDisabled(false) }

// Disable stops it from being tapped. Say why: Button.Off does both.
func (t *Tap) Disable() { t.setDisabled(true) }

// Disabled reports whether it cannot be tapped.
func (t *Tap) Disabled() bool { return t.disabled }

func (t *Tap) setDisabled(on bool) {
	if t.disabled == on {
		return
	}
	t.disabled = on
	if on {
		t.pressed, t.hover = false, false
		t.stopHold()
	}
	t.paint()
}

// MinSize is the content's, and no less than was set.
func (t *Tap) MinSize() fyne.Size {
	if t.content == nil {
		return t.min
	}
	return t.content.MinSize().Max(t.min)
}

// Tapped acts, unless this control wants to be held.
func (t *Tap) Tapped(*fyne.PointEvent) {
	if t.disabled {
		return
	}
	if t.OnHold != nil {
		t.fireHold()
		return
	}
	if t.OnTap != nil {
		t.OnTap()
	}
}

// fireHold acts once the press lasted long enough.
func (t *Tap) fireHold() {
	if t.held || t.down.IsZero() || clock().Sub(t.down) < t.HoldFor {
		return
	}
	t.held = true
	t.stopHold()
	t.OnHold()
}

func (t *Tap) startHold() {
	t.held, t.down = false, clock()
	if t.OnHold == nil {
		return
	}
	t.hold = fyne.NewAnimation(t.HoldFor, func(done float32) {
		if t.hold == nil {
			return
		}
		t.progress = done
		t.paint()
		if done >= 1 {
			t.fireHold()
		}
	})
	t.hold.Curve = fyne.AnimationLinear
	t.hold.Start()
}

func (t *Tap) stopHold() {
	if h := t.hold; h != nil {
		t.hold = nil
		h.Stop()
	}
	if t.progress != 0 {
		t.progress = 0
		t.paint()
	}
}

// MouseDown shows the press and begins a hold.
func (t *Tap) MouseDown(e *desktop.MouseEvent) {
	if t.disabled || e.Button == desktop.MouseButtonSecondary {
		return
	}
	t.pressed, t.downAt = true, e.AbsolutePosition
	t.startHold()
	t.paint()
}

// MouseUp ends both.
func (t *Tap) MouseUp(*desktop.MouseEvent) {
	if !t.pressed {
		return
	}
	t.pressed = false
	if t.OnHold != nil {
		t.fireHold()
	}
	t.stopHold()
	t.paint()
}

// MouseIn shows that the pointer is over it.
func (t *Tap) MouseIn(*desktop.MouseEvent) {
	if !t.disabled {
		t.hover = true
		t.paint()
	}
}

// MouseMoved ends a hold that became a drag.
func (t *Tap) MouseMoved(e *desktop.MouseEvent) {
	if t.pressed && t.OnHold != nil && abs(e.AbsolutePosition.X-t.downAt.X)+abs(e.AbsolutePosition.Y-t.downAt.Y) > 2*tapSlop {
		t.pressed, t.down = false, time.Time{}
		t.stopHold()
		t.paint()
	}
}

// MouseOut takes the press back.
func (t *Tap) MouseOut() {
	if t.hover || t.pressed {
		t.hover, t.pressed = false, false
		t.down = time.Time{}
		t.stopHold()
		t.paint()
	}
}

// FocusGained shows the ring, and the control where it was out of view.
func (t *Tap) FocusGained() {
	t.focused = true
	t.paint()
	reveal(func(o fyne.CanvasObject) bool {
		b, ok := o.(interface{ base() *Tap })
		return ok && b.base() == t
	})
}

// FocusLost hides it.
func (t *Tap) FocusLost() {
	t.focused, t.pressed = false, false
	t.stopHold()
	t.paint()
}

// TypedRune hands characters on: controls take none.
func (t *Tap) TypedRune(r rune) {
	if r != ' ' {
		router.rune(r)
	}
}

// TypedKey presses by Space and hands every other key on.
func (t *Tap) TypedKey(e *fyne.KeyEvent) {
	if isSpace(e) && t.OnHold == nil {
		if !t.disabled && t.OnTap != nil {
			t.OnTap()
		}
		return
	}
	if !isSpace(e) {
		router.key(e)
	}
}

// KeyDown begins a hold by Space.
func (t *Tap) KeyDown(e *fyne.KeyEvent) {
	if isSpace(e) && t.OnHold != nil && !t.disabled && !t.pressed {
		t.pressed = true
		t.startHold()
		t.paint()
	}
}

// KeyUp ends it.
func (t *Tap) KeyUp(e *fyne.KeyEvent) {
	if isSpace(e) && t.OnHold != nil {
		t.MouseUp(nil)
	}
}

// paint redraws the ground and the ring; the content draws itself.
func (t *Tap) paint() {
	if t.view != nil {
		t.view.paint()
	}
}

// CreateRenderer draws the ground, the content and the ring.
func (t *Tap) CreateRenderer() fyne.WidgetRenderer {
	r := &tapRenderer{tap: t, back: canvas.NewRectangle(color.Transparent), bar: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent)}
	r.objects = []fyne.CanvasObject{r.back, r.bar}
	if t.content != nil {
		r.objects = append(r.objects, t.content)
	}
	r.objects = append(r.objects, r.ring)
	t.view = r
	r.apply()
	return r
}

type tapRenderer struct {
	tap             *Tap
	back, bar, ring *canvas.Rectangle
	objects         []fyne.CanvasObject
}

func (r *tapRenderer) apply() {
	t := r.tap
	fill := palette.Of(t.style.Fill)
	switch {
	case t.disabled:
	case t.pressed && t.style.Pressed != Clear:
		fill = palette.Of(t.style.Pressed)
	case t.pressed:
		fill = mix(fill, r.veil(), 0.16)
	case t.hover:
		fill = mix(fill, r.veil(), 0.05)
	}
	r.back.FillColor = fill
	r.back.StrokeWidth = t.style.Stroke
	if t.style.Edge == Clear {
		r.back.StrokeWidth = 0
	}
	r.back.StrokeColor = palette.Of(t.style.Edge)
	r.back.CornerRadius = t.style.Radius
	r.bar.Hidden = t.progress <= 0
	if !r.bar.Hidden {
		c := palette.Of(Danger)
		c.A = 70
		r.bar.FillColor, r.bar.CornerRadius = c, t.style.Radius
		r.bar.Resize(fyne.NewSize(t.Size().Width*t.progress, t.Size().Height))
	}
	r.ring.Hidden = !t.focused
	r.ring.StrokeWidth, r.ring.CornerRadius = 3, t.style.Radius+4
	r.ring.StrokeColor = palette.Of(Accent)
	if t.style.OnDark {
		r.ring.StrokeColor = palette.Of(TotalOk)
	}
}

func (r *tapRenderer) veil() color.NRGBA {
	if r.tap.style.OnDark {
		return palette.Of(OnTotal)
	}
	return palette.Of(Ink)
}

func (r *tapRenderer) paint() {
	r.apply()
	canvas.Refresh(r.back)
	canvas.Refresh(r.bar)
	canvas.Refresh(r.ring)
}

func (r *tapRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	// The ring stands outside, so that it shows around a control in the accent colour too.
	r.ring.Resize(s.AddWidthHeight(8, 8))
	r.ring.Move(fyne.NewPos(-4, -4))
	if r.tap.content != nil {
		r.tap.content.Resize(s)
		r.tap.content.Move(fyne.NewPos(0, 0))
	}
	r.apply()
}
func (r *tapRenderer) MinSize() fyne.Size           { return r.tap.MinSize() }
func (r *tapRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *tapRenderer) Destroy()                     {}
func (r *tapRenderer) Refresh() {
	r.apply()
	if r.tap.content != nil {
		r.tap.content.Resize(r.tap.Size())
		r.tap.content.Refresh()
	}
	canvas.Refresh(r.back)
	canvas.Refresh(r.ring)
}
