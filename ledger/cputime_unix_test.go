//go:build unix

package ledger

import (
	"syscall"
	"time"
)

// cpuTime returns how long processors have worked for this program, which
// what else the machine does changes less than the time of day.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
