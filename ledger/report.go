package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"guitai/till"
	"guitai/till/money"
)

// What a report asks for.
const (
	askSums = `SELECT ifnull(sum(sales), 0), ifnull(sum(gross), 0), ifnull(sum(discounts), 0), ifnull(sum(tax_added), 0), ifnull(sum(tax), 0),
		ifnull(sum(rounding), 0), ifnull(sum(returns), 0), ifnull(sum(refunds), 0), ifnull(sum(voids), 0), ifnull(sum(cancelled), 0), ifnull(sum(post_voids), 0)
		FROM shift_sum WHERE day BETWEEN ? AND ?`
	askTenders = `SELECT kind, sum(count), sum(amount), sum(refunded), sum(tendered), sum(change), sum(unverified), sum(unverified_count) FROM tender_sum
		WHERE ` + shiftsOf + ` GROUP BY kind ORDER BY kind`
	askTaxes = `SELECT class, rate, mode, sum(taxable), sum(tax) FROM tax_sum WHERE ` + shiftsOf + ` GROUP BY class, rate, mode ORDER BY class, rate, mode`
	askCash  = `SELECT s.shift, h.float, s.paid_in, s.paid_out, s.drops, s.loans,
		(SELECT ifnull(sum(amount - refunded), 0) FROM tender_sum t WHERE t.shift = s.shift AND t.kind = 'cash'), c.counted, c.over_short
		FROM shift_sum s JOIN shift h ON h.no = s.shift LEFT JOIN shift_close c ON c.no = s.shift WHERE s.day BETWEEN ? AND ? ORDER BY s.shift`
	askHours = "SELECT hour, sum(count), sum(net) FROM hour_sum WHERE day BETWEEN ? AND ? GROUP BY hour ORDER BY hour"
	// Whole months and years from the sums of their closed days, the rest from days.
	askItems = `SELECT code, name, category, sum(qty), sum(net) FROM (
		SELECT code, name, category, qty, net FROM item_period WHERE period BETWEEN ? AND ?
		UNION ALL SELECT code, name, category, qty, net FROM item_period WHERE period BETWEEN ? AND ?
		UNION ALL SELECT code, name, category, qty, net FROM item_period WHERE period BETWEEN ? AND ?
		UNION ALL SELECT code, name, category, qty, net FROM item_sum WHERE day BETWEEN ? AND ?
		UNION ALL SELECT code, name, category, qty, net FROM item_sum WHERE day BETWEEN ? AND ?
		UNION ALL SELECT code, name, category, qty, net FROM item_sum WHERE day IN (SELECT day FROM shift_sum WHERE day BETWEEN ? AND ? EXCEPT SELECT day FROM business_day))
		GROUP BY code, name, category ORDER BY code, name`
	askItemsOfDay = "SELECT code, name, category, qty, net FROM item_sum WHERE day = ? ORDER BY code, name"
	askCashiers   = "SELECT operator, sum(sales), sum(discounts), sum(returns), sum(refunds), sum(net) FROM cashier_sum WHERE day BETWEEN ? AND ? GROUP BY operator ORDER BY operator"
	// What was sent and has no outcome; the states of attempt_open, so that its index is used.
	askPending = "SELECT count(*), ifnull(sum(amount), 0) FROM attempt WHERE state NOT IN (2, 7, 10, 11) AND state IN (3, 4, 5, 6, 8, 9) AND day BETWEEN ? AND ? AND " + real
	askDays    = "SELECT day, sum(count), sum(net) FROM hour_sum WHERE day BETWEEN ? AND ? GROUP BY day ORDER BY day"
)

var reportAsks = []string{askSums, askTenders, askTaxes, askCash, askHours, askItems, askItemsOfDay, askDays, askCashiers, askPending, askWallets, askWalletsOfDay, askPayTimes, askPayTimesOfDay}

// prepare returns the statements of reports.
func (r *readers) prepare(ctx context.Context) (map[string]*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asks != nil {
		return r.asks, nil
	}
	all := map[string]*sql.Stmt{}
	for _, q := range reportAsks {
		s, err := r.PrepareContext(ctx, q)
		if err != nil {
			return nil, err
		}
		all[q] = s
	}
	r.asks = all
	return all, nil
}

// A snapshot reads at one moment, with statements that were prepared for all.
type snapshot struct {
	*sql.Tx
	prepared map[string]*sql.Stmt
}

func (s snapshot) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if p := s.prepared[query]; p != nil {
		return s.StmtContext(ctx, p).QueryContext(ctx, args...)
	}
	return s.Tx.QueryContext(ctx, query, args...)
}

func (s snapshot) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if p := s.prepared[query]; p != nil {
		return s.StmtContext(ctx, p).QueryRowContext(ctx, args...)
	}
	return s.Tx.QueryRowContext(ctx, query, args...)
}

// Report returns what a range of business days took, from the maintained sums.
func (l *Ledger) Report(ctx context.Context, from, to till.BusinessDay) (till.Report, error) {
	r := till.Report{From: from, To: to}
	db := l.r()
	// Before the transaction, which holds a connection while others may wait for one.
	prepared, err := db.prepare(ctx)
	if err != nil {
		return r, fmt.Errorf("report: %w", err)
	}
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return r, fmt.Errorf("report: %w", err)
	}
	defer tx.Rollback()
	q := snapshot{tx, prepared}
	for _, part := range []func(context.Context, rowQuerier, *till.Report) error{
		reportSums, reportTenders, reportTaxes, reportCash, reportHours, reportItems, reportDays, reportCashiers, reportWallets,
	} {
		if err := part(ctx, q, &r); err != nil {
			return r, fmt.Errorf("report: %w", err)
		}
	}
	return r, nil
}

func reportSums(ctx context.Context, q rowQuerier, r *till.Report) error {
	return q.QueryRowContext(ctx, askSums, int(r.From), int(r.To)).Scan(&r.Sales, &r.Gross, &r.Discounts, &r.TaxAdded, &r.Tax, &r.Rounding, &r.Returns,
		&r.Refunds, &r.Voids, &r.Cancelled, &r.PostVoids)
}

// each runs f over the rows of a query.
func each(ctx context.Context, q querier, query string, args []any, f func(scanner) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// shiftsOf is the condition that picks the shifts of the report's days.
const shiftsOf = "shift IN (SELECT shift FROM shift_sum WHERE day BETWEEN ? AND ?)"

func span(r *till.Report) []any { return []any{int(r.From), int(r.To)} }

func reportTenders(ctx context.Context, q rowQuerier, r *till.Report) error {
	return each(ctx, q, askTenders, span(r), func(s scanner) error {
		var t till.TenderTotal
		if err := s.Scan(&t.Kind, &t.Count, &t.Amount, &t.Refunded, &t.Tendered, &t.Change, &t.Unverified, &t.UnvCount); err != nil {
			return err
		}
		r.Unverified += t.UnvCount
		r.UnvAmount += t.Unverified
		if t.Count != 0 || t.Amount != 0 || t.Refunded != 0 {
			r.Tenders = append(r.Tenders, t)
		}
		return nil
	})
}

func reportTaxes(ctx context.Context, q rowQuerier, r *till.Report) error {
	return each(ctx, q, askTaxes,
		span(r), func(s scanner) error {
			var t till.TaxTotal
			if err := s.Scan(&t.Class.Code, &t.Class.Rate, &t.Class.Mode, &t.Taxable, &t.Tax); err != nil {
				return err
			}
			if t.Taxable != 0 || t.Tax != 0 {
				r.Taxes = append(r.Taxes, t)
			}
			return nil
		})
}

func reportCash(ctx context.Context, q rowQuerier, r *till.Report) error {
	return each(ctx, q, askCash,
		span(r), func(s scanner) error {
			var c till.CashRow
			var cash money.Amount
			var counted, over sql.NullInt64
			if err := s.Scan(&c.Shift, &c.Float, &c.PaidIn, &c.PaidOut, &c.Drops, &c.Loans, &cash, &counted, &over); err != nil {
				return err
			}
			c.Expected = c.Float + cash + c.PaidIn + c.Loans - c.PaidOut - c.Drops
			c.Counted, c.OverShort, c.Closed = money.Amount(counted.Int64), money.Amount(over.Int64), counted.Valid
			r.Cash = append(r.Cash, c)
			return nil
		})
}

func reportHours(ctx context.Context, q rowQuerier, r *till.Report) error {
	return each(ctx, q, askHours, span(r), func(s scanner) error {
		var h till.HourRow
		if err := s.Scan(&h.Hour, &h.Count, &h.Net); err != nil {
			return err
		}
		if h.Count != 0 || h.Net != 0 {
			r.Hours = append(r.Hours, h)
		}
		return nil
	})
}

// goodsSpans is a range of days as askItems takes it: whole years, the whole
// months before and after them, the days before and after those, and all that is
// in whole months. An empty span ends before it begins.
func goodsSpans(from, to till.BusinessDay) []any {
	firstMonth, lastMonth := int(from)/100, int(to)/100
	if int(from)%100 > 1 {
		firstMonth = int(till.BusinessDay(firstMonth*100+28).Plus(4)) / 100
	}
	if to.Plus(1)/100 == to/100 {
		lastMonth = int(till.BusinessDay(lastMonth*100+1).Plus(-1)) / 100
	}
	if firstMonth > lastMonth {
		return []any{1, 0, 1, 0, 1, 0, int(from), int(to), 1, 0, 1, 0}
	}
	firstYear, lastYear := firstMonth/100, lastMonth/100
	if firstMonth%100 > 1 {
		firstYear++
	}
	if lastMonth%100 < 12 {
		lastYear--
	}
	before, after := []any{firstMonth, firstYear*100 - 1}, []any{lastYear*100 + 100, lastMonth}
	if firstYear > lastYear {
		before, after = []any{firstMonth, lastMonth}, []any{1, 0}
	}
	out := append([]any{firstYear, lastYear}, append(before, after...)...)
	return append(out, int(from), firstMonth*100, lastMonth*100+32, int(to), firstMonth*100, lastMonth*100+32)
}

func reportItems(ctx context.Context, q rowQuerier, r *till.Report) error {
	query, args := askItems, goodsSpans(r.From, r.To)
	if r.From == r.To {
		// The rows of one day lie in this order, one for each category of an item.
		query, args = askItemsOfDay, []any{int(r.From)}
	}
	var last till.ItemRow
	put := func() {
		if last.Qty != 0 || last.Net != 0 {
			r.Items = append(r.Items, last)
		}
	}
	kinds := map[string]*till.CategoryRow{}
	err := each(ctx, q, query, args, func(s scanner) error {
		var i till.ItemRow
		var category string
		if err := s.Scan(&i.Code, &i.Name, &category, &i.Qty, &i.Net); err != nil {
			return err
		}
		c := kinds[category]
		if c == nil {
			c = &till.CategoryRow{Name: category}
			kinds[category] = c
		}
		c.Qty += i.Qty
		c.Net += i.Net
		if i.Code == last.Code && i.Name == last.Name {
			last.Qty += i.Qty
			last.Net += i.Net
			return nil
		}
		put()
		last = i
		return nil
	})
	put()
	for _, c := range kinds {
		if c.Qty != 0 || c.Net != 0 {
			r.Categories = append(r.Categories, *c)
		}
	}
	slices.SortFunc(r.Categories, func(a, b till.CategoryRow) int { return cmp.Compare(a.Name, b.Name) })
	return err
}

func reportCashiers(ctx context.Context, q rowQuerier, r *till.Report) error {
	err := each(ctx, q, askCashiers, span(r), func(s scanner) error {
		var c till.CashierRow
		if err := s.Scan(&c.Operator, &c.Sales, &c.Discounts, &c.Returns, &c.Refunds, &c.Net); err != nil {
			return err
		}
		r.Cashiers = append(r.Cashiers, c)
		return nil
	})
	if err != nil {
		return err
	}
	return q.QueryRowContext(ctx, askPending, span(r)...).Scan(&r.Pending, &r.PendAmount)
}

func reportDays(ctx context.Context, q rowQuerier, r *till.Report) error {
	return each(ctx, q, askDays, span(r), func(s scanner) error {
		var d till.DayRow
		if err := s.Scan(&d.Date, &d.Count, &d.Net); err != nil {
			return err
		}
		if d.Count != 0 || d.Net != 0 {
			r.Days = append(r.Days, d)
		}
		return nil
	})
}
