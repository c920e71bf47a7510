package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"guitai/hardware/sim"
)

// columnDots is the width of a character of the printer's normal font.
const columnDots = 12

// idleSlip is how long after the last byte a slip without a cut is whole.
const idleSlip = 2 * time.Second

type printerCmd struct {
	place
	Out     string `placeholder:"DIR" help:"${h_out}"`
	Columns int    `default:"48" help:"${h_columns}"`
	Speaks  string `enum:"escpos,star" default:"escpos" help:"${h_speaks}"`
}

// Run prints until the program is interrupted.
func (c *printerCmd) Run(e *env) error {
	if c.Out != "" {
		if err := os.MkdirAll(c.Out, 0o755); err != nil {
			return fmt.Errorf("make the folder: %w", err)
		}
	}
	var mu sync.Mutex // slips and answers to commands come from two goroutines
	slips := 0
	p := sim.NewPrinter(sim.PrinterOptions{
		Language: c.Speaks, Dots: c.Columns * columnDots, Idle: idleSlip,
		Done: func(s sim.Slip) {
			mu.Lock()
			defer mu.Unlock()
			slips++
			e.say(saySlip, slips, len(s.Raw))
			fmt.Fprint(e.out, s.Text(c.Columns))
			if len(s.Unknown) > 0 {
				e.say(sayUnknown, strings.Join(s.Unknown, ", "))
			}
			if err := c.save(s, slips); err != nil {
				e.warn(errSave, err)
			}
		},
		Opened: func(x sim.Pulse) {
			mu.Lock()
			defer mu.Unlock()
			e.say(sayDrawer, x.Pin, x.On)
		},
	})
	address, err := c.plug(p)
	if err != nil {
		return err
	}
	defer p.Close()
	e.say(sayPrinter, address)
	e.say(sayFaults, sim.Faults)
	go obeyLines(e, &mu, p.Obey)
	<-e.ctx.Done()
	return nil
}

// save writes a slip as text and as it was received.
func (c *printerCmd) save(s sim.Slip, n int) error {
	if c.Out == "" {
		return nil
	}
	name := filepath.Join(c.Out, fmt.Sprintf("%s-%04d", s.Began.Format("20060102-150405"), n))
	if err := os.WriteFile(name+".txt", []byte(s.Text(c.Columns)), 0o644); err != nil {
		return fmt.Errorf("save the text: %w", err)
	}
	if err := os.WriteFile(name+".bin", s.Raw, 0o644); err != nil {
		return fmt.Errorf("save the bytes: %w", err)
	}
	return nil
}
