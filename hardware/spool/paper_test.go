package spool

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/till"
	"guitai/till/receipt"
)

// shelf is a Store that forgets nothing of what was asked of it. It outlives
// the Spools of a test, as the ledger outlives the till's runs.
type shelf struct {
	mu     sync.Mutex
	jobs   []till.Job
	pulses []till.Pulse
	given  map[int64]till.PulseState
	log    map[int64][]till.JobState
	broken bool // nothing can be written
}

var errBroken = errors.New("disk full")

func newShelf() *shelf {
	return &shelf{given: map[int64]till.PulseState{}, log: map[int64][]till.JobState{}}
}

func (s *shelf) add(kind till.SlipKind, ref int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := int64(len(s.jobs) + 1)
	s.jobs = append(s.jobs, till.Job{ID: id, PrintJob: till.PrintJob{Kind: kind, Ref: ref}, State: till.JobQueued, Created: time.Now()})
	return id
}

func (s *shelf) pulse(age time.Duration) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := int64(len(s.pulses) + 1)
	s.pulses = append(s.pulses, till.Pulse{ID: id, Reason: "sale", Created: time.Now().Add(-age)})
	s.given[id] = till.PulseQueued
	return id
}

func (s *shelf) state(id int64) (till.JobState, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.jobs[id-1].State, s.jobs[id-1].Note
}

func (s *shelf) history(id int64) []till.JobState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log[id])
}

func (s *shelf) pulseState(id int64) till.PulseState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.given[id]
}

func (s *shelf) breakDown(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

func (s *shelf) to(id int64, state till.JobState, note string) {
	j := &s.jobs[id-1]
	j.State, j.Note = state, note
	if state == till.JobSending {
		j.Attempt++
	}
	s.log[id] = append(s.log[id], state)
}

func (s *shelf) JobsDue(ctx context.Context) ([]till.Job, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []till.Job
	for _, j := range s.jobs {
		switch j.State {
		case till.JobQueued, till.JobHeld, till.JobSending, till.JobUncertain:
			out = append(out, j)
		case till.JobSent, till.JobConfirmed, till.JobDropped:
		}
	}
	return out, ctx.Err()
}

func (s *shelf) MarkJob(_ context.Context, id int64, state till.JobState, note string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errBroken
	}
	s.to(id, state, note)
	return nil
}

func (s *shelf) HoldJobs(_ context.Context, note, but string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errBroken
	}
	for _, j := range s.jobs {
		if j.State == till.JobQueued || j.State == till.JobHeld && j.Note != but && j.Note != note {
			s.to(j.ID, till.JobHeld, note)
		}
	}
	return nil
}

func (s *shelf) DropJobs(_ context.Context, note string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, j := range s.jobs {
		if j.State == till.JobQueued || j.State == till.JobHeld {
			s.to(j.ID, till.JobDropped, note)
			n++
		}
	}
	return n, nil
}

func (s *shelf) SettleJob(_ context.Context, id int64, printed bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.jobs[id-1]
	switch {
	case j.State != till.JobUncertain:
	case printed:
		s.to(id, till.JobConfirmed, "seen")
	default:
		s.to(id, till.JobDropped, "copied")
		j.PrintJob.Copy++
		s.jobs = append(s.jobs, till.Job{ID: int64(len(s.jobs) + 1), PrintJob: j.PrintJob, State: till.JobQueued, Created: time.Now()})
	}
	return nil
}

func (s *shelf) PulsesDue(context.Context) ([]till.Pulse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []till.Pulse
	for _, p := range s.pulses {
		if s.given[p.ID] == till.PulseQueued {
			out = append(out, p)
		}
	}
	return out, nil
}

func (s *shelf) MarkPulse(_ context.Context, id int64, state till.PulseState) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errBroken
	}
	s.given[id] = state
	return nil
}

// A rack is a printer on a network socket. It keeps what is printed apart from
// what is asked of it, and answers as it is told to.
type rack struct {
	t     *testing.T
	addr  string
	mu    sync.Mutex
	l     net.Listener
	conns map[net.Conn]bool
	paper []byte // all but real-time questions
	asks  int    // of DLE EOT

	mute     bool // answers nothing
	paperEnd bool
	quiet    bool   // keeps the answers of barriers to itself
	kept     []byte // those answers, and who waits for them
	waits    net.Conn
	cutAfter int // bytes on paper, then the link breaks; 0 never
	pulses   int // ESC p and DLE DC4
	realtime int // DLE DC4 alone
}

func newRack(t *testing.T) *rack {
	r := &rack{t: t, addr: "127.0.0.1:0", conns: map[net.Conn]bool{}}
	r.on()
	t.Cleanup(r.off)
	return r
}

// on plugs the printer in, at the same address as before.
func (r *rack) on() {
	r.t.Helper()
	l, err := net.Listen("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	r.l, r.addr = l, l.Addr().String()
	r.mu.Unlock()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.mu.Lock()
			r.conns[c] = true
			r.mu.Unlock()
			go r.serve(c)
		}
	}()
}

// off cuts the power.
func (r *rack) off() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.l.Close()
	for c := range r.conns {
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}
	clear(r.conns)
}

func (r *rack) with(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

// tell gives the answers that were kept.
func (r *rack) tell() {
	r.with(func() {
		r.quiet, r.paperEnd = false, false
		r.waits.Write(r.kept)
		r.kept = nil
	})
}

func (r *rack) serve(c net.Conn) {
	buf := make([]byte, 4096)
	var in []byte
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		in = append(in, buf[:n]...)
		for len(in) > 0 {
			used := r.obey(c, in)
			if used < 0 {
				c.(*net.TCPConn).SetLinger(0)
				c.Close()
				return
			}
			if used == 0 {
				break
			}
			in = in[used:]
		}
	}
}

// obey takes one command off the front and returns its length: 0 for one that
// is not whole, -1 to break the link. It knows only what it must answer.
func (r *rack) obey(c net.Conn, in []byte) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	is := func(b ...byte) bool { return bytes.HasPrefix(in, b) }
	switch {
	case len(in) < 3 && (in[0] == 0x10 || in[0] == 0x1d || in[0] == 0x1b) && !is(0x1b, '@'):
		return 0
	case is(0x10, 0x04):
		r.asks++
		answer := byte(0x12)
		if r.paperEnd && in[2] == 4 {
			answer = 0x72
		}
		if r.paperEnd && in[2] == 2 {
			answer = 0x32
		}
		if !r.mute {
			c.Write([]byte{answer})
		}
		return 3
	case is(0x10, 0x14):
		r.pulses++
		r.realtime++
		return min(5, len(in))
	case r.paperEnd:
		return 0 // stays in its memory
	case is(0x1b, 'p'):
		r.pulses++
		return min(5, len(in))
	case is(0x1d, 'r', 1):
		r.paper = append(r.paper, in[:3]...)
		switch {
		case r.quiet:
			r.kept, r.waits = append(r.kept, 0), c
		case !r.mute:
			c.Write([]byte{0})
		}
		return 3
	case is(0x1d, '(', 'H') && len(in) < 11:
		return 0
	case is(0x1d, '(', 'H'):
		r.paper = append(r.paper, in[:11]...)
		if !r.mute && !r.quiet {
			c.Write(append(append([]byte{0x37, 0x22}, in[7:11]...), 0))
		}
		return 11
	}
	r.paper = append(r.paper, in[0])
	if r.cutAfter > 0 && len(r.paper) >= r.cutAfter {
		r.cutAfter = 0
		return -1
	}
	return 1
}

func (r *rack) printed() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.paper)
}

func (r *rack) opened() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pulses
}

// count is how often a text is on paper.
func (r *rack) count(text string) int {
	r.t.Helper()
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		r.t.Fatal(err)
	}
	return bytes.Count(r.printed(), []byte(gbk))
}

func (r *rack) printer(profile string) Printer {
	r.t.Helper()
	p, ok := printer.ProfileByID(profile)
	if !ok {
		r.t.Fatalf("no profile %s", profile)
	}
	return Printer{Address: port.Address{Scheme: port.TCP, Place: r.addr}, Profile: p}
}

// quick is the pace of a test: what waits for seconds waits for moments.
var quick = func() pace {
	p := usual
	p.retryMin, p.retryMax, p.poll = 10*time.Millisecond, 40*time.Millisecond, 20*time.Millisecond
	p.learn, p.answer, p.proofFirst, p.proof = 400*time.Millisecond, 800*time.Millisecond, 300*time.Millisecond, 900*time.Millisecond
	p.settle, p.finish, p.idle, p.probe, p.again = 40*time.Millisecond, 300*time.Millisecond, 50*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond
	p.stuck, p.relearn, p.takeOver, p.giveBack = 100*time.Millisecond, time.Minute, 60*time.Millisecond, 100*time.Millisecond
	return p
}()

// slip writes an amount that says which job it is: receipt 7 is of ￥7.50.
func slip(_ context.Context, j till.Job, columns int) (receipt.Document, error) {
	if j.Ref < 0 {
		return receipt.Document{}, errors.New("no such receipt")
	}
	doc := receipt.Document{Lang: "zh-Hans"}
	if j.Kind == till.SlipReceipt && j.Copy > 0 {
		doc.Blocks = append(doc.Blocks, receipt.Copy{N: j.Copy})
	}
	doc.Blocks = append(doc.Blocks, receipt.Title{Text: "青禾便利店"}, receipt.Pair("合计", amount(j.Ref)), receipt.Rule{}, receipt.Cut{})
	return doc, nil
}

// start runs a Spool over the shelf and returns how to stop it.
func start(t *testing.T, s *shelf, p Printer) (*Spool, func()) {
	t.Helper()
	sp := New(Options{Store: s, Render: slip, Printer: p})
	sp.pace = quick
	return sp, runFor(t, sp)
}

// runFor runs a Spool until the test ends or the function is called.
func runFor(t *testing.T, sp *Spool) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { sp.Run(ctx); close(done) }()
	stop = func() {
		cancel()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Error("Run does not return")
		}
	}
	t.Cleanup(stop)
	return stop
}

// until waits for what the worker does on its own goroutine.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: did not happen within 5 s", what)
		}
	}
}
