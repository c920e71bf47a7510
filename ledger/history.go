package ledger

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"guitai/till"
)

// A Document is one entry of the journal with its place in the chain.
type Document struct {
	Seq  int64
	Hash string // hexadecimal
	till.Entry
}

// Receipt returns the sale or return with a receipt number; a number nobody
// has is NoSuchReceipt.
func (l *Ledger) Receipt(ctx context.Context, no int) (Document, error) {
	return l.document(ctx, "SELECT e.seq, e.hash, e.body FROM receipt r JOIN entry e ON e.seq = r.seq WHERE r.no = ?", no)
}

// Z returns a Z report by its number.
func (l *Ledger) Z(ctx context.Context, no int) (Document, error) {
	return l.document(ctx, "SELECT e.seq, e.hash, e.body FROM z_report z JOIN entry e ON e.seq = z.seq WHERE z.no = ?", no)
}

// CashMovement returns a cash movement by its id.
func (l *Ledger) CashMovement(ctx context.Context, id till.ID) (Document, error) {
	return l.document(ctx, "SELECT e.seq, e.hash, e.body FROM cash_movement c JOIN entry e ON e.seq = c.seq WHERE c.id = ?", id[:])
}

func (l *Ledger) document(ctx context.Context, q string, arg any) (Document, error) {
	d, err := scanDocument(l.r().QueryRowContext(ctx, q, arg))
	if errors.Is(err, sql.ErrNoRows) {
		return d, &till.Error{Code: till.NoSuchReceipt}
	}
	return d, err
}

func scanDocument(s scanner) (Document, error) {
	var d Document
	var hash, body []byte
	if err := s.Scan(&d.Seq, &hash, &body); err != nil {
		return d, err
	}
	e, err := till.DecodeEntry(body)
	if err != nil {
		return d, fmt.Errorf("record %d: %w", d.Seq, err)
	}
	d.Entry, d.Hash = e, hex.EncodeToString(hash)
	return d, nil
}

// Journal goes through the entries from a number on, in order, until f returns
// an error.
func (l *Ledger) Journal(ctx context.Context, from int64, f func(Document) error) error {
	return each(ctx, l.r(), "SELECT seq, hash, body FROM entry WHERE seq >= ? ORDER BY seq", []any{from}, func(s scanner) error {
		d, err := scanDocument(s)
		if err != nil {
			return err
		}
		return f(d)
	})
}

// Latest returns up to limit entries before a number, newest first; before 0
// begins at the end.
func (l *Ledger) Latest(ctx context.Context, before int64, limit int) ([]Document, error) {
	if before <= 0 {
		before = 1 << 62
	}
	var out []Document
	err := each(ctx, l.r(), "SELECT seq, hash, body FROM entry WHERE seq < ? ORDER BY seq DESC LIMIT ?", []any{before, limit}, func(s scanner) error {
		d, err := scanDocument(s)
		out = append(out, d)
		return err
	})
	return out, err
}
