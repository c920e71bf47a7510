package openqr

import "strings"

// vietQRMaker writes VietQR as NAPAS lays it down (QR switching service
// QRIBFTTA to an account, QRIBFTTC to a card): template 38, the reference as
// the purpose 62-08, which the bank's statement shows.
var vietQRMaker = maker{
	currencies: []string{"VND"},
	fields: []Field{
		{Key: "bin", Required: true, Max: 6, check: func(s string) ProblemCode {
			// NAPAS numbers its members 970nnn and 971nnn.
			if len(s) != 6 || !digits(s) || !strings.HasPrefix(s, "970") && !strings.HasPrefix(s, "971") {
				return BadForm
			}
			return ""
		}},
		{Key: "account", Required: true, Max: 19, check: func(s string) ProblemCode {
			if len(s) < 4 || strings.Trim(s, alnum) != "" {
				return BadForm
			}
			return ""
		}},
		{Key: "service", Max: 7, check: func(s string) ProblemCode {
			if s != "account" && s != "card" {
				return BadForm
			}
			return ""
		}},
		{Key: "payee", Max: 70, Letters: AnyLetters},
	},
	ref: refOf(25, " .-_"),
	build: func(m Method, r request) (Payload, error) {
		service := "QRIBFTTA"
		if m.field("service") == "card" {
			service = "QRIBFTTC"
		}
		account, err := filled(Object{"00", m.field("bin")}, Object{"01", m.field("account")})
		if err != nil {
			return Payload{}, err
		}
		c, err := emv("38", Object{"00", "A000000727"}, Object{"01", account}, Object{"02", service})
		if err != nil {
			return Payload{}, err
		}
		extra, err := filled(Object{"08", r.ref})
		if err != nil {
			return Payload{}, err
		}
		return finish(c, r, Object{"53", "704"}, Object{"54", r.amount}, Object{"58", "VN"}, Object{"62", extra})
	},
}
