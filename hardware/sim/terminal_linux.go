package sim

import (
	"errors"
	"fmt"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// openTerminal opens both ends of a pseudo-terminal, set as a serial line is.
// A read of the far end returns when it is closed.
func openTerminal() (far, near *os.File, err error) {
	blocking, near, err := pty.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	defer blocking.Close()
	if err := raw(near); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("set the pseudo-terminal: %w", err), near.Close())
	}
	fd, err := unix.FcntlInt(blocking.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open a pseudo-terminal: %w", err), near.Close())
	}
	return os.NewFile(uintptr(fd), blocking.Name()), near, nil
}

// raw makes a terminal pass every byte as it comes, without echo.
func raw(f *os.File) error {
	fd := int(f.Fd())
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Iflag, t.Oflag, t.Lflag = unix.IGNPAR, 0, 0
	t.Cflag = unix.CS8 | unix.CREAD | unix.CLOCAL | unix.B115200
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, unix.TCSETS, t)
}
