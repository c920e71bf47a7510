//go:build soak

package terminal

import (
	"math/rand/v2"
	"testing"
)

// Ten million messages and frames, most of them right but for a few bytes.
func TestSoakZVTReaders(t *testing.T) {
	const inputs = 10_000_000
	message := unhex(t, "04 0f 2c 27 00 04 000000003640 0b 000123 49 0978 22 f1f0 672590eeeeee00424242 87 0045 8b f0f9 6769726f6361726400")
	r := rand.New(rand.NewPCG(4, 3))
	change := func(b []byte) []byte {
		b = append([]byte(nil), b...)
		for range r.IntN(4) {
			b[r.IntN(len(b))] = byte(r.IntN(256))
		}
		return b[:1+r.IntN(len(b))]
	}
	for n := 0; n < inputs; n += 2 {
		holdMessages(t, change(message))
		holdFrames(t, change(frame(message)), message)
	}
	t.Logf("%d inputs", inputs)
}
