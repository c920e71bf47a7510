package ledger

import (
	"context"
	"database/sql"
	"fmt"

	"guitai/till"
)

// payments checks the rows of wallet payments: none is missing, the moves lead
// along the arrows to the state, refunds sum to what they should, what is booked
// is a tender and the other way about, and the books hold as the customers' what
// no sale accounts for. These rows are no projection of the chain: they are
// checked against one another and against the documents.
func (v *verifying) payments(ctx context.Context) error {
	for _, check := range []func(context.Context) error{
		v.arrows, v.payRows, v.attemptMoves, v.refundMoves, v.paySums, v.booked, v.baskets, v.customers,
	} {
		if err := check(ctx); err != nil {
			return asFault("payment", err)
		}
	}
	return nil
}

func payFault(format string, args ...any) error {
	return &Fault{What: "payment", Where: fmt.Sprintf(format, args...)}
}

// arrows compares the arrows that the guards go by with the program's.
func (v *verifying) arrows(ctx context.Context) error {
	for _, x := range []struct {
		table string
		last  int
		may   func(from, to int) bool
	}{
		{"attempt_arrow", int(till.Attention), func(from, to int) bool { return till.AttemptState(from).MayBecome(till.AttemptState(to)) }},
		{"refund_arrow", int(till.RefundFailed), func(from, to int) bool { return till.RefundState(from).MayBecome(till.RefundState(to)) }},
	} {
		n := 0
		for from := range x.last + 1 {
			for to := range x.last + 1 {
				if x.may(from, to) {
					n++
				}
			}
		}
		err := each(ctx, v.tx, "SELECT from_state, to_state FROM "+x.table, nil, func(s scanner) error {
			var from, to int
			if err := s.Scan(&from, &to); err != nil {
				return err
			}
			if n--; !x.may(from, to) {
				return payFault("%s has an arrow from %d to %d", x.table, from, to)
			}
			return nil
		})
		if err == nil && n != 0 {
			err = payFault("%d arrows are missing in %s", n, x.table)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// none fails with the first row of a query, which names what is wrong.
func (v *verifying) none(ctx context.Context, what, query string) error {
	var where string
	err := v.tx.QueryRowContext(ctx, query+" LIMIT 1").Scan(&where)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	return payFault(what, where)
}

// payRows finds rows that were taken out.
func (v *verifying) payRows(ctx context.Context) error {
	for _, t := range []string{"attempt", "wallet_refund", "wallet_call"} {
		var n, last int64
		if err := v.tx.QueryRowContext(ctx, "SELECT count(*), ifnull(max(id), 0) FROM "+t).Scan(&n, &last); err != nil {
			return err
		}
		if n != last {
			return payFault("%d of %d rows are missing in %s", last-n, last, t)
		}
		v.rows += n
	}
	for _, x := range [][2]string{
		{"the moves of payment %s stand without it", "SELECT attempt FROM attempt_move WHERE attempt NOT IN (SELECT number FROM attempt)"},
		{"the moves of refund %s stand without it", "SELECT refund FROM wallet_refund_move WHERE refund NOT IN (SELECT number FROM wallet_refund)"},
		{"payment %s was sent and is not there", "SELECT number FROM wallet_call WHERE kind = 'start' AND number NOT IN (SELECT number FROM attempt)"},
		{"refund %s was sent and is not there", "SELECT number FROM wallet_call WHERE kind = 'refund' AND number NOT IN (SELECT number FROM wallet_refund)"},
		{"refund %s is of no payment", "SELECT number FROM wallet_refund WHERE attempt NOT IN (SELECT number FROM attempt)"},
		{"the journal tells of payment %s, which is not there", "SELECT attempt FROM payment_note WHERE attempt <> '' AND attempt NOT IN (SELECT number FROM attempt)"},
		{"the journal tells of refund %s, which is not there", "SELECT refund FROM payment_note WHERE refund <> '' AND refund NOT IN (SELECT number FROM wallet_refund)"},
	} {
		if err := v.none(ctx, x[0], x[1]); err != nil {
			return err
		}
	}
	return nil
}

// moved is what the moves of an attempt or a refund lead to.
type moved struct {
	number                                         string
	n                                              int64
	state                                          int
	reason, said, provider, handle, qr             string
	changed, paid, wasPaid, took, ifPaid, returned int64
}

// attemptMoves follows the moves of every attempt.
func (v *verifying) attemptMoves(ctx context.Context) error {
	moves, err := v.tx.QueryContext(ctx, `SELECT attempt, n, from_state, to_state, at_ms, reason, said, provider, handle, qr, paid_ms, refund_if_paid, returned
		FROM attempt_move ORDER BY attempt, n`)
	if err != nil {
		return err
	}
	defer moves.Close()
	var next moved
	var from, to int
	var at int64
	read := func() error {
		next = moved{}
		if !moves.Next() {
			return moves.Err()
		}
		v.rows++
		return moves.Scan(&next.number, &next.n, &from, &to, &at, &next.reason, &next.said, &next.provider, &next.handle, &next.qr, &next.paid, &next.ifPaid, &next.returned)
	}
	if err := read(); err != nil {
		return err
	}
	return each(ctx, v.tx, `SELECT number, moves, state, reason, said, provider, handle, qr, changed_ms, paid_ms, was_paid, took_ms, refund_if_paid, returned, planned_ms
		FROM attempt ORDER BY number`, nil, func(s scanner) error {
		var have moved
		want := moved{state: int(till.Planned)}
		err := s.Scan(&have.number, &have.n, &have.state, &have.reason, &have.said, &have.provider, &have.handle, &have.qr, &have.changed, &have.paid, &have.wasPaid, &have.took,
			&have.ifPaid, &have.returned, &want.changed)
		if err != nil {
			return err
		}
		want.number = have.number
		planned := want.changed
		for next.number == have.number {
			if next.n != want.n+1 {
				return payFault("move %d of payment %s is missing", want.n+1, have.number)
			}
			if from != want.state || from != to && !till.AttemptState(from).MayBecome(till.AttemptState(to)) {
				return payFault("move %d of payment %s goes from %s to %s", next.n, have.number, till.AttemptState(from), till.AttemptState(to))
			}
			want.follow(&next, from, to, at, planned)
			if err := read(); err != nil {
				return err
			}
		}
		if have != want {
			return payFault("payment %s is %s and its moves lead to %s, or they say other things of it", have.number, till.AttemptState(have.state), till.AttemptState(want.state))
		}
		return nil
	})
}

// follow takes up one move.
func (w *moved) follow(m *moved, from, to int, at, planned int64) {
	w.n, w.state, w.reason = m.n, to, m.reason
	for _, x := range []struct {
		to   *string
		from string
	}{{&w.said, m.said}, {&w.provider, m.provider}, {&w.handle, m.handle}, {&w.qr, m.qr}} {
		if x.from != "" {
			*x.to = x.from
		}
	}
	if from != to {
		w.changed = at
	}
	arrived := to == int(till.PaidFor) || to == int(till.LatePaid)
	switch {
	case m.paid != 0:
		w.paid = m.paid
	case w.paid == 0 && arrived:
		w.paid = at
	}
	if givenUp := from == int(till.CancelUnproven) || from == int(till.Watch) || from == int(till.Attention); w.wasPaid == 0 && to == int(till.PaidFor) && !givenUp {
		w.took = max(1, at-planned)
	}
	if arrived || to == int(till.RefundDue) {
		w.wasPaid = 1
	}
	w.ifPaid = max(w.ifPaid, m.ifPaid)
	w.returned += m.returned
}

// refundMoves follows the moves of every refund.
func (v *verifying) refundMoves(ctx context.Context) error {
	moves, err := v.tx.QueryContext(ctx, "SELECT refund, n, from_state, to_state, at_ms, reason, said, provider, handle FROM wallet_refund_move ORDER BY refund, n")
	if err != nil {
		return err
	}
	defer moves.Close()
	var next moved
	var from, to int
	var at int64
	read := func() error {
		next = moved{}
		if !moves.Next() {
			return moves.Err()
		}
		v.rows++
		return moves.Scan(&next.number, &next.n, &from, &to, &at, &next.reason, &next.said, &next.provider, &next.handle)
	}
	if err := read(); err != nil {
		return err
	}
	return each(ctx, v.tx, "SELECT number, moves, state, reason, said, provider, handle, changed_ms, planned_ms FROM wallet_refund ORDER BY number", nil, func(s scanner) error {
		var have moved
		want := moved{state: int(till.RefundPlanned)}
		if err := s.Scan(&have.number, &have.n, &have.state, &have.reason, &have.said, &have.provider, &have.handle, &have.changed, &want.changed); err != nil {
			return err
		}
		want.number = have.number
		for next.number == have.number {
			if next.n != want.n+1 || from != want.state || from != to && !till.RefundState(from).MayBecome(till.RefundState(to)) {
				return payFault("move %d of refund %s goes from %s to %s", next.n, have.number, till.RefundState(from), till.RefundState(to))
			}
			want.n, want.state, want.reason = next.n, to, next.reason
			if next.said != "" {
				want.said = next.said
			}
			if next.provider != "" {
				want.provider = next.provider
			}
			if next.handle != "" {
				want.handle = next.handle
			}
			if from != to {
				want.changed = at
			}
			if err := read(); err != nil {
				return err
			}
		}
		if have != want {
			return payFault("refund %s is %s and its moves lead to %s, or they say other things of it", have.number, till.RefundState(have.state), till.RefundState(want.state))
		}
		return nil
	})
}

// paySums checks what the refunds of each payment add up to.
func (v *verifying) paySums(ctx context.Context) error {
	for _, x := range [][2]string{
		{"the refunds of payment %s sum to more than it paid", `SELECT number FROM attempt a
			WHERE (SELECT ifnull(sum(amount), 0) FROM wallet_refund r WHERE r.attempt = a.number AND (state <> 6 OR cash = 1)) + returned > amount`},
		{"what payment %s gave back is not what its refunds sum to", `SELECT number FROM attempt a
			WHERE refunded <> returned + (SELECT ifnull(sum(amount), 0) FROM wallet_refund r WHERE r.attempt = a.number AND (state = 5 OR cash = 1))`},
		{"payment %s was refunded and never paid", "SELECT number FROM attempt WHERE was_paid = 0 AND number IN (SELECT attempt FROM wallet_refund)"},
		{"refund %s was paid out in cash and the journal does not say so", `SELECT number FROM wallet_refund WHERE cash = 1
			AND (SELECT count(*) FROM payment_note n WHERE n.refund = number AND kind IN ('mended', 'paid_out') AND n.amount = wallet_refund.amount) <> 1`},
		{"refund %s is booked as paid out in cash and is not", `SELECT refund FROM payment_note n WHERE kind IN ('mended', 'paid_out')
			AND NOT EXISTS (SELECT 1 FROM wallet_refund r WHERE r.number = n.refund AND cash = 1)`},
		{"refund %s is of a return that is not there", "SELECT number FROM wallet_refund WHERE ret IS NOT NULL AND ret NOT IN (SELECT id FROM return_doc)"},
	} {
		if err := v.none(ctx, x[0], x[1]); err != nil {
			return err
		}
	}
	return nil
}

// booked compares booked payments with the tenders of complete sales.
func (v *verifying) booked(ctx context.Context) error {
	for _, x := range [][2]string{
		{"no paid attempt stands behind tender %s", `SELECT t.n || ' of receipt ' || s.receipt FROM tender t JOIN sale s ON s.seq = t.sale WHERE t.evidence = 1
			AND (SELECT count(*) FROM attempt a WHERE a.sale = s.id AND a.share = t.n AND a.amount = t.amount AND a.booked = 1 AND a.was_paid = 1
			AND a.state IN (11, 14) AND a.receipt = s.receipt AND a.booked_in = s.seq) <> 1`},
		{"payment %s is booked to a sale that does not hold it", `SELECT a.number FROM attempt a WHERE a.receipt <> 0 AND NOT EXISTS (SELECT 1 FROM sale s
			JOIN tender t ON t.sale = s.seq WHERE s.seq = a.booked_in AND s.id = a.sale AND s.receipt = a.receipt AND t.n = a.share AND t.evidence = 1 AND t.amount = a.amount)`},
		{"the sale of payment %s is complete and the payment is no tender of it", `SELECT a.number FROM attempt a JOIN sale s ON s.id = a.sale WHERE a.booked = 1 AND a.receipt = 0`},
		{"payment %s holds a share of a sale that is complete", `SELECT a.number FROM attempt a JOIN sale s ON s.id = a.sale WHERE a.state IN (1, 3, 4, 5, 6, 8)`},
	} {
		if err := v.none(ctx, x[0], x[1]); err != nil {
			return err
		}
	}
	return nil
}

// baskets compares payments that are booked to open sales with those.
func (v *verifying) baskets(ctx context.Context) error {
	type share struct {
		sale till.ID
		n    int
	}
	waiting := map[share]till.Attempt{}
	as, err := attempts(ctx, v.tx, "WHERE booked = 1 AND receipt = 0")
	if err != nil {
		return err
	}
	for _, a := range as {
		waiting[share{a.Sale, a.Share}] = a
	}
	err = each(ctx, v.tx, "SELECT body FROM basket", nil, func(s scanner) error {
		var body []byte
		if err := s.Scan(&body); err != nil {
			return err
		}
		sale, err := till.DecodeSale(body)
		if err != nil {
			return err
		}
		for _, t := range sale.Tenders {
			if t.Evidence != till.ByProvider {
				continue
			}
			a, ok := waiting[share{sale.ID, t.N}]
			if !ok || a.Amount != t.Amount {
				return payFault("no paid attempt stands behind tender %d of an open sale", t.N)
			}
			delete(waiting, share{sale.ID, t.N})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range waiting {
		return payFault("payment %s is booked to a sale that is neither open nor complete", a.Number)
	}
	return nil
}

// customers checks what the books hold as the customers': all of a late payment
// that is neither booked nor given back, and nothing of one that is booked.
func (v *verifying) customers(ctx context.Context) error {
	owed := owedOf("a.number")
	for _, x := range [][2]string{
		{"the books do not hold what payment %s owes its customer", `SELECT number FROM attempt a WHERE state IN (12, 13) AND booked = 0 AND mode <> 'test'
			AND amount - refunded <> ` + owed},
		{"payment %s is in the books twice, as a tender and as its customer's", "SELECT number FROM attempt a WHERE booked = 1 AND " + owed + " > 0"},
		{"the journal tells another amount of refund %s", `SELECT number FROM wallet_refund r JOIN payment_note n ON n.refund = r.number WHERE n.amount <> r.amount`},
		{"refund %s is done and the journal does not say so", `SELECT r.number FROM wallet_refund r JOIN attempt a ON a.number = r.attempt WHERE r.state = 5 AND r.ret IS NULL
			AND a.mode <> 'test' AND NOT EXISTS (SELECT 1 FROM payment_note n WHERE n.refund = r.number AND n.kind = 'returned')`},
	} {
		if err := v.none(ctx, x[0], x[1]); err != nil {
			return err
		}
	}
	return nil
}
