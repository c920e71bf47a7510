package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"guitai/till"
)

// ListSheet is the beginning of a list: its columns, and how many rows follow.
type ListSheet struct {
	Columns []ListColumn
	Rows    int
}

// ListColumn is one column of a list: its heading, the first cell that is not
// empty, and what it is proposed to be, one of ListFields.
type ListColumn struct {
	Header, Sample string
	Field          string
}

// ListCheck is what taking a list would do. Aside names the first rows that
// would be left out, at most listAsideShown; AsideRows counts them all.
type ListCheck struct {
	New, Changed, Same int
	Aside              []ListFault
	AsideRows          int
	NewCategories      []string
}

// listAsideShown bounds how many rows that are left out are kept in memory.
const listAsideShown = 1000

// ListDone is what taking a list did. Batch names it for UndoList. AsideFile
// holds the rows that were left out, with their lines and faults in three more
// columns; it is empty where there are none. Untaxed counts the rows whose tax
// rate is none of the shop's: they have the usual class.
type ListDone struct {
	Batch                string
	Added, Changed, Same int
	Aside                int
	AsideFile            string
	Untaxed              int
}

// ListOptions are how a list is taken.
type ListOptions struct {
	// Fields are the columns, of ListFields; nil takes them as they are proposed.
	Fields []string
	// By is the operator code of the person who takes the list.
	By string
	// Progress hears how much of the file was read, in any unit, and from any
	// goroutine; it may be nil.
	Progress func(done, of int)
	// Fault hears of every row that is left out, in their order; it may be nil.
	Fault func(ListFault)
}

// ReadList reads the header of a list and counts its rows. The columns are
// proposed by their headings, or as they were taken the last time.
func (l *Ledger) ReadList(ctx context.Context, file string) (ListSheet, error) {
	f, err := openList(ctx, file)
	if err != nil {
		return ListSheet{}, err
	}
	defer f.close()
	form, err := l.listColumns(ctx, f.header)
	if err != nil {
		return ListSheet{}, err
	}
	sheet := ListSheet{Columns: make([]ListColumn, len(f.header))}
	for i, h := range f.header {
		sheet.Columns[i] = ListColumn{Header: h, Field: form.fields[i]}
	}
	for {
		rec, err := f.next()
		if errors.Is(err, io.EOF) {
			return sheet, nil
		}
		if err != nil {
			return sheet, err
		}
		for i, c := range rec.cells[:min(len(rec.cells), len(sheet.Columns))] {
			if sheet.Columns[i].Sample == "" && sheet.Rows < 100 && rec.fault == "" {
				sheet.Columns[i].Sample, _ = cellText(c)
			}
		}
		if sheet.Rows++; sheet.Rows%1000 == 0 && ctx.Err() != nil {
			return sheet, ctx.Err()
		}
	}
}

// listChunk is how many rows are planned at a time: the longest that a sale
// waits for while a list is taken, beside the commit.
const listChunk = 250

// listRows reads rows ahead in a goroutine, which ends with ctx.
func (l *Ledger) listRows(ctx context.Context, f *listFile, form listForm, keys bool) (<-chan []listRow, func() error, error) {
	settings, err := l.Settings(ctx)
	if err != nil {
		return nil, nil, err
	}
	r := &rowReader{form: form, columns: len(f.header), currency: settings.Currency, taxes: settings.Taxes, zone: settings.Zone, comma: f.sep != ','}
	out := make(chan []listRow, 4)
	var failed error
	go func() {
		defer close(out)
		for end := false; !end; {
			rows := make([]listRow, 0, listChunk)
			for len(rows) < listChunk {
				rec, err := f.next()
				if err != nil {
					if !errors.Is(err, io.EOF) {
						failed = err
					}
					end = true
					break
				}
				row := r.row(rec)
				if keys && row.fault.Code == "" {
					row.keys = searchKeys(&row.item)
				}
				rows = append(rows, row)
			}
			select {
			case out <- rows:
			case <-ctx.Done():
				return
			}
		}
	}()
	// The error may be read once the channel is closed.
	return out, func() error { return errors.Join(failed, ctx.Err()) }, nil
}

// CheckList reads a whole list with the given columns and tells what taking it
// would do. It changes nothing.
func (l *Ledger) CheckList(ctx context.Context, file string, fields []string) (ListCheck, error) {
	f, form, err := l.openForm(ctx, file, fields)
	if err != nil {
		return ListCheck{}, err
	}
	defer f.close()
	known, err := l.Categories(ctx)
	if err != nil {
		return ListCheck{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows, failed, err := l.listRows(ctx, f, form, false)
	if err != nil {
		return ListCheck{}, err
	}
	var check ListCheck
	p := newPlanner(l.opt.Now().UnixMilli())
	for chunk := range rows {
		changes, err := p.plan(ctx, l.r(), chunk)
		if err != nil {
			return check, err
		}
		for _, c := range changes {
			switch c.kind {
			case rowNew:
				check.New++
			case rowChanged:
				check.Changed++
			case rowSame:
				check.Same++
			}
			if c.item.Category != "" && !slices.Contains(known, c.item.Category) {
				known = append(known, c.item.Category)
				check.NewCategories = append(check.NewCategories, c.item.Category)
			}
		}
		for i := range chunk {
			if fault := chunk[i].fault; fault.Code != "" {
				if check.AsideRows++; len(check.Aside) < listAsideShown {
					check.Aside = append(check.Aside, fault)
				}
			}
		}
	}
	return check, failed()
}

func (l *Ledger) openForm(ctx context.Context, file string, fields []string) (*listFile, listForm, error) {
	f, err := openList(ctx, file)
	if err != nil {
		return nil, listForm{}, err
	}
	form, err := l.listColumns(ctx, f.header)
	if err == nil {
		form, err = form.withFields(fields)
	}
	if err != nil {
		return nil, form, errors.Join(err, f.close())
	}
	return f, form, nil
}

// TakeList adds and changes the items of a list. Rows that cannot be taken are
// named and left out, the rest is taken. Rows of a list are one item by their
// code, else by a barcode; cells that are empty leave what is there, and
// barcodes are added to those that are there. It writes in short transactions,
// between which sales go on; where it ends early, what it did is taken back.
func (l *Ledger) TakeList(ctx context.Context, file string, o ListOptions) (ListDone, error) {
	if err := l.own(ctx); err != nil {
		return ListDone{}, err
	}
	f, form, err := l.openForm(ctx, file, o.Fields)
	if err != nil {
		return ListDone{}, l.unread(err)
	}
	defer f.close()
	l.lists.Lock()
	defer l.lists.Unlock()
	t := &taking{l: l, o: o, f: f, name: filepath.Base(file), at: l.opt.Now()}
	if err := t.begin(ctx); err != nil {
		return ListDone{}, err
	}
	err = t.all(ctx, form)
	// Asked to stop or not, what was done is noted or taken back.
	ctx = context.WithoutCancel(ctx)
	if err == nil {
		err = t.end(ctx, form)
	}
	l.search.changed()
	l.priceDue.Store(0)
	if err != nil {
		return ListDone{}, errors.Join(l.unread(err), t.aside.drop(), l.takeBack(ctx, t.batch))
	}
	return t.done, nil
}

// A taking is a list that is being taken.
type taking struct {
	l     *Ledger
	o     ListOptions
	f     *listFile
	name  string
	at    time.Time
	batch int64
	done  ListDone
	aside asideFile
}

func (t *taking) begin(ctx context.Context) error {
	return t.l.write(ctx, "begin an import", func(c conn) error {
		r, err := c.ExecContext(ctx, "INSERT INTO import_batch(at_ms, by, file) VALUES (?, ?, ?)", t.at.UnixMilli(), t.o.By, t.name)
		if err == nil {
			t.batch, err = r.LastInsertId()
		}
		return err
	})
}

// Bounds of one transaction, where nobody waits for it.
const (
	takeRows = 10_000
	takeTime = 100 * time.Millisecond
)

func (t *taking) all(ctx context.Context, form listForm) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows, failed, err := t.l.listRows(ctx, t.f, form, true)
	if err != nil {
		return err
	}
	if err := t.l.checkpointAt(ctx, 0); err != nil {
		return err
	}
	defer t.l.checkpointAt(context.WithoutCancel(ctx), checkpointPages)
	p := newPlanner(t.at.UnixMilli())
	single := t.l.goods.Load()
	first := true
	for chunk := range rows {
		began, n := time.Now(), 0
		var left []listRow
		var done ListDone
		// The statements are not given up half way: only between chunks.
		sure := context.WithoutCancel(ctx)
		err := t.l.write(sure, "import items", func(c conn) error {
			w := itemWriter{l: t.l, batch: t.batch, by: t.o.By}
			if err := w.begin(sure); err != nil {
				return err
			}
			p.bare = (p.bare || first && w.first == 1) && t.l.goods.Load() == single
			first = false
			for {
				changes, err := p.plan(sure, c, chunk)
				if err != nil {
					return err
				}
				if err := w.put(sure, changes); err != nil {
					return err
				}
				done.count(changes)
				n += len(chunk)
				for i := range chunk {
					switch row := &chunk[i]; {
					case row.fault.Code != "":
						left = append(left, *row)
					case row.untaxed:
						done.Untaxed++
					}
				}
				if chunk = t.more(ctx, rows, began, n); chunk == nil {
					break
				}
			}
			return w.end(sure)
		})
		if err != nil {
			return err
		}
		// One that fails is made by a later one; the log keeps everything.
		_ = t.l.checkpoint()
		t.done.Added, t.done.Changed, t.done.Same, t.done.Untaxed = t.done.Added+done.Added, t.done.Changed+done.Changed, t.done.Same+done.Same, t.done.Untaxed+done.Untaxed
		if err := t.setAside(left); err != nil {
			return err
		}
		if t.o.Progress != nil {
			t.o.Progress(int(t.f.raw.n.Load()>>10), int(t.f.size>>10)+1)
		}
	}
	return failed()
}

// checkpointPages is the length of the log at which a commit moves it into the
// file, as connect sets it.
const checkpointPages = 4000

// checkpointAt sets that length; at 0 no commit does. A long import makes its
// checkpoints between its transactions, where no sale waits for them.
func (l *Ledger) checkpointAt(ctx context.Context, pages int) error {
	l.queue()
	defer l.mu.Unlock()
	if err := l.ready(ctx); err != nil {
		return err
	}
	_, err := l.w.ExecContext(ctx, "PRAGMA wal_autocheckpoint = "+strconv.Itoa(pages))
	return err
}

// more waits for the next rows that may go into a transaction; nil ends it,
// because it is large enough or somebody waits for the ledger.
func (t *taking) more(ctx context.Context, rows <-chan []listRow, began time.Time, n int) []listRow {
	for n < takeRows && time.Since(began) < takeTime && t.l.queued.Load() == 0 && ctx.Err() == nil {
		select {
		case chunk := <-rows:
			return chunk
		case <-time.After(time.Millisecond):
		}
	}
	return nil
}

func (d *ListDone) count(changes []change) {
	for i := range changes {
		switch changes[i].kind {
		case rowNew:
			d.Added++
		case rowChanged:
			d.Changed++
		case rowSame:
			d.Same++
		}
	}
}

// setAside names rows that are left out and writes them to a file.
func (t *taking) setAside(rows []listRow) error {
	for i := range rows {
		row := &rows[i]
		t.done.Aside++
		if t.o.Fault != nil {
			t.o.Fault(row.fault)
		}
		if err := t.aside.add(t.l.dir, t.name, t.at, t.f.header, row); err != nil {
			return &till.Error{Code: till.CannotSave, Err: err}
		}
	}
	return nil
}

// end closes the batch, remembers the columns and notes the import in the
// journal.
func (t *taking) end(ctx context.Context, form listForm) error {
	var err error
	if t.done.AsideFile, err = t.aside.close(); err != nil {
		return &till.Error{Code: till.CannotSave, Err: err}
	}
	if t.o.Fields != nil {
		if err := t.l.keepColumns(ctx, t.f.header, form.fields); err != nil {
			return err
		}
	}
	if err := t.l.forgetImports(ctx, t.at.Add(-undoTime)); err != nil {
		return err
	}
	err = t.l.write(ctx, "end an import", func(c conn) error {
		_, err := c.ExecContext(ctx, "UPDATE import_batch SET done_ms = ? WHERE no = ?", t.l.opt.Now().UnixMilli(), t.batch)
		return err
	})
	if err != nil {
		return err
	}
	t.done.Batch = strconv.FormatInt(t.batch, 10)
	return t.l.noteImport(ctx, t.o.By, &till.ItemsImported{File: t.name, Added: t.done.Added, Changed: t.done.Changed, Aside: t.done.Aside})
}

func (l *Ledger) noteImport(ctx context.Context, by string, r *till.ItemsImported) error {
	settings, err := l.Settings(ctx)
	if err != nil {
		return fmt.Errorf("note an import: %w", err)
	}
	now := l.opt.Now().In(settings.Zone)
	return l.note(ctx, till.Entry{At: now, Recorded: now, Operator: by, Record: r})
}
