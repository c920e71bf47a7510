package stripe

import (
	"fmt"
	"strings"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// currencies are those that Stripe presents (docs.stripe.com/currencies,
// "Supported presentment currencies"; the last five have three decimals). Which
// of them an account may use depends on its country.
var currencies = strings.Fields(`
	USD AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP
	CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JPY KES
	KGS KHR KMF KRW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD
	PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP TRY TTD TWD TZS
	UAH UGX UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
	BHD JOD KWD OMR TND`)

// decimals are Stripe's, where they are not 2 (docs.stripe.com/currencies,
// "Zero-decimal currencies", "Three-decimal currencies"). ISK and UGX have none
// in ISO 4217 but two on Stripe's wire ("Special cases"), and MGA the other way
// round.
var decimals = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "JPY": 0, "KMF": 0, "KRW": 0, "MGA": 0, "PYG": 0, "RWF": 0, "VND": 0, "VUV": 0,
	"XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3,
}

// leastUnits are the smallest charges in Stripe's units (docs.stripe.com/
// currencies, "Minimum and maximum charge amounts"). Others have the worth of
// one in the account's own currency, which Stripe alone can tell.
var leastUnits = map[string]int64{
	"USD": 50, "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30,
	"HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200, "RON": 200,
	"SEK": 300, "SGD": 50, "THB": 1000,
}

// mostUnits is the largest charge in Stripe's units: eight digits (PaymentIntents,
// amount).
const mostUnits = 99_999_999

func decimalsOf(code string) int {
	if d, ok := decimals[code]; ok {
		return d
	}
	return 2
}

// limits returns the smallest and the largest amount in the till's units.
func limits(c money.Currency) (least, most money.Amount) {
	least, most = 1, mostUnits
	for d := decimalsOf(c.Code); d > c.Exponent; d-- {
		most /= 10
	}
	for d := decimalsOf(c.Code); d < c.Exponent; d++ {
		least, most = least*10, most*10
	}
	if n := leastUnits[c.Code]; n != 0 {
		// None of these differs between Stripe and ISO 4217.
		least = money.Amount(n)
	}
	return least, most
}

// units returns an amount on Stripe's wire. One that Stripe cannot express is
// refused: below a whole unit of it, or with a third decimal that is not 0
// (docs.stripe.com/currencies, "Three-decimal currencies").
func units(a money.Amount, c money.Currency) (int64, error) {
	n, d := int64(a), decimalsOf(c.Code)
	exact := d != 3 || n%10 == 0
	for e := c.Exponent; e > d; e-- {
		exact = exact && n%10 == 0
		n /= 10
	}
	for e := c.Exponent; e < d; e++ {
		n *= 10
	}
	if !exact {
		return 0, fmt.Errorf("%w: %w", wallet.ErrNotSent, &wallet.FieldError{
			Field: "amount", Reason: till.AmountNotAllowed, Detail: "Stripe takes no fraction this small in " + c.Code,
		})
	}
	return n, nil
}

// stated turns an amount of an answer into the till's units and its currency
// into capital letters. ok is false where that leaves a fraction.
func stated(n int64, currency string) (a money.Amount, code string, ok bool) {
	c, err := money.CurrencyOf(strings.ToUpper(currency))
	if err != nil || n < 0 || n > int64(money.AmountMax) {
		return 0, "", false
	}
	for d := decimalsOf(c.Code); d > c.Exponent; d-- {
		if n%10 != 0 {
			return 0, "", false
		}
		n /= 10
	}
	for d := decimalsOf(c.Code); d < c.Exponent; d++ {
		n *= 10
	}
	return money.Amount(n), c.Code, true
}
