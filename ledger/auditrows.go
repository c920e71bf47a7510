package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"guitai/till"
)

// Auditing compares every row with what its document says. Reading ten columns
// a row one by one costs more than all the rest, so SQLite hands the rows of an
// entry over as one text: numbers, then the lengths of the texts, then the
// texts. Only where that differs are the columns read to name the one at fault.

const rowEnd = 0x1e // between the rows of one entry; texts are measured, so it may occur in them

// packed is the expression for one row as text, without its first column.
func (t *table) packed() string {
	var format, args, texts strings.Builder
	for i, c := range t.columns[1:] {
		if i > 0 {
			format.WriteByte(',')
		}
		switch t.kinds[i+1] {
		case '$':
			format.WriteString("%d")
			args.WriteString(", octet_length(" + c + ")")
			texts.WriteString("||" + c)
		case '#':
			format.WriteString("%s")
			args.WriteString(", hex(" + c + ")")
		case '?':
			format.WriteString("%s")
			args.WriteString(", ifnull(" + c + ", 'none')")
		default:
			format.WriteString("%d")
			args.WriteString(", " + c)
		}
	}
	return "format('" + format.String() + "'" + args.String() + ")" + texts.String()
}

// pack appends what packed makes of a row with these values.
func (t *table) pack(b []byte, values []value) []byte {
	for i := range values[1:] {
		if i > 0 {
			b = append(b, ',')
		}
		switch v := &values[1+i]; v.kind {
		case '$':
			b = strconv.AppendInt(b, int64(len(v.text)), 10)
		case '#':
			n := len(b)
			b = hex.AppendEncode(b, []byte(v.text))
			copy(b[n:], bytes.ToUpper(b[n:]))
		case '?':
			b = append(b, "none"...)
		default:
			b = strconv.AppendInt(b, v.number, 10)
		}
	}
	for i := range values[1:] {
		if v := &values[1+i]; v.kind == '$' {
			b = append(b, v.text...)
		}
	}
	return b
}

// A cursor reads a table in the order of its entries: one text for each row, or
// for all rows of an entry where it may have several.
type cursor struct {
	in   *table
	rows *sql.Rows
	seq  int64
	text sql.RawBytes
	more bool
}

func openCursor(ctx context.Context, tx *sql.Tx, t *table) (*cursor, error) {
	q := "SELECT " + t.columns[0] + ", " + t.packed() + " FROM " + t.name + " ORDER BY " + t.columns[0] + ", " + t.order
	if t.many {
		q = "SELECT " + t.columns[0] + ", group_concat(" + t.packed() + ", char(30)) FROM " + t.name + " GROUP BY " + t.columns[0] + " ORDER BY " + t.columns[0]
	}
	rows, err := tx.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	c := &cursor{in: t, rows: rows}
	return c, c.next()
}

func (c *cursor) next() error {
	if c.more = c.rows.Next(); !c.more {
		return c.rows.Err()
	}
	return c.rows.Scan(&c.seq, &c.text)
}

// verifying compares the rows that are there with what the chain says.
type verifying struct {
	tx      *sql.Tx
	cursors map[*table]*cursor
	order   []*cursor
	rows    int64
	sums    map[*sumTable]int64 // rows of sums compared
}

// auditDocuments checks everything but the file.
func auditDocuments(ctx context.Context, db *readers, progress func(done, of int64)) (done Checked, err error) {
	// The rows are read from one snapshot, the chain from another taken later: it
	// only grows, and is read up to the same entry.
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return done, fmt.Errorf("read the ledger: %w", err)
	}
	defer tx.Rollback()
	var last int64
	if err := tx.QueryRowContext(ctx, "SELECT ifnull(max(seq), 0) FROM entry").Scan(&last); err != nil {
		return done, asFault("chain", err)
	}
	v := verifying{tx: tx, cursors: map[*table]*cursor{}, sums: map[*sumTable]int64{}}
	for _, t := range tables {
		c, err := openCursor(ctx, tx, t)
		if err != nil {
			return done, asFault("row", err)
		}
		defer c.rows.Close()
		v.cursors[t], v.order = c, append(v.order, c)
	}
	ctx, stop := context.WithCancel(ctx)
	batches, free := make(chan *batch, 4), make(chan *batch, 6)
	for range cap(free) {
		free <- &batch{}
	}
	ended := make(chan struct{})
	go func() {
		readChain(ctx, db, last, batches, free)
		close(ended)
	}()
	defer func() { stop(); <-ended }()
	for b := range batches {
		for i := range b.steps {
			if err := v.compare(ctx, b, &b.steps[i]); err != nil {
				return done, err
			}
			done.Entries = b.steps[i].seq
		}
		if b.err != nil {
			return done, b.err
		}
		if b.done.Entries > 0 {
			done = b.done
			done.Rows = v.rows
			return done, v.end(ctx, b.left)
		}
		if progress != nil {
			progress(done.Entries, last)
		}
		free <- b
	}
	if err := context.Cause(ctx); err != nil {
		return done, err
	}
	return done, &Fault{What: "chain", Where: "there is no record"}
}

// compare checks the rows that an entry leads to against those that the tables
// have.
func (v *verifying) compare(ctx context.Context, b *batch, s *step) error {
	if err := v.close(ctx, s.before); err != nil {
		return err
	}
	for _, w := range b.want[s.from:s.to] {
		c := v.cursors[w.in]
		if !c.more || c.seq != s.seq || !bytes.Equal(c.text, b.text[w.from:w.to]) {
			return v.name(ctx, w.in, s.seq)
		}
		v.rows += w.rows
		if err := c.next(); err != nil {
			return asFault("row", err)
		}
	}
	for _, c := range v.order {
		if c.more && c.seq <= s.seq {
			return &Fault{Seq: c.seq, What: "row", Where: c.in.name + " has a row that no record made"}
		}
	}
	return nil
}

// end looks at what is left once the chain has ended.
func (v *verifying) end(ctx context.Context, left []day) error {
	for _, c := range v.order {
		if c.more {
			return &Fault{Seq: c.seq, What: "row", Where: c.in.name + " has a row that no record made"}
		}
	}
	for _, d := range left {
		if err := v.close(ctx, d); err != nil {
			return err
		}
	}
	if err := v.countSums(ctx); err != nil {
		return err
	}
	if err := v.payments(ctx); err != nil {
		return err
	}
	if err := v.outgoing(ctx); err != nil {
		return err
	}
	return v.guards(ctx)
}

// name finds the row and the column in which a table differs from a document.
func (v *verifying) name(ctx context.Context, t *table, seq int64) error {
	var body []byte
	if err := v.tx.QueryRowContext(ctx, "SELECT body FROM entry WHERE seq = ?", seq).Scan(&body); err != nil {
		return asFault("row", err)
	}
	e, err := till.DecodeEntry(body)
	if err != nil {
		return asFault("document", err)
	}
	rows, err := v.tx.QueryContext(ctx, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name+" WHERE "+t.columns[0]+" = ? ORDER BY "+t.order, seq)
	if err != nil {
		return asFault("row", err)
	}
	defer rows.Close()
	values := make([]any, len(t.columns))
	ptrs := make([]any, len(values))
	for i := range values {
		ptrs[i] = &values[i]
	}
	var p projection
	for _, w := range p.of(seq, &e) {
		if w.in != t {
			continue
		}
		if !rows.Next() {
			return &Fault{Seq: seq, What: "row", Where: "missing in " + t.name}
		}
		if err := rows.Scan(ptrs...); err != nil {
			return asFault("row", err)
		}
		for i, x := range w.values {
			if !same(x.any(), values[i]) {
				return &Fault{Seq: seq, What: "row", Where: t.name + "." + t.columns[i] + " is not what the document says"}
			}
		}
	}
	where := t.name + " has a row that no record made"
	if !rows.Next() {
		where = t.name + " is not what the document says"
	}
	if err := rows.Err(); err != nil {
		return asFault("row", err)
	}
	return &Fault{Seq: seq, What: "row", Where: where}
}

func same(want, got any) bool {
	if w, ok := want.([]byte); ok {
		g, ok := got.([]byte)
		return ok && bytes.Equal(w, g)
	}
	return want == got
}

// sumsOf reads the sums of one business day.
func sumsOf(t *sumTable) string {
	q := "SELECT " + strings.Join(t.keys, ", ") + ", " + strings.Join(t.sums, ", ") + " FROM " + t.name + " WHERE day = ?1"
	if t.keys[0] == "shift" && t != sShift {
		q += " AND shift IN (SELECT shift FROM shift_sum WHERE day = ?1)"
	}
	return q
}

// close compares what the documents of a business day add up to with the sums
// that were kept.
func (v *verifying) close(ctx context.Context, d day) error {
	if d.tally == nil {
		return nil
	}
	for _, t := range sumTables {
		n, err := v.compareSums(ctx, t, d)
		if err != nil {
			return err
		}
		if want := len(d.tally.rows[t]); n != want {
			return &Fault{What: "sum", Where: fmt.Sprintf("%s has %d rows of day %d, the documents make %d", t.name, n, d.day, want)}
		}
		v.sums[t] += int64(n)
	}
	return nil
}

func (v *verifying) compareSums(ctx context.Context, t *sumTable, d day) (n int, err error) {
	rows, err := v.tx.QueryContext(ctx, sumsOf(t), d.day)
	if err != nil {
		return 0, asFault("sum", err)
	}
	defer rows.Close()
	values := make([]any, len(t.keys)+len(t.sums))
	ptrs := make([]any, len(values))
	for i := range values {
		ptrs[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return 0, asFault("sum", err)
		}
		n++
		keys := values[:len(t.keys)]
		want := d.tally.of(t, appendValues(nil, keys...))
		if want == nil {
			return 0, &Fault{What: "sum", Where: fmt.Sprintf("%s has a row that no record made: %v", t.name, keys)}
		}
		for i, w := range want {
			if got := values[len(t.keys)+i]; got != w {
				return 0, &Fault{What: "sum", Where: fmt.Sprintf("%s.%s of %v is %v, the documents say %d", t.name, t.sums[i], keys, got, w)}
			}
		}
	}
	if err := rows.Err(); err != nil {
		return 0, asFault("sum", err)
	}
	return n, nil
}

// countSums finds rows of sums that belong to no day of the journal.
func (v *verifying) countSums(ctx context.Context) error {
	for _, t := range sumTables {
		var n int64
		if err := v.tx.QueryRowContext(ctx, "SELECT count(*) FROM "+t.name).Scan(&n); err != nil {
			return asFault("sum", err)
		}
		if n != v.sums[t] {
			return &Fault{What: "sum", Where: fmt.Sprintf("%s has %d rows, the documents make %d", t.name, n, v.sums[t])}
		}
	}
	return v.comparePeriods(ctx)
}

// comparePeriods compares the goods of months and years with those of their
// closed days.
func (v *verifying) comparePeriods(ctx context.Context) error {
	const made = `SELECT day / 100 period, code, name, category, sum(qty), sum(net) FROM item_sum WHERE day IN (SELECT day FROM business_day) GROUP BY 1, 2, 3, 4
		UNION ALL SELECT day / 10000, code, name, category, sum(qty), sum(net) FROM item_sum WHERE day IN (SELECT day FROM business_day) GROUP BY 1, 2, 3, 4`
	var period sql.NullInt64
	err := v.tx.QueryRowContext(ctx, `WITH made(period, code, name, category, qty, net) AS MATERIALIZED (`+made+`)
		SELECT min(period) FROM (SELECT * FROM (SELECT * FROM made EXCEPT SELECT * FROM item_period) UNION ALL SELECT * FROM (SELECT * FROM item_period EXCEPT SELECT * FROM made))`).Scan(&period)
	if err != nil {
		return asFault("sum", err)
	}
	if period.Valid {
		return &Fault{What: "sum", Where: fmt.Sprintf("item_period of %d is not the sum of its days", period.Int64)}
	}
	return nil
}
