package wallet_test

import (
	"flag"
	"testing"

	"guitai/wallet/shouqianba"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// schedules is how many random schedules each adapter goes through, half of
// them with a power cut.
var schedules = flag.Int("schedules", 50, "random schedules per adapter")

// first is the seed of the first schedule.
var first = flag.Uint64("first", 1, "seed of the first schedule")

var subjects = []wallettest.Subject{
	{Spec: shouqianba.Spec, Platform: func(s *sim.Sim) sim.Platform { return sim.NewShouqianba(s) }},
}

// TestEveryPaymentEndsInTheTruth sells by random schedules of faults, customers,
// cashiers and power cuts: what the platform keeps is what the till booked, no
// share is charged twice, and no sale is closed without evidence.
func TestEveryPaymentEndsInTheTruth(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.Spec.Name, func(t *testing.T) {
			t.Parallel()
			shop := wallettest.NewShop(t, s)
			for seed := range uint64(*schedules) {
				shop.Sell(t, *first+seed, (*first+seed)%2 == 0)
			}
		})
	}
}
