package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"guitai/till"
	"guitai/till/money"
)

// A statement is tables of figures that every format writes from the same
// cells. Cells are as programs read them: money with the currency's decimals, a
// rate as a part of one, "" for what is not known.
type statement struct {
	title              words
	from, to, currency string
	decimals           int
	tables             []table
}

// A table has a key and columns that files name for good; columns are only ever
// added at the end. One that is pairs has one row, and people read it downwards.
type table struct {
	key     string
	title   words
	note    words // how a figure is defined, where that is not plain
	columns []column
	rows    [][]string
	pairs   bool
}

// A column is of one kind of cells. show makes of a cell what people read.
type column struct {
	key   string
	title words
	kind  cellKind
	show  func(lang, cell string) string
}

type cellKind int

const (
	textCell  cellKind = iota
	countCell          // a whole number
	moneyCell
	quantityCell // thousandths at most
	rateCell     // a part of one
	shareCell    // a part of one, which people read to two decimals of a hundredth
	secondsCell  // one decimal
	flagCell     // true or false
)

func (k cellKind) figures() bool { return k != textCell && k != flagCell }

// read is a cell as people read it.
func (c *column) read(lang, cell string) string {
	switch {
	case c.show != nil:
		return c.show(lang, cell)
	case c.kind == rateCell && cell != "":
		return percent(cell)
	case c.kind == shareCell && cell != "":
		share, _ := strconv.ParseFloat(cell, 64) // written by part
		return strconv.FormatFloat(100*share, 'f', 2, 64) + "%"
	case c.kind == flagCell:
		if cell == "true" {
			return words{"是", "yes"}.in(lang)
		}
		return words{"否", "no"}.in(lang)
	}
	return cell
}

// named shows the tender of a cell by its name.
func named(lang, cell string) string {
	if cell == "" {
		return ""
	}
	return till.TenderName(till.TenderKind(cell), lang)
}

func (s *statement) period() string {
	if s.from == s.to {
		return s.from
	}
	return s.from + " - " + s.to
}

// text writes the tables for a terminal, figures to the right.
func (s *statement) text(w io.Writer, lang, shop string) error {
	p := &page{lang: lang}
	if shop != "" {
		p.line(shop)
	}
	p.line(fmt.Sprintf("%s  %s  %s", s.title.in(lang), s.period(), s.currency))
	for i := range s.tables {
		t := &s.tables[i]
		if len(t.rows) == 0 {
			continue
		}
		p.line("")
		p.line(t.title.in(lang))
		if t.note.en != "" {
			p.line(t.note.in(lang))
		}
		if t.pairs {
			for _, pair := range t.downwards(lang) {
				p.pair(words{pair[0], pair[0]}, pair[1])
			}
			continue
		}
		grid := t.grid(lang)
		for _, cells := range grid {
			var line strings.Builder
			for i := range t.columns {
				widest := 0
				for _, other := range grid {
					widest = max(widest, columns(other[i]))
				}
				space := strings.Repeat(" ", widest-columns(cells[i]))
				if t.columns[i].kind.figures() {
					line.WriteString(space + cells[i] + "  ")
				} else {
					line.WriteString(cells[i] + space + "  ")
				}
			}
			p.line(strings.TrimRight(line.String(), " "))
		}
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// grid is the table as people read it, the names of its columns first.
func (t *table) grid(lang string) [][]string {
	out := [][]string{make([]string, len(t.columns))}
	for i := range t.columns {
		out[0][i] = printable(t.columns[i].title.in(lang))
	}
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i := range row {
			cells[i] = printable(t.columns[i].read(lang, row[i]))
		}
		out = append(out, cells)
	}
	return out
}

// downwards is a table of pairs as names and figures.
func (t *table) downwards(lang string) [][]string {
	var out [][]string
	for _, row := range t.rows {
		for i := range t.columns {
			out = append(out, []string{t.columns[i].title.in(lang), t.columns[i].read(lang, row[i])})
		}
	}
	return out
}

// json writes the statement as an object: the period, and a list of objects for
// each table, empty ones too.
func (s *statement) json(w io.Writer) error {
	var b strings.Builder
	text := func(v string) string {
		var q strings.Builder
		e := json.NewEncoder(&q)
		e.SetEscapeHTML(false)
		_ = e.Encode(v) // a string always encodes
		return strings.TrimRight(q.String(), "\n")
	}
	fmt.Fprintf(&b, "{\n  \"from\": %s,\n  \"to\": %s,\n  \"currency\": %s", text(s.from), text(s.to), text(s.currency))
	for _, t := range s.tables {
		fmt.Fprintf(&b, ",\n  %s: [", text(t.key))
		for n, row := range t.rows {
			if n > 0 {
				b.WriteString(",")
			}
			b.WriteString("\n    {")
			for i, c := range t.columns {
				if i > 0 {
					b.WriteString(",")
				}
				value := text(row[i])
				switch {
				case c.kind != textCell && row[i] == "":
					value = "null"
				case c.kind == countCell, c.kind == secondsCell, c.kind == flagCell:
					value = row[i]
				}
				b.WriteString(text(c.key) + ":" + value)
			}
			b.WriteString("}")
		}
		if len(t.rows) > 0 {
			b.WriteString("\n  ")
		}
		b.WriteString("]")
	}
	b.WriteString("\n}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// errStatementRow is a mistake of the program: a row that does not fit its table.
var errStatementRow = errors.New("a row of a report has not the columns of its table")

// check finds rows that do not fit their table before a file is begun.
func (s *statement) check() error {
	for _, t := range s.tables {
		if slices.ContainsFunc(t.rows, func(row []string) bool { return len(row) != len(t.columns) }) {
			return fmt.Errorf("%s: %w", t.key, errStatementRow)
		}
	}
	return nil
}

// reportStatement lays out the report whose JSON is doc. It has every figure of
// it.
func reportStatement(doc []byte, cur money.Currency) (*statement, error) {
	var r report
	if err := json.Unmarshal(doc, &r); err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	number := func(n int) string { return fmt.Sprint(n) }
	count := column{key: "count", title: words{"笔数", "Count"}, kind: countCell}
	amount := func(key, zh, en string) column { return column{key: key, title: words{zh, en}, kind: moneyCell} }
	counts := func(key, zh, en string) column { return column{key: key, title: words{zh, en}, kind: countCell} }
	word := func(key, zh, en string) column { return column{key: key, title: words{zh, en}} }
	kind := column{key: "kind", title: words{"方式", "Tender"}, show: named}
	net := amount("net", "净销售", "Net")

	sums := table{key: "sales", title: words{"合计", "Totals"}, pairs: true, columns: []column{
		counts("count", "销售单", "Sales"), amount("gross", "销售", "Gross"), amount("discounts", "优惠", "Discounts"), amount("tax_added", "加税", "Tax added"),
		amount("rounding", "抹零", "Rounding"), amount("refunded", "退款", "Refunds"), net, amount("tax", "其中税额", "Tax within"),
		counts("refunds", "退货单", "Returns"), counts("lines_voided", "删行", "Lines voided"), counts("cancelled", "取消单", "Sales cancelled"),
		counts("post_voids", "整单作废", "Post-voids"), counts("unverified_count", "未核实笔数", "Unverified payments"), amount("unverified", "未核实金额", "Unverified amount"),
		counts("pending_count", "结果未知笔数", "Payments not known yet"), amount("pending", "结果未知金额", "Amount not known yet")}}
	sums.rows = [][]string{{number(r.Sales.Count), r.Sales.Gross, r.Sales.Discounts, r.Sales.TaxAdded, r.Sales.Rounding, r.Refunds.Amount, r.Sales.Net, r.Sales.Tax,
		number(r.Refunds.Count), number(r.Voids.Lines), number(r.Cancelled), number(r.PostVoids), number(r.Unverified.Count), r.Unverified.Amount, number(r.Pending.Count), r.Pending.Amount}}

	tenders := table{key: "tenders", title: words{"收款方式", "Tenders"}, columns: []column{kind, count, amount("amount", "实收", "Amount"),
		amount("refunded", "退款", "Refunded"), amount("tendered", "收到", "Tendered"), amount("change", "找零", "Change")}}
	for _, t := range r.Tenders {
		tenders.rows = append(tenders.rows, []string{t.Kind, number(t.Count), t.Amount, t.Refunded, t.Tendered, t.Change})
	}
	taxes := table{key: "taxes", title: words{"税", "Taxes"}, columns: []column{word("class", "税类", "Class"),
		{key: "rate", title: words{"税率", "Rate"}, kind: rateCell}, amount("taxable", "计税额", "Taxable"), amount("tax", "税额", "Tax")}}
	for _, t := range r.Taxes {
		taxes.rows = append(taxes.rows, []string{t.Class, t.Rate, t.Taxable, t.Tax})
	}
	cash := table{key: "cash", title: words{"现金", "Cash"}, columns: []column{counts("shift", "班次", "Shift"), amount("float", "备用金", "Float"),
		amount("paid_in", "存入", "Paid in"), amount("paid_out", "支出", "Paid out"), amount("drops", "投库", "Drops"), amount("loans", "补零钱", "Loans"),
		amount("expected", "应有", "Expected"), amount("counted", "实点", "Counted"), amount("over_short", "差额", "Over/short")}}
	for _, c := range r.Cash {
		cash.rows = append(cash.rows, []string{number(c.Shift), c.Float, c.PaidIn, c.PaidOut, c.Drops, c.Loans, c.Expected, c.Counted, c.OverShort})
	}
	wallets := table{key: "wallets", title: words{"钱包收款", "Wallet payments"}, columns: []column{
		{key: "wallet", title: words{"钱包", "Wallet"}, show: func(lang, cell string) string { return named(lang, string(till.WalletTender(cell))) }},
		word("mode", "模式", "Mode"), counts("attempts", "发起", "Asked"), counts("paid", "成功", "Paid"), counts("declined", "未成功", "Failed"),
		counts("reversed", "已撤销", "Reversed"), counts("unknown", "结果不明", "Unknown"), counts("watch", "待查", "Being checked"),
		{key: "seconds_median", title: words{"用时中位（秒）", "Median seconds"}, kind: secondsCell}, {key: "seconds_p90", title: words{"九成以内（秒）", "90% within s"}, kind: secondsCell},
		{key: "seconds_most", title: words{"最长（秒）", "Longest s"}, kind: secondsCell}}}
	reasons := table{key: "reasons", title: words{"没有付成的原因", "Why payments were not paid"}, columns: []column{wallets.columns[0], wallets.columns[1],
		word("reason", "原因", "Reason"), count}}
	for _, x := range r.Wallets {
		s := x.Seconds
		wallets.rows = append(wallets.rows, []string{x.Wallet, x.Mode, number(x.Attempts), number(x.Paid), number(x.Declined), number(x.Cancelled), number(x.Unknown),
			number(x.Watch), s.Median.String(), s.P90.String(), s.Most.String()})
		for _, c := range x.Reasons {
			reasons.rows = append(reasons.rows, []string{x.Wallet, x.Mode, c.Reason, number(c.Count)})
		}
	}
	hours := table{key: "hours", title: words{"时段", "Hours"}, columns: []column{
		{key: "hour", title: words{"时", "Hour"}, kind: countCell, show: func(_, cell string) string { return fmt.Sprintf("%02s:00", cell) }}, count, net}}
	for _, h := range r.Hours {
		hours.rows = append(hours.rows, []string{number(h.Hour), number(h.Count), h.Net})
	}
	days := table{key: "days", title: words{"每天", "Days"}, columns: []column{word("date", "日期", "Date"), count, net}}
	for _, d := range r.Days {
		days.rows = append(days.rows, []string{d.Date, number(d.Count), d.Net})
	}
	items := table{key: "items", title: words{"商品", "Items"}, columns: []column{word("code", "编号", "Code"), word("name", "品名", "Name"),
		{key: "qty", title: words{"数量", "Quantity"}, kind: quantityCell}, net}}
	for _, i := range r.Items {
		items.rows = append(items.rows, []string{i.Code, i.Name, i.Qty, i.Net})
	}
	categories := table{key: "categories", title: words{"品类", "Categories"}, columns: []column{{key: "category", title: words{"品类", "Category"}, show: categoryName},
		items.columns[2], net}}
	for _, c := range r.Categories {
		categories.rows = append(categories.rows, []string{c.Category, c.Qty, c.Net})
	}
	cashiers := table{key: "cashiers", title: words{"收银员", "Cashiers"}, columns: []column{word("cashier", "工号", "Cashier"), count, amount("discounts", "优惠", "Discounts"),
		counts("refunds", "退货单", "Returns"), amount("refunded", "退款", "Refunded"), net}}
	for _, c := range r.Cashiers {
		cashiers.rows = append(cashiers.rows, []string{c.Cashier, number(c.Count), c.Discounts, number(c.Refunds), c.Refunded, c.Net})
	}
	weekdays := table{key: "weekdays", title: words{"星期", "Weekdays"}, columns: []column{{key: "weekday", title: words{"星期", "Weekday"}, kind: countCell, show: weekdayName},
		counts("days", "天数", "Days"), count, net}}
	for _, d := range r.Weekdays {
		weekdays.rows = append(weekdays.rows, []string{number(d.Weekday), number(d.Days), number(d.Count), d.Net})
	}
	return &statement{title: words{"营业报表", "Sales report"}, from: r.From, to: r.To, currency: r.Currency, decimals: cur.Exponent,
		tables: []table{sums, tenders, taxes, cash, wallets, reasons, hours, days, items, categories, cashiers, weekdays}}, nil
}
