package openqr

import "strings"

// ibanLengths are the IBAN lengths of the countries in the SEPA schemes (SWIFT
// IBAN Registry).
var ibanLengths = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
	"FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
	"MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19,
	"SK": 24, "SM": 27, "VA": 22,
}

// plainIBAN leaves out the spaces people write.
func plainIBAN(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }

// checkIBAN checks country, length and the sum of ISO 13616.
func checkIBAN(s string) ProblemCode {
	s = plainIBAN(s)
	if len(s) < 5 || len(s) != ibanLengths[s[:2]] || strings.Trim(s, alnum) != "" || !digits(s[2:4]) {
		return BadForm
	}
	if mod97(s[4:]+s[:4]) != 1 {
		return BadCheck
	}
	return ""
}

// mod97 is ISO 7064 MOD 97-10 of capital letters (10 to 35) and digits.
func mod97(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= 'A' {
			n = (n*100 + int(s[i]-'A') + 10) % 97
		} else {
			n = (n*10 + int(s[i]-'0')) % 97
		}
	}
	return n
}

// creditorReference reports whether s is a reference of ISO 11649: RF, two
// check digits and up to 21 capital letters or digits.
func creditorReference(s string) bool {
	return len(s) > 4 && len(s) <= 25 && strings.HasPrefix(s, "RF") && digits(s[2:4]) &&
		strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && mod97(s[4:]+s[:4]) == 1
}
