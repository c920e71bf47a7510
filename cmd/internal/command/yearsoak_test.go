//go:build soak

package command

import "testing"

// TestSoakYear judges a year of some hundred sales a day in each zone.
func TestSoakYear(t *testing.T) {
	for zone := range zoneRules {
		t.Run(zone, func(t *testing.T) { sameYear(t, 2, zone, 100) })
	}
}
