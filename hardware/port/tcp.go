package port

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"guitai/hardware/device"
)

const dialTime = 3 * time.Second

// alive asks a silent far end whether it is there: one that lost its power
// says nothing, and is known to be gone after eight seconds.
var alive = net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: time.Second, Count: 3}

type tcpLink struct {
	conn      net.Conn
	abandoned atomic.Bool // a write was given up
}

func openTCP(ctx context.Context, a Address) (Link, error) {
	d := net.Dialer{Timeout: dialTime, KeepAliveConfig: alive}
	conn, err := d.DialContext(ctx, "tcp", a.Place)
	if err != nil {
		return nil, device.Fault(device.NoHardware, "connect to %s: %w", a, err)
	}
	return &tcpLink{conn: conn}, nil
}

func (l *tcpLink) Write(ctx context.Context, p []byte) error {
	defer untilDone(ctx, l.conn.SetWriteDeadline)()
	_, err := l.conn.Write(p)
	if err = netError(err); err != nil {
		l.abandoned.Store(true)
	}
	return err
}

func (l *tcpLink) Read(ctx context.Context, p []byte) (int, error) {
	defer untilDone(ctx, l.conn.SetReadDeadline)()
	n, err := l.conn.Read(p)
	if n > 0 {
		return n, nil
	}
	return 0, netError(err)
}

// Close lets what was written go out, but throws away what is not sent of an
// abandoned write, so that it cannot come out once the till believes it lost.
func (l *tcpLink) Close() error {
	if c, ok := l.conn.(*net.TCPConn); ok && l.abandoned.Load() {
		_ = c.SetLinger(0)
	}
	return l.conn.Close()
}

// untilDone makes an operation on a connection end with ctx. The function it
// returns undoes that.
func untilDone(ctx context.Context, set func(time.Time) error) func() {
	_ = set(time.Time{}) // an error shows in the operation itself
	var mu sync.Mutex
	over := false
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		if !over {
			_ = set(time.Unix(1, 0))
		}
	})
	return func() {
		stop()
		mu.Lock()
		over = true
		mu.Unlock()
	}
}

func netError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrTimeout
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return ErrGone
	}
	return errors.Join(ErrGone, err)
}
