package command

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"guitai/assets"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// reportDays are the days of a report that has the latest one, and some before it,
// where none are named.
type reportDays struct {
	From string `placeholder:"YYYY-MM-DD" help:"${h_flags_from}"`
	To   string `placeholder:"YYYY-MM-DD" help:"${h_flags_to}"`
	reportFile
}

type (
	reportFlags   struct{ reportDays }
	reportWallets struct{ reportDays }
)

// usualDays is how many days are reported on where none are named.
const usualDays = 7

// open opens the ledger and reads the days.
func (c *reportDays) open(e *env) (l *ledger.Ledger, settings till.Settings, from, to till.BusinessDay, err error) {
	if c.From != "" {
		if from, err = date("--from", c.From); err != nil {
			return
		}
	}
	if c.To != "" {
		if to, err = date("--to", c.To); err != nil {
			return
		}
	}
	if l, err = e.read(); err != nil {
		return
	}
	st, err := l.Recover(e.ctx)
	switch {
	case err != nil:
	case st.LastDay == 0:
		err = &failure{what: errNoDay, next: nextNoDay}
	default:
		if to == 0 {
			to = st.LastDay
		}
		if from == 0 {
			from = to.Plus(1 - usualDays)
		}
		if from > to {
			err = &failure{exit: exitUsage, what: errBackward}
		}
	}
	if err != nil {
		l.Close()
	}
	return l, st.Settings, from, to, err
}

// Run reports what is worth a look.
func (c *reportFlags) Run(e *env) error {
	l, settings, from, to, err := c.open(e)
	if err != nil {
		return err
	}
	defer l.Close()
	flags, err := l.Flags(e.ctx, from, to)
	if err != nil {
		return err
	}
	odd, err := l.OddNotes(e.ctx, from, to)
	if err != nil {
		return err
	}
	cases, err := l.OpenCases(e.ctx)
	if err != nil {
		return err
	}
	s := flagsStatement(e.lang, &settings, from, to, flags, odd, cases)
	if c.Format == "pdf" || c.Format == "text" {
		s.narrow()
	}
	return e.statement(l, &settings, s, c.reportFile)
}

// narrow lays the hints out for paper and terminals: one table of figures, and one
// of words for each hint, which would be too small beside them.
func (s *statement) narrow() {
	wide := s.tables[0]
	some := func(t *table, row []string, keys ...string) {
		t.columns = nil
		var cells []string
		for i, c := range wide.columns {
			if slices.Contains(keys, c.key) {
				t.columns, cells = append(t.columns, c), append(cells, row[i])
			}
		}
		t.rows = append(t.rows, cells)
	}
	figures := table{key: wide.key, title: wide.title, note: wide.note}
	tables := []table{{}}
	for _, row := range wide.rows {
		some(&figures, row, "rule", "cashier", "shift", "date", "count", "seen", "usual", "amount")
		behind := "receipts"
		if row[slices.IndexFunc(wide.columns, func(c column) bool { return c.key == behind })] == "" {
			behind = "records"
		}
		name := row[0] + "  " + row[1]
		of := table{key: row[0], title: words{name, name}}
		some(&of, row, behind, "may", "todo")
		tables = append(tables, of)
	}
	tables[0] = figures
	s.tables = append(tables, s.tables[1:]...)
}

// hintWords are the words of the rules, those of the screen.
func hintWords(lang string) func(key string) string {
	all := map[string]string{}
	if err := json.Unmarshal(assets.Translation(lang), &all); err != nil {
		all = nil // a key stands for itself, as on the screen
	}
	return func(key string) string {
		if s, ok := all[key]; ok {
			return s
		}
		return key
	}
}

func flagsStatement(lang string, settings *till.Settings, from, to till.BusinessDay, flags []till.Flag, odd []till.OddNote, cases []till.PaymentCase) *statement {
	say, m := hintWords(lang), settings.Currency.Format
	text := func(key, zh, en string) column { return column{key: key, title: words{zh, en}} }
	count := func(key, zh, en string) column { return column{key: key, title: words{zh, en}, kind: countCell} }
	amount := column{key: "amount", title: words{"金额", "Amount"}, kind: moneyCell}
	rule, hint, cashier := text("rule", "规则", "Rule"), text("hint", "线索", "Hint"), text("cashier", "收银员", "Cashier")
	shift, date := count("shift", "班次", "Shift"), text("date", "营业日", "Day")
	note := words{"只是线索，不是结论；每条都可能有正常原因。", "Hints, not findings; each may have an innocent cause."}
	hints := table{key: "flags", title: words{"值得看看", "Worth a look"}, note: note, columns: []column{rule, hint, cashier, shift, text("since", "从", "Since"), date,
		count("count", "次数", "Count"), count("of", "共", "Of"), {key: "seen", title: words{"占比", "Seen"}, kind: shareCell}, {key: "usual", title: words{"平常", "Usual"}, kind: shareCell},
		amount, text("receipts", "小票", "Receipts"), text("records", "流水", "Records"), text("other", "其他", "Other"), text("may", "可能的正常原因", "It may be"), text("todo", "怎么做", "What to do")}}
	for i := range flags {
		f := &flags[i]
		key := "flag." + string(f.Rule)
		row := []string{string(f.Rule), say(key + ".title"), f.Cashier, "", f.Since.String(), f.Day.String(), strconv.Itoa(f.Count), "", "", "", m(f.Amount),
			numbers(f.Receipts), numbers(f.Records), f.Other, say(key + ".may"), say(key + ".do")}
		if f.Shift != 0 {
			row[3] = strconv.Itoa(f.Shift)
		}
		if f.Of > 0 {
			row[7], row[8] = strconv.Itoa(f.Of), f.Seen().String()
		}
		if f.HasUsual {
			row[9] = f.Usual.String()
		}
		hints.rows = append(hints.rows, row)
	}
	noticed := table{key: "noticed", title: words{"当时留意到的", "Noticed while selling"}, columns: []column{rule, hint, cashier, shift, date,
		text("at", "时间", "At"), text("noted", "留意时间", "Noted"), count("receipt", "小票", "Receipt"), amount}}
	for _, o := range odd {
		row := []string{string(o.Rule), say("flag." + string(o.Rule) + ".title"), o.Cashier, strconv.Itoa(o.Shift), o.Day.String(), clockOf(settings, o.At), clockOf(settings, o.Noted), "", m(o.Amount)}
		if o.Receipt != 0 {
			row[7] = strconv.Itoa(o.Receipt)
		}
		noticed.rows = append(noticed.rows, row)
	}
	open := table{key: "open_payments", title: words{"未了结的付款，现在", "Open payments, now"}, columns: []column{text("case", "情况", "Case"), text("wallet", "钱包", "Wallet"),
		text("number", "编号", "Number"), count("receipt", "小票", "Receipt"), cashier, amount, text("waiting_since", "从", "Waiting since")}}
	for i := range cases {
		c := &cases[i]
		row := []string{string(c.Kind), c.Attempt.Wallet, c.Attempt.Number, "", c.Attempt.Cashier, m(c.Amount), clockOf(settings, c.Since)}
		if c.Refund != nil {
			row[2] = c.Refund.Number
		}
		if c.Attempt.Receipt != 0 {
			row[3] = strconv.Itoa(c.Attempt.Receipt)
		}
		open.rows = append(open.rows, row)
	}
	open.columns[0].show = func(_, cell string) string { return say("flags.case." + cell) }
	return &statement{title: words{"值得看看", "What to look at"}, from: from.String(), to: to.String(), currency: settings.Currency.Code, decimals: settings.Currency.Exponent,
		tables: []table{hints, noticed, open}}
}

// clockOf writes a time on the shop's clock.
func clockOf(s *till.Settings, at time.Time) string {
	if s.Zone != nil {
		at = at.In(s.Zone)
	}
	return at.Format(time.RFC3339)
}

// numbers lists whole numbers, separated by spaces.
func numbers[T int | int64](list []T) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.FormatInt(int64(n), 10)
	}
	return strings.Join(out, " ")
}

// Run reports how payments through each wallet went, and how its provider
// answered.
func (c *reportWallets) Run(e *env) error {
	l, settings, from, to, err := c.open(e)
	if err != nil {
		return err
	}
	defer l.Close()
	r, err := l.Report(e.ctx, from, to)
	if err != nil {
		return err
	}
	fails, err := l.Failures(e.ctx, from, to)
	if err != nil {
		return err
	}
	answers, err := l.WalletAnswers(e.ctx, from, to)
	if err != nil {
		return err
	}
	return e.statement(l, &settings, walletsStatement(settings.Currency, from, to, r.Wallets, fails, answers), c.reportFile)
}

func walletsStatement(cur money.Currency, from, to till.BusinessDay, totals []till.WalletTotal, fails []till.FailureCount, answers []till.WalletAnswers) *statement {
	count := func(key, zh, en string) column { return column{key: key, title: words{zh, en}, kind: countCell} }
	seconds := func(key, zh, en string) column { return column{key: key, title: words{zh, en}, kind: secondsCell} }
	wallet := column{key: "wallet", title: words{"钱包", "Wallet"}, show: func(lang, cell string) string { return named(lang, string(till.WalletTender(cell))) }}
	reason := column{key: "reason", title: words{"原因", "Reason"}}
	n := strconv.Itoa
	wallets := table{key: "wallets", title: words{"付款", "Payments"}, columns: []column{wallet, {key: "mode", title: words{"模式", "Mode"}}, attemptsColumn, paidColumn, conversionColumn,
		count("declined", "未成功", "Failed"), count("reversed", "已撤销", "Reversed"), count("unknown", "结果不明", "Unknown"), count("watch", "待查", "Being checked"),
		seconds("seconds_median", "用时中位（秒）", "Median seconds"), seconds("seconds_p90", "九成以内（秒）", "90% within s"), seconds("seconds_most", "最长（秒）", "Longest s")}}
	for _, t := range totals {
		wallets.rows = append(wallets.rows, []string{t.Wallet, t.Mode, n(t.Attempts), n(t.Paid), part(int64(t.Paid), int64(t.Attempts)), n(t.Declined), n(t.Cancelled), n(t.Unknown), n(t.Watched),
			tenths(t.Seconds.Median), tenths(t.Seconds.P90), tenths(t.Seconds.Most)})
	}
	answered := table{key: "answers", title: words{"服务商的应答，在本机测得", "Answers of the providers, as measured here"},
		note: words{"应答率 = 有答复的请求 / 全部请求；断网也算没有答复。", "Answered = calls with an answer over all calls; a network that is down counts as none."},
		columns: []column{wallet, count("calls", "请求", "Calls"), count("unanswered", "没有答复", "Unanswered"), {key: "answered_share", title: words{"应答率", "Answered"}, kind: shareCell},
			seconds("answer_median", "答复中位（秒）", "Median s"), seconds("answer_p90", "九成以内（秒）", "90% within s"), seconds("answer_most", "最长（秒）", "Longest s")}}
	for _, a := range answers {
		answered.rows = append(answered.rows, []string{a.Wallet, n(a.Calls), n(a.Unanswered), part(int64(a.Calls-a.Unanswered), int64(a.Calls)), tenths(a.Times.Median), tenths(a.Times.P90), tenths(a.Times.Most)})
	}
	failures := table{key: "failures", title: words{"没有付成的付款", "Payments not paid"}, columns: []column{wallet, reason,
		{key: "hour", title: words{"时", "Hour"}, kind: countCell}, {key: "cashier", title: words{"收银员", "Cashier"}}, count("count", "笔数", "Count")}}
	for _, f := range fails {
		failures.rows = append(failures.rows, []string{f.Wallet, string(f.Reason), n(f.Hour), f.Cashier, n(f.Count)})
	}
	return &statement{title: words{"钱包付款", "Wallet payments"}, from: from.String(), to: to.String(), currency: cur.Code, decimals: cur.Exponent, tables: []table{wallets, answered, failures}}
}
