package main

import (
	"context"

	"guitai/ledger"
	"guitai/ui"
)

// lists reads and writes item lists as CSV files.
type lists struct{ p *program }

// Read reads the header and some rows.
func (l lists) Read(ctx context.Context, file string) (ui.ListSheet, error) {
	s, err := l.p.book().ReadList(ctx, file)
	out := ui.ListSheet{Rows: s.Rows}
	for _, c := range s.Columns {
		out.Columns = append(out.Columns, ui.ListColumn(c))
	}
	return out, err
}

// Check reads the whole file and changes nothing.
func (l lists) Check(ctx context.Context, file string, fields []string) (ui.ListCheck, error) {
	c, err := l.p.book().CheckList(ctx, file, fields)
	out := ui.ListCheck{New: c.New, Changed: c.Changed, Same: c.Same, AsideRows: c.AsideRows, NewCategories: c.NewCategories}
	for _, f := range c.Aside {
		out.Aside = append(out.Aside, ui.ListFault(f))
	}
	return out, err
}

// Take adds and changes the items of the file.
func (l lists) Take(ctx context.Context, file string, fields []string, by string, progress func(done, of int)) (ui.ListDone, error) {
	d, err := l.p.book().TakeList(ctx, file, ledger.ListOptions{Fields: fields, By: by, Progress: progress})
	return ui.ListDone{Batch: d.Batch, Added: d.Added, Changed: d.Changed, Aside: d.Aside, AsideFile: d.AsideFile}, err
}

// Undo takes a batch back.
func (l lists) Undo(ctx context.Context, batch, by string) error {
	return l.p.book().UndoList(ctx, batch, by)
}
