package command

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"guitai/till"
	"guitai/till/money"
)

// reportColumns is the width of a report as text: that of an 80 mm receipt, so
// that it can be sent to a printer as it is.
const reportColumns = 48

// report is what a report's JSON holds. The text is written from it, so that
// both show the same figures.
type report struct {
	From, To, Currency string
	Sales              struct {
		Count                                int
		Gross, Discounts, Tax, Rounding, Net string
		TaxAdded                             string `json:"tax_added"`
	}
	Refunds   counted
	Voids     struct{ Lines int }
	Cancelled int
	PostVoids int `json:"post_voids"`
	Tenders   []struct {
		Kind                               string
		Count                              int
		Amount, Refunded, Tendered, Change string
	}
	Taxes []struct{ Class, Rate, Taxable, Tax string }
	Cash  []struct {
		Shift                                  int
		Float, Drops, Loans, Expected, Counted string
		PaidIn                                 string `json:"paid_in"`
		PaidOut                                string `json:"paid_out"`
		OverShort                              string `json:"over_short"`
	}
	Unverified counted
	Hours      []struct {
		Hour, Count int
		Net         string
	}
	Items []reportItem
	Days  []struct {
		Date  string
		Count int
		Net   string
	}
	Categories []struct{ Category, Qty, Net string }
	Cashiers   []struct {
		Cashier                  string
		Count, Refunds           int
		Discounts, Refunded, Net string
	}
	Weekdays []struct {
		Weekday, Days, Count int
		Net                  string
	}
	Pending counted
	Wallets []struct {
		Wallet, Mode                                        string
		Attempts, Paid, Declined, Cancelled, Unknown, Watch int
		Seconds                                             struct{ Median, P90, Most json.Number } `json:"seconds_to_pay"`
		Reasons                                             []struct {
			Reason string
			Count  int
		}
	}
}

type reportItem struct{ Code, Name, Qty, Net string }

type counted struct {
	Count  int
	Amount string
}

// writeReport writes the report whose JSON is doc for a person to read.
func writeReport(w io.Writer, lang string, doc []byte) error {
	p, err := reportPage(lang, doc, reportColumns, 0)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, p.b.String())
	return err
}

// reportPage lays the report whose JSON is doc out in so many columns, with no
// more goods than best, the best sellers, where that is not 0.
func reportPage(lang string, doc []byte, wide, best int) (*page, error) {
	var r report
	if err := json.Unmarshal(doc, &r); err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	p := &page{lang: lang, wide: wide}
	period := r.From
	if r.To != r.From {
		period += " - " + r.To
	}
	first := words{"%s：%d 单，净销售 %s %s。", "%s: sales %d, net %s %s."}.in(lang, period, r.Sales.Count, r.Sales.Net, r.Currency)
	if columns(first) > p.width() { // the days on a line of their own
		p.line(period)
		first = words{"%d 单，净销售 %s %s。", "Sales %d, net %s %s."}.in(lang, r.Sales.Count, r.Sales.Net, r.Currency)
	}
	p.line(first)
	p.rule()
	p.pair(words{"销售", "Gross"}, r.Sales.Gross)
	p.pair(words{"优惠", "Discounts"}, minus(r.Sales.Discounts))
	p.unlessZero(words{"加税", "Tax added"}, r.Sales.TaxAdded)
	p.unlessZero(words{"抹零", "Rounding"}, r.Sales.Rounding)
	p.pair(words{fmt.Sprintf("退款（%d）", r.Refunds.Count), fmt.Sprintf("Refunds (%d)", r.Refunds.Count)}, minus(r.Refunds.Amount))
	p.pair(words{"净销售", "Net"}, r.Sales.Net)
	p.pair(words{"其中税额", "Tax within"}, r.Sales.Tax)

	p.table(words{"收款方式", "Tenders"}, len(r.Tenders))
	for _, t := range r.Tenders {
		p.three(till.TenderName(till.TenderKind(t.Kind), lang), fmt.Sprint(t.Count), t.Amount)
		if !zero(t.Refunded) {
			p.three("  "+words{"已退", "refunded"}.in(lang), "", minus(t.Refunded))
		}
		if !zero(t.Change) {
			p.three("  "+words{"收到 / 找零", "tendered / change"}.in(lang), t.Tendered, t.Change)
		}
	}
	if r.Unverified.Count > 0 {
		p.three(words{"未核实", "unverified"}.in(lang), fmt.Sprint(r.Unverified.Count), r.Unverified.Amount)
	}
	if r.Pending.Count > 0 {
		p.three(words{"结果未知", "not known yet"}.in(lang), fmt.Sprint(r.Pending.Count), r.Pending.Amount)
	}

	p.table(words{"税", "Taxes"}, len(r.Taxes))
	for _, t := range r.Taxes {
		p.three(t.Class+" "+percent(t.Rate), t.Taxable, t.Tax)
	}
	if len(r.Taxes) > 0 {
		// The rates and this line sum to net.
		p.unlessZero(words{"抹零", "Rounding"}, r.Sales.Rounding)
	}

	p.table(words{"钱包收款（成功 / 发起，用时中位）", "Wallets (paid / asked, median time)"}, len(r.Wallets))
	for _, x := range r.Wallets {
		name := till.TenderName(till.WalletTender(x.Wallet), lang)
		if x.Mode != "" {
			name += " (" + x.Mode + ")"
		}
		p.three(name, fmt.Sprintf("%d / %d", x.Paid, x.Attempts), x.Seconds.Median.String()+" s")
		for _, n := range []struct {
			what  words
			count int
		}{
			{words{"未成功", "failed"}, x.Declined}, {words{"已撤销", "reversed"}, x.Cancelled}, {words{"结果不明", "unknown"}, x.Unknown},
			{words{"待查", "being checked"}, x.Watch},
		} {
			if n.count > 0 {
				p.three("  "+n.what.in(lang), "", fmt.Sprint(n.count))
			}
		}
	}

	for _, c := range r.Cash {
		p.table(words{fmt.Sprintf("班次 %d 现金", c.Shift), fmt.Sprintf("Cash of shift %d", c.Shift)}, 1)
		p.pair(words{"备用金", "Float"}, c.Float)
		p.unlessZero(words{"存入", "Paid in"}, c.PaidIn)
		p.unlessZero(words{"补零钱", "Loans"}, c.Loans)
		p.unlessZero(words{"支出", "Paid out"}, minus(c.PaidOut))
		p.unlessZero(words{"投库", "Drops"}, minus(c.Drops))
		p.pair(words{"应有", "Expected"}, c.Expected)
		if c.Counted != "" {
			p.pair(words{"实点", "Counted"}, c.Counted)
			p.pair(words{"差额", "Over/short"}, c.OverShort)
		}
	}

	p.table(words{"时段", "Hours"}, len(r.Hours))
	for _, h := range r.Hours {
		p.three(fmt.Sprintf("%02d:00", h.Hour), fmt.Sprint(h.Count), h.Net)
	}
	items := r.Items
	if best > 0 {
		byNet := func(amount string) float64 { v, _ := strconv.ParseFloat(amount, 64); return v } // for their order alone
		slices.SortStableFunc(items, func(a, b reportItem) int { return cmp.Compare(byNet(b.Net), byNet(a.Net)) })
		items = items[:min(best, len(items))]
	}
	p.table(words{"商品", "Items"}, len(items))
	for _, i := range items {
		p.three(strings.TrimSpace(i.Code+" "+i.Name), i.Qty, i.Net)
	}
	p.table(words{"品类", "Categories"}, len(r.Categories))
	for _, c := range r.Categories {
		p.three(categoryName(lang, c.Category), c.Qty, c.Net)
	}
	p.table(words{"收银员", "Cashiers"}, len(r.Cashiers))
	for _, c := range r.Cashiers {
		p.three(c.Cashier, fmt.Sprint(c.Count), c.Net)
	}
	if len(r.Days) > 1 {
		p.table(words{"星期", "Weekdays"}, len(r.Weekdays))
		for _, d := range r.Weekdays {
			p.three(weekdayName(lang, fmt.Sprint(d.Weekday)), fmt.Sprint(d.Count), d.Net)
		}
		p.table(words{"每天", "Days"}, len(r.Days))
		for _, d := range r.Days {
			p.three(d.Date, fmt.Sprint(d.Count), d.Net)
		}
	}

	p.rule()
	p.pair(words{"删行", "Lines voided"}, fmt.Sprint(r.Voids.Lines))
	p.pair(words{"取消单", "Sales cancelled"}, fmt.Sprint(r.Cancelled))
	p.pair(words{"整单作废", "Post-voids"}, fmt.Sprint(r.PostVoids))
	return p, nil
}

// categoryName names goods without a category too.
func categoryName(lang, cell string) string {
	if cell == "" {
		return words{"未分类", "without"}.in(lang)
	}
	return cell
}

// weekdayName names a day of the week, 1 for Monday.
func weekdayName(lang, cell string) string {
	names := []words{{"周一", "Mon"}, {"周二", "Tue"}, {"周三", "Wed"}, {"周四", "Thu"}, {"周五", "Fri"}, {"周六", "Sat"}, {"周日", "Sun"}}
	if n, err := strconv.Atoi(cell); err == nil && n >= 1 && n <= len(names) {
		return names[n-1].in(lang)
	}
	return cell
}

// page lays text out in columns, Chinese two wide.
type page struct {
	b    strings.Builder
	lang string
	wide int // columns; 0 for reportColumns
}

func (p *page) width() int {
	if p.wide > 0 {
		return p.wide
	}
	return reportColumns
}

func (p *page) line(s string) { p.b.WriteString(printable(s) + "\n") }
func (p *page) rule()         { p.line(strings.Repeat("-", p.width())) }

func (p *page) table(title words, rows int) {
	if rows > 0 {
		p.rule()
		p.line(title.in(p.lang))
	}
}

func (p *page) pair(name words, value string) { p.three(name.in(p.lang), "", value) }

func (p *page) unlessZero(name words, value string) {
	if !zero(value) {
		p.pair(name, value)
	}
}

// three is a name and two figures; a name too long stands on a line of its own.
func (p *page) three(name, middle, value string) {
	wide, narrow := 13, 11
	if p.width() < 40 {
		wide, narrow = 10, 8
	}
	right := fmt.Sprintf("%*s", wide, value)
	if middle != "" {
		right = fmt.Sprintf("%*s", narrow, middle) + right
	}
	if room := p.width() - len(right); columns(name) > room {
		p.line(name)
		name = ""
	}
	p.line(name + strings.Repeat(" ", max(0, p.width()-columns(name)-len(right))) + right)
}

// columns is how wide s stands in a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

// percent shows a rate as people say it: 13% for 0.13.
func percent(rate string) string {
	ppm, err := money.Currency{Exponent: 4}.ParsePrice(rate)
	if err != nil {
		return rate
	}
	return money.Rate(ppm).Percent() + "%"
}

func zero(amount string) bool { return strings.Trim(amount, "-0.") == "" }

func minus(amount string) string {
	if zero(amount) {
		return amount
	}
	return "-" + amount
}
