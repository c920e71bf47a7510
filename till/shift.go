package till

import (
	"fmt"
	"time"

	"guitai/till/money"
)

// A BusinessDay is the trading date a shift belongs to, as yyyymmdd; it is
// fixed when the shift opens and may differ from the calendar date.
type BusinessDay int

// DayOf returns the business day of an instant: the local date in loc, taken
// back by the hour at which the shop's day starts.
func DayOf(at time.Time, loc *time.Location, start DayStart) BusinessDay {
	local := at.In(loc)
	y, m, d := local.Date()
	if local.Hour()*60+local.Minute() < int(start) {
		y, m, d = time.Date(y, m, d-1, 12, 0, 0, 0, loc).Date()
	}
	return BusinessDay(y*10000 + int(m)*100 + d)
}

// String writes the day as 2006-01-02.
func (d BusinessDay) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", int(d)/10000, int(d)/100%100, int(d)%100)
}

// ParseBusinessDay reads what String writes.
func ParseBusinessDay(s string) (BusinessDay, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %.20q: want YYYY-MM-DD", s)
	}
	return BusinessDay(t.Year()*10000 + int(t.Month())*100 + t.Day()), nil
}

// DayStart is the minute of the local day at which a business day begins.
type DayStart int

// String writes the start as 04:00.
func (s DayStart) String() string { return fmt.Sprintf("%02d:%02d", int(s)/60, int(s)%60) }

// ParseDayStart reads what String writes.
func ParseDayStart(v string) (DayStart, error) {
	t, err := time.Parse("15:04", v)
	if err != nil {
		return 0, fmt.Errorf("day start %.20q: want HH:MM", v)
	}
	return DayStart(t.Hour()*60 + t.Minute()), nil
}

// A Shift is an accountable period on a till, from float to count.
type Shift struct {
	No       int // from 1, per till
	Day      BusinessDay
	OpenedAt time.Time
	OpenedBy string
	Float    money.Amount
	LastAt   time.Time // business time of its latest act; later acts may not go back
	Parked   int       // sales parked so far
}

// CashKind is why cash moved without a sale.
type CashKind string

// The kinds of cash movement.
const (
	PaidIn  CashKind = "paid_in"
	PaidOut CashKind = "paid_out"
	Drop    CashKind = "drop"    // drawer to safe
	Loan    CashKind = "loan"    // safe to drawer
	NoSale  CashKind = "no_sale" // the drawer opened, nothing moved
)

// Signed returns amount with the sign it has for the drawer.
func (k CashKind) Signed(amount money.Amount) money.Amount {
	switch k {
	case PaidOut, Drop:
		return -amount
	case PaidIn, Loan:
		return amount
	case NoSale:
	}
	return 0
}

// Valid reports whether k is one of the kinds above.
func (k CashKind) Valid() bool {
	switch k {
	case PaidIn, PaidOut, Drop, Loan, NoSale:
		return true
	}
	return false
}

// A Count is the cash counted at close: pieces by denomination.
type Count []Pieces

// Pieces is how many of one coin or note were counted.
type Pieces struct {
	Denomination money.Amount
	N            int
}

// Total is the sum of the count.
func (c Count) Total() money.Amount {
	var sum money.Amount
	for _, p := range c {
		sum += p.Denomination * money.Amount(p.N)
	}
	return sum
}

// ShiftTotals is what a shift has done so far, from the ledger.
type ShiftTotals struct {
	Shift     int
	Day       BusinessDay
	Sales     int
	Gross     money.Amount
	Discounts money.Amount
	Tax       money.Amount // contained and added, after refunds
	TaxAdded  money.Amount
	Rounding  money.Amount // with the rounding of cash refunds
	Returns   int
	Refunds   money.Amount
	Voids     int // lines taken off
	Cancelled int
	PostVoids int
	NoSales   int
	Tenders   []TenderTotal
	Float     money.Amount
	PaidIn    money.Amount
	PaidOut   money.Amount
	Drops     money.Amount
	Loans     money.Amount
	FirstNo   int // receipt numbers of the shift; 0 if none
	LastNo    int
}

// TenderTotal is what one tender kind took and gave back.
type TenderTotal struct {
	Kind       TenderKind
	Count      int // sales using the kind
	Amount     money.Amount
	Refunded   money.Amount
	Tendered   money.Amount
	Change     money.Amount
	Unverified money.Amount // part of Amount that nobody but a person confirmed
	UnvCount   int
}

// Net is the takings of the shift: sales less refunds, with rounding.
func (t *ShiftTotals) Net() money.Amount {
	return t.Gross - t.Discounts + t.TaxAdded + t.Rounding - t.Refunds
}

// CashSales is the kept cash less cash refunds.
func (t *ShiftTotals) CashSales() money.Amount {
	for i := range t.Tenders {
		if t.Tenders[i].Kind == Cash {
			return t.Tenders[i].Amount - t.Tenders[i].Refunded
		}
	}
	return 0
}

// Expected is the cash that should be in the drawer.
func (t *ShiftTotals) Expected() money.Amount {
	return t.Float + t.CashSales() + t.PaidIn + t.Loans - t.PaidOut - t.Drops
}
