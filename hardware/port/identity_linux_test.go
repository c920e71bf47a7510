package port_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/session"
)

// A counter is a machine laid out in a folder, with USB serial adapters that are
// pseudo-terminals.
type counter struct {
	t    *testing.T
	root string
}

// An adapter is one that is plugged in.
type adapter struct {
	far   *os.File
	name  string // ttyUSB0
	files []string
}

func newCounter(t *testing.T) *counter { return &counter{t, t.TempDir()} }

func (c *counter) put(path, text string) string {
	c.t.Helper()
	path = filepath.Join(c.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.t.Fatal(err)
	}
	var err error
	if to, ok := strings.CutPrefix(text, "-> "); ok {
		os.Remove(path) // udev lets the last one have a name
		err = os.Symlink(to, path)
	} else {
		err = os.WriteFile(path, []byte(text+"\n"), 0o600)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return path
}

// plug plugs an adapter in at a socket, and does what the kernel and udev do.
func (c *counter) plug(name, socket, model, serial string) *adapter {
	c.t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		c.t.Fatal(err)
	}
	// As a serial line has it: no echo, no newlines changed.
	if state, err := unix.IoctlGetTermios(int(near.Fd()), unix.TCGETS); err == nil {
		state.Lflag &^= unix.ECHO | unix.ICANON
		state.Oflag &^= unix.OPOST
		_ = unix.IoctlSetTermios(int(near.Fd()), unix.TCSETS, state)
	}
	defer near.Close()
	vendor, product, _ := strings.Cut(model, ":")
	id, usb := "usb-"+vendor+"_Serial", "sys/devices/usb1/"+socket
	if serial != "" {
		id += "_" + serial
		c.put(usb+"/serial", serial)
	}
	c.put(usb+"/idVendor", vendor)
	c.put(usb+"/idProduct", product)
	c.put(usb+"/"+socket+":1.0/"+name+"/port_number", "0")
	c.put(usb+"/"+socket+":1.0/"+name+"/tty/"+name+"/device", "-> ../../../"+name)
	a := &adapter{far: far, name: name, files: []string{
		c.put("sys/class/tty/"+name, "-> ../../devices/usb1/"+socket+"/"+socket+":1.0/"+name+"/tty/"+name),
		c.put("dev/serial/by-id/"+id+"-if00-port0", "-> ../../"+name),
		c.put("dev/serial/by-path/pci-usb-0:"+socket+":1.0-port0", "-> ../../"+name),
		c.put("dev/"+name, "-> "+near.Name()),
	}}
	c.t.Cleanup(func() { far.Close() })
	return a
}

func (c *counter) pull(a *adapter) {
	for _, f := range a.files {
		os.Remove(f)
	}
	a.far.Close()
}

func (c *counter) open(address string) (port.Link, error) {
	c.t.Helper()
	a, err := port.Parse(address)
	if err != nil {
		c.t.Fatal(err)
	}
	l, err := port.Open(port.Rooted(c.t.Context(), c.root), a)
	if err == nil {
		c.t.Cleanup(func() { l.Close() })
	}
	return l, err
}

// reaches says whether what is sent to an address comes out at an adapter.
func (c *counter) reaches(address string, a *adapter) {
	c.t.Helper()
	l, err := c.open(address)
	if err != nil {
		c.t.Errorf("%s: %v", address, err)
		return
	}
	defer l.Close()
	if err := l.Write(c.t.Context(), []byte("slip")); err != nil {
		c.t.Error(err)
	}
	got := make([]byte, 4)
	_ = a.far.SetReadDeadline(time.Now().Add(2 * time.Second))
	if _, err := a.far.Read(got); err != nil || string(got) != "slip" {
		c.t.Errorf("%s: %s reads %q, %v", address, a.name, got, err)
	}
}

// One device, by each of its names; and again under the name that the system
// gives it after it was pulled.
func TestADeviceIsFoundAgainByWhatStays(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	a := c.plug("ttyUSB0", "1-3", "0403:6001", "A1B2")
	other := c.plug("ttyUSB1", "1-4", "0403:6001", "A1B3")
	names := []string{"serial:usb=0403:6001:A1B2", "serial:usb=0403:6001:a1b2?baud=19200", "serial:socket=1-3",
		"serial:/dev/serial/by-id/usb-0403_Serial_A1B2-if00-port0", "serial:/dev/serial/by-path/pci-usb-0:1-3:1.0-port0"}
	for _, name := range append(names, "serial:/dev/ttyUSB0") {
		c.reaches(name, a)
	}
	c.reaches("serial:usb=0403:6001:A1B3", other)
	c.pull(a)
	for _, name := range names {
		if _, err := c.open(name); device.ReasonOf(err) != device.NoHardware {
			t.Errorf("%s, pulled: %v", name, err)
		}
	}
	a = c.plug("ttyUSB2", "1-3", "0403:6001", "A1B2")
	for _, name := range names {
		c.reaches(name, a)
	}
	c.pull(a)
	a = c.plug("ttyUSB0", "1-7.1", "0403:6001", "A1B2") // in another socket
	c.reaches(names[0], a)
	if _, err := c.open("serial:socket=1-3"); device.ReasonOf(err) != device.NoHardware {
		t.Errorf("an empty socket: %v", err)
	}
}

// Two adapters that say the same of themselves are never taken for one another:
// the scale must not be read as the scanner.
func TestTwinsAreRefusedByName(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	left := c.plug("ttyUSB0", "1-3", "1a86:7523", "")
	const byID = "serial:/dev/serial/by-id/usb-1a86_Serial-if00-port0"
	c.reaches(byID, left)
	c.reaches("serial:usb=1a86:7523", left)
	right := c.plug("ttyUSB1", "1-4", "1a86:7523", "")
	for _, name := range []string{byID, "serial:usb=1a86:7523"} {
		_, err := c.open(name)
		twins := (*port.Twins)(nil)
		if device.ReasonOf(err) != device.Illegal || !errors.As(err, &twins) {
			t.Fatalf("%s: %v", name, err)
		}
		want := []string{"serial:/dev/serial/by-path/pci-usb-0:1-3:1.0-port0", "serial:/dev/serial/by-path/pci-usb-0:1-4:1.0-port0"}
		if !slices.Equal(twins.Choose, want) || !strings.Contains(err.Error(), "ttyUSB0") || !strings.Contains(err.Error(), want[1]) {
			t.Errorf("%s: %v", name, err)
		}
		c.reaches(twins.Choose[0], left)
		c.reaches(twins.Choose[1], right)
	}
	found, err := port.Find(c.root)
	if err != nil || len(found) != 2 || found[0].Address.Place != "/dev/serial/by-path/pci-usb-0:1-3:1.0-port0" {
		t.Errorf("found %+v, %v", found, err)
	}
	// Two with one number, as some makers print on all they make.
	c = newCounter(t)
	c.plug("ttyUSB0", "1-3", "0403:6001", "0001")
	c.plug("ttyUSB1", "1-4", "0403:6001", "0001")
	if _, err := c.open("serial:usb=0403:6001:0001"); device.ReasonOf(err) != device.Illegal {
		t.Errorf("two with one number: %v", err)
	}
	found, err = port.Find(c.root)
	if err != nil || len(found) != 2 || found[1].Address.Place != "/dev/serial/by-path/pci-usb-0:1-4:1.0-port0" {
		t.Errorf("found %+v, %v", found, err)
	}
}

// A device that is unplugged is seen to be within 1.5 s, and works within 3 s of
// being plugged in again, whatever the system calls it then.
func TestUnplugAndReplugUnderAnotherName(t *testing.T) {
	for _, address := range []string{"serial:usb=0403:6001:A1B2", "serial:/dev/serial/by-id/usb-0403_Serial_A1B2-if00-port0"} {
		t.Run(address[:12], func(t *testing.T) {
			t.Parallel()
			replug(t, address)
		})
	}
}

func replug(t *testing.T, address string) {
	c := newCounter(t)
	a := c.plug("ttyUSB0", "1-3", "0403:6001", "A1B2")
	addr, err := port.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	k := session.New(addr, session.Options{Kind: "scale"})
	read := make(chan string, 8)
	ctx, stop := context.WithCancel(port.Rooted(t.Context(), c.root))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.Run(ctx, func(ctx context.Context, l port.Link) error {
			k.Set(device.Ready, nil)
			buf := make([]byte, 16)
			for {
				n, err := l.Read(ctx, buf)
				if err != nil {
					return err
				}
				read <- string(buf[:n])
			}
		})
	}()
	until := func(limit time.Duration, what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(limit); !ok(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: not %s within %s: %+v", address, what, limit, k.Status())
			}
		}
	}
	ready := func() bool { return k.Status().State == device.Ready }
	until(2*time.Second, "ready", ready)
	c.pull(a)
	until(1500*time.Millisecond, "seen to be gone", func() bool { return !ready() })
	time.Sleep(2500 * time.Millisecond) // as long as it takes: tries have become rare by now
	a = c.plug("ttyUSB1", "1-9", "0403:6001", "A1B2")
	until(3*time.Second, "ready again", ready)
	if _, err := a.far.Write([]byte("0.876kg")); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-read:
		if got != "0.876kg" {
			t.Errorf("read %q", got)
		}
	case <-time.After(time.Second):
		t.Error("nothing is read after the replug")
	}
	stop()
	<-ended
}
