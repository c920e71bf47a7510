package port

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"guitai/hardware/device"
)

// cable is a serial line with a device at its far end.
func cable(t *testing.T) (far *os.File, place string) {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	place = near.Name()
	near.Close()
	t.Cleanup(func() { far.Close() })
	return far, place
}

func line(place, flow string) Address {
	return Address{Scheme: Serial, Place: place, Line: Line{Baud: 115200, Data: 8, Parity: "none", Stop: 1, Flow: flow}}
}

func readAll(t *testing.T, link Link, n int) []byte {
	t.Helper()
	ctx := within(t, 10*time.Second)
	var got []byte
	buf := make([]byte, 100)
	for len(got) < n {
		k, err := link.Read(ctx, buf)
		if err != nil {
			t.Fatalf("after %d bytes of %d: %v", len(got), n, err)
		}
		got = append(got, buf[:k]...)
	}
	return got
}

func TestSerialBothWays(t *testing.T) {
	far, place := cable(t)
	link := opened(t, line(place, "none"))
	var all []byte
	for i := range 4 * 256 {
		all = append(all, byte(i))
	}
	if err := link.Write(within(t, 5*time.Second), all); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(all))
	if _, err := io.ReadFull(far, got); err != nil || !bytes.Equal(got, all) {
		t.Errorf("the device reads % x, %v", got, err)
	}
	far.Write(all)
	if got := readAll(t, link, len(all)); !bytes.Equal(got, all) {
		t.Errorf("the till reads % x", got)
	}
	// Reads that were given up cost nothing that comes later.
	for range 3 {
		if _, err := link.Read(within(t, 20*time.Millisecond), make([]byte, 8)); !errors.Is(err, ErrTimeout) {
			t.Errorf("read of nothing: %v", err)
		}
	}
	time.Sleep(3 * pollTime) // an idle line is not one that was pulled
	far.Write([]byte("x"))
	if got := readAll(t, link, 1); got[0] != 'x' {
		t.Errorf("read %q", got)
	}
}

// What was sent before the port was opened is not read.
func TestSerialBeginsEmpty(t *testing.T) {
	far, place := cable(t)
	opened(t, line(place, "none")).Close()
	far.WriteString("stale\r")
	link := opened(t, line(place, "none"))
	far.WriteString("new\r")
	if got := readAll(t, link, 4); string(got) != "new\r" {
		t.Errorf("read %q", got)
	}
}

func TestSerialNothingThere(t *testing.T) {
	if _, err := Open(t.Context(), line(filepath.Join(t.TempDir(), "ttyUSB0"), "none")); device.ReasonOf(err) != device.NoHardware {
		t.Errorf("open: %v", err)
	}
	plain := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), line(plain, "none")); device.ReasonOf(err) != device.Failure {
		t.Errorf("open of a file that is no port: %v", err)
	}
}

// An unplugged port is noticed while it is read, while it is written to, and
// while it waits.
func TestSerialUnplugged(t *testing.T) {
	for _, reading := range []bool{true, false} {
		far, place := cable(t)
		link := opened(t, line(place, "none"))
		ended := make(chan error, 1)
		began := make(chan time.Time, 1)
		go func() {
			time.Sleep(30 * time.Millisecond)
			began <- time.Now()
			far.Close()
		}()
		go func() {
			if reading {
				_, err := link.Read(t.Context(), make([]byte, 8))
				ended <- err
			} else {
				ended <- link.Write(t.Context(), make([]byte, 1<<20))
			}
		}()
		select {
		case err := <-ended:
			if took := time.Since(<-began); !errors.Is(err, ErrGone) || took > 1500*time.Millisecond {
				t.Errorf("reading %t: %v after %s", reading, err, took)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("reading %t: not noticed", reading)
		}
		if err := link.Write(within(t, time.Second), []byte("x")); !errors.Is(err, ErrGone) {
			t.Errorf("write after it: %v", err)
		}
		if _, err := link.Read(within(t, time.Second), make([]byte, 8)); !errors.Is(err, ErrGone) {
			t.Errorf("read after it: %v", err)
		}
	}
}

// A port belongs to one device of the till and to one program, whatever name
// it is opened by; who is refused changes nothing of its settings.
func TestSerialIsExclusive(t *testing.T) {
	far, place := cable(t)
	link := opened(t, line(place, "xonxoff"))
	name := filepath.Join(t.TempDir(), "by-id")
	if err := os.Symlink(place, name); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), line(name, "none")); device.ReasonOf(err) != device.Busy {
		t.Errorf("a second device: %v", err)
	}
	before := settings(t, place)
	out, err := otherProgram(t, place)
	if err != nil || string(out) != "busy\n" {
		t.Errorf("another till: %q, %v", out, err)
	}
	if after := settings(t, place); after != before {
		t.Errorf("its settings became %s, they were %s", after, before)
	}
	far.Write([]byte("x"))
	if got := readAll(t, link, 1); got[0] != 'x' {
		t.Errorf("read %q", got)
	}
	link.Close()
	if out, err := otherProgram(t, place); err != nil || string(out) != "opened\n" {
		t.Errorf("another till, once the port is free: %q, %v", out, err)
	}
	if again, err := Open(t.Context(), line(name, "none")); err != nil {
		t.Errorf("once it is free: %v", err)
	} else {
		again.Close()
	}
}

func settings(t *testing.T, place string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "stty", "-F", place, "-g").CombinedOutput()
	if err != nil {
		t.Fatalf("stty: %s %v", out, err)
	}
	return string(out)
}

// otherProgram runs this test's program once more, as another till that opens
// the port at another speed.
func otherProgram(t *testing.T, place string, env ...string) ([]byte, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(append(os.Environ(), "OPEN_PORT="+place), env...)
	return cmd.Output()
}

// nobody is the user and the group that own nothing.
const nobody = 65534

func TestMain(m *testing.M) {
	if place := os.Getenv("OPEN_PORT"); place != "" {
		a := line(place, "none")
		a.Line.Baud = 1200
		if os.Getenv("OPEN_AS_NOBODY") != "" && os.Getuid() == 0 {
			if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
				panic(err)
			}
		}
		link, err := Open(context.Background(), a)
		if err != nil {
			os.Stdout.WriteString(string(device.ReasonOf(err)) + "\n")
			if os.Getenv("OPEN_TELL") != "" {
				os.Stdout.WriteString(err.Error() + "\n")
			}
			os.Exit(0)
		}
		os.Stdout.WriteString("opened\n")
		link.Close()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A device that takes nothing ends the write with the context. Close is quick,
// the port can be opened again, and no more of the abandoned slip is sent.
func TestSerialStuckWriteIsAbandoned(t *testing.T) {
	far, place := cable(t)
	link := opened(t, line(place, "none"))
	began := time.Now()
	if err := link.Write(within(t, 100*time.Millisecond), bytes.Repeat([]byte("lost "), 40000)); !errors.Is(err, ErrTimeout) {
		t.Fatalf("write: %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("gave up after %s", took)
	}
	began = time.Now()
	link.Close()
	if took := time.Since(began); took > time.Second {
		t.Errorf("closed after %s", took)
	}
	again := opened(t, line(place, "none"))
	if err := again.Write(within(t, 5*time.Second), []byte("next\n")); err != nil {
		t.Fatal(err)
	}
	var got []byte
	buf := make([]byte, 4096)
	for !bytes.HasSuffix(got, []byte("next\n")) {
		n, err := far.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	// The far end of a pseudo-terminal has 4 kB of its own, as a printer has,
	// and one piece was on its way.
	if len(got) > 4096+pieceMax+len("next\n") {
		t.Errorf("%d bytes of the abandoned slip came out", len(got)-len("next\n"))
	}
}

// XOFF stops what is sent and XON lets it go on.
func TestSerialFlowControl(t *testing.T) {
	far, place := cable(t)
	link := opened(t, line(place, "xonxoff"))
	far.Write([]byte{0x13})
	time.Sleep(50 * time.Millisecond) // the system takes it up in its own time
	if err := link.Write(within(t, 100*time.Millisecond), []byte("x")); !errors.Is(err, ErrTimeout) {
		t.Errorf("write while stopped: %v", err)
	}
	far.Write([]byte{0x11})
	got := make([]byte, 1)
	if _, err := io.ReadFull(far, got); err != nil || got[0] != 'x' {
		t.Errorf("the device reads %q, %v", got, err)
	}
}

// Close ends a read that is under way, and does not wait for bytes.
func TestSerialCloseAtOnce(t *testing.T) {
	_, place := cable(t)
	link := opened(t, line(place, "none"))
	ended := make(chan error, 1)
	go func() {
		_, err := link.Read(t.Context(), make([]byte, 8))
		ended <- err
	}()
	time.Sleep(20 * time.Millisecond)
	began := time.Now()
	link.Close()
	if err := <-ended; !errors.Is(err, ErrGone) {
		t.Errorf("read ended with %v", err)
	}
	link.Close() // twice is once
	if took := time.Since(began); took > time.Second {
		t.Errorf("took %s", took)
	}
}
