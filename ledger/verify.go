package ledger

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"guitai/till"
)

// A Fault is the first thing that Audit found wrong.
type Fault struct {
	Seq   int64  // the entry it was found at; 0 for the file as a whole
	What  string // chain, signature, document, row, sum, numbers, integrity, keys
	Where string // table or detail
}

// Error names the first bad record.
func (f *Fault) Error() string {
	if f.Seq == 0 {
		return fmt.Sprintf("%s: %s", f.What, f.Where)
	}
	return fmt.Sprintf("record %d: %s: %s", f.Seq, f.What, f.Where)
}

// Checked is what Audit looked at.
type Checked struct {
	Entries, Signatures, Rows int64
	Head                      string // hash of the last entry, in hexadecimal
	Schema                    string
}

// Audit checks the whole ledger: the chain and its signatures, every
// document, every projected row against its document, the sums against the
// documents, and the file itself. It returns a *Fault for the first thing that
// is wrong. progress, where given, hears how many entries are done of how many.
func (l *Ledger) Audit(ctx context.Context, progress func(done, of int64)) (Checked, error) {
	tx, err := l.r().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Checked{}, fmt.Errorf("read the ledger: %w", err)
	}
	defer tx.Rollback()
	v := verifying{tx: tx, tally: newTally(), progress: progress, done: Checked{Schema: l.schema}}
	if err := v.file(ctx); err != nil {
		return v.done, err
	}
	if err := v.walk(ctx); err != nil {
		return v.done, err
	}
	return v.done, v.sums(ctx)
}

type verifying struct {
	tx       *sql.Tx
	tally    *tally
	progress func(done, of int64)
	done     Checked
}

// file asks SQLite itself.
func (v *verifying) file(ctx context.Context) error {
	for _, check := range []struct{ pragma, what string }{{"integrity_check(1)", "integrity"}, {"foreign_key_check", "keys"}} {
		rows, err := v.tx.QueryContext(ctx, "PRAGMA "+check.pragma)
		if err != nil {
			return &Fault{What: check.what, Where: err.Error()}
		}
		for rows.Next() {
			var a string
			var b, c, d any
			if check.what == "integrity" {
				err = rows.Scan(&a)
			} else {
				err = rows.Scan(&a, &b, &c, &d)
			}
			if err == nil && a != "ok" {
				err = &Fault{What: check.what, Where: a}
			}
			if err != nil {
				break
			}
		}
		if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return asFault(check.what, err)
		}
	}
	return nil
}

func asFault(what string, err error) error {
	if f := (*Fault)(nil); errors.As(err, &f) {
		return f
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &Fault{What: what, Where: err.Error()}
}

// walk goes through the chain in order, beside one cursor a table.
func (v *verifying) walk(ctx context.Context) error {
	var total int64
	if err := v.tx.QueryRowContext(ctx, "SELECT ifnull(max(seq), 0) FROM entry").Scan(&total); err != nil {
		return asFault("chain", err)
	}
	cursors := make([]*cursor, 0, len(tables))
	for _, t := range tables {
		c, err := openCursor(ctx, v.tx, t.table, t.order)
		if err != nil {
			return asFault("row", err)
		}
		defer c.rows.Close()
		cursors = append(cursors, c)
	}
	signatures, err := v.tx.QueryContext(ctx, "SELECT seq, sig, key FROM signature ORDER BY seq")
	if err != nil {
		return asFault("signature", err)
	}
	defer signatures.Close()
	sigs := signatureCursor{rows: signatures}
	if err := sigs.next(); err != nil {
		return err
	}
	rows, err := v.tx.QueryContext(ctx, "SELECT seq, kind, at_ms, shift, day, body, hash FROM entry ORDER BY seq")
	if err != nil {
		return asFault("chain", err)
	}
	defer rows.Close()
	var head [32]byte
	for rows.Next() {
		var seq, kind, atMS, shift, day int64
		var body, hash sql.RawBytes
		if err := rows.Scan(&seq, &kind, &atMS, &shift, &day, &body, &hash); err != nil {
			return asFault("chain", err)
		}
		if seq != v.done.Entries+1 {
			return &Fault{Seq: v.done.Entries + 1, What: "chain", Where: "the record is missing"}
		}
		if head = link(head, body); !bytes.Equal(head[:], hash) {
			return &Fault{Seq: seq, What: "chain", Where: "the hash does not follow from the record before"}
		}
		e, err := till.DecodeEntry(body)
		if err != nil {
			return &Fault{Seq: seq, What: "document", Where: err.Error()}
		}
		if kind != int64(e.Record.Kind()) || atMS != e.At.UnixMilli() || shift != int64(e.Shift) || day != int64(e.Day) {
			return &Fault{Seq: seq, What: "row", Where: "entry"}
		}
		if err := sigs.check(seq, head); err != nil {
			return err
		}
		if err := v.compare(seq, project(seq, &e), cursors); err != nil {
			return err
		}
		v.tally.add(deltas(&e))
		v.done.Entries++
		if v.progress != nil && v.done.Entries%4096 == 0 {
			v.progress(v.done.Entries, total)
		}
	}
	if err := rows.Err(); err != nil {
		return asFault("chain", err)
	}
	v.done.Head, v.done.Signatures = hex.EncodeToString(head[:]), sigs.seen
	for _, c := range cursors {
		if c.more {
			return &Fault{Seq: c.seq, What: "row", Where: c.in.name + " has a row that no record made"}
		}
	}
	if sigs.more {
		return &Fault{Seq: sigs.seq, What: "signature", Where: "of a record that is not there"}
	}
	return nil
}

// compare checks the rows an entry leads to against those the tables have.
func (v *verifying) compare(seq int64, want []row, cursors []*cursor) error {
	for i := range want {
		c := cursorOf(cursors, want[i].in)
		if !c.more || c.seq != seq {
			return &Fault{Seq: seq, What: "row", Where: "missing in " + c.in.name}
		}
		if column := c.differs(want[i].values); column != "" {
			return &Fault{Seq: seq, What: "row", Where: c.in.name + "." + column + " is not what the document says"}
		}
		v.done.Rows++
		if err := c.next(); err != nil {
			return asFault("row", err)
		}
	}
	for _, c := range cursors {
		if c.more && c.seq <= seq {
			return &Fault{Seq: c.seq, What: "row", Where: c.in.name + " has a row that no record made"}
		}
	}
	return nil
}

func cursorOf(cursors []*cursor, t *table) *cursor {
	for _, c := range cursors {
		if c.in == t {
			return c
		}
	}
	panic("a projected table without a cursor")
}

// A cursor reads a table's rows in the order of their entries.
type cursor struct {
	in     *table
	rows   *sql.Rows
	values []any
	ptrs   []any
	seq    int64
	more   bool
}

func openCursor(ctx context.Context, tx *sql.Tx, t *table, order string) (*cursor, error) {
	q := "SELECT "
	for i, c := range t.columns {
		if i > 0 {
			q += ", "
		}
		q += c
	}
	rows, err := tx.QueryContext(ctx, q+" FROM "+t.name+" ORDER BY "+t.columns[0]+", "+order)
	if err != nil {
		return nil, err
	}
	c := &cursor{in: t, rows: rows, values: make([]any, len(t.columns)), ptrs: make([]any, len(t.columns))}
	for i := range c.values {
		c.ptrs[i] = &c.values[i]
	}
	return c, c.next()
}

func (c *cursor) next() error {
	if c.more = c.rows.Next(); !c.more {
		return c.rows.Err()
	}
	if err := c.rows.Scan(c.ptrs...); err != nil {
		return err
	}
	n, ok := c.values[0].(int64)
	if !ok {
		return fmt.Errorf("%s.%s is not a number", c.in.name, c.in.columns[0])
	}
	c.seq = n
	return nil
}

// differs returns the first column that is not as wanted, or "".
func (c *cursor) differs(want []any) string {
	for i, w := range want {
		same := false
		switch w := w.(type) {
		case int64:
			n, ok := c.values[i].(int64)
			same = ok && n == w
		case string:
			s, ok := c.values[i].(string)
			same = ok && s == w
		case []byte:
			b, ok := c.values[i].([]byte)
			same = ok && bytes.Equal(b, w)
		case nil:
			same = c.values[i] == nil
		}
		if !same {
			return c.in.columns[i]
		}
	}
	return ""
}

type signatureCursor struct {
	rows     *sql.Rows
	seq      int64
	sig, key []byte
	more     bool
	seen     int64
	last     int64
}

func (s *signatureCursor) next() error {
	if s.more = s.rows.Next(); !s.more {
		return s.rows.Err()
	}
	return s.rows.Scan(&s.seq, &s.sig, &s.key)
}

// check verifies the signature of an entry that has one, and that none of the
// entries which must have one is far from it.
func (s *signatureCursor) check(seq int64, head [32]byte) error {
	if s.more && s.seq == seq {
		if len(s.key) != ed25519.PublicKeySize || !ed25519.Verify(s.key, head[:], s.sig) {
			return &Fault{Seq: seq, What: "signature", Where: "it does not fit the record"}
		}
		s.seen, s.last = s.seen+1, seq
		return s.next()
	}
	if seq-s.last > signEvery {
		return &Fault{Seq: seq, What: "signature", Where: "more records stand unsigned than ever should"}
	}
	return nil
}

// sums compares what the documents add up to with the sums that were kept.
func (v *verifying) sums(ctx context.Context) error {
	for _, t := range sumTables {
		q := "SELECT "
		for _, c := range append(append([]string{}, t.keys...), t.sums...) {
			q += c + ", "
		}
		rows, err := v.tx.QueryContext(ctx, q[:len(q)-2]+" FROM "+t.name)
		if err != nil {
			return asFault("sum", err)
		}
		defer rows.Close()
		values := make([]any, len(t.keys)+len(t.sums))
		ptrs := make([]any, len(values))
		for i := range values {
			ptrs[i] = &values[i]
		}
		n := 0
		for rows.Next() {
			if err := rows.Scan(ptrs...); err != nil {
				return asFault("sum", err)
			}
			n++
			k := keyOf(values[:len(t.keys)])
			want, ok := v.tally.rows[t][k]
			if !ok {
				return &Fault{What: "sum", Where: fmt.Sprintf("%s has a row that no record made: %v", t.name, values[:len(t.keys)])}
			}
			for i, w := range want {
				if values[len(t.keys)+i] != w {
					return &Fault{What: "sum", Where: fmt.Sprintf("%s.%s of %s is %v, the documents say %d", t.name, t.sums[i], values[:len(t.keys)], values[len(t.keys)+i], w)}
				}
			}
		}
		if err := rows.Err(); err != nil {
			return asFault("sum", err)
		}
		if n != len(v.tally.rows[t]) {
			return &Fault{What: "sum", Where: fmt.Sprintf("%s has %d rows, the documents make %d", t.name, n, len(v.tally.rows[t]))}
		}
	}
	return nil
}
