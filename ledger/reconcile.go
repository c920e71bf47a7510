package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// nearMidnight is how near the provider's midnight a payment may stand on the
// bill of the day beside.
const nearMidnight = time.Hour

// payableFor is how long after it was planned a payment that was given up could
// still have been paid.
const payableFor = 3 * time.Hour

// A comparison is the state of comparing one day's bill with the ledger.
type comparison struct {
	*ours
	bill          keptBill
	rows          []till.BillRow
	beside        map[string]bool         // payments and refunds on the bills of the days beside, by our number
	besideID      map[string]bool         // payments, by the provider's
	besideBack    map[string]money.Amount // of payments, by our number: what went back on those bills
	before, after bool                    // a final bill of the day beside is kept
	out           []till.Finding
	sums          till.Reconciliation
	absent        []string // watched payments that the complete bill does not have
}

// compare reads the bill that counts for a day and the ledger around it at one
// moment, and finds what matches and what does not (reference of the wallets,
// section 13.5).
func compare(ctx context.Context, q rowQuerier, wallet, mode string, day till.BusinessDay) (*comparison, error) {
	b, err := keptOf(ctx, q, wallet, mode, day)
	if err != nil {
		return nil, err
	}
	c := &comparison{bill: b, beside: map[string]bool{}, besideID: map[string]bool{}, besideBack: map[string]money.Amount{}}
	if c.rows, err = billRows(ctx, q, &b); err != nil {
		return nil, err
	}
	if c.ours, err = readOurs(ctx, q, wallet, mode, b.from, b.to); err != nil {
		return nil, err
	}
	for at, final := range map[time.Time]*bool{b.from.AddDate(0, 0, -1): &c.before, b.to: &c.after} {
		near, err := keptOf(ctx, q, wallet, mode, calendarDay(at))
		if errors.Is(err, ErrNoBill) {
			continue
		}
		if err != nil {
			return nil, err
		}
		*final = near.final
		err = each(ctx, q, "SELECT number, refund, provider, amount FROM bill_line WHERE bill = ?", []any{near.id}, func(s scanner) error {
			var number, refund, provider string
			var amount money.Amount
			err := s.Scan(&number, &refund, &provider, &amount)
			if refund != "" {
				c.beside[refund] = true
				c.besideBack[number] += amount
			} else {
				c.beside[number], c.besideID[provider] = true, true
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for _, part := range []func(context.Context) error{c.paidIn, c.goneBack} {
		if err := part(ctx); err != nil {
			return nil, err
		}
	}
	c.twice()
	if b.final {
		c.missing()
		c.watched()
	}
	slices.SortStableFunc(c.out, func(a, b till.Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(till.FindingKinds, a.Kind), slices.Index(till.FindingKinds, b.Kind)), a.At.Compare(b.At))
	})
	return c, nil
}

// of is a finding about a row.
func (c *comparison) of(r *till.BillRow, kind till.FindingKind, next till.NextStep) till.Finding {
	cur, err := money.CurrencyOf(r.Currency)
	if err != nil {
		cur = c.currency
	}
	f := till.Finding{Kind: kind, Next: next, Attempt: r.Number, Refund: r.Refund, Provider: r.Provider, At: r.At, Theirs: r.Amount, Fee: r.Fee, Currency: cur, Said: r.State}
	if kind != till.Foreign {
		c.sums.Fees += r.Fee
		if r.Back() {
			c.sums.Back += r.Amount
		} else {
			c.sums.In += r.Amount
		}
	}
	return f
}

// with adds what the ledger has of a payment to a finding.
func with(f till.Finding, p *payment) till.Finding {
	f.Attempt, f.State, f.Receipt, f.Ours = p.number, p.state.String(), p.receipt, p.amount
	return f
}

// paidIn matches the rows that are payments.
func (c *comparison) paidIn(ctx context.Context) error {
	// What goes back of a payment decides what its row means.
	for i := range c.rows {
		r := &c.rows[i]
		if !r.Back() {
			continue
		}
		p, _, err := c.payment(ctx, r)
		if err != nil {
			return err
		}
		if p != nil {
			p.back += r.Amount
		}
	}
	for i := range c.rows {
		r := &c.rows[i]
		if r.Back() {
			continue
		}
		p, by, err := c.payment(ctx, r)
		if err != nil {
			return err
		}
		if p == nil {
			c.out = append(c.out, c.unknown(r))
			continue
		}
		p.rows++
		f := with(c.of(r, till.Matched, till.NextNothing), p)
		f.By = by
		switch {
		case p.rows > 1:
			f.Kind, f.Next = till.PaidTwice, till.NextCompare
		case r.Amount != p.amount || r.Currency != p.currency:
			f.Kind, f.Next = till.AmountApart, till.NextCompare
		case p.has() || p.back+c.besideBack[p.number] >= r.Amount: // a cancel may stand on the other side of midnight
		default:
			f.Kind, f.Next = till.PaidThere, till.NextAsk
			if p.state == till.Cancelled && c.bill.to.Sub(r.At) < nearMidnight && !c.after {
				f.Next = till.NextNeighbour // it may have been reversed after midnight
			}
		}
		c.out = append(c.out, f)
	}
	return nil
}

// unknown is the finding about a payment that no attempt stands behind.
func (c *comparison) unknown(r *till.BillRow) till.Finding {
	if c.foreign(r.Number) {
		return c.of(r, till.Foreign, till.NextNothing)
	}
	if !till.ValidAttemptNumber(r.Number) && r.Currency == c.currency.Code {
		if t := c.claim(r.Amount, r.At); t != nil {
			f := c.of(r, till.UnverifiedFound, till.NextNothing)
			f.By, f.Receipt, f.Ours, f.State = "time", t.receipt, t.amount, t.kind
			return f
		}
	}
	if c.wallet == till.BankStatement {
		return c.of(r, till.Foreign, till.NextNothing) // an account has other money on it
	}
	return c.of(r, till.PaidThere, till.NextCompare)
}

// goneBack matches the rows that are refunds.
func (c *comparison) goneBack(ctx context.Context) error {
	for i := range c.rows {
		r := &c.rows[i]
		if !r.Back() {
			continue
		}
		b, err := c.refund(ctx, r)
		if err != nil {
			return err
		}
		if b != nil {
			b.rows++
			f := c.of(r, till.Matched, till.NextNothing)
			f.By, f.Attempt, f.Ours, f.State = "number", b.attempt, b.amount, b.state.String()
			if p := c.payments[b.attempt]; p != nil {
				f.Receipt = p.receipt
			}
			switch {
			case b.rows > 1 || b.inCash:
				f.Kind, f.Next = till.RefundTwice, till.NextClaim
			case r.Amount != b.amount:
				f.Kind, f.Next = till.AmountApart, till.NextCompare
			case b.state != till.RefundDone:
				f.Kind, f.Next = till.RefundNotOurs, till.NextAskRefund
			}
			c.out = append(c.out, f)
			continue
		}
		p, by, err := c.payment(ctx, r)
		if err != nil {
			return err
		}
		switch {
		case p == nil && c.foreign(r.Number):
			c.out = append(c.out, c.of(r, till.Foreign, till.NextNothing))
		case p == nil:
			if c.wallet == till.BankStatement {
				c.out = append(c.out, c.of(r, till.Foreign, till.NextNothing))
				continue
			}
			c.out = append(c.out, c.of(r, till.RefundNotOurs, till.NextCompare))
		default:
			f := with(c.of(r, till.RefundNotOurs, till.NextCompare), p)
			f.By = by
			switch {
			case p.back > p.amount:
				f.Kind, f.Next = till.RefundTwice, till.NextClaim
			case p.returned >= r.Amount, !p.has() && p.back+c.besideBack[p.number] == p.amount:
				f.Kind, f.Next = till.Matched, till.NextNothing // the provider's side of a cancel
			}
			c.out = append(c.out, f)
		}
	}
	return nil
}

// twice marks the payments of a part of a sale that another payment settled.
func (c *comparison) twice() {
	for i := range c.out {
		f := &c.out[i]
		if f.Refund != "" || f.Kind != till.PaidThere && f.Kind != till.Matched {
			continue
		}
		p := c.payments[f.Attempt]
		if p == nil || p.sale.IsZero() || p.booked || p.refunded >= p.amount || p.back >= p.amount {
			continue
		}
		for _, other := range c.byShare[shareKey{p.sale, p.share}] {
			if other != p && other.booked {
				if f.Kind == till.PaidThere {
					f.Next = till.NextAsk // found paid, it is given back by the duty that is kept
				} else {
					f.Next = till.NextRefund
				}
				f.Kind, f.Receipt = till.PaidTwice, max(f.Receipt, other.receipt)
			}
		}
	}
}

// besideStep is what to do about something of ours that the bill does not have.
func (c *comparison) besideStep(at time.Time, otherwise till.NextStep) till.NextStep {
	if at.Sub(c.bill.from) < nearMidnight && !c.before || c.bill.to.Sub(at) < nearMidnight && !c.after {
		return till.NextNeighbour
	}
	return otherwise
}

// within reports whether an instant is of the bill's day.
func (c *comparison) within(t time.Time) bool { return !t.Before(c.bill.from) && t.Before(c.bill.to) }

// missing finds what the ledger has and the complete bill does not, nor those
// of the days beside.
func (c *comparison) missing() {
	loc := c.bill.from.Location()
	for _, p := range c.order {
		if p.rows > 0 || !p.has() || !c.within(p.at()) || c.beside[p.number] || p.provider != "" && c.besideID[p.provider] {
			continue
		}
		cur, err := money.CurrencyOf(p.currency)
		if err != nil {
			cur = c.currency
		}
		c.out = append(c.out, with(till.Finding{Kind: till.PaidHere, Next: c.besideStep(p.at(), till.NextCompare), Provider: p.provider, At: p.at().In(loc), Currency: cur}, p))
	}
	for _, b := range c.backs {
		if b.rows > 0 || b.state != till.RefundDone || b.inCash || !c.within(b.done) || c.beside[b.number] {
			continue
		}
		next := c.besideStep(b.done, till.NextCompare)
		if b.planned.Before(c.bill.from) && !c.before {
			next = till.NextNeighbour // the provider may have made it when it was asked for
		}
		f := till.Finding{Kind: till.RefundAbsent, Next: next, Attempt: b.attempt, Refund: b.number, At: b.done.In(loc), Ours: b.amount, Currency: c.currency, State: b.state.String()}
		if p := c.payments[b.attempt]; p != nil {
			f.Receipt = p.receipt
			if cur, err := money.CurrencyOf(p.currency); err == nil {
				f.Currency = cur
			}
		}
		c.out = append(c.out, f)
	}
	for _, list := range c.claims {
		for _, t := range list {
			if !t.used && c.within(t.at) {
				c.out = append(c.out, till.Finding{Kind: till.PaidHere, Next: c.besideStep(t.at, till.NextCompare), Receipt: t.receipt, At: t.at.In(loc), Ours: t.amount,
					Currency: c.currency, State: t.kind})
			}
		}
	}
}

// watched finds the payments that were given up, could be paid until the bill's
// day ended at the latest, and are on no complete bill.
func (c *comparison) watched() {
	for _, p := range c.order {
		last := p.planned.Add(payableFor)
		switch {
		case p.state != till.Watch || p.rows > 0 || p.back > 0 || c.beside[p.number] || p.provider != "" && c.besideID[p.provider]:
			continue
		case !p.planned.Before(c.bill.to) || last.Before(c.bill.from):
			continue
		case p.planned.Before(c.bill.from) && !c.before, !last.Before(c.bill.to) && !c.after:
			continue // the bill of a day on which it could be paid is not there
		}
		cur, err := money.CurrencyOf(p.currency)
		if err != nil {
			cur = c.currency
		}
		f := with(till.Finding{Kind: till.AbsentClosed, Provider: p.provider, At: p.planned.In(c.bill.from.Location()), Currency: cur}, p)
		c.out = append(c.out, f)
		c.absent = append(c.absent, p.number)
	}
}

// result is the comparison as it is shown.
func (c *comparison) result() till.Reconciliation {
	r := c.sums
	r.Wallet, r.Mode, r.Day, r.Hash, r.Name = c.wallet, c.mode, c.bill.day, hex.EncodeToString(c.bill.hash[:]), c.bill.name
	r.Kept, r.Final, r.Findings, r.Currency = c.bill.kept, c.bill.final, c.out, c.currency
	if len(c.rows) > 0 {
		if cur, err := money.CurrencyOf(c.rows[0].Currency); err == nil {
			r.Currency = cur
		}
	}
	return r
}

// Reconciliation compares the bill that is kept of a day with the ledger as it
// is now, with what was noted before; it writes nothing. Without a bill it is
// ErrNoBill.
func (l *Ledger) Reconciliation(ctx context.Context, wallet, mode string, day till.BusinessDay) (till.Reconciliation, error) {
	r, _, err := l.reconciliation(ctx, wallet, mode, day)
	return r, err
}

func (l *Ledger) reconciliation(ctx context.Context, wallet, mode string, day till.BusinessDay) (r till.Reconciliation, absent []string, err error) {
	tx, err := l.r().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return r, nil, fmt.Errorf("compare the bill of %s: %w", wallet, err)
	}
	defer tx.Rollback()
	c, err := compare(ctx, tx, wallet, mode, day)
	if err != nil {
		return r, nil, fmt.Errorf("compare the bill of %s: %w", wallet, err)
	}
	r = c.result()
	notes, err := readNotes(ctx, tx, wallet, mode, day)
	if err != nil {
		return r, nil, fmt.Errorf("compare the bill of %s: %w", wallet, err)
	}
	for i := range r.Findings {
		if n := notes[noteKeyOf(&r.Findings[i])]; n != nil {
			n.onto(&r.Findings[i])
		}
	}
	return r, c.absent, nil
}

// Reconcile keeps a bill, compares it with the ledger, notes every difference
// once with its date, and closes the watched payments that the complete bill
// does not have. It changes nothing that is in the books: a payment that is
// found goes to its sale, or back, when the provider is asked about it.
func (l *Ledger) Reconcile(ctx context.Context, b till.Bill, newMerchant bool) (till.Reconciliation, error) {
	again, err := l.KeepBill(ctx, b, newMerchant)
	if err != nil {
		return till.Reconciliation{}, err
	}
	r, err := l.ReconcileAgain(ctx, b.Wallet, b.Mode, calendarDay(b.Day))
	r.Again = again
	return r, err
}

// ReconcileAgain is Reconcile with the bill that is kept of a day.
func (l *Ledger) ReconcileAgain(ctx context.Context, wallet, mode string, day till.BusinessDay) (till.Reconciliation, error) {
	r, absent, err := l.reconciliation(ctx, wallet, mode, day)
	if err != nil {
		return r, err
	}
	for _, number := range absent {
		_, err := l.MoveAttempt(ctx, number, till.Watch, till.AttemptMove{To: till.Cancelled, At: l.opt.Now(), Reason: till.AbsentFromBill, Note: "not on the complete bill of " + day.String()})
		if err != nil && till.CodeOf(err) != till.AttemptMoved {
			return r, err
		}
	}
	return r, l.noteFindings(ctx, &r)
}
