package display

import "strings"

// What is what an amount on a display means.
type What string

// The amounts a customer is shown, and none.
const (
	Nothing   What = ""
	Price     What = "price"     // of the item just taken
	Total     What = "total"     // what is due
	Collected What = "collected" // what was given
	Change    What = "change"
)

// A Sum is an amount and what it is. Amount is as the screen has it, such as
// 86.40 or -3.00: digits with at most one point, and a minus in front.
type Sum struct {
	What   What
	Amount string
}

// A View is what a display shows: two lines of text, the lower with the sum
// that counts, or that sum alone where there are only digits.
type View struct {
	Name  string // on the upper line: the item, or a greeting
	Latin string // the same for displays without Chinese
	Above Sum    // on the upper line where there is no name
	Main  Sum
}

// words are what sums are called, in the two character sets.
var words = map[What][2]string{
	Price: {"单价", "PRICE"}, Total: {"合计", "TOTAL"}, Collected: {"收款", "PAID"}, Change: {"找零", "CHANGE"},
}

// plausible says whether s is an amount: showing anything else as money would
// be worse than showing nothing.
func plausible(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, part, point := strings.Cut(s, ".")
	return whole != "" && (!point || part != "") && strings.Trim(whole+part, "0123456789") == ""
}
