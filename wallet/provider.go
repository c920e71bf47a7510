package wallet

import (
	"context"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// A Provider is what one wallet company's adapter implements, over Client. Its
// methods speak to the network, keep the context's deadline, never repeat a
// call by themselves, and never return an error once something was sent: from
// then on the Answer says what is known.
type Provider interface {
	// Start asks for the money: it makes a code to be shown, or charges the
	// code in c.Code. It must be idempotent in c.Number where the provider is;
	// the till never starts an attempt twice where it is not (Ability.Restart).
	// An error means that nothing was sent.
	Start(ctx context.Context, c Charge) (Answer, error)
	// Query asks what became of an attempt. It moves no money while c.GivingUp.
	Query(ctx context.Context, c Charge) (Answer, error)
	// Cancel asks that the attempt be closed or reversed. What it answers is
	// no proof unless the provider's documents say so: then Closed, and
	// Returned where it was paid and went back. Refused where it says that
	// nothing was cancelled, as it is paid or closed already: a query tells
	// which, and is believed. After Unclear the cancel may still be carried out.
	Cancel(ctx context.Context, c Charge) (Answer, error)
}

// A Refunder gives money back. Refund must keep r.Number on the wire, so that
// a repeated call gives it back once.
type Refunder interface {
	Refund(ctx context.Context, r Refund) (Answer, error)
	QueryRefund(ctx context.Context, r Refund) (Answer, error)
}

// A BillFetcher fetches the provider's list of a day, in the provider's zone.
type BillFetcher interface {
	FetchBill(ctx context.Context, day time.Time) (Bill, error)
}

// A BillReader reads a bill of a day that a person downloaded from the
// provider's site, with its account. One that is another merchant's or another
// day's is a *BillError, as is one that cannot be read.
type BillReader interface {
	ReadBill(raw []byte, day time.Time) (Bill, error)
}

// BillFault is why a bill is refused.
type BillFault string

// The faults of a bill.
const (
	BillDamaged       BillFault = "damaged"        // cut off, or not what its sums say
	BillOtherMerchant BillFault = "other_merchant" // another account's
	BillOtherDay      BillFault = "other_day"      // of another day or month
	BillOtherWallet   BillFault = "other_wallet"   // no bill of this provider
)

// A BillError says why a bill is refused; nothing of it was taken in.
type BillError struct {
	Fault  BillFault
	Detail string // in plain English
	Err    error
}

func (e *BillError) Error() string {
	if e.Err != nil {
		return e.Detail + ": " + e.Err.Error()
	}
	return e.Detail
}

// Unwrap returns the cause.
func (e *BillError) Unwrap() error { return e.Err }

// BillReady is how long after a day's end its bill is certain to be complete
// where a provider makes it once, at 10:00 of the next day.
const BillReady = 10 * time.Hour

// A Prober tries an account step by step without moving money: what was
// entered is readable, the host answers, the clocks agree, the signature is
// accepted, the answer's signature is good.
type Prober interface {
	Probe(ctx context.Context) []Step
}

// A KeyRotator has credentials that change while it works (a terminal key that
// is changed daily). The new ones are kept before the next call is made.
type KeyRotator interface {
	// Rotate returns the fields to change, or none where nothing is due.
	Rotate(ctx context.Context, now time.Time) (map[string]string, error)
}

// A Charge is an attempt as an adapter sees it.
type Charge struct {
	Number   string // the merchant's order number on the wire
	Amount   money.Amount
	Currency money.Currency
	Way      till.Presentment
	Code     string // the customer's code, in Start of till.Take alone; never kept
	Subject  string // what the customer reads: the shop's name
	Operator string
	At       time.Time // when it was planned
	Until    time.Time // when an unpaid one may be closed
	Handle   string    // as the last Answer gave it
	Provider string    // the provider's transaction number, where known
	GivingUp bool      // only ask and close: nothing that would take the money
}

// A Refund is money to give back of one Charge.
type Refund struct {
	Number string
	Of     Charge // Amount is what was paid in all
	Amount money.Amount
	Why    string
	At     time.Time
	Handle string // as the last Answer on this refund gave it
}

// Verdict is what an answer proves.
type Verdict uint8

// The verdicts. The zero Verdict proves nothing.
const (
	Unclear  Verdict = iota // timeout, 5xx, unreadable, badly signed, "system error"
	Waiting                 // the provider knows it; the customer must act, or the provider
	Done                    // paid; of a refund: given back. Amount and Number were stated by the provider
	Refused                 // definitely not made, by the provider's definite table
	Closed                  // provider-final without payment: closed, revoked, expired
	Missing                 // the provider does not know the number: no proof
	Returned                // was paid and has gone back in full
)

// String returns the word used in files.
func (v Verdict) String() string {
	return [...]string{"unclear", "waiting", "done", "refused", "closed", "missing", "returned"}[v]
}

// An Answer is what one call taught.
type Answer struct {
	Verdict Verdict
	Reason  till.Reason
	Said    string // the provider's own code and words
	// Amount and Number are what the provider states about a payment that is
	// Done; the core compares them. A provider that states none leaves them.
	Amount   money.Amount
	Currency string // as stated; "" where the provider states none
	Number   string
	Provider string    // its transaction number
	Handle   string    // kept and handed back with the next call
	QR       string    // what to show
	PaidAt   time.Time // as stated; zero where it states none
	// Again asks for another wait than the Pace before the next query.
	Again time.Duration
	// Repeat asks for the same Cancel or Refund again (retry_flag, recall).
	Repeat bool
}

// Ability says what an adapter can do and the provider's rules of time.
type Ability struct {
	Ways          []till.Presentment
	Refunds       bool
	PartialRefund bool
	Bills         bool
	// Restart: Start may be repeated with the same number within RestartFor,
	// because the provider documents it as idempotent (till.Show only, unless
	// it replays by a key).
	Restart    bool
	RestartFor time.Duration
	// CancelUnknown: cancelling a number that the provider does not know is allowed.
	CancelUnknown bool
	// NoCancel: an unpaid attempt needs no cancelling: money moves only by our
	// own later call.
	NoCancel bool
	Pace     map[till.Presentment]Pace
}

// A Pace is how a provider wants to be asked.
type Pace struct {
	First       time.Duration // from the start to the first query
	Every       time.Duration
	Limit       time.Duration // from the start to the last query, then cancel
	CancelAfter time.Duration // no cancel sooner than this after the start
}

// A Step is one step of a probe, in order; the first that failed ends it.
type Step struct {
	Name   string // credentials, host, clock, request_signature, answer_signature, merchant
	OK     bool
	Reason till.Reason
	Detail string // the provider's words, redacted
}

// A Bill is a provider's list of one day. Wallet and Mode are left to the
// caller.
type Bill = till.Bill

// A BillRow is one payment or refund on a bill.
type BillRow = till.BillRow
