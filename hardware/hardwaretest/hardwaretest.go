// Package hardwaretest holds the suites that every driver of a kind of device
// passes, against the simulators of package sim, on sockets and on
// pseudo-terminals. They are apart from the drivers so that one kept elsewhere,
// such as an acquirer's card terminal, is held to the same rules.
package hardwaretest

import (
	"context"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

// wired is a simulated device that can be plugged in.
type wired interface {
	Listen(host string) (address string, err error)
	Terminal(link string) (address string, err error)
	Obey(command string) error
	Close()
}

// OnWires runs f with a device on a socket and, where there are any, on a
// pseudo-terminal.
func OnWires[D wired](t *testing.T, make func() D, f func(t *testing.T, d D, a port.Address)) {
	t.Helper()
	wires := map[string]func(*testing.T, D) (string, error){"tcp": func(_ *testing.T, d D) (string, error) { return d.Listen("127.0.0.1:0") }}
	if runtime.GOOS == "linux" {
		wires["pty"] = func(t *testing.T, d D) (string, error) { return d.Terminal(filepath.Join(t.TempDir(), "device")) }
	}
	var cases []Case
	for kind, plug := range wires {
		cases = append(cases, Case{kind, func(t *testing.T) {
			d := make()
			t.Cleanup(d.Close)
			text, err := plug(t, d)
			if err != nil {
				t.Fatal(err)
			}
			a, err := port.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			f(t, d, a)
		}})
	}
	AtOnce(t, cases)
}

// A Case is a named test.
type Case struct {
	Name string
	Run  func(t *testing.T)
}

// AtOnce runs cases side by side, more of them than there are processors: they
// wait for devices most of the time.
func AtOnce(t *testing.T, cases []Case) {
	t.Helper()
	var all sync.WaitGroup
	for _, c := range cases {
		all.Go(func() { t.Run(c.Name, c.Run) })
	}
	all.Wait()
}

// obey gives a command that the device must know.
func obey(t *testing.T, d wired, commands ...string) {
	t.Helper()
	for _, c := range commands {
		if err := d.Obey(c); err != nil {
			t.Fatal(err)
		}
	}
}

// within waits until ok, and fails after limit.
func within(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", limit, what)
		}
	}
}

// throughout fails where ok does not hold all the time.
func throughout(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if !ok() {
			t.Fatalf("does not hold for %s: %s", limit, what)
		}
	}
}

// A runner is a device at work.
type runner interface {
	Run(context.Context)
	Status() device.Status
}

// start runs a device until the test ends, or stop is called, which waits.
func start(t *testing.T, r runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { r.Run(ctx); close(ended) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

// unplugged pulls the cable and plugs it in again, and holds the device to the
// times of both.
func unplugged(t *testing.T, d wired, r runner, works func() bool) {
	t.Helper()
	obey(t, d, "unplug")
	within(t, 1500*time.Millisecond, "the pulled cable is noticed", func() bool { return r.Status().State != device.Ready })
	within(t, 5*time.Second, "nothing is at the address", func() bool {
		s := r.Status()
		return s.State == device.Gone && s.Reason == device.NoHardware && s.Detail != ""
	})
	time.Sleep(2 * time.Second) // it tries less often by now
	obey(t, d, "plug")
	within(t, 3*time.Second, "works again after it was plugged in", func() bool { return r.Status().State == device.Ready && works() })
}

// ends stops the device and holds it to letting go.
func ends(t *testing.T, r runner, stop func()) {
	t.Helper()
	began := time.Now()
	stop()
	if took := time.Since(began); took > 1500*time.Millisecond || r.Status().State != device.Off {
		t.Errorf("ended after %s as %s", took, r.Status().State)
	}
}
