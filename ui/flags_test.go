package ui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// noticed is what a ledger has noticed.
type noticed struct {
	flags    []till.Flag
	odd      []till.OddNote
	cases    []till.PaymentCase
	fails    []till.FailureCount
	care     Care
	float    till.FloatForecast
	from, to till.BusinessDay // asked about last
	refuse   error
}

func (n *noticed) Flags(_ context.Context, from, to till.BusinessDay) ([]till.Flag, error) {
	n.from, n.to = from, to
	return n.flags, n.refuse
}

func (n *noticed) Odd(context.Context, till.BusinessDay, till.BusinessDay) ([]till.OddNote, error) {
	return n.odd, nil
}
func (n *noticed) OpenCases(context.Context) ([]till.PaymentCase, error) { return n.cases, nil }
func (n *noticed) Failures(context.Context, till.BusinessDay, till.BusinessDay) ([]till.FailureCount, error) {
	return n.fails, nil
}
func (n *noticed) Totals(context.Context, till.BusinessDay, till.BusinessDay) ([]till.WalletTotal, error) {
	return []till.WalletTotal{{Wallet: "alipay", Mode: "live", Attempts: 61, Paid: 52}, {Wallet: "wechatpay", Mode: "live", Attempts: 80, Paid: 78}}, nil
}
func (n *noticed) Care(context.Context) (Care, error) { return n.care, nil }
func (n *noticed) FloatFor(_ context.Context, day till.BusinessDay, _ []money.Amount) (till.FloatForecast, error) {
	n.float.For = day
	return n.float, nil
}

// watched is a counter whose ledger has noticed things.
func watched(t *testing.T, width, height float32, who string) (*counter, *noticed) {
	c, _ := backAt(t, width, height)
	n := &noticed{}
	c.w.ports.Office.Flags = n
	c.run.SignOn(who)
	c.run.OK(till.OpenShift{Float: 50000})
	c.now = c.run.Clock
	c.show()
	return c, n
}

// aLot is one of everything.
func aLot(c *counter, n *noticed) {
	day := c.w.today()
	n.flags = []till.Flag{
		{Rule: till.FlagVoids, Cashier: "1002", Shift: 2, Since: plusDays(day, -27), Day: day, Count: 5, Of: 48, Usual: 9_000, HasUsual: true, Amount: 21450, Receipts: []int{3, 5, 7, 9, 12}},
		{Rule: till.FlagNoSales, Cashier: "1002", Shift: 2, Since: plusDays(day, -27), Day: day, Count: 11, Of: 48, Usual: 21_000, HasUsual: true, Records: []int64{41, 44, 52}},
		{Rule: till.FlagOftenShort, Cashier: "1002", Since: plusDays(day, -19), Day: day, Count: 13, Of: 14, Usual: 500_000, HasUsual: true, Amount: 15600, Records: []int64{120, 260}},
		{Rule: till.FlagByHand, Cashier: "1001", Shift: 1, Since: day, Day: day, Count: 2, Amount: 8800, Receipts: []int{2, 4}, Other: "wallet:alipay"},
		{Rule: till.FlagFarBelowPrice, Cashier: "1001", Shift: 1, Since: day, Day: day, Count: 1, Amount: 350, Receipts: []int{6}},
		{Rule: till.FlagBook, Cashier: "1001", Day: day, Since: day, Count: 1, Records: []int64{9}, Other: "clock"},
	}
	at := c.run.Clock.Add(-3 * time.Hour)
	n.odd = []till.OddNote{{Seq: 300, Rule: till.FlagFarBelowPrice, Receipt: 6, Cashier: "1001", Day: day, At: at, Noted: at, Amount: 350},
		{Seq: 301, Rule: till.FlagLoose, Receipt: 8, Cashier: "1002", Day: day, At: at, Noted: at, Amount: 1990}}
	n.cases = []till.PaymentCase{
		{Kind: till.CaseUnknown, Attempt: till.Attempt{Number: "1A2B0000000000000017", Wallet: "alipay", Cashier: "1002", Amount: 4550}, Amount: 4550, Since: c.run.Clock.Add(-25 * time.Minute)},
		{Kind: till.CaseRefundDue, Attempt: till.Attempt{Number: "1A2B0000000000000019", Wallet: "wechatpay", Cashier: "1002", Amount: 1200, Receipt: 12}, Amount: 1200, Since: c.run.Clock.Add(-50 * time.Hour)},
	}
	n.fails = []till.FailureCount{{Wallet: "alipay", Reason: till.NotEnough, Hour: 18, Cashier: "1002", Count: 6}, {Wallet: "alipay", Reason: till.TimedOut, Hour: 12, Cashier: "1001", Count: 3},
		{Wallet: "wechatpay", Reason: till.CodeExpired, Hour: 18, Cashier: "1002", Count: 2}}
	n.care = Care{BackupAt: c.run.Clock.Add(-51 * time.Hour), Slips: 2, Unanswered: 1}
	n.float = till.FloatForecast{Days: 4, Same: true, Total: 42050, Pieces: []till.FloatPieces{{Denomination: 2000, Need: 6, Have: 9, Counted: true},
		{Denomination: 1000, Need: 14, Have: 11, Counted: true}, {Denomination: 500, Need: 21, Have: 8, Counted: true}, {Denomination: 100, Need: 55, Have: 60, Counted: true}}}
}

func TestAHintSaysWhatWasSeenWhyItMayBeInnocentAndOpensItsReceipts(t *testing.T) {
	c, n := watched(t, 1366, 768, "1001")
	c.w.SetLanguage("en")
	aLot(c, n)
	threeSales(c)
	c.w.Open(PageFlags)
	if n.from != plusDays(c.w.today(), -6) || n.to != c.w.today() {
		t.Fatalf("asked about %d to %d, want a week", n.from, n.to)
	}
	c.sees("Many sales undone", "5 of 48, 10.4%; usual here 0.9% · ¥214.50 in all", "Because of these 5 receipts", "#0003  #0005  #0007  #0009  #0012",
		"It may be quite normal", "A new person, a worn scanner or wrong labels make for more.", "Open the receipts and ask what happened.")
	c.press(fyne.KeyReturn)
	if got := c.receipts(); c.w.at != PageHistory || !slices.Equal(got, []int{3}) {
		t.Fatalf("Enter went to %s with receipts %v, want those of the hint that there are", c.w.at, got)
	}
	c.sees("5 receipts")
	if c.press(fyne.KeyEscape); c.w.at != PageFlags {
		t.Fatalf("Esc goes to %s", c.w.at)
	}
	c.press(fyne.KeyDown)
	c.sees("Because of these 3 records of the log: 41, 44, 52")
	c.press(fyne.KeyReturn)
	if c.w.at != PageAudit {
		t.Fatalf("a record without a receipt opened %s", c.w.at)
	}
}

func TestWhatToLookAtShowsPaymentsWeatherCareAndTheFloat(t *testing.T) {
	c, n := watched(t, 1366, 768, "1003")
	c.w.SetLanguage("en")
	aLot(c, n)
	c.w.Open(PageFlags)
	p := c.w.page().(*flagsPage)
	part := func(x flagsPart) { p.state().part = x; p.redraw() }
	part(flagsCases)
	c.sees("Not known yet, being checked", "25 min", "¥45.50", "To be given back", "2 days", "¥12.00")
	part(flagsWeather)
	c.sees("Alipay: 52 of 61 paid", "6", "Payments not paid, by hour")
	part(flagsCare)
	c.sees("Last backup", "2 days", "Slips waiting for the printer", "2", "14 pieces", "counted 11", "3 short", "13 short", "enough", "¥420.50 in all")
	c.tap("28 days")
	if n.from != plusDays(c.w.today(), -27) {
		t.Fatalf("asked from %d", n.from)
	}
	n.refuse = errors.New("closed")
	c.tap("Today")
	c.sees("The books are unchanged. Open this page again in a while.")
}

func TestACashierHasNoPageOfHints(t *testing.T) {
	c, n := watched(t, 1366, 768, "1002")
	aLot(c, n)
	if c.press(fyne.KeyF10); c.has(c.w.Say("page.flags")) {
		t.Fatal("the menu of a cashier names it")
	}
	for _, it := range railItems {
		if it.page == PageFlags && c.w.may(it.need) {
			t.Fatal("a cashier may open it")
		}
	}
}

func TestShotsFlags(t *testing.T) {
	begin := func(who string) func(t *testing.T, width, height float32) *counter {
		return func(t *testing.T, width, height float32) *counter {
			c, n := watched(t, width, height, who)
			aLot(c, n)
			return c
		}
	}
	for name, part := range map[string]flagsPart{"hints": flagsHints, "cases": flagsCases, "weather": flagsWeather, "care": flagsCare} {
		shootFrom(t, "flags-"+name, begin("1001"), func(c *counter) {
			c.w.office.flags.part = part
			c.w.Open(PageFlags)
		})
	}
	shootFrom(t, "flags-none", begin("1001"), func(c *counter) {
		c.w.ports.Office.Flags = &noticed{}
		c.w.Open(PageFlags)
	})
}
