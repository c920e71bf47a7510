package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// ErrBagOpen means that a bag with this number is still on its way.
var ErrBagOpen = errors.New("a bag with this number is still on its way")

// ErrNoBag means that no bag with this number is on its way.
var ErrNoBag = errors.New("no bag with this number is on its way")

// depositText bounds a bag's number, a reference, a note and a reason.
const depositText = 80

// Deposit notes cash that was counted out of the safe into a bag for the bank.
// Where pieces are given they must make up the amount. A bag number that is
// still on its way is ErrBagOpen; an amount that is not above nothing
// is refused.
func (l *Ledger) Deposit(ctx context.Context, d till.CashDeposited, by string) (till.CashDeposited, error) {
	d.Bag, d.Note = strings.TrimSpace(d.Bag), strings.TrimSpace(d.Note)
	switch {
	case d.Bag == "" || len(d.Bag) > depositText || len(d.Note) > depositText:
		return d, &till.Error{Code: till.BadSetting, Detail: "bag"}
	case d.Amount <= 0 || d.Amount > money.AmountMax || len(d.Count) > 0 && d.Count.Total() != d.Amount:
		return d, &till.Error{Code: till.BadAmount, Detail: "deposit"}
	}
	d.ID = NewID()
	err := l.append(ctx, "note a deposit", func(w *writing) error {
		var open bool
		err := w.ask().QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM deposit d WHERE d.bag = ? AND NOT EXISTS (SELECT 1 FROM deposit_credit c WHERE c.deposit = d.id))", d.Bag).Scan(&open)
		if err != nil {
			return err
		}
		if open {
			return fmt.Errorf("%w: %s", ErrBagOpen, d.Bag)
		}
		return w.note(ctx, by, &d)
	})
	return d, err
}

// CreditDeposit notes what the bank credited for a bag, once; without such a bag
// it is ErrNoBag.
func (l *Ledger) CreditDeposit(ctx context.Context, bag string, amount money.Amount, on till.BusinessDay, ref, by string) error {
	if amount < 0 || amount > money.AmountMax || on <= 0 || len(ref) > depositText {
		return &till.Error{Code: till.BadAmount, Detail: "credit"}
	}
	return l.append(ctx, "note what the bank credited", func(w *writing) error {
		return w.credit(ctx, bag, amount, on, strings.TrimSpace(ref), false, by)
	})
}

func (w *writing) credit(ctx context.Context, bag string, amount money.Amount, on till.BusinessDay, ref string, statement bool, by string) error {
	open, err := openDeposits(ctx, w.ask())
	if err != nil {
		return err
	}
	for i := range open {
		if d := &open[i]; d.Bag == bag {
			return w.note(ctx, by, &till.DepositCredited{Deposit: d.ID, Bag: bag, Deposited: d.Amount, Amount: amount, On: on, Ref: ref, Statement: statement})
		}
	}
	return fmt.Errorf("%w: %s", ErrNoBag, bag)
}

// SafeBalance is what should be in the safe now.
func (l *Ledger) SafeBalance(ctx context.Context) (money.Amount, error) {
	return safeBalance(ctx, l.q())
}

func safeBalance(ctx context.Context, q rowQuerier) (a money.Amount, err error) {
	err = q.QueryRowContext(ctx, "SELECT ifnull(sum(amount), 0) FROM posting WHERE account = 'safe'").Scan(&a)
	return a, err
}

// CountSafe notes what was counted in the safe beside what should be there. A
// difference needs its reason.
func (l *Ledger) CountSafe(ctx context.Context, counted money.Amount, reason, by string) (till.SafeCounted, error) {
	c := till.SafeCounted{ID: NewID(), Counted: counted, Reason: strings.TrimSpace(reason)}
	if counted < 0 || counted > money.AmountMax || len(c.Reason) > depositText {
		return c, &till.Error{Code: till.BadAmount, Detail: "safe"}
	}
	err := l.append(ctx, "note a count of the safe", func(w *writing) error {
		var err error
		if c.Expected, err = safeBalance(ctx, w.ask()); err != nil {
			return err
		}
		if c.OverShort = counted - c.Expected; c.OverShort != 0 && c.Reason == "" {
			return &till.Error{Code: till.ReasonMissing, Detail: "safe"}
		}
		return w.note(ctx, by, &c)
	})
	return c, err
}

const depositColumns = `d.id, d.bag, d.amount, d.note, d.at_ms, d.by, d.day, c.amount IS NOT NULL, ifnull(c.amount, 0), ifnull(c.on_day, 0), ifnull(c.ref, ''), ifnull(c.statement, 0)
	FROM deposit d LEFT JOIN deposit_credit c ON c.deposit = d.id`

func scanDeposit(s scanner) (d till.Deposit, err error) {
	var id []byte
	var at int64
	err = s.Scan(&id, &d.Bag, &d.Amount, &d.Note, &at, &d.By, &d.Day, &d.Credited, &d.Credit.Amount, &d.Credit.On, &d.Credit.Ref, &d.Credit.Statement)
	copy(d.ID[:], id)
	d.At = time.UnixMilli(at)
	if d.Credited {
		d.Credit.Deposit, d.Credit.Bag, d.Credit.Deposited = d.ID, d.Bag, d.Amount
	}
	return d, err
}

func openDeposits(ctx context.Context, q querier) ([]till.Deposit, error) {
	var out []till.Deposit
	err := each(ctx, q, "SELECT "+depositColumns+" WHERE c.deposit IS NULL ORDER BY d.seq", nil, func(s scanner) error {
		d, err := scanDeposit(s)
		out = append(out, d)
		return err
	})
	return out, err
}

// CashBook reads where the cash went over a range of business days, and which
// settlements arrived in the bank.
func (l *Ledger) CashBook(ctx context.Context, from, to till.BusinessDay) (till.CashBook, error) {
	b := till.CashBook{From: from, To: to}
	settings, err := l.Settings(ctx)
	if err != nil {
		return b, fmt.Errorf("read the cash book: %w", err)
	}
	b.Currency = settings.Currency
	report, err := l.Report(ctx, from, to)
	if err != nil {
		return b, err
	}
	b.Drawers = report.Cash
	q := l.q()
	days := []any{int(from), int(to)}
	sum := func(to *money.Amount, query string, args ...any) {
		if err == nil {
			err = q.QueryRowContext(ctx, query, args...).Scan(to)
		}
	}
	sum(&b.Start, "SELECT ifnull(sum(p.amount), 0) FROM posting p JOIN entry e ON e.seq = p.seq WHERE p.account = 'safe' AND e.day < ?", int(from))
	sum(&b.End, "SELECT ifnull(sum(p.amount), 0) FROM posting p JOIN entry e ON e.seq = p.seq WHERE p.account = 'safe' AND e.day <= ?", int(to))
	sum(&b.Drops, "SELECT ifnull(sum(amount), 0) FROM cash_movement WHERE kind = 'drop' AND day BETWEEN ? AND ?", days...)
	sum(&b.Loans, "SELECT ifnull(sum(amount), 0) FROM cash_movement WHERE kind = 'loan' AND day BETWEEN ? AND ?", days...)
	sum(&b.Bagged, "SELECT ifnull(sum(amount), 0) FROM deposit WHERE day BETWEEN ? AND ?", days...)
	sum(&b.Counts, "SELECT ifnull(sum(over_short), 0) FROM safe_count WHERE day BETWEEN ? AND ?", days...)
	if err != nil {
		return b, fmt.Errorf("read the safe: %w", err)
	}
	err = each(ctx, q, "SELECT counted, expected, over_short, reason, at_ms, by, day FROM safe_count WHERE day BETWEEN ? AND ? ORDER BY seq", days, func(s scanner) error {
		var c till.SafeCount
		var at int64
		err := s.Scan(&c.Counted, &c.Expected, &c.OverShort, &c.Reason, &at, &c.By, &c.Day)
		c.At = time.UnixMilli(at)
		b.SafeCounts = append(b.SafeCounts, c)
		return err
	})
	if err != nil {
		return b, fmt.Errorf("read the counts of the safe: %w", err)
	}
	err = each(ctx, q, "SELECT "+depositColumns+" WHERE d.day <= ?2 AND (d.day >= ?1 OR c.deposit IS NULL OR c.day >= ?1) ORDER BY d.seq", days, func(s scanner) error {
		d, err := scanDeposit(s)
		if !d.Credited {
			b.OnTheWay += d.Amount
		}
		b.Deposits = append(b.Deposits, d)
		return err
	})
	if err != nil {
		return b, fmt.Errorf("read the deposits: %w", err)
	}
	b.Settlements, err = l.settlements(ctx, from, to)
	return b, err
}
