package main

import (
	"cmp"
	"context"
	"sync"
	"time"

	"guitai/cmd/internal/command"
	"guitai/cmd/internal/localsocket"
	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/trace"
	"guitai/ledger"
	"guitai/ui"
)

// asked lets commands ask this till about its devices, over the local socket of
// its data folder. Its zero value is closed.
type asked struct {
	mu     sync.Mutex
	socket *localsocket.Socket
	ended  bool
}

// open answers commands. A till that cannot be asked sells all the same.
func (a *asked) open(d *devices) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		return
	}
	s, err := localsocket.Open(d.dir, command.ServeDevices(d.dir, &lender{d: d}))
	if err != nil {
		d.log.Warn("commands cannot ask this till", "err", err)
		return
	}
	a.socket = s
}

// close ends the commands under way.
func (a *asked) close() {
	a.mu.Lock()
	s := a.socket
	a.socket, a.ended = nil, true
	a.mu.Unlock()
	if s != nil {
		_ = s.Close()
	}
}

// lender is the devices of this till as the command line asks about them.
type lender struct {
	d   *devices
	one sync.Mutex // held while a device is lent
}

// Traffic is part of command.RunningTill.
func (l *lender) Traffic() *trace.Book { return l.d.p.traffic.Book }

// Shop is part of command.RunningTill.
func (l *lender) Shop() *ledger.Ledger { return l.d.p.Shop() }

// Sync is part of command.RunningTill.
func (l *lender) Sync(ctx context.Context) (map[string]error, error) { return l.d.p.Sync(ctx) }

// Change is part of command.RunningTill.
func (l *lender) Change(f func(*command.Devices) error) error { return l.d.change(f) }

// Simulate is part of command.RunningTill.
func (l *lender) Simulate(ctx context.Context, name string, on bool) error {
	return l.d.Simulate(ctx, name, on)
}

// Scan is part of command.RunningTill.
func (l *lender) Scan(ctx context.Context, name string) (string, error) {
	return l.d.TestScan(ctx, name)
}

// Health is part of command.RunningTill.
func (l *lender) Health(ctx context.Context, name string) (command.DeviceHealth, error) {
	began := time.Now()
	l.d.mu.Lock()
	x, kind, ok := l.d.config.Named(name)
	l.d.mu.Unlock()
	if !ok {
		return command.DeviceHealth{}, device.Fault(device.Illegal, "there is no device %.40q", name)
	}
	h := command.DeviceHealth{Kind: kind, Name: name, Address: x.Address, Simulated: x.Simulated,
		Internal: command.DeviceCheck{Result: command.CheckNone}, External: command.DeviceCheck{Result: command.CheckNone}}
	h.Internal = internal(l.settled(ctx, name))
	h.Internal.Err = l.d.why(name)
	if h.Internal.Detail == "trying" || h.Internal.Detail == "spare" || h.Internal.Detail == "standby" || kind == "scanner" {
		return h, nil // nothing is asked of it now
	}
	c := l.d.Check(ctx, name)
	h.External = command.DeviceCheck{Result: command.CheckOK, Reason: device.Reason(c.Reason), Detail: c.Detail, Err: c.Err, TookMS: time.Since(began).Milliseconds()}
	if !c.OK {
		h.External.Result, h.External.Reason = command.CheckFailed, cmp.Or(h.External.Reason, device.Timeout)
	}
	return h, nil
}

// settledWithin is how long a device may take that was only just set up or given
// back, before it counts as one that is away.
const settledWithin = 3 * time.Second

// settled is how a device is once the till has reached it, or could not.
func (l *lender) settled(ctx context.Context, name string) ui.DeviceLive {
	for end := time.Now().Add(settledWithin); ; time.Sleep(20 * time.Millisecond) {
		for _, now := range l.d.Live() {
			if now.Name == name && (now.State != "reconnecting" || now.Reason != "" || time.Now().After(end) || ctx.Err() != nil) {
				return now
			}
		}
		if time.Now().After(end) {
			return ui.DeviceLive{Name: name, Health: ui.Fault}
		}
	}
}

// internal is what the till knows of a device without asking it.
func internal(now ui.DeviceLive) command.DeviceCheck {
	out := command.DeviceCheck{Result: command.CheckOK, Reason: device.Reason(now.Reason), Detail: now.Detail}
	switch {
	case now.State == "trying" || now.State == "spare" || now.State == "standby" || now.State == "paused" || now.State == "unasked":
		out.Result, out.Detail = command.CheckNone, now.State
	case now.Health != ui.Fine && now.Reason != string(device.PaperLow):
		out.Result, out.Reason = command.CheckFailed, cmp.Or(out.Reason, device.Timeout)
	}
	return out
}

// Lend is part of command.RunningTill.
func (l *lender) Lend(_ context.Context, name string) (command.Device, func(), error) {
	if !l.one.TryLock() {
		return command.Device{}, nil, command.ErrTrying
	}
	l.d.mu.Lock()
	now := l.d.simulated(l.d.config)
	busy := l.d.held.Scheme != ""
	l.d.mu.Unlock()
	x, _, ok := now.Named(name)
	addr, err := port.Parse(x.Address)
	switch {
	case !ok:
		err = device.Fault(device.Illegal, "there is no device %.40q", name)
	case busy:
		err = command.ErrTrying
	}
	if err != nil {
		l.one.Unlock()
		return x, nil, err
	}
	l.d.hold(addr)
	var once sync.Once
	return x, func() {
		once.Do(func() {
			l.d.mu.Lock()
			mine := l.d.held == addr // and no test has begun at the till since
			l.d.mu.Unlock()
			if mine {
				l.d.hold(port.Address{})
			}
			l.one.Unlock()
		})
	}, nil
}
