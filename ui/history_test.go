package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// receipts are the receipt numbers that the list of past sales shows.
func (c *counter) receipts() (out []int) {
	c.Helper()
	p, ok := c.w.page().(*historyPage)
	if !ok {
		c.Fatalf("%s is no list of past sales", c.w.at)
	}
	for _, s := range p.state().list {
		out = append(out, s.Receipt)
	}
	return out
}

// threeSales are a milk in cash, a bread by card and a coffee in cash, an hour apart; the bread came back.
func threeSales(c *counter) {
	c.run.OK(till.Scan{Code: milk}, till.PayCash{}, till.NextSale{})
	c.at(18, 10, 5)
	c.run.OK(till.Scan{Code: bread}, till.Pay{Kind: till.Card, Ref: "4242/000001"}, till.NextSale{})
	c.at(18, 11, 5)
	c.run.OK(till.Scan{Code: coffee}, till.PayCash{}, till.NextSale{})
	c.run.OK(till.TakeReturn{Receipt: 2, Lines: []till.ReturnOf{{Line: 1, Qty: money.One}}, Reason: "Faulty"})
	c.show()
}

func TestPastSalesAreFound(t *testing.T) {
	c, _ := back(t, "1002")
	threeSales(c)
	c.w.Open(PageHistory)
	if got := c.receipts(); !slices.Equal(got, []int{4, 3, 2, 1}) {
		t.Fatalf("today's list is %v", got)
	}
	gone := 0
	for _, word := range c.words() {
		if word == "−¥3.50" {
			gone++
		}
	}
	if gone != 3 {
		t.Fatalf("a return says %d times that money went out, want in the list, at its line and at its tender", gone)
	}
	for _, row := range []struct {
		by, typed string
		want      []int
	}{
		{"receipt number", "#0003", []int{3}},
		{"amount", "15.90", []int{1}},
		{"item", "面包", []int{4, 2}},
		{"code", "301", []int{3}},
		{"nothing", "no such thing", nil},
	} {
		t.Run(row.by, func(t *testing.T) {
			c.press(fyne.KeyF2)
			if f, ok := c.win.Canvas().Focused().(interface{ SelectAll() }); ok {
				f.SelectAll()
				c.press(fyne.KeyBackspace)
			}
			c.hand(row.typed, fyne.KeyReturn)
			if got := c.receipts(); !slices.Equal(got, row.want) {
				t.Fatalf("%q found %v, want %v", row.typed, got, row.want)
			}
			c.w.win.Canvas().Unfocus()
		})
	}
	c.sees("Nothing found", "Choose other days, or fewer words.")
	before := len(c.run.J.Prints)
	c.press(fyne.KeyF5)
	c.press(fyne.KeyF9)
	if c.is(PageHistory); len(c.run.J.Prints) != before {
		t.Fatal("F5 printed a sale that was not found")
	}
	c.scan("GT2")
	if got := c.receipts(); !slices.Contains(got, 2) {
		t.Fatalf("a scanned receipt found %v", got)
	}
	c.sees("¥3.50", "Bread ×1", "Bank card", "林晓 · Return on #0002, ¥3.50 given back, because: Faulty")
	prints := len(c.run.J.Prints)
	c.press(fyne.KeyF5)
	if got := c.run.J.Prints; len(got) != prints+1 || got[prints].Ref != 2 || got[prints].Copy == 0 {
		t.Fatalf("F5 printed %+v, want a marked copy of receipt 2", got[prints:])
	}
}

func TestPastSalesThatCannotBeReadSayThatNothingHappened(t *testing.T) {
	c, a := back(t, "1002")
	a.refuse = &till.Error{Code: till.CannotSave}
	c.w.Open(PageHistory)
	c.sees("The books are as they were. Leave this page and come back.")
}
