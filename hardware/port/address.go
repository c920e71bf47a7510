package port

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"guitai/hardware/device"
)

// Scheme is a kind of address.
type Scheme string

// The schemes.
const (
	TCP    Scheme = "tcp"
	Serial Scheme = "serial"
	File   Scheme = "file"
	Evdev  Scheme = "evdev" // a scanner or keyboard that types, taken over (Linux)

	USBLP    Scheme = "usblp"    // a printer that the kernel of Linux has as a device file
	IPP      Scheme = "ipp"      // a queue of CUPS, or another that speaks IPP
	Winspool Scheme = "winspool" // a printer of Windows
)

// Answers says that a device at such an address can answer. Of a slip for
// another nothing is known but that it was handed over.
func (s Scheme) Answers() bool { return s == TCP || s == Serial || s == Evdev || s == USBLP }

// Queued says that such an address is a print queue of the system, where each
// Write is a job of its own.
func (s Scheme) Queued() bool { return s == IPP || s == Winspool }

// ForPrinters says that only printers have such an address.
func (s Scheme) ForPrinters() bool { return s == File || s == USBLP || s.Queued() }

// An Address says where a device is. It is written tcp://HOST:PORT,
// serial:DEVICE?baud=9600&data=8&parity=none&stop=1&flow=none, file:PATH,
// evdev:/dev/input/by-id/NAME or evdev:usb=VENDOR:PRODUCT:SERIAL;
// serial://DEVICE is read too. Printers have usblp:/dev/usb/lp0,
// ipp://HOST:631/printers/NAME and winspool:NAME beside these.
//
// DEVICE is a path, or what stays of a device when it is plugged in again:
// usb=VENDOR:PRODUCT:SERIAL, as the device says of itself, or socket=BUS-PORT,
// where it is plugged in (Linux). Open looks it up each time.
type Address struct {
	Scheme Scheme
	Place  string // HOST:PORT, HOST:PORT/PATH, device, path, identity or name
	Line   Line   // serial only
}

// A Line is how a serial port is set.
type Line struct {
	Baud   int
	Data   int    // data bits, 5 to 8
	Parity string // none, odd or even
	Stop   int    // stop bits, 1 or 2
	Flow   string // none, rtscts or xonxoff
}

// Bauds are the speeds a serial port can have.
var Bauds = []int{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200}

// Where a network printer listens for raw bytes, and a print queue for jobs.
const (
	defaultPort = "9100"
	ippPort     = "631"
)

// Parse reads an address. Errors carry device.Illegal and say what would be
// right.
func Parse(s string) (Address, error) {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return Address{}, illegal(s, "it holds characters that cannot be seen")
	}
	scheme, rest, ok := strings.Cut(strings.TrimSpace(s), ":")
	if !ok {
		return Address{}, illegal(s, "want tcp://HOST:PORT, serial:DEVICE?baud=9600 or file:PATH")
	}
	switch Scheme(scheme) {
	case TCP:
		return parseTCP(s, rest)
	case Serial:
		return parseSerial(s, rest)
	case File:
		if rest == "" {
			return Address{}, illegal(s, "want file:PATH")
		}
		return Address{Scheme: File, Place: rest}, nil
	case Evdev:
		return parseEvdev(s, rest)
	case USBLP:
		return parseUSBLP(s, rest)
	case IPP:
		return parseIPP(s, rest)
	case Winspool:
		if strings.TrimSpace(rest) == "" {
			return Address{}, illegal(s, "want winspool: and the name of the printer in Windows")
		}
		return Address{Scheme: Winspool, Place: rest}, nil
	}
	return Address{}, illegal(s, "want tcp:, serial:, usblp:, ipp:, winspool:, file: or evdev: at the start")
}

func illegal(s, want string) error {
	return device.Fault(device.Illegal, "address %.100q: %s", s, want)
}

func parseTCP(s, rest string) (Address, error) {
	place, ok := strings.CutPrefix(rest, "//")
	if !ok || place == "" || strings.ContainsAny(place, "/?#@ ") {
		return Address{}, illegal(s, "want tcp://HOST:PORT")
	}
	place, err := parseHost(s, place, defaultPort)
	return Address{Scheme: TCP, Place: place}, err
}

// parseHost reads HOST or HOST:PORT.
func parseHost(s, place, port string) (string, error) {
	host, number, err := net.SplitHostPort(place)
	if err != nil {
		host, number = strings.Trim(place, "[]"), port
	}
	if n, err := strconv.ParseUint(number, 10, 16); err != nil || n == 0 {
		return "", illegal(s, "the port is a number from 1 to 65535")
	}
	if host == "" || strings.ContainsAny(host, "[]") {
		return "", illegal(s, "the host is missing")
	}
	if _, err := netip.ParseAddr(host); strings.Contains(host, ":") && err != nil {
		return "", illegal(s, "the host is a name or a number such as 192.168.1.50, then one colon and the port")
	}
	return net.JoinHostPort(host, number), nil
}

// parseIPP reads ipp://HOST:PORT/PATH (RFC 3510).
func parseIPP(s, rest string) (Address, error) {
	const want = "want ipp://HOST/printers/NAME, such as ipp://localhost/printers/receipts"
	rest, ok := strings.CutPrefix(rest, "//")
	host, path, has := strings.Cut(rest, "/")
	if !ok || host == "" || !has || path == "" || strings.ContainsAny(host, "?#@ ") || strings.ContainsAny(path, "?# ") {
		return Address{}, illegal(s, want)
	}
	u, err := url.Parse("/" + path)
	if err != nil || u.Host != "" {
		return Address{}, illegal(s, want)
	}
	host, err = parseHost(s, host, ippPort)
	return Address{Scheme: IPP, Place: host + u.EscapedPath()}, err
}

// parseUSBLP reads usblp:/dev/usb/lp0 or usblp: and an identity.
func parseUSBLP(s, rest string) (Address, error) {
	switch {
	case isIdentity(rest):
		place, err := parseIdentity(s, rest)
		return Address{Scheme: USBLP, Place: place}, err
	case strings.HasPrefix(rest, "/") && !strings.ContainsAny(rest, "?#"):
		return Address{Scheme: USBLP, Place: rest}, nil
	}
	return Address{}, illegal(s, "want usblp:/dev/usb/lp0, or usblp:usb=VENDOR:PRODUCT:SERIAL")
}

func parseSerial(s, rest string) (Address, error) {
	for strings.HasPrefix(rest, "//") {
		rest = rest[2:]
	}
	place, query, _ := strings.Cut(rest, "?")
	if place == "" {
		return Address{}, illegal(s, "want serial:DEVICE, such as serial:/dev/ttyUSB0 or serial:COM3")
	}
	if isIdentity(place) {
		var err error
		if place, err = parseIdentity(s, place); err != nil {
			return Address{}, err
		}
	}
	line := Line{Baud: 9600, Data: 8, Parity: "none", Stop: 1, Flow: "none"}
	values, err := url.ParseQuery(query)
	if err != nil {
		return Address{}, illegal(s, "the part after ? is NAME=VALUE&NAME=VALUE")
	}
	for name, v := range values {
		value := v[len(v)-1]
		n, _ := strconv.Atoi(value)
		switch name {
		case "baud":
			if !slices.Contains(Bauds, n) {
				return Address{}, illegal(s, fmt.Sprint("baud is one of ", Bauds))
			}
			line.Baud = n
		case "data":
			if n < 5 || n > 8 {
				return Address{}, illegal(s, "data is 5, 6, 7 or 8")
			}
			line.Data = n
		case "parity":
			if !slices.Contains([]string{"none", "odd", "even"}, value) {
				return Address{}, illegal(s, "parity is none, odd or even")
			}
			line.Parity = value
		case "stop":
			if n != 1 && n != 2 {
				return Address{}, illegal(s, "stop is 1 or 2")
			}
			line.Stop = n
		case "flow":
			if !slices.Contains([]string{"none", "rtscts", "xonxoff"}, value) {
				return Address{}, illegal(s, "flow is none, rtscts or xonxoff")
			}
			line.Flow = value
		default:
			return Address{}, illegal(s, fmt.Sprintf("there is no setting %.20q; there are baud, data, parity, stop and flow", name))
		}
	}
	return Address{Scheme: Serial, Place: place, Line: line}, nil
}

// String writes the address as Parse reads it, with every setting.
func (a Address) String() string {
	switch a.Scheme {
	case TCP:
		return "tcp://" + a.Place
	case Serial:
		return fmt.Sprintf("serial:%s?baud=%d&data=%d&parity=%s&stop=%d&flow=%s", a.Place, a.Line.Baud, a.Line.Data, a.Line.Parity, a.Line.Stop, a.Line.Flow)
	case File:
		return "file:" + a.Place
	case IPP:
		return "ipp://" + a.Place
	case Evdev, USBLP, Winspool:
		return string(a.Scheme) + ":" + a.Place
	}
	return ""
}
