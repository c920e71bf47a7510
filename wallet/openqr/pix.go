package openqr

import (
	"regexp"
	"strings"
)

// pixMaker writes the static BR Code of the Banco Central do Brasil (Manual de
// Padrões para Iniciação do Pix, section 2): template 26 with the key, the
// txid in 62-05. The txid is letters and digits only; *** stands for none.
var pixMaker = maker{
	currencies: []string{"BRL"},
	fields: []Field{
		{Key: "key", Required: true, Max: 77, check: pixKey},
		{Key: "payee", Required: true, Max: 25},
		{Key: "city", Required: true, Max: 15},
		{Key: "info", Max: 72},
	},
	validate: func(m Method) []Problem {
		if _, err := pixTemplate(m); err != nil {
			return []Problem{{Code: TooLong, Field: "info", Detail: "key and text together have 73 characters"}}
		}
		return nil
	},
	ref: refOf(25, ""),
	build: func(m Method, r request) (Payload, error) {
		template, err := pixTemplate(m)
		if err != nil {
			return Payload{}, err
		}
		txid := r.ref
		if txid == "" {
			txid = "***"
		}
		extra, err := filled(Object{"05", txid})
		if err != nil {
			return Payload{}, err
		}
		// A static code has no object 01: the BR Code uses 12 there for codes
		// that fetch the charge from a bank's address.
		c := Code{Objects: []Object{{"00", "01"}, {"26", template}, {"52", "0000"}}}
		return finish(c, r, Object{"53", "986"}, Object{"54", r.amount}, Object{"58", "BR"},
			Object{"59", m.field("payee")}, Object{"60", m.field("city")}, Object{"62", extra})
	},
}

func pixTemplate(m Method) (string, error) {
	return filled(Object{"00", "br.gov.bcb.pix"}, Object{"01", pixPlain(m.field("key"))}, Object{"02", m.field("info")})
}

var (
	pixMail      = regexp.MustCompile(`^[a-z0-9._%+\-]+@[a-z0-9\-]+(\.[a-z0-9\-]+)+$`)
	pixPhone     = regexp.MustCompile(`^\+55[1-9][1-9][2-9][0-9]{7,8}$`)
	pixUUID      = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	pixCPF       = regexp.MustCompile(`^([0-9]{3})\.([0-9]{3})\.([0-9]{3})-([0-9]{2})$`)
	pixCNPJ      = regexp.MustCompile(`^([0-9A-Z]{2})\.([0-9A-Z]{3})\.([0-9A-Z]{3})/([0-9A-Z]{4})-([0-9]{2})$`)
	pixPlainCNPJ = regexp.MustCompile(`^[0-9A-Z]{12}[0-9]{2}$`)
)

// pixPlain takes the points out of a tax number written with them.
func pixPlain(key string) string {
	if pixCPF.MatchString(key) || pixCNPJ.MatchString(key) {
		return strings.NewReplacer(".", "", "/", "", "-", "").Replace(key)
	}
	return key
}

// pixKey checks the five forms of a key: e-mail, phone, random key, CPF, CNPJ.
func pixKey(key string) ProblemCode {
	key = pixPlain(key)
	right := false
	switch {
	case pixMail.MatchString(key), pixPhone.MatchString(key), pixUUID.MatchString(key):
		return ""
	case len(key) == 11 && digits(key):
		right = brazilCheck(key[:9], 11) == key[9:]
	case pixPlainCNPJ.MatchString(key):
		right = brazilCheck(key[:12], 9) == key[12:]
	default:
		return BadForm
	}
	if !right || strings.Count(key, key[:1]) == len(key) {
		return BadCheck
	}
	return ""
}

// brazilCheck returns the two modulo 11 check digits of a CPF (weights up to
// 11) or a CNPJ (weights 2 to 9 in turn; letters count as their ASCII value
// less 48, Instrução Normativa RFB 2.229/2024).
func brazilCheck(body string, highest int) string {
	for range 2 {
		sum, weight := 0, 2
		for i := len(body) - 1; i >= 0; i-- {
			sum += int(body[i]-'0') * weight
			if weight++; weight > highest {
				weight = 2
			}
		}
		d := 11 - sum%11
		if d > 9 {
			d = 0
		}
		body += string(rune('0' + d))
	}
	return body[len(body)-2:]
}
