package wechatpay

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

func cancel(t *testing.T, b *wallettest.Bench, c wallet.Charge) wallet.Answer {
	t.Helper()
	c.GivingUp = true
	ans, err := b.Provider.Cancel(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return ans
}

func wants(t *testing.T, what string, a wallet.Answer, v wallet.Verdict) {
	t.Helper()
	if a.Verdict != v {
		t.Fatalf("%s: %v (%s, %s), want %v", what, a.Verdict, a.Reason, a.Said, v)
	}
}

// What cannot be an order is refused before a call is made.
func TestImpossibleChargesAreNotSent(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	yen := money.Currency{Code: "JPY"}
	for _, row := range []struct {
		name, field string
		reason      till.Reason
		change      func(*wallet.Charge)
	}{
		{"nothing", "amount", till.AmountNotAllowed, func(c *wallet.Charge) { c.Amount = 0 }},
		{"less than nothing", "amount", till.AmountNotAllowed, func(c *wallet.Charge) { c.Amount = -1 }},
		{"more than the field holds", "amount", till.AmountNotAllowed, func(c *wallet.Charge) { c.Amount = 1 << 31 }},
		{"yen", "currency", till.AmountNotAllowed, func(c *wallet.Charge) { c.Currency = yen }},
		{"a short number", "number", till.SetUpWrong, func(c *wallet.Charge) { c.Number = "12345" }},
		{"a number with a path in it", "number", till.SetUpWrong, func(c *wallet.Charge) { c.Number = "../../v3/certificates" }},
		{"goods of 13 digits", "code", till.CodeInvalid, func(c *wallet.Charge) { c.Code = "6901234567892" }},
		{"an Alipay code", "code", till.CodeInvalid, func(c *wallet.Charge) { c.Code = "280000000000000001" }},
		{"19 digits", "code", till.CodeInvalid, func(c *wallet.Charge) { c.Code = "1300000000000000012" }},
		{"no code", "code", till.CodeInvalid, func(c *wallet.Charge) { c.Code = "" }},
		{"letters", "code", till.CodeInvalid, func(c *wallet.Charge) { c.Code = "13000000000000000A" }},
	} {
		c := b.Charge(1250, till.Take)
		c.Code = "130000000000000001"
		row.change(&c)
		_, err := b.Provider.Start(context.Background(), c)
		e := (*wallet.FieldError)(nil)
		if !errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Field != row.field || e.Reason != row.reason {
			t.Errorf("%s: %v", row.name, err)
		}
		if e != nil && c.Code != "" && strings.Contains(e.Error(), c.Code) {
			t.Errorf("%s: the code is in the error", row.name)
		}
	}
	c := b.Charge(1250, till.Tap)
	if _, err := b.Provider.Start(context.Background(), c); !errors.Is(err, wallet.ErrNotSent) {
		t.Errorf("a tap: %v", err)
	}
	if n := len(b.Sim.Calls()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
	for _, amount := range []money.Amount{1, 1<<31 - 1} {
		c := b.Charge(amount, till.Show)
		wants(t, "an extreme amount", b.Start(t, &c), wallet.Waiting)
		if p, _ := b.Sim.Payment(Name, c.Number); p.Amount != amount {
			t.Errorf("%d became %d", amount, p.Amount)
		}
	}
}

// A scanner's line end is no part of a code.
func TestCodeWithLineEnd(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{}) + "\r\n"
	wants(t, "start", b.Start(t, &c), wallet.Done)
	if text := b.Log.Text(); strings.Contains(text, strings.TrimSpace(c.Code)) {
		t.Errorf("the code was kept:\n%s", text)
	}
}

// Each way has its own cancel: a shown code is closed, a taken one reversed.
func TestCancelByTheWay(t *testing.T) {
	b := wallettest.NewBench(t, subject(func(p *sim.WeChatPay) { p.ReverseAfter = 0 }))
	shown := b.Charge(1250, till.Show)
	b.Start(t, &shown)
	cancel(t, b, shown)
	taken := b.Charge(1250, till.Take)
	taken.Code = b.Platform.NewCode(sim.Purse{Password: true})
	b.Start(t, &taken)
	cancel(t, b, taken)
	var paths []string
	for _, call := range b.Log.Calls {
		if call.Kind == string(wallet.CallCancel) {
			paths = append(paths, strings.TrimPrefix(call.URL, b.Base))
		}
	}
	if want := []string{"/v3/pay/transactions/out-trade-no/" + shown.Number + "/close", "/secapi/pay/reverse"}; !slices.Equal(paths, want) {
		t.Errorf("%v, want %v", paths, want)
	}
	for _, c := range []wallet.Charge{shown, taken} {
		c.GivingUp = true
		wants(t, "query", b.Query(t, &c), wallet.Closed)
	}
}

// A shown code that is asked for again is another code, and the last one lives.
func TestShownAgain(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	c := b.Charge(1250, till.Show)
	first := b.Start(t, &c)
	again := b.Start(t, &c)
	if first.QR == again.QR || again.QR == "" {
		t.Errorf("%q, then %q", first.QR, again.QR)
	}
	if p, _ := b.Sim.Payment(Name, c.Number); p.QR != again.QR {
		t.Errorf("the platform has %q, the till %q", p.QR, again.QR)
	}
	b.Pay(t, c.Number)
	wants(t, "once it is paid", b.Start(t, &c), wallet.Done)
	// Another amount under the number is not another payment.
	o := b.Charge(1250, till.Show)
	b.Start(t, &o)
	o.Amount = 900
	ans := b.Start(t, &o)
	wants(t, "another amount", ans, wallet.Waiting)
	if ans.QR != "" {
		t.Errorf("a code for another amount: %q", ans.QR)
	}
}

// time_expire ends the time to pay, and not the order: it has to be closed.
func TestExpiredCodeIsClosed(t *testing.T) {
	clock := newClock()
	b := benchAt(t, clock, nil)
	c := b.Charge(1250, till.Show)
	c.At, c.Until = clock.now(), clock.now().Add(5*time.Minute)
	wants(t, "start", b.Start(t, &c), wallet.Waiting)
	clock.add(6 * time.Minute)
	if err := b.Sim.Capture(Name, c.Number); !errors.Is(err, sim.ErrClosed) {
		t.Errorf("paid after its time: %v", err)
	}
	wants(t, "when its time is over", b.Query(t, &c), wallet.Waiting)
	wants(t, "close", cancel(t, b, c), wallet.Waiting)
	wants(t, "close again", cancel(t, b, c), wallet.Waiting)
	c.GivingUp = true
	wants(t, "query", b.Query(t, &c), wallet.Closed)
}

// No reverse within 15 s; the platform revokes an unpaid order itself.
func TestReverseRules(t *testing.T) {
	clock := newClock()
	b := benchAt(t, clock, nil)
	take := func() wallet.Charge {
		c := b.Charge(1250, till.Take)
		c.At, c.Until = clock.now(), clock.now().Add(5*time.Minute)
		c.Code = b.Platform.NewCode(sim.Purse{Password: true})
		wants(t, "start", b.Start(t, &c), wallet.Waiting)
		return c
	}
	c := take()
	clock.add(14 * time.Second)
	ans := cancel(t, b, c)
	if ans.Verdict != wallet.Unclear || !ans.Repeat {
		t.Errorf("after 14 s: %v, again %v", ans.Verdict, ans.Repeat)
	}
	c.GivingUp = true
	wants(t, "query", b.Query(t, &c), wallet.Waiting)
	clock.add(2 * time.Second)
	if ans = cancel(t, b, c); ans.Repeat {
		t.Errorf("after 16 s: again %v (%s)", ans.Repeat, ans.Said)
	}
	wants(t, "query", b.Query(t, &c), wallet.Closed)

	c = take()
	clock.add(46 * time.Second)
	if ans := b.Query(t, &c); ans.Verdict != wallet.Closed || ans.Reason != till.TimedOut {
		t.Errorf("after 46 s: %v %s", ans.Verdict, ans.Reason)
	}
	if pace := Spec.Ability.Pace[till.Take]; pace.CancelAfter != 15*time.Second || pace.Every != 5*time.Second || pace.Limit > 45*time.Second {
		t.Errorf("the pace is %+v", pace)
	}
}

// The platform has answered SUCCESS to a reverse of a number that it does not
// know: that is no proof.
func TestReverseOfUnknownNumberProvesNothing(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	c := b.Charge(1250, till.Take)
	wants(t, "reverse", cancel(t, b, c), wallet.Waiting)
	c.GivingUp = true
	wants(t, "query", b.Query(t, &c), wallet.Missing)
}

// The customer pays between the last query and the reverse: the money goes back
// and the query tells, whichever of both states the platform gives it.
func TestPaidDuringReverse(t *testing.T) {
	for _, asRefund := range []bool{false, true} {
		for _, by := range []string{"v2", "v3"} {
			set := func(p *sim.WeChatPay) { p.ReverseAfter, p.ReversedIsRefund = 0, asRefund }
			b := wallettest.NewBench(t, with(subject(set), map[string]string{fieldTake: by}))
			c := b.Charge(1250, till.Take)
			c.Code = b.Platform.NewCode(sim.Purse{Password: true})
			wants(t, "start", b.Start(t, &c), wallet.Waiting)
			b.Sim.Fail(sim.Fault{Op: sim.OpCancel, Kind: sim.PayDuringCancel})
			wants(t, "reverse", cancel(t, b, c), wallet.Waiting)
			c.GivingUp = true
			want := wallet.Closed // it was never seen paid
			if asRefund {
				want = wallet.Returned
			}
			wants(t, "query by "+by, b.Query(t, &c), want)
			if p, _ := b.Sim.Payment(Name, c.Number); p.Captured != 1250 || p.Refunded() != 1250 {
				t.Errorf("the books took %d and gave back %d", p.Captured, p.Refunded())
			}
		}
	}
}

// A part given back is not the whole: the payment stays paid while it is given
// up.
func TestPartlyGivenBackIsPaid(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{})
	b.Start(t, &c)
	if _, err := b.Provider.(wallet.Refunder).Refund(context.Background(), b.RefundOf(c, 1249)); err != nil {
		t.Fatal(err)
	}
	c.GivingUp = true
	ans := b.Query(t, &c)
	if ans.Verdict != wallet.Done || ans.Amount != 1250 {
		t.Errorf("%v %d", ans.Verdict, ans.Amount)
	}
	// Where the list of refunds does not come, nothing is said.
	b.Sim.Fail(sim.Fault{Op: sim.OpQueryRefund, Kind: sim.DropAnswer})
	wants(t, "without the list", b.Query(t, &c), wallet.Unclear)
}

// Closing what was just paid closes nothing, and the query finds the money.
func TestPaidDuringClose(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	b.Sim.Fail(sim.Fault{Op: sim.OpCancel, Kind: sim.PayDuringCancel})
	wants(t, "close", cancel(t, b, c), wallet.Waiting)
	c.GivingUp = true
	if ans := b.Query(t, &c); ans.Verdict != wallet.Done || ans.Amount != 1250 {
		t.Errorf("%v %d", ans.Verdict, ans.Amount)
	}
}

// Answers with a signature made to fail are not believed, though it would hold
// without its mark.
func TestSignatureProbesFail(t *testing.T) {
	b := wallettest.NewBench(t, subject(func(p *sim.WeChatPay) { p.Probes = true }))
	c := b.Charge(1250, till.Show)
	if ans := b.Start(t, &c); ans.Verdict != wallet.Unclear || ans.Reason != till.NotVerified || ans.QR != "" {
		t.Errorf("%v %s %q", ans.Verdict, ans.Reason, ans.QR)
	}
	b.Pay(t, c.Number)
	if ans := b.Query(t, &c); ans.Verdict != wallet.Unclear || ans.Reason != till.NotVerified {
		t.Errorf("%v %s", ans.Verdict, ans.Reason)
	}
}

func TestClockOffIsSaid(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	b.Sim.Fail(sim.Fault{Kind: sim.ClockOff, Times: -1})
	c := b.Charge(1250, till.Show)
	if ans := b.Start(t, &c); ans.Verdict != wallet.Unclear || ans.Reason != till.ClockWrong {
		t.Errorf("%v %s (%s)", ans.Verdict, ans.Reason, ans.Said)
	}
	// A platform that finds our clock wrong says so with 401.
	clock := newClock()
	b = benchAt(t, clock, nil)
	b.Client.Now = func() time.Time { return clock.now().Add(-10 * time.Minute) }
	if ans := b.Start(t, &c); ans.Verdict != wallet.Unclear || ans.Reason != till.ClockWrong {
		t.Errorf("%v %s (%s)", ans.Verdict, ans.Reason, ans.Said)
	}
}

// A long name of a shop is cut between characters.
func TestLongSubject(t *testing.T) {
	for _, way := range []till.Presentment{till.Show, till.Take} {
		b := wallettest.NewBench(t, subject(nil))
		c := b.Charge(1250, way)
		c.Subject = strings.Repeat("街角便利店 & <分店>", 30)
		if way == till.Take {
			c.Code = b.Platform.NewCode(sim.Purse{})
		}
		if ans := b.Start(t, &c); ans.Verdict == wallet.Refused {
			t.Errorf("%v: %s", way, ans.Said)
		}
		p, ok := b.Sim.Payment(Name, c.Number)
		if !ok || len(p.Subject) > 128 || !strings.HasPrefix(c.Subject, p.Subject) {
			t.Errorf("%v: %q", way, p.Subject)
		}
	}
}
