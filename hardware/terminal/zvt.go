package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

// ZVTSettings say what the terminal is. The zero value is right for most.
type ZVTSettings struct {
	Password int           // six digits; terminals come with 000000
	Currency int           // ISO 4217 number; 0 is 978, the euro
	Slips    bool          // the till prints the card slips; else the terminal does
	Silence  time.Duration // after which a terminal that says nothing is given up; 0 is 90 s
	Log      *slog.Logger
	Tap      port.Tap // hears the wire; nil for nobody
}

const (
	openWithin   = 3 * time.Second
	lookEvery    = 100 * time.Millisecond // for a wish to abort
	silenceUsual = 90 * time.Second       // a customer looks for a card that long
	askWithin    = 10 * time.Second       // for all of a question that nobody has to answer
)

// A ZVT drives a terminal by the protocol of German, Austrian and Swiss ones
// (PA00P015, on a serial line PA00P016). Each call opens the port, registers,
// does one thing and lets go of it. It was tried against a simulator only.
type ZVT struct {
	address port.Address
	set     ZVTSettings
	abort   chan struct{}

	mu   sync.Mutex
	last device.Status
	mark string // of the last payment that is known
}

// NewZVT makes a driver for the terminal at an address: a socket, usually of
// port 20007, or a serial line, usually 9600 8N2.
func NewZVT(a port.Address, set ZVTSettings) (*ZVT, error) {
	switch {
	case a.Scheme == port.File:
		return nil, device.Fault(device.Illegal, "a card terminal cannot be a file")
	case set.Password < 0 || set.Password > 999999:
		return nil, device.Fault(device.Illegal, "the password of a terminal has six digits")
	case set.Currency < 0 || set.Currency > 999:
		return nil, device.Fault(device.Illegal, "a currency is a number of three digits, such as 978")
	}
	if set.Currency == 0 {
		set.Currency = 978
	}
	if set.Silence == 0 {
		set.Silence = silenceUsual
	}
	if set.Log == nil {
		set.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return &ZVT{address: a, set: set, abort: make(chan struct{}, 1), last: device.Status{State: device.Connecting}}, nil
}

// Status returns how the terminal was when it was spoken to last.
func (z *ZVT) Status() device.Status {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.last
}

func (z *ZVT) note(err error) {
	s := device.Status{State: device.Ready, At: time.Now()}
	if err != nil {
		s.State, s.Reason, s.Detail = device.Attention, device.ReasonOf(err), err.Error()
		if errors.Is(err, port.ErrGone) {
			s.Reason = device.Lost
		}
		if s.Reason == device.NoHardware {
			s.State = device.Gone
		}
		z.set.Log.Warn("card terminal", "address", z.address.String(), "reason", string(s.Reason), "detail", s.Detail)
	}
	z.mu.Lock()
	z.last = s
	z.mu.Unlock()
}

// Check says how the terminal is; External and Interactive ask it by 05 01.
func (z *ZVT) Check(ctx context.Context, level device.Level) device.Report {
	began := time.Now()
	if level != device.Internal {
		z.note(z.with(ctx, func(ctx context.Context, t *talk) error { return t.ready(ctx) }))
	}
	return device.Report{Device: z.address.String(), Status: z.Status(), Took: time.Since(began)}
}

// with opens the port, registers and calls f.
func (z *ZVT) with(ctx context.Context, f func(context.Context, *talk) error) error {
	if z.set.Tap != nil {
		ctx = port.Tapped(ctx, z.set.Tap)
	}
	within, cancel := context.WithTimeout(ctx, openWithin)
	link, err := port.Open(within, z.address)
	cancel()
	if err != nil {
		return err
	}
	defer link.Close()
	t := &talk{z: z, silence: min(askWithin, z.set.Silence)}
	t.wire = &zvtWire{link: link, framed: z.address.Scheme == port.Serial, within: min(ackWithin, z.set.Silence)}
	if err := t.register(ctx); err != nil {
		return fmt.Errorf("register at the terminal: %w", err)
	}
	return f(ctx, t)
}

// Mark asks for the terminal's last payment. Where the terminal prints slips,
// asking prints one, so that it is asked once only.
func (z *ZVT) Mark(ctx context.Context) (string, error) {
	z.mu.Lock()
	known := z.mark
	z.mu.Unlock()
	if known != "" && !z.set.Slips {
		return known, nil
	}
	var mark string
	err := z.with(ctx, func(ctx context.Context, t *talk) (err error) {
		if err = t.ready(ctx); err != nil {
			return err
		}
		_, mark, err = t.lastPayment(ctx)
		return err
	})
	if z.note(err); err != nil {
		return "", err
	}
	z.remember(mark)
	return mark, nil
}

func (z *ZVT) remember(mark string) {
	z.mu.Lock()
	z.mark = mark
	z.mu.Unlock()
}

// Abort asks for an end of the payment that is under way.
func (z *ZVT) Abort() {
	select {
	case z.abort <- struct{}{}:
	default: // it is asked for already
	}
}

// Pay orders a payment by 06 01 and waits for 06 0F or 06 1E.
func (z *ZVT) Pay(ctx context.Context, p Payment, progress func(string)) Result {
	return z.order(ctx, p, apdu{zvtPay, money(p)}, progress)
}

// money are the fields of an amount and its currency.
func money(p Payment) []byte {
	return append(append([]byte{0x04}, bcd(p.Amount, 6)...), append([]byte{0x49}, bcd(int64(p.Currency), 2)...)...)
}

// GiveBack reverses a payment of the same day whole, by 06 30 and the number of
// its slip, for which no card is needed. Anything else is a refund, by 06 31, and
// the customer presents the card.
func (z *ZVT) GiveBack(ctx context.Context, p Payment, progress func(string)) Result {
	if n, err := strconv.ParseInt(p.Of.Receipt, 10, 64); err == nil && n > 0 && p.Amount == p.Of.Amount && sameDay(p.Of.At, p.At) {
		return z.order(ctx, p, apdu{zvtReverse, append(bcd(int64(z.set.Password), 3), append([]byte{0x87}, bcd(n, 2)...)...)}, progress)
	}
	return z.order(ctx, p, apdu{zvtRefund, append(bcd(int64(z.set.Password), 3), money(p)...)}, progress)
}

func sameDay(a, b time.Time) bool {
	b = b.In(a.Location())
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// order sends an order that moves money, and waits for its end.
func (z *ZVT) order(ctx context.Context, p Payment, a apdu, progress func(string)) Result {
	select {
	case <-z.abort: // of the payment before
	default:
	}
	r := Result{Outcome: Declined, Reason: NotSent}
	err := z.with(ctx, func(ctx context.Context, t *talk) error {
		r = Result{Outcome: Unknown, Reason: LinkLost}
		t.silence, t.progress, t.stoppable = z.set.Silence, progress, true
		end, err := t.order(ctx, a)
		r = paid(p, end, err)
		r.Slip = t.slip.String()
		return err
	})
	if err != nil {
		r.Detail = err.Error()
	}
	z.note(err)
	if r.Outcome == Approved && r.Trace+r.Receipt != "" {
		z.remember(booking{trace: r.Trace, receipt: r.Receipt}.mark())
	} else {
		z.remember("") // what the terminal has now is to be asked for
	}
	return r
}

// paid judges the end of an order. Declined needs the word of the terminal.
func paid(p Payment, end ending, err error) Result {
	r := Result{Outcome: Unknown, Reason: LinkLost}
	if end.booked != nil {
		k := *end.booked
		r.Card, r.Scheme, r.Trace, r.Receipt, r.Auth, r.Terminal = k.card, k.scheme, k.trace, k.receipt, k.auth, k.terminal
	}
	approved := end.booked != nil && end.booked.code == 0
	switch {
	case errors.Is(err, port.ErrTimeout):
		r.Reason = Silent
	case err != nil:
	case end.code == zvtAborted && approved:
		r.Reason, r.Detail = Doubtful, "approved, and then aborted"
	case end.code == zvtAborted && end.why == zvtCodeCancelled:
		r.Outcome, r.Reason = Declined, Cancelled
	case end.code == zvtAborted:
		r.Outcome, r.Reason, r.Detail = Declined, Refused, fmt.Sprintf("code %02x", end.why)
	case end.refused && (end.why == zvtCodePleaseWait || end.why == zvtCodeBusy):
		r.Outcome, r.Reason, r.Detail = Declined, Occupied, fmt.Sprintf("the order was refused with %02x", end.why)
	case end.refused:
		r.Outcome, r.Reason, r.Detail = Declined, NotSent, fmt.Sprintf("the order was refused with %02x", end.why)
	case end.booked == nil || end.booked.code < 0:
		r.Reason, r.Detail = Doubtful, "completed without a result"
	case !approved:
		r.Outcome, r.Reason, r.Detail = Declined, Refused, fmt.Sprintf("code %02x", end.booked.code)
	case !matches(*end.booked, p):
		r.Reason, r.Detail = Doubtful, fmt.Sprintf("the terminal booked %d, not %d", end.booked.amount, p.Amount)
	default:
		r.Outcome, r.Reason = Approved, ""
	}
	return r
}

// matches says whether a booking is of what was ordered. A terminal need not
// name the currency.
func matches(k booking, p Payment) bool {
	return k.amount == p.Amount && (k.currency == 0 || k.currency == p.Currency)
}

// Recover asks whether the terminal is idle, by 05 01, and for its last
// payment, by 06 20. The one of the till's is known by its amount, and by being
// another than the last one before it.
func (z *ZVT) Recover(ctx context.Context, p Payment) Result {
	r := Result{Outcome: Unknown, Reason: LinkLost}
	err := z.with(ctx, func(ctx context.Context, t *talk) error {
		if err := t.ready(ctx); err != nil {
			return err
		}
		k, mark, err := t.lastPayment(ctx)
		if err != nil {
			return err
		}
		if k != nil {
			r.Card, r.Scheme, r.Trace, r.Receipt, r.Auth, r.Terminal = k.card, k.scheme, k.trace, k.receipt, k.auth, k.terminal
			r.Slip = t.slip.String()
		}
		switch {
		case p.Mark == "":
			r.Reason, r.Detail = Doubtful, "it is not known what the terminal had before"
		case mark == p.Mark:
			r = Result{Outcome: Declined, Reason: NotBooked}
		case k == nil || k.code < 0:
			r.Reason, r.Detail = Doubtful, "the terminal has no payment any more"
		case !matches(*k, p):
			r.Reason, r.Detail = Doubtful, fmt.Sprintf("the terminal's last payment is one of %d, not of %d", k.amount, p.Amount)
		case k.code == 0:
			r.Outcome, r.Reason = Approved, ""
		default:
			r.Outcome, r.Reason, r.Detail = Declined, Refused, fmt.Sprintf("code %02x", k.code)
		}
		z.remember(mark)
		return nil
	})
	if z.note(err); err != nil {
		r.Detail = err.Error()
		switch reason := device.ReasonOf(err); {
		case errors.Is(err, port.ErrTimeout):
			r.Reason = Silent
		case reason == device.Busy || reason == device.Offline:
			r.Reason = Occupied
		}
	}
	return r
}
