package receipt

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Row is one line of the slip as it goes on paper, or one block that is not
// text.
type Row struct {
	// Block is a QR, Barcode, Logo, Feed or Cut; nil for a line of text. Words
	// that belong to a code follow it as rows of text.
	Block Block
	Text  string // without trailing spaces; at most width columns at its Size
	Align Align
	Bold  bool
	Size  Size
}

// WidthMin is the narrowest paper that Layout lays out, in columns.
const WidthMin = 16

// Layout returns the rows of doc on paper of so many columns (at least
// WidthMin).
func Layout(doc Document, width int) []Row {
	l := layout{width: max(width, WidthMin), rows: make([]Row, 0, len(doc.Blocks)+8)}
	l.all(doc)
	return l.rows
}

// Text returns doc in plain text of so many columns (at least WidthMin), as it
// would look on paper if all lines were of one size.
func Text(doc Document, width int) string {
	l := layout{width: max(width, WidthMin), plain: true}
	l.all(doc)
	var b strings.Builder
	for _, r := range l.rows {
		line := r.Text
		switch block := r.Block.(type) {
		case QR:
			line = "[QR " + block.Payload + "]"
		case Barcode:
			line = "[|| " + block.Data + " ||]"
		case Logo:
			line = "[" + strings.TrimSpace("logo "+block.Name) + "]"
		case Feed:
			b.WriteString(strings.Repeat("\n", block.Lines))
			continue
		case Cut:
			line = strings.Repeat("-", l.width/2-2) + " 8< " + strings.Repeat("-", l.width-l.width/2-2)
		}
		for _, part := range wrap(line, l.width) {
			b.WriteString(strings.TrimRight(space(lead(r.Align, TextWidth(part), l.width))+part, " "))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// layout is one slip being laid out.
type layout struct {
	width int
	plain bool // every size is Normal
	rows  []Row
	// The text of rows of cells is gathered in one piece of memory: buf, and
	// which part of it belongs to which row.
	buf   []byte
	parts []part
}

type part struct{ row, from, to int }

func (l *layout) all(doc Document) {
	l.buf = make([]byte, 0, 1024)
	l.parts = make([]part, 0, len(doc.Blocks))
	for _, b := range doc.Blocks {
		l.add(b)
	}
	text := string(l.buf)
	for _, p := range l.parts {
		l.rows[p.row].Text = text[p.from:p.to]
	}
}

func (l *layout) add(b Block) {
	switch b := b.(type) {
	case Title:
		l.text(Line{Text: b.Text, Align: Center, Bold: true, Size: Double})
	case Line:
		l.text(b)
	case Columns:
		l.columns(b)
	case Rule:
		mark := "-"
		if b.Heavy {
			mark = "="
		}
		l.rows = append(l.rows, Row{Text: strings.Repeat(mark, l.width)})
	case QR:
		l.rows = append(l.rows, Row{Block: b, Align: Center})
		l.text(Line{Text: b.Caption, Align: Center})
	case Barcode:
		l.rows = append(l.rows, Row{Block: b, Align: Center})
		l.text(Line{Text: b.Data, Align: Center})
	case Logo:
		l.rows = append(l.rows, Row{Block: b, Align: Center})
	case Feed:
		l.rows = append(l.rows, Row{Block: Feed{Lines: min(max(b.Lines, 0), feedMax)}})
	case Copy:
		l.text(Line{Text: "*** 补打 COPY " + strconv.Itoa(b.N) + " ***", Align: Center, Bold: true, Size: Tall})
	case Cut:
		l.rows = append(l.rows, Row{Block: b})
	}
}

func (l *layout) size(s Size) Size {
	if l.plain {
		return Normal
	}
	return s
}

func (l *layout) text(t Line) {
	if t.Text == "" && t.Align == Center {
		return // a code without words
	}
	size := l.size(t.Size)
	width := l.width / size.Wide()
	indent := min(max(t.Indent, 0), width/2)
	for part := range strings.SplitSeq(t.Text, "\n") {
		for _, line := range wrap(clean(part), width-indent) {
			l.rows = append(l.rows, Row{Text: space(indent) + line, Align: t.Align, Bold: t.Bold, Size: size})
		}
	}
}

// cellsMax bounds the cells of a row; more would have no room for text.
const cellsMax = 8

func (l *layout) columns(c Columns) {
	size := l.size(c.Size)
	cells := c.Cells[:min(len(c.Cells), cellsMax)]
	if 3*len(cells) > l.width/size.Wide()+1 {
		for _, cell := range cells { // no room side by side
			l.text(Line{Text: cell.Text, Align: cell.Align, Bold: c.Bold, Size: c.Size})
		}
		return
	}
	var buf [cellsMax]Cell
	var needs [cellsMax]int // columns of the whole text
	for i, cell := range cells {
		cell.Text = clean(cell.Text)
		buf[i], needs[i] = cell, TextWidth(cell.Text)
	}
	cells = buf[:len(cells)]
	widths := share(cells, &needs, l.width/size.Wide())
	var lines [cellsMax][]string
	var one [cellsMax][1]string // most cells have one line, which needs no memory of its own
	rows := 0
	for i, cell := range cells {
		if needs[i] <= widths[i].text {
			one[i][0] = cell.Text
			lines[i] = one[i][:]
		} else {
			lines[i] = wrap(cell.Text, widths[i].text)
		}
		rows = max(rows, len(lines[i]))
	}
	for n := range rows {
		b := l.buf
		at := 0 // columns written
		left := 0
		for i, cell := range cells {
			if n < len(lines[i]) && lines[i][n] != "" {
				line := lines[i][n]
				used := needs[i]
				if used > widths[i].text {
					used = TextWidth(line)
				}
				start := left + widths[i].before + lead(cell.Align, used, widths[i].text)
				if at < start {
					b, at = append(b, space(start-at)...), start
				}
				b = append(b, line...)
				at += used
			}
			left += widths[i].all()
		}
		l.parts = append(l.parts, part{len(l.rows), len(l.buf), len(b)})
		l.buf = b
		l.rows = append(l.rows, Row{Bold: c.Bold, Size: size})
	}
}

// A cellWidth is the room of one cell: text columns, and free ones around
// them that keep it apart from its neighbours.
type cellWidth struct{ before, text, after int }

func (w cellWidth) all() int { return w.before + w.text + w.after }

// share deals out the columns to the cells, whose texts need so many.
func share(cells []Cell, needs *[cellsMax]int, width int) [cellsMax]cellWidth {
	var w [cellsMax]cellWidth
	weights, rest := 0, width
	for i, c := range cells {
		weights += max(c.Weight, 0)
		// The gap is taken where it moves no text: on the ragged side.
		if i > 0 && c.Align == Right {
			w[i].before = 1
		} else if i > 0 {
			w[i-1].after = 1
		}
	}
	for i, c := range cells {
		if c.Weight <= 0 {
			w[i].text = min(needs[i], max(rest-w[i].before-w[i].after, 1))
			rest -= w[i].all()
		}
	}
	rest = max(rest, 0)
	done, given := 0, 0
	for i, c := range cells {
		if c.Weight > 0 {
			done += c.Weight
			part := rest*done/weights - given
			given += part
			w[i].text = max(part-w[i].before-w[i].after, 1)
		}
	}
	over := -width
	for i := range cells {
		w[i].text = max(w[i].text, 2) // a Chinese character
		over += w[i].all()
	}
	for ; over > 0; over-- {
		w[fullest(cells, &w)].text--
	}
	for i, c := range cells {
		if c.Align != Right {
			continue
		}
		for lack := needs[i] - w[i].text; lack > 0; {
			from := widest(cells, &w)
			if from < 0 {
				break
			}
			n := min(lack, w[from].text-textMin)
			w[from].text -= n
			w[i].text += n
			lack -= n
		}
	}
	return w
}

// textMin is how much a cell of words keeps for itself: two Chinese
// characters.
const textMin = 4

// fullest returns the cell with the most room, the last of equals.
func fullest(cells []Cell, w *[cellsMax]cellWidth) int {
	best := 0
	for i := range cells {
		if w[i].text >= w[best].text {
			best = i
		}
	}
	return best
}

// widest returns the cell that can best spare a column, or -1.
func widest(cells []Cell, w *[cellsMax]cellWidth) int {
	best := -1
	for i, c := range cells {
		if c.Align != Right && w[i].text > textMin && (best < 0 || w[i].text > w[best].text) {
			best = i
		}
	}
	return best
}

// lead returns how many columns stand before text of so many columns.
func lead(a Align, used, width int) int {
	switch a {
	case Center:
		return max(width-used, 0) / 2
	case Right:
		return max(width-used, 0)
	case Left:
	}
	return 0
}

const spaces = "                                                                "

func space(n int) string {
	if n <= len(spaces) {
		return spaces[:max(n, 0)]
	}
	return strings.Repeat(" ", n)
}

// wrap breaks s into lines of at most width columns: after spaces, and next to
// any character two columns wide, but not before closing nor after opening
// punctuation. A word that is longer than a line is broken anywhere. Spaces
// that begin s are kept, those around a break are not.
func wrap(s string, width int) []string {
	if len(s) <= width || TextWidth(s) <= width {
		return []string{strings.TrimRight(s, " ")}
	}
	var lines []string
	start, used, brk := 0, 0, 0
	prev := rune(0)
	for i, r := range s {
		w := Width(r)
		if i > start && mayBreak(prev, r) {
			brk = i
		}
		for used+w > width && i > start && r != ' ' && w > 0 {
			end := i
			if brk > start {
				end = brk
			}
			if line := strings.TrimRight(s[start:end], " "); line != "" {
				lines = append(lines, line)
			}
			start = end
			used = TextWidth(s[start:i])
		}
		used += w
		prev = r
	}
	return append(lines, strings.TrimRight(s[start:], " "))
}

const (
	closing = "，。、；：！？）》〉」』】〕”’…％℃,.;:!?)]}%"
	opening = "（《〈「『【〔“‘￥([{$"
)

// mayBreak says whether a line may end after a and the next begin with b.
func mayBreak(a, b rune) bool {
	if b == ' ' {
		return false
	}
	if a == ' ' {
		return true
	}
	if a < utf8.RuneSelf && b < utf8.RuneSelf || Width(b) == 0 {
		return false
	}
	if Width(a) < 2 && Width(b) < 2 {
		return false
	}
	return !strings.ContainsRune(closing, b) && !strings.ContainsRune(opening, a)
}
