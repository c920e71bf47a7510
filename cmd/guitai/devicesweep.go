package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/dialect"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/scale"
	"guitai/ui"
)

const (
	reachWithin = 3 * time.Second
	hearScale   = 1500 * time.Millisecond // of a scale that sends five times a second, or is asked as often
	hearPrinter = 700 * time.Millisecond
	hearCard    = 3 * time.Second
	hearScan    = 12 * time.Second // for a person to pull the trigger
	lookAtPole  = 2500 * time.Millisecond
	lookEvery   = 30 * time.Millisecond
)

// bauds are the speeds in the order in which they are tried after the factory's.
var bauds = []int{9600, 19200, 115200, 38400, 4800, 2400, 57600, 1200}

// linesFrom lists the lines to try: every speed with the factory's bits, then
// the common ones with other bits.
func linesFrom(kind string, usual port.Line) []port.Line {
	out := []port.Line{usual}
	add := func(l port.Line) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	for _, b := range bauds {
		l := usual
		l.Baud = b
		add(l)
	}
	if kind == "scale" {
		for _, b := range []int{9600, 4800, 2400, 19200} {
			add(port.Line{Baud: b, Data: 8, Parity: "none", Stop: 1, Flow: usual.Flow})
			add(port.Line{Baud: b, Data: 7, Parity: "even", Stop: 1, Flow: usual.Flow})
		}
	}
	return out
}

// lineText is a line as technicians write it: 9600 8N1.
func lineText(l port.Line) string {
	parity := map[string]string{"none": "N", "even": "E", "odd": "O"}[l.Parity]
	return fmt.Sprintf("%d %d%s%d", l.Baud, l.Data, parity, l.Stop)
}

// sweep tries the speeds of a serial line until the device makes sense. A
// display says nothing: each speed is shown on it, over and over, and the
// person who reads one has found it.
func (t *trials) sweep(ctx context.Context, kind string, x command.Device, addr port.Address) error {
	if addr.Scheme != port.Serial {
		return device.Fault(device.Illegal, "only a serial line has a speed")
	}
	type attempt struct {
		line   port.Line
		driver string
	}
	var list []attempt
	usual := usualLine(kind, x.Driver)
	for _, l := range linesFrom(kind, usual) {
		list = append(list, attempt{l, x.Driver})
	}
	if kind == "scale" && x.Driver != "pattern" {
		// A scale that is silent at every speed may speak another language.
		for _, d := range scale.Drivers {
			if d.ID != x.Driver && d.ID != "pattern" {
				list = append(list, attempt{d.Line, d.ID})
			}
		}
	}
	for {
		for i, a := range list {
			at := addr
			at.Line = a.line
			name := lineText(a.line)
			if a.driver != x.Driver {
				name += " " + a.driver
			}
			t.change(ctx, func(n *ui.DeviceTrying) {
				n.Step, n.Steps, n.Now = i+1, len(list), name
				if !slices.Contains(n.Tried, name) {
					n.Tried = append(n.Tried, name)
				}
			})
			y := x
			y.Driver, y.Address = a.driver, at.String()
			found, why := t.heard(ctx, kind, y, at)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if found {
				t.change(ctx, func(n *ui.DeviceTrying) { n.OK, n.Found = true, configOf(kind, y) })
				return nil
			}
			switch reason := device.ReasonOf(why); reason {
			case device.NoHardware, device.Busy, device.Illegal:
				return why
			default:
				t.change(ctx, func(n *ui.DeviceTrying) { n.Heard[name] = string(reason) })
			}
		}
		if kind != "display" {
			return device.Fault(device.Timeout, "no speed out of %d made sense", len(list))
		}
	}
}

// usualLine is a line as devices of a driver come from the factory.
func usualLine(kind, driver string) port.Line {
	switch kind {
	case "scale":
		if l, ok := scale.LineOf(driver); ok {
			return l
		}
	case "display":
		if l, ok := display.LineOf(driver); ok {
			return l
		}
	case "terminal":
		return port.Line{Baud: 9600, Data: 8, Parity: "none", Stop: 2, Flow: "none"}
	}
	return port.Line{Baud: 9600, Data: 8, Parity: "none", Stop: 1, Flow: "none"}
}

// heard reports whether a device makes sense at one speed, and why not.
func (t *trials) heard(ctx context.Context, kind string, x command.Device, addr port.Address) (bool, error) {
	switch kind {
	case "scale":
		return hearWeight(ctx, x, addr)
	case "printer":
		p, err := x.PrinterProfile()
		if err != nil {
			return false, err
		}
		within, cancel := context.WithTimeout(ctx, hearPrinter)
		defer cancel()
		l, err := printer.Connect(within, addr, dialect.Of(p))
		if err != nil {
			return false, err
		}
		defer l.Close()
		_, err = l.Ask(within)
		return err == nil, err
	case "terminal":
		d, err := command.CardTerminal(x, addr)
		if err != nil {
			return false, err
		}
		within, cancel := context.WithTimeout(ctx, hearCard)
		defer cancel()
		r := d.Check(within, device.External)
		return r.Status.State == device.Ready, &device.Error{Reason: r.Status.Reason}
	case "scanner":
		return hearCode(ctx, addr)
	case "display":
		return false, showSpeed(ctx, x, addr)
	}
	return false, device.Fault(device.NoService, "a %s has no speed", kind)
}

func hearWeight(ctx context.Context, x command.Device, addr port.Address) (bool, error) {
	s, err := scale.New(addr, x.Scale(), scale.Options{})
	if err != nil {
		return false, err
	}
	within, cancel := context.WithTimeout(ctx, hearScale)
	ended := make(chan struct{})
	go func() { s.Run(within); close(ended) }()
	defer func() { cancel(); <-ended }()
	for within.Err() == nil {
		switch now := s.Status(); {
		case now.State == device.Ready:
			return true, nil
		case now.Reason != "":
			return false, &device.Error{Reason: now.Reason}
		}
		rest(within, lookEvery)
	}
	return false, &device.Error{Reason: device.Timeout}
}

// hearCode waits for a scan, and judges whether it is text.
func hearCode(ctx context.Context, addr port.Address) (bool, error) {
	within, cancel := context.WithTimeout(ctx, hearScan)
	defer cancel()
	link, err := port.Open(within, addr)
	if err != nil {
		return false, err
	}
	defer link.Close()
	var code []byte
	buf := make([]byte, 256)
	for {
		wait, stop := within, context.CancelFunc(func() {})
		if len(code) > 0 {
			wait, stop = context.WithTimeout(within, 200*time.Millisecond)
		}
		n, err := link.Read(wait, buf)
		stop()
		code = append(code, buf[:n]...)
		if err != nil {
			break
		}
	}
	switch {
	case len(code) == 0:
		return false, &device.Error{Reason: device.Timeout}
	case !isText(code):
		return false, &device.Error{Reason: device.Garbled}
	}
	return true, nil
}

// isText reports whether bytes could be a code with its end: at a wrong speed
// hardly one byte is.
func isText(b []byte) bool {
	n := 0
	for _, c := range b {
		switch {
		case c == '\r', c == '\n', c == '\t', c == 0x1d:
		case c < ' ', c > '~':
			return false
		default:
			n++
		}
	}
	return n >= 4
}

// showSpeed shows a speed on a display that is spoken to at it.
func showSpeed(ctx context.Context, x command.Device, addr port.Address) error {
	d, err := display.New(addr, x.Display(), display.Options{})
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, lookAtPole)
	ended := make(chan struct{})
	go func() { d.Run(within); close(ended) }()
	defer func() { cancel(); <-ended }()
	speed := strconv.Itoa(addr.Line.Baud)
	d.Show(display.View{Name: speed, Latin: speed, Main: display.Sum{What: display.Total, Amount: speed}})
	for within.Err() == nil {
		if now := d.Status(); now.Reason != "" {
			return &device.Error{Reason: now.Reason}
		}
		rest(within, lookEvery)
	}
	return nil
}

// rest waits a while, or until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
