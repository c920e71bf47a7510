package ledger

import (
	"fmt"
	"strings"

	"guitai/till"
)

// needsProof is the condition that a tender's kind needs no proof; see
// till.TenderKind.NeedsProof.
const needsProof = "(%[1]s = 'transfer' OR %[1]s LIKE 'qr:%%' OR %[1]s LIKE 'wallet:%%')"

// parts is the query for the receipts behind a figure and what each adds to it:
// the columns no and part, a receipt once or more. It reads rows, where the
// report reads sums.
func parts(f till.Figure, from, to till.BusinessDay) (string, []any) {
	if from == 0 {
		from, to = 0, 99999999
	}
	var all []string
	var args []any
	// add is one more source of parts: what of a table, with the condition on its days first.
	add := func(query, days string, more string, extra ...any) {
		all = append(all, query+" WHERE "+days+" BETWEEN ? AND ?"+more)
		args = append(args, append([]any{int(from), int(to)}, extra...)...)
	}
	const (
		sale  = " FROM sale s"
		lines = " FROM sale s CROSS JOIN sale_line n ON n.sale = s.seq"
		ret   = " FROM return_doc d"
		back  = " FROM return_doc d CROSS JOIN return_line n ON n.ret = d.seq"
	)
	net := func(more string, extra ...any) {
		add("SELECT s.receipt no, s.total part"+sale, "s.day", strings.ReplaceAll(more, "*", "s"), extra...)
		add("SELECT d.receipt, d.rounding - d.value"+ret, "d.day", strings.ReplaceAll(more, "*", "d"), extra...)
	}
	switch f.Of {
	case till.FigureGross, till.FigureDiscounts, till.FigureTaxAdded:
		add("SELECT s.receipt no, s."+string(f.Of)+" part"+sale, "s.day", " AND s."+string(f.Of)+" <> 0")
	case till.FigureRounding:
		add("SELECT s.receipt no, s.rounding part"+sale, "s.day", " AND s.rounding <> 0")
		add("SELECT d.receipt, d.rounding"+ret, "d.day", " AND d.rounding <> 0")
	case till.FigureRefunds:
		add("SELECT d.receipt no, d.value part"+ret, "d.day", "")
	case till.FigurePostVoids:
		add("SELECT d.receipt no, d.value part"+ret, "d.day", " AND d.post_void = 1")
	case till.FigureTax:
		more, extra := " AND n.tax <> 0", []any(nil)
		if f.Class.Code != "" {
			more += " AND n.tax_class = ? AND n.tax_rate = ? AND n.tax_mode = ?"
			extra = []any{f.Class.Code, int64(f.Class.Rate), int64(f.Class.Mode)}
		}
		add("SELECT s.receipt no, n.tax part"+lines, "s.day", " AND n.voided = 0"+more, extra...)
		add("SELECT d.receipt, -n.tax"+back, "d.day", more, extra...)
	case till.FigureTender:
		add("SELECT s.receipt no, t.amount part"+sale+" CROSS JOIN tender t ON t.sale = s.seq", "s.day", " AND t.kind = ?", f.Key)
		add("SELECT d.receipt, -t.amount"+ret+" CROSS JOIN refund t ON t.ret = d.seq", "d.day", " AND t.kind = ?", f.Key)
		add("SELECT m.receipt, CASE m.to_kind WHEN ? THEN m.amount ELSE -m.amount END FROM tender_mend m", "m.day", " AND ? IN (m.from_kind, m.to_kind)", f.Key)
		n := len(args) // the kind stands before the days there
		args[n-3], args[n-2], args[n-1] = f.Key, int(from), int(to)
		args = append(args, f.Key)
		// A wallet's refund paid out in cash moved from its kind to cash.
		sign := ""
		kind := f.Key
		switch {
		case f.Key == string(till.Cash):
			sign, kind = "-", "wallet:%"
		case !strings.HasPrefix(f.Key, "wallet:"):
			kind = ""
		}
		if kind != "" {
			add("SELECT d.receipt, "+sign+"p.amount FROM payment_note p JOIN wallet_refund w ON w.number = p.refund JOIN return_doc d ON d.id = w.ret", "p.day",
				" AND p.kind = 'mended' AND 'wallet:' || p.wallet LIKE ?", kind)
		}
	case till.FigureUnverified:
		add("SELECT s.receipt no, t.amount part"+sale+" CROSS JOIN tender t ON t.sale = s.seq", "s.day", " AND t.evidence <> ? AND "+fmt.Sprintf(needsProof, "t.kind"), int(till.ByProvider))
		add("SELECT m.receipt, -m.amount FROM tender_mend m", "m.day", " AND "+fmt.Sprintf(needsProof, "m.from_kind"))
		add("SELECT m.receipt, m.amount FROM tender_mend m", "m.day", " AND "+fmt.Sprintf(needsProof, "m.to_kind"))
	case till.FigureItem, till.FigureCategory:
		more, extra := " AND n.category = ?", []any{f.Key}
		if f.Of == till.FigureItem {
			more, extra = " AND n.code = ? AND n.name = ?", []any{f.Key, f.Name}
		}
		add("SELECT s.receipt no, n.paid part"+lines, "s.day", " AND n.voided = 0"+more, extra...)
		add("SELECT d.receipt, -n.paid"+back, "d.day", more, extra...)
	case till.FigureCashier:
		net(" AND *.operator = ?", f.Key)
	case till.FigureHour:
		net(" AND *.hour = ?", f.N)
	case till.FigureWeekday:
		net(" AND CAST(strftime('%w', format('%04d-%02d-%02d', *.day / 10000, *.day / 100 % 100, *.day % 100)) AS INTEGER) = ?", f.N)
	case till.FigureVoids:
		add("SELECT s.receipt no, n.gross part"+lines, "s.day", " AND n.voided = 1")
	case till.FigureUnpaid:
		more, extra := " AND a.was_paid = 0 AND a.state NOT IN (1, 2) AND a."+real, []any(nil)
		if f.Key != "" {
			more, extra = more+" AND a.wallet = ?", append(extra, f.Key)
		}
		if f.Reason != "" {
			more, extra = more+" AND a.reason = ?", append(extra, string(f.Reason))
		}
		add("SELECT s.receipt no, a.amount part FROM attempt a JOIN sale s ON s.id = a.sale", "a.day", more, extra...)
	default:
		net("")
	}
	return strings.Join(all, " UNION ALL "), args
}
