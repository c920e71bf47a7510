//go:build !darwin || cgo

package port

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/tarm/serial"

	"guitai/hardware/device"
)

const (
	// pollTime is how long one read waits. tarm counts in tenths of a second
	// and blocks for ever, Close included, without one.
	pollTime = 200 * time.Millisecond
	// gone is how early an empty read must come back to mean that the far end
	// was unplugged: a hung-up terminal answers at once.
	goneTime = pollTime / 4
	// pieceMax keeps one write short, so that a stuck port holds little.
	pieceMax = 64
)

// serialLink owns a port: one goroutine reads it, one writes it. A write that
// the system never finishes stays behind with its goroutine; the link is
// closed around it.
type serialLink struct {
	port      *serial.Port
	companion companion
	release   func()

	pieces chan []byte
	wrote  chan error
	read   chan []byte
	rest   []byte // read, not yet asked for
	gone   chan struct{}
	cause  error // why gone; valid once gone is closed
	lost   sync.Once
	quit   chan struct{}
	closer sync.Once
	ended  sync.WaitGroup
	writes chan struct{} // closed when the writer has ended
}

func openSerial(ctx context.Context, a Address) (Link, error) {
	path, err := locate(rootOf(ctx), Serial, a.Place)
	if err != nil {
		return nil, err
	}
	// A name that stays, /dev/serial/by-id, is a link, and may lead elsewhere a
	// moment later.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	release, err := claim(path)
	if err != nil {
		return nil, err
	}
	c, err := accompany(path, a.Line)
	if err != nil {
		release()
		return nil, fault(a, path, err)
	}
	p, err := serial.OpenPort(&serial.Config{Name: path, Baud: a.Line.Baud, ReadTimeout: pollTime,
		Size: byte(a.Line.Data), Parity: parities[a.Line.Parity], StopBits: serial.StopBits(a.Line.Stop)})
	if err == nil {
		if err = c.settle(a.Line); err != nil {
			_ = p.Close()
		}
	}
	if err != nil {
		c.close()
		release()
		return nil, fault(a, path, err)
	}
	l := &serialLink{port: p, companion: c, release: release, pieces: make(chan []byte), wrote: make(chan error, 1),
		read: make(chan []byte), gone: make(chan struct{}), quit: make(chan struct{}), writes: make(chan struct{})}
	l.ended.Add(2)
	go l.reader()
	go l.writer()
	return l, nil
}

var parities = map[string]serial.Parity{"none": serial.ParityNone, "odd": serial.ParityOdd, "even": serial.ParityEven}

// claimed are the ports open in this program: the system lets one program open
// a port twice, and each half then gets half of the bytes.
var claimed = struct {
	sync.Mutex
	paths map[string]bool
}{paths: map[string]bool{}}

func claim(path string) (release func(), err error) {
	claimed.Lock()
	defer claimed.Unlock()
	if claimed.paths[path] {
		return nil, device.Fault(device.Busy, "open %s: another device of this till uses it", path)
	}
	claimed.paths[path] = true
	return func() {
		claimed.Lock()
		defer claimed.Unlock()
		delete(claimed.paths, path)
	}, nil
}

func (l *serialLink) lose(cause error) {
	l.lost.Do(func() {
		l.cause = cause
		close(l.gone)
	})
}

func (l *serialLink) reader() {
	defer l.ended.Done()
	for {
		buf := make([]byte, 256)
		began := time.Now()
		n, err := l.port.Read(buf)
		// An empty read, with or without EOF, is tarm's timeout; the hung-up
		// terminal says the same, at once.
		if n == 0 && (err == nil || errors.Is(err, io.EOF)) && time.Since(began) >= goneTime {
			select {
			case <-l.quit:
				return
			default:
				continue
			}
		}
		if n == 0 {
			l.lose(err)
			return
		}
		select {
		case l.read <- buf[:n]:
		case <-l.quit:
			return
		}
	}
}

func (l *serialLink) writer() {
	defer l.ended.Done()
	defer close(l.writes)
	for {
		select {
		case p := <-l.pieces:
			for len(p) > 0 {
				n, err := l.port.Write(p)
				if err != nil {
					l.lose(err)
					return
				}
				p = p[n:]
			}
			l.wrote <- nil
		case <-l.quit:
			return
		}
	}
}

func (l *serialLink) Write(ctx context.Context, p []byte) error {
	for len(p) > 0 {
		piece := append([]byte(nil), p[:min(len(p), pieceMax)]...)
		p = p[len(piece):]
		select {
		case l.pieces <- piece:
		case <-ctx.Done():
			return ErrTimeout
		case <-l.gone:
			return errors.Join(ErrGone, l.cause)
		case <-l.quit:
			return ErrGone
		}
		select {
		case <-l.wrote:
		case <-ctx.Done():
			return ErrTimeout
		case <-l.gone:
			return errors.Join(ErrGone, l.cause)
		case <-l.quit:
			return ErrGone
		}
	}
	return nil
}

func (l *serialLink) Read(ctx context.Context, p []byte) (int, error) {
	if len(l.rest) == 0 {
		select {
		case l.rest = <-l.read:
		case <-ctx.Done():
			select {
			case l.rest = <-l.read: // both at once: bytes are worth more
			default:
				return 0, ErrTimeout
			}
		case <-l.gone:
			return 0, errors.Join(ErrGone, l.cause)
		case <-l.quit:
			return 0, ErrGone
		}
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// Close waits for the pending read, and for a pending write no longer than
// that: a write that a device does not take is abandoned, and all that was not
// sent yet thrown away, so that it cannot come out once the till believes it
// lost. Where no write is pending, what was written still goes out.
func (l *serialLink) Close() error {
	l.closer.Do(func() {
		close(l.quit)
		ended := make(chan struct{})
		go func() {
			l.ended.Wait()
			_ = l.port.Close()
			close(ended)
		}()
		select {
		case <-l.writes:
		case <-time.After(pollTime):
			l.companion.discard()
		}
		select {
		case <-ended:
		case <-time.After(2 * pollTime):
		}
		l.companion.close()
		l.release()
	})
	return nil
}
