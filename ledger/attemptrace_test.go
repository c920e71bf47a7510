package ledger

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"guitai/till"
)

// Payments move beside selling, each on a goroutine of its own, and some of what
// they learn goes into the journal between two sales.
func TestPaymentsMoveBesideSelling(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	var hands sync.WaitGroup
	failed := make(chan error, 8)
	for h := range cap(failed) {
		hands.Go(func() {
			path := []till.AttemptState{till.Sending, till.Pending, till.PaidFor}
			if h%2 == 0 {
				path = []till.AttemptState{till.Sending, till.Unknown, till.Watch, till.LatePaid, till.RefundDue}
			}
			for range 5 {
				a, err := c.l.PlanAttempt(bg, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 100, Cashier: "1001"})
				for _, to := range path {
					if err == nil {
						a, err = c.l.MoveAttempt(bg, a.Number, a.State, till.AttemptMove{To: to, At: time.Now()})
					}
				}
				var r till.WalletRefund
				if err == nil {
					r, err = c.l.PlanRefund(bg, till.WalletRefund{Attempt: a.Number, Amount: 100, Why: "x"})
				}
				for _, to := range []till.RefundState{till.RefundSending, till.RefundDone} {
					if err == nil {
						r, err = c.l.MoveRefund(bg, r.Number, r.State, till.RefundMove{To: to, At: time.Now()})
					}
				}
				if err != nil {
					failed <- fmt.Errorf("hand %d: %w", h, err)
					return
				}
			}
		})
	}
	for range 40 {
		c.sell(t, 3)
	}
	hands.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	c.closeShift(t)
	if now := c.accounts(t); now["customers"] != 0 || now["tender:wallet:alipay"] != 0 {
		t.Errorf("accounts %v: everything went back", now)
	}
	if n := len(c.notes(t)); n != 2*5*cap(failed) {
		t.Errorf("%d notes, want one for each payment and one for each refund", n)
	}
	c.audited(t)
}

// What the guards refuse is a refusal with a code, which nobody tries again.
func TestARefusalOfTheGuardsHasACode(t *testing.T) {
	c := shopWithClock(t)
	err := c.l.append(bg, "plan", func(w *writing) error {
		return w.l.exec(bg, insertAttempt, "small letters", "x", "live", nil, 0, int64(5), "CNY", 0, "", "", "", 0, 0, int64(1), 0)
	})
	if err == nil || till.CodeOf(err) != "" {
		t.Errorf("a check of the database: %v", err)
	}
	a := c.plan(t, c.basket(1), 100)
	err = c.l.append(bg, "move", func(w *writing) error {
		return w.l.exec(bg, insertMove, a.Number, 1, 1, 11, int64(5), "", "", "", "", "", "", int64(0), "", "", false, int64(0))
	})
	if till.CodeOf(err) != till.NotAllowed {
		t.Errorf("no such arrow: %v", err)
	}
	c.audited(t)
}
