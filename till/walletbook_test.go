package till_test

import (
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// completed returns the sales on record, in their order.
func completed(r *tilltest.Runner) []till.Sale {
	var out []till.Sale
	for _, e := range r.J.Entries() {
		if s, ok := e.Record.(*till.SaleCompleted); ok {
			out = append(out, s.Sale)
		}
	}
	return out
}

func TestAPaidAttemptCompletesItsSaleInOneCommit(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Pending)
	if v := r.Reg.View(); v.Done != nil || v.Attempt.State != till.Pending || v.Due != 1590 {
		t.Fatalf("the view shows %+v", v)
	}
	r.Comes(at.Number, till.PaidFor)
	s := r.Done(1, 0)
	want := till.Tender{N: 1, Kind: "wallet:alipay", Amount: 1590, Tendered: 1590, Ref: at.Number + "/P" + at.Number, Evidence: till.ByProvider, At: s.CompletedAt, By: "1002"}
	if got := s.Tenders[0]; !got.At.Equal(want.At) || func() bool { got.At = want.At; return got != want }() {
		t.Fatalf("tender %+v, want %+v", got, want)
	}
	if now := r.J.Attempts()[0]; !now.Booked || now.Receipt != 1 || now.State != till.PaidFor {
		t.Fatalf("the attempt is %+v", now)
	}
	if n := len(r.J.Prints); n != 1 || r.J.Prints[0].Kind != till.SlipReceipt || len(r.J.Pulses) != 1 { // the float's
		t.Fatalf("prints %v, pulses %v", r.J.Prints, r.J.Pulses)
	}
	totals, _, _ := r.J.Totals(t.Context(), 1)
	if k := totals.Tenders[0]; k.Kind != "wallet:alipay" || k.Amount != 1590 || k.Unverified != 0 {
		t.Fatalf("totals %+v", k)
	}
	if v := r.Reg.View(); v.Attempt != nil || len(v.Attempts) != 0 {
		t.Fatalf("the view still shows %+v", v.Attempts)
	}
}

func TestAnyMixOfWalletsCashAndCardSettlesASale(t *testing.T) {
	r := counter(t)
	r.OK(till.PayCash{Amount: 500})
	r.Comes(r.Paying("alipay", 300).Number, till.PaidFor)
	r.Due(790)
	r.OK(till.Pay{Kind: till.Card, Amount: 90, Ref: "4242"})
	at := r.Paying("wechatpay", 700)
	if at.Share != 4 {
		t.Fatalf("share %d", at.Share)
	}
	r.Comes(at.Number, till.PaidFor)
	s := r.Done(1, 0)
	var kinds []string
	for _, x := range s.Tenders {
		kinds = append(kinds, string(x.Kind)+" "+x.Evidence.String())
	}
	if got := strings.Join(kinds, ", "); got != "cash cashier, wallet:alipay provider, card cashier, wallet:wechatpay provider" || s.TakenSoFar() != 1590 {
		t.Fatalf("tenders %s", got)
	}
}

func TestAParkedSaleIsCompletedInTheBackground(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Unknown)
	r.OK(till.Park{})
	if !r.Wallets.IsAside(at.Number) {
		t.Fatal("the attempt was not set aside")
	}
	if p := r.J.Prints; len(p) != 1 || p[0].Kind != till.SlipPending || p[0].Text != at.Number || p[0].Ref != 1590 {
		t.Fatalf("printed %+v", p)
	}
	r.OK(till.Scan{Code: bread}).Due(350)
	before := r.Reg.View()
	if before.Attempt != nil || len(before.Attempts) != 1 {
		t.Fatalf("the next sale shows %+v of %+v", before.Attempt, before.Attempts)
	}
	r.Comes(at.Number, till.PaidFor)
	v := r.Reg.View()
	if v.Sale != before.Sale || v.Done != nil || len(v.Parked) != 0 || v.Next != 2 || !v.CanUndo {
		t.Fatalf("the sale on the screen was disturbed: %+v", v)
	}
	if n := v.Notice; n.Code != till.NoteFoundPaid || n.Detail != "#000001 ¥15.90" {
		t.Fatalf("notice %+v", n)
	}
	s := completed(r)
	if len(s) != 1 || s[0].Receipt != 1 || s[0].ParkedAs != 0 || s[0].Tenders[0].Evidence != till.ByProvider {
		t.Fatalf("on record %+v", s)
	}
	if p := r.J.Prints; len(p) != 2 || p[1].Kind != till.SlipReceipt || p[1].Ref != 1 {
		t.Fatalf("printed %+v", p)
	}
	r.OK(till.PayCash{})
	r.Done(2, 0)
}

func TestRecallBringsAPaymentBackToTheScreen(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Unknown)
	r.OK(till.Park{}, till.Scan{Code: bread}, till.Recall{N: 1})
	if v := r.Reg.View(); r.Wallets.IsAside(at.Number) || v.Attempt == nil || v.Attempt.Number != at.Number || len(v.Parked) != 1 {
		t.Fatalf("the view shows %+v", v)
	}
	// Bringing another one back sets it aside again.
	r.OK(till.Recall{N: 2}).Due(350)
	if v := r.Reg.View(); !r.Wallets.IsAside(at.Number) || v.Attempt != nil {
		t.Fatalf("the view shows %+v", v.Attempt)
	}
	r.OK(till.Recall{Sale: at.Sale})
	r.Comes(at.Number, till.PaidFor)
	r.Done(1, 0)
}

func TestAParkedSaleThatFailsToBePaidKeepsItsTenders(t *testing.T) {
	r := counter(t)
	r.OK(till.Pay{Kind: till.Card, Amount: 590})
	at := r.Paying("alipay", 1000)
	r.Comes(at.Number, till.Unknown)
	r.OK(till.Park{})
	r.Comes(at.Number, till.Cancelled)
	if n := r.Reg.View().Notice; n.Code != till.NotePayFailed {
		t.Fatalf("notice %+v", n)
	}
	r.OK(till.Recall{N: 1}).Due(1000)
	r.Refused(till.SaleHasTenders, till.Park{})
	r.OK(till.PayCash{})
	r.Done(1, 0)
}

func TestAPartOfAParkedSaleIsBooked(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1000)
	r.Comes(at.Number, till.Unknown)
	r.OK(till.Park{})
	r.Comes(at.Number, till.PaidFor)
	v := r.Reg.View()
	if len(v.Parked) != 1 || v.Parked[0].Sale.Due() != 590 || v.Notice.Code != till.NoteHalfPaid || v.Notice.Detail != "¥10.00" {
		t.Fatalf("the view shows %+v", v)
	}
	r.OK(till.Recall{N: 1}).Due(590)
	r.OK(till.PayCash{})
	if s := r.Done(1, 0); len(s.Tenders) != 2 || s.Tenders[0].Kind != "wallet:alipay" {
		t.Fatalf("tenders %+v", s.Tenders)
	}
}

// The disk fails at the very commit: the money is not lost, and booked once.
func TestACompletingCommitThatFailsIsTriedAgain(t *testing.T) {
	for _, aside := range []bool{false, true} {
		r := counter(t)
		at := r.Paying("alipay", 1590)
		r.Comes(at.Number, till.Pending)
		if aside {
			r.OK(till.Park{})
		}
		paid := r.Moved(at.Number, till.PaidFor)
		r.J.Fail = tilltest.ErrDisk
		r.Refused(till.CannotSave, till.AttemptChanged{Attempt: paid})
		if v := r.Reg.View(); v.Stopped != till.CannotSave || len(completed(r)) != 0 || r.J.Attempts()[0].Booked {
			t.Fatalf("the view shows %+v", v)
		}
		// Whatever is done next, the payment comes first.
		r.OK(till.Scan{Code: bread}).Due(350)
		s := completed(r)
		if len(s) != 1 || s[0].Tenders[0].Amount != 1590 || !r.J.Attempts()[0].Booked {
			t.Fatalf("on record %+v", s)
		}
		r.OK(till.AttemptChanged{Attempt: paid})
		if len(completed(r)) != 1 {
			t.Fatal("it was booked twice")
		}
	}
}

func TestACommitOfUnknownOutcomeBooksOnce(t *testing.T) {
	for _, wrote := range []bool{false, true} {
		r := counter(t)
		at := r.Paying("alipay", 1590)
		paid := r.Moved(at.Number, till.PaidFor)
		r.J.Fail, r.J.Wrote = till.ErrUnknown, wrote
		if err := r.Do(till.AttemptChanged{Attempt: paid}); till.CodeOf(err) != till.SaveUnknown {
			t.Fatal(err)
		}
		r.J.Wrote = false
		r.OK(till.Scan{Code: bread}).Due(350)
		if s := completed(r); len(s) != 1 || s[0].Receipt != 1 {
			t.Fatalf("wrote %t: on record %+v", wrote, s)
		}
	}
}

func TestAStartBooksWhatWasPaidMeanwhile(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Moved(at.Number, till.PaidFor) // the till died before it was told
	r.Stop()
	again := tilltest.Start(t, r.J)
	if v := again.Reg.View(); v.Sale != nil || v.Next != 2 {
		t.Fatalf("the view shows %+v", v)
	}
	s := completed(again)
	es := r.J.Entries()
	if len(s) != 1 || s[0].Tenders[0].By != "1002" || es[len(es)-1].Operator != "1002" {
		t.Fatalf("on record %+v", s)
	}
}

func TestAStartShowsTheOpenPaymentOfTheSaleAgain(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Moved(at.Number, till.Unknown)
	r.Stop()
	again := tilltest.Start(t, r.J)
	if v := again.Reg.View(); v.Attempt == nil || v.Attempt.Number != at.Number || v.Attempt.State != till.Unknown {
		t.Fatalf("the view shows %+v", v.Attempt)
	}
	if sent, _ := again.Wallets.Started(); len(sent) != 0 {
		t.Fatal("the register sent it again")
	}
	again.SignOn("1002")
	again.Refused(till.PaymentOpen, till.PayCash{})
	again.Comes(at.Number, till.PaidFor)
	again.Done(1, 0)
}

func TestWithoutAShiftAResultWaitsForTheNext(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Unknown)
	r.OK(till.Park{}, till.CloseShift{Count: till.Count{{Denomination: 20000, N: 1}}})
	z := r.Reg.View().Closed
	if z == nil || len(r.Reg.View().Attempts) != 1 {
		t.Fatalf("the close shows %+v", r.Reg.View())
	}
	r.Clock = r.Clock.Add(10 * time.Hour)
	known := r.Clock
	r.Comes(at.Number, till.PaidFor)
	if len(completed(r)) != 0 || r.J.Attempts()[0].Booked {
		t.Fatal("it was booked without a shift")
	}
	r.Clock = r.Clock.Add(14 * time.Hour)
	r.OK(till.OpenShift{Float: 20000})
	s := completed(r)
	if len(s) != 1 || s[0].Day != 20260619 || s[0].Shift != 2 || !s[0].Tenders[0].At.Equal(known) {
		t.Fatalf("on record %+v", s)
	}
	if a := r.J.Attempts()[0]; a.Day != 20260618 || !a.Booked || a.Receipt != 1 {
		t.Fatalf("the attempt is %+v", a)
	}
	// Nothing was added to the closed shift.
	if got, _, _ := r.J.Totals(t.Context(), 1); got.Sales != 0 || got.Net() != 0 {
		t.Fatalf("the closed shift now says %+v", got)
	}
}

// Money that arrives after it was given up: its sale takes it where it still
// can, else it goes back.
func TestLateMoney(t *testing.T) {
	watched := func(t *testing.T, before ...till.Command) (*tilltest.Runner, till.Attempt) {
		r := counter(t).OK(before...)
		at := r.Paying("alipay", 1000)
		r.Comes(at.Number, till.Watch)
		return r, at
	}
	back := func(t *testing.T, r *tilltest.Runner, at till.Attempt) {
		t.Helper()
		if got := r.Wallets.Sent(); len(got) != 1 || got[0].Attempt != at.Number || got[0].Amount != at.Amount {
			t.Fatalf("refunds %+v", got)
		}
		if now := r.J.Attempts()[0]; now.State != till.RefundDue || now.Booked {
			t.Fatalf("the attempt is %+v", now)
		}
	}
	t.Run("its sale still waits", func(t *testing.T) {
		r, at := watched(t)
		r.Comes(at.Number, till.LatePaid)
		r.Due(590)
		if now := r.J.Attempts()[0]; now.State != till.PaidFor || !now.Booked || len(r.Wallets.Sent()) != 0 {
			t.Fatalf("the attempt is %+v", now)
		}
		r.OK(till.PayCash{})
		r.Done(1, 0)
	})
	t.Run("its sale waits parked", func(t *testing.T) {
		r, at := watched(t)
		r.OK(till.Park{})
		r.Comes(at.Number, till.LatePaid)
		if p := r.Reg.View().Parked; len(p) != 1 || p[0].Sale.Due() != 590 {
			t.Fatalf("parked %+v", p)
		}
	})
	t.Run("its sale was paid otherwise", func(t *testing.T) {
		r, at := watched(t)
		r.OK(till.PayCash{})
		r.Done(1, 0)
		r.Comes(at.Number, till.LatePaid)
		back(t, r, at)
	})
	t.Run("a manager has promised to give it back", func(t *testing.T) {
		r := counter(t)
		at := r.Paying("alipay", 1000)
		r.Comes(at.Number, till.Watch, func(m *till.AttemptMove) { m.RefundIfPaid = true })
		r.Comes(at.Number, till.LatePaid)
		back(t, r, at)
		r.Due(1590)
	})
	t.Run("its sale was cancelled", func(t *testing.T) {
		r, at := watched(t)
		r.OK(till.CancelSale{Reason: "x"})
		r.Comes(at.Number, till.LatePaid)
		back(t, r, at)
	})
	t.Run("its share was taken", func(t *testing.T) {
		r, at := watched(t)
		r.OK(till.PayCash{Amount: 100})
		r.Comes(at.Number, till.LatePaid)
		back(t, r, at)
		r.Due(1490)
	})
	t.Run("too little is due by now", func(t *testing.T) {
		r, at := watched(t)
		r.OK(till.VoidLine{Line: 1}, till.Scan{Code: bread})
		r.Comes(at.Number, till.LatePaid)
		back(t, r, at)
		r.Due(350)
	})
	t.Run("another payment holds the sale", func(t *testing.T) {
		r, at := watched(t)
		second := r.Paying("wechatpay", 1590)
		r.Comes(at.Number, till.LatePaid)
		back(t, r, at)
		r.Comes(second.Number, till.PaidFor)
		r.Done(1, 0)
	})
	t.Run("a payment code holds the sale", func(t *testing.T) {
		r, at := watched(t)
		r.OK(till.ShowQR{Method: "pix", Amount: 1590})
		r.Comes(at.Number, till.LatePaid)
		back(t, r, at)
	})
	t.Run("without a shift", func(t *testing.T) {
		r, at := watched(t)
		r.OK(till.CancelSale{Reason: "x"}, till.CloseShift{})
		r.Comes(at.Number, till.LatePaid)
		if len(r.Wallets.Sent()) != 0 {
			t.Fatal("it went back on no day")
		}
		r.OK(till.OpenShift{})
		back(t, r, at)
	})
	t.Run("and is done", func(t *testing.T) {
		r, at := watched(t)
		r.OK(till.CancelSale{Reason: "x"})
		r.Comes(at.Number, till.LatePaid)
		f := r.Wallets.Sent()[0]
		r.Refunded(f.Number, till.RefundDone)
		r.Comes(at.Number, till.PaidFor)
		if v := r.Reg.View(); len(v.Attempts) != 0 || len(v.Refunds) != 0 || len(r.Wallets.Sent()) != 1 {
			t.Fatalf("the view shows %+v %+v", v.Attempts, v.Refunds)
		}
	})
}

// The answer may be dated before the plan, where the clock was set back.
func TestAClockSetBackLosesNoPayment(t *testing.T) {
	r := counter(t)
	r.Clock = r.Clock.Add(-3 * time.Hour)
	at := r.Paying("alipay", 1590)
	if at.PlannedAt.Before(r.Clock.Add(time.Hour)) {
		t.Fatalf("planned at %s", at.PlannedAt)
	}
	r.Comes(at.Number, till.PaidFor)
	r.Done(1, 0)
}

// What a desk told before the register decided comes after it.
func TestAnOldTaleOfAPaymentChangesNothing(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1000)
	old := r.Comes(at.Number, till.Pending)
	r.Comes(at.Number, till.PaidFor)
	r.OK(till.AttemptChanged{Attempt: old}, till.PayCash{})
	r.Done(1, 0)
}

// The provider gave it back itself, while cancelling: no money of the sale.
func TestMoneyThatTheProviderGaveBackItselfIsNotBooked(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Cancelled, func(m *till.AttemptMove) { m.Returned = 1590 })
	r.Due(1590)
	r.OK(till.PayCash{})
	r.Done(1, 0)
}

func TestWhatAPersonMustLookAtIsNotBooked(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Attention, func(m *till.AttemptMove) { m.Reason = till.AmountDiffers })
	r.Due(1590)
	if v := r.Reg.View(); v.Attempt == nil || v.Attempt.State != till.Attention || v.Done != nil {
		t.Fatalf("the view shows %+v", v)
	}
	// A person found that it is right.
	r.Comes(at.Number, till.PaidFor)
	r.Done(1, 0)
}

// What the journal refuses for good is left to a person; selling goes on.
func TestABookingThatIsRefusedDoesNotStopTheTill(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.OK(till.Park{})
	paid := r.Moved(at.Number, till.PaidFor)
	r.J.Fail = &till.Error{Code: till.AttemptMoved}
	r.OK(till.AttemptChanged{Attempt: paid}, till.Scan{Code: bread}, till.PayCash{})
	r.Done(1, 0)
	if got := r.Reg.View().Attempts; len(got) != 1 || got[0].Booked {
		t.Fatalf("the view shows %+v", got)
	}
	r.OK(till.AttemptChanged{Attempt: paid})
	if s := completed(r); len(s) != 2 || s[1].TakenSoFar() != 1590 {
		t.Fatalf("on record %+v", s)
	}
}

// Until a person has looked, nobody else may take that money.
func TestARefusedBookingKeepsItsSaleLocked(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	paid := r.Moved(at.Number, till.PaidFor)
	r.J.Fail = &till.Error{Code: till.AttemptMoved}
	r.OK(till.AttemptChanged{Attempt: paid})
	r.Refused(till.PaymentOpen, till.PayCash{})
	r.Refused(till.PaymentOpen, show(1590))
	r.Refused(till.PaymentOpen, till.CancelSale{})
}

// Cash of a sale that was set aside lies in the drawer that would be counted.
func TestAShiftWithCashInAParkedSaleIsNotClosed(t *testing.T) {
	r := counter(t)
	r.OK(till.PayCash{Amount: 500})
	at := r.Paying("alipay", 1090)
	r.Comes(at.Number, till.Unknown)
	r.OK(till.Park{})
	r.Refused(till.SaleHasTenders, till.CloseShift{})
	r.Comes(at.Number, till.PaidFor)
	r.OK(till.CloseShift{})
	if z := r.Reg.View().Closed; z.Totals.CashSales() != 500 || z.Totals.Net() != money.Amount(1590) {
		t.Fatalf("the Z says %+v", z.Totals)
	}
}
