package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Line is one line of the cart, as it is shown.
type Line struct {
	Qty    string // "2", "0.750"
	Unit   string // "×", "kg"
	Name   string
	Note   string // the unit price, a promotion
	Amount string
	Promo  bool // the note is in the accent colour
	Gone   bool // taken back: in the colour of small print
}

// Heights of a line, and of the one that is selected.
const (
	lineRow      = 57
	lineSelected = 66
)

// LinesSpec says where the cart list has its lines from and what it calls back.
type LinesSpec struct {
	Len func() int
	At  func(i int) Line
	// OnSelect is called when a line is tapped; the list has selected it.
	OnSelect func(i int)
	// OnMinus, OnPlus and OnBin are called for the buttons of the selected line; nil leaves the button out.
	OnMinus, OnPlus, OnBin func(i int)
	Empty                  fyne.CanvasObject // shown while there is no line; may be nil
}

// Lines is the list of the cart. It draws only the lines that are seen, so that a thousand cost what ten do, and a
// changed line redraws alone.
type Lines struct {
	view
	spec     LinesSpec
	selected int
	rows     []*lineView
	buttons  []*Tap
	size     fyne.Size
	flash    *fyne.Animation
}

// NewLines returns a list without a selected line.
func NewLines(spec LinesSpec) *Lines {
	l := &Lines{spec: spec, selected: -1}
	l.bar = newBar()
	l.total = l.height
	l.window = func() float32 { return l.size.Height }
	l.moved = l.arrange
	l.tapAt = l.tap
	for _, b := range []struct {
		icon string
		act  func(int)
	}{{"minus", spec.OnMinus}, {"plus", spec.OnPlus}, {"trash-2", spec.OnBin}} {
		if b.act == nil {
			continue
		}
		button := NewTap(Style{Fill: Surface, Edge: Outline, Stroke: 1, Radius: RadiusField}, NewIcon(b.icon, 20, Ink), func() {
			if l.selected >= 0 && l.selected < l.spec.Len() {
				b.act(l.selected)
			}
		})
		button.Hide()
		l.buttons = append(l.buttons, button)
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *Lines) height() float32 {
	n := l.spec.Len()
	h := float32(n) * lineRow
	if l.selected >= 0 && l.selected < n {
		h += lineSelected - lineRow
	}
	return h
}

func (l *Lines) span(i int) (from, to float32) {
	from = float32(i) * lineRow
	if l.selected >= 0 && i > l.selected {
		from += lineSelected - lineRow
	}
	to = from + lineRow
	if i == l.selected {
		to = from + lineSelected
	}
	return from, to
}

func (l *Lines) at(y float32) int {
	y += l.offset
	i := int(y / lineRow)
	if l.selected >= 0 && i > l.selected {
		i = int((y - (lineSelected - lineRow)) / lineRow)
		i = max(i, l.selected)
	}
	if i < 0 || i >= l.spec.Len() {
		return -1
	}
	return i
}

// Selected returns the selected line, -1 for none.
func (l *Lines) Selected() int { return l.selected }

// Select selects a line, -1 for none, and brings it into view. It does not call back.
func (l *Lines) Select(i int) {
	if i >= l.spec.Len() {
		i = -1
	}
	l.selected = i
	if i >= 0 {
		from, to := l.span(i)
		l.show(from, to)
	}
	l.arrange()
}

// RefreshLine redraws one line. Call it when that line changed and nothing else.
func (l *Lines) RefreshLine(i int) {
	for _, r := range l.rows {
		if r.index == i && !r.hidden {
			r.set(l.spec.At(i), i == l.selected, l)
			return
		}
	}
}

// Update redraws the lines that are seen; only what changed of them is painted again. Call it when lines came or went.
func (l *Lines) Update() {
	if l.selected >= l.spec.Len() {
		l.selected = -1
	}
	l.offset = min(l.offset, l.limit())
	l.arrange()
}

// ScrollTo brings a line into view.
func (l *Lines) ScrollTo(i int) {
	if i >= 0 && i < l.spec.Len() {
		from, to := l.span(i)
		l.show(from, to)
	}
}

// Flash lights a line up for 150 ms, once. It does nothing with reduced motion.
func (l *Lines) Flash(i int) {
	if still {
		return
	}
	for _, r := range l.rows {
		if r.index != i || r.hidden {
			continue
		}
		if l.flash != nil {
			l.flash.Stop()
		}
		from, to := palette.Of(TotalOk), r.ground()
		l.flash = fyne.NewAnimation(150*time.Millisecond, func(done float32) {
			r.back.FillColor = mix(from, to, done)
			if done >= 1 {
				r.back.FillColor = r.ground()
			}
			canvas.Refresh(r.back)
		})
		l.flash.Start()
		return
	}
}

// Tapped selects the line under the finger.
func (l *Lines) Tapped(e *fyne.PointEvent) { l.pick(e.Position.Y) }

func (l *Lines) pick(y float32) {
	i := l.at(y)
	if i < 0 {
		return
	}
	l.Select(i)
	if l.spec.OnSelect != nil {
		l.spec.OnSelect(i)
	}
}

func (l *Lines) tap(p fyne.Position) {
	for _, b := range l.buttons {
		if t, at := tappableAt(b, p.Subtract(b.Position())); t != nil {
			t.Tapped(&fyne.PointEvent{Position: at})
			return
		}
	}
	l.pick(p.Y)
}

// MinSize is three lines.
func (l *Lines) MinSize() fyne.Size { return fyne.NewSize(280, 3*lineRow) }

// arrange places a row for every line that is seen.
func (l *Lines) arrange() {
	if l.size.Width <= 0 {
		return
	}
	if l.spec.Empty != nil {
		l.spec.Empty.Resize(l.size)
		if none := l.spec.Len() == 0; none != l.spec.Empty.Visible() {
			if none {
				l.spec.Empty.Show()
			} else {
				l.spec.Empty.Hide()
			}
		}
	}
	first, n := max(0, l.at(0)), l.spec.Len()
	used := 0
	for i := first; i < n; i++ {
		from, to := l.span(i)
		if from-l.offset >= l.size.Height {
			break
		}
		if used == len(l.rows) {
			l.rows = append(l.rows, newLineView())
			canvas.Refresh(l)
		}
		r := l.rows[used]
		used++
		r.index = i
		r.show(true)
		r.move(from-l.offset, to-from, l.size.Width)
		r.set(l.spec.At(i), i == l.selected, l)
	}
	for _, r := range l.rows[used:] {
		r.index = -1
		r.show(false)
	}
	seen := false
	if l.selected >= 0 && l.selected < n {
		from, to := l.span(l.selected)
		if to > l.offset && from < l.offset+l.size.Height {
			seen = true
			x := l.amountLeft(l.spec.At(l.selected).Amount) - 12
			for b := len(l.buttons) - 1; b >= 0; b-- {
				x -= 48
				l.buttons[b].Resize(fyne.NewSize(48, 48))
				l.buttons[b].Move(fyne.NewPos(x, from-l.offset+(lineSelected-48)/2))
				x -= 8
			}
		}
	}
	for _, b := range l.buttons {
		if seen != b.Visible() {
			if seen {
				b.Show()
			} else {
				b.Hide()
			}
		}
	}
	l.placeBar(0, l.size.Width)
	canvas.Refresh(l.bar)
}

func (l *Lines) amountLeft(amount string) float32 {
	return l.size.Width - 16 - max(76, ceil(TextWidth(amount, 18, true)))
}

// CreateRenderer draws the lines.
func (l *Lines) CreateRenderer() fyne.WidgetRenderer { return &linesRenderer{l: l} }

type linesRenderer struct{ l *Lines }

// IsClip tells the toolkit to cut.
func (*linesRenderer) IsClip() {}
func (r *linesRenderer) Layout(s fyne.Size) {
	r.l.size = s
	r.l.offset = min(r.l.offset, r.l.limit())
	r.l.arrange()
}
func (r *linesRenderer) MinSize() fyne.Size { return r.l.MinSize() }
func (r *linesRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if r.l.spec.Empty != nil {
		out = append(out, r.l.spec.Empty)
	}
	for _, row := range r.l.rows {
		out = append(out, row.objects...)
	}
	for _, b := range r.l.buttons {
		out = append(out, b)
	}
	return append(out, r.l.bar)
}
func (*linesRenderer) Destroy() {}
func (r *linesRenderer) Refresh() {
	for _, row := range r.l.rows {
		row.stale = true
	}
	r.l.Update()
	for _, b := range r.l.buttons {
		b.Refresh()
	}
}
