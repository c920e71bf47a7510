//go:build soak

package server_test

import "testing"

// A hundred thousand documents of a thousand tills, with twenty kills of the
// database and as many of the hub.
func TestSoakDeliveries(t *testing.T) {
	d := delivery{tills: 1000, each: 100, kills: 20, percent: 15, workers: 12}
	t.Log(d.run(t, 2))
}
