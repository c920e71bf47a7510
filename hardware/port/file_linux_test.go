package port_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/creack/pty"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

func TestAFileIsAppendedTo(t *testing.T) {
	a := port.Address{Scheme: port.File, Place: filepath.Join(t.TempDir(), "paper.bin")}
	for _, text := range []string{"first ", "second"} {
		l, err := port.Open(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(l.Write(t.Context(), []byte(text)), l.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(a.Place); err != nil || string(b) != "first second" {
		t.Errorf("%q, %v", b, err)
	}
	a.Place = filepath.Join(t.TempDir(), "none", "paper.bin")
	if _, err := port.Open(t.Context(), a); device.ReasonOf(err) != device.NoHardware {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// A device file takes nothing for as long as its printer likes; the terminal
// here is stopped by XOFF.
func TestADeviceFileThatTakesNothingIsLeft(t *testing.T) {
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	defer near.Close()
	if _, err := far.Write([]byte{0x13}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // the system takes it up in its own time
	l, err := port.Open(t.Context(), port.Address{Scheme: port.File, Place: near.Name()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := l.Write(ctx, []byte("slip")); !errors.Is(err, port.ErrTimeout) {
		t.Fatalf("a stopped device: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}
