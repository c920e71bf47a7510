package terminal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"guitai/hardware/port"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMessagesOfZVT(t *testing.T) {
	for _, row := range []struct {
		what string
		got  []byte
		want string
	}{
		{"an authorisation of 36.40 euros", apdu{zvtPay, append(append([]byte{4}, bcd(3640, 6)...), append([]byte{0x49}, bcd(978, 2)...)...)}.bytes(), "06 01 0a 04 000000003640 49 0978"},
		{"a registration", apdu{zvtRegister, append(append(bcd(0, 3), 0x9e), bcd(978, 2)...)}.bytes(), "06 00 06 000000 9e 0978"},
		{"an acknowledgement", apdu{code: zvtAck}.bytes(), "80 00 00"},
		{"an acknowledgement on a serial line", frame(apdu{code: zvtAck}.bytes()), "10 02 80 00 00 10 03 f5 1f"},
		{"DLE is doubled", frame([]byte{0x06, 0x10, 0x00})[:9], "10 02 06 10 10 00 10 03 " + hex.EncodeToString(frame([]byte{0x06, 0x10, 0x00})[8:9])},
		{"a long message", apdu{zvtPrintText, make([]byte, 300)}.bytes()[:5], "06 d3 ff 2c 01"},
	} {
		if want := unhex(t, row.want); !bytes.Equal(row.got, want) {
			t.Errorf("%s: % x, want % x", row.what, row.got, want)
		}
	}
	if sum := crc([]byte("123456789")); sum != 0x2189 {
		t.Errorf("the check value of the sum is %04x, want 2189", sum)
	}
}

func TestBookings(t *testing.T) {
	k, err := readBooking(unhex(t, "27 00 04 000000003640 0b 000123 0c 123456 0d 1125 0e 2712 49 0978 22 f1f0 672590eeeeee00424242 87 0045 29 12345678 3b 4142303132330000 8b f0f9 6769726f6361726400 06 03 1f1001"))
	if err != nil || k != (booking{0, 3640, 978, "000123", "0045", "AB0123", "12345678", "4242", "girocard"}) {
		t.Errorf("%+v, %v", k, err)
	}
	for _, row := range []struct {
		what, data string
		code       int
		amount     int64
	}{
		{"nothing", "", -1, -1},
		{"an unknown field ends it, what came before holds", "27 00 fe 01", 0, -1},
		{"half a field", "27 00 04 0000", 0, -1},
		{"no digits in an amount", "27 33 04 00000000000a", 0x33, -1},
		{"a wrong length", "27 00 22 01 02", 0, -1},
	} {
		if k, _ := readBooking(unhex(t, row.data)); k.code != row.code || k.amount != row.amount {
			t.Errorf("%s: %+v", row.what, k)
		}
	}
	// Of a card number, four digits are kept, and none of a short one.
	if s := lastFour(unhex(t, "6725900000004242")); s != "4242" {
		t.Errorf("the last four are %q", s)
	}
	if s := lastFour(unhex(t, "67259f")); s != "" {
		t.Errorf("of five digits %q is kept", s)
	}
}

// Declined needs the terminal's word, approved its word, its result and the
// right amount; everything else is unknown.
func TestWhatTheEndOfAnOrderMeans(t *testing.T) {
	p := Payment{Ref: "1", Amount: 3640, Currency: 978}
	ok := &booking{amount: 3640, currency: 978, trace: "1"}
	for _, row := range []struct {
		what   string
		end    ending
		err    error
		want   Outcome
		reason Reason
	}{
		{"done", ending{code: zvtDone, booked: ok}, nil, Approved, ""},
		{"done, the currency not named", ending{code: zvtDone, booked: &booking{amount: 3640}}, nil, Approved, ""},
		{"done without a result", ending{code: zvtDone}, nil, Unknown, Doubtful},
		{"done with half a result", ending{code: zvtDone, booked: &booking{code: -1, amount: 3640}}, nil, Unknown, Doubtful},
		{"done, less than asked", ending{code: zvtDone, booked: &booking{amount: 3600}}, nil, Unknown, Doubtful},
		{"done, in another currency", ending{code: zvtDone, booked: &booking{amount: 3640, currency: 756}}, nil, Unknown, Doubtful},
		{"done, the bank said no", ending{code: zvtDone, booked: &booking{code: 0x33, amount: 3640}}, nil, Declined, Refused},
		{"aborted", ending{code: zvtAborted, why: 0x33}, nil, Declined, Refused},
		{"aborted by the customer", ending{code: zvtAborted, why: zvtCodeCancelled}, nil, Declined, Cancelled},
		{"aborted after it was approved", ending{code: zvtAborted, booked: ok}, nil, Unknown, Doubtful},
		{"refused", ending{refused: true, why: 0x83}, nil, Declined, NotSent},
		{"refused, as busy", ending{refused: true, why: zvtCodePleaseWait}, nil, Declined, Occupied},
		{"approved, then cut", ending{booked: ok}, port.ErrGone, Unknown, LinkLost},
		{"declined, then cut", ending{booked: &booking{code: 0x33}}, port.ErrGone, Unknown, LinkLost},
		{"cut", ending{}, errors.Join(port.ErrGone, errors.New("reset")), Unknown, LinkLost},
		{"silent", ending{}, port.ErrTimeout, Unknown, Silent},
	} {
		if r := paid(p, row.end, row.err); r.Outcome != row.want || r.Reason != row.reason {
			t.Errorf("%s: %+v, want %s %s", row.what, r, row.want, row.reason)
		}
	}
}

func TestWhatATerminalShows(t *testing.T) {
	for _, row := range []struct{ data, want string }{
		{"0a", "insert"}, {"04", "bank"}, {"0e 60", "wait"}, {"41", "wait"},
		{"ff 06 0d 24 0b 07 04 4b415254 07 03 205021", "KART P!"},
		{"0a 30 06 07 24 05 07 03 99696e", "Öin"},
		{"ff 06 05 24 03 07 7f", "wait"}, // half of it
	} {
		if got := shown(unhex(t, row.data)); got != row.want {
			t.Errorf("%s shows %q, want %q", row.data, got, row.want)
		}
	}
	var s slip
	s.line(unhex(t, "00 5375 6d 6d 65 20 20"))
	s.line(nil)
	s.text(unhex(t, "06 0b 25 09 07 02 4142 07 00 07 01 1b"))
	if got := s.String(); got != "Summe\nAB" {
		t.Errorf("the slip is %q", got)
	}
}

func FuzzZVTShown(f *testing.F) {
	f.Add([]byte("\x0a\x06\x06\x24\x04\x07\x02ab"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		if s := shown(b); s == "" || len([]rune(s)) > shownMost {
			t.Fatalf("%x shows %q", b, s)
		}
		var s slip
		s.line(b)
		s.text(b)
		if len(s) > slipMost {
			t.Fatalf("%d lines", len(s))
		}
	})
}

func FuzzZVTMessage(f *testing.F) {
	f.Add([]byte("\x04\x0f\x09\x27\x00\x04\x00\x00\x00\x00\x36\x40"))
	f.Add([]byte("\x06\xd3\xff\x02\x00ab\x80\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) { holdMessages(t, b) })
}

func holdMessages(t testing.TB, b []byte) {
	for rest := b; ; {
		a, n := nextAPDU(rest)
		if n == 0 {
			break
		}
		if n > len(rest) || a.code < 0 || a.code > 0xffff {
			t.Fatalf("%d of %d bytes", n, len(rest))
		}
		if again, m := nextAPDU(a.bytes()); m != len(a.bytes()) || again.code != a.code || !bytes.Equal(again.data, a.data) {
			t.Fatalf("%x is written as %x", rest[:n], a.bytes())
		}
		k, _ := readBooking(a.data)
		if k.amount < -1 || k.amount > amountMax || k.currency < 0 || k.currency > 9999 || len(k.card) > 4 {
			t.Fatalf("%+v of %x", k, a.data)
		}
		rest = rest[n:]
	}
}

func FuzzZVTFrame(f *testing.F) {
	f.Add(frame([]byte("\x80\x00\x00")), []byte("\x06\x01\x10"))
	f.Add([]byte("\x10\x02\x10\x02\x06\x15\x10\x10"), []byte("\x10\x03"))
	f.Fuzz(func(t *testing.T, noise, data []byte) { holdFrames(t, noise, data) })
}

// holdFrames takes frames out of noise; a whole frame behind it comes through
// at the latest when it is sent a second time.
func holdFrames(t testing.TB, noise, data []byte) {
	if len(data) == 0 {
		data = []byte{0x80, 0, 0}
	}
	if len(data) > 300 || len(noise) > 300 {
		return
	}
	b := slices.Concat(noise, frame(data), frame(data), frame(data))
	found := 0
	for len(b) > 0 {
		p := nextFrame(b)
		if p.n < 0 || p.n > len(b) {
			t.Fatalf("%d of %d bytes", p.n, len(b))
		}
		if p.n == 0 {
			break
		}
		if p.data != nil && bytes.Equal(p.data, data) {
			found++
		}
		b = b[p.n:]
	}
	if found == 0 {
		t.Fatalf("%x behind %x is lost", data, noise)
	}
}
