package ledger

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkSaleCommit commits one full sale of 8 lines and 2 tenders: document,
// guards, postings, sums, chain, signature, print job and drawer pulse. In the
// same run, turn by turn, it writes as many bytes as the log took for it to an
// existing file and syncs them: "x bare" is the ratio of the two medians.
func BenchmarkSaleCommit(b *testing.B) {
	c := openShop(b, b.TempDir(), Options{})
	defer c.l.Close()
	for range 50 { // the log reaches its size, the statements are prepared
		c.sell(b, 8)
	}
	if err := c.l.checkpoint(); err != nil {
		b.Fatal(err)
	}
	bare := newBare(b, 40<<10)
	var sale, write []time.Duration
	for i := 0; b.Loop(); i++ {
		if i%20 == 0 {
			if err := c.l.checkpoint(); err != nil {
				b.Fatal(err)
			}
		}
		tx := c.sold(c.basket(8))
		start := time.Now()
		if err := c.l.Commit(bg, tx); err != nil {
			b.Fatal(err)
		}
		sale = append(sale, time.Since(start))
		write = append(write, bare.write(b))
	}
	us := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
	b.ReportMetric(us(median(sale)), "µs/sale")
	b.ReportMetric(us(median(write)), "µs/bare")
	b.ReportMetric(us(median(sale))/us(median(write)), "x-bare")
}

// A bare file is written in place and synced, the least that a durable sale
// can cost.
type bare struct {
	f   *os.File
	buf []byte
	n   int64
}

func newBare(b *testing.B, size int) *bare {
	f, err := os.Create(filepath.Join(b.TempDir(), "bare"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	w := &bare{f: f, buf: make([]byte, size)}
	for range 64 {
		w.write(b)
	}
	w.n = 0
	return w
}

func (w *bare) write(b *testing.B) time.Duration {
	start := time.Now()
	w.buf[0]++
	if _, err := w.f.WriteAt(w.buf, w.n%64*int64(len(w.buf))); err != nil {
		b.Fatal(err)
	}
	if err := w.f.Sync(); err != nil {
		b.Fatal(err)
	}
	w.n++
	return time.Since(start)
}

func median(ds []time.Duration) time.Duration {
	s := slices.Clone(ds)
	slices.Sort(s)
	return s[len(s)/2]
}

// BenchmarkAudit checks everything there is about a ledger of 20,000 sales of
// 4 lines.
func BenchmarkAudit(b *testing.B) {
	const sales = 20_000
	c := openShop(b, b.TempDir(), Options{Synchronous: "OFF"})
	defer c.l.Close()
	if err := c.l.BeginBatch(bg); err != nil {
		b.Fatal(err)
	}
	for i := range sales {
		if i > 0 && i%750 == 0 {
			c.closeShift(b)
			c.nextDay(b)
		}
		c.sell(b, 4)
	}
	if err := c.l.EndBatch(bg); err != nil {
		b.Fatal(err)
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			if _, err := c.l.Audit(bg, nil); err != nil {
				b.Fatal(err)
			}
		}
		perSale(b, sales)
	})
	b.Run("documents", func(b *testing.B) { // chain, signatures, rows, sums
		for b.Loop() {
			if _, err := auditDocuments(bg, c.l.r(), nil); err != nil {
				b.Fatal(err)
			}
		}
		perSale(b, sales)
	})
	b.Run("file", func(b *testing.B) { // SQLite's own checks
		for b.Loop() {
			if err := checkFile(bg, c.l.r()); err != nil {
				b.Fatal(err)
			}
		}
		perSale(b, sales)
	})
}

func perSale(b *testing.B, sales int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N)/float64(sales), "µs/sale")
}
