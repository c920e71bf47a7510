package terminal

import (
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Showing are the words for what a terminal shows where it says no text of its
// own.
var Showing = []string{
	"confirm", "look", "bank", "reversing", "insert", "remove", "wait", "not_accepted", "unreadable", "expired", "pin_wrong", "pin_blocked",
	"no_credit", "approved", "declined", "fault",
}

// zvtShowing are the words of the codes of 04 FF (PA00P015, table of intermediate
// status).
var zvtShowing = map[byte]string{
	0x00: "confirm", 0x01: "look", 0x02: "look", 0x03: "not_accepted", 0x04: "bank", 0x05: "reversing", 0x06: "bank", 0x07: "not_accepted",
	0x08: "not_accepted", 0x09: "expired", 0x0a: "insert", 0x0b: "remove", 0x0c: "unreadable", 0x0d: "fault", 0x0e: "wait", 0x0f: "wait",
	0x10: "not_accepted", 0x12: "fault", 0x13: "declined", 0x14: "no_credit", 0x15: "pin_wrong", 0x16: "no_credit", 0x17: "wait",
	0x18: "pin_blocked", 0x19: "unreadable", 0x1b: "approved", 0x1c: "approved", 0x1d: "declined",
}

// TLV tags of texts (PA00P015, chapter TLV): lines of what is shown stand in 24,
// lines to be printed in 25, each as 07 with its attributes in 09 beside it.
const (
	tlvShown   = 0x24
	tlvPrinted = 0x25
	tlvLine    = 0x07
)

// shownMost bounds what a terminal says on the till's screen, in characters.
const shownMost = 80

// shown is what 04 FF says: a code, how long it may last, and in TLV the text.
func shown(b []byte) string {
	if i := slices.Index(b, fieldTLV); i > 0 && i <= 2 {
		if n, rest, ok := berLength(b[i+1:]); ok && len(rest) >= n {
			if s := strings.Join(strings.Fields(strings.Join(tlvLines(rest[:n], tlvShown), " ")), " "); s != "" {
				r := []rune(s)
				return string(r[:min(len(r), shownMost)])
			}
		}
	}
	if s, ok := zvtShowing[b[0]]; ok {
		return s
	}
	return "wait"
}

// tlvLines are the texts in the containers of a tag; what cannot be read ends
// them.
func tlvLines(b []byte, tag byte) []string {
	var out []string
	for len(b) > 0 {
		t := b[0]
		two := t&0x1f == 0x1f // the tag has a second byte
		if b = b[1:]; two {
			if len(b) == 0 {
				return out
			}
			b = b[1:]
		}
		n, rest, ok := berLength(b)
		if !ok || len(rest) < n {
			return out
		}
		switch {
		case two:
		case t != tag:
		case t == tlvLine:
			out = append(out, plain(rest[:n]))
		default:
			out = append(out, tlvLines(rest[:n], tlvLine)...)
		}
		b = rest[n:]
	}
	return out
}

// plain reads text of a terminal, which is in code page 437, without what
// controls a printer.
func plain(b []byte) string {
	s, err := charmap.CodePage437.NewDecoder().Bytes(b)
	if err != nil {
		return ""
	}
	return strings.TrimRight(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, string(s)), " ")
}

// slipMost bounds a slip, in lines and characters a line.
const (
	slipMost = 120
	slipWide = 48
)

// A slip collects the lines that a terminal wants printed.
type slip []string

// line takes 06 D1: an attribute, then the text.
func (s *slip) line(b []byte) {
	if len(b) > 0 {
		s.add(plain(b[1:]))
	}
}

// text takes 06 D3: lines in TLV.
func (s *slip) text(b []byte) {
	if len(b) == 0 || b[0] != fieldTLV {
		return
	}
	if n, rest, ok := berLength(b[1:]); ok && len(rest) >= n {
		for _, l := range tlvLines(rest[:n], tlvPrinted) {
			s.add(l)
		}
	}
}

func (s *slip) add(l string) {
	if r := []rune(l); len(r) > slipWide {
		l = string(r[:slipWide])
	}
	if len(*s) < slipMost {
		*s = append(*s, l)
	}
}

// String is the slip as lines.
func (s slip) String() string { return strings.Trim(strings.Join(s, "\n"), "\n") }
