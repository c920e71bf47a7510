package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Column is a column of a table.
type Column struct {
	Title string
	Width float32 // pixels; 0 shares what is left
	Right bool    // numbers
}

// Cell is what stands in one place of a table.
type Cell struct {
	Text   string
	Sub    string // a second line
	Bold   bool
	Size   float32 // of the text, 16 if zero
	Colour Colour  // of the text, Ink if zero
	Icon   string  // before the text
	// Badge shows the text as a badge of this kind; Icon is its icon.
	Badge bool
	Kind  Kind
}

// TableSpec says what a table shows.
type TableSpec struct {
	Columns []Column
	Row     float32 // height of a row, 56 if zero
	Len     func() int
	At      func(row, col int) Cell
	OnTap   func(row int) // the row is selected by then
	Empty   fyne.CanvasObject
}

const tableHead = 40

// Table shows rows under a header. It draws only what is seen, is dragged by a finger, and by the keyboard moves the
// selection up and down and taps it by Space.
type Table struct {
	view
	spec     TableSpec
	selected int
	focused  bool
	size     fyne.Size
	heads    []*canvas.Text
	rows     []*tableRow
	rule     *canvas.Rectangle
	ring     *canvas.Rectangle
	body     *clip
}

// NewTable returns a table without a selected row.
func NewTable(spec TableSpec) *Table {
	if spec.Row == 0 {
		spec.Row = 56
	}
	t := &Table{spec: spec, selected: -1, rule: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent), body: &clip{}}
	t.body.ExtendBaseWidget(t.body)
	t.bar = newBar()
	for _, c := range spec.Columns {
		h := newText(14, true, Ink3)
		h.Text = c.Title
		if c.Right {
			h.Alignment = fyne.TextAlignTrailing
		}
		t.heads = append(t.heads, h)
	}
	t.total = func() float32 { return float32(t.spec.Len()) * t.spec.Row }
	t.window = func() float32 { return max(0, t.size.Height-tableHead) }
	t.moved = t.arrange
	t.tapAt = func(p fyne.Position) { t.Tapped(&fyne.PointEvent{Position: p}) }
	t.ExtendBaseWidget(t)
	return t
}

// Selected returns the selected row, -1 for none.
func (t *Table) Selected() int { return t.selected }

// Select selects a row, -1 for none, and brings it into view, without calling back.
func (t *Table) Select(i int) {
	if i >= t.spec.Len() {
		i = -1
	}
	t.selected = i
	if i >= 0 {
		t.show(float32(i)*t.spec.Row, float32(i+1)*t.spec.Row)
	}
	t.arrange()
}

// Update draws the rows again that are seen. Call it when the data changed.
func (t *Table) Update() {
	if t.selected >= t.spec.Len() {
		t.selected = -1
	}
	t.offset = min(t.offset, t.limit())
	t.arrange()
}

// SetTitles changes the words of the header.
func (t *Table) SetTitles(titles ...string) {
	for i, s := range titles {
		if i < len(t.heads) {
			t.spec.Columns[i].Title = s
		}
	}
	t.arrange()
}

// ScrollToTop shows the first row.
func (t *Table) ScrollToTop() { t.scrollTo(0) }

// Tapped selects the row under the finger.
func (t *Table) Tapped(e *fyne.PointEvent) {
	if e.Position.Y < tableHead {
		return
	}
	i := int((e.Position.Y - tableHead + t.offset) / t.spec.Row)
	if i >= 0 && i < t.spec.Len() {
		t.Select(i)
		if t.spec.OnTap != nil {
			t.spec.OnTap(i)
		}
	}
}

// FocusGained shows the ring.
func (t *Table) FocusGained() { t.focused = true; t.arrange() }

// FocusLost hides it.
func (t *Table) FocusLost() { t.focused = false; t.arrange() }

// TypedRune hands characters on.
func (t *Table) TypedRune(r rune) {
	if r != ' ' {
		router.rune(r)
	}
}

// TypedKey moves the selection and hands other keys on.
func (t *Table) TypedKey(e *fyne.KeyEvent) {
	switch n := t.spec.Len(); {
	case e.Name == fyne.KeyDown && n > 0:
		t.Select(min(t.selected+1, n-1))
	case e.Name == fyne.KeyUp && n > 0:
		t.Select(max(t.selected-1, 0))
	case isSpace(e):
		if t.selected >= 0 && t.spec.OnTap != nil {
			t.spec.OnTap(t.selected)
		}
	default:
		router.key(e)
	}
}

// MinSize is the header and two rows.
func (t *Table) MinSize() fyne.Size { return fyne.NewSize(200, tableHead+2*t.spec.Row) }

type stretch struct{ x, w float32 }

func (t *Table) columns() []stretch {
	const side, gap = 16, 12
	left, open := t.size.Width-2*side-gap*float32(len(t.spec.Columns)-1), 0
	for _, c := range t.spec.Columns {
		left -= c.Width
		if c.Width == 0 {
			open++
		}
	}
	out := make([]stretch, len(t.spec.Columns))
	x := float32(side)
	for i, c := range t.spec.Columns {
		w := c.Width
		if w == 0 {
			w = max(0, round(left/float32(open)))
		}
		out[i] = stretch{x, w}
		x += w + gap
	}
	return out
}

func (t *Table) arrange() {
	if t.size.Width <= 0 {
		return
	}
	cols := t.columns()
	for i, h := range t.heads {
		place(h, cols[i].x, 0, cols[i].w, tableHead)
		setText(h, Fit(t.spec.Columns[i].Title, 14, true, cols[i].w), palette.Of(Ink3))
	}
	t.rule.FillColor = palette.Of(Divider)
	t.rule.Resize(fyne.NewSize(t.size.Width, 1))
	t.rule.Move(fyne.NewPos(0, tableHead-1))
	t.ring.Hidden = !t.focused
	t.ring.StrokeColor, t.ring.StrokeWidth, t.ring.CornerRadius = palette.Of(Accent), 3, RadiusCard
	t.ring.Resize(t.size)
	t.body.Resize(fyne.NewSize(t.size.Width, t.window()))
	t.body.Move(fyne.NewPos(0, tableHead))
	n, used := t.spec.Len(), 0
	for i := max(0, int(t.offset/t.spec.Row)); i < n; i++ {
		y := float32(i)*t.spec.Row - t.offset
		if y >= t.window() {
			break
		}
		if used == len(t.rows) {
			r := newTableRow(len(cols))
			t.rows = append(t.rows, r)
			t.body.objects = append(t.body.objects, r.objects...)
			canvas.Refresh(t.body)
		}
		r := t.rows[used]
		used++
		r.show(true)
		r.set(t, i, y, cols)
	}
	for _, r := range t.rows[used:] {
		r.show(false)
	}
	if e := t.spec.Empty; e != nil {
		e.Resize(fyne.NewSize(t.size.Width, t.window()))
		e.Move(fyne.NewPos(0, tableHead))
		if none := n == 0; none != e.Visible() {
			if none {
				e.Show()
			} else {
				e.Hide()
			}
		}
	}
	t.placeBar(tableHead, t.size.Width)
	canvas.Refresh(t.bar)
	canvas.Refresh(t.ring)
}

// CreateRenderer draws the table.
func (t *Table) CreateRenderer() fyne.WidgetRenderer { return &tableRenderer{t} }

type tableRenderer struct{ t *Table }

func (r *tableRenderer) Layout(s fyne.Size) {
	r.t.size = s
	r.t.offset = min(r.t.offset, r.t.limit())
	for _, row := range r.t.rows {
		row.stale = true
	}
	r.t.arrange()
}
func (r *tableRenderer) MinSize() fyne.Size { return r.t.MinSize() }
func (r *tableRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, h := range r.t.heads {
		out = append(out, h)
	}
	out = append(out, r.t.rule, r.t.body)
	if r.t.spec.Empty != nil {
		out = append(out, r.t.spec.Empty)
	}
	return append(out, r.t.bar, r.t.ring)
}
func (*tableRenderer) Destroy() {}
func (r *tableRenderer) Refresh() {
	for _, row := range r.t.rows {
		row.stale = true
	}
	r.t.Update()
	canvas.Refresh(r.t.rule)
}
