package wallettest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// Speed is how much faster than a clock a Shop waits: 10 s are 2 ms.
const Speed = 5000

// A Shop sells through a desk as a register and a cashier do, while things go
// wrong: the network, the platform, the customer, the power. Its store outlives
// every program that works on it.
type Shop struct {
	Store    *Store
	Sim      *sim.Sim
	Platform sim.Platform
	Subject  Subject
	base     string
	log      strings.Builder

	mu    sync.Mutex
	desk  *wallet.Desk
	sales map[till.ID]*sale
	last  byte
}

type sale struct {
	amount money.Amount
	closed string // number of the attempt that paid it, or cash
}

// NewShop opens a shop on a simulator.
func NewShop(t testing.TB, s Subject) *Shop {
	t.Helper()
	if s.Currency.Code == "" {
		s.Currency = money.Currency{Code: "CNY", Exponent: 2}
	}
	shop := &Shop{Store: &Store{}, Sim: sim.New(nil), Subject: s, sales: map[till.ID]*sale{}}
	shop.Platform = s.Platform(shop.Sim)
	shop.Sim.Add(shop.Platform)
	srv := httptest.NewServer(shop.Sim)
	t.Cleanup(srv.Close)
	shop.base = srv.URL + "/" + shop.Platform.Name()
	t.Cleanup(func() { shop.Desk().Close() })
	shop.open(t)
	return shop
}

// Desk returns the desk of the program that runs now.
func (s *Shop) Desk() *wallet.Desk {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.desk
}

// open starts the program: it recovers first.
func (s *Shop) open(t testing.TB) {
	t.Helper()
	d := wallet.NewDesk(s.Store, wallet.DeskOptions{
		Changed: s.changed, Shop: func() string { return "街角便利店" }, Deadline: 200 * time.Millisecond, Speed: Speed,
	})
	a := s.Platform.Account()
	a.Name, a.BaseURL, a.Mode, a.Currency = s.Subject.Spec.Name, s.base, "test", s.Subject.Currency
	if err := d.Use(s.Subject.Spec, a); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.desk = d
	s.mu.Unlock()
	for _, a := range s.Store.All() {
		s.changed(a)
	}
	if err := d.Resume(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// Restart kills the program where it stands and starts it again.
func (s *Shop) Restart(t testing.TB) {
	t.Helper()
	s.Desk().Close()
	s.Store.Revive()
	s.open(t)
}

func (s *Shop) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.log, format+"\n", args...)
}

// changed is what the register does with news of an attempt.
func (s *Shop) changed(a till.Attempt) {
	s.note("  %s %s %s %s", a.Number, a.State, a.Reason, a.Said)
	s.mu.Lock()
	sl, d := s.sales[a.Sale], s.desk
	s.mu.Unlock()
	if sl == nil {
		return
	}
	if a.Booked { // the commit was on the disk, though nobody heard of it
		s.mu.Lock()
		sl.closed = a.Number
		s.mu.Unlock()
		return
	}
	if a.Refunded > 0 {
		return // it has gone back
	}
	switch a.State {
	case till.PaidFor, till.LatePaid:
		s.mu.Lock()
		waits := sl.closed == "" && !a.RefundIfPaid
		if waits {
			sl.closed = a.Number
		}
		s.mu.Unlock()
		if waits {
			if _, err := s.Store.Book(a.Number); err != nil {
				s.mu.Lock()
				sl.closed = ""
				s.mu.Unlock()
			}
			return
		}
		if r, err := s.Store.Owe(a.Number); err == nil {
			d.Refund(r)
		}
	}
}

// A Schedule is what goes wrong during one sale.
type Schedule struct {
	Faults  []sim.Fault
	Dies    int  // the write at which the power goes; 0: it does not
	After   bool // that write is on the disk
	Reverse bool // the cashier reverses every payment; else chance says
	Back    bool // a part is given back; else chance says
}

// Sell sells one sale by a schedule that chance draws, and checks that
// everything comes out even.
func (s *Shop) Sell(t testing.TB, seed uint64, crash bool) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 0x6775697461))
	var sc Schedule
	ops := []sim.Op{sim.OpStart, sim.OpQuery, sim.OpCancel, sim.OpRefund, sim.OpQueryRefund, sim.OpCapture, ""}
	for range rnd.IntN(4) {
		f := sim.Fault{
			Op: ops[rnd.IntN(len(ops))], Kind: sim.FaultKinds[rnd.IntN(len(sim.FaultKinds))], For: 5*time.Millisecond + time.Duration(rnd.IntN(25_000))*time.Microsecond,
			Times: 1 + rnd.IntN(3), Skip: rnd.IntN(3),
		}
		if f.Kind == sim.Slow && rnd.IntN(2) == 0 {
			f.For = 250 * time.Millisecond // longer than a call may take
		}
		sc.Faults = append(sc.Faults, f)
	}
	if crash {
		sc.Dies, sc.After = 1+rnd.IntN(14), rnd.IntN(2) == 0
	}
	s.Play(t, seed, sc)
}

// Play sells one sale by a schedule and checks that everything comes out even.
func (s *Shop) Play(t testing.TB, seed uint64, sc Schedule) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 0x67756974))
	s.Desk().Close()
	s.Store = &Store{last: s.Store.last} // what an earlier sale left to be watched is not this one's
	s.open(t)
	s.mu.Lock()
	s.log.Reset()
	s.last++
	id := till.ID{15: s.last, 14: 1}
	amount := money.Amount(100 + rnd.IntN(5000))
	sl := &sale{amount: amount}
	s.sales[id] = sl
	s.mu.Unlock()
	name := s.Platform.Name()
	ms := func(most int) time.Duration { return time.Duration(rnd.IntN(most*1000)) * time.Microsecond }
	for _, f := range sc.Faults {
		s.note("fault %+v", f)
		s.Sim.Fail(f)
	}
	var doing sync.WaitGroup
	later := func(after time.Duration, what string, f func()) {
		doing.Add(1)
		go func() {
			defer doing.Done()
			time.Sleep(after)
			s.note("%s", what)
			f()
		}()
	}
	dead := make(chan struct{})
	if sc.Dies > 0 {
		s.note("power cut at write %d, after it: %v", sc.Dies, sc.After)
		d := s.Desk()
		s.Store.Kill(sc.Dies, sc.After, func() { close(dead); go d.Close() })
	}
	alive := true
	restart := func() {
		select {
		case <-dead:
			if alive {
				s.note("the till starts again")
				s.Restart(t)
				alive = false
			}
		default:
		}
	}
	open := func() bool { s.mu.Lock(); defer s.mu.Unlock(); return sl.closed == "" }
	for try := 0; try < 3 && open(); try++ {
		ways := s.Subject.Spec.Ability.Ways
		way := ways[rnd.IntN(len(ways))]
		code := ""
		if way == till.Take {
			code = s.Platform.NewCode(sim.Purse{Password: rnd.IntN(2) == 0, Expired: rnd.IntN(12) == 0, Balance: money.Amount(rnd.IntN(2) * (rnd.IntN(6000) + 1))})
		}
		a, err := s.Store.Plan(till.Attempt{
			Wallet: s.Subject.Spec.Name, Mode: "test", Sale: id, Share: 1, Amount: amount, Currency: s.Subject.Currency, Way: way, PlannedAt: time.Now(),
		})
		if err != nil {
			restart()
			time.Sleep(5 * time.Millisecond)
			continue
		}
		s.note("try %d: %s %s", try, a.Number, way)
		s.Desk().Start(a, code)
		// The customer.
		if rnd.IntN(4) != 0 {
			later(ms(40), "customer pays "+a.Number, func() {
				_ = s.Sim.Pay(name, a.Number) // nothing to pay, or closed: the customer sees it
			})
		}
		// The cashier.
		switch k := rnd.IntN(5); {
		case k < 2 || sc.Reverse:
			later(ms(40), "cashier reverses "+a.Number, func() { s.Desk().Stop(a.Number) })
		case k == 2:
			later(ms(40), "manager overrides "+a.Number, func() { s.Desk().Override(a.Number, "1002", "queue") })
		}
		for end := time.Now().Add(20 * time.Second); open(); time.Sleep(time.Millisecond) {
			restart()
			now, err := s.Store.Attempt(context.Background(), a.Number)
			if err == nil && now.State == till.Attention {
				s.Desk().Override(a.Number, "1001", "the amounts differ")
			}
			if err == nil && !now.Holds() && now.State != till.LatePaid && (now.State != till.PaidFor || now.Refunded > 0) {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("seed %d: %s stays %s\n%s", seed, a.Number, now.State, s.story())
			}
		}
	}
	if open() {
		s.note("paid in cash")
		s.mu.Lock()
		sl.closed = "cash"
		s.mu.Unlock()
	} else if sc.Back || rnd.IntN(2) == 0 {
		s.giveBack(sl, rnd, restart)
	}
	doing.Wait()
	time.Sleep(40 * time.Millisecond) // requests that were late
	restart()
	if alive && sc.Dies > 0 {
		s.Restart(t)
	}
	s.Sim.Mend()
	s.settle(t, seed)
	s.check(t, seed, id, sl)
}

// giveBack returns a part of what was paid, once or twice, while things go on
// going wrong: a part, so that a platform has no reason to refuse it twice.
func (s *Shop) giveBack(sl *sale, rnd *rand.Rand, restart func()) {
	kinds := []sim.FaultKind{sim.DropRequest, sim.DropAnswer, sim.LateRequest, sim.Twice, sim.Garbage, sim.Status502After}
	for range 1 + rnd.IntN(2) {
		if rnd.IntN(3) > 0 {
			f := sim.Fault{Op: sim.OpRefund, Kind: kinds[rnd.IntN(len(kinds))], For: time.Duration(5+rnd.IntN(25)) * time.Millisecond, Times: 1 + rnd.IntN(2)}
			s.note("fault %+v", f)
			s.Sim.Fail(f)
		}
		restart()
		r, err := s.Store.PlanRefund(context.Background(), till.WalletRefund{Attempt: sl.closed, Amount: 1 + sl.amount/5, Why: "returned", PlannedAt: time.Now()})
		s.note("give %d of %s back as %q: %v", r.Amount, sl.closed, r.Number, err)
		if err == nil {
			s.Desk().Refund(r)
		}
		time.Sleep(time.Duration(rnd.IntN(30)) * time.Millisecond)
	}
}

// settle lets everything come to rest: what is left is watched, and asked
// about again without a new answer.
func (s *Shop) settle(t testing.TB, seed uint64) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		restless := 0
		for _, a := range s.Store.All() {
			if a.State == till.Attention { // the owner lets it be given back
				s.Desk().Override(a.Number, "1001", "the amounts differ")
			}
			if a.State.Open() && a.State != till.Watch {
				restless++
			}
		}
		for _, r := range s.Store.Refunds() {
			if r.State.Open() {
				restless++
			}
		}
		if restless == 0 && s.asked() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("seed %d: no rest: %d open, refunds %+v\n%s", seed, restless, s.Store.Refunds(), s.story())
		}
	}
}

// asked asks about everything that is watched, and, as the next day's bill
// would, about what was given up for good; it reports whether nothing came of it.
func (s *Shop) asked() bool {
	before := s.Store.All()
	for _, a := range before {
		switch a.State {
		case till.Watch, till.Cancelled, till.Declined:
			_, _ = s.Desk().Ask(context.Background(), a.Number) // the states are compared below
		}
	}
	time.Sleep(2 * time.Millisecond)
	for i, a := range s.Store.All() {
		if a.State != before[i].State {
			return false
		}
	}
	return true
}

// check compares the books of the platform with what the shop booked.
func (s *Shop) check(t testing.TB, seed uint64, id till.ID, sl *sale) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("seed %d: %s\n%s", seed, fmt.Sprintf(format, args...), s.story())
	}
	if broken := s.Store.Broken(); broken != "" {
		fail("a rule of the ledger was broken: %s", broken)
	}
	unrefunded := 0
	for _, a := range s.Store.All() {
		if a.Sale != id {
			continue
		}
		p, _ := s.Sim.Payment(s.Platform.Name(), a.Number)
		kept := p.Captured - p.Refunded()
		if kept > 0 {
			unrefunded++
		}
		booked := money.Amount(0)
		if a.Booked {
			booked = a.Amount - a.Refunded
		}
		switch {
		case a.State == till.Attention:
			fail("%s needs a person: %s", a.Number, a.Reason)
		case kept != booked:
			fail("%s is %s: the platform keeps %d, the till booked %d", a.Number, a.State, kept, booked)
		case a.Booked && a.State != till.PaidFor:
			fail("%s is booked and %s", a.Number, a.State)
		}
	}
	if unrefunded > 1 {
		fail("charged %d times", unrefunded)
	}
	if a, err := s.Store.Attempt(context.Background(), sl.closed); sl.closed != "cash" && (err != nil || !a.Booked || a.Amount != sl.amount) {
		fail("the sale is closed by %s without its evidence", sl.closed)
	}
}

// story is what happened, for a failed schedule.
func (s *Shop) story() string {
	var b strings.Builder
	s.mu.Lock()
	b.WriteString(s.log.String())
	s.mu.Unlock()
	for _, p := range s.Sim.All() {
		if _, err := s.Store.Attempt(context.Background(), p.Number); err != nil {
			continue
		}
		fmt.Fprintf(&b, "%s %s %s captured %d refunded %d: %s\n", p.Platform, p.Number, p.State, p.Captured, p.Refunded(), strings.Join(p.Log, "; "))
	}
	return b.String()
}
