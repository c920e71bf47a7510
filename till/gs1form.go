package till

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// gs1Row is one application identifier (AI), or the run of AIs from..to of one
// form, as the GS1 Barcode Syntax Dictionary has it.
type gs1Row struct {
	from, to string
	fixed    bool // of predefined length: no separator follows
	parts    []gs1Part
}

// gs1Part is a piece of an AI's data.
type gs1Part struct {
	kind     byte // N digits, X character set 82, Y character set 39, Z base 64 for URLs
	least    int  // characters; what is optional may be missing whole
	most     int
	optional bool
	checks   string // the dictionary's names of what its content must be, with commas between
}

// least and most bound the characters of the row's data.
func (row gs1Row) least() (n int) {
	for _, p := range row.parts {
		if !p.optional {
			n += p.least
		}
	}
	return n
}

func (row gs1Row) most() (n int) {
	for _, p := range row.parts {
		n += p.most
	}
	return n
}

// gs1ByName has the row of each AI.
var gs1ByName = sync.OnceValue(func() map[string]gs1Row {
	rows := map[string]gs1Row{}
	for _, row := range gs1Table {
		for ai := row.from; ; ai = gs1Next(ai) {
			rows[ai] = row
			if ai == row.to {
				break
			}
		}
	}
	return rows
})

// gs1Next is the number after ai, with as many digits.
func gs1Next(ai string) string {
	b := []byte(ai)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i]++; b[i] <= '9' {
			break
		}
		b[i] = '0'
	}
	return string(b)
}

// gs1Find returns the row whose AI begins s, and the AI. No AI begins another
// one.
func gs1Find(s string) (gs1Row, string, bool) {
	rows := gs1ByName()
	for n := 2; n <= 4 && n <= len(s); n++ {
		if row, ok := rows[s[:n]]; ok {
			return row, s[:n], true
		}
	}
	return gs1Row{}, "", false
}

// The characters of the kinds besides letters and digits (GS1 General
// Specifications, section 7.11, and RFC 4648 for Z).
var gs1Signs = map[byte]string{'N': "", 'X': `!"%&'()*+,-./:;<=>?_`, 'Y': "#-/", 'Z': "-_="}

// gs1Allows reports whether a character may stand in data of a kind.
func gs1Allows(kind, c byte) bool {
	switch {
	case c >= '0' && c <= '9':
		return true
	case c >= 'A' && c <= 'Z':
		return kind != 'N'
	case c >= 'a' && c <= 'z':
		return kind == 'X' || kind == 'Z'
	}
	return strings.IndexByte(gs1Signs[kind], c) >= 0
}

// gs1Checks are the checks of content that a till makes, by the dictionary's
// names: those by which a wrong read or a wrong date shows. What stands in lists
// of others (countries, currencies, prefixes of companies, coupons) is taken as
// it is: the goods are the same.
var gs1Checks = map[string]func(string) bool{
	"csum":         GTINCheck,
	"yymmdd":       func(s string) bool { _, _, _, ok := GS1Date(s, 2000); return ok && s[4:] != "00" },
	"yymmd0":       func(s string) bool { _, _, _, ok := GS1Date(s, 2000); return ok },
	"yyyymmdd":     func(s string) bool { _, _, _, ok := GS1Date(s[2:], 2000); return ok && s[6:] != "00" },
	"hh":           func(s string) bool { return s < "24" },
	"mi":           func(s string) bool { return s < "60" },
	"ss":           func(s string) bool { return s < "60" },
	"hhmi":         func(s string) bool { return s[:2] < "24" && s[2:] < "60" },
	"zero":         func(s string) bool { return s == "0" },
	"nonzero":      func(s string) bool { return strings.Trim(s, "0") != "" },
	"nozeroprefix": func(s string) bool { return s == "0" || s[0] != '0' },
	"yesno":        func(s string) bool { return s == "0" || s == "1" },
	"winding":      func(s string) bool { return s == "0" || s == "1" || s == "9" },
	"hyphen":       func(s string) bool { return strings.Trim(s, "-") == "" },
	"hasnondigit":  func(s string) bool { return !barcodeDigits(s) },
	"pieceoftotal": func(s string) bool { return s[:2] != "00" && s[2:] != "00" && s[:2] <= s[2:] },
}

// verify checks the value of ai by the row's lengths, characters and checks.
func (row gs1Row) verify(ai, value string) error {
	wrong := func(reason string) error { return &GS1Error{ai, value, reason} }
	if n := len(value); n < row.least() || n > row.most() {
		return wrong(fmt.Sprintf("has %d characters, wants %d to %d", n, row.least(), row.most()))
	}
	rest := value
	for _, p := range row.parts {
		if rest == "" && p.optional {
			break
		}
		n := min(p.most, len(rest))
		if n < p.least {
			return wrong("is cut short")
		}
		var part string
		part, rest = rest[:n], rest[n:]
		for i := range len(part) {
			if !gs1Allows(p.kind, part[i]) {
				return wrong("has a character that may not be there")
			}
		}
		for _, name := range strings.Split(p.checks, ",") {
			switch holds := gs1Checks[name]; {
			case holds == nil || holds(part):
			case name == "csum":
				return refuseWith(BadCheckDigit, "("+ai+")"+value)
			case slices.Contains([]string{"yymmdd", "yymmd0", "yyyymmdd"}, name):
				return wrong("is no date")
			default:
				return wrong("may not be (" + name + ")")
			}
		}
	}
	return nil
}
