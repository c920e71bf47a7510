package port

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"guitai/hardware/device"
)

// A port that this user may not open says which group may, and the command that
// joins it; one that no group may, the rule. Who asks is another program, since
// the one here may be root.
func TestDeniedNamesWhatMends(t *testing.T) {
	_, place := cable(t)
	if os.Getuid() == 0 { // and terminals may be root's alone
		if err := os.Chown(place, 0, 20); err != nil {
			t.Fatal(err)
		}
	}
	group, err := exec.Command("stat", "-c", "%G", place).Output()
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSpace(string(group))
	for mode, want := range map[os.FileMode][]string{
		0o060: {"denied\n", "the group " + name + ":", "run sudo usermod -aG " + name + " $USER, then log out"},
		0o000: {"denied\n", `SUBSYSTEM=="tty", KERNEL=="` + filepath.Base(place) + `", GROUP="dialout", MODE="0660"`, "| sudo tee -a /etc/udev/rules.d/70-guitai.rules && sudo udevadm control --reload"},
	} {
		if err := os.Chmod(place, mode); err != nil {
			t.Fatal(err)
		}
		out, err := otherProgram(t, place, "OPEN_AS_NOBODY=1", "OPEN_TELL=1")
		for _, w := range want {
			if err != nil || !strings.Contains(string(out), w) {
				t.Errorf("mode %o: %s, %v; want %q", mode, out, err, w)
			}
		}
	}
}

// Who is in the group already, and has not logged in since, is told that.
func TestDeniedBeforeTheNextLogin(t *testing.T) {
	d := &Denied{Path: "/dev/ttyUSB0", Group: "dialout", Login: true, Err: errors.New("open it")}
	if s := d.Error(); !strings.Contains(s, "log out") || strings.Contains(s, "usermod") {
		t.Error(s)
	}
}

// A rule is for the one device where it says what it is, and for printers'
// files as for ports.
func TestUdevRules(t *testing.T) {
	if got := udevRule(USBLP, "lp9"); !strings.Contains(got, `SUBSYSTEM=="usbmisc", KERNEL=="lp9", GROUP="lp"`) || !strings.HasSuffix(got, "-aG lp $USER") {
		t.Error(got)
	}
}

// A port that another program has names it.
func TestBusyNamesWhoHasIt(t *testing.T) {
	_, place := cable(t)
	opened(t, line(place, "none"))
	me, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s (process %d)", strings.TrimSpace(string(me)), os.Getpid())
	if out, err := otherProgram(t, place, "OPEN_TELL=1"); err != nil || !strings.HasPrefix(string(out), "busy\n") || !strings.Contains(string(out), want) {
		t.Errorf("%s, %v; want %q", out, err, want)
	}
	var held *Held
	err = fault(line(place, "none"), filepath.Join(t.TempDir(), "ttyS9"), os.NewSyscallError("open", unix.EBUSY))
	if !errors.As(err, &held) || device.ReasonOf(err) != device.Busy || !strings.Contains(err.Error(), "sudo fuser -v "+held.Path) {
		t.Errorf("a holder that is not shown: %v", err)
	}
}
