package wallet

import (
	"time"

	"guitai/till"
)

// asked is which call an answer is to.
type asked uint8

const (
	started       asked = iota // Start
	queried                    // Query
	cancelled                  // Cancel itself
	queriedCancel              // Query after a Cancel that was taken
)

// clockSlack is how much earlier than our own clock says a provider may date a
// payment that is really ours (wallets reference, section 10.5).
const clockSlack = 10 * time.Minute

// judge says where an answer leads an attempt: the state to move to, which may
// be the one it is in, and the reason. unclears counts the answers before this
// one that said nothing.
//
// The rules are section 10.3 and 10.4 of the wallets reference: only proof ends
// an attempt, a cancel's own answer is none unless the adapter says Closed, and
// silence is never a refusal.
func judge(a *till.Attempt, ans Answer, to asked, unclears int) (till.AttemptState, till.Reason) {
	s := a.State
	givenUp := false
	switch s {
	case till.Cancelled, till.Declined:
		// Only money contradicts what was proved.
		if ans.Verdict != Done || to == cancelled {
			return s, a.Reason
		}
		givenUp = true
	case till.CancelUnproven, till.Watch:
		givenUp = true
	case till.Sending, till.Pending, till.Unknown, till.Cancelling:
	default:
		return s, a.Reason
	}
	switch ans.Verdict {
	case Done:
		if to == cancelled {
			return s, ans.Reason // the query that follows says what is true
		}
		switch {
		case ans.Amount != a.Amount || ans.Currency != "" && ans.Currency != a.Currency.Code:
			return till.Attention, till.AmountDiffers
		case ans.Number != "" && ans.Number != a.Number,
			!ans.PaidAt.IsZero() && ans.PaidAt.Before(a.PlannedAt.Add(-clockSlack)):
			return till.Attention, till.NumberReused
		case givenUp:
			return till.LatePaid, till.ReasonNone
		}
		return till.PaidFor, till.ReasonNone
	case Returned:
		if s == till.Sending {
			return till.Unknown, ans.Reason
		}
		return till.Cancelled, or(ans.Reason, a.Reason)
	case Refused:
		switch {
		case to == cancelled:
			return s, ans.Reason
		case s == till.Cancelling:
			return till.Cancelled, or(a.Reason, ans.Reason)
		case s == till.CancelUnproven:
			return till.Watch, ans.Reason
		}
		return till.Declined, or(ans.Reason, till.OtherReason)
	case Closed:
		if s == till.Sending {
			return till.Declined, or(ans.Reason, till.OtherReason)
		}
		return till.Cancelled, or(a.Reason, ans.Reason)
	case Missing:
		switch {
		case s == till.Sending:
			return till.Unknown, or(ans.Reason, till.NotUnderstood)
		case s == till.Cancelling && to == queriedCancel:
			return till.CancelUnproven, a.Reason
		}
		return s, a.Reason
	case Waiting:
		if s == till.Sending || s == till.Unknown {
			return till.Pending, ans.Reason
		}
		if s == till.Pending {
			return s, ans.Reason
		}
		return s, a.Reason
	case Unclear:
		switch {
		case s == till.Sending:
			return till.Unknown, or(ans.Reason, till.NotUnderstood)
		case s == till.Pending && unclears > 0:
			return till.Unknown, or(ans.Reason, till.NotUnderstood)
		case s == till.Unknown:
			return s, or(ans.Reason, a.Reason)
		}
	}
	return s, a.Reason
}

func or(a, b till.Reason) till.Reason {
	if a != "" {
		return a
	}
	return b
}
