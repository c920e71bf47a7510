package paper_test

import (
	"bytes"
	"testing"

	"guitai/hardware/dialect"
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

// printerDots returns the rows of dots in the pictures of a printer's bytes.
func printerDots(t *testing.T, doc receipt.Document, p printer.Profile, font []byte) [][]byte {
	t.Helper()
	face, err := raster.NewFace(font)
	if err != nil {
		t.Fatal(err)
	}
	b, err := printer.NewEncoder(dialect.Of(p), p, face).Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]byte
	for {
		_, rest, ok := bytes.Cut(b, []byte{0x1d, 'v', '0', 0})
		if !ok {
			break
		}
		stride, n := int(rest[0])|int(rest[1])<<8, int(rest[2])|int(rest[3])<<8
		b = rest[4:]
		for range n {
			rows = append(rows, b[:stride])
			b = b[stride:]
		}
	}
	if len(rows) == 0 {
		t.Fatal("no picture in the printer's bytes")
	}
	return rows
}
