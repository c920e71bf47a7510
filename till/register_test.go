package till_test

import (
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

const (
	milk   = "6901234567892" // 15.90
	bread  = "6901234567908" // 3.50
	banana = "20001"         // 6.80 a kilogram
)

func TestOneCashSale(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk, Merge: true}, till.Scan{Code: milk, Merge: true}, till.Scan{Code: banana, Qty: 750})
	r.Due(3180 + 510)
	r.OK(till.PayCash{Tendered: 5000})
	s := r.Done(1, 1310)
	if len(s.Lines) != 2 || s.Lines[0].Qty != 2*money.One || s.Tenders[0].Amount != 3690 || s.Tenders[0].Tendered != 5000 {
		t.Errorf("sale %+v", s)
	}
	if len(j.Prints) != 1 || j.Prints[0].Kind != till.SlipReceipt || j.Prints[0].Ref != 1 {
		t.Errorf("print jobs %+v, want the receipt 1", j.Prints)
	}
	if got := j.Pulses[len(j.Pulses)-1]; got != "sale" {
		t.Errorf("drawer pulse %q, want sale", got)
	}
	r.OK(till.CloseShift{Count: till.Count{{Denomination: 10000, N: 2}, {Denomination: 1000, N: 3}, {Denomination: 690, N: 1}}})
	v := r.Reg.View()
	if v.Closed == nil || v.Closed.No != 1 || v.Closed.Counted != 23690 || v.Closed.Totals.Expected() != 23690 || v.Closed.GrandTotal != 3690 {
		t.Fatalf("Z %+v", v.Closed)
	}
}

func TestSplitCashCardWithChangeOnTheCashPart(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 8640_00}).Due(8640)
	r.OK(till.PayCash{Amount: 5000, Tendered: 10000}).Due(3640)
	r.Refused(till.SaleHasTenders, till.AddItem{Item: tilltest.Goods()[milk]})
	r.Refused(till.AboveDue, till.Pay{Kind: till.Card, Amount: 3641, Ref: "4242/1"})
	r.OK(till.Pay{Kind: till.Card, Ref: "4242/001234"})
	s := r.Done(1, 5000)
	if s.Tenders[1].Amount != 3640 || s.Tenders[1].Ref != "4242/001234" || s.Tenders[1].Change != 0 {
		t.Errorf("card tender %+v", s.Tenders[1])
	}
}

func TestRoundDownAppliesToTheCashPartOnly(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 8643_00}, till.RoundDown{To: 10})
	r.OK(till.Pay{Kind: till.Card, Amount: 3643, Ref: "x"}).Due(5000)
	r.OK(till.PayCash{})
	if s := r.Done(1, 0); s.Rounding != 0 || s.Total() != 8643 {
		t.Errorf("rounding %d total %d: the card part must not be rounded", s.Rounding, s.Total())
	}
	r.OK(till.AddTyped{Name: "货", Price: 8643_00}, till.RoundDown{To: 10})
	r.Refused(till.AboveDue, till.PayCash{Amount: 8643})
	r.OK(till.PayCash{Tendered: 8640})
	if s := r.Done(2, 0); s.Rounding != -3 || s.Total() != 8640 {
		t.Errorf("rounding %d total %d, want -3 and 8640", s.Rounding, s.Total())
	}
	r.OK(till.AddTyped{Name: "货", Price: 8643_00}, till.RoundDown{To: 10}, till.Pay{Kind: till.Card, Ref: "x"})
	if s := r.Done(3, 0); s.Rounding != 0 || s.Total() != 8643 {
		t.Errorf("card after round down: rounding %d total %d", s.Rounding, s.Total())
	}
}

func TestExclusiveTaxAndSaleDiscountSplit(t *testing.T) {
	j := tilltest.New()
	j.Settings.Taxes = append(j.Settings.Taxes, till.TaxClass{Code: "us", Rate: 88_750, Mode: till.TaxExclusive})
	r := tilltest.Start(t, j).Selling("1001")
	r.OK(till.Scan{Code: "301"}, till.Scan{Code: bread}, till.DiscountSale{Discount: till.Discount{Amount: 100, Reason: "会员"}})
	s := r.Reg.View().Sale
	// 13.50 less 1.00: shares 0.74 and 0.26; tax 8.875 % of 9.26 = 0.82.
	if s.Lines[0].Share != 74 || s.Lines[1].Share != 26 || s.TaxAdded != 82 || s.Subtotal() != 1350-100+82 {
		t.Errorf("shares %d %d, tax added %d, subtotal %d", s.Lines[0].Share, s.Lines[1].Share, s.TaxAdded, s.Subtotal())
	}
}

func TestZeroTotalNeedsTheExplicitTenderNone(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1001")
	r.OK(till.Scan{Code: milk}, till.DiscountLine{Line: 1, Discount: till.Discount{Percent: money.RateMax, Reason: "赠送"}}).Due(0)
	r.Refused(till.NothingDue, till.PayCash{})
	r.OK(till.Pay{Kind: till.NoTender})
	if s := r.Done(1, 0); s.Tenders[0].Kind != till.NoTender || s.Total() != 0 {
		t.Errorf("tender %+v", s.Tenders)
	}
}

func TestVoidUndoAndLineNumbers(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.Scan{Code: bread}, till.VoidLine{Line: 1}).Due(350)
	r.OK(till.Undo{}).Due(1940)
	r.OK(till.Undo{}).Due(1590) // the bread's add is taken back: voided, on record
	s := r.Reg.View().Sale
	if len(s.Lines) != 2 || !s.Lines[1].Voided || s.LastLine != 2 {
		t.Fatalf("lines %+v", s.Lines)
	}
	r.OK(till.Scan{Code: bread})
	if s := r.Reg.View().Sale; s.LastLine != 3 || s.Lines[2].N != 3 {
		t.Errorf("line number %d, want 3: numbers are never used again", s.Lines[2].N)
	}
	r.Refused(till.LineVoided, till.VoidLine{Line: 2})
	r.Refused(till.NoSuchLine, till.VoidLine{Line: 9})
}

func TestParkRecallCancel(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.Park{}, till.Scan{Code: bread}, till.Park{}, till.Scan{Code: banana, Qty: 500})
	r.OK(till.Recall{N: 1}).Due(1590)
	v := r.Reg.View()
	if len(v.Parked) != 2 || v.Parked[0].N != 2 || v.Parked[1].N != 3 {
		t.Fatalf("parked %+v: the open basket takes the place of the recalled one", v.Parked)
	}
	r.Refused(till.NoSuchParked, till.Recall{N: 1})
	r.OK(till.CancelSale{Reason: "不要了"})
	if v := r.Reg.View(); v.Sale != nil || v.Next != 1 {
		t.Errorf("after cancel: sale %v, next receipt %d", v.Sale, v.Next)
	}
	r.Stop()
	again := tilltest.Start(t, j)
	if v := again.Reg.View(); len(v.Parked) != 2 || v.Parked[1].N != 3 || v.Parked[1].Sale.Due() != 340 {
		t.Errorf("after a restart: parked %+v", v.Parked)
	}
}

func TestTheOpenBasketComesBackAfterACrash(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.Scan{Code: bread}, till.PayCash{Amount: 1000}).Due(940)
	again := tilltest.Start(t, j)
	again.SignOn("1002")
	again.Due(940).OK(till.Pay{Kind: till.Card, Ref: "1"}).Done(1, 0)
}

func TestReturnsAreWorthWhatWasPaidByRunningTotals(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1001")
	// Three at 10.00 for 10.00 off in all: 20.00 paid, 6.67 + 6.66 + 6.67 back.
	r.OK(till.AddTyped{Name: "茶", Price: 1000_00, Qty: 3 * money.One}, till.DiscountLine{Line: 1, Discount: till.Discount{Amount: 1000, Reason: "促"}})
	r.OK(till.PayCash{}).Done(1, 0)
	one := func() till.TakeReturn {
		return till.TakeReturn{Receipt: 1, Lines: []till.ReturnOf{{Line: 1, Qty: money.One}}, Reason: "坏"}
	}
	for i, want := range []money.Amount{667, 666, 667} {
		r.OK(one())
		d := r.Reg.View().Done
		if d.Return.Value != want || d.Return.Receipt != 2+i || d.Return.Refunds[0].Amount != want {
			t.Errorf("return %d is worth %d with number %d, want %d", i+1, d.Return.Value, d.Return.Receipt, want)
		}
	}
	r.Refused(till.AboveReturnable, one())
	r.Refused(till.NoSuchReceipt, till.TakeReturn{Receipt: 99, Lines: []till.ReturnOf{{Line: 1, Qty: 1}}, Reason: "x"})
}

func TestRefundNeverAboveWhatATenderTook(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1001")
	r.OK(till.AddTyped{Name: "货", Price: 5000_00}, till.PayCash{Amount: 2000}, till.Pay{Kind: till.Card, Ref: "1"}).Done(1, 0)
	all := []till.ReturnOf{{Line: 1, Qty: money.One}}
	r.Refused(till.AboveRefundable, till.TakeReturn{Receipt: 1, Lines: all, Reason: "x", Refunds: []till.Refund{{Kind: till.Cash, Amount: 5000}}})
	r.Refused(till.AboveRefundable, till.TakeReturn{Receipt: 1, Lines: all, Reason: "x", Refunds: []till.Refund{{Kind: till.Cash, Amount: 1500}, {Kind: till.Cash, Amount: 1500}, {Kind: till.Card, Amount: 2000}}})
	r.Refused(till.RefundNotEqual, till.TakeReturn{Receipt: 1, Lines: all, Reason: "x", Refunds: []till.Refund{{Kind: till.Cash, Amount: 1500}}})
	r.OK(till.TakeReturn{Receipt: 1, Lines: all, Reason: "x"})
	d := r.Reg.View().Done.Return
	if len(d.Refunds) != 2 || d.Refunds[0].Amount != 2000 || d.Refunds[1].Amount != 3000 {
		t.Errorf("proposed refunds %+v, want the original split", d.Refunds)
	}
}

func TestPostVoidGivesEveryTenderBackWithItsRounding(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1001")
	r.OK(till.AddTyped{Name: "货", Price: 8643_00}, till.RoundDown{To: 10}, till.PayCash{}).Done(1, 0)
	r.OK(till.PostVoid{Receipt: 1, Reason: "错"})
	d := r.Reg.View().Done.Return
	if d.Value != 8643 || d.Rounding != 3 || d.Refunds[0].Amount != 8640 || d.Receipt != 2 {
		t.Errorf("post-void %+v", d)
	}
	r.Refused(till.AlreadyVoided, till.PostVoid{Receipt: 1, Reason: "错"})
	r.OK(till.CloseShift{})
	if z := r.Reg.View().Closed; z.Totals.Net() != 0 || z.Totals.Expected() != 20000 {
		t.Errorf("net %d expected %d after a post-void", z.Totals.Net(), z.Totals.Expected())
	}
}

func TestRightsAndApprovalOfOneAct(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.Scan{Code: bread})
	off := till.DiscountLine{Line: 1, Discount: till.Discount{Percent: 200_000, Reason: "熟客"}}
	r.Refused(till.NeedsApproval, off)
	if v := r.Reg.View(); v.Approval == nil || v.Approval.Permission != till.MayDiscount || v.Approval.Act != "discount_line" {
		t.Fatalf("approval %+v", v.Approval)
	}
	r.OK(till.Approve{PIN: "9999"})
	r.Settle(func(v till.View) bool { return v.Approval != nil && v.Approval.Wrong })
	r.OK(till.Approve{PIN: "1002"}) // the cashier's own PIN is no approval
	r.Settle(func(v till.View) bool { return v.Approval != nil && !v.Approval.Checking })
	r.Due(1940)
	r.OK(till.Approve{PIN: "1003"})
	r.Settle(func(v till.View) bool { return v.Approval == nil && v.Due == 1940-318 })
	r.Refused(till.NeedsApproval, till.DiscountLine{Line: 2, Discount: till.Discount{Percent: 200_000, Reason: "熟客"}})
	r.OK(till.DropApproval{})
	var approved *till.Approved
	for _, e := range j.Entries() {
		if a, ok := e.Record.(*till.Approved); ok {
			approved = a
			if e.ApprovedBy != "1003" {
				t.Errorf("approved by %q, want 1003", e.ApprovedBy)
			}
		}
	}
	if approved == nil || approved.For != "1002" || approved.Act != "discount_line" {
		t.Errorf("approval on record: %+v", approved)
	}
}

func TestATypedPriceAboveTheLimitAsks(t *testing.T) {
	j := tilltest.New()
	j.Settings.Limits.LoosePrice = 50_00
	r := tilltest.Start(t, j).Selling("1002")
	// The limit is of the unit price, and what stands at it is within.
	r.OK(till.AddTyped{Name: "货", Price: 5000_00, Qty: 3 * money.One}).Due(15000)
	r.Refused(till.NeedsApproval, till.AddTyped{Name: "货", Price: 5000_01, Qty: 2 * money.One}).Due(15000)
	if a := r.Reg.View().Approval; a == nil || a.Permission != till.MayLoosePrice || a.Act != "add_typed" || a.Amount != 10000 {
		t.Fatalf("approval %+v", a)
	}
	r.OK(till.Approve{PIN: "1003"})
	r.Settle(func(v till.View) bool { return v.Approval == nil && v.Due == 25000 })
	r.OK(till.CancelSale{})
	// The catalogue vouches for its own prices.
	r.OK(till.AddItem{Item: till.Item{ID: till.ID{9}, Code: "900", Name: "电视", Price: 999_00_00}}).Due(99900)
	r.SignOn("1003")
	r.OK(till.AddTyped{Name: "货", Price: 6000_00}).Due(99900 + 6000)
	r.OK(till.Override{Line: 2, Price: 7000_00, Reason: "x"}).Due(99900 + 7000)
	n := 0
	for _, e := range j.Entries() {
		if a, ok := e.Record.(*till.Approved); ok && a.Permission == till.MayLoosePrice && e.ApprovedBy == "1003" && e.Operator == "1002" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d approvals on record, want the one", n)
	}
}

func TestQRIsConfirmedByAPersonWithAReference(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 5000_00}, till.PayCash{Amount: 2000}, till.ShowQR{Method: "pix"})
	q := r.Reg.View().QR
	if q == nil || q.Amount != 3000 || q.Payee != "QINGHE" || !till.ValidAttemptNumber(q.Number) {
		t.Fatalf("shown code %+v", q)
	}
	r.Refused(till.QROpen, till.PayCash{})
	r.Refused(till.QROpen, till.CloseShift{})
	r.Refused(till.ReferenceMissing, till.ConfirmQR{})
	r.OK(till.AbandonQR{}, till.ShowQR{Method: "pix"})
	second := r.Reg.View().QR
	if second.Number == q.Number {
		t.Error("a second code carries the first one's number")
	}
	r.OK(till.ConfirmQR{Ref: "8812"})
	s := r.Done(1, 0)
	tender := s.Tenders[1]
	if tender.Kind != "qr:pix" || tender.Evidence != till.ByCashier || tender.Ref != second.Number+"/8812" || len(s.Shown) != 2 || s.Shown[0].Outcome != till.QRAbandoned {
		t.Errorf("tender %+v, shown %+v", tender, s.Shown)
	}
}

func TestAFailingDiskStopsSellingAndLosesNothing(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk})
	j.Fail = tilltest.ErrDisk
	r.Refused(till.CannotSave, till.PayCash{Tendered: 2000})
	if v := r.Reg.View(); v.Stopped != till.CannotSave || v.Due != 1590 || v.Done != nil {
		t.Fatalf("stopped %q due %d done %v", v.Stopped, v.Due, v.Done)
	}
	r.OK(till.PayCash{Tendered: 2000}).Done(1, 410) // the disk is well again
}

func TestAnUnknownCommitIsLookedUpNeverRungAgain(t *testing.T) {
	for name, wrote := range map[string]bool{"it was written": true, "it was not": false} {
		t.Run(name, func(t *testing.T) {
			j := tilltest.New()
			r := tilltest.Start(t, j).Selling("1002")
			r.OK(till.Scan{Code: milk})
			j.Fail, j.Wrote = till.ErrUnknown, wrote
			if err := r.Do(till.PayCash{}); till.CodeOf(err) != till.SaveUnknown {
				t.Fatalf("%v, want save_unknown", err)
			}
			v := r.Reg.View()
			if wrote && (v.Sale != nil || v.Next != 2) {
				t.Errorf("the sale is on the disk and yet open: %+v, next %d", v.Sale, v.Next)
			}
			if !wrote && (v.Due != 1590 || v.Next != 1) {
				t.Errorf("the sale is not on the disk and yet gone: due %d, next %d", v.Due, v.Next)
			}
		})
	}
}

func TestForeignCashEntersAsItsValue(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 10000_00}, till.Pay{Kind: "foreign:USD", Rate: 7_100_000, ForeignAmount: 1000}).Due(10000 - 7100)
	r.OK(till.Pay{Kind: "foreign:JPY", Rate: 48_000, Amount: 2400}).Due(500)
	s := r.Reg.View().Sale
	if s.Tenders[1].ForeignAmount != 500 {
		t.Errorf("24.00 at 0.048 a yen is %d yen, want 500", s.Tenders[1].ForeignAmount)
	}
}

func TestTheClockSetBackDoesNotReorderTheShift(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.Clock = r.Clock.Add(time.Hour)
	r.OK(till.Scan{Code: milk}, till.PayCash{})
	first := r.Reg.View().Done.Sale.CompletedAt
	r.Clock = r.Clock.Add(-3 * time.Hour)
	r.OK(till.Scan{Code: milk}, till.PayCash{})
	if second := r.Reg.View().Done.Sale.CompletedAt; second.Before(first) {
		t.Errorf("the second sale at %v stands before the first at %v", second, first)
	}
	if err := r.Replay(till.Scan{Code: milk}); till.CodeOf(err) != till.TimeBackwards {
		t.Errorf("a replayed act before the shift's latest: %v", err)
	}
}

func TestBusinessDayAndShifts(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	for _, c := range []struct {
		at   string
		want till.BusinessDay
	}{{"2026-06-18T03:59:00+08:00", 20260617}, {"2026-06-18T04:00:00+08:00", 20260618}, {"2026-01-01T01:00:00+08:00", 20251231}} {
		at, _ := time.Parse(time.RFC3339, c.at)
		if got := till.DayOf(at, zone, 4*60); got != c.want {
			t.Errorf("%s belongs to %s, want %s", c.at, got, c.want)
		}
	}
	r := tilltest.Start(t, tilltest.New()).Selling("1001")
	r.Refused(till.ShiftIsOpen, till.OpenShift{})
	r.OK(till.CloseShift{}, till.OpenShift{Float: 100}, till.CloseShift{}, till.CloseDay{})
	r.Refused(till.DayIsClosed, till.OpenShift{})
	r.Clock = r.Clock.Add(24 * time.Hour)
	r.OK(till.OpenShift{})
	if v := r.Reg.View(); v.Shift.No != 3 || v.Shift.Day != 20260619 || v.DayClosed {
		t.Errorf("shift %+v", v.Shift)
	}
}

func TestCloseCarriesOpenBasketsOver(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.Park{}, till.Scan{Code: bread}, till.CloseShift{})
	r.Clock = r.Clock.Add(24 * time.Hour)
	r.OK(till.OpenShift{}).Due(350)
	if v := r.Reg.View(); len(v.Parked) != 1 {
		t.Errorf("parked %+v", v.Parked)
	}
	r.OK(till.PayCash{Amount: 100})
	r.Refused(till.SaleHasTenders, till.CloseShift{})
}

func TestRefusals(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j)
	r.Refused(till.NotSignedOn, till.Scan{Code: milk})
	r.SignOn("1002")
	r.Refused(till.NoShift, till.Scan{Code: milk})
	r.OK(till.OpenShift{})
	long := make([]byte, 4000)
	for i := range long {
		long[i] = '7'
	}
	r.Refused(till.CodeTooLong, till.Scan{Code: string(long)})
	r.Refused(till.UnknownCode, till.Scan{Code: "no such"})
	r.Refused(till.BadQuantity, till.Scan{Code: milk, Qty: 1_000_000_000_000_000})
	r.Refused(till.BadQuantity, till.Scan{Code: milk, Qty: -1})
	r.Refused(till.BadPrice, till.AddTyped{Name: "x", Price: -1})
	r.Refused(till.UnknownTaxClass, till.AddTyped{Name: "x", Price: 1, Tax: "none"})
	r.Refused(till.NoSaleOpen, till.PayCash{})
	r.Refused(till.NoSaleOpen, till.Park{})
	r.Refused(till.NothingToUndo, till.Undo{})
	r.OK(till.Scan{Code: milk})
	r.Refused(till.UnknownTender, till.Pay{Kind: "bitcoin"})
	r.Refused(till.UnknownTender, till.Pay{Kind: "wallet:alipay"})
	r.Refused(till.TotalNotZero, till.Pay{Kind: till.NoTender})
	r.Refused(till.BadAmount, till.Pay{Kind: till.Card, Amount: -5})
	r.Refused(till.BadDiscount, till.DiscountLine{Line: 1, Discount: till.Discount{Amount: 1591, Reason: "x"}})
	r.Refused(till.ReasonMissing, till.DiscountLine{Line: 1, Discount: till.Discount{Amount: 1}})
	r.Refused(till.NeedsApproval, till.MoveCash{Kind: till.PaidOut, Amount: 100, Reason: "冰"})
	r.Refused(till.UnknownSetting, till.SetSetting{Settings: []till.Setting{{Key: "nope", Value: "1"}}})
	r.Refused(till.ReasonMissing, till.MoveCash{Kind: till.NoSale})
}
