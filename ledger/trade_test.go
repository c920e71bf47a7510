package ledger

import (
	"testing"

	"guitai/till/tilltest"
)

// What the benchmarks fill a ledger with is what a till could have written: it
// verifies, its days add up, and its goods are found.
func TestATradeVerifies(t *testing.T) {
	dir := t.TempDir()
	const sales = salesADay + 60 // two days
	if err := fill(dir, 600, sales); err != nil {
		t.Fatal(err)
	}
	l, err := Open(bg, dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done, err := l.Audit(bg, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Founded, started; a shift's opening, close and Z and the day's close, twice.
	if want := int64(sales + 2 + 2*4); done.Entries != want {
		t.Errorf("%d records, want %d", done.Entries, want)
	}
	r, err := l.Report(bg, 20250101, 20250102)
	if err != nil || r.Sales != sales || len(r.Days) != 2 || r.Days[0].Count != salesADay {
		t.Errorf("%d sales on %+v: %v", r.Sales, r.Days, err)
	}
	last := tilltest.Stock(599)
	for _, text := range []string{last.Name, last.Barcodes[0], last.Code} {
		found, err := l.Search(bg, text)
		if err != nil || len(found) == 0 || found[0].ID != last.ID {
			t.Errorf("%q finds %v: %v", text, found, err)
		}
	}
}
