package command

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"guitai/till"
)

// salesHeader names the columns of the sales export. Columns are only ever
// added at the end.
var salesHeader = []string{"receipt", "type", "of_receipt", "business_day", "time", "shift", "operator", "line", "code", "name", "category", "qty",
	"unit", "unit_price", "gross", "discount", "tax_class", "tax_rate", "tax", "net"}

// salesRows writes one row per line of every sale and return. Returns are
// negative, so that the net column sums to the takings before cash rounding.
type salesRows struct {
	csv *csv.Writer
	s   till.Settings
	err error
}

// newSalesRows begins the file: with a byte order mark, without which
// spreadsheet programs take the Chinese for another encoding.
func newSalesRows(w io.Writer, s till.Settings) *salesRows {
	_, err := io.WriteString(w, "\ufeff")
	r := &salesRows{csv: csv.NewWriter(w), s: s, err: err}
	r.write(salesHeader)
	return r
}

func (r *salesRows) write(row []string) {
	if r.err == nil {
		r.err = r.csv.Write(row)
	}
}

func (r *salesRows) flush() error {
	r.csv.Flush()
	if r.err == nil {
		r.err = r.csv.Error()
	}
	return r.err
}

func (r *salesRows) add(e *till.Entry) error {
	m := r.s.Currency.Format
	switch d := e.Record.(type) {
	case *till.SaleCompleted:
		s := &d.Sale
		for i := range s.Lines {
			l := &s.Lines[i]
			if l.Voided {
				continue
			}
			r.write(append(r.head(e, s.Receipt, "sale", 0), strconv.Itoa(l.N), Cell(l.Code), Cell(l.Name), Cell(l.Category), l.Qty.String(), Cell(l.Unit),
				r.s.Currency.FormatPrice(l.Price), m(l.Gross), m(l.DiscountOff+l.Share), Cell(l.Tax.Code), l.Tax.Rate.String(), m(l.TaxIn), m(l.Paid())))
		}
	case *till.Returned:
		t := &d.Return
		kind := "return"
		if t.PostVoid {
			kind = "post_void"
		}
		for i := range t.Lines {
			l := &t.Lines[i]
			r.write(append(r.head(e, t.Receipt, kind, t.Of), strconv.Itoa(l.N), Cell(l.Code), Cell(l.Name), Cell(l.Category), (-l.Qty).String(), Cell(l.Unit),
				"", m(-l.Base), m(0), Cell(l.Tax.Code), l.Tax.Rate.String(), m(-l.TaxIn), m(-l.Paid)))
		}
	}
	return r.err
}

func (r *salesRows) head(e *till.Entry, receipt int, kind string, of int) []string {
	sale := ""
	if of != 0 {
		sale = fmt.Sprintf("%06d", of)
	}
	return []string{fmt.Sprintf("%06d", receipt), kind, sale, e.Day.String(), e.At.Format(time.RFC3339), strconv.Itoa(e.Shift), Cell(e.Operator)}
}

// Cell is a text as a cell of a CSV file, which a spreadsheet program must not
// take for a formula.
func Cell(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
