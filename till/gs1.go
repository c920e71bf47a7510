package till

import (
	"fmt"
	"strings"

	"guitai/till/money"
)

// A GS1Element is one application identifier (AI) with its data.
type GS1Element struct{ AI, Value string }

// GS1 is what a GS1 element string says, in the order it says it.
type GS1 struct {
	Elements []GS1Element
	// Rest is the tail that could not be taken apart: it begins with an AI this
	// till does not know, or with data longer than its AI allows because the
	// reader lost a separator. It is shown, never guessed at.
	Rest string
}

// A GS1Error says which element of a GS1 element string is not well formed.
type GS1Error struct{ AI, Value, Reason string }

// Error names the element and the reason.
func (e *GS1Error) Error() string {
	return fmt.Sprintf("gs1 element (%s)%s: %s", e.AI, barcodeClip(e.Value), e.Reason)
}

// gs1Separator is FNC1 as readers send it inside a symbol: ASCII 29, <GS>.
const gs1Separator = "\x1d"

// ParseGS1 reads a GS1 element string, either as a reader sends it (data of
// varying length ended by ASCII 29, a leading one allowed) or as it is printed
// for people: (01)06901234567892(10)LOT-42. Data of varying length runs up to
// the next separator: where the reader lost it, one long value is what the
// caller gets and shows.
//
// An error is a *GS1Error, or BadCheckDigit; the elements before it are
// returned with it. A text that does not begin with a known AI is a *GS1Error.
func ParseGS1(s string) (GS1, error) {
	if strings.HasPrefix(s, "(") {
		return parseGS1Printed(s)
	}
	var g GS1
	for s = strings.TrimLeft(s, gs1Separator); s != ""; s = strings.TrimLeft(s, gs1Separator) {
		row, ai, ok := gs1Find(s)
		if !ok {
			g.Rest = s
			break
		}
		value, rest, _ := strings.Cut(s[len(ai):], gs1Separator)
		if most := row.most(); len(value) > most {
			if !row.fixed {
				g.Rest = s
				break
			}
			value, rest = s[len(ai):len(ai)+most], s[len(ai)+most:]
		}
		if err := row.verify(ai, value); err != nil {
			return g, err
		}
		g.Elements = append(g.Elements, GS1Element{ai, value})
		s = rest
	}
	if len(g.Elements) == 0 {
		return g, &GS1Error{Value: s, Reason: "no known application identifier at the start"}
	}
	return g, nil
}

// parseGS1Printed reads the bracketed form. A bracket opens an element only
// where a known AI and a closing bracket follow, as set 82 has brackets too.
func parseGS1Printed(s string) (GS1, error) {
	var g GS1
	opens := func(at int) (gs1Row, string, bool) {
		row, ai, ok := gs1Find(s[min(at+1, len(s)):])
		return row, ai, ok && s[at] == '(' && strings.HasPrefix(s[at+1+len(ai):], ")")
	}
	for at := 0; at < len(s); {
		row, ai, ok := opens(at)
		if !ok {
			g.Rest = s[at:]
			break
		}
		start := at + len(ai) + 2
		end := start
		for end < len(s) {
			if _, _, next := opens(end); next {
				break
			}
			end++
		}
		if err := row.verify(ai, s[start:end]); err != nil {
			return g, err
		}
		g.Elements = append(g.Elements, GS1Element{ai, s[start:end]})
		at = end
	}
	if len(g.Elements) == 0 {
		return g, &GS1Error{Value: s, Reason: "no known application identifier at the start"}
	}
	return g, nil
}

// Encode writes the element string as a reader sends it: a separator after
// each element of varying length but the last. The leading FNC1, which is the
// symbol's, is left out.
func (g GS1) Encode() string {
	var b strings.Builder
	for i, e := range g.Elements {
		b.WriteString(e.AI + e.Value)
		row, _, _ := gs1Find(e.AI)
		if !row.fixed && (i < len(g.Elements)-1 || g.Rest != "") {
			b.WriteString(gs1Separator)
		}
	}
	return b.String() + g.Rest
}

// String writes the element string as it is printed for people.
func (g GS1) String() string {
	var b strings.Builder
	for _, e := range g.Elements {
		b.WriteString("(" + e.AI + ")" + e.Value)
	}
	return b.String() + g.Rest
}

// Get returns the data of the first element with this AI.
func (g GS1) Get(ai string) (string, bool) {
	for _, e := range g.Elements {
		if e.AI == ai {
			return e.Value, true
		}
	}
	return "", false
}

// decimal returns the data of the first element ai0 to ai9 and its decimals,
// which the last digit of the AI says.
func (g GS1) decimal(ai string) (value string, decimals int, ok bool) {
	for _, e := range g.Elements {
		if len(e.AI) == 4 && e.AI[:3] == ai {
			return e.Value, int(e.AI[3] - '0'), true
		}
	}
	return "", 0, false
}

// Price returns (392n), or (393n) where it names cur, in minor units. ok is
// false where there is none, or where it is finer than cur can pay.
func (g GS1) Price(cur money.Currency) (money.Amount, bool) {
	value, decimals, ok := g.decimal("392")
	if !ok {
		if value, decimals, ok = g.decimal("393"); !ok || value[:3] != gs1Currencies[cur.Code] {
			return 0, false
		}
		value = value[3:]
	}
	finer := value[max(0, len(value)-max(0, decimals-cur.Exponent)):]
	n, ok := barcodeScale(value, decimals, cur.Exponent)
	ok = ok && strings.Trim(finer, "0") == ""
	return money.Amount(n), ok && n <= int64(money.AmountMax)
}

// gs1Currencies are the ISO 4217 numbers of the currencies shops price in.
var gs1Currencies = map[string]string{
	"CNY": "156", "HKD": "344", "TWD": "901", "MOP": "446", "JPY": "392", "KRW": "410", "SGD": "702", "MYR": "458",
	"THB": "764", "VND": "704", "IDR": "360", "PHP": "608", "INR": "356", "EUR": "978", "GBP": "826", "CHF": "756",
	"USD": "840", "CAD": "124", "AUD": "036", "NZD": "554", "BRL": "986", "MXN": "484",
}

// GS1Date reads YYMMDD. The century is the one that brings the year nearest to
// year: 51 or more ahead is the past century, 50 or more behind the next (GS1
// General Specifications, section 7.12). Day 00 is the last of the month.
func GS1Date(yymmdd string, year int) (y, m, d int, ok bool) {
	if len(yymmdd) != 6 || !barcodeDigits(yymmdd) {
		return 0, 0, 0, false
	}
	two := func(at int) int { return int(yymmdd[at]-'0')*10 + int(yymmdd[at+1]-'0') }
	y, m, d = year-year%100+two(0), two(2), two(4)
	switch ahead := y - year; {
	case ahead >= 51:
		y -= 100
	case ahead <= -50:
		y += 100
	}
	if m < 1 || m > 12 {
		return 0, 0, 0, false
	}
	last := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
	if m == 2 && y%4 == 0 && (y%100 != 0 || y%400 == 0) {
		last = 29
	}
	if d == 0 {
		d = last
	}
	return y, m, d, d <= last
}

// barcodeScale reads digits with from decimals as a number with to decimals,
// rounded half away from zero. ok is false where it leaves the range.
func barcodeScale(digits string, from, to int) (int64, bool) {
	var n int64
	for i := range len(digits) {
		if n > 1e17 {
			return 0, false
		}
		n = n*10 + int64(digits[i]-'0')
	}
	for ; to > from; from++ {
		if n > 1e17 {
			return 0, false
		}
		n *= 10
	}
	div := int64(1)
	for ; from > to; to++ {
		div *= 10
	}
	n, err := money.MulDiv(n, 1, div, money.HalfAwayFromZero)
	return n, err == nil
}
