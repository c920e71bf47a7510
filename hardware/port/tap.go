package port

import "context"

// A Tap hears what goes over links, for a technician. It is called on the
// goroutine that reads or writes, and must not wait; p is only good until it
// returns. What it hears is as it was on the wire, secrets included.
type Tap interface {
	// Opened tells of an attempt to open an address, and of its outcome.
	Opened(a Address, err error)
	// Sent tells of bytes that were handed over; with err nobody knows how many
	// of them were. Received tells of bytes that came.
	Sent(a Address, p []byte, err error)
	Received(a Address, p []byte)
	// Closed tells that a link was let go of.
	Closed(a Address)
}

type tapKey struct{}

// Tapped returns a context under which Open makes links that t hears.
func Tapped(ctx context.Context, t Tap) context.Context {
	return context.WithValue(ctx, tapKey{}, t)
}

// tapped is a link with somebody who hears.
type tapped struct {
	Link
	address Address
	tap     Tap
}

// listen puts the tap of ctx on a link that was opened, or was not.
func listen(ctx context.Context, a Address, l Link, err error) (Link, error) {
	t, ok := ctx.Value(tapKey{}).(Tap)
	if !ok {
		return l, err
	}
	t.Opened(a, err)
	if err != nil {
		return nil, err
	}
	return &tapped{l, a, t}, nil
}

func (l *tapped) Write(ctx context.Context, p []byte) error {
	err := l.Link.Write(ctx, p)
	l.tap.Sent(l.address, p, err)
	return err
}

func (l *tapped) Read(ctx context.Context, p []byte) (int, error) {
	n, err := l.Link.Read(ctx, p)
	if n > 0 {
		l.tap.Received(l.address, p[:n])
	}
	return n, err
}

func (l *tapped) Close() error {
	err := l.Link.Close()
	l.tap.Closed(l.address)
	return err
}
