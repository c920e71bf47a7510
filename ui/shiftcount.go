package ui

import (
	"guitai/till"
	"guitai/till/money"
)

// piecesMax bounds how many pieces of one coin or note are counted: more than a drawer holds.
const piecesMax = 99_999

// denominations are the notes and coins in use, in minor units, the largest first. Currencies that are not here are
// counted by the pattern 1-2-5, which most follow.
var denominations = map[string][]money.Amount{
	"CNY": {10000, 5000, 2000, 1000, 500, 100, 50, 10},
	"HKD": {100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10},
	"EUR": {20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1},
	"GBP": {5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1},
	"USD": {10000, 5000, 2000, 1000, 500, 100, 25, 10, 5, 1},
	"CHF": {20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5},
	"JPY": {10000, 5000, 1000, 500, 100, 50, 10, 5, 1},
	"KRW": {50000, 10000, 5000, 1000, 500, 100, 50, 10},
	"SGD": {10000, 5000, 1000, 500, 200, 100, 50, 20, 10, 5},
	"MYR": {10000, 5000, 2000, 1000, 500, 100, 50, 20, 10, 5},
	"THB": {100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 25},
	"BRL": {20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5},
	"INR": {50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100},
	"AUD": {10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5},
}

// denominationsOf returns the notes and coins of a currency, the largest first.
func denominationsOf(c money.Currency) []money.Amount {
	if d, ok := denominations[c.Code]; ok {
		return d
	}
	var out []money.Amount
	for unit := c.Unit() * 100; unit >= max(1, c.Unit()/10); unit /= 10 {
		for _, n := range []money.Amount{5, 2, 1} {
			if unit == c.Unit()*100 && n != 1 {
				continue
			}
			out = append(out, unit*n)
		}
	}
	return out
}

// cashCount is a count of the drawer while it is being typed: pieces by denomination.
type cashCount struct {
	rows  []till.Pieces
	at    int  // the row being typed; len(rows) once the last is done
	fresh bool // the next digit begins the row anew
}

func newCashCount(c money.Currency) *cashCount {
	n := &cashCount{fresh: true}
	for _, d := range denominationsOf(c) {
		n.rows = append(n.rows, till.Pieces{Denomination: d})
	}
	return n
}

// done reports whether every row was gone through.
func (c *cashCount) done() bool { return c.at >= len(c.rows) }

func (c *cashCount) choose(row int) { c.at, c.fresh = max(0, min(row, len(c.rows))), true }

func (c *cashCount) next() { c.choose(c.at + 1) }

// digit types into the row; what would be more than piecesMax is not typed.
func (c *cashCount) digit(d int) {
	if c.done() {
		return
	}
	r := &c.rows[c.at]
	if c.fresh {
		r.N, c.fresh = 0, false
	}
	if n := r.N*10 + d; n <= piecesMax {
		r.N = n
	}
}

func (c *cashCount) erase() {
	if !c.done() {
		c.rows[c.at].N /= 10
		c.fresh = false
	}
}

func (c *cashCount) zero() {
	for i := range c.rows {
		c.rows[i].N = 0
	}
	c.choose(0)
}

// add counts by pieces more or fewer in a row, and chooses it.
func (c *cashCount) add(row, by int) {
	if row < 0 || row >= len(c.rows) {
		return
	}
	c.choose(row)
	r := &c.rows[row]
	r.N = max(0, min(r.N+by, piecesMax))
}

// set takes a count over: what the last shift left.
func (c *cashCount) set(from till.Count) {
	c.zero()
	for _, p := range from {
		for i := range c.rows {
			if c.rows[i].Denomination == p.Denomination {
				c.rows[i].N = p.N
			}
		}
	}
	c.choose(len(c.rows))
}

func (c *cashCount) count() till.Count {
	var out till.Count
	for _, r := range c.rows {
		if r.N > 0 {
			out = append(out, r)
		}
	}
	return out
}

func (c *cashCount) total() money.Amount { return c.count().Total() }
