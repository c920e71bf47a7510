package trace

import (
	"context"
	"slices"
	"sync"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

const (
	keepBytes = 64 << 10                // of each address
	keepCount = 2000                    // entries of each address: a scale that is asked says little, often
	pieceMax  = 512                     // bytes of one entry
	quiet     = 200 * time.Millisecond  // after which bytes that came are an entry
	spanMax   = time.Second             // between the first byte of an entry and its last
	restTime  = 1500 * time.Millisecond // within which digits go on with a number that was cut
	heldMax   = 96                      // bytes at the end of a piece that may be the beginning of a secret
)

// Way says what an entry is.
type Way string

// The ways.
const (
	Out    Way = "out"    // the till to the device
	In     Way = "in"     // the device to the till
	Opened Way = "opened" // the port was opened, or Note says why not
	Closed Way = "closed"
	Failed Way = "failed" // a write; how much of it went nobody knows
)

// An Entry is bytes that went over a wire, in one direction and close to one
// another, or what became of the wire.
type Entry struct {
	Address port.Address
	At      time.Time // of the first byte
	Way     Way
	Bytes   []byte // masked
	Note    string // of an error, in English; no secrets
}

// Options say how a Book hears. The zero value is right where no card terminal
// is heard.
type Options struct {
	// Cards reports whether a card terminal is at an address: card numbers come
	// packed from there, two digits to a byte. It must not wait.
	Cards func(port.Address) bool
	Now   func() time.Time // nil is the machine's
}

// A Book keeps entries in memory, 64 kB of each address. It is a port.Tap; its
// methods may be called from any goroutine.
type Book struct {
	opt Options

	mu      sync.Mutex
	wires   map[port.Address]*wire
	hearing map[chan Entry]struct{}
}

// wire is what is kept of one address.
type wire struct {
	kept  []Entry
	bytes int
	half  map[Way]*gathering
}

// gathering is bytes that may go on: a code comes in pieces, and must be masked
// as a whole.
type gathering struct {
	b    []byte
	at   time.Time
	turn *time.Timer
	n    int       // of timers, so that a late one does nothing
	open time.Time // when something was given last that ended with a digit
}

// New makes an empty book.
func New(opt Options) *Book {
	if opt.Cards == nil {
		opt.Cards = func(port.Address) bool { return false }
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Book{opt: opt, wires: map[port.Address]*wire{}, hearing: map[chan Entry]struct{}{}}
}

// Opened is part of port.Tap.
func (b *Book) Opened(a port.Address, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := Entry{Address: a, At: b.opt.Now(), Way: Opened}
	if err != nil {
		e.Note = string(device.ReasonOf(err)) + ": " + err.Error()
		// A device that is away is tried for hours; the first of the same tells all.
		if w := b.wire(a); len(w.kept) > 0 {
			if last := w.kept[len(w.kept)-1]; last.Way == Opened && last.Note == e.Note {
				return
			}
		}
	}
	b.keep(e)
}

// Closed is part of port.Tap.
func (b *Book) Closed(a port.Address) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finish(a)
	b.keep(Entry{Address: a, At: b.opt.Now(), Way: Closed})
}

// Sent is part of port.Tap.
func (b *Book) Sent(a port.Address, p []byte, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.gather(a, Out, p)
		return
	}
	b.finish(a)
	b.keep(Entry{Address: a, At: b.opt.Now(), Way: Failed, Note: err.Error()})
}

// Received is part of port.Tap.
func (b *Book) Received(a port.Address, p []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gather(a, In, p)
}

func (b *Book) wire(a port.Address) *wire {
	w := b.wires[a]
	if w == nil {
		w = &wire{half: map[Way]*gathering{Out: {}, In: {}}}
		b.wires[a] = w
	}
	return w
}

// gather takes bytes, and keeps what cannot be a part of something longer.
func (b *Book) gather(a port.Address, way Way, p []byte) {
	g := b.wire(a).half[way]
	for len(p) > 0 {
		if len(g.b) == 0 {
			g.at = b.opt.Now()
		}
		n := min(len(p), max(pieceMax-len(g.b), 1))
		g.b = append(g.b, p[:n]...)
		p = p[n:]
		// A scale that never stops is cut as well, so that times mean something.
		if len(g.b) >= pieceMax || b.opt.Now().Sub(g.at) > spanMax {
			whole := len(g.b) - unfinished(g.b, b.opt.Cards(a))
			b.give(a, way, g, whole)
		}
	}
	if g.turn != nil {
		g.turn.Stop()
	}
	g.n++
	mine := g.n
	g.turn = time.AfterFunc(quiet, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if g.n == mine {
			b.give(a, way, g, len(g.b))
		}
	})
}

// finish keeps what is gathered of an address.
func (b *Book) finish(a port.Address) {
	for way, g := range b.wire(a).half {
		b.give(a, way, g, len(g.b))
	}
}

// give masks and keeps the first n bytes that were gathered.
func (b *Book) give(a port.Address, way Way, g *gathering, n int) {
	if n == 0 {
		return
	}
	masked := mask(g.b[:n], b.opt.Cards(a), g.at.Sub(g.open) < restTime)
	g.open = time.Time{}
	if digit(g.b[n-1]) {
		g.open = b.opt.Now()
	}
	rest := slices.Clone(g.b[n:])
	b.keep(Entry{Address: a, At: g.at, Way: way, Bytes: masked})
	g.b = rest
	g.at = b.opt.Now()
}

// keep keeps an entry, lets the oldest go, and tells who follows.
func (b *Book) keep(e Entry) {
	w := b.wire(e.Address)
	w.kept = append(w.kept, e)
	w.bytes += len(e.Bytes)
	for w.bytes > keepBytes || len(w.kept) > keepCount {
		w.bytes -= len(w.kept[0].Bytes)
		w.kept = w.kept[1:]
	}
	for c := range b.hearing {
		select {
		case c <- e:
		default: // who follows is slower than the wire, and misses some
		}
	}
}

// Entries returns what is kept of the addresses, oldest first; of all where
// none is named. What is still being gathered is given first.
func (b *Book) Entries(of ...port.Address) []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Entry
	for a, w := range b.wires {
		if len(of) == 0 || slices.Contains(of, a) {
			out = append(out, w.kept...)
		}
	}
	slices.SortStableFunc(out, func(x, y Entry) int { return x.At.Compare(y.At) })
	return out
}

// Follow calls f with every entry of an address from now on, of every address
// where it is the zero one, until ctx ends or f fails.
func (b *Book) Follow(ctx context.Context, a port.Address, f func(Entry) error) error {
	c := make(chan Entry, 256)
	b.mu.Lock()
	b.hearing[c] = struct{}{}
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		delete(b.hearing, c)
		b.mu.Unlock()
	}()
	for {
		select {
		case e := <-c:
			if a != (port.Address{}) && e.Address != a {
				continue
			}
			if err := f(e); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
