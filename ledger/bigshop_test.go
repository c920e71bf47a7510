package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"guitai/till"
	"guitai/till/tilltest"
)

// sized returns how large a shop the benchmarks measure: the number in the
// environment under name, or usual, which keeps a run of all of them short.
func sized(b *testing.B, name string, usual int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%s is %q, and must be a number from 1", name, text)
	}
	return n
}

// salesADay is how many sales a Trade's business day has here.
const salesADay = 740

// bigShop opens a ledger with many goods and sales, which is made once and
// kept in the user's cache: it takes minutes where the numbers are large. It is
// opened for reading, so that it stays as it was made.
func bigShop(b *testing.B, items, sales int) *Ledger {
	b.Helper()
	l, err := Open(bg, bigShopDir(b, items, sales), Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	return l
}

func bigShopDir(b *testing.B, items, sales int) string {
	b.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		b.Fatal(err)
	}
	all, err := steps()
	if err != nil {
		b.Fatal(err)
	}
	schema := sha256.Sum256([]byte(strings.Join(all, "")))
	dir := filepath.Join(cache, "guitai-bench", fmt.Sprintf("%d-items-%d-sales-%x", items, sales, schema[:4]))
	if _, err := os.Stat(filepath.Join(dir, FileName)); err == nil {
		return dir
	}
	half := dir + ".half"
	if err := os.RemoveAll(half); err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(fill(half, items, sales), os.Rename(half, dir)); err != nil {
		b.Fatal(err)
	}
	return dir
}

// foundTrade founds a ledger for a Trade. What it writes is synced by the
// close alone: a machine that stops before makes it again.
func foundTrade(dir string) (*Ledger, error) {
	settings := till.DefaultSettings()
	settings.Taxes = tilltest.Taxes()
	return Found(bg, dir, Founding{Settings: settings}, Options{Synchronous: "OFF"})
}

// fill makes the ledger.
func fill(dir string, items, sales int) (err error) {
	l, err := foundTrade(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if err := errors.Join(stock(l, items), indexAll(l)); err != nil {
		return err
	}
	t := tilltest.NewTrade(1, 5000)
	if err := l.Commit(bg, till.Tx{Entries: []till.Entry{{At: t.At, Recorded: t.At, Record: &till.Started{Version: "bench"}}}}); err != nil {
		return err
	}
	for left := sales; left > 0; left -= salesADay {
		if err := tradeADay(l, t, min(left, salesADay)); err != nil {
			return err
		}
	}
	return nil
}

// stock fills the catalogue.
func stock(l *Ledger, items int) error {
	for from := 0; from < items; from += 10_000 {
		err := l.write(bg, "fill the catalogue", func(conn) error {
			for i := from; i < min(items, from+10_000); i++ {
				it := tilltest.Stock(i)
				err := l.exec(bg, `INSERT INTO item(no, id, code, name, name_en, unit, weighed, price, tax, category, keys) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
					i+1, it.ID[:], it.Code, it.Name, it.NameEN, it.Unit, it.Weighed, int64(it.Price), it.Tax, it.Category, searchKeys(&it))
				if err != nil {
					return err
				}
				if err := l.exec(bg, "INSERT INTO barcode(code, item) VALUES (?, ?)", it.Barcodes[0], i+1); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// indexAll brings every item into the index.
func indexAll(l *Ledger) error {
	for {
		if more, err := l.index(bg); err != nil || !more {
			return err
		}
	}
}

// tradeADay writes a business day in one transaction, from its float to its Z.
func tradeADay(l *Ledger, t *tilltest.Trade, sales int) error {
	if err := l.exec(bg, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	l.batch = true
	if err := l.Commit(bg, t.OpenShift()); err != nil {
		return err
	}
	for range sales {
		if err := l.Commit(bg, t.Sell(0)); err != nil {
			return err
		}
	}
	totals, taxes, err := l.Totals(bg, t.Shift)
	if err != nil {
		return err
	}
	if err := l.Commit(bg, t.CloseShift(totals, taxes)); err != nil {
		return err
	}
	if err := l.Commit(bg, t.CloseDay()); err != nil {
		return err
	}
	if err := l.EndBatch(bg); err != nil {
		return err
	}
	return l.checkpoint()
}
