package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// Tests named after the pains of docs/pains.md that only a ledger on a disk
// can show.

// The bounds are what shopkeepers of other tills have waited minutes for; the
// benchmarks measure how far below them the ledger is.
func TestPain13FiftyThousandItemsAreOpenedScannedAndFoundAtOnce(t *testing.T) {
	dir := t.TempDir()
	l, err := foundTrade(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stock(l, 50_000), indexAll(l), l.Close()); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if l, err = Open(bg, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if tiles, err := l.Tiles(bg, "饮料", 24); err != nil || len(tiles) != 24 {
		t.Fatalf("%d tiles, %v, want 24", len(tiles), err)
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("open to the first tiles took %v, want under 2 s", took)
	}
	for _, code := range []string{tilltest.Stock(0).Barcodes[0], tilltest.Stock(49_999).Barcodes[0]} {
		begun = time.Now()
		it, _, ok, err := l.Lookup(bg, code)
		if took := time.Since(begun); err != nil || !ok || it.Name == "" || took > 50*time.Millisecond {
			t.Errorf("scan of %s: %q, %v, %v in %v, want under 50 ms", code, it.Name, ok, err, took)
		}
	}
	for _, text := range []string{"纯", "青山纯牛奶", "milk", "qscnn", "qingshan", "P0049999", "nothing has this name"} {
		begun = time.Now()
		found, err := l.Search(bg, text)
		if took := time.Since(begun); err != nil || took > 150*time.Millisecond || (len(found) == 0) != (text == "nothing has this name") {
			t.Errorf("search for %q: %d found, %v in %v, want under 150 ms", text, len(found), err, took)
		}
	}
}

func TestPain18ACloseThatDiffersFromTheRowsIsRefusedWhole(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	c.sell(t, 4)
	totals, taxes, err := c.l.Totals(bg, c.shift)
	if err != nil {
		t.Fatal(err)
	}
	wrong := totals
	wrong.Gross += 100
	wrong.Discounts += 100 // net and expected cash stay as they are
	close := func(z till.ShiftTotals) error {
		return c.l.Commit(bg, till.Tx{Entries: []till.Entry{
			c.entry(&till.ShiftClosed{No: c.shift, Counted: 1, Expected: totals.Expected(), OverShort: 1 - totals.Expected()}),
			c.entry(&till.ZReported{No: 1, Totals: z, Taxes: taxes, Counted: 1, GrandTotal: totals.Net()}),
		}})
	}
	if err := close(wrong); err == nil {
		t.Fatal("a close with another gross than the rows went through")
	}
	if st, err := c.l.Recover(bg); err != nil || st.Shift == nil || st.LastZ != 0 {
		t.Fatalf("after the refused close: shift %+v, Z %d, %v", st.Shift, st.LastZ, err)
	}
	if err := close(totals); err != nil {
		t.Fatal(err)
	}
	var counted, expected int64
	if err := c.l.r().QueryRow("SELECT counted, expected FROM shift_close WHERE no = ?", c.shift).Scan(&counted, &expected); err != nil {
		t.Fatal(err)
	}
	if counted != 1 || expected != int64(totals.Expected()) {
		t.Errorf("counted %d, expected %d, want what was counted, 1, and %d", counted, expected, totals.Expected())
	}
}

func TestPain24TheLedgerRefusesMoreBackThanWasSold(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	s := c.sell(t, 4)
	back := func(q money.Quantity) error {
		tx := c.giveBack(s)
		d := tx.Entries[0].Record.(*till.Returned)
		d.Return.Lines[0].Qty = q
		err := c.l.Commit(bg, tx)
		if err != nil {
			c.receipt--
		}
		return err
	}
	all := s.Lines[0].Qty
	if err := back(all + 1); err == nil || !strings.Contains(err.Error(), "more than was sold") {
		t.Errorf("a thousandth more than was sold: %v, want the database's refusal", err)
	}
	if err := back(all); err != nil {
		t.Fatal(err)
	}
	if err := back(1); err == nil || !strings.Contains(err.Error(), "more than was sold") {
		t.Errorf("a thousandth after all came back: %v, want the database's refusal", err)
	}
	var lines, docs int
	if err := c.l.r().QueryRow("SELECT (SELECT count(*) FROM return_line), (SELECT count(*) FROM return_doc)").Scan(&lines, &docs); err != nil || lines != 1 || docs != 1 {
		t.Errorf("%d lines in %d returns, %v, want one of each", lines, docs, err)
	}
}

func TestPain30AnUpgradeKeepsWhatWasThereAndThatCanBeTakenBack(t *testing.T) {
	dir := t.TempDir()
	c := openShop(t, dir, Options{})
	sale := c.sell(t, 4)
	head := c.l.head
	// As the program before the search index left it.
	for _, step := range []string{
		"DROP TRIGGER item_new_unsearched", "DROP TRIGGER item_changed_unsearched", "DROP TRIGGER item_gone_unsearched",
		"DROP TABLE unsearched", "DROP TABLE item_search", "DROP TABLE item_look", "DROP TABLE shop_picture",
		"DROP TRIGGER business_day_goods", "DROP TABLE item_period", "DROP TABLE cashier_sum", "DROP INDEX sale_total", "DROP INDEX return_value", "DROP INDEX tender_ref",
		"DROP TABLE shared_catalog", "DROP TABLE item_proposed", "DROP TABLE delivery", "DROP TABLE account", "DROP TABLE outbox", "DROP TABLE odd_note", "DROP TABLE odd_looked", "DROP TABLE deposit_credit", "DROP TABLE deposit", "DROP TABLE safe_count", "DROP INDEX posting_safe", "DROP TABLE bill_finding_move", "DROP TABLE bill_finding", "DROP TABLE bill_line", "DROP TABLE bill",
		"DROP TRIGGER sale_payments", "DROP TRIGGER sale_paid", "DROP TABLE payment_note", "DROP TABLE wallet_refund_move", "DROP TABLE wallet_refund",
		"DROP TABLE wallet_call", "DROP TABLE attempt_move", "DROP TABLE attempt", "DROP TABLE refund_arrow", "DROP TABLE attempt_arrow",
		"PRAGMA user_version = 3",
	} {
		if err := c.l.exec(bg, step); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	clock := c.at
	opt := Options{Now: func() time.Time { clock = clock.Add(time.Second); return clock }}
	l, err := Open(bg, dir, opt)
	if err != nil {
		t.Fatalf("open with the later program: %v", err)
	}
	if st, err := l.Recover(bg); err != nil || st.Receipt != sale.Receipt || l.head != head {
		t.Errorf("after the upgrade: receipt %d, %v", st.Receipt, err)
	}
	if _, err := l.Audit(bg, nil); err != nil {
		t.Errorf("after the upgrade: %v", err)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "ledger-before-schema-*-*.db"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("copies from before the upgrade: %v, %v, want one", kept, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	// The way back is a restore of that copy, also where the ledger is gone.
	if err := os.Remove(filepath.Join(dir, FileName)); err != nil {
		t.Fatal(err)
	}
	back, err := Restore(bg, kept[0], dir, opt)
	if err != nil {
		t.Fatalf("restore the copy: %v", err)
	}
	defer back.Close()
	doc, err := back.Receipt(bg, sale.Receipt)
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Entry.Record.(*till.SaleCompleted).Sale.Total(); got != sale.Total() {
		t.Errorf("the sale is worth %d after the restore, was %d", got, sale.Total())
	}
}
