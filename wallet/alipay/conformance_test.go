package alipay

import (
	"testing"

	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

func keyMode() wallettest.Subject {
	return wallettest.Subject{Spec: Spec, Signed: true, Unscanned: true, Platform: func(s *sim.Sim) sim.Platform { return sim.NewAlipay(s) }}
}

func certificateMode() wallettest.Subject {
	return wallettest.Subject{Spec: Spec, Signed: true, Unscanned: true,
		Platform: func(s *sim.Sim) sim.Platform { return sim.NewAlipayWithCertificates(s) }}
}

func TestConformance(t *testing.T) { wallettest.Conformance(t, keyMode()) }

func TestConformanceWithCertificates(t *testing.T) { wallettest.Conformance(t, certificateMode()) }
