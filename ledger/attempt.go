package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// attemptColumns are what scanAttempt reads.
const attemptColumns = `number, wallet, mode, sale, share, amount, currency, way, state, reason, said, provider, handle, qr, code_tail, code_mark, cashier,
	shift, day, planned_ms, zone, changed_ms, paid_ms, refund_if_paid, refunded, booked, receipt`

func scanAttempt(s scanner, more ...any) (till.Attempt, error) {
	var a till.Attempt
	var sale []byte
	var planned, changed, paid int64
	var zone int
	err := s.Scan(append([]any{
		&a.Number, &a.Wallet, &a.Mode, &sale, &a.Share, &a.Amount, &a.Currency.Code, &a.Way, &a.State, &a.Reason, &a.Said, &a.Provider, &a.Handle, &a.QR,
		&a.CodeTail, &a.CodeMark, &a.Cashier, &a.Shift, &a.Day, &planned, &zone, &changed, &paid, &a.RefundIfPaid, &a.Refunded, &a.Booked, &a.Receipt,
	}, more...)...)
	if err != nil {
		return a, err
	}
	copy(a.Sale[:], sale)
	a.PlannedAt, a.ChangedAt = atZone(planned, zone), atZone(changed, zone)
	if paid != 0 {
		a.PaidAt = atZone(paid, zone)
	}
	a.Currency, err = money.CurrencyOf(a.Currency.Code)
	return a, err
}

// atZone is an instant on a clock so many minutes east of UTC.
func atZone(ms int64, minutes int) time.Time {
	return time.UnixMilli(ms).In(time.FixedZone("", minutes*60))
}

func zoneOf(t time.Time) int {
	_, seconds := t.Zone()
	return seconds / 60
}

// Attempt returns the attempt of a number; one nobody has is NoSuchAttempt.
func (l *Ledger) Attempt(ctx context.Context, number string) (till.Attempt, error) {
	return attemptOf(ctx, l.q(), number)
}

func attemptOf(ctx context.Context, q rowQuerier, number string, moves ...any) (till.Attempt, error) {
	columns := attemptColumns
	if len(moves) > 0 {
		columns += ", moves"
	}
	a, err := scanAttempt(q.QueryRowContext(ctx, "SELECT "+columns+" FROM attempt WHERE number = ?", number), moves...)
	if errors.Is(err, sql.ErrNoRows) {
		return a, &till.Error{Code: till.NoSuchAttempt, Detail: number}
	}
	if err != nil {
		return a, fmt.Errorf("read payment %s: %w", number, err)
	}
	return a, nil
}

// notOpen are the states in which nothing is to be done about an attempt, as
// the partial index has them.
const notOpen = "state NOT IN (2, 7, 10, 11)"

// OpenAttempts lists the attempts about which something is still to be done,
// oldest first.
func (l *Ledger) OpenAttempts(ctx context.Context) ([]till.Attempt, error) {
	return attempts(ctx, l.q(), "WHERE "+notOpen+" ORDER BY id")
}

func attempts(ctx context.Context, q querier, tail string, args ...any) ([]till.Attempt, error) {
	var out []till.Attempt
	err := each(ctx, q, "SELECT "+attemptColumns+" FROM attempt "+tail, args, func(s scanner) error {
		a, err := scanAttempt(s)
		out = append(out, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the payments: %w", err)
	}
	return out, nil
}

// Attempts lists the attempts that a filter picks, newest first.
func (l *Ledger) Attempts(ctx context.Context, f till.AttemptFilter) ([]till.Attempt, error) {
	var where []string
	var args []any
	and := func(cond string, values ...any) { where, args = append(where, cond), append(args, values...) }
	if f.From != 0 {
		and("day >= ?", int(f.From))
	}
	if f.To != 0 {
		and("day <= ?", int(f.To))
	}
	if f.Wallet != "" {
		and("wallet = ?", f.Wallet)
	}
	if f.Mode != "" {
		and("mode = ?", f.Mode)
	}
	if !f.Sale.IsZero() {
		and("sale = ?", f.Sale[:])
	}
	if f.CodeMark != "" {
		and("code_mark = ?", f.CodeMark)
	}
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, s := range f.States {
			states[i] = int(s)
		}
		and("state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	if f.Open {
		and(notOpen)
	}
	tail := ""
	if len(where) > 0 {
		tail = "WHERE " + strings.Join(where, " AND ") + " "
	}
	if f.Limit <= 0 {
		f.Limit = 200
	}
	return attempts(ctx, l.q(), tail+"ORDER BY id DESC LIMIT ?", append(args, f.Limit)...)
}

// AttemptMoves lists the moves of an attempt, oldest first.
func (l *Ledger) AttemptMoves(ctx context.Context, number string) ([]till.AttemptMove, error) {
	var out []till.AttemptMove
	err := each(ctx, l.q(), `SELECT m.from_state, m.to_state, m.at_ms, m.verdict, m.reason, m.said, m.provider, m.handle, m.qr, m.paid_ms, m.by, m.note,
		m.refund_if_paid, m.returned, a.zone FROM attempt_move m JOIN attempt a ON a.number = m.attempt WHERE m.attempt = ? ORDER BY m.n`, []any{number}, func(s scanner) error {
		var m till.AttemptMove
		var at, paid int64
		var zone int
		err := s.Scan(&m.From, &m.To, &at, &m.Verdict, &m.Reason, &m.Said, &m.Provider, &m.Handle, &m.QR, &paid, &m.By, &m.Note, &m.RefundIfPaid, &m.Returned, &zone)
		m.At = atZone(at, zone)
		if paid != 0 {
			m.PaidAt = atZone(paid, zone)
		}
		out = append(out, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the moves of payment %s: %w", number, err)
	}
	return out, nil
}

// readAttempts adds what is to be settled when a till starts.
func readAttempts(ctx context.Context, tx *sql.Tx, st *till.State) (err error) {
	// Two parts, so that each goes through its own index.
	st.Attempts, err = attempts(ctx, tx, `WHERE id IN (SELECT id FROM attempt WHERE `+notOpen+` UNION ALL
		SELECT id FROM attempt WHERE state = 11 AND booked = 0 AND sale IS NOT NULL AND refunded < amount) ORDER BY id`)
	if err != nil {
		return err
	}
	st.Refunds, err = refunds(ctx, tx, "WHERE id IN (SELECT id FROM wallet_refund WHERE "+refundOpen+" UNION ALL SELECT id FROM wallet_refund r WHERE "+refundStuck+") ORDER BY id")
	return err
}
