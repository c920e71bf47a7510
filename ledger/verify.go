package ledger

import (
	"bytes"
	"cmp"
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
// documents, the guards, and the file itself. It returns a *Fault for the first
// record that is wrong. progress, where given, hears how many entries are done
// of how many.
func (l *Ledger) Audit(ctx context.Context, progress func(done, of int64)) (Checked, error) {
	v := newAudit(l, progress)
	// The file is checked beside the walk, on a connection of its own.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	file := make(chan error, 1)
	go func() { file <- checkFile(ctx, l.r()) }()
	err := v.all(ctx, l.r())
	if f := (*Fault)(nil); errors.As(err, &f) && f.Seq > 0 {
		// A record that is named says more than a page that is damaged.
		stop()
		<-file
		return v.done, err
	}
	return v.done, cmp.Or(<-file, err)
}

func newAudit(l *Ledger, progress func(done, of int64)) *verifying {
	return &verifying{
		progress: progress, done: Checked{Schema: l.schema}, cursors: map[*table]*cursor{}, days: map[int64]*tally{}, sums: map[*sumTable]int64{},
	}
}

func (v *verifying) all(ctx context.Context, db *readers) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	defer tx.Rollback()
	v.tx = tx
	if err := v.walk(ctx); err != nil {
		return err
	}
	for day := range v.days {
		if err := v.close(ctx, day); err != nil {
			return err
		}
	}
	if err := v.countSums(ctx); err != nil {
		return err
	}
	return v.guards(ctx)
}

type verifying struct {
	tx       *sql.Tx
	progress func(done, of int64)
	done     Checked
	cursors  map[*table]*cursor
	order    []*cursor
	days     map[int64]*tally // of business days still open; 0 for none
	day      int64
	sums     map[*sumTable]int64 // rows compared
	restored int64               // seq of the last restore
}

// checkFile asks SQLite itself.
func checkFile(ctx context.Context, db *readers) error {
	for _, check := range []struct{ what, query string }{
		{"integrity", "PRAGMA integrity_check(1)"}, {"keys", `SELECT "table" FROM pragma_foreign_key_check`},
	} {
		var first string
		switch err := db.QueryRowContext(ctx, check.query).Scan(&first); {
		case errors.Is(err, sql.ErrNoRows), err == nil && first == "ok":
		case err != nil:
			return asFault(check.what, err)
		default:
			return &Fault{What: check.what, Where: first}
		}
	}
	return nil
}

// guards compares the tables, indexes and triggers with those of a new ledger.
func (v *verifying) guards(ctx context.Context) error {
	have, err := schemaOf(ctx, v.tx)
	if err != nil {
		return asFault("schema", err)
	}
	want, err := newSchema(ctx)
	if err != nil {
		return err
	}
	for name, text := range want {
		if have[name] == "" {
			return &Fault{What: "schema", Where: name + " is missing"}
		}
		if have[name] != text {
			return &Fault{What: "schema", Where: name + " was changed"}
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
	for _, t := range tables {
		c, err := openCursor(ctx, v.tx, t)
		if err != nil {
			return asFault("row", err)
		}
		defer c.rows.Close()
		v.cursors[t], v.order = c, append(v.order, c)
	}
	sigs, err := openSignatures(ctx, v.tx)
	if err != nil {
		return asFault("signature", err)
	}
	defer sigs.rows.Close()
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
		if e.Record.Kind() == till.KindRestored {
			v.restored = seq
		}
		if err := sigs.check(seq, head, mustSign(e.Record.Kind()), v.restored); err != nil {
			return err
		}
		if err := v.compare(ctx, seq, project(seq, &e)); err != nil {
			return err
		}
		if err := v.count(ctx, &e); err != nil {
			return err
		}
		v.done.Entries++
		if v.progress != nil && v.done.Entries%4096 == 0 {
			v.progress(v.done.Entries, total)
		}
	}
	if err := rows.Err(); err != nil {
		return asFault("chain", err)
	}
	v.done.Head, v.done.Signatures = hex.EncodeToString(head[:]), sigs.seen
	for _, c := range v.order {
		if c.more {
			return &Fault{Seq: c.seq, What: "row", Where: c.in.name + " has a row that no record made"}
		}
	}
	if sigs.more {
		return &Fault{Seq: sigs.seq, What: "signature", Where: "of a record that is not there"}
	}
	return nil
}

// count adds an entry to the sums of its business day. Days come one after the
// other, so an earlier one is complete once another begins.
func (v *verifying) count(ctx context.Context, e *till.Entry) error {
	ds := deltas(e)
	if len(ds) == 0 {
		return nil
	}
	day := int64(e.Day)
	if day != 0 && day != v.day {
		if err := v.close(ctx, v.day); err != nil {
			return err
		}
		v.day = day
	}
	if v.days[day] == nil {
		v.days[day] = newTally()
	}
	v.days[day].add(ds)
	return nil
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

func openSignatures(ctx context.Context, tx *sql.Tx) (*signatureCursor, error) {
	rows, err := tx.QueryContext(ctx, "SELECT seq, sig, key FROM signature ORDER BY seq")
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
