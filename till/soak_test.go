//go:build soak

package till

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// changed is a text with a few characters changed, which gets further than
// noise.
func changed(r *rand.Rand, seed string) string {
	b := []byte(seed)
	for range r.IntN(4) {
		at := r.IntN(len(b) + 1)
		switch {
		case at < len(b) && r.IntN(3) == 0:
			b = append(b[:at], b[at+1:]...)
		case at < len(b) && r.IntN(2) == 0:
			b[at] = "0123456789ABab]()\x1d|/?=&\xff"[r.IntN(24)]
		default:
			b = append(b[:at], append([]byte{"0123456789(]\x1d"[r.IntN(13)]}, b[at:]...)...)
		}
		if len(b) == 0 {
			b = []byte{'0'}
		}
	}
	return string(b)
}

// Ten million inputs each through the readers of codes.
const soakInputs = 10_000_000

func TestSoakBarcodes(t *testing.T) {
	seeds := []string{"6901234567892", "]E06901234567892", "]C1010690123456789210LOT\x1d3103000756", "(01)96901234567895(3103)000756(3922)1250", "04252614", "]E496385074",
		"https://id.gs1.org/01/06901234567892/10/LOT?17=261231", "977123456700312", "134567890123456789", "GTA000123", "GTSTAFF7K2M9Q4X", "2100042007563", "250004201250007566"}
	r := rand.New(rand.NewPCG(4, 5))
	for i := range soakInputs {
		holdBarcode(t, changed(r, seeds[i%len(seeds)]))
	}
	t.Logf("%d inputs", soakInputs)
}

func TestSoakGS1(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 6))
	for range soakInputs {
		var b strings.Builder
		for range 1 + r.IntN(3) {
			row := gs1Table[r.IntN(len(gs1Table))]
			b.WriteString(row.from + sample(row, r.IntN(2) == 0))
			if !row.fixed || r.IntN(4) == 0 {
				b.WriteString(gs1Separator)
			}
		}
		holdGS1(t, changed(r, b.String()))
	}
	t.Logf("%d inputs", soakInputs)
}

func TestSoakLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 7))
	for range soakInputs {
		rule := LabelRule{Prefix: []string{"20", "21", "25", "29", "02", "215"}[r.IntN(6)], Digits: []int{13, 18}[r.IntN(2)], ItemDigits: 3 + r.IntN(5), Skip: r.IntN(2),
			Value: []LabelValue{LabelWeight, LabelPrice}[r.IntN(2)], Grams: []int{0, 1, 10, 100}[r.IntN(4)], Minor: []int{0, 1, 10, 100}[r.IntN(4)]}
		body := []byte(rule.Prefix)
		for len(body) < rule.Digits-1 {
			body = append(body, byte('0'+r.IntN(10)))
		}
		code := string(body) + string(gtinDigit(string(body)))
		if r.IntN(8) == 0 {
			code = changed(r, code)
		}
		holdLabel(t, rule, code)
	}
	t.Logf("%d inputs", soakInputs)
}
