package till

import (
	"context"

	"guitai/till/money"
)

// open returns a copy of the basket to work on, a new one where there is none.
func (a *acting) open() (*Sale, error) {
	if err := a.ready(); err != nil {
		return nil, err
	}
	if a.sale == nil {
		return &Sale{ID: a.r.opt.NewID(), OpenedAt: a.at, Operator: a.who()}, nil
	}
	if err := a.r.settling(a.sale); err != nil {
		return nil, err
	}
	return a.sale.Clone(), nil
}

// existing is open for acts that need a basket.
func (a *acting) existing() (*Sale, error) {
	if a.sale == nil && a.ready() == nil {
		return nil, refuse(NoSaleOpen)
	}
	return a.open()
}

// keep prices the changed basket and makes it what the act writes.
func (a *acting) keep(s *Sale, line int, note ErrorCode, detail string) error {
	if err := s.Price(); err != nil {
		return &Error{Code: TooLarge, Err: err}
	}
	r := a.r
	before := r.sale
	a.sale = s
	a.tx.Keep = append(a.tx.Keep, s)
	a.tx.Current = s.ID
	a.then(func() {
		if len(r.undo) == undoMax {
			r.undo = r.undo[1:]
		}
		r.undo = append(r.undo, before)
		r.fresh(line)
		kind := Info
		if note == NoteAdded {
			kind = Added
		}
		r.note(kind, note, detail)
	})
	return nil
}

// fresh leaves the result of the last sale behind.
func (r *Register) fresh(line int) {
	r.done, r.closed, r.lastLine, r.pending, r.ended = nil, nil, line, nil, ""
}

func (a *acting) scan(ctx context.Context, c Scan) error {
	if err := a.ready(); err != nil {
		return err
	}
	f, err := a.r.find(ctx, c.Code)
	if err != nil {
		if pay, ok := a.r.payCode(c.Code); ok && CodeOf(err) != "" {
			return a.scanPayCode(ctx, c, pay)
		}
		return err
	}
	n := c.Qty
	if n == 0 {
		if f.item.Weighed && f.qty == money.One && f.item.Code == PlainCode(c.Code) && a.aside(c.Paying) {
			return refuseWith(WeighLater, f.item.Name) // nobody would be asked for the weight
		}
		n = money.One
	}
	if f.qty != money.One {
		scaled, err := money.MulDiv(int64(n), int64(f.qty), int64(money.One), money.HalfAwayFromZero)
		if err != nil {
			return refuse(BadQuantity)
		}
		n = money.Quantity(scaled)
	}
	aside := a.aside(c.Paying)
	if err := a.addItem(AddItem{Item: f.item, Qty: n, Merge: c.Merge}, f.list, aside); err != nil {
		return err
	}
	if date := f.expired(a.at, a.r.st.Settings.Zone); date != "" && !aside {
		a.then(func() { a.r.note(Info, NoteExpired, date+" "+f.item.Name) })
	}
	return nil
}

// addItem adds an item at its price; list is what the catalogue asks.
func (a *acting) addItem(c AddItem, list money.UnitPrice, aside bool) error {
	if c.Qty == 0 {
		c.Qty = money.One
	}
	if c.Item.Price == 0 && !a.act.Replayed {
		return refuseWith(PriceZero, c.Item.Code)
	}
	tax, ok := a.r.st.Settings.Tax(c.Item.Tax)
	if !ok {
		return refuseWith(UnknownTaxClass, c.Item.Tax)
	}
	return a.add(Line{
		Item: c.Item.ID, Code: c.Item.Code, Name: c.Item.Name, NameEN: c.Item.NameEN, Unit: c.Item.Unit, Category: c.Item.Category,
		Weighed: c.Item.Weighed, Qty: c.Qty, Price: c.Item.Price, ListPrice: list, Tax: tax,
	}, c.Merge, aside)
}

func (a *acting) addTyped(c AddTyped) error {
	if c.Qty == 0 {
		c.Qty = money.One
	}
	if c.Name == "" {
		return refuseWith(BadPrice, "name")
	}
	if c.Price < 0 || c.Price > money.UnitPriceMax {
		return refuse(BadPrice)
	}
	tax, ok := a.r.st.Settings.Tax(c.Tax)
	if !ok {
		return refuseWith(UnknownTaxClass, c.Tax)
	}
	if err := a.loosePrice(c.Price, c.Qty); err != nil {
		return err
	}
	return a.add(Line{
		Code: c.Code, Name: c.Name, NameEN: c.NameEN, Category: c.Category, Qty: c.Qty, Price: c.Price, ListPrice: c.Price, Tax: tax,
	}, false, c.Scanned && a.aside(false))
}

// loosePrice checks the right to a price that no catalogue knows.
func (a *acting) loosePrice(p money.UnitPrice, q money.Quantity) error {
	limit := a.r.st.Settings.Limits.LoosePrice
	if limit == 0 || p <= limit.Price() {
		return nil
	}
	gross, err := money.Gross(p, q)
	if err != nil {
		return &Error{Code: TooLarge, Err: err}
	}
	return a.allow(MayLoosePrice, gross)
}

// add adds a line to the basket, or to a parked one.
func (a *acting) add(l Line, merge, aside bool) error {
	if aside {
		return a.putAside(l, merge)
	}
	s, err := a.open()
	if err != nil {
		return err
	}
	n, err := a.place(s, l, merge)
	if err != nil {
		return err
	}
	return a.keep(s, n, NoteAdded, l.Name)
}

// place puts a line into s, counted into the one before where both are the same
// goods and that is wanted, and returns the line's number.
func (a *acting) place(s *Sale, l Line, merge bool) (int, error) {
	if err := a.quantity(l.Qty); err != nil {
		return 0, err
	}
	if last := s.Line(s.LastLine); merge && last != nil && sameGoods(last, &l) {
		if err := a.quantity(last.Qty + l.Qty); err != nil {
			return 0, err
		}
		last.Qty += l.Qty
		return last.N, nil
	}
	s.LastLine++
	l.N, l.At = s.LastLine, a.at
	s.Lines = append(s.Lines, l)
	return l.N, nil
}

// sameGoods reports whether b may be counted into the line a.
func sameGoods(a, b *Line) bool {
	return !a.Voided && !a.Weighed && !a.Item.IsZero() && a.Item == b.Item && a.Price == b.Price && a.ListPrice == b.ListPrice &&
		a.Discount.IsZero() && a.Tax == b.Tax
}

func (a *acting) quantity(q money.Quantity) error {
	if q <= 0 || q > money.QuantityMax {
		return refuseWith(BadQuantity, q.String())
	}
	if limit := a.r.st.Settings.Limits.LineQty; limit > 0 && q > limit && !a.act.Replayed {
		return refuseWith(BadQuantity, limit.String())
	}
	return nil
}

// line returns an unvoided line of the working basket.
func (a *acting) line(n int) (*Sale, *Line, error) {
	s, err := a.existing()
	if err != nil {
		return nil, nil, err
	}
	l := s.Line(n)
	if l == nil {
		return nil, nil, refuse(NoSuchLine)
	}
	if l.Voided {
		return nil, nil, refuse(LineVoided)
	}
	return s, l, nil
}

func (a *acting) setQty(c SetQty) error {
	s, l, err := a.line(c.Line)
	if err != nil {
		return err
	}
	if err := a.quantity(c.Qty); err != nil {
		return err
	}
	l.Qty = c.Qty
	return a.keep(s, l.N, NoteAdded, l.Name)
}

func (a *acting) override(c Override) error {
	s, l, err := a.line(c.Line)
	if err != nil {
		return err
	}
	if c.Price < 0 || c.Price > money.UnitPriceMax {
		return refuse(BadPrice)
	}
	if err := a.reason(c.Reason); err != nil {
		return err
	}
	if err := a.allow(MayOverride, l.Gross); err != nil {
		return err
	}
	if l.Item.IsZero() {
		if err := a.loosePrice(c.Price, l.Qty); err != nil {
			return err
		}
	}
	l.Price, l.Reason, l.By = c.Price, c.Reason, a.by()
	return a.keep(s, l.N, NoteSaved, l.Name)
}

// by names the person whose right an act used.
func (a *acting) by() string {
	if a.act.ApprovedBy != "" {
		return a.act.ApprovedBy
	}
	return a.who()
}

func (a *acting) discountLine(c DiscountLine) error {
	s, l, err := a.line(c.Line)
	if err != nil {
		return err
	}
	if err := a.discount(c.Discount, l.Gross); err != nil {
		return err
	}
	l.Discount, l.By = c.Discount, a.by()
	return a.keep(s, l.N, NoteSaved, l.Name)
}

func (a *acting) discountSale(c DiscountSale) error {
	s, err := a.existing()
	if err != nil {
		return err
	}
	var base money.Amount
	for i := range s.Lines {
		if l := &s.Lines[i]; !l.Voided {
			base += l.Gross - l.DiscountOff
		}
	}
	if err := a.discount(c.Discount, base); err != nil {
		return err
	}
	s.Discount = c.Discount
	return a.keep(s, 0, NoteSaved, "")
}

// discount checks a discount off base: its form, its reason and the right.
func (a *acting) discount(d Discount, base money.Amount) error {
	if d.Amount < 0 || d.Percent < 0 || d.Percent > money.RateMax || d.Amount > base || (d.Amount != 0 && d.Percent != 0) {
		return refuse(BadDiscount)
	}
	if d.IsZero() {
		return nil
	}
	if err := a.reason(d.Reason); err != nil {
		return err
	}
	if d.Off(base) > a.r.st.Settings.Limits.CashierDiscount.Of(base) {
		return a.allow(MayDiscount, d.Off(base))
	}
	return nil
}

func (a *acting) voidLine(c VoidLine) error {
	s, l, err := a.line(c.Line)
	if err != nil {
		return err
	}
	l.Voided, l.By = true, a.who()
	return a.keep(s, l.N, NoteVoided, l.Name)
}

// roundDown cuts what is due in cash. Unlike other changes of a basket it is
// also there once a part is paid: the rest is what a split leaves to cash.
func (a *acting) roundDown(c RoundDown) error {
	s, err := a.due()
	if err != nil {
		return err
	}
	if c.To < 0 || c.To > 100*a.r.st.Settings.Currency.Unit() {
		return refuse(BadAmount)
	}
	if cut := s.Due() - money.RoundTo(s.Due(), c.To, money.Down); cut > a.r.st.Settings.Limits.CashierDiscount.Of(s.Due()) {
		if err := a.allow(MayDiscount, cut); err != nil {
			return err
		}
	}
	s.RoundDown = c.To
	if len(s.Tenders) > 0 {
		a.holding(s, NoteSaved)
		return nil
	}
	return a.keep(s, 0, NoteSaved, "")
}

// undo goes back to the basket before the last act. Line numbers are never
// used again, so lines added since stay on record as voided.
func (a *acting) undo() error {
	r := a.r
	if len(r.undo) == 0 {
		return refuse(NothingToUndo)
	}
	now, err := a.existing()
	if err != nil {
		return err
	}
	back := &Sale{ID: now.ID, OpenedAt: now.OpenedAt, Operator: now.Operator}
	if was := r.undo[len(r.undo)-1]; was != nil {
		back = was.Clone()
	}
	for _, l := range now.Lines {
		if back.Line(l.N) == nil {
			l.Voided, l.By = true, a.who()
			back.Lines = append(back.Lines, l)
		}
	}
	back.LastLine = now.LastLine
	steps := r.undo[:len(r.undo)-1]
	if err := a.keep(back, 0, NoteUndone, ""); err != nil {
		return err
	}
	a.then(func() { r.undo = steps })
	return nil
}

func (a *acting) park() error {
	r := a.r
	s, err := a.existing()
	if at := r.holder(a.sale); at != nil && CodeOf(err) == PaymentOpen {
		// The next customer is served while the payment is looked into.
		s, err = a.sale, nil
		a.pendingSlip(at)
	}
	if err != nil {
		return err
	}
	if s.Live() == 0 {
		return refuse(NoSaleOpen)
	}
	a.shelve(s)
	a.then(func() {
		r.undo = nil
		r.fresh(0)
		r.note(Info, NoteParked, "")
	})
	return nil
}

// shelve puts the basket aside under the shift's next number.
func (a *acting) shelve(s *Sale) {
	r := a.r
	s = s.Clone()
	n := r.st.Shift.Parked + 1
	s.ParkedAs = n
	a.tx.Keep = append(a.tx.Keep, s)
	a.sale = nil
	a.then(func() {
		r.st.Parked = append(r.st.Parked, Parked{n, s})
		sh := *r.st.Shift
		sh.Parked = n
		r.st.Shift = &sh
		r.setAside(s, true)
	})
}

// recall takes up a parked sale. A basket that is open is parked in its place,
// so that nothing on the counter is lost.
func (a *acting) recall(c Recall) error {
	if err := a.ready(); err != nil {
		return err
	}
	r := a.r
	for i, p := range r.st.Parked {
		if (c.Sale.IsZero() && p.N != c.N) || (!c.Sale.IsZero() && p.Sale.ID != c.Sale) {
			continue
		}
		rest := append(append([]Parked(nil), r.st.Parked[:i]...), r.st.Parked[i+1:]...)
		a.then(func() { r.st.Parked = rest })
		if a.sale != nil {
			if err := r.settling(a.sale); err != nil && CodeOf(err) != PaymentOpen {
				return err
			}
			if a.sale.Live() > 0 {
				a.shelve(a.sale)
			} else {
				a.giveUp(a.sale, "")
			}
		}
		back := p.Sale.Clone()
		back.ParkedAs = 0
		a.sale = back
		a.tx.Keep = append(a.tx.Keep, back)
		a.tx.Current = back.ID
		a.then(func() {
			r.undo = nil
			r.fresh(0)
			r.setAside(back, false)
			r.note(Info, NoteRecalled, "")
		})
		return nil
	}
	return refuse(NoSuchParked)
}

// cancel gives the open sale up. What wallets have paid of it goes back; other
// tenders must be taken back first.
func (a *acting) cancel(ctx context.Context, c CancelSale) error {
	s, err := a.existing()
	if CodeOf(err) == SaleHasTenders {
		s, err = a.sale, a.oweAll(ctx, a.sale)
	}
	if err != nil {
		return err
	}
	r := a.r
	a.giveUp(s, c.Reason)
	a.sale = nil
	a.then(func() {
		r.undo = nil
		r.fresh(0)
		r.note(Info, NoteCancelled, "")
	})
	return nil
}

// giveUp records a basket that is sold no more.
func (a *acting) giveUp(s *Sale, reason string) {
	s = s.Clone()
	s.Shift, s.Day = a.r.st.Shift.No, a.r.st.Shift.Day
	a.enter(&SaleCancelled{Sale: *s, Reason: reason})
	a.tx.Drop = append(a.tx.Drop, s.ID)
}
