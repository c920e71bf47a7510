package openqr

import (
	"regexp"
	"strings"
)

// sepaMaker writes the credit transfer code of the European Payments Council
// (EPC069-12, version 002): twelve lines, UTF-8, error correction M, at most
// 331 bytes. A reference of ISO 11649 goes into the structured line, any other
// into the text.
var sepaMaker = maker{
	currencies: []string{"EUR"},
	most:       999_999_999_99,
	fields: []Field{
		{Key: "iban", Required: true, Max: 42, check: checkIBAN},
		{Key: "payee", Required: true, Max: 70, Letters: LatinLetters},
		{Key: "bic", Max: 11, check: func(s string) ProblemCode {
			if !bic.MatchString(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "purpose", Max: 4, check: func(s string) ProblemCode {
			if strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
				return BadForm
			}
			return ""
		}},
		{Key: "info", Max: 70, Letters: LatinLetters},
	},
	ref: func(ref string) bool { return len(ref) <= 140 },
	build: func(m Method, r request) (Payload, error) {
		structured, text := "", r.ref
		if creditorReference(r.ref) {
			structured, text = r.ref, ""
		}
		lines := []string{"BCD", "002", "1", "SCT", m.field("bic"), m.field("payee"), plainIBAN(m.field("iban")), "EUR" + r.amount,
			m.field("purpose"), structured, text, m.field("info")}
		code := strings.Join(lines, "\n")
		if len(code) > 331 {
			return Payload{}, Problem{Code: TooLong, Field: "info", Detail: "the code has more than 331 bytes"}
		}
		return Payload{Text: code, AmountInCode: true, ReferenceInCode: r.ref != "", ECC: "M"}, nil
	},
}

var bic = regexp.MustCompile(`^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
