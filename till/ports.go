package till

import (
	"context"
	"errors"

	"guitai/till/money"
)

// A Journal is the till's durable memory. The register is its only writer.
type Journal interface {
	// Commit makes all of tx durable, or nothing, before it returns. A
	// CannotSave error means that nothing was written. An ErrUnknown in the
	// chain means that the outcome could not be learned; the register then
	// calls Recover and goes on from what is true.
	Commit(ctx context.Context, tx Tx) error
	// Recover returns the state the journal leads to.
	Recover(ctx context.Context) (State, error)
	// Totals computes a shift's totals from the maintained sums.
	Totals(ctx context.Context, shift int) (ShiftTotals, []TaxTotal, error)
	// Sold returns a completed sale with what was returned of it so far. A
	// receipt number nobody has is a NoSuchReceipt error.
	Sold(ctx context.Context, receipt int) (Sold, error)
	// Attempt and Refund return one by its number, or a NoSuchAttempt error;
	// RefundsOf lists what was or is to be given back of an attempt, the oldest
	// first.
	Attempt(ctx context.Context, number string) (Attempt, error)
	Refund(ctx context.Context, number string) (WalletRefund, error)
	RefundsOf(ctx context.Context, attempt string) ([]WalletRefund, error)
	// NextAttempt draws the next attempt number, which nobody else gets. It is
	// kept by the Tx that carries it; one that no Tx carried may be drawn again
	// after a start.
	NextAttempt() int64
	// MarkCode returns what may be kept of a customer's code: a keyed hash by
	// which the same code is known again, and nothing that leads back to it.
	MarkCode(code string) string
}

// ErrUnknown means that a commit failed so that nobody knows whether it is on
// the disk.
var ErrUnknown = errors.New("outcome of the commit is unknown")

// Tx is what one act writes, in one transaction.
type Tx struct {
	Entries []Entry // appended to the chain in this order
	Keep    []*Sale // open and parked sales to keep outside the chain, by ID
	Drop    []ID    // kept sales that are open no more
	Current ID      // which kept sale is on the screen; zero for none
	Attempt int64   // highest attempt number used so far; 0 leaves it
	// Wallet payments: attempts and refunds to write down as planned, paid
	// attempts that become tenders, and late ones that must be given back by
	// the refunds beside them (to RefundDue, from LatePaid or from a PaidFor that
	// is no part of a complete sale). A RefundMended among the entries ends the
	// failed refund that it names.
	Plan    []Attempt
	Book    []Booking
	Owe     []string
	Refunds []WalletRefund
	Print   []PrintJob
	Pulse   string // reason for opening the drawer; "" for none
}

// A PrintJob asks for one slip. It is a row of the same transaction, so that
// no crash can lose it.
type PrintJob struct {
	Kind SlipKind
	Ref  int64 // receipt number, shift number, ... by Kind
	Copy int   // 0 for the first print; -1 for the next copy, which the journal numbers
	Text string
}

// SlipKind is what a print job prints.
type SlipKind string

// The kinds of slip.
const (
	SlipReceipt SlipKind = "receipt" // Ref: receipt number of a sale or a return
	SlipZ       SlipKind = "z"       // Ref: Z number
	SlipX       SlipKind = "x"       // Ref: shift number
	SlipCash    SlipKind = "cash"    // Ref: sequence of the cash movement
	SlipQR      SlipKind = "qr"      // Text: the payload; Ref: amount in minor units
	SlipPending SlipKind = "pending" // Text: the attempt's number; Ref: its amount in minor units
	SlipCard    SlipKind = "card"    // Text: what the card terminal wants printed, line by line
	SlipBill    SlipKind = "bill"    // Text: wallet and mode; Ref: the day, as 20260618
	SlipReport  SlipKind = "report"  // Ref: the first day, as 20260618; Text: the last, as 2026-06-18
	SlipTest    SlipKind = "test"
)

// State is what a till knows when it starts.
type State struct {
	Settings  Settings
	Epoch     string
	Operators []Operator
	Shift     *Shift // nil when none is open
	Current   *Sale  // the sale on the screen, or nil
	Parked    []Parked
	Receipt   int // last receipt number given
	LastShift int // last shift number given
	LastZ     int
	LastDay   BusinessDay    // of the latest shift; 0 before the first
	DayClosed bool           // whether LastDay is closed
	Attempts  []Attempt      // open ones, and paid ones that are no tender yet; oldest first
	Refunds   []WalletRefund // open ones, and failed ones whose money has not gone back another way; oldest first
	Grand     money.Amount
	Head      string // hash of the last record, in hexadecimal
	Schema    string // digest of the ledger's rules, in hexadecimal
	Practice  bool
}

// Parked is a sale put aside.
type Parked struct {
	N    int // 1, 2, 3 ... within its shift
	Sale *Sale
}

// Sold is a completed sale and what later documents took back of it. Its
// tenders stand under the kinds they were last mended to.
type Sold struct {
	Sale      Sale
	Returned  map[int]money.Quantity // by line number
	GivenBack map[int]money.Amount   // value returned by line number
	TaxBack   map[int]money.Amount   // tax returned by line number
	Refunded  map[TenderKind]money.Amount
	Rounded   money.Amount // sum of the roundings of its returns
	Voided    bool         // post-voided
}

// A Catalog finds items.
type Catalog interface {
	// Lookup returns the item that a scanned or typed code stands for and how
	// many of it (a case of six is 6 x money.One). ok is false where there is
	// none.
	Lookup(ctx context.Context, code string) (item Item, qty money.Quantity, ok bool, err error)
}

// Staff knows who may sign on. Verify is slow on purpose; the register calls
// it off its own goroutine.
type Staff interface {
	// Verify returns the active operator that the PIN belongs to. With an empty
	// code every operator is tried. A wrong PIN is a WrongPIN error, too many
	// of them PINLocked.
	Verify(ctx context.Context, code, pin string) (Operator, error)
}

// QRMethods builds payment codes that nobody confirms to the till.
type QRMethods interface {
	// Build returns the payload of the named method for exactly amount. ref is
	// the attempt number carried in the code.
	Build(method string, amount money.Amount, ref string) (QRCode, error)
}

// A QRCode is a payment code ready to be shown.
type QRCode struct {
	Kind  TenderKind // qr:SCHEME
	Text  string
	Payee string
	// AmountInCode is false where the customer has to type the amount.
	AmountInCode bool
}

// After is told, without waiting, what a commit left to be done: a print job
// or a drawer pulse is in the ledger and its worker may look.
type After interface{ Kick() }
