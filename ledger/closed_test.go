package ledger_test

import (
	"testing"

	"guitai/ledger"
	"guitai/till"
)

// A page may still hold the ledger that a restore or practice has closed.
func TestAClosedLedgerStaysClosedWhenSomebodyWritesIntoIt(t *testing.T) {
	dir := t.TempDir()
	old, err := ledger.Found(t.Context(), dir, ledger.Founding{Settings: till.DefaultSettings()}, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	// A way out of the program may come by twice.
	if err := old.Close(); err != nil {
		t.Errorf("closing a closed ledger: %v", err)
	}
	_, recovered := old.Recover(t.Context())
	for what, err := range map[string]error{"open the drawer": old.AddPulse(t.Context(), "test"), "recover": recovered} {
		if till.CodeOf(err) != till.CannotSave {
			t.Errorf("%s in a closed ledger: %v, want cannot_save", what, err)
		}
	}
	if _, err := old.CountItems(t.Context()); err == nil {
		t.Error("a closed ledger was read")
	}
	now, err := ledger.Open(t.Context(), dir, ledger.Options{})
	if err != nil {
		t.Fatalf("the closed ledger keeps the folder: %v", err)
	}
	defer now.Close()
	if n, err := now.CountItems(t.Context()); err != nil || n != 0 {
		t.Errorf("%d items, %v; want none", n, err)
	}
}
