package ledger

import (
	"math/rand/v2"
	"testing"
)

// The set says of every hash what a map does, while it grows.
func TestCodeSetIsAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var s codeSet
	want := map[uint64]int32{}
	for i := range int32(200_000) {
		h := r.Uint64()
		switch i % 10 {
		case 0:
			h %= 1000 // all in one table, and often again
		case 1:
			h <<= 40 // all in one slot
		}
		if got := s.line(h); got != want[h] {
			t.Fatalf("hash %x is of line %d, want %d", h, got, want[h])
		}
		s.add(h, i+1)
		want[h] = i + 1
	}
	n := 0
	for i := range s {
		n += s[i].n
	}
	for h, line := range want {
		if s.line(h) != line {
			t.Fatalf("hash %x is of line %d, want %d", h, s.line(h), line)
		}
	}
	if n != len(want) {
		t.Errorf("%d hashes, want %d", n, len(want))
	}
}
