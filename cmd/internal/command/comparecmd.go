package command

import (
	"context"
	"strconv"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

type reportCompare struct {
	From     string `required:"" placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To       string `required:"" placeholder:"YYYY-MM-DD" help:"${h_to}"`
	WithFrom string `required:"" placeholder:"YYYY-MM-DD" help:"${h_with_from}"`
	WithTo   string `required:"" placeholder:"YYYY-MM-DD" help:"${h_with_to}"`
	reportFile
}

// Run compares two ranges of days.
func (c *reportCompare) Run(e *env) error {
	from, to, err := days(c.From, c.To)
	if err != nil {
		return err
	}
	withFrom, withTo, err := days(c.WithFrom, c.WithTo)
	if err != nil {
		return err
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
	s, err := compareStatement(e.ctx, l, settings.Currency, from, to, withFrom, withTo)
	if err != nil {
		return err
	}
	return e.statement(l, &settings, s, c.reportFile)
}

// measures names what is compared.
var measures = map[string]words{
	"net": {"净销售", "Net"}, "net_per_day": {"日均净销售", "Net a day"}, "sales": {"销售单", "Sales"}, "days": {"营业日", "Days traded"}, "average": {"客单价", "Average sale"},
	"refunds": {"退款", "Refunds"}, "discounts": {"优惠", "Discounts"}, "fees": {"手续费", "Fees"}, "cash_share": {"现金占比", "Cash share"},
	"attempts": {"手机付款发起", "Wallet payments started"}, "conversion": {"手机付款成功率", "Wallet conversion"}, "unverified": {"未核实金额", "Unverified"},
}

// period reads what a range of days took and cost.
func period(ctx context.Context, l *ledger.Ledger, from, to till.BusinessDay) (p till.Period, err error) {
	if p.Report, err = l.Report(ctx, from, to); err == nil {
		p.Fees, err = l.Fees(ctx, from, to)
	}
	return p, err
}

// compareStatement lays two ranges of days out beside each other.
func compareStatement(ctx context.Context, l *ledger.Ledger, cur money.Currency, from, to, withFrom, withTo till.BusinessDay) (*statement, error) {
	a, err := period(ctx, l, from, to)
	if err != nil {
		return nil, err
	}
	b, err := period(ctx, l, withFrom, withTo)
	if err != nil {
		return nil, err
	}
	word := func(key, zh, en string) column { return column{key: key, title: words{zh, en}} }
	sides := table{key: "periods", title: words{"两段日期", "The two ranges"}, columns: []column{word("side", "段", "Side"), word("from", "首日", "First day"), word("to", "末日", "Last day")}}
	for _, p := range []struct {
		side string
		r    *till.Report
	}{{"a", &a.Report}, {"b", &b.Report}} {
		sides.rows = append(sides.rows, []string{p.side, p.r.From.String(), p.r.To.String()})
	}
	t := table{key: "measures", title: words{"对比", "Compared"},
		note: words{"变化 = (甲 - 乙) / 乙；占比的变化是百分点。成功率 = 付成笔数 / 发起笔数，只算钱包。",
			"Change = (a - b) / b; of a share, percentage points. Conversion = paid over started attempts, of wallets only."},
		columns: []column{{key: "measure", title: words{"项目", "Measure"}, show: func(lang, cell string) string { return measures[cell].in(lang) }},
			word("a", "甲", "A"), word("b", "乙", "B"), {key: "change", title: words{"变化", "Change"}, kind: shareCell}}}
	for _, m := range till.Compare(&a, &b) {
		show := func(n int64, known bool) string {
			switch {
			case !known:
				return ""
			case m.Kind == till.MeasureMoney:
				return cur.Format(money.Amount(n))
			case m.Kind == till.MeasureShare:
				return money.Rate(n).String()
			}
			return strconv.FormatInt(n, 10)
		}
		change := ""
		if n, ok := m.Change(); ok {
			change = money.Rate(n * 1000).String()
		}
		t.rows = append(t.rows, []string{m.Key, show(m.A, m.KnownA), show(m.B, m.KnownB), change})
	}
	return &statement{title: words{"两段日期对比", "Two ranges compared"}, from: from.String(), to: to.String(), currency: cur.Code, decimals: cur.Exponent, tables: []table{sides, t}}, nil
}
