package till_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// Each test here is named after a pain that tills in use have given their
// shopkeepers, numbered as in docs/pains.md.

func TestPain01FiftyRapidPressesPayOnce(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { r.Do(till.PayCash{Tendered: 2000}) })
	}
	wg.Wait()
	sales := 0
	for _, e := range j.Entries() {
		if _, ok := e.Record.(*till.SaleCompleted); ok {
			sales++
		}
	}
	if sales != 1 || len(j.Prints) != 1 {
		t.Errorf("50 presses made %d sales and %d receipts, want 1 and 1", sales, len(j.Prints))
	}
}

func TestPain03APaidSaleSurvivesEveryKill(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.PayCash{}, till.Scan{Code: bread})
	// No stop in order: a second register opens on what is on the disk.
	again := tilltest.Start(t, j)
	if v := again.Reg.View(); v.Next != 2 || v.Due != 350 || v.Shift == nil {
		t.Errorf("after the kill: next receipt %d, open basket %d, shift %v", v.Next, v.Due, v.Shift)
	}
}

func TestPain06NothingLooksPaidThatIsNotSaved(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk})
	j.Fail = tilltest.ErrDisk
	r.Do(till.PayCash{})
	v := r.Reg.View()
	if v.Done != nil || len(j.Prints) != 0 || v.Notice.Kind != till.Refused {
		t.Errorf("an unsaved sale shows %+v and prints %v", v.Done, j.Prints)
	}
}

func TestPain07TheCodeIsForTheRestDueAndGoesAwayOnResult(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 5000_00}, till.PayCash{Amount: 1234}, till.ShowQR{Method: "pix"})
	if q := r.Reg.View().QR; q.Amount != 3766 || !strings.Contains(q.Text, "37.66") || q.Payee == "" {
		t.Errorf("code %+v, want exactly the due of 37.66 with the payee", q)
	}
	r.OK(till.ConfirmQR{Ref: "1"})
	if q := r.Reg.View().QR; q != nil {
		t.Errorf("the code %+v stays after the payment", q)
	}
}

func TestPain08APaymentOnSightNeedsAReferenceAndStaysUnverified(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.ShowQR{Method: "pix"})
	r.Refused(till.ReferenceMissing, till.ConfirmQR{Ref: "  "})
	r.OK(till.ConfirmQR{Ref: "尾号 8812 12:46"})
	totals, _, _ := j.Totals(context.Background(), 1)
	if k := totals.Tenders[0]; k.Unverified != 1590 || k.UnvCount != 1 {
		t.Errorf("unverified %d in %d, want 15.90 in 1", k.Unverified, k.UnvCount)
	}
}

func TestPain14TaxInclusivePricesWithDiscountsNeverLoseACent(t *testing.T) {
	j := tilltest.New()
	j.Settings.Taxes = []till.TaxClass{{Code: "standard", Rate: 190_000}}
	r := tilltest.Start(t, j).Selling("1001")
	for range 3 {
		r.OK(till.AddTyped{Name: "货", Price: 99_00})
	}
	r.OK(till.DiscountSale{Discount: till.Discount{Amount: 100, Reason: "x"}})
	s := r.Reg.View().Sale
	if s.Lines[0].Share != 33 || s.Lines[1].Share != 34 || s.Lines[2].Share != 33 || s.Subtotal() != 197 || s.Tax != 32 {
		t.Errorf("shares %d %d %d, subtotal %d, tax %d", s.Lines[0].Share, s.Lines[1].Share, s.Lines[2].Share, s.Subtotal(), s.Tax)
	}
	r.OK(till.PayCash{}).Done(1, 0)
	r.OK(till.AddTyped{Name: "货", Price: 99_00}, till.DiscountSale{Discount: till.Discount{Percent: money.RateMax, Reason: "x"}}, till.Pay{Kind: till.NoTender})
	if s := r.Done(2, 0); s.Total() != 0 {
		t.Errorf("a discount of 100 %% leaves %d", s.Total())
	}
}

func TestPain15CashRoundingTouchesTheLastCashPartOnly(t *testing.T) {
	j := tilltest.New()
	j.Settings.CashRounding = till.CashRounding{Step: 5, Mode: money.HalfAwayFromZero}
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 1003_00}, till.PayCash{Amount: 500}, till.Pay{Kind: till.Card, Ref: "1"})
	if s := r.Done(1, 0); s.Rounding != 0 || s.Total() != 1003 {
		t.Errorf("a card that settles is rounded by %d", s.Rounding)
	}
	r.OK(till.AddTyped{Name: "货", Price: 1003_00}, till.Pay{Kind: till.Card, Amount: 500, Ref: "1"}, till.PayCash{Tendered: 1000})
	if s := r.Done(2, 495); s.Rounding != 2 || s.Tenders[1].Amount != 505 {
		t.Errorf("rounding %d, cash kept %d, want 2 and 5.05", s.Rounding, s.Tenders[1].Amount)
	}
}

// Between what is due and what is due in cash there is no amount to take: the
// rest would be below zero, and the sale could not be ended.
func TestPain15CashBelowWhatIsRoundedUpIsRefused(t *testing.T) {
	j := tilltest.New()
	j.Settings.CashRounding = till.CashRounding{Step: 10, Mode: money.HalfAwayFromZero}
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 1007_00})
	r.Refused(till.AboveDue, till.PayCash{Amount: 1009})
	r.Refused(till.AboveDue, till.PayCash{Amount: 1008, Tendered: 2000})
	r.Refused(till.TenderedTooLittle, till.PayCash{Tendered: 1009})
	r.Due(1007)
	r.OK(till.PayCash{Tendered: 1010})
	if s := r.Done(1, 0); s.Rounding != 3 || s.Total() != 1010 {
		t.Errorf("rounding %d, total %d, want 0.03 and 10.10", s.Rounding, s.Total())
	}
}

func TestPain15TheCashPartOfASplitIsCutDownToo(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1001")
	r.OK(till.AddTyped{Name: "货", Price: 8643_00}, till.Pay{Kind: till.Card, Amount: 3640, Ref: "1"}, till.RoundDown{To: 10})
	if v := r.Reg.View(); v.Due != 5003 || v.CashDue != 5000 {
		t.Errorf("due %d, in cash %d, want 50.03 and 50.00", v.Due, v.CashDue)
	}
	r.OK(till.PayCash{Tendered: 10000})
	if s := r.Done(1, 5000); s.Rounding != -3 || s.Total() != 8640 || s.Tenders[1].Amount != 5000 {
		t.Errorf("rounding %d, total %d, cash %d, want -0.03, 86.40 and 50.00", s.Rounding, s.Total(), s.Tenders[1].Amount)
	}
	// A card that settles what was cut down pays all of it.
	r.OK(till.AddTyped{Name: "货", Price: 1003_00}, till.PayCash{Amount: 500}, till.RoundDown{To: 100}, till.Pay{Kind: till.Card, Ref: "1"})
	if s := r.Done(2, 0); s.Rounding != 0 || s.Total() != 1003 {
		t.Errorf("a card that settles is cut by %d", s.Rounding)
	}
	// Money that was taken back does not come again with a step back.
	r.OK(till.AddTyped{Name: "货", Price: 1003_00}, till.PayCash{Amount: 500}, till.RoundDown{To: 100}, till.TakeBack{})
	r.Refused(till.NothingToUndo, till.Undo{})
	if v := r.Reg.View(); v.Due != 1003 || len(v.Sale.Tenders) != 0 {
		t.Errorf("due %d with tenders %v, want 10.03 with none", v.Due, v.Sale.Tenders)
	}
}

func TestPain16TheDrawerCountsWhatIsKeptNotTheNote(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 1000_00}, till.PayCash{Tendered: 10000})
	totals, _, _ := j.Totals(context.Background(), 1)
	if k := totals.Tenders[0]; k.Tendered != 10000 || k.Change != 9000 || k.Amount != 1000 || totals.Expected() != 21000 {
		t.Errorf("tendered %d, change %d, kept %d, expected %d", k.Tendered, k.Change, k.Amount, totals.Expected())
	}
}

func TestPain17ARefundLeavesTheTenderAndTheShiftThatPaidIt(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1001")
	r.OK(till.AddTyped{Name: "货", Price: 1000_00}, till.PayCash{}, till.CloseShift{}, till.OpenShift{Float: 5000})
	r.OK(till.TakeReturn{Receipt: 1, Lines: []till.ReturnOf{{Line: 1, Qty: money.One}}, Reason: "x"})
	first, _, _ := j.Totals(context.Background(), 1)
	second, _, _ := j.Totals(context.Background(), 2)
	if first.Refunds != 0 || first.Net() != 1000 || second.Refunds != 1000 || second.Expected() != 4000 {
		t.Errorf("first shift net %d refunds %d; second refunds %d expected %d", first.Net(), first.Refunds, second.Refunds, second.Expected())
	}
}

func TestPain18TheCloseIsComputedFromTheLedgerAndTheCountStaysAsCounted(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1001")
	r.OK(till.AddTyped{Name: "货", Price: 1000_00}, till.PayCash{}, till.MoveCash{Kind: till.PaidOut, Amount: 300, Reason: "冰"},
		till.MoveCash{Kind: till.Drop, Amount: 10000, Reason: "入柜"}, till.MoveCash{Kind: till.PaidIn, Amount: 50, Reason: "零钱"})
	r.OK(till.CloseShift{Count: till.Count{{Denomination: 100, N: 107}}, Reason: "少"})
	for _, e := range j.Entries() {
		if c, ok := e.Record.(*till.ShiftClosed); ok {
			if c.Counted != 10700 || c.Expected != 10750 || c.OverShort != -50 {
				t.Errorf("close %+v, want counted 107.00, expected 107.50, short 0.50", c)
			}
			return
		}
	}
	t.Error("no close on record")
}

func TestPain19AnyCountIsAcceptedAndTheExpectedSumIsHiddenUntilThen(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	if !r.Reg.View().Settings.BlindCount {
		t.Error("the count is not blind in a new shop")
	}
	r.OK(till.CloseShift{Count: till.Count{{Denomination: 1, N: 1}}})
	if z := r.Reg.View().Closed; z.Counted != 1 {
		t.Errorf("counted %d, want what was counted", z.Counted)
	}
}

func TestPain20EmptyBasketsNeverBlockTheClose(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.VoidLine{Line: 1}, till.CloseShift{})
	if z := r.Reg.View().Closed; z == nil || z.Totals.Voids != 1 || z.Totals.Cancelled != 1 {
		t.Errorf("Z %+v: the removed line must stay on record", z)
	}
}

func TestPain21TheDayIsFixedByTheShopsZoneAndStart(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]till.BusinessDay{
		"2026-03-08T06:30:00Z": 20260307, // 01:30, half an hour before the clocks go forward
		"2026-03-08T07:30:00Z": 20260307, // 03:30 an hour later: still before four
		"2026-03-08T08:00:00Z": 20260308,
		"2026-11-01T08:59:00Z": 20261031, // 03:59 after the clocks went back
		"2026-11-01T09:00:00Z": 20261101,
	} {
		when, _ := time.Parse(time.RFC3339, at)
		if got := till.DayOf(when, zone, 4*60); got != want {
			t.Errorf("%s belongs to %s, want %s", at, got, want)
		}
	}
}

func TestPain22AWrongTenderIsMendedByAnEntryAndTheSaleStays(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.AddTyped{Name: "货", Price: 1000_00}, till.PayCash{})
	mend := till.MendTender{Receipt: 1, Share: 1, Kind: till.Card, Ref: "4242/1", Reason: "按错"}
	r.Refused(till.NeedsApproval, mend)
	r.OK(till.Approve{PIN: "1003"})
	r.Settle(func(v till.View) bool { return v.Approval == nil })
	totals, _, _ := j.Totals(context.Background(), 1)
	if totals.Expected() != 20000 || totals.Net() != 1000 {
		t.Errorf("expected cash %d, net %d, want 200.00 and 10.00", totals.Expected(), totals.Net())
	}
	for _, k := range totals.Tenders {
		if want := map[till.TenderKind]money.Amount{till.Cash: 0, till.Card: 1000}[k.Kind]; k.Amount != want {
			t.Errorf("%s took %d, want %d", k.Kind, k.Amount, want)
		}
	}
	for _, e := range j.Entries() {
		if s, ok := e.Record.(*till.SaleCompleted); ok && s.Sale.Tenders[0].Kind != till.Cash {
			t.Error("the sale's own document was changed")
		}
	}
	r.Refused(till.AboveRefundable, till.TakeReturn{Receipt: 1, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: money.One}}, Refunds: []till.Refund{{Kind: till.Cash, Amount: 1000}}})
}

func TestPain24NoMoreComesBackThanWasSold(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1001")
	r.OK(till.Scan{Code: milk, Qty: 2 * money.One}, till.PayCash{})
	back := func(q money.Quantity) till.TakeReturn {
		return till.TakeReturn{Receipt: 1, Lines: []till.ReturnOf{{Line: 1, Qty: q}}, Reason: "x"}
	}
	r.OK(back(money.One))
	r.Refused(till.AboveReturnable, back(2*money.One))
	r.Refused(till.AboveReturnable, till.TakeReturn{Receipt: 1, Lines: []till.ReturnOf{{Line: 1, Qty: money.One}, {Line: 1, Qty: money.One}}, Reason: "x"})
	r.Refused(till.AboveReturnable, till.PostVoid{Receipt: 1, Reason: "x"})
	r.OK(back(money.One))
}

func TestPain27TheDrawerOpensOnCashOnlyAndNeverOnAReprint(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	before := len(j.Pulses)
	r.OK(till.Scan{Code: milk}, till.Pay{Kind: till.Card, Ref: "1"}, till.Reprint{})
	if len(j.Pulses) != before {
		t.Errorf("a card sale and a reprint opened the drawer: %v", j.Pulses[before:])
	}
	r.OK(till.Scan{Code: milk}, till.PayCash{}, till.MoveCash{Kind: till.NoSale, Reason: "换零"})
	if got := j.Pulses[before:]; len(got) != 2 || got[0] != "sale" || got[1] != "no_sale" {
		t.Errorf("pulses %v, want sale and no_sale", got)
	}
}

func TestPain28AnApprovalCoversOneActAndNamesWhoGaveIt(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.Scan{Code: bread})
	r.Refused(till.NeedsApproval, till.Override{Line: 1, Price: 100_00, Reason: "x"})
	r.OK(till.Approve{PIN: "1003"})
	r.Settle(func(v till.View) bool { return v.Sale.Lines[0].Price == 100_00 })
	if l := r.Reg.View().Sale.Lines[0]; l.By != "1003" {
		t.Errorf("the override is by %q, want the person who approved", l.By)
	}
	r.Refused(till.NeedsApproval, till.Override{Line: 2, Price: 100_00, Reason: "x"})
}

func TestPain29ReceiptNumbersHaveNoGapsAndVoidsTakeTheirOwn(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1001")
	r.OK(till.Scan{Code: milk}, till.PayCash{}, till.Scan{Code: milk}, till.CancelSale{Reason: "x"})
	r.OK(till.PostVoid{Receipt: 1, Reason: "x"}, till.Scan{Code: milk})
	j.Fail = tilltest.ErrDisk
	r.Do(till.PayCash{})
	r.OK(till.PayCash{})
	var numbers []int
	for _, e := range j.Entries() {
		switch d := e.Record.(type) {
		case *till.SaleCompleted:
			numbers = append(numbers, d.Sale.Receipt)
		case *till.Returned:
			numbers = append(numbers, d.Return.Receipt)
		}
	}
	for i, n := range numbers {
		if n != i+1 {
			t.Fatalf("receipt numbers %v", numbers)
		}
	}
	if len(numbers) != 3 {
		t.Errorf("%d numbers were given, want 3", len(numbers))
	}
}
