package ledger

import (
	"bytes"
	"testing"
	"time"

	"guitai/till"
)

// tried plans an attempt, moves it to an end with a reason and returns it.
func (c *counter) tried(t testing.TB, a till.Attempt, reason till.Reason, path ...till.AttemptState) till.Attempt {
	t.Helper()
	a, err := c.l.PlanAttempt(bg, a)
	for i, to := range path {
		if err == nil {
			c.at = c.at.Add(time.Second)
			m := till.AttemptMove{To: to, At: c.at}
			if i == len(path)-1 {
				m.Reason = reason
			}
			a, err = c.l.MoveAttempt(bg, a.Number, a.State, m)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestReportsCountWhatBecameOfPayments(t *testing.T) {
	c := shopWithClock(t)
	live := till.Attempt{Wallet: "alipay", Mode: "live", Amount: 100, Cashier: "1001"}
	for range 3 {
		c.tried(t, live, "", till.Sending, till.Pending, till.PaidFor) // 3 s
	}
	c.tried(t, live, "", till.Sending, till.Pending, till.Unknown, till.Pending, till.PaidFor) // 5 s
	c.tried(t, live, "", till.Sending, till.Unknown, till.Watch, till.LatePaid)                // paid, and not timed
	c.tried(t, live, till.NotEnough, till.Sending, till.Declined)
	c.tried(t, live, till.NotEnough, till.Sending, till.Declined)
	c.tried(t, live, till.TimedOut, till.Sending, till.Pending, till.Cancelling, till.Cancelled)
	c.tried(t, live, till.NoNetwork, till.Sending, till.Unknown)
	c.tried(t, live, till.Overridden, till.Sending, till.Unknown, till.Watch)
	c.tried(t, live, "", till.Abandoned)
	other := live
	other.Wallet, other.Cashier = "wechatpay", "1002"
	c.tried(t, other, till.CodeExpired, till.Sending, till.Declined)
	test := live
	test.Mode = "test"
	c.tried(t, test, "", till.Sending, till.PaidFor)
	practice := live
	practice.Mode = "practice"
	c.tried(t, practice, till.NotEnough, till.Sending, till.Declined)

	r, err := c.l.Report(bg, c.day, c.day)
	if err != nil {
		t.Fatal(err)
	}
	if r.Net() != 0 || r.Sales != 0 {
		t.Errorf("payments without sales are takings: %+v", r)
	}
	text, err := r.JSON(cny)
	if err != nil {
		t.Fatal(err)
	}
	want := `"wallets": [{"wallet":"alipay","attempts":10,"paid":5,"declined":2,"cancelled":1,"unknown":1,"watch":1,` +
		`"reasons":[{"reason":"not_enough","count":2},{"reason":"no_network","count":1},{"reason":"overridden","count":1},{"reason":"timed_out","count":1}],` +
		`"seconds_to_pay":{"median":3.0,"p90":3.0,"most":5.0}},` +
		`{"wallet":"alipay","mode":"practice","attempts":1,"paid":0,"declined":1,"cancelled":0,"unknown":0,"watch":0,"reasons":[{"reason":"not_enough","count":1}],"seconds_to_pay":{"median":0.0,"p90":0.0,"most":0.0}},` +
		`{"wallet":"alipay","mode":"test","attempts":1,"paid":1,"declined":0,"cancelled":0,"unknown":0,"watch":0,"reasons":[],"seconds_to_pay":{"median":2.0,"p90":2.0,"most":2.0}},` +
		`{"wallet":"wechatpay","attempts":1,"paid":0,"declined":1,"cancelled":0,"unknown":0,"watch":0,"reasons":[{"reason":"code_expired","count":1}],"seconds_to_pay":{"median":0.0,"p90":0.0,"most":0.0}}]`
	if !bytes.Contains(text, []byte(want)) {
		t.Errorf("report\n%s\nwant in it\n%s", text, want)
	}

	failures, err := c.l.Failures(bg, c.day, c.day)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, f := range failures {
		sum += f.Count
		if f.Hour != 9 {
			t.Errorf("hour %d, want 9 of the shop's clock", f.Hour)
		}
	}
	if len(failures) != 5 || sum != 6 || failures[0] != (till.FailureCount{Wallet: "alipay", Reason: till.NotEnough, Hour: 9, Cashier: "1001", Count: 2, Lost: failures[0].Lost}) || failures[0].Lost == 0 {
		t.Errorf("failures %+v", failures)
	}
	if failures[4].Cashier != "1002" {
		t.Errorf("failures %+v", failures)
	}
	if none, err := c.l.Failures(bg, c.day+1, c.day+9); err != nil || len(none) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
}

func TestTheHealthOfWalletsIsOfTheLastHour(t *testing.T) {
	c := shopWithClock(t)
	good := till.Attempt{Wallet: "alipay", Mode: "live", Amount: 100, Cashier: "1001"}
	bad := good
	bad.Wallet = "wechatpay"
	for range 4 {
		c.tried(t, bad, till.ProviderDown, till.Sending, till.Unknown)
	}
	c.at = c.at.Add(2 * time.Hour)
	for range 3 {
		c.tried(t, good, "", till.Sending, till.PaidFor)
	}
	c.tried(t, good, till.NotEnough, till.Sending, till.Declined)
	last := c.tried(t, bad, "", till.Sending, till.PaidFor)
	c.tried(t, bad, till.ProviderDown, till.Sending, till.Unknown)
	c.tried(t, bad, till.ProviderDown, till.Sending, till.Pending) // still on its way
	health, err := c.l.WalletHealth(bg)
	if err != nil || len(health) != 2 {
		t.Fatalf("%+v, %v", health, err)
	}
	if h := health[0]; h.Wallet != "alipay" || h.Ended != 4 || h.Paid != 3 || h.Faults != 0 || h.Share() != 0.75 {
		t.Errorf("%+v", h)
	}
	if h := health[1]; h.Wallet != "wechatpay" || h.Ended != 2 || h.Paid != 1 || h.Faults != 1 || !h.LastPaid.Equal(last.PaidAt) {
		t.Errorf("%+v", h)
	}
	for range healthLast {
		c.tried(t, bad, "", till.Sending, till.PaidFor)
	}
	if health, err = c.l.WalletHealth(bg); err != nil || health[1].Ended != healthLast || health[1].Paid != healthLast {
		t.Errorf("%+v, %v", health, err)
	}
	c.at = c.at.Add(3 * time.Hour)
	if health, err = c.l.WalletHealth(bg); err != nil || len(health) != 0 {
		t.Errorf("%+v, %v", health, err)
	}
}

func TestOpenCasesAreListedByAge(t *testing.T) {
	p := openPaidShop(t)
	watched := p.tried(t, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 7}, till.Overridden, till.Sending, till.Unknown, till.Watch)
	p.tried(t, till.Attempt{Wallet: "alipay", Mode: "test", Amount: 7}, "", till.Sending, till.Unknown)
	unknown := p.tried(t, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 8}, "", till.Sending, till.Unknown)
	look := p.tried(t, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 9}, till.AmountDiffers, till.Sending, till.Attention)
	due := p.tried(t, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 10}, "", till.Sending, till.Unknown, till.Watch, till.LatePaid, till.RefundDue)
	late := p.tried(t, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 11}, "", till.Sending, till.Unknown, till.Watch, till.LatePaid)
	cases, err := p.l.OpenCases(bg)
	if err != nil {
		t.Fatal(err)
	}
	type one struct {
		kind   till.CaseKind
		number string
	}
	var got []one
	for i, c := range cases {
		got = append(got, one{c.Kind, c.Attempt.Number})
		if c.Amount <= 0 || i > 0 && c.Since.Before(cases[i-1].Since) {
			t.Errorf("case %+v", c)
		}
	}
	want := []one{
		{till.CaseUnbooked, p.paid.Number}, {till.CaseRefundFailed, p.late.Number}, {till.CaseWatch, watched.Number}, {till.CaseUnknown, unknown.Number},
		{till.CaseAttention, look.Number}, {till.CaseRefundDue, due.Number}, {till.CaseLate, late.Number},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v, want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("case %d is %+v, want %+v", i, got[i], want[i])
		}
	}
	if cases[1].Refund == nil || cases[1].Refund.Number != p.failed.Number || cases[1].Amount != p.failed.Amount {
		t.Errorf("%+v", cases[1])
	}
}

// The story of a receipt tells its payments step by step.
func TestTheStoryOfAReceiptTellsItsPayments(t *testing.T) {
	p := openPaidShop(t)
	story, err := p.l.Story(bg, 1)
	if err != nil {
		t.Fatal(err)
	}
	var planned, moves, calls, refunds, refundMoves, notes int
	for i, e := range story {
		if i > 0 && e.At.Before(story[i-1].At) {
			t.Errorf("step %d goes back in time", i)
		}
		s, ok := e.Record.(*till.PaymentStep)
		switch {
		case !ok && e.Record.Kind() == till.KindPaymentReturned:
			notes++
		case !ok:
		case s.Move != nil:
			moves++
		case s.Call != nil:
			calls++
			if s.Call.Kind == "query" {
				t.Error("a query in the story")
			}
		case s.RefundMove != nil:
			refundMoves++
		case s.Refund != nil:
			refunds++
		default:
			planned++
			if s.Attempt.Number != p.sold.Number {
				t.Errorf("another payment: %+v", s.Attempt)
			}
		}
	}
	if planned != 1 || moves != 3 || calls != 1 || refunds != 1 || refundMoves != 2 || notes != 1 {
		t.Errorf("%d planned, %d moves, %d calls, %d refunds with %d moves, %d notes", planned, moves, calls, refunds, refundMoves, notes)
	}
}
