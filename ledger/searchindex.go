package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guitai/till"
)

// The search index. SQLite's own tokenizers know words, and its trigrams
// nothing shorter than three characters, which is how most Chinese words are
// typed. So the pieces of a text are made here, and a search asks for the items
// that have all pieces of what was typed, then looks at their texts:
//
//   - every character that is not ASCII, and every two characters next to each
//     other of which one is not;
//   - every three letters or digits of ASCII next to each other;
//   - in short words, as initials are, every two;
//   - the first one and the first two characters of every word.
//
// What is typed as one or two ASCII letters is therefore found where a word, a
// code or a reading begins with it, and in initials; all else in any place.
const (
	markStart = '\ue000' // before the first characters of a word
	markPair  = '\ue001' // before two letters of a short word
	shortWord = 12       // letters that a short word has at most
	partEnd   = '\x1f'   // between the parts of an item's search text
)

// A pieces collects the pieces of a text, each once.
type pieces struct {
	have map[string]struct{}
	list []string
	buf  []byte
}

func (p *pieces) reset() {
	clear(p.have)
	p.list = p.list[:0]
}

func (p *pieces) add(rs ...rune) {
	p.buf = p.buf[:0]
	for _, r := range rs {
		if r < utf8.RuneSelf && !isWord(r) {
			return // the index splits its text there
		}
		p.buf = utf8.AppendRune(p.buf, r)
	}
	if _, ok := p.have[string(p.buf)]; ok {
		return
	}
	s := string(p.buf)
	p.have[s] = struct{}{}
	p.list = append(p.list, s)
}

// isWord reports whether an ASCII character is a letter or a digit.
func isWord(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' }

// inside adds the pieces of a text that may begin and end within another.
func (p *pieces) inside(rs []rune) {
	for i, r := range rs {
		if r >= utf8.RuneSelf {
			p.add(r)
		}
		if i+1 < len(rs) && (r >= utf8.RuneSelf || rs[i+1] >= utf8.RuneSelf) {
			p.add(r, rs[i+1])
		}
		if i+2 < len(rs) && r < utf8.RuneSelf && rs[i+1] < utf8.RuneSelf && rs[i+2] < utf8.RuneSelf {
			p.add(r, rs[i+1], rs[i+2])
		}
	}
}

// part adds all pieces of one part of an item's text.
func (p *pieces) part(rs []rune) {
	if len(rs) == 0 {
		return
	}
	p.inside(rs)
	for i := range rs {
		if i > 0 && rs[i-1] != ' ' {
			continue
		}
		p.add(markStart, rs[i])
		if i+1 < len(rs) {
			p.add(markStart, rs[i], rs[i+1])
		}
	}
	if len(rs) > shortWord || slices.ContainsFunc(rs, func(r rune) bool { return !isWord(r) }) {
		return
	}
	for i := range len(rs) - 1 {
		p.add(markPair, rs[i], rs[i+1])
	}
}

// of returns the pieces of an item's search text, apart by spaces.
func (p *pieces) of(keys string) string {
	p.reset()
	for part := range strings.SplitSeq(keys, string(partEnd)) {
		p.part([]rune(part))
	}
	return strings.Join(p.list, " ")
}

// matches returns what to ask the index for: items where a part begins with
// the text, and items that have it anywhere. Either may be empty: the index
// cannot tell.
func matches(text string) (begins, anywhere string) {
	p := pieces{have: map[string]struct{}{}}
	rs := []rune(text)
	p.inside(rs)
	within := slices.Clone(p.list)
	p.reset()
	p.add(append([]rune{markStart}, rs[:min(2, len(rs))]...)...)
	starts := slices.Clone(p.list)
	if len(starts) > 0 {
		begins = allOf(append(starts, within...))
	}
	switch {
	case len(within) > 0:
		anywhere = allOf(within)
	case len(rs) == 2 && isWord(rs[0]) && isWord(rs[1]):
		anywhere = begins + " OR " + allOf([]string{string([]rune{markPair, rs[0], rs[1]})})
	case len(rs) == 1 && len(starts) > 0:
		anywhere = begins
	}
	return begins, anywhere
}

// piecesMax bounds how many pieces of a long text are asked for; the text
// itself is compared anyway.
const piecesMax = 16

func allOf(list []string) string {
	return `"` + strings.Join(list[:min(len(list), piecesMax)], `" "`) + `"`
}

// searchSignal wakes the one who keeps the index.
type searchSignal chan struct{}

// changed says that items changed; the guards know which.
func (s searchSignal) changed() {
	select {
	case s <- struct{}{}:
	default: // it is awake already
	}
}

const (
	indexChunk = 500                  // items indexed in one transaction, the longest that a sale waits
	indexPause = 2 * time.Millisecond // between two, for those who wait
)

// index brings up to indexChunk items into the index and reports whether
// there are more.
func (l *Ledger) index(ctx context.Context) (more bool, err error) {
	type change struct {
		no     int64
		pieces string
	}
	p := pieces{have: map[string]struct{}{}}
	err = l.write(ctx, "index items for searching", func(c conn) error {
		var todo []change
		err := each(ctx, c, `SELECT u.item, ifnull(i.keys, ''), ifnull(i.active, 0) FROM unsearched u LEFT JOIN item i ON i.no = u.item ORDER BY u.item LIMIT ?`,
			[]any{indexChunk}, func(s scanner) error {
				var n change
				var keys string
				var active bool
				if err := s.Scan(&n.no, &keys, &active); err != nil {
					return err
				}
				if active {
					n.pieces = p.of(keys)
				}
				todo = append(todo, n)
				return nil
			})
		if err != nil || len(todo) == 0 {
			return err
		}
		more = len(todo) == indexChunk
		for _, n := range todo {
			if err := l.exec(ctx, "DELETE FROM item_search WHERE rowid = ?", n.no); err != nil {
				return err
			}
			if n.pieces == "" {
				continue
			}
			if err := l.exec(ctx, "INSERT INTO item_search(rowid, pieces) VALUES (?, ?)", n.no, n.pieces); err != nil {
				return err
			}
		}
		return l.exec(ctx, "DELETE FROM unsearched WHERE item <= ?", todo[len(todo)-1].no)
	})
	return more, err
}

// indexing keeps the index while the ledger is open.
func (l *Ledger) indexing() {
	ctx := context.Background()
	var left bool // by a process that stopped before it was done
	if err := l.r().QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM unsearched)").Scan(&left); err == nil && left {
		l.search.changed()
	}
	for {
		select {
		case <-l.closed:
			return
		case <-l.search:
		}
		for more := true; more; {
			select {
			case <-l.closed:
				return
			case <-time.After(indexPause):
			}
			var err error
			if more, err = l.index(ctx); err != nil {
				more = false // what is missing is looked for in the list itself, and tried with the next change
			}
		}
	}
}

// Search finds the items that any part of the text names: Chinese, English,
// pinyin, initials, code or barcode; one or two letters find what begins with
// them. Names that begin with the text come first. It ends early with ctx.
func (l *Ledger) Search(ctx context.Context, text string) ([]till.Item, error) {
	want := strings.ToLower(strings.TrimSpace(text))
	if want == "" {
		return nil, nil
	}
	f := finding{l: l, want: want, seen: map[int64]bool{}}
	begins, anywhere := matches(want)
	const (
		indexed = "SELECT " + itemColumns + ", i.keys FROM item_search s CROSS JOIN item i ON i.no = s.rowid WHERE s.item_search MATCH ? AND i.active = 1"
		// What is not indexed yet is few, but right after a long import.
		missing = "SELECT " + itemColumns + ", i.keys FROM unsearched u CROSS JOIN item i ON i.no = u.item WHERE instr(i.keys, ?) > 0 AND i.active = 1 LIMIT ?"
		all     = "SELECT " + itemColumns + ", i.keys FROM item i WHERE instr(i.keys, ?) > 0 AND i.active = 1 LIMIT ?"
	)
	for _, part := range []struct {
		wanted bool
		starts bool
		query  string
		args   []any
	}{
		{true, false, missing, []any{want, searchMax}},
		{begins != "", true, indexed, []any{begins}},
		{anywhere != "", false, indexed, []any{anywhere}},
		{anywhere == "", false, all, []any{want, searchMax}},
	} {
		if !part.wanted || len(f.found) >= searchMax {
			continue
		}
		if err := f.read(ctx, part.starts, part.query, part.args); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
	}
	slices.SortStableFunc(f.found, func(a, b hit) int { return a.rank - b.rank })
	out := make([]till.Item, 0, len(f.found))
	for _, h := range f.found {
		out = append(out, h.item)
	}
	return out, nil
}

// A finding is one search on its way.
type finding struct {
	l     *Ledger
	want  string
	seen  map[int64]bool
	found []hit
}

type hit struct {
	item till.Item
	rank int // 0 where a word begins with the text, else 1
}

// startsMax bounds how many texts are read for those that begin with what is
// wanted; they come first, and all are found by the query after.
const startsMax = 1000

// read adds the items of a query whose text has what is wanted.
func (f *finding) read(ctx context.Context, starts bool, query string, args []any) error {
	rows, err := f.l.r().QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for n := 0; len(f.found) < searchMax && rows.Next(); n++ {
		if starts && n == startsMax {
			return nil
		}
		var keys string
		it, no, err := scanItem(rows, &keys)
		if err != nil {
			return err
		}
		begins := strings.HasPrefix(keys, f.want) || strings.Contains(keys, string(partEnd)+f.want) || strings.Contains(keys, " "+f.want)
		if f.seen[no] || starts && !begins || !strings.Contains(keys, f.want) {
			continue
		}
		f.seen[no] = true
		rank := 1
		if begins {
			rank = 0
		}
		f.found = append(f.found, hit{it, rank})
	}
	return rows.Err()
}
