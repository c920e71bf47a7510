package sim

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// DisplayKinds are what a Display can be.
var DisplayKinds = []string{"cd5220", "dmd", "led8"}

// A Shown is what a customer reads.
type Shown struct {
	Lines [2]string // of text, without the spaces behind; of an LED8 the number is the first
	Lamp  string    // of an LED8: price, total, collected, change or none
}

// A Display is a customer display on one wire; a DM-D has a printer behind it.
// Its methods may be called from any goroutine.
type Display struct {
	kind string
	wire wire

	mu      sync.Mutex
	deaf    bool
	rate    int // bytes a second; 0 at once
	cut     int // bytes, then the line is cut; 0 never
	pending []byte
	cells   [2][20]byte
	line    int  // of the cursor
	column  int  // of the cursor
	quoted  bool // ESC Q was used: only CLR and CAN leave that mode
	chosen  byte // of ESC =: 1 the printer, 2 the display
	digits  [8]string
	lamp    int
	paper   []byte
	again   *sync.Cond
	changed func(Shown)
}

// NewDisplay makes a display of a kind of DisplayKinds. It is plugged in
// nowhere. changed, where not nil, is called with what it shows after each
// change; it must not call the display.
func NewDisplay(kind string, changed func(Shown)) *Display {
	d := &Display{kind: kind, chosen: 2, changed: changed}
	if kind == "dmd" {
		d.chosen = 1 // after power-up the printer
	}
	d.again = sync.NewCond(&d.mu)
	d.wire.serve = d.serve
	d.clear()
	return d
}

// Listen plugs the display into a socket at HOST:PORT, port 0 for any free one,
// and returns its address.
func (d *Display) Listen(host string) (address string, err error) { return d.wire.listen(host) }

// Terminal plugs the display into a new pseudo-terminal and returns its
// address. link, where not "", is a name for it that stays the same when it is
// pulled and plugged in.
func (d *Display) Terminal(link string) (address string, err error) { return d.wire.terminal(link) }

// Close unplugs the display for good.
func (d *Display) Close() { _ = d.Obey("unplug") }

// DisplayFaults are what Obey knows.
const DisplayFaults = `stop   go   slow BYTES_A_SECOND   cut BYTES   off (for a moment)   unplug   plug`

// Obey makes the display misbehave:
//
//	stop         it reads nothing          go
//	slow 240     bytes a second            slow 0
//	cut 12       the link breaks after so many bytes more
//	off          its power fails for a moment: it shows nothing
//	unplug, plug
func (d *Display) Obey(command string) error {
	word, arg, _ := strings.Cut(strings.Join(strings.Fields(strings.ToLower(command)), " "), " ")
	n, err := strconv.Atoi(arg)
	number := err == nil && n >= 0
	switch {
	case word == "unplug" && arg == "":
		d.mu.Lock()
		d.deaf = false
		d.again.Broadcast()
		d.mu.Unlock()
		d.wire.unplug()
		return nil
	case word == "plug" && arg == "":
		return d.wire.plug()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case (word == "stop" || word == "go") && arg == "":
		d.deaf = word == "stop"
		d.again.Broadcast()
	case word == "slow" && number:
		d.rate = n
	case word == "cut" && number:
		d.cut = n
	case word == "off" && arg == "":
		d.clear()
		d.pending, d.lamp, d.quoted = nil, 0, false
	default:
		return fmt.Errorf("no such command %.60q; there are:\n%s", command, DisplayFaults)
	}
	return nil
}

// Shown returns what the display shows.
func (d *Display) Shown() Shown {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shown()
}

func (d *Display) shown() Shown {
	if d.kind == "led8" {
		return Shown{Lines: [2]string{strings.TrimSpace(strings.Join(d.digits[:], ""))},
			Lamp: [...]string{"none", "price", "total", "collected", "change"}[d.lamp]}
	}
	var s Shown
	for i := range d.cells {
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(d.cells[i][:])
		if err != nil {
			text = d.cells[i][:]
		}
		s.Lines[i] = strings.TrimRight(string(text), " ")
	}
	return s
}

// Paper returns what went on to the printer behind a DM-D, without the control
// characters that print nothing.
func (d *Display) Paper() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]byte(nil), d.paper...)
}

func (d *Display) clear() {
	for i := range d.cells {
		for j := range d.cells[i] {
			d.cells[i][j] = ' '
		}
	}
	for i := range d.digits {
		d.digits[i] = " "
	}
	d.line, d.column = 0, 0
}

// serve reads one link until its end.
func (d *Display) serve(link io.ReadWriteCloser) {
	buf := make([]byte, 1)
	for {
		d.mu.Lock()
		for d.deaf {
			d.again.Wait()
		}
		wait := time.Duration(0)
		if d.rate > 0 {
			wait = time.Second / time.Duration(d.rate)
		}
		d.mu.Unlock()
		time.Sleep(wait)
		if n, err := link.Read(buf); err != nil {
			return
		} else if n == 0 {
			continue
		}
		d.mu.Lock()
		d.take(buf[0])
		broken := d.cut == 1
		d.cut = max(0, d.cut-1)
		now := d.shown()
		if d.changed != nil && len(d.pending) == 0 {
			d.changed(now)
		}
		d.mu.Unlock()
		if broken {
			cut(link)
			return
		}
	}
}

// take takes one byte; commands wait in pending until they are whole.
func (d *Display) take(c byte) {
	d.pending = append(d.pending, c)
	if d.kind == "led8" {
		d.takeLED()
		return
	}
	p := d.pending
	done := func() { d.pending = nil }
	switch {
	case p[0] == 0x1b && len(p) == 1, p[0] == 0x1f && d.selected() && d.kind == "dmd" && len(p) == 1:
	case p[0] == 0x1b && p[1] == '=' && d.kind == "dmd":
		if len(p) == 3 {
			d.chosen = p[2] & 3
			done()
		}
	case !d.selected():
		for _, c := range p {
			if c >= ' ' {
				d.paper = append(d.paper, c)
			}
		}
		done()
	case p[0] == 0x1b && p[1] == '@':
		if !d.quoted {
			d.clear()
		}
		done()
	case p[0] == 0x1b && p[1] == 'Q' && d.kind == "cd5220":
		d.quote()
	case p[0] == 0x1f && p[1] == '$':
		if len(p) == 4 {
			if p[2] >= 1 && p[2] <= 20 && p[3] >= 1 && p[3] <= 2 {
				d.column, d.line = int(p[2])-1, int(p[3])-1
			}
			done()
		}
	case p[0] == 0x0c:
		d.clear()
		d.quoted = false
		done()
	case p[0] == 0x18:
		for j := range d.cells[d.line] {
			d.cells[d.line][j] = ' '
		}
		d.column, d.quoted = 0, false
		done()
	case p[0] < ' ':
		done() // a command that it does not have
	default:
		if !d.quoted {
			d.put(p[0])
		}
		done()
	}
}

func (d *Display) selected() bool { return d.chosen&2 != 0 }

// put writes a character and moves on, from the end of a line to the other.
func (d *Display) put(c byte) {
	d.cells[d.line][d.column] = c
	if d.column++; d.column == 20 {
		d.column, d.line = 0, 1-d.line
	}
}

// quote is ESC Q A or ESC Q B: a whole line up to CR. CLR in its middle ends it.
func (d *Display) quote() {
	p := d.pending
	d.quoted = true
	if len(p) < 4 {
		return
	}
	last := p[len(p)-1]
	switch {
	case last == 0x0c:
		d.clear()
		d.quoted, d.pending = false, nil
	case last == '\r':
		row := 0
		if p[2] == 'B' {
			row = 1
		}
		for j := range d.cells[row] {
			d.cells[row][j] = ' '
		}
		copy(d.cells[row][:], p[3:len(p)-1])
		d.pending = nil
	case len(p) > 40:
		d.pending = nil
	}
}

// takeLED reads an eight-digit display. A number takes the places it needs from
// the right; what stood left of it stays.
func (d *Display) takeLED() {
	p := d.pending
	last := p[len(p)-1]
	switch {
	case p[0] == 0x1b && len(p) > 1 && p[1] == 'Q':
		switch {
		case len(p) < 4:
		case last == 0x0c:
			d.clear()
			d.pending = nil
		case last == '\r':
			d.number(string(p[3 : len(p)-1]))
			d.pending = nil
		case len(p) > 20:
			d.pending = nil
		}
	case p[0] == 0x1b && len(p) > 1 && p[1] == 's':
		if len(p) == 3 {
			d.lamp = int(p[2]-'0') % 5
			d.pending = nil
		}
	case p[0] == 0x02 && len(p) > 1 && p[1] == 'L':
		if len(p) == 6 {
			d.lamp = strings.IndexByte(string(p[2:]), '1') + 1
			d.pending = nil
		}
	case (p[0] == 0x1b || p[0] == 0x02) && len(p) == 1:
	default:
		if p[0] == 0x0c {
			d.clear()
		}
		d.pending = nil
	}
}

func (d *Display) number(s string) {
	at := len(d.digits) - 1
	for i := len(s) - 1; i >= 0 && at >= 0; i-- {
		cell := s[i : i+1]
		if cell == "." && i > 0 {
			i--
			cell = s[i : i+2]
		}
		d.digits[at] = cell
		at--
	}
}
