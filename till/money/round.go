package money

// Rounding is how a value between two minor units is settled. There is no
// default: every call names its rule.
type Rounding uint8

// The rounding rules in use.
const (
	HalfAwayFromZero Rounding = iota + 1 // 2.5 → 3, -2.5 → -3
	HalfEven                             // 2.5 → 2, 3.5 → 4
	Down                                 // towards zero: 抹零
)

func (r Rounding) up(quotient, remainder, divisor uint64) bool {
	switch r {
	case HalfAwayFromZero:
		return remainder >= divisor-remainder && remainder > 0
	case HalfEven:
		rest := divisor - remainder
		return remainder > rest || (remainder == rest && quotient%2 == 1)
	case Down:
		return false
	}
	panic("money: rounding not named")
}

// RoundTo moves a to a multiple of step by mode. A step of zero or one leaves a
// as it is.
func RoundTo(a, step Amount, mode Rounding) Amount {
	if step <= 1 {
		return a
	}
	n, err := MulDiv(int64(a), 1, int64(step), mode)
	if err != nil {
		panic(err) // the quotient of two int64 fits
	}
	return Amount(n) * step
}
