package main

import (
	"context"
	"sync"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/scale"
	"guitai/ui"
)

// weighing is the shop's scale at work, and which of its weights can be sold.
// Its methods may be called from any goroutine and do not wait, but for use and
// end, which wait for the scale to let go of its port.
type weighing struct {
	show func(*ui.Weighing) // on any goroutine; must not wait
	opt  scale.Options

	mu    sync.Mutex
	gate  scale.Gate
	scale *scale.Scale
	set   command.Device
	stop  func()
}

// use reads the scale that is set up, nil for none.
func (w *weighing) use(ctx context.Context, x *command.Device) error {
	w.mu.Lock()
	same := w.scale != nil && x != nil && w.set == *x
	w.mu.Unlock()
	if same {
		return nil
	}
	w.end()
	if x == nil {
		return nil
	}
	addr, err := port.Parse(x.Address)
	if err != nil {
		return err
	}
	opt := w.opt
	opt.Weighed = w.weighed
	changed := opt.Changed
	opt.Changed = func() { changed(); w.tell() }
	s, err := scale.New(addr, x.Scale(), opt)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	w.mu.Lock()
	w.scale, w.set, w.gate = s, *x, scale.Gate{}
	w.stop = func() { cancel(); <-ended }
	w.mu.Unlock()
	w.tell()
	return nil
}

// end lets go of the scale.
func (w *weighing) end() {
	w.mu.Lock()
	stop := w.stop
	w.mu.Unlock()
	if stop == nil {
		return
	}
	stop()
	w.mu.Lock()
	w.scale, w.stop = nil, nil
	w.mu.Unlock()
	w.tell()
}

func (w *weighing) weighed(r scale.Reading) {
	w.mu.Lock()
	w.gate.See(r)
	w.mu.Unlock()
	w.tell()
}

// sold notes that goods of so many grams were sold by the scale.
func (w *weighing) sold(grams int) {
	w.mu.Lock()
	w.gate.Sold(grams)
	w.mu.Unlock()
	w.tell()
}

// tell shows what the scale offers.
func (w *weighing) tell() {
	w.mu.Lock()
	s := w.scale
	grams, why := w.gate.Offer()
	w.mu.Unlock()
	switch {
	case s == nil:
		w.show(nil)
	case s.Status().State != device.Ready:
		w.show(&ui.Weighing{State: "away"})
	default:
		w.show(&ui.Weighing{Grams: grams, State: string(why)})
	}
}

// status is the scale for the status bar; ok is false where there is none.
func (w *weighing) status() (out ui.DeviceStatus, ok bool) {
	w.mu.Lock()
	s, name := w.scale, w.set.Name
	w.mu.Unlock()
	if s == nil {
		return out, false
	}
	out = ui.DeviceStatus{Kind: "scale", Name: name}
	out.Health, out.State = healthOf(s.Status())
	return out, true
}

// now is how the scale is, and what it said last and when.
func (w *weighing) now() (device.Status, scale.Reading, time.Time) {
	w.mu.Lock()
	s := w.scale
	w.mu.Unlock()
	if s == nil {
		return device.Status{State: device.Off}, scale.Reading{}, time.Time{}
	}
	r, at := s.Weight()
	return s.Status(), r, at
}

// check waits until the scale says something.
func (w *weighing) check(ctx context.Context) device.Status {
	w.mu.Lock()
	s := w.scale
	w.mu.Unlock()
	if s == nil {
		return device.Status{State: device.Off, Reason: device.Disabled}
	}
	return s.Check(ctx, device.External).Status
}
