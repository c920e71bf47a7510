package main

import (
	"strings"
	"sync"

	"guitai/hardware/sim"
)

type displayCmd struct {
	place
	Kind string `enum:"cd5220,dmd,led8" default:"cd5220" help:"${h_kind}"`
}

// Run writes what the display shows until the program is interrupted.
func (c *displayCmd) Run(e *env) error {
	var mu sync.Mutex
	var last sim.Shown
	d := sim.NewDisplay(c.Kind, func(s sim.Shown) {
		mu.Lock()
		defer mu.Unlock()
		if s == last {
			return
		}
		last = s
		e.say(sayShown, strings.TrimSpace(s.Lines[0]), strings.TrimSpace(s.Lines[1]), s.Lamp)
	})
	address, err := c.plug(d)
	if err != nil {
		return err
	}
	defer d.Close()
	e.say(sayDisplay, address)
	e.say(sayFaults, sim.DisplayFaults)
	go obeyLines(e, &mu, d.Obey)
	<-e.ctx.Done()
	return nil
}
