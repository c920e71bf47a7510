package openqr

import (
	"guitai/till"
	"guitai/till/money"
)

// A Counter is the methods of one shop in the form the register asks for.
type Counter struct {
	Methods  []Method
	Currency money.Currency
}

// Build writes the code of the named method. The error is NoSuchMethod, or the
// Problem that Build of this package returns.
func (c Counter) Build(method string, amount money.Amount, ref string) (till.QRCode, error) {
	for _, m := range c.Methods {
		if m.Name != method || m.Off {
			continue
		}
		p, err := Build(m, amount, c.Currency, ref)
		if err != nil {
			return till.QRCode{}, err
		}
		return till.QRCode{Kind: till.TenderKind("qr:" + string(m.Scheme)), Text: p.Text, Payee: p.Payee, AmountInCode: p.AmountInCode}, nil
	}
	return till.QRCode{}, &till.Error{Code: till.NoSuchMethod, Detail: method}
}
