package ui

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// cashShelf answers the cash page from a book that a test put there.
type cashShelf struct {
	book  till.CashBook
	noted []string
	fails error
}

func (s *cashShelf) Book(_ context.Context, from, to till.BusinessDay) (till.CashBook, error) {
	b := s.book
	b.From, b.To = from, to
	return b, nil
}

func (s *cashShelf) note(what string, a money.Amount, more ...string) error {
	if s.fails != nil {
		return s.fails
	}
	for _, m := range append([]string{cnyHere.Format(a)}, more...) {
		what += " " + m
	}
	s.noted = append(s.noted, what)
	return nil
}

func (s *cashShelf) Deposit(_ context.Context, bag string, a money.Amount, note, by string) error {
	return s.note("deposit", a, bag, note, by)
}

func (s *cashShelf) Credit(_ context.Context, bag string, a money.Amount, ref, by string) error {
	return s.note("credit", a, bag, ref, by)
}

func (s *cashShelf) CountSafe(_ context.Context, a money.Amount, reason, by string) error {
	if a != s.book.End && reason == "" {
		return &till.Error{Code: till.ReasonMissing}
	}
	return s.note("count", a, reason, by)
}

func (s *cashShelf) Export(_ context.Context, from, to till.BusinessDay, format string) (string, error) {
	return "/shop/exports/cash-" + from.String() + "-" + to.String() + "." + format, s.fails
}

// aCashWeek is a week of cash: a drawer that was short, four bags and five payouts, one of each state.
func aCashWeek() *cashShelf {
	at := func(day, h int) time.Time { return time.Date(2026, 6, day, h, 10, 0, 0, beijing) }
	bag := func(no string, day int, a money.Amount, credit money.Amount, ref string, statement bool) till.Deposit {
		d := till.Deposit{At: at(day, 21), By: "1001", Day: till.BusinessDay(20260600 + day)}
		d.Bag, d.Amount = no, a
		if credit > 0 {
			d.Credited, d.Credit = true, till.DepositCredited{Bag: no, Deposited: a, Amount: credit, On: d.Day.Plus(1), Ref: ref, Statement: statement}
		}
		return d
	}
	settled := func(wallet string, day int, a money.Amount, state till.SettlementState, credited money.Amount) till.Settlement {
		s := till.Settlement{State: state, Credited: credited}
		s.Kind, s.Day, s.Amount = till.WalletTender(wallet), till.BusinessDay(20260600+day), a
		if credited > 0 {
			s.On = s.Day
		}
		return s
	}
	return &cashShelf{book: till.CashBook{Currency: cnyHere, Start: 100000, Drops: 620000, Loans: 20000, Bagged: 540000, Counts: -1000, End: 159000, OnTheWay: 190000,
		Drawers:  []till.CashRow{{Shift: 14, Expected: 128450, Counted: 128450, Closed: true, Drops: 300000}, {Shift: 15, Expected: 98300, Counted: 97300, OverShort: -1000, Closed: true, Drops: 320000, Loans: 20000}, {Shift: 16, Expected: 61250}},
		Deposits: []till.Deposit{bag("B-0041", 12, 50000, 0, "", false), bag("B-0042", 15, 200000, 200000, "K20260616", true), bag("B-0043", 16, 150000, 149000, "存单 8817", false), bag("B-0044", 18, 140000, 0, "", false)},
		Settlements: []till.Settlement{settled("alipay", 16, 198065, till.SettlementArrived, 198065), settled("wechatpay", 17, 230262, till.SettlementApart, 230255), settled("stripe", 17, 40122, till.SettlementLate, 0),
			settled("alipay", 19, 249050, till.SettlementUnknown, 0), settled("wechatpay", 20, 253401, till.SettlementDue, 0)}}}
}

func cashAt(c *counter, s *cashShelf) {
	c.Helper()
	c.w.ports.Office.Bills, c.w.ports.Office.Cash = billsOfTheDesign(), s
	withWallets(c)
	c.at(19, 12, 46)
	c.show()
	c.w.Open(PageSafe)
}

// What differs is named; a bag is noted, credited and refused with its words, and the safe counted with a reason.
func TestCashGoesToTheBankWithEachDifferenceNamed(t *testing.T) {
	c, _ := back(t, "1001")
	s := aCashWeek()
	cashAt(c, s)
	c.sees("The safe should hold", "¥1,590.00", "On the way", "¥1,900.00", "A bag is 5 days out", "Drawers off by", "−¥10.00", "B-0043", "Differs", "Overdue", "Credited", "Payouts late", "¥401.22")
	c.tap("Bag cash")
	c.press(fyne.KeyReturn) // without a number nothing is noted
	f := &c.w.office.safe
	f.bag, f.amount = "B-0045", "1000"
	c.press(fyne.KeyReturn)
	c.sees("Noted: bag B-0045, ¥1,000.00; the bank has yet to credit it")
	c.tap("B-0044")
	c.sees("The bank has B-0044")
	if f.amount != "1400.00" {
		t.Errorf("the credit begins at %q", f.amount)
	}
	f.note = "K9"
	c.press(fyne.KeyReturn)
	c.tap("Count safe")
	f.amount = "1500"
	c.press(fyne.KeyReturn)
	c.sees("The safe should hold ¥1,590.00; the count differs")
	f.note = "coins"
	c.press(fyne.KeyReturn)
	want := []string{"deposit 1000.00 B-0045  1001", "credit 1400.00 B-0044 K9 1001", "count 1500.00 coins 1001"}
	if !slices.Equal(s.noted, want) {
		t.Fatalf("noted %q, want %q", s.noted, want)
	}
	s.fails = &BillFault{Code: "bag_open"}
	c.tap("Bag cash")
	f.bag, f.amount = "B-0041", "5"
	c.press(fyne.KeyReturn)
	c.sees("Bag B-0041 is still on its way and cannot be noted again", "Nothing was noted.")
	c.press(fyne.KeyEscape)
	c.tap("Payouts")
	c.sees("Arrived", "Late", "Not due", "No statement", "−¥0.07")
}

func TestShotsCash(t *testing.T) {
	owner := signedOn("1001")
	shootFrom(t, "safe", owner, func(c *counter) { cashAt(c, aCashWeek()) })
	shootFrom(t, "safe-count", owner, func(c *counter) { cashAt(c, aCashWeek()); c.w.page().(*safePage).open(safeCount, nil) })
	shootFrom(t, "safe-settled", owner, func(c *counter) { cashAt(c, aCashWeek()); c.tap(c.w.Say("safe.list.settled")) })
	shootFrom(t, "safe-drawers", owner, func(c *counter) { cashAt(c, aCashWeek()); c.tap(c.w.Say("safe.list.drawers")) })
	shootFrom(t, "safe-empty", owner, func(c *counter) { cashAt(c, &cashShelf{book: till.CashBook{Currency: cnyHere}}) })
}
