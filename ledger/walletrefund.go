package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"guitai/till"
	"guitai/till/money"
)

const refundColumns = `number, attempt, ret, amount, why, state, reason, said, provider, handle, cashier, shift, day, cash, planned_ms, zone, changed_ms`

// refundOpen are the states in which something is to be done about a refund, as
// the partial index has them.
const refundOpen = "state < 5"

// refundStuck picks, of wallet_refund r, refunds that failed and in whose place
// nothing has gone back.
const refundStuck = `r.state = 6 AND r.cash = 0 AND NOT EXISTS (SELECT 1 FROM wallet_refund o WHERE o.attempt = r.attempt AND o.id > r.id AND o.ret IS r.ret
	AND (o.state <> 6 OR o.cash = 1))`

func scanRefund(s scanner, more ...any) (till.WalletRefund, error) {
	var r till.WalletRefund
	var ret []byte
	var planned, changed int64
	var zone int
	err := s.Scan(append([]any{
		&r.Number, &r.Attempt, &ret, &r.Amount, &r.Why, &r.State, &r.Reason, &r.Said, &r.Provider, &r.Handle, &r.Cashier, &r.Shift, &r.Day, &r.InCash,
		&planned, &zone, &changed,
	}, more...)...)
	copy(r.Return[:], ret)
	r.PlannedAt, r.ChangedAt = atZone(planned, zone), atZone(changed, zone)
	return r, err
}

// Refund returns the refund of a number; one nobody has is NoSuchAttempt.
func (l *Ledger) Refund(ctx context.Context, number string) (till.WalletRefund, error) {
	return refundOf(ctx, l.q(), number)
}

func refundOf(ctx context.Context, q rowQuerier, number string, moves ...any) (till.WalletRefund, error) {
	columns := refundColumns
	if len(moves) > 0 {
		columns += ", moves"
	}
	r, err := scanRefund(q.QueryRowContext(ctx, "SELECT "+columns+" FROM wallet_refund WHERE number = ?", number), moves...)
	if errors.Is(err, sql.ErrNoRows) {
		return r, &till.Error{Code: till.NoSuchAttempt, Detail: number}
	}
	if err != nil {
		return r, fmt.Errorf("read refund %s: %w", number, err)
	}
	return r, nil
}

// RefundsOf lists the refunds of an attempt, oldest first.
func (l *Ledger) RefundsOf(ctx context.Context, attempt string) ([]till.WalletRefund, error) {
	return refunds(ctx, l.q(), "WHERE attempt = ? ORDER BY id", attempt)
}

// OpenRefunds lists the refunds about which something is still to be done,
// oldest first.
func (l *Ledger) OpenRefunds(ctx context.Context) ([]till.WalletRefund, error) {
	return refunds(ctx, l.q(), "WHERE "+refundOpen+" ORDER BY id")
}

func refunds(ctx context.Context, q querier, tail string, args ...any) ([]till.WalletRefund, error) {
	var out []till.WalletRefund
	err := each(ctx, q, "SELECT "+refundColumns+" FROM wallet_refund "+tail, args, func(s scanner) error {
		r, err := scanRefund(s)
		out = append(out, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the refunds: %w", err)
	}
	return out, nil
}

// RefundMoves lists the moves of a refund, oldest first.
func (l *Ledger) RefundMoves(ctx context.Context, number string) ([]till.RefundMove, error) {
	var out []till.RefundMove
	err := each(ctx, l.q(), `SELECT m.from_state, m.to_state, m.at_ms, m.verdict, m.reason, m.said, m.provider, m.handle, r.zone
		FROM wallet_refund_move m JOIN wallet_refund r ON r.number = m.refund WHERE m.refund = ? ORDER BY m.n`, []any{number}, func(s scanner) error {
		var m till.RefundMove
		var at int64
		var zone int
		err := s.Scan(&m.From, &m.To, &at, &m.Verdict, &m.Reason, &m.Said, &m.Provider, &m.Handle, &zone)
		m.At = atZone(at, zone)
		out = append(out, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the moves of refund %s: %w", number, err)
	}
	return out, nil
}

// PlanRefund writes a refund as planned, durably before it returns. Without a
// number it draws one. More than was paid less the refunds that hold is
// AboveRefundable, with what is left; so is one of an attempt that was never
// paid. The same refund given twice, as after an error of the disk, is planned
// once: its time tells it from another.
func (l *Ledger) PlanRefund(ctx context.Context, r till.WalletRefund) (till.WalletRefund, error) {
	err := l.append(ctx, "plan a refund", func(w *writing) (err error) {
		if r.Number == "" {
			if r.Number, err = w.plannedBefore(ctx, &r); r.Number != "" || err != nil {
				if err == nil {
					r, err = refundOf(ctx, w.ask(), r.Number)
				}
				return err
			}
			if r.Number, err = w.draw(ctx); err != nil {
				return err
			}
		}
		if err := w.planRefund(ctx, &r); err != nil {
			return err
		}
		r, err = refundOf(ctx, w.ask(), r.Number)
		return err
	})
	return r, err
}

// plannedBefore finds the refund that r is, where it is there and nothing was
// done about it yet.
func (w *writing) plannedBefore(ctx context.Context, r *till.WalletRefund) (number string, err error) {
	if r.PlannedAt.IsZero() {
		return "", nil
	}
	err = w.ask().QueryRowContext(ctx, "SELECT number FROM wallet_refund WHERE attempt = ? AND amount = ? AND why = ? AND planned_ms = ? AND state = 1 AND ret IS NULL",
		r.Attempt, int64(r.Amount), r.Why, r.PlannedAt.UnixMilli()).Scan(&number)
	if !r.Return.IsZero() || errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return number, err
}

const insertRefund = `INSERT INTO wallet_refund(id, number, attempt, ret, amount, why, cashier, shift, day, planned_ms, zone, changed_ms)
	SELECT ifnull(max(id), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9 FROM wallet_refund`

func (w *writing) planRefund(ctx context.Context, r *till.WalletRefund) error {
	a, err := attemptOf(ctx, w.ask(), r.Attempt)
	if err != nil {
		return err
	}
	if r.Amount <= 0 {
		return &till.Error{Code: till.BadAmount}
	}
	var left money.Amount
	err = w.ask().QueryRowContext(ctx, `SELECT (CASE WHEN was_paid = 1 AND state IN (11, 12, 13, 14) THEN amount ELSE 0 END) - returned
		- (SELECT ifnull(sum(amount), 0) FROM wallet_refund WHERE attempt = ?1 AND (state <> 6 OR cash = 1)) FROM attempt WHERE number = ?1`, r.Attempt).Scan(&left)
	if err != nil {
		return err
	}
	if r.Amount > left {
		return &till.Error{Code: till.AboveRefundable, Detail: string(till.WalletTender(a.Wallet)) + " " + a.Currency.Format(max(left, 0))}
	}
	if r.PlannedAt.IsZero() {
		r.PlannedAt = w.l.opt.Now()
	}
	if r.Day == 0 {
		d, err := w.today(ctx, r.PlannedAt)
		if err != nil {
			return err
		}
		r.Day, r.Shift, r.PlannedAt = d.day, cmp.Or(r.Shift, d.shift), d.at
	}
	var ret any
	if !r.Return.IsZero() {
		ret = r.Return[:]
	}
	err = w.l.exec(ctx, insertRefund, r.Number, r.Attempt, ret, int64(r.Amount), r.Why, r.Cashier, r.Shift, int(r.Day), r.PlannedAt.UnixMilli(), zoneOf(r.PlannedAt))
	if err != nil {
		return fmt.Errorf("plan refund %s: %w", r.Number, err)
	}
	return nil
}

const insertRefundMove = `INSERT INTO wallet_refund_move(refund, n, from_state, to_state, at_ms, verdict, reason, said, provider, handle)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// MoveRefund moves a refund that is in state from, durably before it returns,
// by the rules of MoveAttempt. Done adds to what the attempt gave back, in the
// same transaction.
func (l *Ledger) MoveRefund(ctx context.Context, number string, from till.RefundState, m till.RefundMove) (till.WalletRefund, error) {
	var out till.WalletRefund
	m.From = from
	err := l.append(ctx, "move refund "+number, func(w *writing) (err error) {
		out, err = w.moveRefund(ctx, number, m)
		return err
	})
	if err != nil {
		return till.WalletRefund{}, err
	}
	return out, nil
}

func (w *writing) moveRefund(ctx context.Context, number string, m till.RefundMove) (till.WalletRefund, error) {
	var moves int
	r, err := refundOf(ctx, w.ask(), number, &moves)
	if err != nil {
		return r, err
	}
	if m.At.IsZero() {
		m.At = w.l.opt.Now()
	}
	if r.State != m.From {
		var same bool
		err := w.ask().QueryRowContext(ctx, `SELECT count(*) FROM wallet_refund_move WHERE refund = ? AND n = ? AND from_state = ? AND to_state = ? AND at_ms = ?
			AND verdict = ?`, number, moves, int(m.From), int(m.To), m.At.UnixMilli(), m.Verdict).Scan(&same)
		if err != nil || same {
			return r, err
		}
		return r, &till.Error{Code: till.AttemptMoved, Detail: r.State.String()}
	}
	if m.To != m.From && !m.From.MayBecome(m.To) || r.InCash {
		return r, &till.Error{Code: till.NotAllowed, Detail: number + ": " + m.From.String() + " to " + m.To.String()}
	}
	if !m.From.Holds() && m.To.Holds() {
		if err := w.holdsAgain(ctx, &r); err != nil {
			return r, err
		}
	}
	err = w.l.exec(ctx, insertRefundMove, number, moves+1, int(m.From), int(m.To), m.At.UnixMilli(), m.Verdict, string(m.Reason), m.Said, m.Provider, m.Handle)
	if err != nil {
		return r, fmt.Errorf("move it from %s to %s: %w", m.From, m.To, err)
	}
	if m.To == till.RefundDone && m.From != till.RefundDone {
		a, err := attemptOf(ctx, w.ask(), r.Attempt)
		if err == nil {
			err = w.gaveBack(ctx, &a, &r)
		}
		if err != nil {
			return r, err
		}
	}
	return refundOf(ctx, w.ask(), number)
}

// holdsAgain refuses to try a failed refund again where others have taken its
// place.
func (w *writing) holdsAgain(ctx context.Context, r *till.WalletRefund) error {
	var fits bool
	err := w.ask().QueryRowContext(ctx, `SELECT ?2 + (SELECT ifnull(sum(amount), 0) FROM wallet_refund WHERE attempt = ?1 AND (state <> 6 OR cash = 1)) <= amount - returned
		FROM attempt WHERE number = ?1`, r.Attempt, int64(r.Amount)).Scan(&fits)
	if err == nil && !fits {
		return &till.Error{Code: till.AboveRefundable, Detail: r.Number}
	}
	return err
}
