package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/ui"
)

// trials try devices for the wizard, one at a time. Its methods may be called
// from any goroutine and do not wait: what a test needs is done in the order in
// which it was asked for, on goroutines of its own.
type trials struct {
	d *devices

	mu    sync.Mutex
	now   ui.DeviceTrying
	draft ui.DeviceConfig
	stop  context.CancelFunc
	ended chan struct{} // of the last thing asked for
}

// in does f after what was asked for before, which is stopped.
func (t *trials) in(f func(ctx context.Context)) {
	ctx, stop := context.WithCancel(port.Tapped(context.Background(), t.d.p.traffic))
	done := make(chan struct{})
	t.mu.Lock()
	before := t.ended
	if t.stop != nil {
		t.stop()
	}
	t.stop, t.ended = stop, done
	t.mu.Unlock()
	go func() {
		defer close(done)
		defer stop()
		if before != nil {
			<-before
		}
		f(ctx)
	}()
}

// Try is part of ui.DeviceSetup.
func (d *devices) Try(x ui.DeviceConfig, test string) {
	t := d.trials
	t.mu.Lock()
	same := t.now.Running && t.now.Test == test && test == "lines" && t.draft.Address == x.Address && t.draft.Settings["ask"] == x.Settings["ask"]
	x.Settings = maps.Clone(x.Settings)
	t.draft = x
	if same {
		t.mu.Unlock()
		return
	}
	t.now = ui.DeviceTrying{Seq: t.now.Seq + 1, Test: test, Running: true, Heard: map[string]string{}}
	t.mu.Unlock()
	t.in(func(ctx context.Context) { t.run(ctx, x, test) })
}

// Trying is part of ui.DeviceSetup.
func (d *devices) Trying() ui.DeviceTrying {
	t := d.trials
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.now
	out.Tried, out.Lines, out.Heard = slices.Clone(out.Tried), slices.Clone(out.Lines), maps.Clone(out.Heard)
	return out
}

// End is part of ui.DeviceSetup.
func (d *devices) End() {
	t := d.trials
	t.mu.Lock()
	t.now = ui.DeviceTrying{Seq: t.now.Seq + 1}
	t.mu.Unlock()
	t.in(func(context.Context) { d.hold(port.Address{}) })
}

// close gives a test up and waits until its port is let go.
func (t *trials) close() {
	t.d.End()
	t.mu.Lock()
	ended := t.ended
	t.mu.Unlock()
	<-ended
}

// change changes how the test stands, unless ctx says that it is another's turn.
func (t *trials) change(ctx context.Context, f func(*ui.DeviceTrying)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ctx.Err() == nil {
		f(&t.now)
		t.now.Seq++
	}
}

func (t *trials) run(ctx context.Context, x ui.DeviceConfig, test string) {
	set, addr, err := deviceOf(x)
	if err == nil {
		t.d.hold(addr)
		err = t.reachable(ctx, addr)
	}
	if err == nil && ctx.Err() == nil {
		switch test {
		case "reach":
			t.change(ctx, func(n *ui.DeviceTrying) { n.OK = true })
		case "sweep":
			err = t.sweep(ctx, x.Kind, set, addr)
		case "status":
			err = t.askPrinter(ctx, set, addr)
		case "page":
			err = t.printPage(ctx, set, addr)
		case "pin2", "pin5":
			err = t.openDrawer(ctx, set, addr, test)
		case "scan":
			err = t.waitForScan(ctx, addr)
		case "weight":
			err = t.weigh(ctx, set, addr)
		case "lines":
			err = t.listenToScale(ctx, set, addr)
		case "show":
			err = t.showSums(ctx, set, addr)
		case "register":
			err = t.askTerminal(ctx, set, addr)
		default:
			err = device.Fault(device.NoService, "there is no test %q", test)
		}
	}
	t.change(ctx, func(n *ui.DeviceTrying) {
		n.Running = false
		if err != nil {
			n.OK, n.Reason, n.Detail = false, string(device.ReasonOf(err)), err.Error()
			t.d.explain(n, addr, err)
		}
	})
}

// reachable opens a port and lets go of it: what keeps it from being opened is
// found out before anything is said on it.
func (t *trials) reachable(ctx context.Context, addr port.Address) error {
	ctx, cancel := context.WithTimeout(ctx, reachWithin)
	defer cancel()
	link, err := port.Open(ctx, addr)
	if err != nil {
		return err
	}
	return link.Close()
}

// explain says who has a port that is busy, what mends a missing permission,
// and how to name one of two devices that are alike.
func (d *devices) explain(n *ui.DeviceTrying, addr port.Address, err error) {
	var held *port.Held
	var denied *port.Denied
	var twins *port.Twins
	switch {
	case errors.As(err, &held) && len(held.Holders) > 0:
		n.Holder = held.Names()
	case errors.As(err, &held):
		n.Mend = held.Ask()
	case errors.As(err, &denied):
		n.Mend = denied.Mend
	case errors.As(err, &twins):
		n.Reason, n.Choose = "twins", twins.Choose
	case device.ReasonOf(err) == device.Busy:
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, kind := range command.Kinds {
			for _, x := range *d.config.Of(kind) {
				if a, err := port.Parse(x.Address); err == nil && command.SamePlace(a, addr) {
					n.Holder = x.Name
				}
			}
		}
	}
}

// deviceOf is a device of the window as the settings have it.
func deviceOf(x ui.DeviceConfig) (command.Device, port.Address, error) {
	s := x.Settings
	c := command.Device{Name: strings.TrimSpace(x.Name), Address: x.Address, Profile: s["profile"], Driver: s["driver"], Unit: s["unit"], Pattern: s["pattern"],
		Ask: s["ask"], Charset: s["charset"], Lamps: s["lamps"], Currency: number(s["currency"]), Slips: s["slips"] == "yes", DrawerPin: number(s["drawer_pin"]),
		Simulated: s["simulated"] == "yes"}
	if c.Name == "" {
		c.Name = x.Kind
	}
	if x.Kind == "printer" && c.Profile == "" {
		c.Profile = "generic-80"
	}
	c, addr, err := c.Settled(x.Kind)
	if err == nil && x.Kind == "printer" {
		_, err = c.PrinterProfile()
	}
	return c, addr, err
}

// configOf is a device of the settings as the window has it.
func configOf(kind string, c command.Device) ui.DeviceConfig {
	s := map[string]string{}
	for key, v := range map[string]string{"profile": c.Profile, "driver": c.Driver, "unit": c.Unit, "pattern": c.Pattern, "ask": c.Ask, "charset": c.Charset,
		"lamps": c.Lamps, "currency": text(c.Currency), "slips": yes(c.Slips), "drawer_pin": text(c.DrawerPin), "simulated": yes(c.Simulated)} {
		if v != "" {
			s[key] = v
		}
	}
	return ui.DeviceConfig{Name: c.Name, Kind: kind, Address: c.Address, Settings: s}
}
