package accounts

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"guitai/ledger"
	"guitai/ledger/outbox"
	"guitai/till"
	"guitai/till/money"
)

// Formats are what a folder's files may be, with the ending of their names: the
// document as it is, its figures as rows, and the bookings of a closed day for
// hledger, for Beancount, and as rows.
var Formats = map[string]string{"json": ".json", "csv": ".csv", "journal": ".journal", "beancount": ".beancount", "accounts": ".accounts.csv"}

// AddFolder sets up a folder that another program reads. It must be there: one
// that is made in the place of a drive that is not connected would fill unseen.
func AddFolder(ctx context.Context, book *ledger.Ledger, name, dir, format string) error {
	if Formats[format] == "" {
		return ErrFormat
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := free(ctx, book, name, KindFolder); err != nil {
		return err
	}
	try, err := os.CreateTemp(dir, tempPattern)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFolder, err)
	}
	if err := errors.Join(try.Close(), os.Remove(try.Name())); err != nil {
		return fmt.Errorf("%w: %w", ErrFolder, err)
	}
	return add(ctx, book, name, KindFolder, settings{Dir: dir, Format: format})
}

// tempPattern names files that are not whole yet; who reads the folder skips
// names that begin with a dot.
const tempPattern = ".guitai-*.tmp"

// folder writes a file for each document.
type folder struct {
	book              *ledger.Ledger
	till, dir, format string
}

// Deliver is part of outbox.Sender.
func (f *folder) Deliver(ctx context.Context, _ int64, docs []ledger.Outgoing) ([]outbox.Answer, error) {
	var out []outbox.Answer
	for _, d := range docs {
		a, err := f.deliver(ctx, d)
		if err != nil {
			return out, err
		}
		out = append(out, a)
	}
	return out, nil
}

func (f *folder) deliver(ctx context.Context, d ledger.Outgoing) (outbox.Answer, error) {
	id := DocumentID(f.till, d.Epoch, d.Seq)
	body, err := f.content(ctx, id, d)
	if err != nil {
		return outbox.Answer{}, err
	}
	if body == nil {
		return outbox.Answer{State: ledger.Delivered, Said: "it has no bookings of its own"}, nil
	}
	name := id + Formats[f.format]
	err = f.place(name, body)
	if errors.Is(err, fs.ErrExist) {
		return outbox.Answer{State: ledger.Refused, Said: "another file is there under the name " + name}, nil
	}
	return outbox.Answer{State: ledger.Delivered, Said: name}, err
}

// content is what is written of a document; nil where there is nothing to write.
func (f *folder) content(ctx context.Context, id string, d ledger.Outgoing) ([]byte, error) {
	if f.format == "json" {
		return d.Body, nil
	}
	var b bytes.Buffer
	if f.format == "csv" {
		var doc till.DayDocument
		if err := json.Unmarshal(d.Body, &doc); err != nil {
			return nil, err
		}
		err := figures(&b, id, &doc)
		return b.Bytes(), err
	}
	if d.Kind != till.ClosedDay {
		return nil, nil // the closed day books its shifts, once
	}
	all, err := f.book.BookingsUpTo(ctx, d.Day)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	s, err := f.book.Settings(ctx)
	if err != nil {
		return nil, err
	}
	write := Hledger
	switch f.format {
	case "beancount":
		write = Beancount
	case "accounts":
		write = Sheet
	}
	err = write(&b, s.Currency, all, id)
	return b.Bytes(), err
}

// place writes a file whole or not at all, and never over another. One that is
// there with the same content is the one that was written before a power cut.
func (f *folder) place(name string, body []byte) error {
	path := filepath.Join(f.dir, name)
	if there, err := os.ReadFile(path); err == nil {
		if bytes.Equal(there, body) {
			return nil
		}
		return fs.ErrExist
	}
	temp, err := os.CreateTemp(f.dir, tempPattern)
	if err != nil {
		return fmt.Errorf("write to the folder: %w", err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(body)
	if err := errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("write to the folder: %w", err)
	}
	// A link refuses a name that is taken; where a drive knows no links, the name
	// was free a moment ago and nobody else writes names of this till.
	if err := os.Link(temp.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// figures writes the sums of a document as rows that a sheet can be made of:
// its id, what it is, and one figure each. Columns and figures are only ever added.
func figures(b *bytes.Buffer, id string, d *till.DayDocument) error {
	b.WriteString("\ufeff")
	cur := money.Currency{Code: d.Currency, Exponent: d.Exponent}
	rows := [][]string{{"id", "kind", "date", "shift", "z", "currency", "group", "key", "figure", "value"}}
	row := func(group, key, figure, value string) {
		rows = append(rows, []string{id, d.Kind, d.BusinessDate, strconv.Itoa(d.Shift), strconv.Itoa(d.Z), d.Currency, group, noFormula(key), figure, value})
	}
	sum := func(group, key, figure string, a money.Amount) { row(group, key, figure, cur.Format(a)) }
	count := func(group, key, figure string, n int) { row(group, key, figure, strconv.Itoa(n)) }
	if a := d.Addendum; a != nil {
		sum("addendum", a.What, "amount", a.Amount)
		row("addendum", a.What, "original_date", d.OriginalDate)
	} else {
		count("sales", "", "count", d.Sales.Count)
		sum("sales", "", "gross", d.Sales.Gross)
		sum("sales", "", "discounts", d.Sales.Discounts)
		sum("sales", "", "tax_added", d.Sales.TaxAdded)
		sum("sales", "", "tax", d.Sales.Tax)
		sum("sales", "", "rounding", d.Sales.Rounding)
		sum("sales", "", "net", d.Sales.Net)
		count("refunds", "", "count", d.Refunds.Count)
		sum("refunds", "", "amount", d.Refunds.Amount)
	}
	for _, t := range d.Tenders {
		count("tender", string(t.Kind), "count", t.Count)
		sum("tender", string(t.Kind), "amount", t.Amount)
		sum("tender", string(t.Kind), "refunded", t.Refunded)
	}
	for _, t := range d.Taxes {
		key := t.Class + " " + t.Rate.String() + " " + t.Mode
		sum("tax", key, "taxable", t.Taxable)
		sum("tax", key, "tax", t.Tax)
	}
	for _, c := range d.Cash {
		key := strconv.Itoa(c.Shift)
		sum("cash", key, "float", c.Float)
		sum("cash", key, "paid_in", c.PaidIn)
		sum("cash", key, "paid_out", c.PaidOut)
		sum("cash", key, "drops", c.Drops)
		sum("cash", key, "loans", c.Loans)
		sum("cash", key, "expected", c.Expected)
		if c.Counted != nil && c.OverShort != nil {
			sum("cash", key, "counted", *c.Counted)
			sum("cash", key, "over_short", *c.OverShort)
		}
	}
	for _, c := range d.Categories {
		row("category", c.Name, "qty", c.Qty.String())
		sum("category", c.Name, "net", c.Net)
	}
	for _, h := range d.Hours {
		key := strconv.Itoa(h.Hour)
		count("hour", key, "count", h.Count)
		sum("hour", key, "net", h.Net)
	}
	return csv.NewWriter(b).WriteAll(rows)
}

// noFormula keeps a name from being taken for a formula by a spreadsheet program.
func noFormula(name string) string {
	if name != "" && strings.ContainsAny(name[:1], "=+-@\t\r") {
		return "'" + name
	}
	return name
}
