package wallet

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"guitai/till"
)

// Waits that no provider prescribes (CONTRACTS section 3, and the design's
// payment states).
const (
	askUnknown = 5 * time.Second  // on the screen, while nothing is known
	askAside   = 30 * time.Second // in the tray
	againSoon  = 5 * time.Second  // between two tries to cancel
)

// accountsSoon is how long a payment waits at a time for accounts that are still
// being taken up.
const (
	accountsSoon = 100 * time.Millisecond
	accountsMost = 100
)

// planStarts is how long after its plan a payment of this till is certain to have
// been started.
const planStarts = 5 * time.Second

// cancelsMost is how many tries to cancel are made, over some three minutes,
// before an attempt that the provider says nothing definite about is watched.
const cancelsMost = 8

// doubtFor is how long a cancel that was never answered may still be carried
// out: many times as long as a call may take.
const doubtFor = 5 * time.Minute

// watchAt are the ages of a watched attempt at which it is asked about; then
// every watchEvery, beside the end of a shift and the next day's bill.
var watchAt = []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour}

const watchEvery = 6 * time.Hour

// A run carries one attempt.
type run struct {
	d     *Desk
	a     till.Attempt
	code  string    // the customer's; wiped once it was sent
	again bool      // taken up after a start
	since time.Time // when it came into its state
	wake  chan struct{}

	unclears int           // answers in a row that said nothing
	after    time.Duration // the wait the last answer asked for
	cancels  int           // tries to cancel
	doubt    bool          // a cancel may still be on its way: paid is not the last word
	closed   time.Time     // when the last cancel was sent
	answers  atomic.Int64  // queries answered, well or not
	late     bool          // asked once more after its time

	mu              sync.Mutex
	asked           bool // by a person: now
	stop            bool
	override, aside bool
	by, why         string
}

func (r *run) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *run) run(ctx context.Context) {
	for ctx.Err() == nil {
		switch r.a.State {
		case till.Planned:
			if r.again {
				r.move(ctx, till.AttemptMove{To: till.Abandoned, Note: "nothing had been sent when the till stopped"})
				return
			}
			r.start(ctx)
		case till.Sending:
			// The till stopped, or could not write, while the call was on its way.
			r.move(ctx, till.AttemptMove{To: till.Unknown, Reason: till.NoNetwork})
		case till.Pending, till.Unknown:
			r.poll(ctx)
		case till.Cancelling:
			r.cancel(ctx)
		case till.CancelUnproven:
			r.move(ctx, till.AttemptMove{To: till.Watch, Reason: r.a.Reason})
		case till.Watch:
			r.watch(ctx)
		case till.LatePaid:
			if r.a.Sale != (till.ID{}) {
				if r.again {
					r.d.opt.Changed(r.a)
				}
				return // the register knows whether the sale still waits for it
			}
			r.lateWithoutSale(ctx)
			return
		case till.Attention:
			if !r.again && r.wait(ctx, againSoon) && r.wants(&r.override) {
				r.toWatch(ctx)
				continue
			}
			return
		case till.RefundDue:
			if r.again {
				r.owed(ctx)
			}
			return
		default:
			return
		}
	}
}

// account waits for the attempt's account; nil where the desk closes first.
func (r *run) account(ctx context.Context) *account {
	for {
		if acc := r.d.account(r.a.Wallet, r.a.Mode); acc != nil {
			return acc
		}
		select {
		case <-ctx.Done():
			return nil
		case <-r.wake:
		}
		if r.wants(&r.override) {
			r.toWatch(ctx)
			return nil
		}
	}
}

// move writes a move, then tells. It is false where nothing was written.
func (r *run) move(ctx context.Context, m till.AttemptMove) bool {
	m.At = r.d.opt.Now()
	a, err := persist(ctx, r.d, "keep a payment's state", func(ctx context.Context) (till.Attempt, error) {
		return r.d.store.MoveAttempt(ctx, r.a.Number, r.a.State, m)
	})
	if till.CodeOf(err) == till.AttemptMoved {
		// A command line, or the register: what is written counts.
		if a, err = r.d.store.Attempt(ctx, r.a.Number); err == nil {
			r.a, r.since = a, a.ChangedAt
		}
		return false
	}
	if err != nil {
		r.d.opt.Log.Error("keep a payment's state", "number", r.a.Number, "to", m.To.String(), "err", err)
		// A refused move is a defect of the program: it must not spin.
		sleep(ctx, r.d.scaled(askAside))
		return false
	}
	if a.State != r.a.State {
		r.since = m.At
	}
	r.a = a
	r.d.opt.Changed(a)
	return true
}

// take keeps what an answer taught.
func (r *run) take(ctx context.Context, ans Answer, to asked) {
	defer r.answers.Add(1)
	state, reason := judge(&r.a, ans, to, r.unclears)
	if ans.Verdict == Unclear {
		r.unclears++
	} else {
		r.unclears = 0
	}
	r.after = ans.Again
	m := till.AttemptMove{
		To: state, Verdict: ans.Verdict.String(), Reason: reason, Said: ans.Said, Provider: ans.Provider, Handle: ans.Handle, QR: ans.QR,
	}
	switch state {
	case till.PaidFor, till.LatePaid:
		m.PaidAt = ans.PaidAt
		if m.PaidAt.IsZero() {
			m.PaidAt = r.d.opt.Now()
		}
	case till.Cancelled:
		if ans.Verdict == Returned && r.a.Refunded == 0 {
			m.Returned, m.PaidAt = r.a.Amount, ans.PaidAt
		}
	}
	same := state == r.a.State && reason == r.a.Reason && unchanged(m.Said, r.a.Said) && unchanged(m.Provider, r.a.Provider) &&
		unchanged(m.Handle, r.a.Handle) && unchanged(m.QR, r.a.QR)
	if !same {
		r.move(ctx, m)
	}
}

func unchanged(now, before string) bool { return now == "" || now == before }

// start sends the attempt: intent first.
func (r *run) start(ctx context.Context) {
	if r.wants(&r.stop) || r.wants(&r.override) {
		r.move(ctx, till.AttemptMove{To: till.Abandoned, Reason: till.StoppedByCashier})
		return
	}
	acc := r.d.account(r.a.Wallet, r.a.Mode)
	for range accountsMost {
		if acc != nil || r.d.resumed.Load() || !r.wait(ctx, accountsSoon) {
			break
		}
		acc = r.d.account(r.a.Wallet, r.a.Mode) // the till has only just started
	}
	if acc == nil {
		r.move(ctx, till.AttemptMove{To: till.Abandoned, Reason: till.SetUpWrong})
		return
	}
	if !r.move(ctx, till.AttemptMove{To: till.Sending}) {
		return
	}
	r.send(ctx, acc)
}

func (r *run) send(ctx context.Context, acc *account) {
	c := r.d.charge(&r.a, acc)
	c.Code = r.code
	ans, err := acc.provider.Start(ctx, c)
	r.code, c.Code = "", ""
	if err == nil {
		r.take(ctx, ans, started)
		return
	}
	r.d.opt.Log.Warn("a payment was not sent", "wallet", r.a.Wallet, "number", r.a.Number, "err", err)
	if r.a.State != till.Sending {
		return
	}
	// Proof that no byte left: this is no silence after a request.
	r.move(ctx, till.AttemptMove{To: till.Declined, Reason: unsent(err), Said: "not sent"})
}

// query asks once; a failure to send counts as silence.
func (r *run) query(ctx context.Context, acc *account, givingUp bool) Answer {
	c := r.d.charge(&r.a, acc)
	c.GivingUp = givingUp
	ans, err := acc.provider.Query(ctx, c)
	if err != nil {
		ans = NoAnswer(err)
	}
	return ans
}

// poll asks while the customer pays, until its time is over.
func (r *run) poll(ctx context.Context) {
	acc := r.account(ctx)
	if acc == nil || r.a.State != till.Pending && r.a.State != till.Unknown {
		return
	}
	pace := acc.spec.Ability.Pace[r.a.Way]
	limit := acc.limit(r.a.Way)
	age := r.d.opt.Now().Sub(r.a.PlannedAt)
	wait := pace.Every
	switch {
	case r.after > 0:
		wait = r.after
	case r.a.State == till.Unknown:
		wait = askUnknown
	}
	if first := pace.First - age; first > 0 && first < wait {
		wait = first
	}
	if r.isAside() {
		wait = max(wait, askAside)
	}
	if r.again { // nothing is known of the time before
		wait, r.again = 0, false
	}
	if !r.wait(ctx, wait) {
		return
	}
	switch {
	case r.wants(&r.override):
		r.toWatch(ctx)
		return
	case r.wants(&r.stop):
		r.move(ctx, till.AttemptMove{To: till.Cancelling, Reason: till.StoppedByCashier})
		return
	}
	ans := r.query(ctx, acc, false)
	r.take(ctx, ans, queried)
	if r.a.State != till.Pending && r.a.State != till.Unknown {
		return
	}
	if ans.Verdict == Missing && r.a.State == till.Unknown && r.a.Way == till.Show && acc.spec.Ability.Restart &&
		r.d.opt.Now().Sub(r.a.PlannedAt) < min(acc.spec.Ability.RestartFor, limit) {
		// The request never arrived. The provider documents that the same number
		// makes one payment, however often it is sent.
		r.send(ctx, acc)
		return
	}
	if r.d.opt.Now().Sub(r.a.PlannedAt) >= r.d.scaled(limit) {
		if r.late {
			r.move(ctx, till.AttemptMove{To: till.Cancelling, Reason: till.TimedOut})
		}
		r.late = true
	}
}

// cancel asks, cancels, and asks again: only the second answer is proof.
func (r *run) cancel(ctx context.Context) {
	acc := r.account(ctx)
	if acc == nil || r.a.State != till.Cancelling {
		return
	}
	able := acc.spec.Ability
	if soon := able.Pace[r.a.Way].CancelAfter - r.d.opt.Now().Sub(r.a.PlannedAt)*time.Duration(r.d.opt.Speed); soon > 0 {
		if !r.wait(ctx, soon) {
			return
		}
		if r.wants(&r.override) {
			r.toWatch(ctx)
		}
		return
	}
	if r.cancels > 0 {
		wait := min(againSoon*time.Duration(r.cancels), askAside)
		if r.isAside() {
			wait = askAside
		}
		if !r.wait(ctx, wait) {
			return
		}
		if r.wants(&r.override) {
			r.toWatch(ctx)
			return
		}
	}
	r.cancels++
	r.doubt = r.doubt || r.again && !able.NoCancel
	r.again = false
	first := r.query(ctx, acc, true)
	if first.Verdict == Done && r.doubt && r.cancels > cancelsMost && !r.overDoubt() {
		return // it is paid, and cancelling it is not answered: wait and ask
	}
	if !r.doubt || first.Verdict != Done {
		r.take(ctx, first, queried)
	}
	if r.a.State != till.Cancelling {
		return
	}
	if first.Verdict == Missing && (able.NoCancel || !able.CancelUnknown) {
		r.take(ctx, first, queriedCancel)
		return
	}
	if r.cancels > cancelsMost && first.Reason != till.NoNetwork {
		// The provider answers and proves nothing: the sale may go on, the attempt
		// is watched.
		r.move(ctx, till.AttemptMove{To: till.CancelUnproven, Verdict: first.Verdict.String(), Reason: r.a.Reason, Said: first.Said})
		return
	}
	if able.NoCancel {
		return
	}
	if r.close(ctx, acc); r.a.State != till.Cancelling {
		return
	}
	then := queriedCancel
	if r.doubt {
		then = queried
	}
	if ans := r.query(ctx, acc, true); !r.doubt || ans.Verdict != Done {
		r.take(ctx, ans, then)
	}
}

// close sends one cancel. Where its answer is lost, the cancel may still be
// carried out: a payment found paid meanwhile can go back afterwards, so it is
// cancelled again until that is answered.
func (r *run) close(ctx context.Context, acc *account) {
	c := r.d.charge(&r.a, acc)
	c.GivingUp = true
	r.closed = r.d.opt.Now()
	ans, err := acc.provider.Cancel(ctx, c)
	if err != nil {
		// Nothing was sent, so nothing of this one is on its way.
		r.take(ctx, NoAnswer(err), cancelled)
		return
	}
	r.doubt = ans.Verdict == Unclear || ans.Repeat
	r.take(ctx, ans, cancelled)
}

// overDoubt ends the doubt about a cancel whose time is over.
func (r *run) overDoubt() bool {
	if r.d.opt.Now().Sub(r.closed) < r.d.scaled(doubtFor) {
		return false
	}
	r.doubt = false
	return true
}

// toWatch carries an override out: the sale goes on, the money that may still
// come goes back.
func (r *run) toWatch(ctx context.Context) {
	r.mu.Lock()
	by, why := r.by, r.why
	r.mu.Unlock()
	if r.a.State == till.CancelUnproven && !r.move(ctx, till.AttemptMove{To: till.Watch}) {
		return
	}
	if r.move(ctx, till.AttemptMove{To: till.Watch, Reason: till.Overridden, By: by, Note: why, RefundIfPaid: true}) {
		r.mu.Lock()
		r.asked = true // close it at once, if it can be
		r.mu.Unlock()
		r.poke()
	}
}

// watch asks on the schedule, and closes what can still be paid.
func (r *run) watch(ctx context.Context) {
	if r.wants(&r.override) { // the duty can be added while it is watched
		r.toWatch(ctx)
		return
	}
	if !r.wants(&r.asked) {
		if !r.wait(ctx, r.d.nextWatch(r.since)) {
			return
		}
		if r.wants(&r.override) {
			r.toWatch(ctx)
			return
		}
		r.wants(&r.asked)
	}
	acc := r.account(ctx)
	if acc == nil || r.a.State != till.Watch {
		return
	}
	r.doubt = r.doubt || r.again && !acc.spec.Ability.NoCancel
	r.again = false
	ans := r.query(ctx, acc, true)
	if ans.Verdict == Done && r.doubt && r.cancels > cancelsMost && !r.overDoubt() {
		r.soon(ctx)
		return
	}
	if ans.Verdict != Waiting && (ans.Verdict != Done || !r.doubt) || acc.spec.Ability.NoCancel {
		r.take(ctx, ans, queried)
		return
	}
	r.cancels++
	if r.close(ctx, acc); r.a.State != till.Watch {
		return
	}
	if ans := r.query(ctx, acc, true); !r.doubt || ans.Verdict != Done {
		r.take(ctx, ans, queried)
	}
	if r.doubt {
		r.soon(ctx)
	}
}

// soon asks about a watched attempt again without waiting for the schedule.
func (r *run) soon(ctx context.Context) {
	r.wait(ctx, askAside)
	r.mu.Lock()
	r.asked = true
	r.mu.Unlock()
}

// nextWatch is how long until a watched attempt is asked about.
func (d *Desk) nextWatch(since time.Time) time.Duration {
	age := d.opt.Now().Sub(since) * time.Duration(d.opt.Speed)
	for _, at := range watchAt {
		if at > age {
			return at - age
		}
	}
	return watchEvery
}

// lateWithoutSale settles money that came late for no sale: it is the answer
// that was asked for, unless somebody had promised to give it back.
func (r *run) lateWithoutSale(ctx context.Context) {
	if !r.a.RefundIfPaid {
		r.move(ctx, till.AttemptMove{To: till.PaidFor, PaidAt: r.a.PaidAt})
		return
	}
	if r.move(ctx, till.AttemptMove{To: till.RefundDue, Reason: r.a.Reason}) {
		r.giveBack(ctx)
	}
}

// owed goes on with a payment that must be given back, wherever the till
// stopped.
func (r *run) owed(ctx context.Context) {
	refunds, err := persist(ctx, r.d, "read the refunds of a payment", func(ctx context.Context) ([]till.WalletRefund, error) {
		return r.d.store.RefundsOf(ctx, r.a.Number)
	})
	if err != nil {
		return
	}
	if len(refunds) == 0 {
		r.giveBack(ctx)
		return
	}
	if last := refunds[len(refunds)-1]; !last.State.Open() {
		(&refunding{d: r.d, r: last}).settle(ctx)
	}
}

func (r *run) giveBack(ctx context.Context) {
	ref, err := persist(ctx, r.d, "plan a refund", func(ctx context.Context) (till.WalletRefund, error) {
		return r.d.store.PlanRefund(ctx, till.WalletRefund{Attempt: r.a.Number, Amount: r.a.Amount, Why: "paid after it was given up", PlannedAt: r.d.opt.Now()})
	})
	if err == nil {
		r.d.Refund(ref)
	}
}

// wants takes a wish of a person, once.
func (r *run) wants(flag *bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	had := *flag
	*flag = false
	return had
}

func (r *run) isAside() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.aside
}

// wait waits, or until somebody wants something; it is false where the desk
// closes.
func (r *run) wait(ctx context.Context, dur time.Duration) bool {
	r.mu.Lock()
	wish := r.asked || r.stop || r.override
	if r.a.State != till.Watch {
		r.asked = false
	}
	r.mu.Unlock()
	if wish {
		return ctx.Err() == nil
	}
	t := time.NewTimer(r.d.scaled(dur))
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.wake:
		r.mu.Lock()
		if r.a.State != till.Watch {
			r.asked = false
		}
		r.mu.Unlock()
	case <-ctx.Done():
		return false
	}
	return true
}
