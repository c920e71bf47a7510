package port

import (
	"errors"
	"strings"
	"testing"

	"guitai/hardware/device"
)

func TestAddresses(t *testing.T) {
	const plain = "&data=8&parity=none&stop=1&flow=none"
	for in, want := range map[string]string{
		"tcp://192.168.1.50:9100":              "tcp://192.168.1.50:9100",
		"tcp://192.168.1.50":                   "tcp://192.168.1.50:9100",
		" tcp://printer.shop:9101 ":            "tcp://printer.shop:9101",
		"tcp://[fe80::1]:9100":                 "tcp://[fe80::1]:9100",
		"tcp://::1":                            "tcp://[::1]:9100",
		"serial:/dev/ttyUSB0":                  "serial:/dev/ttyUSB0?baud=9600" + plain,
		"serial:///dev/ttyUSB0?baud=115200":    "serial:/dev/ttyUSB0?baud=115200" + plain,
		"serial:COM3?baud=2400&stop=2":         "serial:COM3?baud=2400&data=8&parity=none&stop=2&flow=none",
		"serial:COM3?data=7&parity=even":       "serial:COM3?baud=9600&data=7&parity=even&stop=1&flow=none",
		"serial:COM3?flow=rtscts&baud=9600":    "serial:COM3?baud=9600&data=8&parity=none&stop=1&flow=rtscts",
		"file:/tmp/纸":                          "file:/tmp/纸",
		"serial:usb=0403:6001:A1B2?baud=2400":  "serial:usb=0403:6001:A1B2?baud=2400" + plain,
		"serial:usb=1A86:7523":                 "serial:usb=1a86:7523?baud=9600" + plain,
		"serial:socket=1-4.2":                  "serial:socket=1-4.2?baud=9600" + plain,
		"usblp:/dev/usb/lp0":                   "usblp:/dev/usb/lp0",
		"usblp:usb=0416:5011:XP-80":            "usblp:usb=0416:5011:XP-80",
		"ipp://localhost/printers/till":        "ipp://localhost:631/printers/till",
		"ipp://[::1]:8631/printers/小票":         "ipp://[::1]:8631/printers/%E5%B0%8F%E7%A5%A8",
		"winspool:XP-80C (copy 1)":             "winspool:XP-80C (copy 1)",
		"file:slips.bin?not=a&setting=of&file": "file:slips.bin?not=a&setting=of&file",
	} {
		if got, err := Parse(in); err != nil || got.String() != want {
			t.Errorf("%q is %q, %v; want %q", in, got, err, want)
		}
	}
	// What is refused says what would be right.
	for in, want := range map[string]string{
		"":                             "want tcp://HOST:PORT, serial:DEVICE?baud=9600 or file:PATH",
		"192.168.1.50":                 "want tcp://HOST:PORT, serial:DEVICE?baud=9600 or file:PATH",
		"usb:1":                        "want tcp:, serial:, usblp:, ipp:, winspool:, file: or evdev:",
		"serial:usb=0403":              "usb=VENDOR:PRODUCT:SERIAL",
		"serial:usb=0403:6001:":        "usb=VENDOR:PRODUCT:SERIAL",
		"serial:usb=403:6001:A":        "four hexadecimal digits",
		"serial:socket=usb1":           "socket=BUS-PORT",
		"usblp:lp0":                    "want usblp:/dev/usb/lp0",
		"usblp:usb=0416:5011:XP 80":    "usb=VENDOR:PRODUCT:SERIAL",
		"ipp:localhost":                "want ipp://HOST/printers/NAME",
		"ipp://localhost":              "want ipp://HOST/printers/NAME",
		"ipp://me@localhost/printers/": "want ipp://HOST/printers/NAME",
		"ipp://localhost:0/printers/x": "a number from 1 to 65535",
		"winspool: ":                   "the name of the printer in Windows",
		"tcp:192.168.1.50:9100":        "want tcp://HOST:PORT",
		"tcp://":                       "want tcp://HOST:PORT",
		"tcp://a:9100/x":               "want tcp://HOST:PORT",
		"tcp://me@a:9100":              "want tcp://HOST:PORT",
		"tcp://:9100":                  "the host is missing",
		"tcp://a:0":                    "a number from 1 to 65535",
		"tcp://a:65536":                "a number from 1 to 65535",
		"tcp://a:b:9100":               "one colon and the port",
		"serial:":                      "want serial:DEVICE",
		"serial:COM3?baud=9601":        "baud is one of [1200",
		"serial:COM3?baud=9600.0":      "baud is one of",
		"serial:COM3?data=9":           "data is 5, 6, 7 or 8",
		"serial:COM3?parity=mark":      "parity is none, odd or even",
		"serial:COM3?stop=1.5":         "stop is 1 or 2",
		"serial:COM3?flow=dtr":         "flow is none, rtscts or xonxoff",
		"serial:COM3?speed=9600":       `there is no setting "speed"`,
		"serial:COM3?baud=%":           "NAME=VALUE",
		"file:":                        "want file:PATH",
		"tcp://a\n:9100":               "cannot be seen",
		"serial:/dev/x\x1b[2J":         "cannot be seen",
		"x" + strings.Repeat("y", 5e5): "want tcp://HOST:PORT",
	} {
		_, err := Parse(in)
		if device.ReasonOf(err) != device.Illegal || !strings.Contains(err.Error(), want) || len(err.Error()) > 500 {
			t.Errorf("%.60q: %.200v; want %q", in, err, want)
		}
	}
	if _, err := Open(t.Context(), Address{Scheme: "usb"}); device.ReasonOf(err) != device.NoService {
		t.Errorf("a scheme that is none: %v", err)
	}
}

// Whatever is typed, an address that is read is written so that it reads the
// same again.
func FuzzParse(f *testing.F) {
	f.Add("tcp://192.168.1.50:9100")
	f.Add("tcp://[::1]:9100")
	f.Add("serial:/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0?baud=115200&data=7&parity=odd&stop=2&flow=xonxoff")
	f.Add("serial:////COM3?baud=9600&baud=1200")
	f.Add("file:C:\\slips\\a b.bin")
	f.Add("serial:usb=0403:6001:A1B2?baud=2400")
	f.Add("ipp://localhost/printers/小票%2F1")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			if e := (*device.Error)(nil); !errors.As(err, &e) || e.Reason != device.Illegal || len(err.Error()) > 2000 {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		again, err := Parse(a.String())
		if err != nil || again != a {
			t.Errorf("%q reads %+v, %q reads %+v, %v", s, a, a, again, err)
		}
	})
}
