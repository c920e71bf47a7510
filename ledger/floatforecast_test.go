package ledger

import (
	"fmt"
	"slices"
	"testing"

	"guitai/till"
	"guitai/till/money"
)

// A forecast by hand: change of 7.00 three times from notes of 20.00, with one
// customer who pays 5.00 in a note in between.
func TestAFloatIsForecastFromTheChangeGiven(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	given := func(due, tendered money.Amount) {
		s := c.basket(1)
		s.Lines[0].Price, s.Lines[0].ListPrice, s.Lines[0].Qty, s.Discount = due.Price(), due.Price(), money.One, till.Discount{}
		s.Lines[0].Tax = till.TaxClass{Code: "standard", Rate: 130_000}
		if err := s.Price(); err != nil {
			t.Fatal(err)
		}
		c.receipt++
		s.Receipt, s.Shift, s.Day, s.CompletedAt = c.receipt, c.shift, c.day, c.at
		s.Tenders = []till.Tender{{N: 1, Kind: till.Cash, Amount: due, Tendered: tendered, Change: tendered - due, At: c.at, By: "1001"}}
		c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.SaleCompleted{Sale: *s})}})
	}
	pieces := []money.Amount{100, 500, 2000, 200, 1000}
	want := func(days int, same bool, list ...string) {
		t.Helper()
		f, err := c.l.FloatFor(bg, 20260626, pieces)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range f.Pieces {
			got = append(got, fmt.Sprintf("%d need %d have %d", p.Denomination, p.Need, p.Have))
		}
		if f.Days != days || f.Same != same || !slices.Equal(got, list) {
			t.Fatalf("%d days, %t, %q, want %d, %t, %q", f.Days, f.Same, got, days, same, list)
		}
	}
	want(0, false)
	given(1300, 2000)
	given(1300, 2000)
	given(500, 500)
	given(1300, 2000)
	// Two fives go out before one comes in; the third finds that one. Three twos.
	want(1, false, "500 need 2 have 0", "200 need 3 have 0")
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.ShiftClosed{No: 1, Count: till.Count{{Denomination: 500, N: 1}, {Denomination: 2000, N: 3}}, Counted: 6500, Expected: 6500})}})
	want(1, false, "500 need 2 have 1", "200 need 3 have 0")
}
