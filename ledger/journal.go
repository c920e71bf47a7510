package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"guitai/till"
)

// signEvery bounds how many entries stand unsigned.
const signEvery = 256

var _ till.Journal = (*Ledger)(nil)

// Commit makes tx durable: entries, rows, postings, sums, baskets, print jobs
// and pulse in one transaction. After an error of the commit itself it opens
// the ledger again and looks: what is there is a success, what is surely not
// is CannotSave, and only what cannot be learned is ErrUnknown. The same sale
// committed twice is a success without a second row.
func (l *Ledger) Commit(ctx context.Context, tx till.Tx) error {
	if l.opt.ReadOnly {
		return &till.Error{Code: till.CannotSave, Detail: "the ledger was opened for reading"}
	}
	if err := l.ownTaxes(ctx, &tx); err != nil {
		return err
	}
	l.queue()
	defer l.mu.Unlock()
	if err := l.ready(ctx); err != nil {
		return err
	}
	// A caller that gives up half way must not leave half a transaction.
	ctx = context.WithoutCancel(ctx)
	if err := l.begin(ctx); err != nil {
		return err
	}
	w := writing{l: l, seq: l.seq, head: l.head, signed: l.signed}
	if err := w.all(ctx, &tx); err != nil {
		if back := l.rollback(); back != nil {
			err = errors.Join(err, back, l.disconnect())
		}
		if l.isRepeat(ctx, &tx) {
			return nil
		}
		return refusal(err)
	}
	if err := l.end(ctx); err != nil {
		if l.batch {
			return &till.Error{Code: till.CannotSave, Err: err}
		}
		return l.learn(ctx, &tx, w, err)
	}
	l.seq, l.head, l.signed = w.seq, w.head, w.signed
	l.pending++
	return nil
}

// refusal gives an error of a write its code: the sums refused a close, the
// guards of payments a tender, or the disk a write.
func refusal(err error) error {
	if err = refusedPayment(err); till.CodeOf(err) != "" {
		return err
	}
	return &till.Error{Code: till.CannotSave, Err: err}
}

// refusedPayment gives a refusal of the guards of payments its code: selling
// must not stop over one payment, nor a payment be tried for ever, as where the
// disk is full.
func refusedPayment(err error) error {
	if till.CodeOf(err) != "" {
		return err
	}
	switch text := err.Error(); {
	case strings.Contains(text, "sale: a payment of it is still open"):
		return &till.Error{Code: till.PaymentOpen, Err: err}
	case strings.Contains(text, "attempt: "), strings.Contains(text, "wallet_refund: "), strings.Contains(text, "sale: no paid attempt"),
		strings.Contains(text, "sale: a booked payment"), strings.Contains(text, "attempt_move: "), strings.Contains(text, "wallet_refund_move: "):
		return &till.Error{Code: till.NotAllowed, Err: err}
	}
	return err
}

// learn finds out what became of a commit that failed.
func (l *Ledger) learn(ctx context.Context, tx *till.Tx, w writing, cause error) error {
	chained := w.seq > l.seq
	if err := l.reopen(ctx); err != nil {
		return fmt.Errorf("%w: %w", till.ErrUnknown, errors.Join(cause, err, l.disconnect()))
	}
	written := l.seq == w.seq && l.head == w.head && w.seq > 0
	if !chained {
		var err error
		if written, err = l.paymentsThere(ctx, tx); err != nil {
			return fmt.Errorf("%w: %w", till.ErrUnknown, errors.Join(cause, err))
		}
		for _, s := range tx.Keep {
			var body []byte
			err := l.w.QueryRowContext(ctx, "SELECT body FROM basket WHERE id = ?", s.ID[:]).Scan(&body)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return fmt.Errorf("%w: %w", till.ErrUnknown, errors.Join(cause, err))
			}
			written = written && bytes.Equal(body, till.EncodeSale(s))
		}
		written = written && (len(tx.Keep) > 0 || touchesPayments(tx))
	}
	if written {
		return nil
	}
	return &till.Error{Code: till.CannotSave, Err: cause}
}

// isRepeat reports whether the sales of tx are already recorded with the very
// same content.
func (l *Ledger) isRepeat(ctx context.Context, tx *till.Tx) bool {
	found := false
	for i := range tx.Entries {
		s, ok := tx.Entries[i].Record.(*till.SaleCompleted)
		if !ok || l.w == nil {
			continue
		}
		var body []byte
		if err := l.w.QueryRowContext(ctx, "SELECT e.body FROM sale s JOIN entry e ON e.seq = s.seq WHERE s.id = ?", s.Sale.ID[:]).Scan(&body); err != nil {
			return false
		}
		e, err := till.DecodeEntry(body)
		if err != nil {
			return false
		}
		was, ok := e.Record.(*till.SaleCompleted)
		if !ok || !bytes.Equal(till.EncodeSale(&was.Sale), till.EncodeSale(&s.Sale)) {
			return false
		}
		found = true
	}
	return found
}

// writing is one transaction on its way and the head it leads to.
type writing struct {
	l      *Ledger
	seq    int64
	head   [32]byte
	signed int64
}

func (w *writing) all(ctx context.Context, tx *till.Tx) error {
	copies, err := w.numberCopies(ctx, tx)
	if err != nil {
		return err
	}
	if err := w.payments(ctx, tx); err != nil {
		return err
	}
	for i := range tx.Entries {
		if err := w.entry(ctx, &tx.Entries[i]); err != nil {
			return err
		}
	}
	if err := w.baskets(ctx, tx); err != nil {
		return err
	}
	now := w.l.opt.Now().UnixMilli()
	for i, p := range tx.Print {
		if p.Copy < 0 {
			p.Copy = copies[i]
		}
		err := w.l.exec(ctx, "INSERT INTO print_job(kind, ref, copy, text, created_ms, changed_ms) VALUES (?, ?, ?, ?, ?, ?)",
			string(p.Kind), p.Ref, p.Copy, p.Text, now, now)
		if err != nil {
			return fmt.Errorf("queue the %s: %w", p.Kind, err)
		}
	}
	if tx.Pulse != "" {
		if err := w.l.exec(ctx, "INSERT INTO pulse(reason, created_ms) VALUES (?, ?)", tx.Pulse, now); err != nil {
			return fmt.Errorf("queue the drawer: %w", err)
		}
	}
	return nil
}

// numberCopies gives every reprint of tx its number, in its entry too.
func (w *writing) numberCopies(ctx context.Context, tx *till.Tx) (map[int]int, error) {
	copies := map[int]int{}
	for i, p := range tx.Print {
		if p.Copy >= 0 {
			continue
		}
		s, err := w.l.stmt(ctx, "SELECT ifnull(max(copy), 0) + 1 FROM print_job WHERE kind = ? AND ref = ?")
		if err != nil {
			return nil, err
		}
		var n int
		if err := s.QueryRowContext(ctx, string(p.Kind), p.Ref).Scan(&n); err != nil {
			return nil, err
		}
		copies[i] = n
		for j := range tx.Entries {
			if r, ok := tx.Entries[j].Record.(*till.Reprinted); ok && int64(r.Receipt) == p.Ref {
				r.Copy = n
			}
		}
	}
	return copies, nil
}

// entry chains one entry behind its rows, which it seals.
func (w *writing) entry(ctx context.Context, e *till.Entry) error {
	var second *tally
	if z, ok := e.Record.(*till.ZReported); ok {
		var err error
		if second, err = w.checkZ(ctx, e, z); err != nil {
			return err
		}
		z.Head, z.Schema = hex.EncodeToString(w.head[:]), w.l.schema
	}
	seq := w.seq + 1
	body := e.Encode()
	rows := w.l.rows.of(seq, e)
	for from, to := 0, 0; from < len(rows); from = to {
		in := rows[from].in
		for to < len(rows) && rows[to].in == in {
			to++
		}
		err := w.l.put(ctx, &in.insert, to-from, func(args []any, i int) []any { return appendAny(args, rows[from+i].values) })
		if err != nil {
			return fmt.Errorf("write %s: %w", in.name, err)
		}
	}
	if o, ok := e.Record.(*till.ShiftOpened); ok {
		if err := w.meta(ctx, "parked", fmt.Sprintf("%d:0", o.Opened.No)); err != nil {
			return err
		}
	}
	if err := w.sums(ctx, w.l.sums.of(e)); err != nil {
		return err
	}
	hash := link(w.head, body)
	err := w.l.exec(ctx, "INSERT INTO entry(seq, kind, at_ms, shift, day, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		seq, int64(e.Record.Kind()), e.At.UnixMilli(), int64(e.Shift), int64(e.Day), body, w.head[:], hash[:])
	if err != nil {
		return fmt.Errorf("append entry %d: %w", seq, err)
	}
	w.seq, w.head = seq, hash
	if err := w.outgoing(ctx, e, second); err != nil {
		return err
	}
	if mustSign(e.Record.Kind()) || w.seq-w.signed >= signEvery {
		return w.sign(ctx)
	}
	return nil
}

// sums adds what an entry adds, table by table.
func (w *writing) sums(ctx context.Context, ds []delta) error {
	slices.SortStableFunc(ds, func(a, b delta) int { return strings.Compare(a.in.name, b.in.name) })
	for from, to := 0, 0; from < len(ds); from = to {
		in := ds[from].in
		for to < len(ds) && ds[to].in == in {
			to++
		}
		err := w.l.put(ctx, &in.upsert, to-from, func(args []any, i int) []any {
			args = appendAny(args, ds[from+i].keys)
			for _, n := range ds[from+i].add {
				args = append(args, n)
			}
			return args
		})
		if err != nil {
			return fmt.Errorf("add to %s: %w", in.name, err)
		}
	}
	return nil
}

// mustSign reports whether every record of the kind is signed.
func mustSign(k till.RecordKind) bool {
	return k == till.KindStarted || k == till.KindStopped || k == till.KindZReported
}

// link is the hash of an entry: SHA-256 over the previous hash and the body.
func link(prev [32]byte, body []byte) [32]byte {
	h := sha256.New()
	h.Write(prev[:])
	h.Write(body)
	var out [32]byte
	h.Sum(out[:0])
	return out
}

func (w *writing) sign(ctx context.Context) error {
	w.signed = w.seq
	if err := w.l.exec(ctx, "INSERT INTO signature(seq, sig, key) VALUES (?, ?, ?)", w.seq, w.l.key.sign(w.head), w.l.key.public()); err != nil {
		return fmt.Errorf("sign entry %d: %w", w.seq, err)
	}
	return nil
}

func (w *writing) meta(ctx context.Context, k, v string) error {
	return w.l.exec(ctx, "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", k, v)
}

// baskets keeps the open and parked sales and which of them is on the screen.
func (w *writing) baskets(ctx context.Context, tx *till.Tx) error {
	if err := w.l.exec(ctx, "UPDATE basket SET current = 0 WHERE current = 1 AND id <> ?", tx.Current[:]); err != nil {
		return fmt.Errorf("keep the basket: %w", err)
	}
	for _, s := range tx.Keep {
		err := w.l.exec(ctx, "INSERT INTO basket(id, body, current) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body, current = excluded.current",
			s.ID[:], till.EncodeSale(s), number(s.ID == tx.Current))
		if err != nil {
			return fmt.Errorf("keep the basket: %w", err)
		}
		if s.ParkedAs > 0 {
			if err := w.parkedUpTo(ctx, s.ParkedAs); err != nil {
				return err
			}
		}
	}
	for _, id := range tx.Drop {
		if err := w.l.exec(ctx, "DELETE FROM basket WHERE id = ?", id[:]); err != nil {
			return fmt.Errorf("drop the basket: %w", err)
		}
	}
	if tx.Attempt != 0 {
		return w.drawn(ctx, tx.Attempt)
	}
	return nil
}

// parkedUpTo remembers how many sales the shift has parked, so that their
// numbers go on after a restart.
func (w *writing) parkedUpTo(ctx context.Context, n int) error {
	var now string
	err := w.l.w.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'parked'").Scan(&now)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var shift, upTo int
	fmt.Sscanf(now, "%d:%d", &shift, &upTo)
	if n <= upTo {
		return nil
	}
	return w.meta(ctx, "parked", fmt.Sprintf("%d:%d", shift, n))
}

// BeginBatch groups the commits that follow into one, for filling a ledger
// that has never sold. EndBatch makes them durable; a kill in between loses
// the whole group.
func (l *Ledger) BeginBatch(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ready(ctx); err != nil {
		return err
	}
	var sold int
	if err := l.w.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM receipt LIMIT 1)").Scan(&sold); err != nil {
		return err
	}
	if sold > 0 && !l.batch {
		return &till.Error{Code: till.Busy, Detail: "this ledger has sold: acts go in one at a time"}
	}
	if err := l.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	l.batch = true
	return nil
}

// EndBatch commits the group.
func (l *Ledger) EndBatch(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.endBatch(ctx)
}

func (l *Ledger) endBatch(ctx context.Context) error {
	l.batch = false
	if err := l.exec(ctx, "COMMIT"); err != nil {
		return &till.Error{Code: till.CannotSave, Err: err}
	}
	l.pending++
	return nil
}

// NextAttempt draws the next attempt number.
func (l *Ledger) NextAttempt() int64 { return l.tried.Add(1) }
