package ui

import (
	"slices"
	"testing"

	"guitai/till"
)

// Each payment and each refund that waits is told of once, at sign-on and at the close, whatever day it is of.
func TestEveryOpenPaymentIsToldOfOnce(t *testing.T) {
	c := wallet(t)
	v := c.w.view
	v.Attempts = []till.Attempt{{Number: "A1", Wallet: "alipay", Amount: 1000, State: till.Unknown}, {Number: "A2", Wallet: "alipay", Amount: 200, State: till.RefundDue}}
	v.Refunds = []till.WalletRefund{{Number: "R1", Attempt: "A2", Amount: 200, State: till.RefundFailed}, // the same money as A2
		{Number: "R2", Attempt: "A3", Amount: 300, State: till.RefundFailed}, {Number: "R3", Attempt: "A4", Amount: 40, State: till.RefundUnknown},
		{Number: "R4", Attempt: "A5", Amount: 5, State: till.RefundFailed, InCash: true}}
	c.w.view = v
	if n, sum, owner := c.w.openCases(); n != 2 || sum != 1040 || owner != 2 {
		t.Errorf("%d are checked, %d, and %d wait for the owner", n, sum, owner)
	}
	if got, want := c.w.casesNote(), []string{"2 payments are being checked, ¥10.40", "2 wait for the owner"}; !slices.Equal(got, want) {
		t.Errorf("it says %q", got)
	}
}
