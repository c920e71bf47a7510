package ui

import (
	"guitai/till"
	"guitai/till/money"
)

// returnPlan is a return against a receipt while it is being put together. What it shows follows the register's
// rules; the register decides when the return is taken.
type returnPlan struct {
	sold     till.Sold
	rounding till.CashRounding
	qty      map[int]money.Quantity // by line number: how much comes back now
	reason   string
	note     string                           // with the reason: typed words
	typed    map[till.TenderKind]money.Amount // what a person chose; nil: as proposed
}

func newReturnPlan(sold till.Sold, rounding till.CashRounding) *returnPlan {
	return &returnPlan{sold: sold, rounding: rounding, qty: map[int]money.Quantity{}}
}

// left is how much of a line can still come back.
func (p *returnPlan) left(l *till.Line) money.Quantity {
	if l.Voided {
		return 0
	}
	return l.Qty - p.sold.Returned[l.N]
}

// step is what one touch of plus or minus moves: a piece, or all of weighed goods.
func (p *returnPlan) step(l *till.Line) money.Quantity {
	if l.Weighed || p.left(l) < money.One {
		return p.left(l)
	}
	return money.One
}

// add moves a line's quantity, within nothing and what is left.
func (p *returnPlan) add(l *till.Line, by money.Quantity) {
	q := max(0, min(p.qty[l.N]+by, p.left(l)))
	if q == 0 {
		delete(p.qty, l.N)
	} else {
		p.qty[l.N] = q
	}
	p.typed = nil
}

// toggle takes all that is left of a line, or nothing of it.
func (p *returnPlan) toggle(l *till.Line) {
	if p.qty[l.N] > 0 {
		p.add(l, -p.qty[l.N])
		return
	}
	p.add(l, p.left(l))
}

// all takes everything that is left; where that is chosen already, nothing.
func (p *returnPlan) all() {
	whole := p.whole()
	for i := range p.sold.Sale.Lines {
		l := &p.sold.Sale.Lines[i]
		p.add(l, -p.qty[l.N])
		if !whole {
			p.add(l, p.left(l))
		}
	}
}

// whole reports whether nothing of the sale stays with the customer.
func (p *returnPlan) whole() bool {
	for i := range p.sold.Sale.Lines {
		l := &p.sold.Sale.Lines[i]
		if p.left(l) != p.qty[l.N] {
			return false
		}
	}
	return true
}

// worth is what the chosen part of a line is worth: of what was paid for it, in running totals.
func (p *returnPlan) worth(l *till.Line) money.Amount {
	from := p.sold.Returned[l.N]
	return money.Part(l.Paid(), from, from+p.qty[l.N], l.Qty)
}

// value is what the chosen goods are worth.
func (p *returnPlan) value() money.Amount {
	var sum money.Amount
	for i := range p.sold.Sale.Lines {
		if l := &p.sold.Sale.Lines[i]; p.qty[l.N] > 0 {
			sum += p.worth(l)
		}
	}
	return sum
}

// pieces counts what comes back as a person would.
func (p *returnPlan) pieces() money.Quantity {
	var n money.Quantity
	for i := range p.sold.Sale.Lines {
		switch l := &p.sold.Sale.Lines[i]; {
		case p.qty[l.N] == 0:
		case l.Weighed:
			n += money.One
		default:
			n += p.qty[l.N]
		}
	}
	return n
}

// A refundLimit is what one kind of tender took, gave back, and may still give back.
type refundLimit struct {
	kind       till.TenderKind
	paid, back money.Amount
	left       money.Amount
}

// limits lists the sale's kinds of tender in the order in which they were taken.
func (p *returnPlan) limits() []refundLimit {
	var out []refundLimit
	for _, t := range p.sold.Sale.Tenders {
		found := false
		for i := range out {
			if out[i].kind == t.Kind {
				out[i].paid += t.Amount
				found = true
			}
		}
		if !found {
			out = append(out, refundLimit{kind: t.Kind, paid: t.Amount, back: p.sold.Refunded[t.Kind]})
		}
	}
	for i := range out {
		out[i].left = out[i].paid - out[i].back
	}
	return out
}

// proposal fills the original tenders in order; only the cash at its end is rounded.
func (p *returnPlan) proposal() map[till.TenderKind]money.Amount {
	out := map[till.TenderKind]money.Amount{}
	limits, rest, whole := p.limits(), p.value(), p.whole()
	for i, l := range limits {
		give := min(rest, l.left)
		last := rest <= l.left || i == len(limits)-1
		if l.kind == till.Cash && last && !whole {
			if rounded := p.rounding.Round(rest); rounded <= l.left {
				give = rounded
			}
		}
		if whole {
			give = l.left
		}
		if give > 0 {
			out[l.kind] = give
		}
		if rest -= give; last && !whole {
			break
		}
	}
	return out
}

// refunds is what each kind gives back now, in the sale's order; a kind may give nothing.
func (p *returnPlan) refunds() []till.Refund {
	amounts := p.typed
	if amounts == nil {
		amounts = p.proposal()
	}
	var out []till.Refund
	for _, l := range p.limits() {
		out = append(out, till.Refund{Kind: l.kind, Amount: amounts[l.kind]})
	}
	return out
}

// given is the sum of the refunds.
func (p *returnPlan) given() money.Amount {
	var sum money.Amount
	for _, r := range p.refunds() {
		sum += r.Amount
	}
	return sum
}

// set types what a kind gives back.
func (p *returnPlan) set(kind till.TenderKind, a money.Amount) {
	if p.typed == nil {
		p.typed = p.proposal()
	}
	p.typed[kind] = a
}

// fill gives back through a kind as much as it may, up to what the others leave.
func (p *returnPlan) fill(kind till.TenderKind) {
	others, left := money.Amount(0), money.Amount(0)
	for _, r := range p.refunds() {
		if r.Kind != kind {
			others += r.Amount
		}
	}
	for _, l := range p.limits() {
		if l.kind == kind {
			left = l.left
		}
	}
	p.set(kind, max(0, min(left, p.target()-others)))
}

// over reports whether a kind would give back more than it may.
func (p *returnPlan) over(kind till.TenderKind) bool {
	for i, l := range p.limits() {
		if l.kind == kind {
			return p.refunds()[i].Amount > l.left
		}
	}
	return false
}

// target is what the refunds should sum to: the value, with its cash part rounded, or all that is left.
func (p *returnPlan) target() money.Amount {
	var sum money.Amount
	for _, a := range p.proposal() {
		sum += a
	}
	return sum
}

// settled reports whether the register will take the refunds as they are.
func (p *returnPlan) settled() bool {
	if p.value() == 0 && !p.whole() || len(p.qty) == 0 {
		return false
	}
	var cash, other money.Amount
	for _, r := range p.refunds() {
		if p.over(r.Kind) {
			return false
		}
		if r.Kind == till.Cash {
			cash = r.Amount
		} else {
			other += r.Amount
		}
	}
	sum := cash + other
	return sum == p.target() || sum == p.value() || sum == other+p.rounding.Round(p.value()-other)
}

// command is the return as the register takes it. Where nobody changed the proposal the register fills the tenders
// itself, by the same rule.
func (p *returnPlan) command() till.TakeReturn {
	c := till.TakeReturn{Receipt: p.sold.Sale.Receipt, Reason: p.reason}
	for i := range p.sold.Sale.Lines {
		if l := &p.sold.Sale.Lines[i]; p.qty[l.N] > 0 {
			c.Lines = append(c.Lines, till.ReturnOf{Line: l.N, Qty: p.qty[l.N]})
		}
	}
	if p.typed != nil {
		for _, r := range p.refunds() {
			if r.Amount != 0 {
				c.Refunds = append(c.Refunds, r)
			}
		}
	}
	return c
}
