package main_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// TestATillWithWalletsComesOutEven sells by chance through all that a till is
// made of (register, ledger, desk, adapters and the wire) while the network, the
// platform, the customer, the cashier and the power misbehave, and compares the
// platform's own books with what the till booked.
func TestATillWithWalletsComesOutEven(t *testing.T) {
	came := map[string]int{}
	for seed := range uint64(*seeds) {
		t.Run(fmt.Sprintf("seed%04d", seed), func(t *testing.T) {
			f := newFaulty(t, seed)
			f.trade()
			f.count(came)
		})
	}
	t.Logf("came to %v", came)
	if came["booked"] == 0 {
		t.Error("no seed came to a payment that was booked")
	}
	// What few seeds come to is chance.
	if *seeds < manySeeds {
		return
	}
	for _, what := range []string{"booked in part", "declined", "cancelled", "overridden", "gave back late money", "returned", "power cuts"} {
		if came[what] == 0 {
			t.Errorf("no seed came to: %s", what)
		}
	}
}

// manySeeds are enough to come to every kind of outcome.
const manySeeds = 100

// count adds up what the day came to.
func (f *faulty) count(came map[string]int) {
	list, err := f.book.Attempts(context.Background(), till.AttemptFilter{Limit: 10_000})
	if err != nil {
		f.fatal("%v", err)
	}
	for _, a := range list {
		refunds, err := f.book.RefundsOf(context.Background(), a.Number)
		if err != nil {
			f.fatal("%v", err)
		}
		for what, is := range map[string]bool{
			"booked": a.Booked, "declined": a.State == till.Declined, "cancelled": a.State == till.Cancelled, "overridden": a.RefundIfPaid,
			"booked in part": a.Booked && a.Share > 1, "watched to the end": a.State == till.Watch,
			"gave back late money": !a.Booked && len(refunds) > 0, "returned": a.Booked && len(refunds) > 0,
		} {
			if is {
				came[what]++
			}
		}
	}
	came["power cuts"] += f.deaths
}

// mortal is a ledger that dies: from a chosen write on nothing is written any
// more, as after a power cut.
type mortal struct {
	*ledger.Ledger
	mu    sync.Mutex
	left  int  // writes until then; below 0: never
	after bool // that write is still done, and nobody hears of it
	dead  bool
}

var errDead = errors.New("the power is cut")

func (m *mortal) write(f func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return &till.Error{Code: till.CannotSave, Err: errDead}
	}
	if m.left--; m.left == 0 {
		m.dead = true
		if !m.after {
			return &till.Error{Code: till.CannotSave, Err: errDead}
		}
		if err := f(); till.CodeOf(err) != "" {
			return err
		}
		return fmt.Errorf("%w: %w", till.ErrUnknown, errDead)
	}
	return f()
}

func (m *mortal) Commit(ctx context.Context, tx till.Tx) error {
	return m.write(func() error { return m.Ledger.Commit(ctx, tx) })
}

func (m *mortal) Recover(ctx context.Context) (till.State, error) {
	m.mu.Lock()
	dead := m.dead
	m.mu.Unlock()
	if dead {
		return till.State{}, errDead
	}
	return m.Ledger.Recover(ctx)
}

func (m *mortal) MoveAttempt(ctx context.Context, number string, from till.AttemptState, mv till.AttemptMove) (a till.Attempt, err error) {
	err = m.write(func() (err error) { a, err = m.Ledger.MoveAttempt(ctx, number, from, mv); return err })
	return a, err
}

func (m *mortal) MoveRefund(ctx context.Context, number string, from till.RefundState, mv till.RefundMove) (r till.WalletRefund, err error) {
	err = m.write(func() (err error) { r, err = m.Ledger.MoveRefund(ctx, number, from, mv); return err })
	return r, err
}

func (m *mortal) PlanRefund(ctx context.Context, r till.WalletRefund) (out till.WalletRefund, err error) {
	err = m.write(func() (err error) { out, err = m.Ledger.PlanRefund(ctx, r); return err })
	return out, err
}

func (m *mortal) Began(ctx context.Context, c till.WalletCall) (id int64, err error) {
	err = m.write(func() (err error) { id, err = m.Ledger.Began(ctx, c); return err })
	return id, err
}

// faulty is a till and the chance that drives it.
type faulty struct {
	t    *testing.T
	seed uint64
	rnd  *rand.Rand
	dir  string
	sim  *sim.Sim
	base string

	book  *mortal
	desk  *wallet.Desk
	reg   *till.Register
	stop  func()
	doing sync.WaitGroup
	mu    sync.Mutex
	log   strings.Builder

	deaths int
}

// The wallets of the test, in every way a code goes.
var faultyWallets = []string{"alipay", "wechatpay"}

func newFaulty(t *testing.T, seed uint64) *faulty {
	t.Helper()
	f := &faulty{t: t, seed: seed, rnd: rand.New(rand.NewPCG(seed, 11)), dir: t.TempDir(), sim: sim.New(nil)}
	f.sim.Add(sim.NewAlipay(f.sim))
	w := sim.NewWeChatPay(f.sim)
	w.ReverseAfter /= wallettest.Speed
	f.sim.Add(w)
	srv := httptest.NewServer(f.sim)
	t.Cleanup(srv.Close)
	f.base = srv.URL
	settings := till.DefaultSettings()
	if err := settings.Set("wallets", tilltest.Takings); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Found(t.Context(), f.dir, ledger.Founding{Settings: settings}, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	f.start()
	t.Cleanup(func() { f.stop() })
	return f
}

func (f *faulty) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fmt.Fprintf(&f.log, format+"\n", args...)
}

func (f *faulty) fatal(format string, args ...any) {
	f.t.Helper()
	f.mu.Lock()
	story := f.log.String()
	f.mu.Unlock()
	for _, p := range f.sim.All() {
		story += fmt.Sprintf("%s %s %s captured %d refunded %d: %s\n", p.Platform, p.Number, p.State, p.Captured, p.Refunded(), strings.Join(p.Log, "; "))
	}
	f.t.Fatalf("seed %d: %s\n%s", f.seed, fmt.Sprintf(format, args...), story)
}

// start opens the till on what its ledger has.
func (f *faulty) start() {
	f.t.Helper()
	l, err := ledger.Open(context.Background(), f.dir, ledger.Options{})
	if err != nil {
		f.fatal("open the ledger: %v", err)
	}
	f.book = &mortal{Ledger: l, left: -1}
	ctx, cancel := context.WithCancel(context.Background())
	var reg *till.Register
	tell := func(c till.Command) { _ = reg.Act(ctx, till.Act{Command: c}) } // the register says itself what it cannot book
	desk := wallet.NewDesk(f.book, wallet.DeskOptions{
		Changed: func(a till.Attempt) {
			f.note("  %s %s %s %s", a.Number, a.State, a.Reason, a.Said)
			tell(till.AttemptChanged{Attempt: a})
		},
		RefundChanged: func(r till.WalletRefund) {
			f.note("  refund %s of %s %s", r.Number, r.Attempt, r.State)
			tell(till.RefundChanged{Refund: r})
		},
		Deadline: 200 * time.Millisecond, Speed: wallettest.Speed,
	})
	for _, name := range faultyWallets {
		spec, _ := wallets.Find(name)
		a := f.sim.Platform(name).Account()
		a.Name, a.Mode, a.BaseURL, a.Currency = name, "live", f.base+"/"+name, money.Currency{Code: "CNY", Exponent: 2}
		if err := desk.Use(spec, a); err != nil {
			f.fatal("%s: %v", name, err)
		}
	}
	reg = till.NewRegister(f.book, tilltest.Goods(), tilltest.PINs{Staff: tilltest.New().Staff}, till.Options{NewID: ledger.NewID, Wallets: desk})
	if err := reg.Open(ctx); err != nil {
		f.fatal("open the register: %v", err)
	}
	ended := make(chan struct{})
	go func() { reg.Run(ctx); close(ended) }()
	if err := desk.Resume(ctx); err != nil {
		f.fatal("resume: %v", err)
	}
	f.desk, f.reg = desk, reg
	var once sync.Once
	f.stop = func() {
		once.Do(func() {
			cancel()
			desk.Close()
			<-ended
			l.Close()
		})
	}
	f.act(till.SignOn{Code: "1001", PIN: "1001"})
	for end := time.Now().Add(10 * time.Second); reg.View().Operator == nil; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			f.fatal("nobody could sign on")
		}
	}
	if reg.View().Shift == nil {
		f.act(till.OpenShift{})
	}
}

// act hands over one command; refusals are the register's good right.
func (f *faulty) act(c till.Command) error {
	f.t.Helper()
	err := f.reg.Act(context.Background(), till.Act{Command: c})
	f.note("%T%+v: %v", c, c, err)
	if err != nil && till.CodeOf(err) == "" {
		f.fatal("%T: %v", c, err)
	}
	return err
}

// revive starts a till again that has lost its power.
func (f *faulty) revive() {
	f.book.mu.Lock()
	dead := f.book.dead
	f.book.mu.Unlock()
	if dead {
		f.note("the till starts again")
		f.deaths++
		f.stop()
		f.start()
	}
}

// trade is a short day, and a long evening in which everything is found out.
func (f *faulty) trade() {
	n := func(most int) int { return f.rnd.IntN(most) }
	ms := func(most int) time.Duration { return time.Duration(n(most*1000)) * time.Microsecond }
	ops := []sim.Op{sim.OpStart, sim.OpQuery, sim.OpCancel, sim.OpRefund, sim.OpQueryRefund, ""}
	for range 60 {
		f.revive()
		v := f.reg.View()
		if n(8) == 0 {
			x := sim.Fault{Op: ops[n(len(ops))], Kind: sim.FaultKinds[n(len(sim.FaultKinds))], For: 5*time.Millisecond + ms(25), Times: 1 + n(3), Skip: n(3)}
			f.note("fault %+v", x)
			f.sim.Fail(x)
		}
		if n(15) == 0 {
			f.book.mu.Lock()
			f.book.left, f.book.after = 1+n(12), n(2) == 0
			f.note("power cut at write %d, after it: %t", f.book.left, f.book.after)
			f.book.mu.Unlock()
		}
		open := ""
		if v.Attempt != nil && v.Attempt.Holds() {
			open = v.Attempt.Number
		}
		switch k := n(14); {
		case v.Sale == nil && k < 9:
			f.act(till.AddTyped{Name: "货", Price: money.UnitPrice(1000_00 + n(5000)*100)})
		case v.Sale != nil && open == "" && k < 8:
			c := till.PayWallet{Wallet: faultyWallets[n(2)], Amount: v.Due, Way: till.Show}
			if n(3) == 0 {
				c.Amount = v.Due/2 + 1
			}
			if n(2) == 0 {
				c.Way, c.ByHand = till.Take, true
				c.Code = f.sim.Platform(c.Wallet).NewCode(sim.Purse{Password: n(2) == 0, Expired: n(12) == 0, Balance: money.Amount(n(2) * (n(9000) + 1))})
			}
			if f.act(c) == nil && n(4) != 0 {
				if at := f.reg.View().Attempt; at != nil {
					number := at.Number
					f.later(ms(40), "the customer pays "+number, func() { _ = f.sim.Pay(c.Wallet, number) }) // what cannot be paid the customer sees
				}
			}
		case open != "" && k < 2:
			f.act(till.StopAttempt{Number: open})
		case open != "" && k == 2:
			f.act(till.OverrideAttempt{Number: open, Reason: "queue"})
		case open != "" && k == 3:
			f.act(till.CheckAttempt{Number: open})
		case k == 4 || k == 8:
			f.act(till.Park{})
		case k == 5 && len(v.Parked) > 0:
			f.act(till.Recall{Sale: v.Parked[n(len(v.Parked))].Sale.ID})
		case k == 6 || k == 9:
			f.act(till.PayCash{})
		case k == 7:
			f.act(till.CancelSale{Reason: "x"})
		case k == 10:
			f.act(till.TakeReturn{Receipt: n(v.Next) + 1, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: money.Quantity(n(1000) + 1)}}})
		case k == 11:
			f.act(till.PostVoid{Receipt: n(v.Next) + 1, Reason: "x"})
		default:
			time.Sleep(ms(20))
		}
	}
	f.doing.Wait()
	time.Sleep(40 * time.Millisecond) // requests that were late
	f.revive()
	f.stop()
	f.start()
	f.sim.Mend()
	f.settle()
	f.check()
}

func (f *faulty) later(after time.Duration, what string, do func()) {
	f.doing.Go(func() {
		time.Sleep(after)
		f.note("%s", what)
		do()
	})
}

// settle closes every sale, and asks until nobody learns anything new.
func (f *faulty) settle() {
	f.t.Helper()
	all := func() []till.Attempt {
		list, err := f.book.Attempts(context.Background(), till.AttemptFilter{Limit: 10_000})
		if err != nil {
			f.fatal("read the attempts: %v", err)
		}
		return list
	}
	quiet := 0
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			f.fatal("no rest: %+v", f.reg.View())
		}
		rest := true
		for _, a := range all() {
			switch {
			case a.State == till.Attention:
				f.act(till.OverrideAttempt{Number: a.Number, Reason: "the amounts differ"})
				rest = false
			case a.State == till.Unknown || a.State == till.Pending:
				f.act(till.StopAttempt{Number: a.Number})
				rest = false
			case a.State.Open() && a.State != till.Watch:
				rest = false
			}
		}
		v := f.reg.View()
		for _, r := range v.Refunds {
			if r.State == till.RefundFailed {
				f.act(till.RefundInCash{Number: r.Number})
			}
			rest = rest && !r.State.Open()
		}
		switch {
		case !rest:
			continue
		case v.Sale != nil:
			f.act(till.PayCash{})
			continue
		case len(v.Parked) > 0:
			f.act(till.Recall{Sale: v.Parked[0].Sale.ID})
			continue
		}
		before := all()
		for _, a := range before {
			switch a.State {
			case till.Watch, till.Cancelled, till.Declined: // as the next day's bill would say
				_, _ = f.desk.Ask(context.Background(), a.Number) // what it taught is compared below
			}
		}
		time.Sleep(5 * time.Millisecond)
		same := func(a, b till.Attempt) bool {
			return a.Number == b.Number && a.State == b.State && a.Refunded == b.Refunded && a.Said == b.Said && a.Reason == b.Reason
		}
		if !slices.EqualFunc(before, all(), same) {
			quiet = 0
		} else if quiet++; quiet == 3 { // one question may be three calls
			return
		}
	}
}

// check compares the platform's books with the till's.
func (f *faulty) check() {
	f.t.Helper()
	ctx := context.Background()
	list, err := f.book.Attempts(ctx, till.AttemptFilter{Limit: 10_000})
	if err != nil {
		f.fatal("%v", err)
	}
	cash := map[string]money.Amount{}
	by := map[string]till.Attempt{}
	for _, a := range list {
		by[a.Number] = a
		refunds, err := f.book.RefundsOf(ctx, a.Number)
		if err != nil {
			f.fatal("%v", err)
		}
		for _, r := range refunds {
			if r.InCash {
				cash[a.Number] += r.Amount
			}
		}
		p, _ := f.sim.Payment(a.Wallet, a.Number)
		kept, booked := p.Captured-p.Refunded(), money.Amount(0)
		if a.Booked {
			booked = a.Amount - a.Refunded
		}
		if kept != booked+cash[a.Number] {
			f.fatal("%s is %s: the platform keeps %d, the till booked %d and paid %d out in cash", a.Number, a.State, kept, booked, cash[a.Number])
		}
	}
	shares := map[string]string{}
	for n := 1; n < f.reg.View().Next; n++ {
		sold, err := f.book.Sold(ctx, n)
		if till.CodeOf(err) == till.NoSuchReceipt {
			continue // a return's
		}
		if err != nil {
			f.fatal("%v", err)
		}
		for _, x := range sold.Sale.Tenders {
			if x.Kind.Family() != "wallet" {
				continue
			}
			number, _, _ := strings.Cut(x.Ref, "/")
			a, ok := by[number]
			if x.Evidence != till.ByProvider || !ok || !a.Booked || a.Amount != x.Amount || a.Receipt != n || a.Share != x.N || shares[number] != "" {
				f.fatal("receipt %d holds %+v, which rests on %+v", n, x, a)
			}
			shares[number] = sold.Sale.ID.String()
		}
	}
	for _, a := range list {
		if a.Booked && shares[a.Number] == "" {
			f.fatal("%s is booked and no sale's tender", a.Number)
		}
	}
	if _, err := f.book.Audit(ctx, nil); err != nil {
		f.fatal("verify: %v", err)
	}
}
