package ledger

import (
	"context"
	"fmt"

	"guitai/till"
	"guitai/till/money"
)

// A Booking is what one shift, or what was booked outside of any, moved in one
// account. The bookings of a day and shift sum to zero.
type Booking struct {
	Day     till.BusinessDay
	Shift   int    // 0: outside of a shift
	Z       int    // number of the shift's Z, 0 while it is open
	Account string // of the chart of accounts: tender:cash, sales, tax, ...
	Amount  money.Amount
}

// Bookings reads the postings of a range of business days, summed by day, shift
// and account, in that order.
func (l *Ledger) Bookings(ctx context.Context, from, to till.BusinessDay) ([]Booking, error) {
	return l.bookings(ctx, "e.day BETWEEN ? AND ?", int64(from), int64(to))
}

// BookingsUpTo reads the postings since the business day before a closed one was
// closed, up to its own closing, summed as Bookings does. Days that follow one
// another hold every posting once, those too that belong to no shift. A day that
// is not closed has none.
func (l *Ledger) BookingsUpTo(ctx context.Context, closed till.BusinessDay) ([]Booking, error) {
	var after, last int64
	err := l.q().QueryRowContext(ctx, `SELECT ifnull(max(closed_seq), 0), ifnull((SELECT max(closed_seq) FROM business_day WHERE closed_seq < d.closed_seq), 0)
		FROM business_day d WHERE day = ?`, int64(closed)).Scan(&last, &after)
	if err != nil {
		return nil, fmt.Errorf("find the closing of %s: %w", closed, err)
	}
	return l.bookings(ctx, "e.seq > ? AND e.seq <= ?", after, last)
}

func (l *Ledger) bookings(ctx context.Context, which string, from, to int64) ([]Booking, error) {
	var out []Booking
	err := each(ctx, l.q(), `SELECT e.day, e.shift, ifnull(z.no, 0), p.account, sum(p.amount) FROM posting p JOIN entry e ON e.seq = p.seq
		LEFT JOIN z_report z ON z.shift = e.shift WHERE `+which+` GROUP BY e.day, e.shift, p.account HAVING sum(p.amount) <> 0 ORDER BY 1, 2, 4`,
		[]any{from, to}, func(s scanner) error {
			var b Booking
			err := s.Scan(&b.Day, &b.Shift, &b.Z, &b.Account, &b.Amount)
			out = append(out, b)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read the bookings: %w", err)
	}
	return out, nil
}
