package baidu_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/baidu"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// A request is a GET: nothing of the customer's code, the signature or the key
// may stay in what is kept or in an error, whatever becomes of the call.
func TestTheURLIsNotKept(t *testing.T) {
	for _, kind := range []sim.FaultKind{"", sim.DropRequest, sim.DropAnswer, sim.Garbage, sim.Redirect} {
		b := wallettest.NewBench(t, subject("1"))
		if kind != "" {
			b.Sim.Fail(sim.Fault{Op: sim.OpStart, Kind: kind})
		}
		c := b.Charge(1250, till.Take)
		c.Code = b.Platform.NewCode(sim.Purse{})
		a := b.Start(t, &c)
		text := b.Log.Text()
		if strings.Contains(text, c.Code) || strings.Contains(a.Said, c.Code) {
			t.Errorf("%s: the code was kept:\n%s", kind, text)
		}
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("&? \n\"", r) }) {
			if v, ok := strings.CutPrefix(part, "sign="); ok && v != "***" {
				t.Errorf("%s: the signature was kept: %s", kind, part)
			}
		}
		if strings.Contains(text, b.Platform.Account().Fields["key"]) || !strings.Contains(text, "order_no="+c.Number) {
			t.Errorf("%s: kept:\n%s", kind, text)
		}
	}
	a := sim.NewBaidu(sim.New(nil), "1").Account()
	a.BaseURL, a.Mode = "http://127.0.0.1:1", "test"
	p, err := baidu.Spec.New(a, &wallet.Client{})
	if err != nil {
		t.Fatal(err)
	}
	c := wallet.Charge{Number: "1000TEST00000017", Amount: 1, Currency: money.Currency{Code: "CNY", Exponent: 2}, Way: till.Take, Code: "318142105442181478", At: time.Now()}
	if _, err := p.Start(context.Background(), c); !errors.Is(err, wallet.ErrNotSent) || strings.Contains(err.Error(), c.Code) || strings.Contains(err.Error(), "sign=") {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestFieldsAreCheckedWhenEntered(t *testing.T) {
	good := sim.NewBaidu(sim.New(nil), "1").Account()
	for _, row := range []struct{ field, value, says string }{
		{"sp_no", "", "needed"},
		{"sp_no", "1234567890123", "13 characters, 10 digits are due"},
		{"sp_no", "90001000O5", "10 digits are due"},
		{"key", "", "needed"},
		{"key", good.Fields["key"][:31], "32 letters and digits"},
		{"sign_method", "3", "1 (MD5) or 2"},
		{"return_url", "", "needed"},
		{"return_url", "shop.example", "https://"},
	} {
		a := sim.NewBaidu(sim.New(nil), "1").Account()
		a.BaseURL, a.Mode = "https://www.baifubao.com", "live"
		a.Fields[row.field] = row.value
		_, err := baidu.Spec.New(a, &wallet.Client{})
		var e *wallet.FieldError
		if !errors.As(err, &e) || e.Field != row.field || e.Reason != till.SetUpWrong || !strings.Contains(e.Detail, row.says) {
			t.Errorf("%s=%q: %v, want %q", row.field, row.value, err, row.says)
		}
	}
}

func TestProbeNamesTheStepThatFailed(t *testing.T) {
	b := wallettest.NewBench(t, subject("2"))
	probe := func(field, value string) []wallet.Step {
		a := b.Platform.Account()
		a.BaseURL, a.Mode = b.Base, "test"
		if field != "" {
			a.Fields[field] = value
		}
		p, err := baidu.Spec.New(a, b.Client)
		if err != nil {
			t.Fatal(err)
		}
		return p.(wallet.Prober).Probe(context.Background())
	}
	good := probe("", "")
	if last := good[len(good)-1]; len(good) != 4 || last.Name != "merchant" || !last.OK {
		t.Errorf("all right: %+v", good)
	}
	for _, row := range []struct {
		name, field, value string
		fault              sim.FaultKind
		last               string
		reason             till.Reason
	}{
		{"another key", "key", "0123456789abcdef0123456789abcdef", "", "request_signature", till.SetUpWrong},
		{"another merchant", "sp_no", "9000100006", "", "merchant", till.SetUpWrong},
		{"down", "", "", sim.Status500, "host", till.ProviderDown},
		{"garbage", "", "", sim.Garbage, "host", till.NotUnderstood},
		{"no connection", "", "", sim.DropRequest, "host", till.NoNetwork},
	} {
		if row.fault != "" {
			b.Sim.Fail(sim.Fault{Kind: row.fault})
		}
		steps := probe(row.field, row.value)
		if last := steps[len(steps)-1]; last.OK || last.Name != row.last || last.Reason != row.reason {
			t.Errorf("%s: %+v", row.name, last)
		}
		b.Sim.Mend()
	}
}

func TestAmountsThatTheWalletDoesNotTakeAreNotSent(t *testing.T) {
	b := wallettest.NewBench(t, subject("1"))
	for _, amount := range []money.Amount{0, -1, 10_000_000_000} {
		_, err := b.Provider.Start(context.Background(), b.Charge(amount, till.Show))
		var e *wallet.FieldError
		if !errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Reason != till.AmountNotAllowed {
			t.Errorf("%d: %v", amount, err)
		}
	}
	if n := len(b.Sim.Calls()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

// Only the query is signed: a wrong signature there is no payment.
func TestAQueryThatIsNotSignedProvesNothing(t *testing.T) {
	for _, method := range []string{"1", "2"} {
		b := wallettest.NewBench(t, subject(method))
		c := b.Charge(1250, till.Take)
		c.Code = b.Platform.NewCode(sim.Purse{})
		b.Start(t, &c)
		for _, kind := range []sim.FaultKind{sim.Unsigned, sim.BadSign} {
			b.Sim.Fail(sim.Fault{Op: sim.OpQuery, Kind: kind})
			if a := b.Query(t, &c); a.Verdict != wallet.Unclear || a.Reason != till.NotVerified {
				t.Errorf("method %s, %s: %v %q", method, kind, a.Verdict, a.Reason)
			}
		}
		if a := b.Query(t, &c); a.Verdict != wallet.Done {
			t.Errorf("method %s: %v (%s)", method, a.Verdict, a.Said)
		}
	}
}

func TestRulesOfTheOrder(t *testing.T) {
	b := wallettest.NewBench(t, subject("1"))
	c := b.Charge(1250, till.Take)
	c.Code, c.Subject = b.Platform.NewCode(sim.Purse{}), "街角便利店😀"
	if a := b.Start(t, &c); a.Verdict != wallet.Waiting || a.Again == 0 {
		t.Fatalf("a charge is believed without a query: %v (%s)", a.Verdict, a.Said)
	}
	if p, _ := b.Sim.Payment("baidu", c.Number); p.Subject != "街角便利店?" {
		t.Errorf("the customer reads %q", p.Subject)
	}
	// A paid one is not cancelled.
	if a, err := b.Provider.Cancel(context.Background(), c); err != nil || a.Verdict != wallet.Waiting || !strings.Contains(a.Said, "已支付") {
		t.Errorf("cancel of a paid one: %v (%s) %v", a.Verdict, a.Said, err)
	}
	if a := b.Query(t, &c); a.Verdict != wallet.Done {
		t.Errorf("after that: %v", a.Verdict)
	}
	c.Code = b.Platform.NewCode(sim.Purse{})
	if a := b.Start(t, &c); a.Verdict != wallet.Unclear {
		t.Errorf("the number again: %v (%s)", a.Verdict, a.Said)
	}
	// A refund whose answer is lost is found by its number.
	f := b.RefundOf(c, 1250)
	b.Sim.Fail(sim.Fault{Op: sim.OpRefund, Kind: sim.DropAnswer})
	ref := b.Provider.(wallet.Refunder)
	if a, err := ref.Refund(context.Background(), f); err != nil || a.Verdict != wallet.Unclear {
		t.Errorf("the lost refund: %v %v", a.Verdict, err)
	}
	if a, err := ref.Refund(context.Background(), f); err != nil || a.Verdict != wallet.Done {
		t.Errorf("the same again: %v (%s) %v", a.Verdict, a.Said, err)
	}
	if a, err := ref.Refund(context.Background(), b.RefundOf(c, 1)); err != nil || a.Verdict != wallet.Refused || a.Reason != till.NotRefundable {
		t.Errorf("one more: %v (%s) %v", a.Verdict, a.Said, err)
	}
	if p, _ := b.Sim.Payment("baidu", c.Number); p.Refunded() != 1250 || len(p.Refunds) != 1 {
		t.Errorf("given back %d in %d parts", p.Refunded(), len(p.Refunds))
	}
}

// A shown code closes at its expire_time.
func TestAShownCodeCloses(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	s := sim.New(func() time.Time { return now })
	b := wallettest.NewBench(t, wallettest.Subject{Spec: baidu.Spec, Platform: func(*sim.Sim) sim.Platform { return sim.NewBaidu(s, "1") }})
	c := b.Charge(1250, till.Show)
	c.At, c.Until = now, now.Add(5*time.Minute)
	b.Start(t, &c)
	now = now.Add(5*time.Minute + time.Second)
	if a := b.Query(t, &c); a.Verdict != wallet.Closed {
		t.Errorf("after its time: %v (%s)", a.Verdict, a.Said)
	}
}
