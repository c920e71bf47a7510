package kit

import "time"

// Span is where a line stands in the whole list.
func (l *Lines) Span(i int) (from, to float32) { return l.span(i) }

// SetClock replaces the clock that holds are measured by and returns how to put it back.
func SetClock(now func() time.Time) func() {
	old := clock
	clock = now
	return func() { clock = old }
}
