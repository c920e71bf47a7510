package wallettest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// Conformance runs the suite on an adapter.
func Conformance(t *testing.T, s Subject) {
	for _, row := range []struct {
		name string
		run  func(*testing.T, *Bench)
	}{
		{"ShownCodeIsPaid", shownCodeIsPaid},
		{"TakenCodeIsPaid", takenCodeIsPaid},
		{"CustomerConfirms", customerConfirms},
		{"PoorCustomerIsRefused", poorCustomerIsRefused},
		{"OldCodeIsRefused", oldCodeIsRefused},
		{"UnknownNumberIsMissing", unknownNumberIsMissing},
		{"CancelIsProved", cancelIsProved},
		{"CancelOfUnscannedProvesNothing", cancelOfUnscannedProvesNothing},
		{"CancelOfPaidIsSeen", cancelOfPaidIsSeen},
		{"RefundOnceByNumber", refundOnceByNumber},
		{"RefundTooMuchIsRefused", refundTooMuchIsRefused},
		{"LostAnswerIsUnclear", lostAnswerIsUnclear},
		{"BadAnswersProveNothing", badAnswersProveNothing},
		{"NoConnectionIsNotSent", noConnectionIsNotSent},
		{"JournalFirst", journalFirst},
		{"SecretsAreNotKept", secretsAreNotKept},
		{"WrongCredentials", wrongCredentials},
	} {
		t.Run(row.name, func(t *testing.T) { row.run(t, NewBench(t, s)) })
	}
}

// way returns the first way the adapter has of those given, and a charge.
func (b *Bench) way(t *testing.T, ways ...till.Presentment) wallet.Charge {
	t.Helper()
	for _, w := range ways {
		if b.Has(w) {
			c := b.Charge(1250, w)
			if w == till.Take {
				c.Code = b.Platform.NewCode(sim.Purse{})
			}
			return c
		}
	}
	t.Skip("the wallet has no such way")
	return wallet.Charge{}
}

func wants(t *testing.T, what string, a wallet.Answer, v wallet.Verdict) {
	t.Helper()
	if a.Verdict != v {
		t.Fatalf("%s: %v (%s, %s), want %v", what, a.Verdict, a.Reason, a.Said, v)
	}
}

// paid checks a Done answer against the charge and the books.
func (b *Bench) paid(t *testing.T, what string, c wallet.Charge, a wallet.Answer) {
	t.Helper()
	wants(t, what, a, wallet.Done)
	p, ok := b.Sim.Payment(b.Platform.Name(), c.Number)
	if !ok || p.Captured != c.Amount {
		t.Fatalf("%s: the books captured %d of %d", what, p.Captured, c.Amount)
	}
	if a.Amount != c.Amount || a.Number != "" && a.Number != c.Number {
		t.Fatalf("%s: states %d for %s, want %d for %s", what, a.Amount, a.Number, c.Amount, c.Number)
	}
	if a.Provider == "" && c.Provider == "" && !b.Subject.NoID {
		t.Errorf("%s: no transaction number of the provider", what)
	}
}

// captured is what the books took for a number, less what they gave back.
func (b *Bench) captured(number string) (taken, back money.Amount) {
	p, _ := b.Sim.Payment(b.Platform.Name(), number)
	return p.Captured, p.Refunded()
}

func shownCodeIsPaid(t *testing.T, b *Bench) {
	c := b.way(t, till.Show)
	a := b.Start(t, &c)
	wants(t, "start", a, wallet.Waiting)
	if a.QR == "" {
		t.Fatal("no code to show")
	}
	if a := b.Query(t, &c); a.Verdict != wallet.Waiting && a.Verdict != wallet.Missing {
		t.Fatalf("before it is scanned: %v, want waiting or missing", a.Verdict)
	}
	b.Pay(t, c.Number)
	b.paid(t, "query", c, b.Query(t, &c))
}

func takenCodeIsPaid(t *testing.T, b *Bench) {
	c := b.way(t, till.Take)
	a := b.Start(t, &c)
	// Some providers want a query before a success is believed.
	if a.Verdict != wallet.Done {
		a = b.Query(t, &c)
	}
	b.paid(t, "start", c, a)
	b.paid(t, "query", c, b.Query(t, &c))
}

func customerConfirms(t *testing.T, b *Bench) {
	c := b.way(t, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{Password: true})
	wants(t, "start", b.Start(t, &c), wallet.Waiting)
	wants(t, "query", b.Query(t, &c), wallet.Waiting)
	b.Pay(t, c.Number)
	b.paid(t, "query", c, b.Query(t, &c))
}

func poorCustomerIsRefused(t *testing.T, b *Bench) {
	c := b.way(t, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{Balance: 1})
	a := b.Start(t, &c)
	if a.Verdict == wallet.Unclear || a.Verdict == wallet.Waiting {
		a = b.Query(t, &c) // where the provider wants it confirmed by a query
	}
	if a.Verdict != wallet.Refused && a.Verdict != wallet.Closed && a.Verdict != wallet.Missing {
		t.Fatalf("%v (%s, %s), want refused", a.Verdict, a.Reason, a.Said)
	}
	if a.Verdict == wallet.Refused && a.Reason != till.NotEnough {
		t.Errorf("reason %q, want %q", a.Reason, till.NotEnough)
	}
	if taken, _ := b.captured(c.Number); taken != 0 {
		t.Errorf("the books took %d", taken)
	}
}

func oldCodeIsRefused(t *testing.T, b *Bench) {
	c := b.way(t, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{Expired: true})
	a := b.Start(t, &c)
	if a.Verdict == wallet.Refused && a.Reason != till.CodeExpired && a.Reason != till.CodeInvalid {
		t.Errorf("reason %q, want %q", a.Reason, till.CodeExpired)
	}
	if a.Verdict == wallet.Done || a.Verdict == wallet.Waiting {
		t.Errorf("an expired code: %v", a.Verdict)
	}
}

func unknownNumberIsMissing(t *testing.T, b *Bench) {
	c := b.way(t, till.Show, till.Take)
	a := b.Query(t, &c)
	if a.Verdict != wallet.Missing && a.Verdict != wallet.Unclear {
		t.Fatalf("a number nobody has: %v (%s)", a.Verdict, a.Said)
	}
}

func cancelIsProved(t *testing.T, b *Bench) {
	ways := []till.Presentment{till.Show, till.Take}
	if b.Subject.Unscanned {
		ways = []till.Presentment{till.Take}
	}
	c := b.way(t, ways...)
	if c.Way == till.Take {
		c.Code = b.Platform.NewCode(sim.Purse{Password: true})
	}
	wants(t, "start", b.Start(t, &c), wallet.Waiting)
	c.GivingUp = true
	if !b.Subject.Spec.Ability.NoCancel {
		a, err := b.Provider.Cancel(context.Background(), c)
		if err != nil || a.Verdict == wallet.Done || a.Verdict == wallet.Refused {
			t.Fatalf("cancel: %v %s %v", a.Verdict, a.Said, err)
		}
	}
	wants(t, "query", b.Query(t, &c), wallet.Closed)
	if taken, _ := b.captured(c.Number); taken != 0 {
		t.Errorf("the books took %d", taken)
	}
}

// cancelOfUnscannedProvesNothing cancels a shown code that the provider does
// not know yet: the customer may pay all the same, and that must be seen.
func cancelOfUnscannedProvesNothing(t *testing.T, b *Bench) {
	if !b.Subject.Unscanned {
		return
	}
	c := b.way(t, till.Show)
	wants(t, "start", b.Start(t, &c), wallet.Waiting)
	c.GivingUp = true
	a, err := b.Provider.Cancel(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "cancel", a, wallet.Missing)
	wants(t, "query", b.Query(t, &c), wallet.Missing)
	b.Pay(t, c.Number)
	b.paid(t, "query", c, b.Query(t, &c))
}

func cancelOfPaidIsSeen(t *testing.T, b *Bench) {
	c := b.way(t, till.Show, till.Take)
	b.Start(t, &c)
	if c.Way == till.Show {
		b.Pay(t, c.Number)
	}
	c.GivingUp = true
	if b.Subject.Spec.Ability.NoCancel {
		return
	}
	said, err := b.Provider.Cancel(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	if said.Verdict == wallet.Unclear && !said.Repeat {
		t.Errorf("cancel of a paid one is unclear (%s): that it is paid would not be believed", said.Said)
	}
	a := b.Query(t, &c)
	taken, back := b.captured(c.Number)
	switch {
	case taken-back == 0 && a.Verdict != wallet.Returned && a.Verdict != wallet.Closed:
		t.Errorf("given back by the cancel: %v", a.Verdict)
	case taken-back != 0 && a.Verdict != wallet.Done:
		t.Errorf("still taken after the cancel: %v", a.Verdict)
	}
}

// settle pays a charge and returns it.
func (b *Bench) settle(t *testing.T) wallet.Charge {
	t.Helper()
	c := b.way(t, till.Show, till.Take)
	b.Start(t, &c)
	if c.Way == till.Show {
		b.Pay(t, c.Number)
	}
	b.paid(t, "query", c, b.Query(t, &c))
	return c
}

func (b *Bench) refunder(t *testing.T) wallet.Refunder {
	t.Helper()
	r, ok := b.Provider.(wallet.Refunder)
	if !ok {
		t.Skip("the wallet gives nothing back")
	}
	return r
}

func refundOnceByNumber(t *testing.T, b *Bench) {
	ref, c := b.refunder(t), b.settle(t)
	r := b.RefundOf(c, 300)
	ask := func(what string, f func(context.Context, wallet.Refund) (wallet.Answer, error)) wallet.Answer {
		a, err := f(context.Background(), r)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if a.Handle != "" {
			r.Handle = a.Handle
		}
		return a
	}
	a := ask("refund", ref.Refund)
	if a.Verdict != wallet.Done && a.Verdict != wallet.Waiting {
		t.Fatalf("refund: %v (%s)", a.Verdict, a.Said)
	}
	again := ask("refund again", ref.Refund)
	if again.Verdict == wallet.Refused {
		t.Errorf("the same refund again: %v (%s)", again.Verdict, again.Said)
	}
	wants(t, "query", ask("query", ref.QueryRefund), wallet.Done)
	if _, back := b.captured(c.Number); back != 300 {
		t.Errorf("given back %d, want 300", back)
	}
	// A second, of its own number, is another one.
	r = b.RefundOf(c, 950)
	ask("second refund", ref.Refund)
	wants(t, "query of the second", ask("query", ref.QueryRefund), wallet.Done)
	if _, back := b.captured(c.Number); back != 1250 {
		t.Errorf("given back %d, want 1250", back)
	}
}

func refundTooMuchIsRefused(t *testing.T, b *Bench) {
	ref, c := b.refunder(t), b.settle(t)
	a, err := ref.Refund(context.Background(), b.RefundOf(c, 1251))
	if err == nil && a.Verdict != wallet.Refused {
		t.Errorf("more than was paid: %v (%s)", a.Verdict, a.Said)
	}
	if _, back := b.captured(c.Number); back != 0 {
		t.Errorf("given back %d", back)
	}
	r := b.RefundOf(c, 300)
	r.Number = till.AttemptNumber("1", "NONE", 1)
	if a, err := ref.QueryRefund(context.Background(), r); err == nil && (a.Verdict == wallet.Done || a.Verdict == wallet.Waiting) {
		t.Errorf("a refund nobody made: %v", a.Verdict)
	}
}

// cannotAsk reports whether there is nothing to ask the provider for: what it
// called the payment never arrived, and unpaid ones need no end. Nothing is
// lost then, and the start is repeated.
func (b *Bench) cannotAsk(c wallet.Charge) bool {
	return b.Subject.Spec.Ability.NoCancel && c.Handle == ""
}

func lostAnswerIsUnclear(t *testing.T, b *Bench) {
	for _, kind := range []sim.FaultKind{sim.DropRequest, sim.DropAnswer} {
		c := b.way(t, till.Take, till.Show)
		b.Sim.Fail(sim.Fault{Op: sim.OpStart, Kind: kind})
		wants(t, string(kind), b.Start(t, &c), wallet.Unclear)
		b.Sim.Fail(sim.Fault{Op: sim.OpQuery, Kind: kind})
		if a := b.Query(t, &c); !b.cannotAsk(c) || a.Verdict != wallet.Missing {
			wants(t, string(kind)+" of the query", a, wallet.Unclear)
		}
		b.Sim.Mend()
		a := b.Query(t, &c)
		if taken, _ := b.captured(c.Number); taken != 0 {
			b.paid(t, string(kind), c, a)
		} else if a.Verdict == wallet.Done {
			t.Errorf("%s: done, and nothing was taken", kind)
		}
	}
}

// badAnswersProveNothing lets every operation answer badly: what is not true
// must never be believed.
func badAnswersProveNothing(t *testing.T, b *Bench) {
	kinds := []sim.FaultKind{sim.Status500, sim.Status502After, sim.Garbage, sim.Empty, sim.Redirect}
	if b.Subject.Signed {
		kinds = append(kinds, sim.Unsigned, sim.BadSign)
	}
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			c := b.way(t, till.Take, till.Show)
			b.Sim.Fail(sim.Fault{Op: sim.OpStart, Kind: kind})
			wants(t, "start", b.Start(t, &c), wallet.Unclear)
			b.Sim.Mend()
			c = b.settle(t)
			b.Sim.Fail(sim.Fault{Op: sim.OpQuery, Kind: kind, Times: -1})
			wants(t, "query", b.Query(t, &c), wallet.Unclear)
			b.Sim.Mend()
			if ref, ok := b.Provider.(wallet.Refunder); ok {
				r := b.RefundOf(c, 100)
				b.Sim.Fail(sim.Fault{Op: sim.OpRefund, Kind: kind})
				a, err := ref.Refund(context.Background(), r)
				if err != nil {
					t.Fatal(err)
				}
				wants(t, "refund", a, wallet.Unclear)
				b.Sim.Mend()
			}
			o := b.way(t, till.Show, till.Take)
			if o.Way == till.Take {
				o.Code = b.Platform.NewCode(sim.Purse{Password: true})
			}
			b.Start(t, &o)
			o.GivingUp = true
			if !b.Subject.Spec.Ability.NoCancel {
				b.Sim.Fail(sim.Fault{Op: sim.OpCancel, Kind: kind})
				a, err := b.Provider.Cancel(context.Background(), o)
				if err != nil {
					t.Fatal(err)
				}
				wants(t, "cancel", a, wallet.Unclear)
			}
			b.Sim.Mend()
		})
	}
	t.Run("wrong_amount", func(t *testing.T) {
		c := b.settle(t)
		b.Sim.Fail(sim.Fault{Op: sim.OpQuery, Kind: sim.WrongAmount, Times: -1})
		if a := b.Query(t, &c); a.Verdict == wallet.Done && a.Amount == c.Amount {
			t.Errorf("the amount the provider stated was not handed on")
		}
	})
}

func noConnectionIsNotSent(t *testing.T, b *Bench) {
	a := b.Platform.Account()
	a.Name, a.BaseURL, a.Mode, a.Currency = b.Subject.Spec.Name, "http://127.0.0.1:1/"+b.Platform.Name(), "test", b.Subject.Currency
	p, err := b.Subject.Spec.New(a, b.Client)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := p.Start(context.Background(), b.way(t, till.Take, till.Show)); !errors.Is(err, wallet.ErrNotSent) {
		t.Errorf("nobody listens: %v %v", a.Verdict, err)
	}
}

func journalFirst(t *testing.T, b *Bench) {
	b.Log.Fail = errors.New("disk full")
	c := b.way(t, till.Take, till.Show)
	before := len(b.Sim.Calls())
	if _, err := b.Provider.Start(context.Background(), c); !errors.Is(err, wallet.ErrNotSent) {
		t.Errorf("with a journal that cannot be written: %v", err)
	}
	if n := len(b.Sim.Calls()) - before; n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

func secretsAreNotKept(t *testing.T, b *Bench) {
	c := b.way(t, till.Take, till.Show)
	b.Start(t, &c)
	b.Query(t, &c)
	text := b.Log.Text()
	if c.Code != "" && strings.Contains(text, c.Code) {
		t.Errorf("the customer's code was kept:\n%s", text)
	}
	acc := b.Platform.Account()
	for _, f := range b.Subject.Spec.Fields {
		v := strings.TrimSpace(acc.Fields[f.Name])
		if !f.Secret || len(v) < 8 {
			continue
		}
		for _, part := range strings.Fields(v) {
			if len(part) >= 16 && strings.Contains(text, part) {
				t.Errorf("%s was kept", f.Name)
			}
		}
	}
	if !strings.Contains(text, string(wallet.CallStart)) || len(b.Log.Calls) == 0 || b.Log.Calls[0].Ended.Before(b.Log.Calls[0].Began) || time.Since(b.Log.Calls[0].Began) > time.Minute {
		t.Errorf("the journal of calls: %s", text)
	}
}

// wrongCredentials leaves out and damages every field in turn: New refuses
// with the field's name, or the provider does in words.
func wrongCredentials(t *testing.T, b *Bench) {
	for _, f := range b.Subject.Spec.Fields {
		if f.Optional {
			continue
		}
		acc := b.Platform.Account()
		acc.Name, acc.BaseURL, acc.Mode, acc.Currency = b.Subject.Spec.Name, b.Base, "test", b.Subject.Currency
		fields := map[string]string{}
		for k, v := range acc.Fields {
			fields[k] = v
		}
		acc.Fields = fields
		delete(fields, f.Name)
		_, err := b.Subject.Spec.New(acc, b.Client)
		if e := (*wallet.FieldError)(nil); f.Default == "" && (!errors.As(err, &e) || e.Field != f.Name) {
			t.Errorf("without %s: %v", f.Name, err)
		}
		if f.Kind == wallet.PEM {
			v := b.Platform.Account().Fields[f.Name]
			fields[f.Name] = v[:len(v)/2]
			_, err := b.Subject.Spec.New(acc, b.Client)
			if e := (*wallet.FieldError)(nil); !errors.As(err, &e) || e.Field != f.Name || strings.Contains(err.Error(), v[:40]) {
				t.Errorf("with half of %s: %v", f.Name, err)
			}
		}
	}
}
