package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

type reportCash struct {
	From string `required:"" placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To   string `required:"" placeholder:"YYYY-MM-DD" help:"${h_to}"`
	reportFile
}

type cashCmd struct {
	Deposit cashDeposit `cmd:"" help:"${h_cash_deposit}"`
	Credit  cashCredit  `cmd:"" help:"${h_cash_credit}"`
	Count   cashCount   `cmd:"" help:"${h_cash_count}"`
}

type cashDeposit struct {
	Bag      string `arg:"" help:"${h_cash_bag}"`
	Amount   string `required:"" placeholder:"2000.00" help:"${h_cash_amount}"`
	Note     string `placeholder:"TEXT" help:"${h_reason}"`
	Operator string `required:"" placeholder:"CODE" help:"${h_reconcile_operator}"`
}

type cashCredit struct {
	Bag      string `arg:"" help:"${h_cash_bag}"`
	Amount   string `required:"" placeholder:"2000.00" help:"${h_cash_credited}"`
	On       string `required:"" placeholder:"YYYY-MM-DD" help:"${h_cash_on}"`
	Ref      string `placeholder:"NUMBER" help:"${h_cash_ref}"`
	Operator string `required:"" placeholder:"CODE" help:"${h_reconcile_operator}"`
}

type cashCount struct {
	Amount   string `required:"" placeholder:"500.00" help:"${h_cash_safe}"`
	Reason   string `placeholder:"WHY" help:"${h_reason}"`
	Operator string `required:"" placeholder:"CODE" help:"${h_reconcile_operator}"`
}

var (
	errBagOpen   = words{"钱袋 %s 还在路上，不能再记一次", "the bag %s is still on its way and cannot be noted again"}
	errNoBag     = words{"没有在路上的钱袋 %s", "no bag %s is on its way"}
	nextBag      = words{"用 report cash 查看在路上的钱袋。", "See the bags on their way with report cash."}
	errSafeDiff  = words{"保险箱点数和应有的不同，要写原因", "the count differs from what the safe should hold: the reason is needed"}
	nextSafeDiff = words{"加上 --reason。什么都没有记。", "Add --reason. Nothing was noted."}
	tellBagged   = words{"已记：钱袋 %s，%s；保险箱应剩 %s", "noted: bag %s, %s; the safe should hold %s"}
	tellCredited = words{"已记：银行入账 %s，与点数相差 %s", "noted: the bank credited %s, %s from what was counted"}
	tellCounted  = words{"已记：保险箱 %s，应有 %s，相差 %s", "noted: %s in the safe, %s expected, difference %s"}
)

// cash reads an amount that may be nothing, in the shop's currency.
func (e *env) cash(book *ledger.Ledger, text string) (money.Amount, money.Currency, error) {
	settings, err := book.Settings(e.ctx)
	if err != nil {
		return 0, money.Currency{}, err
	}
	a, err := settings.Currency.Parse(text)
	if err != nil || a < 0 {
		return 0, settings.Currency, &failure{exit: exitUsage, what: errAmountForm, err: err}
	}
	return a, settings.Currency, nil
}

// Run notes cash that was counted into a bag for the bank.
func (c *cashDeposit) Run(e *env) error {
	book, err := e.open()
	if err != nil {
		return err
	}
	defer book.Close()
	amount, cur, err := e.cash(book, c.Amount)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(e.ctx)
	d, err := book.Deposit(ctx, till.CashDeposited{Bag: c.Bag, Amount: amount, Note: c.Note}, strings.TrimSpace(c.Operator))
	if errors.Is(err, ledger.ErrBagOpen) {
		return &failure{what: errBagOpen, args: []any{c.Bag}, next: nextBag, err: err}
	}
	if err != nil {
		return err
	}
	left, err := book.SafeBalance(ctx)
	if err != nil {
		return err
	}
	e.say(tellBagged, d.Bag, cur.Format(d.Amount), cur.Format(left))
	return nil
}

// Run notes what the bank credited for a bag.
func (c *cashCredit) Run(e *env) error {
	on, err := date("--on", c.On)
	if err != nil {
		return err
	}
	book, err := e.open()
	if err != nil {
		return err
	}
	defer book.Close()
	amount, cur, err := e.cash(book, c.Amount)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(e.ctx)
	err = book.CreditDeposit(ctx, strings.TrimSpace(c.Bag), amount, on, c.Ref, strings.TrimSpace(c.Operator))
	if errors.Is(err, ledger.ErrNoBag) {
		return &failure{what: errNoBag, args: []any{c.Bag}, next: nextBag, err: err}
	}
	if err != nil {
		return err
	}
	apart, err := creditedApart(ctx, book, c.Bag)
	if err != nil {
		return err
	}
	e.say(tellCredited, cur.Format(amount), cur.Format(apart))
	return nil
}

// creditedApart is what the bank credited for the last bag of a number less what
// was counted.
func creditedApart(ctx context.Context, book *ledger.Ledger, bag string) (money.Amount, error) {
	all, err := book.CashBook(ctx, 0, 99991231)
	if err != nil {
		return 0, err
	}
	for i := range all.Deposits {
		if d := &all.Deposits[len(all.Deposits)-1-i]; d.Bag == strings.TrimSpace(bag) {
			return d.Apart(), nil
		}
	}
	return 0, nil
}

// Run notes a count of the safe.
func (c *cashCount) Run(e *env) error {
	book, err := e.open()
	if err != nil {
		return err
	}
	defer book.Close()
	amount, cur, err := e.cash(book, c.Amount)
	if err != nil {
		return err
	}
	n, err := book.CountSafe(context.WithoutCancel(e.ctx), amount, c.Reason, strings.TrimSpace(c.Operator))
	if till.CodeOf(err) == till.ReasonMissing {
		return &failure{what: errSafeDiff, next: nextSafeDiff, err: err}
	}
	if err != nil {
		return err
	}
	e.say(tellCounted, cur.Format(n.Counted), cur.Format(n.Expected), cur.Format(n.OverShort))
	return nil
}

// Run reports where the cash went, and what settled.
func (c *reportCash) Run(e *env) error {
	from, to, err := days(c.From, c.To)
	if err != nil {
		return err
	}
	book, err := e.read()
	if err != nil {
		return err
	}
	defer book.Close()
	settings, err := book.Settings(e.ctx)
	if err != nil {
		return err
	}
	b, err := book.CashBook(e.ctx, from, to)
	if err != nil {
		return err
	}
	return e.statement(book, &settings, cashStatement(&b), c.reportFile)
}

var settlementWords = map[till.SettlementState]words{
	till.SettlementDue: {"还没到日子", "not due yet"}, till.SettlementArrived: {"已到账", "arrived"}, till.SettlementApart: {"到账金额不同", "another amount arrived"},
	till.SettlementLate: {"没有到账", "late"}, till.SettlementUnknown: {"没有对账单", "no statement"},
}

// cashStatement lays the cash book out. Files name its keys for good.
func cashStatement(b *till.CashBook) *statement {
	m := b.Currency.Format
	sum := func(key, zh, en string) column { return column{key: key, title: words{zh, en}, kind: moneyCell} }
	word := func(key, zh, en string) column { return column{key: key, title: words{zh, en}} }
	day := func(d till.BusinessDay) string {
		if d == 0 {
			return ""
		}
		return d.String()
	}
	drawers := table{key: "drawers", title: words{"钱箱", "Drawers"}, columns: []column{{key: "shift", title: words{"班次", "Shift"}, kind: countCell}, sum("float", "备用金", "Float"),
		sum("paid_in", "存入", "Paid in"), sum("paid_out", "取出", "Paid out"), sum("drops", "入保险箱", "To the safe"), sum("loans", "取自保险箱", "From the safe"),
		sum("expected", "应有", "Expected"), sum("counted", "实点", "Counted"), sum("over_short", "差额", "Difference")}}
	for i := range b.Drawers {
		r := &b.Drawers[i]
		counted, apart := "", ""
		if r.Closed {
			counted, apart = m(r.Counted), m(r.OverShort)
		}
		drawers.rows = append(drawers.rows, []string{strconv.Itoa(r.Shift), m(r.Float), m(r.PaidIn), m(r.PaidOut), m(r.Drops), m(r.Loans), m(r.Expected), counted, apart})
	}
	safe := table{key: "safe", title: words{"保险箱应有", "The safe"}, pairs: true, columns: []column{sum("start", "期初", "At the start"), sum("drops", "从钱箱放入", "Dropped in"),
		sum("loans", "取到钱箱", "Lent to the drawer"), sum("deposited", "装袋送银行", "Bagged for the bank"), sum("over_short", "点数差额", "Over or short when counted"), sum("end", "期末应有", "Should hold now"),
		sum("on_the_way", "在路上", "On the way to the bank")}, rows: [][]string{{m(b.Start), m(b.Drops), m(b.Loans), m(b.Bagged), m(b.Counts), m(b.End), m(b.OnTheWay)}}}
	counts := table{key: "safe_counts", title: words{"保险箱点数", "Counts of the safe"}, columns: []column{word("at", "时间", "Time"), word("by", "点数人", "By"), sum("counted", "实点", "Counted"),
		sum("expected", "应有", "Expected"), sum("over_short", "差额", "Difference"), word("reason", "原因", "Reason")}}
	for i := range b.SafeCounts {
		c := &b.SafeCounts[i]
		counts.rows = append(counts.rows, []string{instant(c.At), c.By, m(c.Counted), m(c.Expected), m(c.OverShort), c.Reason})
	}
	deposits := table{key: "deposits", title: words{"送银行的钱袋", "Bags for the bank"}, columns: []column{word("bag", "袋号", "Bag"), word("at", "时间", "Time"), word("by", "装袋人", "By"),
		sum("amount", "点数", "Counted"), {key: "credited", title: words{"已入账", "Credited"}, kind: flagCell}, sum("credit", "银行入账", "The bank has"), sum("difference", "差额", "Difference"),
		word("on", "入账日", "Booked on"), word("ref", "凭证", "Reference"), {key: "statement", title: words{"按对账单", "By statement"}, kind: flagCell}, word("note", "备注", "Note")}}
	for i := range b.Deposits {
		d := &b.Deposits[i]
		credit, apart := "", ""
		if d.Credited {
			credit, apart = m(d.Credit.Amount), m(d.Apart())
		}
		deposits.rows = append(deposits.rows, []string{d.Bag, instant(d.At), d.By, m(d.Amount), fmt.Sprint(d.Credited), credit, apart, day(d.Credit.On), d.Credit.Ref, fmt.Sprint(d.Credit.Statement), d.Note})
	}
	settled := table{key: "settlements", title: words{"平台到账", "Settlements"}, note: words{"应到 = 按费率规则扣费后的金额；以银行对账单为准。", "Expected: after fees, by the shop's fee rules; the bank's statement decides."},
		columns: []column{word("day", "应到日", "Due"), tenderColumn, sum("expected", "应到", "Expected"), {key: "state", title: words{"状态", "State"}, show: wordsOf(settlementWords)},
			word("on", "入账日", "Booked on"), sum("credited", "实到", "Arrived"), sum("difference", "差额", "Difference"), word("ref", "凭证", "Reference")}}
	for i := range b.Settlements {
		s := &b.Settlements[i]
		credited, apart := "", ""
		if s.On != 0 {
			credited, apart = m(s.Credited), m(s.Credited-s.Expected())
		}
		settled.rows = append(settled.rows, []string{day(s.Day), string(s.Kind), m(s.Expected()), string(s.State), day(s.On), credited, apart, s.Ref})
	}
	return &statement{title: words{"现金", "Cash"}, from: b.From.String(), to: b.To.String(), currency: b.Currency.Code, decimals: int(b.Currency.Exponent),
		tables: []table{drawers, safe, counts, deposits, settled}}
}

// WriteCashBook writes a cash book as pdf or csv.
func WriteCashBook(ctx context.Context, w io.Writer, l *ledger.Ledger, settings *till.Settings, b *till.CashBook, format string) error {
	return writeStatement(ctx, w, l, settings, cashStatement(b), format)
}
