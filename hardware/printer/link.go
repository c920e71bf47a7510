package printer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

// A Link is one open link to a printer. One goroutine uses it; another, its
// own, reads what the printer answers.
type Link struct {
	link     port.Link
	scheme   port.Scheme
	speak    Language
	heard    bool // it answered a question about its state
	mute     bool // it did not, and the system's word stands
	realtime chan Answer
	inOrder  chan Answer
	gone     chan struct{}
	cause    error // valid once gone is closed
	stop     context.CancelFunc
	ended    chan struct{}
}

// Connect opens the link to a printer of a language. Errors carry a
// device.Reason.
func Connect(ctx context.Context, addr port.Address, l Language) (*Link, error) {
	link, err := port.Open(ctx, addr)
	if err != nil {
		return nil, err
	}
	reading, stop := context.WithCancel(context.WithoutCancel(ctx))
	p := &Link{link: link, scheme: addr.Scheme, speak: l, realtime: make(chan Answer, 16), inOrder: make(chan Answer, 64),
		gone: make(chan struct{}), stop: stop, ended: make(chan struct{})}
	go p.read(reading)
	if hello := l.Greet(); len(hello) > 0 && !addr.Scheme.Queued() { // there it would be a job
		if err := p.Send(ctx, hello); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	return p, nil
}

// read hands the answers on until the link ends. Answers that nobody takes are
// lost: a printer that talks without end must not fill the memory.
func (p *Link) read(ctx context.Context) {
	defer close(p.ended)
	parser := p.speak.Reader()
	buf := make([]byte, 256)
	for {
		n, err := p.link.Read(ctx, buf)
		for _, b := range buf[:n] {
			a, ok := parser.Next(b)
			switch {
			case !ok:
			case a.Kind == Realtime:
				a.More = slices.Clone(a.More)
				select {
				case p.realtime <- a:
				default:
				}
			case a.Kind == InOrder, a.Kind == Process:
				select {
				case p.inOrder <- a:
				default:
				}
			}
		}
		if err != nil {
			if ctx.Err() == nil {
				p.cause = err
				close(p.gone)
			}
			return
		}
	}
}

// Send hands bytes over. After an error nobody knows how much arrived. Errors
// carry device.Lost, or device.Timeout where ctx ended.
func (p *Link) Send(ctx context.Context, b []byte) error {
	err := p.link.Write(ctx, b)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, port.ErrTimeout):
		return device.Fault(device.Timeout, "the printer takes no data: %w", err)
	}
	return device.Fault(device.Lost, "send %d bytes: %w", len(b), err)
}

// Proofs gives the answers of barriers, as they come.
func (p *Link) Proofs() <-chan Answer { return p.inOrder }

// Gone is closed when the far end went away.
func (p *Link) Gone() <-chan struct{} { return p.gone }

// Ask asks for the state: no reason, PaperLow, or why the printer prints
// nothing. It fails with device.Timeout for a printer that does not answer
// before ctx ends, and with device.Lost. Where the system knows the state too, it
// is asked first, and a printer that answers nothing is one that it finds
// nothing wrong with.
func (p *Link) Ask(ctx context.Context) (device.Reason, error) {
	known, ok, err := port.StateOf(ctx, p.link)
	switch {
	case err != nil:
		return "", err
	case known.Stops:
		return known.Reason, nil
	case ok && (p.mute || !p.scheme.Answers()):
		if known.Reason == device.PaperLow {
			return device.PaperLow, nil
		}
		return "", nil
	}
	reason, err := p.speak.Ask(func(question []byte) (Answer, error) { return p.ask(ctx, question) })
	if ok && !p.heard && device.ReasonOf(err) == device.Timeout {
		p.mute = true
		return "", nil
	}
	p.heard = p.heard || err == nil
	return reason, err
}

// Matter is what the system knows to be the matter with the printer, which it
// can be asked while bytes are being sent. The empty reason is nothing that is
// known.
func (p *Link) Matter(ctx context.Context) device.Reason {
	known, _, err := port.StateOf(ctx, p.link)
	if err != nil {
		return ""
	}
	return known.Reason
}

func (p *Link) ask(ctx context.Context, question []byte) (Answer, error) {
	for len(p.realtime) > 0 {
		<-p.realtime // of a question given up before
	}
	if err := p.Send(ctx, question); err != nil {
		return Answer{}, err
	}
	select {
	case a := <-p.realtime:
		return a, nil
	case <-p.gone:
		return Answer{}, &device.Error{Reason: device.Lost, Err: fmt.Errorf("ask for the status: %w", p.cause)}
	case <-ctx.Done():
		return Answer{}, device.Fault(device.Timeout, "no answer to % x", question)
	}
}

// Close lets go of the printer.
func (p *Link) Close() error {
	p.stop()
	err := p.link.Close()
	<-p.ended
	return err
}
