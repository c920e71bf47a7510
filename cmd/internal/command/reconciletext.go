package command

import (
	"fmt"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// findingWords are what people read for a kind of finding.
var findingWords = map[till.FindingKind]words{
	till.Matched:         {"一致", "matched"},
	till.Foreign:         {"同账户其他收银机", "not this till's"},
	till.UnverifiedFound: {"未核对，现已核对", "unverified, now matched"},
	till.AbsentClosed:    {"账单没有，确认未付", "not on the bill: not paid"},
	till.PaidTwice:       {"重复付款", "paid twice"},
	till.PaidThere:       {"服务商有，本机没有", "not in till"},
	till.PaidHere:        {"本机有，服务商没有", "not at provider"},
	till.AmountApart:     {"金额不符", "amount differs"},
	till.RefundAbsent:    {"退款缺失", "refund missing"},
	till.RefundTwice:     {"重复退款", "refunded twice"},
	till.RefundNotOurs:   {"本机没有的退款", "refund unknown to the till"},
}

// nextWords are the one safe next step of a finding.
var nextWords = map[till.NextStep]words{
	till.NextNothing:   {"", ""},
	till.NextAsk:       {"用 wallet query 付款编号 向服务商查询：查到已付就入账或退款", "wallet query ATTEMPT: found paid, it goes to its sale or back"},
	till.NextRefund:    {"用 wallet refund 付款编号 退回这一笔", "wallet refund ATTEMPT: give this one back"},
	till.NextNeighbour: {"时间接近午夜：先核对相邻一天的账单", "near midnight: compare the day beside it first"},
	till.NextCompare:   {"在服务商网站和销售记录里查看，先不要改动", "look at the provider's site and at the receipts; change nothing yet"},
	till.NextAskRefund: {"打开收银机，退款会继续向服务商查询", "open the till: it goes on asking about the refund"},
	till.NextClaim:     {"联系服务商：这笔钱退了不止一次", "ask the provider's service: this money went back more than once"},
}

func wordsOf[K ~string](of map[K]words) func(lang, cell string) string {
	return func(lang, cell string) string {
		if w, ok := of[K(cell)]; ok {
			return w.in(lang)
		}
		return cell
	}
}

// instant writes a time as files have it; "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// reconcileStatement lays a comparison out. Files name its keys for good.
func reconcileStatement(r *till.Reconciliation) *statement {
	count := func(key string, w words) column { return column{key: key, title: w, kind: countCell} }
	sum := func(key, zh, en string) column { return column{key: key, title: words{zh, en}, kind: moneyCell} }
	word := func(key, zh, en string) column { return column{key: key, title: words{zh, en}} }
	flag := func(key, zh, en string) column { return column{key: key, title: words{zh, en}, kind: flagCell} }

	head := table{key: "bill", title: words{"账单", "Bill"}, pairs: true, columns: []column{
		word("wallet", "钱包", "Wallet"), word("mode", "模式", "Mode"), word("name", "文件", "File"), word("sha256", "SHA-256", "SHA-256"), word("kept_at", "存入时间", "Kept"),
		flag("final", "已完整", "Complete"), flag("again", "以前已存", "Kept before"),
		sum("in", "收入", "Taken"), sum("back", "退回", "Given back"), sum("fees", "手续费", "Fees"), sum("settles", "扣费后到账", "Settles, after fees"),
	}}
	head.rows = [][]string{{r.Wallet, r.Mode, r.Name, r.Hash, instant(r.Kept), fmt.Sprint(r.Final), fmt.Sprint(r.Again),
		r.Currency.Format(r.In), r.Currency.Format(r.Back), r.Currency.Format(r.Fees), r.Currency.Format(r.Settles())}}

	counts := table{key: "counts", title: words{"笔数", "Counts"}, pairs: true, columns: []column{count("open", words{"待处理", "Open"})}}
	row := []string{fmt.Sprint(r.Open())}
	for i := range till.FindingKinds {
		k := till.FindingKinds[len(till.FindingKinds)-1-i]
		counts.columns = append(counts.columns, count(string(k), findingWords[k]))
		row = append(row, fmt.Sprint(r.Count(k)))
	}
	counts.rows = [][]string{row}

	list := func(key string, title words, pick func(*till.Finding) bool) table {
		t := table{key: key, title: title, columns: []column{
			{key: "id", title: words{"编号", "No."}, kind: countCell}, {key: "kind", title: words{"类型", "Kind"}, show: wordsOf(findingWords)}, flag("open", "待处理", "Open"),
			word("attempt", "付款编号", "Payment"), word("refund", "退款编号", "Refund"), word("receipt", "小票", "Receipt"), word("provider", "服务商编号", "Transaction"), word("at", "时间", "Time"),
			sum("till", "本机", "Till"), sum("bill", "账单", "Bill"), sum("difference", "差额", "Difference"), sum("fee", "手续费", "Fee"), word("currency", "货币", "Currency"),
			word("state", "本机状态", "State"), word("said", "服务商的话", "Provider's words"), word("matched_by", "依据", "Matched by"), word("noted_at", "记下时间", "Noted"),
			word("settled_at", "处理时间", "Settled"), word("settled_by", "处理人", "By"), word("reason", "原因", "Reason"), {key: "next", title: words{"下一步", "Next"}, show: wordsOf(nextWords)},
		}}
		for i := range r.Findings {
			if f := &r.Findings[i]; pick(f) {
				t.rows = append(t.rows, findingRow(f))
			}
		}
		return t
	}
	return &statement{title: words{"对账", "Reconciliation"}, from: r.Day.String(), to: r.Day.String(), currency: r.Currency.Code, decimals: int(r.Currency.Exponent), tables: []table{
		head, counts,
		list("differences", words{"差异", "Differences"}, func(f *till.Finding) bool { return f.Kind.Differs() }),
		list("noted", words{"已确认", "Confirmed"}, func(f *till.Finding) bool { return f.Kind == till.UnverifiedFound || f.Kind == till.AbsentClosed }),
	}}
}

func findingRow(f *till.Finding) []string {
	id, receipt := "", ""
	if f.ID != 0 {
		id = fmt.Sprint(f.ID)
	}
	if f.Receipt != 0 {
		receipt = fmt.Sprint(f.Receipt)
	}
	return []string{id, string(f.Kind), fmt.Sprint(f.Open()), f.Attempt, f.Refund, receipt, f.Provider, instant(f.At), side(f.Currency, f.Ours), side(f.Currency, f.Theirs),
		f.Currency.Format(f.Theirs - f.Ours), f.Currency.Format(f.Fee), f.Currency.Code, f.State, f.Said, f.By, instant(f.Noted), instant(f.Settled), f.SettledBy, f.Why, string(f.Next)}
}

// side is one side's amount; "" where it has nothing.
func side(c money.Currency, a money.Amount) string {
	if a == 0 {
		return ""
	}
	return c.Format(a)
}

// keptStatement lists the days with a bill.
func keptStatement(days []ledger.KeptDay, settings *till.Settings) *statement {
	t := table{key: "bills", title: words{"已存账单", "Bills kept"}, columns: []column{
		{key: "day", title: words{"日期", "Day"}}, {key: "wallet", title: words{"钱包", "Wallet"}}, {key: "mode", title: words{"模式", "Mode"}},
		{key: "lines", title: words{"行数", "Lines"}, kind: countCell}, {key: "open", title: words{"待处理", "Open"}, kind: countCell}, {key: "final", title: words{"已完整", "Complete"}, kind: flagCell},
		{key: "kept_at", title: words{"存入时间", "Kept"}}, {key: "name", title: words{"文件", "File"}},
	}}
	s := &statement{title: words{"对账", "Reconciliation"}, currency: settings.Currency.Code, decimals: int(settings.Currency.Exponent)}
	for i, d := range days {
		if s.from = d.Day.String(); i == 0 {
			s.to = s.from
		}
		t.rows = append(t.rows, []string{d.Day.String(), d.Wallet, d.Mode, fmt.Sprint(d.Lines), fmt.Sprint(d.Open), fmt.Sprint(d.Final), instant(d.Kept), d.Name})
	}
	s.tables = []table{t}
	return s
}
