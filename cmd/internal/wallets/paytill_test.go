package wallets_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
	"guitai/wallet"
)

var bg = context.Background()

// speed is how much faster than a clock the desk waits: 3 s are 6 ms.
const speed = 500

// paid are the wallets of the shop: all but Stripe, whose simulator has a key
// for testing, under which no sale is paid.
var paid = slices.DeleteFunc(slices.Clone(wallets.Specs), func(s wallet.Spec) bool { return s.Name == "stripe" })

// A payTill is what a till is made of, from the register to the wire.
type payTill struct {
	book  *ledger.Ledger
	reg   *till.Register
	desk  *wallet.Desk
	close func()
}

// payOptions are what else a payTill does; the zero value is nothing.
type payOptions struct {
	wrote func() // called before and after every write of the ledger
	show  func(till.View)
	log   *slog.Logger
	speed int // 0: speed
}

// openPayTill starts a till on the ledger in a folder, and takes up what is
// open.
func openPayTill(dir string, accounts []wallet.Account, o payOptions) (*payTill, error) {
	l, err := ledger.Open(bg, dir, ledger.Options{})
	if err != nil {
		return nil, err
	}
	if o.wrote == nil {
		o.wrote = func() {}
	}
	if o.log == nil {
		o.log = slog.New(slog.DiscardHandler)
	}
	book := &told{l, o.wrote}
	ctx, cancel := context.WithCancel(bg)
	p := &payTill{book: l}
	// The register says itself what it cannot book.
	tell := func(c till.Command) { _ = p.reg.Act(ctx, till.Act{Command: c}) }
	p.desk = wallet.NewDesk(book, wallet.DeskOptions{
		Changed:       func(a till.Attempt) { tell(till.AttemptChanged{Attempt: a}) },
		RefundChanged: func(r till.WalletRefund) { tell(till.RefundChanged{Refund: r}) },
		Deadline:      200 * time.Millisecond, Speed: cmp.Or(o.speed, speed), Log: o.log,
	})
	for _, a := range accounts {
		spec, _ := wallets.Find(a.Name)
		if err := p.desk.Use(spec, a); err != nil {
			cancel()
			return nil, errors.Join(err, l.Close())
		}
	}
	p.reg = till.NewRegister(book, tilltest.Goods(), tilltest.PINs{Staff: tilltest.New().Staff}, till.Options{NewID: ledger.NewID, Wallets: p.desk, Log: o.log, Show: o.show})
	if err := p.reg.Open(ctx); err != nil {
		cancel()
		return nil, errors.Join(err, l.Close())
	}
	ended := make(chan struct{})
	go func() { p.reg.Run(ctx); close(ended) }()
	p.close = sync.OnceFunc(func() { p.desk.Close(); cancel(); <-ended; l.Close() })
	if err := p.desk.Resume(ctx); err != nil {
		p.close()
		return nil, err
	}
	if err := p.ready(); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// ready signs the owner on and opens a shift, where there is none.
func (p *payTill) ready() error {
	if err := p.reg.Act(bg, till.Act{Command: till.SignOn{Code: "1001", PIN: "1001"}}); err != nil {
		return err
	}
	for end := time.Now().Add(10 * time.Second); p.reg.View().Operator == nil; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return errors.New("nobody could sign on")
		}
	}
	if p.reg.View().Shift == nil {
		return p.reg.Act(bg, till.Act{Command: till.OpenShift{}})
	}
	return nil
}

// told is a ledger that tells of every write, before and after it.
type told struct {
	*ledger.Ledger
	wrote func()
}

func telling[T any](t *told, f func() (T, error)) (T, error) {
	t.wrote()
	v, err := f()
	t.wrote()
	return v, err
}

func (t *told) Commit(ctx context.Context, tx till.Tx) error {
	_, err := telling(t, func() (struct{}, error) { return struct{}{}, t.Ledger.Commit(ctx, tx) })
	return err
}

func (t *told) MoveAttempt(ctx context.Context, number string, from till.AttemptState, m till.AttemptMove) (till.Attempt, error) {
	return telling(t, func() (till.Attempt, error) { return t.Ledger.MoveAttempt(ctx, number, from, m) })
}

func (t *told) PlanRefund(ctx context.Context, r till.WalletRefund) (till.WalletRefund, error) {
	return telling(t, func() (till.WalletRefund, error) { return t.Ledger.PlanRefund(ctx, r) })
}

func (t *told) MoveRefund(ctx context.Context, number string, from till.RefundState, m till.RefundMove) (till.WalletRefund, error) {
	return telling(t, func() (till.WalletRefund, error) { return t.Ledger.MoveRefund(ctx, number, from, m) })
}

func (t *told) Began(ctx context.Context, c till.WalletCall) (int64, error) {
	return telling(t, func() (int64, error) { return t.Ledger.Began(ctx, c) })
}

func (t *told) Ended(ctx context.Context, id int64, c till.WalletCall) error {
	_, err := telling(t, func() (struct{}, error) { return struct{}{}, t.Ledger.Ended(ctx, id, c) })
	return err
}

// payUntilKilled sells by chance, and says which receipts are done.
func payUntilKilled(o orders) error {
	var mu sync.Mutex
	writes := 0
	wrote := func() {
		mu.Lock()
		defer mu.Unlock()
		writes++
		// Every write is told of twice: 2n-1 is before the n-th.
		if at := 2*o.Write - 1; o.Write > 0 && (!o.After && writes == at || o.After && writes == at+1) {
			if me, err := os.FindProcess(os.Getpid()); err == nil {
				me.Kill()
			}
			select {}
		}
	}
	fmt.Println("opening")
	p, err := openPayTill(o.Dir, o.Accounts, payOptions{wrote: wrote})
	if err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(o.Seed, 19))
	for {
		if err := p.step(rnd); err != nil {
			return err
		}
		fmt.Println("receipt", p.reg.View().Next-1)
		time.Sleep(time.Duration(rnd.IntN(8000)) * time.Microsecond)
	}
}

// step does what a counter may do next. Refusals are the register's good right.
func (p *payTill) step(rnd *rand.Rand) error {
	n := rnd.IntN
	v := p.reg.View()
	open := ""
	if v.Attempt != nil && v.Attempt.Holds() {
		open = v.Attempt.Number
	}
	var c till.Command
	switch k := n(20); {
	case v.Sale == nil && k < 15:
		c = till.AddTyped{Name: "货", Price: money.UnitPrice(1000_00 + n(5000)*100)}
	case v.Sale != nil && open == "" && k < 15:
		c = payBy(rnd, v.Due)
	case open != "" && k == 0:
		c = till.StopAttempt{Number: open}
	case open != "" && k == 1:
		c = till.OverrideAttempt{Number: open, Reason: "queue"}
	case open != "" && k == 2:
		c = till.CheckAttempt{Number: open}
	case k == 15:
		c = till.Park{}
	case k == 16 && len(v.Parked) > 0:
		c = till.Recall{Sale: v.Parked[n(len(v.Parked))].Sale.ID}
	case k == 17:
		c = till.TakeReturn{Receipt: n(v.Next) + 1, Reason: "x", Lines: []till.ReturnOf{{Line: 1, Qty: money.Quantity(n(1000) + 1)}}}
	case k == 18:
		c = till.PostVoid{Receipt: n(v.Next) + 1, Reason: "x"}
	case k == 19 && n(3) == 0:
		c = till.CancelSale{Reason: "x"}
	case k == 19:
		c = till.PayCash{}
	default:
		return nil
	}
	if err := p.reg.Act(bg, till.Act{Command: c}); err != nil && till.CodeOf(err) == "" {
		return fmt.Errorf("%T: %w", c, err)
	}
	return nil
}

// payBy pays what is due, or half of it, with one of the wallets.
func payBy(rnd *rand.Rand, due money.Amount) till.PayWallet {
	spec := paid[rnd.IntN(len(paid))]
	ways := slices.DeleteFunc(slices.Clone(spec.Ability.Ways), func(w till.Presentment) bool { return w == till.Tap })
	c := till.PayWallet{Wallet: spec.Name, Amount: due, Way: ways[rnd.IntN(len(ways))]}
	if rnd.IntN(3) == 0 {
		c.Amount = due/2 + 1
	}
	if c.Way == till.Take {
		begins := map[string]string{"alipay": "28", "wechatpay": "13", "shouqianba": "28", "jdpay": "18", "baidu": "31"}
		c.ByHand, c.Code = true, fmt.Sprintf("%s%016d", begins[spec.Name], rnd.Int64N(1e16))
	}
	return c
}

// settle closes every sale, and asks until nobody learns anything new.
func (p *payTill) settle() error {
	act := func(c till.Command) { _ = p.reg.Act(bg, till.Act{Command: c}) } // what it came to is read below
	var last []till.Attempt
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			return fmt.Errorf("no rest: %+v", last)
		}
		open, err := p.book.OpenAttempts(bg)
		if err != nil {
			return err
		}
		last = open
		rest := true
		for _, a := range open {
			switch {
			case a.State == till.Attention:
				act(till.OverrideAttempt{Number: a.Number, Reason: "the amounts differ"})
			case a.State == till.Unknown || a.State == till.Pending:
				act(till.StopAttempt{Number: a.Number})
			case a.State == till.Watch:
				continue
			}
			rest = false
		}
		v := p.reg.View()
		for _, r := range v.Refunds {
			if r.State == till.RefundFailed {
				act(till.RefundInCash{Number: r.Number})
			}
			rest = rest && !r.State.Open()
		}
		switch {
		case !rest:
		case v.Sale != nil:
			act(till.PayCash{})
		case len(v.Parked) > 0:
			act(till.Recall{Sale: v.Parked[0].Sale.ID})
		default:
			same, err := p.askedAll()
			if same || err != nil {
				return err
			}
		}
	}
}

// askedAll asks about what is watched and, as the next day's bill would, about
// what was given up for good; it reports whether nothing came of it.
func (p *payTill) askedAll() (bool, error) {
	all := func() ([]till.Attempt, error) { return p.book.Attempts(bg, till.AttemptFilter{Limit: 1_000_000}) }
	before, err := all()
	if err != nil {
		return false, err
	}
	for _, a := range before {
		switch a.State {
		case till.Watch, till.Cancelled, till.Declined:
			_, _ = p.desk.Ask(bg, a.Number) // what it taught is compared below
		}
	}
	time.Sleep(5 * time.Millisecond)
	after, err := all()
	return slices.EqualFunc(before, after, func(a, b till.Attempt) bool {
		return a.Number == b.Number && a.State == b.State && a.Refunded == b.Refunded
	}), err
}
