package ledger

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Reasons why a bill is not kept; nothing of it is.
var (
	// ErrBillMerchant means that the bills of this wallet so far name another account.
	ErrBillMerchant = errors.New("the bill is another account's than those kept so far")
	// ErrBillDay means that the bill has rows of other days.
	ErrBillDay = errors.New("the bill has rows of other days")
	// ErrBillRow means that a row cannot be what a bill says.
	ErrBillRow = errors.New("the bill has a row that cannot be")
	// ErrNoBill means that no bill of that day is kept.
	ErrNoBill = errors.New("no bill of that day is kept")
)

// A keptBill is a bill as it is in the ledger, without its lines.
type keptBill struct {
	id       int64
	day      till.BusinessDay
	from, to time.Time // in the provider's zone
	final    bool
	hash     [32]byte
	name     string
	kept     time.Time
}

const keptColumns = "id, day, from_ms, to_ms, zone, final, hash, name, kept_ms"

func scanKept(s scanner) (b keptBill, err error) {
	var from, to, kept int64
	var zone int
	var hash []byte
	err = s.Scan(&b.id, &b.day, &from, &to, &zone, &b.final, &hash, &b.name, &kept)
	copy(b.hash[:], hash)
	b.from, b.to, b.kept = atZone(from, zone), atZone(to, zone), time.UnixMilli(kept)
	return b, err
}

// keptOf returns the bill that counts for a day: the last one, of those that
// are final where there are such.
func keptOf(ctx context.Context, q rowQuerier, wallet, mode string, day till.BusinessDay) (keptBill, error) {
	b, err := scanKept(q.QueryRowContext(ctx, "SELECT "+keptColumns+" FROM bill WHERE wallet = ? AND mode = ? AND day = ? AND whole = 1 ORDER BY final DESC, id DESC LIMIT 1",
		wallet, mode, int(day)))
	if errors.Is(err, sql.ErrNoRows) {
		return b, ErrNoBill
	}
	return b, err
}

func calendarDay(t time.Time) till.BusinessDay {
	y, m, d := t.Date()
	return till.BusinessDay(y*10000 + int(m)*100 + d)
}

// check refuses a bill that cannot be kept as it is.
func checkBill(b *till.Bill) error {
	from, to := b.Day, b.Day.AddDate(0, 0, 1)
	for i := range b.Rows {
		r := &b.Rows[i]
		if _, err := money.CurrencyOf(r.Currency); err != nil || r.Amount < 0 || r.Amount > money.AmountMax || r.At.IsZero() {
			return fmt.Errorf("%w: row %d", ErrBillRow, i+1)
		}
		// A provider may book a trade on the day beside the one it was made on.
		if r.At.Before(from.AddDate(0, 0, -1)) || !r.At.Before(to.AddDate(0, 0, 1)) {
			return fmt.Errorf("%w: row %d is of %s, the bill of %s", ErrBillDay, i+1, r.At.In(from.Location()).Format(time.DateOnly), from.Format(time.DateOnly))
		}
	}
	return nil
}

// billChunk is how many lines are written at a time, so that a sale never waits
// for a whole bill.
const billChunk = 2000

var insertBillLines = insertInto("bill_line", []string{"bill", "n", "number", "refund", "provider", "at_ms", "amount", "fee", "currency", "state"}, "")

// KeepBill keeps a bill with its rows. The same file given again is kept once:
// then again is true and nothing was written. A bill that names another
// merchant than the last one of its account is ErrBillMerchant, unless a person
// says that the account has changed.
func (l *Ledger) KeepBill(ctx context.Context, b till.Bill, newMerchant bool) (again bool, err error) {
	if err := checkBill(&b); err != nil {
		return false, fmt.Errorf("keep the bill of %s: %w", b.Wallet, err)
	}
	hash := sha256.Sum256(b.Raw)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(b.Raw); err != nil {
		return false, err
	}
	if err := z.Close(); err != nil {
		return false, err
	}
	day := calendarDay(b.Day)
	var id int64
	err = l.append(ctx, "keep the bill of "+b.Wallet, func(w *writing) error {
		q := w.ask()
		var whole bool
		err := q.QueryRowContext(ctx, "SELECT whole FROM bill WHERE wallet = ? AND mode = ? AND day = ? AND hash = ? AND final >= ? ORDER BY whole DESC", b.Wallet, b.Mode, int(day), hash[:],
			b.Final).Scan(&whole)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if again = whole; again {
			return nil
		}
		var merchant string
		err = q.QueryRowContext(ctx, "SELECT merchant FROM bill WHERE wallet = ? AND mode = ? AND merchant <> '' AND whole = 1 ORDER BY id DESC LIMIT 1", b.Wallet, b.Mode).Scan(&merchant)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		case b.Merchant != "" && b.Merchant != merchant && !newMerchant:
			return fmt.Errorf("%w: %s, before %s", ErrBillMerchant, b.Merchant, merchant)
		}
		// What a stopped program left of a bill.
		for _, q := range []string{"DELETE FROM bill_line WHERE bill IN (SELECT id FROM bill WHERE whole = 0)", "DELETE FROM bill WHERE whole = 0"} {
			if err := l.exec(ctx, q); err != nil {
				return err
			}
		}
		if err := q.QueryRowContext(ctx, "SELECT ifnull(max(id), 0) + 1 FROM bill").Scan(&id); err != nil {
			return err
		}
		return l.exec(ctx, `INSERT INTO bill(id, wallet, mode, merchant, day, from_ms, to_ms, zone, final, hash, name, raw, lines, kept_ms)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, b.Wallet, b.Mode, b.Merchant, int(day), b.Day.UnixMilli(), b.Day.AddDate(0, 0, 1).UnixMilli(), zoneOf(b.Day),
			b.Final, hash[:], b.Name, packed.Bytes(), len(b.Rows), l.opt.Now().UnixMilli())
	})
	if again || err != nil {
		return again, err
	}
	for from := 0; from < len(b.Rows); from += billChunk {
		rows := b.Rows[from:min(from+billChunk, len(b.Rows))]
		err := l.append(ctx, "keep the lines of a bill", func(w *writing) error {
			return l.put(ctx, &insertBillLines, len(rows), func(to []any, i int) []any {
				r := &rows[i]
				return append(to, id, from+i+1, r.Number, r.Refund, r.Provider, r.At.UnixMilli(), int64(r.Amount), int64(r.Fee), r.Currency, r.State)
			})
		})
		if err != nil {
			return false, err
		}
	}
	return false, l.append(ctx, "keep a bill", func(w *writing) error { return l.exec(ctx, "UPDATE bill SET whole = 1 WHERE id = ?", id) })
}

// BillFile returns the bill that counts for a day, as it came.
func (l *Ledger) BillFile(ctx context.Context, wallet, mode string, day till.BusinessDay) (name string, raw []byte, err error) {
	b, err := keptOf(ctx, l.q(), wallet, mode, day)
	if err != nil {
		return "", nil, err
	}
	var packed []byte
	if err := l.q().QueryRowContext(ctx, "SELECT raw FROM bill WHERE id = ?", b.id).Scan(&packed); err != nil {
		return "", nil, err
	}
	raw, err = unpackBill(packed)
	if err == nil && sha256.Sum256(raw) != b.hash {
		err = fmt.Errorf("the bill %s is not what was kept: its SHA-256 differs", b.name)
	}
	return b.name, raw, err
}

func unpackBill(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err = out.ReadFrom(z)
	return out.Bytes(), err
}

// billRows reads the lines of a bill.
func billRows(ctx context.Context, q querier, b *keptBill) ([]till.BillRow, error) {
	var out []till.BillRow
	err := each(ctx, q, "SELECT number, refund, provider, at_ms, amount, fee, currency, state FROM bill_line WHERE bill = ? ORDER BY n", []any{b.id}, func(s scanner) error {
		var r till.BillRow
		var at int64
		err := s.Scan(&r.Number, &r.Refund, &r.Provider, &at, &r.Amount, &r.Fee, &r.Currency, &r.State)
		r.At = time.UnixMilli(at).In(b.from.Location())
		out = append(out, r)
		return err
	})
	return out, err
}
