//go:build unix

package ledger

import (
	"os"

	"golang.org/x/sys/unix"
)

// lockFile takes f for this process alone, without waiting.
func lockFile(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
