package wallettest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// soaks is how many long tests share the time of one run of `make soak`.
const soaks = 4

// Soak runs round after round for its share of SOAK_TIME and adds what each
// found to the evidence that earlier runs left in SOAK_DIR.
func Soak[E any](t *testing.T, e *E, round func(seed uint64) error) {
	t.Helper()
	dir := os.Getenv("SOAK_DIR")
	path := filepath.Join(dir, "wallet-"+strings.ReplaceAll(t.Name(), "/", "-")+".json")
	length, err := time.ParseDuration(os.Getenv("SOAK_TIME"))
	if err != nil {
		length = time.Minute
	}
	if b, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(b, e); err != nil {
			t.Fatalf("evidence of earlier runs: %v", err)
		}
	}
	for end := time.Now().Add(length / soaks); time.Now().Before(end); {
		seed := uint64(time.Now().UnixNano())
		if err := round(seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		b, err := json.MarshalIndent(e, "", " ")
		if err == nil && dir != "" {
			err = os.WriteFile(path, append(b, '\n'), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("so far: %+v", *e)
}
