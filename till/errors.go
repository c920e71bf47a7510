package till

import (
	"errors"
	"strings"
)

// ErrorCode names a refusal for screens and programs; the screen turns it into
// words in the user's language.
type ErrorCode string

// Refusals. Each says in words, by the screen's table, what happened, what is
// safe and what to do next.
const (
	NotSignedOn       ErrorCode = "not_signed_on"
	WrongPIN          ErrorCode = "wrong_pin"
	PINLocked         ErrorCode = "pin_locked" // too many wrong PINs; Detail: seconds to wait
	NotAllowed        ErrorCode = "not_allowed"
	NeedsApproval     ErrorCode = "needs_approval" // Detail: the permission
	NoShift           ErrorCode = "no_shift"
	ShiftIsOpen       ErrorCode = "shift_open"
	NoSaleOpen        ErrorCode = "no_sale_open"
	SaleIsOpen        ErrorCode = "sale_open"
	SaleHasTenders    ErrorCode = "sale_has_tenders"
	UnknownCode       ErrorCode = "unknown_code" // Detail: the code as scanned
	BadCheckDigit     ErrorCode = "bad_check_digit"
	CodeTooLong       ErrorCode = "code_too_long"
	NotAnItem         ErrorCode = "not_an_item" // a payment code, receipt or staff code; Detail: which
	NoSuchLine        ErrorCode = "no_such_line"
	LineVoided        ErrorCode = "line_voided"
	BadAmount         ErrorCode = "bad_amount"
	BadQuantity       ErrorCode = "bad_quantity"
	BadPrice          ErrorCode = "bad_price"
	PriceZero         ErrorCode = "price_zero"
	LabelUnfit        ErrorCode = "label_unfit" // of a scale: Detail: its item number, not in the catalogue or not sold by weight
	BadElement        ErrorCode = "bad_element" // of a GS1 code: Detail: the element that is not well formed
	WeighLater        ErrorCode = "weigh_later" // scanned while a sale is being paid; Detail: the item
	TooLarge          ErrorCode = "too_large"
	BadDiscount       ErrorCode = "bad_discount"
	ReasonMissing     ErrorCode = "reason_missing"
	ReferenceMissing  ErrorCode = "reference_missing"
	BadPicture        ErrorCode = "bad_picture" // no PNG or JPEG, or too large a one
	UnknownTaxClass   ErrorCode = "unknown_tax_class"
	UnknownTender     ErrorCode = "unknown_tender"
	AboveDue          ErrorCode = "above_due" // Detail: the due
	NothingDue        ErrorCode = "nothing_due"
	TenderedTooLittle ErrorCode = "tendered_too_little"
	TotalNotZero      ErrorCode = "total_not_zero"
	QROpen            ErrorCode = "qr_open" // a payment code is still shown
	NoQR              ErrorCode = "no_qr"
	NoSuchMethod      ErrorCode = "no_such_method"
	NoSuchReceipt     ErrorCode = "no_such_receipt"
	AlreadyVoided     ErrorCode = "already_voided"
	AboveReturnable   ErrorCode = "above_returnable" // Detail: what is left
	RefundNotEqual    ErrorCode = "refund_not_equal" // Detail: what it must sum to
	AboveRefundable   ErrorCode = "above_refundable" // Detail: tender and what is left of it
	NotMendable       ErrorCode = "not_mendable"     // a provider vouches for the tender, it was refunded, or it was rounded
	NoSuchParked      ErrorCode = "no_such_parked"
	TimeBackwards     ErrorCode = "time_backwards"
	DayIsClosed       ErrorCode = "day_closed"
	TotalsDiffer      ErrorCode = "totals_differ" // sums and rows disagree: the close is refused
	CannotSave        ErrorCode = "cannot_save"   // the disk cannot be written: selling stops
	SaveUnknown       ErrorCode = "save_unknown"  // the commit's outcome is being looked up
	NothingToUndo     ErrorCode = "nothing_to_undo"
	UnknownSetting    ErrorCode = "unknown_setting"
	BadSetting        ErrorCode = "bad_setting" // Detail: the key and what it wants
	NoSuchOperator    ErrorCode = "no_such_operator"
	PINTooWeak        ErrorCode = "pin_too_weak"
	PINTaken          ErrorCode = "pin_taken"
	HubWrites         ErrorCode = "hub_writes" // the owner changes it at the hub, for all tills
	DuplicateCode     ErrorCode = "duplicate_code"
	Busy              ErrorCode = "busy"
	NoSuchAttempt     ErrorCode = "no_such_attempt"
	AttemptMoved      ErrorCode = "attempt_moved"    // somebody else changed it meanwhile; Detail: its state
	PaymentOpen       ErrorCode = "payment_open"     // an attempt holds the sale; Detail: its number
	PaymentChecking   ErrorCode = "payment_checking" // nobody knows yet what became of an attempt of the sale; Detail: its number
	NoSuchWallet      ErrorCode = "no_such_wallet"
	WalletOff         ErrorCode = "wallet_off"
	WalletStopped     ErrorCode = "wallet_frozen" // Detail: the wallet
	WalletNotLive     ErrorCode = "wallet_not_live"
	WalletNoWay       ErrorCode = "wallet_no_way"
	WalletLimit       ErrorCode = "wallet_limit" // Detail: the bound it is outside of
	NotAPayCode       ErrorCode = "not_a_pay_code"
	PayCodeMissing    ErrorCode = "pay_code_missing"
	OtherWallet       ErrorCode = "other_wallet" // the code has another wallet's form; Detail: that wallet, or ""
	PayCodeElsewhere  ErrorCode = "pay_code_elsewhere"
	PayCodeEarly      ErrorCode = "pay_code_early" // there is nothing to pay yet
	NotStoppable      ErrorCode = "not_stoppable"  // the attempt has come to its end; Detail: its state
	NotInCash         ErrorCode = "not_in_cash"    // the refund has not failed, or was paid out; Detail: its state
)

// An Error is a refusal: nothing was done.
type Error struct {
	Code   ErrorCode
	Detail string
	Err    error // the cause, where there is one
}

// Error says what was refused, for logs and the command line.
func (e *Error) Error() string {
	s := strings.ReplaceAll(string(e.Code), "_", " ")
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an Error of the same code, so that
// errors.Is(err, &till.Error{Code: till.NoShift}) works.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// CodeOf returns the code of the refusal in err's chain, or "".
func CodeOf(err error) ErrorCode {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func refuse(code ErrorCode) error                    { return &Error{Code: code} }
func refuseWith(code ErrorCode, detail string) error { return &Error{Code: code, Detail: detail} }
