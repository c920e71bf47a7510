package sim

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// usKeyboard has the characters of a US keyboard by the code of their key
// (include/uapi/linux/input-event-codes.h); the second line has those
// with Shift.
var usKeyboard = []struct {
	first uint16
	keys  [2]string
}{
	{2, [2]string{"1234567890-=", "!@#$%^&*()_+"}},
	{16, [2]string{"qwertyuiop[]", "QWERTYUIOP{}"}},
	{30, [2]string{"asdfghjkl;'`", `ASDFGHJKL:"~`}},
	{43, [2]string{`\zxcvbnm,./`, "|ZXCVBNM<>?"}},
}

// Typed returns the events of a keyboard that types text, as this machine's
// kernel hands them to a program: struct input_event, one after the other, with
// a report after each key. GS is typed as Ctrl and ].
func Typed(text string) []byte {
	var out []byte
	event := func(kind, code uint16, value uint32) {
		out = append(out, make([]byte, 2*bits.UintSize/8)...) // the time
		out = binary.NativeEndian.AppendUint16(out, kind)
		out = binary.NativeEndian.AppendUint16(out, code)
		out = binary.NativeEndian.AppendUint32(out, value)
	}
	key := func(code uint16, down uint32) {
		event(4, 4, uint32(code)) // MSC_SCAN, which keyboards send beside
		event(1, code, down)
		event(0, 0, 0)
	}
	for _, c := range text {
		code, with := keyOf(c)
		if code == 0 {
			continue
		}
		if with != 0 {
			key(with, 1)
		}
		key(code, 1)
		key(code, 0)
		if with != 0 {
			key(with, 0)
		}
	}
	return out
}

// keyOf returns the key of a character, and the key held down with it, 0 for
// none.
func keyOf(c rune) (code, with uint16) {
	const ctrl, shift = 29, 42
	switch c {
	case '\r', '\n':
		return 28, 0
	case '\t':
		return 15, 0
	case ' ':
		return 57, 0
	case 0x1d:
		return 27, ctrl
	}
	for _, row := range usKeyboard {
		if i := strings.IndexRune(row.keys[0], c); i >= 0 {
			return row.first + uint16(i), 0
		}
		if i := strings.IndexRune(row.keys[1], c); i >= 0 {
			return row.first + uint16(i), shift
		}
	}
	return 0, 0
}
