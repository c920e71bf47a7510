package ledger

import (
	"context"
	"fmt"
	"slices"

	"guitai/till"
	"guitai/till/money"
)

// How many past days a float is forecast from.
const (
	floatWeekdays = 4 // the same weekday
	floatDays     = 7 // any, where there are not two of those
)

// FloatFor forecasts the float of a business day by the change that was given on
// past days: a drawer that begins with these pieces would have run out of none, if
// every customer pays with the fewest notes and takes change in the fewest pieces.
// denominations are those of the currency.
func (l *Ledger) FloatFor(ctx context.Context, day till.BusinessDay, denominations []money.Amount) (till.FloatForecast, error) {
	out := till.FloatForecast{For: day, Same: true}
	pieces := slices.Clone(denominations)
	slices.Sort(pieces)
	slices.Reverse(pieces)
	past := func(step, most, within int) ([]till.BusinessDay, error) {
		var days []till.BusinessDay
		for n := step; n <= within && len(days) < most; n += step {
			d := day.Plus(-n)
			var any bool
			if err := l.r().QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sale WHERE day = ?)", int(d)).Scan(&any); err != nil {
				return nil, err
			}
			if any {
				days = append(days, d)
			}
		}
		return days, nil
	}
	days, err := past(7, floatWeekdays, 7*10)
	if err == nil && len(days) < 2 {
		out.Same = false
		days, err = past(1, floatDays, 30)
	}
	if err != nil {
		return out, fmt.Errorf("forecast the float: %w", err)
	}
	need := make([]int, len(pieces))
	for _, d := range days {
		ran, err := l.ranShort(ctx, d, pieces)
		if err != nil {
			return out, fmt.Errorf("forecast the float: %w", err)
		}
		for i := range need {
			need[i] = max(need[i], ran[i])
		}
	}
	out.Days = len(days)
	have, counted, err := l.lastCount(ctx)
	if err != nil {
		return out, fmt.Errorf("forecast the float: %w", err)
	}
	for i, d := range pieces {
		if need[i] > 0 {
			out.Pieces = append(out.Pieces, till.FloatPieces{Denomination: d, Need: need[i], Have: have[d], Counted: counted})
			out.Total += d * money.Amount(need[i])
		}
	}
	return out, nil
}

// ranShort goes through the cash of a day and returns by denomination how many
// pieces an empty drawer would have lacked at its worst.
func (l *Ledger) ranShort(ctx context.Context, day till.BusinessDay, pieces []money.Amount) ([]int, error) {
	stock, worst := make([]int, len(pieces)), make([]int, len(pieces))
	err := each(ctx, l.r(), "SELECT t.tendered, t.change FROM sale s JOIN tender t ON t.sale = s.seq WHERE s.day = ? AND t.kind = 'cash' ORDER BY s.seq, t.n", []any{int(day)}, func(s scanner) error {
		var tendered, change money.Amount
		if err := s.Scan(&tendered, &change); err != nil {
			return err
		}
		move := func(sum money.Amount, sign int) {
			for i, d := range pieces {
				n := int(sum / d)
				sum -= d * money.Amount(n)
				stock[i] += sign * n
				worst[i] = max(worst[i], -stock[i])
			}
		}
		move(tendered, 1)
		move(change, -1)
		return nil
	})
	return worst, err
}

// lastCount is what the last close counted, by denomination; false where nothing
// was counted piece by piece.
func (l *Ledger) lastCount(ctx context.Context) (map[money.Amount]int, bool, error) {
	have := map[money.Amount]int{}
	d, ok, err := l.LastClose(ctx)
	c, is := d.Record.(*till.ShiftClosed)
	if !ok || !is || err != nil {
		return have, false, err
	}
	for _, p := range c.Count {
		have[p.Denomination] += p.N
	}
	return have, len(c.Count) > 0, nil
}
