package main

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/hardware/scale"
	"guitai/hardware/scanner"
	"guitai/hardware/spool"
	"guitai/till"
	"guitai/ui"
)

// devices are the printer, the scanners and what else the status bar shows.
// Its methods may be called from any goroutine.
type devices struct {
	p        *program
	dir      string
	log      *slog.Logger
	printing *printing
	weighing *weighing
	poles    *poles
	cards    *cardTerminal
	trials   *trials
	changed  chan struct{} // something a status shows changed
	zMade    chan struct{}
	lastZ    atomic.Int64 // of the last view
	second   atomic.Bool  // there is a customer's screen

	mu       sync.Mutex // held while the settings are read and written
	config   command.Devices
	broken   error // why the settings cannot be read
	scanners map[string]*liveScanner
	onCode   func(code string)
	ctx      context.Context
	testing  map[string]chan string // by scanner
	held     port.Address           // a test talks to the device there; none
	sims     simulators
	scans    map[string]lastScan // by scanner
	checked  map[string]ui.DeviceCheck
	backedUp time.Time
	noBackup error
}

// liveScanner is a scanner at work.
type liveScanner struct {
	*scanner.Scanner
	address string
	stop    context.CancelFunc
	ended   chan struct{}
}

func newDevices(p *program, dir string, log *slog.Logger) *devices {
	d := &devices{p: p, dir: dir, log: log.With("component", "devices"), changed: make(chan struct{}, 1), zMade: make(chan struct{}, 1),
		scanners: map[string]*liveScanner{}, testing: map[string]chan string{},
		scans: map[string]lastScan{}, checked: map[string]ui.DeviceCheck{}}
	d.trials = &trials{d: d}
	d.printing = &printing{changed: d.poke, log: d.log, tap: p.traffic}
	d.weighing = &weighing{show: func(*ui.Weighing) {}, opt: scale.Options{Changed: d.poke, Log: d.log}}
	d.poles = &poles{opt: display.Options{Changed: d.poke, Log: d.log}}
	d.cards = &cardTerminal{log: d.log, changed: d.poke, tap: p.traffic, printed: d.printing.Kick}
	p.backedUp, p.skewed, p.serving = d.backup, d.poke, d.cards.serve
	d.config, d.broken = command.ReadDevices(dir)
	p.traffic.follow(d.config)
	d.usePrinter()
	return d
}

func (d *devices) poke() {
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

// start begins reading the scanners; codes go to onCode until ctx ends.
func (d *devices) start(ctx context.Context, onCode func(code string)) {
	if at, name, err := (copies{d.p}).lastBackup(ctx); err == nil && name != "" {
		d.mu.Lock()
		d.backedUp = at
		d.mu.Unlock()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ctx, d.onCode = port.Tapped(ctx, d.p.traffic), onCode
	if config, err := command.ReadDevices(d.dir); err == nil {
		d.config, d.broken = config, nil
		d.p.traffic.follow(config)
	}
	d.usePrinter()
	d.useScanners()
	d.useOthers()
}

// useOthers reads the first scale, and shows on the displays.
func (d *devices) useOthers() {
	if d.ctx == nil {
		return
	}
	now := d.working()
	var first *command.Device
	if len(now.Scales) > 0 {
		first = &now.Scales[0]
	}
	if err := cmp.Or(d.weighing.use(d.ctx, first), d.poles.use(d.ctx, now.Displays), d.cards.use(d.ctx, now.Terminals)); err != nil {
		d.log.Error("scale, display and card terminal settings", "err", err)
	}
}

// usePrinter hands the first printer to the print queue, and the second, which
// takes over when the first is gone.
func (d *devices) usePrinter() {
	var x [2]spool.Printer
	list := d.simulated(d.config).Printers
	for i, c := range list[:min(len(list), len(x))] {
		addr, err := port.Parse(c.Address)
		profile, wrong := c.PrinterProfile()
		if err = cmp.Or(err, wrong); err != nil {
			d.broken = err
			d.log.Error("printer settings", "err", d.broken)
		} else {
			x[i] = spool.Printer{Address: addr, Profile: profile}
		}
	}
	d.printing.set(x[0], x[1])
}

// useScanners starts the scanners that are new and ends those that are gone.
func (d *devices) useScanners() {
	if d.ctx == nil {
		return
	}
	list := d.working().Scanners
	for name, s := range d.scanners {
		if !slices.ContainsFunc(list, func(c command.Device) bool { return c.Name == name && c.Address == s.address }) {
			s.stop()
			delete(d.scanners, name)
		}
	}
	for _, c := range list {
		if d.scanners[c.Name] != nil {
			continue
		}
		addr, err := port.Parse(c.Address)
		if err != nil {
			d.log.Error("scanner settings", "scanner", c.Name, "err", err)
			continue
		}
		name := c.Name
		s := &liveScanner{address: c.Address, ended: make(chan struct{})}
		s.Scanner = scanner.New(addr, func(code string) { d.read(name, code) }, scanner.Options{Changed: d.poke, Log: d.log})
		ctx, stop := context.WithCancel(d.ctx)
		s.stop = stop
		go func() {
			s.Run(ctx)
			close(s.ended)
		}()
		d.scanners[name] = s
	}
}

// read takes a code from a scanner: to who tests it, else to the till.
func (d *devices) read(name, code string) {
	d.mu.Lock()
	test, onCode := d.testing[name], d.onCode
	delete(d.testing, name)
	d.scans[name] = lastScan{shownCode(code), time.Now()}
	d.mu.Unlock()
	if test != nil {
		test <- code
		return
	}
	onCode(code)
}

// close ends the scanners.
func (d *devices) close() {
	d.trials.close()
	d.mu.Lock()
	list := d.scanners
	d.scanners = map[string]*liveScanner{}
	d.mu.Unlock()
	for _, s := range list {
		s.stop()
		<-s.ended
	}
	d.weighing.end()
	d.poles.end()
	d.sims.close()
}

// follow sees in a view that a Z was made. It does not wait.
func (d *devices) follow(v till.View) {
	d.poles.follow(v)
	z := int64(zOf(v))
	if last := d.lastZ.Swap(z); z != 0 && z != last {
		select {
		case d.zMade <- struct{}{}:
		default:
		}
	}
}

// backup notes how a backup went.
func (d *devices) backup(err error) {
	d.mu.Lock()
	if d.noBackup = err; err == nil {
		d.backedUp = time.Now()
	}
	d.mu.Unlock()
	if err != nil {
		d.log.Error("back up", "err", err)
	}
	d.poke()
}

// hasDisplay notes whether the customer has a screen. It does not wait.
func (d *devices) hasDisplay(yes bool) {
	d.second.Store(yes)
	d.poke()
}

// Status lists what the status bar shows. It does not wait.
func (d *devices) Status() []ui.DeviceStatus {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := []ui.DeviceStatus{d.printerStatus(), d.scannerStatus()}
	for _, status := range []func() (ui.DeviceStatus, bool){d.weighing.status, d.poles.status, d.cards.status, d.p.clockStatus, d.p.accountStatus} {
		if s, ok := status(); ok {
			out = append(out, s)
		}
	}
	if d.second.Load() {
		out = append(out, ui.DeviceStatus{Kind: "display", Health: ui.Fine, State: "ready"})
	}
	backup := ui.DeviceStatus{Kind: "backup", Health: ui.Absent, State: "none"}
	switch {
	case d.noBackup != nil:
		backup.Health, backup.State = ui.Attention, "failed"
	case !d.backedUp.IsZero():
		backup.Health, backup.State, backup.Detail = ui.Fine, "done_at", d.backedUp.In(d.p.view().Settings.Zone).Format("15:04")
		if time.Since(d.backedUp) > 24*time.Hour {
			backup.Detail = d.backedUp.In(d.p.view().Settings.Zone).Format("01-02 15:04")
		}
	}
	d.labelSimulated(out)
	network := ui.DeviceStatus{Kind: "network", Health: ui.Fine, State: "online"}
	if !connected() {
		network.Health, network.State = ui.Attention, "offline"
	}
	return append(out, backup, network)
}

func (d *devices) printerStatus() ui.DeviceStatus {
	out := ui.DeviceStatus{Kind: "printer", Health: ui.Absent, State: "none"}
	if len(d.config.Printers) > 0 {
		out.Name = d.config.Printers[0].Name
	}
	s, ok := d.printing.status()
	switch {
	case d.broken != nil:
		out.Health, out.State = ui.Fault, "failed"
	case d.printing.holding():
		out.Health, out.State = ui.Attention, "trying"
	case ok && s.Second && len(d.config.Printers) > 1 && s.State == device.Ready && s.Reason == "":
		out.Health, out.State, out.Name = ui.Attention, "second_printer", d.config.Printers[1].Name
	case ok:
		out.Health, out.State = healthOf(s.Status)
		if s.Waiting > 0 && out.Health != ui.Fine {
			out.Detail = strconv.Itoa(s.Waiting)
		}
	}
	return out
}

// scannerStatus is the worst of the scanners. A scanner that types needs no
// setting up and cannot be asked.
func (d *devices) scannerStatus() ui.DeviceStatus {
	out := ui.DeviceStatus{Kind: "scanner", Health: ui.Fine, State: "ready"}
	for _, c := range d.config.Scanners {
		s := d.scanners[c.Name]
		if s == nil {
			continue
		}
		if h, state := healthOf(s.Status()); h > out.Health && h != ui.Absent {
			out.Health, out.State, out.Name = h, state, c.Name
		}
	}
	return out
}

// healthOf words a device's state for the status bar.
func healthOf(s device.Status) (ui.Health, string) {
	switch s.State {
	case device.Ready:
		return ui.Fine, "ready"
	case device.Off:
		return ui.Absent, "none"
	case device.Connecting:
		return ui.Attention, "reconnecting"
	}
	switch s.Reason {
	case device.PaperLow:
		return ui.Attention, "low_paper"
	case device.PaperEnd:
		return ui.Fault, "no_paper"
	case device.Garbled:
		return ui.Fault, "garbled"
	case device.CoverOpen:
		return ui.Fault, "cover_open"
	case device.NoHardware:
		return ui.Fault, "missing"
	case device.Timeout, device.Offline, device.Lost, device.Busy:
		return ui.Attention, "reconnecting"
	}
	return ui.Fault, "failed"
}

// connected reports whether any network but the loopback is up.
func connected() bool {
	list, err := net.Interfaces()
	if err != nil {
		return false
	}
	for _, i := range list {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 || i.Flags&net.FlagRunning == 0 {
			continue
		}
		if addrs, err := i.Addrs(); err == nil && len(addrs) > 0 {
			return true
		}
	}
	return false
}

// Configured lists the devices that are set up.
func (d *devices) Configured(context.Context) ([]ui.DeviceConfig, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	config, err := command.ReadDevices(d.dir)
	if err != nil {
		return nil, err
	}
	var out []ui.DeviceConfig
	for _, kind := range command.Kinds {
		for _, c := range *config.Of(kind) {
			out = append(out, configOf(kind, c))
		}
	}
	return out, nil
}

// Save adds a device, or changes the one of its kind and name.
func (d *devices) Save(_ context.Context, x ui.DeviceConfig) error {
	c, addr, err := deviceOf(x)
	if err != nil {
		return err
	}
	return d.change(func(config *command.Devices) error { return config.Put(x.Kind, c, addr) })
}

// Remove forgets a device and what it proved.
func (d *devices) Remove(_ context.Context, name string) error {
	return cmp.Or(d.change(func(config *command.Devices) error {
		for _, kind := range command.Kinds {
			list := config.Of(kind)
			*list = slices.DeleteFunc(*list, func(o command.Device) bool { return o.Name == name })
		}
		return nil
	}), command.DropProof(d.dir, name))
}

// change changes the settings, unless f refuses to, and uses them at once.
func (d *devices) change(f func(*command.Devices) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	config, err := command.ReadDevices(d.dir)
	if err != nil {
		return err
	}
	if err := f(&config); err != nil {
		return err
	}
	if err := command.WriteDevices(d.dir, config); err != nil {
		return err
	}
	d.config, d.broken = config, nil
	d.useAll()
	return nil
}

// useAll takes the settings up; the lock is held.
func (d *devices) useAll() {
	d.usePrinter()
	d.useScanners()
	d.useOthers()
	d.sims.keep(d.config)
	d.p.traffic.follow(d.config)
	d.poke()
}

// TestPrint prints a test slip: on the first printer through the queue, on another
// one past it.
func (d *devices) TestPrint(ctx context.Context, name string) error {
	d.mu.Lock()
	list := d.config.Printers
	other := slices.ContainsFunc(list, func(c command.Device) bool { return c.Name == name }) && list[0].Name != name
	d.mu.Unlock()
	if other {
		return handover{p: d.p, d: d, lend: &lender{d: d}}.PrintCard(ctx, name)
	}
	return d.printing.test(ctx, d.p.book(), nil)
}

// TestDrawer opens the drawer through the printer.
func (d *devices) TestDrawer(ctx context.Context, _ string) error {
	if _, ok := d.printing.status(); !ok {
		return device.Fault(device.Disabled, "no printer is set up, or the till is practising")
	}
	if err := d.p.book().AddPulse(ctx, "test"); err != nil {
		return err
	}
	d.printing.Kick()
	return nil
}

// TestScan waits for the next code of a scanner and gives it to nobody else.
func (d *devices) TestScan(ctx context.Context, name string) (string, error) {
	got := make(chan string, 1)
	d.mu.Lock()
	d.testing[name] = got
	d.mu.Unlock()
	select {
	case code := <-got:
		return code, nil
	case <-ctx.Done():
		d.mu.Lock()
		if d.testing[name] == got { // and not of one begun since
			delete(d.testing, name)
		}
		d.mu.Unlock()
		return "", context.Cause(ctx)
	}
}
