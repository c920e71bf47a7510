package raster

import (
	"errors"
	"fmt"
	"image"
	"math"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"guitai/till/receipt"
)

// A Face draws text on the grid of a printer: every character has the width
// of its columns, whatever the font thinks.
type Face struct {
	mu    sync.Mutex
	font  *sfnt.Font
	buf   sfnt.Buffer
	sizes map[int]font.Face // by em in dots
}

// NewFace reads an OpenType or TrueType font; of a collection, the first font.
func NewFace(data []byte) (*Face, error) {
	if len(data) == 0 {
		return nil, errors.New("read font: there is none")
	}
	c, err := opentype.ParseCollection(data)
	if err != nil {
		return nil, fmt.Errorf("read font of %d bytes: %w", len(data), err)
	}
	f, err := c.Font(0)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return &Face{font: f, sizes: map[int]font.Face{}}, nil
}

// Has says whether the font has a glyph for r.
func (f *Face) Has(r rune) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.has(r)
}

func (f *Face) has(r rune) bool {
	i, err := f.font.GlyphIndex(&f.buf, r)
	return err == nil && i != 0
}

// at returns the font with an em of so many dots.
func (f *Face) at(em int) (font.Face, error) {
	if s := f.sizes[em]; s != nil {
		return s, nil
	}
	s, err := opentype.NewFace(f.font, &opentype.FaceOptions{Size: float64(em), DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("size font to %d dots: %w", em, err)
	}
	f.sizes[em] = s
	return s, nil
}

// A Plotter takes ink: alpha 0 is none, 255 full.
type Plotter interface{ Ink(x, y int, alpha uint8) }

// Ink makes a dot black where there is more ink than paper.
func (b *Bitmap) Ink(x, y int, alpha uint8) {
	if alpha >= 0x70 {
		b.Set(x, y)
	}
}

// Grid is the printer's character grid, in dots: a column is Column wide and a
// normal line Line high; a Chinese character is two columns square.
type Grid struct{ Column, Line int }

// RowHeight returns the height of a row in dots.
func (g Grid) RowHeight(s receipt.Size) int {
	if s == receipt.Normal {
		return g.Line
	}
	return g.Line + 2*g.Column // the same free space below
}

// Top returns how far below the top of its line a row begins: normal text
// stands in the middle, with room for an accent above.
func (g Grid) Top(s receipt.Size) int {
	if s == receipt.Normal {
		return (g.Line - 2*g.Column) / 2
	}
	return 0
}

// DrawRow draws a row of text into the width of so many dots, its upper left
// corner at x, y.
func (f *Face) DrawRow(p Plotter, x, y, width int, g Grid, row receipt.Row) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	wide, high := row.Size.Wide(), row.Size.High()
	y += g.Top(row.Size)
	used := receipt.TextWidth(row.Text) * g.Column * wide
	switch row.Align {
	case receipt.Center:
		x += max(width-used, 0) / 2
	case receipt.Right:
		x += max(width-used, 0)
	case receipt.Left:
	}
	for _, r := range row.Text {
		columns := receipt.Width(r)
		cell := columns * g.Column
		if r != ' ' {
			if err := f.glyph(p, r, x, y, max(cell, g.Column), g, wide, high, row.Bold); err != nil {
				return err
			}
		}
		x += cell * wide
	}
	return nil
}

// glyph draws r into a cell so many dots wide before it is made wide and high.
func (f *Face) glyph(p Plotter, r rune, x, y, cell int, g Grid, wide, high int, bold bool) error {
	em := 2 * g.Column
	if wide == high {
		em, cell, wide, high = em*high, cell*high, 1, 1
	}
	if !f.has(r) {
		if unicode.IsPrint(r) {
			box(p, x, y, cell, em, wide, high)
		}
		return nil
	}
	face, err := f.at(em)
	if err != nil {
		return err
	}
	advance, ok := face.GlyphAdvance(r)
	// A letter wider than its cell is made narrower and keeps its height: capitals
	// of one height are easier to read than of one shape.
	squeeze := 1.0
	if n := advance.Round(); ok && n > cell+1 && !unicode.Is(unicode.Mn, r) {
		squeeze = float64(cell) / float64(n)
		advance = fixed.I(cell)
	}
	left := (fixed.I(cell) - advance) / 2
	dr, mask, mp, _, ok := face.Glyph(fixed.Point26_6{X: left, Y: fixed.I(em * 22 / 25)}, r)
	if !ok {
		return nil
	}
	alpha, ok := mask.(*image.Alpha)
	if !ok {
		return fmt.Errorf("glyph %U has no alpha mask", r)
	}
	ink := alpha.SubImage(image.Rectangle{mp, mp.Add(dr.Size())}).(*image.Alpha)
	from := dr.Min.X
	if squeeze < 1 {
		ink, from = narrower(ink, from, squeeze)
	}
	size := ink.Rect.Size()
	for dy := range size.Y {
		for dx := range size.X {
			a := ink.AlphaAt(ink.Rect.Min.X+dx, ink.Rect.Min.Y+dy).A
			if a == 0 {
				continue
			}
			for ky := range high {
				for kx := range wide {
					px, py := x+(from+dx)*wide+kx, y+(dr.Min.Y+dy)*high+ky
					p.Ink(px, py, a)
					if bold {
						p.Ink(px+1, py, a)
					}
				}
			}
		}
	}
	return nil
}

// narrower draws m, which begins at column from, by the factor of squeeze
// narrower: each new dot is the mean of those that it stands for.
func narrower(m *image.Alpha, from int, squeeze float64) (*image.Alpha, int) {
	first := int(math.Floor(float64(from) * squeeze))
	end := int(math.Ceil(float64(from+m.Rect.Dx()) * squeeze))
	out := image.NewAlpha(image.Rect(0, 0, max(end-first, 0), m.Rect.Dy()))
	for dx := range out.Rect.Dx() {
		l, r := float64(first+dx)/squeeze-float64(from), float64(first+dx+1)/squeeze-float64(from)
		for dy := range out.Rect.Dy() {
			sum := 0.0
			for sx := max(int(l), 0); sx < m.Rect.Dx() && float64(sx) < r; sx++ {
				share := min(r, float64(sx+1)) - max(l, float64(sx))
				sum += share * float64(m.AlphaAt(m.Rect.Min.X+sx, m.Rect.Min.Y+dy).A)
			}
			out.Pix[dy*out.Stride+dx] = uint8(min(sum*squeeze, 255))
		}
	}
	return out, first
}

// box stands for a character that the font does not have.
func box(p Plotter, x, y, cell, em, wide, high int) {
	w, h := cell*wide, em*high
	for i := 2; i < w-2; i++ {
		p.Ink(x+i, y+2, 0xff)
		p.Ink(x+i, y+h-3, 0xff)
	}
	for i := 2; i < h-2; i++ {
		p.Ink(x+2, y+i, 0xff)
		p.Ink(x+w-3, y+i, 0xff)
	}
}
