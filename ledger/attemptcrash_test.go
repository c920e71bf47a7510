package ledger

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"guitai/till"
)

// payingEnv holds the folder that a child process takes payments in until it is
// killed.
const payingEnv = "GUITAI_TEST_PAY_IN"

// A payer takes one payment after the other, one durable write a step: planned,
// moved, called, booked, refunded.
type payer struct {
	*counter
	st      till.State
	steps   []func() error
	attempt till.Attempt
	refund  till.WalletRefund
	call    int64
	sale    *till.Sale
}

func newPayer(l *Ledger, seed uint64) (*payer, error) {
	st, err := l.Recover(bg)
	if err != nil {
		return nil, err
	}
	at := time.Now().Truncate(time.Millisecond)
	p := &payer{counter: &counter{l: l, at: at, receipt: st.Receipt, shift: st.LastShift, day: st.LastDay, ids: seed << 20}, st: st}
	return p, nil
}

// next does the next step, which is one commit.
func (p *payer) next() error {
	if len(p.steps) == 0 {
		p.plan()
	}
	step := p.steps[0]
	if err := step(); err != nil {
		return err
	}
	p.steps = p.steps[1:]
	return nil
}

func (p *payer) move(m till.AttemptMove) func() error {
	return func() error {
		if m.At.IsZero() {
			m.At = p.now()
		}
		a, err := p.l.MoveAttempt(bg, p.attempt.Number, p.attempt.State, m)
		if err == nil {
			p.attempt = a
		}
		return err
	}
}

func (p *payer) now() time.Time {
	p.at = p.at.Add(time.Millisecond)
	return p.at
}

func (p *payer) moveRefund(m till.RefundMove) func() error {
	return func() error {
		if m.At.IsZero() {
			m.At = p.now()
		}
		r, err := p.l.MoveRefund(bg, p.refund.Number, p.refund.State, m)
		if err == nil {
			p.refund = r
		}
		return err
	}
}

func (p *payer) calls(kind string, number func() string) []func() error {
	c := till.WalletCall{Wallet: "alipay", Kind: kind, Method: "POST", URL: "https://x", Hash: "ab", Asked: "{}", Began: p.now()}
	return []func() error{
		func() (err error) { c.Number = number(); p.call, err = p.l.Began(bg, c); return err },
		func() error {
			return p.l.Ended(bg, p.call, till.WalletCall{Ended: p.now(), Status: 200, Answered: "{}"})
		},
	}
}

// plan lines up the steps of one payment and of its refund.
func (p *payer) plan() {
	p.sale = p.basket(2)
	a := till.Attempt{
		Number: till.AttemptNumber("1", p.st.Epoch, p.l.NextAttempt()), Wallet: "alipay", Mode: "live", Sale: p.sale.ID, Share: 1, Amount: p.sale.Due(),
		Currency: cny, Cashier: "1001", Shift: p.shift, Day: p.day, PlannedAt: p.now(),
	}
	p.attempt = a
	p.attempt.State = till.Planned
	tried := p.l.tried.Load()
	add := func(s ...func() error) { p.steps = append(p.steps, s...) }
	number := func() string { return p.attempt.Number }
	add(func() error {
		return p.l.Commit(bg, till.Tx{Keep: []*till.Sale{p.sale}, Current: p.sale.ID, Plan: []till.Attempt{a}, Attempt: tried})
	})
	add(p.move(till.AttemptMove{To: till.Sending}))
	add(p.calls("start", number)...)
	late := p.ids%3 == 0
	if late {
		add(p.move(till.AttemptMove{To: till.Unknown, Reason: till.NoNetwork}), p.move(till.AttemptMove{To: till.Watch, By: "1003", Note: "x", RefundIfPaid: true}))
		add(p.move(till.AttemptMove{To: till.LatePaid, Verdict: "done"}))
	} else {
		add(p.move(till.AttemptMove{To: till.Pending, Verdict: "waiting", QR: "https://qr"}), p.move(till.AttemptMove{To: till.PaidFor, Verdict: "done", Provider: "2026"}))
		var sale *till.Tx
		add(func() error {
			if sale == nil {
				tx := p.settled(p.sale, p.attempt)
				sale = &tx
			}
			return p.l.Commit(bg, *sale)
		})
	}
	refund := till.WalletRefund{Attempt: a.Number, Amount: 50, Why: "x", PlannedAt: p.now()}
	add(func() error {
		r, err := p.l.PlanRefund(bg, refund)
		if err == nil {
			p.refund = r
		}
		return err
	})
	add(p.moveRefund(till.RefundMove{To: till.RefundSending}))
	add(p.calls("refund", func() string { return p.refund.Number })...)
	add(p.moveRefund(till.RefundMove{To: till.RefundUnknown}), p.moveRefund(till.RefundMove{To: till.RefundDone}))
}

// written counts what the steps of payers have written: each adds one.
func written(l *Ledger) (n int64, err error) {
	err = l.q().QueryRowContext(bg, `SELECT (SELECT count(*) FROM attempt) + (SELECT count(*) FROM attempt WHERE receipt <> 0) + (SELECT count(*) FROM attempt_move)
		+ (SELECT count(*) FROM wallet_call) + (SELECT count(*) FROM wallet_call WHERE ended_ms <> 0) + (SELECT count(*) FROM wallet_refund)
		+ (SELECT count(*) FROM wallet_refund_move)`).Scan(&n)
	return n, err
}

func payUntilKilled(dir string) error {
	l, err := Open(bg, dir, Options{})
	if err != nil {
		return err
	}
	n, err := written(l)
	if err != nil {
		return err
	}
	p, err := newPayer(l, rand.Uint64N(1<<40))
	if err != nil {
		return err
	}
	for {
		fmt.Println("done", n)
		fmt.Println("do")
		if err := p.next(); err != nil {
			return err
		}
		n++
	}
}

// TestKilledWhilePayingLosesNothing kills a till that takes payments 100 times:
// every write of a payment that was acknowledged is there, and at most one more.
func TestKilledWhilePayingLosesNothing(t *testing.T) {
	dir := t.TempDir()
	c := openShop(t, dir, Options{})
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	var last, unseen int64
	const n = 100
	for i := range n {
		acked, doing := payAndKill(t, dir, rnd)
		l, err := Open(bg, dir, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		there, err := written(l)
		if err == nil && (i%20 == 19 || i == n-1) {
			_, err = l.Audit(bg, nil)
		}
		if err = errors.Join(err, l.Close()); err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		if there != acked && (there != acked+1 || !doing) {
			t.Fatalf("kill %d: %d writes were acknowledged, %d are there", i, acked, there)
		}
		if there == acked+1 {
			unseen++
		}
		last = there
	}
	t.Logf("%d kills: %d writes, %d of them not yet acknowledged", n, last, unseen)
	if last < n/2 {
		t.Errorf("%d writes in %d kills: they do not reach the payments", last, n)
	}
}

func payAndKill(t *testing.T, dir string, rnd *rand.Rand) (acked int64, doing bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), payingEnv+"="+dir)
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
		text, err := lines.ReadString('\n')
		if err != nil {
			break // a line without its end was never said
		}
		if _, err := fmt.Sscanf(text, "done %d", &acked); err == nil {
			doing = false
		} else {
			doing = strings.TrimSpace(text) == "do"
		}
		if timer == nil {
			timer = time.AfterFunc(time.Duration(rnd.IntN(60_000))*time.Microsecond, func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); timer == nil || stderr.Len() > 0 {
		t.Fatalf("the child ended by itself: %v: %s", err, stderr.String())
	}
	timer.Stop()
	return acked, doing
}

// TestPowerCutLosesNoPayment cuts the power at any call of the disk while
// payments are taken.
func TestPowerCutLosesNoPayment(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		st, steps := tellPayments(t, seed)
		rnd := rand.New(rand.NewPCG(seed, 9))
		for range 80 {
			at := rnd.IntN(len(st.calls) + 1)
			files, acked := st.cut(at, rnd)
			if err := lookPayments(t, st, files, acked); err != nil {
				t.Errorf("story %d of %d steps, cut before call %d: %v", seed, steps, at, err)
			}
		}
	}
}

// tellPayments takes payments and writes down what the disk was asked to do.
func tellPayments(t *testing.T, seed uint64) (st story, steps int) {
	t.Helper()
	dir := t.TempDir()
	c := openShop(t, dir, Options{Synchronous: "OFF"})
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	st.base = map[string][]byte{}
	var err error
	if st.base[FileName], err = os.ReadFile(dir + "/" + FileName); err == nil {
		st.key, err = os.ReadFile(dir + "/" + keyFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	d := watch(t, dir)
	d.keep = true
	l, err := Open(bg, dir, Options{VFS: shimName})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p, err := newPayer(l, seed+1)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(seed, 8))
	for steps = 0; steps < 60; steps++ {
		if err := p.next(); err != nil {
			t.Fatal(err)
		}
		d.ack(int64(steps + 1))
		if rnd.IntN(12) == 0 {
			if err := l.checkpoint(); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	st.calls = append([]call(nil), d.calls...)
	return st, steps
}

func lookPayments(t *testing.T, st story, files map[string][]byte, acked int64) error {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, b := range files {
		if len(b) == 0 {
			continue
		}
		if err := os.WriteFile(dir+"/"+name, b, 0o600); err != nil {
			return err
		}
	}
	if err := os.WriteFile(dir+"/"+keyFile, st.key, 0o600); err != nil {
		return err
	}
	l, err := Open(bg, dir, Options{Synchronous: "OFF"})
	if err != nil {
		return err
	}
	defer l.Close()
	there, err := written(l)
	if err != nil {
		return err
	}
	if there < acked {
		return fmt.Errorf("%w: %d writes were acknowledged, %d are there", errLost, acked, there)
	}
	if there > acked+1 {
		return fmt.Errorf("%d writes are there and only %d were acknowledged", there, acked)
	}
	_, err = l.Audit(bg, nil)
	return err
}

// TestEveryDiskCallFailsWhilePaying fails the k-th call of the disk for every k.
// A step that was refused is done again, as the desk does: it is there once.
func TestEveryDiskCallFailsWhilePaying(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	c := openShop(t, base, Options{Synchronous: "OFF"})
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	points, again := 0, 0
	for k := 1; ; k++ {
		hit, tried, err := payFaulty(t, base, k)
		if err != nil {
			t.Errorf("call %d fails: %v", k, err)
		}
		again += tried
		if !hit {
			break
		}
		points++
	}
	t.Logf("%d fault points, %d steps done again", points, again)
	if points < 40 || again < points/3 {
		t.Errorf("%d fault points and %d steps done again: the faults do not reach the payments", points, again)
	}
}

func payFaulty(t *testing.T, base string, k int) (hit bool, again int, err error) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	copyDir(t, base, dir)
	d := watch(t, dir)
	l, err := Open(bg, dir, Options{VFS: shimName})
	if err != nil {
		return false, 0, err
	}
	defer func() { _ = l.Close() }() // its checkpoint may be the call that fails; the log keeps everything
	p, err := newPayer(l, uint64(k))
	if err != nil {
		return false, 0, err
	}
	d.mu.Lock()
	d.count = 0
	d.fail = func(n int, c call) int32 {
		if n != k {
			return 0
		}
		hit = true
		return errorOf(c)
	}
	d.mu.Unlock()
	const steps = 16 // of a payment that is booked and refunded
	var acked int64
	for range steps {
		for try := 0; ; try++ {
			err := p.next()
			if err == nil {
				acked++
				break
			}
			if try == 3 {
				return hit, again, fmt.Errorf("step %d: %w", acked+1, err)
			}
			again++
			if code := till.CodeOf(err); code != till.CannotSave && !errors.Is(err, till.ErrUnknown) {
				// The former try was written all the same.
				if there, e := written(l); e != nil || there != acked+1 {
					return hit, again, fmt.Errorf("step %d: %w", acked+1, errors.Join(err, e))
				}
				p.settle()
				acked++
				break
			}
		}
	}
	there, err := written(l)
	if err == nil && there != acked {
		err = fmt.Errorf("%d steps were done, %d writes are there", acked, there)
	}
	if err == nil {
		_, err = l.Audit(bg, nil)
	}
	return hit, again, err
}

// settle goes on after a step that is done though it was refused.
func (p *payer) settle() {
	p.steps = p.steps[1:]
	if a, err := p.l.Attempt(bg, p.attempt.Number); err == nil {
		p.attempt = a
	}
}
