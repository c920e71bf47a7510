package command

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"guitai/hardware/paper"
)

// csv writes all tables as one: a row names its table, and has cells under the
// columns of that table. The byte order mark makes spreadsheet programs read the
// Chinese.
func (s *statement) csv(w io.Writer) error {
	head := []string{"table", "from", "to", "currency"}
	for _, t := range s.tables {
		for _, c := range t.columns {
			if !slices.Contains(head, c.key) {
				head = append(head, c.key)
			}
		}
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(head); err != nil {
		return err
	}
	for _, t := range s.tables {
		for _, row := range t.rows {
			cells := make([]string, len(head))
			copy(cells, []string{t.key, s.from, s.to, s.currency})
			for i, c := range t.columns {
				cell := row[i]
				if c.kind == textCell { // a negative figure is no formula
					cell = Cell(cell)
				}
				cells[slices.Index(head, c.key)] = cell
			}
			if err := out.Write(cells); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// xlsx writes a workbook with one sheet a table. Figures are numbers, written
// with the digits that they have.
func (s *statement) xlsx(w io.Writer, lang, shop string) error {
	f := excelize.NewFile()
	defer f.Close()
	styles, err := s.styles(f)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	for i := range s.tables {
		t := &s.tables[i]
		name := sheetName(t.title.in(lang))
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = s.sheet(f, name, t, lang, shop, styles)
		}
		if err != nil {
			return fmt.Errorf("write the sheet %s: %w", t.key, err)
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "Guitai", Title: s.title.in(lang) + " " + s.period()}); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	_, err = f.WriteTo(w)
	return err
}

// sheetName is a title without what the name of a sheet may not have.
func sheetName(title string) string {
	name := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, title))
	return string(name[:min(len(name), 31)])
}

// headStyle is the key of the style of column names, beside those of cells.
const headStyle cellKind = -1

func (s *statement) styles(f *excelize.File) (map[cellKind]int, error) {
	amounts := "#,##0"
	if s.decimals > 0 {
		amounts += "." + strings.Repeat("0", s.decimals)
	}
	out := map[cellKind]int{}
	for kind, format := range map[cellKind]string{textCell: "@", countCell: "0", moneyCell: amounts, quantityCell: "0.###", rateCell: "0.####%", shareCell: "0.00%", secondsCell: "0.0", flagCell: "@"} {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			return nil, err
		}
		out[kind] = style
	}
	style, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	out[headStyle] = style
	return out, err
}

// sheet writes a table under three lines that say whose it is and of when.
func (s *statement) sheet(f *excelize.File, name string, t *table, lang, shop string, styles map[cellKind]int) error {
	put := func(col, row int, kind cellKind, text string) error {
		at, err := excelize.CoordinatesToCellName(col, row)
		if err != nil {
			return err
		}
		if kind > textCell && kind.figures() {
			err = f.SetCellDefault(name, at, text)
		} else {
			err = f.SetCellStr(name, at, text)
		}
		if err != nil {
			return err
		}
		return f.SetCellStyle(name, at, at, styles[kind])
	}
	for i, text := range []string{shop, s.title.in(lang) + "  " + s.period() + "  " + s.currency, t.note.in(lang)} {
		if err := put(1, i+1, headStyle, printable(text)); err != nil {
			return err
		}
	}
	const first = 4 // the row of the names
	if t.pairs {
		for i := range t.columns {
			c := &t.columns[i]
			for _, row := range t.rows {
				if err := put(1, first+i, textCell, c.title.in(lang)); err != nil {
					return err
				}
				if err := put(2, first+i, c.kind, row[i]); err != nil {
					return err
				}
			}
		}
		return f.SetColWidth(name, "A", "B", 20)
	}
	for i := range t.columns {
		c := &t.columns[i]
		if err := put(i+1, first, headStyle, c.title.in(lang)); err != nil {
			return err
		}
		for n, row := range t.rows {
			cell := row[i]
			if !c.kind.figures() {
				cell = printable(c.read(lang, cell))
			}
			if cell == "" {
				continue
			}
			if err := put(i+1, first+1+n, c.kind, cell); err != nil {
				return err
			}
		}
	}
	last, err := excelize.ColumnNumberToName(len(t.columns))
	if err != nil {
		return err
	}
	if err := f.SetColWidth(name, "A", last, 16); err != nil {
		return err
	}
	return f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: first, TopLeftCell: fmt.Sprintf("A%d", first+1), ActivePane: "bottomLeft"})
}

// paper lays the tables out for A4 pages; those without rows are left out.
func (s *statement) paper(lang string) paper.Statement {
	out := paper.Statement{Title: s.title.in(lang), Period: s.period() + "   " + s.currency}
	for i := range s.tables {
		t := &s.tables[i]
		if len(t.rows) == 0 {
			continue
		}
		p := paper.Table{Title: t.title.in(lang), Note: t.note.in(lang), Pairs: t.pairs}
		if t.pairs {
			p.Rows = t.downwards(lang)
		} else {
			grid := t.grid(lang)
			for n, c := range t.columns {
				p.Columns = append(p.Columns, paper.Column{Title: grid[0][n], Figures: c.kind.figures()})
			}
			p.Rows = grid[1:]
		}
		out.Tables = append(out.Tables, p)
	}
	return out
}
