package till

import (
	"fmt"

	"guitai/till/money"
)

// Commands about payments that a provider confirms.
type (
	// PayWallet plans and sends an attempt to take Amount of what is due. With
	// Take and no Code the code that is held is used. ByHand is somebody's word
	// that the code is this wallet's, whatever its form suggests.
	PayWallet struct {
		Wallet string
		Amount money.Amount
		Way    Presentment
		Code   string // a secret: handed on, never kept
		ByHand bool
	}
	// CheckAttempt asks the provider now, about an attempt or a refund.
	CheckAttempt struct{ Number string }
	// StopAttempt reverses an attempt.
	StopAttempt struct{ Number string }
	// OverrideAttempt lets the sale go on without an attempt whose outcome is
	// not known. It is watched, and its money given back if it comes.
	OverrideAttempt struct{ Number, Reason string }
	// EndAttempt ends a payment at the card terminal of which that can say nothing
	// more, on the word of a person who looked at it. It takes nothing into the
	// books: what the person found is written down as a card payment by hand.
	EndAttempt struct{ Number, Reason string }
	// EndRefund does so with a refund at the card terminal: it was made, or not.
	EndRefund struct {
		Number string
		Made   bool
		Reason string
	}
	// DropAttempt takes an attempt that ended without money off the screen.
	DropAttempt struct{}
	// DropCode forgets the customer's code that is held.
	DropCode struct{}
	// Freeze stops a wallet at this till, or with "" all of them. Remote names who
	// asked for it from afar; it needs nobody signed on here.
	Freeze struct{ Wallet, Reason, Remote string }
	// Release lets a wallet go on; with "" what was frozen with "".
	Release struct{ Wallet string }
	// RefundInCash pays out in cash what a wallet definitely did not give back.
	RefundInCash struct{ Number string }
	// AttemptChanged tells what the ledger has of an attempt now.
	AttemptChanged struct{ Attempt Attempt }
	// RefundChanged tells what the ledger has of a refund now.
	RefundChanged struct{ Refund WalletRefund }
)

// heldOver says that the time of a held code has passed.
type heldOver struct{ n int }

func (PayWallet) command()       {}
func (CheckAttempt) command()    {}
func (StopAttempt) command()     {}
func (OverrideAttempt) command() {}
func (EndAttempt) command()      {}
func (EndRefund) command()       {}
func (DropAttempt) command()     {}
func (DropCode) command()        {}
func (Freeze) command()          {}
func (Release) command()         {}
func (RefundInCash) command()    {}
func (AttemptChanged) command()  {}
func (RefundChanged) command()   {}
func (heldOver) command()        {}

// String leaves the customer's code out of whatever is written about the act.
func (c PayWallet) String() string {
	return fmt.Sprintf("{%s %d %s %s by hand %t}", c.Wallet, c.Amount, c.Way, MaskPayCode(c.Code), c.ByHand)
}
