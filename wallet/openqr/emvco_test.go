package openqr

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// emvSample is the sample of the EMVCo specification, annex A; its lengths
// count characters, two of its values are Chinese.
const emvSample = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING" +
	"64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A"

// pixSample is the static sample of the Banco Central do Brasil's manual.
const pixSample = "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"

func TestCRC(t *testing.T) {
	for data, want := range map[string]uint16{
		"123456789":                           0x29B1, // the check value of CRC-16/CCITT-FALSE
		strings.TrimSuffix(emvSample, "A13A"): 0xA13A,
		strings.TrimSuffix(pixSample, "1D3D"): 0x1D3D,
		"":                                    0xFFFF,
	} {
		if got := CRC(data); got != want {
			t.Errorf("CRC(%.20q...) = %04X, want %04X", data, got, want)
		}
	}
}

func TestParseTheSampleOfEMVCo(t *testing.T) {
	c, err := Parse(emvSample)
	if err != nil {
		t.Fatal(err)
	}
	// What emvqr 0.0.5, decode(sample), gives for the same text.
	for id, want := range map[string]string{
		"00": "01", "01": "12", "29": "0012D156000000000510A93FO3230Q", "31": "0012D15600000001030812345678", "52": "4111", "53": "156",
		"54": "23.72", "55": "01", "58": "CN", "59": "BEST TRANSPORT", "60": "BEIJING", "62": "030412340603***0708A60086670902ME",
		"64": "0002ZH0104最佳运输0202北京", "91": "0016A011223344998877070812345678", "63": "",
	} {
		if got := c.Get(id); got != want {
			t.Errorf("object %s is %q, want %q", id, got, want)
		}
	}
	for at, want := range map[string]string{"29/00": "D15600000000", "29/05": "A93FO3230Q", "31/03": "12345678", "62/03": "1234", "62/06": "***",
		"62/07": "A6008667", "62/09": "ME", "64/01": "最佳运输", "64/02": "北京"} {
		inside, ok := c.Template(at[:2])
		if got := inside.Get(at[3:]); !ok || got != want {
			t.Errorf("object %s is %q, want %q", at, got, want)
		}
	}
	if back, err := c.Encode(); err != nil || back != emvSample {
		t.Errorf("written back it is %s, %v", back, err)
	}
}

func TestParseRefuses(t *testing.T) {
	crc := func(s string) string { return s + fmt.Sprintf("6304%04X", CRC(s+"6304")) }
	for name, c := range map[string]struct {
		in   string
		want ProblemCode
	}{
		"a link":                     {"https://qr.alipay.com/fkx123", NotEMVCo},
		"empty":                      {"", NotEMVCo},
		"no CRC":                     {"0002015802CN", NotEMVCo},
		"one character misread":      {strings.Replace(pixSample, "Fulano", "Fulana", 1), BadCheck},
		"wrong CRC":                  {pixSample[:len(pixSample)-1] + "E", BadCheck},
		"cut off with a right CRC":   {crc("0002015913Fulano"), NotEMVCo},
		"letters for a length":       {crc("00020159XXFulano"), NotEMVCo},
		"one object twice":           {crc("00020158" + "02CN" + "5802CN"), NotEMVCo},
		"another version of EMVCo":   {crc("0002025802CN"), NotEMVCo},
		"bytes that are not a text":  {crc("0002015902\xff\xfe"), NotEMVCo},
		"only the beginning and CRC": {"00020163", NotEMVCo},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(c.in)
			if p := (Problem{}); !errors.As(err, &p) || p.Code != c.want {
				t.Errorf("Parse(%q): %v, want %s", c.in, err, c.want)
			}
		})
	}
	if _, err := Parse(strings.ToLower(crc("0002015802CN")[:12]) + "5802CN"); err == nil {
		t.Error("a text of other make is taken")
	}
}

func TestParseCountsBytesWhereTheMakerDid(t *testing.T) {
	s := "0002015906茶店5802CN"
	s += fmt.Sprintf("6304%04X", CRC(s+"6304"))
	c, err := Parse(s)
	if err != nil || c.Get("59") != "茶店" {
		t.Fatalf("%+v, %v", c, err)
	}
	if back, err := c.Encode(); err != nil || back != s {
		t.Errorf("written back it is %q, %v", back, err)
	}
}

func TestCodeReadsBackWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Code{Objects: []Object{{"00", "01"}}}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			id := fmt.Sprintf("%02d", rapid.IntRange(1, 99).Draw(t, "id"))
			if id != "63" {
				c = c.With(id, rapid.StringOfN(rapid.RuneFrom([]rune("0189AZaz *.@+店é")), 0, 99, -1).Draw(t, "value"))
			}
		}
		text, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(text)
		if err != nil || fmt.Sprint(back) != fmt.Sprint(c) {
			t.Fatalf("%q reads as %v, %v; want %v", text, back, err, c)
		}
	})
}

func TestEncodeRefusesALongValue(t *testing.T) {
	c := Code{Objects: []Object{{"00", "01"}}}
	if _, err := c.With("26", strings.Repeat("x", 99)).Encode(); err != nil {
		t.Errorf("99 characters: %v", err)
	}
	_, err := c.With("26", strings.Repeat("x", 100)).Encode()
	if p := (Problem{}); !errors.As(err, &p) || p.Code != TooLong {
		t.Errorf("100 characters: %v, want too long", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{emvSample, pixSample, "", "000201", "00020163040000", "000201\xff", "0002015906茶店5802CN"} {
		f.Add(s)
	}
	for _, g := range goldens {
		f.Add(g.want)
	}
	f.Fuzz(func(t *testing.T, s string) {
		// Most changes break the CRC, so each is tried mended as well.
		for _, in := range []string{s, fmt.Sprintf("%s6304%04X", s, CRC(s+"6304"))} {
			c, err := Parse(in)
			if err != nil {
				continue
			}
			for _, o := range c.Objects {
				c.Template(o.ID)
			}
			back, err := c.Encode()
			if err != nil || !strings.EqualFold(back, strings.TrimSpace(in)) {
				t.Fatalf("%q is written back as %q, %v", in, back, err)
			}
			p, err := Build(Method{Scheme: EMVCo, Name: "own", Fields: map[string]string{"code": in}}, 3640, currency(t, "CNY"), "A000123")
			if err != nil {
				continue
			}
			again, err := Parse(p.Text)
			if err != nil || again.Get("54") != "36.40" || again.Get("01") != "12" {
				t.Fatalf("%q made for one payment is %q, %v", in, p.Text, err)
			}
		}
	})
}
