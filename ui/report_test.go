package ui

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guitai/till"
	"guitai/ui/kit"
)

func TestTheReportShowsWhatTheBooksSay(t *testing.T) {
	c, a := back(t, "1001")
	threeSales(c)
	c.w.Open(PageReport)
	r, err := a.Report(c.ctx, 20260618, 20260618)
	if err != nil {
		t.Fatal(err)
	}
	if r.Net() != 1590+1089 || r.Sales != 3 || r.Refunds != 350 {
		t.Fatalf("the books say %+v", r)
	}
	c.sees(c.w.Money(r.Net()), "3", c.w.Money(r.Refunds), "1 return", "Cash", "Bank card", c.w.Money(1590+1089), "¥8.93")
	if all := strings.Join(c.words(), "|"); !strings.Contains(all, "3 sales, net ¥26.79, busiest at 9:00.") {
		t.Fatalf("the sentence is missing: %s", all)
	}
	// The drawer's expected cash stays hidden until it was counted.
	if c.has(c.w.Money(r.Cash[0].Expected)) && r.Cash[0].Expected != r.Net() {
		t.Fatal("the report shows the expected cash of a blind count")
	}
}

func TestEveryFigureOfTheReportOpensItsSales(t *testing.T) {
	all := []int{6, 5, 4, 3, 2, 1}
	for _, row := range []struct {
		view, figure string
		want         []int
		sum          string
	}{
		{"Overview", "Net sales", all, "¥45.29"},
		{"Overview", "Sales", all, "¥45.29"},
		{"Overview", "Average sale", all, "¥45.29"},
		{"Overview", "Refunds", []int{4}, "¥3.50"},
		{"Overview", "Unverified", []int{5}, "¥3.50"},
		{"Overview", "Cash", []int{6, 3, 1}, "¥41.79"},
		{"Overview", "Bank card", []int{4, 2}, "¥0.00"},
		{"Overview", "Bank transfer", []int{5}, "¥3.50"},
		{"Overview", "咖啡", []int{3}, "¥10.89"},
		{"Money & tax", "Discounts", []int{6}, "¥0.90"},
		{"Money & tax", "Tax added", nil, "¥0.00"},
		{"Tenders", "Bank card", []int{4, 2}, "¥0.00"},
		{"Goods", "咖啡", []int{3}, "¥10.89"},
		{"Times", "10:00", []int{2}, "¥3.50"},
		{"People", "¥9.06", all, "¥45.29"},
	} {
		t.Run(row.view+" "+row.figure, func(t *testing.T) {
			c, _ := back(t, "1001")
			threeSales(c)
			c.run.OK(till.Scan{Code: bread}, till.Pay{Kind: till.Transfer, Ref: "payer 7"}, till.NextSale{},
				till.Scan{Code: milk}, till.DiscountLine{Line: 1, Discount: till.Discount{Amount: 90, Reason: "regular"}}, till.PayCash{}, till.NextSale{})
			c.show()
			c.w.Open(PageReport)
			c.tap(row.view)
			c.tap(row.figure)
			if got := c.receipts(); !slices.Equal(got, row.want) {
				t.Fatalf("%s opened %v, want %v", row.figure, got, row.want)
			}
			c.sees(strconv.Itoa(len(row.want)) + " receipts, " + row.sum + " in all")
			if c.press(fyne.KeyEscape); c.w.at != PageReport {
				t.Fatalf("Esc goes to %s", c.w.at)
			}
		})
	}
}

func TestABarOfTheReportOpensItsHourOrItsDay(t *testing.T) {
	c, _ := back(t, "1001")
	threeSales(c)
	c.w.Open(PageReport)
	bar := func(i int) {
		t.Helper()
		o, at := chart(c.win.Content(), fyne.Position{})
		if o == nil {
			t.Fatal("the report has no chart")
		}
		test.TapCanvas(c.win.Canvas(), at.AddXY(44+(o.Size().Width-44)/3*(float32(i)+0.5), o.Size().Height/2))
	}
	bar(1) // 9, 10 and 11 o'clock
	c.sees("10:00 to 10:59")
	if got := c.receipts(); !slices.Equal(got, []int{2}) {
		t.Fatalf("the second hour opened %v", got)
	}
	c.press(fyne.KeyEscape)
	c.w.page().(*reportPage).set(20260617, 20260618)
	bar(1)
	c.sees("Thu 18 June", "¥26.79", "Net sales by hour")
}

// chart is the bar chart on the screen and where it stands.
func chart(o fyne.CanvasObject, at fyne.Position) (*kit.BarChart, fyne.Position) {
	at = at.Add(o.Position())
	var parts []fyne.CanvasObject
	switch x := o.(type) {
	case *kit.BarChart:
		return x, at
	case *fyne.Container:
		parts = x.Objects
	case fyne.Widget:
		parts = test.WidgetRenderer(x).Objects()
	}
	for _, p := range parts {
		if c, at := chart(p, at); c != nil {
			return c, at
		}
	}
	return nil, at
}

func TestTheReportMovesByDaysAndRanges(t *testing.T) {
	c, _ := back(t, "1001")
	threeSales(c)
	c.at(19, 9, 0)
	c.w.Open(PageReport)
	c.sees("Fri 19 June", "No sales")
	c.press(fyne.KeyLeft)
	c.sees("Thu 18 June", "¥26.79")
	c.press(fyne.KeyRight)
	c.press(fyne.KeyRight)
	c.sees("Fri 19 June") // never a day to come
	c.tap("Fri 19 June")
	c.tap("17")
	c.sees("From Wed 17 June: tap the last day.")
	c.tap("18")
	c.sees("17 Jun – 18 Jun", "¥26.79", "Net sales by day")
	c.tap("17 Jun – 18 Jun")
	c.tap("Last week")
	c.sees("8 Jun – 14 Jun")
}

func TestTheReportIsExportedAndZsPrintAgain(t *testing.T) {
	c, a := back(t, "1001")
	threeSales(c)
	c.run.OK(till.CloseShift{Count: till.Count{{Denomination: 10, N: 2268}}, Reason: "Typed wrong"})
	c.run.OK(till.OpenShift{})
	c.show()
	c.w.Open(PageReport)
	c.tap("Export")
	c.tap("CSV")
	c.sees("Exported: /shop/exports/day-2026-06-18-2026-06-18.csv")
	c.tap("Export")
	c.tap("Excel")
	c.sees("Exported: /shop/exports/day-2026-06-18-2026-06-18.xlsx")
	c.press(fyne.KeyF5)
	c.sees("The report of Thu 18 June was sent to the printer")
	if !slices.Equal(a.papers, []string{"2026-06-18 2026-06-18"}) {
		t.Fatalf("F5 printed %v, want the report of the day", a.papers)
	}
	c.tap("Shift reports")
	c.sees("Shift 1", "¥26.79")
	c.tap("Print again")
	if !slices.Equal(a.printed, []int{1}) {
		t.Fatalf("printed Zs %v", a.printed)
	}
	c.sees("Shift report 1 was sent to the printer")

	a.refuse = errors.New("no space left on device")
	c.press(fyne.KeyEscape)
	c.tap("Export")
	c.tap("PDF")
	c.sees("It was not exported, the books are as they were. Check the disk and try again.")
}

// What is sold while the report is open is in it at once.
func TestTheReportOfTodayIncludesTheLastSale(t *testing.T) {
	c, _ := back(t, "1001")
	threeSales(c)
	c.w.Open(PageReport)
	c.sees("¥26.79")
	c.run.OK(till.Scan{Code: milk}, till.PayCash{}, till.NextSale{})
	c.show()
	c.sees("¥42.69")
}

func TestTwoRangesAreCompared(t *testing.T) {
	c, a := back(t, "1001")
	threeSales(c)
	c.at(19, 9, 0)
	c.w.Open(PageReport)
	c.press(fyne.KeyLeft)
	c.tap("Compare")
	c.sees("Period comparison", "Thu 18 June", "¥26.79", "Thu 11 June", "Net sales", "Average sale", "Conversion")
	c.tap("Yesterday")
	c.sees("Thu 18 June", "Wed 17 June", "¥26.79", "—")
	c.tap("Week")
	c.sees("15 Jun – 19 Jun", "8 Jun – 12 Jun")
	c.tap("Before/after")
	c.tap("Bank card since 18 Jun")
	c.sees("A · after", "18 Jun – 19 Jun", "16 Jun – 17 Jun")
	c.tap("Export")
	c.tap("PDF")
	if want := "/shop/exports/compare-2026-06-18-2026-06-19.pdf"; a.files[len(a.files)-1] != want {
		t.Fatalf("exported %v, want %s", a.files, want)
	}
	c.tap("Custom")
	c.tap("17")
	c.tap("18")
	c.tap("15")
	c.tap("This day only")
	c.sees("17 Jun – 18 Jun", "Mon 15 June")
}

func TestEarningsShowWhatIsLeftAndWhenItComes(t *testing.T) {
	c, a := back(t, "1001")
	a.paidByPhone()
	threeSales(c)
	c.w.Open(PageReport)
	c.tap("Earnings")
	// 1986.10 - 15.90 - 7.55 + 0.06 - 0.20 - 0.82
	c.sees("Alipay", "¥1,986.10", "−¥15.90", "¥7.55", "¥1,961.69", "0.4%", "not set")
	c.tap("Arrivals")
	c.sees("Still to come: ¥3,903.94", "Fri 26 June", "¥1,002.61", "Wed 17 June")
	c.tap("What if")
	c.sees("All", "¥5,076.31", "¥5,065.92")
	c.tap("Side by side")
	c.sees("Cash", "Basket", "Conversion")
	c.tap("Cash")
	c.is(PageHistory)
	c.sees("2 receipts, ¥26.79 in all")
}
