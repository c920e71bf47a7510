package display

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf8"
)

// The frames are those of section 7 of the reference.
func TestFramesOfDisplays(t *testing.T) {
	gb := Settings{Driver: "cd5220", Charset: "gb18030"}
	for _, row := range []struct {
		what string
		set  Settings
		view View
		want string // in hexadecimal; text between brackets
	}{
		{"LED8: clear, lamps, number", Settings{Driver: "led8"}, View{Main: Sum{Total, "12.50"}}, "0c 024c30313030 1b5141 [12.50] 0d"},
		{"LED8: the price lamp", Settings{Driver: "led8"}, View{Main: Sum{Price, "7.5"}}, "0c 024c31303030 1b5141 [7.5] 0d"},
		{"LED8: lamps by ESC s", Settings{Driver: "led8", Lamps: "esc"}, View{Main: Sum{Change, "-3.20"}}, "0c 1b7334 1b5141 [-3.20] 0d"},
		{"LED8: eight digits and a point", Settings{Driver: "led8"}, View{Main: Sum{Collected, "123456.78"}}, "0c 024c30303130 1b5141 [123456.78] 0d"},
		{"LED8: nine do not fit", Settings{Driver: "led8"}, View{Main: Sum{Total, "1234567.89"}}, "0c 024c30313030 1b5141 [--------] 0d"},
		{"LED8: nor eight and a minus", Settings{Driver: "led8"}, View{Main: Sum{Total, "-123456.78"}}, "0c 024c30313030 1b5141 [--------] 0d"},
		{"LED8: nothing", Settings{Driver: "led8"}, View{Name: "欢迎"}, "0c 024c30303030"},
		{"LED8: no amount", Settings{Driver: "led8"}, View{Main: Sum{Total, "12,50"}}, "0c 024c30303030"},
		{"CD5220: two lines", Settings{Driver: "cd5220"}, View{Latin: "Apple", Name: "苹果", Main: Sum{Price, "7.50"}},
			"1b5141 [Apple               ] 0d 1b5142 [PRICE           7.50] 0d"},
		{"CD5220: a sum above", Settings{Driver: "cd5220"}, View{Above: Sum{Collected, "100.00"}, Main: Sum{Change, "13.60"}},
			"1b5141 [PAID          100.00] 0d 1b5142 [CHANGE         13.60] 0d"},
		{"GB18030: two bytes are two columns", gb, View{Name: "苹果 Apple 500g 超长的名字", Main: Sum{Price, "7.50"}},
			"1b5141 c6bbb9fb [ Apple 500g ] b3acb3a4 0d 1b5142 b5a5bcdb [            7.50] 0d"},
		{"GB18030: a character is never cut in half", gb, View{Name: "a苹果苹果苹果苹果苹果", Main: Sum{Total, "1"}},
			"1b5141 [a] c6bbb9fbc6bbb9fbc6bbb9fbc6bbb9fbc6bb [ ] 0d" + " 1b5142 bacfbcc6 [               1] 0d"},
		{"GB18030: the yen sign of Unicode has four bytes", gb, View{Name: "¥5 𠮷", Main: Sum{}},
			"1b5141 a3a4 [5 ?               ] 0d 1b5142 [                    ] 0d"},
		{"an amount longer than the line is not cut", Settings{Driver: "cd5220"}, View{Main: Sum{Total, "123456789012345678.90"}},
			"1b5141 [                    ] 0d 1b5142 [--------------------] 0d"},
		{"DM-D: the display, two lines, the printer", Settings{Driver: "dmd"}, View{Latin: "A", Main: Sum{Total, "1.00"}},
			"1b3d02 1f240101 [A                   ] 1f240102 [TOTAL           1.00] 1b3d01"},
	} {
		if got, want := Frame(row.set, row.view), unhex(t, row.want); !bytes.Equal(got, want) {
			t.Errorf("%s:\n%x\n%x", row.what, got, want)
		}
	}
}

// unhex reads hexadecimal with text between brackets.
func unhex(t *testing.T, s string) []byte {
	t.Helper()
	var out []byte
	for s != "" {
		if rest, ok := strings.CutPrefix(s, "["); ok {
			text, after, _ := strings.Cut(rest, "]")
			out, s = append(out, text...), after
			continue
		}
		code, after, _ := strings.Cut(s, "[")
		if after != "" {
			after = "[" + after
		}
		b, err := hex.DecodeString(strings.ReplaceAll(code, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		out, s = append(out, b...), after
	}
	return out
}

// No name and no amount breaks a frame: no control character gets in from the
// outside, and lines are exactly as wide as the display.
func FuzzFrame(f *testing.F) {
	f.Add("苹果", "12.50", "gb18030")
	f.Add("\x1b=\x01a", "1\r2", "")
	f.Fuzz(func(t *testing.T, name, amount, charset string) {
		if charset != "gb18030" {
			charset = ""
		}
		v := View{Name: name, Latin: name, Above: Sum{Collected, amount}, Main: Sum{Total, amount}}
		frame := Frame(Settings{Driver: "cd5220", Charset: charset}, v)
		if len(frame) != 48 || !bytes.HasPrefix(frame, []byte("\x1bQA")) || frame[23] != '\r' || string(frame[24:27]) != "\x1bQB" || frame[47] != '\r' {
			t.Fatalf("%x", frame)
		}
		for _, line := range [][]byte{frame[3:23], frame[27:47]} {
			if bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Fatalf("a control character in %x", line)
			}
			if charset == "" && !utf8.Valid(line) {
				t.Fatalf("no ASCII: %x", line)
			}
		}
		dm := Frame(Settings{Driver: "dmd", Charset: charset}, v)
		if len(dm) != 54 || bytes.Count(dm, []byte("\x1b=")) != 2 || !bytes.HasSuffix(dm, []byte("\x1b=\x01")) {
			t.Fatalf("%x", dm)
		}
		led := Frame(Settings{Driver: "led8"}, v)
		if n := len(led); n > 24 || n > 7 && (bytes.Count(led, []byte("\r")) != 1 || len(bytes.ReplaceAll(led[10:n-1], []byte("."), nil)) > 8) {
			t.Fatalf("%x", led)
		}
	})
}
