package scanner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/sim"
	"guitai/till"
)

// reads collects codes.
type reads struct {
	mu  sync.Mutex
	all []string
}

func (r *reads) add(code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, code)
}

func (r *reads) wait(t *testing.T, n int) []string {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		r.mu.Lock()
		got := append([]string(nil), r.all...)
		r.mu.Unlock()
		if len(got) >= n {
			return got
		}
		if time.Now().After(end) {
			t.Fatalf("%d codes of %d: %q", len(got), n, got)
		}
	}
}

func run(t *testing.T, address string) (*Scanner, *reads) {
	t.Helper()
	a, err := port.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	r := &reads{}
	s := New(a, r.add, Options{})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended })
	return s, r
}

func until(t *testing.T, s *Scanner, state device.State) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); s.Status().State != state; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the scanner is %+v, not %s", s.Status(), state)
		}
	}
}

// tty is a pseudo-terminal whose other end is a serial port of the machine.
func tty(t *testing.T) (scanner *os.File, name string) {
	t.Helper()
	m, s, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	name = s.Name()
	s.Close()
	t.Cleanup(func() { m.Close() })
	return m, name
}

// None of fifty scans in a second is lost, nor of two hundred at the pace of a
// busy counter, a minute in three seconds, with each of the ends that scanners
// send.
func TestSerialScansAreAllRead(t *testing.T) {
	m, name := tty(t)
	s, r := run(t, "serial:"+name+"?baud=115200")
	until(t, s, device.Ready)
	for _, round := range []struct {
		scans int
		in    time.Duration
	}{{50, time.Second}, {200, 3 * time.Second}} {
		before := len(r.wait(t, 0))
		began := time.Now()
		var want []string
		for i := range round.scans {
			code := fmt.Sprintf("69012345%05d", i)
			want = append(want, code)
			if _, err := m.WriteString(code + []string{"\r\n", "\r", "\n", "\t"}[i%4]); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Until(began.Add(time.Duration(i+1) * round.in / time.Duration(round.scans))))
		}
		if got := r.wait(t, before+round.scans)[before:]; strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("read %q", got)
		}
	}
}

// A busy machine hands a code over in pieces; that does not end it where the
// scanner sends ends.
func TestCodeInPieces(t *testing.T) {
	m, name := tty(t)
	s, r := run(t, "serial:"+name)
	until(t, s, device.Ready)
	m.WriteString("first\r69012")
	r.wait(t, 1)
	time.Sleep(4 * silence)
	m.WriteString("34567892\r")
	if got := r.wait(t, 2); got[1] != "6901234567892" {
		t.Errorf("read %q", got)
	}
	m.WriteString("777") // the scanner was set to send no ends: late is better than never
	if got := r.wait(t, 3); got[2] != "777" {
		t.Errorf("read %q", got)
	}
}

func TestCodesWithoutAnEnd(t *testing.T) {
	m, name := tty(t)
	s, r := run(t, "serial:"+name)
	until(t, s, device.Ready)
	m.WriteString("690123")
	time.Sleep(10 * time.Millisecond) // a code may come in pieces
	m.WriteString("4567892")
	r.wait(t, 1)
	m.WriteString("\x1d0106901234567892\x1d10AB")
	if got := r.wait(t, 2); got[0] != "6901234567892" || got[1] != "\x1d0106901234567892\x1d10AB" {
		t.Errorf("read %q", got)
	}
}

// A code too long is cut, which the till refuses; the next one is read.
func TestCodeTooLongIsCut(t *testing.T) {
	p := sim.NewScanner("\r")
	defer p.Close()
	address, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, r := run(t, address)
	for _, n := range []int{codeMax, codeMax + 1, 3 * codeMax} {
		if err := p.Type(t.Context(), strings.Repeat("7", n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Type(t.Context(), "6901234567892"); err != nil {
		t.Fatal(err)
	}
	got := r.wait(t, 4)
	for _, code := range got[:3] {
		_, err := till.ParseBarcode(code)
		if refused := (*till.Error)(nil); len(code) != codeMax || !errors.As(err, &refused) || refused.Code != till.CodeTooLong {
			t.Errorf("%d bytes: %v", len(code), err)
		}
	}
	if len(got) != 4 || got[3] != "6901234567892" {
		t.Errorf("%d codes, the last %.20q", len(got), got[len(got)-1])
	}
}

// A scanner that is pulled is noticed and works again by itself, on a socket
// and on a serial line; half a code is not taken for one.
func TestPulledScannerComesBack(t *testing.T) {
	wires := map[string]func(*sim.Scanner) (string, error){"tcp": func(p *sim.Scanner) (string, error) { return p.Listen("127.0.0.1:0") }}
	if runtime.GOOS == "linux" {
		wires["pty"] = func(p *sim.Scanner) (string, error) { return p.Terminal(filepath.Join(t.TempDir(), "scanner")) }
	}
	for name, plug := range wires {
		t.Run(name, func(t *testing.T) {
			p := sim.NewScanner("\r")
			t.Cleanup(p.Close)
			address, err := plug(p)
			if err != nil {
				t.Fatal(err)
			}
			s, r := run(t, address)
			until(t, s, device.Ready)
			p.Type(t.Context(), "111111")
			p.Send(t.Context(), "222") // and the rest never comes
			r.wait(t, 1)
			pulled := time.Now()
			p.Unplug()
			for s.Status().State == device.Ready {
				if time.Since(pulled) > 1500*time.Millisecond {
					t.Fatal("not noticed in 1.5 s")
				}
				time.Sleep(2 * time.Millisecond)
			}
			until(t, s, device.Gone)
			if got := s.Status(); got.Reason != device.NoHardware || got.Detail == "" || got.At.Before(pulled) {
				t.Errorf("status %+v", got)
			}
			time.Sleep(2500 * time.Millisecond) // it tries less often by now
			if err := p.Plug(); err != nil {
				t.Fatal(err)
			}
			plugged := time.Now()
			until(t, s, device.Ready)
			p.Type(t.Context(), "333333")
			got := r.wait(t, 2)
			if took := time.Since(plugged); took > 3*time.Second || got[1] != "333333" {
				t.Errorf("read %q after %s", got, took)
			}
		})
	}
}

// A port that somebody else uses is said to be busy, and taken once it is free.
func TestBusyScanner(t *testing.T) {
	_, name := tty(t)
	a, err := port.Parse("serial:" + name)
	if err != nil {
		t.Fatal(err)
	}
	link, err := port.Open(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := run(t, a.String())
	for end := time.Now().Add(10 * time.Second); s.Status().Reason != device.Busy; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the scanner is %+v", s.Status())
		}
	}
	link.Close()
	until(t, s, device.Ready)
}

// Changed is called once for a change, and Run ends at once.
func TestScannerEnds(t *testing.T) {
	_, name := tty(t)
	a, err := port.Parse("serial:" + name)
	if err != nil {
		t.Fatal(err)
	}
	changes := make(chan struct{}, 100)
	s := New(a, func(string) {}, Options{Changed: func() { changes <- struct{}{} }})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	until(t, s, device.Ready)
	began := time.Now()
	stop()
	<-ended
	if took := time.Since(began); took > time.Second {
		t.Errorf("ended after %s", took)
	}
	if got := s.Status().State; got != device.Off || len(changes) != 2 {
		t.Errorf("%s after %d changes", got, len(changes))
	}
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte("6901234567892\r\n"), 3)
	f.Add([]byte(strings.Repeat("x", 5000)+"\r12\t"), 100)
	f.Fuzz(func(t *testing.T, b []byte, cut int) {
		var whole, parts []string
		var one, two frame
		one.add(b, func(c string) { whole = append(whole, c) })
		cut = max(0, min(cut, len(b)))
		two.add(b[:cut], func(c string) { parts = append(parts, c) })
		two.add(b[cut:], func(c string) { parts = append(parts, c) })
		for _, c := range whole {
			if len(c) > codeMax || c == "" || strings.ContainsAny(c, "\r\n\t") {
				t.Errorf("code of %d bytes: %.40q", len(c), c)
			}
		}
		if strings.Join(whole, "\n") != strings.Join(parts, "\n") {
			t.Errorf("%d codes whole, %d in two parts", len(whole), len(parts))
		}
	})
}
