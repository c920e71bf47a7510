package ui

import "strings"

// The kinds of link to a device: a network socket, a serial line, a printer on USB (usblp: of Linux, winspool: of
// Windows), a printer of the network's or the system's own (ipp:), a scanner that types (evdev:) and a file.
const (
	linkTCP    = "tcp"
	linkSerial = "serial"
	linkUSB    = "usb"
	linkIPP    = "ipp"
	linkEvdev  = "evdev"
	linkFile   = "file"
)

// link is the address of a device taken apart: tcp://HOST:PORT, serial:DEVICE?baud=9600 with more of the line after
// it, SCHEME:PLACE or file:PATH.
type link struct {
	kind  string
	place string // host, device or path
	port  string // of tcp
	baud  string // of serial
	rest  string // what else a serial line is set to, as &data=8&parity=none
	whole string // of usb, ipp and evdev: the address
}

// linkOf takes an address apart. What is none is shown as a path.
func linkOf(address string) link {
	switch {
	case strings.HasPrefix(address, "tcp://"):
		l := link{kind: linkTCP, place: strings.TrimPrefix(address, "tcp://"), port: "9100"}
		if i := strings.LastIndexByte(l.place, ':'); i >= 0 {
			l.place, l.port = l.place[:i], l.place[i+1:]
		}
		return l
	case strings.HasPrefix(address, "serial:"):
		l := link{kind: linkSerial, baud: "9600"}
		var query string
		l.place, query, _ = strings.Cut(strings.TrimPrefix(address, "serial:"), "?")
		for _, part := range strings.Split(query, "&") {
			if v, ok := strings.CutPrefix(part, "baud="); ok {
				l.baud = v
			} else if part != "" {
				l.rest += "&" + part
			}
		}
		return l
	}
	for scheme, kind := range map[string]string{"usblp:": linkUSB, "winspool:": linkUSB, "ipp:": linkIPP, "ipps:": linkIPP, "evdev:": linkEvdev} {
		if place, ok := strings.CutPrefix(address, scheme); ok {
			return link{kind: kind, place: strings.TrimPrefix(place, "//"), whole: address}
		}
	}
	return link{kind: linkFile, place: strings.TrimPrefix(address, "file:")}
}

// address puts a link together.
func (l link) address() string {
	place := strings.TrimSpace(l.place)
	switch l.kind {
	case linkTCP:
		return "tcp://" + place + ":" + strings.TrimSpace(l.port)
	case linkSerial:
		return "serial:" + place + "?baud=" + l.baud + l.rest
	case linkUSB, linkIPP, linkEvdev:
		return l.whole
	}
	if other := linkOf(place); other.whole != "" { // an address of another kind, typed as a path
		return place
	}
	return "file:" + place
}

// linkWords says an address in few words.
func (w *Window) linkWords(address string) string {
	l := linkOf(address)
	return w.Say("devices.link."+l.kind) + " " + l.where()
}

// where is the place of a link with what belongs to it, without the kind: a narrow card has no room for both.
func (l link) where() string {
	switch l.kind {
	case linkTCP:
		return l.place + ":" + l.port
	case linkSerial:
		return l.place + ", " + l.baud
	}
	return l.place
}

// bits are what a serial line is set to besides its speed, as technicians write it: 8N1.
func (l link) bits() string {
	data, parity, stop := "8", "N", "1"
	for _, part := range strings.Split(l.rest, "&") {
		switch key, v, _ := strings.Cut(part, "="); key {
		case "data":
			data = v
		case "parity":
			parity = strings.ToUpper(v[:min(1, len(v))])
		case "stop":
			stop = v
		}
	}
	return data + parity + stop
}

// profileWords names a printer profile: the generic ones by their paper, others by what they are called.
func (w *Window) profileWords(id string) string {
	switch id {
	case "", "generic-80", "generic-58":
		return w.Say("settings.paper." + paperOf(id))
	case "generic-80-raster", "generic-58-raster":
		return w.Say("settings.paper."+paperOf(id)) + ", " + w.Say("devices.raster")
	}
	return id
}

// paperOf is the width of a profile's paper, in millimetres, by its name.
func paperOf(id string) string {
	if strings.Contains(id, "58") {
		return "58"
	}
	return "80"
}
