package openqr

import (
	"net/url"
	"regexp"
	"strings"
)

// upiMaker writes the link of India's Unified Payments Interface (NPCI, UPI
// Linking Specification 1.6): pa, pn, mc, tr, tn, am, cu.
var upiMaker = maker{
	currencies: []string{"INR"},
	fields: []Field{
		{Key: "vpa", Required: true, Max: 255, check: func(s string) ProblemCode {
			if !upiAddress.MatchString(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "payee", Required: true, Max: 99},
		{Key: "mcc", Max: 4, check: func(s string) ProblemCode {
			if len(s) != 4 || !digits(s) {
				return BadForm
			}
			return ""
		}},
		{Key: "note", Max: 50},
	},
	ref: refOf(35, "-."),
	build: func(m Method, r request) (Payload, error) {
		var b strings.Builder
		b.WriteString("upi://pay?pa=" + upiEscape.Replace(url.QueryEscape(m.field("vpa"))))
		for _, p := range [][2]string{{"pn", m.field("payee")}, {"mc", m.field("mcc")}, {"tr", r.ref}, {"tn", m.field("note")},
			{"am", r.amount}, {"cu", "INR"}} {
			if p[1] != "" {
				b.WriteString("&" + p[0] + "=" + upiEscape.Replace(url.QueryEscape(p[1])))
			}
		}
		return Payload{Text: b.String(), AmountInCode: true, ReferenceInCode: r.ref != ""}, nil
	},
}

var (
	upiAddress = regexp.MustCompile(`^[A-Za-z0-9.\-_]{2,}@[A-Za-z][A-Za-z0-9.\-]+$`)
	// Payment apps split the link themselves: a plus is no space to some, and
	// the address is compared as it stands.
	upiEscape = strings.NewReplacer("+", "%20", "%40", "@")
)
