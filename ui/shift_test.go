package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

func TestAShiftOpensOnTheFloatCountedAndClosesBlind(t *testing.T) {
	c, a := backAt(t, 1366, 768)
	c.run.SignOn("1002")
	c.show()
	c.w.SetLanguage("en")
	if c.w.at != PageShift {
		t.Fatalf("without a shift the till shows %s", c.w.at)
	}
	c.hand("1", fyne.KeyReturn) // one of 100
	c.hand("2", fyne.KeyReturn) // two of 50
	c.sees("Float", "¥200.00")
	c.press(fyne.KeyF9)
	if s := c.run.Reg.View().Shift; s == nil || s.Float != 20000 {
		t.Fatalf("the shift opened as %+v, want a float of 200.00", s)
	}
	twoMilks(c)

	c.w.Open(PageShift)
	if all := strings.Join(c.words(), "|"); strings.Contains(all, "Expected|") || strings.Contains(all, "221.80") {
		t.Fatalf("a blind count shows what should be there: %s", all)
	}
	for _, n := range []string{"2", "0", "1", "0", "0", "1", "1"} { // 200 + 20 + 1 + 0.50
		c.hand(n, fyne.KeyReturn)
	}
	c.sees("¥221.50")
	c.press(fyne.KeyF9)
	c.sees("Expected", "¥221.80", "Short", "−¥0.30", "Reason for the variance", "Choose a reason first")
	if c.press(fyne.KeyF9); c.run.Reg.View().Shift == nil {
		t.Fatal("the shift closed with a variance and no reason")
	}
	c.tap("Wrong change")
	c.press(fyne.KeyF9)
	z := lastRecord[*till.ZReported](c)
	want, _, err := c.run.J.Totals(c.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	closed := lastRecord[*till.ShiftClosed](c)
	if closed.Counted != 22150 || closed.Expected != 22180 || closed.OverShort != -30 || closed.Reason != "Wrong change" {
		t.Fatalf("closed %+v", closed)
	}
	if z.No != 1 || z.Totals.Net() != want.Net() || z.Totals.Net() != 3180 || z.Counted != 22150 || z.GrandTotal != 3180 {
		t.Fatalf("Z %+v, want the totals of the shift: net %d", z, want.Net())
	}
	c.sees("Shift 1 is closed", "¥31.80", "¥221.80", "¥221.50", "−¥0.30", "Cash · 1 sale", "¥21.80", "Bank card · 1 sale", "¥10.00")
	c.press(fyne.KeyF5)
	if !slices.Equal(a.printed, []int{1}) {
		t.Fatalf("printed Zs %v", a.printed)
	}

	// The next shift offers what the last one left.
	c.press(fyne.KeyReturn)
	c.sees("Open shift: count the float", "As last time ¥221.50")
	c.press(fyne.KeyF6)
	c.press(fyne.KeyF9)
	if s := c.run.Reg.View().Shift; s == nil || s.Float != 22150 || s.No != 2 {
		t.Fatalf("the second shift opened as %+v", s)
	}
}

func TestAnExactCountNeedsNoReason(t *testing.T) {
	c, _ := back(t, "1001")
	c.w.Open(PageShift)
	c.hand("2", fyne.KeyF9)
	c.sees("Exact", "¥0.00")
	c.press(fyne.KeyF9)
	if got := lastRecord[*till.ShiftClosed](c); got.OverShort != 0 || got.Counted != 20000 {
		t.Fatalf("closed %+v", got)
	}
}

func TestCashMovesWithAReasonAndByWhoMay(t *testing.T) {
	for _, row := range []struct {
		who, kind, reason, typed string
		amount                   money.Amount
		movement                 till.CashKind
		approved                 string
	}{
		{"1002", "Pay out", "Supplier", "80", 8000, till.PaidOut, "1003"},
		{"1001", "Pay in", "Deposit", "12.5", 1250, till.PaidIn, ""},
		{"1001", "Drop to the safe", "To the safe", "100", 10000, till.Drop, ""},
		{"1003", "Change brought in", "Short of change", "50", 5000, till.Loan, ""},
		{"1002", "Open the drawer", "Gave change", "", 0, till.NoSale, ""},
	} {
		t.Run(string(row.movement), func(t *testing.T) {
			c, _ := back(t, row.who)
			pulses := len(c.run.J.Pulses)
			c.w.Open(PageDrawer)
			c.tap(row.kind)
			if c.press(fyne.KeyF9); len(c.sent) != 0 {
				t.Fatalf("sent %+v with nothing typed", c.sent)
			}
			c.tap(row.reason)
			c.hand(row.typed, fyne.KeyF9)
			if row.approved != "" {
				if c.w.View().Approval == nil {
					t.Fatal("nobody was asked for approval")
				}
				c.hand(row.approved, fyne.KeyReturn)
			}
			m := lastRecord[*till.CashMoved](c)
			if m.Movement != row.movement || m.Amount != row.amount || m.Reason != row.reason {
				t.Fatalf("moved %+v, want %s %d", m, row.movement, row.amount)
			}
			if e := c.run.J.Entries(); e[len(e)-1].ApprovedBy != row.approved {
				t.Fatalf("approved by %q, want %q", e[len(e)-1].ApprovedBy, row.approved)
			}
			if len(c.run.J.Pulses) != pulses+1 {
				t.Fatalf("%d pulses to the drawer, want one", len(c.run.J.Pulses)-pulses)
			}
		})
	}
}
