package spool

import (
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/till"
)

// A USB printer by its device file proves its slips as one on a serial line
// does, is seen to be gone, and prints on when it is back.
func TestAUSBPrinterIsPulledAndPluggedIn(t *testing.T) {
	c, s := newCable(t), newShelf()
	p := c.printer()
	p.Address = port.Address{Scheme: port.USBLP, Place: c.name}
	sp, _ := start(t, s, p)
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "confirmed", s.is(first, till.JobConfirmed))
	began := time.Now()
	c.pull()
	until(t, "noticed", func() bool { return sp.Status().State == device.Gone })
	if took := time.Since(began); took > 1500*time.Millisecond {
		t.Errorf("noticed after %v", took)
	}
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "held", s.is(second, till.JobHeld))
	began = time.Now()
	c.plug()
	until(t, "confirmed", s.is(second, till.JobConfirmed))
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("printed after %v", took)
	}
	if c.count("1.50\n") != 1 || c.count("2.50\n") != 1 {
		t.Errorf("paper %q", c.paper)
	}
}
