package scanner

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"guitai/hardware/device"
	"guitai/hardware/port"
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

// Fifty scans in a second, and all of them with the ends that scanners send.
func TestSerialScansAreAllRead(t *testing.T) {
	m, name := tty(t)
	s, r := run(t, "serial:"+name+"?baud=115200")
	until(t, s, device.Ready)
	var want []string
	for i := range 50 {
		code := fmt.Sprintf("69012345%05d", i)
		want = append(want, code)
		if _, err := m.WriteString(code + []string{"\r\n", "\r", "\n", "\t"}[i%4]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15 * time.Millisecond)
	}
	if got := r.wait(t, 50); strings.Join(got, " ") != strings.Join(want, " ") {
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

// A code too long is left out; the next one is read.
func TestCodeTooLongIsLeftOut(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, r := run(t, "tcp://"+l.Addr().String())
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "%s\r%s\r6901234567892\r", strings.Repeat("1", codeMax), strings.Repeat("7", codeMax+1))
	if got := r.wait(t, 2); len(got[0]) != codeMax || got[1] != "6901234567892" {
		t.Errorf("read %d codes, the last %q", len(got), got[len(got)-1])
	}
}

// A scanner that is pulled is noticed and works again by itself.
func TestPulledScannerComesBack(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	s, r := run(t, "tcp://"+address)
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	until(t, s, device.Ready)
	fmt.Fprint(c, "111111\r222") // the second is cut in its middle
	r.wait(t, 1)
	l.Close()
	c.Close()
	pulled := time.Now()
	for s.Status().State == device.Ready {
		if time.Since(pulled) > 1500*time.Millisecond {
			t.Fatal("not noticed in 1.5 s")
		}
		time.Sleep(2 * time.Millisecond)
	}
	time.Sleep(time.Second)
	if l, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	plugged := time.Now()
	if c, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "333333\r")
	got := r.wait(t, 2)
	if took := time.Since(plugged); took > 3*time.Second || got[1] != "333333" {
		t.Errorf("read %q after %s", got, took)
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
