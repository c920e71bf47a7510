package till

import "strings"

// crockford is the base-32 alphabet without I, L, O and U, so that a number
// read out over the phone is not misheard.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// AttemptNumber is the number a payment attempt is known by at every provider:
// 3 characters of the till, 4 of the ledger's epoch, 8 of the counter and one
// check character, 16 capital letters and digits in all. The epoch changes at
// every restore, so that a counter set back by it never gives a number twice.
func AttemptNumber(till, epoch string, n int64) string {
	var count [8]byte
	for i := len(count) - 1; i >= 0; i-- {
		count[i] = crockford[n&31]
		n >>= 5
	}
	body := pad(till, 3) + pad(epoch, 4) + string(count[:])
	return body + string(crockford[checkSum(body)])
}

// ValidAttemptNumber reports whether s has the form and the check character of
// an attempt number.
func ValidAttemptNumber(s string) bool {
	return len(s) == 16 && strings.Trim(s, crockford) == "" && s[15] == crockford[checkSum(s[:15])]
}

func pad(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r = []rune(strings.ToUpper(string(r)))[0]; strings.ContainsRune(crockford, r) {
			return r
		}
		return '0'
	}, s)
	if len(s) > n {
		return s[:n]
	}
	return strings.Repeat("0", n-len(s)) + s
}

// checkSum weighs each place differently and oddly, so that a wrong digit and
// most swapped neighbours change it.
func checkSum(s string) int {
	sum := 0
	for i := range len(s) {
		sum += strings.IndexByte(crockford, s[i]) * (2*i + 1)
	}
	return sum % 32
}
