package ui

import (
	"fmt"
	"strings"
	"time"

	"guitai/till/money"
)

// Minus is the sign before negative amounts on screens.
const Minus = "\u2212"

// Digits writes an amount without its currency sign: decimals of the currency, thousands in groups of three, and
// U+2212 before what is negative.
func Digits(c money.Currency, a money.Amount) string {
	s := c.Format(a.Abs())
	whole, rest, point := strings.Cut(s, ".")
	s = group(whole)
	if point {
		s += "." + rest
	}
	if a < 0 {
		s = Minus + s
	}
	return s
}

// Money writes an amount with its sign: ¥1,086.40.
func Money(c money.Currency, a money.Amount) string {
	if a < 0 {
		return Minus + c.Symbol() + Digits(c, -a)
	}
	return c.Symbol() + Digits(c, a)
}

// Round writes an amount of whole major units without decimals, as on a banknote key: ¥100. Others keep theirs.
func Round(c money.Currency, a money.Amount) string {
	if a%c.Unit() == 0 {
		s, _, _ := strings.Cut(Money(c, a), ".")
		return s
	}
	return Money(c, a)
}

// Price writes a unit price with its sign and up to two more decimals than an amount has.
func Price(c money.Currency, p money.UnitPrice) string {
	whole, rest, point := strings.Cut(c.FormatPrice(p), ".")
	s := c.Symbol() + group(whole)
	if point {
		s += "." + rest
	}
	return s
}

// Quantity writes a quantity; weighed goods keep three decimals.
func Quantity(q money.Quantity, weighed bool) string {
	s := q.String()
	if !weighed {
		return s
	}
	whole, rest, _ := strings.Cut(s, ".")
	return whole + "." + (rest + "000")[:3]
}

// Percent writes a rate as on a label: 10%.
func Percent(r money.Rate) string { return r.Percent() + "%" }

// Clock writes the time of day: 12:46.
func Clock(t time.Time) string { return t.Format("15:04") }

func group(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// ParseEntry reads an amount as it is typed on the keypad: "100" is 100 major units, "12.5" is 12.50. ok is false for
// nothing, too many decimals and what is too large.
func ParseEntry(c money.Currency, s string) (money.Amount, bool) {
	a, err := c.Parse(tidyNumber(s))
	return a, err == nil && s != ""
}

// tidyNumber makes what is typed so far a number: "12." and ".5" are meant as 12 and 0.5.
func tidyNumber(s string) string {
	s = strings.TrimSuffix(s, ".")
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	return s
}

// ItemName picks the name of an item or line in the screen's language.
func (w *Window) ItemName(name, nameEN string) string {
	if w.Lang() == "en" && nameEN != "" {
		return nameEN
	}
	return name
}

// receiptNo writes a receipt number as screens do: #0128.
func receiptNo(n int) string { return fmt.Sprintf("#%04d", n) }
