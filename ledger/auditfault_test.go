package ledger

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
)

// One fault of each class is put into the ledger of a day; the audit names its
// class and the record.
func TestAuditNamesEachClassOfFault(t *testing.T) {
	for name, c := range map[string]struct {
		attack func(t *testing.T, c *counter, db *sql.DB)
		what   string
		seq    string // of the record, as a query; empty for none
	}{
		"chain": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER entry_no_update", "UPDATE entry SET hash = zeroblob(32) WHERE seq = 5")
		}, "chain", "SELECT 5"},
		"a record taken out": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "PRAGMA foreign_keys = 0", "DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE seq = 6")
		}, "chain", "SELECT 6"},
		"signature": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER signature_no_update", "UPDATE signature SET sig = zeroblob(64)")
		}, "signature", "SELECT min(seq) FROM signature"},
		"a signature taken out": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER signature_no_delete", "DELETE FROM signature WHERE seq = (SELECT max(seq) FROM signature)")
		}, "signature", "SELECT seq FROM z_report"},
		"document": {func(t *testing.T, c *counter, db *sql.DB) {
			body := []byte("no document")
			var prev [32]byte
			var p []byte
			if err := db.QueryRow("SELECT prev FROM entry ORDER BY seq DESC LIMIT 1").Scan(&p); err != nil {
				t.Fatal(err)
			}
			copy(prev[:], p)
			hash := link(prev, body)
			do(t, db, "DROP TRIGGER entry_no_update")
			if _, err := db.Exec("UPDATE entry SET body = ?, hash = ? WHERE seq = (SELECT max(seq) FROM entry)", body, hash[:]); err != nil {
				t.Fatal(err)
			}
		}, "document", "SELECT max(seq) FROM entry"},
		"row": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER tender_no_update", "UPDATE tender SET ref = '9999/000000' WHERE kind = 'card'")
		}, "row", "SELECT min(sale) FROM tender WHERE kind = 'card'"},
		"a row too many": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER posting_open", "INSERT INTO posting(seq, account, amount) VALUES (2, 'sales', 1)")
		}, "row", "SELECT 2"},
		"sum": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "UPDATE item_sum SET qty = qty + 1000 WHERE code = (SELECT min(code) FROM item_sum)")
		}, "sum", ""},
		"receipt": {func(t *testing.T, c *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER receipt_next")
			c.nextDay(t)
			c.receipt++
			c.sell(t, 1)
		}, "numbers", "SELECT max(seq) FROM sale"},
		"shift": {func(t *testing.T, c *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER shift_next")
			c.shift++
			c.nextDay(t)
		}, "numbers", "SELECT max(seq) FROM shift"},
		"Z": {func(t *testing.T, c *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER z_next")
			c.nextDay(t)
			c.z++
			c.closeShift(t)
		}, "numbers", "SELECT max(seq) FROM z_report"},
		"keys": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "PRAGMA foreign_keys = 0", "INSERT INTO barcode(code, item) VALUES ('6901234567892', 77)")
		}, "keys", ""},
		"schema": {func(t *testing.T, _ *counter, db *sql.DB) {
			do(t, db, "DROP TRIGGER sale_seal")
		}, "schema", ""},
	} {
		t.Run(name, func(t *testing.T) {
			shop := openShop(t, t.TempDir(), Options{})
			defer shop.l.Close()
			aDay(t, shop)
			shop.closeShift(t)
			if _, err := shop.l.Audit(bg, nil); err != nil {
				t.Fatalf("before the attack: %v", err)
			}
			db, err := sql.Open("sqlite", "file:"+filepath.Join(shop.l.dir, FileName)+"?_pragma=busy_timeout(2000)")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			db.SetMaxOpenConns(1)
			c.attack(t, shop, db)
			var want int64
			if c.seq != "" {
				if err := db.QueryRow(c.seq).Scan(&want); err != nil {
					t.Fatal(err)
				}
			}
			_, err = shop.l.Audit(bg, nil)
			var f *Fault
			if !errors.As(err, &f) || f.What != c.what || f.Seq != want {
				t.Errorf("the audit says %v; it must name record %d: %s", err, want, c.what)
			}
		})
	}
}

func do(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
