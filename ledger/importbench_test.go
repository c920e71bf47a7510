package ledger

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

var importRows = flag.Int("import-rows", 100_000, "rows of the longest list that BenchmarkImport takes")

// writeList writes a list of n items with names of Chinese and Latin letters, a
// code and a barcode each, in no order of their barcodes.
func writeList(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "code,name,name_en,price,unit,tax,category,barcodes")
	makers, goods := []string{"明月", "天鹅", "金穗", "东湖", "长城坊"}, []string{"鲜牛奶", "葵花籽", "酱油", "方便面", "矿泉水", "洗衣液", "行李箱"}
	for i := range n {
		body := fmt.Sprintf("69%010d", (i*7368787+1234567)%10_000_000_000)
		fmt.Fprintf(w, "%d,%s%s %d号,Brand %d item,%d.%02d,个,standard,类%d,%s\n", 100_000+i, makers[i%len(makers)], goods[i%len(goods)], i, i%len(makers), 1+i%97, i%100, i%20,
			body+strconv.Itoa(checkDigit(body)))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return path
}

func checkDigit(body string) int {
	for d := range 10 {
		if gtinOK(body + strconv.Itoa(d)) {
			return d
		}
	}
	panic("no digit fits")
}

// BenchmarkImport takes lists of new items into an empty catalogue, as rows per
// second.
func BenchmarkImport(b *testing.B) {
	for n := 1000; n <= *importRows; n *= 10 {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			list := writeList(b, n)
			for b.Loop() {
				b.StopTimer()
				l, err := Found(bg, b.TempDir(), Founding{Settings: shopSettings()}, Options{})
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				done, err := l.TakeList(bg, list, ListOptions{By: "1001"})
				if err != nil || done.Added != n {
					b.Fatal(done, err)
				}
				b.StopTimer()
				if err := l.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkSaleDuringImport sells a hundred times a second while a list of
// import-rows is taken, and reports how long a sale of three lines takes until
// it is on the disk.
func BenchmarkSaleDuringImport(b *testing.B) {
	list := writeList(b, *importRows)
	var took []time.Duration
	for b.Loop() {
		c := openShop(b, b.TempDir(), Options{})
		ended := make(chan error, 1)
		go func() {
			_, err := c.l.TakeList(bg, list, ListOptions{By: "1001"})
			ended <- err
		}()
		for running := true; running; {
			select {
			case err := <-ended:
				if err != nil {
					b.Fatal(err)
				}
				running = false
			case <-time.After(10 * time.Millisecond):
				start := time.Now()
				c.sell(b, 3)
				took = append(took, time.Since(start))
			}
		}
		if err := c.l.Close(); err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d) / 1e6 }
	b.ReportMetric(ms(took[len(took)/2]), "ms/median")
	b.ReportMetric(ms(took[len(took)*99/100]), "ms/p99")
	b.ReportMetric(ms(took[len(took)-1]), "ms/longest")
}
