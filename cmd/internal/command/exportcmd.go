package command

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"

	"guitai/ledger"
	"guitai/till"
)

type exportCmd struct {
	Items    exportItems    `cmd:"" help:"${h_items}"`
	Sales    exportSales    `cmd:"" help:"${h_sales}"`
	Journal  exportJournal  `cmd:"" help:"${h_journal}"`
	Accounts exportAccounts `cmd:"" help:"${h_accounts}"`
}

type exportItems struct {
	Out string `placeholder:"FILE" help:"${h_out}"`
}

type exportSales struct {
	From string `placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To   string `placeholder:"YYYY-MM-DD" help:"${h_to}"`
	Out  string `placeholder:"FILE" help:"${h_out}"`
}

type exportJournal struct {
	Out string `placeholder:"FILE" help:"${h_out}"`
}

var (
	errWrite    = words{"写不了 %s：%v", "cannot write %s: %v"}
	safePartial = words{"账本没有改动；没写完的文件已删除。", "The ledger is as it was; the unfinished file was removed."}
)

// Run writes the items on sale, as import items reads them.
func (c *exportItems) Run(e *env) error {
	return e.export(c.Out, func(l *ledger.Ledger, _ till.Settings, w io.Writer) error { return l.ExportItems(e.ctx, w) })
}

// Run writes the lines of all sales and returns.
func (c *exportSales) Run(e *env) error {
	var from, to till.BusinessDay
	var err error
	if c.From != "" {
		if from, err = date("--from", c.From); err != nil {
			return err
		}
	}
	if c.To != "" {
		if to, err = date("--to", c.To); err != nil {
			return err
		}
	}
	return e.export(c.Out, func(l *ledger.Ledger, s till.Settings, w io.Writer) error {
		rows := newSalesRows(w, s)
		if err := l.Journal(e.ctx, 1, func(d ledger.Document) error {
			if d.Day < from || (to != 0 && d.Day > to) {
				return nil
			}
			return rows.add(&d.Entry)
		}); err != nil {
			return err
		}
		return rows.flush()
	})
}

// Run writes every record.
func (c *exportJournal) Run(e *env) error {
	return e.export(c.Out, func(l *ledger.Ledger, s till.Settings, w io.Writer) error {
		return l.Journal(e.ctx, 1, func(d ledger.Document) error { return writeDocument(w, s.Currency, d) })
	})
}

// export opens the ledger to read and writes to a file, or to standard output
// where none is named. A file that was not finished is removed.
func (e *env) export(out string, write func(*ledger.Ledger, till.Settings, io.Writer) error) error {
	l, err := e.read()
	if err != nil {
		return err
	}
	defer l.Close()
	settings, err := l.Settings(e.ctx)
	if err != nil {
		return err
	}
	return e.to(out, func(w io.Writer) error { return write(l, settings, w) })
}

// toFile writes a file whole or not at all; an earlier one of the name stays
// until then.
func toFile(name string, write func(io.Writer) error) error {
	f, err := beginFile(name)
	if err != nil {
		return &failure{what: errWrite, args: []any{name, err}, safe: safeAsWas, err: err}
	}
	if err := endFile(f, name, write); err != nil {
		if till.CodeOf(err) != "" {
			return err
		}
		return &failure{what: errWrite, args: []any{name, err}, safe: safePartial, err: err}
	}
	return nil
}

// WriteWhole does what the commands do with their files: name is there whole and
// on the disk, or stays as it was. The error is the system's or write's.
func WriteWhole(name string, write func(io.Writer) error) error {
	f, err := beginFile(name)
	if err != nil {
		return err
	}
	return endFile(f, name, write)
}

// beginFile makes a file beside name that is to take its place.
func beginFile(name string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(name), ".guitai-*")
}

// endFile writes the file that was begun and puts it in the place of name, or
// removes it.
func endFile(f *os.File, name string, write func(io.Writer) error) error {
	w := bufio.NewWriterSize(f, 64<<10)
	err := errors.Join(write(w), w.Flush(), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
