package escpos_test

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/hardware/raster"
)

// An op is one command of a printer's bytes, read back: its mnemonic with its
// parameters, or text, or dots.
type op struct {
	name string
	text []byte         // of a line of text, in GB18030
	dots *raster.Bitmap // of GS v 0
}

// lengths are the commands that have a fixed number of bytes after them.
var lengths = map[string]int{
	"\x1b@": 0, "\x1c&": 0, "\x1c!": 1, "\x1d!": 1, "\x1ba": 1, "\x1bE": 1, "\x1bd": 1, "\x1dV": 1, "\x1dh": 1, "\x1dw": 1, "\x1dH": 1,
	"\x1b=": 1, "\x1bp": 3, "\x1dr": 1, "\x10\x14": 3, "\x10\x04": 1,
}

var prefixes = map[byte]string{0x1b: "ESC", 0x1c: "FS", 0x1d: "GS", 0x10: "DLE"}

// ops reads a printer's bytes strictly: what it does not know fails the test.
func ops(t testing.TB, b []byte) []op {
	t.Helper()
	var out []op
	for len(b) > 0 {
		if prefixes[b[0]] == "" {
			n := bytes.IndexAny(b, "\x1b\x1c\x1d\x10")
			if n < 0 {
				n = len(b)
			}
			if lf := bytes.IndexByte(b[:n], '\n'); lf >= 0 {
				n = lf + 1
			}
			out = append(out, op{name: "text", text: b[:n]})
			b = b[n:]
			continue
		}
		if len(b) < 2 {
			t.Fatalf("a command ends early: % x", b)
		}
		o, used := command(t, b)
		out, b = append(out, o), b[used:]
	}
	return out
}

// command reads the command at the front and how long it is.
func command(t testing.TB, b []byte) (op, int) {
	t.Helper()
	name := prefixes[b[0]] + " " + string(b[1])
	if b[0] == 0x10 {
		name = fmt.Sprintf("DLE %02x", b[1])
	}
	if n, ok := lengths[string(b[:2])]; ok {
		for _, v := range b[2 : 2+n] {
			name += fmt.Sprint(" ", v)
		}
		return op{name: name}, 2 + n
	}
	switch string(b[:2]) {
	case "\x1dv":
		stride, rows := int(b[4])|int(b[5])<<8, int(b[6])|int(b[7])<<8
		size := stride * rows
		m := &raster.Bitmap{Width: stride * 8, Height: rows, Stride: stride, Bits: b[8 : 8+size]}
		return op{name: fmt.Sprintf("GS v 0 %d  %dx%d crc %08x", b[3], stride*8, rows, crc32.ChecksumIEEE(m.Bits)), dots: m}, 8 + size
	case "\x1d(":
		n := int(b[3]) | int(b[4])<<8
		p := b[5 : 5+n]
		name = fmt.Sprintf("GS ( %c", b[2])
		for len(p) > 0 && (b[2] != 'k' || len(p) > n-3) {
			name += fmt.Sprint(" ", p[0])
			p = p[1:]
		}
		if len(p) > 0 {
			name += fmt.Sprintf(" %q", p)
		}
		return op{name: name}, 5 + n
	case "\x1dk":
		if b[2] == 'I' {
			n := int(b[3])
			return op{name: fmt.Sprintf("GS k 73 %q", b[4:4+n])}, 4 + n
		}
		n := bytes.IndexByte(b[3:], 0)
		return op{name: fmt.Sprintf("GS k %d %q", b[2], b[3:3+n])}, 3 + n + 1
	}
	t.Fatalf("unknown command % x", b[:min(len(b), 8)])
	return op{}, 0
}

// listing writes bytes as people read them, one command a line.
func listing(t testing.TB, b []byte) string {
	t.Helper()
	var out strings.Builder
	for _, o := range ops(t, b) {
		if o.text != nil {
			fmt.Fprintf(&out, "%q\n", chinese(t, o.text))
			continue
		}
		out.WriteString(o.name + "\n")
	}
	return out.String()
}

// chinese decodes text as a printer in Chinese mode reads it: one or two bytes
// to a character.
func chinese(t testing.TB, b []byte) string {
	t.Helper()
	s, err := simplifiedchinese.GBK.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(s, '\ufffd') {
		t.Fatalf("% x is no text: %v", b, err)
	}
	return string(s)
}
