package ledger

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// What a person remembers of a sale finds it among those of 14 months, however
// old it is, and nothing else.
func TestAnOldSaleIsFound(t *testing.T) {
	l := manyDays(t)
	var no, hour int
	var at int64
	var code, name string
	if err := l.r().QueryRow(`SELECT s.receipt, s.hour, s.at_ms, n.code, n.name FROM sale s JOIN sale_line n ON n.sale = s.seq
		WHERE n.voided = 0 ORDER BY s.receipt LIMIT 1 OFFSET 9`).Scan(&no, &hour, &at, &code, &name); err != nil {
		t.Fatal(err)
	}
	var total int64
	var day till.BusinessDay
	var clerk string
	if err := l.r().QueryRow("SELECT total, day, operator FROM sale WHERE receipt = ?", no).Scan(&total, &day, &clerk); err != nil {
		t.Fatal(err)
	}
	settings, err := l.Settings(bg)
	if err != nil {
		t.Fatal(err)
	}
	clock := time.UnixMilli(at).In(settings.Zone).Format("15:04")
	all := func(cond string, args ...any) (out []int) {
		t.Helper()
		if err := each(bg, l.r(), "SELECT DISTINCT s.receipt FROM sale s JOIN sale_line n ON n.sale = s.seq WHERE "+cond+" ORDER BY 1 DESC", args, func(s scanner) error {
			var n int
			err := s.Scan(&n)
			out = append(out, n)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, row := range []struct {
		what string
		find Find
		want []int
	}{
		{"its amount", Find{Text: settings.Currency.Format(money.Amount(total))}, all("s.total = ?", total)},
		{"a code", Find{Text: code}, all("n.code = ? AND n.voided = 0", code)},
		{"a name", Find{Text: name}, all("n.name = ? AND n.voided = 0", name)},
		{"part of a name, among the sales of its day", Find{Text: string([]rune(name)[:2]), Day: day}, all("instr(n.name, ?) > 0 AND n.voided = 0 AND s.day = ?", string([]rune(name)[:2]), int(day))},
		{"its cashier", Find{Text: clerk, Day: day, To: day + 2}, all("s.operator = ? AND s.day BETWEEN ? AND ?", clerk, int(day), int(day+2))},
		{"its time", Find{Text: clock, Day: day}, all("s.day = ? AND abs(s.at_ms - ?) < 6 * 60000", int(day), at)},
	} {
		row.find.Limit = 500
		found, err := l.PastSales(bg, row.find)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, s := range found {
			got = append(got, s.Receipt)
		}
		if row.what == "its time" { // a minute is typed, so sales at its edges may be there or not
			if !slices.Contains(got, no) || len(got) > len(row.want) {
				t.Errorf("%s, %q, finds %v", row.what, row.find.Text, got)
			}
			continue
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s, %q, finds %v, want %v", row.what, row.find.Text, got, row.want)
		}
	}
	if found, err := l.PastSales(bg, Find{Text: fmt.Sprintf("%06d", no)}); err != nil || !slices.ContainsFunc(found, func(s PastSale) bool { return s.Receipt == no }) {
		t.Errorf("its number finds %+v, %v", found, err)
	}
}

// A payment is found by its number here and by the provider's, whole or as far
// as it was typed.
func TestASaleIsFoundByTheNumbersOfItsPayment(t *testing.T) {
	c := shopWithClock(t)
	c.sell(t, 1)
	s := c.basket(2)
	a := c.plan(t, s, s.Due())
	c.move(t, a.Number, till.Sending, till.Pending)
	const provider = "2026061822001400000123"
	a, err := c.l.MoveAttempt(bg, a.Number, till.Pending, till.AttemptMove{To: till.PaidFor, At: c.at.Add(time.Second), Verdict: "done", Provider: provider})
	if err != nil {
		t.Fatal(err)
	}
	c.must(t, c.settled(s, a))
	c.sell(t, 1)
	for _, text := range []string{a.Number, provider, provider[:len(provider)-1]} {
		found, err := c.l.PastSales(bg, Find{Text: text})
		if err != nil || len(found) != 1 || found[0].Receipt != s.Receipt {
			t.Errorf("%q finds %+v, %v, want receipt %d", text, found, err, s.Receipt)
		}
	}
	if found, err := c.l.PastSales(bg, Find{Text: "no such number"}); err != nil || len(found) != 0 {
		t.Errorf("nothing finds %+v, %v", found, err)
	}
}

// BenchmarkPastSales finds one of many past sales, each time on a ledger as it
// was opened, by what people remember.
func BenchmarkPastSales(b *testing.B) {
	sales := sized(b, "BENCH_SALES", usualSales)
	l := bigShop(b, sized(b, "BENCH_ITEMS", usualItems), sales)
	var code, name, day = "", "", till.BusinessDay(0)
	var total int64
	if err := l.r().QueryRow("SELECT n.code, n.name, s.day, s.total FROM sale s JOIN sale_line n ON n.sale = s.seq WHERE s.receipt = ? AND n.voided = 0 LIMIT 1", sales/3).Scan(&code, &name, &day, &total); err != nil {
		b.Fatal(err)
	}
	settings, err := l.Settings(bg)
	if err != nil {
		b.Fatal(err)
	}
	for _, row := range []struct {
		what string
		find Find
	}{
		{"number", Find{Text: fmt.Sprintf("%06d", sales/3)}}, {"amount", Find{Text: settings.Currency.Format(money.Amount(total))}}, {"code", Find{Text: code}}, {"name", Find{Text: name}},
		{"part-of-a-name", Find{Text: string([]rune(tilltest.Stock(1).Name)[:2])}}, {"time", Find{Text: "12:34"}}, {"reference", Find{Text: "4242/00"}}, {"nothing", Find{Text: "无此物"}},
		{"old-day", Find{Day: day}}, {"figure", Find{Day: day, Figure: till.Figure{Of: till.FigureItem, Key: code, Name: name}}},
	} {
		b.Run(row.what, func(b *testing.B) {
			var w stopwatch
			for b.Loop() {
				w.time(func() {
					if _, err := l.PastSales(bg, row.find); err != nil {
						b.Fatal(err)
					}
				})
			}
			w.report(b)
			b.ReportMetric(float64(sales), "sales")
		})
	}
}
