package wallet

import (
	"context"
	"sync"
	"time"

	"guitai/till"
)

// refundAt are the waits between two looks at a refund; the last one repeats.
// Alipay shows a refund to its query 10 s later at the earliest.
var refundAt = []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour}

// A refunding carries one refund, always under its one number.
type refunding struct {
	d     *Desk
	r     till.WalletRefund
	wake  chan struct{}
	looks int

	mu   sync.Mutex
	word *till.RefundMove // of a person who ends it
}

// ended takes a person's word, where there is one, once.
func (f *refunding) ended() *till.RefundMove {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.word
	f.word = nil
	return m
}

func (f *refunding) poke() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *refunding) run(ctx context.Context) {
	for ctx.Err() == nil && f.r.State.Open() {
		if m := f.ended(); m != nil && f.r.State == till.RefundUnknown {
			f.move(ctx, *m)
			continue
		}
		acc, of, ok := f.payment(ctx)
		if !ok {
			return
		}
		ref, can := acc.provider.(Refunder)
		if !can {
			f.move(ctx, till.RefundMove{To: till.RefundFailed, Reason: till.NotRefundable})
			break
		}
		rq := Refund{Number: f.r.Number, Of: f.d.charge(of, acc), Amount: f.r.Amount, Why: f.r.Why, At: f.r.PlannedAt, Handle: f.r.Handle}
		switch f.r.State {
		case till.RefundPlanned:
			if f.move(ctx, till.RefundMove{To: till.RefundSending}) {
				f.send(ctx, ref, rq)
			}
		case till.RefundSending:
			// The till stopped, or could not write, while the call was on its way.
			f.move(ctx, till.RefundMove{To: till.RefundUnknown, Reason: till.NoNetwork})
			f.ask(ctx, ref, rq)
		default:
			if !f.wait(ctx) {
				return
			}
			f.mu.Lock()
			over := f.word != nil
			f.mu.Unlock()
			if over {
				continue
			}
			f.ask(ctx, ref, rq)
		}
	}
	f.settle(ctx)
}

// payment returns the payment and its account, once there is one.
func (f *refunding) payment(ctx context.Context) (*account, *till.Attempt, bool) {
	of, err := persist(ctx, f.d, "read a payment", func(ctx context.Context) (till.Attempt, error) { return f.d.store.Attempt(ctx, f.r.Attempt) })
	if err != nil {
		return nil, nil, false
	}
	for {
		if acc := f.d.account(of.Wallet, of.Mode); acc != nil {
			return acc, &of, true
		}
		select {
		case <-ctx.Done():
			return nil, nil, false
		case <-f.wake:
		}
	}
}

func (f *refunding) send(ctx context.Context, ref Refunder, rq Refund) {
	ans, err := ref.Refund(ctx, rq)
	if err != nil {
		// Nothing was sent; it is tried again under the same number.
		ans = Answer{Verdict: Unclear, Reason: unsent(err), Said: "not sent"}
	}
	f.take(ctx, ans)
}

// ask asks what became of the refund, and sends it again where the provider
// does not know it, or could not make it yet.
func (f *refunding) ask(ctx context.Context, ref Refunder, rq Refund) {
	ans, err := ref.QueryRefund(ctx, rq)
	if err != nil {
		ans = NoAnswer(err)
	}
	again := ans.Verdict == Missing || ans.Repeat || ans.Verdict == Refused && ans.Reason == till.SellerBalance
	if !again {
		f.take(ctx, ans)
		return
	}
	if f.r.State == till.RefundPending && ans.Verdict == Missing {
		return // accepted before: it may only not show yet
	}
	f.send(ctx, ref, rq)
}

func (f *refunding) take(ctx context.Context, ans Answer) {
	to := till.RefundUnknown
	switch ans.Verdict {
	case Done, Returned:
		to = till.RefundDone
	case Waiting:
		to = till.RefundPending
	case Refused, Closed:
		if ans.Reason != till.SellerBalance {
			to = till.RefundFailed
		}
	case Unclear, Missing:
		if f.r.State == till.RefundPending {
			to = till.RefundPending
		}
	}
	m := till.RefundMove{To: to, Verdict: ans.Verdict.String(), Reason: ans.Reason, Said: ans.Said, Provider: ans.Provider, Handle: ans.Handle}
	if to == f.r.State && m.Reason == f.r.Reason && unchanged(m.Said, f.r.Said) && unchanged(m.Provider, f.r.Provider) && unchanged(m.Handle, f.r.Handle) {
		return
	}
	f.move(ctx, m)
}

func (f *refunding) move(ctx context.Context, m till.RefundMove) bool {
	m.At = f.d.opt.Now()
	r, err := persist(ctx, f.d, "keep a refund's state", func(ctx context.Context) (till.WalletRefund, error) {
		return f.d.store.MoveRefund(ctx, f.r.Number, f.r.State, m)
	})
	if err != nil {
		f.d.opt.Log.Error("keep a refund's state", "number", f.r.Number, "to", m.To.String(), "err", err)
		sleep(ctx, f.d.scaled(askAside))
		return false
	}
	f.r = r
	f.d.opt.RefundChanged(r)
	return true
}

// settle ends the duty of a payment that had to be given back.
func (f *refunding) settle(ctx context.Context) {
	if f.r.State.Open() {
		return
	}
	of, err := persist(ctx, f.d, "read a payment", func(ctx context.Context) (till.Attempt, error) { return f.d.store.Attempt(ctx, f.r.Attempt) })
	if err != nil || of.State != till.RefundDue {
		return
	}
	m := till.AttemptMove{To: till.PaidFor, At: f.d.opt.Now(), Reason: of.Reason}
	if f.r.State == till.RefundFailed {
		m.To, m.Reason = till.Attention, f.r.Reason
	} else if of.Refunded < of.Amount {
		return
	}
	a, err := persist(ctx, f.d, "keep a payment's state", func(ctx context.Context) (till.Attempt, error) {
		return f.d.store.MoveAttempt(ctx, of.Number, of.State, m)
	})
	if err == nil {
		f.d.opt.Changed(a)
	}
}

func (f *refunding) wait(ctx context.Context) bool {
	wait := refundAt[min(f.looks, len(refundAt)-1)]
	f.looks++
	t := time.NewTimer(f.d.scaled(wait))
	defer t.Stop()
	select {
	case <-t.C:
	case <-f.wake:
	case <-ctx.Done():
		return false
	}
	return true
}
