package shouqianba_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// The wallet is told by the customer's code, where none is named.
func TestPaywayIsInferred(t *testing.T) {
	c := newCounter(t)
	p := c.connect(t, nil)
	seen := map[string]bool{}
	for i := range 6 {
		ch := charge(till.Take)
		ch.Number, ch.Code = till.AttemptNumber("1", "WAY0", int64(i)), c.platform.NewCode(sim.Purse{})
		if a, err := p.Start(context.Background(), ch); err != nil || a.Verdict != wallet.Done {
			t.Fatalf("%s: %v %s %v", ch.Code[:2], a.Verdict, a.Said, err)
		}
		if _, ok := till.SuggestWallet(ch.Code, till.PayCodeRules()); !ok {
			t.Errorf("a till would not take %s for a payment code", ch.Code)
		}
		truth, _ := c.sim.Payment("shouqianba", ch.Number)
		if want := map[string]string{"13": "3", "28": "1"}[ch.Code[:2]]; truth.Kept["payway"] != want {
			t.Errorf("%s: payway %q, want %q", ch.Code[:2], truth.Kept["payway"], want)
		}
		seen[truth.Kept["payway"]] = true
	}
	if !seen["1"] || !seen["3"] {
		t.Errorf("only %v was paid with", seen)
	}
	ch := charge(till.Take)
	ch.Code = "995512345678901234"
	if a, err := p.Start(context.Background(), ch); err != nil || a.Verdict != wallet.Refused || a.Reason != till.CodeInvalid {
		t.Errorf("a code of no wallet: %v %q %v", a.Verdict, a.Reason, err)
	}
}

// A code that nobody paid closes by itself, and a second start of the same
// number never charges twice.
func TestRulesOfTheOrder(t *testing.T) {
	c := newCounter(t)
	p := c.connect(t, nil)
	shown := charge(till.Show)
	a, err := p.Start(context.Background(), shown)
	if err != nil || !strings.HasPrefix(a.QR, "weixin://") {
		t.Fatalf("start: %v %q %v", a.Verdict, a.QR, err)
	}
	c.now = c.now.Add(4*time.Minute + time.Second)
	if a, _ = p.Query(context.Background(), shown); a.Verdict != wallet.Closed || a.Said != "PAY_CANCELED" {
		t.Errorf("after its time: %v %s", a.Verdict, a.Said)
	}
	taken := charge(till.Take)
	taken.Number, taken.Code = "1000TEST00000033", c.platform.NewCode(sim.Purse{})
	if a, _ = p.Start(context.Background(), taken); a.Verdict != wallet.Done {
		t.Fatalf("start: %v %s", a.Verdict, a.Said)
	}
	taken.Code = c.platform.NewCode(sim.Purse{})
	if a, _ = p.Start(context.Background(), taken); a.Verdict != wallet.Unclear || a.Reason != till.NumberReused {
		t.Errorf("the number again: %v %q", a.Verdict, a.Reason)
	}
	// The order of yesterday is not cancelled, and stays paid.
	c.now = c.now.Add(24 * time.Hour)
	if a, _ = p.Cancel(context.Background(), taken); a.Verdict != wallet.Refused {
		t.Errorf("cancel on the next day: %v %s", a.Verdict, a.Said)
	}
	if a, _ = p.Query(context.Background(), taken); a.Verdict != wallet.Done {
		t.Errorf("after that: %v %s", a.Verdict, a.Said)
	}
	// After three months nothing is given back.
	c.now = c.now.Add(91 * 24 * time.Hour)
	f := wallet.Refund{Number: "1000TEST00000041", Of: taken, Amount: 100, At: c.now}
	if a, _ = p.(wallet.Refunder).Refund(context.Background(), f); a.Verdict != wallet.Refused || a.Reason != till.NotRefundable {
		t.Errorf("a refund after three months: %v %q", a.Verdict, a.Reason)
	}
}

// The answer to a full refund is lost; the repetition is refused because all
// was given back, and a query shows that it was by this very refund.
func TestALostRefundIsFoundAgain(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{})
	b.Start(t, &c)
	ref := b.Provider.(wallet.Refunder)
	f := b.RefundOf(c, 1250)
	b.Sim.Fail(sim.Fault{Op: sim.OpRefund, Kind: sim.DropAnswer})
	if a, err := ref.Refund(context.Background(), f); err != nil || a.Verdict != wallet.Unclear {
		t.Fatalf("the lost one: %v %v", a.Verdict, err)
	}
	if a, err := ref.Refund(context.Background(), f); err != nil || a.Verdict != wallet.Done {
		t.Errorf("the same again: %v %s %v", a.Verdict, a.Said, err)
	}
	other := b.RefundOf(c, 100)
	if a, err := ref.Refund(context.Background(), other); err != nil || a.Verdict != wallet.Refused {
		t.Errorf("another one: %v %s %v", a.Verdict, a.Said, err)
	}
	if p, _ := b.Sim.Payment("shouqianba", c.Number); p.Refunded() != 1250 {
		t.Errorf("given back %d", p.Refunded())
	}
	if a := b.Query(t, &c); a.Verdict != wallet.Returned {
		t.Errorf("the payment: %v %s", a.Verdict, a.Said)
	}
}

// The first half minute of a shown code is asked about every 2 s.
func TestPaceOfAShownCode(t *testing.T) {
	c := newCounter(t)
	p := c.connect(t, nil)
	ch := charge(till.Show)
	ch.At = c.now
	if a, _ := p.Start(context.Background(), ch); a.Verdict != wallet.Waiting {
		t.Fatal(a)
	}
	for _, row := range []struct{ after, again time.Duration }{{0, 2 * time.Second}, {29 * time.Second, 2 * time.Second}, {30 * time.Second, 0}} {
		c.now = ch.At.Add(row.after)
		if a, _ := p.Query(context.Background(), ch); a.Again != row.again {
			t.Errorf("after %v: again in %v, want %v", row.after, a.Again, row.again)
		}
	}
}

// What the provider says of who paid is not kept.
func TestWhoPaidIsNotKept(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{})
	b.Start(t, &c)
	if text := b.Log.Text(); strings.Contains(text, "134****3920") || strings.Contains(text, "2801003920293239230239") || !strings.Contains(text, "PAY_SUCCESS") {
		t.Errorf("kept:\n%s", text)
	}
}
