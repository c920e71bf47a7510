package till

import (
	"time"

	"guitai/till/money"
)

// A Command is one thing a person, a device or a file asks of the register.
type Command interface{ command() }

// An Act is a command with what surrounds it when it does not come from the
// window: its own business time and the person who approved it.
type Act struct {
	Command    Command
	At         time.Time // zero: now
	ApprovedBy string    // operator code of an owner or manager
	Replayed   bool      // under the owner's authority, marked as replayed
}

// Commands that change the basket.
type (
	// Scan adds the item that a code stands for. Qty zero is one. Merge adds to
	// the line before it where that is the same item, untouched. Where the sale
	// on the screen is being paid, the item goes to the next parked sale; Paying
	// says so of one that has no tender yet. A customer's payment code is charged
	// or held on the pages for selling and paying, and refused Elsewhere.
	Scan struct {
		Code      string
		Qty       money.Quantity
		Merge     bool
		Paying    bool
		Elsewhere bool
	}
	// AddItem adds a catalogue item picked from a tile or the search. Scanned is
	// one that a scan has led to, which may go to a parked sale as those do.
	AddItem struct {
		Item    Item
		Qty     money.Quantity
		Merge   bool
		Scanned bool
	}
	// AddTyped adds goods that are not in the catalogue; Scanned as in AddItem.
	AddTyped struct {
		Name, NameEN, Code string
		Price              money.UnitPrice
		Qty                money.Quantity
		Tax, Category      string
		Scanned            bool
	}
	// SetQty changes the quantity of a line.
	SetQty struct {
		Line int
		Qty  money.Quantity
	}
	// Override changes the unit price of a line.
	Override struct {
		Line   int
		Price  money.UnitPrice
		Reason string
	}
	// DiscountLine takes an amount or a percentage off a line; the zero
	// discount removes it.
	DiscountLine struct {
		Line     int
		Discount Discount
	}
	// DiscountSale takes an amount or a percentage off the whole sale.
	DiscountSale struct{ Discount Discount }
	// VoidLine takes a line off; it stays on record.
	VoidLine struct{ Line int }
	// RoundDown cuts the cash due down to a multiple of To (抹零); 0 undoes it.
	RoundDown struct{ To money.Amount }
	// Undo takes back the last act on the basket.
	Undo struct{}
	// UndoAside takes back what a scan put into a parked sale; see Aside.
	UndoAside struct {
		Sale ID
		Line int
		Qty  money.Quantity
	}
	// Park puts the sale aside.
	Park struct{}
	// Recall takes up a parked sale: by its sale id, else by its number in the shift.
	Recall struct {
		Sale ID
		N    int
	}
	// CancelSale gives the open sale up.
	CancelSale struct{ Reason string }
)

// Commands that settle.
type (
	// PayCash takes cash. Amount zero keeps what is due, or all of Tendered
	// where that is less; Tendered zero is Amount.
	PayCash struct{ Amount, Tendered money.Amount }
	// Pay takes a tender other than cash. Amount zero is all that is due.
	Pay struct {
		Kind   TenderKind
		Amount money.Amount
		Ref    string
		// Foreign cash: the rate in millionths of a ledger unit per foreign unit,
		// and what was handed over in foreign minor units; one of Amount and
		// ForeignAmount follows from the other.
		Rate          int64
		ForeignAmount money.Amount
	}
	// TakeBack takes back the last tender, where that is cash.
	TakeBack struct{}
	// ShowQR shows a payment code that nobody confirms to the till.
	ShowQR struct {
		Method string
		Amount money.Amount // zero: all that is due
	}
	// ConfirmQR books the shown code as received, on a person's word.
	ConfirmQR struct{ Ref string }
	// AbandonQR stops showing the code.
	AbandonQR struct{}
	// NextSale leaves the result of the last sale.
	NextSale struct{}
)

// Commands on completed sales and the drawer.
type (
	// TakeReturn takes goods back, against a receipt or without one.
	TakeReturn struct {
		Receipt int // 0: without a receipt, with Items
		Lines   []ReturnOf
		Items   []AddTyped
		// Refunds in order; with none the register fills the original tenders.
		Refunds []Refund
		Reason  string
	}
	// ReturnOf is a line of the receipt and how much of it comes back.
	ReturnOf struct {
		Line int
		Qty  money.Quantity
	}
	// Refund is money given back through one tender kind.
	Refund struct {
		Kind   TenderKind
		Amount money.Amount
		Ref    string
	}
	// PostVoid undoes a whole completed sale.
	PostVoid struct {
		Receipt int
		Reason  string
	}
	// MendTender books a tender of a completed sale under the kind it should
	// have had.
	MendTender struct {
		Receipt int
		Share   int // number of the tender within the sale
		Kind    TenderKind
		Ref     string
		Reason  string
	}
	// MoveCash moves cash without a sale, or opens the drawer (NoSale).
	MoveCash struct {
		Kind   CashKind
		Amount money.Amount
		Reason string
	}
	// Reprint prints a further copy of a receipt, marked as one.
	Reprint struct{ Receipt int } // 0: the last one
	// PrintQR prints the shown payment code.
	PrintQR struct{}
	// PrintX prints the totals so far; it changes nothing.
	PrintX struct{}
)

// Commands about people, shifts and settings.
type (
	// SignOn signs a person on by PIN; the code may be empty.
	SignOn struct{ Code, PIN string }
	// SignOff locks the till; the basket stays.
	SignOff struct{}
	// Approve answers a NeedsApproval refusal with another person's PIN. It
	// covers the one act that was refused.
	Approve struct{ PIN string }
	// DropApproval gives the refused act up.
	DropApproval struct{}
	// OpenShift opens a shift with its float. Operator is used where nobody is
	// signed on (replay).
	OpenShift struct {
		Float    money.Amount
		Operator string
	}
	// CloseShift counts the drawer and closes the shift with its Z.
	CloseShift struct {
		Count  Count
		Reason string
	}
	// CloseDay closes the business day of the last shift.
	CloseDay struct{}
	// SetSetting changes settings, all or none.
	SetSetting struct{ Settings []Setting }
	// Reload takes up operators that were changed in the ledger, and the taxes,
	// where any are given.
	Reload struct {
		Operators []Operator
		Taxes     []TaxClass
	}
)

// verified is the answer of Staff.Verify to a sign-on or an approval.
type verified struct {
	who  Operator
	err  error
	act  *Act // the act to be approved; nil for a sign-on
	code string
}

func (Scan) command()         {}
func (AddItem) command()      {}
func (AddTyped) command()     {}
func (SetQty) command()       {}
func (Override) command()     {}
func (DiscountLine) command() {}
func (DiscountSale) command() {}
func (VoidLine) command()     {}
func (RoundDown) command()    {}
func (Undo) command()         {}
func (UndoAside) command()    {}
func (Park) command()         {}
func (Recall) command()       {}
func (CancelSale) command()   {}
func (PayCash) command()      {}
func (Pay) command()          {}
func (TakeBack) command()     {}
func (ShowQR) command()       {}
func (ConfirmQR) command()    {}
func (AbandonQR) command()    {}
func (NextSale) command()     {}
func (TakeReturn) command()   {}
func (PostVoid) command()     {}
func (MendTender) command()   {}
func (MoveCash) command()     {}
func (Reprint) command()      {}
func (PrintQR) command()      {}
func (PrintX) command()       {}
func (SignOn) command()       {}
func (SignOff) command()      {}
func (Approve) command()      {}
func (DropApproval) command() {}
func (OpenShift) command()    {}
func (CloseShift) command()   {}
func (CloseDay) command()     {}
func (SetSetting) command()   {}
func (Reload) command()       {}
func (verified) command()     {}
