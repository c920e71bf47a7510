package scale

import "strings"

// A Reading is what a scale says at one moment. A scale that says only how it
// stands, moving or overloaded, says no weight: Weighed is false then, and
// Grams means nothing. That is never a weight of zero.
type Reading struct {
	Weighed bool
	Grams   int  // thousandths of a kilogram; below zero where the scale says so
	Stable  bool // at rest, as the scale itself says
	Net     bool // less a tare
	Over    bool // above what it can weigh
	Under   bool // below zero, or below what it can weigh
	Empty   bool // says that nothing lies on it
	Fault   bool // the scale says that it is broken, or was not set to zero
	Raw     string
}

// Sellable reports whether goods may be sold by this reading: at rest, above
// zero and within what the scale can weigh.
func (r Reading) Sellable() bool {
	return r.Weighed && r.Stable && r.Grams > 0 && !r.Over && !r.Under && !r.Fault
}

// gramsMax bounds a weight; no shop's scale goes to a thousand tonnes.
const gramsMax = 1_000_000_000

// units are how many hundred-millionths of a gram a unit has. The pound and
// the ounce are exact: international yard and pound agreement of 1959.
var units = map[string]int64{
	"kg": 1000e8, "k": 1000e8, "g": 1e8, "gr": 1e8, "t": 1000_000e8,
	"lb": 45359237000, "lbs": 45359237000, "oz": 2834952312, // and a half, which is lost below a microgram
	"斤": 500e8, "jin": 500e8, "公斤": 1000e8, "千克": 1000e8, "克": 1e8,
}

// grams reads a decimal number of a unit, rounded half away from zero to whole
// grams. Spaces around it, and between the sign and the digits, are allowed.
func grams(number, unit string) (int, bool) {
	per, ok := units[strings.ToLower(strings.TrimSpace(unit))]
	if !ok {
		return 0, false
	}
	s := strings.TrimSpace(number)
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = strings.TrimLeft(s[1:], " ")
	}
	whole, part, _ := strings.Cut(s, ".")
	if whole+part == "" || len(whole) > 9 || len(part) > 6 {
		return 0, false
	}
	var n, scale int64 = 0, 1
	for _, d := range []byte(whole + part) {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int64(d-'0')
	}
	for range part {
		scale *= 10
	}
	// n is below 10^15, so that whole grams and the rest of them are counted apart.
	const one = int64(1e8)
	div := scale * one
	if n > (1<<62)/per {
		return 0, false
	}
	g := (n*per + div/2) / div
	if g > gramsMax {
		return 0, false
	}
	if negative {
		g = -g
	}
	return int(g), true
}
