package spool

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/sim"
	"guitai/till"
)

var seeds = flag.Int("seeds", 4, "how many random days of a printer are tried")

// A printer that breaks in every way it can, in any order, with slips and
// drawer pulses coming and the till stopped and started in between: what is
// confirmed is on paper once, what is not is asked about, nothing comes out
// twice, and the drawer opens at most once for each time it should.
func TestSimulateAPrinterThatBreaks(t *testing.T) {
	for seed := range uint64(*seeds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel() // it waits most of the time
			badDay(t, seed)
		})
	}
}

// simulated is a printer of a profile, in its language.
func simulated(t *testing.T, id string) (*sim.Printer, Printer) {
	t.Helper()
	profile, ok := printer.ProfileByID(id)
	if !ok {
		t.Fatalf("no profile %s", id)
	}
	opt := sim.PrinterOptions{}
	if profile.Language != "escpos" {
		opt.Language = sim.Star
	}
	p := sim.NewPrinter(opt)
	t.Cleanup(p.Close)
	address, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr, err := port.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return p, Printer{Address: addr, Profile: profile}
}

// faults and what ends each.
var faults = [][2]string{
	{"paper out", "paper ok"}, {"paper 9", "paper ok"}, {"paper low", "paper ok"}, {"cover open", "cover closed"}, {"offline", "online"},
	{"cutter stuck", "cutter ok"}, {"mute", "answer"}, {"stop", "go"}, {"slow 2000", "slow 0"}, {"cut 150", "answer"}, {"unplug", "plug"},
}

func badDay(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 11))
	p, to := simulated(t, []string{"generic-80", "epson-cn-80", "star-80", "star-line-80"}[seed%4])
	s := newShelf()
	obey := func(command string) {
		t.Helper()
		var err error
		// Another test's connection may have been given the port of one unplugged.
		for range 1000 {
			if err = p.Obey(command); !errors.Is(err, syscall.EADDRINUSE) {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
	}
	sp, stop := start(t, s, to)
	var story []string
	for range 40 {
		switch n := rnd.IntN(10); {
		case n < 5:
			s.add(till.SlipReceipt, int64(len(s.jobs)+1))
			if rnd.IntN(2) == 0 {
				s.pulse(0)
			}
			sp.Kick()
		case n < 9:
			f := faults[rnd.IntN(len(faults))]
			story = append(story, f[0])
			obey(f[0])
			time.Sleep(time.Duration(rnd.IntN(60)) * time.Millisecond)
			obey(f[1])
		default:
			story = append(story, "restart")
			stop()
			sp, stop = start(t, s, to)
		}
		time.Sleep(time.Duration(rnd.IntN(15)) * time.Millisecond)
	}
	for _, f := range faults {
		obey(f[1])
	}
	sp.Kick()
	until(t, "all is done once the printer works", func() bool { return sp.Status().Waiting == 0 && len(s.waiting()) == 0 })
	stop()
	if t.Failed() {
		return
	}

	on := map[int64]int{}
	last, lines := int64(0), ""
	for _, slip := range p.Slips() {
		if len(slip.Unknown) > 0 && !cutShort(story) {
			t.Errorf("the printer does not know %v", slip.Unknown)
		}
		for _, line := range slip.Lines() {
			var ref int64
			if _, err := fmt.Sscanf(strings.TrimSpace(strings.TrimPrefix(line, "合计")), "￥%d.50", &ref); err != nil {
				continue
			}
			on[ref]++
			lines += fmt.Sprint(" ", ref)
			if ref < last {
				t.Errorf("slip %d is behind %d", ref, last)
			}
			last = ref
		}
	}
	states := map[till.JobState]int{}
	for _, j := range s.jobs {
		states[j.State]++
		if n := on[j.Ref]; n > 1 || j.State == till.JobConfirmed && n != 1 {
			t.Errorf("slip %d is %s and %d times on paper; went %v", j.Ref, j.State, n, s.history(j.ID))
		}
	}
	given := 0
	for _, state := range s.given {
		if state == till.PulseSent || state == till.PulseFailed {
			given++
		}
	}
	if n := len(p.Pulses()); n > given {
		t.Errorf("the drawer opened %d times, %d pulses were given", n, given)
	}
	t.Logf("%d slips %v, drawer %d of %d, after %s; paper%s", len(s.jobs), states, len(p.Pulses()), given, strings.Join(story, ", "), lines)
}

// cutShort says whether a slip can end in the middle of a command.
func cutShort(story []string) bool {
	for _, f := range story {
		if f == "unplug" || f == "restart" || strings.HasPrefix(f, "cut") {
			return true
		}
	}
	return false
}

// waiting lists the jobs that are not at an end.
func (s *shelf) waiting() []till.Job {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []till.Job
	for _, j := range s.jobs {
		if j.State == till.JobQueued || j.State == till.JobHeld || j.State == till.JobSending {
			out = append(out, j)
		}
	}
	return out
}

// onPaper counts the slips of amount(ref) that came out: of the sale itself, and
// marked as copies.
func onPaper(p *sim.Printer, ref int64) (originals, copies int) {
	for _, slip := range p.Slips() {
		text := strings.Join(slip.Lines(), "\n")
		if !strings.Contains(text, amount(ref)) {
			continue
		}
		if strings.Contains(text, "COPY") {
			copies++
		} else {
			originals++
		}
	}
	return originals, copies
}

// The power of the printer fails after every byte of a slip, one after the
// other: what it was at is asked about, the next slip prints, and a copy is
// marked as one.
func TestThePowerFailsAtEveryByte(t *testing.T) {
	for _, id := range []string{"generic-80", "epson-cn-80", "star-80"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			p, to := simulated(t, id)
			s := newShelf()
			sp, _ := start(t, s, to)
			first := s.add(till.SlipReceipt, 1)
			sp.Kick()
			until(t, "confirmed", s.is(first, till.JobConfirmed))
			long := len(p.Slips()[0].Raw) + 30 // questions and the barrier count as well
			ref := int64(1)
			for at := 1; at < long; at++ {
				if err := p.Obey(fmt.Sprint("cut ", at)); err != nil {
					t.Fatal(err)
				}
				ref++
				cut := s.add(till.SlipReceipt, ref)
				sp.Kick()
				until(t, "settled", func() bool { state, _ := s.state(cut); return state == till.JobUncertain || state == till.JobConfirmed })
				state, _ := s.state(cut)
				originals, _ := onPaper(p, ref)
				if originals > 1 || state == till.JobConfirmed && originals != 1 {
					t.Fatalf("byte %d: %s, %d times on paper; went %v", at, state, originals, s.history(cut))
				}
				if state != till.JobUncertain {
					continue
				}
				if err := sp.Answer(t.Context(), cut, originals == 1); err != nil {
					t.Fatal(err)
				}
				if originals == 0 {
					until(t, "a copy", func() bool { return sp.Status().Waiting == 0 && len(s.waiting()) == 0 })
					if o, copies := onPaper(p, ref); o != 0 || copies > 1 {
						t.Fatalf("byte %d: %d originals and %d copies on paper", at, o, copies)
					}
				}
			}
			if ref < 100 {
				t.Errorf("only %d bytes were tried", ref)
			}
		})
	}
}

// Paper ends, and the cover opens, at every line of a slip: it comes out once,
// whole, when that is seen to, and nobody is asked.
func TestPaperEndsAtEveryLine(t *testing.T) {
	for _, id := range []string{"generic-80", "epson-cn-80", "star-80", "star-line-80"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			p, to := simulated(t, id)
			s := newShelf()
			sp, _ := start(t, s, to)
			for lines := range 9 {
				ref := int64(lines + 1)
				for _, command := range []string{fmt.Sprint("paper ", lines), "cover open", "cover closed"} {
					if err := p.Obey(command); err != nil {
						t.Fatal(err)
					}
				}
				job := s.add(till.SlipReceipt, ref)
				sp.Kick()
				time.Sleep(20 * time.Millisecond)
				if err := p.Obey("paper ok"); err != nil {
					t.Fatal(err)
				}
				until(t, "confirmed", s.is(job, till.JobConfirmed))
				if originals, copies := onPaper(p, ref); originals != 1 || copies != 0 {
					t.Errorf("%d lines: %d originals and %d copies; went %v", lines, originals, copies, s.history(job))
				}
			}
		})
	}
}
