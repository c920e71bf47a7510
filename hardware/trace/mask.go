package trace

import (
	"bytes"
	"slices"
	"strings"
)

// Digits of what must not be kept. A wallet's payment code has 16 to 24, a card
// number 13 to 19 (ISO/IEC 7812-1) with a check digit; barcodes of goods have up
// to 14, and are kept where they are no card number.
const (
	cardLeast = 13
	cardMost  = 19
	codeLeast = 16
	seenLast  = 4 // digits that stay, as everywhere in the till
	trackMax  = 110
)

const staffMark = "GTSTAFF" // before the token of a staff card (till.StaffBarcode)

// mask returns b without what a customer pays with. cards says that a card
// terminal speaks, which packs digits; after, that the bytes before ended within
// a number, so that one at the start is the rest of it.
func mask(b []byte, cards, after bool) []byte {
	out := slices.Clone(b)
	if after {
		for i := 0; i < len(out) && digit(out[i]); i++ {
			out[i] = '*'
		}
	}
	tracks(out)
	numbers(out)
	staff(out)
	passwords(out)
	if cards {
		packed(out)
	}
	return out
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// tracks masks what stands on a magnetic stripe: %B number^name^more? and
// ;number=more? (ISO/IEC 7813).
func tracks(b []byte) {
	for i := 0; i < len(b); i++ {
		start := -1
		switch {
		case b[i] == '%' && i+2 < len(b) && (b[i+1] == 'B' || b[i+1] == 'b') && digit(b[i+2]):
			start = i + 2
		case b[i] == ';' && i+1 < len(b) && digit(b[i+1]):
			start = i + 1
		}
		if start < 0 {
			continue
		}
		n := 0
		for start+n < len(b) && digit(b[start+n]) {
			n++
		}
		if end := start + n; n >= cardLeast && n <= cardMost && end < len(b) && (b[end] == '=' || b[end] == '^' || b[end] == 'D') {
			i = veil(b, start)
		}
	}
}

// veil masks to the end of a track, and returns where that is.
func veil(b []byte, from int) int {
	i := from
	for ; i < len(b) && i < from+trackMax && b[i] != '?' && b[i] >= ' '; i++ {
		b[i] = '*'
	}
	return i
}

// numbers masks payment codes and card numbers, written in one or in groups.
func numbers(b []byte) {
	for i := 0; i < len(b); i++ {
		if !digit(b[i]) {
			continue
		}
		var at []int // the digits, those after one space or hyphen too
		plain := 0   // the first of them that stand together
		groups := []int{0}
		j := i
		for ; j < len(b); j++ {
			if digit(b[j]) {
				at = append(at, j)
				groups[len(groups)-1]++
				continue
			}
			if (b[j] == ' ' || b[j] == '-') && j+1 < len(b) && digit(b[j+1]) {
				if plain == 0 {
					plain = len(at)
				}
				groups = append(groups, 0)
				continue
			}
			break
		}
		if plain == 0 {
			plain = len(at)
		}
		switch {
		case plain >= codeLeast || isCard(b, at[:plain]):
			hide(b, at[:plain])
			if end := at[plain-1] + 1; end < len(b) && (b[end] == '=' || b[end] == '^') {
				veil(b, end)
			}
			i = at[plain-1]
		case len(groups) > 1 && grouped(groups) && (len(at) >= codeLeast || isCard(b, at)):
			hide(b, at)
			i = j - 1
		default:
			i = at[plain-1]
		}
	}
}

// grouped reports whether digits stand in groups as on a card.
func grouped(groups []int) bool {
	last := len(groups) - 1
	return groups[last] <= 7 && !slices.ContainsFunc(groups[:last], func(n int) bool { return n < 3 || n > 7 })
}

func hide(b []byte, at []int) {
	for _, i := range at[:max(len(at)-seenLast, 0)] {
		b[i] = '*'
	}
}

// isCard reports whether digits are a card number: its length goes with its first
// digits, and its check digit is right.
func isCard(b []byte, at []int) bool {
	digits := make([]byte, len(at))
	for i, n := range at {
		digits[i] = b[n] - '0'
	}
	return cardNumber(digits)
}

func cardNumber(d []byte) bool {
	if len(d) < cardLeast || len(d) > cardMost || !luhn(d) {
		return false
	}
	switch len(d) {
	case 13:
		return d[0] == 4
	case 14:
		return d[0] == 3
	case 15:
		return d[0] == 3 || d[0] == 1 && d[1] == 8 || d[0] == 2 && d[1] == 1
	}
	return d[0] >= 2 && d[0] <= 6
}

// luhn is the check digit of ISO/IEC 7812-1.
func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i])
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// staff masks the tokens of staff cards.
func staff(b []byte) {
	upper := bytes.ToUpper(b)
	for from := 0; ; {
		i := bytes.Index(upper[from:], []byte(staffMark))
		if i < 0 {
			return
		}
		from += i + len(staffMark)
		for ; from < len(b) && isAlnum(upper[from]); from++ {
			b[from] = '*'
		}
	}
}

func isAlnum(c byte) bool { return digit(c) || c >= 'A' && c <= 'Z' || c == '*' }

// packed masks card numbers and track 2 as terminals send them, two digits to a
// byte, with D between the parts and F at the end (ZVT, BMP 22 and 23).
func packed(b []byte) {
	nibble := func(i int) byte { return b[i/2] >> (4 * (1 - i%2)) & 15 }
	veil := func(i int) { b[i/2] |= 14 << (4 * (1 - i%2)); b[i/2] &^= 1 << (4 * (1 - i%2)) }
	for i := 0; i+cardLeast <= 2*len(b); i += 2 {
		for n := min(cardMost, 2*len(b)-i); n >= cardLeast; n-- {
			// What is an odd number of digits long is filled up, or goes on after a D.
			if n%2 == 1 && (i+n >= 2*len(b) || nibble(i+n) <= 9) {
				continue
			}
			digits := make([]byte, n)
			ok := true
			for k := range digits {
				digits[k] = nibble(i + k)
				ok = ok && digits[k] <= 9
			}
			if !ok || !cardNumber(digits) {
				continue
			}
			for k := range n - seenLast {
				veil(i + k)
			}
			end := i + n
			if end < 2*len(b) && nibble(end) == 0xd {
				for end++; end < 2*len(b) && nibble(end) <= 9; end++ {
					veil(end)
				}
			}
			i = (end+1)/2*2 - 2
			break
		}
	}
}

// passwords masks that of a terminal, which stands at the start of a registration
// (ZVT 06 00, length, three bytes).
func passwords(b []byte) {
	for i := 0; i+6 <= len(b); i++ {
		if b[i] == 0x06 && b[i+1] == 0x00 && b[i+2] >= 3 {
			b[i+3], b[i+4], b[i+5] = 0xee, 0xee, 0xee
		}
	}
}

// unfinished is how many bytes at the end of b may be the beginning of something
// to be masked.
func unfinished(b []byte, cards bool) int {
	n := 0
	for n < len(b) && n < heldMax {
		c := b[len(b)-1-n]
		if !cards && !isAlnum(c&^0x20) && !digit(c) && !strings.ContainsRune(" -=^;%/", rune(c)) {
			break
		}
		n++
	}
	return n
}
