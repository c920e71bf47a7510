package ui

import (
	"slices"
	"strconv"
	"strings"

	"guitai/till"
	"guitai/till/money"
)

// quickCash lists the sums a customer is likely to hand over for due: due itself, then n sums that the next notes
// make up, each larger than the one before. Sums of pieces smaller than the currency's unit are left out.
func quickCash(c money.Currency, due money.Amount, n int) []money.Amount {
	if due <= 0 {
		return nil
	}
	out := []money.Amount{due}
	notes := slices.Clone(denominationsOf(c))
	slices.Sort(notes)
	largest := notes[len(notes)-1]
	var steps []money.Amount
	for _, d := range notes {
		// Nobody rounds a large sum up to the next coin.
		if d >= c.Unit() && d*200 > due {
			steps = append(steps, d)
		}
	}
	if len(steps) == 0 {
		steps = []money.Amount{largest}
	}
	for _, d := range steps {
		out = append(out, money.RoundTo(due+d-1, d, money.Down))
	}
	for next := money.RoundTo(due, largest, money.Down) + largest; len(out) < 2*n+len(steps); next += largest {
		out = append(out, next)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), n+1)]
}

// changeOf suggests the notes and coins of a change, the largest first. What the smallest coin does not reach is
// left out.
func changeOf(c money.Currency, change money.Amount) till.Count {
	var out till.Count
	for _, d := range denominationsOf(c) {
		if n := change / d; n > 0 {
			out = append(out, till.Pieces{Denomination: d, N: int(n)})
			change -= n * d
		}
	}
	return out
}

// pieceName names a note or coin as staff do: ¥10, and 5角 for half a yuan in Chinese.
func (w *Window) pieceName(d money.Amount) string {
	c := w.Currency()
	if w.lang != "en" && c.Code == "CNY" && d < c.Unit() && d%10 == 0 {
		return strconv.Itoa(int(d/10)) + "角"
	}
	return Round(c, d)
}

// pieces writes a suggestion: ¥10 ×1 · ¥1 ×3.
func (w *Window) pieces(count till.Count) string {
	var parts []string
	for _, p := range count {
		parts = append(parts, w.pieceName(p.Denomination)+" ×"+strconv.Itoa(p.N))
	}
	return strings.Join(parts, " · ")
}
