package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
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
func (t *table) pack(b []byte, values []any) []byte {
	for i, v := range values[1:] {
		if i > 0 {
			b = append(b, ',')
		}
		switch v := v.(type) {
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case string:
			b = strconv.AppendInt(b, int64(len(v)), 10)
		case []byte:
			n := len(b)
			b = hex.AppendEncode(b, v)
			copy(b[n:], bytes.ToUpper(b[n:]))
		case nil:
			b = append(b, "none"...)
		}
	}
	for _, v := range values[1:] {
		if v, ok := v.(string); ok {
			b = append(b, v...)
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
	want []byte // of the entry being looked at
	has  int    // rows wanted of it
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

// compare checks the rows that an entry leads to against those that the tables
// have.
func (v *verifying) compare(ctx context.Context, seq int64, want []row) error {
	for i := range want {
		c := v.cursors[want[i].in]
		if c.has > 0 {
			c.want = append(c.want, rowEnd)
		}
		c.want = c.in.pack(c.want, want[i].values)
		c.has++
		if !c.in.many {
			if err := v.check(ctx, c, seq, want); err != nil {
				return err
			}
		}
	}
	for _, c := range v.order {
		if c.has > 0 {
			if err := v.check(ctx, c, seq, want); err != nil {
				return err
			}
		}
		if c.more && c.seq <= seq {
			return &Fault{Seq: c.seq, What: "row", Where: c.in.name + " has a row that no record made"}
		}
	}
	return nil
}

// check compares what a cursor stands at with what it wants and moves on.
func (v *verifying) check(ctx context.Context, c *cursor, seq int64, want []row) error {
	if !c.more || c.seq != seq || !bytes.Equal(c.text, c.want) {
		return v.name(ctx, c.in, seq, want)
	}
	v.done.Rows += int64(c.has)
	c.want, c.has = c.want[:0], 0
	if err := c.next(); err != nil {
		return asFault("row", err)
	}
	return nil
}

// name finds the row and the column in which a table differs from a document.
func (v *verifying) name(ctx context.Context, t *table, seq int64, want []row) error {
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
	for _, w := range want {
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
			if !same(x, values[i]) {
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
// that were kept, and forgets it: a ledger of many years needs no more memory
// than one of a day.
func (v *verifying) close(ctx context.Context, day int64) error {
	tally := v.days[day]
	if tally == nil {
		return nil
	}
	delete(v.days, day)
	for _, t := range sumTables {
		n, err := v.compareSums(ctx, t, day, tally)
		if err != nil {
			return err
		}
		if want := len(tally.rows[t]); n != want {
			return &Fault{What: "sum", Where: fmt.Sprintf("%s has %d rows of day %d, the documents make %d", t.name, n, day, want)}
		}
		v.sums[t] += int64(n)
	}
	return nil
}

func (v *verifying) compareSums(ctx context.Context, t *sumTable, day int64, tally *tally) (n int, err error) {
	rows, err := v.tx.QueryContext(ctx, sumsOf(t), day)
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
		want := tally.of(t, keys)
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
	return nil
}
