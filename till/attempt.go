package till

import (
	"slices"
	"time"

	"guitai/till/money"
)

// An Attempt is one try to take one share of a sale through a wallet. Number,
// wallet, amount and currency are fixed when it is planned and never change;
// the state only moves along the arrows of AttemptState.To.
type Attempt struct {
	Number                       string // AttemptNumber: at most 20 capital letters and digits, the key at every provider
	Wallet                       string // the account's name in the settings: alipay, wechatpay, ...
	Mode                         string // live, test or practice
	Sale                         ID     // zero for a payment without a sale (set-up, command line)
	Share                        int    // tender position of the sale, from 1
	Amount                       money.Amount
	Currency                     money.Currency
	Way                          Presentment
	State                        AttemptState
	Reason                       Reason // of the last state
	Said                         string // the provider's own code and words, redacted; small print
	Provider                     string // the provider's transaction number, once seen
	Handle                       string // what the adapter needs to go on (session, order), never a secret
	QR                           string // what the customer scans, while it is shown
	CodeTail                     string // last four characters of a scanned code; the rest is never kept
	CodeMark                     string // Journal.MarkCode of it: the same code shown twice has the same mark
	Cashier                      string // operator code
	Shift                        int
	Day                          BusinessDay
	PlannedAt, ChangedAt, PaidAt time.Time
	// RefundIfPaid is the duty an override leaves behind: money that arrives
	// after it goes back.
	RefundIfPaid bool
	Refunded     money.Amount // proved given back so far
	Booked       bool         // its money is a tender of its sale
	Receipt      int          // of the sale it was booked to, once that is complete
}

// Presentment is who shows the code: EMVCo merchant-presented and
// consumer-presented mode, or a tap on a reader.
type Presentment uint8

// The ways to present.
const (
	Show Presentment = iota // the till shows a code
	Take                    // the till takes the customer's code
	Tap                     // the customer taps or inserts at a reader
)

// String returns the word used in files.
func (p Presentment) String() string {
	switch p {
	case Take:
		return "take"
	case Tap:
		return "tap"
	case Show:
	}
	return "show"
}

// AttemptState is one of the states of a wallet payment (CONTRACTS section 3).
type AttemptState uint8

// The states. The values are written in ledgers and never change.
const (
	Planned        AttemptState = 1  // written down, nothing sent
	Abandoned      AttemptState = 2  // given up before anything was sent
	Sending        AttemptState = 3  // intent committed, the call may be on its way
	Pending        AttemptState = 4  // the provider knows it, the customer must act
	Unknown        AttemptState = 5  // nobody knows; only a query leads out
	Cancelling     AttemptState = 6  // cancel intended, repeated until proved
	Cancelled      AttemptState = 7  // a query proved that nothing was and will be taken
	CancelUnproven AttemptState = 8  // the cancel "worked" on nothing
	Watch          AttemptState = 9  // the sale may go on; asked again on the schedule
	Declined       AttemptState = 10 // a definite refusal
	PaidFor        AttemptState = 11 // verified: number, amount, currency, merchant, signature
	LatePaid       AttemptState = 12 // money arrived after it was given up
	RefundDue      AttemptState = 13 // a journaled refund must be made
	Attention      AttemptState = 14 // a person must look
)

var attemptWords = map[AttemptState]string{
	Planned: "planned", Abandoned: "abandoned", Sending: "sending", Pending: "pending", Unknown: "unknown",
	Cancelling: "cancelling", Cancelled: "cancelled", CancelUnproven: "cancel_unproven", Watch: "watch",
	Declined: "declined", PaidFor: "paid", LatePaid: "late_paid", RefundDue: "refund_due", Attention: "attention",
}

// String returns the word used in files.
func (s AttemptState) String() string { return attemptWords[s] }

// ParseAttemptState reads what String writes.
func ParseAttemptState(word string) (AttemptState, bool) {
	for s, w := range attemptWords {
		if w == word {
			return s, true
		}
	}
	return 0, false
}

var attemptArrows = map[AttemptState][]AttemptState{
	Planned:        {Sending, Abandoned},
	Sending:        {Pending, PaidFor, Declined, Unknown, Cancelling, Watch, Attention},
	Pending:        {PaidFor, Declined, Cancelled, Unknown, Cancelling, Watch, Attention},
	Unknown:        {Pending, PaidFor, Declined, Cancelled, Cancelling, Watch, Attention},
	Cancelling:     {Cancelled, PaidFor, CancelUnproven, Watch, Attention},
	CancelUnproven: {Watch, PaidFor, LatePaid, Cancelled, Attention},
	Watch:          {Cancelled, PaidFor, LatePaid, Declined, Attention},
	// What was proved can still be contradicted by the provider's bill.
	Cancelled: {LatePaid, Attention},
	Declined:  {LatePaid, Attention},
	LatePaid:  {PaidFor, RefundDue, Attention},
	PaidFor:   {RefundDue, Attention},
	RefundDue: {PaidFor, Attention},
	Attention: {PaidFor, Cancelled, Declined, LatePaid, RefundDue, Watch},
}

// MayBecome reports whether an attempt in state s may move to state t.
func (s AttemptState) MayBecome(t AttemptState) bool { return slices.Contains(attemptArrows[s], t) }

// Live reports whether the attempt holds its share of the sale: no other
// attempt and no other tender may take that money while it does.
func (s AttemptState) Live() bool {
	switch s {
	case Planned, Sending, Pending, Unknown, Cancelling, CancelUnproven:
		return true
	}
	return false
}

// Holds reports whether the attempt locks its part of the sale: while it is
// live, and while a person must find out what it took. An override ends both.
func (a *Attempt) Holds() bool {
	return a.State.Live() || a.State == Attention && !a.RefundIfPaid && !a.Booked && a.Refunded == 0
}

// Open reports whether something is still to be done about the attempt.
func (s AttemptState) Open() bool {
	switch s {
	case Abandoned, Cancelled, Declined, PaidFor:
		return false
	}
	return true
}

// Reason is the normalised reason of a state, for words on screen and for the
// counts of the reports. The provider's own code stands in Attempt.Said.
type Reason string

// The reasons.
const (
	ReasonNone       Reason = ""
	CodeExpired      Reason = "code_expired"       // the customer's code is old or was used
	CodeInvalid      Reason = "code_invalid"       // no payment code of this wallet
	NotEnough        Reason = "not_enough"         // balance too small
	OverLimit        Reason = "over_limit"         // a limit of the wallet or the bank
	RiskRefused      Reason = "risk_refused"       // the provider's risk control
	PayerRefused     Reason = "payer_refused"      // the customer cancelled
	PayerBlocked     Reason = "payer_blocked"      // the payer's account or card cannot pay
	PasswordAsked    Reason = "password_asked"     // the customer is typing a password
	TimedOut         Reason = "timed_out"          // nobody paid in time
	StoppedByCashier Reason = "stopped"            // reversed at the till
	NoNetwork        Reason = "no_network"         // the provider could not be reached
	ProviderDown     Reason = "provider_down"      // 5xx, system error
	NotVerified      Reason = "not_verified"       // an answer with no or a wrong signature
	NotUnderstood    Reason = "not_understood"     // an answer that cannot be read
	SetUpWrong       Reason = "set_up_wrong"       // key, certificate, merchant number, permission
	ClockWrong       Reason = "clock_wrong"        // this machine's clock is too far off
	AmountDiffers    Reason = "amount_differs"     // the provider states another amount
	NumberReused     Reason = "number_reused"      // the number belongs to another payment
	WalletFrozen     Reason = "frozen"             // frozen at this till
	Overridden       Reason = "overridden"         // a manager let the sale go on
	AmountNotAllowed Reason = "amount_not_allowed" // zero, or outside the wallet's limits
	SellerBalance    Reason = "seller_balance"     // a refund the merchant's balance does not cover
	NotRefundable    Reason = "not_refundable"     // too late, or not by contract
	ReaderNotReady   Reason = "reader_not_ready"   // the card reader is busy, off or out of reach
	RecoverFirst     Reason = "recover_first"      // an earlier payment on the card terminal is not settled
	TerminalDoubt    Reason = "terminal_doubt"     // the card terminal says what cannot be matched with the payment
	CardRefused      Reason = "card_refused"       // the card or its bank said no at the terminal
	NotBooked        Reason = "not_booked"         // the card terminal, asked afterwards, had taken nothing
	ByPerson         Reason = "by_person"          // a person who looked at the card terminal ended it
	AbsentFromBill   Reason = "absent_from_bill"   // the provider's complete bill does not have it
	OtherReason      Reason = "other"
)
