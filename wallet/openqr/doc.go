// Package openqr writes the texts of payment codes that a shop's customers scan
// with their bank's own app: the EMVCo schemes (PIX, PromptPay, VietQR, PayNow,
// FPS, and the shop's own UnionPay, QRIS, DuitNow, KHQR or QR Ph code with the
// amount put in), the SEPA and Swiss transfers, UPI, and a wallet's printed
// code shown as it is.
//
// Nobody confirms these payments to the till: the cashier looks at the bank's
// app. The package talks to no server and draws no code; it turns a method the
// owner has set up, an amount and a reference into a text, or says in a
// Problem why it will not.
//
//	m := openqr.Method{Scheme: openqr.PIX, Name: "PIX", Payee: "PADARIA CENTRAL",
//		City: "SAO PAULO", Fields: map[string]string{"key": "caixa@padaria.example"}}
//	if problems := m.Validate(); len(problems) == 0 {
//		code, err := openqr.Build(m, 3640, brl, "A000123")
//	}
package openqr
