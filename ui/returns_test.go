package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// lastRecord is the latest record of a kind.
func lastRecord[R till.Record](c *counter) R {
	c.Helper()
	all := c.run.J.Entries()
	for i := len(all) - 1; i >= 0; i-- {
		if r, ok := all[i].Record.(R); ok {
			return r
		}
	}
	var none R
	c.Fatalf("the journal holds no %T", none)
	return none
}

// gave are the refunds of a return, kind and minor units.
func gave(r *till.Return) map[till.TenderKind]money.Amount {
	out := map[till.TenderKind]money.Amount{}
	for _, t := range r.Refunds {
		out[t.Kind] += t.Amount
	}
	return out
}

// twoMilks sells two milks for 31.80: 10.00 by card, the rest in cash.
func twoMilks(c *counter) {
	c.run.OK(till.Scan{Code: milk, Qty: 2 * money.One}, till.Pay{Kind: till.Card, Amount: 1000, Ref: "4242/001234"}, till.PayCash{Tendered: 5000}, till.NextSale{})
	c.show()
}

func TestPartOfALineComesBackToTheTendersThatPaid(t *testing.T) {
	c, _ := back(t, "1002")
	twoMilks(c)
	c.scan("GT1")
	c.sees("Sale #0001", "¥31.80", "Milk 1L", "0/2", "Refund ¥0.00", "Choose goods first")
	c.hand("+")
	c.sees("1/2", "¥15.90", "Choose a reason first", "¥10.00", "¥5.90", "Allocated ¥15.90", "Matches")
	if c.press(fyne.KeyF9); len(c.sent) != 0 {
		t.Fatalf("sent %+v without a reason", c.sent)
	}
	c.hand("1", fyne.KeyF9)
	r := lastRecord[*till.Returned](c).Return
	if r.Of != 1 || r.Receipt != 2 || r.Value != 1590 || r.Rounding != 0 || r.Reason != "Faulty" || len(r.Lines) != 1 || r.Lines[0].Qty != money.One {
		t.Fatalf("returned %+v", r)
	}
	if g := gave(&r); g[till.Card] != 1000 || g[till.Cash] != 590 {
		t.Fatalf("gave %v back, want card 10.00 and cash 5.90", g)
	}
	c.sees("Refunded ¥15.90", "Give the customer ¥5.90 in cash", "Sale #0001 now", "Was ¥31.80", "Bank card ¥10.00", "Cash ¥5.90", "Refund it on the card terminal")
	c.press(fyne.KeyReturn)
	if c.w.at != PageSell {
		t.Fatalf("Enter after a return goes to %s", c.w.at)
	}

	// What is left is worth what is left, all of it from what cash paid.
	c.scan("GT1")
	c.sees("¥15.90 × 2 · 1 already returned", "0/1", "Paid ¥10.00 · back ¥10.00", "Paid ¥21.80 · back ¥5.90")
}

func TestARefundIsTypedButNeverUnequal(t *testing.T) {
	c, _ := back(t, "1001")
	twoMilks(c)
	c.w.OpenWith(PageReturns, 1)
	c.hand("+")
	c.hand("2")
	c.tap("Refund now") // of the card, the first
	c.hand("4")
	c.sees("Allocated ¥9.90", "Should be ¥15.90", "Must sum to ¥15.90")
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyF9)
	if len(c.sent) != 0 {
		t.Fatalf("an unequal refund was sent: %+v", c.sent)
	}
	c.w.page().(*returnsPage).state().plan.set(till.Cash, 1190)
	c.press(fyne.KeyF9)
	if g := gave(&lastRecord[*till.Returned](c).Return); g[till.Card] != 400 || g[till.Cash] != 1190 {
		t.Fatalf("gave %v back, want card 4.00 and cash 11.90", g)
	}
}

func TestAReceiptNobodyHasSaysSo(t *testing.T) {
	c, _ := back(t, "1002")
	c.scan("GT4711")
	c.sees("There is no sale #4711", "Look at the number on the slip, or find it among today's sales with F4.")
}

func TestASaleIsVoidedByAHoldWithAReason(t *testing.T) {
	c, _ := back(t, "1001")
	twoMilks(c)
	c.w.OpenWith(PageReturns, 1)
	c.sees("Void the sale", "Choose a reason first")
	c.hand("2")
	if c.tap("Void the sale"); len(c.sent) != 0 {
		t.Fatalf("a tap voided the sale: %+v", c.sent)
	}
	c.hold("Void the sale", holdTime+500*time.Millisecond)
	r := lastRecord[*till.Returned](c).Return
	if !r.PostVoid || r.Of != 1 || r.Value != 3180 || gave(&r)[till.Card] != 1000 || gave(&r)[till.Cash] != 2180 {
		t.Fatalf("voided %+v", r)
	}
	c.sees("#0001 is voided, ¥31.80 given back", "Give the customer ¥21.80 in cash")
	c.tap("Open the sale")
	c.sees("Voided", "This sale is voided")
}

func TestGoodsWithoutAReceiptNeedAManager(t *testing.T) {
	c, _ := back(t, "1002")
	c.w.Open(PageLoose)
	c.tap("What it is")
	c.hand("Umbrella", fyne.KeyReturn)
	c.hand("-3", fyne.KeyReturn)
	c.sees("Type a name, and a price above zero such as 3.50.")
	c.retype("Price", "19.90", fyne.KeyReturn)
	c.hand("Tissues", fyne.KeyReturn)
	c.hand("23")
	c.tap("Quantity")
	c.hand("2", fyne.KeyReturn)
	c.sees("Umbrella", "¥19.90 × 1", "¥23.00 × 2", "¥46.00", "Choose a reason first")
	c.tap("Reason")
	c.hand("found no sale", fyne.KeyReturn)
	c.press(fyne.KeyF9)
	if a := c.w.View().Approval; a == nil {
		t.Fatalf("a cashier gave money back alone; sent %+v", c.sent)
	}
	c.hand("1003", fyne.KeyReturn)
	r := lastRecord[*till.Returned](c).Return
	if r.Of != 0 || r.Value != 6590 || gave(&r)[till.Cash] != 6590 || r.Reason != "found no sale" {
		t.Fatalf("returned %+v", r)
	}
	if e := c.run.J.Entries(); e[len(e)-1].ApprovedBy != "1003" {
		t.Fatalf("approved by %q, want the manager", e[len(e)-1].ApprovedBy)
	}
	c.sees("Refunded ¥65.90", "Give the customer ¥65.90 in cash")
}

func TestATenderIsBookedAsItWasPaid(t *testing.T) {
	c, _ := back(t, "1001")
	twoMilks(c)
	c.w.OpenWith(PageMend, 1)
	c.sees("Mend a tender of #0001", "¥10.00", "¥21.80", "Choose the tender first")
	c.tap("Bank transfer")
	c.sees("Choose a reason first")
	c.tap("Reason")
	c.hand("wrong key", fyne.KeyReturn)
	c.press(fyne.KeyF9)
	m := lastRecord[*till.TenderMended](c)
	if m.Receipt != 1 || m.From != till.Card || m.To != till.Transfer || m.Amount != 1000 || m.Reason != "wrong key" {
		t.Fatalf("mended %+v", m)
	}
	c.sees("Booked")
	totals, _, err := c.run.J.Totals(c.ctx, 1)
	if err != nil || totals.Net() != 3180 {
		t.Fatalf("the shift's net is %d, %v: mending moves no money", totals.Net(), err)
	}
	c.w.OpenWith(PageHistory, 1)
	c.sees("Bank transfer", "¥10.00", "陈宁 · Booked ¥10.00 under Bank transfer in place of Bank card, because: wrong key")
}
