package terminal

import (
	"errors"
	"fmt"
	"strings"
)

// Commands of ZVT (PA00P015, ECR interface, chapters 2 and 3): class and
// instruction.
const (
	zvtAck          = 0x8000
	zvtStatusAsk    = 0x0501
	zvtRegister     = 0x0600
	zvtPay          = 0x0601
	zvtDone         = 0x060f
	zvtAborted      = 0x061e
	zvtRepeat       = 0x0620
	zvtReverse      = 0x0630
	zvtRefund       = 0x0631
	zvtAbort        = 0x06b0
	zvtPrintLine    = 0x06d1
	zvtPrintText    = 0x06d3
	zvtResult       = 0x040f
	zvtIntermediate = 0x04ff
)

// Codes that results, refusals and aborts carry (chapter 10).
const (
	zvtCodeCancelled  = 0x6c
	zvtCodePleaseWait = 0x9c
	zvtCodeBusy       = 0xa0
)

// apduMax bounds a message: its length has 16 bits.
const apduMax = 3 + 2 + 0xffff

// An apdu is one message of ZVT.
type apdu struct {
	code int // class and instruction
	data []byte
}

func (a apdu) bytes() []byte {
	out := []byte{byte(a.code >> 8), byte(a.code)}
	if n := len(a.data); n < 0xff {
		out = append(out, byte(n))
	} else {
		out = append(out, 0xff, byte(n), byte(n>>8))
	}
	return append(out, a.data...)
}

// nextAPDU takes the message at the front of b; n is 0 where more has to come.
func nextAPDU(b []byte) (a apdu, n int) {
	if len(b) < 3 {
		return apdu{}, 0
	}
	from, size := 3, int(b[2])
	if size == 0xff {
		if len(b) < 5 {
			return apdu{}, 0
		}
		from, size = 5, int(b[3])|int(b[4])<<8
	}
	if len(b) < from+size {
		return apdu{}, 0
	}
	return apdu{code: int(b[0])<<8 | int(b[1]), data: b[from : from+size]}, from + size
}

// bcd writes n in so many bytes of two digits.
func bcd(n int64, bytes int) []byte {
	out := make([]byte, bytes)
	for i := bytes - 1; i >= 0; i-- {
		out[i] = byte(n%10) | byte(n/10%10)<<4
		n /= 100
	}
	return out
}

// digits reads bytes of two digits each.
func digits(b []byte) (string, bool) {
	var out strings.Builder
	for _, c := range b {
		if c>>4 > 9 || c&15 > 9 {
			return "", false
		}
		out.WriteByte('0' + c>>4)
		out.WriteByte('0' + c&15)
	}
	return out.String(), true
}

// fixed are the fields of known length (chapter 13); below zero so many digits
// of length stand in front of them.
var fixed = map[byte]int{
	0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x0b: 3, 0x0c: 3, 0x0d: 2, 0x0e: 2, 0x17: 2, 0x19: 1, 0x22: -2, 0x23: -2, 0x24: -3,
	0x27: 1, 0x29: 4, 0x2a: 15, 0x2d: -2, 0x2e: -3, 0x37: 3, 0x3a: 2, 0x3b: 8, 0x3c: -3, 0x3d: 3, 0x49: 2, 0x60: -3, 0x87: 2, 0x88: 3,
	0x8a: 1, 0x8b: -2, 0x8c: 1, 0x9a: -3, 0xa0: 1, 0xa7: -2, 0xaa: 3, 0xaf: -3, 0xba: 5, 0xd0: 1, 0xd1: -2, 0xd2: 1, 0xd3: 1,
}

// fieldTLV is the container of BER-TLV fields.
const fieldTLV = 0x06

var errField = errors.New("a field that ZVT does not have, or half of one")

// fields splits what a message carries. On an error, out is what came before.
func fields(b []byte) (out map[byte][]byte, err error) {
	out = map[byte][]byte{}
	for len(b) > 0 {
		id := b[0]
		b = b[1:]
		size, ok := fixed[id]
		switch {
		case id == fieldTLV:
			if size, b, ok = berLength(b); !ok {
				return out, errField
			}
		case !ok:
			return out, errField
		case size < 0:
			n := -size
			if len(b) < n {
				return out, errField
			}
			size = 0
			for _, c := range b[:n] {
				if c&0xf0 != 0xf0 || c&15 > 9 {
					return out, errField
				}
				size = size*10 + int(c&15)
			}
			b = b[n:]
		}
		if len(b) < size {
			return out, errField
		}
		out[id], b = b[:size], b[size:]
	}
	return out, nil
}

func berLength(b []byte) (n int, rest []byte, ok bool) {
	switch {
	case len(b) >= 1 && b[0] < 0x80:
		return int(b[0]), b[1:], true
	case len(b) >= 2 && b[0] == 0x81:
		return int(b[1]), b[2:], true
	case len(b) >= 3 && b[0] == 0x82:
		return int(b[1])<<8 | int(b[2]), b[3:], true
	}
	return 0, nil, false
}

// A booking is what a terminal says of a payment in 04 0F.
type booking struct {
	code     int // 0 is approved; -1 was not said
	amount   int64
	currency int
	trace    string
	receipt  string
	auth     string
	terminal string
	card     string
	scheme   string
}

// mark names a booking among those of a terminal.
func (k booking) mark() string { return fmt.Sprintf("trace %s receipt %s", k.trace, k.receipt) }

// readBooking reads the fields of 04 0F. The card number ends here: of it only
// the last four digits are kept.
func readBooking(b []byte) (k booking, err error) {
	f, err := fields(b)
	k = booking{code: -1, amount: -1}
	if c, ok := f[0x27]; ok {
		k.code = int(c[0])
	}
	if s, ok := digits(f[0x04]); ok && s != "" {
		k.amount = 0
		for _, c := range s {
			k.amount = k.amount*10 + int64(c-'0')
		}
	}
	if s, ok := digits(f[0x49]); ok && s != "" {
		for _, c := range s {
			k.currency = k.currency*10 + int(c-'0')
		}
	}
	k.trace, _ = digits(f[0x0b])
	k.receipt, _ = digits(f[0x87])
	k.terminal, _ = digits(f[0x29])
	k.auth = printable(f[0x3b])
	k.card = lastFour(f[0x22])
	k.scheme = printable(f[0x8b])
	return k, err
}

// lastFour reads the end of a card number, in which E stands for a digit that
// is hidden and F for none.
func lastFour(b []byte) string {
	var s []byte
	for _, c := range b {
		for _, d := range []byte{c >> 4, c & 15} {
			switch {
			case d <= 9:
				s = append(s, '0'+d)
			case d == 0xe:
				s = append(s, '*')
			}
		}
	}
	if len(s) < 8 {
		return ""
	}
	return string(s[len(s)-4:])
}

func printable(b []byte) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f {
			return -1
		}
		return r
	}, string(b)))
}
