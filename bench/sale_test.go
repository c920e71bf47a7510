package bench

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/tilltest"
)

var bg = context.Background()

// A lane is one way of doing the same work; lanes take turns in one run, so
// that what else the machine does falls on all of them.
type lane struct {
	l     *ledger.Ledger
	trade *tilltest.Trade
	idle  *sql.DB // does the checkpoints
	took  []time.Duration
}

func open(b *testing.B, driver string) *lane {
	b.Helper()
	settings := till.DefaultSettings()
	settings.Taxes = tilltest.Taxes()
	dir := b.TempDir()
	l, err := ledger.Found(bg, dir, ledger.Founding{Settings: settings}, ledger.Options{Driver: driver})
	if err != nil {
		b.Fatal(err)
	}
	idle, err := sql.Open(cmp.Or(driver, "sqlite"), "file:"+filepath.Join(dir, ledger.FileName)+"?_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)")
	if err != nil {
		b.Fatal(err)
	}
	n := &lane{l: l, trade: tilltest.NewTrade(1, 5000), idle: idle}
	b.Cleanup(func() { n.close(b) })
	n.commit(b, n.trade.OpenShift())
	return n
}

// close gives the ledger up; once more is harmless.
func (n *lane) close(b *testing.B) {
	if n.l == nil {
		return
	}
	if err := errors.Join(n.idle.Close(), n.l.Close()); err != nil {
		b.Error(err)
	}
	n.l = nil
}

func (n *lane) commit(b *testing.B, tx till.Tx) time.Duration {
	start := time.Now()
	if err := n.l.Commit(bg, tx); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// checkpoint moves the log into the file and returns how many pages it had.
func (n *lane) checkpoint(b *testing.B) (pages int) {
	var busy, moved int
	if err := n.idle.QueryRow("PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &moved); err != nil {
		b.Fatal(err)
	}
	return pages
}

// logSize returns how many bytes a sale of 8 lines adds to the log: pages of
// 4 KiB, each with a header of 24 bytes.
func logSize(b *testing.B, n *lane) int {
	var pages []int
	for range 41 {
		n.checkpoint(b)
		n.commit(b, n.trade.Sell(8))
		pages = append(pages, n.checkpoint(b))
	}
	slices.Sort(pages)
	return pages[len(pages)/2] * (4096 + 24)
}

// BenchmarkSale commits one full sale of 8 lines and 2 tenders, durably:
// document, guards, postings, sums, chain, signature, print job and drawer
// pulse, by the ledger over the built-in SQLite, by the same ledger over the C
// library, and writes as many bytes as the log took for it to a file that is
// there and syncs it. x-C and x-bare are the medians' ratios.
func BenchmarkSale(b *testing.B) {
	own, c := open(b, ""), open(b, cDriver)
	lanes := []*lane{own, c}
	for _, n := range lanes {
		for range 500 { // the morning's sales; the log reaches its size
			n.commit(b, n.trade.Sell(0))
		}
	}
	size := logSize(b, own)
	bare := newBare(b, size)
	var write []time.Duration
	for i := 0; b.Loop(); i++ {
		if i%20 == 0 { // as in an idle moment: no sale pays for it
			for _, n := range lanes {
				n.checkpoint(b)
			}
		}
		for k := range lanes {
			n := lanes[(i+k)%len(lanes)]
			n.took = append(n.took, n.commit(b, n.trade.Sell(8)))
		}
		write = append(write, bare.write(b))
	}
	us := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(us(median(own.took)), "µs/sale")
	b.ReportMetric(us(median(c.took)), "µs/C-sale")
	b.ReportMetric(us(median(write)), "µs/bare")
	b.ReportMetric(float64(size), "log-bytes")
	b.ReportMetric(us(median(own.took))/us(median(c.took)), "x-C")
	b.ReportMetric(us(median(own.took))/us(median(write)), "x-bare")
}

// sized returns a number from the environment, or usual, which keeps a run of
// all benchmarks short.
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

func median(ds []time.Duration) time.Duration {
	s := slices.Clone(ds)
	slices.Sort(s)
	return s[len(s)/2]
}
