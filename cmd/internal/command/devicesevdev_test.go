package command

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"guitai/hardware/sim"
)

// A scanner that types is set up by its name under /dev/input, and read without
// any window.
func TestDevicesTypingScanner(t *testing.T) {
	if runtime.GOOS != "linux" {
		sh := emptyShop(t)
		sh.ok("devices", "add", "scanner", "evdev:/dev/input/by-id/usb-Scanner-event-kbd")
		return
	}
	s := sim.NewTypist("\r")
	t.Cleanup(s.Close)
	address, err := s.Terminal(filepath.Join(t.TempDir(), "usb-Scanner_S1-event-kbd"))
	if err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	if out := sh.ok("devices", "add", "scanner", address); !strings.Contains(out, address) {
		t.Errorf("says %s", out)
	}
	sh.fails(1, []string{"belongs to the device scanner"}, "devices", "add", "scanner", address, "--name", "second")
	sh.fails(2, []string{"only a scanner can be at evdev:"}, "devices", "add", "scale", address, "--name", "scale")
	sh.fails(2, []string{"only a scanner can be at evdev:"}, "devices", "add", "printer", address, "--name", "printer")
	sh.fails(2, []string{"four hexadecimal digits"}, "devices", "add", "scanner", "evdev:usb=12", "--name", "other")
	sh.ok("devices", "add", "scanner", "evdev:usb=0C2E:0B61:S1", "--name", "other")
	if out := sh.ok("devices", "list"); !strings.Contains(out, "evdev:usb=0c2e:0b61:S1") {
		t.Errorf("lists %s", out)
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	go func() {
		for ctx.Err() == nil { // until it is read: the command opens the scanner in its own time
			s.Type(ctx, "GTA000123")
			time.Sleep(100 * time.Millisecond)
		}
	}()
	if out, errs, exit := sh.run("devices", "test", "scanner", "--wait", "10s"); exit != 0 || !strings.Contains(out, "receipt A-000123") {
		t.Errorf("exit %d, %q\n%s", exit, out, errs)
	}
}
