//go:build soak

package wallet_test

import (
	"sync"
	"testing"

	"guitai/wallet/wallettest"
)

// TestSoakSchedules sells by random schedules through every adapter, half of
// them with a power cut, until the time of this run is over.
func TestSoakSchedules(t *testing.T) {
	shops := map[string]*wallettest.Shop{}
	for _, s := range subjects {
		shops[s.Spec.Name] = wallettest.NewShop(t, s)
	}
	done := struct{ Schedules map[string]int }{map[string]int{}}
	wallettest.Soak(t, &done, func(seed uint64) error {
		const each = 20
		// Fatal must end this goroutine alone: each adapter is a test of its own.
		t.Run("round", func(t *testing.T) {
			var mu sync.Mutex
			for name, shop := range shops {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					for i := range uint64(each) {
						shop.Sell(t, seed+i, (seed+i)%2 == 0)
					}
					mu.Lock()
					defer mu.Unlock()
					done.Schedules[name] += each
				})
			}
		})
		if t.Failed() {
			t.FailNow()
		}
		return nil
	})
}
