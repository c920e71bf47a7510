package till

import (
	"net/url"
	"strings"
)

// gs1Link reads a GS1 Digital Link, the web address that goods carry in a QR
// code (GS1 Digital Link Standard: URI Syntax 1.4, section 4): the path has AIs
// and their data from /01/ on, and the query more of them. What it names beside
// AIs is not the till's.
func gs1Link(text string) (GS1, bool) {
	lower := strings.ToLower(text)
	if !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "http://") {
		return GS1{}, false
	}
	u, err := url.Parse(text)
	if err != nil {
		return GS1{}, false
	}
	steps := strings.Split(u.EscapedPath(), "/")
	for i := range steps {
		if steps[i] != "01" && steps[i] != "gtin" || i+1 >= len(steps) {
			continue
		}
		gtin, ok := GTIN14(steps[i+1])
		if !ok {
			continue
		}
		g := GS1{Elements: []GS1Element{{"01", gtin}}}
		for rest := steps[i+2:]; len(rest) > 1; rest = rest[2:] {
			g.take(rest[0], rest[1])
		}
		for _, pair := range strings.FieldsFunc(u.RawQuery, func(c rune) bool { return c == '&' || c == ';' }) {
			ai, value, _ := strings.Cut(pair, "=")
			g.take(ai, value)
		}
		return g, true
	}
	return GS1{}, false
}

// take adds an element of a web address where it is well formed; one that is not
// is left out, as the number before it stands by itself.
func (g *GS1) take(ai, escaped string) {
	value, err := url.PathUnescape(escaped)
	row, found, ok := gs1Find(ai)
	if err == nil && ok && found == ai && row.verify(ai, value) == nil {
		g.Elements = append(g.Elements, GS1Element{ai, value})
	}
}
