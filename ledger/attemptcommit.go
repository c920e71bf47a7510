package ledger

import (
	"context"
	"fmt"

	"guitai/till"
	"guitai/till/money"
)

// payments writes what an act does to wallet payments. It goes before the act's
// entries: a sale is sealed only over payments that are booked.
func (w *writing) payments(ctx context.Context, tx *till.Tx) error {
	for i := range tx.Plan {
		a := tx.Plan[i]
		if err := w.plan(ctx, &a); err != nil {
			return err
		}
	}
	for _, b := range tx.Book {
		if err := w.book(ctx, tx, b); err != nil {
			return err
		}
	}
	for _, number := range tx.Owe {
		if err := w.owe(ctx, tx, number); err != nil {
			return err
		}
	}
	for i := range tx.Refunds {
		r := tx.Refunds[i]
		if err := w.planRefund(ctx, &r); err != nil {
			return err
		}
	}
	for i := range tx.Entries {
		if r, ok := tx.Entries[i].Record.(*till.RefundMended); ok {
			if err := w.paidOut(ctx, tx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// book makes a paid attempt's money the tender of its sale that stands in tx.
func (w *writing) book(ctx context.Context, tx *till.Tx, b till.Booking) error {
	a, err := attemptOf(ctx, w.ask(), b.Number)
	if err != nil {
		return err
	}
	if a.Booked || a.State != till.PaidFor && a.State != till.LatePaid {
		return &till.Error{Code: till.AttemptMoved, Detail: a.State.String()}
	}
	if t := tenderOf(tx, a.Sale, b.Share); a.Sale.IsZero() || a.Share != b.Share || t == nil || t.Evidence != till.ByProvider || t.Amount != a.Amount {
		return &till.Error{Code: till.NotAllowed, Detail: "payment " + b.Number + " is not the tender it is booked as"}
	}
	if a.State == till.LatePaid {
		m := till.AttemptMove{From: till.LatePaid, To: till.PaidFor, By: operatorOf(tx), Reason: a.Reason}
		if _, err := w.move(ctx, b.Number, m); err != nil {
			return err
		}
	}
	owed, err := w.owed(ctx, b.Number)
	if err != nil {
		return err
	}
	if owed > 0 {
		// It was in the books as the customer's; the sale takes it up.
		if err := w.note(ctx, operatorOf(tx), &till.PaymentTaken{Number: a.Number, Wallet: a.Wallet, Amount: owed, Sale: a.Sale, Share: a.Share}); err != nil {
			return err
		}
	}
	if err := w.l.exec(ctx, "UPDATE attempt SET booked = 1 WHERE number = ?", b.Number); err != nil {
		return fmt.Errorf("book payment %s: %w", b.Number, err)
	}
	return nil
}

// tenderOf finds a tender of a sale that tx keeps or completes.
func tenderOf(tx *till.Tx, sale till.ID, n int) *till.Tender {
	of := func(s *till.Sale) *till.Tender {
		for i := range s.Tenders {
			if t := &s.Tenders[i]; s.ID == sale && t.N == n {
				return t
			}
		}
		return nil
	}
	for i := range tx.Entries {
		if r, ok := tx.Entries[i].Record.(*till.SaleCompleted); ok {
			if t := of(&r.Sale); t != nil {
				return t
			}
		}
	}
	for _, s := range tx.Keep {
		if t := of(s); t != nil {
			return t
		}
	}
	return nil
}

// operatorOf is who does the act of tx, as far as its entries say.
func operatorOf(tx *till.Tx) string {
	for i := range tx.Entries {
		if op := tx.Entries[i].Operator; op != "" {
			return op
		}
	}
	return ""
}

// owe makes giving back a paid attempt a duty. Its money is no tender any more,
// where it was one of a sale that is not complete.
func (w *writing) owe(ctx context.Context, tx *till.Tx, number string) error {
	a, err := attemptOf(ctx, w.ask(), number)
	if err != nil {
		return err
	}
	if a.State != till.LatePaid && a.State != till.PaidFor || a.Receipt != 0 {
		return &till.Error{Code: till.AttemptMoved, Detail: a.State.String()}
	}
	_, err = w.move(ctx, number, till.AttemptMove{From: a.State, To: till.RefundDue, By: operatorOf(tx), Reason: a.Reason})
	if err == nil && a.Booked {
		err = w.l.exec(ctx, "UPDATE attempt SET booked = 0 WHERE number = ?", number)
	}
	return err
}

// paidOut ends a failed refund whose money the act gives back in cash.
func (w *writing) paidOut(ctx context.Context, tx *till.Tx, m *till.RefundMended) error {
	r, err := refundOf(ctx, w.ask(), m.Number)
	if err != nil {
		return err
	}
	if r.State != till.RefundFailed || r.InCash {
		return &till.Error{Code: till.AttemptMoved, Detail: r.State.String()}
	}
	if m.Amount != r.Amount || m.Return != r.Return {
		return &till.Error{Code: till.NotAllowed, Detail: "refund " + r.Number + " is not the one paid out in cash"}
	}
	if err := w.l.exec(ctx, "UPDATE wallet_refund SET cash = 1 WHERE number = ?", r.Number); err != nil {
		return fmt.Errorf("pay refund %s out in cash: %w", r.Number, err)
	}
	a, err := attemptOf(ctx, w.ask(), r.Attempt)
	if err != nil {
		return err
	}
	if (a.State == till.RefundDue || a.State == till.Attention) && a.Refunded == a.Amount {
		_, err = w.move(ctx, a.Number, till.AttemptMove{From: a.State, To: till.PaidFor, Reason: a.Reason, By: operatorOf(tx), Note: "paid out in cash"})
	}
	return err
}

// paymentsThere reports whether the payments of a tx without entries are in the
// ledger, after a commit whose outcome was not known.
func (l *Ledger) paymentsThere(ctx context.Context, tx *till.Tx) (bool, error) {
	there := func(query string, args ...any) (ok bool, err error) {
		err = l.w.QueryRowContext(ctx, query, args...).Scan(&ok)
		return ok, err
	}
	ok, err := true, error(nil)
	ask := func(query string, args ...any) {
		if ok && err == nil {
			ok, err = there(query, args...)
		}
	}
	for i := range tx.Plan {
		ask("SELECT count(*) FROM attempt WHERE number = ?", tx.Plan[i].Number)
	}
	for _, b := range tx.Book {
		ask("SELECT count(*) FROM attempt WHERE number = ? AND booked = 1", b.Number)
	}
	for _, n := range tx.Owe {
		ask("SELECT count(*) FROM attempt WHERE number = ? AND state = ?", n, int(till.RefundDue))
	}
	for i := range tx.Refunds {
		ask("SELECT count(*) FROM wallet_refund WHERE number = ?", tx.Refunds[i].Number)
	}
	return ok, err
}

// touchesPayments reports whether tx does anything to payments.
func touchesPayments(tx *till.Tx) bool {
	return len(tx.Plan)+len(tx.Book)+len(tx.Owe)+len(tx.Refunds) > 0
}

// owed is what stands in the books as the customers' from one attempt.
func (w *writing) owed(ctx context.Context, number string) (sum money.Amount, err error) {
	err = w.ask().QueryRowContext(ctx, "SELECT "+owedOf("?1"), number).Scan(&sum)
	return sum, err
}

// owedOf is the expression for what stands in the books as the customers' from
// an attempt: what was found, less what its sale took up, went back through the
// wallet, or was paid out in cash.
func owedOf(number string) string {
	return `((SELECT ifnull(sum(CASE n.kind WHEN 'found' THEN n.amount WHEN 'taken' THEN -n.amount WHEN 'returned' THEN -n.amount ELSE 0 END), 0)
		FROM payment_note n WHERE n.attempt = ` + number + `)
		- (SELECT ifnull(sum(c.amount), 0) FROM wallet_refund c WHERE c.attempt = ` + number + ` AND c.cash = 1 AND c.ret IS NULL))`
}

// noteMove appends to the chain what a move means for the books: a was the
// attempt before it.
func (w *writing) noteMove(ctx context.Context, a *till.Attempt, m *till.AttemptMove) error {
	if a.Mode == "test" {
		return nil // no money
	}
	if m.Returned == 0 && m.To == m.From {
		return nil
	}
	var found, gone money.Amount
	switch m.To {
	case till.LatePaid, till.RefundDue, till.PaidFor, till.Cancelled, till.Declined, till.Attention:
		owed, err := w.owed(ctx, a.Number)
		if err != nil {
			return err
		}
		arrived := m.To == till.LatePaid || m.To == till.RefundDue && (!a.Booked || a.Receipt == 0) || m.To == till.PaidFor && a.Sale.IsZero()
		switch {
		case arrived && owed == 0:
			found = a.Amount - a.Refunded - m.Returned
		case owed > 0 && (m.To == till.Cancelled || m.To == till.Declined):
			gone = owed // a person says that it is not there
		case owed > 0 || a.Booked:
			gone = m.Returned
		}
	default:
		return nil
	}
	if found > 0 {
		return w.noteAt(ctx, m, &till.PaymentFound{
			Number: a.Number, Wallet: a.Wallet, Amount: found, Sale: a.Sale, Share: a.Share, Day: a.Day,
		})
	}
	if gone > 0 {
		return w.noteAt(ctx, m, &till.PaymentReturned{Number: a.Number, Wallet: a.Wallet, Amount: gone, Sale: a.Sale, Day: a.Day})
	}
	return nil
}

// gaveBack appends that a refund is done, unless the document of a return says
// it already.
func (w *writing) gaveBack(ctx context.Context, a *till.Attempt, r *till.WalletRefund) error {
	if a.Mode == "test" || !r.Return.IsZero() {
		return nil
	}
	return w.note(ctx, "", &till.PaymentReturned{Number: a.Number, Refund: r.Number, Wallet: a.Wallet, Amount: r.Amount, Sale: a.Sale, Day: a.Day})
}

func (w *writing) noteAt(ctx context.Context, m *till.AttemptMove, r till.Record) error {
	d, err := w.today(ctx, m.At)
	if err != nil {
		return err
	}
	return w.entry(ctx, &till.Entry{At: d.at, Recorded: d.at, Operator: m.By, Shift: d.shift, Day: d.day, Record: r})
}

// note appends a record about a payment now.
func (w *writing) note(ctx context.Context, by string, r till.Record) error {
	return w.noteAt(ctx, &till.AttemptMove{At: w.l.opt.Now(), By: by}, r)
}
