package main

import (
	"context"
	"fmt"
	"sync"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/sim"
)

// simulatedWeight lies on a simulated scale, in kilograms.
const simulatedWeight = "0.500"

// simulators are the devices in software that the till drives in the place of
// real ones, while the installer wants it so. Its zero value has none.
type simulators struct {
	mu   sync.Mutex
	list map[string]simulator // by the name of the device
}

type simulator struct {
	of      command.Device
	address string
	close   func()
}

// address returns where the simulator of a device is, and starts it.
func (s *simulators) address(kind string, c command.Device) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, ok := s.list[c.Name]
	if ok && now.of == c {
		return now.address, nil
	}
	if ok {
		now.close()
		delete(s.list, c.Name)
	}
	where, stop, err := simulate(kind, c)
	if err != nil {
		return "", err
	}
	if s.list == nil {
		s.list = map[string]simulator{}
	}
	s.list[c.Name] = simulator{c, where, stop}
	return where, nil
}

// simulate starts a device in software. A card terminal never is one: it would
// approve payments that nobody made.
func simulate(kind string, c command.Device) (address string, stop func(), err error) {
	const host = "127.0.0.1:0"
	switch kind {
	case "printer":
		p, err := c.PrinterProfile()
		if err != nil {
			return "", nil, err
		}
		language := sim.ESCPOS
		if p.Language != "escpos" {
			language = sim.Star
		}
		x := sim.NewPrinter(sim.PrinterOptions{Language: language, Dots: p.Dots})
		address, err = x.Listen(host)
		return address, x.Close, err
	case "scanner":
		x := sim.NewScanner(sim.Ends["cr"])
		address, err = x.Listen(host)
		return address, x.Close, err
	case "scale":
		if c.Scale().Driver == "pattern" {
			return "", nil, device.Fault(device.NoService, "a scale of an own pattern cannot be simulated")
		}
		x := sim.NewScale(c.Scale().Driver)
		if err = x.Obey(simulatedWeight); err == nil {
			address, err = x.Listen(host)
		}
		return address, x.Close, err
	case "display":
		x := sim.NewDisplay(c.Display().Driver, nil)
		address, err = x.Listen(host)
		return address, x.Close, err
	}
	return "", nil, device.Fault(device.NoService, "a %s is not simulated", kind)
}

// keep ends the simulators of devices that are not simulated any more.
func (s *simulators) keep(config command.Devices) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, now := range s.list {
		if c, _, ok := config.Named(name); !ok || !c.Simulated {
			now.close()
			delete(s.list, name)
		}
	}
}

// close ends all of them.
func (s *simulators) close() { s.keep(command.Devices{}) }

// simulated is the settings with the addresses of simulators where a device is
// simulated. The lock is held.
func (d *devices) simulated(config command.Devices) command.Devices {
	var out command.Devices
	for _, kind := range command.Kinds {
		for _, c := range *config.Of(kind) {
			if c.Simulated && kind != "terminal" {
				where, err := d.sims.address(kind, c)
				if err != nil {
					d.log.Error("simulate a device", "device", c.Name, "err", err)
				} else {
					c.Address = where
				}
			}
			*out.Of(kind) = append(*out.Of(kind), c)
		}
	}
	return out
}

// Simulate is part of ui.DeviceSetup.
func (d *devices) Simulate(_ context.Context, name string, on bool) error {
	return d.change(func(config *command.Devices) error {
		for _, kind := range command.Kinds {
			for i, c := range *config.Of(kind) {
				if c.Name != name {
					continue
				}
				if on {
					_, stop, err := simulate(kind, c) // before it is written down
					if err != nil {
						return err
					}
					stop()
				}
				(*config.Of(kind))[i].Simulated = on
				return nil
			}
		}
		return fmt.Errorf("there is no device %.40q", name)
	})
}
