package ledger

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// The sizes of the shop that is measured: the usual ones keep `make bench`
// short, the environment asks for others.
const (
	usualItems = 1_000_000 // BENCH_ITEMS
	usualSales = 100_000   // BENCH_SALES
)

func us(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// A stopwatch keeps how long each turn took.
type stopwatch []time.Duration

func (s *stopwatch) time(f func()) {
	start := time.Now()
	f()
	*s = append(*s, time.Since(start))
}

// at returns the time that a part of the turns, from 0 to 1, took at most.
func (s stopwatch) at(part float64) time.Duration {
	all := slices.Sorted(slices.Values(s))
	return all[int(part*float64(len(all)-1))]
}

// report sets the median and the 99th percentile in place of the mean.
func (s stopwatch) report(b *testing.B) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(us(s.at(0.5)), "µs/median")
	b.ReportMetric(us(s.at(0.99)), "µs/p99")
}

// BenchmarkLookup finds one of many items by its barcode, another each time.
func BenchmarkLookup(b *testing.B) {
	items := sized(b, "BENCH_ITEMS", usualItems)
	l := bigShop(b, items, sized(b, "BENCH_SALES", usualSales))
	rnd := rand.New(rand.NewPCG(1, 2))
	codes := make([]string, 50_000)
	for i := range codes {
		codes[i] = tilltest.Stock(rnd.IntN(items)).Barcodes[0]
	}
	var w stopwatch
	for i := 0; b.Loop(); i++ {
		code := codes[i%len(codes)]
		w.time(func() {
			if it, _, ok, err := l.Lookup(bg, code); err != nil || !ok || it.Name == "" {
				b.Fatalf("look %s up: %v, %v", code, ok, err)
			}
		})
	}
	w.report(b)
	b.ReportMetric(float64(items), "items")
}

// BenchmarkSearch types what people type: Chinese, pinyin, initials, English,
// a code, one character of each, and what is nowhere.
func BenchmarkSearch(b *testing.B) {
	for _, items := range []int{100_000, sized(b, "BENCH_ITEMS", usualItems)} {
		l := bigShop(b, items, sized(b, "BENCH_SALES", usualSales))
		b.Run(strconv.Itoa(items), func(b *testing.B) {
			for _, text := range []string{"茶", "牛奶", "青山纯牛奶", "n", "nn", "qscnn", "qingshanchunniunai", "niunai", "milk", "6900000012", "无此物", "zzqx", "不"} {
				b.Run(text, func(b *testing.B) {
					var w stopwatch
					for b.Loop() {
						w.time(func() { search(b, l, text) })
					}
					w.report(b)
				})
			}
		})
	}
}

// BenchmarkIndex brings new items into the index that searches use, as it is
// done beside selling.
func BenchmarkIndex(b *testing.B) {
	const items = 20_000
	for b.Loop() {
		b.StopTimer()
		l, err := foundTrade(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		if err := stock(l, items); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := indexAll(l); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(us(b.Elapsed())/float64(b.N)/items, "µs/item")
}

func search(b *testing.B, l *Ledger, text string) []till.Item {
	b.Helper()
	found, err := l.Search(bg, text)
	if err != nil {
		b.Fatal(err)
	}
	return found
}

// BenchmarkReport reads the report of one business day in the middle of many,
// as it is kept in sums, and adds the same up from the rows of sales.
func BenchmarkReport(b *testing.B) {
	sales := sized(b, "BENCH_SALES", usualSales)
	l := bigShop(b, sized(b, "BENCH_ITEMS", usualItems), sales)
	var day till.BusinessDay
	if err := l.r().QueryRow("SELECT day FROM shift ORDER BY no LIMIT 1 OFFSET (SELECT count(*)/2 FROM shift)").Scan(&day); err != nil {
		b.Fatal(err)
	}
	var sums till.Report
	b.Run("sums", func(b *testing.B) {
		var w stopwatch
		for b.Loop() {
			w.time(func() {
				var err error
				if sums, err = l.Report(bg, day, day); err != nil {
					b.Fatal(err)
				}
			})
		}
		w.report(b)
		b.ReportMetric(float64(sales), "sales")
		b.ReportMetric(float64(len(sums.Items)), "item-rows")
	})
	b.Run("year", func(b *testing.B) { // of the calendar, as it is kept in sums
		var w stopwatch
		year := day / 10000 * 10000
		for b.Loop() {
			w.time(func() {
				r, err := l.Report(bg, year+101, year+1231)
				if err != nil || len(r.Days) == 0 || len(r.Weekdays()) == 0 || len(r.Categories) == 0 || len(r.Cashiers) == 0 {
					b.Fatalf("%d days, %d categories, %d cashiers, %v", len(r.Days), len(r.Categories), len(r.Cashiers), err)
				}
			})
		}
		w.report(b)
		b.ReportMetric(float64(sales), "sales")
	})
	b.Run("rows", func(b *testing.B) {
		var rows till.Report
		var w stopwatch
		for b.Loop() {
			w.time(func() { rows = fromRows(b, l, day) })
		}
		w.report(b)
		if sums.From == 0 {
			return // the other was not asked for
		}
		want := till.Report{Sales: sums.Sales, Gross: sums.Gross, Discounts: sums.Discounts, Tax: sums.Tax, Rounding: sums.Rounding, Hours: sums.Hours, Items: sums.Items}
		for _, t := range sums.Tenders {
			want.Tenders = append(want.Tenders, till.TenderTotal{Kind: t.Kind, Amount: t.Amount, Tendered: t.Tendered, Change: t.Change})
		}
		for _, t := range sums.Taxes {
			want.Taxes = append(want.Taxes, till.TaxTotal{Class: t.Class, Taxable: t.Taxable, Tax: t.Tax})
		}
		if !reflect.DeepEqual(rows, want) {
			b.Errorf("the rows of %d add up to\n%+v\nand the sums are\n%+v", day, rows, want)
		}
	})
}

// fromRows adds a day without returns up from its rows, in five breakdowns.
func fromRows(b *testing.B, l *Ledger, day till.BusinessDay) (r till.Report) {
	b.Helper()
	const lines = "FROM sale s CROSS JOIN sale_line n ON n.sale = s.seq WHERE s.day = ? AND n.voided = 0"
	err := l.r().QueryRow("SELECT count(*), sum(gross), sum(discounts), sum(tax), sum(rounding) FROM sale WHERE day = ?", int(day)).
		Scan(&r.Sales, &r.Gross, &r.Discounts, &r.Tax, &r.Rounding)
	for _, part := range []struct {
		query string
		row   func(scanner) error
	}{
		{"SELECT t.kind, sum(t.amount), sum(t.tendered), sum(t.change) FROM sale s CROSS JOIN tender t ON t.sale = s.seq WHERE s.day = ? GROUP BY 1 ORDER BY 1", func(s scanner) error {
			var t till.TenderTotal
			err := s.Scan(&t.Kind, &t.Amount, &t.Tendered, &t.Change)
			r.Tenders = append(r.Tenders, t)
			return err
		}},
		{"SELECT n.tax_class, n.tax_rate, n.tax_mode, sum(n.paid - n.tax), sum(n.tax) " + lines + " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", func(s scanner) error {
			var t till.TaxTotal
			err := s.Scan(&t.Class.Code, &t.Class.Rate, &t.Class.Mode, &t.Taxable, &t.Tax)
			r.Taxes = append(r.Taxes, t)
			return err
		}},
		{"SELECT hour, count(*), sum(total) FROM sale WHERE day = ? GROUP BY 1 ORDER BY 1", func(s scanner) error {
			var h till.HourRow
			err := s.Scan(&h.Hour, &h.Count, &h.Net)
			r.Hours = append(r.Hours, h)
			return err
		}},
		{"SELECT n.code, n.name, sum(n.qty), sum(n.paid) " + lines + " GROUP BY 1, 2 ORDER BY 1, 2", func(s scanner) error {
			var i till.ItemRow
			err := s.Scan(&i.Code, &i.Name, &i.Qty, &i.Net)
			r.Items = append(r.Items, i)
			return err
		}},
	} {
		if err == nil {
			err = each(bg, l.r(), part.query, []any{int(day)}, part.row)
		}
	}
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkOpen opens a ledger of many items and sales as the program does when
// it starts, gets its state back and finds a first item.
func BenchmarkOpen(b *testing.B) {
	items, sales := sized(b, "BENCH_ITEMS", usualItems), sized(b, "BENCH_SALES", usualSales)
	dir := bigShopDir(b, items, sales)
	var w stopwatch
	for b.Loop() {
		var l *Ledger
		w.time(func() {
			var err error
			if l, err = Open(bg, dir, Options{}); err != nil {
				b.Fatal(err)
			}
			st, err := l.Recover(bg)
			if err != nil || st.Receipt != sales {
				b.Fatalf("recovered after receipt %d: %v", st.Receipt, err)
			}
			if _, qty, ok, err := l.Lookup(bg, tilltest.Stock(items / 3).Barcodes[0]); err != nil || !ok || qty != money.One {
				b.Fatalf("the first scan: %v, %v", ok, err)
			}
		})
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
	w.report(b)
	b.ReportMetric(float64(items), "items")
	b.ReportMetric(float64(sales), "sales")
}

// BenchmarkAudit checks everything there is about a ledger of sales of 4 lines,
// then its halves apart: the documents with their rows and sums, and the file by
// SQLite itself.
func BenchmarkAudit(b *testing.B) {
	sales := sized(b, "BENCH_SALES", usualSales)
	l := bigShop(b, 1, sales)
	for _, part := range []struct {
		name string
		f    func(context.Context, *readers) error
	}{
		{"all", func(ctx context.Context, _ *readers) error { _, err := l.Audit(ctx, nil); return err }},
		{"documents", func(ctx context.Context, db *readers) error {
			_, err := auditDocuments(ctx, db, nil)
			return err
		}},
		{"file", checkFile},
	} {
		b.Run(part.name, func(b *testing.B) {
			worked := cpuTime()
			for b.Loop() {
				if err := part.f(bg, l.r()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(us(b.Elapsed())/float64(b.N)/float64(sales), "µs/sale")
			b.ReportMetric(us(cpuTime()-worked)/float64(b.N)/float64(sales), "cpu-µs/sale")
			b.ReportMetric(float64(sales), "sales")
		})
	}
}
