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

func accompany(a Address) (companion, error) {
	fd, err := unix.Open(a.Place, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return companion{-1}, err
	}
	c := companion{fd}
	// The lock keeps out another program that asks for it, root's too; the
	// exclusive mode one that does not.
	if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		c.close()
		return companion{-1}, unix.EBUSY
	}
	if err := unix.IoctlSetInt(fd, unix.TIOCEXCL, 0); err != nil {
		c.close()
		return companion{-1}, err
	}
	if err := c.flow(a.Line.Flow); err != nil {
		c.close()
		return companion{-1}, err
	}
	return c, nil
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

func (c companion) close() {
	if c.fd >= 0 {
		_ = unix.IoctlSetInt(c.fd, unix.TIOCNXCL, 0)
		_ = unix.Close(c.fd)
	}
}

func isBusy(err error) bool     { return errors.Is(err, unix.EBUSY) }
func isNoDevice(err error) bool { return errors.Is(err, unix.ENXIO) || errors.Is(err, unix.ENODEV) }
