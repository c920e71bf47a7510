package till

import (
	"slices"
	"time"

	"guitai/till/money"
)

// A WalletRefund is money going back through the wallet that took it. Its
// number is fixed when it is planned and kept for every retry, so that the
// provider gives it back once.
type WalletRefund struct {
	Number   string // an AttemptNumber of its own
	Attempt  string // the number of the payment
	Return   ID     // the return it belongs to; zero for one that an override or a late payment caused
	Amount   money.Amount
	Why      string
	State    RefundState
	Reason   Reason
	Said     string // the provider's own code and words, redacted
	Provider string // the provider's refund number, once seen
	Handle   string // what the adapter needs to ask again, never a secret
	Cashier  string
	Shift    int
	Day      BusinessDay
	InCash   bool // it failed, and a RefundMended record paid it out in cash

	PlannedAt, ChangedAt time.Time
}

// RefundState is one of the states of a refund.
type RefundState uint8

// The states. The values are written in ledgers and never change.
const (
	RefundPlanned RefundState = 1 // written down, nothing sent
	RefundSending RefundState = 2 // intent committed, the call may be on its way
	RefundPending RefundState = 3 // accepted, with the provider
	RefundUnknown RefundState = 4 // nobody knows: asked, then sent again under the same number
	RefundDone    RefundState = 5
	RefundFailed  RefundState = 6 // definitely not made: the money must go back another way
)

var refundWords = map[RefundState]string{
	RefundPlanned: "planned", RefundSending: "sending", RefundPending: "pending", RefundUnknown: "unknown", RefundDone: "done", RefundFailed: "failed",
}

// String returns the word used in files.
func (s RefundState) String() string { return refundWords[s] }

// ParseRefundState reads what String writes.
func ParseRefundState(word string) (RefundState, bool) {
	for s, w := range refundWords {
		if w == word {
			return s, true
		}
	}
	return 0, false
}

var refundArrows = map[RefundState][]RefundState{
	RefundPlanned: {RefundSending, RefundFailed},
	RefundSending: {RefundPending, RefundUnknown, RefundDone, RefundFailed},
	RefundPending: {RefundSending, RefundUnknown, RefundDone, RefundFailed},
	RefundUnknown: {RefundSending, RefundPending, RefundDone, RefundFailed},
	// Tried again under the same number, once what stood in its way is gone.
	RefundFailed: {RefundSending},
}

// MayBecome reports whether a refund in state s may move to state t.
func (s RefundState) MayBecome(t RefundState) bool { return slices.Contains(refundArrows[s], t) }

// Open reports whether something is still to be done about the refund.
func (s RefundState) Open() bool { return s != RefundDone && s != RefundFailed }

// Holds reports whether the refund counts against what was paid: everything
// but a refund that was definitely not made.
func (s RefundState) Holds() bool { return s != RefundFailed }
