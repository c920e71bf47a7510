package port

import "golang.org/x/sys/unix"

const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
)

func flush(fd, which int) { _ = unix.IoctlSetInt(fd, unix.TCFLSH, which) }
