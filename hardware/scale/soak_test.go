//go:build soak

package scale

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// Ten million inputs through the readers, most of them frames with a few bytes
// changed, which get further than noise.
func TestSoakScaleReaders(t *testing.T) {
	const inputs = 10_000_000
	seeds := map[string][]byte{
		"mettler8217": []byte("\x0200.876N\r\x02?\x41\r"), "nci": []byte("\n00.876KG\r\nS00\r\x03\nS10\r\x03"), "stgs": []byte("ST,GS,+ 0.876kg\r\nOL,NT,-9\r\n"),
		"cas": []byte("\x06\x15" + summed("cas", "\x01\x02S  0.876kg\x00\x03\x04")), "toledo": []byte(summed("toledo", "\x02\x2d\x30\x20   876     0\r\x00")),
	}
	r := rand.New(rand.NewPCG(4, 2))
	n := 0
	for n < inputs {
		for driver, seed := range seeds {
			b := bytes.Repeat(seed, 1+r.IntN(3))
			for range r.IntN(4) {
				switch at := r.IntN(len(b)); r.IntN(3) {
				case 0:
					b[at] = byte(r.IntN(256))
				case 1:
					b = append(b[:at], b[at+1:]...)
				default:
					b = append(b[:at], append([]byte{byte(r.IntN(256))}, b[at:]...)...)
				}
				if len(b) == 0 {
					b = []byte{0}
				}
			}
			hold(t, dialects[driver].next, b, r.IntN(len(b)+1))
			n++
		}
	}
	t.Logf("%d inputs", n)
}
