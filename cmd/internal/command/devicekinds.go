package command

import (
	"cmp"
	"strings"

	"guitai/hardware/device"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/scale"
	"guitai/hardware/terminal"
)

// Devices are those of this machine.
type Devices struct {
	Printers  []Device `toml:"printer,omitempty"`
	Scanners  []Device `toml:"scanner,omitempty"`
	Scales    []Device `toml:"scale,omitempty"`
	Displays  []Device `toml:"display,omitempty"`
	Terminals []Device `toml:"terminal,omitempty"`
}

// A Device is one device at its address. What is not of its kind is empty.
type Device struct {
	Name    string `toml:"name"`
	Address string `toml:"address"`           // as package port reads it
	Profile string `toml:"profile,omitempty"` // of a printer
	// Simulated says that the till drives a simulator in the place of the
	// device, which is left alone: for trying out. A card terminal never is.
	Simulated bool `toml:"simulated,omitempty"`
	// DrawerPin is the pin that opens the drawer, as learned in setup: 2 or 5, 0
	// for that of the printer's profile.
	DrawerPin int `toml:"drawer_pin,omitempty"`

	Driver   string `toml:"driver,omitempty"`   // of a scale, a display or a terminal
	Unit     string `toml:"unit,omitempty"`     // of a scale
	Pattern  string `toml:"pattern,omitempty"`  // of a scale
	Ask      string `toml:"ask,omitempty"`      // of a scale
	Charset  string `toml:"charset,omitempty"`  // of a display
	Lamps    string `toml:"lamps,omitempty"`    // of a display
	Currency int    `toml:"currency,omitempty"` // of a terminal, by number
	Slips    bool   `toml:"slips,omitempty"`    // of a terminal: the till prints them
}

// Kinds are the kinds of device, in the order of a list.
var Kinds = []string{"printer", "scanner", "scale", "display", "terminal"}

// Of returns the devices of a kind, nil where there is no such kind.
func (d *Devices) Of(kind string) *[]Device {
	switch kind {
	case "printer":
		return &d.Printers
	case "scanner":
		return &d.Scanners
	case "scale":
		return &d.Scales
	case "display":
		return &d.Displays
	case "terminal":
		return &d.Terminals
	}
	return nil
}

// Named returns the device of a name and its kind.
func (d *Devices) Named(name string) (x Device, kind string, ok bool) {
	for _, kind := range Kinds {
		for _, x := range *d.Of(kind) {
			if x.Name == name {
				return x, kind, true
			}
		}
	}
	return Device{}, "", false
}

// PrinterProfile is what the printer of the settings is, with the pin of the
// drawer that was learned.
func (x Device) PrinterProfile() (printer.Profile, error) {
	id := cmp.Or(x.Profile, "generic-80")
	p, ok := printer.ProfileByID(id)
	if !ok {
		return p, device.Fault(device.Illegal, "there is no printer profile %.40q", id)
	}
	if x.DrawerPin != 0 {
		p.DrawerPin = x.DrawerPin
	}
	return p, p.Check()
}

// Scale is how the scale of the settings speaks.
func (x Device) Scale() scale.Settings {
	return scale.Settings{Driver: cmp.Or(x.Driver, "stgs"), Unit: x.Unit, Pattern: x.Pattern, Ask: x.Ask}
}

// Display is how the display of the settings is spoken to.
func (x Device) Display() display.Settings {
	return display.Settings{Driver: cmp.Or(x.Driver, "led8"), Charset: x.Charset, Lamps: x.Lamps}
}

// Settled returns the device of a kind with what is usual where nothing is
// said, the serial line of its driver among them, and an error where a setting
// makes no sense.
func (x Device) Settled(kind string) (Device, port.Address, error) {
	var line port.Line
	var err error
	known := true
	switch kind {
	case "scale":
		x.Driver = x.Scale().Driver
		line, known = scale.LineOf(x.Driver)
		err = scale.Check(x.Scale())
	case "display":
		x.Driver = x.Display().Driver
		line, known = display.LineOf(x.Driver)
		err = display.Check(x.Display())
	case "terminal":
		x.Driver = cmp.Or(x.Driver, "zvt")
		line = port.Line{Baud: 9600, Data: 8, Parity: "none", Stop: 2, Flow: "none"}
	default:
		known = false
	}
	if err != nil {
		return x, port.Address{}, err
	}
	addr, err := port.Parse(x.Address)
	if err != nil {
		return x, addr, err
	}
	if known && addr.Scheme == port.Serial && !strings.Contains(x.Address, "?") {
		addr.Line = line
	}
	if kind != "printer" && addr.Scheme.ForPrinters() {
		return x, addr, device.Fault(device.Illegal, "a %s cannot be a file", kind)
	}
	if kind != "scanner" && addr.Scheme == port.Evdev {
		return x, addr, device.Fault(device.Illegal, "only a scanner can be at evdev:")
	}
	if kind == "terminal" {
		_, err = CardTerminal(x, addr)
	}
	x.Address = addr.String()
	return x, addr, err
}

// CardTerminal makes the driver of a card terminal. An acquirer's own protocol
// is a package beside hardware/terminal that implements terminal.Driver, and a
// case here. A terminal that a person drives needs no device at all. tap hears
// the wire; it may be missing.
func CardTerminal(x Device, addr port.Address, tap ...port.Tap) (terminal.Driver, error) {
	switch x.Driver {
	case "", "zvt":
		set := terminal.ZVTSettings{Currency: x.Currency, Slips: x.Slips}
		if len(tap) > 0 {
			set.Tap = tap[0]
		}
		return terminal.NewZVT(addr, set)
	}
	return nil, device.Fault(device.NoService, "there is no card terminal driver %.20q; there is zvt", x.Driver)
}
