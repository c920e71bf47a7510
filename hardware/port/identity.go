package port

import (
	"context"
	"regexp"
	"strings"

	"guitai/hardware/device"
)

// socketPrefix begins the place of a device that is named by the USB socket it
// is plugged into.
const socketPrefix = "socket="

// socketName is how Linux names a USB socket: the bus, and the port of each hub
// on the way.
var socketName = regexp.MustCompile(`^[0-9]{1,3}-[0-9]{1,3}(\.[0-9]{1,3}){0,6}$`)

// An identity is what stays of a device when it is plugged in again: vendor and
// product, in four hexadecimal digits each, with its serial number, or the socket
// alone.
type identity struct {
	model  string // VVVV:PPPP
	serial string // empty: any
	socket string
}

// isIdentity says whether a place names a device by what stays, and not by a
// file.
func isIdentity(place string) bool {
	return strings.HasPrefix(place, usbPrefix) || strings.HasPrefix(place, socketPrefix)
}

// parseIdentity reads usb=VVVV:PPPP, usb=VVVV:PPPP:SERIAL or socket=1-4.2, and
// returns it as it is written. s is the whole address.
func parseIdentity(s, place string) (string, error) {
	if socket, ok := strings.CutPrefix(place, socketPrefix); ok {
		if !socketName.MatchString(socket) {
			return "", illegal(s, "want socket=BUS-PORT, such as socket=1-4 or socket=1-4.2, as devices list shows it")
		}
		return place, nil
	}
	vendor, rest, _ := strings.Cut(strings.TrimPrefix(place, usbPrefix), ":")
	product, serial, numbered := strings.Cut(rest, ":")
	id := strings.ToLower(vendor + ":" + product)
	if numbered {
		id += ":" + serial
	}
	if !usbIdentity.MatchString(id) || strings.Contains(serial, "?") {
		return "", illegal(s, "want usb=VENDOR:PRODUCT:SERIAL, vendor and product in four hexadecimal digits, such as usb=0403:6001:A1B2; without :SERIAL where there is none")
	}
	return usbPrefix + id, nil
}

// identityOf takes a place apart that parseIdentity has written.
func identityOf(place string) identity {
	if socket, ok := strings.CutPrefix(place, socketPrefix); ok {
		return identity{socket: socket}
	}
	id := strings.TrimPrefix(place, usbPrefix)
	if len(id) > len("0403:6001:") {
		return identity{model: id[:9], serial: id[10:]}
	}
	return identity{model: id}
}

// A usbPort is a port, or the device file of a printer, of something that is
// plugged in.
type usbPort struct {
	name   string // its file now
	path   string // its name by the socket, where the system gives one
	model  string // VVVV:PPPP
	serial string
	title  string // what it calls itself
	socket string
	// part tells the ports of one device apart: its interface, and its port.
	part string
}

func (i identity) is(p usbPort) bool {
	if i.socket != "" {
		return i.socket == p.socket
	}
	return i.model == p.model && (i.serial == "" || strings.EqualFold(i.serial, p.serial))
}

// bySocket is how to name a port so that no other has the name.
func (p usbPort) bySocket(scheme Scheme) string {
	place := p.name
	switch {
	case p.path != "":
		place = p.path
	case p.socket != "" && p.part == "":
		place = socketPrefix + p.socket
	}
	return string(scheme) + ":" + place
}

// only returns the one port that a place names. The error carries
// device.NoHardware where there is none, and is a *Twins where there are more:
// the till must not take one of two for the other.
func only(scheme Scheme, place string, ports []usbPort) (string, error) {
	switch len(ports) {
	case 0:
		return "", device.Fault(device.NoHardware, "nothing is plugged in that is %s", place)
	case 1:
		return ports[0].name, nil
	}
	t := &Twins{Place: place}
	for _, p := range ports {
		t.Ports = append(t.Ports, p.name)
		t.Choose = append(t.Choose, p.bySocket(scheme))
	}
	return "", &device.Error{Reason: device.Illegal, Err: t}
}

type rootKey struct{}

// Rooted returns a context under which Open looks devices up in the tree at
// root, as Find(root) does: a machine laid out in a test.
func Rooted(ctx context.Context, root string) context.Context {
	return context.WithValue(ctx, rootKey{}, root)
}

func rootOf(ctx context.Context) string {
	root, _ := ctx.Value(rootKey{}).(string)
	return root
}

// Resolve returns where the address of a port or of a device file leads now, and
// the place of any other. It fails as Open would: with device.NoHardware
// where nothing is plugged in, with *Twins where two are alike.
func Resolve(ctx context.Context, a Address) (string, error) {
	switch a.Scheme {
	case Serial, USBLP, Evdev:
		return locate(rootOf(ctx), a.Scheme, a.Place)
	}
	return a.Place, nil
}
