// Package display shows the customer amounts on a pole display: two lines of
// text, or eight digits and four lamps. It never makes anyone wait: what is to
// be shown replaces what was not shown yet, and a display that is unplugged
// shows the last of it when it is back.
//
//	d, err := display.New(addr, display.Settings{Driver: "led8"}, display.Options{})
//	go d.Run(ctx) // until ctx ends
//	d.Show(display.View{Main: display.Sum{What: display.Total, Amount: "86.40"}})
//
// Displays answer nothing, so that Ready means that the port takes bytes. None
// was tried on a physical display.
package display

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/session"
)

// writeWithin is how long a frame may take: at 1200 baud it is half a second.
const writeWithin = 3 * time.Second

// Settings say what the display is.
type Settings struct {
	Driver  string // one of Drivers
	Charset string // of text: gb18030, or "" for ASCII
	Lamps   string // of LED8: stx or "" for STX L, esc for ESC s
}

// Options are how a display is watched. The zero value is right.
type Options struct {
	Changed func() // the Status changed; on any goroutine, must not wait
	Log     *slog.Logger
}

// A Display is one display at work. Its methods may be called from any
// goroutine.
type Display struct {
	*session.Keeper
	talk dialect
	set  Settings
	wake chan struct{}

	mu     sync.Mutex
	latest View
	shown  bool // there was something to show
}

// New makes a display that shows nothing until Run. Errors carry
// device.Illegal and say what would be right.
func New(a port.Address, set Settings, opt Options) (*Display, error) {
	if err := Check(set); err != nil {
		return nil, err
	}
	return &Display{Keeper: session.New(a, session.Options{Kind: "display", Changed: opt.Changed, Log: opt.Log}),
		talk: dialects[set.Driver], set: set, wake: make(chan struct{}, 1)}, nil
}

// Check reports whether settings make sense.
func Check(set Settings) error {
	if _, ok := dialects[set.Driver]; !ok {
		var ids []string
		for _, d := range Drivers {
			ids = append(ids, d.ID)
		}
		return device.Fault(device.Illegal, "there is no display driver %.20q; there are %s", set.Driver, strings.Join(ids, ", "))
	}
	if !slices.Contains([]string{"", "ascii", "gb18030"}, set.Charset) {
		return device.Fault(device.Illegal, "there is no character set %.20q; write ascii or gb18030", set.Charset)
	}
	if !slices.Contains([]string{"", "stx", "esc"}, set.Lamps) {
		return device.Fault(device.Illegal, "lamps %.20q: write stx or esc", set.Lamps)
	}
	return nil
}

// LineOf returns how the serial line of a driver's displays is set at the
// factory.
func LineOf(driver string) (port.Line, bool) {
	i := slices.IndexFunc(Drivers, func(d Driver) bool { return d.ID == driver })
	if i < 0 {
		return port.Line{}, false
	}
	return Drivers[i].Line, true
}

// Frame is what a view is on the wire, for settings that Check passes.
func Frame(set Settings, v View) []byte { return dialects[set.Driver].frame(v, set) }

// Show shows v as soon as the display takes it. It does not wait.
func (d *Display) Show(v View) {
	d.mu.Lock()
	d.latest, d.shown = v, true
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default: // it will see the latest
	}
}

// Check answers with how the display is. The Interactive level shows a view to
// be looked at, and leaves it there.
func (d *Display) Check(_ context.Context, level device.Level) device.Report {
	began := time.Now()
	if level == device.Interactive {
		d.Show(Sample)
	}
	return device.Report{Device: d.Address().String(), Status: d.Status(), Took: time.Since(began)}
}

// Sample is a view that shows what a display can do.
var Sample = View{Name: "测试 中文", Latin: "TEST 0123456789", Main: Sum{What: Total, Amount: "1234.56"}}

// Run shows views until ctx ends, and then lets go of the port.
func (d *Display) Run(ctx context.Context) { d.Keeper.Run(ctx, d.speak) }

// speak writes to one opening of the port, to its loss.
func (d *Display) speak(ctx context.Context, link port.Link) error {
	reading, stop := context.WithCancel(ctx)
	gone := make(chan error, 1)
	go func() { gone <- drain(reading, link) }()
	over := false
	defer func() {
		stop()
		if !over {
			<-gone
		}
	}()
	if err := d.write(ctx, link, d.talk.begin); err != nil {
		return err
	}
	var last []byte
	for {
		d.mu.Lock()
		v, shown := d.latest, d.shown
		d.mu.Unlock()
		if frame := Frame(d.set, v); shown && !bytes.Equal(frame, last) {
			if err := d.write(ctx, link, frame); err != nil {
				return err
			}
			last = frame
		}
		d.Set(device.Ready, nil)
		select {
		case <-d.wake:
		case err := <-gone:
			over = true
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (d *Display) write(ctx context.Context, link port.Link, b []byte) error {
	within, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	err := link.Write(within, b)
	if errors.Is(err, port.ErrTimeout) && ctx.Err() == nil {
		return device.Fault(device.Timeout, "the display takes no bytes: %w", err)
	}
	return err
}

// drain reads what a display should not send, to notice when it is pulled.
func drain(ctx context.Context, link port.Link) error {
	buf := make([]byte, 64)
	for {
		if _, err := link.Read(ctx, buf); err != nil {
			return err
		}
	}
}
