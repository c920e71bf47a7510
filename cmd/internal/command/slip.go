package command

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/till/receipt"
)

// Paper is how the shop of a ledger writes its slips.
func Paper(ctx context.Context, l *ledger.Ledger) (till.Paper, error) {
	st, err := l.Recover(ctx)
	if err != nil {
		return till.Paper{}, err
	}
	names := map[string]string{}
	for _, o := range st.Operators {
		names[o.Code] = o.Name
	}
	logo, err := Logo(ctx, l)
	if err != nil {
		return till.Paper{}, err
	}
	watched := func(sale till.ID) []till.Attempt {
		list, err := l.Attempts(ctx, till.AttemptFilter{Sale: sale})
		if err != nil {
			return nil // the receipt is printed all the same
		}
		return slices.DeleteFunc(list, func(a till.Attempt) bool {
			return !a.RefundIfPaid || a.State == till.Cancelled || a.State == till.Declined
		})
	}
	refund := func(number string) (till.WalletRefund, bool) {
		f, err := l.Refund(ctx, number)
		return f, err == nil
	}
	return till.Paper{Settings: st.Settings, Practice: st.Practice, Logo: logo, Name: func(code string) string { return names[code] }, Refund: refund, Watched: watched}, nil
}

// openCases are the payments that wait for somebody now, for an X. A slip is
// printed without them rather than not at all.
func openCases(ctx context.Context, l *ledger.Ledger) []till.PaymentCase {
	cases, err := l.OpenCases(ctx)
	if err != nil {
		return nil
	}
	return cases
}

// openCarts are the sales that are not paid yet.
func openCarts(st *till.State) []till.LeftCart {
	var out []till.LeftCart
	add := func(s *till.Sale, n int) {
		out = append(out, till.LeftCart{Sale: s.ID, N: n, Operator: s.Operator, OpenedAt: s.OpenedAt, Lines: s.Live(), Total: s.Total()})
	}
	if st.Current != nil && st.Current.Live() > 0 {
		add(st.Current, 0)
	}
	for _, p := range st.Parked {
		add(p.Sale, p.N)
	}
	return out
}

// Slip writes what a print job asks for from what the ledger has.
func Slip(ctx context.Context, l *ledger.Ledger, p till.Paper, job till.PrintJob) (receipt.Document, error) {
	none := receipt.Document{}
	switch job.Kind {
	case till.SlipReceipt:
		d, err := l.Receipt(ctx, int(job.Ref))
		if err != nil {
			return none, err
		}
		switch r := d.Record.(type) {
		case *till.SaleCompleted:
			return p.Sale(&r.Sale, job.Copy), nil
		case *till.Returned:
			return p.Return(&r.Return, d.At, d.Operator, job.Copy), nil
		}
	case till.SlipZ:
		d, err := l.Z(ctx, int(job.Ref))
		if err != nil {
			return none, err
		}
		z, ok := d.Record.(*till.ZReported)
		if !ok {
			break
		}
		slip := till.ShiftSlip{Z: z, At: d.At, Operator: d.Operator, Hash: d.Hash}
		// The close is the record right before its Z, and before that stands what was
		// open then. What is open by now is no business of a Z.
		before, err := l.Latest(ctx, d.Seq, 2)
		if err != nil {
			return none, err
		}
		for _, b := range before {
			switch r := b.Record.(type) {
			case *till.ShiftClosed:
				if r.No == z.Totals.Shift {
					slip.Closed = r
				}
			case *till.LeftOpen:
				if r.Shift == z.Totals.Shift {
					slip.Carts, slip.Cases = r.Carts, r.Cases()
				}
			}
		}
		return p.Shift(slip), nil
	case till.SlipX:
		totals, taxes, err := l.Totals(ctx, int(job.Ref))
		if err != nil {
			return none, err
		}
		st, err := l.Recover(ctx)
		if err != nil {
			return none, err
		}
		slip := till.ShiftSlip{Totals: totals, Taxes: taxes, Cases: openCases(ctx, l), Carts: openCarts(&st)}
		if st.Shift != nil && st.Shift.No == totals.Shift {
			slip.OpenedAt, slip.At, slip.Operator = st.Shift.OpenedAt, st.Shift.LastAt, st.Shift.OpenedBy
		}
		return p.Shift(slip), nil
	case till.SlipCash:
		id, err := till.ParseID(job.Text)
		if err != nil {
			return none, err
		}
		d, err := l.CashMovement(ctx, id)
		if err != nil {
			return none, err
		}
		if m, ok := d.Record.(*till.CashMoved); ok {
			return p.CashMove(m, d.At, d.Operator), nil
		}
	case till.SlipQR:
		return p.PayCode(job.Text, "", money.Amount(job.Ref)), nil
	case till.SlipPending:
		a, err := l.Attempt(ctx, job.Text)
		if err != nil {
			return none, err
		}
		return p.Pending(&a), nil
	case till.SlipCard:
		return p.CardSlip(job.Text), nil
	case till.SlipBill:
		return billSlip(ctx, l, p, job)
	case till.SlipReport:
		return reportSlip(ctx, l, p, job)
	case till.SlipTest:
		return p.Test(time.Now()), nil
	}
	return none, fmt.Errorf("print %s %d: %w", job.Kind, job.Ref, till.ErrCorrupt)
}
