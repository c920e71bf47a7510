package scale

import (
	"regexp"
	"strconv"
	"strings"

	"guitai/hardware/device"
)

// patternMax bounds a pattern from the settings, in bytes.
const patternMax = 300

// groups are what a pattern may name.
var groups = []string{"weight", "sign", "unit", "stable", "moving", "over", "under", "net"}

// A pattern reads the lines of a scale that no driver knows, with a regular
// expression (RE2) of the shop's own.
type pattern struct {
	re *regexp.Regexp
	at map[string]int // group by name
}

// compile checks a pattern. It must name a group weight, and stable or moving:
// what a scale never says to be at rest must not be sold.
func compile(text string) (*pattern, error) {
	if len(text) > patternMax {
		return nil, device.Fault(device.Illegal, "the pattern has %d characters, more than %d", len(text), patternMax)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, device.Fault(device.Illegal, "the pattern is no regular expression: %w", err)
	}
	p := &pattern{re: re, at: map[string]int{}}
	for i, name := range re.SubexpNames() {
		if name != "" {
			p.at[name] = i
		}
	}
	for name := range p.at {
		if !strings.Contains(" "+strings.Join(groups, " ")+" ", " "+name+" ") {
			return nil, device.Fault(device.Illegal, "the pattern names a group %.20q; there are %s", name, strings.Join(groups, ", "))
		}
	}
	if p.at["weight"] == 0 {
		return nil, device.Fault(device.Illegal, "the pattern names no group weight: write (?P<weight>[0-9.]+) where the digits are")
	}
	if p.at["stable"] == 0 && p.at["moving"] == 0 {
		return nil, device.Fault(device.Illegal, "the pattern names neither stable nor moving: write (?P<stable>ST) where the scale says that it rests, or (?P<stable>) where it sends only then")
	}
	return p, nil
}

// read reads one line.
func (p *pattern) read(line, unit string) (Reading, bool) {
	m := p.re.FindStringSubmatchIndex(line)
	if m == nil {
		return Reading{}, false
	}
	has := func(name string) bool { i := p.at[name]; return i > 0 && m[2*i] >= 0 }
	text := func(name string) string {
		if !has(name) {
			return ""
		}
		return line[m[2*p.at[name]]:m[2*p.at[name]+1]]
	}
	r := Reading{Net: has("net"), Over: has("over"), Under: has("under"), Raw: line}
	r.Stable = !has("moving") && (p.at["stable"] == 0 || has("stable"))
	if u := strings.TrimSpace(text("unit")); u != "" {
		unit = u
	}
	g, ok := grams(text("weight"), unit)
	if ok && strings.TrimSpace(text("sign")) == "-" {
		g = -g
	}
	if !ok && !r.Over && !r.Under && r.Stable {
		return Reading{}, false
	}
	r.Weighed, r.Grams = ok, g
	r.Under = r.Under || ok && g < 0
	r.Stable = r.Stable && ok
	return r, true
}

func (p *pattern) next(b []byte, unit string) step {
	line, s, ok := oneLine(b)
	if !ok {
		return s
	}
	r, ok := p.read(line, unit)
	if !ok {
		return noise(s.n)
	}
	return said(s.n, r, b)
}

// Try reads one line with a pattern, for the one who writes it. ok is false
// where the pattern does not fit the line.
func Try(text, line, unit string) (r Reading, ok bool, err error) {
	p, err := compile(text)
	if err != nil {
		return Reading{}, false, err
	}
	if unit == "" {
		unit = "kg"
	}
	r, ok = p.read(strings.TrimRight(line, "\r\n\x03"), unit)
	return r, ok, nil
}

// asking reads the ask of the settings, in which bytes may be written as in
// Go: W\r or \x05.
func asking(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	s, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	if err != nil || len(s) > 32 {
		return nil, device.Fault(device.Illegal, `ask %.40q: write up to 32 bytes as W\r or \x05`, text)
	}
	return []byte(s), nil
}
