//go:build cgo

package port

import "golang.org/x/sys/unix"

const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
)

func flush(fd, which int) { _ = unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, which) }
