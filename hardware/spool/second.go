package spool

import (
	"context"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/dialect"
	"guitai/hardware/port"
	"guitai/hardware/printer"
)

// takenOver lets the other printer take over, once slips have waited long enough
// for one that is gone, and says whether it does. Nothing of what waits was
// sent, so that nothing can come out of both.
func (w *worker) takenOver() bool {
	if w.other.none() {
		return false
	}
	if w.gone.IsZero() {
		w.gone = time.Now()
	}
	if time.Since(w.gone) < w.pace.takeOver {
		return false
	}
	w.opt.Log.Warn("the other printer takes over", "from", w.to.Address.String(), "to", w.other.Address.String(), "reason", w.reason)
	w.change()
	return true
}

// givenBack looks at the first printer now and then while the second prints and
// nothing waits, and says whether the first prints again.
func (w *worker) givenBack() bool {
	w.mu.Lock()
	second := w.status.Second
	w.mu.Unlock()
	if !second || time.Since(w.look1) < w.pace.giveBack || !w.works(w.other) {
		return false
	}
	w.opt.Log.Info("the first printer is there again", "address", w.other.Address.String())
	w.change()
	return true
}

// change goes on with the other printer.
func (w *worker) change() {
	w.to, w.other, w.look1 = w.other, w.to, time.Now()
	w.set(func(s *Status) { s.Second = !s.Second })
	w.begin()
}

// works says whether a printer is there and prints, as far as it tells.
func (w *worker) works(p Printer) bool {
	w.look1 = time.Now()
	ctx, cancel := context.WithTimeout(w.link, w.pace.answer)
	defer cancel()
	link, err := printer.Connect(ctx, p.Address, dialect.Of(p.Profile))
	if err != nil {
		return false
	}
	defer link.Close()
	if p.Profile.Status == "no" || p.Address.Scheme == port.File {
		return true
	}
	reason, err := link.Ask(ctx)
	if err != nil {
		return device.ReasonOf(err) == device.Timeout && p.Profile.Status != "yes" // it tells nothing
	}
	return reason == "" || reason == device.PaperLow
}
