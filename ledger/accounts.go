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
	var out []Booking
	err := each(ctx, l.q(), `SELECT e.day, e.shift, ifnull(z.no, 0), p.account, sum(p.amount) FROM posting p JOIN entry e ON e.seq = p.seq
		LEFT JOIN z_report z ON z.shift = e.shift WHERE e.day BETWEEN ? AND ? GROUP BY e.day, e.shift, p.account HAVING sum(p.amount) <> 0 ORDER BY 1, 2, 4`,
		[]any{int(from), int(to)}, func(s scanner) error {
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
