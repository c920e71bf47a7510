package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guitai/till"
	"guitai/till/money"
)

// How many days after its own a settlement may be booked before it is late, and
// how many a bag is looked for on statements.
const (
	settleGrace = 2
	bagDays     = 14
)

// A bankRow is money that came in by a bank's statement.
type bankRow struct {
	day    till.BusinessDay
	amount money.Amount
	ref    string
	text   string // all that it says, in capitals
	used   bool
}

// bankRows reads what came in by the statements that count.
func bankRows(ctx context.Context, q querier, from, to till.BusinessDay) ([]bankRow, error) {
	var out []bankRow
	err := each(ctx, q, `SELECT b.day, n.amount, n.provider, n.number || ' ' || n.state || ' ' || n.provider FROM bill b JOIN bill_line n ON n.bill = b.id
		WHERE b.wallet = ?1 AND b.mode = 'live' AND b.whole = 1 AND b.day BETWEEN ?2 AND ?3 AND n.refund = ''
			AND b.id = (SELECT id FROM bill o WHERE o.wallet = b.wallet AND o.mode = b.mode AND o.day = b.day AND o.whole = 1 ORDER BY final DESC, id DESC LIMIT 1)
		ORDER BY b.day, n.n`, []any{till.BankStatement, int(from), int(to)}, func(s scanner) error {
		var r bankRow
		err := s.Scan(&r.day, &r.amount, &r.ref, &r.text)
		r.text = strings.ToUpper(r.text)
		out = append(out, r)
		return err
	})
	return out, err
}

// bankDays are the days of which a complete statement is kept.
func bankDays(ctx context.Context, q querier, from, to till.BusinessDay) (map[till.BusinessDay]bool, error) {
	out := map[till.BusinessDay]bool{}
	err := each(ctx, q, "SELECT DISTINCT day FROM bill WHERE wallet = ? AND mode = 'live' AND whole = 1 AND final = 1 AND day BETWEEN ? AND ?",
		[]any{till.BankStatement, int(from), int(to)}, func(s scanner) error {
			var d till.BusinessDay
			err := s.Scan(&d)
			out[d] = true
			return err
		})
	return out, err
}

// payers are what statements call those who pay out, in capitals.
var payers = map[string][]string{
	"alipay": {"支付宝", "ALIPAY"}, "wechatpay": {"财付通", "微信", "TENPAY", "WECHAT"}, "unionpay": {"银联", "UNIONPAY"}, "shouqianba": {"收钱吧", "SHOUQIANBA"},
	"stripe": {"STRIPE"}, "paypal": {"PAYPAL"}, "jdpay": {"京东", "JDPAY"}, "baidu": {"度小满", "百度", "DUXIAOMAN"},
}

// names reports whether a row says that a provider sent it.
func (r *bankRow) names(wallet string) bool {
	return slices.ContainsFunc(payers[wallet], func(p string) bool { return strings.Contains(r.text, p) })
}

// settlements puts what should have arrived, by the settlement calendar of the
// wallets' fee rules, beside the bank's statements: to the cent first, then by
// the provider's name.
func (l *Ledger) settlements(ctx context.Context, from, to till.BusinessDay) ([]till.Settlement, error) {
	// What arrives within the range was taken before it.
	fees, err := l.Fees(ctx, from.Plus(-bagDays), to)
	if err != nil {
		return nil, err
	}
	q := l.q()
	rows, err := bankRows(ctx, q, from, to.Plus(bagDays))
	if err != nil {
		return nil, fmt.Errorf("read the bank's statements: %w", err)
	}
	known, err := bankDays(ctx, q, from, to.Plus(bagDays))
	if err != nil {
		return nil, fmt.Errorf("read the bank's statements: %w", err)
	}
	settings, err := l.Settings(ctx)
	if err != nil {
		return nil, err
	}
	today := till.DayOf(l.opt.Now(), settings.Zone, settings.DayStart)
	var out []till.Settlement
	for _, a := range fees.Arrivals {
		if a.Day >= from && a.Day <= to && a.Kind.Family() == "wallet" && a.Amount-a.Withdrawal > 0 {
			out = append(out, till.Settlement{Arrival: a, State: till.SettlementUnknown})
		}
	}
	for _, exact := range []bool{true, false} {
		for i := range out {
			s := &out[i]
			if s.On != 0 {
				continue
			}
			for j := range rows {
				r := &rows[j]
				if r.used || r.day < s.Day || r.day > s.Day.Plus(settleGrace+1) || exact && r.amount != s.Expected() || !exact && !r.names(s.Kind.Detail()) {
					continue
				}
				r.used = true
				s.On, s.Credited, s.Ref, s.State = r.day, r.amount, r.ref, till.SettlementArrived
				if !exact {
					s.State = till.SettlementApart
				}
				break
			}
		}
	}
	for i := range out {
		s := &out[i]
		if s.On != 0 {
			continue
		}
		said := true // every day on which it could have come
		for d := s.Day; d <= s.Day.Plus(settleGrace); d = d.Plus(1) {
			said = said && known[d]
		}
		switch {
		case s.Day >= today:
			s.State = till.SettlementDue
		case said:
			s.State = till.SettlementLate
		}
	}
	return out, nil
}

// CreditFromStatements credits the bags that the kept statements have, by the
// number of the bag, or by the amount where one row alone has it, and returns how
// many.
func (l *Ledger) CreditFromStatements(ctx context.Context, by string) (n int, err error) {
	open, err := openDeposits(ctx, l.q())
	if err != nil || len(open) == 0 {
		return 0, err
	}
	first, last := open[0].Day, open[0].Day
	for i := range open {
		first, last = min(first, open[i].Day), max(last, open[i].Day)
	}
	rows, err := bankRows(ctx, l.q(), first, last.Plus(bagDays))
	if err != nil {
		return 0, fmt.Errorf("read the bank's statements: %w", err)
	}
	taken := map[string]bool{}
	err = each(ctx, l.q(), "SELECT ref FROM deposit_credit WHERE statement = 1", nil, func(s scanner) error {
		var ref string
		err := s.Scan(&ref)
		taken[ref] = true
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, named := range []bool{true, false} {
		for i := range open {
			d := &open[i]
			if d.Credited {
				continue
			}
			var found *bankRow
			several := false
			for j := range rows {
				r := &rows[j]
				if r.used || r.ref != "" && taken[r.ref] || r.day < d.Day || r.day > d.Day.Plus(bagDays) || named && !strings.Contains(r.text, strings.ToUpper(d.Bag)) || !named && r.amount != d.Amount {
					continue
				}
				several = found != nil
				found = r
				if several {
					break
				}
			}
			if found == nil || several {
				continue
			}
			err := l.append(ctx, "note what the bank credited", func(w *writing) error {
				return w.credit(ctx, d.Bag, found.amount, found.day, found.ref, true, by)
			})
			if err != nil {
				return n, err
			}
			d.Credited, found.used = true, true
			n++
		}
	}
	return n, nil
}
