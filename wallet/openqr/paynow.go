package openqr

import (
	"regexp"
	"time"
)

// payNowMaker writes PayNow inside SGQR (Association of Banks in Singapore):
// template 26 with a mobile number or a UEN, the amount not editable, and the
// reference as bill number 62-01.
var payNowMaker = maker{
	currencies: []string{"SGD"},
	fields: []Field{
		{Key: "id", Required: true, Max: 13, check: payNowID},
		{Key: "payee", Required: true, Max: 25},
		{Key: "city", Max: 15},
		{Key: "expiry", Max: 8, check: func(s string) ProblemCode {
			if _, err := time.Parse("20060102", s); err != nil {
				return BadForm
			}
			return ""
		}},
	},
	ref: refOf(25, " -./"),
	build: func(m Method, r request) (Payload, error) {
		id, kind, city, expiry := m.field("id"), "2", m.field("city"), m.field("expiry")
		if payNowMobile.MatchString(id) {
			kind = "0"
		}
		if city == "" {
			city = "Singapore"
		}
		if expiry == "" {
			expiry = "20991231" // apps want one; the till itself stops showing the code
		}
		c, err := emv("26", Object{"00", "SG.PAYNOW"}, Object{"01", kind}, Object{"02", id}, Object{"03", "0"}, Object{"04", expiry})
		if err != nil {
			return Payload{}, err
		}
		extra, err := filled(Object{"01", r.ref})
		if err != nil {
			return Payload{}, err
		}
		return finish(c, r, Object{"52", "0000"}, Object{"53", "702"}, Object{"54", r.amount}, Object{"58", "SG"},
			Object{"59", m.field("payee")}, Object{"60", city}, Object{"62", extra})
	},
}

var (
	payNowMobile = regexp.MustCompile(`^\+65[89][0-9]{7}$`)
	// The three forms of a Unique Entity Number (ACRA), each with up to three
	// letters or digits that a bank may have added for a further account.
	payNowUEN = regexp.MustCompile(`^([0-9]{8}[A-Z]|(19|20)[0-9]{7}[A-Z]|[TSR][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z])[0-9A-Z]{0,3}$`)
)

func payNowID(id string) ProblemCode {
	if payNowMobile.MatchString(id) || payNowUEN.MatchString(id) {
		return ""
	}
	return BadForm
}
