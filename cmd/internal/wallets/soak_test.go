//go:build soak

package wallets_test

import (
	"maps"
	"testing"

	"guitai/wallet/wallettest"
)

// TestSoakPayKills kills tills that take payments until the time of this run is
// over, each 50 times, and adds what was found to what earlier runs left.
func TestSoakPayKills(t *testing.T) {
	var all findings
	wallettest.Soak(t, &all, func(seed uint64) error {
		m, err := openMall(t.TempDir(), seed)
		if err != nil {
			return err
		}
		defer m.stop()
		err = m.kills(50)
		all.Kills, all.Receipts, all.Attempts, all.Returned = all.Kills+m.found.Kills, all.Receipts+m.found.Receipts, all.Attempts+m.found.Attempts, all.Returned+m.found.Returned
		all.By, all.Open, all.Ends = sum(all.By, m.found.By), sum(all.Open, m.found.Open), sum(all.Ends, m.found.Ends)
		return err
	})
}

func sum(a, b map[string]int) map[string]int {
	out := maps.Clone(b)
	for k, n := range a {
		out[k] += n
	}
	return out
}
