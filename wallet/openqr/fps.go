package openqr

import (
	"regexp"
	"strings"
)

// fpsMaker writes the code of Hong Kong's Faster Payment System (HKICL,
// Payee-presented QR Code Specification 1.2): template 26 with the clearing
// code, and an FPS identifier, a mobile number or a mail address; the reference
// as reference label 62-05.
var fpsMaker = maker{
	currencies: []string{"HKD", "CNY"},
	fields: []Field{
		{Key: "fps_id", Max: 9, check: func(s string) ProblemCode {
			if len(s) < 7 || !digits(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "mobile", Max: 14, check: func(s string) ProblemCode {
			if !fpsMobile.MatchString(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "email", Max: 60, check: func(s string) ProblemCode {
			if !fpsMail.MatchString(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "bank", Max: 3, check: func(s string) ProblemCode {
			if len(s) != 3 || !digits(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "payee", Max: 25},
		{Key: "city", Max: 15},
	},
	validate: func(m Method) []Problem {
		given := 0
		for _, key := range []string{"fps_id", "mobile", "email"} {
			if m.field(key) != "" {
				given++
			}
		}
		if given != 1 {
			return []Problem{{Code: OneOf, Field: "fps_id", Detail: "fps_id, mobile, email"}}
		}
		if _, err := fpsTemplate(m); err != nil {
			return []Problem{{Code: TooLong, Field: "email"}}
		}
		return nil
	},
	ref: refOf(25, "-._@+"),
	build: func(m Method, r request) (Payload, error) {
		template, err := fpsTemplate(m)
		if err != nil {
			return Payload{}, err
		}
		payee, city := m.field("payee"), m.field("city")
		if payee == "" {
			payee = "NA"
		}
		if city == "" {
			city = "HK"
		}
		extra, err := filled(Object{"05", r.ref})
		if err != nil {
			return Payload{}, err
		}
		c := Code{Objects: []Object{{"00", "01"}, {"01", "12"}, {"26", template}}}
		return finish(c, r, Object{"52", "0000"}, Object{"53", numbers[r.cur.Code]}, Object{"54", r.amount}, Object{"58", "HK"},
			Object{"59", payee}, Object{"60", city}, Object{"62", extra})
	},
}

var (
	fpsMobile = regexp.MustCompile(`^(\+852-?)?[4-9][0-9]{7}$`)
	fpsMail   = regexp.MustCompile(`^[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+$`)
)

func fpsTemplate(m Method) (string, error) {
	mobile := m.field("mobile")
	if mobile != "" {
		mobile = "+852-" + mobile[len(mobile)-8:]
	}
	return filled(Object{"00", "hk.com.hkicl"}, Object{"01", m.field("bank")}, Object{"02", m.field("fps_id")},
		Object{"03", mobile}, Object{"04", strings.ToLower(m.field("email"))})
}
