package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"guitai/till"
	"guitai/till/money"
)

// outgoing puts the document of an entry that ends a shift or a day into the
// outbox, in the transaction that writes the entry. second is the shift as its
// documents tell it.
func (w *writing) outgoing(ctx context.Context, e *till.Entry, second *tally) error {
	switch r := e.Record.(type) {
	case *till.ZReported:
		var reason string
		if err := w.l.w.QueryRowContext(ctx, "SELECT ifnull((SELECT reason FROM shift_close WHERE no = ?), '')", e.Shift).Scan(&reason); err != nil {
			return err
		}
		return w.post(ctx, e.At, e.Shift, func() (*till.DayDocument, error) {
			d, err := shiftDocument(ctx, w.l.w, till.ShiftDocument, second, e.Shift, &r.Counted, reason)
			if err == nil {
				d.Z = r.No
			}
			return d, err
		})
	case *till.DayClosed:
		return w.post(ctx, e.At, 0, func() (*till.DayDocument, error) { return dayDocument(ctx, w.l.w, r.Closed) })
	}
	return nil
}

// post numbers a document and keeps it. A ledger for practising has nothing to
// tell anybody.
func (w *writing) post(ctx context.Context, closed time.Time, shift int, make func() (*till.DayDocument, error)) error {
	practice, err := metaText(ctx, w.l.w, "practice")
	if err != nil || practice == "true" {
		return err
	}
	id, err := metaText(ctx, w.l.w, metaTillID)
	if err == nil && id == "" {
		err = w.meta(ctx, metaTillID, uuid.UUID(NewID()).String())
	}
	if err != nil {
		return err
	}
	d, err := make()
	if err != nil {
		return fmt.Errorf("document for the provider account: %w", err)
	}
	if err := w.l.w.QueryRowContext(ctx, "SELECT ifnull(max(seq), 0) + 1 FROM outbox WHERE epoch = ?", d.Epoch).Scan(&d.Seq); err != nil {
		return err
	}
	if d.Seq > 1 {
		if err := w.l.w.QueryRowContext(ctx, "SELECT sha256 FROM outbox WHERE epoch = ? AND seq = ?", d.Epoch, d.Seq-1).Scan(&d.Prev); err != nil {
			return err
		}
	}
	d.Span.ClosedAt = &closed
	d.Span.LastEntry, d.Span.LedgerHead = w.seq, headText(w.head)
	body, err := d.Bytes()
	if err != nil {
		return err
	}
	day, err := till.ParseBusinessDay(d.BusinessDate)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	return w.l.exec(ctx, "INSERT INTO outbox(epoch, seq, kind, day, shift, entry, net, made_ms, sha256, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		d.Epoch, d.Seq, d.Kind, int64(day), int64(shift), w.seq, int64(d.Sales.Net), w.l.opt.Now().UnixMilli(), hex.EncodeToString(sum[:]), body)
}

// Identity is who this till is to a provider account.
type Identity struct {
	Till      string // UUID; empty until the first document or Identify
	Epoch     int64  // number of its numbering, above those before
	HighWater int64  // highest document of the epoch
}

// Identity reads who this till is.
func (l *Ledger) Identity(ctx context.Context) (Identity, error) {
	var id Identity
	var err error
	if id.Till, err = metaText(ctx, l.q(), metaTillID); err != nil {
		return id, err
	}
	if id.Epoch, err = epochNow(ctx, l.q()); err != nil {
		return id, err
	}
	err = l.q().QueryRowContext(ctx, "SELECT ifnull(max(seq), 0) FROM outbox WHERE epoch = ?", id.Epoch).Scan(&id.HighWater)
	return id, err
}

// Identify gives the till its UUID where it has none yet, and puts the documents
// of shifts and days that closed before there was an outbox into it, oldest
// first, so that an account begins with all that there is.
func (l *Ledger) Identify(ctx context.Context) (Identity, error) {
	err := l.append(ctx, "number the closed days", func(w *writing) error {
		id, err := metaText(ctx, l.w, metaTillID)
		if err == nil && id == "" {
			err = w.meta(ctx, metaTillID, uuid.UUID(NewID()).String())
		}
		if err != nil {
			return err
		}
		return w.catchUp(ctx)
	})
	if err != nil {
		return Identity{}, err
	}
	return l.Identity(ctx)
}

// catchUp makes the documents that are missing, in the order of their entries.
func (w *writing) catchUp(ctx context.Context) error {
	type missing struct {
		seq, at int64
		shift   int
		day     till.BusinessDay
	}
	var all []missing
	err := each(ctx, w.l.w, `SELECT e.seq, e.at_ms, z.shift, 0 FROM z_report z JOIN entry e ON e.seq = z.seq WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.kind = 'shift' AND o.shift = z.shift)
		UNION ALL SELECT e.seq, e.at_ms, 0, d.day FROM business_day d JOIN entry e ON e.seq = d.closed_seq WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.kind = 'day' AND o.day = d.day)
		ORDER BY 1`, nil, func(s scanner) error {
		var m missing
		err := s.Scan(&m.seq, &m.at, &m.shift, &m.day)
		all = append(all, m)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range all {
		var err error
		if m.shift != 0 {
			err = w.postOldShift(ctx, m.shift, time.UnixMilli(m.at))
		} else {
			err = w.post(ctx, time.UnixMilli(m.at), 0, func() (*till.DayDocument, error) { return dayDocument(ctx, w.l.w, m.day) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) postOldShift(ctx context.Context, shift int, closed time.Time) error {
	t, _, err := tallyShift(ctx, w.l.w, shift)
	if err != nil {
		return err
	}
	var counted money.Amount
	var reason string
	var z int
	if err := w.l.w.QueryRowContext(ctx, "SELECT c.counted, c.reason, z.no FROM shift_close c JOIN z_report z ON z.shift = c.no WHERE c.no = ?", shift).Scan(&counted, &reason, &z); err != nil {
		return err
	}
	return w.post(ctx, closed, shift, func() (*till.DayDocument, error) {
		d, err := shiftDocument(ctx, w.l.w, till.ShiftDocument, t, shift, &counted, reason)
		if err == nil {
			d.Z = z
		}
		return d, err
	})
}

// Live is the picture of the open shift so far, as a document without a number;
// nil where no shift is open, or the ledger is for practising.
func (l *Ledger) Live(ctx context.Context) (*till.DayDocument, error) {
	practice, err := metaText(ctx, l.q(), "practice")
	if err != nil || practice == "true" {
		return nil, err
	}
	var shift int
	if err := l.q().QueryRowContext(ctx, "SELECT ifnull(max(no), 0) FROM shift WHERE no NOT IN (SELECT no FROM shift_close)").Scan(&shift); err != nil || shift == 0 {
		return nil, err
	}
	t, last, err := tallyShift(ctx, l.q(), shift)
	if err != nil {
		return nil, err
	}
	d, err := shiftDocument(ctx, l.q(), till.LivePicture, t, shift, nil, "")
	if err != nil {
		return nil, err
	}
	d.Span.LastEntry = last.seq
	d.Span.LedgerHead = hex.EncodeToString(last.hash)
	return d, nil
}

type lastEntry struct {
	seq  int64
	hash []byte
}

// tallyShift adds up a shift from its entries, and answers with the last entry
// it saw.
func tallyShift(ctx context.Context, q rowQuerier, shift int) (*tally, lastEntry, error) {
	var last lastEntry
	var from int64
	if err := q.QueryRowContext(ctx, "SELECT seq FROM shift WHERE no = ?", shift).Scan(&from); err != nil {
		return nil, last, err
	}
	t := newTally()
	var sums adding
	err := each(ctx, q, "SELECT seq, hash, body FROM entry WHERE seq >= ? ORDER BY seq", []any{from}, func(s scanner) error {
		var body []byte
		if err := s.Scan(&last.seq, &last.hash, &body); err != nil {
			return err
		}
		e, err := till.DecodeEntry(body)
		if err != nil {
			return err
		}
		if e.Shift == shift {
			t.add(sums.of(&e))
		}
		return nil
	})
	return t, last, err
}
