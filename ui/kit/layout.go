package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// slot says how its one object sits in a row or a column.
type slot struct {
	grow                     float32 // share of what is left; 0 for none
	fixed                    float32 // length along the row or column; 0 for its own
	middle                   bool    // own length across, centred
	centre                   bool    // own size, centred both ways
	top, right, bottom, left float32
}

func (s *slot) MinSize(o []fyne.CanvasObject) fyne.Size {
	if len(o) == 0 || !o[0].Visible() {
		return fyne.Size{}
	}
	return o[0].MinSize().AddWidthHeight(s.left+s.right, s.top+s.bottom)
}

func (s *slot) Layout(o []fyne.CanvasObject, size fyne.Size) {
	if len(o) == 0 {
		return
	}
	x, y := s.left, s.top
	w, h := max(0, size.Width-s.left-s.right), max(0, size.Height-s.top-s.bottom)
	if s.middle || s.centre {
		m := o[0].MinSize()
		if s.centre && m.Width < w {
			x, w = x+round((w-m.Width)/2), m.Width
		}
		m.Height = HeightAt(o[0], w)
		if m.Height < h {
			y, h = y+round((h-m.Height)/2), m.Height
		}
	}
	o[0].Resize(fyne.NewSize(w, h))
	o[0].Move(fyne.NewPos(x, y))
}

func (s *slot) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	if len(o) == 0 || !o[0].Visible() {
		return 0
	}
	return HeightAt(o[0], width-s.left-s.right) + s.top + s.bottom
}

// HeightAt returns the height that an object wants at a width: text that breaks into lines wants more on a narrow page.
func HeightAt(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case interface{ HeightFor(float32) float32 }:
		return o.HeightFor(width)
	case *fyne.Container:
		if l, ok := o.Layout.(interface {
			HeightFor([]fyne.CanvasObject, float32) float32
		}); ok {
			return l.HeightFor(o.Objects, width)
		}
	}
	return o.MinSize().Height
}

func slotOf(o fyne.CanvasObject) *slot {
	if c, ok := o.(*fyne.Container); ok {
		if s, ok := c.Layout.(*slot); ok {
			return s
		}
	}
	return nil
}

func visible(o fyne.CanvasObject) bool {
	if s := slotOf(o); s != nil {
		c := o.(*fyne.Container)
		return c.Visible() && (len(c.Objects) == 0 || c.Objects[0].Visible())
	}
	return o.Visible()
}

func wrap(s slot, o fyne.CanvasObject) *fyne.Container { return container.New(&s, o) }

// Grow lets o take a share of the room that a row or column has left, by weight. It may become smaller than it wants.
func Grow(weight float32, o fyne.CanvasObject) *fyne.Container { return wrap(slot{grow: weight}, o) }

// Fixed gives o a length of px along the row or column.
func Fixed(px float32, o fyne.CanvasObject) *fyne.Container { return wrap(slot{fixed: px}, o) }

// Middle gives o its own height and centres it in the height it gets.
func Middle(o fyne.CanvasObject) *fyne.Container { return wrap(slot{middle: true}, o) }

// Centre gives o its own size and centres it in the room it gets.
func Centre(o fyne.CanvasObject) *fyne.Container { return wrap(slot{centre: true}, o) }

// Pad leaves px on every side of o.
func Pad(px float32, o fyne.CanvasObject) *fyne.Container { return Inset(px, px, px, px, o) }

// Inset leaves room around o, clockwise from the top.
func Inset(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return wrap(slot{top: top, right: right, bottom: bottom, left: left}, o)
}

// Space is an empty piece that takes what is left.
func Space() *fyne.Container { return Grow(1, container.NewWithoutLayout()) }

// Gap is an empty piece of px along a row or a column.
func Gap(px float32) *fyne.Container { return Fixed(px, container.NewWithoutLayout()) }

// flex lays objects in a row, or in a column if down.
type flex struct {
	down bool
	gap  float32
}

// Row lays objects side by side with gap pixels between them. Each has its own width, or what Fixed or Grow say; all
// have the height of the row. Hidden ones take no room.
func Row(gap float32, o ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flex{gap: gap}, o...)
}

// Col lays objects one below the other with gap pixels between them, like Row.
func Col(gap float32, o ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flex{down: true, gap: gap}, o...)
}

func (f *flex) along(s fyne.Size) float32 {
	if f.down {
		return s.Height
	}
	return s.Width
}

func (f *flex) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var along, across float32
	n := 0
	for _, o := range objects {
		if !visible(o) {
			continue
		}
		n++
		m := o.MinSize()
		s := slotOf(o)
		switch {
		case s != nil && s.fixed > 0:
			along += s.fixed
		case s == nil || s.grow == 0:
			along += f.along(m)
		}
		if f.down {
			across = max(across, m.Width)
		} else {
			across = max(across, m.Height)
		}
	}
	if n > 1 {
		along += f.gap * float32(n-1)
	}
	if f.down {
		return fyne.NewSize(across, along)
	}
	return fyne.NewSize(along, across)
}

// lengths returns the length of each object along a row or column of the given size.
func (f *flex) lengths(objects []fyne.CanvasObject, size fyne.Size) []float32 {
	out := make([]float32, len(objects))
	left, weights, n := f.along(size), float32(0), 0
	for i, o := range objects {
		if !visible(o) {
			continue
		}
		n++
		s := slotOf(o)
		switch {
		case s != nil && s.grow > 0:
			weights += s.grow
			continue
		case s != nil && s.fixed > 0:
			out[i] = s.fixed
		case f.down:
			out[i] = HeightAt(o, size.Width)
		default:
			out[i] = o.MinSize().Width
		}
		left -= out[i]
	}
	if n > 1 {
		left -= f.gap * float32(n-1)
	}
	if weights > 0 && left > 0 {
		// Edges fall on whole pixels, or hairlines blur.
		given, seen := float32(0), float32(0)
		for i, o := range objects {
			if s := slotOf(o); s != nil && s.grow > 0 && visible(o) {
				seen += s.grow
				end := round(left * seen / weights)
				out[i] = end - given
				given = end
			}
		}
	}
	return out
}

func (f *flex) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	at := float32(0)
	for i, length := range f.lengths(objects, size) {
		o := objects[i]
		if !visible(o) {
			continue
		}
		if f.down {
			o.Resize(fyne.NewSize(size.Width, length))
			o.Move(fyne.NewPos(0, at))
		} else {
			o.Resize(fyne.NewSize(length, size.Height))
			o.Move(fyne.NewPos(at, 0))
		}
		at += length + f.gap
	}
}

func (f *flex) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	if f.down {
		at, n := float32(0), 0
		for _, o := range objects {
			if !visible(o) {
				continue
			}
			n++
			switch s := slotOf(o); {
			case s != nil && s.fixed > 0:
				at += s.fixed
			case s == nil || s.grow == 0:
				at += HeightAt(o, width)
			}
		}
		return at + f.gap*float32(max(n-1, 0))
	}
	h := float32(0)
	for i, w := range f.lengths(objects, fyne.NewSize(width, 0)) {
		if visible(objects[i]) {
			h = max(h, HeightAt(objects[i], w))
		}
	}
	return h
}

// Stack lays objects over one another, the last on top, all with the full size.
func Stack(o ...fyne.CanvasObject) *fyne.Container { return container.New(stack{}, o...) }

type stack struct{}

func (stack) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		if o.Visible() {
			m = m.Max(o.MinSize())
		}
	}
	return m
}

func (stack) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
		o.Move(fyne.NewPos(0, 0))
	}
}

func (stack) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for _, o := range objects {
		if o.Visible() {
			h = max(h, HeightAt(o, width))
		}
	}
	return h
}

// least is at least so high.
type least struct{ h float32 }

func (l least) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := stack{}.MinSize(o)
	return fyne.NewSize(m.Width, max(m.Height, l.h))
}
func (least) Layout(o []fyne.CanvasObject, s fyne.Size) { stack{}.Layout(o, s) }
func (l least) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	return max(l.h, stack{}.HeightFor(o, width))
}

// AtLeast makes o no lower than px; it grows with what it holds.
func AtLeast(px float32, o fyne.CanvasObject) *fyne.Container { return container.New(least{px}, o) }

type grid struct {
	cols        int
	gap, height float32
}

// Grid lays objects in columns of equal width, gap pixels apart, in rows of height pixels; 0 divides the height that
// there is.
func Grid(cols int, gap, height float32, o ...fyne.CanvasObject) *fyne.Container {
	return container.New(&grid{max(cols, 1), gap, height}, o...)
}

func (g *grid) shown(objects []fyne.CanvasObject) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, o := range objects {
		if o.Visible() {
			out = append(out, o)
		}
	}
	return out
}

func (g *grid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w, h float32
	all := g.shown(objects)
	for _, o := range all {
		m := o.MinSize()
		w, h = max(w, m.Width), max(h, m.Height)
	}
	if g.height > 0 {
		h = g.height
	}
	rows := (len(all) + g.cols - 1) / g.cols
	return fyne.NewSize(0, h*float32(rows)+g.gap*float32(max(rows-1, 0)))
}

func (g *grid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	all := g.shown(objects)
	rows := (len(all) + g.cols - 1) / g.cols
	if rows == 0 {
		return
	}
	edge := func(i, n int, length float32) float32 {
		return round((length + g.gap) * float32(i) / float32(n))
	}
	for i, o := range all {
		c, r := i%g.cols, i/g.cols
		x, w := edge(c, g.cols, size.Width), edge(c+1, g.cols, size.Width)
		y, h := (g.height+g.gap)*float32(r), g.height
		if g.height == 0 {
			y = edge(r, rows, size.Height)
			h = edge(r+1, rows, size.Height) - y - g.gap
		}
		o.Resize(fyne.NewSize(w-x-g.gap, h))
		o.Move(fyne.NewPos(x, y))
	}
}

// Box is a plain rectangle of one colour of the palette.
type Box struct {
	painted
}

// NewBox returns a rectangle filled with c; use it as a ground in Stack, or with Fixed as a divider.
func NewBox(c Colour) *Box {
	b := &Box{painted{fill: c}}
	b.ExtendBaseWidget(b)
	return b
}

// Hairline is a divider of one pixel.
func Hairline() *fyne.Container { return Fixed(1, NewBox(Divider)) }
