package command

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// A yearShop is a shop whose days are rung by the oracle, from December to
// January of the year after next, so that a whole calendar year is among them.
// It sells from early morning until after midnight.
type yearShop struct {
	*shop
	o     *oracle
	zone  *time.Location
	parts []string // of the file: what is replayed with --batch, then act by act, then once more
}

// The first and the last business day, and the first that is replayed act by
// act, after goods have changed their name, price, tax and category.
var (
	yearFrom = time.Date(2024, 12, 20, 0, 0, 0, 0, time.UTC)
	renamed  = time.Date(2026, 1, 8, 0, 0, 0, 0, time.UTC)
	yearTo   = time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
)

var yearShelf = []goods{
	{"101", "鲜牛奶 1L", "乳品", 1590_00, false, oracleTaxes[1]},
	{"102", "面包", "烘焙", 350_00, false, oracleTaxes[1]},
	{"20001", "香蕉", "果蔬", 680_50, true, oracleTaxes[1]},
	{"301", "咖啡 \"大\", 热", "饮料", 1000_00, false, oracleTaxes[2]},
	{"401", "=抽纸", "", 2300_00, false, oracleTaxes[0]},
	{"402", "抽纸", "日用", 1999_99, false, oracleTaxes[0]},
	{"900", "赠品", "", 0, false, oracleTaxes[1]},
}

func newYearShop(t *testing.T, seed uint64, zone string) *yearShop {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	y := &yearShop{shop: newShop(t, "--timezone", zone, "--day-start", "04:00", "--cash-round", "0.05",
		"--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive"), zone: loc}
	y.o = &oracle{rnd: rand.New(rand.NewPCG(seed, 365)), exp: 2, step: 5, utc: true, shelf: yearShelf,
		kinds: []string{"on_account", "foreign:USD", "wallet:wechat"}, groups: []string{"", "果蔬", "日用", "Ämter & \"x\""}, staff: []string{ownerCode, "1002", "1003"}}
	y.stock()
	y.ledger(func(l *ledger.Ledger) error {
		for _, code := range []string{"1002", "1003"} {
			if err := l.SaveOperator(t.Context(), till.Operator{Code: code, Name: "店员 " + code, Role: till.Cashier, Active: true}, "73"+code, ownerCode); err != nil {
				return err
			}
		}
		return nil
	})
	return y
}

// ledger opens the ledger for what has no command.
func (y *yearShop) ledger(do func(*ledger.Ledger) error) {
	y.t.Helper()
	l, err := ledger.Open(y.t.Context(), y.data, ledger.Options{})
	if err != nil {
		y.t.Fatal(err)
	}
	defer l.Close()
	if err := do(l); err != nil {
		y.t.Fatal(err)
	}
}

// stock puts the shelf into the catalogue, or changes what is there.
func (y *yearShop) stock() {
	y.t.Helper()
	y.ledger(func(l *ledger.Ledger) error {
		for _, g := range y.o.shelf {
			it, _, _, err := l.Lookup(y.t.Context(), g.code)
			if err != nil && till.CodeOf(err) != till.UnknownCode {
				return err
			}
			it.Code, it.Name, it.Category, it.Price, it.Weighed, it.Tax = g.code, g.name, g.category, money.UnitPrice(g.price), g.weighed, g.tax.code
			if _, err := l.SaveItem(y.t.Context(), it, ownerCode); err != nil {
				return fmt.Errorf("%s: %w", g.code, err)
			}
		}
		return nil
	})
}

// year writes the acts of all days, so many steps at the counter a shift.
func (y *yearShop) year(steps int) {
	last := yearTo.AddDate(0, 0, -1)
	for d := yearFrom; !d.After(yearTo); d = d.AddDate(0, 0, 1) {
		switch d {
		case renamed:
			y.parts = append(y.parts, y.cut())
			y.o.shelf = slices.Clone(y.o.shelf)
			y.o.shelf[1] = goods{"102", "全麦面包", "早餐", 420_00, false, oracleTaxes[0]}
		case last:
			y.parts = append(y.parts, y.cut())
		}
		if d.Day() != 13 { // the shop's day off
			y.businessDay(d, steps)
		}
	}
	// The last day is open still, with a sale at the counter.
	y.o.open()
	y.o.settle(y.o.ring())
	y.o.ring()
	y.parts = append(y.parts, y.cut())
}

func (y *yearShop) cut() string {
	text := y.o.file.String()
	y.o.file.Reset()
	return text
}

// businessDay rings one to three shifts. The clock is put back or forward
// between some of them; the last goes on after midnight, and in the nights in
// which the zone's clocks change, or of the turn of a month, past the next
// day's start.
func (y *yearShop) businessDay(d time.Time, steps int) {
	o := y.o
	clock := func(days, hour, minute, second int) time.Time {
		return time.Date(d.Year(), d.Month(), d.Day()+days, hour, minute, second, 0, y.zone)
	}
	begin := clock(0, 4, 0, 0) // the first second of the day
	if o.n(4) > 0 {
		begin = begin.Add(time.Duration(o.n(5*3600)) * time.Second)
	}
	end := clock(1, 2, 30, 0)
	_, before := clock(1, 0, 0, 0).Zone()
	_, after := clock(1, 5, 0, 0).Zone()
	changed := before != after
	long := changed || d.AddDate(0, 0, 1).Day() == 1
	if long {
		end = clock(1, 5, 30, 0)
	}
	shifts := 1 + int(o.n(5))/2
	for n := range shifts {
		from := begin.Add(end.Sub(begin) * time.Duration(n) / time.Duration(shifts))
		to := begin.Add(end.Sub(begin) * time.Duration(n+1) / time.Duration(shifts))
		if n > 0 {
			switch o.n(3) {
			case 0: // the clock is put back, at most to the first second of the day
				from = from.Add(-time.Duration(o.n(3*3600)) * time.Second)
				from = slices.MaxFunc([]time.Time{from, clock(0, 4, 0, 0)}, time.Time.Compare)
			case 1: // forward, at most to its last second
				from = from.Add(time.Duration(o.n(2*3600)) * time.Second)
				from = slices.MinFunc([]time.Time{from, clock(1, 3, 59, 59)}, time.Time.Compare)
			}
		}
		if n > 0 && n == shifts-1 && !changed && o.n(4) == 0 {
			from = clock(1, 3, 59, 59) // of the day before still
		}
		o.on = from
		o.open()
		count := steps
		if long && n == shifts-1 {
			count *= 4
		}
		gap := max(to.Sub(from)/time.Duration(count), 0)
		for range count {
			step := o.at.Add(gap)
			o.trade(1)
			if o.at.Before(step) {
				o.at = step
			}
		}
		o.close()
	}
}
