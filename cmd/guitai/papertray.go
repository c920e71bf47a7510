package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// A paperTray takes what a network printer would print: raw bytes on a socket
// of this machine.
type paperTray struct {
	l  net.Listener
	mu sync.Mutex
	b  bytes.Buffer
}

func newPaperTray() (*paperTray, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &paperTray{l: l}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.Copy(t, conn)
			}()
		}
	}()
	return t, nil
}

func (t *paperTray) addr() string { return t.l.Addr().String() }

func (t *paperTray) close() { t.l.Close() }

// Write keeps what was printed.
func (t *paperTray) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.Write(b)
}

func (t *paperTray) bytes() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.b.Bytes())
}

// wait waits for so many slips, each of which ends in a cut (GS V).
func (t *paperTray) wait(ctx context.Context, slips int) error {
	for end := time.Now().Add(handsPatience); ; {
		if bytes.Count(t.bytes(), []byte{0x1d, 'V'}) >= slips {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("printed %d slips of %d", bytes.Count(t.bytes(), []byte{0x1d, 'V'}), slips)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
