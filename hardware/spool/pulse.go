package spool

import (
	"context"
	"errors"
	"time"

	"guitai/hardware/device"
	"guitai/till"
)

// pulsesDue lists the pulses that are still in time.
func (w *worker) pulsesDue() ([]till.Pulse, error) {
	pulses, err := w.opt.Store.PulsesDue(w.run)
	if err != nil {
		return nil, err
	}
	life := w.pace.pulse
	if !w.started {
		life = w.pace.pulseStart
	}
	var out []till.Pulse
	for _, p := range pulses {
		if w.age(p.Created) <= life {
			out = append(out, p)
			continue
		}
		if err := w.opt.Store.MarkPulse(w.store(), p.ID, till.PulseExpired); err != nil {
			return nil, err
		}
		w.opt.Log.Warn("the drawer was not opened in time", "reason", p.Reason)
	}
	w.started = true
	return out, nil
}

// errStore marks errors of the store, which are none of the printer's.
var errStore = errors.New("the print queue cannot be written")

// askAndOpen opens the drawer after a look at the printer's state, where that
// is answered. The error means that the printer is lost, or is errStore.
// Pulses that were not begun stay queued.
func (w *worker) askAndOpen(pulses []till.Pulse) error {
	if w.answers == yes {
		err := w.ready()
		if silent(err) != nil || w.link.Err() != nil {
			return err
		}
		w.reason = device.ReasonOf(err)
	}
	return w.openDrawer(pulses)
}

// openMeanwhile gives the pulses that came while a slip is waited for.
func (w *worker) openMeanwhile() error {
	pulses, err := w.pulsesDue()
	if err == nil {
		err = w.openDrawer(pulses)
	}
	if err != nil && w.link.Err() == nil && device.ReasonOf(err) == device.Lost {
		return err
	}
	return nil // the queue is read again after the slip
}

// openDrawer gives pulses, each at most once. A printer that lacks paper or is
// open would keep the usual command and obey it later, when nobody stands at the
// drawer; it gets the one that does not wait.
func (w *worker) openDrawer(pulses []till.Pulse) error {
	b := w.speak.Pulse(&w.to.Profile)
	if w.reason != "" && w.reason != device.PaperLow {
		b = w.speak.RealtimePulse(&w.to.Profile)
	}
	for _, p := range pulses {
		if err := w.opt.Store.MarkPulse(w.store(), p.ID, till.PulseSent); err != nil {
			return errors.Join(errStore, err)
		}
		within := w.pace.answer
		if w.to.Address.Scheme.Queued() {
			within = w.pace.proof // it goes through the system's queue, and is taken back after that
		}
		ctx, cancel := context.WithTimeout(w.link, within)
		err := w.p.Send(ctx, b)
		cancel()
		if err != nil {
			w.opt.Log.Error("the drawer may not have opened", "reason", p.Reason, "err", err)
			return errors.Join(err, w.opt.Store.MarkPulse(w.store(), p.ID, till.PulseFailed))
		}
	}
	w.idleSince = time.Now()
	return nil
}

// silent returns err where it says that a printer did not answer or is gone,
// and nil where the printer itself said what is wrong.
func silent(err error) error {
	if r := device.ReasonOf(err); r == device.Timeout || r == device.Lost || r == device.Closed {
		return err
	}
	return nil
}
