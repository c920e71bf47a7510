package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Bar is one bar of a chart. Values are in any unit; the chart only compares them.
type Bar struct {
	Label   string  // below the bar
	Value   float64 // below zero is drawn as zero
	Compare float64 // the other period; 0 for none
	Words   string  // above the bar; the peak and chosen bars have some
	Peak    bool    // in the accent colour
}

// Gridline is a line across the chart with its words at the left.
type Gridline struct {
	Value float64
	Words string
}

// BarChart is upright bars with a mark, or a second bar, for the period they are compared with.
type BarChart struct {
	widget.BaseWidget
	OnTap func(bar int) // nil where nothing lies behind a bar

	bars    []Bar
	lines   []Gridline
	second  bool // the comparison is a grey bar, not a mark
	focused bool
	at      int // the bar that the keyboard is on
}

// NewBarChart returns a chart. secondBars draws the comparison as grey bars in place of marks.
func NewBarChart(bars []Bar, lines []Gridline, secondBars bool) *BarChart {
	b := &BarChart{bars: bars, lines: lines, second: secondBars}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes the bars.
func (b *BarChart) Set(bars []Bar, lines []Gridline) {
	b.bars, b.lines = bars, lines
	b.Refresh()
}

// barsLeft is the width of the words beside the gridlines.
const barsLeft = 44

// Tapped calls OnTap with the bar in whose column the tap is, at whatever height.
func (b *BarChart) Tapped(e *fyne.PointEvent) {
	if b.OnTap == nil || len(b.bars) == 0 || e.Position.X < barsLeft || b.Size().Width <= barsLeft {
		return
	}
	slot := (b.Size().Width - barsLeft) / float32(len(b.bars))
	b.OnTap(min(int((e.Position.X-barsLeft)/slot), len(b.bars)-1))
}

// FocusGained marks a bar.
func (b *BarChart) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost takes the mark away.
func (b *BarChart) FocusLost() { b.focused = false; b.Refresh() }

// TypedRune hands characters on.
func (b *BarChart) TypedRune(r rune) {
	if r != ' ' {
		router.rune(r)
	}
}

// TypedKey moves from bar to bar, opens what lies behind one by Space, and hands other keys on.
func (b *BarChart) TypedKey(e *fyne.KeyEvent) {
	switch n := len(b.bars); {
	case e.Name == fyne.KeyLeft && n > 0:
		b.at = max(b.at-1, 0)
	case e.Name == fyne.KeyRight && n > 0:
		b.at = min(b.at+1, n-1)
	case isSpace(e):
		if b.OnTap != nil && b.at < n {
			b.OnTap(b.at)
		}
	default:
		router.key(e)
		return
	}
	b.Refresh()
}

// MinSize is a small chart.
func (b *BarChart) MinSize() fyne.Size { return fyne.NewSize(240, 140) }

// CreateRenderer draws the chart.
func (b *BarChart) CreateRenderer() fyne.WidgetRenderer { return &barRenderer{chart: b} }

type barRenderer struct {
	chart   *BarChart
	objects []fyne.CanvasObject
}

func (r *barRenderer) Layout(s fyne.Size) {
	b := r.chart
	r.objects = nil
	if len(b.bars) == 0 || s.Width < 60 || s.Height < 60 {
		return
	}
	const left, foot, head = barsLeft, 26, 24
	top := 0.0
	for _, v := range b.bars {
		top = max(top, v.Value, v.Compare)
	}
	for _, l := range b.lines {
		top = max(top, l.Value)
	}
	if top <= 0 {
		top = 1
	}
	area := s.Height - foot - head
	base := s.Height - foot
	height := func(v float64) float32 { return round(area * float32(max(v, 0)/top)) }
	rect := func(c Colour, x, y, w, h, radius float32) {
		box := canvas.NewRectangle(palette.Of(c))
		box.TopLeftCornerRadius, box.TopRightCornerRadius = radius, radius
		box.Resize(fyne.NewSize(w, h))
		box.Move(fyne.NewPos(x, y))
		r.objects = append(r.objects, box)
	}
	words := func(text string, c Colour, bold bool, x, y, w float32, align fyne.TextAlign) {
		t := newText(14, bold, c)
		t.Text, t.Alignment = text, align
		place(t, x, y, w, 19)
		r.objects = append(r.objects, t)
	}
	rect(Divider, 0, base, s.Width, 1, 0)
	above := base + 22
	for _, l := range b.lines {
		if l.Value > 0 {
			rect(Divider, 0, base-height(l.Value), s.Width, 1, 0)
		}
		if above-(base-height(l.Value)) < 22 { // no room for the words between two lines
			continue
		}
		above = base - height(l.Value)
		words(l.Words, Ink3, false, 0, base-height(l.Value)-20, left, fyne.TextAlignLeading)
	}
	slotWidth := (s.Width - left) / float32(len(b.bars))
	widest := float32(0)
	for _, v := range b.bars {
		widest = max(widest, TextWidth(v.Label, 14, false))
	}
	every := 1 + int((widest+4)/slotWidth) // labels that would touch give way
	for i, v := range b.bars {
		x := round(left + float32(i)*slotWidth)
		if b.focused && i == b.at {
			ring := canvas.NewRectangle(palette.Of(Clear))
			ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = palette.Of(Accent), 3, RadiusSmall
			ring.Resize(fyne.NewSize(round(slotWidth), s.Height))
			ring.Move(fyne.NewPos(x-2, 0))
			r.objects = append(r.objects, ring)
		}
		w := max(3, round(slotWidth)-12)
		fill := Chart
		if v.Peak || b.second {
			fill = Accent
		}
		h := height(v.Value)
		if b.second {
			first := max(3, round((slotWidth-15)*0.54))
			rect(fill, x+6, base-h, first, h, min(4, h))
			o := height(v.Compare)
			rect(Chart2, x+9+first, base-o, max(3, round(slotWidth)-15-first), o, min(4, o))
		} else {
			rect(fill, x+4, base-h, w, h, min(4, h))
			if v.Compare > 0 {
				rect(Ink, x, base-height(v.Compare)-1, w+8, 3, 0)
			}
		}
		if i%every == 0 {
			words(v.Label, Ink2, false, x-10, s.Height-21, slotWidth+16, fyne.TextAlignCenter)
		}
		if v.Words != "" {
			words(v.Words, Ink, true, x-30, base-max(h, height(v.Compare))-22, slotWidth+56, fyne.TextAlignCenter)
		}
	}
}

func (r *barRenderer) MinSize() fyne.Size           { return r.chart.MinSize() }
func (r *barRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *barRenderer) Destroy()                     {}
func (r *barRenderer) Refresh() {
	r.Layout(r.chart.Size())
	canvas.Refresh(r.chart)
}

// ShareRow is a row of a chart of shares: a tender, its part of the whole, and the words beside it.
type ShareRow struct {
	Mark  fyne.CanvasObject // a plate of 26 pixels; nil for none
	Name  string
	Part  float64 // 0 to 1; the widest row fills the bar
	Bad   bool    // in the colour of failures
	Words []string
	// Widths of Words in pixels; the last but one is bold where there are two or more.
	Widths []float32
}

// NewShares returns rows of horizontal bars, row pixels high, with names of nameWidth pixels.
func NewShares(rows []ShareRow, row, nameWidth float32) *fyne.Container {
	widest := 0.0
	for _, s := range rows {
		widest = max(widest, s.Part)
	}
	if widest == 0 {
		widest = 1
	}
	var out []fyne.CanvasObject
	for _, s := range rows {
		var cells []fyne.CanvasObject
		if s.Mark != nil {
			cells = append(cells, s.Mark)
		}
		front, back := Chart, Sunken
		if s.Bad {
			front, back = ChartBad, Clear
		}
		bar := newShare(back, front, 3)
		bar.set(float32(s.Part / widest))
		cells = append(cells, Fixed(nameWidth, NewLabel(s.Name, 15, Ink)), Grow(1, Sized(0, 14, bar)))
		for i, w := range s.Words {
			width := float32(80)
			if i < len(s.Widths) {
				width = s.Widths[i]
			}
			l := NewLabel(w, 14, Ink2).Trailing()
			if len(s.Words) > 1 && i == len(s.Words)-2 || len(s.Words) == 1 {
				l = NewBold(w, 15, Ink).Trailing()
			}
			cells = append(cells, Fixed(width, l))
		}
		out = append(out, Fixed(row, Row(8, cells...)))
	}
	return Col(0, out...)
}

// Slice is a part of a ring.
type Slice struct {
	Value  float64
	Colour color.Color
}

// NewRing returns a ring of slices, px wide, for at most six parts. Give the figures in words beside it.
func NewRing(slices []Slice, px float32) *fyne.Container {
	sum := 0.0
	for _, s := range slices {
		sum += max(s.Value, 0)
	}
	ring := Stack()
	at := float32(0)
	for _, s := range slices {
		if s.Value <= 0 {
			continue
		}
		sweep := float32(360 * s.Value / sum)
		arc := canvas.NewArc(at, at+sweep, 0.62, s.Colour)
		ring.Add(arc)
		at += sweep
	}
	return Sized(px, px, ring)
}

// NewFigure returns a card with one figure: a label, the figure, and a line on how it compares. icon, if any, stands
// beside the label in the colour of the kind.
func NewFigure(label, figure string, k Kind, icon, line string, lineIcon string, onTap func()) *Tap {
	_, ink := k.colours()
	if k == Plain {
		ink = Ink3
	}
	mark := NewIcon(icon, 18, ink)
	lineInk := ink
	if k == Bad {
		lineInk = Ink3
	}
	trend := NewIcon(lineIcon, 16, lineInk)
	trend.Hidden = lineIcon == ""
	return NewTap(Style{Fill: Surface, Edge: Divider, Stroke: 1, Radius: RadiusCard},
		Inset(12, 16, 12, 16, Col(0, Row(6, Grow(1, NewLabel(label, 15, Ink2)), mark), Space(), NewBold(figure, 24, Ink), Space(),
			Row(4, trend, Grow(1, newLabel(line, 14, k == Caution, lineInk))))), onTap)
}
