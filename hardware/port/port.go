// Package port opens byte streams to devices by address: a network socket, a
// serial port, a printer of the system, a file. It knows nothing about what is
// said on them.
//
//	addr, err := port.Parse("serial:/dev/ttyUSB0?baud=9600")
//	link, err := port.Open(ctx, addr)
//	err = link.Write(ctx, []byte("hello"))
package port

import (
	"context"
	"errors"

	"guitai/hardware/device"
)

// A Link is one open stream. One goroutine may write while another reads.
type Link interface {
	// Write returns when p was handed over, which does not mean that it
	// arrived. After an error it is unknown how much of p was. It gives up when
	// ctx ends; the link is then of no more use.
	Write(ctx context.Context, p []byte) error
	// Read waits for at least one byte. The error is ErrTimeout when ctx ended
	// first and ErrGone when the other end is not there any more.
	Read(ctx context.Context, p []byte) (int, error)
	// Close lets go of the port, within a moment, whatever is still under way.
	Close() error
}

// Errors of a Link.
var (
	ErrTimeout = errors.New("no answer in time")
	ErrGone    = errors.New("the device is gone")
)

// Open opens the stream at an address. Errors carry a device.Reason:
// NoHardware for nothing there, Busy for a port that someone else has (see
// Held), Denied for one that the system does not let this program have (see
// Denied), Illegal for an address that two devices have (see Twins).
func Open(ctx context.Context, a Address) (Link, error) {
	l, err := open(ctx, a)
	return listen(ctx, a, l, err)
}

// open opens the stream at an address, with nobody listening.
func open(ctx context.Context, a Address) (Link, error) {
	switch a.Scheme {
	case TCP:
		return openTCP(ctx, a)
	case Serial:
		return openSerial(ctx, a)
	case Evdev:
		return openEvdev(a)
	case USBLP:
		return openUSBLP(ctx, a)
	case IPP:
		return openIPP(ctx, a)
	case Winspool:
		return openSpooler(a)
	case File:
		return openFile(a)
	}
	return nil, device.Fault(device.NoService, "open %q: no such kind of address", a.Scheme)
}
