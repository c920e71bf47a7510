package command

import (
	"strings"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// A check says who has the port of a device, and what to do, in the language of
// the person.
func TestDevicesCheckSaysWhoHasThePort(t *testing.T) {
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	defer near.Close()
	sh := emptyShop(t)
	sh.ok("devices", "add", "scale", "--address", "serial:"+near.Name()+"?baud=9600")
	if err := unix.Flock(int(near.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	out, _, exit := sh.run("devices", "check")
	if exit != 1 || !strings.Contains(out, "Another program has "+near.Name()) || !strings.Contains(out, "End it and try again.") {
		t.Errorf("exit %d\n%s", exit, out)
	}
	sh.lang = "zh-Hans"
	out, _, exit = sh.run("devices", "check")
	if exit != 1 || !strings.Contains(out, near.Name()+" 正被别的程序占用") || !strings.Contains(out, "关掉它，再试一次。") {
		t.Errorf("exit %d\n%s", exit, out)
	}
}
