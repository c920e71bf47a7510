package ui

import (
	"strings"
	"time"
	"unicode"

	"guitai/till"
)

// layoutCode is the test code: characters whose keys lie elsewhere on the layouts in use, in both cases.
const layoutCode = "GTaqyzAZ09-@;/"

// separatorCode is the test code as two-dimensional scanners read it: with the separator of GS1 codes behind it.
const separatorCode = layoutCode + "\x1dE"

// layouts are what the keys of layoutCode give where the computer is set to another layout than the scanner's US one.
var layouts = map[string]string{
	"fr": "GTqayw" + "QW" + "à" + "ç" + ")" + "2" + "m" + "!",
	"de": "GTaqzy" + "AY" + "09" + "ß" + `"` + "ö" + "-",
	"gb": "GTaqyz" + "AZ" + "09" + "-" + `"` + ";" + "/",
	"es": "GTaqyz" + "AZ" + "09" + "'" + `"` + "ñ" + "-",
	"it": "GTaqyz" + "AZ" + "09" + "'" + `"` + "ò" + "-",
}

// finding is what is known of one thing that can be wrong with a scanner.
type finding uint8

const (
	notSeen finding = iota
	seenRight
	seenWrong
)

// The things that can be wrong, in the order in which they are mended: what spoils every code comes first.
var scannerChecks = []string{"method", "layout", "caps", "end", "speed", "prefix", "separator", "phone"}

// scannerState is what a scanner has shown so far.
type scannerState struct {
	reads  []scannerRead // the last first
	found  map[string]finding
	layout string // the layout that the test code came in, where it is one that the till knows
	prefix string // what came before the test code
	suffix string // what came after it
	ended  string
	direct bool // the last read came from a scanner that is no keyboard
}

// scannerRead is one thing that was scanned.
type scannerRead struct {
	at     time.Time
	burst  Burst
	shown  string // masked where it is a secret
	kind   string // a word of the catalogue under scanner.kind.
	format string // EAN-13 and the like; "" where nothing says so
	whole  bool
	does   string // what the till will do, in words
	n      int    // tells one from the next
}

// learn takes in what a burst says of the scanner.
func (s *scannerState) learn(b Burst) {
	if s.found == nil {
		s.found = map[string]finding{}
	}
	if s.direct = b.Device; b.Device {
		return // no keyboard, no layout, no input method
	}
	n := len([]rune(b.Text))
	plain := till.PlainCode(b.Text)
	if strings.ContainsFunc(b.Text, composed) {
		s.found["method"] = seenWrong
		return
	}
	s.learnEnd(b, n)
	at := strings.Index(plain, layoutCode)
	name := layoutOf(plain)
	switch {
	case at >= 0:
		s.found["method"], s.found["layout"], s.found["caps"] = seenRight, seenRight, seenRight
		s.layout, s.prefix, s.suffix = "", plain[:at], strings.TrimSuffix(plain[at+len(layoutCode):], "\x1dE")
		s.found["prefix"] = seenRight
		if s.prefix != "" || s.suffix != "" && s.suffix != "E" {
			s.found["prefix"] = seenWrong
		}
		switch tail := plain[at+len(layoutCode):]; {
		case strings.HasPrefix(tail, "\x1dE"):
			s.found["separator"] = seenRight
		case tail == "E":
			s.found["separator"] = seenWrong
		}
	case strings.Contains(plain, turned(layoutCode)):
		s.found["method"], s.found["layout"], s.found["caps"] = seenRight, seenRight, seenWrong
	case name != "":
		s.found["method"], s.found["layout"], s.layout = seenRight, seenWrong, name
	case lettersLost(plain):
		s.found["method"] = seenWrong
	case n >= len(layoutCode)-2 && strings.HasPrefix(strings.ToUpper(plain), "GT") && strings.ContainsAny(plain, "09") && n <= len(layoutCode)+2 && strings.ContainsAny(plain, "-@;/\"'"):
		s.found["layout"], s.layout = seenWrong, "" // one that the till does not know
	case till.PlainCode(b.Text) != strings.TrimSpace(b.Text) && s.found["method"] == notSeen:
		s.found["method"] = seenRight // letters came through
	}
	if strings.Contains(b.Text, "\x1d") {
		s.found["separator"] = seenRight
	}
	if b.Scan && fromPhone(b.Text) {
		s.found["phone"] = seenRight
	}
}

// learnEnd takes in how a code ended, and how fast it came.
func (s *scannerState) learnEnd(b Burst, n int) {
	if n < burstMin {
		return // somebody types
	}
	s.found["speed"] = seenWrong
	if b.Scan {
		s.found["speed"] = seenRight
	}
	s.ended = b.End
	s.found["end"] = seenRight
	if b.End == "" {
		s.found["end"] = seenWrong
	}
}

// composed reports whether a character can only come from an input method: no scanner sends it.
func composed(c rune) bool {
	return unicode.Is(unicode.Han, c) || c >= 0x3000 && c <= 0x303f || c >= 0xff00 && c <= 0xffef
}

// layoutOf names the layout in which the test code came; "" for none that is known.
func layoutOf(text string) string {
	for name, keys := range layouts {
		if strings.Contains(text, keys) || strings.Contains(text, turned(keys)) {
			return name
		}
	}
	return ""
}

// lettersLost reports whether the test code came without its letters: an input method kept them.
func lettersLost(text string) bool {
	return strings.Contains(text, "09-") && !strings.ContainsFunc(text, unicode.IsLetter) && len(text) < len(layoutCode)
}

// turned is a text with Caps Lock on: capitals small, and small letters capital.
func turned(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsUpper(c) {
			return unicode.ToLower(c)
		}
		return unicode.ToUpper(c)
	}, text)
}

// fromPhone reports whether a code is of the kind that stands on the screen of a phone: a payment code, or a QR code.
func fromPhone(text string) bool {
	b, err := till.ParseBarcode(text)
	return err == nil && (b.Kind == till.BarcodePayCode || strings.HasSuffix(b.Symbology, "qr") || strings.HasPrefix(b.Text, "http"))
}

// worst is the first thing that is wrong; "" for none.
func (s *scannerState) worst() string {
	for _, k := range scannerChecks {
		if s.found[k] == seenWrong {
			return k
		}
	}
	return ""
}

// proved reports whether all that a keyboard scanner must do has been seen.
func (s *scannerState) proved() bool {
	for _, k := range []string{"method", "layout", "caps", "end", "speed"} {
		if s.found[k] != seenRight {
			return false
		}
	}
	return true
}

// visible writes a code with its control characters as signs.
func visible(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == 0x1d:
			return '␝'
		case c < ' ':
			return 0x2400 + c
		}
		return c
	}, text)
}
