package main

import (
	"bufio"
	"context"
	"errors"
	"strings"
	"time"

	"guitai/hardware/sim"
)

// typeWithin is how long a code waits for a till to connect.
const typeWithin = 5 * time.Second

var errTypes = errors.New("--types goes with --pty")

type scannerCmd struct {
	place
	End   string `enum:"cr,lf,crlf,tab,none" default:"crlf" help:"${h_end}"`
	Types bool   `help:"${h_types}"`
}

// Run sends the codes of standard input to its end, and stays plugged in until
// the program is interrupted.
func (c *scannerCmd) Run(e *env) error {
	s := sim.NewScanner(sim.Ends[c.End])
	if c.Types {
		if !c.Pty {
			return errTypes
		}
		s = sim.NewTypist(sim.Ends[c.End])
	}
	address, err := c.plug(s)
	if err != nil {
		return err
	}
	defer s.Close()
	e.say(sayScanner, address)
	e.say(sayCodes)
	go func() {
		for lines := bufio.NewScanner(e.in); lines.Scan(); {
			line := strings.TrimSpace(lines.Text())
			switch line {
			case "":
			case "!unplug":
				s.Unplug()
				e.say(sayDone)
			case "!plug":
				if err := s.Plug(); err != nil {
					e.warn(errObey, err)
					continue
				}
				e.say(sayDone)
			default:
				ctx, cancel := context.WithTimeout(e.ctx, typeWithin)
				if err := s.Type(ctx, line); err != nil {
					e.warn(errLost, err, address)
				}
				cancel()
			}
		}
	}()
	<-e.ctx.Done()
	return nil
}
