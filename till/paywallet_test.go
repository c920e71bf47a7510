package till_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

const (
	wechatCode = "134567890123456789"
	alipayCode = "286543210987654321"
	jdCode     = "186543210987654321"
)

// counter is a till that takes wallets, with milk for 15.90 in its basket.
func counter(t *testing.T) *tilltest.Runner {
	t.Helper()
	return tilltest.Start(t, tilltest.New().WithWallets()).Selling("1002").OK(till.Scan{Code: milk}).Due(1590)
}

func show(amount money.Amount) till.PayWallet {
	return till.PayWallet{Wallet: "alipay", Amount: amount, Way: till.Show}
}

func TestAPaymentIsPlannedBeforeItIsSent(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	sale := r.Reg.View().Sale
	want := till.Attempt{
		Number: at.Number, Wallet: "alipay", Mode: "live", Sale: sale.ID, Share: 1, Amount: 1590, Currency: r.J.Settings.Currency, Way: till.Show,
		State: till.Planned, Cashier: "1002", Shift: 1, Day: 20260618, PlannedAt: at.PlannedAt, ChangedAt: at.PlannedAt,
	}
	if at != want || !till.ValidAttemptNumber(at.Number) || !at.PlannedAt.Equal(r.Clock) {
		t.Fatalf("planned\n%+v, want\n%+v", at, want)
	}
	kept := r.J.Attempts()
	started, codes := r.Wallets.Started()
	if len(kept) != 1 || len(started) != 1 || started[0] != at || codes[0] != "" || kept[0] != at {
		t.Fatalf("kept %+v, sent %+v with %q", kept, started, codes)
	}
	if v := r.Reg.View(); v.Sale == nil || v.Done != nil || v.Due != 1590 || len(v.Attempts) != 1 || v.Attempts[0] != at {
		t.Fatalf("the view shows %+v", v)
	}
}

func TestNothingIsSentWhereThePlanIsNotOnTheDisk(t *testing.T) {
	r := counter(t)
	r.J.Fail = tilltest.ErrDisk
	r.Refused(till.CannotSave, show(1590))
	if sent, _ := r.Wallets.Started(); len(sent) != 0 || len(r.J.Attempts()) != 0 || r.Reg.View().Attempt != nil {
		t.Fatalf("sent %+v", sent)
	}
	// The disk is well again.
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.PaidFor)
	r.Done(1, 0)
}

func TestAPlanOfUnknownOutcomeIsGivenUp(t *testing.T) {
	r := counter(t)
	r.J.Fail, r.J.Wrote = fmt.Errorf("%w: no answer", till.ErrUnknown), true
	if err := r.Do(show(1590)); till.CodeOf(err) != till.SaveUnknown {
		t.Fatal(err)
	}
	r.J.Wrote = false
	sent, _ := r.Wallets.Started()
	_, stopped, _ := r.Wallets.Asked()
	kept := r.J.Attempts()
	if len(sent) != 0 || len(kept) != 1 || len(stopped) != 1 || stopped[0] != kept[0].Number {
		t.Fatalf("sent %v, kept %v, stopped %v", sent, kept, stopped)
	}
	r.Refused(till.PaymentOpen, till.PayCash{})
	r.Comes(kept[0].Number, till.Abandoned)
	r.OK(till.PayCash{})
	r.Done(1, 0)
}

// What a payment is refused for: one rule a row, nothing sent, nothing lost.
func TestPayWalletRefuses(t *testing.T) {
	pay := func(wallet string, amount money.Amount, way till.Presentment, code string) till.PayWallet {
		return till.PayWallet{Wallet: wallet, Amount: amount, Way: way, Code: code}
	}
	for _, row := range []struct {
		name   string
		before []till.Command
		cmd    till.PayWallet
		code   till.ErrorCode
	}{
		{"amount 0", nil, show(0), till.BadAmount},
		{"a negative amount", nil, show(-5), till.BadAmount},
		{"more than is due", nil, show(1591), till.AboveDue},
		{"a wallet that is not set up", nil, pay("jdpay", 1590, till.Show, ""), till.NoSuchWallet},
		{"a test account", nil, pay("paypal", 1590, till.Show, ""), till.WalletNotLive},
		{"a way the wallet has not", nil, pay("alipay", 1590, till.Tap, ""), till.WalletNoWay},
		{"more than the wallet takes", []till.Command{till.Scan{Code: milk, Qty: 900 * money.One}, till.Scan{Code: milk, Qty: 900 * money.One}, till.Scan{Code: milk, Qty: 900 * money.One}, till.Scan{Code: milk, Qty: 900 * money.One}},
			show(5000001), till.WalletLimit},
		{"a frozen wallet", []till.Command{till.Freeze{Wallet: "alipay"}}, show(1590), till.WalletStopped},
		{"all wallets frozen", []till.Command{till.Freeze{}}, pay("wechatpay", 1590, till.Show, ""), till.WalletStopped},
		{"a payment code is shown", []till.Command{till.ShowQR{Method: "pix"}}, show(1590), till.QROpen},
		{"another attempt is open", []till.Command{show(100)}, pay("wechatpay", 1490, till.Show, ""), till.PaymentOpen},
		{"no code", nil, pay("alipay", 1590, till.Take, ""), till.PayCodeMissing},
		{"goods of 8 digits", nil, pay("alipay", 1590, till.Take, "28000008"), till.NotAPayCode},
		{"goods of 12 digits", nil, pay("alipay", 1590, till.Take, "280000000004"), till.NotAPayCode},
		{"goods of 13 digits", nil, pay("alipay", 1590, till.Take, milk), till.NotAPayCode},
		{"goods of 13 digits that nobody knows", nil, pay("alipay", 1590, till.Take, "2812345678903"), till.NotAPayCode},
		{"goods of 14 digits", nil, pay("alipay", 1590, till.Take, "28123456789014"), till.NotAPayCode},
		{"a social security code", nil, pay("alipay", 1590, till.Take, "2812345678901234567890"), till.NotAPayCode},
		{"a receipt", nil, pay("alipay", 1590, till.Take, "GT1000001"), till.NotAPayCode},
		{"a short code", nil, pay("alipay", 1590, till.Take, "281234"), till.NotAPayCode},
		{"another wallet's code", nil, pay("alipay", 1590, till.Take, wechatCode), till.OtherWallet},
		{"a code of no known form", nil, pay("alipay", 1590, till.Take, "99998888777766665555"), till.OtherWallet},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := counter(t).OK(row.before...)
			sent, _ := r.Wallets.Started()
			r.Refused(row.code, row.cmd)
			if now, _ := r.Wallets.Started(); len(now) != len(sent) || len(r.J.Attempts()) != len(sent) {
				t.Fatalf("%d attempts were sent and %d kept", len(now), len(r.J.Attempts()))
			}
			if n := r.Reg.View().Notice; n == nil || n.Code != row.code || row.cmd.Code != "" && strings.Contains(fmt.Sprintf("%+v", n), row.cmd.Code) {
				t.Fatalf("notice %+v", n)
			}
		})
	}
	t.Run("nothing is rung up", func(t *testing.T) {
		r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1002")
		r.Refused(till.NoSaleOpen, show(1590))
	})
	t.Run("nothing is due", func(t *testing.T) {
		r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1003").OK(till.Scan{Code: milk})
		r.OK(till.DiscountSale{Discount: till.Discount{Amount: 1590, Reason: "x"}}).Due(0)
		r.Refused(till.NothingDue, show(1))
	})
	t.Run("the wallet is off", func(t *testing.T) {
		j := tilltest.New()
		if err := j.Settings.Set("wallets", strings.Replace(tilltest.Takings, `"on":true`, `"on":false`, 1)); err != nil {
			t.Fatal(err)
		}
		r := tilltest.Start(t, j).Selling("1002").OK(till.Scan{Code: milk})
		r.Refused(till.WalletOff, show(1590))
	})
	t.Run("replayed", func(t *testing.T) {
		r := counter(t)
		if err := r.Replay(show(1590)); till.CodeOf(err) != till.UnknownTender {
			t.Fatal(err)
		}
		// As a Pay it is taken, and stays unverified.
		if err := r.Replay(till.Pay{Kind: "wallet:alipay"}); err != nil {
			t.Fatal(err)
		}
		if s := r.Done(1, 0); s.Tenders[0].Evidence != till.ByImport {
			t.Fatalf("tender %+v", s.Tenders[0])
		}
	})
}

func TestACustomersCodeIsHandedOnAndNotKept(t *testing.T) {
	r := counter(t)
	r.OK(till.PayWallet{Wallet: "wechatpay", Amount: 1590, Way: till.Take, Code: " " + wechatCode + "\r"})
	sent, codes := r.Wallets.Started()
	if len(codes) != 1 || codes[0] != wechatCode || sent[0].CodeTail != "6789" || sent[0].CodeMark == "" {
		t.Fatalf("sent %+v with %q", sent, codes)
	}
	if text := fmt.Sprintf("%+v %+v", r.J.Attempts(), r.Reg.View()); strings.Contains(text, wechatCode) {
		t.Fatal("the code is in what is kept or shown")
	}
	if text := fmt.Sprintf("%v %+v %s", till.PayWallet{Code: wechatCode}, till.PayWallet{Code: wechatCode}, till.PayWallet{Code: wechatCode}); strings.Contains(text, wechatCode) || !strings.Contains(text, "6789") {
		t.Fatalf("an act is written as %s", text)
	}
}

func TestAnotherWalletsCodeIsTakenAsChosenByHand(t *testing.T) {
	r := counter(t)
	r.OK(till.PayWallet{Wallet: "alipay", Amount: 1590, Way: till.Take, Code: wechatCode, ByHand: true})
	if sent, codes := r.Wallets.Started(); len(sent) != 1 || sent[0].Wallet != "alipay" || codes[0] != wechatCode {
		t.Fatalf("sent %+v with %q", sent, codes)
	}
}

func TestAnAggregatorTakesTheCodesOfItsWallets(t *testing.T) {
	j := tilltest.New()
	if err := j.Settings.Set("wallets", `[{"name":"shouqianba","on":true,"mode":"live","ways":["take"],"takes":["alipay","wechatpay"]}]`); err != nil {
		t.Fatal(err)
	}
	r := tilltest.Start(t, j).Selling("1002").OK(till.Scan{Code: milk})
	r.Refused(till.OtherWallet, till.PayWallet{Wallet: "shouqianba", Amount: 1590, Way: till.Take, Code: jdCode})
	r.OK(till.PayWallet{Wallet: "shouqianba", Amount: 1590, Way: till.Take, Code: wechatCode})
	if sent, _ := r.Wallets.Started(); len(sent) != 1 || sent[0].Wallet != "shouqianba" {
		t.Fatalf("sent %+v", sent)
	}
}

func TestFiftyRapidPressesOfPayGiveOneAttempt(t *testing.T) {
	r := counter(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes := map[till.ErrorCode]int{}
	for range 50 {
		wg.Go(func() {
			err := r.Do(show(1590))
			mu.Lock()
			defer mu.Unlock()
			codes[till.CodeOf(err)]++
		})
	}
	wg.Wait()
	sent, _ := r.Wallets.Started()
	if codes[""] != 1 || codes[till.PaymentOpen] != 49 || len(sent) != 1 || len(r.J.Attempts()) != 1 {
		t.Fatalf("answers %v, %d sent, %d kept", codes, len(sent), len(r.J.Attempts()))
	}
}

// While an attempt is live nothing may touch its money.
func TestALivePaymentLocksItsSale(t *testing.T) {
	for _, state := range []till.AttemptState{till.Planned, till.Sending, till.Pending, till.Unknown, till.Cancelling, till.CancelUnproven, till.Attention} {
		t.Run(state.String(), func(t *testing.T) {
			r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1003").OK(till.Scan{Code: milk})
			at := r.Paying("alipay", 1000)
			if state != till.Planned {
				r.Comes(at.Number, state)
			}
			for _, c := range []till.Command{
				till.PayCash{}, till.PayCash{Amount: 590}, till.Pay{Kind: till.Card}, till.ShowQR{Method: "pix"}, show(590), till.TakeBack{}, till.RoundDown{To: 10},
				till.CancelSale{Reason: "x"}, till.VoidLine{Line: 1}, till.SetQty{Line: 1, Qty: money.One / 2}, till.Override{Line: 1, Reason: "x"},
				till.DiscountSale{Discount: till.Discount{Amount: 1, Reason: "x"}}, till.DiscountLine{Line: 1, Discount: till.Discount{Amount: 1, Reason: "x"}},
				till.CloseShift{}, till.Undo{},
			} {
				r.Refused(till.PaymentOpen, c)
				if n := r.Reg.View().Notice; n.Detail != at.Number {
					t.Fatalf("%T is refused with %+v", c, n)
				}
			}
			// What is scanned meanwhile goes to the next parked sale.
			r.OK(till.Scan{Code: bread}).Due(1590)
			parked(t, r, 350)
			r.OK(till.SignOff{})
			if r.Reg.View().Attempt == nil {
				t.Fatal("the attempt left the view")
			}
		})
	}
}

// A payment that ended without money leaves the sale as it was.
func TestAPaymentThatEndsWithoutMoneyFreesItsShare(t *testing.T) {
	for _, state := range []till.AttemptState{till.Declined, till.Cancelled, till.Abandoned, till.Watch} {
		t.Run(state.String(), func(t *testing.T) {
			r := counter(t)
			at := r.Paying("alipay", 1590)
			r.Comes(at.Number, state, func(m *till.AttemptMove) { m.Reason = till.NotEnough })
			v := r.Reg.View()
			if v.Attempt == nil || v.Attempt.State != state || v.Due != 1590 || v.Notice.Code != till.NotePayFailed || v.Notice.Detail != string(till.NotEnough) {
				t.Fatalf("the screen shows %+v with %+v", v.Attempt, v.Notice)
			}
			r.OK(till.DropAttempt{})
			if r.Reg.View().Attempt != nil {
				t.Fatal("it is still on the screen")
			}
			second := r.Paying("wechatpay", 1590)
			if second.Number == at.Number || second.Share != 1 {
				t.Fatalf("the second attempt is %+v", second)
			}
			r.Comes(second.Number, till.PaidFor)
			r.Done(1, 0)
		})
	}
}

func TestTheNextActTakesAFailedPaymentOffTheScreen(t *testing.T) {
	r := counter(t)
	r.Comes(r.Paying("alipay", 1590).Number, till.Declined)
	r.OK(till.Scan{Code: bread})
	if r.Reg.View().Attempt != nil {
		t.Fatal("it is still on the screen")
	}
}

func TestCheckAndStopGoToTheDesk(t *testing.T) {
	r := counter(t)
	r.Refused(till.NoSuchAttempt, till.CheckAttempt{Number: "X"})
	r.Refused(till.NoSuchAttempt, till.StopAttempt{Number: "X"})
	at := r.Paying("alipay", 1590)
	r.OK(till.CheckAttempt{Number: at.Number}, till.StopAttempt{Number: at.Number})
	checked, stopped, _ := r.Wallets.Asked()
	if len(checked) != 1 || checked[0] != at.Number || len(stopped) != 1 || stopped[0] != at.Number {
		t.Fatalf("checked %v, stopped %v", checked, stopped)
	}
	r.Comes(at.Number, till.Cancelled)
	r.Refused(till.NotStoppable, till.StopAttempt{Number: at.Number})
}

// What may be overridden: everything that is not known, until it is watched
// with the duty to give it back. A person's doubt may come after that duty.
func TestWhichPaymentsMayBeOverridden(t *testing.T) {
	for _, row := range []struct {
		state till.AttemptState
		duty  bool
		want  till.ErrorCode
	}{
		{till.Unknown, false, ""}, {till.Cancelling, false, ""}, {till.CancelUnproven, false, ""}, {till.Watch, false, ""}, {till.Attention, false, ""},
		{till.Attention, true, ""}, {till.Watch, true, till.NotStoppable}, {till.Declined, false, till.NotStoppable}, {till.Cancelled, false, till.NotStoppable},
	} {
		r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1003").OK(till.Scan{Code: milk})
		at := r.Paying("alipay", 1590)
		if row.duty {
			r.Comes(at.Number, till.Watch, func(m *till.AttemptMove) { m.RefundIfPaid = true })
		}
		if !row.duty || row.state != till.Watch {
			r.Comes(at.Number, row.state)
		}
		if err := r.Do(till.OverrideAttempt{Number: at.Number, Reason: "x"}); till.CodeOf(err) != row.want {
			t.Errorf("%s, duty %t: %v, want %q", row.state, row.duty, err, row.want)
		}
	}
}

func TestAManagerOverridesAPaymentThatNobodyKnowsOf(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Unknown)
	r.Refused(till.ReasonMissing, till.OverrideAttempt{Number: at.Number, Reason: " "})
	r.Refused(till.NeedsApproval, till.OverrideAttempt{Number: at.Number, Reason: "顾客赶时间"})
	if a := r.Reg.View().Approval; a == nil || a.Permission != till.MayOverridePayment || a.Amount != 1590 {
		t.Fatalf("asked for %+v", a)
	}
	r.OK(till.Approve{PIN: "1003"})
	r.Settle(func(v till.View) bool {
		return v.Approval == nil && v.Notice != nil && v.Notice.Code == till.NoteOverridden
	})
	_, _, over := r.Wallets.Asked()
	if len(over) != 1 || over[0] != at.Number+" 1003 顾客赶时间" {
		t.Fatalf("overridden %q", over)
	}
	es := r.J.Entries()
	rec, ok := es[len(es)-1].Record.(*till.PaymentOverridden)
	if !ok || rec.Number != at.Number || rec.Amount != 1590 || rec.State != till.Unknown || rec.Reason != "顾客赶时间" || es[len(es)-1].ApprovedBy != "1003" {
		t.Fatalf("on record is %+v", es[len(es)-1])
	}
	// Until the attempt is on the watch list, its money is locked.
	r.Refused(till.PaymentOpen, till.PayCash{})
	r.Comes(at.Number, till.Watch, func(m *till.AttemptMove) { m.RefundIfPaid = true })
	r.OK(till.PayCash{})
	r.Done(1, 0)
	// It was paid after all: the money goes back, once.
	late := r.Comes(at.Number, till.LatePaid)
	sent := r.Wallets.Sent()
	if len(sent) != 1 || sent[0].Attempt != late.Number || sent[0].Amount != 1590 || !sent[0].Return.IsZero() {
		t.Fatalf("refunds %+v", sent)
	}
	now := r.J.Attempts()[0]
	if now.State != till.RefundDue || now.Booked || r.Reg.View().Notice.Code != till.NoteMoneyBack {
		t.Fatalf("the attempt is %+v", now)
	}
	r.OK(till.AttemptChanged{Attempt: late}) // told twice
	if len(r.Wallets.Sent()) != 1 || len(r.J.Refunds()) != 1 {
		t.Fatal("it goes back twice")
	}
}
