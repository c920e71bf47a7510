package terminal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

// A talk is one conversation with a terminal, from registering to hanging up.
type talk struct {
	z         *ZVT
	wire      *zvtWire
	silence   time.Duration
	progress  func(string)
	stoppable bool // by Abort
	slip      slip // what the terminal wants printed
}

// An ending is how a terminal ended an order.
type ending struct {
	code    int      // zvtDone or zvtAborted
	refused bool     // it did not begin
	why     int      // of an abort, or of a refusal
	booked  *booking // what it said of a payment
	status  int      // of 06 0F: 0 is ready
}

// order sends a command and answers all that the terminal says until it ends
// the order. An error means that its end is not known.
func (t *talk) order(ctx context.Context, a apdu) (ending, error) {
	var end ending
	if err := t.wire.send(ctx, a); err != nil {
		return end, err
	}
	began, heard := false, time.Now()
	for {
		if t.stoppable && began {
			select {
			case <-t.z.abort:
				if err := t.wire.send(ctx, apdu{code: zvtAbort}); err != nil {
					return end, err
				}
			default:
			}
		}
		within, cancel := context.WithTimeout(ctx, lookEvery)
		m, err := t.wire.receive(within)
		cancel()
		limit := t.silence
		if !began {
			limit = min(limit, ackWithin)
		}
		switch {
		case errors.Is(err, port.ErrTimeout) && ctx.Err() == nil && time.Since(heard) < limit: // heard from lately
			continue
		case err != nil:
			return end, err
		}
		heard = time.Now()
		over, err := t.hear(ctx, m, began, &end)
		if err != nil || over {
			return end, err
		}
		began = began || m.code>>8 == 0x80 || m.code>>8 == 0x04 || m.code>>8 == 0x06
	}
}

// hear takes one message of the terminal and answers it. over means that the
// order has ended.
func (t *talk) hear(ctx context.Context, m apdu, began bool, end *ending) (over bool, err error) {
	switch {
	case m.code>>8 == 0x80: // it begins, or an abort was heard
		return false, nil
	case m.code>>8 == 0x84:
		end.refused, end.why = true, m.code&0xff
		return !began, nil // later it only refuses to abort
	case m.code == zvtIntermediate:
		if t.progress != nil && len(m.data) > 0 {
			t.progress(shown(m.data))
		}
	case m.code == zvtResult:
		k, err := readBooking(m.data)
		if err != nil {
			t.z.set.Log.Warn("card terminal", "address", t.z.address.String(), "detail", err.Error())
		}
		end.booked = &k
	case m.code == zvtDone:
		end.code = zvtDone
		if f, _ := fields(m.data); len(f[0x27]) > 0 {
			end.status = int(f[0x27][0])
		} else if len(m.data) == 1 {
			end.status = int(m.data[0])
		}
		over = true
	case m.code == zvtAborted:
		end.code = zvtAborted
		if len(m.data) > 0 {
			end.why = int(m.data[0])
		}
		over = true
	case m.code == zvtPrintLine:
		t.slip.line(m.data)
	case m.code == zvtPrintText:
		t.slip.text(m.data)
	default:
		return false, t.wire.send(ctx, apdu{code: 0x8483}) // not something for a till
	}
	if over {
		// It has said all there is to know; that it hears so is for its own sake.
		if err := t.wire.send(ctx, apdu{code: zvtAck}); err != nil {
			t.z.set.Log.Warn("card terminal", "address", t.z.address.String(), "detail", "the end was not acknowledged: "+err.Error())
		}
		return true, nil
	}
	return false, t.wire.send(ctx, apdu{code: zvtAck})
}

// register opens the conversation by 06 00: the terminal sends what it is at
// (08), lets no amount be typed at it (10), and leaves slips to the till where
// that prints them (86).
func (t *talk) register(ctx context.Context) error {
	options := byte(0x18)
	if t.z.set.Slips {
		options |= 0x86
	}
	data := append(bcd(int64(t.z.set.Password), 3), options)
	end, err := t.order(ctx, apdu{zvtRegister, append(data, bcd(int64(t.z.set.Currency), 2)...)})
	if err != nil {
		return err
	}
	return unready(end)
}

// ready asks by 05 01 whether the terminal is at nothing else.
func (t *talk) ready(ctx context.Context) error {
	end, err := t.order(ctx, apdu{zvtStatusAsk, bcd(int64(t.z.set.Password), 3)})
	if err != nil {
		return err
	}
	if end.status != 0 {
		return device.Fault(device.Offline, "the terminal is not ready: %02x", end.status)
	}
	return unready(end)
}

// unready is why an order that should be done was not.
func unready(end ending) error {
	switch {
	case end.code == zvtDone:
		return nil
	case end.why == zvtCodePleaseWait || end.why == zvtCodeBusy:
		return device.Fault(device.Busy, "the terminal is at something else (%02x)", end.why)
	}
	return device.Fault(device.Offline, "the terminal refuses (%02x)", end.why)
}

// lastPayment asks by 06 20 for the slip of the last payment, and what names
// it. Where the terminal has none, k is nil.
func (t *talk) lastPayment(ctx context.Context) (k *booking, mark string, err error) {
	end, err := t.order(ctx, apdu{zvtRepeat, bcd(int64(t.z.set.Password), 3)})
	switch {
	case err != nil:
		return nil, "", err
	case end.refused, end.code == zvtAborted && (end.why == zvtCodePleaseWait || end.why == zvtCodeBusy):
		return nil, "", unready(end)
	case end.booked == nil:
		return nil, fmt.Sprintf("none %02x", end.why), nil
	}
	return end.booked, end.booked.mark(), nil
}
