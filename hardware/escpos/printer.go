package escpos

import (
	"context"
	"errors"
	"fmt"

	"guitai/hardware/device"
	"guitai/hardware/port"
)

// A Printer is one open link to a printer. One goroutine uses it; another,
// its own, reads what the printer answers.
type Printer struct {
	link     port.Link
	realtime chan byte
	inOrder  chan Answer
	gone     chan struct{}
	cause    error // valid once gone is closed
	stop     context.CancelFunc
	ended    chan struct{}
}

// Connect opens the link to a printer. Errors carry a device.Reason.
func Connect(ctx context.Context, addr port.Address) (*Printer, error) {
	link, err := port.Open(ctx, addr)
	if err != nil {
		return nil, err
	}
	reading, stop := context.WithCancel(context.WithoutCancel(ctx))
	p := &Printer{link: link, realtime: make(chan byte, 16), inOrder: make(chan Answer, 64),
		gone: make(chan struct{}), stop: stop, ended: make(chan struct{})}
	go p.read(reading)
	return p, nil
}

// read hands the answers on until the link ends. Answers that nobody takes are
// lost: a printer that talks without end must not fill the memory.
func (p *Printer) read(ctx context.Context) {
	defer close(p.ended)
	var parser Parser
	buf := make([]byte, 256)
	for {
		n, err := p.link.Read(ctx, buf)
		for _, b := range buf[:n] {
			a, ok := parser.Next(b)
			switch {
			case !ok:
			case a.Kind == Realtime:
				select {
				case p.realtime <- a.Byte:
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
func (p *Printer) Send(ctx context.Context, b []byte) error {
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
func (p *Printer) Proofs() <-chan Answer { return p.inOrder }

// Gone is closed when the far end went away.
func (p *Printer) Gone() <-chan struct{} { return p.gone }

// Ask asks for the state by DLE EOT: no reason, PaperLow, or why the printer
// prints nothing. It fails with device.Timeout for a printer that does not
// answer before ctx ends, and with device.Lost.
func (p *Printer) Ask(ctx context.Context) (device.Reason, error) {
	paper, err := p.ask(ctx, askPaper)
	if err != nil {
		return "", err
	}
	offline, err := p.ask(ctx, askOffline)
	if err != nil {
		return "", err
	}
	fault := byte(0)
	if offline&0x40 != 0 {
		if fault, err = p.ask(ctx, askError); err != nil {
			return "", err
		}
	}
	return reasonOf(offline, fault, paper), nil
}

func (p *Printer) ask(ctx context.Context, n byte) (byte, error) {
	for len(p.realtime) > 0 {
		<-p.realtime // of a question given up before
	}
	if err := p.Send(ctx, askRealtime(n)); err != nil {
		return 0, err
	}
	select {
	case b := <-p.realtime:
		return b, nil
	case <-p.gone:
		return 0, &device.Error{Reason: device.Lost, Err: fmt.Errorf("ask for the status: %w", p.cause)}
	case <-ctx.Done():
		return 0, device.Fault(device.Timeout, "no answer to DLE EOT %d", n)
	}
}

// Close lets go of the printer.
func (p *Printer) Close() error {
	p.stop()
	err := p.link.Close()
	<-p.ended
	return err
}
