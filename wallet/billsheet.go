package wallet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// A Sheet is a provider's report as comma-separated values, with its headings in
// the first line.
type Sheet struct {
	columns map[string]int
	width   int
	Rows    []SheetRow
}

// A SheetRow is one line of a sheet.
type SheetRow struct {
	Line  int // in the file, from 1
	cells []string
	of    *Sheet
}

// ErrSheet means that a file is no whole sheet.
var ErrSheet = errors.New("the file is cut off or no list with commas")

// ReadSheet reads a report in UTF-8, with a byte order mark or without. A line
// with fewer cells than headings is a file that was cut off.
func ReadSheet(raw []byte) (*Sheet, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(raw) {
		return nil, ErrSheet
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord = -1
	s := &Sheet{columns: map[string]int{}}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.Join(ErrSheet, err)
		}
		line, _ := r.FieldPos(0)
		if s.width == 0 {
			s.width = len(cells)
			for i, c := range cells {
				key := strings.ToLower(strings.TrimSpace(c))
				if _, twice := s.columns[key]; !twice {
					s.columns[key] = i
				}
			}
			continue
		}
		if len(cells) < s.width {
			return nil, ErrSheet
		}
		s.Rows = append(s.Rows, SheetRow{line, cells, s})
	}
	if s.width == 0 {
		return nil, ErrSheet
	}
	return s, nil
}

// Has reports whether there are columns of all these headings; capitals do not
// matter.
func (s *Sheet) Has(headings ...string) bool {
	for _, h := range headings {
		if _, ok := s.columns[strings.ToLower(h)]; !ok {
			return false
		}
	}
	return true
}

// Cell is what stands under the first of these headings that there is, and ""
// where there is none.
func (r *SheetRow) Cell(headings ...string) string {
	for _, h := range headings {
		if i, ok := r.of.columns[strings.ToLower(h)]; ok {
			return strings.TrimSpace(r.cells[i])
		}
	}
	return ""
}

// Only writes the sheet with some of its columns alone, as it is kept: who paid
// is left out.
func (s *Sheet) Only(headings ...string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	var kept []string
	for _, h := range headings {
		if s.Has(h) {
			kept = append(kept, h)
		}
	}
	_ = w.Write(kept) // a buffer takes everything
	for i := range s.Rows {
		var cells []string
		for _, h := range kept {
			cells = append(cells, s.Rows[i].Cell(h))
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return out.Bytes()
}
