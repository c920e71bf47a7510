package openqr

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// An Object is one data object of an EMVCo code: two digits of ID and a value
// of up to 99 characters, which for templates is a row of objects itself.
type Object struct{ ID, Value string }

// A Code is a merchant-presented code of the EMVCo QR Code Specification for
// Payment Systems, version 1.1: its objects in order, without the CRC.
type Code struct {
	Objects []Object
	// byteLengths is true for codes whose maker counted UTF-8 bytes where the
	// specification counts characters.
	byteLengths bool
}

// CRC returns the CRC-16/CCITT-FALSE of data (polynomial 1021, start FFFF).
func CRC(data string) uint16 {
	crc := uint16(0xFFFF)
	for i := range len(data) {
		crc ^= uint16(data[i]) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// Parse reads a code and checks its CRC. The error is a Problem with the code
// NotEMVCo for a text of another kind, or BadCheck where the CRC differs, which
// is a code that was not fully read.
func Parse(text string) (Code, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "000201") || !utf8.ValidString(text) {
		return Code{}, Problem{Code: NotEMVCo, Field: "code", Detail: "does not begin with 000201"}
	}
	at := len(text) - 8
	if at < 6 || text[at:at+4] != "6304" {
		return Code{}, Problem{Code: NotEMVCo, Field: "code", Detail: "does not end in a CRC"}
	}
	if want := fmt.Sprintf("%04X", CRC(text[:at+4])); !strings.EqualFold(want, text[at+4:]) {
		return Code{}, Problem{Code: BadCheck, Field: "code", Detail: "CRC is " + text[at+4:] + ", should be " + want}
	}
	objects, err := split(text[:at], false)
	if err == nil {
		return Code{Objects: objects}, nil
	}
	if objects, bytesErr := split(text[:at], true); bytesErr == nil {
		return Code{Objects: objects, byteLengths: true}, nil
	}
	return Code{}, Problem{Code: NotEMVCo, Field: "code", Detail: err.Error()}
}

// split reads a row of objects, their lengths in characters or in bytes.
func split(text string, byteLengths bool) ([]Object, error) {
	var objects []Object
	for rest := text; rest != ""; {
		if len(rest) < 4 || strings.Trim(rest[:4], "0123456789") != "" {
			return nil, fmt.Errorf("no object begins at byte %d", len(text)-len(rest))
		}
		id, n := rest[:2], int(rest[2]-'0')*10+int(rest[3]-'0')
		rest = rest[4:]
		end := n
		if !byteLengths {
			for end = 0; n > 0 && end < len(rest); n-- {
				_, size := utf8.DecodeRuneInString(rest[end:])
				end += size
			}
			if n > 0 {
				end = len(rest) + 1
			}
		}
		if end > len(rest) || !utf8.ValidString(rest[:end]) {
			return nil, fmt.Errorf("object %s is cut off", id)
		}
		if slices.ContainsFunc(objects, func(o Object) bool { return o.ID == id }) {
			return nil, fmt.Errorf("object %s is there twice", id)
		}
		objects = append(objects, Object{id, rest[:end]})
		rest = rest[end:]
	}
	return objects, nil
}

// Get returns the value of an object, or "".
func (c Code) Get(id string) string {
	for _, o := range c.Objects {
		if o.ID == id {
			return o.Value
		}
	}
	return ""
}

// With returns the code with an object set: in its place where it was, else
// before the first of a higher ID.
func (c Code) With(id, value string) Code {
	objects := slices.Clone(c.Objects)
	at := slices.IndexFunc(objects, func(o Object) bool { return o.ID == id })
	if at >= 0 {
		objects[at].Value = value
		return Code{objects, c.byteLengths}
	}
	at = slices.IndexFunc(objects, func(o Object) bool { return o.ID > id })
	if at < 0 {
		at = len(objects)
	}
	return Code{slices.Insert(objects, at, Object{id, value}), c.byteLengths}
}

// Template returns the objects inside a template object. ok is false where its
// value is no row of objects.
func (c Code) Template(id string) (inside Code, ok bool) {
	objects, err := split(c.Get(id), c.byteLengths)
	return Code{objects, c.byteLengths}, err == nil
}

// row writes the objects without a CRC. The error is TooLong for a value of
// more than 99 characters.
func (c Code) row() (string, error) {
	var b strings.Builder
	for _, o := range c.Objects {
		n := utf8.RuneCountInString(o.Value)
		if c.byteLengths {
			n = len(o.Value)
		}
		if n > 99 {
			return "", Problem{Code: TooLong, Field: "code", Detail: fmt.Sprintf("object %s has %d characters, 99 are allowed", o.ID, n)}
		}
		fmt.Fprintf(&b, "%s%02d%s", o.ID, n, o.Value)
	}
	return b.String(), nil
}

// Encode writes the code with its CRC.
func (c Code) Encode() (string, error) {
	row, err := c.row()
	if err != nil {
		return "", err
	}
	row += "6304"
	return row + fmt.Sprintf("%04X", CRC(row)), nil
}

// emv begins a code for one payment: dynamic, of the given template.
func emv(id string, template ...Object) (Code, error) {
	inside, err := filled(template...)
	return Code{Objects: []Object{{"00", "01"}, {"01", "12"}, {id, inside}}}, err
}

// filled writes the objects that have a value as the inside of a template,
// which holds 99 characters.
func filled(objects ...Object) (string, error) {
	row, err := Code{Objects: slices.DeleteFunc(objects, func(o Object) bool { return o.Value == "" })}.row()
	if err == nil && utf8.RuneCountInString(row) > 99 {
		err = Problem{Code: TooLong, Field: "code", Detail: "a template has more than 99 characters"}
	}
	return row, err
}

// numbers are the ISO 4217 numbers that object 53 carries.
var numbers = map[string]string{
	"AED": "784", "AUD": "036", "BDT": "050", "BND": "096", "BRL": "986", "CHF": "756", "CNY": "156", "EUR": "978", "GBP": "826",
	"HKD": "344", "IDR": "360", "INR": "356", "JPY": "392", "KHR": "116", "KRW": "410", "LAK": "418", "LKR": "144", "MMK": "104",
	"MOP": "446", "MYR": "458", "NPR": "524", "PHP": "608", "PKR": "586", "SGD": "702", "THB": "764", "TWD": "901", "USD": "840", "VND": "704",
}
