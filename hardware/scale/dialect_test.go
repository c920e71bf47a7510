package scale

import (
	"errors"
	"strings"
	"testing"

	"guitai/hardware/device"
)

// first reads all that b holds, and returns the readings.
func readings(t testing.TB, next func([]byte, string) step, b []byte) []Reading {
	t.Helper()
	var out []Reading
	for len(b) > 0 {
		st := next(b, "kg")
		if st.n < 0 || st.n > len(b) {
			t.Fatalf("a step of %d in %d bytes %q", st.n, len(b), b)
		}
		if st.n == 0 {
			if len(b) > 2*lineMax {
				t.Fatalf("waits for more with %d bytes there", len(b))
			}
			return out
		}
		if st.says {
			out = append(out, st.reading)
		}
		b = b[st.n:]
	}
	return out
}

// The frames are those of section 7 of the reference and of the makers' sheets.
func TestFramesOfScales(t *testing.T) {
	at := func(grams int) Reading { return Reading{Weighed: true, Grams: grams, Stable: true} }
	for _, row := range []struct {
		driver, frame string
		want          Reading
	}{
		{"mettler8217", "\x0200.876\r", at(876)},
		{"mettler8217", "\x02 0.876\r", at(876)},
		{"mettler8217", "\x0212.345N\r", Reading{Weighed: true, Grams: 12345, Stable: true, Net: true}},
		{"mettler8217", "\x02?\x41\r", Reading{}},
		{"mettler8217", "\x02?\x42\r", Reading{Over: true}},
		{"mettler8217", "\x02?\x44\r", Reading{Under: true}},
		{"mettler8217", "\x02?\x50\r", Reading{Empty: true}},
		{"mettler8217", "\x02?\x48\r", Reading{Fault: true}},
		{"nci", "\n00.876KG\r\nS00\r\x03", at(876)},
		{"nci", "\n01.62LB\r\nS00\r\x03", at(735)},
		{"nci", "\n00.000KG\r\nS20\r\x03", Reading{Weighed: true, Stable: true, Empty: true}},
		{"nci", "\nS10\r\x03", Reading{}},
		{"nci", "\nS02\r\x03", Reading{Over: true}},
		{"nci", "\nS01\r\x03", Reading{Under: true}},
		{"nci", "\n00.700KG\r\nS0p4\r\x03", Reading{Weighed: true, Grams: 700, Stable: true, Net: true}},
		{"nci", "\nS40\r\x03", Reading{Fault: true}},
		{"cas", "\x01\x02S  0.876kg\x5b\x03\x04", at(876)},
		{"cas", "\x01\x02U  0.876kg\x5d\x03\x04", Reading{Weighed: true, Grams: 876}},
		{"cas", "\x01\x02S-  0.010kg\x5d\x03\x04", Reading{Weighed: true, Grams: -10, Stable: true, Under: true}},
		{"cas", "\x01\x02S 000735KG\x7e\x03\x04", at(735)},
		{"cas", "\x15", Reading{}},
		{"toledo", "\x02\x2d\x30\x20   876     0\r" + "\x6b", at(876)},
		{"toledo", "\x02\x2c\x38\x20  1234     0\r" + "\x6e", Reading{Weighed: true, Grams: 12340}},
		{"stgs", "ST,GS,+ 0.876kg\r\n", at(876)},
		{"stgs", "ST,GS,+00.735kg\r\n", at(735)},
		{"stgs", "ST,GS,+  0.735 kg\r\n", at(735)},
		{"stgs", "ST,GS,+  735.4 g\r\n", at(735)},
		{"stgs", "ST,GS,+001.62lb\r\n", at(735)},
		{"stgs", "US,GS,+00.742kg\r\n", Reading{Weighed: true, Grams: 742}},
		{"stgs", "ST,NT,+00.720kg\r\n", Reading{Weighed: true, Grams: 720, Stable: true, Net: true}},
		{"stgs", "OL,GS,+99999999\r\n", Reading{Over: true}},
		{"stgs", "OL,GS,-99999999\r\n", Reading{Under: true}},
		{"stgs", "ST,GS,-00.015kg\r\n", Reading{Weighed: true, Grams: -15, Stable: true, Under: true}},
		{"stgs", "ST,+00012.34  g\r\n", at(12)},
	} {
		frame := row.frame
		if row.driver == "toledo" || row.driver == "cas" && len(frame) > 1 {
			frame = summed(row.driver, frame)
		}
		got := readings(t, dialects[row.driver].next, []byte(frame))
		if len(got) != 1 {
			t.Errorf("%s %q: %d readings", row.driver, frame, len(got))
			continue
		}
		if raw := strings.TrimSuffix(frame, "\n"); got[0].Raw != raw {
			t.Errorf("%s %q: raw is %q", row.driver, frame, got[0].Raw)
		}
		if got[0].Raw = ""; got[0] != row.want {
			t.Errorf("%s %q: %+v, want %+v", row.driver, frame, got[0], row.want)
		}
	}
}

// summed puts the right sum into a frame: what the row has there is not looked
// at, so that rows stay readable.
func summed(driver, frame string) string {
	b := []byte(frame)
	switch driver {
	case "toledo":
		var sum byte
		for _, c := range b[:17] {
			sum += c
		}
		b[17] = -sum & 0x7f
	case "cas":
		b[len(b)-3] = exclusiveOr(b[2 : len(b)-3])
	}
	return string(b)
}

func TestFramesThatSayNothing(t *testing.T) {
	for _, row := range []struct{ driver, frame, why string }{
		{"cas", "\x01\x02S  0.876kg\x00\x03\x04\x01\x02S  0.876kg", "a wrong sum"},
		{"cas", summed("cas", "\x01\x02S  0.876xx\x00\x03\x04") + "\x06", "an unknown unit"},
		{"toledo", "\x02\x2d\x30\x20   876     0\r\x00", "a wrong sum"},
		{"stgs", "ST,TR,+00.015kg\r\n", "a tare is no goods"},
		{"stgs", "ST,GS,+00.0.5kg\r\n", "two points"},
		{"stgs", "ST,GS,+00.735\r\n", "no unit"},
		{"stgs", "ST,GS,+ 1 2.5kg\r\n", "a gap among the digits"},
		{"mettler8217", "\x02hello\r", "no number"},
		{"mettler8217", "\x02?\r", "no status"},
		{"nci", "\n?\r\x03", "the scale did not understand"},
	} {
		if got := readings(t, dialects[row.driver].next, []byte(row.frame)); len(got) != 0 {
			t.Errorf("%s: %q gives %+v", row.why, row.frame, got)
		}
	}
}

// A frame that was cut short does not spoil the next one, nor lends it digits.
func TestHalfFramesAreLeftOut(t *testing.T) {
	for driver, frame := range map[string]string{
		"mettler8217": "\x0200.876\r", "nci": "\n00.876KG\r\nS00\r\x03", "stgs": "ST,GS,+ 0.876kg\r\n",
		"cas": summed("cas", "\x01\x02S  0.876kg\x00\x03\x04"), "toledo": summed("toledo", "\x02\x2d\x30\x20   876     0\r\x00"),
	} {
		for cut := 1; cut < len(frame); cut++ {
			got := readings(t, dialects[driver].next, []byte(frame[:cut]+frame+frame))
			sold := 0
			for _, r := range got {
				if r.Sellable() && r.Grams != 876 {
					t.Errorf("%s cut at %d: %+v", driver, cut, r)
				}
				if r.Sellable() {
					sold++
				}
			}
			if sold == 0 {
				t.Errorf("%s cut at %d: the whole frames are lost: %+v", driver, cut, got)
			}
		}
	}
}

func TestGrams(t *testing.T) {
	for _, row := range []struct {
		number, unit string
		want         int
		ok           bool
	}{
		{"0.876", "kg", 876, true}, {" 12.5", "KG", 12500, true}, {"876", "g", 876, true}, {"0.5", "g", 1, true}, {"-0.4", "g", 0, true},
		{"1", "lb", 454, true}, {"1.62", "lb", 735, true}, {"1", "oz", 28, true}, {"2", "斤", 1000, true}, {"- 0.015", "kg", -15, true},
		{"0.0005", "kg", 1, true}, {"0.0004999", "kg", 0, false}, {".5", "kg", 500, true}, {"5.", "kg", 5000, true}, {"0.001", "t", 1000, true},
		{"", "kg", 0, false}, {".", "kg", 0, false}, {"1,5", "kg", 0, false}, {"+-1", "kg", 0, false}, {"1", "stone", 0, false}, {"999999999", "kg", 0, false},
	} {
		if got, ok := grams(row.number, row.unit); got != row.want || ok != row.ok {
			t.Errorf("%q %s is %d %t, want %d %t", row.number, row.unit, got, ok, row.want, row.ok)
		}
	}
}

func TestPatterns(t *testing.T) {
	const pd = `^(?P<stable>S)?D?\s*(?P<sign>[+-])?\s*(?P<weight>[0-9.]+)\s*(?P<unit>kg|lb|g)$`
	for _, row := range []struct {
		pattern, line string
		want          Reading
		ok            bool
	}{
		{pd, "S +0.735 kg\r\n", Reading{Weighed: true, Grams: 735, Stable: true}, true},
		{pd, "D +0.735 kg", Reading{Weighed: true, Grams: 735}, true},
		{pd, "S -0.010 kg", Reading{Weighed: true, Grams: -10, Stable: true, Under: true}, true},
		{pd, "S +0.735", Reading{}, false},
		{`^(?P<sign>[+-]) *(?P<weight>[0-9.]+) *(?P<stable>(?P<unit>g))? *$`, "+  876.4 g  ", Reading{Weighed: true, Grams: 876, Stable: true}, true},
		{`^(?P<sign>[+-]) *(?P<weight>[0-9.]+) *(?P<stable>(?P<unit>g))? *$`, "+  876.4    ", Reading{Weighed: true, Grams: 876400}, true},
		{`^ *(?P<stable>)(?P<weight>[0-9.]+)$`, "  0.735", Reading{Weighed: true, Grams: 735, Stable: true}, true},
		{`^(?P<stable>)(?P<weight>[0-9.]+)$`, "0.5", Reading{Weighed: true, Grams: 500, Stable: true}, true},
		{`^(?P<moving>M)?(?P<over>H)?(?P<weight>[-0-9.]*)$`, "H----", Reading{Over: true}, true},
		{`^(?P<moving>M)?(?P<over>H)?(?P<weight>[-0-9.]*)$`, "M1.5", Reading{Weighed: true, Grams: 1500}, true},
		{`^(?P<moving>M)?(?P<weight>[-0-9.]*)$`, "----", Reading{}, false},
	} {
		got, ok, err := Try(row.pattern, row.line, "")
		got.Raw = ""
		if err != nil || ok != row.ok || got != row.want {
			t.Errorf("%s on %q: %+v %t %v, want %+v", row.pattern, row.line, got, ok, err, row.want)
		}
	}
	for pattern, why := range map[string]string{
		"(": "no regular expression", `(?P<stable>S)`: "no group weight", `(?P<weight>\d+)`: "neither stable nor moving",
		`(?P<weight>\d+)(?P<stable>)(?P<wieght>x)`: `a group "wieght"`, strings.Repeat("a", 301): "more than 300",
	} {
		if _, _, err := Try(pattern, "x", ""); device.ReasonOf(err) != device.Illegal || !strings.Contains(err.Error(), why) {
			t.Errorf("%.40q: %v", pattern, err)
		}
	}
	if b, err := asking(`W\r\x05`); err != nil || string(b) != "W\r\x05" {
		t.Errorf("ask is %q, %v", b, err)
	}
	if _, err := asking(`\q`); !errors.As(err, new(*device.Error)) {
		t.Errorf("a wrong ask: %v", err)
	}
}

// Whatever comes, a step moves on or waits, nothing is read beyond it, and how
// the bytes were cut into pieces changes nothing.
func fuzzDialect(f *testing.F, driver string, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s), 3)
	}
	next := dialects[driver].next
	if driver == "pattern" {
		p, err := compile(`^(?P<stable>S)?D?\s*(?P<sign>[+-])?\s*(?P<weight>[0-9.]+)\s*(?P<unit>kg|lb|g)$`)
		if err != nil {
			f.Fatal(err)
		}
		next = p.next
	}
	f.Fuzz(func(t *testing.T, b []byte, cut int) { hold(t, next, b, cut) })
}

// hold holds a dialect to the rules that hold for any bytes.
func hold(t testing.TB, next func([]byte, string) step, b []byte, cut int) {
	t.Helper()
	whole := readings(t, next, b)
	for _, r := range whole {
		if r.Sellable() && (r.Grams <= 0 || r.Grams > gramsMax || r.Raw == "") {
			t.Fatalf("%q sells %+v", b, r)
		}
	}
	cut = max(0, min(cut, len(b)))
	var rest []byte
	var parts []Reading
	for _, p := range [][]byte{b[:cut], b[cut:]} {
		rest = append(rest, p...)
		for len(rest) > 0 {
			st := next(rest, "kg")
			if st.n == 0 {
				break
			}
			if st.says {
				parts = append(parts, st.reading)
			}
			rest = rest[st.n:]
		}
	}
	if len(parts) != len(whole) {
		t.Fatalf("%q gives %d readings whole, %d cut at %d", b, len(whole), len(parts), cut)
	}
	for i := range whole {
		if whole[i] != parts[i] {
			t.Fatalf("%q gives %+v whole, %+v cut at %d", b, whole[i], parts[i], cut)
		}
	}
}

func FuzzMettler8217(f *testing.F) {
	fuzzDialect(f, "mettler8217", "\x0200.876\r", "\x02?\x41\r", "\x02\x0200.1N\r")
}
func FuzzNCI(f *testing.F) { fuzzDialect(f, "nci", "\n00.876KG\r\nS00\r\x03", "\nS10\r\x03") }
func FuzzCAS(f *testing.F) {
	fuzzDialect(f, "cas", summed("cas", "\x01\x02S  0.876kg\x00\x03\x04"), summed("cas", "\x01\x02S   0.876kg\x00\x03\x04"), "\x06\x15")
}
func FuzzToledo(f *testing.F) {
	fuzzDialect(f, "toledo", summed("toledo", "\x02\x2d\x30\x20   876     0\r\x00"))
}
func FuzzSTGS(f *testing.F) {
	fuzzDialect(f, "stgs", "ST,GS,+ 0.876kg\r\nUS,NT,-1.0g\r\n", "OL,GS,+9999\r\n")
}
func FuzzPattern(f *testing.F) { fuzzDialect(f, "pattern", "S +0.735 kg\r\nD 1 g\n") }
