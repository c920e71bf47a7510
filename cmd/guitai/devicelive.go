package main

import (
	"cmp"
	"context"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/ui"
)

// lastScan is the last code of a scanner, without what is secret about it.
type lastScan struct {
	text string
	at   time.Time
}

// working is the settings as the till works with them: with simulators in the
// place of what is simulated, and without the device that a test talks to.
func (d *devices) working() command.Devices {
	now := d.simulated(d.config)
	for _, kind := range command.Kinds {
		list := now.Of(kind)
		var left []command.Device
		for _, c := range *list {
			if a, err := port.Parse(c.Address); err != nil || d.held.Scheme == "" || !command.SamePlace(a, d.held) {
				left = append(left, c)
			}
		}
		*list = left
	}
	return now
}

// hold lets go of the device at an address until the next hold; the zero
// address is none. It returns once the port is free.
func (d *devices) hold(addr port.Address) {
	d.mu.Lock()
	was := d.held
	d.held = addr
	if was == addr {
		d.mu.Unlock()
		return
	}
	before := make(map[string]*liveScanner, len(d.scanners))
	for name, s := range d.scanners {
		before[name] = s
	}
	ofPrinter := false
	for _, c := range d.simulated(d.config).Printers {
		a, err := port.Parse(c.Address)
		ofPrinter = ofPrinter || err == nil && addr.Scheme != "" && command.SamePlace(a, addr)
	}
	d.useScanners()
	d.useOthers()
	d.poke()
	gone := []*liveScanner{}
	for name, s := range before {
		if d.scanners[name] != s {
			gone = append(gone, s)
		}
	}
	d.mu.Unlock()
	for _, s := range gone {
		<-s.ended
	}
	d.printing.hold(ofPrinter)
	d.poke()
}

// Live lists how each device is. It does not ask them.
func (d *devices) Live() []ui.DeviceLive {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []ui.DeviceLive
	for _, kind := range command.Kinds {
		for i, c := range *d.config.Of(kind) {
			l := ui.DeviceLive{Name: c.Name, Kind: kind, Simulated: c.Simulated}
			if a, err := port.Parse(c.Address); err == nil && d.held.Scheme != "" && command.SamePlace(a, d.held) {
				l.Health, l.State = ui.Attention, "trying"
			} else {
				_ = d.live(&l, i, c) // its Detail says it
			}
			out = append(out, l)
		}
	}
	return out
}

// why is what keeps a device from its work, nil where nothing does or the
// device only says so itself.
func (d *devices) why(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, kind := range command.Kinds {
		for i, c := range *d.config.Of(kind) {
			if c.Name == name {
				return d.live(&ui.DeviceLive{Name: name, Kind: kind}, i, c)
			}
		}
	}
	return nil
}

// live says how the ith device of its kind is, and returns what its Detail says.
func (d *devices) live(l *ui.DeviceLive, i int, c command.Device) (err error) {
	take := func(s device.Status) {
		l.Health, l.State = healthOf(s)
		l.Reason, l.Detail, l.Since, err = string(s.Reason), s.Detail, s.At, s.Err
	}
	switch l.Kind {
	case "printer":
		d.livePrinter(l, i, take)
	case "scanner":
		if s := d.scanners[c.Name]; s != nil {
			take(s.Status())
		} else {
			l.Health, l.State = ui.Fault, "failed"
		}
		l.Last, l.LastAt = d.scans[c.Name].text, d.scans[c.Name].at
	case "scale":
		if l.Spare = i > 0; l.Spare {
			l.State = "spare"
			return nil
		}
		s, r, at := d.weighing.now()
		take(s)
		if l.LastAt = at; r.Weighed {
			l.Last = kilograms(r.Grams)
		}
	case "display":
		take(d.poles.statusOf(c.Name))
	case "terminal":
		// A terminal is reached for each payment and let go of after it.
		if r, ok := d.checked[c.Name]; ok {
			l.Since, l.Reason, l.Detail, err = r.At, r.Reason, r.Detail, r.Err
			if l.State = "ready"; !r.OK {
				l.Health, l.State = healthOf(device.Status{State: device.Attention, Reason: device.Reason(r.Reason)})
			}
		} else {
			l.Health, l.State = ui.Absent, "unasked"
		}
	}
	return err
}

// livePrinter says how the ith printer is: the first prints, the second takes
// over when that is gone, and nothing uses a third.
func (d *devices) livePrinter(l *ui.DeviceLive, i int, take func(device.Status)) {
	s, ok := d.printing.status()
	switch {
	case i > 1:
		l.Spare, l.State = true, "spare"
	case d.broken != nil:
		l.Health, l.State, l.Reason, l.Detail = ui.Fault, "failed", string(device.Illegal), d.broken.Error()
	case !ok:
		l.State = "paused"
	case i == 0 && s.Second:
		l.Health, l.State, l.Reason = ui.Attention, "reconnecting", string(cmp.Or(s.Reason, device.NoHardware))
	case i == 1 && !s.Second:
		l.State = "standby"
	default:
		take(s.Status)
		l.Waiting = s.Waiting
	}
}

// labelSimulated says in the status bar which devices are simulated.
func (d *devices) labelSimulated(list []ui.DeviceStatus) {
	kinds := map[string]string{"printer": "printer", "scanner": "scanner", "scale": "scale", "display": "pole"}
	for _, kind := range command.Kinds {
		for _, c := range *d.config.Of(kind) {
			for i := range list {
				if c.Simulated && list[i].Kind == kinds[kind] && list[i].Health != ui.Fault {
					list[i].Health, list[i].State, list[i].Detail = ui.Attention, "simulated", ""
				}
			}
		}
	}
}

// checkWithin bounds the check of one device.
const checkWithin = 4 * time.Second

// Check is part of ui.DeviceSetup.
func (d *devices) Check(ctx context.Context, name string) ui.DeviceCheck {
	began := time.Now()
	d.mu.Lock()
	c, kind, ok := d.config.Named(name)
	d.mu.Unlock()
	out := ui.DeviceCheck{Reason: string(device.NoService)}
	if ok {
		ctx, cancel := context.WithTimeout(ctx, checkWithin)
		out = d.check(ctx, kind, c)
		cancel()
	}
	out.Took, out.At = time.Since(began), time.Now()
	d.mu.Lock()
	d.checked[name] = out
	d.mu.Unlock()
	d.poke()
	return out
}

func (d *devices) check(ctx context.Context, kind string, c command.Device) ui.DeviceCheck {
	answer := func(s device.Status) ui.DeviceCheck {
		// Paper that runs low is no fault.
		return ui.DeviceCheck{OK: s.State == device.Ready || s.Reason == device.PaperLow, Reason: string(s.Reason), Detail: s.Detail, Err: s.Err}
	}
	switch kind {
	case "terminal":
		addr, err := port.Parse(c.Address)
		if err == nil {
			t, e := command.CardTerminal(c, addr)
			if e == nil {
				return answer(t.Check(ctx, device.External).Status)
			}
			err = e
		}
		return ui.DeviceCheck{Reason: string(device.ReasonOf(err)), Detail: err.Error(), Err: err}
	case "scale":
		return answer(d.weighing.check(ctx))
	}
	for _, l := range d.Live() { // printers are asked every few seconds, the others notice by themselves
		if l.Name == c.Name {
			return ui.DeviceCheck{OK: l.Health == ui.Fine || l.Reason == string(device.PaperLow), Reason: l.Reason, Detail: l.Detail, Err: d.why(c.Name)}
		}
	}
	return ui.DeviceCheck{Reason: string(device.NoService)}
}
