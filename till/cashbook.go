package till

import (
	"time"

	"guitai/till/money"
)

// A Deposit is a bag of cash on its way to the bank, or there.
type Deposit struct {
	CashDeposited
	At       time.Time
	By       string
	Day      BusinessDay
	Credited bool
	Credit   DepositCredited // where the bank has credited it
}

// Apart is what the bank credited less what was counted; 0 while it is on its
// way.
func (d *Deposit) Apart() money.Amount {
	if !d.Credited {
		return 0
	}
	return d.Credit.Amount - d.Amount
}

// depositLate is how many days a bag may be on its way.
const depositLate = 5

// Late reports whether a bag should have been credited by a day.
func (d *Deposit) Late(today BusinessDay) bool {
	return !d.Credited && d.Day.Plus(depositLate) < today
}

// A SafeCount is a count of the safe.
type SafeCount struct {
	SafeCounted
	At  time.Time
	By  string
	Day BusinessDay
}

// A CashBook is where the shop's cash went over a range of business days: the
// drawers, the safe, and the bags for the bank.
type CashBook struct {
	From, To BusinessDay
	Currency money.Currency
	Drawers  []CashRow
	// What the safe should hold: at the start, what came in and went out, at the
	// end. Start + Drops - Loans - Bagged + Counts = End.
	Start, Drops, Loans, Bagged, Counts, End money.Amount
	SafeCounts                               []SafeCount
	Deposits                                 []Deposit // of the range, and those before it that were still on their way
	OnTheWay                                 money.Amount
	Settlements                              []Settlement
}

// A Settlement is money that a provider should have paid out, by the shop's fee
// rules, beside what the bank's statements have.
type Settlement struct {
	Arrival
	State    SettlementState
	On       BusinessDay // that the bank booked it on
	Credited money.Amount
	Ref      string
}

// Expected is what should arrive, after what a withdrawal costs.
func (s *Settlement) Expected() money.Amount { return s.Amount - s.Withdrawal }

// SettlementState is where a settlement stands.
type SettlementState string

// The states of a settlement. One is late only where statements say that it had
// not come by then; without a statement nobody knows.
const (
	SettlementDue     SettlementState = "due"     // its day has not come
	SettlementArrived SettlementState = "arrived" // the bank has it, to the cent
	SettlementApart   SettlementState = "apart"   // the bank has another amount of the same provider
	SettlementLate    SettlementState = "late"
	SettlementUnknown SettlementState = "unknown" // no statement of these days is kept
)
