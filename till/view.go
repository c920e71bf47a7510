package till

import (
	"time"

	"guitai/till/money"
)

// A View is what the till shows at one moment: a value of its own that nobody
// changes afterwards, so that any window may read it on its own goroutine.
type View struct {
	Seq      uint64 // grows by one with every view
	Settings Settings
	Practice bool
	Stopped  ErrorCode // CannotSave or SaveUnknown: selling has stopped; "" while all is well

	Operator  *Operator // nil: signed off
	Operators []Operator
	Shift     *Shift // nil: no shift is open
	DayClosed bool
	LastDay   BusinessDay

	Sale     *Sale // the open basket; nil where it has no line yet
	Due      money.Amount
	CashDue  money.Amount
	Parked   []Parked
	QR       *ShownQR // the payment code on the customer's screen
	QRTyped  bool     // the customer has to type the amount
	CanUndo  bool
	LastLine int // the line the last act touched; 0 for none

	// Wallet payments. Attempt is that of the sale on the screen: the one that
	// holds it, or until the next act the one that ended without money.
	Attempt  *Attempt
	Attempts []Attempt       // open ones, and the ended ones of open sales; oldest first
	Refunds  []WalletRefund  // open and failed ones, and those of Done; oldest first
	Wallets  []WalletAccount // in their order; Why says what keeps one from being used now
	Frozen   []WalletFreeze
	Terminal string    // the card terminal that the till drives; "" for none
	Held     *HeldCode // a customer's code that waits for a decision

	Done     *Done // the sale or return just completed, until the next act
	Approval *Approval
	Closed   *ZReported // the Z just made, until the next act
	Notice   *Notice
	Next     int // the receipt number the next document takes
}

// Done is a completed sale or return.
type Done struct {
	Sale   *Sale
	Return *Return
	Change money.Amount
}

// HeldCode is a customer's code that was scanned and not charged. The code
// itself stays with the register.
type HeldCode struct {
	Wallet string // suggested by its form
	Sure   bool   // the wallet's provider documents the form
	Tail   string // its last four characters
	Until  time.Time
}

// Approval is an act that waits for another person's PIN.
type Approval struct {
	Permission Permission
	Act        string // journal name of the act: discount_sale, return ...
	Amount     money.Amount
	Wrong      bool // the last PIN was wrong
	Checking   bool // a PIN is being checked
}

// A Notice is the answer to the last command, for a person.
type Notice struct {
	Seq    uint64 // differs between two notices of the same words
	Kind   NoticeKind
	Code   ErrorCode // of a refusal; or one of the notice words below
	Detail string
	At     time.Time
	Aside  *Aside // of NoteAside
}

// NoticeKind is how a notice looks and sounds.
type NoticeKind uint8

// The kinds of notice.
const (
	Info NoticeKind = iota
	Added
	Refused
	Paid
)

// Words of notices that are no refusals; Detail names the thing.
const (
	NoteAdded     ErrorCode = "added"
	NoteAside     ErrorCode = "aside"   // Detail: the item that went to a parked sale
	NoteExpired   ErrorCode = "expired" // added, and its code says that its time is over; Detail: the date, a space, the item
	NoteVoided    ErrorCode = "voided"
	NoteUndone    ErrorCode = "undone"
	NoteParked    ErrorCode = "parked"
	NoteRecalled  ErrorCode = "recalled"
	NoteCancelled ErrorCode = "cancelled"
	NotePaid      ErrorCode = "paid"
	NoteReprinted ErrorCode = "reprinted"
	NoteOpened    ErrorCode = "drawer_opened"
	NoteMoved     ErrorCode = "cash_moved"
	NoteSaved     ErrorCode = "saved"
	NoteReturned  ErrorCode = "returned"
)

// Words of notices about wallet payments. Those of a refusal's kind tell of
// something that failed without anybody's doing.
const (
	NoteFoundPaid    ErrorCode = "found_paid"     // Detail: the receipt and the amount
	NoteHalfPaid     ErrorCode = "found_part"     // a parked sale got a part of its money; Detail: the amount
	NoteMoneyBack    ErrorCode = "money_back"     // money that came too late goes back; Detail: the amount
	NotePayFailed    ErrorCode = "pay_failed"     // Detail: the reason
	NoteOverridden   ErrorCode = "overridden"     // Detail: the number
	NoteFrozen       ErrorCode = "frozen"         // Detail: the wallet, or ""
	NoteReleased     ErrorCode = "released"       // Detail: the wallet, or ""
	NoteRefundFailed ErrorCode = "refund_failed"  // Detail: the amount
	NoteRefundCash   ErrorCode = "refund_in_cash" // Detail: the amount
)
