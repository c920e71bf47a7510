package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/till"
	"guitai/till/money"
	"guitai/wallet/sim"
)

// payRow is a payment as the commands write it.
type payRow struct {
	Number   string      `json:"number"`
	Wallet   string      `json:"wallet"`
	Mode     string      `json:"mode"`
	Way      string      `json:"way"`
	Amount   string      `json:"amount"`
	Currency string      `json:"currency"`
	State    string      `json:"state"`
	Outcome  string      `json:"outcome"`
	Reason   till.Reason `json:"reason"`
	Said     string      `json:"said"`
	Provider string      `json:"provider"`
	Refunded string      `json:"refunded"`
	Code     string      `json:"code"`
	QR       string      `json:"qr"`
	Planned  time.Time   `json:"planned_at"`
	Changed  time.Time   `json:"changed_at"`
	PaidAt   *time.Time  `json:"paid_at"`
}

type backRow struct {
	Number   string      `json:"number"`
	Attempt  string      `json:"attempt"`
	Amount   string      `json:"amount"`
	State    string      `json:"state"`
	Reason   till.Reason `json:"reason"`
	Said     string      `json:"said"`
	Provider string      `json:"provider"`
}

// customers pay whatever waits for them until stop is called.
func (c *walletShop) customers(name string) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
			for _, p := range c.sim.All() {
				if p.Platform == name && (p.State == sim.Created || p.State == sim.Waiting) {
					_ = c.sim.Pay(name, p.Number) // closed meanwhile: the customer sees it
				}
			}
		}
	}()
	return sync.OnceFunc(func() { close(done); <-ended })
}

// Every wallet is paid in every way it has, refunded in part, never more than
// was paid, and listed on its bill; the books of both sides agree, and neither
// the secrets nor the customer's code are kept anywhere.
func TestWalletPayAndGiveBack(t *testing.T) {
	for _, spec := range wallets.Specs {
		t.Run(spec.Name, func(t *testing.T) {
			t.Parallel()
			c := newWalletShop(t)
			c.set(spec.Name, map[string]string{"currency": "CNY"})
			for i, way := range spec.Ability.Ways {
				number := c.payBy(spec.Name, way)
				if i == 0 { // some providers take half a minute for a refund
					c.giveBack(spec.Name, number)
				}
			}
			if spec.Ability.Bills {
				c.bill(spec.Name)
			}
			c.keepsSecret(c.secrets(spec.Name)...)
			c.exits(0, nil, "verify")
		})
	}
}

// payBy takes 12.50 and returns the payment's number.
func (c *walletShop) payBy(name string, way till.Presentment) string {
	t := c.t
	t.Helper()
	code := ""
	args := []string{"wallet", "pay", name, "--amount", "12.50", "--format", "json", "--" + way.String()}
	stop := func() {}
	if way == till.Take {
		code = c.sim.Platform(name).NewCode(sim.Purse{})
		args = append(args[:len(args)-1], "--code-file", "-")
		c.in = code + "\n"
	} else {
		stop = c.customers(name)
	}
	out := c.exits(0, nil, args...)
	stop()
	row := read[payRow](t, out)
	p, ok := c.sim.Payment(name, row.Number)
	if !ok || p.Captured != 1250 || p.Refunded() != 0 {
		t.Fatalf("the platform has %+v", p)
	}
	tail := ""
	if code != "" {
		tail = code[len(code)-4:]
		c.keepsSecret(code)
	}
	if row.Wallet != name || row.Mode != "test" || row.Way != way.String() || row.Amount != "12.50" || row.State != "paid" || row.Outcome != "paid" ||
		row.Refunded != "0.00" || row.Code != tail || row.PaidAt == nil || len(row.Number) > 20 || row.Currency != "CNY" {
		t.Errorf("%+v", row)
	}
	if way == till.Show {
		first, _, _ := strings.Cut(out, "\n")
		var shown struct{ Number, Show string }
		if err := json.Unmarshal([]byte(first), &shown); err != nil || shown.Number != row.Number || shown.Show != p.QR || p.QR == "" {
			t.Errorf("shows %s, want %s", first, p.QR)
		}
	}
	// Asked again it is the same.
	if again := read[payRow](t, c.exits(0, nil, "wallet", "query", row.Number, "--format", "json")); again.State != "paid" || again.Number != row.Number {
		t.Errorf("asked again: %+v", again)
	}
	// It is paid, so there is nothing to reverse.
	c.exits(1, nil, "wallet", "cancel", row.Number)
	return row.Number
}

// giveBack gives a payment of 12.50 back in two parts, and no cent more.
func (c *walletShop) giveBack(name, number string) {
	t := c.t
	t.Helper()
	back := read[backRow](t, c.exits(0, nil, "wallet", "refund", number, "--amount", "3.00", "--reason", "变质", "--format", "json"))
	if back.State != "done" || back.Amount != "3.00" || back.Attempt != number || back.Number == number {
		t.Errorf("the refund: %+v", back)
	}
	c.exits(1, []string{"above_refundable", "9.50"}, "wallet", "refund", number, "--amount", "9.51")
	rest := read[backRow](t, c.exits(0, nil, "wallet", "refund", number, "--amount", "9.50", "--format", "json"))
	c.exits(1, []string{"above_refundable", "0.00"}, "wallet", "refund", number, "--amount", "0.01")
	p, _ := c.sim.Payment(name, number)
	if p.Refunded() != 1250 || len(p.Refunds) != 2 || rest.Number == back.Number {
		t.Errorf("given back %d in %d refunds", p.Refunded(), len(p.Refunds))
	}
	list := read[[]payRow](t, c.exits(0, nil, "wallet", "attempts", "--format", "json"))
	if list[0].Number != number || list[0].Refunded != "12.50" || list[0].State != "paid" {
		t.Errorf("the newest payment is %+v", list[0])
	}
	if open := read[[]payRow](t, c.exits(0, nil, "wallet", "attempts", "--open", "--format", "json")); len(open) != 0 {
		t.Errorf("open: %+v", open)
	}
}

// bill compares the bill of today with what the shop has.
func (c *walletShop) bill(name string) {
	t := c.t
	t.Helper()
	day := time.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	out, errs, exit := c.run("wallet", "bill", name, "--date", day, "--format", "json")
	if exit != 0 {
		t.Logf("%s has no bill of today: %s", name, errs)
		return
	}
	type row struct {
		Number   string    `json:"number"`
		Refund   string    `json:"refund"`
		Provider string    `json:"provider"`
		At       time.Time `json:"at"`
		Amount   string    `json:"amount"`
		Fee      string    `json:"fee"`
		Currency string    `json:"currency"`
		State    string    `json:"state"`
	}
	rows := read[[]row](t, out)
	for _, p := range c.sim.All() {
		if p.Platform != name {
			continue
		}
		want := map[string]string{"": "12.50"}
		for _, r := range p.Refunds {
			want[r.Number] = money.Currency{Exponent: 2}.Format(r.Amount)
		}
		for _, r := range rows {
			if r.Number != p.Number {
				continue
			}
			if want[r.Refund] != r.Amount {
				t.Errorf("the bill has %+v, want %s", r, want[r.Refund])
			}
			delete(want, r.Refund)
		}
		if len(want) > 0 {
			t.Errorf("the bill lacks %v of %s: %+v", want, p.Number, rows)
		}
	}
}

// What is not paid says so with its reason and exit code 1, and takes nothing;
// what is refused beforehand sends nothing.
func TestWalletPayNotPaid(t *testing.T) {
	c := newWalletShop(t)
	for _, name := range []string{"alipay", "wechatpay", "paypal"} {
		c.set(name, map[string]string{"currency": "CNY"})
	}
	for _, row := range []struct {
		wallet string
		purse  sim.Purse
		reason till.Reason
	}{
		{"alipay", sim.Purse{Expired: true}, till.CodeExpired},
		{"alipay", sim.Purse{Balance: 1}, till.NotEnough},
		{"wechatpay", sim.Purse{Expired: true}, till.CodeExpired},
		{"wechatpay", sim.Purse{Balance: 1}, till.NotEnough},
	} {
		got := read[payRow](t, c.exits(1, nil, "wallet", "pay", row.wallet, "--amount", "20.00", "--code", c.sim.Platform(row.wallet).NewCode(row.purse), "--format", "json"))
		if got.Outcome != "not_paid" || got.Reason != row.reason || got.Said == "" || got.PaidAt != nil {
			t.Errorf("%s %+v: %+v", row.wallet, row.purse, got)
		}
		if p, _ := c.sim.Payment(row.wallet, got.Number); p.Captured != 0 {
			t.Errorf("%d were taken", p.Captured)
		}
		c.exits(1, []string{"above_refundable"}, "wallet", "refund", got.Number, "--amount", "0.01")
	}
	if out, _, _ := c.run("wallet", "pay", "alipay", "--amount", "20.00", "--code", c.sim.Platform("alipay").NewCode(sim.Purse{Balance: 1})); !strings.Contains(out, "not paid, nothing was taken: not_enough") {
		t.Errorf("says %s", out)
	}

	calls, before := len(c.sim.Calls()), len(read[[]payRow](t, c.exits(0, nil, "wallet", "attempts", "--format", "json")))
	pay := func(exit int, says []string, args ...string) {
		t.Helper()
		c.exits(exit, says, append([]string{"wallet", "pay"}, args...)...)
	}
	pay(1, []string{"code of goods", "Nothing was sent"}, "alipay", "--amount", "5.00", "--code", "6901234567892")
	pay(2, []string{"as 12.50", "Nothing was sent"}, "alipay", "--amount", "0", "--show")
	pay(2, []string{"as 12.50"}, "alipay", "--amount=-1.00", "--show")
	pay(2, []string{"as 12.50"}, "alipay", "--amount", "1.005", "--show")
	pay(2, []string{"--show"}, "alipay", "--amount", "1.00")
	pay(2, nil, "alipay", "--amount", "1.00", "--show", "--code", "286000000000000000")
	pay(2, nil, "alipay", "--show")
	pay(1, []string{"cannot be paid that way"}, "paypal", "--amount", "1.00", "--code", "286000000000000000")
	pay(1, []string{"no account of stripe"}, "stripe", "--amount", "1.00", "--show")
	pay(1, []string{"no wallet named"}, "bitcoin", "--amount", "1.00", "--show")
	if n := len(c.sim.Calls()); n != calls {
		t.Errorf("%d calls were made", n-calls)
	}
	if n := len(read[[]payRow](t, c.exits(0, nil, "wallet", "attempts", "--format", "json"))); n != before {
		t.Errorf("%d payments were begun", n-before)
	}
	// Above the wallet's limit the adapter refuses, and sends nothing.
	over := read[payRow](t, c.exits(1, nil, "wallet", "pay", "alipay", "--amount", "100000000.01", "--show", "--format", "json"))
	if over.Reason != till.AmountNotAllowed || over.Outcome != "not_paid" || len(c.sim.Calls()) != calls {
		t.Errorf("%+v, %d calls", over, len(c.sim.Calls())-calls)
	}
	c.exits(1, []string{"no payment has this number: X1"}, "wallet", "query", "X1")
	c.exits(1, []string{"no payment has this number"}, "wallet", "refund", "X1", "--amount", "1.00")
}

// A payment whose answers are lost is unknown, exit code 3, until the network
// is back: then the same number says what is true, and it was charged once.
func TestWalletPayUnknown(t *testing.T) {
	c := newWalletShop(t)
	c.set("alipay", nil)
	c.sim.Fail(sim.Fault{Kind: sim.DropAnswer, Times: -1})
	code := c.sim.Platform("alipay").NewCode(sim.Purse{})
	got := read[payRow](t, c.exits(3, nil, "wallet", "pay", "alipay", "--amount", "7.00", "--code", code, "--wait", "1s", "--format", "json"))
	if got.Outcome != "unknown" || got.State != "unknown" || got.Reason != till.NoNetwork {
		t.Errorf("%+v", got)
	}
	out, _, exit := c.run("wallet", "query", got.Number)
	if exit != 3 || !strings.Contains(out, "Do not hand over goods and do not charge again") || !strings.Contains(out, "wallet query "+got.Number) {
		t.Errorf("exit %d: %s", exit, out)
	}
	c.sim.Mend()
	now := read[payRow](t, c.exits(0, nil, "wallet", "query", got.Number, "--format", "json"))
	if p, _ := c.sim.Payment("alipay", got.Number); now.Outcome != "paid" || p.Captured != 700 || len(c.sim.All()) != 1 {
		t.Errorf("%+v, the platform took %d", now, p.Captured)
	}
	// One that never arrived is reversed and proved so.
	c.sim.Cut("alipay", true)
	lost := read[payRow](t, c.exits(3, nil, "wallet", "pay", "alipay", "--amount", "8.00", "--code", c.sim.Platform("alipay").NewCode(sim.Purse{}), "--wait", "1s", "--format", "json"))
	c.sim.Cut("alipay", false)
	out, errs, exit := c.run("wallet", "cancel", lost.Number, "--format", "json")
	if p, ok := c.sim.Payment("alipay", lost.Number); exit == 1 || p.Captured != p.Refunded() {
		t.Errorf("exit %d, at the platform %v %+v\n%s%s", exit, ok, p, out, errs)
	}
	c.keepsSecret(code)
}

// program starts a command as a process of its own.
func (c *walletShop) program(args ...string) (*exec.Cmd, *strings.Builder) {
	c.t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"--data", c.data, "--lang", c.lang}, args...)...)
	cmd.Env = append(os.Environ(), "GUITAI_TEST_COMMAND=1")
	out := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	return cmd, out
}

// opened waits until the platform has a payment that is not in seen.
func (c *walletShop) opened(name string, seen ...string) string {
	c.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		for _, p := range c.sim.All() {
			if p.Platform == name && !slices.Contains(seen, p.Number) {
				return p.Number
			}
		}
	}
	c.t.Fatal("no payment reached the platform")
	return ""
}

// An interrupt reverses what is being paid, and waits for the proof.
func TestWalletPayInterrupted(t *testing.T) {
	c := newWalletShop(t)
	c.set("paypal", map[string]string{"currency": "CNY"})
	cmd, out := c.program("wallet", "pay", "paypal", "--amount", "5.00", "--show", "--format", "json")
	number := c.opened("paypal")
	time.Sleep(300 * time.Millisecond)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	got := read[payRow](t, out.String())
	if got.Number != number || got.State != "cancelled" || got.Outcome != "not_paid" || got.Reason != till.StoppedByCashier {
		t.Errorf("%+v", got)
	}
	_ = c.sim.Pay("paypal", number) // the customer agrees all the same: nobody takes the money
	c.exits(1, nil, "wallet", "query", number)
	if p, _ := c.sim.Payment("paypal", number); p.Captured != 0 {
		t.Errorf("%d were taken", p.Captured)
	}
}

// Killed at any moment, the next command says the truth: what the platform
// took is paid, what it did not take is not, and neither is begun again.
func TestWalletPayKilled(t *testing.T) {
	c := newWalletShop(t)
	c.set("alipay", nil)
	c.set("paypal", map[string]string{"currency": "CNY"})
	ends := map[string]int{}
	seen := 0
	for i := range 24 {
		name, args := "alipay", []string{"--code", c.sim.Platform("alipay").NewCode(sim.Purse{Password: i%4 == 2})}
		stop := func() {}
		if i%2 == 1 {
			name, args = "paypal", []string{"--show"}
			stop = c.customers(name)
		}
		// Half are killed by the clock, half just before or after a call is done.
		var at <-chan time.Time
		switch i % 3 {
		case 0:
			at = time.After(time.Duration(20+i*12) * time.Millisecond)
		case 1:
			c.sim.Fail(sim.Fault{Kind: sim.Slow, For: 300 * time.Millisecond, Skip: i % 4, Times: 1})
			at = time.After(time.Duration(150+i*10) * time.Millisecond)
		default:
			c.sim.Fail(sim.Fault{Kind: sim.DropAnswer, Times: 1})
			at = time.After(time.Duration(200+i*8) * time.Millisecond)
		}
		cmd, out := c.program(append([]string{"wallet", "pay", name, "--amount", fmt.Sprintf("%d.00", i+1)}, args...)...)
		<-at
		cmd.Process.Kill()
		_ = cmd.Wait() // killed
		stop()
		c.sim.Mend()
		list := read[[]payRow](t, c.exits(0, nil, "wallet", "attempts", "--format", "json"))
		if len(list) == seen {
			ends["nothing written"]++
			continue
		}
		if seen++; len(list) != seen {
			t.Fatalf("kill %d: %d payments, want %d", i, len(list), seen)
		}
		number := list[0].Number
		if strings.Contains(out.String(), args[len(args)-1]) {
			t.Errorf("the customer's code was said: %s", out)
		}
		c.learn(i, name, number, ends)
	}
	t.Log(ends)
	if ends["paid"] < 3 || ends["not_paid"] < 1 {
		t.Errorf("the kills reach little: %v", ends)
	}
	if open := read[[]payRow](t, c.exits(0, nil, "wallet", "attempts", "--open", "--format", "json")); len(open) != ends["in doubt"] {
		t.Errorf("open: %+v", open)
	}
	c.exits(0, nil, "verify")
}

// learn asks about a killed payment and compares the answer with the platform.
func (c *walletShop) learn(i int, name, number string, ends map[string]int) {
	t := c.t
	t.Helper()
	out, errs, exit := c.run("wallet", "query", number, "--format", "json")
	row := read[payRow](t, out)
	p, there := c.sim.Payment(name, number)
	if row.State == "planned" || row.State == "sending" {
		t.Fatalf("kill %d: nobody took it up: it is %s", i, row.State)
	}
	if row.Outcome == "unknown" { // it still waits for the customer, or is unknown to the platform
		if p.Captured > 0 && name == "alipay" {
			t.Fatalf("kill %d: the platform took %d, and the till says %s: %s", i, p.Captured, row.State, errs)
		}
		ends["open: "+row.State]++
		out, errs, exit = c.run("wallet", "cancel", number, "--wait", "3s", "--format", "json")
		row = read[payRow](t, out)
		p, there = c.sim.Payment(name, number)
	}
	kept := p.Captured - p.Refunded()
	switch {
	case row.Outcome == "paid" && kept == p.Amount && there:
		ends["paid"]++
	case row.Outcome == "not_paid" && kept == 0:
		ends["not_paid"]++
	case row.Outcome == "unknown" && kept == 0:
		// What never arrived, and a capture that was meant, may still be on the
		// way: nobody knows, and the till says so.
		ends["in doubt"]++
	default:
		t.Fatalf("kill %d: the till says %s %s (exit %d), the platform keeps %d: %v\n%s", i, row.State, row.Reason, exit, kept, p.Log, errs)
	}
}

// What was planned and never sent is given up by the next command.
func TestWalletPlanIsGivenUp(t *testing.T) {
	c := newWalletShop(t)
	c.set("alipay", nil)
	book, err := (&env{ctx: t.Context(), data: c.data}).open()
	if err != nil {
		t.Fatal(err)
	}
	a, err := book.PlanAttempt(t.Context(), till.Attempt{
		Wallet: "alipay", Mode: "test", Amount: 500, Currency: money.Currency{Code: "CNY", Exponent: 2}, Way: till.Show, PlannedAt: time.Now(),
	})
	if err := errors.Join(err, book.Close()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Millisecond)
	row := read[payRow](t, c.exits(1, nil, "wallet", "query", a.Number, "--format", "json"))
	if row.State != "abandoned" || row.Outcome != "not_paid" || len(c.sim.All()) != 0 {
		t.Errorf("%+v", row)
	}
}
