package scale

import (
	"bytes"
	"strings"
)

// Bytes that scales use.
const (
	soh = 0x01
	stx = 0x02
	etx = 0x03
	eot = 0x04
	enq = 0x05
	ack = 0x06
	dc1 = 0x11
	nak = 0x15
)

// A step is what is at the front of the bytes that a scale sent.
type step struct {
	n       int     // bytes that it takes; 0 where more has to come
	known   bool    // the scale's language, and no noise
	says    bool    // there is a reading
	reading Reading // where it says one
	reply   []byte  // what the scale waits for
}

// A dialect is how a kind of scale speaks.
type dialect struct {
	ask  []byte // sent for each weight; empty where the scale sends by itself
	sums bool   // frames have a check sum
	next func(b []byte, unit string) step
}

// lineMax bounds a frame; no scale sends a longer one.
const lineMax = 64

func noise(n int) step { return step{n: n} }

func said(n int, r Reading, raw []byte) step {
	r.Raw = string(raw[:n])
	return step{n: n, known: true, says: true, reading: r}
}

// upTo is noise up to the next byte that can begin a frame.
func upTo(b []byte, begin byte) step {
	if i := bytes.IndexByte(b[1:], begin); i >= 0 {
		return noise(1 + i)
	}
	return noise(len(b))
}

// framed finds the frame from begin to end at the front of b; ok is false where
// s says what to do instead. A frame in which another begins was cut short.
func framed(b []byte, begin, end byte) (body []byte, s step, ok bool) {
	if b[0] != begin {
		return nil, upTo(b, begin), false
	}
	whole := b[:min(len(b), lineMax)]
	i := bytes.IndexByte(whole, end)
	if i >= 0 {
		whole = b[:i]
	}
	if bytes.IndexByte(whole[1:], begin) >= 0 && begin != '\n' {
		return nil, upTo(b, begin), false
	}
	switch {
	case i < 0 && len(b) >= lineMax:
		return nil, noise(1), false
	case i < 0:
		return nil, step{}, false
	}
	return b[1:i], step{n: i + 1}, true
}

// mettler8217 reads the 8217 protocol of Mettler Toledo (service manual of the
// Viva, weight-only): STX dd.ddd CR, with an N before the CR for a net weight,
// or STX ? status CR when it cannot say one. It answers with a weight only when
// at rest.
func mettler8217(b []byte, unit string) step {
	body, s, ok := framed(b, stx, '\r')
	if !ok {
		return s
	}
	text := strings.TrimSpace(string(body))
	if status, found := strings.CutPrefix(text, "?"); found {
		if len(status) != 1 {
			return noise(s.n)
		}
		bits := status[0]
		return said(s.n, Reading{Over: bits&2 != 0, Under: bits&4 != 0, Empty: bits&16 != 0 && bits&3 == 0, Net: bits&32 != 0, Fault: bits&8 != 0}, b)
	}
	number, net := strings.CutSuffix(text, "N")
	g, ok := grams(number, unit)
	if !ok {
		return noise(s.n)
	}
	return said(s.n, Reading{Weighed: true, Grams: g, Stable: true, Net: net}, b)
}

// nci reads the general protocol of NCI and Weigh-Tronix (SCP-01): LF weight
// unit CR LF S status CR ETX, or the status alone. Status bytes: the first has
// 1 motion, 2 at zero, 4 and 8 memory errors; the second 1 under, 2 over, 4 and
// 8 errors; a third, where there is one, 4 net.
func nci(b []byte, _ string) step {
	body, s, ok := framed(b, '\n', etx)
	if !ok {
		return s
	}
	text := string(body)
	at := strings.LastIndex(text, "S")
	if at < 0 || at+3 > len(text) {
		return noise(1)
	}
	status := strings.TrimRight(text[at+1:], "\r")
	if len(status) < 2 || len(status) > 4 {
		return noise(1)
	}
	for _, c := range []byte(status) {
		if c&0x70 != 0x30 && c&0x70 != 0x70 {
			return noise(1)
		}
	}
	r := Reading{Stable: status[0]&1 == 0, Empty: status[0]&2 != 0, Fault: status[0]&12 != 0 || status[1]&12 != 0,
		Under: status[1]&1 != 0, Over: status[1]&2 != 0, Net: len(status) > 2 && status[2]&4 != 0}
	if weight := strings.Trim(text[:at], "\r\n "); weight != "" {
		number, unit := apart(weight)
		if r.Grams, r.Weighed = grams(number, unit); !r.Weighed && !r.Over && !r.Under {
			return noise(1)
		}
	}
	r.Stable = r.Stable && r.Weighed
	return said(s.n, r, b)
}

// apart splits a weight into its number and the unit behind it.
func apart(s string) (number, unit string) {
	i := strings.LastIndexAny(s, "0123456789.")
	return s[:i+1], strings.TrimSpace(s[i+1:])
}

// cas reads ACLAS and CAS scales (PD-II, Gram Zfoc, Ohaus Aviator): ENQ is
// answered by ACK, DC1 by SOH STX S|U sign weight unit BCC ETX EOT, where BCC is
// the exclusive or of what is between STX and itself. NAK means moving. A
// weight without a point is thousandths of its unit.
func cas(b []byte, _ string) step {
	switch b[0] {
	case ack:
		return step{n: 1, known: true, reply: []byte{dc1}}
	case nak:
		return said(1, Reading{}, b)
	case soh:
	default:
		for i, c := range b {
			if c == soh || c == ack || c == nak {
				return noise(i)
			}
		}
		return noise(len(b))
	}
	if i := bytes.IndexByte(b[1:min(len(b), 12)], soh); i >= 0 {
		return noise(1 + i) // cut short
	}
	for _, size := range []int{15, 16} { // the weight has six characters, or seven
		if len(b) < size {
			return step{}
		}
		data := b[2 : size-3]
		if b[1] != stx || b[size-2] != etx || b[size-1] != eot || exclusiveOr(data) != b[size-3] {
			continue
		}
		if s := casData(b, data, size); s.n > 0 {
			return s
		}
	}
	return noise(1)
}

func casData(b, data []byte, size int) step {
	state, sign := data[0], data[1]
	number, unit := strings.TrimSpace(string(data[2:len(data)-2])), string(data[len(data)-2:])
	if state != 'S' && state != 'U' {
		return step{}
	}
	if sign == 'F' {
		return said(size, Reading{Over: true}, b)
	}
	if sign != ' ' && sign != '+' && sign != '-' && sign != '0' {
		return step{}
	}
	if !strings.Contains(number, ".") && len(number) > 3 && strings.TrimSpace(strings.ToLower(unit)) != "g" {
		number = number[:len(number)-3] + "." + number[len(number)-3:]
	}
	g, ok := grams(number, unit)
	if !ok {
		return step{}
	}
	if sign == '-' {
		g = -g
	}
	return said(size, Reading{Weighed: true, Grams: g, Stable: state == 'S', Under: g < 0}, b)
}

func exclusiveOr(b []byte) (x byte) {
	for _, c := range b {
		x ^= c
	}
	return x
}

// toledo reads the continuous output of Toledo (8530 and the many that copy
// it), 18 bytes: STX, three status words, six digits of weight, six of tare, CR
// and the sum that makes all of them zero in seven bits.
func toledo(b []byte, _ string) step {
	const size = 18
	if b[0] != stx {
		return upTo(b, stx)
	}
	if len(b) < size {
		return step{}
	}
	var sum byte
	for _, c := range b[:size] {
		sum += c
	}
	a, flags, c := b[1], b[2], b[3]
	if b[16] != '\r' || sum&0x7f != 0 || a&0x20 == 0 || flags&0x20 == 0 || c&0x20 == 0 {
		return upTo(b, stx)
	}
	r := Reading{Net: flags&1 != 0, Over: flags&4 != 0, Stable: flags&8 == 0, Fault: flags&0x40 != 0 || c&0x10 != 0}
	unit := "lb"
	if flags&0x10 != 0 {
		unit = "kg"
	}
	switch c & 7 {
	case 0:
	case 1:
		unit = "g"
	case 2:
		unit = "t"
	case 3:
		unit = "oz"
	default:
		unit = ""
	}
	number := strings.TrimSpace(string(b[4:10]))
	switch places := int(a&7) - 2; {
	case places < 0:
		number += strings.Repeat("0", -places)
	case places > 0:
		number = strings.Repeat("0", max(0, places+1-len(number))) + number
		number = number[:len(number)-places] + "." + number[len(number)-places:]
	}
	g, ok := grams(number, unit)
	if r.Over {
		ok, g = false, 0 // the digits are blank, or nonsense
	} else if !ok {
		return upTo(b, stx)
	}
	if flags&2 != 0 {
		g, r.Under = -g, g > 0
	}
	r.Weighed, r.Grams = ok, g
	return said(size, r, b)
}

// oneLine finds the line at the front of b, ended by CR, LF or ETX.
func oneLine(b []byte) (line string, s step, ok bool) {
	i := bytes.IndexAny(b[:min(len(b), lineMax)], "\r\n\x03")
	switch {
	case i < 0 && len(b) >= lineMax:
		return "", noise(1), false
	case i < 0:
		return "", step{}, false
	case i == 0:
		return "", step{n: 1, known: true}, false // the end of the line before
	}
	return string(b[:i]), step{n: i + 1}, true
}

// stgs reads the lines that many Chinese scales send, as A&D's do: ST, US or OL,
// then GS, NT or TR, then the weight with its unit, between commas. TR is a tare
// and no goods.
func stgs(b []byte, _ string) step {
	line, s, ok := oneLine(b)
	if !ok {
		return s
	}
	parts := strings.Split(strings.Trim(line, " \x02\x00"), ",")
	if len(parts) < 2 || len(parts) > 3 {
		return noise(s.n)
	}
	r := Reading{}
	weight := parts[len(parts)-1]
	if len(parts) == 3 {
		switch parts[1] {
		case "GS":
		case "NT":
			r.Net = true
		case "TR":
			return step{n: s.n, known: true}
		default:
			return noise(s.n)
		}
	}
	switch parts[0] {
	case "OL":
		r.Over, r.Under = !strings.Contains(weight, "-"), strings.Contains(weight, "-")
		return said(s.n, r, b)
	case "ST":
		r.Stable = true
	case "US":
	default:
		return noise(s.n)
	}
	if r.Grams, ok = grams(apart(weight)); !ok {
		return noise(s.n)
	}
	r.Weighed, r.Under = true, r.Grams < 0
	return said(s.n, r, b)
}
