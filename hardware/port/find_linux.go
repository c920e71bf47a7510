package port

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"go.bug.st/serial"
)

// Find lists the serial ports of the machine, and the device files of USB
// printers. Ports are listed by names that stay the same: by the device's own
// number (/dev/serial/by-id, or usb=) where it has one that no other has, else
// by the socket it is plugged into (by-path, or socket=), else by the system's
// name. root stands for / in tests; "" is the machine.
func Find(root string) ([]Found, error) {
	names, err := portNames(root)
	if err != nil {
		return nil, fmt.Errorf("look for serial ports: %w", err)
	}
	byID, byPath := links(root, "by-id"), links(root, "by-path")
	ports := usbPorts(root, Serial)
	out := []Found{}
	for _, name := range names {
		usb := usbOf(root, "tty", name)
		p := portOf(usb, filepath.Join(root, "/dev", name), byPath[name])
		id := usbPlace(p.model, p.serial)
		if len(some(ports, p.alike)) > 1 {
			id, byID[name] = "", "" // the name is another's too
		} else if len(some(ports, identity{model: p.model, serial: p.serial}.is)) > 1 {
			id = "" // and so it is of another port of the same device
		}
		places := []string{byID[name], id, byPath[name], socketOf(p, ports), "/dev/" + name}
		if p.serial == "" { // it has no number: what is by-id today may be another device's tomorrow
			places = []string{byPath[name], socketOf(p, ports), byID[name], "/dev/" + name}
		}
		out = append(out, serialAt(usb["manufacturer"], usb["product"], titled(name, usb["manufacturer"], usb["product"]), places...))
	}
	return append(out, usbPrinters(root)...), nil
}

// socketOf is the socket of a device with one port, as an address has it.
func socketOf(p usbPort, ports []usbPort) string {
	if p.socket == "" || len(some(ports, identity{socket: p.socket}.is)) > 1 {
		return ""
	}
	return socketPrefix + p.socket
}

// usbPrinters lists the printers that the kernel's usblp driver has, by what
// they say of themselves.
func usbPrinters(root string) []Found {
	ports := usbPorts(root, USBLP)
	var out []Found
	for _, p := range ports {
		name := filepath.Base(p.name)
		text, _ := os.ReadFile(filepath.Join(root, "/sys/class/usbmisc", name, "device/ieee1284_id")) // some say nothing
		if len(text) == 0 && root == "" {
			text = []byte(askDeviceID(p.name, kernel{}))
		}
		says := ParseDeviceID(string(text))
		f := Found{Title: titled(name, says.Maker, says.Model), Maker: says.Maker, Model: says.Model}
		id := usbPlace(p.model, p.serial)
		if len(some(ports, identity{model: p.model, serial: p.serial}.is)) > 1 {
			id = ""
		}
		for _, place := range []string{id, socketOf(p, ports), "/dev/usb/" + name} {
			if place != "" {
				f.Also = append(f.Also, Address{Scheme: USBLP, Place: place})
			}
		}
		f.Address, f.Also = f.Also[0], f.Also[1:]
		out = append(out, f)
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
		link := filepath.Join(from, e.Name())
		to, err := os.Readlink(link)
		if _, gone := os.Stat(link); err != nil || gone != nil {
			continue
		}
		if name := filepath.Base(to); out[name] == "" {
			out[name] = filepath.Join("/dev/serial", dir, e.Name())
		}
	}
	return out
}
