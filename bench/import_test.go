package bench

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till/tilltest"
)

// BenchmarkImport takes a list of new items from a CSV file into an empty
// catalogue, over the built-in SQLite and over the C library, turn by turn. x-C
// is the ratio of the medians. BENCH_IMPORT is the number of rows.
func BenchmarkImport(b *testing.B) {
	rows := sized(b, "BENCH_IMPORT", 50_000)
	list := writeList(b, rows)
	var own, c []time.Duration
	for i := 0; b.Loop(); i++ {
		for k := range 2 {
			if (i+k)%2 == 0 {
				own = append(own, take(b, "", list, rows))
			} else {
				c = append(c, take(b, cDriver, list, rows))
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(median(own).Seconds(), "s")
	b.ReportMetric(median(c).Seconds(), "s/C")
	b.ReportMetric(median(own).Seconds()/median(c).Seconds(), "x-C")
}

func take(b *testing.B, driver, list string, rows int) time.Duration {
	b.Helper()
	n := open(b, driver)
	start := time.Now()
	done, err := n.l.TakeList(bg, list, ledger.ListOptions{By: "1001"})
	if err != nil || done.Added != rows {
		b.Fatalf("took %d of %d rows: %v", done.Added, rows, err)
	}
	took := time.Since(start)
	n.close(b)
	return took
}

// writeList writes the goods of a Trade as a list.
func writeList(b *testing.B, rows int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "list.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "code,name,name_en,price,unit,tax,category,barcodes")
	for i := range rows {
		it := tilltest.Stock(i)
		fmt.Fprintf(w, "%s,%s,%s,%d.%02d,%s,standard,%s,%s\n",
			it.Code, it.Name, it.NameEN, it.Price/10000, it.Price/100%100, it.Unit, it.Category, strings.Join(it.Barcodes, " "))
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return path
}
