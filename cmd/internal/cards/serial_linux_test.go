package cards_test

import (
	"path/filepath"
	"testing"
	"time"

	"guitai/hardware/sim"
	"guitai/till"
)

// On a serial line, too, a cable that is pulled while the customer pays leaves a
// payment that is found, booked once, and given back.
func TestATerminalOnASerialLine(t *testing.T) {
	link := filepath.Join(t.TempDir(), "terminal")
	c := newCounterOn(t, false, func(x *sim.CardTerminal) (string, error) { return x.Terminal(link) })
	c.obey("damage")
	c.ring(1000)
	c.charge(0)
	c.paid()
	c.obey("late 1")
	c.ring(1100)
	number := c.charge(0)
	c.asked()
	c.obey("unplug")
	c.in(till.Unknown)
	for !c.sim.Idle() {
		time.Sleep(time.Millisecond)
	}
	c.obey("plug", "late 0")
	c.act(till.CheckAttempt{Number: number})
	c.paid()
	c.act(till.PostVoid{Receipt: 1, Reason: "x"})
	c.until("the reversal", func(v till.View) bool {
		return c.kept() == 1100 && len(v.Refunds) == 1 && v.Refunds[0].State == till.RefundDone
	})
	c.even()
}
