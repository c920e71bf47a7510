package till

import "guitai/till/money"

// CashDeposited is cash out of the safe, counted into a bag for the bank.
type CashDeposited struct {
	ID     ID
	Bag    string // the number on it
	Count  Count  // empty where only the sum was counted
	Amount money.Amount
	Note   string
}

// DepositCredited is what the bank credited for a bag. A bag is credited once;
// what it had less or more than was counted is over or short.
type DepositCredited struct {
	Deposit   ID
	Bag       string
	Deposited money.Amount // as it was counted
	Amount    money.Amount
	On        BusinessDay // the bank's booking day
	Ref       string      // the bank's reference
	Statement bool        // found on a statement, not entered by hand
}

// SafeCounted is a count of what is in the safe.
type SafeCounted struct {
	ID        ID
	Counted   money.Amount
	Expected  money.Amount // drops less loans and deposits, since the last count
	OverShort money.Amount // Counted - Expected
	Reason    string
}

// Kinds of the records.
func (*CashDeposited) Kind() RecordKind   { return KindCashDeposited }
func (*DepositCredited) Kind() RecordKind { return KindDepositCredited }
func (*SafeCounted) Kind() RecordKind     { return KindSafeCounted }

func (r *CashDeposited) code(c *coder) {
	ident(c, &r.ID)
	text(c, &r.Bag)
	r.Count.code(c)
	integer(c, &r.Amount)
	text(c, &r.Note)
}

func (r *DepositCredited) code(c *coder) {
	ident(c, &r.Deposit)
	text(c, &r.Bag)
	integer(c, &r.Deposited)
	integer(c, &r.Amount)
	integer(c, &r.On)
	text(c, &r.Ref)
	flag(c, &r.Statement)
}

func (r *SafeCounted) code(c *coder) {
	ident(c, &r.ID)
	integer(c, &r.Counted)
	integer(c, &r.Expected)
	integer(c, &r.OverShort)
	text(c, &r.Reason)
}
