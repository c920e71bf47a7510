package ledger

import (
	"sort"

	"guitai/till"
	"guitai/till/money"
)

// The chart of accounts. A posting is positive where the account receives and
// negative where it gives; the postings of an entry sum to zero.
const (
	accTenders  = "tender:" // one account a kind: tender:cash is the drawer
	accSales    = "sales"
	accTax      = "tax"
	accRounding = "rounding"
	accSafe     = "safe"
	accPaidIn   = "paid_in"
	accPaidOut  = "paid_out"
	accFloat    = "float"
	accOver     = "over_short"
)

type posting struct {
	account string
	amount  money.Amount
}

// postings derives an entry's balanced postings, in the order of accounts.
func postings(e *till.Entry) []posting {
	sums := map[string]money.Amount{}
	move := func(from, to string, a money.Amount) {
		sums[from] -= a
		sums[to] += a
	}
	drawer := accTenders + string(till.Cash)
	switch r := e.Record.(type) {
	case *till.SaleCompleted:
		s := &r.Sale
		for i := range s.Tenders {
			sums[accTenders+string(s.Tenders[i].Kind)] += s.Tenders[i].Amount
		}
		sums[accSales] -= s.Subtotal() - s.Tax
		sums[accTax] -= s.Tax
		sums[accRounding] -= s.Rounding
	case *till.Returned:
		d := &r.Return
		var tax money.Amount
		for i := range d.Lines {
			tax += d.Lines[i].TaxIn
		}
		for i := range d.Refunds {
			sums[accTenders+string(d.Refunds[i].Kind)] -= d.Refunds[i].Amount
		}
		sums[accSales] += d.Value - tax
		sums[accTax] += tax
		sums[accRounding] -= d.Rounding
	case *till.TenderMended:
		move(accTenders+string(r.From), accTenders+string(r.To), r.Amount)
	case *till.CashMoved:
		switch r.Movement {
		case till.PaidIn:
			move(accPaidIn, drawer, r.Amount)
		case till.PaidOut:
			move(drawer, accPaidOut, r.Amount)
		case till.Drop:
			move(drawer, accSafe, r.Amount)
		case till.Loan:
			move(accSafe, drawer, r.Amount)
		case till.NoSale:
		}
	case *till.ShiftOpened:
		move(accFloat, drawer, r.Opened.Float)
	case *till.ShiftClosed:
		// What was counted leaves the drawer with the shift; what is missing or
		// too much is its own account.
		move(accOver, drawer, r.OverShort)
		move(drawer, accFloat, r.Counted)
	}
	out := make([]posting, 0, len(sums))
	for account, amount := range sums {
		if amount != 0 {
			out = append(out, posting{account, amount})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].account < out[j].account })
	return out
}
