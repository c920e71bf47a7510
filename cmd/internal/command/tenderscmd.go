package command

import (
	"context"
	"strconv"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

type reportTenders struct {
	From  string `required:"" placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To    string `required:"" placeholder:"YYYY-MM-DD" help:"${h_to}"`
	Split string `placeholder:"YYYY-MM-DD" help:"${h_split}"`
	reportFile
}

var errSplit = words{"--split 要晚于 --from，不晚于 --to", "--split wants a day after --from and not after --to"}

// Run reports the tenders side by side, and with --split the days before a date
// beside those from it on.
func (c *reportTenders) Run(e *env) error {
	from, to, err := days(c.From, c.To)
	if err != nil {
		return err
	}
	var split till.BusinessDay
	if c.Split != "" {
		if split, err = date("--split", c.Split); err != nil {
			return err
		}
		if split <= from || split > to {
			return &failure{exit: exitUsage, what: errSplit}
		}
	}
	l, err := e.read()
	if err != nil {
		return err
	}
	defer l.Close()
	settings, err := l.Settings(e.ctx)
	if err != nil {
		return err
	}
	s, err := tendersStatement(e.ctx, l, settings.Currency, from, split, to)
	if err != nil {
		return err
	}
	return e.statement(l, &settings, s, c.reportFile)
}

// Columns of the side by side.
var (
	countColumn      = column{key: "count", title: words{"销售单", "Sales"}, kind: countCell}
	amountColumn     = column{key: "amount", title: words{"收款", "Amount"}, kind: moneyCell}
	basketColumn     = column{key: "basket", title: words{"客单价", "Average basket"}, kind: moneyCell}
	attemptsColumn   = column{key: "attempts", title: words{"发起", "Started"}, kind: countCell}
	paidColumn       = column{key: "paid", title: words{"付成", "Paid"}, kind: countCell}
	conversionColumn = column{key: "conversion", title: words{"成功率", "Conversion"}, kind: shareCell}
)

var noteConversion = words{"成功率 = 付成笔数 / 发起笔数，只算钱包；客单价是用过这种方式的整单平均。",
	"Conversion = paid over started attempts, of wallets only; the basket is the average of whole sales that used the tender."}

func tendersStatement(ctx context.Context, l *ledger.Ledger, cur money.Currency, from, split, to till.BusinessDay) (*statement, error) {
	whole, err := l.SideBySide(ctx, from, to)
	if err != nil {
		return nil, err
	}
	m := cur.Format
	side := table{key: "tenders", title: words{"收款方式对比", "Tenders side by side"}, note: noteConversion, columns: []column{tenderColumn, countColumn, amountColumn, basketColumn,
		{key: "seconds_median", title: words{"用时中位（秒）", "Median seconds"}, kind: secondsCell}, attemptsColumn, paidColumn, conversionColumn,
		{key: "failure_share", title: words{"失败率", "Failure share"}, kind: shareCell}, {key: "refunds", title: words{"退款笔数", "Refunds"}, kind: countCell}, refundedColumn,
		{key: "refund_share", title: words{"退款率", "Refund share"}, kind: shareCell}, pricedColumn, feeColumn, shareColumn}}
	for i := range whole.Tenders {
		t := &whole.Tenders[i]
		side.rows = append(side.rows, []string{string(t.Kind), strconv.Itoa(t.Count), m(t.Amount), m(t.Basket()), tenths(t.ToPay), strconv.Itoa(t.Attempts), strconv.Itoa(t.Paid),
			part(int64(t.Paid), int64(t.Attempts)), part(int64(t.Attempts-t.Paid), int64(t.Attempts)), strconv.Itoa(t.Refunds), m(t.Refunded),
			part(int64(t.Refunded), int64(t.Amount)), strconv.FormatBool(t.Priced), m(t.Fee), feeShare(t.Priced, t.Fee, t.Amount)})
	}
	s := &statement{title: words{"收款方式对比", "Tenders compared"}, from: from.String(), to: to.String(), currency: cur.Code, decimals: cur.Exponent, tables: []table{side}}
	if split == 0 {
		return s, nil
	}
	before, err := l.SideBySide(ctx, from, split.Plus(-1))
	if err != nil {
		return nil, err
	}
	after, err := l.SideBySide(ctx, split, to)
	if err != nil {
		return nil, err
	}
	tenders := tenderColumn
	tenders.show = all
	periods := table{key: "periods", title: words{"前后对比", "Before and after"}, note: noteConversion, columns: []column{
		{key: "period", title: words{"时期", "Period"}, show: func(lang, cell string) string {
			return map[string]words{"before": {"之前", "before"}, "after": {"之后", "after"}}[cell].in(lang)
		}},
		{key: "first", title: words{"首日", "First day"}}, {key: "last", title: words{"末日", "Last day"}}, {key: "days", title: words{"营业日", "Days traded"}, kind: countCell},
		tenders, countColumn, amountColumn, {key: "amount_per_day", title: words{"日均", "A day"}, kind: moneyCell}, basketColumn, attemptsColumn, paidColumn, conversionColumn}}
	for _, p := range []struct {
		name string
		side *till.SideBySide
	}{{"before", &before}, {"after", &after}} {
		r := &p.side.Report
		traded := len(r.Days)
		row := func(kind string, count int, amount, basket money.Amount, started, paid int) {
			perDay := ""
			if traded > 0 {
				perDay = m(money.Part(amount, 0, 1, money.Quantity(traded)))
			}
			periods.rows = append(periods.rows, []string{p.name, r.From.String(), r.To.String(), strconv.Itoa(traded), kind, strconv.Itoa(count), m(amount), perDay, m(basket),
				strconv.Itoa(started), strconv.Itoa(paid), part(int64(paid), int64(started))})
		}
		started, paid := p.side.Attempts()
		row("", r.Sales, p.side.Total, p.side.Basket(), started, paid)
		for i := range p.side.Tenders {
			t := &p.side.Tenders[i]
			row(string(t.Kind), t.Count, t.Amount, t.Basket(), t.Attempts, t.Paid)
		}
	}
	s.tables = append([]table{periods}, s.tables...)
	return s, nil
}

// tenths writes a time in seconds; "" where there is none.
func tenths(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
}
