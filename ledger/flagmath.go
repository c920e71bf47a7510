package ledger

import (
	"math"
	"slices"

	"guitai/till"
	"guitai/till/money"
)

// A sample is x of n.
type sample struct{ x, n int }

// prior is how many sales of the shop's usual weigh on a share that is known of
// few: a Beta prior around what shops usually have.
const prior = 50

// usual is the share of all samples but one, drawn towards typical while they are
// few.
func usual(all []sample, but sample, typical float64) float64 {
	x, n := typical*prior, float64(prior)
	for _, s := range all {
		x += float64(s.x)
		n += float64(s.n)
	}
	return (x - float64(but.x)) / (n - float64(but.n))
}

// spread is how much wider the samples scatter around a share than chance alone
// would have them, by the median absolute deviation; 1 at least.
func spread(all []sample, share float64) float64 {
	var zs []float64
	for _, s := range all {
		if s.n > 0 {
			zs = append(zs, deviation(s, share))
		}
	}
	if len(zs) < 5 {
		return 1
	}
	middle := median(zs)
	for i := range zs {
		zs[i] = math.Abs(zs[i] - middle)
	}
	return max(1, 1.4826*median(zs))
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// deviation is how many standard deviations x lies above n times a share.
func deviation(s sample, share float64) float64 {
	v := float64(s.n) * share * (1 - share)
	if v <= 0 {
		return 0
	}
	return (float64(s.x) - float64(s.n)*share) / math.Sqrt(v)
}

// chance is how likely x or more of n are where each has a share of its own to be
// one: the upper tail of the binomial distribution.
func chance(s sample, share float64) float64 {
	if s.x <= 0 || share >= 1 {
		return 1
	}
	if share <= 0 || s.x > s.n {
		return 0
	}
	choose, _ := math.Lgamma(float64(s.n + 1))
	sum := 0.0
	for k := s.x; k <= s.n; k++ {
		a, _ := math.Lgamma(float64(k + 1))
		b, _ := math.Lgamma(float64(s.n - k + 1))
		sum += math.Exp(choose - a - b + float64(k)*math.Log(share) + float64(s.n-k)*math.Log1p(-share))
	}
	return min(1, sum)
}

// tail is how likely a standard deviation of z tenths or more is by chance.
func tail(tenths int) float64 { return math.Erfc(float64(tenths)/10/math.Sqrt2) / 2 }

func below(p float64, limit money.Rate) bool { return p < float64(limit)/float64(money.RateMax) }

func rate(share float64) money.Rate {
	return money.Rate(math.Round(share * float64(money.RateMax)))
}

// stands reports whether a sample stands out: more standard deviations above the
// usual than the limit says, both as the shop scatters and by the exact tail.
func stands(s sample, all []sample, share float64, l till.FlagLimit) bool {
	z := deviation(s, share) / spread(all, share)
	return s.x >= l.Least && z*10 > float64(l.Z) && chance(s, share) < tail(l.Z)
}
