package ledger

import (
	"testing"
	"time"

	"guitai/till"
)

// The story of a sale has its lines in their order, those taken off too, what
// was approved, the slip and the drawer, and each copy with its number.
func TestTheStoryOfASaleHasItsLinesSlipAndDrawer(t *testing.T) {
	c := shopWithClock(t)
	for range 3 {
		tx := c.sold(c.basket(1))
		tx.Pulse = "sale"
		c.must(t, tx)
		c.at = c.at.Add(time.Minute)
	}
	s := c.basket(3)
	s.Lines[1].Voided = true
	for i := range s.Lines {
		s.Lines[i].At = s.OpenedAt.Add(time.Duration(i) * time.Second)
	}
	if err := s.Price(); err != nil {
		t.Fatal(err)
	}
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.Approved{Act: "discount_sale", For: "1001"})}})
	tx := c.sold(s)
	tx.Pulse = "sale"
	c.must(t, tx)
	no := s.Receipt
	story, err := c.l.Story(bg, no)
	if err != nil {
		t.Fatal(err)
	}
	var lines, off, slips, drawers, approved int
	for _, e := range story {
		switch r := e.Record.(type) {
		case *till.Approved:
			approved++
		case *till.StoryMark:
			switch {
			case r.What == till.MarkSlip:
				slips++
			case r.What == till.MarkDrawer && r.State == string(till.PulseQueued):
				drawers++
			case r.What == till.MarkLine && r.Line.Voided:
				off++
			case r.What == till.MarkLine:
				lines++
			}
		}
	}
	if lines != 2 || off != 1 || slips != 1 || drawers != 1 || approved != 1 {
		t.Errorf("%d lines, %d taken off, %d slips, %d openings of the drawer, %d approvals", lines, off, slips, drawers, approved)
	}
}
