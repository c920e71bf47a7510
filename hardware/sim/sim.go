// Package sim is the other end of the wires: a printer and a scanner in
// software, on a network socket or a pseudo-terminal, for tests and for trying
// a till out where there are no devices. They misbehave on command. A till
// sees no difference.
//
//	p := sim.NewPrinter(sim.PrinterOptions{})
//	address, err := p.Listen("127.0.0.1:0") // tcp://127.0.0.1:40321
//	defer p.Close()
//	err = p.Obey("paper out")
//	for _, s := range p.Slips() { fmt.Println(s.Text()) }
//
// The printer was written from Epson's ESC/POS reference and knows nothing of
// package escpos, so that each checks the other.
package sim

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// A wire is where a till connects. It can be pulled and plugged in again, at
// the same address.
type wire struct {
	serve func(link io.ReadWriteCloser) // runs until the link ends

	mu      sync.Mutex
	host    string // of a socket; "" is a terminal
	link    string // the name of a terminal that stays; may be ""
	name    string // of the terminal
	socket  net.Listener
	open    map[io.Closer]bool
	plugged bool
	ended   sync.WaitGroup
}

// listen opens a socket and returns its address.
func (w *wire) listen(host string) (string, error) {
	w.host = host
	if err := w.plug(); err != nil {
		return "", err
	}
	return "tcp://" + w.host, nil
}

// terminal opens a pseudo-terminal, with a link to it where link names one, and
// returns its address.
func (w *wire) terminal(link string) (string, error) {
	w.link = link
	if err := w.plug(); err != nil {
		return "", err
	}
	if link != "" {
		return "serial:" + link, nil
	}
	return "serial:" + w.name, nil
}

func (w *wire) plug() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.plugged {
		return nil
	}
	w.open = map[io.Closer]bool{}
	var err error
	if w.host != "" {
		err = w.plugSocket()
	} else {
		err = w.plugTerminal()
	}
	w.plugged = err == nil
	return err
}

func (w *wire) plugSocket() error {
	l, err := net.Listen("tcp", w.host)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	w.socket, w.host = l, l.Addr().String()
	w.ended.Add(1)
	go func() {
		defer w.ended.Done()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if t, ok := c.(*net.TCPConn); ok {
				_ = t.SetReadBuffer(4096) // devices have little room
			}
			if w.keep(c) {
				// One at a time, as devices do: the next one waits.
				w.serve(c)
			}
			w.drop(c)
		}
	}()
	return nil
}

func (w *wire) plugTerminal() error {
	// near stays open: the settings of a terminal that nobody has open are lost.
	far, near, err := openTerminal()
	if err != nil {
		return err
	}
	w.name = near.Name()
	if w.link != "" {
		if old, err := os.Lstat(w.link); err == nil && old.Mode()&os.ModeSymlink != 0 {
			_ = os.Remove(w.link)
		}
		if err := os.Symlink(w.name, w.link); err != nil {
			return errors.Join(fmt.Errorf("link the pseudo-terminal: %w", err), far.Close(), near.Close())
		}
	}
	w.open[far] = true
	w.ended.Add(1)
	go func() {
		defer w.ended.Done()
		w.serve(far)
		w.drop(far)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.plugged = false
		_ = near.Close()
		if w.link != "" {
			_ = os.Remove(w.link)
		}
	}()
	return nil
}

// keep notes an open link, unless the wire was pulled meanwhile.
func (w *wire) keep(c io.Closer) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.plugged {
		w.open[c] = true
	}
	return w.plugged
}

func (w *wire) drop(c io.Closer) {
	w.mu.Lock()
	delete(w.open, c)
	w.mu.Unlock()
	_ = c.Close()
}

// unplug cuts the links in the middle of whatever they carry.
func (w *wire) unplug() {
	w.mu.Lock()
	if !w.plugged {
		w.mu.Unlock()
		return
	}
	w.plugged = false
	if w.socket != nil {
		_ = w.socket.Close()
	}
	for c := range w.open {
		cut(c)
	}
	w.mu.Unlock()
	w.ended.Wait()
}

// cut ends a link at once; of a socket, what is not sent yet is thrown away.
func cut(c io.Closer) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

// say writes to a link, and gives up on one that nobody reads.
func say(link io.Writer, b []byte) error {
	if d, ok := link.(interface{ SetWriteDeadline(time.Time) error }); ok {
		_ = d.SetWriteDeadline(time.Now().Add(time.Second))
	}
	if _, err := link.Write(b); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
