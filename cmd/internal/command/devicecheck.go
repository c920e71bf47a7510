package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"guitai/cmd/internal/speech"
	"guitai/hardware/device"
	"guitai/hardware/dialect"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/scale"
)

type devicesCheck struct {
	Name   string `arg:"" optional:"" help:"${h_device_name}"`
	Format string `default:"text" enum:"text,json" help:"${h_format_tj}"`
}

// DeviceHealth is how one device is. The words are those of UnifiedPOS:
// internal is what can be known without the device doing anything, external
// whether it answers. Neither uses paper, opens a drawer or takes money.
type DeviceHealth struct {
	Kind      string      `json:"kind"`
	Name      string      `json:"name"`
	Address   string      `json:"address"`
	Simulated bool        `json:"simulated"`
	Internal  DeviceCheck `json:"internal"`
	External  DeviceCheck `json:"external"`
}

// A DeviceCheck is the outcome of one level of a check.
type DeviceCheck struct {
	// Result is ok, failed, or none where this kind of device cannot be asked.
	Result string        `json:"result"`
	Reason device.Reason `json:"reason,omitempty"`
	Detail string        `json:"detail,omitempty"` // for a technician, in English
	Err    error         `json:"-"`                // what Detail says; may be nil
	TookMS int64         `json:"took_ms"`
}

// The results of a check.
const (
	CheckOK     = "ok"
	CheckFailed = "failed"
	CheckNone   = "none"
)

// OK reports whether nothing failed.
func (h DeviceHealth) OK() bool {
	return h.Internal.Result != CheckFailed && h.External.Result != CheckFailed
}

// Checked is the outcome of something that was tried since began. Paper that
// runs low is no fault.
func Checked(began time.Time, err error) DeviceCheck {
	out := DeviceCheck{Result: CheckOK, TookMS: time.Since(began).Milliseconds()}
	if err != nil {
		out.Reason, out.Detail, out.Err = device.ReasonOf(err), err.Error(), err
		if out.Reason != device.PaperLow {
			out.Result = CheckFailed
		}
	}
	return out
}

var (
	tellNoTill     = words{"收银机没有运行：由本命令检查", "no till runs; this command asks the devices itself"}
	tellNoneToSee  = words{"还没有设置设备", "no device is set up"}
	wordCheckOK    = words{"正常", "ok"}
	wordCheckNone  = words{"不答", "silent by kind"}
	wordSimulated  = words{"模拟", "simulated"}
	wordInternal   = words{"接口", "port"}
	wordExternal   = words{"应答", "answer"}
	errCheckFailed = words{"没有就绪的设备：%d 个", "devices that are not ready: %d"}
	nextCheck      = words{"原因写在上面；devices test 名字 可以单独再试。", "Why stands above; devices test NAME tries one of them."}
)

// Run checks one device or all. The exit code is 1 where any is not ready.
func (c *devicesCheck) Run(e *env) error {
	if ok, err := e.ask("devices check", c, e.out); ok {
		return err
	}
	d, err := e.devices()
	if err != nil {
		return err
	}
	if c.Name != "" {
		if _, _, ok := d.Named(c.Name); !ok {
			return &failure{what: errNoDevice, args: []any{c.Name}, next: nextNoDevice}
		}
	}
	if e.till == nil && c.Format == "text" {
		e.tell(tellNoTill)
	}
	list, bad := []DeviceHealth{}, 0
	for _, kind := range Kinds {
		for _, x := range *d.Of(kind) {
			if c.Name != "" && x.Name != c.Name {
				continue
			}
			h, err := e.health(kind, x)
			if err != nil {
				return err
			}
			if list = append(list, h); !h.OK() {
				bad++
			}
			if c.Format == "text" {
				e.healthRow(h)
			}
		}
	}
	if c.Format == "json" {
		out := json.NewEncoder(e.out)
		out.SetIndent("", " ")
		if err := out.Encode(map[string]any{"ok": bad == 0, "devices": list}); err != nil {
			return err
		}
	}
	switch {
	case bad > 0 && c.Format == "json":
		return errFound
	case bad > 0:
		return &failure{what: errCheckFailed, args: []any{bad}, next: nextCheck}
	case len(list) == 0 && c.Format == "text":
		e.tell(tellNoneToSee)
	}
	return nil
}

// healthRow prints one device.
func (e *env) healthRow(h DeviceHealth) {
	more := ""
	if h.Simulated {
		more = " [" + wordSimulated.in(e.lang) + "]"
	}
	fmt.Fprintf(e.out, "%-8s %-16s %s%s\n", h.Kind, printable(h.Name), printable(h.Address), more)
	for _, x := range []struct {
		name words
		DeviceCheck
	}{{wordInternal, h.Internal}, {wordExternal, h.External}} {
		text := wordCheckOK.in(e.lang)
		switch x.Result {
		case CheckFailed:
			text = ReasonWords(x.Reason, e.lang)
		case CheckNone:
			text = wordCheckNone.in(e.lang)
		case CheckOK:
			if x.Reason != "" {
				text += ", " + ReasonWords(x.Reason, e.lang)
			}
		}
		detail := ""
		if what, next, ok := speech.Port(e.lang, x.Err); ok && x.Result == CheckFailed {
			detail = "\n        " + printable(what+" "+next)
		} else if x.Detail != "" {
			detail = "  (" + printable(clip(x.Detail, 160)) + ")"
		}
		fmt.Fprintf(e.out, "    %-8s %s, %d ms%s\n", x.name.in(e.lang), text, x.TookMS, detail)
	}
}

// clip shortens a text to so many characters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// health checks one device: at a running till, or by talking to it.
func (e *env) health(kind string, x Device) (DeviceHealth, error) {
	if e.till != nil {
		h, err := e.till.Health(e.ctx, x.Name)
		if err != nil {
			return h, e.deviceFailure(err)
		}
		return h, nil
	}
	return e.checkAlone(kind, x), nil
}

const (
	openWithin  = 3 * time.Second
	scaleWithin = 4 * time.Second
	tellsWithin = 1500 * time.Millisecond
)

// checkAlone checks a device that no till has. A simulated one is not asked: it
// lives in the till.
func (e *env) checkAlone(kind string, x Device) DeviceHealth {
	h := DeviceHealth{Kind: kind, Name: x.Name, Address: x.Address, Simulated: x.Simulated,
		Internal: DeviceCheck{Result: CheckNone}, External: DeviceCheck{Result: CheckNone}}
	began := time.Now()
	_, addr, err := x.Settled(kind)
	if err == nil && kind == "printer" {
		_, err = x.PrinterProfile()
	}
	if err != nil || x.Simulated {
		h.Internal = Checked(began, err)
		return h
	}
	ctx, stop := context.WithTimeout(e.ctx, openWithin)
	defer stop()
	if kind == "printer" {
		h.Internal, h.External = askPrinter(ctx, x, addr)
		return h
	}
	link, err := port.Open(ctx, addr)
	if err == nil {
		err = link.Close()
	}
	h.Internal = Checked(began, err)
	if err != nil {
		return h
	}
	began = time.Now()
	switch kind {
	case "scale":
		h.External = Checked(began, e.hearScale(x, addr))
	case "display":
		h.External = Checked(began, e.clearDisplay(x, addr))
	case "terminal":
		d, err := CardTerminal(x, addr)
		if err == nil {
			err = faultOf(d.Check(e.ctx, device.External).Status)
		}
		h.External = Checked(began, err)
	}
	return h
}

// faultOf is the fault of a device that is not ready, nil for one that is.
func faultOf(s device.Status) error {
	if s.State == device.Ready {
		return nil
	}
	return &device.Error{Reason: cmp.Or(s.Reason, device.Timeout), Err: cmp.Or(s.Err, errors.New(cmp.Or(s.Detail, string(s.State))))}
}

// askPrinter opens a printer and asks how it is. Many tell nothing, which is no
// fault unless its profile says that it does.
func askPrinter(ctx context.Context, x Device, addr port.Address) (internal, external DeviceCheck) {
	external.Result = CheckNone
	began := time.Now()
	p, err := x.PrinterProfile()
	if err != nil {
		return Checked(began, err), external
	}
	l, err := printer.Connect(ctx, addr, dialect.Of(p))
	internal = Checked(began, err)
	if err != nil {
		return internal, external
	}
	defer l.Close()
	if addr.Scheme == port.File || p.Status == "no" {
		return internal, external
	}
	began = time.Now()
	within, stop := context.WithTimeout(ctx, tellsWithin)
	defer stop()
	reason, err := l.Ask(within)
	switch {
	case err != nil && device.ReasonOf(err) == device.Timeout && p.Status != "yes":
		return internal, external
	case err == nil && reason != "":
		err = &device.Error{Reason: reason}
	}
	return internal, Checked(began, err)
}

// hearScale waits until a scale says anything.
func (e *env) hearScale(x Device, addr port.Address) error {
	s, err := scale.New(addr, x.Scale(), scale.Options{})
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(e.ctx, scaleWithin)
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	return faultOf(s.Check(ctx, device.External).Status)
}

// clearDisplay sends a display the empty view, which shows that it takes bytes.
func (e *env) clearDisplay(x Device, addr port.Address) error {
	d, err := display.New(addr, x.Display(), display.Options{})
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(e.ctx, openWithin)
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	d.Show(display.View{})
	for ctx.Err() == nil {
		if d.Status().State == device.Ready {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return faultOf(d.Status())
}
