package cards_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"guitai/hardware/sim"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// childEnv holds the orders of a child process that takes cards until it is
// killed.
const childEnv = "GUITAI_TEST_TAKE_CARDS"

// orders tell a child where to sell.
type orders struct {
	Dir, Address string
	Seed         uint64
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		var o orders
		err := json.Unmarshal([]byte(text), &o)
		if err == nil {
			err = takeCards(o)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// takeCards sells, and says what was completed, until it is killed.
func takeCards(o orders) error {
	s, err := open(o.Dir, o.Address, false, speed)
	if err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(o.Seed, 3))
	fmt.Println("up")
	said := s.reg.View().Next - 1
	act := func(c till.Command) { _ = s.reg.Act(context.Background(), till.Act{Command: c}) } // refusals are the register's good right
	for {
		v := s.reg.View()
		if n := v.Next - 1; n != said {
			said = n
			fmt.Println("receipt", n)
		}
		holds := v.Attempt != nil && v.Attempt.Holds()
		switch k := rnd.IntN(40); {
		case v.Sale == nil && k < 30:
			act(till.NextSale{})
			act(till.AddTyped{Name: "货", Price: money.UnitPrice((1000 + rnd.IntN(5000)) * 100)})
		case holds && k == 0:
			act(till.StopAttempt{Number: v.Attempt.Number})
		case holds && k == 1:
			act(till.Park{})
		case holds && k == 2 && v.Attempt.State == till.Unknown:
			act(till.OverrideAttempt{Number: v.Attempt.Number, Reason: "queue"})
		case holds:
			time.Sleep(time.Duration(rnd.IntN(8)) * time.Millisecond)
		case len(v.Parked) > 0 && v.Sale == nil:
			act(till.Recall{Sale: v.Parked[0].Sale.ID})
		case v.Sale != nil && k < 25:
			amount := v.Due
			if k < 6 {
				amount = v.Due/2 + 1
			}
			act(till.PayWallet{Wallet: till.CardTerminal, Amount: amount, Way: till.Tap})
		case v.Sale != nil && k < 28:
			act(till.PayCash{})
		case k > 36 && v.Next > 1:
			act(till.TakeReturn{Receipt: rnd.IntN(v.Next) + 1, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: money.One}}})
		}
	}
}

// kills are how often the till is killed in the ordinary tests.
const kills = 48

// A till is killed at any moment of its payments, again and again, while the
// terminal approves, declines, loses its link and goes on by itself. At last the
// terminal's own books and the till's are the same, and no receipt that the till
// had spoken of is missing.
func TestATillThatIsKilledTakesEachCardOnce(t *testing.T) {
	const seed = 7
	rnd := rand.New(rand.NewPCG(seed, 5))
	x := sim.NewCardTerminal()
	address, err := x.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	dir := t.TempDir()
	found(t, dir)
	came := map[string]int{}
	for i := range kills {
		for _, s := range []string{"keep", []string{"approve", "approve", "approve", "decline", "cancel"}[rnd.IntN(5)], fmt.Sprintf("late %.3f", float64(rnd.IntN(60))/1000)} {
			if err := x.Obey(s); err != nil {
				t.Fatal(err)
			}
		}
		if rnd.IntN(3) == 0 {
			if err := x.Obey("cut " + sim.CardSteps[rnd.IntN(len(sim.CardSteps))]); err != nil {
				t.Fatal(err)
			}
		}
		if rnd.IntN(5) == 0 {
			if err := x.Obey("reverse"); err != nil {
				t.Fatal(err)
			}
		}
		said := sellAndKill(t, orders{dir, address, rnd.Uint64()}, time.Duration(rnd.IntN(250_000))*time.Microsecond)
		l, err := ledger.Open(context.Background(), dir, ledger.Options{ReadOnly: true})
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		st, err := l.Recover(context.Background())
		if err != nil || st.Receipt < said {
			t.Fatalf("kill %d: the till had completed receipt %d, its ledger ends with %d, %v", i, said, st.Receipt, err)
		}
		for _, a := range st.Attempts {
			came[a.State.String()]++
		}
		for _, r := range st.Refunds {
			came["refund "+r.State.String()]++
		}
		l.Close()
	}
	for _, s := range []string{"keep", "approve", "late 0"} {
		if err := x.Obey(s); err != nil {
			t.Fatal(err)
		}
	}
	c := &counter{TB: t, dir: dir, sim: x, address: address}
	c.start()
	defer func() { c.stop() }()
	c.settle()
	c.even()
	taken := len(x.Books())
	t.Logf("%d kills over %d payments that the terminal took; open when it was gone: %v", kills, taken, came)
	if taken < kills/4 || came["sending"]+came["pending"]+came["unknown"] < kills/8 {
		t.Errorf("the kills do not reach the payments: %d taken, %v", taken, came)
	}
}

// sellAndKill starts a till and kills it after a while; it returns the last
// receipt that the till spoke of.
func sellAndKill(t *testing.T, o orders, after time.Duration) (said int) {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var timer *time.Timer
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // a line without its end was never said
		}
		if timer == nil {
			timer = time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		fmt.Sscanf(line, "receipt %d", &said)
	}
	if err := cmd.Wait(); timer == nil || stderr.Len() > 0 {
		t.Fatalf("the child ended by itself: %v: %s", err, stderr.String())
	}
	timer.Stop()
	return said
}

// settle lets the till find everything out and closes its sales.
func (c *counter) settle() {
	c.Helper()
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		v := c.reg.View()
		if time.Now().After(end) {
			c.Fatalf("no rest: %+v, %+v, sale %t", v.Attempts, v.Refunds, v.Sale != nil)
		}
		rest := true
		for _, a := range v.Attempts {
			switch {
			case a.State == till.Watch, a.State == till.Unknown:
				c.desk.Check(a.Number)
				time.Sleep(20 * time.Millisecond)
				rest = false
			case a.State.Open() || a.State == till.PaidFor && !a.Booked:
				rest = false
			}
		}
		for _, r := range v.Refunds {
			if r.State == till.RefundFailed && !r.InCash {
				c.act(till.RefundInCash{Number: r.Number})
				rest = false
			}
			if r.State.Open() {
				c.desk.Check(r.Number)
				time.Sleep(20 * time.Millisecond)
				rest = false
			}
		}
		switch {
		case !rest:
		case v.Sale != nil:
			c.act(till.PayCash{})
		case len(v.Parked) > 0:
			c.act(till.Recall{Sale: v.Parked[0].Sale.ID})
		default:
			return
		}
	}
}
