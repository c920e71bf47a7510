package wallet

import (
	"context"

	"guitai/till"
	"guitai/till/money"
)

// A Spec describes one wallet to the settings, the command line and the
// wiring. Each adapter package exports one; a program lists them.
type Spec struct {
	Name   string // alipay: the part after wallet: in a tender kind
	Title  Title
	Colour string // of the plate, #RRGGBB
	Letter string // the key on the pay screen, one capital letter; "" for none
	// Currencies it takes; none for any.
	Currencies []string
	Ability    Ability
	Fields     []Field
	Live, Test string // base URLs; Test is "" where the provider has no sandbox
	// OwnContract: proven on vectors and the simulator only; the provider's own
	// contract and documents are needed first.
	OwnContract bool
	Papers      []string // keys of what the shop must hand in, for the checklist
	Limits      func(money.Currency) (least, most money.Amount)
	// New checks the credentials and returns the adapter. A field that cannot
	// be right is a *FieldError.
	New func(Account, *Client) (Provider, error)
	// Activate exchanges a code that the provider hands out once, and what is
	// entered so far, for the fields that make up the account; they are to be
	// kept at once, as the code is spent. Nil where there is no such step.
	Activate func(ctx context.Context, a Account, c *Client, code string) (map[string]string, error)
}

// Title is a name in both languages.
type Title struct{ Zh, En string }

// A Field is one thing the shop enters.
type Field struct {
	Name     string // the provider's own name of it: app_id, mch_id ...
	Kind     FieldKind
	Secret   bool // write-only once saved, sealed at rest, never logged
	Optional bool
	Default  string
	Choices  []string // of a Choice
	Title    Title
	Hint     Title // where it is found
}

// FieldKind is how a field is entered and checked.
type FieldKind string

// The kinds of field.
const (
	Text    FieldKind = "text"
	Digits  FieldKind = "digits"
	PEM     FieldKind = "pem" // a key or certificate, pasted or from a file
	URLText FieldKind = "url"
	Choice  FieldKind = "choice"
)

// An Account is what the shop entered for one wallet.
type Account struct {
	Name     string // the Spec's name
	Mode     string // live or test; practice speaks to the simulator
	BaseURL  string
	Currency money.Currency
	Fields   map[string]string
}

// A FieldError says which field cannot be right, and why.
type FieldError struct {
	Field  string
	Reason till.Reason
	Detail string // in plain English, without the value
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Detail }
