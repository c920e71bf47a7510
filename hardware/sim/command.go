package sim

import "bytes"

// Bytes that begin commands.
const (
	esc = 0x1b
	fs  = 0x1c
	gs  = 0x1d
	dle = 0x10
)

// counted are the commands with a fixed number of bytes after their two. What
// they do is in obey; those without a line there change only looks.
var counted = map[string]int{
	"\x1b@": 0, "\x1b2": 0, "\x1bi": 0, "\x1bm": 0, "\x1ba": 1, "\x1bE": 1, "\x1bG": 1, "\x1bd": 1, "\x1bJ": 1, "\x1b!": 1,
	"\x1b-": 1, "\x1b3": 1, "\x1bt": 1, "\x1bR": 1, "\x1bM": 1, "\x1b=": 1, "\x1b ": 1, "\x1b{": 1, "\x1bV": 1, "\x1br": 1,
	"\x1bp": 3, "\x1b$": 2, "\x1b\\": 2, "\x1bc": 2, "\x1bB": 2,
	"\x1c&": 0, "\x1c.": 0, "\x1c!": 1, "\x1cW": 1, "\x1c-": 1, "\x1cS": 2, "\x1cC": 1,
	"\x1d!": 1, "\x1dh": 1, "\x1dw": 1, "\x1dH": 1, "\x1df": 1, "\x1dr": 1, "\x1da": 1, "\x1dI": 1, "\x1dB": 1, "\x1db": 1,
	"\x1dL": 2, "\x1dW": 2, "\x1dP": 2, "\x1d$": 2, "\x1d\\": 2, "\x1d/": 1,
}

// size returns how long the command at the front of b is, 0 where more of it
// has to come, and whether the printer knows it.
func size(b []byte) (n int, known bool) {
	if len(b) < 2 {
		return 0, true
	}
	n = 2
	if k, ok := counted[string(b[:2])]; ok {
		n += k
		if len(b) < n {
			n = 0
		}
		return n, true
	}
	need := func(k int) bool { return len(b) >= k }
	whole := func(k int) (int, bool) {
		if len(b) < k {
			return 0, true
		}
		return k, true
	}
	switch string(b[:2]) {
	case "\x10\x04", "\x10\x05":
		return whole(3)
	case "\x10\x14":
		if need(3) && b[2] == 8 {
			return whole(10)
		}
		return whole(5)
	case "\x1dV":
		if need(3) && b[2] >= 65 {
			return whole(4)
		}
		return whole(3)
	case "\x1d(":
		if !need(5) {
			return 0, true
		}
		return whole(5 + int(b[3]) + int(b[4])<<8)
	case "\x1d8":
		if !need(7) {
			return 0, true
		}
		return whole(7 + int(b[3]) + int(b[4])<<8 + int(b[5])<<16)
	case "\x1dv":
		if !need(8) {
			return 0, true
		}
		return whole(8 + (int(b[4])+int(b[5])<<8)*(int(b[6])+int(b[7])<<8))
	case "\x1b*":
		if !need(5) {
			return 0, true
		}
		k := int(b[3]) + int(b[4])<<8
		if b[2] >= 32 {
			k *= 3
		}
		return whole(5 + k)
	case "\x1d*":
		if !need(4) {
			return 0, true
		}
		return whole(4 + int(b[2])*int(b[3])*8)
	case "\x1dk":
		if !need(4) {
			return 0, true
		}
		if b[2] >= 65 {
			return whole(4 + int(b[3]))
		}
		end := bytes.IndexByte(b[3:], 0)
		if end < 0 {
			return 0, true
		}
		return 3 + end + 1, true
	case "\x1bD":
		end := bytes.IndexByte(b[2:], 0)
		if end < 0 {
			return 0, true
		}
		return 2 + end + 1, true
	}
	return 2, false
}
