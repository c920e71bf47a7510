package ledger

import (
	"slices"
	"strings"

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
	accTransit  = "transit" // bags on their way to the bank
	accBank     = "bank"
	accOver     = "over_short"
	// What customers have paid and no sale accounts for.
	accCustomers = "customers"
)

type posting struct {
	account string
	amount  money.Amount
}

// A balance collects the postings of one entry after the other.
type balance []posting

// add books an amount to an account.
func (b *balance) add(account string, a money.Amount) {
	for i := range *b {
		if (*b)[i].account == account {
			(*b)[i].amount += a
			return
		}
	}
	*b = append(*b, posting{account, a})
}

// of derives an entry's balanced postings, in the order of accounts; they are
// good until the next entry.
func (b *balance) of(e *till.Entry) []posting {
	*b = (*b)[:0]
	move := func(from, to string, a money.Amount) {
		b.add(from, -a)
		b.add(to, a)
	}
	drawer := accTenders + string(till.Cash)
	switch r := e.Record.(type) {
	case *till.SaleCompleted:
		s := &r.Sale
		for i := range s.Tenders {
			b.add(accTenders+string(s.Tenders[i].Kind), s.Tenders[i].Amount)
		}
		b.add(accSales, -(s.Subtotal() - s.Tax))
		b.add(accTax, -s.Tax)
		b.add(accRounding, -s.Rounding)
	case *till.Returned:
		d := &r.Return
		var tax money.Amount
		for i := range d.Lines {
			tax += d.Lines[i].TaxIn
		}
		for i := range d.Refunds {
			b.add(accTenders+string(d.Refunds[i].Kind), -d.Refunds[i].Amount)
		}
		b.add(accSales, d.Value-tax)
		b.add(accTax, tax)
		b.add(accRounding, -d.Rounding)
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
	case *till.CashDeposited:
		move(accSafe, accTransit, r.Amount)
	case *till.DepositCredited:
		move(accOver, accTransit, r.Amount-r.Deposited)
		move(accTransit, accBank, r.Amount)
	case *till.SafeCounted:
		move(accOver, accSafe, r.OverShort)
	case *till.PaymentFound:
		move(accCustomers, accTenders+string(till.WalletTender(r.Wallet)), r.Amount)
	case *till.PaymentTaken:
		move(accTenders+string(till.WalletTender(r.Wallet)), accCustomers, r.Amount)
	case *till.PaymentReturned:
		move(accTenders+string(till.WalletTender(r.Wallet)), accCustomers, r.Amount)
	case *till.RefundMended:
		if r.Return.IsZero() {
			move(accPaidOut, accCustomers, r.Amount) // the cash itself left by a movement beside it
		} else {
			move(accTenders+string(r.To), accTenders+string(r.From), r.Amount)
		}
	}
	*b = slices.DeleteFunc(*b, func(p posting) bool { return p.amount == 0 })
	slices.SortFunc(*b, func(p, q posting) int { return strings.Compare(p.account, q.account) })
	return *b
}
