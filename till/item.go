package till

import "guitai/till/money"

// An Item is what the catalogue sells.
type Item struct {
	ID       ID
	Code     string // the shop's own look-up code (PLU); may be empty where there are barcodes
	Name     string
	NameEN   string
	Price    money.UnitPrice // per Unit, in effect at the time it was looked up
	Unit     string          // 个, 瓶, kg ...
	Weighed  bool            // sold by weight: a quantity of one kilogram is money.One
	Tax      string          // code of a TaxClass
	Category string
	Barcodes []string
}

// Look is how an item looks as a tile: by a colour, by a picture, by both or by
// neither.
type Look struct {
	Colour  string // a word of the screen's palette; "" for none
	Picture []byte // PNG, of a tile's size; nil for none
}

// TaxMode tells whether a price contains its tax.
type TaxMode uint8

// The tax modes.
const (
	TaxInclusive TaxMode = iota // the price contains the tax
	TaxExclusive                // the tax is added to the price
)

// String returns the word used in files and on the command line.
func (m TaxMode) String() string {
	if m == TaxExclusive {
		return "exclusive"
	}
	return "inclusive"
}

// A TaxClass is a rate under a code; lines keep a copy of the rate they were
// sold at.
type TaxClass struct {
	Code string
	Rate money.Rate
	Mode TaxMode
}
