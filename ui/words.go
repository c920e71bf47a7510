package ui

import (
	"encoding/json"
	"strings"

	"guitai/assets"
)

// Words is the catalogue of one language: texts by key, with {name} where a value goes.
type Words map[string]string

// WordsOf reads the catalogue of "zh-Hans" or "en" that comes with the program. An unknown language has no words.
func WordsOf(lang string) Words {
	w := Words{}
	if err := json.Unmarshal(assets.Translation(lang), &w); err != nil {
		return Words{}
	}
	return w
}

// Say returns the text of key with its values put in, given as name and value in turn. A key without a text is
// shown as it is, so that a gap is seen.
func (w Words) Say(key string, values ...string) string {
	s, ok := w[key]
	if !ok {
		return key
	}
	if len(values) == 0 {
		return s
	}
	pairs := make([]string, len(values))
	for i, v := range values {
		if i%2 == 0 {
			v = "{" + v + "}"
		}
		pairs[i] = v
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Has reports whether the catalogue has a text for key.
func (w Words) Has(key string) bool { _, ok := w[key]; return ok }

// count puts a number into the text of key, and values as Say does; one has a text of its own where the language
// needs it.
func (w Words) count(key, n string, values ...string) string {
	if n == "1" && w.Has(key+".one") {
		key += ".one"
	}
	return w.Say(key, append([]string{"n", n}, values...)...)
}
