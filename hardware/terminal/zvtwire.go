package terminal

import (
	"context"
	"errors"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

const (
	dle  = 0x10
	stx  = 0x02
	etx  = 0x03
	okay = 0x06 // the other end got a frame
	nope = 0x15 // it got it damaged

	writeWithin = 2 * time.Second
	ackWithin   = 5 * time.Second // for the other end to acknowledge, on the line and above it
	sendsMax    = 3
)

// A zvtWire carries messages over one open link: bare on a socket, in frames
// with a check sum on a serial line (PA00P016).
type zvtWire struct {
	link   port.Link
	framed bool
	within time.Duration // to wait for the line's acknowledgement
	in     []byte
	queue  []apdu // came while an acknowledgement was waited for
	buf    [512]byte
}

// send hands a message over. On a serial line it waits until the terminal has
// it whole, and sends it again only where the terminal says that it came
// damaged: what was met by silence may have arrived.
func (w *zvtWire) send(ctx context.Context, a apdu) error {
	if !w.framed {
		return w.write(ctx, a.bytes())
	}
	within, cancel := context.WithTimeout(ctx, w.within)
	defer cancel()
	for range sendsMax {
		if err := w.write(ctx, frame(a.bytes())); err != nil {
			return err
		}
		for {
			took, err := w.step(within)
			if err != nil {
				return err
			}
			if took == nope {
				break
			}
			if took == okay {
				return nil
			}
		}
	}
	return device.Fault(device.Garbled, "the terminal got a message damaged %d times: look at the cable and the speed", sendsMax)
}

func (w *zvtWire) write(ctx context.Context, b []byte) error {
	within, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	return w.link.Write(within, b)
}

// receive waits for a message. port.ErrTimeout leaves what came of one so far
// for the next call.
func (w *zvtWire) receive(ctx context.Context) (apdu, error) {
	for len(w.queue) == 0 {
		if _, err := w.step(ctx); err != nil {
			return apdu{}, err
		}
	}
	a := w.queue[0]
	w.queue = w.queue[1:]
	return a, nil
}

// step reads once. It puts messages in the queue, and returns okay or nope
// where one of these came.
func (w *zvtWire) step(ctx context.Context) (took byte, err error) {
	before := len(w.queue)
	for {
		took, again, reply := w.parse()
		if reply != 0 {
			if err := w.write(ctx, []byte{reply}); err != nil {
				return 0, err
			}
		}
		if took != 0 || reply != 0 || len(w.queue) > before {
			return took, nil
		}
		if again {
			continue
		}
		n, err := w.link.Read(ctx, w.buf[:])
		if err != nil {
			return 0, err
		}
		w.in = append(w.in, w.buf[:n]...)
		if len(w.in) > 2*apduMax {
			return 0, errors.Join(port.ErrGone, device.Fault(device.Garbled, "%d bytes came and no message among them", len(w.in)))
		}
	}
}

// parse takes one thing from the front of what came.
func (w *zvtWire) parse() (took byte, again bool, reply byte) {
	if !w.framed {
		if a, n := nextAPDU(w.in); n > 0 {
			w.queue = append(w.queue, apdu{a.code, append([]byte(nil), a.data...)})
			w.in = w.in[n:]
		}
		return 0, false, 0
	}
	f := nextFrame(w.in)
	w.in = w.in[f.n:]
	switch {
	case f.n == 0:
		return 0, false, 0
	case f.sign != 0:
		return f.sign, false, 0
	case f.damaged:
		return 0, false, nope
	case f.data == nil:
		return 0, true, 0 // noise
	}
	if a, n := nextAPDU(f.data); n == len(f.data) {
		w.queue = append(w.queue, a)
		return 0, false, okay
	}
	return 0, false, nope
}

// frame puts a message between DLE STX and DLE ETX, with each DLE in it
// doubled, and the check sum of the message and ETX behind it.
func frame(b []byte) []byte {
	out := []byte{dle, stx}
	for _, c := range b {
		if out = append(out, c); c == dle {
			out = append(out, dle)
		}
	}
	sum := crc(append(append([]byte(nil), b...), etx))
	return append(out, dle, etx, byte(sum), byte(sum>>8))
}

// A framePart is what stands at the front of the bytes of a serial line.
type framePart struct {
	n       int    // bytes that it takes; 0 where more has to come
	sign    byte   // okay or nope
	data    []byte // of a frame
	damaged bool
}

func nextFrame(b []byte) framePart {
	for i, c := range b {
		switch {
		case c == okay || c == nope:
			if i > 0 {
				return framePart{n: i}
			}
			return framePart{n: 1, sign: c}
		case c == dle && i+1 == len(b):
			return framePart{n: i} // STX may follow
		case c == dle && b[i+1] == stx:
			if i > 0 {
				return framePart{n: i}
			}
			return readFrame(b)
		}
	}
	return framePart{n: len(b)}
}

func readFrame(b []byte) framePart {
	var data []byte
	for i := 2; i < len(b); i++ {
		if b[i] != dle {
			data = append(data, b[i])
			continue
		}
		if i+1 >= len(b) {
			break
		}
		switch i++; b[i] {
		case dle:
			data = append(data, dle)
		case stx:
			return framePart{n: i - 1} // another begins: this one was cut short
		case etx:
			if i+2 >= len(b) {
				return framePart{}
			}
			sum := crc(append(append([]byte(nil), data...), etx))
			if b[i+1] != byte(sum) || b[i+2] != byte(sum>>8) || len(data) == 0 {
				return framePart{n: i + 3, damaged: true}
			}
			return framePart{n: i + 3, data: data}
		default:
			return framePart{n: i + 1, damaged: true}
		}
	}
	if len(b) > apduMax {
		return framePart{n: 2}
	}
	return framePart{}
}

// crc is CRC-16 with the polynomial x^16+x^12+x^5+1, bits reversed, begun at 0.
func crc(b []byte) uint16 {
	var sum uint16
	for _, c := range b {
		sum ^= uint16(c)
		for range 8 {
			if sum&1 != 0 {
				sum = sum>>1 ^ 0x8408
			} else {
				sum >>= 1
			}
		}
	}
	return sum
}
