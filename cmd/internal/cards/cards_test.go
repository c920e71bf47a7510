package cards_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guitai/till"
)

// A payment that the terminal approves is one card tender, with what the terminal
// said of it, on the receipt and in the report.
func TestAnApprovedPaymentIsACardTender(t *testing.T) {
	c := newCounter(t, false)
	c.ring(3640)
	number := c.charge(0)
	s := c.paid()
	want := number + "/4242/girocard/000101/0101/AB0123/12345678"
	if len(s.Tenders) != 1 || s.Tenders[0].Kind != till.Card || s.Tenders[0].Amount != 3640 || s.Tenders[0].Evidence != till.ByProvider || s.Tenders[0].Ref != want {
		t.Fatalf("the tender is %+v, want 36.40 of kind card with %s", s.Tenders, want)
	}
	r, err := c.book.Report(context.Background(), s.Day, s.Day)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Tenders) != 1 || r.Tenders[0].Kind != till.Card || r.Tenders[0].Amount != 3640 || r.UnvAmount != 0 {
		t.Errorf("the report has %+v, unverified %+v", r.Tenders, r.UnvAmount)
	}
	if books := c.sim.Books(); len(books) != 1 || books[0].Amount != 3640 {
		t.Errorf("the terminal took %+v", books)
	}
	c.even()
}

// Cash and the terminal share a sale.
func TestCashAndATerminalShareASale(t *testing.T) {
	c := newCounter(t, false)
	c.ring(8640)
	c.act(till.PayCash{Amount: 5000, Tendered: 5000})
	c.charge(0)
	s := c.paid()
	if len(s.Tenders) != 2 || s.Tenders[0].Kind != till.Cash || s.Tenders[0].Amount != 5000 || s.Tenders[1].Kind != till.Card || s.Tenders[1].Amount != 3640 {
		t.Errorf("the tenders are %+v", s.Tenders)
	}
	c.even()
}

// A payment that the terminal declines leaves the sale as it was; another way to
// pay, or the terminal again, settles it.
func TestADeclinedPaymentLeavesTheSale(t *testing.T) {
	c := newCounter(t, false)
	for _, row := range []struct {
		command string
		reason  till.Reason
	}{{"decline", till.CardRefused}, {"cancel", till.PayerRefused}} {
		c.obey(row.command)
		c.ring(1000)
		c.charge(0)
		a := c.in(till.Declined)
		if v := c.reg.View(); a.Reason != row.reason || v.Sale == nil || v.Due != 1000 || len(v.Sale.Tenders) != 0 {
			t.Errorf("%s: %s %s, due %d", row.command, a.State, a.Reason, v.Due)
		}
		c.obey("approve")
		c.charge(0)
		if s := c.paid(); len(s.Tenders) != 1 || s.Tenders[0].Kind != till.Card {
			t.Errorf("%s: the tenders are %+v", row.command, s.Tenders)
		}
	}
	if got := c.kept(); got != 2000 {
		t.Errorf("the terminal keeps %d", got)
	}
	c.even()
}

// The cashier stops a payment that waits for the customer.
func TestAPaymentIsStoppedAtTheTill(t *testing.T) {
	c := newCounter(t, false)
	c.obey("late 60")
	c.ring(1000)
	number := c.charge(0)
	c.asked()
	c.act(till.StopAttempt{Number: number})
	c.in(till.Cancelled)
	c.act(till.PayCash{})
	if s := c.paid(); len(s.Tenders) != 1 || s.Tenders[0].Kind != till.Cash {
		t.Errorf("the tenders are %+v", s.Tenders)
	}
	if got := c.sim.Books(); len(got) != 0 {
		t.Errorf("the terminal took %+v", got)
	}
	c.even()
}

// A terminal that is off took nothing, and the sale is free at once.
func TestATerminalThatIsOffHoldsNoSale(t *testing.T) {
	c := newCounter(t, false)
	c.obey("unplug")
	c.ring(1000)
	c.charge(0)
	if a := c.in(till.Declined); a.Reason != till.ReaderNotReady {
		t.Errorf("declined as %s: %s", a.Reason, a.Said)
	}
	c.act(till.Pay{Kind: till.Card, Ref: "4242/123456"})
	if s := c.paid(); s.Tenders[0].Evidence != till.ByCashier {
		t.Errorf("the tender is %+v", s.Tenders[0])
	}
	c.obey("plug")
	c.ring(1100)
	c.charge(0)
	c.paid()
	c.even()
}

// The cable is pulled while the customer pays. Nobody knows; the share is locked,
// and once the terminal can be asked it turns out paid, once.
func TestACableIsPulledDuringAPayment(t *testing.T) {
	for _, row := range []struct {
		end  string
		paid bool
	}{{"approve", true}, {"decline", false}} {
		t.Run(row.end, func(t *testing.T) {
			c := newCounter(t, false)
			c.obey(row.end, "late 1")
			c.ring(1000)
			number := c.charge(0)
			c.asked()
			c.obey("unplug")
			a := c.in(till.Unknown)
			if a.Reason != till.NoNetwork {
				t.Errorf("unknown as %s", a.Reason)
			}
			c.refused(till.PayCash{}, till.PaymentOpen)
			c.refused(till.PayWallet{Wallet: till.CardTerminal, Amount: 1000, Way: till.Tap}, till.PaymentOpen)
			for !c.sim.Idle() {
				time.Sleep(time.Millisecond)
			}
			c.obey("plug")
			c.act(till.CheckAttempt{Number: number})
			if row.paid {
				if s := c.paid(); len(s.Tenders) != 1 || !strings.HasPrefix(s.Tenders[0].Ref, number+"/4242/") {
					t.Errorf("the tenders are %+v", s.Tenders)
				}
			} else {
				c.in(till.Declined)
			}
			c.even()
		})
	}
}

// A manager lets the sale go on without a payment of which nobody knows. What
// then turns out paid goes back, and no new card is taken before that is known.
func TestALatePaymentGoesBack(t *testing.T) {
	c := newCounter(t, false)
	c.obey("late 1")
	c.ring(1000)
	first := c.charge(0)
	c.asked()
	c.obey("unplug")
	c.in(till.Unknown)
	c.act(till.OverrideAttempt{Number: first, Reason: "queue"})
	c.until("the sale is free", func(v till.View) bool { return v.Attempt == nil || !v.Attempt.Holds() })
	c.act(till.PayCash{})
	c.paid()
	for !c.sim.Idle() {
		time.Sleep(time.Millisecond)
	}
	if got := c.kept(); got != 1000 {
		t.Fatalf("the terminal keeps %d", got)
	}
	c.obey("plug", "late 0")
	c.ring(2000)
	c.charge(0)
	c.paid()
	c.until("the first money goes back", func(till.View) bool { return c.kept() == 2000 })
	c.until("nothing is open", func(v till.View) bool {
		for _, a := range v.Attempts {
			if a.State.Open() {
				return false
			}
		}
		return true
	})
	c.even()
}

// A terminal that was replaced can say nothing of a payment. A person looks at
// the old one and ends it; then the new one takes cards.
func TestAPersonEndsWhatTheTerminalCannotTell(t *testing.T) {
	c := newCounter(t, false)
	c.ring(900)
	c.charge(0)
	c.paid()
	c.obey("late 1", "other") // it books another amount: no proof of this payment
	c.ring(1000)
	number := c.charge(0)
	a := c.in(till.Unknown)
	if a.Reason != till.TerminalDoubt {
		t.Errorf("unknown as %s: %s", a.Reason, a.Said)
	}
	c.obey("late 0", "approve")
	c.act(till.Park{})
	c.ring(1100)
	c.charge(0)
	if b := c.in(till.Declined); b.Reason != till.RecoverFirst {
		t.Fatalf("a payment beside an open one: %s %s", b.Reason, b.Said)
	}
	c.act(till.EndAttempt{Number: number, Reason: "replaced"})
	c.until("it is ended", func(v till.View) bool {
		for _, x := range v.Attempts {
			if x.Number == number {
				return x.State == till.Declined && x.Reason == till.ByPerson
			}
		}
		return false
	})
	c.charge(0)
	c.paid()
	c.act(till.NextSale{})
	c.act(till.Recall{Sale: c.reg.View().Parked[0].Sale.ID})
	c.act(till.Pay{Kind: till.Card, Ref: "4242/999"})
	if s := c.paid(); s.Tenders[0].Amount != 1000 || s.Tenders[0].Evidence != till.ByCashier {
		t.Errorf("the tender is %+v", s.Tenders)
	}
	c.refused(till.EndAttempt{Number: number, Reason: "again"}, till.NoSuchAttempt)
	// 999 of what the terminal keeps stand in the books as a person's word.
	even(c, c.book, c.kept()-999)
}

// Goods come back the day they were sold: all of a payment is reversed at the
// terminal without a card, a part is given back to the card.
func TestGoodsComeBackThroughTheTerminal(t *testing.T) {
	c := newCounter(t, false)
	c.ring(3000)
	c.act(till.AddTyped{Name: "面包", Price: 500_00})
	c.charge(0)
	c.paid()
	c.act(till.TakeReturn{Receipt: 1, Reason: "x", Lines: []till.ReturnOf{{Line: 2, Qty: 1000}}})
	v := c.until("the refund", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundDone })
	if x := v.Done.Return.Refunds; len(x) != 1 || x[0].Kind != till.Card || x[0].Amount != 500 || x[0].Evidence != till.ByProvider {
		t.Errorf("the return is settled by %+v", x)
	}
	c.ring(2000)
	c.charge(0)
	c.paid()
	c.act(till.PostVoid{Receipt: 3, Reason: "x"})
	c.until("the reversal", func(v till.View) bool {
		return c.kept() == 3000 && len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundDone
	})
	books := c.sim.Books()
	if len(books) != 3 || books[1].Amount != -500 || !books[2].Reversed {
		t.Errorf("the terminal's books are %+v", books)
	}
	c.even()
	if z, _, err := c.book.Totals(context.Background(), 1); err != nil || len(z.Tenders) != 1 || z.Tenders[0].Amount != 5500 || z.Tenders[0].Refunded != 2500 {
		t.Errorf("the shift has %+v, %v", z.Tenders, err)
	}
}

// What the terminal definitely does not give back is paid out in cash, once.
func TestARefundThatTheTerminalRefuses(t *testing.T) {
	c := newCounter(t, false)
	c.ring(3000)
	c.charge(0)
	c.paid()
	c.obey("decline")
	c.act(till.TakeReturn{Receipt: 1, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: 1000}}})
	v := c.until("the refusal", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundFailed })
	c.act(till.RefundInCash{Number: v.Refunds[0].Number})
	c.refused(till.RefundInCash{Number: v.Refunds[0].Number}, till.NotInCash)
	if c.kept() != 3000 {
		t.Errorf("the terminal keeps %d", c.kept())
	}
	c.even()
}

// The link breaks while money goes back: it is asked for, and never ordered
// again.
func TestARefundIsOrderedOnce(t *testing.T) {
	c := newCounter(t, false)
	c.ring(3000)
	c.charge(0)
	c.paid()
	c.obey("cut result")
	c.act(till.TakeReturn{Receipt: 1, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: 500}}})
	v := c.until("nobody knows", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundUnknown })
	c.act(till.CheckAttempt{Number: v.Refunds[0].Number})
	c.until("the refund", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundDone })
	if c.kept() != 1500 {
		t.Errorf("the terminal keeps %d: %+v", c.kept(), c.sim.Books())
	}
	c.even()
}

// A card that a person took and one of the terminal go back each its own way.
func TestTwoCardsOfOneSaleGoBack(t *testing.T) {
	c := newCounter(t, false)
	c.ring(3000)
	c.charge(1000)
	c.until("a part", func(v till.View) bool { return v.Due == 2000 && v.Attempt == nil })
	c.act(till.Pay{Kind: till.Card, Ref: "1111/222"})
	c.paid()
	c.act(till.PostVoid{Receipt: 1, Reason: "x"})
	v := c.until("the refund", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundDone })
	if x := v.Done.Return.Refunds; len(x) != 2 || x[0].Amount != 1000 || x[0].Evidence != till.ByProvider || x[1].Amount != 2000 || x[1].Evidence != till.ByCashier {
		t.Errorf("the return is settled by %+v", x)
	}
	if c.kept() != 0 {
		t.Errorf("the terminal keeps %d", c.kept())
	}
	c.even()
}

// The terminal's slips are queued for the printer, once each.
func TestCardSlipsArePrinted(t *testing.T) {
	c := newCounter(t, true)
	c.ring(3000)
	c.charge(0)
	c.paid()
	var jobs []till.Job
	for end := time.Now().Add(5 * time.Second); len(jobs) == 0 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		all, err := c.book.JobsDue(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range all {
			if j.Kind == till.SlipCard {
				jobs = append(jobs, j)
			}
		}
	}
	if len(jobs) != 1 || jobs[0].Text != "SIMULATED TERMINAL\nTrace 000101\nThank you" {
		t.Errorf("the slips are %+v", jobs)
	}
}

// A refund of which the terminal can say nothing more keeps it from nothing for
// ever: a person looks, and says whether it was made.
func TestAPersonEndsARefundThatTheTerminalCannotTell(t *testing.T) {
	c := newCounter(t, false)
	for _, made := range []bool{false, true} {
		c.obey("approve")
		c.ring(3000)
		c.charge(0)
		receipt := c.paid().Receipt
		c.obey("other") // it gives another amount back: no proof of this refund
		c.act(till.TakeReturn{Receipt: receipt, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: 500}}})
		v := c.until("nobody knows", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundUnknown })
		number := v.Refunds[0].Number
		c.obey("approve")
		c.ring(100)
		c.charge(0)
		if a := c.in(till.Declined); a.Reason != till.RecoverFirst {
			t.Errorf("a payment beside an open refund: %s", a.Reason)
		}
		c.act(till.EndRefund{Number: number, Made: made, Reason: "seen"})
		if made {
			c.until("it is over", func(v till.View) bool { return len(v.Refunds) == 0 })
		} else {
			c.until("it was not made", func(v till.View) bool { return len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundFailed })
			c.act(till.RefundInCash{Number: number})
		}
		c.charge(0)
		c.paid()
	}
	// The simulator has given 14.99 and 14.99 back: the first was paid in cash as
	// well, on a person's word that it was not made.
	even(c, c.book, c.kept()+2*1499-1500)
}
