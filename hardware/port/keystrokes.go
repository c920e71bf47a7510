package port

import (
	"encoding/binary"
	"strconv"
)

// eventSize is the size of struct input_event (include/uapi/linux/input.h): two
// words of the machine for the time, type and code of 16 bits, a value of 32.
const eventSize = 2*strconv.IntSize/8 + 8

// Event types, and what is used of their codes and values
// (include/uapi/linux/input-event-codes.h).
const (
	evSyn      = 0
	evKey      = 1
	synReport  = 0
	synDropped = 3 // the kernel's room was full: events are missing

	keyUp   = 0
	keyDown = 1 // 2 is a key held down, which repeats
)

// Codes of the keys that change what others mean.
const (
	leftCtrl   = 29
	leftShift  = 42
	rightShift = 54
	leftAlt    = 56
	rightCtrl  = 97
	rightAlt   = 100
)

// Spoiled stands in what a keyboard types for keys that were lost. It is CAN of
// ASCII: what was typed since the last end is not to be used.
const Spoiled = 0x18

// usKeys are the characters of keys on the US layout by their codes, without and
// with Shift. A scanner types by the places of a US keyboard unless its maker's
// setup says otherwise; the layout of the computer has no part in it.
var usKeys = func() (keys [2][256]byte) {
	row := func(first int, plain, shifted string) {
		for i := range len(plain) {
			keys[0][first+i], keys[1][first+i] = plain[i], shifted[i]
		}
	}
	row(2, "1234567890-=", "!@#$%^&*()_+")
	row(15, "\tqwertyuiop[]\r", "\tQWERTYUIOP{}\r")
	row(30, "asdfghjkl;'`", `ASDFGHJKL:"~`)
	row(43, `\zxcvbnm,./`, "|ZXCVBNM<>?")
	row(55, "*", "*")
	row(57, " ", " ")
	row(71, "789-456+1230.", "789-456+1230.") // the block of digits, as with Num Lock
	row(96, "\r", "\r")
	row(98, "/", "/")
	return keys
}()

// keystrokes turns the events of a keyboard into what it types. Caps Lock is
// ignored: a scanner sends Shift with each capital letter, and the lamp of the
// computer's own keyboard would turn them round.
type keystrokes struct {
	rest  []byte          // of an event that came in part
	down  map[uint16]bool // of the keys that change others
	lost  bool            // events are missing up to the next report
	typed int             // with Alt on the block of digits
	digit bool            // typed is meant
}

// take adds what events type to out: ASCII, with CR for Enter, TAB for Tab and
// Spoiled where keys were lost.
func (k *keystrokes) take(out, events []byte) []byte {
	if len(k.rest) > 0 {
		events = append(k.rest, events...)
	}
	for ; len(events) >= eventSize; events = events[eventSize:] {
		at := events[eventSize-8:]
		out = k.event(out, binary.NativeEndian.Uint16(at), binary.NativeEndian.Uint16(at[2:]), int32(binary.NativeEndian.Uint32(at[4:])))
	}
	k.rest = append([]byte(nil), events...)
	return out
}

func (k *keystrokes) event(out []byte, kind, code uint16, value int32) []byte {
	switch {
	case kind == evSyn && code == synDropped:
		// Which keys are down is not known any more, and the code is spoiled.
		k.lost, k.digit, k.typed = true, false, 0
		clear(k.down)
		return append(out, Spoiled)
	case kind == evSyn && code == synReport:
		k.lost = false
	case kind != evKey || k.lost:
	case code == leftCtrl || code == rightCtrl || code == leftShift || code == rightShift || code == leftAlt || code == rightAlt:
		return k.turn(out, code, value)
	case value == keyDown && int(code) < len(usKeys[0]):
		return k.press(out, code)
	}
	return out
}

// turn notes a key that changes what others mean. Where Alt goes up, the
// character is whole whose number was typed meanwhile.
func (k *keystrokes) turn(out []byte, code uint16, value int32) []byte {
	if k.down == nil {
		k.down = map[uint16]bool{}
	}
	k.down[code] = value != keyUp
	if code != leftAlt && code != rightAlt || value != keyUp || !k.digit {
		return out
	}
	n := k.typed
	k.digit, k.typed = false, 0
	if n < 1 || n > 127 {
		return append(out, Spoiled) // of a code page that nobody named
	}
	return append(out, byte(n))
}

// press adds the character of a key that went down.
func (k *keystrokes) press(out []byte, code uint16) []byte {
	shift := 0
	if k.down[leftShift] || k.down[rightShift] {
		shift = 1
	}
	c := usKeys[shift][code]
	switch {
	case c == 0:
	case k.down[leftAlt] || k.down[rightAlt]:
		if c >= '0' && c <= '9' && code >= 71 {
			k.digit, k.typed = true, min(k.typed*10+int(c-'0'), 1000)
		}
	case k.down[leftCtrl] || k.down[rightCtrl]:
		// GS, which stands between the parts of a GS1 code, is typed as Ctrl and ].
		if c >= '@' && c <= '~' {
			return append(out, c&0x1f)
		}
	default:
		return append(out, c)
	}
	return out
}
