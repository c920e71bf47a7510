package ledger

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"

	"guitai/till"
)

// searchMax bounds how many items a search shows.
const searchMax = 50

// searchKeys is the text an item is found by, in lower case: its name, its
// English name, its code, the pinyin of the name and the initials of it, every
// reading of a character that has several, up to a bound.
func searchKeys(it *till.Item) string {
	out := make([]byte, 0, 6*len(it.Name)+len(it.NameEN)+len(it.Code)+64)
	out = append(out, strings.ToLower(it.Name)...)
	for _, part := range []string{it.NameEN, it.Code} {
		out = append(append(out, '\x1f'), strings.ToLower(part)...)
	}
	for _, r := range readings(it.Name) {
		out = append(append(out, '\x1f'), r.full...)
		out = append(append(out, '\x1f'), r.initials...)
	}
	for _, b := range it.Barcodes {
		out = append(append(out, '\x1f'), b...)
	}
	return string(out)
}

// readingsMax bounds the readings of one name: 行 has four, and a name of five
// such characters would have a thousand.
const readingsMax = 8

// A reading is one way to read a name: its pinyin without tones, and the
// initials of that.
type reading struct{ full, initials []byte }

// readings returns the ways to read a name that has Chinese characters. Other
// letters and digits stand for themselves.
func readings(name string) []reading {
	all := make([]reading, 1, readingsMax)
	han := false
	var letter [utf8.UTFMax]byte
	for _, r := range name {
		if unicode.Is(unicode.Han, r) {
			if ways := syllables(r); len(ways) > 0 {
				han = true
				all = read(all, ways)
				continue
			}
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		self := letter[:utf8.EncodeRune(letter[:], unicode.ToLower(r))]
		for i := range all {
			all[i].full, all[i].initials = append(all[i].full, self...), append(all[i].initials, self...)
		}
	}
	if !han {
		return nil
	}
	return all
}

// read goes on with every reading so far in each of the ways; where that were
// too many, in the first way alone.
func read(all []reading, ways []string) []reading {
	if len(all)*len(ways) > readingsMax {
		ways = ways[:1]
	}
	out := all
	if len(ways) > 1 {
		out = make([]reading, 0, readingsMax)
		for _, r := range all {
			for range ways {
				out = append(out, reading{slices.Clone(r.full), slices.Clone(r.initials)})
			}
		}
	}
	for i := range out {
		w := ways[i%len(ways)]
		_, first := utf8.DecodeRuneInString(w)
		out[i].full, out[i].initials = append(out[i].full, w...), append(out[i].initials, w[:first]...)
	}
	return out
}

// known keeps the syllables of the characters that were asked for: a million
// names have a few thousand characters.
var known sync.Map

// syllables returns the ways to read a character, without tones.
func syllables(r rune) []string {
	if ways, ok := known.Load(r); ok {
		return ways.([]string)
	}
	args := pinyin.NewArgs()
	args.Heteronym = true
	var ways []string
	for _, w := range pinyin.SinglePinyin(r, args) {
		if w != "" && !slices.Contains(ways, w) {
			ways = append(ways, w)
		}
	}
	known.Store(r, ways)
	return ways
}
