package main

import (
	"sync"

	"guitai/hardware/sim"
)

type scaleCmd struct {
	place
	Language string `enum:"stgs,cas,mettler8217,nci,toledo,plain" default:"stgs" help:"${h_language}"`
}

// Run weighs what standard input says until the program is interrupted.
func (c *scaleCmd) Run(e *env) error {
	s := sim.NewScale(c.Language)
	address, err := c.plug(s)
	if err != nil {
		return err
	}
	defer s.Close()
	e.say(sayScale, address)
	e.say(sayFaults, sim.ScaleFaults)
	var mu sync.Mutex
	go obeyLines(e, &mu, s.Obey)
	<-e.ctx.Done()
	return nil
}
