package ledger

// A codeSet remembers the line at which each code of a list stood, by a hash of
// 64 bits: twelve bytes a code, in tables of which one grows at a time, so that
// a list of a million rows takes some 40 megabytes. Two codes of a list of a
// million share a hash once in ten million lists.
type codeSet [64]codeTable

type codeTable struct {
	n      int
	hashes []uint64
	lines  []int32 // 0 where the slot is free
}

// line returns the line of a hash; 0 where there is none.
func (s *codeSet) line(hash uint64) int32 {
	t := &s[hash>>58]
	if t.n == 0 {
		return 0
	}
	return t.lines[t.slot(hash)]
}

// add keeps the line, from 1, of a hash.
func (s *codeSet) add(hash uint64, line int32) {
	t := &s[hash>>58]
	if t.n >= len(t.hashes)/4*3 {
		old := *t
		size := max(16, 2*len(old.hashes))
		t.hashes, t.lines = make([]uint64, size), make([]int32, size)
		for i, h := range old.hashes {
			if old.lines[i] != 0 {
				at := t.slot(h)
				t.hashes[at], t.lines[at] = h, old.lines[i]
			}
		}
	}
	at := t.slot(hash)
	if t.lines[at] == 0 {
		t.n++
	}
	t.hashes[at], t.lines[at] = hash, line
}

// slot is where a hash is, or would be. A table is never full.
func (t *codeTable) slot(hash uint64) uint64 {
	mask := uint64(len(t.hashes) - 1)
	at := hash & mask
	for t.lines[at] != 0 && t.hashes[at] != hash {
		at = (at + 1) & mask
	}
	return at
}
