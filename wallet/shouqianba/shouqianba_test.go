package shouqianba_test

import (
	"testing"

	"guitai/wallet/shouqianba"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

var subject = wallettest.Subject{
	Spec:     shouqianba.Spec,
	Platform: func(s *sim.Sim) sim.Platform { return sim.NewShouqianba(s) },
}

func TestConformance(t *testing.T) { wallettest.Conformance(t, subject) }
