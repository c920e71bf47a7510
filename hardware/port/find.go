package port

import (
	"slices"
	"strings"
)

// A Found is a serial port that is there, or a printer of the system's, and
// what hangs on it as far as it says.
type Found struct {
	Address Address // the name that stays the longest
	// Also are other addresses of the same port, of which the last is its name
	// now, that it may not have tomorrow.
	Also  []Address
	Title string // for a person: maker, product and the port's name now
	// Maker and Model are what a printer says of itself (IEEE 1284 device id, MFG
	// and MDL), and what a USB device behind a serial port does. Either may be
	// empty.
	Maker, Model string
}

// serialAt is a serial port at the first of its names, set as most devices are.
func serialAt(maker, model, title string, places ...string) Found {
	f := Found{Title: title, Maker: maker, Model: model}
	for _, p := range places {
		a := Address{Scheme: Serial, Place: p, Line: Line{Baud: 9600, Data: 8, Parity: "none", Stop: 1, Flow: "none"}}
		if p != "" && !slices.Contains(f.Also, a) {
			f.Also = append(f.Also, a)
		}
	}
	f.Address, f.Also = f.Also[0], f.Also[1:]
	return f
}

// usbPlace is the identity of a device with a serial number that can be
// written as one, and nothing of any other.
func usbPlace(model, serial string) string {
	place, err := parseIdentity("", usbPrefix+model+":"+serial)
	if model == "" || serial == "" || err != nil {
		return ""
	}
	return place
}

// titled puts what a device says of itself before the name of its port.
func titled(port string, says ...string) string {
	s := strings.Join(strings.Fields(strings.Join(says, " ")), " ")
	if s == "" {
		return port
	}
	return s + " (" + port + ")"
}

// A DeviceID is what a printer says of itself (IEEE 1284-2000, section 7.6).
type DeviceID struct{ Maker, Model, Serial string }

// ParseDeviceID reads MFG:...;MDL:...;SN:...; with the long names of the fields
// too. What it does not know it leaves out.
func ParseDeviceID(text string) DeviceID {
	says := map[string]string{}
	for _, field := range strings.Split(text, ";") {
		key, value, _ := strings.Cut(field, ":")
		says[strings.ToUpper(strings.TrimSpace(key))] = strings.Join(strings.Fields(value), " ")
	}
	first := func(keys ...string) string {
		for _, k := range keys {
			if says[k] != "" {
				return says[k]
			}
		}
		return ""
	}
	return DeviceID{Maker: first("MFG", "MANUFACTURER"), Model: first("MDL", "MODEL"), Serial: first("SN", "SERN", "SERIALNUMBER")}
}
