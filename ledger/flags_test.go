package ledger

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// rung completes a sale of lines that were set by hand, in cash or as kind.
func (c *counter) rung(t testing.TB, kind till.TenderKind, lines ...till.Line) *till.Sale {
	t.Helper()
	s := &till.Sale{ID: c.id(), OpenedAt: c.at, Operator: "1001", Lines: lines, LastLine: len(lines)}
	for i := range s.Lines {
		l := &s.Lines[i]
		l.N, l.Name, l.Tax, l.At = i+1, l.Code, till.TaxClass{Code: "standard", Rate: 130_000}, c.at
		if l.Qty == 0 {
			l.Qty = money.One
		}
		if l.ListPrice == 0 {
			l.ListPrice = l.Price
		}
	}
	if err := s.Price(); err != nil {
		t.Fatal(err)
	}
	c.receipt++
	s.Receipt, s.Shift, s.Day, s.CompletedAt = c.receipt, c.shift, c.day, c.at
	s.Tenders = []till.Tender{{N: 1, Kind: kind, Amount: s.Due(), Tendered: s.Due(), At: c.at, By: "1001"}}
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.SaleCompleted{Sale: *s})}})
	return s
}

// undone post-voids a sale.
func (c *counter) undone(t testing.TB, s *till.Sale) int {
	t.Helper()
	c.receipt++
	r := till.Return{ID: c.id(), Receipt: c.receipt, Of: s.Receipt, OfSale: s.ID, PostVoid: true, Reason: "重复"}
	for _, l := range s.Lines {
		if !l.Voided {
			r.Lines = append(r.Lines, till.ReturnLine{N: len(r.Lines) + 1, Of: l.N, Code: l.Code, Name: l.Name, Qty: l.Qty, Tax: l.Tax, Base: l.Base(), TaxIn: l.TaxIn, TaxAdded: l.TaxAdded, Paid: l.Paid()})
			r.Value += l.Paid()
		}
	}
	if r.Value > 0 {
		r.Refunds = []till.Tender{{N: 1, Kind: s.Tenders[0].Kind, Amount: r.Value, Tendered: r.Value}}
	}
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.Returned{Return: r})}})
	return c.receipt
}

// flagsOf asks for the flags of the counter's day.
func (c *counter) flagsOf(t testing.TB, rule till.FlagRule) []till.Flag {
	t.Helper()
	all, err := c.l.Flags(bg, c.day, c.day)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(f till.Flag) bool { return f.Rule != rule })
}

func (c *counter) set(t testing.TB, key, value string) {
	t.Helper()
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.SettingSet{Key: key, New: value})}})
}

func TestSingleActsAreFlaggedWithTheirReceipts(t *testing.T) {
	item := func(code string, price, list int64) till.Line {
		return till.Line{Code: code, Price: money.UnitPrice(price) * 100, ListPrice: money.UnitPrice(list) * 100}
	}
	for _, row := range []struct {
		name string
		rule till.FlagRule
		do   func(t *testing.T, c *counter)
		want []int // receipts
		n    int
		sum  money.Amount
	}{
		{"a cash sale undone after nine minutes", till.FlagVoidSoon, func(t *testing.T, c *counter) {
			s := c.rung(t, till.Cash, item("A", 1200, 1200))
			c.at = c.at.Add(9 * time.Minute)
			c.undone(t, s)
		}, []int{1, 2}, 1, 1200},
		{"undone after eleven", till.FlagVoidSoon, func(t *testing.T, c *counter) {
			s := c.rung(t, till.Cash, item("A", 1200, 1200))
			c.at = c.at.Add(11 * time.Minute)
			c.undone(t, s)
		}, nil, 0, 0},
		{"a card sale undone", till.FlagVoidSoon, func(t *testing.T, c *counter) { c.undone(t, c.rung(t, till.Card, item("A", 1200, 1200))) }, nil, 0, 0},
		{"two sales rung cheaper after a void", till.FlagRungCheaper, func(t *testing.T, c *counter) {
			for range 2 {
				cheap := item("A", 900, 1200)
				gone := item("A", 1200, 1200)
				gone.Voided = true
				c.rung(t, till.Cash, gone, cheap)
			}
		}, nil, 0, 0},
		{"three, and one that is not the same item", till.FlagRungCheaper, func(t *testing.T, c *counter) {
			gone := item("A", 1200, 1200)
			gone.Voided = true
			for range 3 {
				c.rung(t, till.Cash, gone, item("A", 900, 1200))
			}
			c.rung(t, till.Cash, gone, item("B", 900, 900))
		}, []int{1, 2, 3}, 3, 2700},
		{"all given away", till.FlagGivenAway, func(t *testing.T, c *counter) {
			l := item("A", 1200, 1200)
			l.Discount = till.Discount{Percent: money.RateMax, Reason: "赠"}
			c.rung(t, till.NoTender, l)
		}, []int{1}, 1, 1200},
		{"49.9 % of the list price", till.FlagFarBelowPrice, func(t *testing.T, c *counter) {
			c.rung(t, till.Card, item("A", 499, 1000))
			c.rung(t, till.Card, item("A", 500, 1000))
		}, []int{1}, 1, 499},
		{"half taken off by a discount, of three pieces", till.FlagFarBelowPrice, func(t *testing.T, c *counter) {
			l := item("A", 1000, 1000)
			l.Qty, l.Discount = 3*money.One, till.Discount{Percent: 510_000, Reason: "特价"}
			c.rung(t, till.Card, l)
		}, []int{1}, 1, 1470},
		{"the same amount three times within ten minutes", till.FlagSameAmount, func(t *testing.T, c *counter) {
			c.rung(t, till.Cash, item("A", 777, 777))
			c.at = c.at.Add(4 * time.Minute)
			c.rung(t, till.Cash, item("B", 777, 777))
			c.rung(t, till.Cash, item("B", 778, 778))
			c.at = c.at.Add(4 * time.Minute)
			c.rung(t, till.Cash, item("C", 777, 777))
			c.at = c.at.Add(11 * time.Minute)
			c.rung(t, till.Cash, item("C", 777, 777))
		}, []int{1, 2, 4}, 3, 2331},
		{"outside the opening hours", till.FlagAfterHours, func(t *testing.T, c *counter) {
			c.set(t, "flags", `[{"rule":"O1","from":"08:00","to":"21:30"}]`)
			c.at = time.Date(2026, 6, 18, 21, 29, 0, 0, c.at.Location())
			c.rung(t, till.Card, item("A", 300, 300))
			c.at = time.Date(2026, 6, 18, 21, 31, 0, 0, c.at.Location())
			c.rung(t, till.Card, item("A", 300, 300))
		}, []int{2}, 1, 300},
		{"money that a person alone confirmed", till.FlagByHand, func(t *testing.T, c *counter) {
			c.rung(t, till.WalletTender("alipay"), item("A", 300, 300))
			c.rung(t, till.Cash, item("A", 300, 300))
			c.rung(t, "qr:static", item("A", 400, 400))
		}, []int{1, 3}, 2, 700},
		{"a copy printed, then goods back", till.FlagBook, func(t *testing.T, c *counter) {
			s := c.rung(t, till.Card, item("A", 300, 300))
			c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.Reprinted{Receipt: s.Receipt, Copy: 1})}})
			c.undone(t, s)
		}, []int{1, 2}, 1, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := openShop(t, t.TempDir(), Options{})
			defer c.l.Close()
			row.do(t, c)
			got := slices.DeleteFunc(c.flagsOf(t, row.rule), func(f till.Flag) bool { return f.Other == "rule" })
			if row.n == 0 {
				if len(got) != 0 {
					t.Fatalf("%+v, want no flag", got)
				}
				return
			}
			if len(got) != 1 || !slices.Equal(got[0].Receipts, row.want) || got[0].Count != row.n || got[0].Amount != row.sum || got[0].Cashier != "1001" || got[0].Shift != 1 || got[0].Day != 20260618 {
				t.Fatalf("%+v, want receipts %v, %d of %d", got, row.want, row.n, row.sum)
			}
		})
	}
}

func TestARuleThatIsSwitchedOffIsSilentAndThatIsSaid(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	l := till.Line{Code: "A", Price: 100_00, ListPrice: 1000_00}
	c.rung(t, till.Card, l)
	if got := c.flagsOf(t, till.FlagFarBelowPrice); len(got) != 1 {
		t.Fatalf("%+v, want one", got)
	}
	c.set(t, "flags", `[{"rule":"S3","off":true,"share":500000}]`)
	if got := c.flagsOf(t, till.FlagFarBelowPrice); len(got) != 0 {
		t.Fatalf("%+v although the rule is off", got)
	}
	if got := c.flagsOf(t, till.FlagBook); len(got) != 1 || got[0].Other != "rule" {
		t.Fatalf("%+v, want a word about the changed rule", got)
	}
	for _, bad := range []string{`[{"rule":"X9"}]`, `[{"rule":"S3"},{"rule":"S3"}]`, `[{"rule":"S3","least":-1}]`, `[{"rule":"O1","from":"25:00","to":"21:00"}]`, `[{"rule":"O1","from":"07:00"}]`, `[{"rule":"S3","no":1}]`} {
		if _, err := till.ParseFlagLimits(bad); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestWhatIsOddIsNotedOnceAndForGood(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	notes := func(want ...string) {
		t.Helper()
		if _, err := c.l.Odd(bg); err != nil {
			t.Fatal(err)
		}
		list, err := c.l.OddNotes(bg, c.day, c.day)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range list {
			got = append(got, fmt.Sprintf("%s #%d %s %d", n.Rule, n.Receipt, n.Cashier, n.Amount))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q, want %q", got, want)
		}
	}
	c.rung(t, till.Cash, till.Line{Code: "A", Price: 777_00})
	notes()
	c.rung(t, till.Cash, till.Line{Code: "A", Price: 777_00})
	c.rung(t, till.Cash, till.Line{Code: "B", Price: 200_00, ListPrice: 900_00})
	notes("S3 #3 1001 200")
	c.rung(t, till.Cash, till.Line{Code: "A", Price: 777_00})
	want := []string{"S2 #4 1001 777", "S3 #3 1001 200", "S2 #2 1001 777", "S2 #1 1001 777"}
	notes(want...)
	notes(want...)
	c.set(t, "flags", `[{"rule":"S2","off":true}]`)
	notes(want...) // what was noted stays
	if err := c.l.exec(bg, "DELETE FROM odd_note"); err == nil {
		t.Fatal("a note can be taken out")
	}
}

func TestACodePaidTwiceAndFailingPaymentsAreFlagged(t *testing.T) {
	c := shopWithClock(t)
	live := till.Attempt{Wallet: "alipay", Mode: "live", Amount: 500, Cashier: "1002", Shift: c.shift, Day: c.day, CodeMark: "mark"}
	c.tried(t, live, "", till.Sending, till.Pending, till.PaidFor)
	if got := c.flagsOf(t, till.FlagCodeTwice); len(got) != 0 {
		t.Fatalf("%+v after one payment", got)
	}
	c.tried(t, live, "", till.Sending, till.Pending, till.PaidFor)
	if got := c.flagsOf(t, till.FlagCodeTwice); len(got) != 1 || got[0].Count != 2 || got[0].Amount != 1000 || got[0].Cashier != "1002" {
		t.Fatalf("%+v, want both payments", got)
	}
	live.CodeMark = ""
	for i := range 40 {
		live.Cashier = "1001"
		c.tried(t, live, "", till.Sending, till.Pending, till.PaidFor)
		if i%4 == 0 {
			live.Cashier = "1002"
			c.tried(t, live, till.NotEnough, till.Sending, till.Declined)
		}
	}
	got := c.flagsOf(t, till.FlagWalletFails)
	if len(got) != 1 || got[0].Cashier != "1002" || got[0].Count != 10 || got[0].Of != 12 || got[0].Other != string(till.NotEnough) {
		t.Fatalf("%+v, want 10 of 12 of 1002", got)
	}
}

// A day of a shop with as many sales as BENCH_SALES says.
func BenchmarkFlags(b *testing.B) {
	l := bigShop(b, 10_000, sized(b, "BENCH_SALES", 100_000))
	st, err := l.Recover(bg)
	if err != nil {
		b.Fatal(err)
	}
	for name, from := range map[string]till.BusinessDay{"day": st.LastDay, "month": st.LastDay.Plus(-29)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := l.Flags(bg, from, st.LastDay); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
