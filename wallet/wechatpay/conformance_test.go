package wechatpay

import (
	"maps"
	"testing"

	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// subject is the adapter on a simulator that set changes first.
func subject(set func(*sim.WeChatPay)) wallettest.Subject {
	return wallettest.Subject{
		Spec: Spec, Signed: true,
		Platform: func(s *sim.Sim) sim.Platform {
			p := sim.NewWeChatPay(s)
			if set != nil {
				set(p)
			}
			return p
		},
	}
}

func TestConformance(t *testing.T) { wallettest.Conformance(t, subject(nil)) }

// with is the adapter with other settings than the simulator's account has.
func with(s wallettest.Subject, fields map[string]string) wallettest.Subject {
	s.Spec.New = func(a wallet.Account, c *wallet.Client) (wallet.Provider, error) {
		maps.Copy(a.Fields, fields)
		return New(a, c)
	}
	return s
}

func TestConformanceWithMD5(t *testing.T) {
	wallettest.Conformance(t, with(subject(nil), map[string]string{fieldSignType: signMD5}))
}

func TestConformanceWithCodepay(t *testing.T) {
	s := with(subject(nil), map[string]string{fieldTake: "v3"})
	wallettest.Conformance(t, s)
}

func TestConformanceWithPlatformCertificate(t *testing.T) {
	wallettest.Conformance(t, subject(func(p *sim.WeChatPay) { p.Certificates = true }))
}
