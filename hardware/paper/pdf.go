package paper

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/signintech/gopdf"

	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

// spacingMax is how far letters are moved apart, in ems. Readers take wider
// gaps for spaces.
const spacingMax = 0.06

// baseline is where letters stand in their cell, in ems from its top, as in the
// printer's own pictures.
const baseline = 0.88

// PDF writes the slip as one page as large as its paper. Text stays text, codes
// are drawn as areas and come out sharp at any size.
func (p *Press) PDF(w io.Writer, doc receipt.Document, profile printer.Profile) error {
	s, err := newSheet(doc, profile)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	page := &page{Press: p, sheet: s, pt: float64(profile.PaperMM) * 72 / 25.4 / float64(s.width)}
	page.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: page.at(s.width), H: page.at(s.height)}})
	page.pdf.SetInfo(gopdf.PdfInfo{Producer: "Guitai"})
	page.pdf.SetMargins(0, 0, 0, 0)
	err = errors.Join(page.pdf.AddTTFFontData(family(false), p.fonts.Regular), page.pdf.AddTTFFontData(family(true), p.fonts.Bold))
	if err != nil {
		return unrender(fmt.Errorf("take up the fonts: %w", err))
	}
	page.pdf.AddPage()
	if err := page.draw(); err != nil {
		return unrender(err)
	}
	if _, err := page.pdf.WriteTo(w); err != nil {
		return fmt.Errorf("write the pdf: %w", err)
	}
	return nil
}

func family(bold bool) string {
	if bold {
		return "bold"
	}
	return "regular"
}

// A page is a sheet on its way to PDF.
type page struct {
	*Press
	*sheet
	pdf   gopdf.GoPdf
	pt    float64 // points to a dot
	below []func() error
}

func (p *page) at(dots int) float64 { return float64(dots) * p.pt }

func (p *page) draw() error {
	for _, part := range p.parts {
		if part.dots != nil {
			p.areas(part.dots, part.x, part.y)
			continue
		}
		if err := p.row(part.row, part.y); err != nil {
			return err
		}
	}
	// What cannot be seen comes last: it leaves its transparency behind.
	for _, f := range p.below {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// areas draws dots as rectangles: runs of dots that are the same in row after
// row are one.
func (p *page) areas(b *raster.Bitmap, x, y int) {
	row := func(y int) string { return string(b.Bits[y*b.Stride : (y+1)*b.Stride]) }
	for top := 0; top < b.Height; {
		end := top + 1
		for end < b.Height && row(end) == row(top) {
			end++
		}
		for from := 0; from < b.Width; from++ {
			if !b.Get(from, top) {
				continue
			}
			to := from
			for b.Get(to, top) {
				to++
			}
			p.pdf.RectFromUpperLeftWithStyle(p.at(x+from), p.at(y+top), p.at(to-from), p.at(end-top), "F")
			from = to
		}
		top = end
	}
}

func (p *page) row(r receipt.Row, y int) error {
	wide, high := r.Size.Wide(), r.Size.High()
	x := p.left
	free := max(p.profile.Dots-receipt.TextWidth(r.Text)*p.grid.Column*wide, 0)
	switch r.Align {
	case receipt.Center:
		x += free / 2
	case receipt.Right:
		x += free
	case receipt.Left:
	}
	end := receipt.TextWidth(r.Text)
	for _, run := range p.faces[r.Bold].runs(r.Text) {
		run.flush = run.at > 0 && run.at+run.columns == end
		if err := p.run(run, x+run.at*p.grid.Column*wide, y+p.grid.Top(r.Size), wide, high, r.Bold); err != nil {
			return err
		}
	}
	return nil
}

// run draws letters into the columns that they have on paper.
func (p *page) run(r run, x, y, wide, high int, bold bool) error {
	face := p.faces[bold]
	em := float64(2 * p.grid.Column * wide) // dots
	target := float64(r.columns * p.grid.Column * wide)
	up := float64(high) / float64(wide) // 2 for tall letters
	if r.missing {
		p.box(float64(x), float64(y), target, em*up)
		return nil
	}
	natural, n := 0.0, 0
	for _, c := range r.text {
		natural += face.advance(c) * em
		n++
	}
	spacing := 0.0
	if natural > target {
		em *= target / natural
	} else {
		spacing = (target - natural) / float64(n)
		if strings.Trim(r.text, "-=_") != "" {
			spacing = min(spacing, spacingMax*em)
		}
	}
	left := float64(x) + spacing/2
	if r.flush {
		left += max(target-natural-spacing*float64(n), 0)
	}
	base := float64(y) + baseline*float64(2*p.grid.Column*high)
	if up == 1 {
		return p.letters(r.text, left, base, em, spacing, bold, nil)
	}
	// PDF as the library writes it has no letters that are only taller: their
	// outlines are drawn, and the text lies over them unseen.
	at := left
	for _, c := range r.text {
		outline, err := face.outline(c)
		if err != nil {
			return err
		}
		p.shape(outline, at, base, em, up)
		at += face.advance(c)*em + spacing
	}
	p.below = append(p.below, func() error {
		return p.letters(r.text, left, base, em, spacing, bold, &gopdf.Transparency{Alpha: 0, BlendModeType: gopdf.NormalBlendMode})
	})
	return nil
}

// letters writes text with its baseline at base, from left.
func (p *page) letters(text string, left, base, em, spacing float64, bold bool, see *gopdf.Transparency) error {
	if err := p.pdf.SetFont(family(bold), "", em*p.pt); err != nil {
		return err
	}
	if err := p.pdf.SetCharSpacing(spacing * p.pt); err != nil {
		return err
	}
	if see == nil {
		p.pdf.SetXY(left*p.pt, base*p.pt)
		return p.pdf.Text(text)
	}
	p.pdf.SetXY(left*p.pt, (base-baseline*em)*p.pt)
	return p.pdf.CellWithOption(nil, text, gopdf.CellOption{Transparency: see})
}

// shape fills the outline of a letter. The library fills one line without a
// break; the contours are strung on one, there and back, which adds no area.
func (p *page) shape(outline [][]point, x, base, em, up float64) {
	var line []gopdf.Point
	for _, contour := range outline {
		for _, q := range contour {
			line = append(line, gopdf.Point{X: (x + q.x*em) * p.pt, Y: (base + q.y*em*up) * p.pt})
		}
		if len(contour) > 0 {
			line = append(line, line[len(line)-len(contour)], line[0])
		}
	}
	if len(line) > 2 {
		p.pdf.Polygon(line, "F")
	}
}

// box stands for a character that the font does not have.
func (p *page) box(x, y, w, h float64) {
	const thick, in = 1, 2
	for _, r := range [4][4]float64{
		{x + in, y + in, w - 2*in, thick}, {x + in, y + h - in - thick, w - 2*in, thick},
		{x + in, y + in, thick, h - 2*in}, {x + w - in - thick, y + in, thick, h - 2*in},
	} {
		p.pdf.RectFromUpperLeftWithStyle(r[0]*p.pt, r[1]*p.pt, r[2]*p.pt, r[3]*p.pt, "F")
	}
}
