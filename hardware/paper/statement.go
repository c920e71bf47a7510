package paper

import (
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
	"unicode"

	"github.com/signintech/gopdf"
)

// A Statement is tables of figures for A4 pages: a shop's report.
type Statement struct {
	Shop   string
	Logo   image.Image // nil for none
	Title  string
	Period string
	Tables []Table
}

// A Table is rows of cells under the names of their columns. Pairs are rows of
// a name and a figure, which stand in two blocks beside each other.
type Table struct {
	Title   string
	Note    string // below the title, "" for none
	Columns []Column
	Rows    [][]string
	Red     []bool // rows that ask for somebody, by their place; nil for none
	Pairs   bool
}

// A Column is of figures, which stand at its right and are never cut, or of
// words.
type Column struct {
	Title   string
	Figures bool
}

// Sizes of a statement in points.
const (
	a4Width, a4Height = 595.28, 841.89
	margin            = 42.0
	textSize          = 9.0
	textLeast         = 5.0 // of a table that is too wide otherwise
	headSize          = 11.0
	titleSize         = 17.0
	gap               = 9.0 // between columns
	lead              = 1.55
	wordsLeast        = 70.0 // what a column of words keeps before letters get smaller
	logoHigh          = 42.0
	logoWide          = 150.0
)

// Statement writes the tables on A4 pages, with the shop's head on the first and
// the number of the page on each. Characters that the font does not have become
// white squares.
func (p *Press) Statement(w io.Writer, s Statement) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := &statement{Press: p, Statement: s}
	d.turn()
	d.head()
	for i := range s.Tables {
		d.table(&s.Tables[i])
	}
	return d.write(w)
}

// A mark is a text on a page, or a line where it has none.
type mark struct {
	text       string
	x, y, size float64 // of the baseline
	bold, grey bool
	red        bool
	to         float64 // where a line ends
}

// A statement is laid out on pages before any is written, as each says how many
// there are.
type statement struct {
	*Press
	Statement
	pages [][]mark
	y     float64 // where the next line begins
}

func (d *statement) turn() { d.pages, d.y = append(d.pages, nil), margin }

func (d *statement) put(m mark) {
	last := len(d.pages) - 1
	d.pages[last] = append(d.pages[last], m)
}

// fits reports whether so much is left above the foot.
func (d *statement) fits(high float64) bool { return d.y+high <= a4Height-margin-1.5*textSize }

// drawn is a text in letters that the font has.
func (d *statement) drawn(text string, bold bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		case d.faces[bold].has(r):
			return r
		case d.faces[bold].has('□'):
			return '□'
		}
		return '?'
	}, text)
}

// wide is how far a text goes, in points.
func (d *statement) wide(text string, size float64, bold bool) float64 {
	n := 0.0
	for _, r := range text {
		n += d.faces[bold].advance(r)
	}
	return n * size
}

// cut shortens a text to a width, with an ellipsis for what is gone.
func (d *statement) cut(text string, room, size float64, bold bool) string {
	if d.wide(text, size, bold) <= room {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && d.wide(string(runes)+"…", size, bold) > room {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

func (d *statement) head() {
	right := a4Width - margin
	if d.Logo != nil {
		w, _ := d.logoSize()
		right -= w + gap
	}
	shop := d.cut(d.drawn(d.Shop, true), right-margin, titleSize, true)
	if shop != "" {
		d.put(mark{text: shop, x: margin, y: d.y + titleSize, size: titleSize, bold: true})
		d.y += titleSize * lead
	}
	title := d.cut(d.drawn(d.Title+"   "+d.Period, false), right-margin, headSize, false)
	d.put(mark{text: title, x: margin, y: d.y + headSize, size: headSize})
	d.y = max(d.y+headSize*lead, margin+titleSize*lead+headSize*lead)
	if d.Logo != nil {
		_, h := d.logoSize()
		d.y = max(d.y, margin+h)
	}
	d.y += gap / 2
	d.put(mark{x: margin, y: d.y, to: a4Width - margin})
	d.y += gap / 2
}

func (d *statement) logoSize() (wide, high float64) {
	b := d.Logo.Bounds()
	scale := min(logoHigh/float64(b.Dy()), logoWide/float64(b.Dx()))
	return float64(b.Dx()) * scale, float64(b.Dy()) * scale
}

func (d *statement) table(t *Table) {
	row := textSize * lead
	if !d.fits(headSize*2*lead + 4*row) { // a title alone at the foot of a page says nothing
		d.turn()
	}
	d.y += gap
	d.put(mark{text: d.cut(d.drawn(t.Title, true), a4Width-2*margin, headSize, true), x: margin, y: d.y + headSize, size: headSize, bold: true})
	d.y += headSize * lead
	if t.Note != "" {
		for _, line := range d.wrapped(t.Note) {
			d.put(mark{text: line, x: margin, y: d.y + textSize, size: textSize, grey: true})
			d.y += row
		}
	}
	if t.Pairs {
		d.pairs(t)
		return
	}
	size, widths := d.widths(t)
	row = size * lead
	d.names(t, size, widths)
	for i, cells := range t.Rows {
		if !d.fits(row) {
			d.turn()
			d.names(t, size, widths)
		}
		at := len(d.pages[len(d.pages)-1])
		d.cells(t, cells, size, widths, false)
		if i < len(t.Red) && t.Red[i] {
			marks := d.pages[len(d.pages)-1][at:]
			for k := range marks {
				marks[k].red = true
			}
		}
		d.y += row
	}
}

// wrapped breaks a note into lines.
func (d *statement) wrapped(text string) []string {
	var lines []string
	var line []rune
	for _, r := range d.drawn(text, false) {
		if d.wide(string(line)+string(r), textSize, false) > a4Width-2*margin {
			at := len(line)
			for i := len(line) - 1; i > len(line)/2; i-- {
				if line[i] == ' ' {
					at = i + 1
					break
				}
			}
			lines = append(lines, strings.TrimSpace(string(line[:at])))
			line = append([]rune(nil), line[at:]...)
		}
		line = append(line, r)
	}
	return append(lines, strings.TrimSpace(string(line)))
}

// pairs sets names and figures in two blocks, the first half at the left.
func (d *statement) pairs(t *Table) {
	block := (a4Width - 2*margin - 4*gap) / 2
	half := (len(t.Rows) + 1) / 2
	for i := range half {
		if !d.fits(textSize * lead) {
			d.turn()
		}
		for side, at := range []int{i, i + half} {
			if at >= len(t.Rows) || side == 1 && at < half {
				continue
			}
			x := margin + float64(side)*(block+4*gap)
			name, figure := d.drawn(t.Rows[at][0], false), d.drawn(t.Rows[at][1], false)
			w := d.wide(figure, textSize, false)
			d.put(mark{text: d.cut(name, block-w-gap, textSize, false), x: x, y: d.y + textSize, size: textSize})
			d.put(mark{text: figure, x: x + block - w, y: d.y + textSize, size: textSize})
		}
		d.y += textSize * lead
	}
}

// widths fits the columns on the page: letters get smaller before a figure
// would be cut, and words are cut after that.
func (d *statement) widths(t *Table) (size float64, widths []float64) {
	page := a4Width - 2*margin - gap*float64(len(t.Columns)-1)
	for size = textSize; ; size -= 0.5 {
		widths = make([]float64, len(t.Columns))
		whole, words, n := 0.0, 0.0, 0
		for i, c := range t.Columns {
			upper, lower := halves(d.drawn(c.Title, true))
			widths[i] = max(d.wide(upper, size, true), d.wide(lower, size, true))
			for _, cells := range t.Rows {
				widths[i] = max(widths[i], d.wide(d.drawn(cells[i], false), size, false))
			}
			whole += widths[i]
			if !c.Figures {
				words += widths[i]
				n++
			}
		}
		over := whole - page
		if over <= 0 {
			d.spread(t, widths, -over)
			return size, widths
		}
		if size <= textLeast || words-over >= wordsLeast*float64(n) && n > 0 {
			for i, c := range t.Columns {
				if !c.Figures && words > 0 {
					widths[i] -= over * widths[i] / words
				}
			}
			return size, widths
		}
	}
}

// spread gives what is left of a row to its columns, but no more than lets the
// eye find its way across.
func (d *statement) spread(t *Table, widths []float64, left float64) {
	for i := range t.Columns {
		widths[i] += min(left/float64(len(t.Columns)), 60)
	}
}

// halves breaks the name of a column in two where it can be: at the space nearest
// to its middle, or within a name that has no letters to keep together.
func halves(title string) (upper, lower string) {
	runes := []rune(title)
	middle, at := len(runes)/2, -1
	for i, r := range runes {
		if r == ' ' && (at < 0 || abs(i-middle) < abs(at-middle)) {
			at = i
		}
	}
	switch {
	case at > 0:
		return string(runes[:at]), string(runes[at+1:])
	case len(runes) > 4 && unicode.Is(unicode.Han, runes[0]):
		return string(runes[:(len(runes)+1)/2]), string(runes[(len(runes)+1)/2:])
	}
	return title, ""
}

func abs(n int) int { return max(n, -n) }

// names sets the names of columns, in two lines where one of them needs it.
func (d *statement) names(t *Table, size float64, widths []float64) {
	upper, lower := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	two := false
	for i, c := range t.Columns {
		lower[i] = c.Title
		if title := d.drawn(c.Title, true); d.wide(title, size, true) > widths[i] {
			upper[i], lower[i] = halves(title)
			two = true
		}
	}
	if two {
		d.cells(t, upper, size, widths, true)
		d.y += size * 1.2
	}
	d.cells(t, lower, size, widths, true)
	d.y += size * lead
	end := margin - gap
	for _, w := range widths {
		end += w + gap
	}
	d.put(mark{x: margin, y: d.y - size*0.15, to: end, grey: true})
	d.y += size * 0.3
}

func (d *statement) cells(t *Table, cells []string, size float64, widths []float64, bold bool) {
	x := margin
	for i, c := range t.Columns {
		text := d.drawn(cells[i], bold)
		m := mark{x: x, y: d.y + size, size: size, bold: bold}
		if c.Figures {
			m.text = text
			m.x += widths[i] - d.wide(text, size, bold)
		} else {
			m.text = d.cut(text, widths[i], size, bold)
		}
		if m.text != "" {
			d.put(m)
		}
		x += widths[i] + gap
	}
}

func (d *statement) write(w io.Writer) error {
	var pdf gopdf.GoPdf
	pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: a4Width, H: a4Height}})
	pdf.SetInfo(gopdf.PdfInfo{Producer: "Guitai", Title: d.Title + " " + d.Period})
	pdf.SetMargins(0, 0, 0, 0)
	if err := errors.Join(pdf.AddTTFFontData(family(false), d.fonts.Regular), pdf.AddTTFFontData(family(true), d.fonts.Bold)); err != nil {
		return unrender(fmt.Errorf("take up the fonts: %w", err))
	}
	for i, marks := range d.pages {
		pdf.AddPage()
		if i == 0 && d.Logo != nil {
			wide, high := d.logoSize()
			if err := pdf.ImageFrom(d.Logo, a4Width-margin-wide, margin, &gopdf.Rect{W: wide, H: high}); err != nil {
				return unrender(fmt.Errorf("draw the logo: %w", err))
			}
		}
		number := fmt.Sprintf("%d / %d", i+1, len(d.pages))
		foot := a4Height - margin
		marks = append(marks,
			mark{text: d.cut(d.drawn(d.Shop+"   "+d.Title+"   "+d.Period, false), a4Width-2*margin-60, textSize, false), x: margin, y: foot, size: textSize, grey: true},
			mark{text: number, x: a4Width - margin - d.wide(number, textSize, false), y: foot, size: textSize, grey: true})
		for _, m := range marks {
			if err := m.on(&pdf); err != nil {
				return unrender(err)
			}
		}
	}
	if _, err := pdf.WriteTo(w); err != nil {
		return fmt.Errorf("write the pdf: %w", err)
	}
	return nil
}

func (m mark) on(pdf *gopdf.GoPdf) error {
	shade := uint8(0)
	if m.grey {
		shade = 110
	}
	if m.text == "" {
		pdf.SetStrokeColor(shade, shade, shade)
		pdf.SetLineWidth(0.5)
		pdf.Line(m.x, m.y, m.to, m.y)
		return nil
	}
	if pdf.SetTextColor(shade, shade, shade); m.red {
		pdf.SetTextColor(180, 20, 20)
	}
	if err := pdf.SetFont(family(m.bold), "", m.size); err != nil {
		return err
	}
	pdf.SetXY(m.x, m.y)
	return pdf.Text(m.text)
}
