// Package scanner reads codes from a scanner on a serial port, on a socket, or
// from one that types like a keyboard and is taken over (Linux). It opens the
// port, reconnects when it is pulled, and hands each code over; what a code
// means is package till's to say. A scanner that types into the window needs
// none of it.
//
//	s := scanner.New(addr, func(code string) { ... }, scanner.Options{Changed: redraw})
//	go s.Run(ctx) // until ctx ends
//	now := s.Status()
//
// A code ends with CR, LF or TAB, or after a short silence where the scanner
// was not set to send an end. Of a code of more than 4,096 bytes the first
// 4,096 are handed over at once, which the till refuses as too long, and the
// rest is left out. A code whose cable is pulled in its middle is lost: half a
// code could be another one. So is one of whose keys the system lost some.
package scanner

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/session"
)

const (
	codeMax     = 4096                   // bytes of one code; more is no code
	silence     = 60 * time.Millisecond  // after which a code without an end is whole
	longSilence = time.Second            // the same, of a scanner that sends ends: its codes come in pieces on a busy machine
	keySilence  = 300 * time.Millisecond // the same as silence, of one that types: some wait 80 ms after each key
)

// Options are how a scanner is watched. The zero value is right.
type Options struct {
	Changed func() // the Status changed; called on any goroutine, must not wait
	Log     *slog.Logger
}

// A Scanner is one scanner at work. Its methods may be called from any
// goroutine.
type Scanner struct {
	code func(string)
	kept *session.Keeper
}

// New makes a scanner that does nothing until Run. code is called with each
// code as it was sent, without its end, on the goroutine of Run. What comes
// while it runs is kept, so it may take a moment.
func New(a port.Address, code func(string), opt Options) *Scanner {
	return &Scanner{code: code, kept: session.New(a, session.Options{Kind: "scanner", Changed: opt.Changed, Log: opt.Log})}
}

// Status returns how the scanner is: Ready, Connecting with the reason, Gone
// where nothing is at its address, and Off once Run has ended.
func (s *Scanner) Status() device.Status { return s.kept.Status() }

// Run reads codes until ctx ends, and then lets go of the port.
func (s *Scanner) Run(ctx context.Context) { s.kept.Run(ctx, s.listen) }

// listen reads from one opening of the port to its loss.
func (s *Scanner) listen(ctx context.Context, link port.Link) error {
	s.kept.Set(device.Ready, nil)
	f := frame{silence: silence}
	if s.kept.Address().Scheme == port.Evdev {
		f.silence = keySilence
	}
	buf := make([]byte, 1024)
	for {
		n, err := s.read(ctx, link, buf, &f)
		switch {
		case errors.Is(err, port.ErrTimeout) && ctx.Err() == nil && f.open():
			f.end(s.code)
		case err != nil:
			return err
		default:
			f.add(buf[:n], s.code)
		}
	}
}

// read waits for bytes, but only a moment in the middle of a code.
func (s *Scanner) read(ctx context.Context, link port.Link, buf []byte, f *frame) (int, error) {
	if !f.open() {
		return link.Read(ctx, buf)
	}
	wait := f.silence
	if f.ends {
		wait = longSilence
	}
	short, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return link.Read(short, buf)
}

// A frame gathers the bytes of a code.
type frame struct {
	b       []byte
	over    bool // more than codeMax came, or keys were lost: the rest up to the end is left out
	ends    bool // the scanner sends ends
	silence time.Duration
}

func (f *frame) open() bool { return len(f.b) > 0 || f.over }

// end ends the code under way, and hands it over.
func (f *frame) end(code func(string)) {
	if len(f.b) > 0 {
		code(string(f.b))
	}
	f.b, f.over = f.b[:0], false
}

// add takes bytes and hands over the codes that they complete.
func (f *frame) add(p []byte, code func(string)) {
	for len(p) > 0 {
		at := bytes.IndexAny(p, "\r\n\t")
		part := p
		if at >= 0 {
			part = p[:at]
		}
		if lost := bytes.IndexByte(part, port.Spoiled); lost >= 0 {
			f.take(part[:lost], code)
			f.b, f.over = f.b[:0], true
		} else {
			f.take(part, code)
		}
		if at < 0 {
			return
		}
		p = p[at+1:]
		f.ends = true
		f.end(code)
	}
}

// take adds a part of a code.
func (f *frame) take(part []byte, code func(string)) {
	if f.over {
		return
	}
	room := codeMax - len(f.b)
	f.b = append(f.b, part[:min(len(part), room)]...)
	if len(part) > room {
		f.end(code)
		f.over = true
	}
}
