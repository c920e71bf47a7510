package ledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

var bg = context.Background()

// shopSettings are those of a shop with two ways of taxing and cash rounding.
func shopSettings() till.Settings {
	s := till.DefaultSettings()
	s.Taxes = []till.TaxClass{{Code: "standard", Rate: 130_000}, {Code: "us", Rate: 88_750, Mode: till.TaxExclusive}}
	s.CashRounding.Step = 5
	return s
}

// A counter sells straight into a ledger, as the register would: documents
// that are right, one after the other.
type counter struct {
	l       *Ledger
	at      time.Time
	receipt int
	shift   int
	z       int
	day     till.BusinessDay
	grand   money.Amount
	ids     uint64
}

// openShop founds a ledger in dir and opens its first shift with 200.00.
func openShop(t testing.TB, dir string, opt Options) *counter {
	t.Helper()
	l, err := Found(bg, dir, Founding{Settings: shopSettings()}, opt)
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{l: l, at: time.Date(2026, 6, 18, 9, 0, 0, 0, time.FixedZone("", 8*3600)), day: 20260618}
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.Started{Version: "test"})}})
	c.openShift(t)
	return c
}

func (c *counter) must(t testing.TB, tx till.Tx) {
	t.Helper()
	if err := c.l.Commit(bg, tx); err != nil {
		t.Fatal(err)
	}
}

func (c *counter) entry(r till.Record) till.Entry {
	c.at = c.at.Add(7 * time.Second)
	return till.Entry{At: c.at, Recorded: c.at, Operator: "1001", Shift: c.shift, Day: c.day, Record: r}
}

func (c *counter) id() till.ID {
	c.ids++
	var id till.ID
	binary.BigEndian.PutUint64(id[:8], uint64(c.at.UnixMilli()))
	binary.BigEndian.PutUint64(id[8:], c.ids)
	return id
}

func (c *counter) openShift(t testing.TB) {
	t.Helper()
	c.shift++
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.ShiftOpened{Opened: till.Shift{
		No: c.shift, Day: c.day, OpenedAt: c.at, OpenedBy: "1001", Float: 20000, LastAt: c.at,
	}})}})
}

// closeShift closes with a count that is 1.00 short.
func (c *counter) closeShift(t testing.TB) {
	t.Helper()
	totals, taxes, err := c.l.Totals(bg, c.shift)
	if err != nil {
		t.Fatal(err)
	}
	c.z++
	c.grand += totals.Net()
	expected := totals.Expected()
	c.must(t, till.Tx{Entries: []till.Entry{
		c.entry(&till.ShiftClosed{No: c.shift, Counted: expected - 100, Expected: expected, OverShort: -100}),
		c.entry(&till.ZReported{No: c.z, Totals: totals, Taxes: taxes, Counted: expected - 100, GrandTotal: c.grand}),
	}, Print: []till.PrintJob{{Kind: till.SlipZ, Ref: int64(c.z)}}})
}

// nextDay closes the day and opens a shift on the one after.
func (c *counter) nextDay(t testing.TB) {
	t.Helper()
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.DayClosed{Closed: c.day})}})
	c.at = c.at.AddDate(0, 0, 1)
	y, m, d := c.at.Date()
	c.at = time.Date(y, m, d, 9, 0, 0, 0, c.at.Location())
	c.day = till.BusinessDay(y*10000 + int(m)*100 + d)
	c.openShift(t)
}

// basket returns an open sale of n lines; every third line is taxed on top and
// every fifth is voided.
func (c *counter) basket(n int) *till.Sale {
	s := &till.Sale{ID: c.id(), OpenedAt: c.at, Operator: "1001"}
	for i := range n {
		k := c.ids*31 + uint64(i)*17
		l := till.Line{
			N: i + 1, Item: till.ID{byte(k % 200)}, Code: fmt.Sprintf("69012%08d", k%900), Name: fmt.Sprintf("商品 %d", k%900), Unit: "个",
			Category: fmt.Sprintf("类 %d", k%20), Qty: money.One * money.Quantity(1+k%3), Price: money.UnitPrice(100_00 + k%5000*100),
			Tax: till.TaxClass{Code: "standard", Rate: 130_000}, At: c.at,
		}
		l.ListPrice = l.Price
		if i%3 == 2 {
			l.Tax = till.TaxClass{Code: "us", Rate: 88_750, Mode: till.TaxExclusive}
		}
		if i%5 == 4 {
			l.Voided = true
		}
		s.Lines = append(s.Lines, l)
	}
	s.LastLine = n
	s.Discount = till.Discount{Percent: 50_000, Reason: "会员日"}
	if err := s.Price(); err != nil {
		panic(err)
	}
	return s
}

// sold completes an open sale: a part by card, the rest in cash, rounded.
func (c *counter) sold(s *till.Sale) till.Tx {
	c.receipt++
	card := s.Subtotal() / 3
	s.Tenders = append(s.Tenders, till.Tender{N: 1, Kind: till.Card, Amount: card, Tendered: card, Ref: "4242/001234", At: c.at, By: "1001"})
	due := s.CashDue(till.CashRounding{Step: 5, Mode: money.HalfAwayFromZero})
	s.Rounding = due - s.Due()
	s.Tenders = append(s.Tenders, till.Tender{N: 2, Kind: till.Cash, Amount: due, Tendered: due + 50, Change: 50, At: c.at, By: "1001"})
	s.Receipt, s.Shift, s.Day, s.CompletedAt = c.receipt, c.shift, c.day, c.at
	return till.Tx{
		Entries: []till.Entry{c.entry(&till.SaleCompleted{Sale: *s})}, Drop: []till.ID{s.ID},
		Print: []till.PrintJob{{Kind: till.SlipReceipt, Ref: int64(s.Receipt)}}, Pulse: "sale",
	}
}

// sell rings and completes one sale of n lines.
func (c *counter) sell(t testing.TB, n int) *till.Sale {
	t.Helper()
	s := c.basket(n)
	c.must(t, c.sold(s))
	return s
}

// giveBack takes one piece of the first line of s back for cash.
func (c *counter) giveBack(s *till.Sale) till.Tx {
	c.receipt++
	l := s.Lines[0]
	paid, err := money.MulDiv(int64(l.Paid()), 1000, int64(l.Qty), money.HalfAwayFromZero)
	if err != nil {
		panic(err)
	}
	tax, _ := l.Tax.On(money.Amount(paid))
	value := money.Amount(paid)
	refund := money.RoundTo(value, 5, money.HalfAwayFromZero)
	return till.Tx{Entries: []till.Entry{c.entry(&till.Returned{Return: till.Return{
		ID: c.id(), Receipt: c.receipt, Of: s.Receipt, OfSale: s.ID, Value: value, Rounding: value - refund, Reason: "坏了",
		Lines:   []till.ReturnLine{{N: 1, Of: 1, Code: l.Code, Name: l.Name, Category: l.Category, Qty: money.One, Tax: l.Tax, Base: value, TaxIn: tax, Paid: value}},
		Refunds: []till.Tender{{N: 1, Kind: till.Cash, Amount: refund}},
	}})}}
}

// aDay makes a day with every kind of document.
func aDay(t testing.TB, c *counter) {
	t.Helper()
	first := c.sell(t, 4)
	c.sell(t, 8)
	c.must(t, c.giveBack(first))
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.CashMoved{ID: c.id(), Movement: till.PaidOut, Amount: 500, Reason: "水费"})}})
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.SaleCancelled{Sale: *c.basket(5), Reason: "走了"})}})
	second := c.sell(t, 3)
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.TenderMended{
		ID: c.id(), Receipt: second.Receipt, Share: 1, From: till.Card, To: "qr:pix", Amount: second.Tenders[0].Amount, Ref: "8812", Reason: "按错",
	})}})
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.SettingSet{Key: "shop.phone", New: "021"})}})
}
