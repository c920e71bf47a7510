// Package spool owns the printer: it takes slips and drawer pulses that a
// commit left in the ledger, in order, and sees them onto paper. Selling never
// waits for it, and it never prints twice in silence. It does not know what a
// slip says; a function handed in writes the document of a job.
//
//	s := spool.New(spool.Options{Store: ledger, Render: render, Font: font, Changed: redraw, Log: log})
//	s.Set(spool.Printer{Address: addr, Profile: profile}, spool.Printer{}) // at any time
//	go s.Run(ctx)                                          // until ctx ends
//	register := till.NewRegister(..., till.Options{After: s})
//	now := s.Status()                                      // state, how many wait, which are uncertain
//	err := s.Answer(ctx, job.ID, printed)                  // of an uncertain one; not on the window's goroutine
//	err = s.Flush(ctx)                                     // until a test page is out, or why it is not
//
// A job goes queued or held, sending, then sent, confirmed or uncertain:
//
//   - held: the printer is away, out of paper, open. Nothing was sent; the job
//     goes on by itself, and Kick tries at once.
//   - sending is durable before the first byte, and stays until the outcome is
//     known.
//   - confirmed: the printer answered a command that stood behind the slip.
//   - sent: it took all bytes, and is of the kind that tells no more.
//   - uncertain: the link broke on the way, a printer that always answered did
//     not, or the till stopped meanwhile. A person is asked, and the next slip
//     prints. "Not printed" makes a copy that is marked as one.
//
// Where there are two printers, the second takes over when slips wait and the
// first is gone, and gives back once the first is there again and nothing
// waits. Only slips of which nothing was sent move: the others stay uncertain.
//
// Drawer pulses have a queue of their own. Each is marked sent before it is
// given, so that it is given at most once, and one that comes too late is
// dropped: a drawer must not open by itself.
//
// One Spool serves one store; Run returns with every port let go, and another
// may then begin.
package spool

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/till"
	"guitai/till/receipt"
)

// A Store keeps jobs and pulses. Every change is durable when its method
// returns.
type Store interface {
	// JobsDue lists the jobs queued, held, sending and uncertain, oldest first.
	JobsDue(ctx context.Context) ([]till.Job, error)
	MarkJob(ctx context.Context, id int64, state till.JobState, note string) error
	// HoldJobs marks all queued and held jobs held with a note, but those whose
	// note is but.
	HoldJobs(ctx context.Context, note, but string) error
	// DropJobs marks all queued and held jobs dropped and returns how many.
	DropJobs(ctx context.Context, note string) (int, error)
	// SettleJob makes an uncertain job confirmed, or dropped with a copy of it
	// queued, and does nothing to any other.
	SettleJob(ctx context.Context, id int64, printed bool) error
	// PulsesDue lists the queued pulses, oldest first.
	PulsesDue(ctx context.Context) ([]till.Pulse, error)
	MarkPulse(ctx context.Context, id int64, state till.PulseState) error
}

// A Printer says which printer there is. The zero value is none: its slips are
// dropped, since nobody wants those of a week when one is set up at last.
type Printer struct {
	Address port.Address
	Profile printer.Profile
}

// Options are what a Spool works with. Store and Render are needed.
type Options struct {
	Store Store
	// Render writes the slip of a job for paper of so many columns. Its error
	// holds that job and no other.
	Render func(ctx context.Context, job till.Job, columns int) (receipt.Document, error)
	// Font draws what the printer has no character for: OpenType or TrueType
	// bytes. Without it such characters print as question marks.
	Font    []byte
	Printer Printer
	Second  Printer // takes over when the first is gone; the zero value is none
	Changed func()  // the Status changed; called on any goroutine, must not wait
	Log     *slog.Logger
	Now     func() time.Time // nil: the machine's clock
}

// A Status is what a status bar and a device page show.
type Status struct {
	device.Status
	Second    bool       // the second printer has taken over
	Waiting   int        // jobs queued, held or being sent
	Uncertain []till.Job // those that a person has to answer for, oldest first
}

// A Spool is the print queue at work. Its methods may be called from any
// goroutine.
type Spool struct {
	opt  Options
	pace pace
	kick chan struct{}

	mu       sync.Mutex
	printers [2]Printer // the second may be none
	turn     int        // counts calls of Set
	cut      func()     // ends what is under way with the printer before
	status   Status
	begun    int        // readings of the queue begun
	read     int        // the last one done
	held     int        // the last one whose slips had to wait
	marking  sync.Mutex // taking a job up, against dropping it
}

// New makes a Spool that does nothing until Run.
func New(opt Options) *Spool {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Changed == nil {
		opt.Changed = func() {}
	}
	s := &Spool{opt: opt, pace: usual, kick: make(chan struct{}, 1), printers: [2]Printer{opt.Printer, opt.Second}, cut: func() {}}
	s.status.Status = device.Status{State: device.Connecting, At: opt.Now()}
	if opt.Printer.none() {
		s.status.State = device.Off
	}
	return s
}

func (p Printer) none() bool { return p.Address.Scheme == "" }

// Kick says that something may be due, or that the printer may be back. It
// never waits; Spool is a till.After.
func (s *Spool) Kick() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Set changes the printer, and the one that takes over from it, if any. A slip under way to the one before is finished where
// that takes no more than seconds, and uncertain otherwise. It does not wait.
func (s *Spool) Set(first, second Printer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.printers = [2]Printer{first, second}
	s.turn++
	s.cut()
	s.Kick()
}

// Status returns how the printer and its queue are.
func (s *Spool) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Answer settles an uncertain job by what a person saw. If it did not print, a
// copy marked as one is queued. Answering twice does nothing more. It writes to
// the store: call it off the window's goroutine.
func (s *Spool) Answer(ctx context.Context, jobID int64, printed bool) error {
	err := s.opt.Store.SettleJob(ctx, jobID, printed)
	s.Kick()
	return err
}

// Discard drops all slips that wait, and returns how many. They stay in the
// ledger and can be printed again one by one. It writes to the store: call it
// off the window's goroutine.
func (s *Spool) Discard(ctx context.Context) (int, error) {
	s.marking.Lock()
	defer s.marking.Unlock()
	n, err := s.opt.Store.DropJobs(ctx, noteDiscarded)
	s.Kick()
	return n, err
}

// Flush waits until nothing waits to be printed, as after a test page. The error
// carries why slips still wait, once that is clear, or the reason that stands
// when ctx ends.
func (s *Spool) Flush(ctx context.Context) error {
	s.mu.Lock()
	from := s.begun // what is read from now on has the slips of before
	s.mu.Unlock()
	s.Kick()
	look := time.NewTicker(s.pace.settle / 10)
	defer look.Stop()
	for {
		s.mu.Lock()
		now, read, held := s.status, s.read > from, s.held > from
		s.mu.Unlock()
		switch {
		case now.State == device.Off:
			return &device.Error{Reason: device.Disabled, Err: errors.New("there is no printer")}
		case held, read && now.Waiting == 0 && now.State == device.Gone: // lost on the way
			return &device.Error{Reason: now.Reason, Err: errors.New(now.Detail)}
		case read && now.Waiting == 0:
			return nil
		}
		select {
		case <-ctx.Done():
			if now.Reason == "" {
				now.Reason = device.Timeout
			}
			return &device.Error{Reason: now.Reason, Err: errors.Join(errors.New(now.Detail), ctx.Err())}
		case <-look.C:
		}
	}
}

// Notes of jobs beside the device.Reason words.
const (
	noteDiscarded = "discarded" // by a person
	noteLate      = "late"      // of use only at the moment it was asked for
	noteStopped   = "stopped"   // the till stopped on the way
)

// set changes the status, and tells so where it is another.
func (s *Spool) set(change func(*Status)) {
	s.mu.Lock()
	before := s.status
	change(&s.status)
	now := s.status
	s.status.At = s.opt.Now()
	s.mu.Unlock()
	if !same(before, now) {
		s.opt.Changed()
	}
}

func same(a, b Status) bool {
	if a.State != b.State || a.Second != b.Second || a.Reason != b.Reason || a.Detail != b.Detail || a.Waiting != b.Waiting || len(a.Uncertain) != len(b.Uncertain) {
		return false
	}
	for i := range a.Uncertain {
		if a.Uncertain[i].ID != b.Uncertain[i].ID {
			return false
		}
	}
	return true
}

// A pace is how patient the worker is.
type pace struct {
	retryMin, retryMax time.Duration // between tries to reach a printer
	poll               time.Duration // between questions to a printer that waits for paper
	learn              time.Duration // for the first answer to a question about its state
	relearn            time.Duration // until a printer that did not answer is asked again
	answer             time.Duration // for that of a printer that has answered before
	proofFirst         time.Duration // for the first answer to a barrier
	proof              time.Duration // for that of a printer that has answered one
	settle             time.Duration // to see a link break behind a slip
	stuck              time.Duration // until a printer that takes no data is shown as such
	giveUp             time.Duration // until a slip that cannot be sent is given up
	finish             time.Duration // a slip under way may take when the till stops
	idle               time.Duration // a network link is kept
	probe              time.Duration // between looks at a printer that has nothing to do
	again              time.Duration // until a slip that could not be made is tried again
	pulse, pulseStart  time.Duration // how old a pulse may be, and at the start
	perishable         time.Duration // how old a pay code or a test page may be
	takeOver           time.Duration // a printer may be gone, until the other takes over
	giveBack           time.Duration // between looks at the first while the second prints
}

var usual = pace{
	retryMin: 500 * time.Millisecond, retryMax: 30 * time.Second, poll: time.Second,
	learn: 700 * time.Millisecond, relearn: 2 * time.Minute, answer: 2 * time.Second, proofFirst: 5 * time.Second, proof: 20 * time.Second,
	settle: 200 * time.Millisecond, stuck: 5 * time.Second, giveUp: 10 * time.Minute, finish: 3 * time.Second,
	idle: 3 * time.Second, probe: 20 * time.Second, again: time.Minute,
	pulse: time.Minute, pulseStart: 5 * time.Second, perishable: 10 * time.Minute,
	takeOver: 5 * time.Second, giveBack: time.Minute,
}
