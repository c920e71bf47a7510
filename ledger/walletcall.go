package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guitai/till"
)

// Began writes a call to a provider down before it is sent, durably before it
// returns, and returns what Ended knows it by.
func (l *Ledger) Began(ctx context.Context, c till.WalletCall) (id int64, err error) {
	if c.Began.IsZero() {
		c.Began = l.opt.Now()
	}
	err = l.append(ctx, "note a call", func(w *writing) error {
		if err := w.ask().QueryRowContext(ctx, "SELECT ifnull(max(id), 0) + 1 FROM wallet_call").Scan(&id); err != nil {
			return err
		}
		return l.exec(ctx, "INSERT INTO wallet_call(id, wallet, kind, number, method, url, hash, asked, began_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			id, c.Wallet, c.Kind, c.Number, c.Method, c.URL, c.Hash, c.Asked, c.Began.UnixMilli())
	})
	return id, err
}

// Ended adds the answer to a call, durably before it returns; a call takes one.
func (l *Ledger) Ended(ctx context.Context, id int64, c till.WalletCall) error {
	if c.Ended.IsZero() {
		c.Ended = l.opt.Now()
	}
	return l.append(ctx, "note an answer", func(w *writing) error {
		r, err := l.w.ExecContext(ctx, "UPDATE wallet_call SET ended_ms = ?, status = ?, answered = ?, fault = ? WHERE id = ? AND ended_ms = 0",
			c.Ended.UnixMilli(), c.Status, c.Answered, c.Fault, id)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return errors.Join(err, &till.Error{Code: till.NoSuchAttempt, Detail: fmt.Sprintf("call %d has its answer, or never began", id)})
		}
		return nil
	})
}

// AttemptCalls lists the calls made under a number, of an attempt with those of
// its refunds, oldest first.
func (l *Ledger) AttemptCalls(ctx context.Context, number string) ([]till.WalletCall, error) {
	var out []till.WalletCall
	err := each(ctx, l.q(), `SELECT wallet, kind, number, method, url, hash, asked, began_ms, ended_ms, status, answered, fault FROM wallet_call
		WHERE number = ?1 OR number IN (SELECT number FROM wallet_refund WHERE attempt = ?1) ORDER BY id`, []any{number}, func(s scanner) error {
		var c till.WalletCall
		var began, ended int64
		err := s.Scan(&c.Wallet, &c.Kind, &c.Number, &c.Method, &c.URL, &c.Hash, &c.Asked, &began, &ended, &c.Status, &c.Answered, &c.Fault)
		c.Began = time.UnixMilli(began)
		if ended != 0 {
			c.Ended = time.UnixMilli(ended)
		}
		out = append(out, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the calls of payment %s: %w", number, err)
	}
	return out, nil
}
