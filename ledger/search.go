package ledger

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"guitai/till"
)

// searchMax bounds how many items a search shows.
const searchMax = 50

// searchKeys is the text an item is found by, in lower case: its name, its
// English name, its code, the pinyin of the name and the initials of it, every
// reading of a character that has several, up to a bound.
func searchKeys(it *till.Item) string {
	parts := []string{strings.ToLower(it.Name), strings.ToLower(it.NameEN), strings.ToLower(it.Code)}
	full, initials := readings(it.Name)
	for i := range full {
		parts = append(parts, full[i], initials[i])
	}
	parts = append(parts, it.Barcodes...)
	return strings.Join(parts, "\x1f")
}

// readingsMax bounds the readings of one name: 行 has four, and a name of five
// such characters would have a thousand.
const readingsMax = 8

// readings returns the pinyin of a name without tones and its initials, side
// by side, one pair for each way to read it. Other characters stand for
// themselves.
func readings(name string) (full, initials []string) {
	args := pinyin.NewArgs()
	args.Heteronym = true
	full, initials = []string{""}, []string{""}
	han := false
	for _, r := range name {
		var ways []string
		if unicode.Is(unicode.Han, r) {
			han = true
			for _, w := range pinyin.SinglePinyin(r, args) {
				if !slices.Contains(ways, w) {
					ways = append(ways, w)
				}
			}
		}
		if len(ways) == 0 {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				continue
			}
			ways = []string{strings.ToLower(string(r))}
		}
		if len(full)*len(ways) > readingsMax {
			ways = ways[:1]
		}
		var f, i []string
		for k := range full {
			for _, w := range ways {
				f, i = append(f, full[k]+w), append(i, initials[k]+w[:len(string([]rune(w)[0]))])
			}
		}
		full, initials = f, i
	}
	if !han {
		return nil, nil
	}
	return full, initials
}

// A searchIndex holds the search texts of all items in one block of memory:
// for a shop's catalogue a scan of it takes less than a millisecond, finds any
// part of any length and needs no index on disk.
type searchIndex struct {
	mu    sync.Mutex
	stale bool
	ready bool
	blob  []byte // text, 0, item number (8 bytes), per item
	ends  []int  // end of each item's record in blob
}

func (s *searchIndex) changed() {
	s.mu.Lock()
	s.stale = true
	s.mu.Unlock()
}

// Search finds the items that any part of the text names: Chinese, English,
// pinyin, initials, code or barcode. Names that begin with the text come
// first. It may take as long as reading the catalogue once after a change, and
// ends early with ctx.
func (l *Ledger) Search(ctx context.Context, text string) ([]till.Item, error) {
	want := strings.ToLower(strings.TrimSpace(text))
	if want == "" {
		return nil, nil
	}
	l.search.mu.Lock()
	defer l.search.mu.Unlock()
	if !l.search.ready || l.search.stale {
		if err := l.search.load(ctx, l); err != nil {
			return nil, err
		}
	}
	numbers, err := l.search.find(ctx, []byte(want))
	if err != nil {
		return nil, err
	}
	out := make([]till.Item, 0, len(numbers))
	for _, no := range numbers {
		it, _, err := scanItem(l.r().QueryRowContext(ctx, "SELECT "+itemColumns+" FROM item i WHERE i.no = ?", no))
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		out = append(out, it)
	}
	return out, nil
}

func (s *searchIndex) load(ctx context.Context, l *Ledger) error {
	rows, err := l.r().QueryContext(ctx, "SELECT no, keys FROM item WHERE active = 1 ORDER BY favourite = 0, no")
	if err != nil {
		return fmt.Errorf("read the catalogue for searching: %w", err)
	}
	defer rows.Close()
	s.blob, s.ends = s.blob[:0], s.ends[:0]
	for rows.Next() {
		var no int64
		var keys []byte
		if err := rows.Scan(&no, &keys); err != nil {
			return fmt.Errorf("read the catalogue for searching: %w", err)
		}
		s.blob = append(s.blob, '\x1f')
		s.blob = append(s.blob, keys...)
		s.blob = append(s.blob, 0)
		s.blob = binary.BigEndian.AppendUint64(s.blob, uint64(no))
		s.ends = append(s.ends, len(s.blob))
	}
	s.ready, s.stale = true, false
	return rows.Err()
}

// find returns item numbers: first those where a text begins with want, then
// those where it stands anywhere.
func (s *searchIndex) find(ctx context.Context, want []byte) ([]int64, error) {
	var out []int64
	seen := map[int]bool{}
	for _, pattern := range [][]byte{append([]byte{'\x1f'}, want...), want} {
		for at := 0; at < len(s.blob) && len(out) < searchMax; {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			// In pieces, so that a long search hears that it was given up.
			piece := s.blob[at:min(len(s.blob), at+4<<20)]
			i := bytes.Index(piece, pattern)
			if i < 0 {
				at += max(1, len(piece)-len(pattern)+1)
				continue
			}
			n, _ := slices.BinarySearch(s.ends, at+i+1)
			end := s.ends[n]
			if at+i+len(pattern) <= end-9 && !seen[n] {
				seen[n] = true
				out = append(out, int64(binary.BigEndian.Uint64(s.blob[end-8:end])))
			}
			at = end
		}
	}
	return out, nil
}
