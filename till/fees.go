package till

import (
	"time"

	"guitai/till/money"
)

// Noon of a day in UTC stands for the day: no zone's clock changes there.
func (d BusinessDay) noon() time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 12, 0, 0, 0, time.UTC)
}

// Plus returns the calendar day so many days later, or earlier where days is
// negative.
func (d BusinessDay) Plus(days int) BusinessDay {
	y, m, n := d.noon().AddDate(0, 0, days).Date()
	return BusinessDay(y*10000 + int(m)*100 + n)
}

// DaysTo is how many days later than d the other day is.
func (d BusinessDay) DaysTo(other BusinessDay) int {
	return int(other.noon().Sub(d.noon()) / (24 * time.Hour))
}

// Weekend reports whether the day is a Saturday or a Sunday.
func (d BusinessDay) Weekend() bool {
	w := d.noon().Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Priced reports whether a fee rule is in effect on a day.
func (a *WalletAccount) Priced(day BusinessDay) bool { return len(a.Fees) > 0 && a.Fees[0].From <= day }

// FirstFee returns the rule that prices a day in a comparison: that in effect,
// or before any began, the first.
func (a *WalletAccount) FirstFee(day BusinessDay) FeeRule {
	if len(a.Fees) > 0 && !a.Priced(day) {
		return a.Fees[0].FeeRule
	}
	return a.FeeOn(day)
}

// Arrives returns the day on which the provider pays out what was taken on a
// day: Settles days later. Where it works from Monday to Friday only, other days
// do not count, and nothing arrives on them; public holidays are not known.
func (a *WalletAccount) Arrives(day BusinessDay) BusinessDay {
	if !a.Workdays {
		return day.Plus(a.Settles)
	}
	for range a.Settles {
		for day = day.Plus(1); day.Weekend(); day = day.Plus(1) {
		}
	}
	for day.Weekend() {
		day = day.Plus(1)
	}
	return day
}

// FeeBack returns what comes back of the fee on a payment when a part of it is
// refunded after before was: by running totals, so that the parts of a payment
// that is refunded whole sum to its fee. Nothing where the provider keeps fees.
func (a *WalletAccount) FeeBack(fee, paid, before, refund money.Amount) money.Amount {
	if a.KeepsFees || paid <= 0 {
		return 0
	}
	return portion(fee, min(before+refund, paid), paid) - portion(fee, min(before, paid), paid)
}

// portion is whole x part / of, half away from zero.
func portion(whole, part, of money.Amount) money.Amount {
	n, err := money.MulDiv(int64(whole), int64(part), int64(of), money.HalfAwayFromZero)
	if err != nil {
		return 0 // no part of an amount is larger than it
	}
	return money.Amount(n)
}

// openingDays is over how many days the fee for opening an account is spread.
const openingDays = 365

// Spread returns the day's parts of the fees for opening the account and for the
// year, from begun on: the first year bears the opening, and each calendar year
// the yearly fee, day by day by running totals. Nothing before begun, or where
// that is zero.
func (a *WalletAccount) Spread(begun, day BusinessDay) (opening, yearly money.Amount) {
	if begun == 0 || day < begun {
		return 0, 0
	}
	if n := money.Amount(begun.DaysTo(day)); n < openingDays {
		opening = portion(a.Opening, n+1, openingDays) - portion(a.Opening, n, openingDays)
	}
	first := BusinessDay(int(day)/10000*10000 + 101)
	n, whole := money.Amount(first.DaysTo(day)), money.Amount(first.DaysTo(first+10000))
	return opening, portion(a.Yearly, n+1, whole) - portion(a.Yearly, n, whole)
}

// A FeeDay is what one tender took on one business day and what is left of it.
type FeeDay struct {
	Day             BusinessDay
	Kind            TenderKind
	Payments        int
	Gross, Refunded money.Amount // as in the report: the amounts kept, and what was refunded on the day
	Fee, FeeBack    money.Amount // on the payments; what came back of earlier fees with refunds
	Opening, Yearly money.Amount // the day's parts
	Priced          bool         // a fee rule is in effect; without, fees are not known
	Arrives         BusinessDay  // 0 where no wallet pays it out
}

// Settled is what the provider pays out for the day.
func (f *FeeDay) Settled() money.Amount { return f.Gross - f.Refunded - f.Fee + f.FeeBack }

// An Arrival is what a wallet pays out on one day for the days of a report, and
// what it costs to withdraw that at once.
type Arrival struct {
	Day                BusinessDay
	Kind               TenderKind
	Amount, Withdrawal money.Amount
}

// A FeeTotal is a tender over all days of a report.
type FeeTotal struct {
	FeeDay
	Withdrawal money.Amount
}

// Proceeds is what is left after all fees.
func (f *FeeTotal) Proceeds() money.Amount {
	return f.Settled() - f.Withdrawal - f.Opening - f.Yearly
}

// A WhatIf is the payments of one tender priced by the rules of a wallet. Kind ""
// is all of them together, with what a year of the wallet costs for those days.
type WhatIf struct {
	Kind               TenderKind
	Wallet             string // whose rules
	Payments           int
	Gross, Fee, Yearly money.Amount
}

// Fees are what tenders cost over a range of business days.
type Fees struct {
	From, To BusinessDay
	Totals   []FeeTotal // by kind
	Days     []FeeDay   // by day, then kind
	Arrivals []Arrival  // by day, then kind
	WhatIf   []WhatIf   // by kind, then wallet
}
