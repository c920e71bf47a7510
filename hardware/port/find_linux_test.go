package port

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree lays a recorded machine out: files with their text, and links as
// "-> where".
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(to, path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// A counter with a scanner that has a number, two cheap adapters that have
// none and therefore share one name, a port on the board, a link that a pulled
// device left behind, and two USB printers.
func TestFindNamesPortsThatStay(t *testing.T) {
	const usb, tty = "sys/devices/pci0000:00/0000:00:14.0/usb1/", "sys/class/tty/"
	root := tree(t, map[string]string{
		"dev/ttyACM0": "", "dev/ttyUSB0": "", "dev/ttyUSB1": "", "dev/ttyS0": "", "dev/tty1": "",
		"dev/usb/lp0": "", "dev/usb/lp1": "", "dev/usb/hiddev0": "",
		"sys/class/usbmisc/lp0":                                   "-> ../../devices/pci0000:00/0000:00:14.0/usb1/1-5/1-5:1.0/usbmisc/lp0",
		"dev/serial/by-id/usb-Honeywell_1450g_12345-if00":         "-> ../../ttyACM0",
		"dev/serial/by-id/usb-1a86_USB_Serial-if00-port0":         "-> ../../ttyUSB1",
		"dev/serial/by-id/usb-Gone_Scanner-if00":                  "-> ../../ttyACM7",
		"dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0":         "-> ../../ttyACM0",
		"dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0":   "-> ../../ttyUSB0",
		"dev/serial/by-path/pci-0000:00:14.0-usb-0:4:1.0-port0":   "-> ../../ttyUSB1",
		"dev/serial/by-path/pci-0000:00:14.0-usbv2-0:4:1.0-port0": "-> ../../ttyUSB1",
		tty + "ttyACM0":                                "-> ../../devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/tty/ttyACM0",
		tty + "ttyUSB0":                                "-> ../../devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/ttyUSB0/tty/ttyUSB0",
		tty + "ttyUSB1":                                "-> ../../devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/ttyUSB1/tty/ttyUSB1",
		usb + "1-2/idVendor":                           "0c2e\n",
		usb + "1-2/serial":                             "12345\n",
		usb + "1-2/manufacturer":                       "Honeywell\n",
		usb + "1-2/product":                            "1450g  Imager\n",
		usb + "1-2/idProduct":                          "0b61\n",
		usb + "1-3/idProduct":                          "7523\n",
		usb + "1-4/idProduct":                          "7523\n",
		usb + "1-5/idVendor":                           "0416\n",
		usb + "1-5/idProduct":                          "5011\n",
		usb + "1-5/serial":                             "XP0001\n",
		usb + "1-5/1-5:1.0/bInterfaceNumber":           "00\n",
		usb + "1-5/1-5:1.0/ieee1284_id":                "MFG:Xprinter ;CMD:ESC/POS;MDL:XP-80C;CLS:PRINTER;\n",
		usb + "1-5/1-5:1.0/usbmisc/lp0/device":         "-> ../../../1-5:1.0",
		usb + "1-3/idVendor":                           "1a86\n",
		usb + "1-3/product":                            "USB Serial\n",
		usb + "1-4/idVendor":                           "1a86\n",
		usb + "1-4/product":                            "USB Serial\n",
		usb + "1-2/1-2:1.0/tty/ttyACM0/device":         "-> ../../../1-2:1.0",
		usb + "1-3/1-3:1.0/ttyUSB0/tty/ttyUSB0/device": "-> ../../../ttyUSB0",
		usb + "1-4/1-4:1.0/ttyUSB1/tty/ttyUSB1/device": "-> ../../../ttyUSB1",
	})
	got, err := Find(root)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range got {
		text.WriteString(f.Address.Place + " = " + f.Title)
		for _, also := range f.Also {
			text.WriteString(" | " + also.Place)
		}
		text.WriteString("\n")
	}
	const want = `/dev/serial/by-id/usb-Honeywell_1450g_12345-if00 = Honeywell 1450g Imager (ttyACM0) | usb=0c2e:0b61:12345 | /dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0 | socket=1-2 | /dev/ttyACM0
/dev/ttyS0 = ttyS0
/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0 = USB Serial (ttyUSB0) | socket=1-3 | /dev/ttyUSB0
/dev/serial/by-path/pci-0000:00:14.0-usb-0:4:1.0-port0 = USB Serial (ttyUSB1) | socket=1-4 | /dev/ttyUSB1
usb=0416:5011:XP0001 = Xprinter XP-80C (lp0) | socket=1-5 | /dev/usb/lp0
/dev/usb/lp1 = lp1
`
	if text.String() != want {
		t.Errorf("found\n%swant\n%s", text.String(), want)
	}
	for _, f := range got {
		if again, err := Parse(f.Address.String()); err != nil || again != f.Address {
			t.Errorf("%s reads %+v, %v", f.Address, again, err)
		}
	}
}

func TestFindOnAnEmptyMachine(t *testing.T) {
	if got, err := Find(t.TempDir()); err != nil || len(got) != 0 {
		t.Errorf("found %+v, %v", got, err)
	}
	if _, err := Find(""); err != nil {
		t.Errorf("this machine: %v", err)
	}
}
