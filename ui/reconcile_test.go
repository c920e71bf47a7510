package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// billShelf answers the reconciliation from bills that a test put there.
type billShelf struct {
	days    map[till.BusinessDay][]BillDay
	sums    []BillSums
	sheet   BillSheet
	refuse  error
	answers []till.Finding // what a question leaves

	fetched, asked, back, settled, printed, taken []string
}

func (b *billShelf) Day(_ context.Context, day till.BusinessDay) ([]BillDay, error) {
	return slices.Clone(b.days[day]), b.refuse
}

func (b *billShelf) Days(context.Context, till.BusinessDay, till.BusinessDay) ([]BillSums, error) {
	return b.sums, b.refuse
}

func (b *billShelf) of(wallet string, day till.BusinessDay) (till.Reconciliation, error) {
	for _, d := range b.days[day] {
		if d.Wallet == wallet {
			return d.Reconciliation, nil
		}
	}
	return till.Reconciliation{}, &BillFault{Code: "no_network", Detail: "no such host"}
}

func (b *billShelf) Fetch(_ context.Context, wallet string, day till.BusinessDay) (till.Reconciliation, error) {
	b.fetched = append(b.fetched, wallet+" "+day.String())
	if b.refuse != nil {
		return till.Reconciliation{}, b.refuse
	}
	return b.of(wallet, day)
}

func (b *billShelf) Sheet(context.Context, string, till.BusinessDay, string) (BillSheet, error) {
	return b.sheet, nil
}

func (b *billShelf) Take(_ context.Context, wallet string, day till.BusinessDay, file string, fields []string, newAccount bool) (till.Reconciliation, error) {
	mark := ""
	if newAccount {
		mark = " moved"
	}
	b.taken = append(b.taken, wallet+" "+file+" "+strings.Join(fields, ",")+mark)
	if b.refuse != nil && !newAccount {
		return till.Reconciliation{}, b.refuse
	}
	r, err := b.of(wallet, day)
	r.Again = len(b.taken) > 1 && !newAccount
	return r, err
}

func (b *billShelf) Ask(_ context.Context, wallet string, day till.BusinessDay, f till.Finding) (till.Reconciliation, error) {
	b.asked = append(b.asked, f.Attempt+f.Refund)
	r, err := b.of(wallet, day)
	if b.answers != nil {
		r.Findings = b.answers
	}
	return r, err
}

func (b *billShelf) GiveBack(_ context.Context, attempt, by string) error {
	b.back = append(b.back, attempt+" "+by)
	return b.refuse
}

func (b *billShelf) Settle(_ context.Context, _ int64, by, why string) error {
	b.settled = append(b.settled, by+" "+why)
	return b.refuse
}

func (b *billShelf) Print(_ context.Context, wallet string, day till.BusinessDay) error {
	b.printed = append(b.printed, wallet+" "+day.String())
	return b.refuse
}

func (b *billShelf) Export(_ context.Context, wallet string, day till.BusinessDay, format string) (string, error) {
	return "/shop/exports/reconcile-" + wallet + "-" + day.String() + "." + format, b.refuse
}

var (
	cnyHere = money.Currency{Code: "CNY", Exponent: 2}
	beijing = time.FixedZone("", 8*3600)
)

// billsOfTheDesign are the three providers of the design's 18 June, with one difference of each group.
func billsOfTheDesign() *billShelf {
	at := func(h, m, s int) time.Time { return time.Date(2026, 6, 18, h, m, s, 0, beijing) }
	kept := time.Date(2026, 6, 19, 9, 12, 0, 0, beijing)
	day := func(wallet string, in money.Amount, matched int, more ...till.Finding) BillDay {
		d := BillDay{Wallet: wallet, Fetches: wallet != "unionpay", Kept: true}
		d.Reconciliation = till.Reconciliation{Wallet: wallet, Mode: "live", Day: 20260618, Final: true, Hash: strings.Repeat("ab", 32), Kept: kept, In: in, Fees: in * 38 / 10000, Currency: cnyHere}
		d.Findings = more
		for i := range matched {
			d.Findings = append(d.Findings, till.Finding{Kind: till.Matched, Attempt: "0017C3C00000001W", Receipt: 20 + i, At: at(8+i/20, i%60, 0), Ours: 3942, Theirs: 3942, Fee: 15, Currency: cnyHere, State: "paid"})
		}
		return d
	}
	return &billShelf{days: map[till.BusinessDay][]BillDay{20260618: {
		day("wechatpay", 254368, 71, till.Finding{ID: 1, Kind: till.PaidThere, Next: till.NextAsk, Attempt: "0017C3C00000128W", Provider: "4200002345678907731", Receipt: 128, At: at(12, 46, 21), Ours: 3640,
			Theirs: 3640, Fee: 14, Currency: cnyHere, State: "watch", Said: "SUCCESS", Noted: kept}),
		day("alipay", 250000, 60, till.Finding{ID: 2, Kind: till.PaidHere, Next: till.NextNeighbour, Attempt: "0017C3C00000071W", Receipt: 71, At: at(23, 40, 2), Ours: 2400, Currency: cnyHere, State: "paid", Noted: kept}),
		day("unionpay", 43612, 8, till.Finding{ID: 3, Kind: till.AmountApart, Next: till.NextCompare, Attempt: "0017C3C00000055W", Provider: "20260618091812345", Receipt: 55, At: at(9, 18, 40), Ours: 5800, Theirs: 5000,
			Currency: cnyHere, State: "paid", Noted: kept}),
	}, 20260619: {{Wallet: "wechatpay", Fetches: true}, {Wallet: "alipay", Fetches: true}}}, sums: []BillSums{
		{Wallet: "wechatpay", Day: 20260618, Final: true, Lines: 72, Total: 254368, Open: 1, Apart: 3640, Currency: cnyHere},
		{Wallet: "alipay", Day: 20260618, Final: true, Lines: 60, Total: 250000, Open: 1, Apart: -2400, Currency: cnyHere},
		{Wallet: "unionpay", Day: 20260618, Final: true, Lines: 9, Total: 43612, Open: 1, Apart: -800, Currency: cnyHere},
		{Wallet: "wechatpay", Day: 20260617, Final: true, Lines: 68, Total: 231140, Currency: cnyHere},
		{Wallet: "alipay", Day: 20260617, Final: true, Lines: 51, Total: 198820, Currency: cnyHere},
		{Wallet: "alipay", Day: 20260616, Lines: 12, Total: 48000, Currency: cnyHere},
	}}
}

// bills opens the reconciliation of 18 June, the day after.
func bills(c *counter, b *billShelf) {
	c.Helper()
	c.w.ports.Office.Bills = b
	withWallets(c)
	c.at(19, 12, 46)
	c.show()
	c.w.Open(PageReconcile)
}

func TestDifferencesAreListedTheGravestFirstWithTheirNextStep(t *testing.T) {
	c, _ := back(t, "1001")
	b := billsOfTheDesign()
	bills(c, b)
	c.sees("Reconciliation", "139", "provider +¥36.40", "provider −¥24.00", "¥8.00 apart", "The other 139 match one by one", "WeChat Pay 06-19 09:12, checked · Alipay 06-19 09:12, checked · UnionPay 06-19 09:12, checked")
	p := c.w.page().(*reconcilePage)
	var order []till.FindingKind
	for _, r := range p.rows() {
		order = append(order, r.Kind)
	}
	if want := []till.FindingKind{till.PaidThere, till.PaidHere, till.AmountApart}; !slices.Equal(order, want) {
		t.Fatalf("listed as %v, want %v", order, want)
	}
	c.sees("#0128", "+¥36.40", "Unknown, set aside", "0017 **** 128W", "Ask and record")
	c.press(fyne.KeyReturn)
	if !slices.Equal(b.asked, []string{"0017C3C00000128W"}) {
		t.Fatalf("asked about %v", b.asked)
	}
	c.sees("Asked, and it still differs", "Nothing was changed. Ask again later, or note why.")
	b.answers = []till.Finding{{Kind: till.Matched, Attempt: "0017C3C00000128W", Receipt: 128, At: c.now, Ours: 3640, Theirs: 3640, Currency: cnyHere, State: "paid"}}
	c.press(fyne.KeyReturn)
	c.sees("The provider answered: this difference is gone", "Compare 19 Jun")
	c.press(fyne.KeyReturn) // the day beside has no bill yet
	c.sees("No bill of Fri 19 June yet")
	c.tap("Fetch the bill")
	if !slices.Equal(b.fetched, []string{"wechatpay 2026-06-19", "alipay 2026-06-19"}) {
		t.Fatalf("fetched %v", b.fetched)
	}
}

// A payment that came twice goes back only by a button that is held, and once.
func TestAPaymentThatCameTwiceIsGivenBackByAHold(t *testing.T) {
	c, _ := back(t, "1001")
	b := billsOfTheDesign()
	f := &b.days[20260618][0].Findings[0]
	f.Kind, f.Next, f.State = till.PaidTwice, till.NextRefund, "paid"
	bills(c, b)
	c.sees("Paid twice", "Hold to refund ¥36.40", "Gives only this one back, under one refund number, never twice.")
	c.press(fyne.KeyReturn)
	c.tap("Hold to refund ¥36.40")
	if len(b.back) == 0 {
		c.hold("Hold to refund ¥36.40", 2*time.Second)
	}
	if !slices.Equal(b.back, []string{"0017C3C00000128W 1001"}) {
		t.Fatalf("given back: %v", b.back)
	}
	c.sees("The refund of ¥36.40 is with the provider")
}

// A difference is noted with who and why, by a tap or in own words.
func TestADifferenceIsNotedWithItsReason(t *testing.T) {
	c, _ := back(t, "1001")
	b := billsOfTheDesign()
	bills(c, b)
	c.press(fyne.KeyDown)
	c.press(fyne.KeyDown)
	c.sees("¥58.00", "¥50.00", "Open #0055")
	c.tap("Note why")
	c.press(fyne.KeyReturn) // without a reason nothing is noted
	if len(b.settled) != 0 {
		t.Fatalf("noted without a reason: %v", b.settled)
	}
	c.tap("Provider's discount, checked")
	c.press(fyne.KeyReturn)
	if !slices.Equal(b.settled, []string{"1001 Provider's discount, checked"}) {
		t.Fatalf("noted %v", b.settled)
	}
	c.sees("The reason is noted")
}

// A file given twice changes nothing and says so; one of another account is refused until somebody says that the
// account has changed; the columns of a list are named once.
func TestABillIsTakenInFromAFile(t *testing.T) {
	c, _ := back(t, "1001")
	b := billsOfTheDesign()
	bills(c, b)
	c.tap("From a file")
	c.tap("Alipay")
	c.tap("青禾便利店")
	c.tap("goods.csv")
	c.sees("Alipay: 61 compared, 1 to look at")
	c.w.page().(*reconcilePage).Dropped("/tmp/bill.zip")
	c.sees("Alipay: this bill was taken in before, nothing has changed")
	b.refuse = &BillFault{Code: "other_merchant", Detail: "20880999, before 20880156"}
	c.w.page().(*reconcilePage).Dropped("/tmp/other.zip")
	c.sees("This is another merchant's bill; it was not taken in", "The books are as they were. Check the account. (20880999, before 20880156)")
	c.hold("Hold: it has changed", 2*time.Second)
	want := []string{"alipay /shop/goods.csv ", "alipay /tmp/bill.zip ", "alipay /tmp/other.zip ", "alipay /tmp/other.zip  moved"}
	if !slices.Equal(b.taken, want) {
		t.Fatalf("taken %q, want %q", b.taken, want)
	}
	b.refuse = nil
	b.sheet = BillSheet{Columns: []ListColumn{{"交易时间", "2026-06-18 09:00", "date"}, {"金额（元）", "12.50", ""}, {"备注", "早餐", ""}}}
	c.w.Open(PageReconcile)
	c.w.page().(*reconcilePage).Dropped("/tmp/list.csv")
	c.sees("交易时间", "Date", "Leave out", "One column must be the amount")
	c.press(fyne.KeyReturn)
	for f := &c.w.office.bills.fields; (*f)[1] != "amount"; {
		c.w.page().(*reconcilePage).next(1)
	}
	c.press(fyne.KeyReturn)
	if got := b.taken[len(b.taken)-1]; got != "alipay /tmp/list.csv date,amount," {
		t.Fatalf("taken %q", got)
	}
}

// A failed fetch says what is safe, and leaves what was compared.
func TestABillThatIsNotFetchedLeavesTheComparison(t *testing.T) {
	c, _ := back(t, "1001")
	b := billsOfTheDesign()
	bills(c, b)
	b.refuse = &BillFault{Code: "no_network", Detail: "dial tcp: lookup: no such host"}
	c.tap("Fetch again")
	c.sees("The bill of WeChat Pay was not fetched", "The books are as they were. Try again once there is a network, or take a file in. (dial tcp: lookup: no such host)", "139")
	if !slices.Equal(b.fetched, []string{"wechatpay 2026-06-18", "alipay 2026-06-18"}) {
		t.Fatalf("fetched %v", b.fetched)
	}
}

func TestShotsReconcile(t *testing.T) {
	owner := signedOn("1001")
	shootFrom(t, "reconcile", owner, func(c *counter) { bills(c, billsOfTheDesign()) })
	shootFrom(t, "reconcile-twice", owner, func(c *counter) {
		b := billsOfTheDesign()
		f := &b.days[20260618][0].Findings[0]
		f.Kind, f.Next, f.State = till.PaidTwice, till.NextRefund, "paid"
		bills(c, b)
	})
	shootFrom(t, "reconcile-note", owner, func(c *counter) { bills(c, billsOfTheDesign()); c.tap(c.w.Say("bills.step.note")) })
	shootFrom(t, "reconcile-matched", owner, func(c *counter) { bills(c, billsOfTheDesign()); c.tap(c.w.Say("bills.show")) })
	shootFrom(t, "reconcile-days", owner, func(c *counter) {
		bills(c, billsOfTheDesign())
		c.w.page().(*reconcilePage).overview()
	})
	shootFrom(t, "reconcile-none", owner, func(c *counter) {
		bills(c, billsOfTheDesign())
		c.w.page().(*reconcilePage).set(20260619)
	})
	shootFrom(t, "reconcile-file", owner, func(c *counter) {
		bills(c, billsOfTheDesign())
		c.w.page().(*reconcilePage).begin()
		c.tap("青禾便利店")
	})
	shootFrom(t, "reconcile-columns", owner, func(c *counter) {
		b := billsOfTheDesign()
		b.sheet = BillSheet{Columns: []ListColumn{{"交易时间", "2026-06-18 09:00:07", "date"}, {"商户订单号", "0017C3C00000001W", "number"}, {"金额（元）", "1,234.50", "amount"}, {"手续费", "0.07", "fee"},
			{"备注", "早,餐", ""}}}
		bills(c, b)
		c.w.page().(*reconcilePage).Dropped("/media/stick/shouqianba-0618.csv")
	})
	shootFrom(t, "reconcile-refused", owner, func(c *counter) {
		b := billsOfTheDesign()
		bills(c, b)
		b.refuse = &BillFault{Code: "other_merchant", Detail: "2088999, before 20880156"}
		c.w.page().(*reconcilePage).Dropped("/media/stick/20881234_20260618.zip")
	})
}
