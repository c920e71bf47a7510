package wallet_test

import (
	"flag"
	"testing"
	"time"

	"guitai/till/money"
	"guitai/wallet/alipay"
	"guitai/wallet/baidu"
	"guitai/wallet/jdpay"
	"guitai/wallet/paypal"
	"guitai/wallet/shouqianba"
	"guitai/wallet/sim"
	"guitai/wallet/stripe"
	"guitai/wallet/wallettest"
	"guitai/wallet/wechatpay"
)

// schedules is how many random schedules each adapter goes through, half of
// them with a power cut.
var schedules = flag.Int("schedules", 50, "random schedules per adapter")

// first is the seed of the first schedule.
var first = flag.Uint64("first", 1, "seed of the first schedule")

var usd = money.Currency{Code: "USD", Exponent: 2}

var subjects = []wallettest.Subject{
	{Spec: alipay.Spec, Platform: func(s *sim.Sim) sim.Platform { return sim.NewAlipay(s) }},
	{Spec: wechatpay.Spec, Platform: func(s *sim.Sim) sim.Platform {
		p := sim.NewWeChatPay(s)
		p.ReverseAfter /= wallettest.Speed
		return p
	}},
	{Spec: shouqianba.Spec, Platform: func(s *sim.Sim) sim.Platform { return sim.NewShouqianba(s) }},
	{Spec: stripe.Spec, Platform: func(s *sim.Sim) sim.Platform { return sim.NewStripe(s) }, Currency: usd},
	{Spec: paypal.Spec, Platform: func(s *sim.Sim) sim.Platform { return sim.NewPayPal(s) }, Currency: usd},
	{Spec: jdpay.Spec, Platform: func(s *sim.Sim) sim.Platform { return sim.NewJDPay(s) }},
	{Spec: baidu.Spec, Platform: func(s *sim.Sim) sim.Platform { return sim.NewBaidu(s, "1") }},
}

// TestEveryPaymentEndsInTheTruth sells by random schedules of faults, customers,
// cashiers and power cuts: what the platform keeps is what the till booked, no
// share is charged twice, and no sale is closed without evidence.
func TestEveryPaymentEndsInTheTruth(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.Spec.Name, func(t *testing.T) {
			t.Parallel()
			shop := wallettest.NewShop(t, s)
			for seed := range uint64(*schedules) {
				shop.Sell(t, *first+seed, (*first+seed)%2 == 0)
			}
		})
	}
}

// TestEveryFaultAtEveryCall goes through each kind of call with each way in
// which it can go wrong; what the customer and the cashier do besides, chance
// draws.
func TestEveryFaultAtEveryCall(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.Spec.Name, func(t *testing.T) {
			t.Parallel()
			shop := wallettest.NewShop(t, s)
			seed := uint64(0)
			for _, op := range []sim.Op{sim.OpStart, sim.OpQuery, sim.OpCancel, sim.OpCapture, sim.OpRefund, sim.OpQueryRefund} {
				if op == sim.OpCapture && s.Spec.Name != "paypal" {
					continue
				}
				for _, kind := range sim.FaultKinds {
					seed++
					shop.Play(t, seed, wallettest.Schedule{
						Faults:  []sim.Fault{{Op: op, Kind: kind, For: 20 * time.Millisecond, Times: 2}},
						Reverse: op == sim.OpCancel, Back: op == sim.OpRefund || op == sim.OpQueryRefund,
					})
				}
			}
		})
	}
}

// TestEveryWriteIsTheLast cuts the power before and after each of the writes of
// a sale.
func TestEveryWriteIsTheLast(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.Spec.Name, func(t *testing.T) {
			t.Parallel()
			shop := wallettest.NewShop(t, s)
			for n := 1; n <= 16; n++ {
				for _, after := range []bool{false, true} {
					shop.Play(t, uint64(n), wallettest.Schedule{Dies: n, After: after, Reverse: n%4 == 0, Back: n%4 != 0})
				}
			}
		})
	}
}
