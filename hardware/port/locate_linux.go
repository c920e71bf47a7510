package port

import (
	"os"
	"path/filepath"
	"strings"

	"guitai/hardware/device"
)

// locate returns the path of the port that a place of a scheme leads to now. A
// name that is shared (by-id, of devices without a number of their own) leads to
// the one that was plugged in last; it is refused, as an identity is that two
// have.
func locate(root string, scheme Scheme, place string) (string, error) {
	if scheme == Evdev {
		return inputPlace(root, place)
	}
	if isIdentity(place) {
		id := identityOf(place)
		return only(scheme, place, some(usbPorts(root, scheme), id.is))
	}
	path := place
	if root != "" && strings.HasPrefix(place, "/dev/") {
		path = filepath.Join(root, place)
	}
	if filepath.Dir(place) != "/dev/serial/by-id" {
		return path, nil
	}
	to, err := os.Readlink(path)
	if err != nil {
		return "", device.Fault(device.NoHardware, "nothing is plugged in that is %s", place)
	}
	name := filepath.Join(root, "/dev", filepath.Base(to))
	ports := usbPorts(root, scheme)
	for _, mine := range some(ports, func(p usbPort) bool { return p.name == name && p.model != "" }) {
		return only(scheme, place, some(ports, mine.alike))
	}
	return name, nil
}

// alike says whether two ports have one name by-id.
func (p usbPort) alike(q usbPort) bool {
	return p.model == q.model && p.title == q.title && p.serial == q.serial && p.part == q.part
}

func some(ports []usbPort, is func(usbPort) bool) []usbPort {
	var out []usbPort
	for _, p := range ports {
		if is(p) {
			out = append(out, p)
		}
	}
	return out
}

// usbPorts lists the ports of a scheme with what the USB devices behind them
// are.
func usbPorts(root string, scheme Scheme) []usbPort {
	var out []usbPort
	if scheme == USBLP {
		paths, _ := filepath.Glob(filepath.Join(root, "/dev/usb/lp*"))
		for _, p := range paths {
			out = append(out, portOf(usbOf(root, "usbmisc", filepath.Base(p)), p, ""))
		}
		return out
	}
	byPath := links(root, "by-path")
	for _, kind := range []string{"ttyACM*", "ttyUSB*"} {
		paths, _ := filepath.Glob(filepath.Join(root, "/dev", kind))
		for _, p := range paths {
			name := filepath.Base(p)
			out = append(out, portOf(usbOf(root, "tty", name), p, byPath[name]))
		}
	}
	return out
}

func portOf(usb map[string]string, name, path string) usbPort {
	p := usbPort{name: name, path: path, serial: usb["serial"], title: usb["manufacturer"] + usb["product"], socket: usb["socket"], part: usb["bInterfaceNumber"] + "." + usb["port_number"]}
	if usb["idVendor"] != "" {
		p.model = strings.ToLower(usb["idVendor"] + ":" + usb["idProduct"])
	}
	if p.part == "00." || p.part == "00.0" || p.part == "." { // the first, and mostly the only one
		p.part = ""
	}
	return p
}

// usbOf reads what the USB device behind a port says of itself: idVendor,
// idProduct, serial, manufacturer and product; the interface and port it is of
// that device; and the socket it is plugged into. The device is one of the
// folders above the port's (Linux: Documentation/ABI/testing/sysfs-bus-usb).
func usbOf(root, subsystem, name string) map[string]string {
	out := map[string]string{}
	dir, err := filepath.EvalSymlinks(filepath.Join(root, "/sys/class", subsystem, name, "device"))
	if err != nil {
		return out
	}
	read := func(keys ...string) {
		for _, key := range keys {
			if text, err := os.ReadFile(filepath.Join(dir, key)); err == nil { // many say nothing
				out[key] = strings.TrimSpace(string(text))
			}
		}
	}
	for range 3 {
		read("port_number", "bInterfaceNumber")
		if _, err := os.Stat(filepath.Join(dir, "idVendor")); err == nil {
			read("idVendor", "idProduct", "serial", "manufacturer", "product")
			out["socket"] = filepath.Base(dir)
			return out
		}
		dir = filepath.Dir(dir)
	}
	return map[string]string{} // no USB device
}
