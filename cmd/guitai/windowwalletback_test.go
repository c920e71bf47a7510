//go:build e2e

package main_test

import (
	"strings"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/wallet/sim"
)

// A customer who takes long is set aside, the next one is served, and the first
// one's sale completes by itself once it is paid; then its goods come back, and
// the money through the wallet that took it.
func TestWindowWalletAsideAndBack(t *testing.T) {
	r, s := payingTill(t)
	r.click(694, 250)
	r.keys(cashierPIN)
	time.Sleep(time.Second)
	r.keys("2<F9>")
	r.until("the shift open", func() bool { return r.state().Shift != nil })

	r.scan("6901234500042")
	r.sees("15.90", total(1590))
	r.keys("<F9>")
	r.keys("w")
	slow := r.payment(s, 1, func(p sim.Payment) bool { return p.QR != "" })
	time.Sleep(time.Second)
	r.keys("<F7>")
	r.until("the sale set aside", func() bool { st := r.state(); return st.Current == nil && len(st.Parked) == 1 })
	r.shot("wallet-aside")

	r.scan("6901234500059")
	r.sees("5.00", total(500))
	r.keys("10<F8>")
	r.sold(1)
	if err := s.Pay("wechatpay", slow.Number); err != nil {
		t.Fatal(err)
	}
	// In the tray it is asked about every 30 s.
	for end := time.Now().Add(35 * time.Second); r.state().Receipt < 2 && time.Now().Before(end); {
		time.Sleep(200 * time.Millisecond)
	}
	r.sold(2)
	if st := r.state(); len(st.Parked) != 0 {
		t.Errorf("%d sales are parked still", len(st.Parked))
	}
	r.shot("wallet-found-paid")
	paid := r.attempt(slow.Number)
	if paid.State != till.PaidFor || !paid.Booked || paid.Receipt != 2 || paid.Amount != 1590 || paid.Provider == "" {
		t.Errorf("the payment is %+v", paid)
	}

	// The milk comes back.
	r.keys("<Escape>")
	r.scan(till.ReceiptBarcode("1", 2))
	time.Sleep(time.Second)
	r.keys("<space>")
	r.keys("1")
	r.shot("wallet-return")
	r.keys("<F9>")
	r.sold(3)
	r.shot("wallet-returned")
	r.until("the money back at the customer's", func() bool {
		p, _ := s.Payment("wechatpay", slow.Number)
		return p.Refunded() == 1590 && len(p.Refunds) == 1
	})
	r.until("the till told so", func() bool { return r.attempt(slow.Number).Refunded == 1590 })
	r.until("four slips", func() bool { return len(r.paper.slips()) >= 4 })
	slips := r.paper.slips()
	// The first is the one a customer keeps who does not know yet; of the
	// provider's number stands as much as helps to find the payment.
	tail := paid.Provider[len(paid.Provider)-4:]
	wants := [][]string{{"15.90", slow.Number[:4], slow.Number[12:]}, {"5.00", "10.00"}, {"15.90", slow.Number, tail}, {"15.90", "退款"}}
	for i, want := range wants {
		for _, w := range want {
			if !strings.Contains(slips[i], w) {
				t.Errorf("slip %d lacks %q:\n%s", i+1, w, slips[i])
			}
		}
	}
	r.end()
	r.run("verify")
}

// attempt reads a payment beside the running till.
func (r *realTill) attempt(number string) till.Attempt {
	r.Helper()
	l, err := ledger.Open(r.Context(), r.dir, ledger.Options{ReadOnly: true})
	if err != nil {
		r.Fatal(err)
	}
	defer l.Close()
	a, err := l.Attempt(r.Context(), number)
	if err != nil {
		r.Fatal(err)
	}
	return a
}
