package openqr

import "strings"

// promptPayMaker writes the credit transfer of the Thai QR Payment Standard
// (Bank of Thailand): template 29. A credit transfer carries no reference.
var promptPayMaker = maker{
	currencies: []string{"THB"},
	fields: []Field{
		{Key: "id", Required: true, Max: 24, check: promptPayID},
		{Key: "payee", Max: 70, Letters: AnyLetters},
	},
	ref: refOf(25, ""),
	build: func(m Method, r request) (Payload, error) {
		id := compact(strings.TrimPrefix(m.field("id"), "+"))
		target := Object{"03", id}
		switch len(id) {
		case 10:
			target = Object{"01", "0066" + id[1:]}
		case 11:
			target = Object{"01", "00" + id}
		case 13:
			target = Object{"02", id}
		}
		c, err := emv("29", Object{"00", "A000000677010111"}, target)
		if err != nil {
			return Payload{}, err
		}
		p, err := finish(c, r, Object{"58", "TH"}, Object{"53", "764"}, Object{"54", r.amount})
		p.ReferenceInCode = false
		return p, err
	},
}

// promptPayID allows a mobile number (0812345678 or +66812345678), a tax or
// citizen number of 13 digits, and a wallet number of 15.
func promptPayID(id string) ProblemCode {
	id, plus := strings.CutPrefix(id, "+")
	id = compact(id)
	mobile := len(id) == 10 && id[0] == '0' && !plus || len(id) == 11 && strings.HasPrefix(id, "66")
	switch {
	case !digits(id):
		return BadForm
	case mobile, len(id) == 15 && !plus:
		return ""
	case len(id) != 13 || plus:
		return BadForm
	case thaiCheck(id[:12]) != id[12]:
		return BadCheck
	}
	return ""
}

// thaiCheck returns the check digit of a Thai citizen or tax number: weights 13
// down to 2, modulo 11.
func thaiCheck(body string) byte {
	sum := 0
	for i := range len(body) {
		sum += int(body[i]-'0') * (13 - i)
	}
	return byte('0' + (11-sum%11)%10)
}

// promptPayBillMaker writes the bill payment of the same standard: template 30
// with the biller and up to two references. The attempt goes into the first
// one, or into the second where the biller wants its own number first.
var promptPayBillMaker = maker{
	currencies: []string{"THB"},
	fields: []Field{
		{Key: "biller", Required: true, Max: 15, check: func(s string) ProblemCode {
			if len(s) != 15 || !digits(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "ref1", Max: 20, check: func(s string) ProblemCode {
			if !promptPayRef(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "terminal", Max: 25},
		{Key: "payee", Max: 70, Letters: AnyLetters},
	},
	ref: promptPayRef,
	build: func(m Method, r request) (Payload, error) {
		ref1, ref2 := m.field("ref1"), r.ref
		if ref1 == "" {
			ref1, ref2 = r.ref, ""
		}
		if ref1 == "" {
			return Payload{}, Problem{Code: BadReference, Field: "ref", Detail: "a bill payment needs one"}
		}
		c, err := emv("30", Object{"00", "A000000677010112"}, Object{"01", m.field("biller")}, Object{"02", ref1}, Object{"03", ref2})
		if err != nil {
			return Payload{}, err
		}
		extra, err := filled(Object{"07", m.field("terminal")})
		if err != nil {
			return Payload{}, err
		}
		return finish(c, r, Object{"53", "764"}, Object{"58", "TH"}, Object{"54", r.amount}, Object{"62", extra})
	},
}

// promptPayRef allows up to 20 capital letters and digits.
func promptPayRef(ref string) bool {
	return len(ref) <= 20 && strings.Trim(ref, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
