package printer

import (
	"sync"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till/receipt"
)

// codes holds the two bytes that GB18030 has for each rune of the printer's
// font, 0 for the others.
var codes = sync.OnceValue(func() *[0x10000]uint16 {
	table := new([0x10000]uint16)
	enc := simplifiedchinese.GB18030.NewEncoder()
	var dst [8]byte
	for r := rune(0x80); r < 0x10000; r++ {
		if !receipt.InPrinterFont(r) {
			continue
		}
		enc.Reset()
		if n, _, err := enc.Transform(dst[:], []byte(string(r)), true); err == nil && n == 2 {
			table[r] = uint16(dst[0])<<8 | uint16(dst[1])
		}
	}
	return table
})

// appendText adds s in GB18030. ok is false, and dst is as it was, where a
// character is not in the printer's font.
func appendText(dst []byte, s string) (out []byte, ok bool) {
	table := codes()
	out = dst
	for _, r := range s {
		if r < 0x80 {
			if r < ' ' || r == 0x7f {
				return dst, false
			}
			out = append(out, byte(r))
			continue
		}
		if r >= 0x10000 || table[r] == 0 {
			return dst, false
		}
		out = append(out, byte(table[r]>>8), byte(table[r]))
	}
	return out, true
}
