package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"guitai/till"
)

// Odd notes what the records since the last call have that is odd: a return
// without its sale, the same amount again and again, a price far below the list,
// an act after hours. It returns how many it noted. It is called beside selling,
// may be called at any time, and notes a record once.
func (l *Ledger) Odd(ctx context.Context) (int, error) {
	settings, err := l.Settings(ctx)
	if err != nil {
		return 0, err
	}
	found, last, err := l.lookForOdd(ctx, settings)
	if err != nil {
		return 0, fmt.Errorf("look for odd records: %w", err)
	}
	if last == 0 {
		return 0, nil
	}
	n, now := 0, l.opt.Now().UnixMilli()
	err = l.write(ctx, "note odd records", func(c conn) error {
		for _, g := range found {
			r, err := c.ExecContext(ctx, `INSERT INTO odd_note(seq, rule, receipt, cashier, shift, day, at_ms, noted_ms, amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT DO NOTHING`, g.seq, string(g.rule), g.receipt, g.cashier, g.shift, int(g.day), g.at.UnixMilli(), now, int64(g.amount))
			if err != nil {
				return err
			}
			added, err := r.RowsAffected()
			if err != nil {
				return err
			}
			n += int(added)
		}
		_, err := c.ExecContext(ctx, "UPDATE odd_looked SET seq = max(seq, ?)", last)
		return err
	})
	return n, err
}

// lookForOdd looks at the business days that records after the last look belong
// to; last is 0 where there are none.
func (l *Ledger) lookForOdd(ctx context.Context, settings till.Settings) (found []glimpse, last int64, err error) {
	tx, err := l.r().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, 0, err
	}
	defer tx.Rollback()
	var after, head int64
	if err := tx.QueryRowContext(ctx, "SELECT (SELECT seq FROM odd_looked), (SELECT ifnull(max(seq), 0) FROM entry)").Scan(&after, &head); err != nil || after >= head {
		return nil, 0, err
	}
	f := flagFacts{settings: settings}
	if err := tx.QueryRowContext(ctx, "SELECT ifnull(min(day), 0), ifnull(max(day), 0) FROM entry WHERE seq > ? AND day > 0", after).Scan(&f.from, &f.to); err != nil {
		return nil, 0, err
	}
	if f.from == 0 {
		return nil, head, nil
	}
	f.since = min(f.from, f.to.Plus(1-settings.FlagLimit(till.FlagAfterHours).Days))
	if err := f.readActs(ctx, tx, f.from); err != nil {
		return nil, 0, err
	}
	for i := range f.returns {
		if r := &f.returns[i]; r.of == 0 && r.seq > after {
			found = append(found, glimpse{till.FlagLoose, r.seq, r.receipt, r.shift, r.day, r.cashier, r.at, r.value})
		}
	}
	for _, look := range []struct {
		at    func(context.Context, rowQuerier, int64) ([]glimpse, error)
		after int64
	}{{f.sameAmounts, 0}, {f.farBelow, after}, {f.afterHours, after}} { // the first of a run are seen with its last
		more, err := look.at(ctx, tx, look.after)
		if err != nil {
			return nil, 0, err
		}
		found = append(found, more...)
	}
	return slices.DeleteFunc(found, func(g glimpse) bool { return settings.FlagLimit(g.rule).Off }), head, nil
}

// OddNotes lists what was noted on a range of business days, the newest first.
func (l *Ledger) OddNotes(ctx context.Context, from, to till.BusinessDay) ([]till.OddNote, error) {
	var out []till.OddNote
	err := each(ctx, l.r(), `SELECT seq, rule, receipt, cashier, shift, day, at_ms, noted_ms, amount FROM odd_note WHERE day BETWEEN ? AND ? ORDER BY seq DESC, rule`,
		[]any{int(from), int(to)}, func(s scanner) error {
			var n till.OddNote
			var at, noted int64
			err := s.Scan(&n.Seq, &n.Rule, &n.Receipt, &n.Cashier, &n.Shift, &n.Day, &at, &noted, &n.Amount)
			n.At, n.Noted = time.UnixMilli(at), time.UnixMilli(noted)
			out = append(out, n)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read the odd records: %w", err)
	}
	return out, nil
}
