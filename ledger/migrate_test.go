package ledger

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// oldLedger makes a ledger as the program wrote it when it knew the first n
// migrations: with the rows of the one in from, as far as there were columns for
// them.
func oldLedger(t *testing.T, from string, n int) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{keyFile, "pepper.key"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	do := func(q string, args ...any) {
		t.Helper()
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	all, err := steps()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range all[:n] {
		do(step)
	}
	do("ATTACH ? AS other", filepath.Join(from, FileName))
	var tables []string
	if err := each(bg, db, "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid", nil, func(s scanner) error {
		var name string
		err := s.Scan(&name)
		tables = append(tables, name)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		if strings.HasPrefix(name, "item_search") || name == "unsearched" {
			continue // the guards list every item that is copied, and it is indexed again
		}
		if strings.HasSuffix(name, "_arrow") {
			continue // the step has filled it
		}
		var columns []string
		if err := each(bg, db, "SELECT name FROM pragma_table_info(?, 'main')", []any{name}, func(s scanner) error {
			var c string
			err := s.Scan(&c)
			columns = append(columns, c)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		list := strings.Join(columns, ", ")
		do("INSERT OR REPLACE INTO main." + name + "(" + list + ") SELECT " + list + " FROM other." + name)
	}
	do("PRAGMA user_version = " + strconv.Itoa(n))
	return dir
}

// TestAnOlderLedgerIsTakenForward opens ledgers of every earlier schema: their
// goods and their journal are there, a copy from before is kept, and lists can
// be taken.
func TestAnOlderLedgerIsTakenForward(t *testing.T) {
	now := t.TempDir()
	l, err := Found(bg, now, Founding{Settings: shopSettings()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	take(t, l, contractHeader+"101,甲,A,1.00,瓶,standard,饮料,6901234567892\n102,乙,B,2.00,瓶,,饮料,\n")
	want := exported(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	all, err := steps()
	if err != nil {
		t.Fatal(err)
	}
	for n := 2; n < len(all); n++ {
		dir := oldLedger(t, now, n)
		if _, err := Open(bg, dir, Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "open the till once") {
			t.Errorf("schema %d, opened to read: %v", n, err)
		}
		l, err := Open(bg, dir, Options{})
		if err != nil {
			t.Fatalf("schema %d: %v", n, err)
		}
		if got := exported(t, l); !slices.Equal(got, want) {
			t.Errorf("schema %d: goods are %q, want %q", n, got, want)
		}
		if found, err := l.Search(bg, "yi"); err != nil || len(found) != 1 {
			t.Errorf("schema %d: searching finds %+v, %v", n, found, err)
		}
		done, _ := take(t, l, contractHeader+"101,甲,A,1.50,,,,\n103,丙,,3.00,,,,\n")
		if done.Added != 1 || done.Changed != 1 {
			t.Errorf("schema %d: %+v", n, done)
		}
		if err := l.UndoList(bg, done.Batch, "1001"); err != nil {
			t.Errorf("schema %d: %v", n, err)
		}
		wantGoods(t, l, want...)
		if _, err := l.Audit(bg, nil); err != nil {
			t.Errorf("schema %d: %v", n, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		copies, err := filepath.Glob(filepath.Join(dir, "ledger-before-schema-*.db"))
		if err != nil || len(copies) != 1 {
			t.Errorf("schema %d: copies %q, %v", n, copies, err)
		}
	}
}

// A copy of the same second is kept, and does not keep the ledger from being
// opened: the program that was stopped half way made it.
func TestACopyOfTheSameSecondIsInNobodysWay(t *testing.T) {
	at := time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)
	opt := Options{Now: func() time.Time { return at }}
	now := t.TempDir()
	l, err := Found(bg, now, Founding{Settings: shopSettings()}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	dir := oldLedger(t, now, 3)
	before := filepath.Join(dir, "ledger-before-schema-4-20260618-090000.db")
	if err := os.WriteFile(before, []byte("an earlier copy"), 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err = Open(bg, dir, opt); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got, err := filepath.Glob(filepath.Join(dir, "ledger-before-schema-*.db"))
	if err != nil || len(got) != 2 {
		t.Fatalf("copies are %q, %v, want two", got, err)
	}
	if b, err := os.ReadFile(before); err != nil || string(b) != "an earlier copy" {
		t.Errorf("the earlier copy became %d bytes, %v", len(b), err)
	}
}
