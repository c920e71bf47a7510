package till

import "guitai/till/money"

// NewSold returns a completed sale of which nothing has come back yet.
func NewSold(s Sale) Sold {
	return Sold{
		Sale: s, Returned: map[int]money.Quantity{}, GivenBack: map[int]money.Amount{}, TaxBack: map[int]money.Amount{}, Refunded: map[TenderKind]money.Amount{},
	}
}

// Apply takes up a later record about the sale: a return of it, its post-void,
// or the mending of a tender. Others leave it as it is.
func (s *Sold) Apply(rec Record) {
	switch r := rec.(type) {
	case *TenderMended:
		if r.Receipt == s.Sale.Receipt && r.Share >= 1 && r.Share <= len(s.Sale.Tenders) {
			t := &s.Sale.Tenders[r.Share-1]
			t.Kind, t.Ref = r.To, r.Ref
		}
	case *Returned:
		if r.Return.Of != s.Sale.Receipt {
			return
		}
		s.Voided = s.Voided || r.Return.PostVoid
		s.Rounded += r.Return.Rounding
		for _, l := range r.Return.Lines {
			s.Returned[l.Of] += l.Qty
			s.GivenBack[l.Of] += l.Paid
			s.TaxBack[l.Of] += l.TaxIn
		}
		for _, p := range r.Return.Refunds {
			s.Refunded[p.Kind] += p.Amount
		}
	}
}
