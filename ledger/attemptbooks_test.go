package ledger

import (
	"errors"
	"maps"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// accounts sums the postings by account.
func (c *counter) accounts(t testing.TB) map[string]money.Amount {
	t.Helper()
	out := map[string]money.Amount{}
	err := each(bg, c.l.q(), "SELECT account, sum(amount) FROM posting GROUP BY account HAVING sum(amount) <> 0", nil, func(s scanner) error {
		var account string
		var sum money.Amount
		err := s.Scan(&account, &sum)
		out[account] = sum
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (c *counter) net(t testing.TB, day till.BusinessDay) money.Amount {
	t.Helper()
	r, err := c.l.Report(bg, day, day)
	if err != nil {
		t.Fatal(err)
	}
	return r.Net()
}

// lastNotes are the records about payments in the journal.
func (c *counter) notes(t testing.TB) (out []till.Entry) {
	t.Helper()
	err := each(bg, c.l.q(), "SELECT body FROM entry WHERE seq IN (SELECT seq FROM payment_note) ORDER BY seq", nil, func(s scanner) error {
		var body []byte
		if err := s.Scan(&body); err != nil {
			return err
		}
		e, err := till.DecodeEntry(body)
		out = append(out, e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Money that comes after its sale went on is the customer's, on the day it
// becomes known, until it has gone back. Net never holds it and the closed day
// never changes.
func TestLateMoneyIsTheCustomersUntilItGoesBack(t *testing.T) {
	c := shopWithClock(t)
	before := c.accounts(t)
	s := c.basket(2)
	a := c.plan(t, s, s.Due())
	c.move(t, a.Number, till.Sending, till.Unknown, till.Watch)
	c.must(t, c.sold(s)) // the sale goes on by card and cash
	day := c.day
	net, sold := c.net(t, day), c.accounts(t)
	c.closeShift(t)
	c.nextDay(t)
	closed, err := c.l.Report(bg, day, day)
	if err != nil {
		t.Fatal(err)
	}
	afterClose := c.accounts(t)

	got := c.move(t, a.Number, till.LatePaid)
	if got.State != till.LatePaid || got.Sale != s.ID {
		t.Fatalf("%+v", got)
	}
	now := c.accounts(t)
	if now["tender:wallet:alipay"] != a.Amount || now["customers"] != -a.Amount || now["sales"] != sold["sales"] {
		t.Errorf("accounts %v", now)
	}
	notes := c.notes(t)
	if len(notes) != 1 || notes[0].Day != c.day || notes[0].Shift != c.shift {
		t.Fatalf("notes %+v", notes)
	}
	if found, ok := notes[0].Record.(*till.PaymentFound); !ok || found.Number != a.Number || found.Amount != a.Amount || found.Day != day || found.Sale != s.ID || found.Wallet != "alipay" {
		t.Errorf("note %+v", notes[0].Record)
	}
	if c.net(t, day) != net || c.net(t, c.day) != 0 {
		t.Errorf("net %d and %d, want %d and 0", c.net(t, day), c.net(t, c.day), net)
	}

	c.must(t, till.Tx{Owe: []string{a.Number}, Refunds: []till.WalletRefund{{
		Number: till.AttemptNumber("1", "ABCD", 900), Attempt: a.Number, Amount: a.Amount, Why: "late", Shift: c.shift, Day: c.day, PlannedAt: c.at, Cashier: "1001",
	}}})
	st, err := c.l.Recover(bg)
	if err != nil || len(st.Attempts) != 1 || st.Attempts[0].State != till.RefundDue || len(st.Refunds) != 1 {
		t.Fatalf("%+v %+v %v", st.Attempts, st.Refunds, err)
	}
	c.moveRefund(t, st.Refunds[0].Number, till.RefundSending, till.RefundDone)
	got = c.move(t, a.Number, till.PaidFor)
	if got.Refunded != a.Amount || got.Booked {
		t.Errorf("%+v", got)
	}
	if now := c.accounts(t); !maps.Equal(now, afterClose) {
		t.Errorf("accounts %v, want them as before it came: %v", now, afterClose)
	}
	if st, err = c.l.Recover(bg); err != nil || len(st.Attempts)+len(st.Refunds) != 0 {
		t.Errorf("%+v %+v %v: nothing is left to do", st.Attempts, st.Refunds, err)
	}
	again, err := c.l.Report(bg, day, day)
	if err != nil || again.Net() != closed.Net() || len(again.Tenders) != len(closed.Tenders) {
		t.Errorf("the closed day changed: %+v, %v", again, err)
	}
	if len(c.notes(t)) != 2 || before["customers"] != 0 {
		t.Errorf("notes %+v", c.notes(t))
	}
	c.audited(t)
}

// A late payment whose sale still waits is taken up by it: no tender twice.
func TestLateMoneyIsTakenUpByItsSale(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	a := c.plan(t, s, s.Due())
	c.move(t, a.Number, till.Sending, till.Unknown, till.Watch, till.LatePaid)
	got, err := c.l.Attempt(bg, a.Number)
	if err != nil {
		t.Fatal(err)
	}
	c.must(t, c.settled(s, got))
	if got, err = c.l.Attempt(bg, a.Number); err != nil || got.State != till.PaidFor || !got.Booked || got.Receipt != c.receipt {
		t.Errorf("%+v, %v", got, err)
	}
	if now := c.accounts(t); now["customers"] != 0 || now["tender:wallet:alipay"] != a.Amount {
		t.Errorf("accounts %v", now)
	}
	if c.net(t, c.day) != a.Amount {
		t.Errorf("net %d, want %d", c.net(t, c.day), a.Amount)
	}
	if n := c.notes(t); len(n) != 2 || n[1].Record.Kind() != till.KindPaymentTaken {
		t.Errorf("notes %+v", n)
	}
	c.audited(t)
}

// A payment without a sale is in the books as the customer's; one in test mode
// is no money.
func TestMoneyWithoutASale(t *testing.T) {
	c := shopWithClock(t)
	for _, mode := range []string{"live", "test"} {
		a, err := c.l.PlanAttempt(bg, till.Attempt{Wallet: "alipay", Mode: mode, Amount: 5, Cashier: "1001"})
		if err != nil {
			t.Fatal(err)
		}
		c.move(t, a.Number, till.Sending, till.PaidFor)
		want := map[string]money.Amount{"live": -5}[mode]
		if now := c.accounts(t); now["customers"] != want {
			t.Errorf("%s: accounts %v", mode, now)
		}
		r := c.back(t, a, 5)
		c.moveRefund(t, r.Number, till.RefundSending, till.RefundUnknown, till.RefundSending, till.RefundDone)
		if now := c.accounts(t); now["customers"] != 0 || now["tender:wallet:alipay"] != 0 {
			t.Errorf("%s: accounts %v", mode, now)
		}
	}
	c.audited(t)
}

// A wallet's failed refund is paid out in cash, once: of a return the tenders'
// sums move, of late money the drawer pays out.
func TestAFailedRefundIsPaidOutInCash(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	a := c.pay(t, s)
	c.must(t, c.settled(s, a))
	back := c.giveBack(s)
	ret := &back.Entries[0].Record.(*till.Returned).Return
	ret.Rounding, ret.Refunds[0].Kind, ret.Refunds[0].Amount, ret.Refunds[0].Evidence = 0, "wallet:alipay", ret.Value, till.ByProvider
	back.Refunds = []till.WalletRefund{{Number: till.AttemptNumber("1", "ABCD", 900), Attempt: a.Number, Return: ret.ID, Amount: ret.Value, PlannedAt: c.at, Shift: c.shift, Day: c.day}}
	c.must(t, back)
	number := back.Refunds[0].Number
	mend := till.Tx{Entries: []till.Entry{c.entry(&till.RefundMended{ID: c.id(), Number: number, Return: ret.ID, Sale: s.ID, From: "wallet:alipay", To: till.Cash, Amount: ret.Value})}}
	if err := c.l.Commit(bg, mend); till.CodeOf(err) != till.AttemptMoved {
		t.Errorf("a refund on its way paid out in cash: %v", err)
	}
	c.moveRefund(t, number, till.RefundSending, till.RefundFailed)
	if st, err := c.l.Recover(bg); err != nil || len(st.Refunds) != 1 {
		t.Errorf("the failed refund is not shown after a start: %+v, %v", st.Refunds, err)
	}
	c.must(t, mend)
	if err := c.l.Commit(bg, mend); till.CodeOf(err) != till.AttemptMoved {
		t.Errorf("paid out twice: %v", err)
	}
	r, err := c.l.Refund(bg, number)
	if err != nil || !r.InCash || r.State != till.RefundFailed {
		t.Errorf("%+v, %v", r, err)
	}
	got, err := c.l.Attempt(bg, a.Number)
	if err != nil || got.Refunded != ret.Value {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := c.l.PlanRefund(bg, till.WalletRefund{Attempt: a.Number, Amount: a.Amount}); till.CodeOf(err) != till.AboveRefundable {
		t.Errorf("what went back in cash goes back again: %v", err)
	}
	rep, err := c.l.Report(bg, c.day, c.day)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range rep.Tenders {
		want := map[till.TenderKind]money.Amount{till.Cash: ret.Value}[k.Kind]
		if k.Refunded != want {
			t.Errorf("%s refunded %d, want %d", k.Kind, k.Refunded, want)
		}
	}
	if st, err := c.l.Recover(bg); err != nil || len(st.Refunds) != 0 {
		t.Errorf("%+v, %v", st.Refunds, err)
	}

	// Late money.
	before := c.accounts(t)
	s = c.basket(2)
	late := c.plan(t, s, s.Due())
	c.move(t, late.Number, till.Sending, till.Unknown, till.Watch, till.LatePaid, till.RefundDue)
	f := c.back(t, late, late.Amount)
	c.moveRefund(t, f.Number, till.RefundSending, till.RefundFailed)
	c.move(t, late.Number, till.Attention)
	c.must(t, till.Tx{Entries: []till.Entry{
		c.entry(&till.RefundMended{ID: c.id(), Number: f.Number, Sale: s.ID, From: "wallet:alipay", To: till.Cash, Amount: late.Amount}),
		c.entry(&till.CashMoved{ID: c.id(), Movement: till.PaidOut, Amount: late.Amount, Reason: "x"}),
	}, Keep: []*till.Sale{s}, Current: s.ID})
	after := c.accounts(t)
	if after["customers"] != before["customers"] || after["paid_out"] != before["paid_out"] || after["tender:cash"] != before["tender:cash"]-late.Amount ||
		after["tender:wallet:alipay"] != before["tender:wallet:alipay"]+late.Amount {
		t.Errorf("accounts %v, were %v", after, before)
	}
	if got, err = c.l.Attempt(bg, late.Number); err != nil || got.State != till.PaidFor || got.Refunded != late.Amount {
		t.Errorf("%+v, %v: nothing is left to do", got, err)
	}
	c.audited(t)
	c.closeShift(t)
	c.audited(t)
}

// A payment of a part is booked while the sale is open; when that is given up,
// it is owed.
func TestABookedPartOfASaleThatIsGivenUpIsOwed(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	a := c.plan(t, s, s.Due()-100)
	a = c.move(t, a.Number, till.Sending, till.Pending, till.PaidFor)
	tendered(s, a, c.at)
	c.must(t, till.Tx{Keep: []*till.Sale{s}, Current: s.ID, Book: []till.Booking{{Number: a.Number, Share: 1}}})
	c.audited(t)
	if err := c.l.Commit(bg, till.Tx{Keep: []*till.Sale{s}, Current: s.ID, Book: []till.Booking{{Number: a.Number, Share: 1}}}); till.CodeOf(err) != till.AttemptMoved {
		t.Errorf("booked twice: %v", err)
	}
	if st, err := c.l.Recover(bg); err != nil || len(st.Attempts) != 0 {
		t.Errorf("%+v, %v", st.Attempts, err)
	}
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.SaleCancelled{Sale: *s, Reason: "走了"})}, Drop: []till.ID{s.ID}, Owe: []string{a.Number}})
	got, err := c.l.Attempt(bg, a.Number)
	if err != nil || got.Booked || got.State != till.RefundDue {
		t.Errorf("%+v, %v", got, err)
	}
	if now := c.accounts(t); now["customers"] != -a.Amount || now["tender:wallet:alipay"] != a.Amount {
		t.Errorf("accounts %v", now)
	}
	c.audited(t)
}

// What is booked is exactly the tender in the transaction.
func TestOnlyTheTenderThatIsThereIsBooked(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	a := c.pay(t, s)
	waiting := c.plan(t, c.basket(2), 100)
	for name, change := range map[string]func(*till.Tender, *till.Booking){
		"another amount":   func(t *till.Tender, _ *till.Booking) { t.Amount--; t.Tendered-- },
		"another share":    func(t *till.Tender, b *till.Booking) { t.N, b.Share = 2, 2 },
		"a cashier's word": func(t *till.Tender, _ *till.Booking) { t.Evidence = till.ByCashier },
		"no such payment":  func(_ *till.Tender, b *till.Booking) { b.Number = "NOBODY" },
		"a waiting one":    func(_ *till.Tender, b *till.Booking) { b.Number = waiting.Number },
	} {
		k := s.Clone()
		tendered(k, a, c.at)
		b := till.Booking{Number: a.Number, Share: 1}
		change(&k.Tenders[0], &b)
		if err := c.l.Commit(bg, till.Tx{Keep: []*till.Sale{k}, Current: k.ID, Book: []till.Booking{b}}); till.CodeOf(err) == "" || till.CodeOf(err) == till.CannotSave {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A sale over a payment that waits is refused by the database, and selling
	// does not stop for it.
	w := c.basket(2)
	c.plan(t, w, 100)
	tx := c.sold(w)
	if err := c.l.Commit(bg, tx); till.CodeOf(err) != till.PaymentOpen {
		t.Errorf("a sale over a waiting payment: %v", err)
	}
	c.receipt--
	k := s.Clone()
	tx = c.settled(k, a)
	tx.Book = nil
	if err := c.l.Commit(bg, tx); till.CodeOf(err) != till.NotAllowed {
		t.Errorf("a provider's tender that is not booked: %v", err)
	}
	c.receipt--
	c.must(t, c.settled(s, a))
	c.audited(t)
}

// What becomes known when the day is closed is booked on the next.
func TestWhatBecomesKnownOnAClosedDay(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	a := c.plan(t, s, s.Due())
	c.move(t, a.Number, till.Sending, till.Unknown, till.Watch)
	c.must(t, c.sold(s))
	c.closeShift(t)
	late := c.at
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.DayClosed{Closed: c.day})}})
	if _, err := c.l.MoveAttempt(bg, a.Number, till.Watch, till.AttemptMove{To: till.LatePaid, At: late.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	n := c.notes(t)
	if len(n) != 1 || n[0].Day != 20260619 || n[0].Shift != 0 {
		t.Errorf("notes %+v", n)
	}
	c.audited(t)
}

// The provider gave the money back itself while it was cancelled: nothing may
// be refunded again.
func TestWhatTheProviderReturnedIsNotRefundedAgain(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	a := c.plan(t, s, s.Due())
	c.move(t, a.Number, till.Sending, till.Pending, till.Cancelling)
	got, err := c.l.MoveAttempt(bg, a.Number, till.Cancelling, till.AttemptMove{To: till.Cancelled, At: c.at, Verdict: "returned", Returned: a.Amount})
	if err != nil || got.Refunded != a.Amount {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := c.l.PlanRefund(bg, till.WalletRefund{Attempt: a.Number, Amount: 1}); till.CodeOf(err) != till.AboveRefundable {
		t.Errorf("%v", err)
	}
	if len(c.notes(t)) != 0 {
		t.Errorf("notes %+v", c.notes(t))
	}
	c.must(t, c.sold(s))
	c.audited(t)
}

// A ledger put back from a copy keeps its payments, which are asked about
// again, and draws numbers of another epoch.
func TestARestoredLedgerAsksAgain(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	a := c.plan(t, s, s.Due())
	c.move(t, a.Number, till.Sending, till.Pending)
	info, err := c.l.Backup(bg, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	mark := c.l.MarkCode("288888888888887788")
	lost := c.plan(t, c.basket(2), 100) // after the copy
	dir, opt := c.l.dir, c.l.opt
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	if c.l, err = Restore(bg, info.Path, dir, opt); err != nil {
		t.Fatal(err)
	}
	open, err := c.l.OpenAttempts(bg)
	if err != nil || len(open) != 1 || open[0].Number != a.Number || open[0].State != till.Pending {
		t.Errorf("%+v, %v", open, err)
	}
	next, err := c.l.PlanAttempt(bg, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 1})
	if err != nil || next.Number[3:7] == a.Number[3:7] || next.Number == lost.Number {
		t.Errorf("number %s after the restore, %s before: %v", next.Number, a.Number, err)
	}
	if mark == "" || c.l.MarkCode("288888888888887788") == mark {
		t.Error("the key of the marks came with the copy")
	}
	c.move(t, a.Number, till.PaidFor)
	c.audited(t)
}

// The same code has the same mark, also after a start, and another another.
func TestTheSameCodeIsKnownAgain(t *testing.T) {
	c := shopWithClock(t)
	one, two := c.l.MarkCode("288888888888887788"), c.l.MarkCode("288888888888887789")
	c.reopen(t)
	if len(one) != 32 || one == two || c.l.MarkCode("288888888888887788") != one || c.l.MarkCode("") != "" {
		t.Errorf("marks %q and %q", one, two)
	}
}

// A commit whose outcome was not known is looked up by what it did to payments.
func TestPaymentsOfACommitAreLookedUp(t *testing.T) {
	c := shopWithClock(t)
	a := c.attempt(t, c.basket(1), 100)
	tx := till.Tx{Plan: []till.Attempt{a}}
	if there, err := c.l.paymentsThere(bg, &tx); err != nil || there {
		t.Errorf("%t, %v", there, err)
	}
	c.must(t, tx)
	if there, err := c.l.paymentsThere(bg, &tx); err != nil || !there {
		t.Errorf("%t, %v", there, err)
	}
	if err := c.l.Commit(bg, tx); err == nil || errors.Is(err, till.ErrUnknown) {
		t.Errorf("planned twice: %v", err)
	}
}
