package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.bug.st/serial/enumerator"

	"guitai/cmd/internal/command"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/scale"
	"guitai/ui"
)

// usbMaker is what a USB maker's devices with serial ports are, in a shop.
// Product "" is all of a maker's. The numbers are public (usb.org, linux-usb.org).
type usbMaker struct{ vendor, product, maybe, title string }

// usbMakers are tried in order. Adapter means a cable: what hangs on its other
// end, nobody can tell.
var usbMakers = []usbMaker{
	{"067B", "", "adapter", "Prolific PL2303"},
	{"1A86", "", "adapter", "CH340"},
	{"10C4", "EA60", "adapter", "CP210x"},
	{"0403", "", "adapter", "FTDI"},
	{"0C2E", "", "scanner", "Honeywell"},
	{"05E0", "", "scanner", "Zebra"},
	{"05F9", "", "scanner", "Datalogic"},
	{"1EAB", "", "scanner", "Newland"},
	{"0536", "", "scanner", "Honeywell"},
	{"04B8", "0202", "printer", "Epson TM"},
	{"04B8", "", "printer", "Epson"},
	{"0519", "", "printer", "Star"},
	{"0416", "5011", "printer", "POS58"},
	{"0483", "5743", "printer", "POS"},
	{"0FE6", "811E", "printer", "POS"},
	{"1504", "", "printer", "Bixolon"},
	{"154F", "", "printer", "SNBC"},
	{"2730", "", "printer", "Citizen"},
	{"0EB8", "", "scale", "Mettler Toledo"},
}

// makerOf looks a USB device up by its numbers, in hexadecimal.
func makerOf(vendor, product string) (usbMaker, bool) {
	vendor, product = strings.ToUpper(vendor), strings.ToUpper(product)
	i := slices.IndexFunc(usbMakers, func(m usbMaker) bool { return m.vendor == vendor && (m.product == "" || m.product == product) })
	if i < 0 {
		return usbMaker{}, false
	}
	return usbMakers[i], true
}

// Places is part of ui.DeviceSetup.
func (d *devices) Places(context.Context) ([]ui.DevicePlace, error) {
	list, err := port.Find("")
	if err != nil {
		return nil, err
	}
	usb, _ := enumerator.GetDetailedPortsList() // without it the ports are listed by their names alone
	d.mu.Lock()
	config := d.config
	d.mu.Unlock()
	return placesOf(list, usb, config), nil
}

// Found is part of ui.Devices.
func (d *devices) Found(ctx context.Context) ([]ui.DeviceFound, error) {
	list, err := d.Places(ctx)
	var out []ui.DeviceFound
	for _, x := range list {
		kind := "serial"
		if x.Maybe == "printer" {
			kind = "printer"
		}
		if x.Device == "" {
			out = append(out, ui.DeviceFound{Kind: kind, Address: x.Address, Title: x.Title})
		}
	}
	return out, err
}

// placesOf says of each port what is known of it: what hangs there by what it
// says over USB, and which device of the till has it.
func placesOf(list []port.Found, usb []*enumerator.PortDetails, config command.Devices) []ui.DevicePlace {
	var out []ui.DevicePlace
	for _, f := range list {
		x := ui.DevicePlace{Kind: "serial", Address: f.Address.String(), Title: f.Title}
		if f.Address.Scheme != port.Serial {
			x.Kind, x.Maybe = "usb", "printer" // only printers have device files
			x.Driver = profileFor(f.Maker, cmp.Or(f.Model, f.Title))
		}
		if u := detailsOf(f.Address, usb); u != nil && u.IsUSB {
			if m, ok := makerOf(u.VID, u.PID); ok {
				x.Maybe = m.maybe
				if m.maybe == "printer" {
					x.Driver = profileFor(m.title, m.title)
				}
				if !strings.Contains(strings.ToLower(x.Title), strings.ToLower(m.title)) {
					x.Title = m.title + " " + x.Title
				}
			}
			x.Twins = slices.ContainsFunc(usb, func(o *enumerator.PortDetails) bool {
				return o != u && o.IsUSB && strings.EqualFold(o.VID, u.VID) && strings.EqualFold(o.PID, u.PID) && o.SerialNumber == u.SerialNumber
			})
		}
		for _, kind := range command.Kinds {
			for _, c := range *config.Of(kind) {
				if a, err := port.Parse(c.Address); err == nil && command.SamePlace(a, f.Address) {
					x.Device = c.Name
				}
			}
		}
		out = append(out, x)
	}
	// What may be a device comes before the ports of the board.
	slices.SortStableFunc(out, func(a, b ui.DevicePlace) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

func rank(x ui.DevicePlace) int {
	switch x.Maybe {
	case "":
		return 2
	case "adapter":
		return 1
	}
	return 0
}

// detailsOf finds what USB says of the device behind an address.
func detailsOf(a port.Address, usb []*enumerator.PortDetails) *enumerator.PortDetails {
	real, err := port.Resolve(context.Background(), a)
	if err != nil {
		return nil
	}
	if p, err := filepath.EvalSymlinks(real); err == nil {
		real = p
	}
	for _, u := range usb {
		if u.Name == a.Place || u.Name == real {
			return u
		}
	}
	return nil
}

// profileFor is the profile of a printer by what it says of itself; "" where
// that tells nothing.
func profileFor(maker, model string) string {
	p, _ := printer.Suggest(maker, model)
	return p.ID
}

// Drivers is part of ui.DeviceSetup.
func (d *devices) Drivers(kind string) []ui.DeviceDriver {
	var out []ui.DeviceDriver
	switch kind {
	case "printer":
		for _, p := range printer.Profiles() {
			out = append(out, ui.DeviceDriver{ID: p.ID, Title: p.String()})
		}
	case "scale":
		for _, x := range scale.Drivers {
			out = append(out, ui.DeviceDriver{ID: x.ID, Title: x.Title})
		}
	case "display":
		for _, x := range display.Drivers {
			out = append(out, ui.DeviceDriver{ID: x.ID, Title: x.Title})
		}
	case "terminal":
		out = append(out, ui.DeviceDriver{ID: "zvt", Title: "ZVT (PA00P015)"})
	}
	return out
}

// Draft is part of ui.DeviceSetup.
func (d *devices) Draft(kind, address, driver string) ui.DeviceConfig {
	x := ui.DeviceConfig{Kind: kind, Address: address, Settings: map[string]string{}}
	switch kind {
	case "printer":
		x.Settings["profile"] = cmp.Or(driver, "generic-80")
	case "scale":
		x.Settings["driver"] = cmp.Or(driver, "stgs")
	case "display":
		x.Settings["driver"] = cmp.Or(driver, "led8")
	case "terminal":
		x.Settings["driver"] = cmp.Or(driver, "zvt")
	}
	if a, err := port.Parse(address); err == nil && a.Scheme == port.Serial {
		a.Line = usualLine(kind, x.Settings["driver"])
		x.Address = a.String()
	}
	return x
}

// screenName names the proof of the second screen, which is no device of the settings.
const screenName = "screen"

// Keep is part of ui.DeviceSetup.
func (d *devices) Keep(ctx context.Context, x ui.DeviceConfig, p ui.DeviceProof) error {
	var now command.Device
	proof := command.DeviceProof{Device: x.Name, Kind: x.Kind, At: p.At.UTC().Truncate(time.Second), By: p.By}
	if x.Kind == screenName {
		proof.Device = screenName
	} else {
		c, _, err := deviceOf(x)
		if err != nil {
			return err
		}
		if err := d.Save(ctx, x); err != nil {
			return err
		}
		proof.Device, proof.Address, proof.Driver, proof.Profile = c.Name, c.Address, c.Driver, c.Profile
		now = c
	}
	for _, s := range p.Steps {
		proof.Steps = append(proof.Steps, command.ProofStep(s))
	}
	if len(proof.Steps) == 0 {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	before, err := command.ReadProofs(d.dir)
	if err != nil {
		return err
	}
	for _, o := range before { // what was not tried this time is as it was: the pin of a drawer is learned alone
		if now.Name != "" && o.Of(now) {
			proof.Steps = append(untried(o.Steps, proof.Steps), proof.Steps...)
		}
	}
	return command.KeepProof(d.dir, proof)
}

// untried are the steps of before that are not among those of now.
func untried(before, now []command.ProofStep) []command.ProofStep {
	return slices.DeleteFunc(slices.Clone(before), func(s command.ProofStep) bool {
		return slices.ContainsFunc(now, func(o command.ProofStep) bool { return o.What == s.What })
	})
}

// Proofs is part of ui.DeviceSetup.
func (d *devices) Proofs(context.Context) ([]ui.DeviceProof, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list, err := command.ReadProofs(d.dir)
	var out []ui.DeviceProof
	for _, p := range list {
		c, _, ok := d.config.Named(p.Device)
		x := ui.DeviceProof{Device: p.Device, Kind: p.Kind, At: p.At, By: p.By, Stale: p.Kind != screenName && !(ok && p.Of(c))}
		for _, s := range p.Steps {
			x.Steps = append(x.Steps, ui.DeviceProved(s))
		}
		out = append(out, x)
	}
	return out, err
}

// number reads a number of the settings; 0 is none.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func text(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}
