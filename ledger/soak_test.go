//go:build soak

package ledger

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// evidence is what the soaks of all runs have found so far.
type evidence struct {
	Kills, Unseen, Baskets, Sales int
	PowerCuts                     int
}

// TestSoakKills kills a selling till until the time of this run is over and adds
// the count to what earlier runs left.
func TestSoakKills(t *testing.T) {
	soak(t, func(e *evidence, seed uint64) error {
		dir := t.TempDir()
		if err := killShop(dir); err != nil {
			return err
		}
		sold, unseen, baskets, err := kills(dir, 250, seed)
		if err == nil {
			e.Kills, e.Sales, e.Unseen, e.Baskets = e.Kills+250, e.Sales+sold, e.Unseen+unseen, e.Baskets+baskets
		}
		return err
	})
}

// TestSoakPowerCuts cuts the power until the time of this run is over.
func TestSoakPowerCuts(t *testing.T) {
	soak(t, func(e *evidence, seed uint64) error {
		for _, err := range cuts(t, "FULL", 1000, seed) {
			return err
		}
		e.PowerCuts += 1000
		return nil
	})
}

// soak runs round after round for a quarter of SOAK_TIME and keeps the evidence in
// SOAK_DIR after each.
func soak(t *testing.T, round func(e *evidence, seed uint64) error) {
	path := filepath.Join(os.Getenv("SOAK_DIR"), "ledger-"+t.Name()+".json")
	length, err := time.ParseDuration(os.Getenv("SOAK_TIME"))
	if err != nil {
		length = time.Minute
	}
	var e evidence
	if b, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(b, &e); err != nil {
			t.Fatalf("evidence of earlier runs: %v", err)
		}
	}
	for end := time.Now().Add(length / 4); time.Now().Before(end); {
		seed := uint64(time.Now().UnixNano())
		if err := round(&e, seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		b, err := json.MarshalIndent(e, "", " ")
		if err == nil && os.Getenv("SOAK_DIR") != "" {
			err = os.WriteFile(path, append(b, '\n'), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("so far: %+v", e)
}
