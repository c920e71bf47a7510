// Package paper draws slips as pictures and as PDF pages, on the grid of the
// printer that would print them: the same layout, the same dots, the same codes.
// It is what a shop looks at before it has a printer, and what it sends where
// paper does not go. It knows no bytes of a printer.
//
//	press, err := paper.New(paper.Fonts{Regular: ttf, Bold: boldTTF})
//	picture, err := press.Image(doc, profile) // for a preview; black and white
//	err = press.PNG(w, doc, profile)
//	err = press.PDF(w, doc, profile)          // text can be selected
package paper

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"sync"

	"guitai/hardware/device"
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

// Fonts are TrueType files. The bold one is for PDF pages only: a printer makes
// its bold from the regular one, and so do the pictures.
type Fonts struct{ Regular, Bold []byte }

// A Press draws slips. It is safe for use by several goroutines.
type Press struct {
	fonts Fonts
	face  *raster.Face

	mu    sync.Mutex // guards the typefaces
	faces map[bool]*typeface
}

// New reads the fonts.
func New(fonts Fonts) (*Press, error) {
	face, err := raster.NewFace(fonts.Regular)
	if err != nil {
		return nil, err
	}
	p := &Press{fonts: fonts, face: face, faces: map[bool]*typeface{}}
	for bold, data := range map[bool][]byte{false: fonts.Regular, true: fonts.Bold} {
		if p.faces[bold], err = newTypeface(data); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// PNG writes the slip as a black and white PNG picture.
func (p *Press) PNG(w io.Writer, doc receipt.Document, profile printer.Profile) error {
	m, err := p.Image(doc, profile)
	if err != nil {
		return err
	}
	return png.Encode(w, m)
}

// Image draws the slip on a piece of paper as wide as the profile's, one pixel
// to a dot of its printer, with the edges that the printer cannot reach. Errors
// carry device.Unrender, for what the printer would refuse too.
func (p *Press) Image(doc receipt.Document, profile printer.Profile) (image.Image, error) {
	s, err := newSheet(doc, profile)
	if err != nil {
		return nil, err
	}
	dots := raster.NewBitmap(s.width, s.height)
	for _, part := range s.parts {
		if part.dots != nil {
			stamp(dots, part.dots, part.x, part.y)
			continue
		}
		if err := p.face.DrawRow(dots, s.left, part.y, profile.Dots, s.grid, part.row); err != nil {
			return nil, unrender(err)
		}
	}
	return paletted(dots), nil
}

func unrender(err error) error { return &device.Error{Reason: device.Unrender, Err: err} }

// stamp copies the black dots of a part onto the paper.
func stamp(on, part *raster.Bitmap, x, y int) {
	for dy := range part.Height {
		for dx := range part.Width {
			if part.Get(dx, dy) {
				on.Set(x+dx, y+dy)
			}
		}
	}
}

// paletted is a picture of two colours, which PNG keeps in one bit a dot.
func paletted(b *raster.Bitmap) *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, b.Width, b.Height), color.Palette{color.White, color.Black})
	for y := range b.Height {
		for x := range b.Width {
			if b.Get(x, y) {
				m.Pix[y*m.Stride+x] = 1
			}
		}
	}
	return m
}

// A sheet is the paper of one slip with the place of everything on it, in dots
// of the printer.
type sheet struct {
	profile       printer.Profile
	grid          raster.Grid
	width, height int
	left          int // where the print head begins
	parts         []part
}

// A part is a row of text, or dots that stand at x, y.
type part struct {
	row  receipt.Row
	dots *raster.Bitmap
	x, y int
}

// edgeTop is the white above a slip, in dots: 3 mm.
const edgeTop = 24

// edge returns the white beside the print head in millimetres: 48 of 58 mm are
// printed, and 72 of 80.
func edge(paperMM int) int {
	if paperMM < 70 {
		return 5
	}
	return 4
}

// newSheet puts the rows of a slip on paper.
func newSheet(doc receipt.Document, profile printer.Profile) (*sheet, error) {
	if err := profile.Check(); err != nil {
		return nil, err
	}
	if profile.PaperMM <= 2*edge(profile.PaperMM) {
		return nil, device.Fault(device.Illegal, "printer profile %.40q: paper of %d mm", profile.ID, profile.PaperMM)
	}
	if err := doc.Check(); err != nil {
		return nil, unrender(err)
	}
	side := profile.Dots * edge(profile.PaperMM) / (profile.PaperMM - 2*edge(profile.PaperMM))
	s := &sheet{profile: profile, grid: printer.Grid(), width: profile.Dots + 2*side, height: edgeTop, left: side}
	rows := receipt.Layout(doc, profile.Columns)
	for i, r := range rows {
		if err := s.add(r, i == len(rows)-1); err != nil {
			return nil, unrender(fmt.Errorf("row %d of the slip: %w", i+1, err))
		}
	}
	s.height = max(s.height, s.grid.Line)
	return s, nil
}

func (s *sheet) add(r receipt.Row, last bool) error {
	var dots *raster.Bitmap
	var err error
	switch b := r.Block.(type) {
	case nil:
		s.parts = append(s.parts, part{row: r, y: s.height})
		s.height += s.grid.RowHeight(r.Size)
		return nil
	case receipt.Feed:
		s.height += b.Lines * s.grid.Line
		return nil
	case receipt.Cut:
		s.height += s.profile.CutFeed * s.grid.Line
		if last {
			return nil
		}
		dots = scissors(s.profile.Dots)
	case receipt.QR:
		dots, err = raster.QR(b.Payload, 0, s.profile.Dots)
	case receipt.Barcode:
		dots, err = raster.Barcode(b, s.profile.Dots)
	case receipt.Logo:
		dots = raster.Dither(b.Image, s.profile.Dots)
	default:
		return fmt.Errorf("no way to draw a %T", b)
	}
	if err != nil {
		return err
	}
	s.parts = append(s.parts, part{dots: dots, x: s.left + (s.profile.Dots-dots.Width)/2, y: s.height})
	s.height += dots.Height
	return nil
}

// scissors is the dashed line where a slip is cut in the middle.
func scissors(width int) *raster.Bitmap {
	b := raster.NewBitmap(width, 2)
	for x := 0; x < width; x += 24 {
		b.Fill(x, 0, x+12, 2)
	}
	return b
}
