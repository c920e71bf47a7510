package ledger

import (
	"os"

	"golang.org/x/sys/windows"
)

// lockFile takes f for this process alone, without waiting. The byte locked
// lies far behind the text, so that another process can still read the owner.
func lockFile(f *os.File) error {
	at := windows.Overlapped{OffsetHigh: 1}
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
}
