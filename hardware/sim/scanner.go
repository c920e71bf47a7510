package sim

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Ends are what a scanner can send after a code.
var Ends = map[string]string{"cr": "\r", "lf": "\n", "crlf": "\r\n", "tab": "\t", "none": ""}

// A Scanner is a scanner on one wire that reads what Type is told. Its methods
// may be called from any goroutine.
type Scanner struct {
	end   string
	types bool // sends the events of a keyboard, not characters
	wire  wire

	mu   sync.Mutex
	link io.Writer
	came chan struct{} // closed once there is a link
}

// NewScanner makes a scanner that sends end after each code, one of the values
// of Ends. It is plugged in nowhere.
func NewScanner(end string) *Scanner {
	s := &Scanner{end: end, came: make(chan struct{})}
	s.wire.serve = s.serve
	return s
}

// NewTypist makes a scanner that types like a keyboard: what it sends are the
// kernel's events of the keys of a US keyboard. It goes with Terminal.
func NewTypist(end string) *Scanner {
	s := NewScanner(end)
	s.types = true
	return s
}

// Listen plugs the scanner into a socket at HOST:PORT, port 0 for any free one,
// and returns its address.
func (s *Scanner) Listen(host string) (address string, err error) { return s.wire.listen(host) }

// Terminal plugs the scanner into a new pseudo-terminal and returns its
// address. link, where not "", is a name for it that stays the same when it is
// pulled and plugged in.
func (s *Scanner) Terminal(link string) (address string, err error) {
	address, err = s.wire.terminal(link)
	if s.types && err == nil {
		address = "evdev:" + strings.TrimPrefix(address, "serial:")
	}
	return address, err
}

// Type sends a code. Of a socket it waits for a till to connect, until ctx
// ends. GS characters are written <GS> or as they are.
func (s *Scanner) Type(ctx context.Context, code string) error {
	return s.Send(ctx, strings.ReplaceAll(code, "<GS>", "\x1d")+s.end)
}

// Send sends bytes as they are: half a code, or noise. A typist types them, and
// leaves out what no key of a US keyboard stands for.
func (s *Scanner) Send(ctx context.Context, text string) error {
	if s.types {
		return s.Events(ctx, Typed(text))
	}
	return s.Events(ctx, []byte(text))
}

// Events sends bytes as they are, of a typist too.
func (s *Scanner) Events(ctx context.Context, b []byte) error {
	for {
		s.mu.Lock()
		link, came := s.link, s.came
		s.mu.Unlock()
		if link != nil {
			return say(link, b)
		}
		select {
		case <-came:
		case <-ctx.Done():
			return fmt.Errorf("nobody reads the scanner: %w", context.Cause(ctx))
		}
	}
}

// Unplug pulls the cable.
func (s *Scanner) Unplug() { s.wire.unplug() }

// Plug plugs it in again, at the same address.
func (s *Scanner) Plug() error { return s.wire.plug() }

// Close unplugs the scanner for good.
func (s *Scanner) Close() { s.wire.unplug() }

// serve keeps one link until its end. What the till sends is thrown away.
func (s *Scanner) serve(link io.ReadWriteCloser) {
	s.mu.Lock()
	s.link = link
	close(s.came)
	s.mu.Unlock()
	buf := make([]byte, 256)
	for {
		if _, err := link.Read(buf); err != nil {
			break
		}
	}
	s.mu.Lock()
	s.link, s.came = nil, make(chan struct{})
	s.mu.Unlock()
}
