package till

import (
	"time"

	"guitai/till/money"
)

// A Sale is one basket for one customer, from its first line to its
// completion. Its amounts are kept right by Price after every change.
type Sale struct {
	ID       ID
	OpenedAt time.Time
	Operator string // who rang it, an operator code
	Shift    int    // the shift it belongs to once completed or cancelled
	Lines    []Line // in order of their numbers, voided ones too
	LastLine int    // highest line number given so far
	Discount Discount
	// RoundDown is the step that the cash due is cut down to (抹零); 0 for none.
	RoundDown money.Amount
	Tenders   []Tender
	ParkedAs  int       // its number among the parked sales of its shift; 0 while on the screen
	Shown     []ShownQR // payment codes shown for it, with what became of each

	// The sums of the unvoided lines, in minor units.
	Gross     money.Amount
	Discounts money.Amount // line and sale discounts together
	Tax       money.Amount // contained and added
	TaxAdded  money.Amount
	Rounding  money.Amount // signed; set by the cash tender that settles the sale

	// Set by completion.
	Receipt     int // the gapless receipt number, from 1
	CompletedAt time.Time
	Day         BusinessDay
}

// A Line is one item, its quantity and its price within a sale.
type Line struct {
	N         int // 1, 2, 3 ... in the order of the acts; never used again
	Item      ID  // zero for an item typed at the till
	Code      string
	Name      string
	NameEN    string
	Unit      string
	Category  string
	Weighed   bool
	Qty       money.Quantity
	Price     money.UnitPrice // charged per unit
	ListPrice money.UnitPrice // what the catalogue asks; differs after an override
	Reason    string          // of the override
	Tax       TaxClass        // as it was when the line was made
	Discount  Discount
	Voided    bool
	At        time.Time
	By        string // who overrode or discounted or voided, if not the sale's operator

	// Computed by Sale.Price.
	Gross       money.Amount // price x quantity
	DiscountOff money.Amount // what Discount takes off
	Share       money.Amount // the line's part of the sale discount
	TaxIn       money.Amount // tax contained in or added to the line
	TaxAdded    money.Amount // the added part of it
}

// A Discount is an amount or a percentage off a line or a sale, with its
// reason. The zero Discount takes nothing off.
type Discount struct {
	Amount  money.Amount // used where Percent is zero
	Percent money.Rate
	Reason  string
}

// IsZero reports whether the discount takes nothing off.
func (d Discount) IsZero() bool { return d.Amount == 0 && d.Percent == 0 }

// Off returns what the discount takes off a: never more than a.
func (d Discount) Off(a money.Amount) money.Amount {
	off := d.Amount
	if d.Percent != 0 {
		off = d.Percent.Of(a)
	}
	return max(0, min(off, a))
}

// Base is what remains of the line after discounts, before added tax.
func (l *Line) Base() money.Amount { return l.Gross - l.DiscountOff - l.Share }

// Paid is what the customer pays for the line: its base and its added tax.
func (l *Line) Paid() money.Amount { return l.Base() + l.TaxAdded }

// Price computes the amounts of every line and the sums of the sale. It
// returns money.ErrRange where a line or the sale would be too large.
func (s *Sale) Price() error {
	var left money.Amount
	weights := make([]money.Amount, len(s.Lines))
	for i := range s.Lines {
		l := &s.Lines[i]
		g, err := money.Gross(l.Price, l.Qty)
		if err != nil {
			return err
		}
		l.Gross, l.DiscountOff, l.Share = g, l.Discount.Off(g), 0
		if !l.Voided {
			weights[i] = g - l.DiscountOff
			left += weights[i]
		}
	}
	if left > money.AmountMax {
		return money.ErrRange
	}
	shares := money.Allocate(s.Discount.Off(left), weights)
	s.Gross, s.Discounts, s.Tax, s.TaxAdded = 0, 0, 0, 0
	for i := range s.Lines {
		l := &s.Lines[i]
		l.Share = shares[i]
		l.TaxIn, l.TaxAdded = l.Tax.On(l.Base())
		if l.Voided {
			continue
		}
		s.Gross += l.Gross
		s.Discounts += l.DiscountOff + l.Share
		s.Tax += l.TaxIn
		s.TaxAdded += l.TaxAdded
	}
	return nil
}

// On returns the tax of a discounted line amount and the part of it that comes
// on top of the amount.
func (c TaxClass) On(base money.Amount) (tax, added money.Amount) {
	if c.Mode == TaxExclusive {
		t := c.Rate.Of(base)
		return t, t
	}
	return c.Rate.Within(base), 0
}

// Subtotal is what the lines come to, before cash rounding.
func (s *Sale) Subtotal() money.Amount { return s.Gross - s.Discounts + s.TaxAdded }

// Total is what the sale comes to; the tenders of a completed sale sum to it.
func (s *Sale) Total() money.Amount { return s.Subtotal() + s.Rounding }

// TakenSoFar is the sum of the tenders' kept amounts.
func (s *Sale) TakenSoFar() money.Amount {
	var sum money.Amount
	for i := range s.Tenders {
		sum += s.Tenders[i].Amount
	}
	return sum
}

// Due is what is still to pay, before any rounding of a cash settlement.
func (s *Sale) Due() money.Amount { return s.Total() - s.TakenSoFar() }

// CashDue is what is still to pay if the rest is settled in cash: Due moved to
// the sale's round-down step where one is set, else to the shop's smallest coin.
func (s *Sale) CashDue(r CashRounding) money.Amount {
	due := s.Due()
	if s.RoundDown > 1 {
		return money.RoundTo(due, s.RoundDown, money.Down)
	}
	return r.Round(due)
}

// CashRounding moves the cash due to the smallest coin.
type CashRounding struct {
	Step money.Amount // 1 or less: no rounding
	Mode money.Rounding
}

// Round returns due moved to a multiple of the step.
func (r CashRounding) Round(due money.Amount) money.Amount {
	mode := r.Mode
	if mode == 0 {
		mode = money.HalfAwayFromZero
	}
	return money.RoundTo(due, r.Step, mode)
}

// Line returns the line with number n, or nil.
func (s *Sale) Line(n int) *Line {
	for i := range s.Lines {
		if s.Lines[i].N == n {
			return &s.Lines[i]
		}
	}
	return nil
}

// Live counts the unvoided lines.
func (s *Sale) Live() int {
	n := 0
	for i := range s.Lines {
		if !s.Lines[i].Voided {
			n++
		}
	}
	return n
}

// Pieces counts what is in the basket as a person would: weighed goods count
// one a line, the rest by quantity.
func (s *Sale) Pieces() money.Quantity {
	var n money.Quantity
	for i := range s.Lines {
		switch l := &s.Lines[i]; {
		case l.Voided:
		case l.Weighed:
			n += money.One
		default:
			n += l.Qty
		}
	}
	return n
}

// Clone returns a copy that shares nothing with s.
func (s *Sale) Clone() *Sale {
	c := *s
	c.Lines = append([]Line(nil), s.Lines...)
	c.Tenders = append([]Tender(nil), s.Tenders...)
	c.Shown = append([]ShownQR(nil), s.Shown...)
	return &c
}
