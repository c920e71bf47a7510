package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// PlanAttempt writes an attempt as planned, durably before it returns. Without
// a number it draws one. A share of a sale that another attempt holds is
// AttemptMoved.
func (l *Ledger) PlanAttempt(ctx context.Context, a till.Attempt) (till.Attempt, error) {
	err := l.append(ctx, "plan a payment", func(w *writing) (err error) {
		if a.Number == "" {
			if a.Number, err = w.draw(ctx); err != nil {
				return err
			}
		}
		if a.Currency.Code == "" {
			var code string
			if code, err = w.setting(ctx, "currency"); err == nil {
				a.Currency, err = money.CurrencyOf(code)
			}
			if err != nil {
				return err
			}
		}
		if err := w.plan(ctx, &a); err != nil {
			return err
		}
		a, err = attemptOf(ctx, w.ask(), a.Number)
		return err
	})
	return a, err
}

// MoveAttempt moves an attempt that is in state from, durably before it
// returns. In another state it is AttemptMoved and nothing is written, and an
// arrow there is not is NotAllowed. A move that stays in the state and says
// nothing new writes nothing. The same move given twice, as after an error of
// the disk, is done once.
func (l *Ledger) MoveAttempt(ctx context.Context, number string, from till.AttemptState, m till.AttemptMove) (till.Attempt, error) {
	var out till.Attempt
	if m.From = from; m.From == m.To {
		// What says nothing new is found out beside the writer.
		a, err := l.Attempt(ctx, number)
		if err != nil {
			return a, err
		}
		if a.State == from && saysNothing(&a, &m) {
			return a, nil
		}
	}
	err := l.append(ctx, "move payment "+number, func(w *writing) (err error) {
		if out, err = w.move(ctx, number, m); errors.Is(err, errMoved) {
			return nil
		}
		return err
	})
	if err != nil {
		return till.Attempt{}, err
	}
	return out, nil
}

// ask reads inside the transaction.
func (w *writing) ask() asking { return asking{w.l} }

// errMoved means that the very same move is there already.
var errMoved = errors.New("moved before")

func saysNothing(a *till.Attempt, m *till.AttemptMove) bool {
	same := func(now, before string) bool { return now == "" || now == before }
	return m.Reason == a.Reason && same(m.Said, a.Said) && same(m.Provider, a.Provider) && same(m.Handle, a.Handle) && same(m.QR, a.QR) &&
		(m.PaidAt.IsZero() || m.PaidAt.UnixMilli() == a.PaidAt.UnixMilli()) && m.By == "" && m.Note == "" && (!m.RefundIfPaid || a.RefundIfPaid) && m.Returned == 0
}

const insertMove = `INSERT INTO attempt_move(attempt, n, from_state, to_state, at_ms, verdict, reason, said, provider, handle, qr, paid_ms, by, note, refund_if_paid,
	returned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// move writes one move and what it means for the books, and returns the attempt
// after it.
func (w *writing) move(ctx context.Context, number string, m till.AttemptMove) (till.Attempt, error) {
	var moves int
	a, err := attemptOf(ctx, w.ask(), number, &moves)
	if err != nil {
		return a, err
	}
	if m.At.IsZero() {
		m.At = w.l.opt.Now()
	}
	if a.State != m.From {
		if same, err := w.isLastMove(ctx, number, moves, &m); same || err != nil {
			return a, cmp.Or(err, errMoved)
		}
		return a, &till.Error{Code: till.AttemptMoved, Detail: a.State.String()}
	}
	switch {
	case m.To == m.From && saysNothing(&a, &m):
		return a, errMoved
	case m.To != m.From && !m.From.MayBecome(m.To),
		a.Booked && (m.To != till.PaidFor && m.To != till.RefundDue && m.To != till.Attention || m.To == till.RefundDue && a.Receipt != 0):
		return a, &till.Error{Code: till.NotAllowed, Detail: number + ": " + m.From.String() + " to " + m.To.String()}
	case m.Returned < 0 || a.Refunded+m.Returned > a.Amount:
		return a, &till.Error{Code: till.AboveRefundable, Detail: number}
	}
	err = w.l.exec(ctx, insertMove, number, moves+1, int(m.From), int(m.To), m.At.UnixMilli(), m.Verdict, string(m.Reason), m.Said, m.Provider, m.Handle, m.QR,
		msOrZero(m.PaidAt), m.By, m.Note, m.RefundIfPaid, int64(m.Returned))
	if err != nil {
		return a, fmt.Errorf("move it from %s to %s: %w", m.From, m.To, err)
	}
	if err := w.noteMove(ctx, &a, &m); err != nil {
		return a, err
	}
	return attemptOf(ctx, w.ask(), number)
}

func msOrZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// isLastMove reports whether the attempt's last move is m.
func (w *writing) isLastMove(ctx context.Context, number string, moves int, m *till.AttemptMove) (same bool, err error) {
	err = w.ask().QueryRowContext(ctx, `SELECT count(*) FROM attempt_move WHERE attempt = ? AND n = ? AND from_state = ? AND to_state = ? AND at_ms = ? AND verdict = ?
		AND by = ? AND note = ?`, number, moves, int(m.From), int(m.To), m.At.UnixMilli(), m.Verdict, m.By, m.Note).Scan(&same)
	return same, err
}

const insertAttempt = `INSERT INTO attempt(id, number, wallet, mode, sale, share, amount, currency, way, code_tail, code_mark, cashier, shift, day, planned_ms, zone,
	changed_ms) SELECT ifnull(max(id), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?14 FROM attempt`

// plan writes an attempt as planned, with the day and the shift it falls into.
func (w *writing) plan(ctx context.Context, a *till.Attempt) error {
	if a.PlannedAt.IsZero() {
		a.PlannedAt = w.l.opt.Now()
	}
	if a.Day == 0 {
		d, err := w.today(ctx, a.PlannedAt)
		if err != nil {
			return err
		}
		a.Day, a.Shift, a.PlannedAt = d.day, cmp.Or(a.Shift, d.shift), d.at
	}
	if a.Amount <= 0 {
		return &till.Error{Code: till.BadAmount}
	}
	var sale any
	if !a.Sale.IsZero() {
		sale = a.Sale[:]
		var held bool
		err := w.ask().QueryRowContext(ctx, "SELECT count(*) FROM attempt WHERE sale = ? AND share = ? AND (state IN (1, 3, 4, 5, 6, 8) OR booked = 1)", sale, a.Share).Scan(&held)
		if err != nil {
			return err
		}
		if held {
			return &till.Error{Code: till.AttemptMoved, Detail: "another payment holds this part of the sale"}
		}
	}
	err := w.l.exec(ctx, insertAttempt, a.Number, a.Wallet, a.Mode, sale, a.Share, int64(a.Amount), a.Currency.Code, int(a.Way), a.CodeTail, a.CodeMark,
		a.Cashier, a.Shift, int(a.Day), a.PlannedAt.UnixMilli(), zoneOf(a.PlannedAt))
	if err != nil {
		return fmt.Errorf("plan payment %s: %w", a.Number, err)
	}
	return nil
}

// draw takes the next attempt number for good.
func (w *writing) draw(ctx context.Context) (string, error) {
	code, err := w.setting(ctx, "till")
	if err != nil {
		return "", err
	}
	var epoch string
	if err := w.ask().QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'epoch'").Scan(&epoch); err != nil {
		return "", fmt.Errorf("read the epoch: %w", err)
	}
	n := w.l.NextAttempt()
	return till.AttemptNumber(code, epoch, n), w.drawn(ctx, n)
}

// drawn keeps the highest number drawn. Numbers may be kept in another order
// than they were drawn in.
func (w *writing) drawn(ctx context.Context, n int64) error {
	return w.l.exec(ctx, "INSERT INTO meta(key, value) VALUES ('attempt', ?) ON CONFLICT DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))",
		strconv.FormatInt(n, 10))
}

// setting reads one setting as it is in effect.
func (w *writing) setting(ctx context.Context, key string) (v string, err error) {
	err = w.ask().QueryRowContext(ctx, "SELECT value FROM setting WHERE key = ? ORDER BY seq DESC LIMIT 1", key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) { // a setting of a later version has its default
		s := till.DefaultSettings()
		v, _ = s.Get(key)
		return v, nil
	}
	return v, err
}

// today is where something belongs that becomes known at a time.
type today struct {
	at    time.Time // on the shop's clock
	shift int       // the open one, or 0
	day   till.BusinessDay
}

// today finds the open shift and its day; without a shift, the first day from
// the clock's on that is not closed.
func (w *writing) today(ctx context.Context, at time.Time) (d today, err error) {
	var s till.Settings
	for _, key := range []string{"zone", "day_start"} {
		v, err := w.setting(ctx, key)
		if err == nil {
			err = s.Set(key, v)
		}
		if err != nil {
			return d, err
		}
	}
	d.at = at.In(s.Zone)
	err = w.ask().QueryRowContext(ctx, "SELECT no, day FROM shift WHERE no = (SELECT max(no) FROM shift) AND no NOT IN (SELECT no FROM shift_close)").Scan(&d.shift, &d.day)
	if !errors.Is(err, sql.ErrNoRows) {
		return d, err
	}
	d.day = till.DayOf(d.at, s.Zone, s.DayStart)
	for next := d.at; ; {
		var closed bool
		if err := w.ask().QueryRowContext(ctx, "SELECT count(*) FROM business_day WHERE day = ?", int(d.day)).Scan(&closed); err != nil || !closed {
			return d, err
		}
		next = next.AddDate(0, 0, 1)
		d.day = till.DayOf(next, s.Zone, s.DayStart)
	}
}
