package ledger

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/tilltest"
)

// childEnv holds the folder that a child process sells in until it is killed.
const childEnv = "GUITAI_TEST_SELL_IN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := sellUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if dir := os.Getenv(payingEnv); dir != "" {
		if err := payUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// A mark is what the child says on standard output: what it is about to do, and
// what is done once the register has answered.
type mark struct {
	receipts int
	lines    int // of the open basket
	due      int64
}

func markOf(v till.View) mark {
	m := mark{receipts: v.Next - 1, due: int64(v.Due)}
	if v.Sale != nil {
		m.lines = len(v.Sale.Lines)
	}
	return m
}

func (m mark) String() string { return fmt.Sprintf("done %d %d %d", m.receipts, m.lines, m.due) }

// sellUntilKilled runs a real register on the ledger in dir: two to five scans
// and cash, again and again.
func sellUntilKilled(dir string) error {
	ctx := context.Background()
	l, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	reg := till.NewRegister(l, tilltest.Goods(), tilltest.PINs{Staff: []till.Operator{{Code: "1001", Role: till.Owner, Active: true}}}, till.Options{NewID: NewID})
	if err := reg.Open(ctx); err != nil {
		return err
	}
	go reg.Run(ctx)
	if err := reg.Act(ctx, till.Act{Command: till.SignOn{Code: "1001", PIN: "1001"}}); err != nil {
		return err
	}
	for reg.View().Operator == nil {
		time.Sleep(time.Millisecond)
	}
	if reg.View().Shift == nil {
		if err := reg.Act(ctx, till.Act{Command: till.OpenShift{Float: 10000}}); err != nil {
			return err
		}
	}
	fmt.Println(markOf(reg.View()))
	for {
		var c till.Command = till.Scan{Code: "6901234567892"}
		v := reg.View()
		if v.Sale != nil && len(v.Sale.Lines) >= 2+v.Next%4 {
			c = till.PayCash{Tendered: v.CashDue + 50}
			fmt.Println("pay")
		} else {
			fmt.Println("scan")
		}
		if err := reg.Act(ctx, till.Act{Command: c}); err != nil {
			return err
		}
		fmt.Println(markOf(reg.View()))
	}
}

// A crash is what the parent learned from one kill.
type crash struct {
	acked  mark
	doing  string // what the child had begun and not yet finished
	after  mark   // what the ledger says
	unseen bool   // the act was recorded and not yet acknowledged
}

// killOnce lets a child sell in dir, kills it after a random time and compares
// what it had said with what the ledger holds.
func killOnce(dir string, rnd *rand.Rand) (crash, error) {
	var c crash
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return c, err
	}
	if err := cmd.Start(); err != nil {
		return c, err
	}
	var timer *time.Timer
	lines := bufio.NewReader(out)
	for {
		// A line without its end was never said.
		text, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		text = strings.TrimSpace(text)
		if _, err := fmt.Sscanf(text, "done %d %d %d", &c.acked.receipts, &c.acked.lines, &c.acked.due); err == nil {
			c.doing = ""
		} else {
			c.doing = text
		}
		if timer == nil {
			timer = time.AfterFunc(time.Duration(rnd.IntN(40_000))*time.Microsecond, func() { cmd.Process.Kill() })
		}
	}
	err = cmd.Wait()
	if timer == nil || stderr.Len() > 0 {
		return c, fmt.Errorf("the child ended by itself: %w: %s", err, stderr.String())
	}
	timer.Stop()
	return c, c.look(dir)
}

func (c *crash) look(dir string) error {
	l, err := Open(bg, dir, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer l.Close()
	st, err := l.Recover(bg)
	if err != nil {
		return err
	}
	c.after = mark{receipts: st.Receipt}
	if st.Current != nil {
		c.after.lines, c.after.due = len(st.Current.Lines), int64(st.Current.Due())
	}
	if c.after == c.acked {
		return nil
	}
	next := c.acked
	switch c.doing {
	case "scan":
		next.lines++
		next.due += 1590
	case "pay":
		next = mark{receipts: c.acked.receipts + 1}
	default:
		return fmt.Errorf("the child had said %q and was at rest; the ledger holds %+v", c.acked, c.after)
	}
	if c.after != next {
		return fmt.Errorf("the child had said %q and begun to %s; the ledger holds %+v", c.acked, c.doing, c.after)
	}
	c.unseen = true
	return nil
}

// kills kills n children on one ledger, which it audits every now and then.
func kills(dir string, n int, seed uint64) (sold, unseen, baskets int, err error) {
	rnd := rand.New(rand.NewPCG(seed, 3))
	for i := range n {
		c, err := killOnce(dir, rnd)
		if err != nil {
			return sold, unseen, baskets, fmt.Errorf("kill %d: %w", i, err)
		}
		sold = c.after.receipts
		if c.unseen {
			unseen++
		}
		if c.after.lines > 0 {
			baskets++
		}
		if i%50 != 49 && i != n-1 {
			continue
		}
		there, err := receipts(dir)
		if err == nil && len(there) != sold {
			err = fmt.Errorf("%d sales under %d receipt numbers", len(there), sold)
		}
		if err != nil {
			return sold, unseen, baskets, fmt.Errorf("after kill %d: %w", i, err)
		}
	}
	return sold, unseen, baskets, nil
}

func killShop(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, FileName)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l, err := Found(bg, dir, Founding{Settings: shopSettings()}, Options{})
	if err != nil {
		return err
	}
	return l.Close()
}

// TestKilledTillLosesNothing kills a selling till 200 times at random moments,
// always on the same ledger: what the register had answered is there, once, and
// the open basket comes back. It runs alone: between fork and exec a child holds
// the locks of every ledger that other tests have open.
func TestKilledTillLosesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := killShop(dir); err != nil {
		t.Fatal(err)
	}
	sold, unseen, baskets, err := kills(dir, 200, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("200 kills: %d sales, %d acts recorded but not yet answered, %d open baskets back", sold, unseen, baskets)
	if sold < 200 || baskets < 50 {
		t.Errorf("%d sales and %d open baskets in 200 kills: they do not reach the selling", sold, baskets)
	}
}
