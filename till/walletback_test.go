package till_test

import (
	"testing"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// paidBy rings ten milks up, 159.00, and has them paid by the amounts given:
// alipay, then wechatpay in turn, and the rest in cash.
func paidBy(t *testing.T, amounts ...money.Amount) *tilltest.Runner {
	t.Helper()
	r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1003").OK(till.Scan{Code: milk, Qty: 10 * money.One}).Due(15900)
	for i, a := range amounts {
		r.Comes(r.Paying([]string{"alipay", "wechatpay"}[i%2], a).Number, till.PaidFor)
	}
	if r.Reg.View().Sale != nil {
		r.OK(till.PayCash{})
	}
	r.Done(1, 0)
	return r
}

func milks(n int, refunds ...till.Refund) till.TakeReturn {
	return till.TakeReturn{Receipt: 1, Reason: "质量问题", Lines: []till.ReturnOf{{Line: 1, Qty: money.Quantity(n) * money.One}}, Refunds: refunds}
}

func TestAReturnGoesBackThroughTheAttemptThatPaid(t *testing.T) {
	r := paidBy(t, 15900)
	r.OK(milks(2))
	v := r.Reg.View()
	ret := v.Done.Return
	sent := r.Wallets.Sent()
	if len(sent) != 1 || sent[0].Amount != 3180 || sent[0].Return != ret.ID || sent[0].Attempt != r.J.Attempts()[0].Number || sent[0].Why != "质量问题" || sent[0].Cashier != "1003" {
		t.Fatalf("refunds %+v", sent)
	}
	if got := ret.Refunds; len(got) != 1 || got[0].Kind != "wallet:alipay" || got[0].Amount != 3180 || got[0].Ref != sent[0].Number || got[0].Evidence != till.ByProvider || got[0].N != 1 {
		t.Fatalf("the return gives back %+v", got)
	}
	if len(v.Refunds) != 1 || v.Refunds[0].State != till.RefundPlanned || !till.ValidAttemptNumber(sent[0].Number) || sent[0].Number == sent[0].Attempt {
		t.Fatalf("the view shows %+v", v.Refunds)
	}
	r.Refunded(sent[0].Number, till.RefundDone)
	if v := r.Reg.View(); len(v.Refunds) != 1 || v.Refunds[0].State != till.RefundDone {
		t.Fatalf("the result shows %+v", v.Refunds)
	}
	r.OK(till.NextSale{})
	if v := r.Reg.View(); len(v.Refunds) != 0 {
		t.Fatalf("the view still shows %+v", v.Refunds)
	}
	// The rest: never more than is left of what it paid.
	r.OK(milks(8))
	if sent := r.Wallets.Sent(); len(sent) != 2 || sent[1].Amount != 12720 {
		t.Fatalf("refunds %+v", sent)
	}
	r.Refused(till.AboveReturnable, milks(1))
}

func TestRefundsFillTheAttemptsInTheirOrder(t *testing.T) {
	r := paidBy(t, 5000, 3000, 4000) // alipay, wechatpay, alipay, and 39.00 in cash
	at := r.J.Attempts()
	r.OK(milks(4, till.Refund{Kind: "wallet:alipay", Amount: 6360}))
	sent := r.Wallets.Sent()
	if len(sent) != 2 || sent[0].Attempt != at[0].Number || sent[0].Amount != 5000 || sent[1].Attempt != at[2].Number || sent[1].Amount != 1360 {
		t.Fatalf("refunds %+v", sent)
	}
	if got := r.Reg.View().Done.Return.Refunds; len(got) != 2 || got[0].N != 1 || got[1].N != 2 || got[0].Amount+got[1].Amount != 6360 {
		t.Fatalf("the return gives back %+v", got)
	}
	r.Refused(till.AboveRefundable, milks(2, till.Refund{Kind: "wallet:alipay", Amount: 3180}))
	r.OK(milks(1, till.Refund{Kind: "wallet:wechatpay", Amount: 1590}))
	if sent := r.Wallets.Sent(); len(sent) != 3 || sent[2].Attempt != at[1].Number {
		t.Fatalf("refunds %+v", sent)
	}
	if len(r.J.Refunds()) != 3 {
		t.Fatalf("%d are kept", len(r.J.Refunds()))
	}
}

// What went back beside the till's returns is not given back again.
func TestARefundIsNoMoreThanTheAttemptHasLeft(t *testing.T) {
	r := paidBy(t, 15900)
	at := r.J.Attempts()[0]
	owners := till.WalletRefund{Number: "001TESTOWNERS001", Attempt: at.Number, Amount: 15000, State: till.RefundPlanned}
	if err := r.J.Commit(t.Context(), till.Tx{Refunds: []till.WalletRefund{owners}}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // under way, then done
		r.Refused(till.AboveRefundable, milks(1))
		if n := r.Reg.View().Notice; n.Detail != "wallet:alipay 9.00" {
			t.Fatalf("notice %+v", n)
		}
		r.Refunded(owners.Number, map[bool]till.RefundState{true: till.RefundPending, false: till.RefundDone}[len(r.Reg.View().Refunds) == 0])
	}
	r.Refused(till.AboveRefundable, milks(1))
	if len(r.Wallets.Sent()) != 0 {
		t.Fatal("it was sent")
	}
}

func TestAPostVoidGivesEveryTenderBack(t *testing.T) {
	r := paidBy(t, 5000, 3000)
	r.OK(till.PostVoid{Receipt: 1, Reason: "x"})
	sent := r.Wallets.Sent()
	if len(sent) != 2 || sent[0].Amount != 5000 || sent[1].Amount != 3000 {
		t.Fatalf("refunds %+v", sent)
	}
	if got := r.Reg.View().Done.Return.Refunds; len(got) != 3 || got[2].Kind != till.Cash || got[2].Amount != 7900 || got[2].N != 3 {
		t.Fatalf("the return gives back %+v", got)
	}
}

// Two wallets have paid a part, and the customer leaves.
func TestCancellingASaleGivesBackWhatWalletsPaid(t *testing.T) {
	r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1002").OK(till.Scan{Code: milk})
	r.Comes(r.Paying("alipay", 300).Number, till.PaidFor)
	r.Comes(r.Paying("wechatpay", 200).Number, till.PaidFor)
	r.OK(till.PayCash{Amount: 100})
	r.Refused(till.SaleHasTenders, till.CancelSale{Reason: "x"})
	r.OK(till.TakeBack{}, till.Freeze{Wallet: "wechatpay"}).Refused(till.WalletStopped, till.CancelSale{Reason: "x"})
	r.SignOn("1001")
	r.OK(till.Release{Wallet: "wechatpay"}, till.CancelSale{Reason: "x"})
	at, sent := r.J.Attempts(), r.Wallets.Sent()
	if len(sent) != 2 || sent[0].Amount != 300 || sent[0].Attempt != at[0].Number || sent[1].Amount != 200 || !sent[0].Return.IsZero() {
		t.Fatalf("refunds %+v", sent)
	}
	if at[0].State != till.RefundDue || at[0].Booked || at[1].State != till.RefundDue || r.Reg.View().Sale != nil || len(r.Reg.View().Attempts) != 2 {
		t.Fatalf("attempts %+v", at)
	}
	got, _, _ := r.J.Totals(t.Context(), 1)
	if got.Cancelled != 1 || got.Net() != 0 || len(got.Tenders) != 0 {
		t.Fatalf("totals %+v", got)
	}
}

func TestAReturnThatCannotBeSavedSendsNothing(t *testing.T) {
	r := paidBy(t, 15900)
	r.J.Fail = tilltest.ErrDisk
	r.Refused(till.CannotSave, milks(2))
	if len(r.Wallets.Sent()) != 0 || len(r.J.Refunds()) != 0 {
		t.Fatal("it was sent")
	}
}

func TestASaleWithACheckingPaymentIsNotReturned(t *testing.T) {
	r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1003").OK(till.Scan{Code: milk})
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Watch, func(m *till.AttemptMove) { m.RefundIfPaid = true })
	r.OK(till.PayCash{})
	r.Done(1, 0)
	r.Refused(till.PaymentChecking, milks(1))
	r.Refused(till.PaymentChecking, till.PostVoid{Receipt: 1, Reason: "x"})
	if n := r.Reg.View().Notice; n.Detail != at.Number {
		t.Fatalf("notice %+v", n)
	}
	r.Comes(at.Number, till.Cancelled)
	r.OK(milks(1))
}

func TestAFailedRefundIsPaidOutInCashOnce(t *testing.T) {
	r := paidBy(t, 15900)
	r.OK(milks(2))
	f := r.Wallets.Sent()[0]
	r.Refused(till.NotInCash, till.RefundInCash{Number: f.Number})
	r.Refused(till.NoSuchAttempt, till.RefundInCash{Number: "X"})
	r.Refunded(f.Number, till.RefundFailed)
	if v := r.Reg.View(); v.Notice.Code != till.NoteRefundFailed || v.Notice.Detail != "¥31.80" || len(v.Refunds) != 1 {
		t.Fatalf("the view shows %+v", v.Notice)
	}
	r.OK(till.NextSale{})
	if v := r.Reg.View(); len(v.Refunds) != 1 {
		t.Fatal("the failed refund left the view")
	}
	before, _, _ := r.J.Totals(t.Context(), 1)
	r.OK(till.RefundInCash{Number: f.Number})
	if p := r.J.Pulses; p[len(p)-1] != "refund" {
		t.Fatalf("pulses %v", p)
	}
	after, _, _ := r.J.Totals(t.Context(), 1)
	if after.Expected() != before.Expected()-3180 || after.Net() != before.Net() {
		t.Fatalf("expected %d, before %d; net %d, before %d", after.Expected(), before.Expected(), after.Net(), before.Net())
	}
	for _, k := range after.Tenders {
		if want := map[till.TenderKind]money.Amount{"wallet:alipay": 0, till.Cash: 3180}[k.Kind]; k.Refunded != want {
			t.Fatalf("%s gave back %d, want %d", k.Kind, k.Refunded, want)
		}
	}
	pulses := len(r.J.Pulses)
	r.Refused(till.NotInCash, till.RefundInCash{Number: f.Number})
	if len(r.J.Pulses) != pulses || len(r.Reg.View().Refunds) != 0 {
		t.Fatal("it was paid out twice, or is still shown")
	}
	// Its part of what the wallet took is spent: the rest alone can go back.
	r.Refused(till.AboveReturnable, milks(9))
	r.OK(milks(8))
	if sent := r.Wallets.Sent(); len(sent) != 2 || sent[1].Amount != 12720 {
		t.Fatalf("refunds %+v", sent)
	}
}

func TestLateMoneyThatCannotGoBackIsPaidOutInCash(t *testing.T) {
	r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1003").OK(till.Scan{Code: milk})
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Watch)
	r.OK(till.PayCash{})
	r.Comes(at.Number, till.LatePaid)
	f := r.Wallets.Sent()[0]
	r.Refunded(f.Number, till.RefundFailed)
	r.OK(till.RefundInCash{Number: f.Number})
	got, _, _ := r.J.Totals(t.Context(), 1)
	if got.PaidOut != 1590 || got.Refunds != 0 || got.Expected() != 20000 {
		t.Fatalf("totals %+v", got)
	}
	r.Refused(till.NotInCash, till.RefundInCash{Number: f.Number})
}

// The smallest coin does not change what a wallet owes its customer.
func TestRefundInCashIsExactWhateverTheSmallestCoin(t *testing.T) {
	j := tilltest.New().WithWallets()
	if err := j.Settings.Set("cash_round", "0.50"); err != nil {
		t.Fatal(err)
	}
	r := tilltest.Start(t, j).Selling("1003").OK(till.Scan{Code: milk})
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.PaidFor)
	r.OK(milks(1))
	f := r.Wallets.Sent()[0]
	r.Refunded(f.Number, till.RefundFailed)
	r.OK(till.RefundInCash{Number: f.Number})
	got, _, _ := r.J.Totals(t.Context(), 1)
	for _, k := range got.Tenders {
		if want := map[till.TenderKind]money.Amount{"wallet:alipay": 0, till.Cash: 1590}[k.Kind]; k.Refunded != want {
			t.Fatalf("%s gave back %d, want %d", k.Kind, k.Refunded, want)
		}
	}
	if got.Rounding != 0 || got.Refunds != 1590 || got.Expected() != got.Float-1590 {
		t.Fatalf("totals %+v", got)
	}
}

func TestRefundInCashNeedsAManager(t *testing.T) {
	r := counter(t)
	r.Comes(r.Paying("alipay", 1590).Number, till.PaidFor)
	r.OK(milks(1))
	f := r.Wallets.Sent()[0]
	r.Refunded(f.Number, till.RefundFailed)
	r.Refused(till.NeedsApproval, till.RefundInCash{Number: f.Number})
	r.OK(till.Approve{PIN: "1003"})
	r.Settle(func(v till.View) bool { return v.Notice != nil && v.Notice.Code == till.NoteRefundCash })
}

func TestAProvidersTenderIsNotMended(t *testing.T) {
	r := paidBy(t, 15900)
	r.Refused(till.NotMendable, till.MendTender{Receipt: 1, Share: 1, Kind: till.Cash, Reason: "x"})
}

func TestReplayedWalletTendersAreReturnedByAPersonsWord(t *testing.T) {
	r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1003")
	for _, c := range []till.Command{till.Scan{Code: milk}, till.Pay{Kind: "wallet:alipay", Ref: "X/Y"}} {
		if err := r.Replay(c); err != nil {
			t.Fatal(err)
		}
	}
	r.OK(milks(1))
	if got := r.Reg.View().Done.Return.Refunds; len(r.Wallets.Sent()) != 0 || got[0].Evidence != till.ByCashier || got[0].Amount != 1590 {
		t.Fatalf("the return gives back %+v", got)
	}
}
