package till

import (
	"time"

	"guitai/till/money"
)

// A TenderSide is one tender beside the others.
type TenderSide struct {
	TenderTotal
	Baskets  int          // completed sales that used it
	Total    money.Amount // what those sales came to, with whatever they were paid
	Refunds  int
	Attempts int           // started, of a wallet
	Paid     int           // of those
	ToPay    time.Duration // the median from asking to paid
	Fee      money.Amount  // less what came back with refunds
	Priced   bool          // a fee rule is in effect
}

// Basket is the average of the sales that used it; 0 without any.
func (t *TenderSide) Basket() money.Amount { return average(t.Total, t.Baskets) }

// A SideBySide compares tenders over a range of business days.
type SideBySide struct {
	Report  Report
	Total   money.Amount // what the completed sales came to
	Tenders []TenderSide // those of the report, by kind; then others that only had attempts, fees or refunds
}

// Attempts counts the attempts of all wallets, and those paid.
func (s *SideBySide) Attempts() (started, paid int) {
	for i := range s.Tenders {
		started += s.Tenders[i].Attempts
		paid += s.Tenders[i].Paid
	}
	return started, paid
}

// Basket is the average completed sale, before refunds.
func (s *SideBySide) Basket() money.Amount { return average(s.Total, s.Report.Sales) }

// average is a sum over n, half away from zero; 0 over none.
func average(sum money.Amount, n int) money.Amount {
	if n == 0 {
		return 0
	}
	return portion(sum, 1, money.Amount(n))
}
