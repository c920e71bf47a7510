package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"guitai/till"
)

// paidShop is a shop with payments in every part of their life: one booked to
// receipt 1 and partly refunded, one waiting, one paid for an open sale, one
// late and due back with a failed refund.
type paidShop struct {
	*counter
	sold, waiting, paid, late till.Attempt
	part, failed              till.WalletRefund
}

func openPaidShop(t testing.TB) *paidShop {
	t.Helper()
	p := &paidShop{counter: shopWithClock(t)}
	s := p.basket(3)
	p.sold = p.pay(t, s)
	p.must(t, p.settled(s, p.sold))
	p.part = p.back(t, p.sold, 100)
	p.moveRefund(t, p.part.Number, till.RefundSending, till.RefundDone)
	open := p.basket(2)
	p.paid = p.pay(t, open)
	s = p.basket(2)
	p.waiting = p.plan(t, s, s.Due())
	p.move(t, p.waiting.Number, till.Sending, till.Pending)
	s = p.basket(2)
	p.late = p.plan(t, s, s.Due())
	p.move(t, p.late.Number, till.Sending, till.Unknown, till.Watch, till.LatePaid)
	p.must(t, till.Tx{Owe: []string{p.late.Number}})
	p.failed = p.back(t, p.late, p.late.Amount)
	p.moveRefund(t, p.failed.Number, till.RefundSending, till.RefundFailed)
	id, err := p.l.Began(bg, till.WalletCall{Wallet: "alipay", Kind: "start", Number: p.sold.Number, Began: p.at})
	if err == nil {
		err = p.l.Ended(bg, id, till.WalletCall{Ended: p.at, Status: 200})
	}
	if err == nil {
		_, err = p.l.Began(bg, till.WalletCall{Wallet: "alipay", Kind: "query", Number: p.sold.Number, Began: p.at})
	}
	if err != nil {
		t.Fatal(err)
	}
	for at, number := range map[*till.Attempt]string{&p.sold: p.sold.Number, &p.waiting: p.waiting.Number, &p.paid: p.paid.Number, &p.late: p.late.Number} {
		if *at, err = p.l.Attempt(bg, number); err != nil {
			t.Fatal(err)
		}
	}
	p.audited(t)
	return p
}

// sql puts the numbers of the shop's payments into a statement.
func (p *paidShop) sql(s string) string {
	return strings.NewReplacer("$sold", "'"+p.sold.Number+"'", "$waiting", "'"+p.waiting.Number+"'", "$paid", "'"+p.paid.Number+"'", "$late", "'"+p.late.Number+"'",
		"$part", "'"+p.part.Number+"'", "$failed", "'"+p.failed.Number+"'").Replace(s)
}

// Whoever writes into the file: the database refuses.
func TestTheDatabaseGuardsPayments(t *testing.T) {
	p := openPaidShop(t)
	db := p.raw(t)
	attempt := func(values string, replace bool) string {
		or := ""
		if replace {
			or = "OR REPLACE "
		}
		return "INSERT " + or + "INTO attempt(id, number, wallet, mode, sale, share, amount, currency, way, code_tail, code_mark, cashier, shift, day, planned_ms, zone, changed_ms" + values
	}
	move := "INSERT INTO attempt_move(attempt, n, from_state, to_state, at_ms, verdict, reason, said, provider, handle, qr, paid_ms, by, note, refund_if_paid, returned) VALUES "
	refund := "INSERT INTO wallet_refund(id, number, attempt, amount, why, cashier, shift, day, planned_ms, zone, changed_ms) SELECT max(id) + 1, %s, '', '', 1, 1, 1, 0, 1 FROM wallet_refund"
	seal := "INSERT INTO receipt(no, seq) VALUES (2, 900); INSERT INTO sale_line VALUES (900, 1, 0, '', 'x', '', 1000, 10000, 10000, 100, 0, 'standard', 0, 0, 0, 0, 100);"
	sale := func(id string) string {
		return "INSERT INTO sale(seq, id, receipt, shift, day, hour, at_ms, operator, gross, discounts, tax, tax_added, rounding, total) VALUES (900, " + id + ", 2, 1, 20260618, 9, 0, '', 100, 0, 0, 0, 0, 100);"
	}
	saleOf := func(number string) string { return "(SELECT sale FROM attempt WHERE number = " + number + ")" }
	const rest = ", 1, 100, 'CNY', 1, '', '', '', 1, 20260618, 5, 480, 5"
	attacks := map[string]struct{ sql, want string }{
		// The attempt is fixed.
		"an amount changed":                 {"UPDATE attempt SET amount = amount + 1", "fixed when it was planned"},
		"a number changed":                  {"UPDATE attempt SET number = 'X' WHERE number = $sold", "fixed when it was planned"},
		"a wallet changed":                  {"UPDATE attempt SET wallet = 'x'", "fixed when it was planned"},
		"a mode changed":                    {"UPDATE attempt SET mode = 'test'", "fixed when it was planned"},
		"a sale changed":                    {"UPDATE attempt SET sale = NULL", "fixed when it was planned"},
		"a share changed":                   {"UPDATE attempt SET share = 9", "fixed when it was planned"},
		"a currency changed":                {"UPDATE attempt SET currency = 'JPY'", "fixed when it was planned"},
		"a way changed":                     {"UPDATE attempt SET way = 0", "fixed when it was planned"},
		"a time changed":                    {"UPDATE attempt SET planned_ms = 1", "fixed when it was planned"},
		"a mark changed":                    {"UPDATE attempt SET code_mark = ''", "fixed when it was planned"},
		"an attempt taken out":              {"DELETE FROM attempt WHERE number = $waiting", "never taken out"},
		"an attempt replaced":               {attempt(") SELECT max(id) + 1, $sold, 'x', 'live', NULL"+rest+" FROM attempt", true), "number is taken"},
		"an attempt with a gap":             {attempt(") SELECT max(id) + 2, 'X1', 'x', 'live', NULL"+rest+" FROM attempt", false), "not the next one"},
		"an attempt born paid":              {attempt(", state, was_paid) SELECT max(id) + 1, 'X1', 'x', 'live', NULL"+rest+", 11, 1 FROM attempt", false), "not as planned"},
		"an attempt with a refund's number": {attempt(") SELECT max(id) + 1, $part, 'x', 'live', NULL"+rest+" FROM attempt", false), "number is taken"},
		"a second live attempt of a share":  {attempt(") SELECT max(id) + 1, 'X1', 'x', 'live', "+saleOf("$waiting")+rest+" FROM attempt", false), "share is held"},
		"an attempt of a complete sale":     {attempt(") SELECT max(id) + 1, 'X1', 'x', 'live', "+saleOf("$sold")+strings.Replace(rest, "1, 100", "2, 100", 1)+" FROM attempt", false), "sale is complete"},
		"an attempt of nothing":             {attempt(") SELECT max(id) + 1, 'X1', 'x', 'live', NULL"+strings.Replace(rest, "100", "0", 1)+" FROM attempt", false), "CHECK"},
		"an attempt in an unknown mode":     {attempt(") SELECT max(id) + 1, 'X1', 'x', 'real', NULL"+rest+" FROM attempt", false), "CHECK"},
		"a number of small letters":         {attempt(") SELECT max(id) + 1, 'x1', 'x', 'live', NULL"+rest+" FROM attempt", false), "CHECK"},
		"a number too long":                 {attempt(") SELECT max(id) + 1, '123456789012345678901', 'x', 'live', NULL"+rest+" FROM attempt", false), "CHECK"},
		"a whole code kept":                 {attempt(") SELECT max(id) + 1, 'X1', 'x', 'live', NULL, 1, 100, 'CNY', 1, '288888888888', '', '', 1, 20260618, 5, 480, 5 FROM attempt", false), "CHECK"},
		// The state goes by moves, and moves by the arrows.
		"a state set":                 {"UPDATE attempt SET state = 11 WHERE number = $waiting", "without a move"},
		"a state set with a count":    {"UPDATE attempt SET state = 11, moves = moves + 1 WHERE number = $waiting", "without a move"},
		"words of the provider set":   {"UPDATE attempt SET said = 'x' WHERE number = $waiting", "without a move"},
		"the duty taken away":         {"UPDATE attempt SET refund_if_paid = 0", "without a move"},
		"a move along no arrow":       {move + "($waiting, 3, 4, 1, 5, '', '', '', '', '', '', 0, '', '', 0, 0)", "no such arrow"},
		"a move from another state":   {move + "($waiting, 3, 3, 11, 5, '', '', '', '', '', '', 0, '', '', 0, 0)", "in another state"},
		"a move skipped":              {move + "($waiting, 4, 4, 11, 5, '', '', '', '', '', '', 0, '', '', 0, 0)", "not the next one"},
		"a move of nobody":            {move + "('X1', 1, 1, 3, 5, '', '', '', '', '', '', 0, '', '', 0, 0)", "not the next one"},
		"a booked payment given up":   {move + "($sold, 4, 11, 14, 5, '', '', '', '', '', '', 0, '', '', 0, 0); " + move + "($sold, 5, 14, 7, 5, '', '', '', '', '', '', 0, '', '', 0, 0)", "its money is in a sale"},
		"a booked payment due back":   {move + "($sold, 4, 11, 13, 5, '', '', '', '', '', '', 0, '', '', 0, 0)", "its money is in a sale"},
		"more returned than was paid": {move + "($waiting, 3, 4, 6, 5, '', '', '', '', '', '', 0, '', '', 0, 99999999)", "CHECK"},
		"a move changed":              {"UPDATE attempt_move SET verdict = 'x'", "never changed"},
		"a move taken out":            {"DELETE FROM attempt_move", "never changed"},
		"an arrow added":              {"INSERT INTO attempt_arrow VALUES (4, 1)", "never changed"},
		"an arrow taken out":          {"DELETE FROM attempt_arrow", "never changed"},
		"an arrow bent":               {"UPDATE attempt_arrow SET to_state = 1", "never changed"},
		// Booked once, by a tender.
		"a waiting payment booked":          {"UPDATE attempt SET booked = 1 WHERE number = $waiting", "only what was paid"},
		"a late payment booked":             {"UPDATE attempt SET booked = 1 WHERE number = $late", "only what was paid"},
		"a booked payment unbooked":         {"UPDATE attempt SET booked = 0 WHERE number = $sold", "booked once and for all"},
		"a receipt changed":                 {"UPDATE attempt SET receipt = 7 WHERE number = $sold", "not the sale it is booked to"},
		"a receipt given":                   {"UPDATE attempt SET receipt = 1, booked_in = (SELECT seq FROM sale) WHERE number = $paid", "not the sale it is booked to"},
		"a provider's tender of no attempt": {seal + "INSERT INTO tender VALUES (900, 1, 'wallet:alipay', 100, 100, 0, '', 1);" + sale("randomblob(16)"), "no paid attempt"},
		"a tender of an unbooked attempt":   {seal + "INSERT INTO tender VALUES (900, 1, 'wallet:alipay', 100, 100, 0, '', 1);" + sale(saleOf("$paid")), "no paid attempt"},
		"a tender of another amount":        {seal + "UPDATE attempt SET booked = 1 WHERE number = $paid; INSERT INTO tender VALUES (900, 1, 'wallet:alipay', 100, 100, 0, '', 1);" + sale(saleOf("$paid")), "no paid attempt"},
		"a booked payment beside the sale":  {seal + "UPDATE attempt SET booked = 1 WHERE number = $paid; INSERT INTO tender VALUES (900, 1, 'card', 100, 100, 0, '', 0);" + sale(saleOf("$paid")), "a booked payment is no tender"},
		"a sale over a waiting payment":     {seal + "INSERT INTO tender VALUES (900, 1, 'cash', 100, 100, 0, '', 0);" + sale(saleOf("$waiting")), "still open"},
		// Refunds.
		"a refund above what was paid":        {fmt.Sprintf(refund, "'X1', $sold, (SELECT amount - 99 FROM attempt WHERE number = $sold)"), "more than was paid"},
		"a refund of what was never paid":     {fmt.Sprintf(refund, "'X1', $waiting, 1"), "never paid"},
		"a refund of nobody":                  {fmt.Sprintf(refund, "'X1', 'X2', 1"), "never paid"},
		"a refund of nothing":                 {fmt.Sprintf(refund, "'X1', $sold, 0"), "CHECK"},
		"a refund's number twice":             {fmt.Sprintf(refund, "$part, $sold, 1"), "number is taken"},
		"a refund under a payment's number":   {fmt.Sprintf(refund, "$waiting, $sold, 1"), "number is taken"},
		"a refund replaced":                   {strings.Replace(fmt.Sprintf(refund, "$part, $sold, 1"), "INSERT", "INSERT OR REPLACE", 1), "number is taken"},
		"a refund's amount changed":           {"UPDATE wallet_refund SET amount = 1", "fixed when it was planned"},
		"a refund's number changed":           {"UPDATE wallet_refund SET number = 'X1'", "fixed when it was planned"},
		"a refund's payment changed":          {"UPDATE wallet_refund SET attempt = $paid", "fixed when it was planned"},
		"a refund taken out":                  {"DELETE FROM wallet_refund", "never taken out"},
		"a refund's state set":                {"UPDATE wallet_refund SET state = 6 WHERE number = $part", "without a move"},
		"a refund undone":                     {"INSERT INTO wallet_refund_move VALUES ($part, 3, 5, 6, 5, '', '', '', '', '')", "no such arrow"},
		"a refund's move taken out":           {"DELETE FROM wallet_refund_move", "never changed"},
		"a refund's move changed":             {"UPDATE wallet_refund_move SET verdict = 'x'", "never changed"},
		"a refund's arrow added":              {"INSERT INTO refund_arrow VALUES (5, 1)", "never changed"},
		"a done refund paid in cash":          {"UPDATE wallet_refund SET cash = 1 WHERE number = $part", "CHECK"},
		"a refund paid in cash twice":         {"UPDATE wallet_refund SET cash = 1 WHERE number = $failed; UPDATE wallet_refund SET cash = 0 WHERE number = $failed", "once"},
		"what was given back raised":          {"UPDATE attempt SET refunded = refunded + 1 WHERE number = $sold", "not what its refunds sum to"},
		"what was given back forgotten":       {"UPDATE attempt SET refunded = 0 WHERE number = $sold", "not what its refunds sum to"},
		"a failed refund again beside others": {fmt.Sprintf(refund, "'X1', $late, (SELECT amount FROM attempt WHERE number = $late)") + "; INSERT INTO wallet_refund_move VALUES ($failed, 3, 6, 2, 5, '', '', '', '', '')", "more than was paid"},
		// Calls and notes.
		"an answer changed":        {"UPDATE wallet_call SET answered = 'x' WHERE id = 1", "answered once"},
		"a question changed":       {"UPDATE wallet_call SET asked = 'x', ended_ms = 9 WHERE id = 2", "never changed"},
		"an answer without an end": {"UPDATE wallet_call SET answered = 'x' WHERE id = 2", "answered once"},
		"a call taken out":         {"DELETE FROM wallet_call", "never changed"},
		"a call with its answer":   {"INSERT INTO wallet_call(id, wallet, kind, number, method, url, hash, asked, began_ms, ended_ms) VALUES (3, '', '', '', '', '', '', '', 1, 1)", "not begun yet"},
		"a note taken out":         {"DELETE FROM payment_note", "never changed"},
		"a note changed":           {"UPDATE payment_note SET amount = 1", "never changed"},
		"a note slipped in":        {"INSERT INTO payment_note SELECT max(seq) - 1, 'returned', 'X', '', 'x', 1, zeroblob(16), 1, 20260618 FROM entry", "sealed"},
	}
	for name, x := range attacks {
		t.Run(name, func(t *testing.T) {
			tx, err := db.Begin()
			if err != nil {
				t.Fatal(err)
			}
			if _, err = tx.Exec(p.sql(x.sql)); err == nil {
				err = tx.Commit()
			} else {
				tx.Rollback()
			}
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("%v, want a refusal with %q", err, x.want)
			}
		})
	}
	p.audited(t)
}

// The audit finds what was changed with the guards taken away, and names it.
func TestTheAuditFindsFaultsOfPayments(t *testing.T) {
	for name, x := range map[string]struct {
		drop string // triggers that stand in the way, besides the schema's own check
		sql  string
		want string
	}{
		"an attempt taken out":             {"attempt_no_delete attempt_move_no_delete", "DELETE FROM attempt_move WHERE attempt = $waiting; DELETE FROM attempt WHERE number = $waiting", "payment: 1 of 4 rows are missing in attempt"},
		"the last attempt taken out":       {"attempt_no_delete attempt_move_no_delete wallet_refund_no_delete wallet_refund_move_no_delete", "DELETE FROM wallet_refund_move WHERE refund = $failed; DELETE FROM wallet_refund WHERE number = $failed; DELETE FROM attempt_move WHERE attempt = $late; DELETE FROM attempt WHERE number = $late", "payment: the journal tells of payment"},
		"an attempt that was sent":         {"attempt_no_delete attempt_move_no_delete wallet_refund_no_delete wallet_refund_move_no_delete", "INSERT INTO wallet_call(id, wallet, kind, number, method, url, hash, asked, began_ms) VALUES (3, '', 'start', $late, '', '', '', '', 1); DELETE FROM wallet_refund_move WHERE refund = $failed; DELETE FROM wallet_refund WHERE number = $failed; DELETE FROM attempt_move WHERE attempt = $late; DELETE FROM attempt WHERE number = $late", "was sent and is not there"},
		"a call taken out":                 {"wallet_call_no_delete", "DELETE FROM wallet_call WHERE id = 1", "missing in wallet_call"},
		"a refund taken out":               {"wallet_refund_no_delete", "DELETE FROM wallet_refund WHERE number = $part", "keys: wallet_refund_move"},
		"a state set":                      {"attempt_by_move", "UPDATE attempt SET state = 7 WHERE number = $waiting", "its moves lead to pending"},
		"words changed":                    {"attempt_by_move", "UPDATE attempt SET said = 'x' WHERE number = $waiting", "other things"},
		"the duty taken on":                {"attempt_by_move", "UPDATE attempt SET refund_if_paid = 1 WHERE number = $waiting", "other things"},
		"a time of payment changed":        {"attempt_by_move", "UPDATE attempt SET paid_ms = 1 WHERE number = $sold", "other things"},
		"a time to pay changed":            {"attempt_by_move", "UPDATE attempt SET took_ms = 1 WHERE number = $sold", "other things"},
		"a move taken out":                 {"attempt_move_no_delete", "DELETE FROM attempt_move WHERE attempt = $sold AND n = 2", "move 2 of payment"},
		"the last move taken out":          {"attempt_move_no_delete", "DELETE FROM attempt_move WHERE attempt = $sold AND n = 3", "its moves lead to pending"},
		"a move bent":                      {"attempt_move_no_update", "UPDATE attempt_move SET to_state = 2 WHERE attempt = $sold AND n = 2", "goes from"},
		"a refund's state set":             {"wallet_refund_by_move wallet_refund_holds", "UPDATE wallet_refund SET state = 6 WHERE number = $part", "its moves lead to done"},
		"a refund's move taken out":        {"wallet_refund_move_no_delete", "DELETE FROM wallet_refund_move WHERE refund = $part AND n = 1", "of refund"},
		"an arrow added":                   {"attempt_arrow_no_insert", "INSERT INTO attempt_arrow VALUES (4, 1)", "has an arrow from 4 to 1"},
		"an arrow taken out":               {"refund_arrow_no_delete", "DELETE FROM refund_arrow WHERE from_state = 6", "arrows are missing in refund_arrow"},
		"a refund above what was paid":     {"wallet_refund_fixed", "UPDATE wallet_refund SET amount = 99999999 WHERE number = $part", "sum to more than it paid"},
		"what was given back raised":       {"attempt_refunded", "UPDATE attempt SET refunded = refunded + 1 WHERE number = $sold", "not what its refunds sum to"},
		"a payment unbooked":               {"attempt_book", "UPDATE attempt SET booked = 0, receipt = 0, booked_in = NULL WHERE number = $sold", "no paid attempt stands behind"},
		"a payment booked to another sale": {"attempt_book", "UPDATE attempt SET receipt = 7 WHERE number = $sold", "no paid attempt stands behind"},
		"an amount changed":                {"attempt_fixed", "UPDATE attempt SET amount = amount + 1 WHERE number = $sold", "no paid attempt stands behind"},
		"a share changed":                  {"attempt_fixed", "UPDATE attempt SET share = 2 WHERE number = $sold", "no paid attempt stands behind"},
		"a payment booked to nothing":      {"", "UPDATE attempt SET booked = 1 WHERE number = $paid", "neither open nor complete"},
		"a late payment of another amount": {"attempt_fixed", "UPDATE attempt SET amount = amount + 1 WHERE number = $late", "owes its customer"},
		"a refund of another amount":       {"wallet_refund_fixed", "UPDATE wallet_refund SET amount = amount + 1 WHERE number = $part; ", "refunds sum to"},
		"cash without a document":          {"", "UPDATE wallet_refund SET cash = 1 WHERE number = $failed", "the journal does not say so"},
		"a mode changed":                   {"attempt_fixed payment_note_no_delete", "UPDATE attempt SET mode = 'live'; UPDATE wallet_refund SET ret = zeroblob(16) WHERE number = $part", "of a return that is not there"},
	} {
		t.Run(name, func(t *testing.T) {
			p := openPaidShop(t)
			db := p.raw(t)
			statements := []string{"PRAGMA foreign_keys = 0", "DROP TRIGGER IF EXISTS wallet_refund_fixed"}
			var restore []string
			for _, trigger := range append(strings.Fields(x.drop), "wallet_refund_fixed") {
				var text string
				if err := db.QueryRow("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", trigger).Scan(&text); err != nil && !errors.Is(err, sql.ErrNoRows) {
					t.Fatal(err)
				} else if err == nil {
					statements, restore = append(statements, "DROP TRIGGER IF EXISTS "+trigger), append(restore, text)
				}
			}
			// The guards stand again afterwards, so that the rows are all there is to see.
			seen := map[string]bool{}
			statements = append(statements, p.sql(x.sql))
			for _, r := range restore {
				if !seen[r] {
					statements = append(statements, r)
				}
				seen[r] = true
			}
			do(t, db, statements...)
			_, err := p.l.Audit(bg, nil)
			var f *Fault
			if !errors.As(err, &f) || f.What != "payment" && f.What != "keys" || !strings.Contains(err.Error(), x.want) {
				t.Errorf("the audit says %v; want %q", err, x.want)
			}
		})
	}
}
