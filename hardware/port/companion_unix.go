//go:build linux || (darwin && cgo)

package port

import (
	"errors"

	"golang.org/x/sys/unix"
)

// A companion is a second descriptor of the same terminal, through which is
// set what tarm/serial does not know: exclusive use and flow control. Settings
// belong to the terminal, not to the descriptor.
type companion struct{ fd int }

// accompany opens the companion before the port: a port that someone else uses
// must not have its speed changed by finding that out.
func accompany(path string, _ Line) (companion, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return companion{-1}, err
	}
	// The lock keeps out another program that asks for it, root's too; the
	// exclusive mode of settle one that does not.
	if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		_ = unix.Close(fd)
		return companion{-1}, unix.EBUSY
	}
	return companion{fd}, nil
}

// settle sets what tarm/serial, which sets all the rest, has left out. What came
// before the port was opened is thrown away: a scan from then must not sell
// something now.
func (c companion) settle(line Line) error {
	flush(c.fd, unix.TCIFLUSH)
	if err := unix.IoctlSetInt(c.fd, unix.TIOCEXCL, 0); err != nil {
		return err
	}
	return c.flow(line.Flow)
}

func (c companion) flow(kind string) error {
	t, err := unix.IoctlGetTermios(c.fd, getTermios)
	if err != nil {
		return err
	}
	switch kind {
	case "rtscts":
		t.Cflag |= unix.CRTSCTS
	case "xonxoff":
		t.Iflag |= unix.IXON | unix.IXOFF
		t.Cc[unix.VSTART], t.Cc[unix.VSTOP] = 0x11, 0x13
	default:
		return nil
	}
	return unix.IoctlSetTermios(c.fd, setTermios, t)
}

// discard throws away what was written and not sent, which lets a write go that
// waits for the far end.
func (c companion) discard() { flush(c.fd, unix.TCOFLUSH) }

func (c companion) close() {
	if c.fd >= 0 {
		_ = unix.IoctlSetInt(c.fd, unix.TIOCNXCL, 0)
		_ = unix.Close(c.fd)
	}
}

func isBusy(err error) bool     { return errors.Is(err, unix.EBUSY) }
func isNoDevice(err error) bool { return errors.Is(err, unix.ENXIO) || errors.Is(err, unix.ENODEV) }
