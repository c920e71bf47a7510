package till

import (
	"strings"
	"time"

	"guitai/till/money"
)

// TenderKind is a stable code for what a customer gives to settle: cash, card,
// transfer, qr:SCHEME, wallet:NAME, voucher, on_account, foreign:CUR or none.
// It is never translated and never shown as it is.
type TenderKind string

// The tender kinds that take no suffix.
const (
	Cash      TenderKind = "cash"
	Card      TenderKind = "card"
	Transfer  TenderKind = "transfer"
	Voucher   TenderKind = "voucher"
	OnAccount TenderKind = "on_account"
	NoTender  TenderKind = "none" // closes a sale whose total is zero
)

// Family returns the part before the colon: qr for qr:pix.
func (k TenderKind) Family() string { f, _, _ := strings.Cut(string(k), ":"); return f }

// Detail returns the part after the colon: pix for qr:pix.
func (k TenderKind) Detail() string { _, d, _ := strings.Cut(string(k), ":"); return d }

// Valid reports whether k is one of the kinds above.
func (k TenderKind) Valid() bool {
	d := k.Detail()
	switch k.Family() {
	case "cash", "card", "transfer", "voucher", "on_account", "none":
		return !strings.Contains(string(k), ":")
	case "qr", "wallet":
		return d != "" && len(d) <= 32 && strings.Trim(d, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
	case "foreign":
		_, err := money.CurrencyOf(d)
		return err == nil
	}
	return false
}

// NeedsProof reports whether money of this kind counts as unverified until a
// provider or a bill has confirmed it.
func (k TenderKind) NeedsProof() bool {
	switch k.Family() {
	case "wallet", "qr", "transfer":
		return true
	}
	return false
}

// Evidence is what a tender rests on.
type Evidence uint8

// The kinds of evidence.
const (
	ByCashier  Evidence = iota // a person confirmed it
	ByProvider                 // an approved payment attempt
	ByImport                   // replayed or imported
)

// String returns the word used in files.
func (e Evidence) String() string {
	switch e {
	case ByProvider:
		return "provider"
	case ByImport:
		return "imported"
	case ByCashier:
	}
	return "cashier"
}

// A Tender is one payment of a sale.
type Tender struct {
	N        int // its share number within the sale, from 1
	Kind     TenderKind
	Amount   money.Amount // kept, in the ledger's currency
	Tendered money.Amount // handed over; only cash may exceed Amount
	Change   money.Amount // Tendered - Amount
	Ref      string       // last four digits and terminal reference, payer reference ...
	Evidence Evidence
	At       time.Time
	By       string // operator code
	// Foreign cash: what was handed over in its own minor units, and the
	// ledger units that one of its units is worth, in millionths.
	ForeignAmount money.Amount
	ForeignRate   int64
}

// A ShownQR is one payment code shown to the customer and what became of it.
// Nobody confirms such a payment to the till, so only a person can.
type ShownQR struct {
	Number  string // the attempt number in the code, at most 20 characters
	Method  string // the configured payment method's name
	Kind    TenderKind
	Amount  money.Amount
	Payee   string
	Text    string // the payload of the code
	At      time.Time
	Outcome QROutcome
	EndedAt time.Time
}

// QROutcome is what became of a shown payment code.
type QROutcome uint8

// The outcomes of a shown code.
const (
	QRShown QROutcome = iota
	QRConfirmed
	QRAbandoned
)
