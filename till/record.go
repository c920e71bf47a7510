package till

import (
	"fmt"
	"time"

	"guitai/till/money"
)

// A Record is one fact of the journal: a whole document, never edited.
type Record interface {
	Kind() RecordKind
	code(*coder)
}

// RecordKind numbers the kinds of record. The numbers are on disk for ever.
type RecordKind uint8

// The kinds of record.
const (
	KindFounded       RecordKind = 1
	KindSaleCompleted RecordKind = 2
	KindSaleCancelled RecordKind = 3
	KindReturned      RecordKind = 4
	KindCashMoved     RecordKind = 5
	KindShiftOpened   RecordKind = 6
	KindShiftClosed   RecordKind = 7
	KindZReported     RecordKind = 8
	KindDayClosed     RecordKind = 9
	KindApproved      RecordKind = 10
	KindSettingSet    RecordKind = 11
	KindItemSaved     RecordKind = 12
	KindItemsImported RecordKind = 13
	KindSignedOn      RecordKind = 14
	KindSignedOff     RecordKind = 15
	KindSignOnRefused RecordKind = 16
	KindStarted       RecordKind = 17
	KindStopped       RecordKind = 18
	KindBackedUp      RecordKind = 19
	KindRestored      RecordKind = 20
	KindReprinted     RecordKind = 21
	KindStaffSaved    RecordKind = 22
	KindExported      RecordKind = 23
	KindTenderMended  RecordKind = 24

	KindPaymentOverridden RecordKind = 25
	KindRefundMended      RecordKind = 26
	KindPaymentFound      RecordKind = 27
	KindPaymentReturned   RecordKind = 28
	KindPaymentTaken      RecordKind = 29

	KindCashDeposited   RecordKind = 30
	KindDepositCredited RecordKind = 31
	KindSafeCounted     RecordKind = 32
	KindLeftOpen        RecordKind = 33
)

// Entry is a record with what every record carries.
type Entry struct {
	At         time.Time // business time of the act
	Recorded   time.Time // clock time of the recording; differs from At only when replayed
	Operator   string    // operator code; empty before anyone signed on
	ApprovedBy string
	Shift      int // 0 outside a shift
	Day        BusinessDay
	Replayed   bool
	Record     Record
}

const entryVersion = 1

// Encode returns the entry's canonical bytes: what the chain hashes.
func (e *Entry) Encode() []byte {
	kind := e.Record.Kind()
	c := coder{enc: true, b: append(make([]byte, 0, 512), entryVersion, byte(kind))}
	e.code(&c)
	e.Record.code(&c)
	return c.b
}

func (e *Entry) code(c *coder) {
	instant(c, &e.At)
	instant(c, &e.Recorded)
	text(c, &e.Operator)
	text(c, &e.ApprovedBy)
	integer(c, &e.Shift)
	integer(c, &e.Day)
	flag(c, &e.Replayed)
}

// DecodeEntry reads what Encode writes. Damaged bytes are ErrCorrupt.
func DecodeEntry(b []byte) (Entry, error) {
	if len(b) < 2 || b[0] != entryVersion {
		return Entry{}, fmt.Errorf("entry: %w", ErrCorrupt)
	}
	r := newRecord(RecordKind(b[1]))
	if r == nil {
		return Entry{}, fmt.Errorf("entry of unknown kind %d: %w", b[1], ErrCorrupt)
	}
	c := coder{b: b[2:]}
	e := Entry{Record: r}
	e.code(&c)
	r.code(&c)
	if c.err == nil && len(c.b) != 0 {
		c.fail()
	}
	if c.err != nil {
		return Entry{}, fmt.Errorf("entry of kind %d: %w", b[1], c.err)
	}
	return e, nil
}

func newRecord(k RecordKind) Record {
	switch k {
	case KindFounded:
		return new(Founded)
	case KindSaleCompleted:
		return new(SaleCompleted)
	case KindSaleCancelled:
		return new(SaleCancelled)
	case KindReturned:
		return new(Returned)
	case KindCashMoved:
		return new(CashMoved)
	case KindShiftOpened:
		return new(ShiftOpened)
	case KindShiftClosed:
		return new(ShiftClosed)
	case KindZReported:
		return new(ZReported)
	case KindDayClosed:
		return new(DayClosed)
	case KindApproved:
		return new(Approved)
	case KindSettingSet:
		return new(SettingSet)
	case KindItemSaved:
		return new(ItemSaved)
	case KindItemsImported:
		return new(ItemsImported)
	case KindSignedOn:
		return new(SignedOn)
	case KindSignedOff:
		return new(SignedOff)
	case KindSignOnRefused:
		return new(SignOnRefused)
	case KindStarted:
		return new(Started)
	case KindStopped:
		return new(Stopped)
	case KindBackedUp:
		return new(BackedUp)
	case KindRestored:
		return new(Restored)
	case KindReprinted:
		return new(Reprinted)
	case KindStaffSaved:
		return new(StaffSaved)
	case KindExported:
		return new(Exported)
	case KindTenderMended:
		return new(TenderMended)
	case KindPaymentFound:
		return new(PaymentFound)
	case KindPaymentReturned:
		return new(PaymentReturned)
	case KindPaymentTaken:
		return new(PaymentTaken)
	case KindCashDeposited:
		return new(CashDeposited)
	case KindDepositCredited:
		return new(DepositCredited)
	case KindSafeCounted:
		return new(SafeCounted)
	case KindPaymentOverridden:
		return new(PaymentOverridden)
	case KindRefundMended:
		return new(RefundMended)
	case KindLeftOpen:
		return new(LeftOpen)
	}
	return nil
}

// Founded is the first record of a ledger.
type Founded struct {
	Till     string // the till's code, as 1
	Epoch    string // new at every founding and restore; part of attempt numbers
	Currency string
	Settings []Setting
}

// SaleCompleted is a paid sale with its removed lines.
type SaleCompleted struct{ Sale Sale }

// SaleCancelled is an open sale that was given up.
type SaleCancelled struct {
	Sale   Sale
	Reason string
}

// Returned is goods brought back, or the post-void of a whole sale.
type Returned struct{ Return Return }

// A Return is lines of an earlier sale, or goods without a receipt, taken
// back, and what was given for them.
type Return struct {
	ID       ID
	Receipt  int // its own receipt number
	Of       int // the receipt number of the sale; 0 without a receipt
	OfSale   ID
	PostVoid bool // undoes the whole sale
	Lines    []ReturnLine
	Value    money.Amount // sum of the lines' Paid
	// Rounding is Value less the sum of Refunds: what cash rounding kept
	// (positive) or gave (negative).
	Rounding money.Amount
	Refunds  []Tender // amounts are positive
	Reason   string
}

// A ReturnLine is one line taken back; amounts are positive.
type ReturnLine struct {
	N        int
	Of       int // line number in the sale; 0 without a receipt
	Item     ID
	Code     string
	Name     string
	NameEN   string
	Unit     string
	Category string
	Weighed  bool
	Qty      money.Quantity
	Tax      TaxClass
	Base     money.Amount // Paid less TaxAdded
	TaxIn    money.Amount
	TaxAdded money.Amount
	Paid     money.Amount // what the line is worth
}

// CashMoved is cash into or out of the drawer without a sale, or the drawer
// opened for none.
type CashMoved struct {
	ID       ID
	Movement CashKind
	Amount   money.Amount // unsigned
	Reason   string
}

// ShiftOpened starts a shift.
type ShiftOpened struct{ Opened Shift }

// ShiftClosed ends a shift with its count.
type ShiftClosed struct {
	No        int
	Count     Count
	Counted   money.Amount
	Expected  money.Amount
	OverShort money.Amount // Counted - Expected
	Reason    string
	Open      int // sales still parked, carried over
}

// ZReported is the numbered report made by closing a shift.
type ZReported struct {
	No         int
	Totals     ShiftTotals
	Taxes      []TaxTotal
	Counted    money.Amount
	GrandTotal money.Amount // never-reset total of net sales on this till
	Head       string       // hash of the record before, in hexadecimal
	Schema     string       // digest of the ledger's own rules, in hexadecimal
}

// TaxTotal is one rate's part of a period.
type TaxTotal struct {
	Class   TaxClass
	Taxable money.Amount // without the tax, after refunds
	Tax     money.Amount
}

// DayClosed ends a business day; nothing more is booked on it.
type DayClosed struct{ Closed BusinessDay }

// Approved is one act that a second person allowed.
type Approved struct {
	Permission Permission
	Act        string // what was allowed, as the journal names it
	For        string // operator code of the person who asked
}

// SettingSet is a setting that changes what the till does.
type SettingSet struct{ Key, Old, New string }

// A Setting is one key and its value.
type Setting struct{ Key, Value string }

// ItemSaved is an item added or changed.
type ItemSaved struct {
	Item     Item
	New      bool
	OldPrice money.UnitPrice
}

// ItemsImported is one import of a file of items.
type ItemsImported struct {
	File                  string // base name only
	Added, Changed, Aside int
}

// SignedOn is a person at the till.
type SignedOn struct{ Role Role }

// SignedOff is a person leaving the till, or locking it.
type SignedOff struct{}

// SignOnRefused is a wrong PIN.
type SignOnRefused struct{ Tried string }

// Started is the program opening the ledger.
type Started struct{ Version, Schema string }

// Stopped is the program closing the ledger in order.
type Stopped struct{}

// BackedUp is a verified copy of the ledger.
type BackedUp struct {
	Path  string
	Bytes int64
	Seq   int64 // last record in the copy
}

// Restored is a ledger taken up again from a copy.
type Restored struct {
	Path  string
	Seq   int64
	Epoch string
}

// Reprinted is a further copy of a receipt.
type Reprinted struct{ Receipt, Copy int }

// StaffSaved is an operator added or changed; PINs are never in the journal.
type StaffSaved struct {
	Who    Operator
	NewPIN bool
}

// Exported is data leaving the till as a file.
type Exported struct{ What string }

// TenderMended corrects a tender that was booked under the wrong kind. The
// sale's document stays as it is; the amount moves from one kind to the other
// in the shift that mends it.
type TenderMended struct {
	ID      ID
	Receipt int
	Share   int // number of the tender within the sale
	From    TenderKind
	To      TenderKind
	Amount  money.Amount
	Ref     string
	Reason  string
}

// PaymentOverridden is a sale going on without a payment attempt of which
// nobody knows the outcome. Money that still comes goes back.
type PaymentOverridden struct {
	Number string // of the attempt
	Wallet string
	Sale   ID
	Share  int
	Amount money.Amount
	State  AttemptState // as the person saw it
	Reason string
}

// RefundMended is a wallet's refund that was definitely not made, paid out in
// cash instead. The return's document stays as it is; the amount moves from one
// kind's refunds to the other's in the shift that pays it out. Without a return
// it was no tender's money, and a CashMoved beside this record pays it out. A
// refund has one such record at most, and counts as given back from then on.
type RefundMended struct {
	ID     ID
	Number string // of the refund
	Return ID     // zero for money that came after its sale had gone on
	Sale   ID
	From   TenderKind
	To     TenderKind
	Amount money.Amount
}
