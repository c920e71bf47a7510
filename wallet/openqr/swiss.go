package openqr

import "strings"

// swissMaker writes the Swiss QR-bill (SIX, Implementation Guidelines QR-bill
// 2.3, section 4): structured addresses, error correction M, a Swiss cross in
// the middle. A QR-IBAN takes a QR reference of 27 digits and nothing else; an
// IBAN takes a reference of ISO 11649, or any text as the message.
var swissMaker = maker{
	currencies: []string{"CHF", "EUR"},
	most:       999_999_999_99,
	fields: []Field{
		{Key: "iban", Required: true, Max: 26, check: func(s string) ProblemCode {
			if code := checkIBAN(s); code != "" {
				return code
			}
			if c := plainIBAN(s)[:2]; c != "CH" && c != "LI" {
				return BadForm
			}
			return ""
		}},
		{Key: "payee", Required: true, Max: 70, Letters: LatinLetters},
		{Key: "street", Max: 70, Letters: LatinLetters},
		{Key: "building", Max: 16, Letters: LatinLetters},
		{Key: "zip", Required: true, Max: 16},
		{Key: "city", Required: true, Max: 35, Letters: LatinLetters},
		{Key: "country", Max: 2, check: func(s string) ProblemCode {
			if len(s) != 2 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
				return BadForm
			}
			return ""
		}},
	},
	ref: func(ref string) bool { return len(ref) <= 140 },
	build: func(m Method, r request) (Payload, error) {
		kind, reference, message := "NON", "", r.ref
		switch {
		case isQRIBAN(m.field("iban")):
			if !isQRReference(r.ref) {
				return Payload{}, Problem{Code: BadReference, Field: "ref", Detail: "a QR-IBAN needs a QR reference of 27 digits"}
			}
			kind, reference, message = "QRR", r.ref, ""
		case creditorReference(r.ref):
			kind, reference, message = "SCOR", r.ref, ""
		}
		country := m.field("country")
		if country == "" {
			country = "CH"
		}
		lines := []string{"SPC", "0200", "1", plainIBAN(m.field("iban")), "S", m.field("payee"), m.field("street"), m.field("building"),
			m.field("zip"), m.field("city"), country}
		lines = append(lines, make([]string, 7)...) // ultimate creditor: kept for later by the standard
		lines = append(lines, r.amount, r.cur.Code)
		lines = append(lines, make([]string, 7)...) // the customer is not asked for a name
		lines = append(lines, kind, reference, message, "EPD")
		return Payload{Text: strings.Join(lines, "\n"), AmountInCode: true, ReferenceInCode: r.ref != "", ECC: "M", SwissCross: true}, nil
	},
}

// isQRIBAN reports whether the bank's number lies in the range of QR-IBANs.
func isQRIBAN(iban string) bool {
	iban = plainIBAN(iban)
	return iban[4:9] >= "30000" && iban[4:9] <= "31999"
}

// QRReference returns the QR reference of 27 digits for a number of up to 26:
// zeros before it, a check digit after. ok is false for anything else.
func QRReference(number string) (ref string, ok bool) {
	if !digits(number) || len(number) > 26 {
		return "", false
	}
	body := strings.Repeat("0", 26-len(number)) + number
	return body + string(qrDigit(body)), true
}

func isQRReference(s string) bool { return len(s) == 27 && digits(s) && qrDigit(s[:26]) == s[26] }

// qrDigit is the recursive modulo 10 check digit of the Swiss payment slips.
func qrDigit(body string) byte {
	row := [10]int{0, 9, 4, 6, 8, 2, 7, 1, 3, 5}
	carry := 0
	for i := range len(body) {
		carry = row[(carry+int(body[i]-'0'))%10]
	}
	return byte('0' + (10-carry)%10)
}
