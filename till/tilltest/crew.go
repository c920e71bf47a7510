package tilltest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// A Crew is a shop with several cashiers, honest and otherwise, whose documents
// it makes day by day as a register would write them: for measuring what rules
// find, and how often they name somebody who did nothing. The same seed gives
// the same documents. All of them make mistakes at the rate of people who are
// tired; a scheme comes on top, on some of the shifts of its person.
type Crew struct {
	*Trade
	People []*Person
	Sales  int          // of a shift, about
	Limit  money.Amount // of a refund without approval
	Begins int          // day, from 0, on which schemes begin
	Days   int          // made so far

	sold []soldBefore
	next int // of the people, who has the next shift
}

// A Person is one of a Crew.
type Person struct {
	Code   string
	Scheme till.FlagRule // what rule is about them; "" for an honest person
}

type soldBefore struct {
	sale till.Sale
	by   string
}

// Schemes are the rules a Crew knows a scheme for: those about attempts of wallets
// need a provider.
func Schemes() []till.FlagRule {
	return []till.FlagRule{till.FlagVoids, till.FlagVoidSoon, till.FlagRungCheaper, till.FlagNoSales, till.FlagLooseShare, till.FlagOtherTender, till.FlagRoundRefunds,
		till.FlagUnderLimit, till.FlagOwnSales, till.FlagDiscounts, till.FlagGivenAway, till.FlagAfterHours, till.FlagOneApprover, till.FlagOftenShort,
		till.FlagLessCash, till.FlagByHand, till.FlagSameAmount, till.FlagFarBelowPrice, till.FlagBook}
}

// NewCrew begins with people on the morning of a day; a refund above limit needs
// approval.
func NewCrew(seed uint64, people ...*Person) *Crew {
	c := &Crew{Trade: NewTrade(seed, 400), People: people, Sales: 45, Limit: 10000}
	c.rnd = rand.New(rand.NewPCG(seed, 11))
	return c
}

// Trades makes the transactions of one business day with two shifts, up to where the
// ledger must say the totals: write commits one, and totals asks the journal.
func (c *Crew) Trades(write func(till.Tx) error, totals func(shift int) (till.ShiftTotals, []till.TaxTotal, error)) error {
	for part := range 2 {
		who := c.People[c.next%len(c.People)]
		c.next++
		if err := c.shift(who, part, write, totals); err != nil {
			return err
		}
	}
	c.Days++
	return write(c.CloseDay())
}

func (c *Crew) by(p *Person, r till.Record) till.Entry {
	e := c.entry(r)
	e.Operator = p.Code
	return e
}

func (c *Crew) chance(percent float64) bool { return c.rnd.Float64()*100 < percent }

// shift is one person's half of a day.
func (c *Crew) shift(p *Person, part int, write func(till.Tx) error, totals func(shift int) (till.ShiftTotals, []till.TaxTotal, error)) error {
	y, m, d := c.At.Date()
	c.At = time.Date(y, m, d, 8+6*part, 0, 0, 0, c.At.Location())
	open := c.OpenShift()
	open.Entries[0].Operator = p.Code
	open.Entries[0].Record.(*till.ShiftOpened).Opened.OpenedBy = p.Code
	acts := &acts{c: c, p: p, write: write, on: p.Scheme != "" && c.Days >= c.Begins && (p.Scheme == till.FlagLessCash || c.chance(60))}
	acts.put(open)
	n := c.Sales - 8 + c.rnd.IntN(17)
	gap := 6 * time.Hour / time.Duration(n+2)
	for range n {
		c.At = c.At.Add(gap/2 + time.Duration(c.rnd.Int64N(int64(gap/2))))
		acts.customer()
	}
	acts.scheme()
	if acts.err != nil {
		return acts.err
	}
	t, taxes, err := totals(c.Shift)
	if err != nil {
		return err
	}
	over := money.Amount(0)
	if c.chance(60) {
		over = money.Amount(c.rnd.NormFloat64()*6) * 50
	}
	if acts.is(till.FlagOftenShort) {
		over = -money.Amount(500 + c.rnd.IntN(3000))
	}
	end := c.CloseShift(t, taxes)
	closed, z := end.Entries[0].Record.(*till.ShiftClosed), end.Entries[1].Record.(*till.ZReported)
	closed.Counted += over
	closed.OverShort, z.Counted = over, closed.Counted
	end.Entries[0].Operator, end.Entries[1].Operator = p.Code, p.Code
	return write(end)
}

// acts is what one person does in one shift.
type acts struct {
	c     *Crew
	p     *Person
	on    bool // the scheme is at work
	write func(till.Tx) error
	err   error
}

func (a *acts) is(rule till.FlagRule) bool { return a.on && a.p.Scheme == rule }

func (a *acts) put(tx till.Tx) {
	if a.err == nil {
		a.err = a.write(tx)
	}
}

func (a *acts) record(r till.Record) { a.put(till.Tx{Entries: []till.Entry{a.c.by(a.p, r)}}) }

// customer is one sale with what goes wrong now and then.
func (a *acts) customer() {
	c := a.c
	s := c.cart(1 + c.rnd.IntN(4))
	s.Discount = till.Discount{}
	if c.chance(5) || a.is(till.FlagDiscounts) && c.chance(25) {
		s.Discount = till.Discount{Percent: 50_000, Reason: "会员日"}
	}
	if c.chance(2) { // a line taken off, and seldom rung again at another price
		l := s.Lines[0]
		l.N = len(s.Lines) + 1
		s.Lines[0].Voided = true
		if c.chance(5) {
			l.Price -= l.Price / 20
		}
		s.Lines = append(s.Lines, l)
		s.LastLine = l.N
	}
	share := 45.0
	if a.p.Scheme == till.FlagLessCash && a.on {
		share = 20
	}
	kind := till.Card
	if c.chance(share) {
		kind = till.Cash
	}
	if c.chance(0.3) {
		kind = till.Transfer
	}
	a.sell(s, kind)
	if c.chance(1.5) {
		a.record(&till.CashMoved{ID: c.id(), Movement: till.NoSale, Reason: "换零钱"})
	}
	if c.chance(1) {
		a.approved([]string{"1001", "1002"}[c.rnd.IntN(2)])
	}
	if c.chance(0.4) && len(c.sold) > 0 {
		c.At = c.At.Add(time.Minute)
		a.back(c.sold[len(c.sold)-1], true, "")
	}
	if c.chance(1) && len(c.sold) > 0 {
		if c.chance(10) {
			a.loose(money.Amount(200 + c.rnd.IntN(4000)))
		} else {
			a.back(c.sold[c.rnd.IntN(len(c.sold))], false, "")
		}
	}
}

// scheme is what a dishonest person adds to a shift.
func (a *acts) scheme() {
	if !a.on {
		return
	}
	c := a.c
	times := func(low, high int, do func()) {
		for range low + c.rnd.IntN(high-low+1) {
			c.At = c.At.Add(2 * time.Minute)
			do()
		}
	}
	cart := func() *till.Sale {
		s := c.cart(1 + c.rnd.IntN(3))
		s.Discount = till.Discount{}
		return s
	}
	switch a.p.Scheme {
	case till.FlagVoids, till.FlagVoidSoon:
		times(4, 6, func() {
			a.sell(cart(), till.Cash)
			c.At = c.At.Add(time.Duration(2+c.rnd.IntN(5)) * time.Minute)
			a.back(c.sold[len(c.sold)-1], true, "")
		})
	case till.FlagRungCheaper:
		times(3, 5, func() {
			s := cart()
			l := s.Lines[0]
			l.N, l.Price = len(s.Lines)+1, l.Price/2+l.Price/4
			s.Lines[0].Voided = true
			s.Lines, s.LastLine = append(s.Lines, l), l.N
			a.sell(s, till.Cash)
		})
	case till.FlagNoSales:
		times(7, 11, func() { a.record(&till.CashMoved{ID: c.id(), Movement: till.NoSale}) })
	case till.FlagLooseShare:
		times(2, 3, func() { a.loose(money.Amount(1000 + c.rnd.IntN(6000))) })
	case till.FlagOtherTender:
		times(1, 2, func() {
			a.sell(cart(), till.Card)
			x := c.sold[len(c.sold)-1]
			a.record(&till.TenderMended{ID: c.id(), Receipt: x.sale.Receipt, Share: 1, From: till.Card, To: till.Cash, Amount: x.sale.Total(), Reason: "选错"})
			a.back(x, false, till.Cash)
		})
	case till.FlagRoundRefunds:
		times(1, 3, func() { a.loose(money.Amount(1+c.rnd.IntN(8)) * 1000) })
	case till.FlagUnderLimit:
		times(1, 2, func() { a.loose(c.Limit*9/10 + money.Amount(c.rnd.IntN(int(c.Limit/10)))) })
	case till.FlagOwnSales:
		times(2, 3, func() { a.sell(cart(), till.Cash); a.back(c.sold[len(c.sold)-1], false, "") })
	case till.FlagGivenAway:
		times(1, 1, func() {
			s := cart()
			s.Discount = till.Discount{Percent: money.RateMax, Reason: "赠送"}
			a.sell(s, till.NoTender)
		})
	case till.FlagAfterHours:
		y, m, d := c.At.Date()
		c.At = time.Date(y, m, d, 23, 5, 0, 0, c.At.Location())
		times(1, 2, func() { a.sell(cart(), till.Cash) })
	case till.FlagOneApprover:
		times(3, 5, func() { a.approved("1003") })
	case till.FlagByHand:
		times(1, 3, func() { a.sell(cart(), till.WalletTender("alipay")) })
	case till.FlagSameAmount:
		s := cart()
		times(3, 5, func() {
			again := *s
			again.ID, again.Tenders = c.id(), nil
			again.Lines = append([]till.Line(nil), s.Lines...)
			a.sell(&again, till.Cash)
		})
	case till.FlagFarBelowPrice:
		times(1, 3, func() {
			s := cart()
			s.Lines[0].Price /= 5
			s.Lines[0].Reason = "破损"
			a.sell(s, till.Cash)
		})
	case till.FlagBook:
		times(1, 2, func() {
			x := c.sold[c.rnd.IntN(len(c.sold))]
			a.record(&till.Reprinted{Receipt: x.sale.Receipt, Copy: 1})
			c.At = c.At.Add(3 * time.Minute)
			a.back(x, false, "")
		})
	}

}

func (a *acts) approved(by string) {
	e := a.c.by(a.p, &till.Approved{Permission: till.MayDiscount, Act: "discount", For: a.p.Code})
	e.ApprovedBy = by
	a.put(till.Tx{Entries: []till.Entry{e}})
}

// sell completes a sale in one tender.
func (a *acts) sell(s *till.Sale, kind till.TenderKind) {
	c := a.c
	if err := s.Price(); err != nil {
		a.err = err
		return
	}
	s.Operator, s.OpenedAt, s.CompletedAt, s.Shift, s.Day = a.p.Code, c.At.Add(-40*time.Second), c.At, c.Shift, c.Day
	c.Receipt++
	s.Receipt = c.Receipt
	t := till.Tender{N: 1, Kind: kind, Amount: s.Due(), Tendered: s.Due(), At: c.At, By: a.p.Code}
	switch kind {
	case till.Cash:
		t.Tendered = (t.Amount + 999) / 1000 * 1000
		t.Change = t.Tendered - t.Amount
	case till.Card:
		t.Ref = fmt.Sprintf("4242/%06d", c.Receipt)
	}
	s.Tenders = []till.Tender{t}
	a.put(till.Tx{Entries: []till.Entry{c.by(a.p, &till.SaleCompleted{Sale: *s})}})
	if c.sold = append(c.sold, soldBefore{*s, a.p.Code}); len(c.sold) > 400 {
		c.sold = c.sold[1:]
	}
}

// back returns the first line of a sale, or undoes all of it, in its own tender or
// in another. What was given back before is not given again.
func (a *acts) back(x soldBefore, whole bool, kind till.TenderKind) {
	c := a.c
	r := till.Return{ID: c.id(), Of: x.sale.Receipt, OfSale: x.sale.ID, PostVoid: whole, Reason: "质量问题"}
	for i := range x.sale.Lines {
		l := &x.sale.Lines[i]
		if l.Voided || len(r.Lines) > 0 && !whole {
			continue
		}
		r.Lines = append(r.Lines, till.ReturnLine{N: len(r.Lines) + 1, Of: l.N, Item: l.Item, Code: l.Code, Name: l.Name, NameEN: l.NameEN, Unit: l.Unit, Category: l.Category,
			Weighed: l.Weighed, Qty: l.Qty, Tax: l.Tax, Base: l.Base(), TaxIn: l.TaxIn, TaxAdded: l.TaxAdded, Paid: l.Paid()})
		r.Value += l.Paid()
	}
	if kind == "" {
		kind = x.sale.Tenders[0].Kind
	}
	a.give(&r, kind)
	for i := range c.sold {
		if c.sold[i].sale.Receipt == x.sale.Receipt {
			c.sold = append(c.sold[:i:i], c.sold[i+1:]...)
			break
		}
	}
}

// loose takes something back without a receipt.
func (a *acts) loose(value money.Amount) {
	tax := Taxes()[0]
	in, _ := tax.On(value)
	a.give(&till.Return{ID: a.c.id(), Reason: "没有小票", Value: value, Lines: []till.ReturnLine{
		{N: 1, Name: "雨伞", Qty: money.One, Tax: tax, Base: value, TaxIn: in, Paid: value}}}, till.Cash)
}

func (a *acts) give(r *till.Return, kind till.TenderKind) {
	c := a.c
	c.Receipt++
	r.Receipt = c.Receipt
	if r.Value > 0 {
		r.Refunds = []till.Tender{{N: 1, Kind: kind, Amount: r.Value, Tendered: r.Value, At: c.At, By: a.p.Code}}
	}
	a.record(&till.Returned{Return: *r})
}
