package port

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"guitai/hardware/device"
)

// A paperTray stands in for the calls that only the kernel's driver knows; the
// bytes go over a pseudo-terminal.
type paperTray struct {
	bits atomic.Int64
	none bool // no such call
	id   string
}

func (p *paperTray) status(int) (int, error) {
	if p.none {
		return 0, unix.ENOTTY
	}
	return int(p.bits.Load()), nil
}

func (p *paperTray) deviceID(int) ([]byte, error) {
	if p.none {
		return nil, unix.ENOTTY
	}
	n := len(p.id) + 2
	return append(append([]byte{byte(n >> 8), byte(n)}, p.id...), make([]byte, 100)...), nil
}

// printerFileAt is the device file of a printer at the end of a USB cable.
func printerFileAt(t *testing.T, calls printerFile) (far *os.File, a Address, link Link) {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { far.Close() })
	if state, err := unix.IoctlGetTermios(int(near.Fd()), unix.TCGETS); err == nil {
		state.Lflag &^= unix.ECHO | unix.ICANON
		state.Oflag &^= unix.OPOST
		_ = unix.IoctlSetTermios(int(near.Fd()), unix.TCSETS, state)
	}
	defer near.Close()
	a = Address{Scheme: USBLP, Place: near.Name()}
	link, err = openPrinterFile(t.Context(), a, calls)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { link.Close() })
	return far, a, link
}

func TestAPrinterFileBothWays(t *testing.T) {
	far, a, link := printerFileAt(t, &paperTray{none: true})
	slip := bytes.Repeat([]byte("0123456789"), 10000) // more than the terminal holds
	got := make([]byte, len(slip))
	read := make(chan error, 1)
	go func() {
		_, err := io.ReadFull(far, got)
		read <- err
	}()
	if err := link.Write(within(t, 5*time.Second), slip); err != nil {
		t.Fatal(err)
	}
	if err := <-read; err != nil || !bytes.Equal(got, slip) {
		t.Errorf("the printer read something else, %v", err)
	}
	far.Write([]byte{0x12})
	if got := readAll(t, link, 1); got[0] != 0x12 {
		t.Errorf("read % x", got)
	}
	if _, err := link.Read(within(t, 20*time.Millisecond), make([]byte, 8)); !errors.Is(err, ErrTimeout) {
		t.Errorf("read of nothing: %v", err)
	}
	if _, err := openPrinterFile(t.Context(), a, kernel{}); device.ReasonOf(err) != device.Busy {
		t.Errorf("a second device: %v", err)
	}
	if s, ok, err := StateOf(t.Context(), link); !ok || err != nil || s != (State{}) {
		t.Errorf("a printer without a status: %+v, %v, %v", s, ok, err)
	}
}

// A printer that takes nothing ends the write with the context. Close is quick,
// and the printer can be opened again.
func TestAPrinterFileThatTakesNothingIsLeft(t *testing.T) {
	far, a, link := printerFileAt(t, &paperTray{})
	far.Write([]byte{0x13}) // XOFF
	time.Sleep(50 * time.Millisecond)
	began := time.Now()
	if err := link.Write(within(t, 100*time.Millisecond), []byte("slip")); !errors.Is(err, ErrTimeout) {
		t.Fatalf("write: %v", err)
	}
	if err := link.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("took %v", took)
	}
	again, err := openPrinterFile(t.Context(), a, &paperTray{})
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	// And where Close comes first.
	_, _, link = printerFileAt(t, &paperTray{})
	ended := make(chan error, 2)
	go func() { _, err := link.Read(t.Context(), make([]byte, 8)); ended <- err }()
	go func() { ended <- link.Write(t.Context(), make([]byte, 1<<20)) }()
	time.Sleep(20 * time.Millisecond)
	link.Close()
	for range 2 {
		if err := <-ended; !errors.Is(err, ErrGone) {
			t.Errorf("ended with %v", err)
		}
	}
}

func TestAPrinterFileUnplugged(t *testing.T) {
	for _, reading := range []bool{true, false} {
		far, _, link := printerFileAt(t, &paperTray{})
		began := make(chan time.Time, 1)
		go func() {
			time.Sleep(30 * time.Millisecond)
			began <- time.Now()
			far.Close()
		}()
		var err error
		if reading {
			_, err = link.Read(within(t, 5*time.Second), make([]byte, 8))
		} else {
			err = link.Write(within(t, 5*time.Second), make([]byte, 1<<20))
		}
		if took := time.Since(<-began); !errors.Is(err, ErrGone) || took > 1500*time.Millisecond {
			t.Errorf("reading %t: %v after %s", reading, err, took)
		}
	}
}

// The status bits of a printer. Many have a status that never changes and means
// nothing: only of one that has said that all is well is it believed that it is
// not.
func TestStatusBits(t *testing.T) {
	tray := &paperTray{}
	_, _, link := printerFileAt(t, tray)
	for i, c := range []struct {
		bits int64
		want State
	}{
		{0x00, State{}}, // nothing: always so
		{0xff, State{}}, // everything: always so
		{0x38, State{Reason: device.PaperEnd, Stops: true}}, // paper out, selected, no error
		{0x18, State{}}, // all is well
		{0x90, State{Reason: device.Failure, Stops: true}},
		{0x08, State{Reason: device.Offline, Stops: true}},
		{0x30, State{Reason: device.PaperEnd, Stops: true}},
		{0xdf, State{}}, // the bits that mean nothing are not looked at
	} {
		tray.bits.Store(c.bits)
		if s, ok, err := StateOf(t.Context(), link); s != c.want || !ok || err != nil {
			t.Errorf("%d: %#x is %+v, %v; want %+v", i, c.bits, s, err, c.want)
		}
	}
}

func TestDeviceIDs(t *testing.T) {
	const says = "MFG:Xprinter ;CMD:ESC/POS;MDL:XP-80C;CLS:PRINTER;SN:0001;"
	want := DeviceID{Maker: "Xprinter", Model: "XP-80C", Serial: "0001"}
	if got := ParseDeviceID(says); got != want {
		t.Errorf("%+v", got)
	}
	if got := ParseDeviceID("MANUFACTURER:STMicroelectronics;MODEL:POS58 Printer USB;;X"); got != (DeviceID{Maker: "STMicroelectronics", Model: "POS58 Printer USB"}) {
		t.Errorf("%+v", got)
	}
	_, a, link := printerFileAt(t, &paperTray{})
	if got := askDeviceID(a.Place, &paperTray{id: says}); got != "" {
		t.Errorf("asked a printer that is in use: %q", got)
	}
	link.Close()
	if got := askDeviceID(a.Place, &paperTray{id: says}); got != says {
		t.Errorf("it says %q", got)
	}
	if got := askDeviceID(a.Place, &paperTray{none: true}) + askDeviceID(a.Place, kernel{}); got != "" {
		t.Errorf("what is no printer says %q", got)
	}
}

func FuzzParseDeviceID(f *testing.F) {
	f.Add("MFG:Xprinter ;CMD:ESC/POS;MDL:XP-80C;CLS:PRINTER;SN:0001;")
	f.Fuzz(func(t *testing.T, s string) {
		if id := ParseDeviceID(s); len(id.Maker)+len(id.Model)+len(id.Serial) > len(s) {
			t.Errorf("%q says %+v", s, id)
		}
	})
}

// A printer is found again as lp1 that was lp0.
func TestAPrinterIsFoundAgain(t *testing.T) {
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	defer near.Close()
	const usb = "sys/devices/usb1/1-5/"
	plugged := func(name string) string {
		return tree(t, map[string]string{
			usb + "idVendor": "0416\n", usb + "idProduct": "5011\n", usb + "serial": "XP0001\n",
			usb + "1-5:1.0/usbmisc/" + name + "/device": "-> ../../../1-5:1.0",
			"sys/class/usbmisc/" + name:                 "-> ../../devices/usb1/1-5/1-5:1.0/usbmisc/" + name,
			"dev/usb/" + name:                           "-> " + near.Name(),
		})
	}
	for _, name := range []string{"lp0", "lp1"} {
		root := plugged(name)
		for _, place := range []string{"usb=0416:5011:XP0001", "usb=0416:5011", "socket=1-5", "/dev/usb/" + name} {
			a := Address{Scheme: USBLP, Place: place}
			ctx := Rooted(t.Context(), root)
			at, err := Resolve(ctx, a)
			if err != nil || at != filepath.Join(root, "dev/usb", name) {
				t.Errorf("%s is at %s, %v", a, at, err)
			}
			link, err := Open(ctx, a)
			if err != nil {
				t.Fatalf("%s: %v", a, err)
			}
			link.Close()
		}
	}
	none := filepath.Join(t.TempDir(), "lp0")
	if _, err := Open(t.Context(), Address{Scheme: USBLP, Place: none}); device.ReasonOf(err) != device.NoHardware {
		t.Errorf("none there: %v", err)
	}
	if err := os.WriteFile(none, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), Address{Scheme: USBLP, Place: none}); device.ReasonOf(err) != device.Illegal {
		t.Errorf("a plain file: %v", err)
	}
}
