package paper

import (
	"fmt"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"guitai/till/receipt"
)

// A typeface measures the letters of a font, in ems. It is not safe for use by
// several goroutines.
type typeface struct {
	font *sfnt.Font
	buf  sfnt.Buffer
	em   fixed.Int26_6
}

func newTypeface(data []byte) (*typeface, error) {
	f, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read font of %d bytes: %w", len(data), err)
	}
	return &typeface{font: f, em: fixed.I(int(f.UnitsPerEm()))}, nil
}

func (t *typeface) has(r rune) bool {
	i, err := t.font.GlyphIndex(&t.buf, r)
	return err == nil && i != 0
}

// advance is how far a letter moves on.
func (t *typeface) advance(r rune) float64 {
	i, err := t.font.GlyphIndex(&t.buf, r)
	if err != nil {
		return 0
	}
	a, err := t.font.GlyphAdvance(&t.buf, i, t.em, font.HintingNone)
	if err != nil {
		return 0
	}
	return float64(a) / float64(t.em)
}

// square says whether a letter is as wide as two columns are.
func (t *typeface) square(r rune) bool {
	a := t.advance(r)
	return a > 0.99 && a < 1.01
}

// A point of an outline: x to the right, y downwards from the baseline.
type point struct{ x, y float64 }

// steps is how many straight lines stand for one curve.
const steps = 6

// outline returns the contours of a letter, without their closing lines.
func (t *typeface) outline(r rune) ([][]point, error) {
	i, err := t.font.GlyphIndex(&t.buf, r)
	if err != nil {
		return nil, fmt.Errorf("draw %U: %w", r, err)
	}
	segments, err := t.font.LoadGlyph(&t.buf, i, t.em, nil)
	if err != nil {
		return nil, fmt.Errorf("draw %U: %w", r, err)
	}
	var out [][]point
	for _, s := range segments {
		var q [3]point
		for k, a := range s.Args {
			q[k] = point{float64(a.X) / float64(t.em), float64(a.Y) / float64(t.em)}
		}
		if s.Op == sfnt.SegmentOpMoveTo || len(out) == 0 {
			out = append(out, []point{q[0]})
			continue
		}
		c := &out[len(out)-1]
		from := (*c)[len(*c)-1]
		switch s.Op {
		case sfnt.SegmentOpLineTo:
			*c = append(*c, q[0])
		case sfnt.SegmentOpQuadTo:
			for k := 1; k <= steps; k++ {
				u := float64(k) / steps
				*c = append(*c, mix(mix(from, q[0], u), mix(q[0], q[1], u), u))
			}
		case sfnt.SegmentOpCubeTo:
			for k := 1; k <= steps; k++ {
				u := float64(k) / steps
				middle := mix(q[0], q[1], u)
				*c = append(*c, mix(mix(mix(from, q[0], u), middle, u), mix(middle, mix(q[1], q[2], u), u), u))
			}
		case sfnt.SegmentOpMoveTo:
		}
	}
	return out, nil
}

func mix(a, b point, u float64) point { return point{a.x + (b.x-a.x)*u, a.y + (b.y-a.y)*u} }

// A run is letters that are written in one piece.
type run struct {
	text    string
	at      int // columns before it
	columns int
	missing bool // one character that the font does not have
	flush   bool // ends the row, and so stands at its right
}

// runs cuts a row into pieces: words, and characters of two columns. One whose
// width is not that of its columns stands alone, so that what follows it keeps
// its place.
func (t *typeface) runs(text string) []run {
	var out []run
	at := 0
	width := 0 // columns of each letter of the last run; 0 when nothing joins it
	for _, r := range text {
		c := receipt.Width(r)
		joins := c == 1 || c == 2 && t.square(r)
		switch {
		case r == ' ':
			width = 0
		case !t.has(r):
			width = 0
			if unicode.IsPrint(r) {
				out = append(out, run{text: string(r), at: at, columns: max(c, 1), missing: true})
			}
		case width > 0 && (joins && c == width || c == 0):
			last := &out[len(out)-1]
			last.text += string(r)
			last.columns += c
		default:
			out = append(out, run{text: string(r), at: at, columns: max(c, 1)})
			if width = 0; joins {
				width = c
			}
		}
		at += c
	}
	return out
}
