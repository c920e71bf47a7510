package spool

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/till"
)

var _ till.After = (*Spool)(nil)

func amount(ref int64) string { return fmt.Sprintf("￥%d.50", ref) }

func (s *shelf) is(id int64, want till.JobState) func() bool {
	return func() bool { state, _ := s.state(id); return state == want }
}

func TestASlipComesOutWithItsAmountAndIsConfirmed(t *testing.T) {
	for _, profile := range []string{"generic-80", "epson-cn-80", "generic-58"} {
		r, s := newRack(t), newShelf()
		sp, _ := start(t, s, r.printer(profile))
		id := s.add(till.SlipReceipt, 128)
		sp.Kick()
		until(t, profile+" confirmed", s.is(id, till.JobConfirmed))
		if got := s.history(id); !slices.Equal(got, []till.JobState{till.JobSending, till.JobConfirmed}) {
			t.Errorf("%s: went %v", profile, got)
		}
		if r.count("￥128.50") != 1 || r.count("青禾便利店") != 1 || r.count("合计") != 1 {
			t.Errorf("%s: paper %q", profile, r.printed())
		}
		if r.opened() != 0 {
			t.Errorf("%s: a slip opened the drawer", profile)
		}
		until(t, "nothing waits", func() bool { return sp.Status().Waiting == 0 && sp.Status().State == device.Ready })
	}
}

func TestAPrinterThatTellsNothingCountsAsSent(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.mute = true
	sp, _ := start(t, s, r.printer("generic-80"))
	id := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "sent", s.is(id, till.JobSent))
	began := time.Now()
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "sent", s.is(second, till.JobSent))
	if took := time.Since(began); took > quick.proofFirst {
		t.Errorf("the second slip waited %v for an answer that never comes", took)
	}
}

func TestFiftySlipsKeepTheirOrder(t *testing.T) {
	r, s := newRack(t), newShelf()
	for i := range int64(50) {
		s.add(till.SlipReceipt, i+1)
	}
	start(t, s, r.printer("generic-80"))
	until(t, "the last is confirmed", s.is(50, till.JobConfirmed))
	got := bytes.Split(r.printed(), []byte{0xa3, 0xa4})[1:] // ￥
	if len(got) != 50 {
		t.Fatalf("%d slips on paper, want 50", len(got))
	}
	for i, slip := range got {
		if !bytes.HasPrefix(slip, fmt.Appendf(nil, "%d.50\n", i+1)) {
			t.Fatalf("slip %d on paper is of %.6q", i+1, slip)
		}
	}
	for id := range int64(50) {
		if n := len(s.history(id + 1)); n != 2 {
			t.Errorf("job %d went %v", id+1, s.history(id+1))
		}
	}
}

func TestAPrinterThatIsAwayHoldsItsSlipsAndGoesOnByItself(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.off()
	sp, _ := start(t, s, r.printer("generic-80"))
	first, second := s.add(till.SlipReceipt, 1), s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "held", s.is(second, till.JobHeld))
	if _, note := s.state(first); note != string(device.NoHardware) {
		t.Errorf("held for %q", note)
	}
	if st := sp.Status(); st.State != device.Gone || st.Reason != device.NoHardware || st.Waiting != 2 {
		t.Errorf("status %+v", st)
	}
	r.on()
	until(t, "confirmed", s.is(second, till.JobConfirmed))
	if r.count(amount(1)) != 1 || r.count(amount(2)) != 1 {
		t.Errorf("paper %q", r.printed())
	}
}

// A till that has given up for half a minute looks again at the next sale.
func TestKickTriesAtOnce(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.off()
	sp := New(Options{Store: s, Render: slip, Printer: r.printer("generic-80")})
	sp.pace = quick
	sp.pace.retryMin, sp.pace.retryMax = time.Hour, time.Hour
	runFor(t, sp)
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "held", s.is(first, till.JobHeld))
	r.on()
	time.Sleep(30 * time.Millisecond)
	if s.is(first, till.JobConfirmed)() {
		t.Fatal("tried before its time")
	}
	sp.Kick()
	until(t, "confirmed", s.is(first, till.JobConfirmed))
}

func TestACutInMidJobIsUncertainAndNeverPrintedAgainInSilence(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.cutAfter = 40
	sp, _ := start(t, s, r.printer("generic-80"))
	first, second := s.add(till.SlipReceipt, 1), s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "the next slip prints", s.is(second, till.JobConfirmed))
	if state, note := s.state(first); state != till.JobUncertain || note != string(device.Lost) {
		t.Fatalf("cut in mid-job: %s %s", state, note)
	}
	until(t, "asked about", func() bool { u := sp.Status().Uncertain; return len(u) == 1 && u[0].ID == first && u[0].Ref == 1 })
	if r.count(amount(1)) != 0 {
		t.Fatal("the cut came too late for this test")
	}
	// "Not printed", twice by mistake, is one copy, marked as one.
	for range 2 {
		if err := sp.Answer(t.Context(), first, false); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the copy prints", func() bool { return r.count(amount(1)) == 1 })
	until(t, "asked no more", func() bool { return len(sp.Status().Uncertain) == 0 })
	if r.count("补打 COPY 1") != 1 || len(s.jobs) != 3 {
		t.Errorf("%d jobs, paper %q", len(s.jobs), r.printed())
	}
}

func TestAnswerPrintedEndsTheQuestion(t *testing.T) {
	r, s := newRack(t), newShelf()
	id := s.add(till.SlipReceipt, 5)
	s.to(id, till.JobSending, "") // the till was killed here
	sp, stop := start(t, s, r.printer("generic-80"))
	until(t, "asked", func() bool { return len(sp.Status().Uncertain) == 1 })
	if state, note := s.state(id); state != till.JobUncertain || note != noteStopped {
		t.Errorf("found sending: %s %s", state, note)
	}
	if err := sp.Answer(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	until(t, "settled", func() bool { return len(sp.Status().Uncertain) == 0 })
	stop()
	start(t, s, r.printer("generic-80"))
	next := s.add(till.SlipReceipt, 6)
	until(t, "the next prints", s.is(next, till.JobConfirmed))
	if r.count(amount(5)) != 0 || !s.is(id, till.JobConfirmed)() {
		t.Error("a slip that a person has seen was printed again")
	}
}

func TestAPrinterThatAlwaysConfirmedAndDoesNotIsUncertain(t *testing.T) {
	r, s := newRack(t), newShelf()
	sp, _ := start(t, s, r.printer("generic-80"))
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "confirmed", s.is(first, till.JobConfirmed))
	r.with(func() { r.quiet = true })
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "uncertain", s.is(second, till.JobUncertain))
	// The answer comes late, on the same link, and ends the question.
	r.tell()
	until(t, "confirmed late", s.is(second, till.JobConfirmed))
	third := s.add(till.SlipReceipt, 3)
	sp.Kick()
	until(t, "the next", s.is(third, till.JobConfirmed))
	if r.count(amount(2)) != 1 {
		t.Errorf("printed %d times", r.count(amount(2)))
	}
}

// A printer that was switched off and on with a slip in its memory has lost it.
// The answer to the next slip must not be taken for that one's.
func TestAnAnswerIsNotTakenForTheSlipBefore(t *testing.T) {
	for _, profile := range []string{"generic-80", "epson-cn-80"} {
		r, s := newRack(t), newShelf()
		sp, _ := start(t, s, r.printer(profile))
		first := s.add(till.SlipReceipt, 1)
		sp.Kick()
		until(t, "confirmed", s.is(first, till.JobConfirmed))
		r.with(func() { r.quiet = true })
		second := s.add(till.SlipReceipt, 2)
		sp.Kick()
		until(t, "uncertain", s.is(second, till.JobUncertain))
		r.with(func() { r.quiet, r.kept = false, nil }) // off and on: what it owed is gone
		third := s.add(till.SlipReceipt, 3)
		sp.Kick()
		until(t, "the next", s.is(third, till.JobConfirmed))
		if !s.is(second, till.JobUncertain)() {
			t.Errorf("%s: a slip that was lost went %v", profile, s.history(second))
		}
	}
}

// The link stays, the printer is dead: it had told its state before.
func TestAPrinterThatFallsSilentIsUncertain(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.quiet = true
	sp, _ := start(t, s, r.printer("generic-80"))
	until(t, "ready", func() bool { return sp.Status().State == device.Ready })
	id := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "on its way", func() bool { return r.count(amount(1)) == 1 })
	r.with(func() { r.mute = true })
	until(t, "uncertain", s.is(id, till.JobUncertain))
	next := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "held", s.is(next, till.JobHeld))
	if st := sp.Status(); st.Reason != device.Timeout {
		t.Errorf("status %+v", st)
	}
}

func TestPaperEndHoldsAndGoesOnWhenThereIsSome(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.paperEnd = true
	sp, _ := start(t, s, r.printer("generic-80"))
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "held", s.is(first, till.JobHeld))
	if _, note := s.state(first); note != string(device.PaperEnd) || len(r.printed()) != 0 {
		t.Errorf("held for %q, paper %q", note, r.printed())
	}
	if st := sp.Status(); st.State != device.Attention || st.Reason != device.PaperEnd || st.Waiting != 1 {
		t.Errorf("status %+v", st)
	}
	// Cash is taken meanwhile: the drawer opens all the same.
	pulse := s.pulse(0)
	sp.Kick()
	until(t, "the drawer opens", func() bool { return r.opened() == 1 })
	if r.realtime != 1 || s.pulseState(pulse) != till.PulseSent {
		t.Errorf("%d real-time pulses, %s", r.realtime, s.pulseState(pulse))
	}
	r.with(func() { r.paperEnd = false })
	until(t, "confirmed", s.is(first, till.JobConfirmed))
	if r.count(amount(1)) != 1 {
		t.Errorf("paper %q", r.printed())
	}
	until(t, "ready", func() bool { return sp.Status().State == device.Ready })
}

// Paper that ends in the middle of a slip leaves the rest in the printer's
// memory: it comes out by itself and must not be sent again.
func TestPaperEndBehindASlipWaitsAndDoesNotSendAgain(t *testing.T) {
	r, s := newRack(t), newShelf()
	sp, _ := start(t, s, r.printer("generic-80"))
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "confirmed", s.is(first, till.JobConfirmed))
	r.with(func() { r.quiet = true }) // still printing
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "on its way", func() bool { return r.count(amount(2)) == 1 })
	r.with(func() { r.paperEnd = true })
	until(t, "shown", func() bool { return sp.Status().Reason == device.PaperEnd })
	third := s.add(till.SlipReceipt, 3)
	s.pulse(0)
	sp.Kick()
	until(t, "the drawer opens", func() bool { return r.opened() == 1 })
	if !s.is(second, till.JobSending)() || !s.is(third, till.JobQueued)() {
		t.Errorf("jobs went %v and %v", s.history(second), s.history(third))
	}
	r.tell()
	until(t, "both", func() bool { return s.is(second, till.JobConfirmed)() && s.is(third, till.JobConfirmed)() })
	if r.count(amount(2)) != 1 || r.count(amount(3)) != 1 {
		t.Errorf("paper %q", r.printed())
	}
}

func TestADrawerPulseIsGivenAtMostOnceAcrossARestart(t *testing.T) {
	r, s := newRack(t), newShelf()
	sp, stop := start(t, s, r.printer("generic-80"))
	id := s.pulse(0)
	sp.Kick()
	until(t, "the drawer opens", func() bool { return r.opened() == 1 })
	stop()
	// Killed between the mark and the byte: not given, and never again.
	lost := s.pulse(0)
	if err := s.MarkPulse(t.Context(), lost, till.PulseSent); err != nil {
		t.Fatal(err)
	}
	sp, _ = start(t, s, r.printer("generic-80"))
	after := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "prints", s.is(after, till.JobConfirmed))
	if r.opened() != 1 || s.pulseState(id) != till.PulseSent {
		t.Errorf("opened %d times", r.opened())
	}
}

func TestAPulseThatComesTooLateNeverOpensADrawer(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.off()
	// Older than a restart takes: nobody stands there any more.
	atStart := s.pulse(6 * time.Second)
	sp, _ := start(t, s, r.printer("generic-80"))
	until(t, "expired at the start", func() bool { return s.pulseState(atStart) == till.PulseExpired })
	waits := s.pulse(50 * time.Second)
	late := s.pulse(2 * time.Minute)
	sp.Kick()
	until(t, "expired", func() bool { return s.pulseState(late) == till.PulseExpired })
	if s.pulseState(waits) != till.PulseQueued {
		t.Errorf("a pulse of 50 s is %s", s.pulseState(waits))
	}
	r.on()
	until(t, "given", func() bool { return s.pulseState(waits) == till.PulseSent && r.opened() == 1 })
}

func TestAnotherPrinterIsTakenUpWhileRunning(t *testing.T) {
	old, next, s := newRack(t), newRack(t), newShelf()
	old.off()
	sp, _ := start(t, s, old.printer("generic-80"))
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "held", s.is(first, till.JobHeld))
	sp.Set(next.printer("generic-58"), Printer{})
	until(t, "confirmed", s.is(first, till.JobConfirmed))
	if next.count(amount(1)) != 1 {
		t.Errorf("paper %q", next.printed())
	}
	// And one that accepts and takes nothing lets go too.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dead := next.printer("epson-cn-80")
	dead.Address.Place = l.Addr().String()
	sp.Set(dead, Printer{})
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "silence is shown", func() bool { return sp.Status().Reason == device.Timeout })
	sp.Set(next.printer("generic-80"), Printer{})
	until(t, "confirmed", s.is(second, till.JobConfirmed))
}

func TestWithoutAPrinterSlipsAreNotKeptForTheDayThereIsOne(t *testing.T) {
	r, s := newRack(t), newShelf()
	sp, _ := start(t, s, Printer{})
	id, pulse := s.add(till.SlipReceipt, 1), s.pulse(0)
	sp.Kick()
	until(t, "dropped", s.is(id, till.JobDropped))
	until(t, "expired", func() bool { return s.pulseState(pulse) == till.PulseExpired })
	if st := sp.Status(); st.State != device.Off || st.Waiting != 0 {
		t.Errorf("status %+v", st)
	}
	sp.Set(r.printer("generic-80"), Printer{})
	until(t, "ready", func() bool { return sp.Status().State == device.Ready })
	if len(r.printed()) != 0 || r.opened() != 0 {
		t.Errorf("paper %q", r.printed())
	}
}

func TestASlipThatCannotBeMadeLetsTheOthersPass(t *testing.T) {
	r, s := newRack(t), newShelf()
	bad := s.add(till.SlipReceipt, -1)
	good := s.add(till.SlipReceipt, 2)
	sp, _ := start(t, s, r.printer("generic-80"))
	until(t, "confirmed", s.is(good, till.JobConfirmed))
	if state, note := s.state(bad); state != till.JobHeld || note != string(device.Unrender) {
		t.Errorf("the bad one is %s %s", state, note)
	}
	until(t, "shown", func() bool { st := sp.Status(); return st.Reason == device.Unrender && st.Waiting == 1 })
	if n, err := sp.Discard(t.Context()); n != 1 || err != nil {
		t.Errorf("discarded %d, %v", n, err)
	}
	until(t, "ready", func() bool { return sp.Status().State == device.Ready && sp.Status().Waiting == 0 })
}

func TestSlipsOfTheMomentAreDroppedWhenLate(t *testing.T) {
	r, s := newRack(t), newShelf()
	code, test := s.add(till.SlipQR, 100), s.add(till.SlipTest, 1)
	for i := range s.jobs {
		s.jobs[i].Created = time.Now().Add(-time.Hour)
	}
	broken := s.add(till.SlipTest, 2)
	s.to(broken, till.JobSending, "")
	z := s.add(till.SlipZ, 3)
	s.jobs[z-1].Created, s.jobs[z-1].Copy = time.Now().Add(-time.Hour), 1
	sp, _ := start(t, s, r.printer("generic-80"))
	until(t, "the Z is confirmed", s.is(z, till.JobConfirmed))
	if u := sp.Status().Uncertain; len(u) != 0 || !s.is(broken, till.JobDropped)() {
		t.Errorf("a person is asked about a test page: %v", u)
	}
	for _, id := range []int64{code, test} {
		if state, note := s.state(id); state != till.JobDropped || note != noteLate {
			t.Errorf("job %d is %s %s", id, state, note)
		}
	}
	if r.count(amount(100)) != 0 || r.count("补打 COPY 1") != 1 {
		t.Errorf("paper %q", r.printed())
	}
}

// What cannot be marked is not printed: after a crash nobody could tell.
func TestNothingIsSentThatCannotBeMarked(t *testing.T) {
	r, s := newRack(t), newShelf()
	sp, _ := start(t, s, r.printer("generic-80"))
	until(t, "ready", func() bool { return sp.Status().State == device.Ready })
	s.breakDown(true)
	id, pulse := s.add(till.SlipReceipt, 1), s.pulse(0)
	sp.Kick()
	time.Sleep(100 * time.Millisecond)
	if len(r.printed()) != 0 || r.opened() != 0 {
		t.Fatalf("paper %q, drawer %d", r.printed(), r.opened())
	}
	s.breakDown(false)
	until(t, "confirmed", s.is(id, till.JobConfirmed))
	until(t, "given", func() bool { return s.pulseState(pulse) == till.PulseSent })
	if r.count(amount(1)) != 1 || r.opened() != 1 {
		t.Errorf("paper %q, drawer %d", r.printed(), r.opened())
	}
}

func TestStoppingFinishesTheSlipUnderWay(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.quiet = true
	sp, stop := start(t, s, r.printer("generic-80"))
	id := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "on paper", func() bool { return r.count(amount(1)) == 1 })
	stop()
	if state, _ := s.state(id); state != till.JobSent {
		t.Errorf("stopped behind its last byte: %s", state)
	}
	if st := sp.Status(); st.State != device.Off || st.Reason != device.Closed {
		t.Errorf("status %+v", st)
	}
}

func TestFlushTellsWhetherATestPageIsOut(t *testing.T) {
	r, s := newRack(t), newShelf()
	r.off()
	sp, stop := start(t, s, r.printer("generic-80"))
	id := s.add(till.SlipTest, 1)
	if err := sp.Flush(t.Context()); device.ReasonOf(err) != device.NoHardware {
		t.Errorf("away: %v", err)
	}
	r.on()
	until(t, "confirmed", s.is(id, till.JobConfirmed))
	for n := range int64(10) {
		id := s.add(till.SlipTest, n+2)
		if err := sp.Flush(t.Context()); err != nil || !s.is(id, till.JobConfirmed)() {
			t.Fatalf("page %d: %v, went %v", n, err, s.history(id))
		}
	}
	r.with(func() { r.paperEnd = true })
	s.add(till.SlipTest, 20)
	if err := sp.Flush(t.Context()); device.ReasonOf(err) != device.PaperEnd {
		t.Errorf("no paper: %v", err)
	}
	sp.Set(Printer{}, Printer{})
	until(t, "none", func() bool { return sp.Status().State == device.Off })
	if err := sp.Flush(t.Context()); device.ReasonOf(err) != device.Disabled {
		t.Errorf("no printer: %v", err)
	}
	stop()
}

// A printer behind a dead network answers no call for seconds: the page is not
// out before it is.
func TestFlushWaitsForAPrinterThatIsSlowToAnswer(t *testing.T) {
	r, s := newRack(t), newShelf()
	sp, _ := start(t, s, r.printer("generic-80"))
	until(t, "ready", func() bool { return sp.Status().State == device.Ready })
	r.with(func() { r.quiet = true })
	id := s.add(till.SlipTest, 1)
	done := make(chan error, 1)
	go func() { done <- sp.Flush(context.Background()) }()
	until(t, "on its way", func() bool { return r.count(amount(1)) == 1 })
	select {
	case err := <-done:
		t.Fatalf("done before it is printed: %v", err)
	case <-time.After(30 * time.Millisecond):
	}
	r.tell()
	if err := <-done; err != nil || !s.is(id, till.JobConfirmed)() {
		t.Errorf("%v, went %v", err, s.history(id))
	}
}

func TestAFileTakesSlips(t *testing.T) {
	s := newShelf()
	p := newRack(t).printer("generic-80")
	p.Address = port.Address{Scheme: port.File, Place: t.TempDir() + "/paper.bin"}
	sp, _ := start(t, s, p)
	id := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "sent", s.is(id, till.JobSent))
}

func TestKickNeverWaits(t *testing.T) {
	sp := New(Options{Store: newShelf(), Render: slip})
	for range 1000 {
		sp.Kick()
	}
}
