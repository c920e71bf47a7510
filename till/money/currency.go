package money

import (
	"errors"
	"fmt"
	"strings"
)

// Currency is an ISO 4217 code with its exponent, the number of decimals of
// the major unit.
type Currency struct {
	Code     string
	Exponent int
}

// Exponents that differ from 2, from ISO 4217 (list one, 2024). CLDR differs
// for some (IDR), so it is not used.
var exponents = map[string]int{
	"BHD": 3, "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0,
	"JOD": 3, "JPY": 0, "KMF": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3,
	"PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0,
	"XOF": 0, "XPF": 0,
}

// symbols are what amounts are shown with; a currency without one shows its
// code and a space.
var symbols = map[string]string{
	"CNY": "¥", "JPY": "¥", "USD": "$", "HKD": "HK$", "EUR": "€", "GBP": "£",
	"SGD": "S$", "TWD": "NT$", "MYR": "RM", "THB": "฿", "BRL": "R$", "INR": "₹",
	"KRW": "₩", "VND": "₫", "CHF": "CHF ",
}

// ErrCurrency means that a currency code is not three capital letters.
var ErrCurrency = errors.New("money: not a currency code")

// ErrNumber means that a text is not a plain decimal number.
var ErrNumber = errors.New("money: not a number")

// ErrDecimals means that a number has more decimals than its kind carries.
var ErrDecimals = errors.New("money: too many decimals")

// CurrencyOf returns the currency of an ISO 4217 code.
func CurrencyOf(code string) (Currency, error) {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return Currency{}, fmt.Errorf("%w: %q", ErrCurrency, code)
	}
	if e, ok := exponents[code]; ok {
		return Currency{code, e}, nil
	}
	return Currency{code, 2}, nil
}

// Symbol returns the sign that goes before an amount.
func (c Currency) Symbol() string {
	if s, ok := symbols[c.Code]; ok {
		return s
	}
	return c.Code + " "
}

// Unit returns one major unit (one yuan) in minor units.
func (c Currency) Unit() Amount { return Amount(pow10(c.Exponent)) }

// Format writes a with the currency's decimals and an ASCII minus, without a
// symbol: the form of files and the command line.
func (c Currency) Format(a Amount) string { return decimal(int64(a), c.Exponent, c.Exponent) }

// Parse reads what Format writes. Fewer decimals are allowed, more are
// ErrDecimals; a value beyond AmountMax is ErrRange.
func (c Currency) Parse(s string) (Amount, error) {
	n, err := parseDecimal(s, c.Exponent, int64(AmountMax))
	return Amount(n), err
}

// FormatPrice writes a unit price with the currency's decimals, and up to two
// more where they are not zero.
func (c Currency) FormatPrice(p UnitPrice) string {
	return decimal(int64(p), c.Exponent+2, c.Exponent)
}

// ParsePrice reads a unit price of up to two more decimals than the currency
// has. A negative or too large price is ErrRange.
func (c Currency) ParsePrice(s string) (UnitPrice, error) {
	n, err := parseDecimal(s, c.Exponent+2, int64(UnitPriceMax))
	if err == nil && n < 0 {
		return 0, fmt.Errorf("%w: price %s", ErrRange, s)
	}
	return UnitPrice(n), err
}

// String writes the quantity with at most three decimals, trimmed.
func (q Quantity) String() string { return decimal(int64(q), 3, 0) }

// ParseQuantity reads a quantity of at most three decimals.
func ParseQuantity(s string) (Quantity, error) {
	n, err := parseDecimal(s, 3, int64(QuantityMax))
	return Quantity(n), err
}

// String writes the rate as a plain fraction: 0.13 for 13 %.
func (r Rate) String() string { return decimal(int64(r), 6, 0) }

// Percent writes the rate as a percentage without its sign: 13 for 13 %.
func (r Rate) Percent() string { return decimal(int64(r), 4, 0) }

// ParsePercent reads a percentage, with or without its sign: "13", "8.875%".
func ParsePercent(s string) (Rate, error) {
	n, err := parseDecimal(strings.TrimSuffix(strings.TrimSpace(s), "%"), 4, int64(RateMax))
	if err == nil && n < 0 {
		return 0, fmt.Errorf("%w: rate %s", ErrRange, s)
	}
	return Rate(n), err
}

// decimal writes n / 10^exp with at least keep decimals, trimming zeros after.
func decimal(n int64, exp, keep int) string {
	sign := ""
	if n < 0 {
		sign = "-"
	}
	digits := fmt.Sprintf("%0*d", exp+1, magnitude(n))
	whole, frac := digits[:len(digits)-exp], digits[len(digits)-exp:]
	for len(frac) > keep && strings.HasSuffix(frac, "0") {
		frac = frac[:len(frac)-1]
	}
	if frac == "" {
		return sign + whole
	}
	return sign + whole + "." + frac
}

// parseDecimal reads [-]digits[.digits] into units of 10^-exp. Neither
// exponents, group marks, plus signs nor bare points are numbers.
func parseDecimal(s string, exp int, limit int64) (int64, error) {
	body, neg := strings.CutPrefix(s, "-")
	whole, frac, point := strings.Cut(body, ".")
	if whole == "" || (point && frac == "") || !digitsOnly(whole) || !digitsOnly(frac) {
		return 0, fmt.Errorf("%w: %q", ErrNumber, clip(s))
	}
	if len(frac) > exp {
		if strings.Trim(frac[exp:], "0") != "" {
			return 0, fmt.Errorf("%w: %q", ErrDecimals, clip(s))
		}
		frac = frac[:exp]
	}
	frac += strings.Repeat("0", exp-len(frac))
	var n int64
	for _, d := range whole + frac {
		n = n*10 + int64(d-'0')
		if n > limit {
			return 0, fmt.Errorf("%w: %q", ErrRange, clip(s))
		}
	}
	if neg {
		n = -n
	}
	return n, nil
}

func digitsOnly(s string) bool { return strings.Trim(s, "0123456789") == "" }

// clip keeps an error readable when a 4,000 character scan lands in a field.
func clip(s string) string {
	if len(s) > 24 {
		return s[:24] + "..."
	}
	return s
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
