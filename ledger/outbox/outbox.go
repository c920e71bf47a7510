// Package outbox carries the documents of a ledger to a provider account until
// it has answered for each: in their order, a few at a time, later where the
// account says so or cannot be reached, and never in the way of a sale.
package outbox

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"guitai/ledger"
	"guitai/till"
)

// Book is what the outbox asks of the ledger; a *ledger.Ledger is one.
type Book interface {
	Identity(context.Context) (ledger.Identity, error)
	Unsent(ctx context.Context, account string, most, bytes int) ([]ledger.Outgoing, error)
	Backlog(ctx context.Context, account string) (n int, since time.Time, err error)
	Answered(ctx context.Context, account string, epoch, seq int64, state, said string) error
	Resend(ctx context.Context, account string, epoch, from, to int64) (int, error)
	Live(context.Context) (*till.DayDocument, error)
}

// An Answer is what an account said of one document.
type Answer struct {
	State string // ledger.Delivered, Quarantined or Refused
	Said  string // receipt, or why
}

// A Wish is something that the account asks of the till.
type Wish struct {
	ID, Kind, By string
	From, To     int64 // of a resend
	At           time.Time
}

// A Sender brings documents to one account.
type Sender interface {
	// Deliver answers for the documents in order. With an error it answers for the
	// first ones only, and nothing is known of the others; one that is a Later says
	// when to come back.
	Deliver(ctx context.Context, highWater int64, docs []ledger.Outgoing) ([]Answer, error)
}

// A Watched account sees the open shift, and asks things of the till.
type Watched interface {
	// Live shows the open shift where the account wants to see it; picture is nil
	// while none is open. done are wishes that were carried out.
	Live(ctx context.Context, highWater int64, picture *till.DayDocument, done []Done) ([]Wish, error)
}

// Done is what became of a wish.
type Done struct {
	ID   string
	OK   bool
	Note string
	At   time.Time
}

// Asked is a wish with what became of it.
type Asked struct {
	Wish
	OK   bool
	Note string
}

// askedKept is how many wishes are remembered to be shown.
const askedKept = 10

// A Later is an error that says when to try again.
type Later interface{ RetryAfter() time.Duration }

// How much goes at once, and when.
const (
	batchMost  = 50
	bytesMost  = 150 << 10 // what a request of 256 KiB holds once it is escaped
	liveEvery  = 30 * time.Second
	firstWait  = 2 * time.Second
	longestGap = 10 * time.Minute
)

// Options are what a Runner is made of.
type Options struct {
	Book    Book
	Account string // its name in the ledger
	Sender  Sender // one that is Watched is shown the open shift
	Log     *slog.Logger
	// Wish carries out what the account asks, other than sending again; nil
	// refuses all.
	Wish func(context.Context, Wish) error
	// Show hears how it stands, whenever that changes; it must not wait.
	Show func(State)
	// Spread is by how much the first sending of a day's documents may be put
	// off, so that all tills do not come in the same minute; 0 sends at once.
	Spread time.Duration
	// Health adds to the live picture how the till itself is; may be nil.
	Health func() *till.DocumentHealth
}

// State is how an account stands.
type State struct {
	Account string
	Unsent  int
	Since   time.Time // of the oldest unsent
	Last    time.Time // the account last answered
	Trouble error     // why not, since; nil while all is well
	Asked   []Asked   // what was asked of the till, the newest first, some of the last
}

// A Runner sends for one account.
type Runner struct {
	o     Options
	wake  chan struct{}
	one   sync.Mutex // held while documents are sent: nobody sends them twice at once
	mu    sync.Mutex
	state State
	done  []Done
	tries int
}

// New makes a runner, which Run runs.
func New(o Options) *Runner {
	return &Runner{o: o, wake: make(chan struct{}, 1), state: State{Account: o.Account}}
}

// Wake says that there may be something to send; it does not wait.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// State is how the account stands.
func (r *Runner) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}

// Run sends until ctx ends.
func (r *Runner) Run(ctx context.Context) {
	for {
		wait := r.round(ctx)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		case <-r.wake:
			if r.o.Spread > 0 {
				select {
				case <-ctx.Done():
					return
				case <-time.After(rand.N(r.o.Spread)):
				}
			}
		}
	}
}

// round sends all that is unsent and shows the open shift, and answers with how
// long to wait before the next.
func (r *Runner) round(ctx context.Context) time.Duration {
	err := r.Send(ctx)
	if err == nil {
		err = r.live(ctx)
	}
	if ctx.Err() != nil {
		return 0
	}
	if err == nil {
		r.tries = 0
		r.show(ctx, nil)
		return liveEvery
	}
	r.show(ctx, err)
	r.tries++
	if r.tries == 1 {
		r.o.Log.Warn("a provider account was not reached", "account", r.o.Account, "error", err)
	}
	if l := Later(nil); errors.As(err, &l) && l.RetryAfter() > 0 {
		return min(l.RetryAfter(), longestGap) + rand.N(time.Second)
	}
	// Full jitter: tills that lost the same network come back apart.
	most := min(firstWait<<min(r.tries, 10), longestGap)
	return firstWait/2 + rand.N(most)
}

// Send sends what is unsent until nothing is, or something is wrong.
func (r *Runner) Send(ctx context.Context) error {
	r.one.Lock()
	defer r.one.Unlock()
	for {
		id, err := r.o.Book.Identity(ctx)
		if err != nil {
			return err
		}
		docs, err := r.o.Book.Unsent(ctx, r.o.Account, batchMost, bytesMost)
		if err != nil || len(docs) == 0 {
			return err
		}
		answers, failed := r.o.Sender.Deliver(ctx, id.HighWater, docs)
		for i, a := range answers {
			if err := r.o.Book.Answered(ctx, r.o.Account, docs[i].Epoch, docs[i].Seq, a.State, a.Said); err != nil {
				return err
			}
			if a.State != ledger.Delivered {
				r.o.Log.Error("a provider account would not have a document", "account", r.o.Account, "epoch", docs[i].Epoch, "seq", docs[i].Seq, "why", a.Said)
			}
		}
		if failed != nil {
			return failed
		}
	}
}

// Now sends what is unsent without waiting for its time, and shows how it went.
func (r *Runner) Now(ctx context.Context) error {
	err := r.Send(ctx)
	if ctx.Err() == nil {
		r.show(ctx, err)
	}
	return err
}

// live shows the open shift and carries out what is asked.
func (r *Runner) live(ctx context.Context) error {
	watched, ok := r.o.Sender.(Watched)
	if !ok {
		return nil
	}
	id, err := r.o.Book.Identity(ctx)
	if err != nil {
		return err
	}
	picture, err := r.o.Book.Live(ctx)
	if err != nil {
		return err
	}
	if picture != nil && r.o.Health != nil {
		picture.Health = r.o.Health()
	}
	r.mu.Lock()
	done := r.done
	r.mu.Unlock()
	wishes, err := watched.Live(ctx, id.HighWater, picture, done)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.done = r.done[len(done):]
	r.mu.Unlock()
	again := false
	for _, w := range wishes {
		if r.answered(w.ID) {
			continue
		}
		d := Done{ID: w.ID, OK: true, At: time.Now()}
		switch {
		case w.Kind == "resend":
			_, err = r.o.Book.Resend(ctx, r.o.Account, id.Epoch, w.From, w.To)
			again = true
		case r.o.Wish != nil:
			err = r.o.Wish(ctx, w)
		default:
			err = errors.New("this till does not do that")
		}
		if err != nil {
			d.OK, d.Note = false, err.Error()
		}
		r.o.Log.Info("asked by a provider account", "account", r.o.Account, "kind", w.Kind, "by", w.By, "done", d.OK)
		r.mu.Lock()
		r.done = append(r.done, d)
		r.state.Asked = append([]Asked{{Wish: w, OK: d.OK, Note: d.Note}}, r.state.Asked[:min(len(r.state.Asked), askedKept-1)]...)
		r.mu.Unlock()
	}
	if len(wishes) > 0 {
		if again {
			if err := r.Send(ctx); err != nil {
				return err
			}
		}
		r.Wake() // the answer goes at once
	}
	return nil
}

func (r *Runner) answered(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.done {
		if d.ID == id {
			return true
		}
	}
	return false
}

func (r *Runner) show(ctx context.Context, trouble error) {
	n, since, err := r.o.Book.Backlog(ctx, r.o.Account)
	if err != nil {
		r.o.Log.Error("count what is unsent", "error", err)
		return
	}
	r.mu.Lock()
	changed := r.state.Unsent != n || (r.state.Trouble == nil) != (trouble == nil)
	r.state.Unsent, r.state.Since, r.state.Trouble = n, since, trouble
	if trouble == nil {
		changed = changed || time.Since(r.state.Last) > time.Minute
		r.state.Last = time.Now()
	}
	s := r.state
	r.mu.Unlock()
	if changed && r.o.Show != nil {
		r.o.Show(s)
	}
}
