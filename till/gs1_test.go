package till

import (
	"errors"
	"testing"

	"guitai/till/money"
	"pgregory.net/rapid"
)

func TestParseGS1(t *testing.T) {
	for name, c := range map[string]struct{ in, want, rest string }{
		"as the GS1 syntax engine reads it": {"01069012345678923103000756" + "17261231" + "10LOT-42\x1d21SN0001",
			"(01)06901234567892(3103)000756(17)261231(10)LOT-42(21)SN0001", ""},
		"leading and closing FNC1":                   {"\x1d0106901234567892\x1d10A\x1d", "(01)06901234567892(10)A", ""},
		"without the separator it is one long batch": {"010690123456789210ABC21XYZ", "(01)06901234567892(10)ABC21XYZ", ""},
		"a batch beyond its length is not taken apart": {"010690123456789210ABCDEFGHIJ21KLMNOPQRST",
			"(01)06901234567892", "10ABCDEFGHIJ21KLMNOPQRST"},
		"an unknown AI is kept whole":    {"01069012345678928801XYZ\x1d10A", "(01)06901234567892", "8801XYZ\x1d10A"},
		"printed form":                   {"(01)06901234567892(10)LOT-42(21)SN", "(01)06901234567892(10)LOT-42(21)SN", ""},
		"brackets inside a batch":        {"(01)06901234567892(10)A(B)C(21)1", "(01)06901234567892(10)A(B)C(21)1", ""},
		"day 00 is the last of a month":  {"0106901234567892" + "17260200", "(01)06901234567892(17)260200", ""},
		"what the maker chose to put in": {"91FREE TEXT"[:6] + "\x1d3712", "(91)FREE(37)12", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := ParseGS1(c.in)
			g2 := g
			g2.Rest = ""
			if err != nil || g2.String() != c.want || g.Rest != c.rest {
				t.Errorf("ParseGS1(%q) = %q rest %q, %v; want %q rest %q", c.in, g2, g.Rest, err, c.want, c.rest)
			}
		})
	}
	for name, c := range map[string]struct {
		in     string
		reason string
	}{
		"wrong check digit":     {"0106901234567893", "bad check digit: (01)06901234567893"},
		"month 31":              {"0106901234567892" + "17263112", "gs1 element (17)263112: is no date"},
		"30 February":           {"17260230", "gs1 element (17)260230: is no date"},
		"short":                 {"01069012345678", "gs1 element (01)069012345678: has 12 characters, wants 14 to 14"},
		"letters in a weight":   {"310300075A", "gs1 element (3103)00075A: has a character that may not be there"},
		"a space in a batch":    {"10A B", "gs1 element (10)A B: has a character that may not be there"},
		"an empty batch":        {"10\x1d3701", "gs1 element (10): has 0 characters, wants 1 to 20"},
		"nothing of GS1":        {"HELLO", "gs1 element ()HELLO: no known application identifier at the start"},
		"a bracket and no more": {"(", "gs1 element ()(: no known application identifier at the start"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseGS1(c.in); err == nil || err.Error() != c.reason {
				t.Errorf("ParseGS1(%q): %v; want %s", c.in, err, c.reason)
			}
		})
	}
	if _, err := ParseGS1("0106901234567893"); !errors.Is(err, &Error{Code: BadCheckDigit}) {
		t.Errorf("a wrong check digit is %v, want BadCheckDigit", err)
	}
}

func TestGS1Values(t *testing.T) {
	cny, hkd := money.Currency{Code: "CNY", Exponent: 2}, money.Currency{Code: "HKD", Exponent: 2}
	g, err := ParseGS1("(01)06901234567892(3103)000756(3922)1250(37)12")
	if err != nil {
		t.Fatal(err)
	}
	if w, ok := g.Weight("kg"); !ok || w != 756 {
		t.Errorf("0.756 kg is %d, %v", w, ok)
	}
	if p, ok := g.Price(cny); !ok || p != 1250 {
		t.Errorf("12.50 is %d, %v", p, ok)
	}
	for in, want := range map[string]money.Quantity{"(3100)000002": 2000, "(3102)000075": 750, "(3105)000050": 1, "(3105)000149": 1, "(3105)000150": 2} {
		g, _ := ParseGS1(in)
		if w, ok := g.Weight("kg"); !ok || w != want {
			t.Errorf("net weight %s is %d, want %d", in, w, want)
		}
	}
	g, _ = ParseGS1("(3932)1561250")
	if p, ok := g.Price(cny); !ok || p != 1250 {
		t.Errorf("CNY 12.50 is %d, %v", p, ok)
	}
	if p, ok := g.Price(hkd); ok {
		t.Errorf("a price in yuan is %d in Hong Kong dollars", p)
	}
	g, _ = ParseGS1("(3923)12505")
	if p, ok := g.Price(cny); ok {
		t.Errorf("12.505 is taken as %d fen", p)
	}
	g, _ = ParseGS1("(3923)12500")
	if p, ok := g.Price(cny); !ok || p != 1250 {
		t.Errorf("12.500 is %d, %v", p, ok)
	}
	g, _ = ParseGS1("(3929)5")
	if p, ok := g.Price(cny); ok {
		t.Errorf("5e-9 is taken as %d fen", p)
	}
}

func TestGS1Date(t *testing.T) {
	for _, c := range []struct {
		in            string
		year, y, m, d int
	}{
		{"261231", 2026, 2026, 12, 31}, {"260200", 2026, 2026, 2, 28}, {"280200", 2026, 2028, 2, 29},
		{"760101", 2026, 2076, 1, 1}, {"770101", 2026, 1977, 1, 1}, {"020101", 2060, 2102, 1, 1},
	} {
		if y, m, d, ok := GS1Date(c.in, c.year); !ok || y != c.y || m != c.m || d != c.d {
			t.Errorf("%s in %d is %d-%d-%d, %v; want %d-%d-%d", c.in, c.year, y, m, d, ok, c.y, c.m, c.d)
		}
	}
	for _, in := range []string{"261301", "260001", "260431", "26043", "26O401"} {
		if _, _, _, ok := GS1Date(in, 2026); ok {
			t.Errorf("%s is taken as a date", in)
		}
	}
}

func TestGS1ReadsBackWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g GS1
		for range rapid.IntRange(1, 6).Draw(t, "n") {
			row := rapid.SampledFrom(gs1Table).Draw(t, "row")
			ai := row.from
			for range rapid.IntRange(0, 9).Draw(t, "steps") {
				if ai < row.to {
					ai = gs1Next(ai)
				}
			}
			g.Elements = append(g.Elements, GS1Element{ai, sample(row, rapid.Bool().Draw(t, "longest"))})
		}
		back, err := ParseGS1(g.Encode())
		if err != nil || back.String() != g.String() || back.Rest != "" {
			t.Fatalf("%s comes back as %s, %v", g, back, err)
		}
	})
}

func FuzzParseGS1(f *testing.F) {
	for _, s := range []string{"", "(", "(01", "(01)06901234567892(10)A", "010690123456789210ABC\x1d21X", "\x1d\x1d17", "393", "(3929)5", "91\xff"} {
		f.Add(s)
	}
	f.Fuzz(holdGS1)
}
