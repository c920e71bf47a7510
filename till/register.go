package till

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"guitai/till/money"
)

// commandsMax bounds the queue of commands. Hands and scanners cannot fill it
// while an act takes a millisecond; a caller that can, waits.
const commandsMax = 64

// undoMax bounds how many acts on a basket can be taken back.
const undoMax = 100

// Options are what a register needs beside its journal.
type Options struct {
	Now   func() time.Time
	NewID func() ID
	QR    QRMethods // nil: no payment codes
	// Wallets carries out what is decided about wallet payments; nil: none can
	// be begun.
	Wallets Wallets
	After   After // nil: nothing prints
	Log     *slog.Logger
	// Show is called on the register's goroutine with every new view and must
	// not wait.
	Show    func(View)
	Version string // of the program, for the journal
}

// A Register is the one owner of a till's state. Commands go in through Do or
// Act, one at a time, and views come out.
type Register struct {
	journal  Journal
	catalog  Catalog
	staff    Staff
	opt      Options
	commands chan request
	latest   atomic.Pointer[View]

	// All below belongs to the goroutine of Run.
	st       State
	sale     *Sale // never changed once set: every act makes a new one
	undo     []*Sale
	operator *Operator
	pending  *pendingAct
	checking bool
	wrongPIN bool
	done     *Done
	closed   *ZReported
	notice   *Notice
	lastLine int
	typedQR  bool
	stopped  ErrorCode
	seq      uint64

	changed    time.Time       // when a basket was last changed, by the clock
	terminal   UseTerminal     // the card terminal that the till drives
	ended      string          // the attempt that ended without money and is still shown
	held       *heldCode       // a customer's code that waits for a decision
	holds      int             // codes held so far
	unbookable map[string]bool // paid attempts that the journal refused to book
}

type request struct {
	act  Act
	done chan<- error // nil for Do
}

type pendingAct struct {
	act        Act
	permission Permission
	amount     money.Amount
}

// NewRegister returns a register; call Open, then Run.
func NewRegister(j Journal, c Catalog, s Staff, o Options) *Register {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.Show == nil {
		o.Show = func(View) {}
	}
	r := &Register{journal: j, catalog: c, staff: s, opt: o, commands: make(chan request, commandsMax)}
	r.latest.Store(&View{})
	return r
}

// Open takes up the state the journal leads to and notes the start in it.
func (r *Register) Open(ctx context.Context) error {
	if err := r.recover(ctx); err != nil {
		return err
	}
	a := &acting{r: r, at: r.clock(Act{}), sale: r.sale}
	a.enter(&Started{Version: r.opt.Version, Schema: r.st.Schema})
	a.stay()
	if err := r.journal.Commit(ctx, a.tx); err != nil {
		return err
	}
	if err := r.bookWaiting(ctx); err != nil {
		return err
	}
	r.show()
	return nil
}

// Run handles commands one at a time until ctx ends, then notes the stop. It
// alone touches the register's state.
func (r *Register) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			r.drain()
			return context.Cause(ctx)
		case q := <-r.commands:
			r.serve(ctx, q)
		}
	}
}

// drain answers what is still queued and notes the stop. The context is over,
// so the last write gets its own.
func (r *Register) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for {
		select {
		case q := <-r.commands:
			r.serve(ctx, q)
			continue
		default:
		}
		break
	}
	a := &acting{r: r, at: r.clock(Act{}), sale: r.sale}
	a.enter(&Stopped{})
	a.stay()
	if err := r.journal.Commit(ctx, a.tx); err != nil {
		r.opt.Log.Error("note the stop", "err", err)
	}
}

func (r *Register) serve(ctx context.Context, q request) {
	err := r.handle(ctx, q.act)
	if err != nil {
		r.refused(q.act.Command, err)
	}
	r.show()
	if q.done != nil {
		q.done <- err
	}
}

// Do queues a command from a person or a device and returns; its outcome is in
// the next view.
func (r *Register) Do(cmd Command) { r.commands <- request{act: Act{Command: cmd}} }

// Act hands over one act and waits for its outcome.
func (r *Register) Act(ctx context.Context, a Act) error {
	done := make(chan error, 1)
	select {
	case r.commands <- request{a, done}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// View returns the latest view.
func (r *Register) View() View { return *r.latest.Load() }

// start is the only way out of the register's goroutine for work that takes
// time; its result comes back as a command.
func (r *Register) start(ctx context.Context, work func(context.Context) Command) {
	go func() {
		cmd := work(ctx)
		select {
		case r.commands <- request{act: Act{Command: cmd}}:
		case <-ctx.Done():
		}
	}()
}

func (r *Register) recover(ctx context.Context) error {
	st, err := r.journal.Recover(ctx)
	if err != nil {
		return err
	}
	for i, p := range st.Parked {
		st.Parked[i].N = p.Sale.ParkedAs
	}
	r.st, r.sale, r.undo, r.stopped = st, st.Current, nil, ""
	return nil
}

// handle does one act: all of it or, with an error, nothing.
func (r *Register) handle(ctx context.Context, act Act) error {
	if r.stopped != "" {
		// The disk may be well again: look before refusing.
		if err := r.recover(ctx); err != nil {
			return &Error{Code: r.stopped, Err: err}
		}
	}
	if err := r.bookWaiting(ctx); err != nil {
		return err
	}
	a := &acting{r: r, act: act, at: r.clock(act), sale: r.sale}
	if err := a.do(ctx); err != nil {
		return err
	}
	if !a.off {
		if err := a.commit(ctx); err != nil {
			return err
		}
	}
	// The act is done, whatever becomes of this; it is tried again before the next.
	if err := r.bookWaiting(ctx); err != nil {
		if _, told := act.Command.(AttemptChanged); told {
			return err
		}
		r.opt.Log.Error("book a payment", "err", err)
	}
	return nil
}

// clock returns the business time of an act: never before the shift's latest
// act, so that a clock set back cannot reorder a day.
func (r *Register) clock(act Act) time.Time {
	at := act.At
	if at.IsZero() {
		at = r.opt.Now()
	}
	if r.st.Settings.Zone != nil {
		at = at.In(r.st.Settings.Zone)
	}
	at = at.Truncate(time.Millisecond)
	if s := r.st.Shift; s != nil && !act.Replayed && at.Before(s.LastAt) {
		return s.LastAt
	}
	return at
}

// refused turns an error into a notice. Errors that are no refusals are logged
// once, here.
func (r *Register) refused(cmd Command, err error) {
	code := CodeOf(err)
	detail := ""
	if e := (*Error)(nil); errors.As(err, &e) {
		detail = e.Detail
	}
	if code == "" {
		code = CannotSave
		r.opt.Log.Error("act failed", "act", actName(cmd), "err", err)
	}
	if code == NeedsApproval {
		return // the view carries the approval itself
	}
	r.note(Refused, code, detail)
}

func (r *Register) note(kind NoticeKind, code ErrorCode, detail string) {
	r.seq++
	r.notice = &Notice{Seq: r.seq, Kind: kind, Code: code, Detail: detail, At: r.opt.Now()}
}

func (r *Register) show() {
	r.seq++
	v := View{
		Seq: r.seq, Settings: r.st.Settings, Practice: r.st.Practice, Stopped: r.stopped,
		Operator: r.operator, Operators: r.st.Operators, DayClosed: r.st.DayClosed, LastDay: r.st.LastDay,
		Sale: r.sale, Parked: append([]Parked(nil), r.st.Parked...), CanUndo: len(r.undo) > 0, LastLine: r.lastLine,
		Done: r.done, Closed: r.closed, Notice: r.notice, Next: r.st.Receipt + 1, QR: openQR(r.sale), QRTyped: r.typedQR,
	}
	if r.st.Shift != nil {
		s := *r.st.Shift
		v.Shift = &s
	}
	if r.sale != nil {
		v.Due, v.CashDue = r.sale.Due(), r.sale.CashDue(r.st.Settings.CashRounding)
	}
	r.showPayments(&v)
	if p := r.pending; p != nil {
		v.Approval = &Approval{p.permission, actName(p.act.Command), p.amount, r.wrongPIN, r.checking}
	}
	r.latest.Store(&v)
	r.opt.Show(v)
}
