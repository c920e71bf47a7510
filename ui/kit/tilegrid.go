package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// TileGridSpec says where a grid of products has its tiles from.
type TileGridSpec struct {
	Cols   int
	Height float32 // of a tile, 92 if zero
	Len    func() int
	At     func(i int) (name, price, count string)
	OnTap  func(i int)
}

// TileGrid is a grid of product tiles of any number: only those that are seen exist. It is dragged by a finger.
type TileGrid struct {
	view
	spec  TileGridSpec
	size  fyne.Size
	tiles []*Tile
	first int
}

const tileGap = 10

// NewTileGrid returns a grid.
func NewTileGrid(spec TileGridSpec) *TileGrid {
	if spec.Height == 0 {
		spec.Height = 92
	}
	spec.Cols = max(spec.Cols, 1)
	g := &TileGrid{spec: spec}
	g.bar = newBar()
	g.total = func() float32 {
		rows := (g.spec.Len() + g.spec.Cols - 1) / g.spec.Cols
		return max(0, float32(rows)*(g.spec.Height+tileGap)-tileGap)
	}
	g.window = func() float32 { return g.size.Height }
	g.moved = g.arrange
	g.tapAt = func(p fyne.Position) {
		for _, t := range g.tiles {
			if o, at := tappableAt(t, p.Subtract(t.Position())); o != nil {
				o.Tapped(&fyne.PointEvent{Position: at})
				return
			}
		}
	}
	g.ExtendBaseWidget(g)
	return g
}

// Update draws the tiles again that are seen; only what changed of them is painted. Call it when the data changed.
func (g *TileGrid) Update() {
	g.offset = min(g.offset, g.limit())
	g.arrange()
}

// SetCols changes the number of columns.
func (g *TileGrid) SetCols(n int) {
	g.spec.Cols = max(n, 1)
	g.Update()
}

// ScrollToTop shows the first tiles.
func (g *TileGrid) ScrollToTop() { g.scrollTo(0) }

// MinSize is one row.
func (g *TileGrid) MinSize() fyne.Size { return fyne.NewSize(96, g.spec.Height) }

func (g *TileGrid) arrange() {
	if g.size.Width <= 0 {
		return
	}
	pitch, n := g.spec.Height+tileGap, g.spec.Len()
	g.first = int(g.offset/pitch) * g.spec.Cols
	used := 0
	for i := g.first; i < n; i++ {
		col, row := i%g.spec.Cols, i/g.spec.Cols
		y := float32(row)*pitch - g.offset
		if y >= g.size.Height {
			break
		}
		if used == len(g.tiles) {
			place := used
			g.tiles = append(g.tiles, NewTile("", "", "", func() {
				if i := g.first + place; i < g.spec.Len() && g.spec.OnTap != nil {
					g.spec.OnTap(i)
				}
			}))
			canvas.Refresh(g)
		}
		t := g.tiles[used]
		used++
		x := round((g.size.Width + tileGap) * float32(col) / float32(g.spec.Cols))
		end := round((g.size.Width+tileGap)*float32(col+1)/float32(g.spec.Cols)) - tileGap
		t.Resize(fyne.NewSize(end-x, g.spec.Height))
		t.Move(fyne.NewPos(x, y))
		t.Set(g.spec.At(i))
		if !t.Visible() {
			t.Show()
		}
	}
	for _, t := range g.tiles[used:] {
		if t.Visible() {
			t.Hide()
		}
	}
	g.placeBar(0, g.size.Width)
	canvas.Refresh(g.bar)
}

// CreateRenderer draws the tiles.
func (g *TileGrid) CreateRenderer() fyne.WidgetRenderer { return &tileGridRenderer{g} }

type tileGridRenderer struct{ g *TileGrid }

// IsClip tells the toolkit to cut.
func (*tileGridRenderer) IsClip() {}
func (r *tileGridRenderer) Layout(s fyne.Size) {
	r.g.size = s
	r.g.Update()
}
func (r *tileGridRenderer) MinSize() fyne.Size { return r.g.MinSize() }
func (r *tileGridRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, len(r.g.tiles)+1)
	for _, t := range r.g.tiles {
		out = append(out, t)
	}
	return append(out, r.g.bar)
}
func (*tileGridRenderer) Destroy() {}
func (r *tileGridRenderer) Refresh() {
	r.g.Update()
	for _, t := range r.g.tiles {
		t.Refresh()
	}
}
