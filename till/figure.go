package till

import (
	"time"

	"guitai/till/money"
)

// A FigureName is a figure of a report that receipts stand behind.
type FigureName string

// The figures. What a receipt adds to one is its part; the parts of a range of
// business days sum to the figure of the report.
const (
	FigureNet        FigureName = "net"
	FigureGross      FigureName = "gross"
	FigureDiscounts  FigureName = "discounts"
	FigureTaxAdded   FigureName = "tax_added"
	FigureRounding   FigureName = "rounding"
	FigureRefunds    FigureName = "refunds"
	FigureTax        FigureName = "tax"        // of Class, or all where its code is ""
	FigureTender     FigureName = "tender"     // kept less refunded, of the kind Key
	FigureUnverified FigureName = "unverified" // tenders that no provider confirmed, though their kind needs that
	FigureItem       FigureName = "item"       // of code Key and Name
	FigureCategory   FigureName = "category"   // Key
	FigureCashier    FigureName = "cashier"    // net of operator Key
	FigureHour       FigureName = "hour"       // net of hour N
	FigureWeekday    FigureName = "weekday"    // net of weekday N
	FigureVoids      FigureName = "voids"      // gross of the lines taken off sales that were completed
	FigurePostVoids  FigureName = "post_voids" // value of the sales undone
	FigureUnpaid     FigureName = "unpaid"     // attempts of wallet Key, or all, that were not paid, for Reason or any; where their sale was completed
)

// A Figure is one figure, and of what.
type Figure struct {
	Of     FigureName
	Key    string
	Name   string
	N      int
	Class  TaxClass
	Reason Reason
}

// Parts is how many receipts stand behind a figure, and what they add up to.
type Parts struct {
	Receipts int
	Sum      money.Amount
}

// OfWeekday is the net of one day of the week.
func OfWeekday(d time.Weekday) Figure { return Figure{Of: FigureWeekday, N: int(d)} }
