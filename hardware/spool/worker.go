package spool

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/dialect"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till"
)

// A worker is Run's own state: it owns the link.
type worker struct {
	*Spool
	run   context.Context // until the till stops
	link  context.Context // until it stops or another printer is set
	to    Printer
	other Printer   // the one that is not to; may be none
	gone  time.Time // when slips began to wait for a printer that is gone; zero: none does
	look1 time.Time // the last look at the first, while the second prints
	speak printer.Language
	turn  int
	enc   *printer.Encoder
	p     *printer.Link // nil: not connected

	answers, proves trait // of this printer: DLE EOT, its barrier
	reason          device.Reason
	fails           int // tries to connect in a row
	behind          []behind
	idleSince       time.Time // the last use of the link
	probed          time.Time // the last look at an idle printer
	taught          time.Time // when the printer was found not to answer

	started bool                // pulses left by the run before are dealt with
	reading int                 // of the queue, counted
	owed    []mark              // of states that could not be written yet
	skip    map[int64]time.Time // slips that could not be made, until when
	why     error               // the last of them could not
}

// A trait is what is known of a printer's manners.
type trait uint8

const (
	unknown trait = iota
	yes
	no
)

// behind is a barrier on the link that was not answered yet.
type behind struct {
	job    int64
	number int
}

type mark struct {
	job   int64
	state till.JobState
	note  string
}

// Run works until ctx ends. A slip that is being sent then is finished, within
// a few seconds. It returns when the link is closed and nothing more is
// written.
func (s *Spool) Run(ctx context.Context) {
	w := &worker{Spool: s, run: ctx, turn: -1, skip: map[int64]time.Time{}}
	defer w.leave()
	for ctx.Err() == nil {
		for pause := w.pass(); !w.sleep(pause); {
			pause = w.pace.retryMin // a link that breaks as soon as it is made must not keep a core busy
		}
	}
}

// sleep rests until there is something to look at. It returns false where that
// is a link that broke.
func (w *worker) sleep(d time.Duration) bool {
	var gone <-chan struct{}
	var proofs <-chan printer.Answer
	if w.p != nil {
		gone, proofs = w.p.Gone(), w.p.Proofs()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-w.run.Done():
	case <-w.kick:
	case <-timer.C:
	case a := <-proofs:
		w.proved(a, 0)
	case <-gone:
		w.disconnect()
		if w.to.Address.Scheme != port.TCP { // unplugged; a network printer hangs up when it likes
			w.probed = time.Time{}
		}
		return false
	}
	return true
}

func (w *worker) leave() {
	w.disconnect()
	_ = w.pay()
	w.mu.Lock()
	w.cut = func() {}
	w.mu.Unlock()
	w.set(func(s *Status) { s.Status = device.Status{State: device.Off, Reason: device.Closed} })
}

// store is a context for what must be written whatever happens.
func (w *worker) store() context.Context { return context.WithoutCancel(w.run) }

// follow takes up the printer that Set gave.
func (w *worker) follow() {
	w.mu.Lock()
	if w.turn == w.Spool.turn {
		w.mu.Unlock()
		return
	}
	w.turn, w.to, w.other = w.Spool.turn, w.printers[0], w.printers[1]
	w.link, w.cut = context.WithCancel(w.run)
	w.mu.Unlock()
	w.set(func(s *Status) { s.Second = false })
	w.begin()
}

// begin starts anew with the printer that to is.
func (w *worker) begin() {
	w.disconnect()
	w.speak = dialect.Of(w.to.Profile)
	var face *raster.Face
	if w.opt.Font != nil {
		var err error
		if face, err = raster.NewFace(w.opt.Font); err != nil {
			w.opt.Log.Error("read the font of slips", "err", err)
		}
	}
	w.enc = printer.NewEncoder(w.speak, w.to.Profile, face)
	w.answers, w.proves = unknown, unknown
	if w.to.Profile.Status == "no" && !w.to.Address.Scheme.Queued() || w.to.Address.Scheme == port.File {
		w.answers = no
	}
	if w.to.Profile.Barrier == "none" || !w.to.Address.Scheme.Answers() {
		w.proves = no
	}
	w.reason, w.fails, w.probed, w.gone = "", 0, time.Time{}, time.Time{}
	clear(w.skip)
	state := device.Connecting
	if w.to.none() {
		state = device.Off
	}
	w.set(func(s *Status) { s.Status = device.Status{State: state} })
}

// due is what the store has to do.
type due struct {
	jobs   []till.Job // queued or held
	pulses []till.Pulse
}

// look reads the queues, settles what a stop left behind and drops what came
// too late.
func (w *worker) look() (due, error) {
	w.mu.Lock()
	w.Spool.begun++
	w.reading = w.Spool.begun
	w.mu.Unlock()
	if err := w.pay(); err != nil {
		return due{}, err
	}
	var d due
	jobs, err := w.opt.Store.JobsDue(w.run)
	if err != nil {
		return d, err
	}
	if d.pulses, err = w.pulsesDue(); err != nil {
		return d, err
	}
	var uncertain []till.Job
	for _, j := range jobs {
		late := ofTheMoment(j) && w.age(j.Created) > w.pace.perishable
		switch {
		case j.State == till.JobSending: // a stop, or a kill, came between
			j.State, j.Note = unsure(j), noteStopped
			if err := w.opt.Store.MarkJob(w.store(), j.ID, j.State, j.Note); err != nil {
				return d, err
			}
			w.opt.Log.Warn("a slip was under way when the till stopped", "job", j.ID, "kind", j.Kind, "ref", j.Ref)
			if j.State == till.JobUncertain {
				uncertain = append(uncertain, j)
			}
		case j.State == till.JobUncertain:
			uncertain = append(uncertain, j)
		case late:
			if err := w.opt.Store.MarkJob(w.store(), j.ID, till.JobDropped, noteLate); err != nil {
				return d, err
			}
		default:
			d.jobs = append(d.jobs, j)
		}
	}
	for id := range w.skip {
		if !slices.ContainsFunc(d.jobs, func(j till.Job) bool { return j.ID == id }) {
			delete(w.skip, id)
		}
	}
	w.set(func(s *Status) { s.Waiting, s.Uncertain = len(d.jobs), uncertain })
	w.mu.Lock()
	w.Spool.read = w.reading
	w.mu.Unlock()
	return d, nil
}

// ofTheMoment says whether a slip is of use only at once, with a person beside
// it who sees whether it comes out: a pay code, a test page.
func ofTheMoment(j till.Job) bool { return j.Kind == till.SlipQR || j.Kind == till.SlipTest }

// unsure is the state of a job that nobody knows to be on paper: nobody is asked
// about one of the moment.
func unsure(j till.Job) till.JobState {
	if ofTheMoment(j) {
		return till.JobDropped
	}
	return till.JobUncertain
}

// age is how long ago something was made; a clock that was set back makes it
// old, not young.
func (w *worker) age(t time.Time) time.Duration { return w.opt.Now().Sub(t).Abs() }

// next returns the job to print: the oldest that can be made.
func (w *worker) next(d due) (till.Job, bool) {
	for _, j := range d.jobs {
		if until, ok := w.skip[j.ID]; !ok || w.opt.Now().After(until) {
			return j, true
		}
	}
	return till.Job{}, false
}

// pass does all that can be done now and returns how long to rest.
func (w *worker) pass() time.Duration {
	for w.run.Err() == nil {
		w.follow()
		d, err := w.look()
		if err != nil {
			if w.run.Err() == nil {
				w.opt.Log.Error("the print queue cannot be read or written", "err", err)
			}
			return w.pace.poll
		}
		if w.to.none() {
			return w.without(d)
		}
		job, ok := w.next(d)
		if !ok && len(d.pulses) == 0 {
			return w.rest(d)
		}
		if err := w.connect(); err != nil {
			return w.hold(d, err)
		}
		if len(d.pulses) > 0 {
			err := w.askAndOpen(d.pulses)
			switch {
			case errors.Is(err, errStore):
				w.opt.Log.Error("the drawer was not opened", "err", err)
				return w.pace.poll
			case err != nil:
				return w.hold(d, err)
			}
			continue
		}
		if err := w.ready(); err != nil {
			return w.hold(d, err)
		}
		if err := w.catchUp(); err != nil {
			return w.hold(d, err)
		}
		if err := w.print(job); err != nil {
			w.opt.Log.Error("a slip waits for the ledger", "job", job.ID, "err", err)
			return w.pace.poll
		}
	}
	return 0
}

// without ends what waits for a printer that there is none of.
func (w *worker) without(d due) time.Duration {
	if len(d.jobs) > 0 {
		if _, err := w.opt.Store.DropJobs(w.store(), string(device.Disabled)); err != nil {
			return w.pace.poll
		}
		w.set(func(s *Status) { s.Waiting = 0 })
	}
	for _, p := range d.pulses {
		if w.opt.Store.MarkPulse(w.store(), p.ID, till.PulseExpired) != nil {
			return w.pace.poll
		}
	}
	w.set(func(s *Status) { s.Status = device.Status{State: device.Off} })
	return time.Hour
}

// rest has nothing to print: it looks at the printer now and then, and lets a
// network printer go, which takes one caller at a time.
func (w *worker) rest(d due) time.Duration {
	if w.givenBack() {
		return 0
	}
	if w.to.Address.Scheme == port.File {
		w.disconnect()
		return w.pace.probe
	}
	if w.probed.IsZero() || time.Since(w.probed) >= w.pace.probe || w.reason != "" {
		w.probed = time.Now()
		if w.answers == no && w.to.Profile.Status == "learn" && time.Since(w.taught) >= w.pace.relearn {
			w.answers = unknown // it may have been switched off when it was asked
		}
		err := w.connect()
		if err == nil {
			err = w.ready()
		}
		if err != nil {
			return w.hold(d, err)
		}
	}
	if w.p != nil && w.to.Address.Scheme == port.TCP {
		keep := w.pace.idle
		if len(w.behind) > 0 {
			keep = w.pace.proof // a late answer may still settle a question
		}
		if left := keep - time.Since(w.idleSince); left > 0 {
			return left
		}
		w.disconnect()
	}
	return max(w.pace.probe-time.Since(w.probed), w.pace.retryMin)
}

// connect opens the link where it is not.
func (w *worker) connect() error {
	if w.p != nil {
		select {
		case <-w.p.Gone():
			w.disconnect()
		default:
			return nil
		}
	}
	p, err := printer.Connect(w.link, w.to.Address, w.speak)
	if err != nil {
		return err
	}
	w.p, w.fails = p, 0
	w.opt.Log.Debug("printer connected", "address", w.to.Address.String())
	return nil
}

func (w *worker) disconnect() {
	if w.p != nil {
		_ = w.p.Close() // nothing is lost by it that is not known already
		w.p, w.behind = nil, nil
	}
}

// ready asks the printer for its state, where it can be asked, and shows it.
// The error carries why nothing can be printed.
func (w *worker) ready() error {
	if w.answers == no {
		w.show("")
		return nil
	}
	wait := w.pace.answer
	if w.answers == unknown && w.to.Profile.Status != "yes" {
		wait = w.pace.learn
	}
	ctx, cancel := context.WithTimeout(w.link, wait)
	defer cancel()
	reason, err := w.p.Ask(ctx)
	switch {
	case w.link.Err() != nil:
		return context.Cause(w.link)
	case device.ReasonOf(err) == device.Timeout && w.answers == unknown && w.to.Profile.Status != "yes":
		w.answers, w.taught = no, time.Now()
		w.show("")
		return nil
	case err != nil:
		return err
	}
	w.answers = yes
	if reason == "" || reason == device.PaperLow {
		w.show(reason)
		return nil
	}
	return &device.Error{Reason: reason}
}

// show tells the state of a printer that was reached.
func (w *worker) show(reason device.Reason) {
	w.reason, w.gone = reason, time.Time{}
	now := device.Status{State: device.Ready, Reason: reason}
	if reason != "" {
		now.State = device.Attention
	} else if len(w.skip) > 0 {
		now = device.Status{State: device.Attention, Reason: device.Unrender, Detail: w.why.Error()}
	}
	w.set(func(s *Status) { s.Status = now })
}

// hold keeps all jobs for the reason that err carries, and returns when to try
// again.
func (w *worker) hold(d due, err error) time.Duration {
	if w.link.Err() != nil {
		return 0
	}
	reason := device.ReasonOf(err)
	w.reason = reason
	if reason == device.Timeout || reason == device.Lost {
		w.disconnect()
	}
	note := string(reason)
	for _, j := range d.jobs {
		if j.State == till.JobQueued || j.Note != note && j.Note != string(device.Unrender) {
			if err := w.opt.Store.HoldJobs(w.store(), note, string(device.Unrender)); err != nil {
				w.opt.Log.Error("hold the slips", "err", err)
			}
			w.opt.Log.Info("slips wait for the printer", "jobs", len(d.jobs), "reason", reason, "err", err)
			break
		}
	}
	now := device.Status{State: device.Gone, Reason: reason, Detail: err.Error(), Err: err}
	pause := w.pace.poll
	if w.p != nil {
		now.State = device.Attention
	} else {
		pause = w.backoff()
	}
	w.set(func(s *Status) { s.Status = now })
	if len(d.jobs) > 0 {
		if w.p == nil && w.takenOver() {
			return 0
		}
		w.mu.Lock()
		w.held = w.reading
		w.mu.Unlock()
	}
	return pause
}

// backoff grows with every failure in a row, with some chance in it so that
// two tills at one printer do not keep in step.
func (w *worker) backoff() time.Duration {
	d := w.pace.retryMin << min(w.fails, 10)
	w.fails++
	d = min(d, w.pace.retryMax)
	return d/2 + rand.N(d/2+1)
}

// pay writes the marks that are owed, the oldest first.
func (w *worker) pay() error {
	for len(w.owed) > 0 {
		m := w.owed[0]
		if err := w.opt.Store.MarkJob(w.store(), m.job, m.state, m.note); err != nil {
			return fmt.Errorf("mark job %d %s: %w", m.job, m.state, err)
		}
		w.owed = w.owed[1:]
	}
	return nil
}

// mark changes a job's state, now or as soon as it can be written.
func (w *worker) mark(job int64, state till.JobState, note string) {
	w.owed = append(w.owed, mark{job, state, note})
	if err := w.pay(); err != nil {
		w.opt.Log.Error("a slip's state is not written yet", "err", err)
	}
}

// isStop says whether err comes from the till's stopping or another printer's
// being set.
func (w *worker) isStop(err error) bool {
	return w.link.Err() != nil && (errors.Is(err, context.Canceled) || device.ReasonOf(err) == device.Timeout)
}
