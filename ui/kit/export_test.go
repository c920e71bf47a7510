package kit

import "time"

// SetClock replaces the clock that holds are measured by and returns how to put it back.
func SetClock(now func() time.Time) func() {
	old := clock
	clock = now
	return func() { clock = old }
}
