package ledger

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guitai/till"
	"guitai/till/money"
)

// A ListFault is a row that is set aside: the line it begins on, what is wrong
// in a code word, and what that is about. The code words:
//
//	encoding     some of it is no text
//	quote        a quotation mark is not closed
//	long         a line of more than a mebibyte
//	columns      more cells than the header has
//	name         a new item without a name
//	name_long    a name of more than 200 bytes
//	text         a unit or category that is too long, or characters that cannot be shown
//	price        not a price, or none on a new item
//	price_minus  a price below zero
//	price_large  a price above what a till can count
//	price_from   not a date
//	no_code      neither a code nor a barcode
//	code_long    a code or barcode of more than 64 bytes
//	check_digit  a barcode whose last digit is wrong: no scan would find it
//	number       a barcode that a spreadsheet program turned into 6.9E+12
//	tax          a tax class that the shop does not have
//	twice        an earlier row has the code or the barcode
//	taken        another item has the code or the barcode
type ListFault struct {
	Row    int
	Code   string
	Detail string
}

// A listRow is one row as an item. Only the fields in has were given.
type listRow struct {
	line    int
	cells   []string
	item    till.Item
	has     fieldSet
	from    time.Time // the price holds from then; zero for at once
	keys    string
	fault   ListFault
	untaxed bool // its rate is none of the shop's, so it has the usual class
}

type fieldSet uint16

const (
	hasCode fieldSet = 1 << iota
	hasName
	hasNameEN
	hasPrice
	hasUnit
	hasTax
	hasCategory
	hasBarcodes
	hasWeighed
)

// A rowReader makes items of rows.
type rowReader struct {
	form     listForm
	columns  int
	currency money.Currency
	taxes    []till.TaxClass
	zone     *time.Location
	comma    bool // the list may write decimals with a comma
}

// row reads one record. It never fails: a bad one carries its fault.
func (r *rowReader) row(rec listRecord) listRow {
	out := listRow{line: rec.line, cells: rec.cells}
	bad := func(code, detail string) listRow {
		out.fault = ListFault{Row: rec.line, Code: code, Detail: shown(detail)}
		return out
	}
	if rec.fault != "" {
		return bad(rec.fault, strings.Join(rec.cells, " "))
	}
	for _, c := range rec.cells[min(len(rec.cells), r.columns):] {
		if strings.TrimSpace(c) != "" {
			return bad("columns", c)
		}
	}
	it := &out.item
	for i, field := range r.form.fields {
		if i >= len(rec.cells) {
			break
		}
		if field == "" && i != r.form.weighed {
			continue
		}
		text, ok := cellText(rec.cells[i])
		if !ok {
			return bad("text", text)
		}
		if text == "" {
			continue
		}
		switch field {
		case "code":
			it.Code, out.has = text, out.has|hasCode
			if len(text) > 64 {
				return bad("code_long", text)
			}
		case "name":
			it.Name, out.has = text, out.has|hasName
			if len(text) > 200 {
				return bad("name_long", text)
			}
		case "name_en":
			it.NameEN, out.has = text, out.has|hasNameEN
			if len(text) > 200 {
				return bad("name_long", text)
			}
		case "price":
			price, code := r.price(text)
			if code != "" {
				return bad(code, text)
			}
			it.Price, out.has = price, out.has|hasPrice
		case "price_from":
			from, err := time.ParseInLocation("2006-1-2", strings.NewReplacer("/", "-", ".", "-").Replace(text), r.zone)
			if err != nil {
				return bad("price_from", text)
			}
			out.from = from
		case "unit":
			it.Unit, out.has = text, out.has|hasUnit
			if len(text) > 20 {
				return bad("text", text)
			}
		case "tax":
			class, ok := r.tax(text)
			switch {
			case ok:
				it.Tax, out.has = class, out.has|hasTax
			case r.form.rate:
				out.untaxed = true
			default:
				return bad("tax", text)
			}
		case "category":
			it.Category, out.has = text, out.has|hasCategory
			if len(text) > 100 {
				return bad("text", text)
			}
		case "barcodes":
			codes, code, what := barcodesIn(text)
			if code != "" {
				return bad(code, what)
			}
			it.Barcodes, out.has = codes, out.has|hasBarcodes
		case "":
			it.Weighed, out.has = text == "1", out.has|hasWeighed
		}
	}
	if r.form.weighed >= 0 && it.Weighed && out.has&hasUnit == 0 {
		it.Unit, out.has = "kg", out.has|hasUnit
	}
	return out
}

// shown shortens what a fault is about to what a line on the screen holds.
func shown(s string) string {
	const most = 60
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return ' '
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// cellText takes a cell as it was meant: without space around it, without the
// marks that keep a spreadsheet program from calculating with it, line breaks
// as spaces. ok is false where characters remain that cannot be shown.
func cellText(c string) (text string, ok bool) {
	plain := true
	for i := range len(c) {
		if c[i] < ' ' || c[i] >= 0x7f {
			plain = false
			break
		}
	}
	if !plain {
		ok := true
		c = strings.Map(func(r rune) rune {
			switch {
			case r == '\n' || r == '\r' || r == '\t':
				return ' '
			case r == '\ufeff' || r == '\u200b' || r == '\u200e' || r == '\u200f':
				return -1
			case unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c':
				ok = false
			}
			return r
		}, c)
		if !ok {
			return c, false
		}
	}
	c = strings.TrimSpace(c)
	if len(c) > 1 && c[0] == '\'' && guarded(c[1:]) {
		return c[1:], true
	}
	if len(c) > 3 && strings.HasPrefix(c, `="`) && c[len(c)-1] == '"' {
		c = strings.TrimSpace(c[2 : len(c)-1])
	}
	return c, true
}

// guarded reports whether a cell needs an apostrophe before it: a spreadsheet
// program would take it for a formula, or the apostrophe before one for its own.
func guarded(c string) bool {
	c = strings.TrimLeft(c, "'")
	return c != "" && strings.IndexByte("=+-@", c[0]) >= 0
}

// listCell is what cellText reads again as text.
func listCell(text string) string {
	if guarded(text) {
		return "'" + text
	}
	return text
}

// price reads a price without floating point: digits, full-width ones too, with
// a currency sign before or after, in groups of three where commas part them.
// What may be read in two ways is no price.
func (r *rowReader) price(text string) (p money.UnitPrice, fault string) {
	s := strings.Map(func(c rune) rune {
		switch {
		case c >= '０' && c <= '９':
			return c - '０' + '0'
		case c == '．' || c == '。':
			return '.'
		case c == '，':
			return ','
		case c == '－' || c == '−':
			return '-'
		}
		return c
	}, text)
	beside := func(s string) string {
		return strings.TrimFunc(s, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune("¥￥$€£元圆", c) })
	}
	s = beside(strings.TrimPrefix(strings.TrimSuffix(beside(s), r.currency.Code), r.currency.Code))
	if strings.HasPrefix(s, "-") {
		if _, fault = r.price(strings.TrimPrefix(s, "-")); fault == "" || fault == "price_large" {
			return 0, "price_minus"
		}
		return 0, "price"
	}
	s = strings.TrimPrefix(s, "+")
	if i := strings.IndexByte(s, ','); i >= 0 {
		whole, part, _ := strings.Cut(s, ".")
		groups := strings.Split(whole, ",")
		grouped := len(groups[0]) >= 1 && len(groups[0]) <= 3
		for _, g := range groups[1:] {
			grouped = grouped && len(g) == 3
		}
		switch {
		case grouped && (!r.comma || len(groups) > 2 || part != ""):
			s = strings.Join(groups, "")
			if part != "" {
				s += "." + part
			}
		case r.comma && len(groups) == 2 && part == "" && len(groups[1]) != 3 && !strings.Contains(s, "."):
			s = groups[0] + "." + groups[1]
		default:
			return 0, "price"
		}
	}
	if r.form.minor {
		if strings.Contains(s, ".") {
			return 0, "price"
		}
		minor := r.currency
		minor.Exponent = 0
		p, err := minor.ParsePrice(s)
		return p, priceFault(err)
	}
	// Zeros beyond the decimals of the currency say nothing.
	if whole, part, ok := strings.Cut(s, "."); ok && len(part) > r.currency.Exponent+2 {
		if cut := strings.TrimRight(part[r.currency.Exponent+2:], "0"); cut == "" {
			s = whole + "." + part[:r.currency.Exponent+2]
		}
	}
	p, err := r.currency.ParsePrice(s)
	return p, priceFault(err)
}

func priceFault(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, money.ErrRange) || errors.Is(err, money.ErrOverflow):
		return "price_large"
	}
	return "price"
}

// tax finds the class of a code, or of a rate that one class alone has.
func (r *rowReader) tax(text string) (string, bool) {
	for _, t := range r.taxes {
		if strings.EqualFold(t.Code, text) {
			return t.Code, true
		}
	}
	var rate money.Rate
	var err error
	if r.form.rate {
		var q money.Quantity
		q, err = money.ParseQuantity(text)
		rate = money.Rate(q / 10) // thousandths of hundredths of a per cent are 0.1 ppm
	} else {
		rate, err = money.ParsePercent(strings.TrimSuffix(strings.Map(halfWidth, text), "%"))
	}
	if err != nil {
		return "", false
	}
	found := ""
	for _, t := range r.taxes {
		if t.Rate == rate {
			if found != "" {
				return "", false
			}
			found = t.Code
		}
	}
	return found, found != ""
}

func halfWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case unicode.IsSpace(r):
		return -1
	}
	return r
}

// barcodesIn reads the barcodes of a cell; a bad one is named with its fault.
func barcodesIn(text string) (codes []string, fault, what string) {
	for _, c := range partBarcodes(text) {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		if len(c) > 64 {
			return nil, "code_long", c
		}
		digits := strings.Trim(c, "0123456789") == ""
		if !digits && isScientific(c) {
			return nil, "number", c
		}
		if digits && len(c) == 13 && !gtinOK(c) {
			return nil, "check_digit", c
		}
		again := false
		for _, have := range codes {
			again = again || have == c
		}
		if !again {
			codes = append(codes, c)
		}
	}
	return codes, "", ""
}

// partBarcodes parts a cell at its bars; else, where all parts then are numbers
// as on goods, at the other marks that people put between them.
func partBarcodes(text string) []string {
	if strings.Contains(text, "|") {
		return strings.Split(text, "|")
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/，；、 ", r) })
	for _, p := range parts {
		if len(p) < 8 || len(p) > 14 || strings.Trim(p, "0123456789") != "" {
			return []string{text}
		}
	}
	return parts
}

// isScientific reports whether a code is a number as spreadsheet programs show
// long ones: 6.90123E+12.
func isScientific(c string) bool {
	head, exp, ok := strings.Cut(strings.ToUpper(c), "E+")
	return ok && exp != "" && strings.Trim(exp, "0123456789") == "" && head != "" && strings.Trim(head, "0123456789.,") == ""
}

// soldByWeight reports whether goods of a unit are weighed: those priced by the
// kilogram, in which a weight is counted.
func soldByWeight(unit string) bool {
	switch strings.ToLower(unit) {
	case "kg", "公斤", "千克":
		return true
	}
	return false
}

// Error describes the fault in one line.
func (f ListFault) Error() string { return fmt.Sprintf("line %d: %s: %s", f.Row, f.Code, f.Detail) }
