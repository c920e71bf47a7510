package ui

import (
	"context"

	"guitai/till"
	"guitai/till/money"
)

// Bills compares the providers' bills with the ledger. What it finds changes nothing that is in the books. Every method
// may take time; what is refused with a reason that a person can act on is a *BillFault, and nothing was taken in then.
type Bills interface {
	// Day compares what is kept of a day, for every provider that the shop has or that a bill was ever kept of.
	Day(ctx context.Context, day till.BusinessDay) ([]BillDay, error)
	// Days lists the bills kept of the days from..to, the newest first.
	Days(ctx context.Context, from, to till.BusinessDay) ([]BillSums, error)
	// Fetch gets the provider's bill of a day and compares it.
	Fetch(ctx context.Context, wallet string, day till.BusinessDay) (till.Reconciliation, error)
	// Sheet reads the beginning of a file whose columns somebody must name; without columns it needs none.
	Sheet(ctx context.Context, wallet string, day till.BusinessDay, file string) (BillSheet, error)
	// Take keeps the bill in a file and compares it. fields are by column, of BillFields, nil where the file needs none;
	// newAccount says that the provider's account has really changed.
	Take(ctx context.Context, wallet string, day till.BusinessDay, file string, fields []string, newAccount bool) (till.Reconciliation, error)
	// Ask asks the provider now about the payment or the refund of a finding, and compares the day again.
	Ask(ctx context.Context, wallet string, day till.BusinessDay, f till.Finding) (till.Reconciliation, error)
	// GiveBack gives a payment that settled nothing back to who paid it, under one refund number.
	GiveBack(ctx context.Context, attempt, by string) error
	// Settle keeps that somebody has looked at a difference, and why nothing more is to be done.
	Settle(ctx context.Context, finding int64, by, why string) error
	// Print queues the list of a day's differences for the receipt printer.
	Print(ctx context.Context, wallet string, day till.BusinessDay) error
	// Export writes the comparison as a file, pdf or csv, to the shop's export folder and returns its path.
	Export(ctx context.Context, wallet string, day till.BusinessDay, format string) (path string, err error)
}

// BillFields are what a column of a list of payments may be; "" leaves it out.
var BillFields = []string{"", "date", "time", "number", "refund", "provider", "amount", "fee", "currency", "state"}

// BillDay is one provider's part of a day.
type BillDay struct {
	Wallet  string // till.BankStatement for a bank's account
	Fetches bool   // the provider can be asked for it
	Kept    bool   // there is a bill; without one the rest is empty
	till.Reconciliation
}

// BillSums is one provider's bill of a day in the overview.
type BillSums struct {
	Wallet   string
	Day      till.BusinessDay
	Final    bool
	Lines    int
	Total    money.Amount // taken less given back
	Open     int          // differences that wait for somebody
	Apart    money.Amount // theirs less ours over these
	Currency money.Currency
}

// BillSheet is the beginning of a list of payments.
type BillSheet struct{ Columns []ListColumn }

// A BillFault is why a bill was not taken in. Code is a word of the catalogue under bills.fault; Detail names the row,
// the day or the account in plain English.
type BillFault struct{ Code, Detail string }

func (e *BillFault) Error() string { return e.Code + ": " + e.Detail }
