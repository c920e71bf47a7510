package port

import (
	"context"

	"guitai/hardware/device"
)

// A State is what the system knows of a printer, whatever the printer itself
// answers on the link.
type State struct {
	Reason device.Reason // what is the matter; empty: nothing that is known
	// Stops says that nothing is printed until that is seen to, and nothing need
	// be tried.
	Stops bool
}

// A stater is a Link to a printer that the system knows something of.
type stater interface {
	state(ctx context.Context) (State, error)
}

// StateOf asks the system for the state of the printer at the end of a link. ok
// is false where the system knows none. It may be called while a Write is under
// way. Errors carry a device.Reason.
func StateOf(ctx context.Context, l Link) (s State, ok bool, err error) {
	if t, is := l.(*tapped); is {
		l = t.Link
	}
	known, ok := l.(stater)
	if !ok {
		return State{}, false, nil
	}
	s, err = known.state(ctx)
	return s, true, err
}
