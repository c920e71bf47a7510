package stripe_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/stripe"
	"guitai/wallet/wallettest"
)

// tap starts a payment at the reader.
func tap(t *testing.T, b *wallettest.Bench) wallet.Charge {
	t.Helper()
	c := b.Charge(1250, till.Tap)
	a := b.Start(t, &c)
	if a.Verdict != wallet.Waiting || !strings.HasPrefix(c.Handle, "pi_") || !strings.Contains(c.Handle, " tmr_") {
		t.Fatalf("start: %+v", a)
	}
	return c
}

func platform(b *wallettest.Bench) *sim.Stripe { return b.Platform.(*sim.Stripe) }

func query(t *testing.T, b *wallettest.Bench, c wallet.Charge, want wallet.Verdict) wallet.Answer {
	t.Helper()
	a := b.Query(t, &c)
	if a.Verdict != want {
		t.Errorf("%v (%s, %s), want %v", a.Verdict, a.Reason, a.Said, want)
	}
	return a
}

func TestTapIsPaid(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := tap(t, b)
	query(t, b, c, wallet.Waiting)
	b.Pay(t, c.Number)
	a := query(t, b, c, wallet.Done)
	if a.Amount != 1250 || a.Currency != "USD" || a.Number != c.Number || !strings.HasPrefix(a.Provider, "pi_") || a.PaidAt.IsZero() {
		t.Errorf("%+v", a)
	}
	r := b.RefundOf(c, 1250)
	r.Of.Provider = a.Provider
	if a, err := b.Provider.(wallet.Refunder).Refund(context.Background(), r); err != nil || a.Verdict != wallet.Done {
		t.Errorf("refund: %v %+v", err, a)
	}
	query(t, b, c, wallet.Returned)
}

// After a decline the same PaymentIntent goes to the reader again: one attempt
// never has two.
func TestTapIsDeclinedAndTriedAgain(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := tap(t, b)
	if err := platform(b).Decline(c.Number, "insufficient_funds"); err != nil {
		t.Fatal(err)
	}
	if a := query(t, b, c, wallet.Refused); a.Reason != till.NotEnough || !strings.HasPrefix(a.Said, "insufficient_funds") {
		t.Errorf("%+v", a)
	}
	before := c.Handle
	if a := b.Start(t, &c); a.Verdict != wallet.Waiting || c.Handle != before {
		t.Errorf("again: %+v", a)
	}
	b.Pay(t, c.Number)
	query(t, b, c, wallet.Done)
	if all := b.Sim.All(); len(all) != 1 || all[0].Captured != 1250 {
		t.Errorf("the books: %+v", all)
	}
}

// The cashier does not learn that a card is reported stolen.
func TestStolenCardIsNotSpokenOf(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := tap(t, b)
	if err := platform(b).Decline(c.Number, "stolen_card"); err != nil {
		t.Fatal(err)
	}
	if a := query(t, b, c, wallet.Refused); a.Said != "card_declined" {
		t.Errorf("said %q", a.Said)
	}
}

func TestReaderFailures(t *testing.T) {
	for _, row := range []struct {
		code   string
		reason till.Reason
	}{
		{"customer_canceled", till.PayerRefused},
		{"terminal_reader_timeout", till.ReaderNotReady},
		{"terminal_reader_hardware_fault", till.ReaderNotReady},
		{"terminal_reader_busy", till.ReaderNotReady},
		{"terminal_reader_offline", till.ReaderNotReady},
		{"expired_card", till.PayerBlocked},
		{"something_new", till.PayerBlocked},
	} {
		b := wallettest.NewBench(t, subject)
		c := tap(t, b)
		if err := platform(b).LeaveReader(c.Number, row.code); err != nil {
			t.Fatal(err)
		}
		if a := query(t, b, c, wallet.Refused); a.Reason != row.reason || !strings.HasPrefix(a.Said, row.code) {
			t.Errorf("%s: %s (%s)", row.code, a.Reason, a.Said)
		}
	}
}

// A reader that is off or at work for another till refuses, and nothing is
// taken. A payment that it took all the same would be found by the number.
func TestReaderNotReady(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	platform(b).SwitchReader(false)
	c := b.Charge(1250, till.Tap)
	if a := b.Start(t, &c); a.Verdict != wallet.Refused || a.Reason != till.ReaderNotReady || a.Handle == "" {
		t.Errorf("off: %+v", a)
	}
	platform(b).SwitchReader(true)
	first := tap(t, b)
	d := b.Charge(700, till.Tap)
	if a := b.Start(t, &d); a.Verdict != wallet.Refused || a.Reason != till.ReaderNotReady {
		t.Errorf("busy: %+v", a)
	}
	// Giving up the second leaves the first on the reader.
	d.GivingUp = true
	if a, err := b.Provider.Cancel(context.Background(), d); err != nil || a.Verdict != wallet.Closed {
		t.Errorf("cancel of the second: %v %+v", err, a)
	}
	query(t, b, first, wallet.Waiting)
	b.Pay(t, first.Number)
	query(t, b, first, wallet.Done)
}

func TestTapIsCancelled(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := tap(t, b)
	c.GivingUp = true
	a, err := b.Provider.Cancel(context.Background(), c)
	if err != nil || a.Verdict != wallet.Closed {
		t.Fatalf("%v %+v", err, a)
	}
	query(t, b, c, wallet.Closed)
	// The reader is free again.
	tap(t, b)
}

func TestCancelOfPaidTap(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := tap(t, b)
	b.Pay(t, c.Number)
	if a, err := b.Provider.Cancel(context.Background(), c); err != nil || a.Verdict != wallet.Refused {
		t.Errorf("cancel: %v %+v", err, a)
	}
	query(t, b, c, wallet.Done)
}

// Whatever is lost of the two calls of a start, the PaymentIntent is found by
// the attempt's number and can be ended for good.
func TestLostTapIsClosed(t *testing.T) {
	for _, kind := range []sim.FaultKind{sim.DropRequest, sim.DropAnswer} {
		for skip := range 2 {
			b := wallettest.NewBench(t, subject)
			c := b.Charge(1250, till.Tap)
			b.Sim.Fail(sim.Fault{Op: sim.OpStart, Kind: kind, Skip: skip})
			if a := b.Start(t, &c); a.Verdict != wallet.Unclear {
				t.Errorf("%s of call %d: %+v", kind, skip+1, a)
			}
			if a := b.Query(t, &c); a.Verdict != wallet.Missing && a.Verdict != wallet.Waiting {
				t.Errorf("%s of call %d: query: %+v", kind, skip+1, a)
			}
			c.GivingUp = true
			if a, err := b.Provider.Cancel(context.Background(), c); err != nil || a.Verdict != wallet.Closed {
				t.Errorf("%s of call %d: cancel: %v %+v", kind, skip+1, err, a)
			}
			if all := b.Sim.All(); len(all) != 1 || all[0].State != sim.Closed {
				t.Errorf("%s of call %d: the books: %+v", kind, skip+1, all)
			}
		}
	}
}

func TestTapWithoutReaderIsNotSent(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	a := b.Platform.Account()
	a.Mode, a.BaseURL, a.Currency, a.Fields["reader"] = "test", b.Base, usd, ""
	p, err := stripe.Spec.New(a, b.Client)
	if err != nil {
		t.Fatal(err)
	}
	var e *wallet.FieldError
	if _, err := p.Start(context.Background(), b.Charge(1250, till.Tap)); !errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Field != "reader" {
		t.Errorf("%v", err)
	}
	if _, err := p.Start(context.Background(), b.Charge(1250, till.Take)); !errors.Is(err, wallet.ErrNotSent) {
		t.Errorf("a customer's code: %v", err)
	}
}
