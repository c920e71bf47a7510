package port

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/hardware/device"
)

func TestEvdevAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"evdev:/dev/input/by-id/usb-Honeywell_3310g_S123-event-kbd": "evdev:/dev/input/by-id/usb-Honeywell_3310g_S123-event-kbd",
		"evdev:usb=05F9:2204":       "evdev:usb=05f9:2204",
		"evdev:usb=05f9:2204:S/N-1": "evdev:usb=05f9:2204:S/N-1",
	} {
		if got, err := Parse(in); err != nil || got.String() != want {
			t.Errorf("%q is %q, %v; want %q", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		"evdev:": "want evdev:/dev/input/by-id", "evdev:event3": "want evdev:/dev/input/by-id", "evdev:usb=05f9": "four hexadecimal digits",
		"evdev:usb=05f9:22g4": "four hexadecimal digits", "evdev:usb=05f9:2204:": "four hexadecimal digits", "evdev:/dev/input/event3?grab=no": "want evdev:",
	} {
		if _, err := Parse(in); device.ReasonOf(err) != device.Illegal || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", in, err, want)
		}
	}
}

// inputTree is what /sys and /dev/input look like with these input devices.
func inputTree(t *testing.T, devices map[string]map[string]string, links map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, files := range devices {
		for file, text := range files {
			path := filepath.Join(root, "sys/class/input", name, "device", file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(root, "dev/input", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range links {
		path := filepath.Join(root, "dev/input", link)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("../"+to, path); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// What a keyboard, a scanner of two interfaces and a mouse say in /sys on a
// machine of 64 bits.
func counter(t *testing.T, more ...string) string {
	const keys = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
	says := func(name, vendor, product, uniq, keys string) map[string]string {
		return map[string]string{"name": name, "id/vendor": vendor, "id/product": product, "uniq": uniq, "capabilities/key": keys}
	}
	devices := map[string]map[string]string{
		"event0": says("Power Button", "0000", "0001", "", "10000000000000 0"),
		"event2": says("Dell KB216 Keyboard", "413c", "2113", "", keys),
		"event3": says("Honeywell Scanner 3310g", "0c2e", "0b61", "S12345", keys),
		"event4": says("Honeywell Scanner 3310g Consumer Control", "0c2e", "0b61", "S12345", "3f000301ff 0 0 0 0"),
		"event5": says("USB Optical Mouse", "046d", "c077", "", "70000 0 0 0 0"),
	}
	for i, uniq := range more {
		devices["event"+string(rune('6'+i))] = says("Honeywell Scanner 3310g", "0c2e", "0b61", uniq, keys)
	}
	return inputTree(t, devices, map[string]string{
		"by-id/usb-Honeywell_Scanner_3310g_S12345-event-kbd": "event3", "by-path/pci-0000:00:14.0-usb-0:3:1.0-event-kbd": "event3",
		"by-path/pci-0000:00:14.0-usb-0:2:1.0-event-kbd": "event2",
	})
}

func TestKeyboardsAreFoundByNamesThatStay(t *testing.T) {
	found, err := FindKeyboards(counter(t))
	if err != nil || len(found) != 2 {
		t.Fatalf("found %+v, %v", found, err)
	}
	for i, want := range []Found{
		{Address: Address{Scheme: Evdev, Place: "/dev/input/by-path/pci-0000:00:14.0-usb-0:2:1.0-event-kbd"}, Title: "Dell KB216 Keyboard (event2)"},
		{Address: Address{Scheme: Evdev, Place: "/dev/input/by-id/usb-Honeywell_Scanner_3310g_S12345-event-kbd"}, Title: "Honeywell Scanner 3310g (event3)"},
	} {
		if found[i].Address != want.Address || found[i].Title != want.Title {
			t.Errorf("found %+v, want %+v", found[i], want)
		}
	}
}

func TestScannersAreFoundByIdentity(t *testing.T) {
	for _, c := range []struct {
		more        []string
		place, want string
		reason      device.Reason
	}{
		{nil, "usb=0c2e:0b61", "/dev/input/event3", ""},
		{nil, "usb=0c2e:0b61:S12345", "/dev/input/event3", ""},
		{nil, "usb=0c2e:0b61:S99999", "", device.NoHardware},
		{nil, "usb=046d:c077", "", device.NoHardware},
		{[]string{"S77777"}, "usb=0c2e:0b61:S77777", "/dev/input/event6", ""},
		{[]string{"S77777"}, "usb=0c2e:0b61", "", device.Illegal},
		{[]string{"S12345"}, "usb=0c2e:0b61:S12345", "", device.Illegal},
	} {
		got, err := inputPlace(counter(t, c.more...), c.place)
		if got != c.want || device.ReasonOf(err) != c.reason {
			t.Errorf("%s is at %q, %v; want %q, %s", c.place, got, err, c.want, c.reason)
		}
	}
	_, err := inputPlace(counter(t, "S77777"), "usb=0c2e:0b61")
	if !strings.Contains(err.Error(), "/dev/input/event3, /dev/input/event6; name one by its socket") {
		t.Errorf("two alike: %v", err)
	}
}

func TestARightThatLacksIsNamedWithItsCommand(t *testing.T) {
	if got, want := inputMatch(counter(t), "event3"), `ATTRS{idVendor}=="0c2e", ATTRS{idProduct}=="0b61"`; got != want {
		t.Errorf("a rule matches %s, want %s", got, want)
	}
	if got := inputMatch(t.TempDir(), "event9"); got != `KERNEL=="event9"` {
		t.Errorf("of a device that says nothing: %s", got)
	}
	// A scanner that no group may read, as on a machine without udev's own rules.
	path := filepath.Join(t.TempDir(), "event9")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := fault(Address{Scheme: Evdev, Place: path}, path, fs.ErrPermission)
	var d *Denied
	if device.ReasonOf(err) != device.Denied || !errors.As(err, &d) || !strings.Contains(d.Mend, `SUBSYSTEM=="input", KERNEL=="event9", GROUP="input"`) || !strings.Contains(d.Mend, "sudo usermod -aG input $USER") {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoInputDeviceIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "event0")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for place, want := range map[string]device.Reason{file: device.Illegal, "/dev/null": device.Illegal, "/dev/input/by-id/gone": device.NoHardware, "usb=ffff:ffff": device.NoHardware} {
		if l, err := Open(t.Context(), Address{Scheme: Evdev, Place: place}); device.ReasonOf(err) != want || l != nil {
			t.Errorf("%s: %v, want %s", place, err, want)
		}
	}
}

// events writes struct input_event: type, code and value of each.
func events(list ...[3]int) []byte {
	var out []byte
	for _, e := range list {
		out = append(out, make([]byte, eventSize-8)...)
		out = binary.NativeEndian.AppendUint16(out, uint16(e[0]))
		out = binary.NativeEndian.AppendUint16(out, uint16(e[1]))
		out = binary.NativeEndian.AppendUint32(out, uint32(e[2]))
	}
	return out
}

func TestKeystrokes(t *testing.T) {
	tap := func(code int) [][3]int {
		return [][3]int{{4, 4, code}, {1, code, 1}, {0, 0, 0}, {1, code, 0}, {0, 0, 0}}
	}
	with := func(mod int, codes ...int) (out [][3]int) {
		out = append(out, [3]int{1, mod, 1}, [3]int{0, 0, 0})
		for _, c := range codes {
			out = append(out, tap(c)...)
		}
		return append(out, [3]int{1, mod, 0}, [3]int{0, 0, 0})
	}
	join := func(lists ...[][3]int) (out [][3]int) {
		for _, l := range lists {
			out = append(out, l...)
		}
		return out
	}
	for name, c := range map[string]struct {
		in   [][3]int
		want string
	}{
		"digits and Enter":            {join(tap(7), tap(10), tap(11), tap(2), tap(28)), "6901\r"},
		"letters, small and capital":  {join(tap(30), with(42, 30), with(54, 44), tap(44)), "aAZz"},
		"signs":                       {join(with(42, 3), tap(12), tap(53), with(42, 13), tap(26), with(42, 10)), "@-/+[("},
		"Tab":                         {tap(15), "\t"},
		"GS as Ctrl and ]":            {join(tap(2), with(29, 27), tap(3)), "1\x1d2"},
		"Caps Lock changes nothing":   {join(tap(58), tap(30), [][3]int{{0x11, 1, 1}}, with(42, 30), tap(2)), "aA1"},
		"the block of digits":         {join(tap(79), tap(80), tap(82), tap(96)), "120\r"},
		"a character by its number":   {join(with(56, 82, 76, 76), with(56, 82, 80, 77)), "7\x1a"},
		"GS by its number":            {with(56, 82, 80, 73), "\x1d"},
		"a number of no ASCII":        {with(56, 80, 80, 80), "\x18"},
		"a key held down types once":  {[][3]int{{1, 2, 1}, {1, 2, 2}, {1, 2, 2}, {1, 2, 0}}, "1"},
		"Shift in the other hand":     {join([][3]int{{1, 42, 1}, {1, 54, 1}, {1, 42, 0}}, tap(30), [][3]int{{1, 54, 0}}, tap(30)), "Aa"},
		"keys of a remote control":    {join(tap(115), tap(2), tap(0x2ff)), "1"},
		"a pointer":                   {[][3]int{{2, 0, 5}, {3, 1, 300}, {0, 0, 0}}, ""},
		"lost events up to a report":  {join(tap(2), [][3]int{{0, 3, 0}, {1, 3, 1}, {1, 42, 1}, {0, 0, 0}}, tap(4), tap(28)), "1\x183\r"},
		"Shift is up after lost ones": {join([][3]int{{1, 42, 1}}, [][3]int{{0, 3, 0}, {0, 0, 0}}, tap(30)), "\x18a"},
	} {
		t.Run(name, func(t *testing.T) {
			b := events(c.in...)
			var whole, pieces keystrokes
			if got := string(whole.take(nil, b)); got != c.want {
				t.Errorf("typed %q, want %q", got, c.want)
			}
			var out []byte
			for len(b) > 0 {
				n := min(7, len(b))
				out = pieces.take(out, b[:n])
				b = b[n:]
			}
			if string(out) != c.want {
				t.Errorf("in pieces of 7 bytes %q, want %q", out, c.want)
			}
		})
	}
}

// holdKeys checks what holds of keystrokes whatever the events are, and how they
// are cut: no more characters than keys, and only those a keyboard has.
func holdKeys(t *testing.T, b []byte, cut int) {
	t.Helper()
	var whole, parts keystrokes
	one := whole.take(nil, b)
	two := parts.take(parts.take(nil, b[:cut]), b[cut:])
	if !bytes.Equal(one, two) {
		t.Fatalf("%q whole, %q cut at %d", one, two, cut)
	}
	if len(one) > len(b)/eventSize {
		t.Fatalf("%d characters of %d events", len(one), len(b)/eventSize)
	}
	for _, c := range one {
		if c > 127 {
			t.Fatalf("typed %q", one)
		}
	}
}

func FuzzKeystrokes(f *testing.F) {
	f.Add(events([3]int{1, 2, 1}, [3]int{1, 2, 0}, [3]int{0, 0, 0}), 5)
	f.Add(events([3]int{1, 42, 1}, [3]int{1, 30, 1}, [3]int{1, 56, 1}, [3]int{1, 79, 1}, [3]int{1, 56, 0}, [3]int{0, 3, 0}), 30)
	f.Fuzz(func(t *testing.T, b []byte, cut int) { holdKeys(t, b, max(0, min(cut, len(b)))) })
}
