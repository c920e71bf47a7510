package spool

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/till"
)

// A cable is a printer on a serial line whose plug can be pulled: the device's
// name is a link, as the system makes one for what is plugged in.
type cable struct {
	t    *testing.T
	name string

	mu    sync.Mutex
	far   *os.File
	paper []byte
}

func newCable(t *testing.T) *cable {
	c := &cable{t: t, name: filepath.Join(t.TempDir(), "printer")}
	t.Cleanup(c.pull)
	c.plug()
	return c
}

func (c *cable) plug() {
	c.t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		c.t.Fatal(err)
	}
	name := near.Name()
	// As a serial line has it: no echo, no newlines changed.
	if state, err := unix.IoctlGetTermios(int(near.Fd()), unix.TCGETS); err == nil {
		state.Lflag &^= unix.ECHO | unix.ICANON
		state.Oflag &^= unix.OPOST
		_ = unix.IoctlSetTermios(int(near.Fd()), unix.TCSETS, state)
	}
	near.Close()
	os.Remove(c.name)
	if err := os.Symlink(name, c.name); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	c.far = far
	c.mu.Unlock()
	go c.print(far)
}

// pull takes the plug out.
func (c *cable) pull() {
	c.mu.Lock()
	defer c.mu.Unlock()
	os.Remove(c.name)
	c.far.Close()
}

func (c *cable) print(far *os.File) {
	b := make([]byte, 1)
	var last [3]byte
	for {
		if _, err := far.Read(b); err != nil {
			if errors.Is(err, unix.EIO) { // nobody has it open yet
				time.Sleep(2 * time.Millisecond)
				continue
			}
			return
		}
		last = [3]byte{last[1], last[2], b[0]}
		c.mu.Lock()
		c.paper = append(c.paper, b[0])
		c.mu.Unlock()
		switch {
		case last[0] == 0x10 && last[1] == 4:
			far.Write([]byte{0x12})
		case last == [3]byte{0x1d, 'r', 1}:
			far.Write([]byte{0})
		}
	}
}

// say sends a flow control character: XOFF from a printer whose memory is full,
// XON once it has room.
func (c *cable) say(b byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.far.Write([]byte{b})
}

func (c *cable) count(text string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Count(c.paper, []byte(text))
}

func (c *cable) printer() Printer {
	p, _ := printer.ProfileByID("generic-80")
	return Printer{Address: port.Address{Scheme: port.Serial, Place: c.name,
		Line: port.Line{Baud: 115200, Data: 8, Parity: "none", Stop: 1, Flow: "none"}}, Profile: p}
}

func TestASerialPrinterIsPulledAndPluggedIn(t *testing.T) {
	c, s := newCable(t), newShelf()
	sp, _ := start(t, s, c.printer())
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "confirmed", s.is(first, till.JobConfirmed))
	began := time.Now()
	c.pull()
	until(t, "noticed", func() bool { return sp.Status().State == device.Gone })
	if took := time.Since(began); took > 1500*time.Millisecond {
		t.Errorf("noticed after %v", took)
	}
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "held", s.is(second, till.JobHeld))
	c.plug()
	until(t, "confirmed", s.is(second, till.JobConfirmed))
	if c.count("1.50\n") != 1 || c.count("2.50\n") != 1 {
		t.Errorf("paper %q", c.paper)
	}
}

// A printer that stops taking data in the middle of a slip, out of paper behind
// its flow control, is waited for, shown, and gets nothing twice.
func TestASerialPrinterThatTakesNothingIsWaitedFor(t *testing.T) {
	c, s := newCable(t), newShelf()
	p := c.printer()
	p.Address.Line.Flow, p.Profile.Status = "xonxoff", "no"
	sp, _ := start(t, s, p)
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "confirmed", s.is(first, till.JobConfirmed))
	c.say(0x13)
	time.Sleep(50 * time.Millisecond) // the system takes it up in its own time
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "shown", func() bool { return sp.Status().Reason == device.Offline })
	if !s.is(second, till.JobSending)() {
		t.Errorf("went %v", s.history(second))
	}
	c.say(0x11)
	until(t, "confirmed", s.is(second, till.JobConfirmed))
	if n := c.count("2.50\n"); n != 1 {
		t.Errorf("printed %d times", n)
	}
	until(t, "ready", func() bool { return sp.Status().State == device.Ready })
}
