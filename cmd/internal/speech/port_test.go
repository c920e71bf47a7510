package speech

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

// Whatever keeps the till from a port is said in both languages, with what
// mends it in full.
func TestWhatKeepsTheTillFromAPort(t *testing.T) {
	no := errors.New("permission denied")
	for _, c := range []struct {
		err  error
		says []string // in both languages
	}{
		{&port.Denied{Path: "/dev/ttyUSB0", Group: "dialout", Mend: "sudo usermod -aG dialout $USER", Err: no}, []string{"/dev/ttyUSB0", "dialout", "sudo usermod -aG dialout $USER"}},
		{&port.Denied{Path: "/dev/usb/lp0", Group: "lp", Login: true, Err: no}, []string{"/dev/usb/lp0", "lp"}},
		{&port.Denied{Path: "/dev/ttyS0", Mend: "echo 'RULE'", Err: no}, []string{"/dev/ttyS0", "udev", "echo 'RULE'"}},
		{&port.Held{Path: "/dev/ttyUSB0", Holders: []port.Holder{{Program: "ModemManager", PID: 812}}, Err: no}, []string{"/dev/ttyUSB0", "ModemManager (process 812)"}},
		{&port.Held{Path: "/dev/ttyUSB0", Err: no}, []string{"sudo fuser -v /dev/ttyUSB0"}},
		{&port.Twins{Place: "usb=1a86:7523", Ports: []string{"/dev/ttyUSB0", "/dev/ttyUSB1"}, Choose: []string{"serial:socket=1-3", "serial:socket=1-4"}},
			[]string{"usb=1a86:7523", "/dev/ttyUSB0, /dev/ttyUSB1", "serial:socket=1-3\nserial:socket=1-4"}},
	} {
		err := fmt.Errorf("print: %w", &device.Error{Reason: device.Denied, Err: c.err})
		var said [2]string
		for i, language := range []string{Chinese, English} {
			what, next, ok := Port(language, err)
			said[i] = what + " " + next
			for _, want := range c.says {
				if !ok || next == "" || !strings.Contains(said[i], want) || strings.Contains(said[i], "%!") {
					t.Errorf("%s: %q lacks %q", language, said[i], want)
				}
			}
		}
		if said[0] == said[1] || !strings.Contains(said[0], "。") {
			t.Errorf("said %q", said)
		}
	}
	if _, _, ok := Port(English, no); ok {
		t.Error("any error")
	}
}
