package till

import (
	"bytes"
	"encoding/json"
	"time"

	"guitai/till/money"
)

// DaySchema names the form of a DayDocument; hub/openapi.yaml describes it.
const DaySchema = "till.day.v1"

// Kinds of day documents.
const (
	ShiftDocument   = "shift"    // a shift, made with its Z
	ClosedDay       = "day"      // a business day, made when it closes
	LivePicture     = "live"     // the open shift so far; it has no number and is not kept
	AddendumOfADay  = "addendum" // what became known of a closed day
	ItemsInDocument = 500        // items that a document names; the rest is one sum
)

// A DayDocument is what one shift or one business day came to, as it goes to a
// provider account: amounts in minor units, quantities in thousandths, rates in
// parts per million. It names no customer and holds no card and no payment
// code; cashiers are codes.
type DayDocument struct {
	Schema       string             `json:"schema"`
	Kind         string             `json:"kind"`
	Till         string             `json:"till"` // UUID of the ledger's till
	TillName     string             `json:"till_name,omitempty"`
	Epoch        int64              `json:"epoch"`
	Seq          int64              `json:"seq"`
	Prev         string             `json:"prev,omitempty"` // SHA-256 of the document before
	BusinessDate string             `json:"business_date"`
	OriginalDate string             `json:"original_date,omitempty"`
	Shift        int                `json:"shift,omitempty"`
	Z            int                `json:"z,omitempty"`
	Currency     string             `json:"currency"`
	Exponent     int                `json:"exponent"`
	Timezone     string             `json:"timezone"`
	App          string             `json:"app,omitempty"`
	Span         DocumentSpan       `json:"span"`
	Sales        DocumentSales      `json:"sales"`
	Refunds      DocumentRefunds    `json:"refunds"`
	Voids        int                `json:"voids"`
	Cancelled    int                `json:"cancelled"`
	PostVoids    int                `json:"post_voids"`
	NoSales      int                `json:"no_sales"`
	Tenders      []DocumentTender   `json:"tenders"`
	Taxes        []DocumentTax      `json:"taxes"`
	Cash         []DocumentCash     `json:"cash"`
	Unverified   DocumentUnverified `json:"unverified"`
	Wallets      []DocumentWallet   `json:"wallets,omitempty"`
	Hours        []DocumentHour     `json:"hours"`
	Items        []DocumentItem     `json:"items"`
	ItemsRest    *DocumentRest      `json:"items_rest,omitempty"`
	Categories   []DocumentCategory `json:"categories"`
	Cashiers     []DocumentCashier  `json:"cashiers"`
	Flags        []DocumentFlag     `json:"flags,omitempty"`
	Health       *DocumentHealth    `json:"health,omitempty"`
	Addendum     *DocumentAddendum  `json:"addendum,omitempty"`
}

// DocumentSpan is when and where in the ledger a document's facts lie.
type DocumentSpan struct {
	OpenedAt   time.Time  `json:"opened_at"`
	ClosedAt   *time.Time `json:"closed_at,omitempty"`
	FirstEntry int64      `json:"first_entry"`
	LastEntry  int64      `json:"last_entry"`
	LedgerHead string     `json:"ledger_head"` // hash of LastEntry, in hexadecimal
}

// DocumentSales are the completed sales, and the net of all.
type DocumentSales struct {
	Count     int          `json:"count"`
	Gross     money.Amount `json:"gross"`
	Discounts money.Amount `json:"discounts"`
	TaxAdded  money.Amount `json:"tax_added"`
	Tax       money.Amount `json:"tax"`
	Rounding  money.Amount `json:"rounding"`
	Net       money.Amount `json:"net"`
}

// DocumentRefunds is the value returned, unsigned.
type DocumentRefunds struct {
	Count  int          `json:"count"`
	Amount money.Amount `json:"amount"`
}

// DocumentUnverified is what nobody but a person confirmed.
type DocumentUnverified struct {
	Count  int          `json:"count"`
	Amount money.Amount `json:"amount"`
}

// DocumentTender is what one kind of tender took and gave back.
type DocumentTender struct {
	Kind            TenderKind    `json:"kind"`
	Count           int           `json:"count"`
	Amount          money.Amount  `json:"amount"`
	Refunded        money.Amount  `json:"refunded"`
	Tendered        money.Amount  `json:"tendered"`
	Change          money.Amount  `json:"change"`
	Unverified      money.Amount  `json:"unverified"`
	UnverifiedCount int           `json:"unverified_count"`
	Expected        *money.Amount `json:"expected,omitempty"` // what should be there; of cash with the float
	Counted         *money.Amount `json:"counted,omitempty"`
	Variance        *money.Amount `json:"variance,omitempty"`
}

// DocumentTax is one rate's part.
type DocumentTax struct {
	Class   string       `json:"class"`
	Rate    money.Rate   `json:"rate"`
	Mode    string       `json:"mode"`
	Taxable money.Amount `json:"taxable"`
	Tax     money.Amount `json:"tax"`
}

// DocumentCash is the drawer of one shift.
type DocumentCash struct {
	Shift     int           `json:"shift"`
	Float     money.Amount  `json:"float"`
	PaidIn    money.Amount  `json:"paid_in"`
	PaidOut   money.Amount  `json:"paid_out"`
	Drops     money.Amount  `json:"drops"`
	Loans     money.Amount  `json:"loans"`
	Expected  money.Amount  `json:"expected"`
	Closed    bool          `json:"closed"`
	Counted   *money.Amount `json:"counted,omitempty"`
	OverShort *money.Amount `json:"over_short,omitempty"`
	Reason    string        `json:"reason,omitempty"`
}

// DocumentWallet is what became of the attempts through one wallet.
type DocumentWallet struct {
	Wallet    string           `json:"wallet"`
	Mode      string           `json:"mode"`
	Attempts  int              `json:"attempts"`
	Paid      int              `json:"paid"`
	Declined  int              `json:"declined"`
	Cancelled int              `json:"cancelled"`
	Unknown   int              `json:"unknown"`
	Watch     int              `json:"watch"`
	MedianMS  int64            `json:"median_ms"`
	P90MS     int64            `json:"p90_ms"`
	MostMS    int64            `json:"most_ms"`
	Reasons   []DocumentReason `json:"reasons"`
}

// DocumentReason is how often attempts ended for a reason.
type DocumentReason struct {
	Reason Reason `json:"reason"`
	Count  int    `json:"count"`
}

// DocumentHour is one local clock hour.
type DocumentHour struct {
	Hour  int          `json:"hour"`
	Count int          `json:"count"`
	Net   money.Amount `json:"net"`
}

// DocumentItem is one item under the name it was sold by, after returns.
type DocumentItem struct {
	Code string         `json:"code"`
	Name string         `json:"name"`
	Qty  money.Quantity `json:"qty"`
	Net  money.Amount   `json:"net"`
}

// DocumentRest is what the items came to that a document does not name.
type DocumentRest struct {
	Count int            `json:"count"`
	Qty   money.Quantity `json:"qty"`
	Net   money.Amount   `json:"net"`
}

// DocumentCategory is one category of items.
type DocumentCategory struct {
	Name string         `json:"name"`
	Qty  money.Quantity `json:"qty"`
	Net  money.Amount   `json:"net"`
}

// DocumentCashier is one person at the till, by code.
type DocumentCashier struct {
	Code      string       `json:"code"`
	Count     int          `json:"count"`
	Net       money.Amount `json:"net"`
	Discounts money.Amount `json:"discounts"`
	Returns   int          `json:"returns"`
	Refunds   money.Amount `json:"refunds"`
}

// DocumentFlag is something to look at; the reasons stay at the till.
type DocumentFlag struct {
	Rule     string  `json:"rule"`
	Subject  string  `json:"subject"`
	Seen     int64   `json:"seen"`
	Sample   int64   `json:"sample"`
	Receipts []int64 `json:"receipts,omitempty"`
}

// DocumentHealth is how the till itself is.
type DocumentHealth struct {
	Unsent       int        `json:"unsent"`
	BackupAt     *time.Time `json:"backup_at,omitempty"`
	SlipsWaiting int        `json:"slips_waiting"`
	Printer      string     `json:"printer,omitempty"`
	Frozen       bool       `json:"frozen"`
}

// DocumentAddendum is what became known of a day that was closed. It changes no
// figure of that day.
type DocumentAddendum struct {
	What    string       `json:"what"` // late_payment, refund_of_late_payment, reconciled
	Amount  money.Amount `json:"amount"`
	Receipt int          `json:"receipt,omitempty"`
	Wallet  string       `json:"wallet,omitempty"`
	Seq     int64        `json:"seq"` // the ledger's entry that says so
}

// Bytes writes the document as it is kept, hashed and sent: once written, these
// bytes are the document.
func (d *DayDocument) Bytes() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
