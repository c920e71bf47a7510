package till

import (
	"time"

	"guitai/till/money"
)

// A WalletTotal is what became of the attempts of a range of days through one
// wallet. Those in another mode than live stand by themselves. Attempts counts
// all that were sent: Paid, Declined, Cancelled, Unknown and Watch sum to it.
type WalletTotal struct {
	Wallet, Mode                                          string
	Attempts, Paid, Declined, Cancelled, Unknown, Watched int
	Reasons                                               []ReasonCount // of those not paid, most frequent first
	Seconds                                               PayTimes
}

// ReasonCount is how often attempts ended for a reason.
type ReasonCount struct {
	Reason Reason
	Count  int
}

// PayTimes are the times from planning an attempt to knowing that it is paid,
// without those that came late.
type PayTimes struct{ Median, P90, Most time.Duration }

// A FailureCount is how many attempts that were not paid share a wallet, a
// reason, an hour of the local clock and a cashier.
type FailureCount struct {
	Wallet  string
	Reason  Reason
	Hour    int
	Cashier string
	Count   int
	Saved   int          // of them, those whose sale was completed all the same
	Lost    money.Amount // of those whose sale was not
}

// A WalletHealth is how the latest attempts through a wallet went.
type WalletHealth struct {
	Wallet   string
	Ended    int // attempts looked at: those that have ended, or of which nothing is known
	Paid     int
	Faults   int       // not for a reason of the customer's: network, provider, set-up, nothing known
	LastPaid time.Time // zero where none of them was paid
}

// Share is the part that was paid, of one; 1 where there is nothing to go by.
func (h *WalletHealth) Share() float64 {
	if h.Ended == 0 {
		return 1
	}
	return float64(h.Paid) / float64(h.Ended)
}

// Fault reports whether the reason is one of the network, the provider or the
// set-up, and not one of the customer's.
func (r Reason) Fault() bool {
	switch r {
	case NoNetwork, ProviderDown, NotVerified, NotUnderstood, SetUpWrong, ClockWrong, AmountDiffers, NumberReused, ReaderNotReady:
		return true
	}
	return false
}

// CaseKind is why a payment waits for somebody.
type CaseKind string

// The kinds of case.
const (
	CaseUnknown      CaseKind = "unknown"       // nobody knows whether it was paid
	CaseWatch        CaseKind = "watch"         // given up, and asked about on the schedule
	CaseLate         CaseKind = "late"          // paid after it was given up, and not settled yet
	CaseUnbooked     CaseKind = "unbooked"      // paid and no tender of its sale yet
	CaseRefundDue    CaseKind = "refund_due"    // must go back
	CaseRefundFailed CaseKind = "refund_failed" // did not go back: another way must be found
	CaseAttention    CaseKind = "attention"     // a person must look
)

// A PaymentCase is one payment that waits for somebody, with what it is about.
type PaymentCase struct {
	Kind    CaseKind
	Attempt Attempt
	Refund  *WalletRefund // of CaseRefundFailed
	Amount  money.Amount  // still open
	Since   time.Time
}

// A PaymentStep is one step of a payment in the story of a receipt: that it was
// planned, or one of Move, Call, Refund (planned) and RefundMove, which comes
// with its Refund. It is read from rows and never part of the journal.
type PaymentStep struct {
	Attempt    Attempt
	Move       *AttemptMove
	Call       *WalletCall
	Refund     *WalletRefund
	RefundMove *RefundMove
}

// kindNone is of what is never in the journal.
const kindNone RecordKind = 0

// Kind is none.
func (*PaymentStep) Kind() RecordKind { return kindNone }

func (*PaymentStep) code(c *coder) { c.fail() }
