package spool

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/sim"
	"guitai/till"
)

// A diskShelf is a shelf whose every change is on the disk before the method
// returns, and which kills its own program at one of them: just before it is
// written, or just after.
type diskShelf struct {
	*shelf
	path string
	kill int // the step at which to die; 0 never
	step int
}

// diskState is what a diskShelf keeps.
type diskState struct {
	Jobs   []till.Job
	Pulses []till.Pulse
	Given  map[int64]till.PulseState
}

func openDiskShelf(path string, kill int) (*diskShelf, error) {
	d := &diskShelf{shelf: newShelf(), path: path, kill: kill}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	state := diskState{}
	err = json.Unmarshal(b, &state)
	d.jobs, d.pulses, d.given = state.Jobs, state.Pulses, state.Given
	return d, err
}

// die is one step: the program ends here where it is to, with no chance to
// tidy up.
func (d *diskShelf) die() {
	if d.step++; d.step == d.kill {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// save writes what there is, in one piece.
func (d *diskShelf) save() error {
	d.mu.Lock()
	b, err := json.Marshal(diskState{d.jobs, d.pulses, d.given})
	d.mu.Unlock()
	if err == nil {
		err = os.WriteFile(d.path+".new", b, 0o600)
	}
	if err == nil {
		err = os.Rename(d.path+".new", d.path)
	}
	return err
}

func (d *diskShelf) change(f func() error) error {
	d.die()
	err := f()
	if err == nil {
		err = d.save()
	}
	d.die()
	return err
}

func (d *diskShelf) MarkJob(ctx context.Context, id int64, state till.JobState, note string) error {
	return d.change(func() error { return d.shelf.MarkJob(ctx, id, state, note) })
}

func (d *diskShelf) HoldJobs(ctx context.Context, note, but string) error {
	return d.change(func() error { return d.shelf.HoldJobs(ctx, note, but) })
}

func (d *diskShelf) SettleJob(ctx context.Context, id int64, printed bool) error {
	return d.change(func() error { return d.shelf.SettleJob(ctx, id, printed) })
}

func (d *diskShelf) MarkPulse(ctx context.Context, id int64, state till.PulseState) error {
	return d.change(func() error { return d.shelf.MarkPulse(ctx, id, state) })
}

// TestMain lets this program be the one that is killed.
func TestMain(m *testing.M) {
	if os.Getenv("SPOOL_SHELF") == "" {
		os.Exit(m.Run())
	}
	if err := printUntilEmpty(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// printUntilEmpty runs a Spool over the shelf in SPOOL_SHELF until nothing
// waits, or until step SPOOL_KILL.
func printUntilEmpty() error {
	kill, _ := strconv.Atoi(os.Getenv("SPOOL_KILL"))
	d, err := openDiskShelf(os.Getenv("SPOOL_SHELF"), kill)
	if err != nil {
		return err
	}
	addr, err := port.Parse(os.Getenv("SPOOL_PRINTER"))
	if err != nil {
		return err
	}
	profile, _ := printer.ProfileByID(os.Getenv("SPOOL_PROFILE"))
	sp := New(Options{Store: d, Render: slip, Printer: Printer{Address: addr, Profile: profile}})
	sp.pace = quick
	sp.pace.pulseStart = time.Hour // the pulses of a till that was killed just now
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan struct{})
	go func() { sp.Run(ctx); close(done) }()
	for end := time.Now().Add(20 * time.Second); len(d.waiting()) > 0 || !d.opened(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			return fmt.Errorf("not empty after 20 s: %+v", d.waiting())
		}
	}
	stop()
	<-done
	return nil
}

// opened says whether no pulse is queued.
func (d *diskShelf) opened() bool {
	pulses, _ := d.PulsesDue(context.Background())
	return len(pulses) == 0
}

// night is a printer, and a till in a program of its own that can be killed.
type night struct {
	p       *sim.Printer
	to      Printer
	profile string
	path    string
}

// pulsesOfANight and slipsOfANight wait when the till starts.
const pulsesOfANight, slipsOfANight = 2, 3

func newNight(t *testing.T, profile string) *night {
	t.Helper()
	p, to := simulated(t, profile)
	n := &night{p: p, to: to, profile: profile, path: filepath.Join(t.TempDir(), "shelf.json")}
	d := &diskShelf{shelf: newShelf(), path: n.path}
	for ref := range int64(slipsOfANight) {
		d.add(till.SlipReceipt, ref+1)
	}
	for range pulsesOfANight {
		d.pulse(0)
	}
	if err := d.save(); err != nil {
		t.Fatal(err)
	}
	return n
}

// till starts the program, to be killed at a step or after a time.
func (n *night) till(t *testing.T, kill int, after time.Duration) (killed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "SPOOL_SHELF="+n.path, "SPOOL_KILL="+strconv.Itoa(kill), "SPOOL_PRINTER="+n.to.Address.String(), "SPOOL_PROFILE="+n.profile)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
	}
	err := cmd.Wait()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	killed = ok && status.Signaled() && status.Signal() == syscall.SIGKILL
	if err != nil && !killed {
		t.Fatal(err)
	}
	return killed
}

// check looks at paper and drawer in the morning, and answers for what nobody
// knows as a person would.
func (n *night) check(t *testing.T, what string) {
	t.Helper()
	d, err := openDiskShelf(n.path, 0)
	if err != nil {
		t.Fatal(err)
	}
	asked := false
	for _, j := range d.jobs {
		originals, copies := onPaper(n.p, j.Ref)
		switch {
		case originals > 1, copies > 0, j.State == till.JobConfirmed && originals != 1:
			t.Errorf("%s: slip %d is %s, %d times on paper and %d as a copy", what, j.Ref, j.State, originals, copies)
		case j.State == till.JobUncertain:
			asked = true
			if err := d.SettleJob(t.Context(), j.ID, originals == 1); err != nil {
				t.Fatal(err)
			}
		case j.State != till.JobConfirmed:
			t.Errorf("%s: slip %d is %s in the end", what, j.Ref, j.State)
		}
	}
	if got := len(n.p.Pulses()); got > pulsesOfANight {
		t.Errorf("%s: the drawer opened %d times for %d pulses", what, got, pulsesOfANight)
	}
	if !asked {
		return
	}
	n.till(t, 0, 0)
	for ref := range int64(slipsOfANight) {
		if originals, copies := onPaper(n.p, ref+1); originals+copies < 1 || originals > 1 || copies > 1 {
			t.Errorf("%s: slip %d is lost or doubled: %d originals, %d copies", what, ref+1, originals, copies)
		}
	}
}

// The till is killed before and after every write of the print queue, and
// started again: no slip is lost, none comes out twice unmarked, and the drawer
// opens at most once for each pulse.
func TestTheTillIsKilledAtEveryStep(t *testing.T) {
	for _, profile := range []string{"generic-80", "epson-cn-80", "star-80"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			steps := 0
			for kill := 1; ; kill++ {
				n := newNight(t, profile)
				if !n.till(t, kill, 0) {
					break
				}
				steps = kill
				n.till(t, 0, 0)
				n.check(t, fmt.Sprint("killed at step ", kill))
				n.p.Close()
			}
			t.Logf("killed at %d steps", steps)
			if want := 4*slipsOfANight + 2*pulsesOfANight; steps < want {
				t.Errorf("%d steps, want %d", steps, want)
			}
		})
	}
}

// It is killed in the middle of a slip too, by a printer slow enough to be.
func TestTheTillIsKilledWhileItSends(t *testing.T) {
	n := 0
	for after := 20 * time.Millisecond; after < 500*time.Millisecond; after += 40 * time.Millisecond {
		night := newNight(t, []string{"generic-80", "star-80"}[n%2])
		if err := night.p.Obey("slow 1500"); err != nil {
			t.Fatal(err)
		}
		if night.till(t, 0, after) {
			n++
		}
		if err := night.p.Obey("slow 0"); err != nil {
			t.Fatal(err)
		}
		night.till(t, 0, 0)
		night.check(t, fmt.Sprint("killed after ", after))
	}
	if n < 6 {
		t.Errorf("killed %d times only", n)
	}
}
