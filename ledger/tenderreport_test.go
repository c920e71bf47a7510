package ledger

import (
	"testing"
	"time"

	"guitai/till"
)

// Conversion is of live attempts alone: paid, late ones too, of those started.
func TestTendersSideBySideCountLiveAttempts(t *testing.T) {
	c := shopWithClock(t)
	live := till.Attempt{Wallet: "alipay", Mode: "live", Amount: 100, Cashier: "1001"}
	for range 3 {
		c.tried(t, live, "", till.Sending, till.Pending, till.PaidFor)
	}
	c.tried(t, live, till.NotEnough, till.Sending, till.Declined)
	c.tried(t, live, "", till.Abandoned) // never sent
	test, practice := live, live
	test.Mode, practice.Mode = "test", "practice"
	c.tried(t, test, till.NotEnough, till.Sending, till.Declined)
	c.tried(t, practice, "", till.Sending, till.PaidFor)
	s, err := c.l.SideBySide(bg, c.day, c.day)
	if err != nil {
		t.Fatal(err)
	}
	started, paid := s.Attempts()
	if len(s.Tenders) != 1 || started != 4 || paid != 3 {
		t.Fatalf("%d of %d: %+v", paid, started, s.Tenders)
	}
	if x := s.Tenders[0]; x.Kind != "wallet:alipay" || x.ToPay != 3*time.Second || x.Basket() != 0 || x.Priced {
		t.Errorf("%+v", x)
	}
}
