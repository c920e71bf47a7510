package ui

import (
	"testing"

	"guitai/till"
	"guitai/till/money"
)

func cny() money.Currency { return money.Currency{Code: "CNY", Exponent: 2} }

func TestTheDrawerIsCountedByTyping(t *testing.T) {
	c := newCashCount(cny())
	for _, d := range []int{1, 2} {
		c.digit(d)
	}
	c.next()
	c.digit(5)
	if got := c.total(); got != 12*10000+5*5000 {
		t.Fatalf("12 x 100 and 5 x 50 come to %d", got)
	}
	c.choose(0)
	c.digit(7)
	if c.rows[0].N != 7 {
		t.Errorf("typing in a row that is chosen again begins it anew, got %d", c.rows[0].N)
	}
	c.erase()
	if c.rows[0].N != 0 {
		t.Errorf("erased to %d", c.rows[0].N)
	}
	c.add(0, -1)
	if c.rows[0].N != 0 {
		t.Errorf("fewer than none: %d", c.rows[0].N)
	}
	for range 12 {
		c.digit(9)
	}
	if c.rows[0].N != piecesMax {
		t.Errorf("typed %d pieces", c.rows[0].N)
	}
	c.choose(len(c.rows))
	if c.digit(9); !c.done() || c.total() != piecesMax*10000+5*5000 {
		t.Errorf("typing after the last row counts: %d", c.total())
	}
}

func TestTheLastCountIsTakenOver(t *testing.T) {
	c := newCashCount(cny())
	c.set(till.Count{{Denomination: 10000, N: 3}, {Denomination: 10, N: 20}, {Denomination: 7, N: 9}})
	if c.total() != 30200 || !c.done() {
		t.Errorf("taken over as %d", c.total())
	}
}

func TestEveryCurrencyHasItsNotesAndCoins(t *testing.T) {
	for _, code := range []string{"CNY", "EUR", "JPY", "KWD", "IDR", "USD"} {
		c, err := money.CurrencyOf(code)
		if err != nil {
			t.Fatal(err)
		}
		d := denominationsOf(c)
		if len(d) < 5 {
			t.Errorf("%s has %d", code, len(d))
		}
		for i := range d {
			if d[i] <= 0 || i > 0 && d[i] >= d[i-1] {
				t.Errorf("%s: %v is not falling", code, d)
				break
			}
		}
	}
}
