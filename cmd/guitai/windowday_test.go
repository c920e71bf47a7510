//go:build e2e

package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/till"
)

// A whole day at the counter through the real window, by keys and clicks.
func TestWindowWholeDay(t *testing.T) {
	r := openRealTill(t)
	r.shot("sign-on")
	// The first of the list is the owner; the cashier is below.
	r.click(694, 250)
	r.keys(cashierPIN) // six digits need no Enter
	time.Sleep(time.Second)
	r.shot("shift-open")
	r.keys("2<F9>") // two notes of 100
	r.until("the shift open", func() bool { s := r.state().Shift; return s != nil && s.Float == 20000 })

	// Three scans at a scanner's speed, cash.
	for _, code := range []string{"6901234500042", "6901234500011", "6901234500059"} {
		r.scan(code)
	}
	r.sees("33.40 in the cart", total(3340))
	r.shot("cart")
	r.keys("100<F8>")
	r.sold(1)
	r.shot("change")

	// A weighed item, found by its initials, beside a scan; parked, recalled.
	r.scan("6901234500059")
	r.keys("<F2>")
	r.keys("xj")
	time.Sleep(500 * time.Millisecond)
	r.keys("<Return>")
	time.Sleep(500 * time.Millisecond)
	r.shot("weight")
	r.keys("1.234<Return>")
	r.sees("5.00 and 8.39", total(1339))
	r.keys("<F7>")
	r.until("the sale parked", func() bool { st := r.state(); return st.Current == nil && len(st.Parked) == 1 })
	r.keys("<F4>")
	r.sees("the sale back", total(1339))
	// Another milk: 15.90, and 10 % off the sale.
	r.scan("6901234500042")
	r.sees("29.29", total(2929))
	r.keys("<F6>")
	time.Sleep(700 * time.Millisecond)
	r.shot("discount")
	r.keys("5")
	r.click(649, 347) // the reason
	r.keys("<Return>")
	time.Sleep(500 * time.Millisecond)
	r.shot("discounted")
	r.sees("5 % off", total(2783))

	// Cash, card and a payment code in one sale.
	r.keys("<F9>")
	time.Sleep(500 * time.Millisecond)
	r.keys("10<F8>")
	r.sees("10.00 in cash", func(s *till.Sale) bool { return s.Due() == 1783 })
	r.keys("7.83")
	r.keys("c")
	time.Sleep(time.Second)
	r.keys("4242")
	r.shot("card")
	r.keys("<F9>")
	r.sees("7.83 by card", func(s *till.Sale) bool { return s.Due() == 1000 })
	r.keys("u")
	r.sees("the payment code", func(s *till.Sale) bool { return len(s.Shown) == 1 })
	file := r.shot("payment-code")
	code := r.do("zbarimg", "--raw", "-q", file)
	if !strings.Contains(code, "540510.00") || !strings.HasPrefix(code, "000201010212") {
		t.Errorf("zbarimg read %q", code)
	}
	r.keys("0615<F9>")
	r.sold(2)
	r.shot("paid")

	// A return by the receipt's own barcode: the milk of the first sale.
	r.keys("<Return>")
	r.scan(till.ReceiptBarcode("1", 1))
	time.Sleep(time.Second)
	r.shot("return")
	r.keys("<space>")
	r.keys("1")
	r.shot("return-chosen")
	r.keys("<F9>")
	time.Sleep(time.Second)
	r.sold(3)
	r.shot("returned")

	// The drawer has 200.00 + 33.40 + 10.00 - 15.90 = 227.50.
	r.keys("<Escape>")
	r.keys("<F10>")
	time.Sleep(time.Second)
	r.shot("menu")
	r.keys("4") // close the shift
	time.Sleep(time.Second)
	for _, n := range []string{"2", "0", "1", "0", "1", "2", "1", "0"} {
		r.keys(n + "<Return>")
	}
	r.shot("counted")
	r.keys("<F9>")
	time.Sleep(time.Second)
	r.shot("difference")
	r.keys("<F9>")
	r.until("the Z", func() bool { return r.state().LastZ == 1 })
	r.shot("z")

	r.until("four slips", func() bool { return len(r.paper.slips()) >= 4 })
	slips := r.paper.slips()
	for i, want := range [][]string{{"33.40", "100.00", "66.60", "鲜牛奶 1L"}, {"27.83", "10.00", "7.83", "香蕉"}, {"15.90"}} {
		for _, w := range want {
			if !strings.Contains(slips[i], w) {
				t.Errorf("slip %d lacks %q:\n%s", i+1, w, slips[i])
			}
		}
	}
	if n := r.paper.pulses(); n != 4 { // for the float, two sales with cash and a refund
		t.Errorf("the drawer opened %d times", n)
	}
	r.end()

	var day struct {
		Sales struct {
			Count int
			Net   string
		}
		Refunds struct{ Amount string }
		Tenders []struct{ Kind, Amount, Refunded string }
		Cash    []struct {
			Expected, Counted string
			OverShort         string `json:"over_short"`
		}
		Unverified struct{ Amount string }
	}
	if err := json.Unmarshal([]byte(r.run("report", "day", "--format", "json")), &day); err != nil {
		t.Fatal(err)
	}
	if day.Sales.Count != 2 || day.Sales.Net != "45.33" || day.Refunds.Amount != "15.90" || day.Unverified.Amount != "10.00" {
		t.Errorf("report: %+v", day)
	}
	if len(day.Cash) != 1 || day.Cash[0].Expected != "227.50" || day.Cash[0].Counted != "227.50" || day.Cash[0].OverShort != "0.00" {
		t.Errorf("cash: %+v", day.Cash)
	}
	got := map[string]string{}
	for _, x := range day.Tenders {
		got[x.Kind] = x.Amount + " " + x.Refunded
	}
	for kind, want := range map[string]string{"cash": "43.40 15.90", "card": "7.83 0.00", "qr:unionpay": "10.00 0.00"} {
		if got[kind] != want {
			t.Errorf("%s: %s, want %s", kind, got[kind], want)
		}
	}
	r.run("verify")
}

// A till that is killed with goods in the cart has them again, and a second one
// on the same data says why it does not start.
func TestWindowKilledTillKeepsTheCart(t *testing.T) {
	r := openRealTill(t)
	r.click(694, 250)
	r.keys(cashierPIN)
	time.Sleep(time.Second)
	r.keys("2<F9>")
	r.until("the shift open", func() bool { return r.state().Shift != nil })
	r.scan("6901234500042")
	r.scan("6901234500011")
	r.sees("28.40 in the cart", total(2840))

	second := exec.Command(filepath.Join("..", "..", "build", "guitai"), "--data", r.dir)
	if err := second.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second)
	r.shot("second-start")
	if st := r.state(); st.Current == nil || st.Current.Total() != 2840 {
		t.Error("the second start touched the cart")
	}
	_ = second.Process.Kill()
	_ = second.Wait()

	if err := r.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.cmd.Wait()
	r.start()
	r.shot("after-the-kill")
	r.click(694, 154) // who is on the shift stands first
	r.keys(cashierPIN)
	time.Sleep(time.Second)
	r.scan("6901234500059")
	r.sees("33.40 in the cart", total(3340))
	r.keys("50<F8>")
	r.sold(1)
	r.end()
	r.run("verify")
}

// An empty machine sells after four fields: the shop is founded, the recovery
// code is read, goods without a name are sold for cash.
func TestWindowFirstRun(t *testing.T) {
	r := &realTill{TB: t, dir: t.TempDir(), paper: newSocketPrinter(t)}
	r.launch()
	time.Sleep(2 * time.Second)
	r.shot("first-run")
	r.keys("Qinghe<Tab>Chen Ning<Tab>" + ownerPIN + "<Tab>" + ownerPIN + "<Return>")
	r.until("the ledger", func() bool { _, err := os.Stat(filepath.Join(r.dir, "ledger.db")); return err == nil })
	time.Sleep(2 * time.Second)
	r.shot("recovery-code")
	r.keys("<F9>")
	r.until("the till at work", func() bool { return r.state().Settings.Shop.Name == "Qinghe" })
	time.Sleep(2 * time.Second)
	r.shot("first-shift")
	r.keys("1<F9>")
	r.until("the shift open", func() bool { s := r.state().Shift; return s != nil && s.Float == 10000 })
	r.scan("6901234500042")
	time.Sleep(700 * time.Millisecond)
	r.shot("new-barcode")
	r.keys("milk<Tab>15.90<Return>")
	r.sees("15.90 in the cart", total(1590))
	r.keys("20<F8>")
	r.sold(1)
	r.shot("first-sale")
	r.end()
	r.run("verify")
}
