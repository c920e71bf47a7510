package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"guitai/till"
)

// undoTime is how long an import can be taken back.
const undoTime = 24 * time.Hour

// undoRows bounds one transaction of taking an import back.
const undoRows = 1000

// UndoList takes an import back for 24 hours: what it added goes, what it
// changed is as it was before. What a person or a later import has changed
// since stays as it is. An import that is older, was taken back or never was is
// NothingToUndo.
func (l *Ledger) UndoList(ctx context.Context, batch, by string) error {
	if err := l.own(ctx); err != nil {
		return err
	}
	no, err := strconv.ParseInt(batch, 10, 64)
	if err != nil {
		return &till.Error{Code: till.NothingToUndo, Detail: batch}
	}
	l.lists.Lock()
	defer l.lists.Unlock()
	var at int64
	var file string
	var done, undone sql.NullInt64
	err = l.r().QueryRowContext(ctx, "SELECT at_ms, file, done_ms, undone_ms FROM import_batch WHERE no = ?", no).Scan(&at, &file, &done, &undone)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return &till.Error{Code: till.NothingToUndo, Detail: batch}
	case err != nil:
		return err
	case undone.Valid || !done.Valid || l.opt.Now().Sub(time.UnixMilli(at)) > undoTime:
		return &till.Error{Code: till.NothingToUndo, Detail: file}
	}
	ctx = context.WithoutCancel(ctx)
	n, err := l.takenBack(ctx, no)
	l.search.changed()
	if err != nil {
		return err
	}
	// Less than nothing was added and changed: that is how the journal says it.
	return l.noteImport(ctx, by, &till.ItemsImported{File: file, Added: -n.Added, Changed: -n.Changed})
}

// takeBack is takenBack for an import that was never whole.
func (l *Ledger) takeBack(ctx context.Context, batch int64) error {
	_, err := l.takenBack(ctx, batch)
	return err
}

// takenBack undoes an import in short transactions, the last of which marks it
// undone: after a crash between them it can be done again.
func (l *Ledger) takenBack(ctx context.Context, batch int64) (n ListDone, err error) {
	for more := true; more; {
		err := l.write(ctx, "take an import back", func(c conn) error {
			restored, err := l.restoreSome(ctx, c, batch)
			n.Changed += restored.undone
			if more = restored.more; err != nil || more {
				return err
			}
			removed, err := removeSome(ctx, c, batch)
			n.Added += removed.undone
			if more = removed.more; err != nil || more {
				return err
			}
			_, err = c.ExecContext(ctx, "UPDATE import_batch SET undone_ms = ? WHERE no = ?", l.opt.Now().UnixMilli(), batch)
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

type undoStep struct {
	undone int
	more   bool
}

// restoreSome puts items back that the import changed and nobody since.
func (l *Ledger) restoreSome(ctx context.Context, c conn, batch int64) (undoStep, error) {
	type was struct {
		no   int64
		last int64
		k    kept
	}
	var list []was
	err := each(ctx, c, "SELECT c.item, c.before, ifnull(i.batch, 0) FROM import_changed c LEFT JOIN item i ON i.no = c.item WHERE c.batch = ? ORDER BY c.item LIMIT ?",
		[]any{batch, undoRows}, func(s scanner) error {
			var w was
			var before string
			if err := s.Scan(&w.no, &before, &w.last); err != nil {
				return err
			}
			list = append(list, w)
			return json.Unmarshal([]byte(before), &list[len(list)-1].k)
		})
	step := undoStep{more: len(list) > 0}
	if err != nil {
		return step, err
	}
	for i := range list {
		w := &list[i]
		if w.last == batch {
			if err := restore(ctx, c, w.no, &w.k); err != nil {
				return step, err
			}
			step.undone++
		}
	}
	if step.more {
		_, err = c.ExecContext(ctx, "DELETE FROM import_changed WHERE batch = ? AND item <= ?", batch, list[len(list)-1].no)
	}
	return step, err
}

// removeSome removes items that the import added and nobody changed since.
func removeSome(ctx context.Context, c conn, batch int64) (undoStep, error) {
	var first, last int64
	err := c.QueryRowContext(ctx, "SELECT first, last FROM import_added WHERE batch = ? ORDER BY first DESC LIMIT 1", batch).Scan(&first, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return undoStep{}, nil
	}
	if err != nil {
		return undoStep{}, err
	}
	from := max(first, last-undoRows+1)
	step := undoStep{more: true}
	for _, q := range []string{
		"DELETE FROM barcode WHERE item IN (SELECT no FROM item WHERE no BETWEEN ?1 AND ?2 AND batch = ?3)",
		"DELETE FROM price WHERE item IN (SELECT no FROM item WHERE no BETWEEN ?1 AND ?2 AND batch = ?3)",
		"DELETE FROM item WHERE no BETWEEN ?1 AND ?2 AND batch = ?3",
	} {
		r, err := c.ExecContext(ctx, q, from, last, batch)
		if err != nil {
			return step, err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return step, err
		}
		step.undone = int(n) // of the last: the items
	}
	if from == first {
		_, err = c.ExecContext(ctx, "DELETE FROM import_added WHERE batch = ? AND first = ?", batch, first)
	} else {
		_, err = c.ExecContext(ctx, "UPDATE import_added SET last = ? WHERE batch = ? AND first = ?", from-1, batch, first)
	}
	return step, err
}

// forgetImports drops what would be needed to take imports back that are older
// than a time.
func (l *Ledger) forgetImports(ctx context.Context, before time.Time) error {
	for _, q := range []string{
		"DELETE FROM import_changed WHERE (batch, item) IN (SELECT c.batch, c.item FROM import_changed c JOIN import_batch b ON b.no = c.batch WHERE b.at_ms < ? LIMIT 5000)",
		"DELETE FROM import_added WHERE batch IN (SELECT no FROM import_batch WHERE at_ms < ?)",
	} {
		for more := true; more; {
			err := l.write(ctx, "forget old imports", func(c conn) error {
				r, err := c.ExecContext(ctx, q, before.UnixMilli())
				if err != nil {
					return err
				}
				n, err := r.RowsAffected()
				more = n > 0
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// settleImports begins to take back the imports that the end of the program cut
// off. Where that fails, the next start tries again.
func (l *Ledger) settleImports(ctx context.Context) error {
	var cut []int64
	err := each(ctx, l.r(), "SELECT no FROM import_batch WHERE done_ms IS NULL AND undone_ms IS NULL", nil, func(s scanner) error {
		var no int64
		err := s.Scan(&no)
		cut = append(cut, no)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for imports that were cut off: %w", err)
	}
	if len(cut) > 0 {
		// An import that begins now waits: it must not find what is about to go.
		l.lists.Lock()
		l.idle.Go(func() {
			defer l.lists.Unlock()
			for _, no := range cut {
				if l.takeBack(context.Background(), no) != nil {
					return
				}
			}
			l.search.changed()
		})
	}
	return nil
}
