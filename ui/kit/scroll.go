package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// A finger that moved less than this has tapped: the toolkit calls a drag what is two pixels long.
const tapSlop = 10

// view is a window onto something taller: dragged by a finger, turned by a wheel. It draws nothing but its bar.
type view struct {
	widget.BaseWidget
	offset  float32
	travel  float32
	dragAt  fyne.Position
	dragged bool
	bar     *canvas.Rectangle
	total   func() float32 // height of what is shown
	window  func() float32 // height that there is
	moved   func()         // after the offset changed
	tapAt   func(fyne.Position)
}

func newBar() *canvas.Rectangle {
	b := canvas.NewRectangle(color.Transparent)
	b.CornerRadius = 2
	return b
}

func (v *view) limit() float32 { return max(0, v.total()-v.window()) }

func (v *view) scrollTo(y float32) {
	y = min(max(round(y), 0), v.limit())
	if y != v.offset {
		v.offset = y
		v.moved()
	}
}

// show moves as little as is needed for the stretch to be seen.
func (v *view) show(from, to float32) {
	switch {
	case v.window() <= 0:
	case from < v.offset:
		v.scrollTo(from)
	case to > v.offset+v.window():
		v.scrollTo(to - v.window())
	}
}

// Scrolled turns by the wheel.
func (v *view) Scrolled(e *fyne.ScrollEvent) { v.scrollTo(v.offset - e.Scrolled.DY) }

// Dragged moves with the finger.
func (v *view) Dragged(e *fyne.DragEvent) {
	if !v.dragged {
		v.dragged, v.travel = true, 0
		v.dragAt = e.Position.Subtract(fyne.NewPos(e.Dragged.DX, e.Dragged.DY))
	}
	v.travel += abs(e.Dragged.DX) + abs(e.Dragged.DY)
	if v.travel >= tapSlop {
		v.scrollTo(v.offset - e.Dragged.DY)
	}
}

// DragEnd makes a tap of a drag that went nowhere.
func (v *view) DragEnd() {
	tap := v.dragged && v.travel < tapSlop
	v.dragged = false
	if tap && v.tapAt != nil {
		v.tapAt(v.dragAt)
	}
}

func abs(f float32) float32 {
	if f < 0 {
		return -f
	}
	return f
}

// placeBar shows how much there is and where one is, at the right edge of a box.
func (v *view) placeBar(top, width float32) {
	w, t := v.window(), v.total()
	v.bar.Hidden = t <= w+0.5 || w <= 0
	if v.bar.Hidden {
		return
	}
	c := palette.Of(Outline)
	c.A = 150
	v.bar.FillColor = c
	h := max(32, w*w/t)
	v.bar.Resize(fyne.NewSize(4, h))
	v.bar.Move(fyne.NewPos(width-6, top+(w-h)*v.offset/max(1, v.limit())))
}

// Scroll shows tall content and is dragged by a finger anywhere on it, on its controls too.
type Scroll struct {
	view
	content fyne.CanvasObject
}

// NewScroll returns a vertical scroll. Give it room by Grow.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := &Scroll{content: content}
	s.bar = newBar()
	s.total = func() float32 { return HeightAt(s.content, s.Size().Width) }
	s.window = func() float32 { return s.Size().Height }
	s.moved = func() { s.arrange() }
	s.tapAt = func(p fyne.Position) {
		if o, at := tappableAt(s.content, p.Subtract(s.content.Position())); o != nil {
			o.Tapped(&fyne.PointEvent{Position: at})
		}
	}
	s.ExtendBaseWidget(s)
	return s
}

// tappableAt finds the control under p in a tree of containers.
func tappableAt(o fyne.CanvasObject, p fyne.Position) (fyne.Tappable, fyne.Position) {
	s := o.Size()
	if !o.Visible() || p.X < 0 || p.Y < 0 || p.X >= s.Width || p.Y >= s.Height {
		return nil, p
	}
	if t, ok := o.(fyne.Tappable); ok {
		return t, p
	}
	if c, ok := o.(*fyne.Container); ok {
		for i := len(c.Objects) - 1; i >= 0; i-- {
			if t, at := tappableAt(c.Objects[i], p.Subtract(c.Objects[i].Position())); t != nil {
				return t, at
			}
		}
	}
	return nil, p
}

// ScrollToTop shows the beginning.
func (s *Scroll) ScrollToTop() { s.scrollTo(0) }

// ScrollToBottom shows the end.
func (s *Scroll) ScrollToBottom() { s.scrollTo(s.limit()) }

// Offset returns how many pixels are above what is shown.
func (s *Scroll) Offset() float32 { return s.offset }

// MinSize is the width of the content and a little height.
func (s *Scroll) MinSize() fyne.Size { return fyne.NewSize(s.content.MinSize().Width, 48) }

func (s *Scroll) arrange() {
	h := max(s.total(), s.Size().Height)
	s.offset = min(s.offset, s.limit())
	s.content.Resize(fyne.NewSize(s.Size().Width, h))
	s.content.Move(fyne.NewPos(0, -s.offset))
	s.placeBar(0, s.Size().Width)
	canvas.Refresh(s.bar)
}

// CreateRenderer shows the content.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer { return &scrollRenderer{s} }

type scrollRenderer struct{ s *Scroll }

// IsClip tells the toolkit to cut.
func (*scrollRenderer) IsClip()              {}
func (r *scrollRenderer) Layout(fyne.Size)   { r.s.arrange() }
func (r *scrollRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *scrollRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.content, r.s.bar}
}
func (*scrollRenderer) Destroy() {}
func (r *scrollRenderer) Refresh() {
	r.s.arrange()
	r.s.content.Refresh()
}
