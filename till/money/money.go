// Package money is integer arithmetic in the minor units of the ledger's one
// currency. It holds no currency conversion and never uses floating point.
//
//	gross, err := money.Gross(money.UnitPrice(1590_00), 2*money.One) // 15.90 x 2
package money

import (
	"errors"
	"math/bits"
)

// Amount counts minor units (fen, cents) of the ledger's currency.
type Amount int64

// UnitPrice counts hundredths of a minor unit, so that a price may carry two
// more digits than an amount (fuel at 7.8925 a litre).
type UnitPrice int64

// Quantity counts thousandths of the item's unit (pieces, grams of a kilogram).
type Quantity int64

// Rate counts parts per million: 8.875 % is 88,750.
type Rate int64

// One is a quantity of one piece or one whole unit.
const One Quantity = 1000

// Bounds on what a till accepts. Within them every product of this package
// fits 64 bits after its division; MulDiv checks all the same.
const (
	AmountMax    Amount    = 1_000_000_000_000 // ten thousand million yuan
	UnitPriceMax UnitPrice = 10_000_000_000_00
	QuantityMax  Quantity  = 1_000_000_000 // a million pieces
	RateMax      Rate      = 1_000_000     // 100 %
)

// ErrOverflow means that a product left the range of 64 bits.
var ErrOverflow = errors.New("money: overflow")

// ErrRange means that a value lies outside the bounds of this package.
var ErrRange = errors.New("money: out of range")

// Price returns a whole-minor-unit amount as a unit price.
func (a Amount) Price() UnitPrice { return UnitPrice(a) * 100 }

// Abs returns the amount without its sign.
func (a Amount) Abs() Amount {
	if a < 0 {
		return -a
	}
	return a
}

// Gross returns price x quantity in minor units, rounded once, half away from
// zero. It returns ErrRange if either is outside the bounds of this package.
func Gross(p UnitPrice, q Quantity) (Amount, error) {
	if p < 0 || p > UnitPriceMax || q < -QuantityMax || q > QuantityMax {
		return 0, ErrRange
	}
	g, err := MulDiv(int64(p), int64(q), 100*int64(One), HalfAwayFromZero)
	if err != nil {
		return 0, err
	}
	if Amount(g).Abs() > AmountMax {
		return 0, ErrRange
	}
	return Amount(g), nil
}

// Of returns the rate's share of a, rounded half away from zero.
func (r Rate) Of(a Amount) Amount {
	n, err := MulDiv(int64(a), int64(r), 1_000_000, HalfAwayFromZero)
	if err != nil {
		panic(err) // amounts and rates are bounded where they enter
	}
	return Amount(n)
}

// Within returns the part of a that a tax of rate r contained in a makes up:
// a x r / (1 + r), rounded half away from zero.
func (r Rate) Within(a Amount) Amount {
	n, err := MulDiv(int64(a), int64(r), 1_000_000+int64(r), HalfAwayFromZero)
	if err != nil {
		panic(err) // as in Of
	}
	return Amount(n)
}

// MulDiv returns a x b / c rounded by mode, computing the product in 128 bits.
// c must be positive.
func MulDiv(a, b, c int64, mode Rounding) (int64, error) {
	if c <= 0 {
		return 0, ErrRange
	}
	neg := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi >= uint64(c) {
		return 0, ErrOverflow
	}
	q, rem := bits.Div64(hi, lo, uint64(c))
	if mode.up(q, rem, uint64(c)) {
		q++
	}
	if q > 1<<63-1 {
		return 0, ErrOverflow
	}
	if neg {
		return -int64(q), nil
	}
	return int64(q), nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// Allocate splits total over weights by running totals, so that the parts sum
// to total exactly and each lies within one minor unit of its exact share.
// Where all weights are zero, the parts are zero and the caller keeps total.
func Allocate(total Amount, weights []Amount) []Amount {
	parts := make([]Amount, len(weights))
	var sum Amount
	for _, w := range weights {
		sum += w
	}
	if sum <= 0 {
		return parts
	}
	var seen, given Amount
	for i, w := range weights {
		seen += w
		upTo, err := MulDiv(int64(total), int64(seen), int64(sum), HalfAwayFromZero)
		if err != nil {
			panic(err) // as in Of
		}
		parts[i] = Amount(upTo) - given
		given = Amount(upTo)
	}
	return parts
}

// Part returns what the share from of..to (out of whole) of total is worth by
// running totals: the parts of a whole taken one after the other sum to total.
func Part(total Amount, from, to, whole Quantity) Amount {
	upTo := func(q Quantity) Amount {
		n, err := MulDiv(int64(total), int64(q), int64(whole), HalfAwayFromZero)
		if err != nil {
			panic(err) // as in Of
		}
		return Amount(n)
	}
	if whole <= 0 {
		return 0
	}
	return upTo(to) - upTo(from)
}
