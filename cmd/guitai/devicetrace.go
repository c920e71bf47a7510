package main

import (
	"sync/atomic"

	"guitai/cmd/internal/command"
	"guitai/hardware/port"
	"guitai/hardware/trace"
)

// traffic is the last of what went over the wires of this till's devices.
type traffic struct {
	*trace.Book
	cards atomic.Pointer[map[port.Address]bool] // where card terminals are
}

func newTraffic() *traffic {
	t := &traffic{}
	t.Book = trace.New(trace.Options{Cards: func(a port.Address) bool {
		at := t.cards.Load()
		return at != nil && (*at)[a]
	}})
	return t
}

// follow notes where the card terminals of the settings are: what comes from
// there is masked otherwise.
func (t *traffic) follow(d command.Devices) {
	at := map[port.Address]bool{}
	for _, x := range d.Terminals {
		if a, err := port.Parse(x.Address); err == nil {
			at[a] = true
		}
	}
	t.cards.Store(&at)
}
