package main

import (
	"sync"
	"time"

	"guitai/hardware/sim"
)

// lookAtBooks is how often payments that were taken are told.
const lookAtBooks = 200 * time.Millisecond

type terminalCmd struct{ place }

// Run takes card payments until the program is interrupted.
func (c *terminalCmd) Run(e *env) error {
	t := sim.NewCardTerminal()
	address, err := c.plug(t)
	if err != nil {
		return err
	}
	defer t.Close()
	e.say(sayTerminal, address)
	e.say(sayFaults, sim.CardFaults)
	var mu sync.Mutex
	go obeyLines(e, &mu, t.Obey)
	for told := 0; ; {
		select {
		case <-e.ctx.Done():
			return nil
		case <-time.After(lookAtBooks):
		}
		books := t.Books()
		mu.Lock()
		for _, b := range books[told:] {
			e.say(sayTaken, b.Trace, b.Amount)
		}
		mu.Unlock()
		told = len(books)
	}
}
