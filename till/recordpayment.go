package till

import "guitai/till/money"

// PaymentFound is money in a wallet that no sale accounts for: it came after
// the attempt was given up, or for no sale at all. Until it is given back, or
// its sale takes it up after all, it is the customers' and no takings. It is
// booked on the day it becomes known.
type PaymentFound struct {
	Number string // of the attempt
	Wallet string
	Amount money.Amount
	Sale   ID // zero for none
	Share  int
	Day    BusinessDay // that it was asked for on
}

// PaymentTaken is money found before that has become a tender of its sale.
type PaymentTaken struct {
	Number string
	Wallet string
	Amount money.Amount
	Sale   ID
	Share  int
}

// PaymentReturned is money that went back to a customer without a return of
// goods: a refund is done, or the provider gave it back itself.
type PaymentReturned struct {
	Number string // of the attempt
	Refund string // number of the refund; "" where the provider did it itself, or it was never there
	Wallet string
	Amount money.Amount
	Sale   ID
	Day    BusinessDay // that the payment was asked for on
}

// Kinds of the records.
func (*PaymentFound) Kind() RecordKind    { return KindPaymentFound }
func (*PaymentTaken) Kind() RecordKind    { return KindPaymentTaken }
func (*PaymentReturned) Kind() RecordKind { return KindPaymentReturned }

func (r *PaymentFound) code(c *coder) {
	text(c, &r.Number)
	text(c, &r.Wallet)
	integer(c, &r.Amount)
	ident(c, &r.Sale)
	integer(c, &r.Share)
	integer(c, &r.Day)
}

func (r *PaymentTaken) code(c *coder) {
	text(c, &r.Number)
	text(c, &r.Wallet)
	integer(c, &r.Amount)
	ident(c, &r.Sale)
	integer(c, &r.Share)
}

func (r *PaymentReturned) code(c *coder) {
	text(c, &r.Number)
	text(c, &r.Refund)
	text(c, &r.Wallet)
	integer(c, &r.Amount)
	ident(c, &r.Sale)
	integer(c, &r.Day)
}
