package receipt

import (
	"strings"
	"unicode"
)

// twoByte holds the runes below U+10000 that GB18030 writes with two bytes,
// which are those that a Chinese printer's font has and prints two columns
// wide. Unicode's own widths are of no use here: × and … are narrow there.
var twoByte = func() (set [1024]uint64) {
	for i := 0; i+1 < len(twoByteRanges); i += 2 {
		for r := int(twoByteRanges[i]); r <= int(twoByteRanges[i+1]); r++ {
			set[r>>6] |= 1 << (r & 63)
		}
	}
	return set
}()

// InPrinterFont says whether a Chinese printer has r in its font: ASCII, and
// what GB18030 writes with two bytes, private use excepted.
func InPrinterFont(r rune) bool {
	if r < 0x80 {
		return r >= ' ' && r != 0x7f
	}
	return r < 0x10000 && twoByte[r>>6]&(1<<(r&63)) != 0
}

// Width returns how many columns r takes on paper: 1 for ASCII, 2 for what
// GB18030 writes with two bytes. What no printer's font has is drawn, 0 to 2
// columns wide as it needs.
func Width(r rune) int {
	switch {
	case r < 0x80:
		return 1
	case r >= 0x4e00 && r < 0xa000, InPrinterFont(r): // the first is most of Chinese
		return 2
	case unicode.Is(unicode.Mn, r):
		return 0
	case r < 0x2190, r >= 0xff61 && r <= 0xff9f:
		return 1
	}
	return 2
}

// TextWidth returns how many columns s takes on paper.
func TextWidth(s string) int {
	n := 0
	for _, r := range s {
		n += Width(r)
	}
	return n
}

// clean returns s as it goes on paper: characters that look alike are changed
// to the one a printer's font has, control characters to spaces, and those
// without any ink are left out.
func clean(s string) string {
	for _, r := range s {
		if fold(r) != r {
			return strings.Map(fold, s)
		}
	}
	return s
}

func fold(r rune) rune {
	switch {
	case r >= ' ' && r < 0x7f || r >= 0x4e00 && r < 0xa000:
		return r
	case r < ' ', r >= 0x7f && r <= 0xa0, r >= 0x2002 && r <= 0x200a, r == 0x202f:
		return ' '
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff:
		return -1
	}
	switch r {
	case '¥': // four bytes in GB18030, which print as "0 6"
		return '￥'
	case '•', '‧', '・':
		return '·'
	case '−', '‑', '\u00ad':
		return '-'
	case '〜':
		return '～'
	case unicode.ReplacementChar:
		return '?'
	}
	return r
}
