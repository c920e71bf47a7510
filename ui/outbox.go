package ui

import (
	"context"
	"sync"

	"guitai/till"
)

// outbox passes commands on in their order without making the window wait: the register's queue may be full while a
// disk hangs.
type outbox struct {
	to    Cashier
	async func(work func(context.Context), done func())

	mu      sync.Mutex
	waiting []till.Command
	running bool
}

func (o *outbox) send(c till.Command) {
	o.mu.Lock()
	o.waiting = append(o.waiting, c)
	start := !o.running
	o.running = true
	o.mu.Unlock()
	if start {
		o.async(o.drain, nil)
	}
}

func (o *outbox) drain(context.Context) {
	for {
		o.mu.Lock()
		if len(o.waiting) == 0 {
			o.running = false
			o.mu.Unlock()
			return
		}
		c := o.waiting[0]
		o.waiting = o.waiting[1:]
		o.mu.Unlock()
		o.to.Do(c)
	}
}
