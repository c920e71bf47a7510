package spool

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
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
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { badDay(t, seed) })
	}
}

// faults and what ends each.
var faults = [][2]string{
	{"paper out", "paper ok"}, {"paper 9", "paper ok"}, {"paper low", "paper ok"}, {"cover open", "cover closed"}, {"offline", "online"},
	{"cutter stuck", "cutter ok"}, {"mute", "answer"}, {"stop", "go"}, {"slow 2000", "slow 0"}, {"cut 150", "answer"}, {"unplug", "plug"},
}

func badDay(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 11))
	p := sim.NewPrinter(sim.PrinterOptions{})
	defer p.Close()
	address, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr, err := port.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	profile, _ := printer.ProfileByID([]string{"generic-80", "epson-cn-80"}[seed%2])
	to := Printer{Address: addr, Profile: profile}
	s := newShelf()
	obey := func(command string) {
		t.Helper()
		if err := p.Obey(command); err != nil {
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
