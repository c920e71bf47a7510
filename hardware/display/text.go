package display

import (
	"bytes"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till/receipt"
)

// columns is the width of both lines.
const columns = 20

// lines lays a view out in two lines of exactly columns bytes: a character of
// two bytes takes two columns.
func lines(v View, charset string) (upper, lower []byte) {
	name := v.Name
	if charset != "gb18030" {
		name = v.Latin
	}
	upper = text(name, charset)
	if len(upper) == 0 {
		upper = sum(v.Above, charset)
	}
	return fill(upper), fill(sum(v.Main, charset))
}

// sum is a word on the left and its amount on the right. A long amount pushes
// the word out; one longer than the line is not cut, as it would be another.
func sum(s Sum, charset string) []byte {
	if s.What == Nothing || !plausible(s.Amount) {
		return nil
	}
	if len(s.Amount) > columns {
		return bytes.Repeat([]byte{'-'}, columns)
	}
	word := words[s.What][1]
	if charset == "gb18030" {
		word = words[s.What][0]
	}
	label := text(word, charset)
	room := columns - len(s.Amount)
	if len(label) >= room {
		label = nil
	}
	return append(append(label, bytes.Repeat([]byte{' '}, room-len(label))...), s.Amount...)
}

// text encodes s and cuts it to the width between characters. What the display
// has no character for is a question mark.
func text(s, charset string) []byte {
	encode := simplifiedchinese.GB18030.NewEncoder()
	var out []byte
	for _, r := range strings.TrimSpace(s) {
		if r == '¥' { // four bytes, which would show as others
			r = '￥'
		}
		b := []byte{'?'}
		switch {
		case r >= ' ' && r < 0x7f:
			b[0] = byte(r)
		case receipt.Width(r) == 0:
			continue
		case charset == "gb18030" && receipt.InPrinterFont(r):
			if two, err := encode.Bytes([]byte(string(r))); err == nil && len(two) == 2 {
				b = two
			}
		}
		if len(out)+len(b) > columns {
			break
		}
		out = append(out, b...)
	}
	return out
}

func fill(b []byte) []byte {
	return append(b, bytes.Repeat([]byte{' '}, columns-len(b))...)
}
