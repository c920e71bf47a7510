package till

import (
	"time"

	"guitai/till/money"
)

// An AttemptMove changes an attempt's state, or what is known of it while the
// state stays. Empty fields leave what is there.
type AttemptMove struct {
	From         AttemptState // as kept; not asked when moving
	To           AttemptState
	At           time.Time
	Verdict      string // of the answer that led here, as the wallet room names it; "" for an act
	Reason       Reason // replaces the last one, also where it is empty
	Said         string
	Provider     string
	Handle       string
	QR           string
	PaidAt       time.Time
	By           string       // operator code, of an act
	Note         string       // why, of an act
	RefundIfPaid bool         // true sets the duty
	Returned     money.Amount // given back by the provider itself, in a cancel
}

// A RefundMove changes a refund's state. Empty fields leave what is there.
type RefundMove struct {
	From     RefundState // as kept; not asked when moving
	To       RefundState
	At       time.Time
	Verdict  string
	Reason   Reason
	Said     string
	Provider string
	Handle   string
}

// A WalletCall is one call to a provider as it is kept: redacted.
type WalletCall struct {
	Wallet   string
	Kind     string // start, query, cancel, refund ...
	Number   string // of the attempt, or of the refund
	Method   string
	URL      string // without its query
	Hash     string // SHA-256 of the request's body, in hexadecimal
	Asked    string // the request's body, redacted
	Began    time.Time
	Ended    time.Time // zero while the answer is outstanding
	Status   int       // of HTTP; 0 where no answer came
	Answered string    // the answer's body, redacted
	Fault    string    // why no answer came
}

// A Booking makes the money of a paid attempt a tender of its sale. The tender
// is in the same Tx: with Evidence ByProvider and the attempt's number as the
// start of its Ref.
type Booking struct {
	Number string
	Share  int
}

// Wallets carries out what the register decides about payments that a provider
// confirms. Its methods return at once; what comes of them arrives as an
// AttemptChanged or RefundChanged command, once it is in the ledger.
type Wallets interface {
	// Start sends a planned attempt, with the customer's code where it takes one.
	Start(a Attempt, code string)
	// Check asks the provider now.
	Check(number string)
	// Stop reverses: it asks, cancels, and asks again until that is proved.
	Stop(number string)
	// Override lets the sale go on without the attempt, which is watched, closed
	// if it can be, and given back if it turns out paid.
	Override(number, by, reason string)
	// End ends an attempt on the word of a person: no provider is asked about it
	// any more.
	End(number, by, reason string)
	// EndRefund ends a refund of which nobody knows so: it was made, or not.
	EndRefund(number string, made bool, by, reason string)
	// Aside slows the asking down while the attempt is not on the screen.
	Aside(number string, aside bool)
	// Refund sends a planned refund.
	Refund(r WalletRefund)
}

// An AttemptFilter picks attempts; zero fields pick all.
type AttemptFilter struct {
	From, To BusinessDay // both included
	Wallet   string
	Mode     string
	Sale     ID
	States   []AttemptState
	CodeMark string // of a customer's code
	Open     bool   // only those about which something is still to be done
	Limit    int    // 0: 200
}
