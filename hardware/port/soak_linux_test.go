//go:build soak

package port

import (
	"math/rand/v2"
	"testing"
)

// Ten million inputs through the keystrokes: keys of a keyboard with a few bytes
// changed, which get further than noise.
func TestSoakKeystrokes(t *testing.T) {
	const inputs = 10_000_000
	r := rand.New(rand.NewPCG(4, 3))
	codes := []int{2, 3, 11, 15, 28, 29, 30, 42, 54, 56, 58, 76, 79, 82, 96, 97, 100, 240, 255, 767}
	for range inputs {
		var list [][3]int
		for range 1 + r.IntN(8) {
			switch r.IntN(8) {
			case 0:
				list = append(list, [3]int{0, 3, 0})
			case 1:
				list = append(list, [3]int{0, 0, 0})
			default:
				list = append(list, [3]int{1, codes[r.IntN(len(codes))], r.IntN(3)})
			}
		}
		b := events(list...)
		for range r.IntN(3) {
			b[r.IntN(len(b))] = byte(r.IntN(256))
		}
		b = b[:len(b)-r.IntN(4)]
		holdKeys(t, b, r.IntN(len(b)+1))
	}
	t.Logf("%d inputs", inputs)
}
