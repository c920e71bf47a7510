package ledger

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Errors of a list as a whole. Rows that are bad are ListFaults.
var (
	ErrListEmpty   = errors.New("the list is empty")
	ErrListBinary  = errors.New("the file is no text; save the list as CSV")
	ErrListColumns = errors.New("the list needs a column for the price or the name, and one for the code or the barcode")
)

// Bounds of one row. A quotation mark that is not closed within them is taken
// for a slip, so that it never swallows the rows after it.
const (
	listLineMax = 1 << 20 // bytes
	listSpanMax = 50      // lines of one row
)

// A listFile reads the rows of a CSV file: UTF-8, GB18030 (and so GBK),
// Windows-1252, or UTF-16 with a byte order mark; comma, semicolon or tab; lines
// that end in LF, CRLF or CR.
type listFile struct {
	file    io.ReadSeeker
	close   func() error
	size    int64
	in      *lineReader
	raw     *countingReader
	sep     byte
	from    *encoding.Decoder // nil for UTF-8
	header  []string
	pending []listLine // lines to read again
	text    []byte     // room for decoding
}

// A countingReader counts, for whoever shows the progress meanwhile.
type countingReader struct {
	r io.Reader
	n atomic.Int64
}

// Read counts what it reads.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// A listLine is one line with its number, from 1.
type listLine struct {
	text []byte
	n    int
	long bool // it was cut
}

// A listRecord is one row: the line it begins on and its cells. fault is the
// code word of what is wrong with it as text.
type listRecord struct {
	line  int
	cells []string
	fault string
}

// openList opens a list and reads its header.
func openList(ctx context.Context, path string) (*listFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	l, err := newList(ctx, f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	l.close = f.Close
	return l, nil
}

func newList(ctx context.Context, r io.ReadSeeker) (*listFile, error) {
	l := &listFile{file: r}
	return l, l.begin(ctx)
}

func (l *listFile) begin(ctx context.Context) error {
	var err error
	if l.size, err = l.file.Seek(0, io.SeekEnd); err != nil {
		return err
	}
	if _, err = l.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(l.file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	head = head[:n]
	skip := int64(0)
	var wide encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		skip = 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		wide = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		wide = unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) || bytes.Count(head, []byte{0}) > len(head)/16:
		return ErrListBinary
	default:
		if l.from, err = l.decoder(ctx); err != nil {
			return err
		}
	}
	if _, err := l.file.Seek(skip, io.SeekStart); err != nil {
		return err
	}
	l.raw = &countingReader{r: l.file}
	var r io.Reader = l.raw
	if wide != nil {
		r = transform.NewReader(l.raw, wide.NewDecoder())
	}
	l.in = newLineReader(r)
	return l.readHeader()
}

// decoder returns what turns the list into UTF-8; nil where that is what it is:
// where no more of the lines that hold more than ASCII are broken as UTF-8 than
// are whole. Of a long list the first 2,000 such lines decide.
func (l *listFile) decoder(ctx context.Context) (*encoding.Decoder, error) {
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := newLineReader(l.file)
	whole, broken := 0, 0
	alone, paired := 0, 0 // bytes beyond ASCII in the broken lines
	for n := 0; whole+broken < 2000; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		line, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch {
		case ascii(line.text):
		case utf8.Valid(line.text) || line.long:
			whole++
		default:
			broken++
			for i, c := range line.text {
				if c >= utf8.RuneSelf {
					if i > 0 && line.text[i-1] >= utf8.RuneSelf || i+1 < len(line.text) && line.text[i+1] >= utf8.RuneSelf {
						paired++
					} else {
						alone++
					}
				}
			}
		}
	}
	switch {
	case broken <= whole:
		return nil, nil
	case alone > paired:
		// Chinese comes two bytes by two; accents stand between letters of ASCII.
		return charmap.Windows1252.NewDecoder(), nil
	}
	return simplifiedchinese.GB18030.NewDecoder(), nil
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// readHeader takes the first line that is not blank, and the separator that
// stands in it most often. Spreadsheet programs may put a line "sep=;" first.
func (l *listFile) readHeader() error {
	for {
		line, err := l.nextLine()
		if errors.Is(err, io.EOF) {
			return ErrListEmpty
		}
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line.text)) == 0 {
			continue
		}
		if rest, ok := bytes.CutPrefix(line.text, []byte("sep=")); ok && len(rest) == 1 && strings.IndexByte(",;\t", rest[0]) >= 0 {
			l.sep = rest[0]
			continue
		}
		if l.sep == 0 {
			l.sep = ','
			for _, sep := range []byte{';', '\t'} {
				if bytes.Count(line.text, []byte{sep}) > bytes.Count(line.text, []byte{l.sep}) {
					l.sep = sep
				}
			}
		}
		l.pending = append([]listLine{{text: bytes.Clone(line.text), n: line.n, long: line.long}}, l.pending...)
		break
	}
	rec, err := l.next()
	if err != nil {
		return err
	}
	for _, c := range rec.cells {
		l.header = append(l.header, strings.TrimSpace(c))
	}
	// Spreadsheet programs leave separators of columns that are empty.
	for n := len(l.header); n > 1 && l.header[n-1] == ""; n-- {
		l.header = l.header[:n-1]
	}
	return nil
}

func (l *listFile) nextLine() (listLine, error) {
	if len(l.pending) > 0 {
		line := l.pending[0]
		l.pending = l.pending[1:]
		return line, nil
	}
	return l.in.next()
}

// next returns the next row that is not blank, and io.EOF after the last.
func (l *listFile) next() (listRecord, error) {
	for {
		line, err := l.nextLine()
		if err != nil {
			return listRecord{}, err
		}
		rec := listRecord{line: line.n}
		if len(bytes.TrimSpace(line.text)) == 0 && !line.long {
			continue
		}
		if line.long {
			rec.fault = "long"
			line.text = line.text[:1000]
		}
		text, ok := l.decode(line.text)
		if bytes.IndexByte(line.text, '"') < 0 {
			rec.cells = strings.Split(text, string(rune(l.sep)))
		} else {
			cells, open, good := splitQuoted(text, l.sep)
			if open && !line.long {
				cells, good, ok, err = l.gather(line, ok)
				if err != nil {
					return listRecord{}, err
				}
			}
			if rec.cells = cells; !good {
				rec.cells = strings.Split(text, string(rune(l.sep)))
				rec.fault = "quote"
			}
		}
		if !ok && rec.fault == "" {
			rec.fault = "encoding"
		}
		return rec, nil
	}
}

// gather goes on reading lines until the quotation mark is closed. It is not
// where a line follows that is a row by itself: then those lines are read again.
func (l *listFile) gather(first listLine, whole bool) (cells []string, good, ok bool, err error) {
	text := bytes.Clone(first.text)
	var taken []listLine
	back := func() ([]string, bool, bool, error) {
		l.pending = append(taken, l.pending...)
		return nil, false, whole, nil
	}
	for len(taken) < listSpanMax && len(text) < listLineMax {
		line, err := l.nextLine()
		if errors.Is(err, io.EOF) {
			return back()
		}
		if err != nil {
			return nil, false, false, err
		}
		line.text = bytes.Clone(line.text)
		taken = append(taken, line)
		quoted := bytes.IndexByte(line.text, '"') >= 0
		if line.long || !quoted && len(l.header) > 1 && bytes.Count(line.text, []byte{l.sep}) >= len(l.header)-1 {
			return back()
		}
		text = append(append(text, '\n'), line.text...)
		if !quoted {
			continue
		}
		s, ok := l.decode(text)
		cells, open, good := splitQuoted(s, l.sep)
		if open {
			continue
		}
		if !good || len(l.header) > 0 && len(cells) > len(l.header) {
			return back()
		}
		return cells, true, ok, nil
	}
	return back()
}

// decode returns text as UTF-8; ok is false where some of it is no text.
func (l *listFile) decode(b []byte) (text string, ok bool) {
	switch {
	case ascii(b):
		return string(b), true
	case l.from == nil:
		text = string(b)
		if !utf8.ValidString(text) {
			return strings.ToValidUTF8(text, "\ufffd"), false
		}
	default:
		l.from.Reset()
		if need := 3*len(b) + 16; cap(l.text) < need {
			l.text = make([]byte, need)
		}
		n, _, err := l.from.Transform(l.text[:cap(l.text)], b, true)
		text = string(l.text[:n])
		if err != nil {
			return text, false
		}
	}
	return text, !strings.ContainsRune(text, utf8.RuneError)
}

// splitQuoted splits a row with quotation marks (RFC 4180). open means that it
// ends inside of them, good that every one stands where it may.
func splitQuoted(s string, sep byte) (cells []string, open, good bool) {
	for {
		if s == "" || s[0] != '"' {
			i := strings.IndexByte(s, sep)
			if i < 0 {
				return append(cells, s), false, true
			}
			cells, s = append(cells, s[:i]), s[i+1:]
			continue
		}
		var cell strings.Builder
		s = s[1:]
		for {
			i := strings.IndexByte(s, '"')
			if i < 0 {
				return nil, true, false
			}
			cell.WriteString(s[:i])
			s = s[i+1:]
			if s == "" || s[0] != '"' {
				break
			}
			cell.WriteByte('"')
			s = s[1:]
		}
		cells = append(cells, cell.String())
		s = strings.TrimLeft(s, " ")
		switch {
		case s == "":
			return cells, false, true
		case s[0] != sep:
			return nil, false, false
		}
		s = s[1:]
	}
}

// A lineReader reads lines of any length and keeps no more of one than
// listLineMax.
type lineReader struct {
	r          io.Reader
	buf        []byte
	start, end int
	err        error
	n          int
	skip       bool // the rest of a line that was too long
}

func newLineReader(r io.Reader) *lineReader { return &lineReader{r: r, buf: make([]byte, 64<<10)} }

// next returns the next line without its end. It is valid until the next call.
func (l *lineReader) next() (listLine, error) {
	cut := []byte(nil)
	for {
		b := l.buf[l.start:l.end]
		at := bytes.IndexByte(b, '\n')
		part := b
		if at >= 0 {
			part = b[:at]
		}
		width := 1
		if cr := bytes.IndexByte(part, '\r'); cr >= 0 && (cr+1 < len(b) || l.err != nil) {
			if cr+1 == at {
				width = 2
			}
			at = cr
		}
		if at < 0 && l.err != nil && len(b) > 0 {
			at, width = len(b), 0
		}
		if at >= 0 {
			l.start += at + width
			if l.skip {
				l.skip = false
				l.n++
				return listLine{text: cut, n: l.n, long: true}, nil
			}
			l.n++
			return listLine{text: b[:at], n: l.n}, nil
		}
		if l.err != nil {
			if l.skip {
				l.skip = false
				l.n++
				return listLine{text: cut, n: l.n, long: true}, nil
			}
			return listLine{}, l.err
		}
		if len(b) >= listLineMax {
			if cut == nil {
				cut, l.skip = bytes.Clone(b[:1000]), true
			}
			l.start = l.end
			if b[len(b)-1] == '\r' {
				l.start--
			}
		}
		l.fill()
	}
}

func (l *lineReader) fill() {
	if l.start > 0 {
		l.end = copy(l.buf, l.buf[l.start:l.end])
		l.start = 0
	}
	if l.end == len(l.buf) {
		l.buf = append(l.buf, make([]byte, len(l.buf))...)
	}
	n, err := l.r.Read(l.buf[l.end:])
	l.end += n
	l.err = err
}
