package baidu_test

import (
	"testing"

	"guitai/wallet/baidu"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

func subject(method string) wallettest.Subject {
	return wallettest.Subject{
		Spec:     baidu.Spec,
		Platform: func(s *sim.Sim) sim.Platform { return sim.NewBaidu(s, method) },
	}
}

func TestConformance(t *testing.T) {
	t.Run("MD5", func(t *testing.T) { wallettest.Conformance(t, subject("1")) })
	t.Run("SHA1", func(t *testing.T) { wallettest.Conformance(t, subject("2")) })
}
