package scale

import "testing"

func TestOnlyAStablePositiveChangedWeightIsSold(t *testing.T) {
	rest := func(g int) Reading { return Reading{Weighed: true, Grams: g, Stable: true} }
	var g Gate
	for _, row := range []struct {
		what  string
		see   Reading
		grams int
		why   Refusal
		sold  bool // sell it then
	}{
		{"nothing said", Reading{}, 0, Moving, false},
		{"nothing on it", rest(0), 0, Below, false},
		{"swinging", Reading{Weighed: true, Grams: 480}, 0, Moving, false},
		{"at rest", rest(500), 500, "", true},
		{"left lying", rest(500), 0, Same, false},
		{"shaken", Reading{Weighed: true, Grams: 530}, 0, Moving, false},
		{"at rest again", rest(500), 0, Same, false},
		{"flickering by a step", rest(505), 0, Same, false},
		{"more put on", rest(750), 750, "", true},
		{"the scale says nothing for a moment", Reading{}, 0, Moving, false},
		{"the same goods after that", rest(750), 0, Same, false},
		{"taken off", rest(0), 0, Below, false},
		{"the same weight put on", rest(750), 750, "", true},
		{"overloaded", Reading{Over: true, Stable: true}, 0, Overload, false},
		{"overload is no taking off", rest(750), 0, Same, false},
		{"lifted, as a scale says that sends no weight then", Reading{Under: true}, 0, Below, false},
		{"put on once more", rest(750), 750, "", true},
		{"empty, as a status says", Reading{Empty: true}, 0, Below, false},
		{"put on again", rest(750), 750, "", false},
		{"below zero", rest(-10), 0, Below, false},
		{"broken", Reading{Weighed: true, Grams: 100, Stable: true, Fault: true}, 0, Broken, false},
	} {
		g.See(row.see)
		grams, why := g.Offer()
		if grams != row.grams || why != row.why {
			t.Errorf("%s: %d %q, want %d %q", row.what, grams, why, row.grams, row.why)
		}
		if row.sold {
			g.Sold(grams)
		}
	}
}

// Whatever a scale says, what is offered is sellable, and never offered twice
// without a change.
func FuzzGate(f *testing.F) {
	f.Add([]byte{1, 2, 3, 255, 0, 128, 7, 7})
	f.Fuzz(func(t *testing.T, b []byte) {
		var g Gate
		last, touched := -1, true
		for i := 0; i+1 < len(b); i += 2 {
			r := Reading{Weighed: b[i]&1 != 0, Stable: b[i]&2 != 0, Over: b[i]&4 != 0, Under: b[i]&8 != 0, Empty: b[i]&16 != 0, Fault: b[i]&32 != 0, Grams: int(b[i+1]) - 64}
			g.See(r)
			if r.Empty || r.Under || r.Weighed && r.Grams <= 0 || r.Sellable() && r.Grams != last {
				touched = true
			}
			grams, why := g.Offer()
			if (why == "") != (grams > 0) {
				t.Fatalf("offers %d with %q", grams, why)
			}
			if why != "" {
				continue
			}
			if !r.Sellable() || grams != r.Grams || !touched {
				t.Fatalf("offers %d of %+v, changed %t", grams, r, touched)
			}
			if b[i]&64 != 0 {
				g.Sold(grams)
				last, touched = grams, false
			}
		}
	})
}
