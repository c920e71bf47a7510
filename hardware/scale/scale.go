// Package scale reads weights from a shop scale on a serial port or a socket.
// It knows the languages of six families of scales and a seventh from the
// settings, reconnects when the cable is pulled, and says when the speed is
// wrong. Which weight may be sold is Gate's to say.
//
//	s, err := scale.New(addr, scale.Settings{Driver: "mettler8217"}, scale.Options{Weighed: show})
//	go s.Run(ctx) // until ctx ends
//	now, at := s.Weight()
//
// Frames are those of section 7 of the makers' sheets named beside each reader
// in dialect.go. None was tried on a physical scale.
package scale

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/session"
)

const (
	askEvery    = 200 * time.Millisecond
	answerTime  = 700 * time.Millisecond // after which a silent scale is moving
	silentTime  = 3 * time.Second        // after which it is not there, or not set up
	writeWithin = time.Second
	noiseMax    = 48 // bytes without one frame: the speed is wrong
	noiseLeast  = 8  // the same, of a scale that answers and has not for silentTime
)

// Settings say what the scale is.
type Settings struct {
	Driver  string // one of Drivers
	Unit    string // of weights that come without one; "" is kg
	Pattern string // of the driver pattern: a regular expression for one line
	Ask     string // of the driver pattern: what is sent for each weight; "" where the scale sends by itself
}

// A Driver is a language of scales.
type Driver struct {
	ID    string
	Title string
	Line  port.Line // as scales come from the factory
}

// The usual settings of a serial line.
var (
	line8N1 = port.Line{Baud: 9600, Data: 8, Parity: "none", Stop: 1, Flow: "none"}
	line7E1 = port.Line{Baud: 9600, Data: 7, Parity: "even", Stop: 1, Flow: "none"}
)

// Drivers are the languages, in the order of a list to choose from.
var Drivers = []Driver{
	{"stgs", "ST,GS (A&D, Chinese scales)", line8N1},
	{"cas", "ACLAS, CAS (ENQ/DC1)", line8N1},
	{"mettler8217", "Mettler Toledo 8217", line7E1},
	{"nci", "NCI, Weigh-Tronix", line7E1},
	{"toledo", "Toledo continuous (8530)", line7E1},
	{"pattern", "own pattern", line8N1},
}

var dialects = map[string]dialect{
	"stgs":        {next: stgs},
	"cas":         {next: cas, ask: []byte{enq}, sums: true},
	"mettler8217": {next: mettler8217, ask: []byte("W")},
	"nci":         {next: nci, ask: []byte("W\r")},
	"toledo":      {next: toledo, sums: true},
}

// Options are how a scale is watched. The zero value is right.
type Options struct {
	Changed func()        // the Status changed; on any goroutine, must not wait
	Weighed func(Reading) // what the scale says changed; the same
	Log     *slog.Logger
}

// A Scale is one scale at work. Its methods may be called from any goroutine.
type Scale struct {
	*session.Keeper
	talk    dialect
	unit    string
	weighed func(Reading)

	mu  sync.Mutex
	now Reading
	at  time.Time
}

// New makes a scale that does nothing until Run. Errors carry device.Illegal
// and say what would be right.
func New(a port.Address, set Settings, opt Options) (*Scale, error) {
	d, unit, err := speech(set)
	if err != nil {
		return nil, err
	}
	if a.Scheme == port.File {
		return nil, device.Fault(device.Illegal, "a scale cannot be a file")
	}
	if opt.Weighed == nil {
		opt.Weighed = func(Reading) {}
	}
	return &Scale{Keeper: session.New(a, session.Options{Kind: "scale", Changed: opt.Changed, Log: opt.Log}), talk: d, unit: unit, weighed: opt.Weighed}, nil
}

// speech is how the scale of the settings speaks.
func speech(set Settings) (dialect, string, error) {
	unit := strings.ToLower(strings.TrimSpace(set.Unit))
	if unit == "" {
		unit = "kg"
	}
	if units[unit] == 0 {
		return dialect{}, "", device.Fault(device.Illegal, "there is no unit %.20q; write kg, g, lb or oz", set.Unit)
	}
	if set.Driver == "pattern" {
		p, err := compile(set.Pattern)
		if err != nil {
			return dialect{}, "", err
		}
		ask, err := asking(set.Ask)
		return dialect{next: p.next, ask: ask}, unit, err
	}
	d, ok := dialects[set.Driver]
	if !ok {
		var ids []string
		for _, d := range Drivers {
			ids = append(ids, d.ID)
		}
		return dialect{}, "", device.Fault(device.Illegal, "there is no scale driver %.20q; there are %s", set.Driver, strings.Join(ids, ", "))
	}
	return d, unit, nil
}

// Check reports whether settings make sense.
func Check(set Settings) error {
	_, _, err := speech(set)
	return err
}

// LineOf returns how the serial line of a driver's scales is set at the factory.
func LineOf(driver string) (port.Line, bool) {
	i := slices.IndexFunc(Drivers, func(d Driver) bool { return d.ID == driver })
	if i < 0 {
		return port.Line{}, false
	}
	return Drivers[i].Line, true
}

// Weight returns what the scale said last, and when. A scale that has said
// nothing for a moment says a Reading without a weight.
func (s *Scale) Weight() (Reading, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now, s.at
}

// Check answers with how the scale is. The External level waits for a weight.
func (s *Scale) Check(ctx context.Context, level device.Level) device.Report {
	began := time.Now()
	for level != device.Internal && ctx.Err() == nil {
		if _, at := s.Weight(); at.After(began) {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return device.Report{Device: s.Address().String(), Status: s.Status(), Took: time.Since(began)}
}

func (s *Scale) set(r Reading) {
	s.mu.Lock()
	same := s.now == r
	s.now, s.at = r, time.Now()
	s.mu.Unlock()
	if !same {
		s.weighed(r)
	}
}

// Run reads weights until ctx ends, and then lets go of the port.
func (s *Scale) Run(ctx context.Context) {
	s.Keeper.Run(ctx, s.listen)
	s.set(Reading{})
}

// listen reads from one opening of the port to its loss.
func (s *Scale) listen(ctx context.Context, link port.Link) error {
	defer s.set(Reading{})
	h := hearing{s: s, heard: time.Now()}
	ask := time.Now()
	for {
		now := time.Now()
		if s.talk.ask != nil && !now.Before(ask) {
			if err := send(ctx, link, s.talk.ask); err != nil {
				return err
			}
			ask = now.Add(askEvery)
		}
		h.judge(now)
		until, cancel := context.WithTimeout(ctx, askEvery)
		buf := make([]byte, 256)
		n, err := link.Read(until, buf)
		cancel()
		switch {
		case errors.Is(err, port.ErrTimeout) && ctx.Err() == nil:
			continue
		case err != nil:
			return err
		}
		for _, reply := range h.hear(buf[:n]) {
			if err := send(ctx, link, reply); err != nil {
				return err
			}
		}
	}
}

func send(ctx context.Context, link port.Link, p []byte) error {
	within, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	if err := link.Write(within, p); errors.Is(err, port.ErrTimeout) && ctx.Err() == nil {
		return device.Fault(device.Timeout, "the scale takes no bytes: %w", err)
	} else if err != nil {
		return err
	}
	return nil
}

// hearing is what was heard since the port was opened.
type hearing struct {
	s      *Scale
	buf    []byte
	heard  time.Time // the last frame
	came   time.Time // the last byte
	frames int
	noise  int // bytes since the last frame
	last   string
}

// hear takes bytes, publishes what they say, and returns what the scale waits
// for.
func (h *hearing) hear(p []byte) (replies [][]byte) {
	now := time.Now()
	if len(h.buf) > 0 && now.Sub(h.came) > answerTime {
		h.noise += len(h.buf) // half a frame, whose rest never came
		h.buf = h.buf[:0]
	}
	h.came = now
	h.buf = append(h.buf, p...)
	for len(h.buf) > 0 {
		st := h.s.talk.next(h.buf, h.s.unit)
		if st.n == 0 {
			break
		}
		h.buf = h.buf[st.n:]
		if !st.known {
			h.noise += st.n
			continue
		}
		if st.reply != nil {
			replies = append(replies, st.reply)
		}
		if st.says {
			h.noise, h.frames, h.heard = 0, h.frames+1, now
			h.publish(st.reading)
		}
	}
	h.buf = slices.Clone(h.buf)
	return replies
}

// publish hands a reading over. Where frames have no check sum, a character
// lost on a bad cable makes another weight: one counts as stable once it came
// twice.
func (h *hearing) publish(r Reading) {
	raw := r.Raw
	if r.Stable && !h.s.talk.sums && raw != h.last {
		r.Stable = false
	}
	h.last = raw
	h.s.Set(device.Ready, nil)
	h.s.set(r)
}

// judge says how the scale is when no frame comes.
func (h *hearing) judge(now time.Time) {
	switch silent := now.Sub(h.heard); {
	case h.noise > noiseMax, h.noise > noiseLeast && silent > silentTime:
		h.s.set(Reading{})
		h.s.Set(device.Attention, device.Fault(device.Garbled, "%d bytes came and no weight among them: the speed is wrong (%s), or the scale speaks another language", h.noise, speedOf(h.s.Address())))
	case silent > silentTime:
		h.s.set(Reading{})
		h.s.Set(device.Attention, device.Fault(device.Timeout, "the scale says nothing"))
	case silent > answerTime && h.frames > 0:
		h.s.set(Reading{})
	}
}

func speedOf(a port.Address) string {
	if a.Scheme != port.Serial {
		return "set in the converter at " + a.Place
	}
	return fmt.Sprintf("%d baud, %d data bits, parity %s", a.Line.Baud, a.Line.Data, a.Line.Parity)
}
