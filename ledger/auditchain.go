package ledger

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/hex"
	"fmt"

	"guitai/till"
)

// batchMax is how many entries go from the hand that reads the chain to the one
// that compares rows at once.
const batchMax = 256

// A batch is what a stretch of the chain says the tables hold.
type batch struct {
	steps []step
	want  []wanted
	text  []byte
	err   error   // what ended the reading after the last step
	left  []day   // at the end of the chain: the days not handed over yet
	done  Checked // at the end of the chain
}

// A step is one entry.
type step struct {
	seq      int64
	from, to int // in want
	before   day // a day that was complete before this entry; its tally may be nil
}

// wanted is the packed rows of one entry in one table.
type wanted struct {
	in       *table
	from, to int // in text
	rows     int64
}

type day struct {
	day   int64
	tally *tally
}

// A chain is read from its first entry to the one that was last when the audit
// began.
type chain struct {
	last int64
	out  chan<- *batch
	free <-chan *batch
	b    *batch
	head [32]byte
	sigs *signatureCursor
	done Checked
	// restored is the entry of the last restore.
	restored int64
	days     map[int64]*tally // still open; 0 for what belongs to no day
	day      int64
	// The last numbers given.
	receipt, shift, z int

	rows projection
	sums adding
}

// readChain checks the chain, the signatures and the documents and sends what
// they say about the tables. It closes out when it ends.
func readChain(ctx context.Context, db *readers, last int64, out chan<- *batch, free <-chan *batch) {
	defer close(out)
	c := chain{last: last, out: out, free: free, b: <-free, days: map[int64]*tally{}}
	err := c.read(ctx, db)
	c.b.err = err
	if err == nil {
		c.b.done = c.done
		for d, t := range c.days {
			c.b.left = append(c.b.left, day{d, t})
		}
	}
	c.send(ctx)
}

func (c *chain) send(ctx context.Context) {
	select {
	case c.out <- c.b:
	case <-ctx.Done():
	}
}

func (c *chain) read(ctx context.Context, db *readers) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return asFault("chain", err)
	}
	defer tx.Rollback()
	if c.sigs, err = openSignatures(ctx, tx, c.last); err != nil {
		return asFault("signature", err)
	}
	defer c.sigs.rows.Close()
	rows, err := tx.QueryContext(ctx, "SELECT seq, kind, at_ms, shift, day, body, hash FROM entry WHERE seq <= ? ORDER BY seq", c.last)
	if err != nil {
		return asFault("chain", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e stored
		if err := rows.Scan(&e.seq, &e.kind, &e.atMS, &e.shift, &e.day, &e.body, &e.hash); err != nil {
			return asFault("chain", err)
		}
		if err := c.entry(&e); err != nil {
			return err
		}
		if len(c.b.steps) < batchMax {
			continue
		}
		c.send(ctx)
		select {
		case c.b = <-c.free:
			c.b.steps, c.b.want, c.b.text = c.b.steps[:0], c.b.want[:0], c.b.text[:0]
		case <-ctx.Done():
			c.b = &batch{}
			return context.Cause(ctx)
		}
	}
	if err := rows.Err(); err != nil {
		return asFault("chain", err)
	}
	if c.done.Entries != c.last {
		return &Fault{Seq: c.done.Entries + 1, What: "chain", Where: "the record is missing"}
	}
	if c.sigs.more {
		return &Fault{Seq: c.sigs.seq, What: "signature", Where: "of a record that is not there"}
	}
	c.done.Head, c.done.Signatures = hex.EncodeToString(c.head[:]), c.sigs.seen
	return nil
}

// stored is an entry as the table has it.
type stored struct {
	seq, kind, atMS, shift, day int64
	body, hash                  sql.RawBytes
}

func (c *chain) entry(s *stored) error {
	if s.seq != c.done.Entries+1 {
		return &Fault{Seq: c.done.Entries + 1, What: "chain", Where: "the record is missing"}
	}
	if c.head = link(c.head, s.body); !bytes.Equal(c.head[:], s.hash) {
		return &Fault{Seq: s.seq, What: "chain", Where: "the hash does not follow from the record before"}
	}
	e, err := till.DecodeEntry(s.body)
	if err != nil {
		return &Fault{Seq: s.seq, What: "document", Where: err.Error()}
	}
	kind := e.Record.Kind()
	if s.kind != int64(kind) || s.atMS != e.At.UnixMilli() || s.shift != int64(e.Shift) || s.day != int64(e.Day) {
		return &Fault{Seq: s.seq, What: "row", Where: "entry is not what the document says"}
	}
	if kind == till.KindRestored {
		c.restored = s.seq
	}
	if err := c.sigs.check(s.seq, c.head, mustSign(kind), c.restored); err != nil {
		return err
	}
	if err := c.number(s.seq, e.Record); err != nil {
		return err
	}
	c.say(s.seq, c.rows.of(s.seq, &e), c.count(&e))
	c.done.Entries++
	return nil
}

// number checks that receipts, shifts and Zs are numbered without a gap.
func (c *chain) number(seq int64, r till.Record) error {
	next := func(what string, last *int, no int) error {
		if *last++; no != *last {
			return &Fault{Seq: seq, What: "numbers", Where: fmt.Sprintf("%s %d stands where %d is due", what, no, *last)}
		}
		return nil
	}
	switch r := r.(type) {
	case *till.SaleCompleted:
		return next("receipt", &c.receipt, r.Sale.Receipt)
	case *till.Returned:
		return next("receipt", &c.receipt, r.Return.Receipt)
	case *till.ShiftOpened:
		return next("shift", &c.shift, r.Opened.No)
	case *till.ZReported:
		return next("Z", &c.z, r.No)
	}
	return nil
}

// say adds what an entry leads to to the batch.
func (c *chain) say(seq int64, rows []row, before day) {
	b := c.b
	st := step{seq: seq, from: len(b.want), before: before}
	for i := range rows {
		if n := len(b.want); rows[i].in.many && n > st.from && b.want[n-1].in == rows[i].in {
			b.text = append(b.text, rowEnd)
			b.want[n-1].rows++
		} else {
			b.want = append(b.want, wanted{in: rows[i].in, from: len(b.text), rows: 1})
		}
		b.text = rows[i].in.pack(b.text, rows[i].values)
		b.want[len(b.want)-1].to = len(b.text)
	}
	st.to = len(b.want)
	b.steps = append(b.steps, st)
}

// count adds an entry to the sums of its business day. Days come one after the
// other, so an earlier one is complete once another begins, and a ledger of
// many years needs no more memory than one of a day.
func (c *chain) count(e *till.Entry) (before day) {
	ds := c.sums.of(e)
	if len(ds) == 0 {
		return day{}
	}
	if d := int64(e.Day); d != 0 && d != c.day {
		before = day{c.day, c.days[c.day]}
		delete(c.days, c.day)
		c.day = d
	}
	t := c.days[int64(e.Day)]
	if t == nil {
		t = newTally()
		c.days[int64(e.Day)] = t
	}
	t.add(ds)
	return before
}

type signatureCursor struct {
	rows     *sql.Rows
	seq      int64
	sig, key []byte
	more     bool
	seen     int64
	last     int64
	lastKey  []byte
}

func openSignatures(ctx context.Context, tx *sql.Tx, last int64) (*signatureCursor, error) {
	rows, err := tx.QueryContext(ctx, "SELECT seq, sig, key FROM signature WHERE seq <= ? ORDER BY seq", last)
	if err != nil {
		return nil, err
	}
	s := &signatureCursor{rows: rows}
	return s, s.next()
}

func (s *signatureCursor) next() error {
	if s.more = s.rows.Next(); !s.more {
		return s.rows.Err()
	}
	return s.rows.Scan(&s.seq, &s.sig, &s.key)
}

// check verifies the signature of an entry that has one, that none which must
// have one goes without, and that the key changes with a restore only.
func (s *signatureCursor) check(seq int64, head [32]byte, must bool, restored int64) error {
	if s.more && s.seq == seq {
		if len(s.key) != ed25519.PublicKeySize || !ed25519.Verify(s.key, head[:], s.sig) {
			return &Fault{Seq: seq, What: "signature", Where: "it does not fit the record"}
		}
		if s.lastKey != nil && !bytes.Equal(s.key, s.lastKey) && restored <= s.last {
			return &Fault{Seq: seq, What: "signature", Where: "it is of another key, and there was no restore"}
		}
		s.seen, s.last, s.lastKey = s.seen+1, seq, s.key
		return asSignatureFault(s.next())
	}
	if must {
		return &Fault{Seq: seq, What: "signature", Where: "it is missing"}
	}
	if seq-s.last > signEvery {
		return &Fault{Seq: seq, What: "signature", Where: "more records stand unsigned than ever should"}
	}
	return nil
}

func asSignatureFault(err error) error {
	if err == nil {
		return nil
	}
	return asFault("signature", err)
}
