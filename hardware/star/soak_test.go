//go:build soak

package star_test

import (
	"math/rand/v2"
	"testing"
)

// Ten million inputs through the reader of answers: bytes that answers are made
// of more often than others.
func TestSoakPrinterAnswers(t *testing.T) {
	likely := []byte("\x23\x06\x00\x1b\x1d\x03\x01\x80\x21\x25\xff")
	r := rand.New(rand.NewPCG(7, 7))
	b := make([]byte, 0, 24)
	for range 10_000_000 {
		b = b[:0]
		for range r.IntN(24) {
			if r.IntN(3) == 0 {
				b = append(b, byte(r.IntN(256)))
			} else {
				b = append(b, likely[r.IntN(len(likely))])
			}
		}
		answersHold(t, b)
		if t.Failed() {
			return
		}
	}
}
