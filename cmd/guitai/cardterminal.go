package main

import (
	"context"
	"log/slog"
	"sync"

	"guitai/cmd/internal/cards"
	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/terminal"
	"guitai/till"
	"guitai/ui"
)

// cardTerminal is the card terminal that takes payments: the first that is set
// up. Its methods may be called from any goroutine and do not wait.
type cardTerminal struct {
	log     *slog.Logger
	changed func()
	tap     port.Tap // hears the wire; nil for nobody
	printed func()   // a card slip waits in the print queue

	mu     sync.Mutex
	set    command.Device
	driver terminal.Driver // nil: none is set up
	at     *station        // at work; nil while practising
}

// use drives the first terminal of a list from now on.
func (c *cardTerminal) use(ctx context.Context, list []command.Device) error {
	var set command.Device
	if len(list) > 0 {
		set = list[0]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if set == c.set {
		return nil
	}
	c.set, c.driver = set, nil
	var err error
	if set != (command.Device{}) {
		var addr port.Address
		if addr, err = port.Parse(set.Address); err == nil {
			c.driver, err = command.CardTerminal(set, addr, c.tap)
		}
	}
	if c.driver != nil {
		go func(d terminal.Driver) {
			d.Check(ctx, device.External) // for the status bar; it is asked again with every payment
			c.changed()
		}(c.driver)
	}
	c.hand()
	return err
}

// serve takes payments for a station, nil for none.
func (c *cardTerminal) serve(s *station) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = s
	c.hand()
}

// hand gives the terminal to the station at work. The caller holds mu.
func (c *cardTerminal) hand() {
	s := c.at
	if s == nil {
		return
	}
	if c.driver == nil {
		s.desk.Forget(till.CardTerminal, "live")
		s.reg.Do(till.UseTerminal{})
		return
	}
	t := cards.New(s.book, c.driver, cards.Options{
		Currency: c.set.Currency, Log: c.log, Learned: s.desk.Check,
		Slip: func(ctx context.Context, _, lines string) error {
			err := s.book.AddJob(ctx, till.PrintJob{Kind: till.SlipCard, Text: lines})
			c.printed()
			return err
		},
	})
	if err := s.desk.Use(t.Spec(), t.Account()); err != nil {
		c.log.Error("use the card terminal", "err", err)
		return
	}
	s.cards.add(t)
	s.reg.Do(till.UseTerminal{Name: c.set.Name, Refunds: t.Returns()})
}

// status is the terminal for the status bar; ok is false where there is none.
func (c *cardTerminal) status() (out ui.DeviceStatus, ok bool) {
	c.mu.Lock()
	d, name := c.driver, c.set.Name
	c.mu.Unlock()
	if d == nil {
		return out, false
	}
	out = ui.DeviceStatus{Kind: "terminal", Name: name}
	out.Health, out.State = healthOf(d.Check(context.Background(), device.Internal).Status)
	return out, true
}

// cardOrders are the terminals that have taken payments of a station.
type cardOrders struct {
	mu   sync.Mutex
	list []*cards.Terminal
}

func (c *cardOrders) add(t *cards.Terminal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, t)
}

// wait waits until none of them is at an order any more.
func (c *cardOrders) wait() {
	c.mu.Lock()
	list := c.list
	c.mu.Unlock()
	for _, t := range list {
		t.Wait()
	}
}
