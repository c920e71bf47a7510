package jdpay_test

import (
	"testing"

	"guitai/wallet/jdpay"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

var subject = wallettest.Subject{
	Spec:     jdpay.Spec,
	Platform: func(s *sim.Sim) sim.Platform { return sim.NewJDPay(s) },
	Signed:   true,
	// An answer to query names the merchant's number alone.
	NoID: true,
}

func TestConformance(t *testing.T) { wallettest.Conformance(t, subject) }
