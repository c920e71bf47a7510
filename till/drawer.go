package till

import (
	"context"
	"strings"

	"guitai/till/money"
)

func (a *acting) moveCash(c MoveCash) error {
	if err := a.ready(); err != nil {
		return err
	}
	if !c.Kind.Valid() {
		return refuseWith(BadAmount, string(c.Kind))
	}
	if c.Amount < 0 || c.Amount > money.AmountMax || (c.Kind == NoSale) != (c.Amount == 0) {
		return refuse(BadAmount)
	}
	if len(c.Reason) > textMax {
		return refuseWith(TooLarge, "reason")
	}
	if err := a.reason(c.Reason); err != nil {
		return err
	}
	need, note := MayMoveCash, NoteMoved
	if c.Kind == NoSale {
		need, note = MayNoSale, NoteOpened
	}
	if err := a.allow(need, c.Amount); err != nil {
		return err
	}
	move := &CashMoved{ID: a.r.opt.NewID(), Movement: c.Kind, Amount: c.Amount, Reason: strings.TrimSpace(c.Reason)}
	a.enter(move)
	if !a.act.Replayed {
		a.tx.Pulse = string(c.Kind)
		if c.Kind != NoSale {
			a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipCash, Text: move.ID.String()})
		}
	}
	a.stay()
	r := a.r
	a.then(func() {
		r.pending = nil
		r.note(Info, note, string(c.Kind))
	})
	return nil
}

// stay keeps the basket on the screen through an act that does not touch it.
func (a *acting) stay() {
	if a.sale != nil {
		a.tx.Current = a.sale.ID
	}
}

// reprint asks for a further copy, which the journal numbers. The drawer stays
// shut.
func (a *acting) reprint(c Reprint) error {
	if a.r.operator == nil && !a.act.Replayed {
		return refuse(NotSignedOn)
	}
	no := c.Receipt
	if no == 0 {
		no = a.r.st.Receipt
	}
	if no <= 0 || no > a.r.st.Receipt {
		return refuse(NoSuchReceipt)
	}
	a.enter(&Reprinted{Receipt: no, Copy: -1})
	a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipReceipt, Ref: int64(no), Copy: -1})
	a.stay()
	r := a.r
	a.then(func() { r.note(Info, NoteReprinted, "") })
	return nil
}

func (a *acting) printX() error {
	if err := a.ready(); err != nil {
		return err
	}
	if err := a.allow(MaySeeReports, 0); err != nil {
		return err
	}
	a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipX, Ref: int64(a.r.st.Shift.No)})
	a.stay()
	return nil
}

// openShift fixes the business day from the act's time. A later day closes the
// one before.
func (a *acting) openShift(c OpenShift) error {
	r := a.r
	if r.operator == nil && !a.act.Replayed {
		return refuse(NotSignedOn)
	}
	if r.st.Shift != nil {
		return refuse(ShiftIsOpen)
	}
	if c.Float < 0 || c.Float > money.AmountMax {
		return refuse(BadAmount)
	}
	who := a.who()
	if c.Operator != "" {
		if !r.knows(c.Operator) {
			return refuseWith(NoSuchOperator, c.Operator)
		}
		who = c.Operator
	}
	if err := a.allow(MayRunShift, 0); err != nil {
		return err
	}
	day := DayOf(a.at, r.st.Settings.Zone, r.st.Settings.DayStart)
	switch {
	case day < r.st.LastDay:
		return refuseWith(TimeBackwards, r.st.LastDay.String())
	case day == r.st.LastDay && r.st.DayClosed:
		return refuseWith(DayIsClosed, day.String())
	case day > r.st.LastDay && r.st.LastDay != 0 && !r.st.DayClosed:
		a.enter(&DayClosed{Closed: r.st.LastDay})
		a.tx.Entries[len(a.tx.Entries)-1].Day = r.st.LastDay
	}
	shift := &Shift{No: r.st.LastShift + 1, Day: day, OpenedAt: a.at, OpenedBy: who, Float: c.Float, LastAt: a.at}
	a.enter(&ShiftOpened{Opened: *shift})
	e := &a.tx.Entries[len(a.tx.Entries)-1]
	e.Shift, e.Day, e.Operator = shift.No, day, who
	if !a.act.Replayed && c.Float > 0 {
		a.tx.Pulse = "float"
	}
	a.stay()
	a.then(func() {
		r.st.Shift, r.st.LastShift, r.st.LastDay, r.st.DayClosed = shift, shift.No, day, false
		r.fresh(0)
	})
	return nil
}

func (r *Register) knows(code string) bool {
	for _, o := range r.st.Operators {
		if o.Code == code && o.Active {
			return true
		}
	}
	return false
}

// closeShift counts the drawer and closes the shift with its Z. Any count is
// taken as it is; parked and open baskets are carried over. A basket that
// already holds money must be settled first, since that money is in the drawer.
func (a *acting) closeShift(ctx context.Context, c CloseShift) error {
	if err := a.ready(); err != nil {
		return err
	}
	if a.sale != nil {
		if err := a.r.settling(a.sale); err != nil {
			return err
		}
	}
	for _, p := range a.r.st.Parked {
		for _, t := range p.Sale.Tenders {
			if t.Kind == Cash || t.Kind.Family() == "foreign" {
				return refuse(SaleHasTenders) // its cash lies in the drawer that is counted
			}
		}
	}
	if err := a.allow(MayRunShift, 0); err != nil {
		return err
	}
	for _, p := range c.Count {
		if p.Denomination <= 0 || p.N < 0 || p.N > 1_000_000 || p.Denomination > money.AmountMax/1_000_000 {
			return refuse(BadAmount)
		}
	}
	r := a.r
	if a.sale != nil && a.sale.Live() == 0 {
		a.giveUp(a.sale, "")
		a.sale = nil
	}
	totals, taxes, err := r.journal.Totals(ctx, r.st.Shift.No)
	if err != nil {
		return err
	}
	if len(a.tx.Drop) > 0 {
		// The empty basket given up in this very act counts too.
		totals.Cancelled++
		totals.Voids += len(r.sale.Lines)
	}
	expected, counted := totals.Expected(), c.Count.Total()
	carried := len(r.st.Parked)
	if a.sale != nil {
		carried++
	}
	left, err := a.leftOpen(ctx, a.sale)
	if err != nil {
		return err
	}
	if left != nil {
		a.enter(left)
	}
	a.enter(&ShiftClosed{
		No: r.st.Shift.No, Count: c.Count, Counted: counted, Expected: expected, OverShort: counted - expected, Reason: c.Reason, Open: carried,
	})
	z := &ZReported{
		No: r.st.LastZ + 1, Totals: totals, Taxes: taxes, Counted: counted, GrandTotal: r.st.Grand + totals.Net(), Schema: r.st.Schema,
	}
	a.enter(z)
	if !a.act.Replayed {
		a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipZ, Ref: int64(z.No)})
	}
	a.stay()
	a.then(func() {
		r.st.Shift, r.st.LastZ, r.st.Grand = nil, z.No, z.GrandTotal
		r.fresh(0)
		r.closed = z
	})
	return nil
}

func (a *acting) closeDay() error {
	r := a.r
	if r.operator == nil && !a.act.Replayed {
		return refuse(NotSignedOn)
	}
	if r.st.Shift != nil {
		return refuse(ShiftIsOpen)
	}
	if r.st.LastDay == 0 || r.st.DayClosed {
		return refuseWith(DayIsClosed, r.st.LastDay.String())
	}
	if !a.act.Replayed && r.operator.Role != Owner {
		return a.allow(MaySetMoney, 0)
	}
	a.enter(&DayClosed{Closed: r.st.LastDay})
	a.tx.Entries[len(a.tx.Entries)-1].Day = r.st.LastDay
	a.stay()
	a.then(func() { r.st.DayClosed = true })
	return nil
}
