package port

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.bug.st/serial"
)

// Find lists the serial ports of the machine, and the device files of USB
// printers. Ports are listed by names that stay the same: by
// the device's own number (/dev/serial/by-id) where it has one, else by the
// socket it is plugged into (by-path), else by the system's name. Devices
// without a number share one name by-id, of which the last plugged in has it.
// root stands for / in tests; "" is the machine.
func Find(root string) ([]Found, error) {
	names, err := portNames(root)
	if err != nil {
		return nil, fmt.Errorf("look for serial ports: %w", err)
	}
	byID, byPath := links(root, "by-id"), links(root, "by-path")
	out := []Found{}
	for _, name := range names {
		usb := usbOf(root, name)
		place := "/dev/" + name
		switch id, path := byID[name], byPath[name]; {
		case id != "" && usb["serial"] != "":
			place = id
		case path != "":
			place = path
		case id != "":
			place = id
		}
		out = append(out, found(place, titled(name, usb["manufacturer"], usb["product"])))
	}
	return append(out, usbPrinters(root)...), nil
}

// usbPrinters lists the printers that the kernel's usblp driver has, by what
// they say of themselves (IEEE 1284 device id).
func usbPrinters(root string) []Found {
	paths, _ := filepath.Glob(filepath.Join(root, "/dev/usb/lp*"))
	slices.Sort(paths)
	var out []Found
	for _, p := range paths {
		name := filepath.Base(p)
		id, _ := os.ReadFile(filepath.Join(root, "/sys/class/usbmisc", name, "device/ieee1284_id")) // some say nothing
		says := map[string]string{}
		for _, field := range strings.Split(string(id), ";") {
			key, value, _ := strings.Cut(field, ":")
			says[strings.ToUpper(strings.TrimSpace(key))] = value
		}
		maker, model := says["MFG"]+says["MANUFACTURER"], says["MDL"]+says["MODEL"]
		out = append(out, Found{Address: Address{Scheme: File, Place: "/dev/usb/" + name}, Title: titled(name, maker, model)})
	}
	return out
}

// portNames lists the ports as the system names them, ttyUSB0 and the like.
func portNames(root string) ([]string, error) {
	var paths []string
	var err error
	if root == "" {
		paths, err = serial.GetPortsList()
	} else {
		for _, kind := range []string{"ttyUSB*", "ttyACM*", "ttyS*", "rfcomm*"} {
			some, _ := filepath.Glob(filepath.Join(root, "dev", kind))
			paths = append(paths, some...)
		}
	}
	for i, p := range paths {
		paths[i] = filepath.Base(p)
	}
	slices.Sort(paths)
	return paths, err
}

// links returns the names in /dev/serial/DIR by the port they lead to. Of two
// for one port the first is taken; one that leads nowhere was pulled.
func links(root, dir string) map[string]string {
	out := map[string]string{}
	from := filepath.Join(root, "/dev/serial", dir)
	entries, _ := os.ReadDir(from) // none where nothing is plugged in
	for _, e := range entries {
		to, err := filepath.EvalSymlinks(filepath.Join(from, e.Name()))
		if name := filepath.Base(to); err == nil && out[name] == "" {
			out[name] = filepath.Join("/dev/serial", dir, e.Name())
		}
	}
	return out
}

// usbOf reads what the USB device behind a port says of itself: serial,
// manufacturer and product. The device is one of the folders above the port's.
func usbOf(root, name string) map[string]string {
	out := map[string]string{}
	dir, err := filepath.EvalSymlinks(filepath.Join(root, "/sys/class/tty", name, "device"))
	if err != nil {
		return out
	}
	for range 3 {
		if _, err := os.Stat(filepath.Join(dir, "idVendor")); err == nil {
			for _, key := range []string{"serial", "manufacturer", "product"} {
				text, _ := os.ReadFile(filepath.Join(dir, key)) // many say nothing
				out[key] = strings.TrimSpace(string(text))
			}
			return out
		}
		dir = filepath.Dir(dir)
	}
	return out
}
