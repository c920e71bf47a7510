package till

import (
	"time"

	"guitai/till/money"
)

// A Bill is a provider's list of one day, fetched or read from a file.
type Bill struct {
	// Wallet and Mode are those of the account; adapters leave them to the caller.
	// BankStatement stands for the statement of a bank.
	Wallet, Mode string
	Merchant     string    // the account at the provider, where the bill names one
	Day          time.Time // the day's midnight in the provider's zone
	// Final: the day is over at the provider and nothing will be added to its
	// list, so that what is missing from it was not taken.
	Final bool
	Name  string // a file name for Raw
	Raw   []byte // as it came, for keeping
	Rows  []BillRow
}

// BankStatement is the name that a bank's statement has in the place of a
// wallet's.
const BankStatement = "bank"

// A BillRow is one payment or refund on a bill.
type BillRow struct {
	Number   string // the merchant's number of the payment; "" where the bill has none
	Refund   string // the merchant's number of the refund; "" for a payment
	Provider string
	At       time.Time
	Amount   money.Amount // unsigned
	Fee      money.Amount // signed: what the provider keeps (positive)
	Currency string
	State    string // in the provider's words
}

// Back reports whether the row is money given back.
func (r *BillRow) Back() bool { return r.Refund != "" }

// FindingKind is what the comparison of a bill with the ledger says of a row,
// or of a payment that no row has.
type FindingKind string

// The kinds of finding.
const (
	Matched         FindingKind = "matched"
	Foreign         FindingKind = "foreign"            // of another till on the same account
	UnverifiedFound FindingKind = "unverified_matched" // a person's word for a tender is now confirmed
	AbsentClosed    FindingKind = "absent_closed"      // a watched payment that the complete bill does not have
	PaidTwice       FindingKind = "paid_twice"         // for one part of one sale
	PaidThere       FindingKind = "paid_there"         // the provider has the money, the till does not know
	PaidHere        FindingKind = "paid_here"          // the till says paid, the complete bill does not
	AmountApart     FindingKind = "amount_differs"     // amount or currency
	RefundAbsent    FindingKind = "refund_missing"     // the till says given back, the complete bill does not
	RefundTwice     FindingKind = "refund_doubled"     // more went back than the till asked for
	RefundNotOurs   FindingKind = "refund_unknown"     // went back, and the till knows of none or of one that failed
)

// Differs reports whether somebody must look at a finding of this kind.
func (k FindingKind) Differs() bool {
	switch k {
	case Matched, Foreign, UnverifiedFound, AbsentClosed:
		return false
	}
	return true
}

// FindingKinds are all kinds, the gravest first.
var FindingKinds = []FindingKind{PaidTwice, RefundTwice, PaidThere, PaidHere, AmountApart, RefundAbsent, RefundNotOurs, UnverifiedFound, AbsentClosed, Foreign, Matched}

// NextStep is the one safe thing to do about a finding.
type NextStep string

// The next steps.
const (
	NextNothing   NextStep = ""
	NextAsk       NextStep = "ask"       // ask the provider: a payment found paid goes to its sale, or back
	NextRefund    NextStep = "refund"    // give this payment back
	NextNeighbour NextStep = "neighbour" // compare the day beside it first: it is near midnight
	NextCompare   NextStep = "compare"   // look at the provider's site and at the receipts; change nothing yet
	NextAskRefund NextStep = "ask_refund"
	NextClaim     NextStep = "claim" // ask the provider's service about money that went back twice
)

// A Finding is one row of a bill beside what the ledger has, or what the ledger
// has alone. A difference is noted in the ledger, and has a number then.
type Finding struct {
	ID       int64 // of the note; 0 for what needs none
	Kind     FindingKind
	Next     NextStep
	By       string // what matched it: number, provider, or amount and time (time); "" for nothing
	Attempt  string
	Refund   string // our number, or what the bill has for it
	Receipt  int
	Provider string
	At       time.Time
	Ours     money.Amount // 0 where the ledger has nothing
	Theirs   money.Amount // 0 where the bill has nothing
	Fee      money.Amount
	Currency money.Currency
	State    string    // of the attempt or refund here; "" where there is none
	Said     string    // the provider's words
	Noted    time.Time // zero for what needs no note
	Settled  time.Time // zero while it is open
	SettledBy,
	Why string
}

// Open reports whether the finding waits for somebody.
func (f *Finding) Open() bool { return f.Kind.Differs() && f.Settled.IsZero() }

// A Reconciliation is the comparison of one day's bill with the ledger.
type Reconciliation struct {
	Wallet, Mode string
	Day          BusinessDay // the provider's calendar day
	Hash         string      // SHA-256 of the bill, in hexadecimal
	Name         string
	Kept         time.Time
	Final        bool
	Again        bool // the bill was there already: nothing was taken in
	Findings     []Finding
	// In, Back and Fees sum the bill's rows that are not foreign.
	In, Back, Fees money.Amount
	Currency       money.Currency
}

// Count is how many findings are of a kind.
func (r *Reconciliation) Count(k FindingKind) (n int) {
	for i := range r.Findings {
		if r.Findings[i].Kind == k {
			n++
		}
	}
	return n
}

// Open is how many findings wait for somebody.
func (r *Reconciliation) Open() (n int) {
	for i := range r.Findings {
		if r.Findings[i].Open() {
			n++
		}
	}
	return n
}

// Settles is what the provider will pay out for the day.
func (r *Reconciliation) Settles() money.Amount { return r.In - r.Back - r.Fees }

// Sides are what the till's books and the provider have of a finding, in
// balance: money given back is negative, a payment that no sale took is nothing
// here.
func (f *Finding) Sides() (ours, theirs money.Amount) {
	ours, theirs = f.Ours, f.Theirs
	switch f.Kind {
	case PaidThere, PaidTwice, RefundNotOurs, RefundTwice, Foreign:
		ours = 0
	case AbsentClosed:
		return 0, 0
	}
	if f.Refund != "" {
		return -ours, -theirs
	}
	return ours, theirs
}
