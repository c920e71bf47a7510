package command

import (
	"strconv"

	"guitai/till"
	"guitai/till/money"
)

type reportFees struct {
	From string `required:"" placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To   string `required:"" placeholder:"YYYY-MM-DD" help:"${h_to}"`
	reportFile
}

// Run reports what tenders cost, when money arrives, and what other wallets
// would cost.
func (c *reportFees) Run(e *env) error {
	from, to, err := days(c.From, c.To)
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
	f, err := l.Fees(e.ctx, from, to)
	if err != nil {
		return err
	}
	return e.statement(l, &settings, feesStatement(&f, settings.Currency), c.reportFile)
}

// part is a of b as a rate; "" where there is nothing to be a part of.
func part(a, b int64) string {
	if b <= 0 {
		return ""
	}
	ppm, err := money.MulDiv(a, 1_000_000, b, money.HalfAwayFromZero)
	if err != nil {
		return ""
	}
	return money.Rate(ppm).String()
}

// feeShare is not known without a rule.
func feeShare(priced bool, fee, of money.Amount) string {
	if !priced {
		return ""
	}
	return part(int64(fee), int64(of))
}

// Columns that several reports have.
var (
	tenderColumn   = column{key: "tender", title: words{"收款方式", "Tender"}, show: named}
	paymentsColumn = column{key: "payments", title: words{"笔数", "Payments"}, kind: countCell}
	grossColumn    = column{key: "gross", title: words{"收款", "Gross"}, kind: moneyCell}
	refundedColumn = column{key: "refunded", title: words{"退款", "Refunded"}, kind: moneyCell}
	feeColumn      = column{key: "fee", title: words{"手续费", "Fee"}, kind: moneyCell}
	feeBackColumn  = column{key: "fee_back", title: words{"退回手续费", "Fee back"}, kind: moneyCell}
	openingColumn  = column{key: "opening", title: words{"开通费", "Opening"}, kind: moneyCell}
	yearlyColumn   = column{key: "yearly", title: words{"年费", "Yearly"}, kind: moneyCell}
	pricedColumn   = column{key: "priced", title: words{"已设费率", "Rule set"}, kind: flagCell}
	settledColumn  = column{key: "settled", title: words{"结算额", "Settled"}, kind: moneyCell}
	withdrawColumn = column{key: "withdrawal", title: words{"提现费", "Withdrawal"}, kind: moneyCell}
	proceedsColumn = column{key: "proceeds", title: words{"到手", "Proceeds"}, kind: moneyCell}
	shareColumn    = column{key: "fee_share", title: words{"手续费占比", "Fee share"}, kind: shareCell}
)

func feesStatement(f *till.Fees, cur money.Currency) *statement {
	m := cur.Format
	totals := table{key: "tenders", title: words{"每种收款方式", "Tenders"},
		note: words{"到手 = 收款 - 退款 - 手续费 + 退回手续费 - 提现费 - 开通费 - 年费。没有设费率的，手续费算作 0。",
			"Proceeds = gross - refunded - fee + fee back - withdrawal - opening - yearly. Without a fee rule, fees count as 0."},
		columns: []column{tenderColumn, pricedColumn, paymentsColumn, grossColumn, refundedColumn, feeColumn, feeBackColumn, withdrawColumn, openingColumn, yearlyColumn, proceedsColumn, shareColumn}}
	for i := range f.Totals {
		t := &f.Totals[i]
		totals.rows = append(totals.rows, []string{string(t.Kind), strconv.FormatBool(t.Priced), strconv.Itoa(t.Payments), m(t.Gross), m(t.Refunded), m(t.Fee),
			m(t.FeeBack), m(t.Withdrawal), m(t.Opening), m(t.Yearly), m(t.Proceeds()), feeShare(t.Priced, t.Fee, t.Gross)})
	}
	arrivals := table{key: "arrivals", title: words{"到账日历", "What arrives when"},
		note: words{"这段日期的销售各日到账；提现费按每次到账马上提现计算。节假日不在日历里。",
			"Of the sales of these days; withdrawal as if each arrival was withdrawn at once. Public holidays are not known."},
		columns: []column{{key: "date", title: words{"日期", "Date"}}, tenderColumn, settledColumn, withdrawColumn, proceedsColumn}}
	for _, a := range f.Arrivals {
		arrivals.rows = append(arrivals.rows, []string{a.Day.String(), string(a.Kind), m(a.Amount), m(a.Withdrawal), m(a.Amount - a.Withdrawal)})
	}
	whatIf := table{key: "what_if", title: words{"换一家收多少", "The same payments at each wallet's rules"},
		note: words{"本店这段日期的付款按各家费率逐笔计算，退款不计；合计行含这段日期的年费。",
			"The shop's own payments of these days, each priced by the rules of each wallet, refunds aside; the rows of all tenders have the yearly fee of the days too."},
		columns: []column{tenderColumn, {key: "rules", title: words{"费率", "Rules of"}, show: func(lang, cell string) string { return named(lang, string(till.WalletTender(cell))) }},
			paymentsColumn, grossColumn, feeColumn, yearlyColumn, proceedsColumn, shareColumn}}
	for i := range f.WhatIf {
		w := &f.WhatIf[i]
		whatIf.rows = append(whatIf.rows, []string{string(w.Kind), w.Wallet, strconv.Itoa(w.Payments), m(w.Gross), m(w.Fee), m(w.Yearly), m(w.Gross - w.Fee - w.Yearly),
			part(int64(w.Fee), int64(w.Gross))})
	}
	whatIf.columns[0].show = all
	byDay := table{key: "days", title: words{"每天", "Days"}, columns: []column{{key: "date", title: words{"日期", "Date"}}, tenderColumn, pricedColumn, paymentsColumn,
		grossColumn, refundedColumn, feeColumn, feeBackColumn, settledColumn, openingColumn, yearlyColumn, {key: "arrives", title: words{"到账日", "Arrives"}}}}
	for i := range f.Days {
		d := &f.Days[i]
		arrives := ""
		if d.Arrives != 0 {
			arrives = d.Arrives.String()
		}
		byDay.rows = append(byDay.rows, []string{d.Day.String(), string(d.Kind), strconv.FormatBool(d.Priced), strconv.Itoa(d.Payments), m(d.Gross), m(d.Refunded), m(d.Fee),
			m(d.FeeBack), m(d.Settled()), m(d.Opening), m(d.Yearly), arrives})
	}
	return &statement{title: words{"手续费与到账", "Fees and proceeds"}, from: f.From.String(), to: f.To.String(), currency: cur.Code, decimals: cur.Exponent,
		tables: []table{totals, arrivals, whatIf, byDay}}
}

// all names a tender, or all of them together.
func all(lang, cell string) string {
	if cell == "" {
		return words{"全部", "all"}.in(lang)
	}
	return named(lang, cell)
}
