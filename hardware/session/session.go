// Package session keeps one device connected: it opens the port, hands the
// link to who speaks the device's language, notices a pulled cable, and tries
// again until the device is back. It says nothing on the wire itself.
//
//	k := session.New(addr, session.Options{Kind: "scale", Changed: redraw})
//	go k.Run(ctx, func(ctx context.Context, l port.Link) error { ... })
//	now := k.Status()
package session

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

const (
	openWithin  = 2 * time.Second
	retryAtOnce = 250 * time.Millisecond // after the link was lost
	retryMax    = 2 * time.Second        // a device plugged in again works within three seconds
)

// Options are how a device is watched. Kind names it in the log.
type Options struct {
	Kind    string
	Changed func() // the Status changed; called on any goroutine, must not wait
	Log     *slog.Logger
}

// A Keeper keeps one device connected. Its methods may be called from any
// goroutine.
type Keeper struct {
	address port.Address
	opt     Options

	mu  sync.Mutex
	now device.Status
}

// New makes a keeper that does nothing until Run.
func New(a port.Address, opt Options) *Keeper {
	if opt.Changed == nil {
		opt.Changed = func() {}
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return &Keeper{address: a, opt: opt, now: device.Status{State: device.Connecting}}
}

// Address is where the device is.
func (k *Keeper) Address() port.Address { return k.address }

// Status returns how the device is: what the session said last, Connecting with
// the reason while it is away, Gone where nothing is at its address, and Off
// once Run has ended.
func (k *Keeper) Status() device.Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

// Set notes how the device is, as the session sees it.
func (k *Keeper) Set(state device.State, err error) {
	n := device.Status{State: state, Reason: device.ReasonOf(err), At: time.Now()}
	if err != nil {
		n.Detail, n.Err = err.Error(), err
	}
	k.mu.Lock()
	same := k.now.State == n.State && k.now.Reason == n.Reason
	if same {
		n.At = k.now.At
	}
	k.now = n
	k.mu.Unlock()
	if !same {
		k.opt.Log.Info(k.opt.Kind, "address", k.address.String(), "state", string(n.State), "reason", string(n.Reason), "detail", n.Detail)
		k.opt.Changed()
	}
}

// Run opens the port and hands the link to speak, again and again until ctx
// ends, and then lets go of the port. speak says when the device is Ready, and
// returns when the link is of no more use to it; its error says why.
func (k *Keeper) Run(ctx context.Context, speak func(context.Context, port.Link) error) {
	wait := retryAtOnce
	for ctx.Err() == nil {
		opened, err := k.once(ctx, speak)
		if ctx.Err() != nil {
			break
		}
		if opened {
			wait = retryAtOnce
		}
		state := device.Connecting
		if device.ReasonOf(err) == device.NoHardware {
			state = device.Gone
		}
		k.Set(state, err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, retryMax)
	}
	k.Set(device.Off, nil)
}

// once is one opening of the port, to its loss.
func (k *Keeper) once(ctx context.Context, speak func(context.Context, port.Link) error) (opened bool, err error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	link, err := port.Open(within, k.address)
	cancel()
	if err != nil {
		return false, err
	}
	defer link.Close()
	if err = speak(ctx, link); errors.Is(err, port.ErrGone) {
		err = device.Fault(device.Lost, "%s at %s: %w", k.opt.Kind, k.address, err)
	}
	return true, err
}
