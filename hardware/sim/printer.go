package sim

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// PrinterOptions say what the printer is. The zero value is 80 mm paper of 576
// dots and a memory of 4,096 bytes.
type PrinterOptions struct {
	// Language is ESCPOS or Star; "" is the first.
	Language string
	Dots     int
	Memory   int           // bytes that it takes without printing them
	Idle     time.Duration // after which a slip without a cut is whole; 0 never
	// Done and Opened are called, in order, with each slip that came out and
	// each opening of the drawer. They must not call the printer.
	Done   func(Slip)
	Opened func(Pulse)
}

// A Printer is an ESC/POS printer, or one of Star's, on one wire. Its methods may be called from
// any goroutine.
type Printer struct {
	opt  PrinterOptions
	wire wire

	mu    sync.Mutex
	again *sync.Cond // something changed that keeps it from reading

	paper    paperState
	left     int // lines of paper; -1 is enough
	cover    bool
	offline  bool
	knife    bool // the next cut gets stuck
	stuck    bool
	mute     bool
	deaf     bool // reads nothing
	pulled   bool
	cutAfter int // bytes, then the line is cut; 0 never
	rate     int // bytes a second; 0 at once

	link   io.Writer // of the till; nil where there is none
	push   byte      // of GS a: what changes are told
	watch  watch
	coming []byte // of Star: the command that comes in
	ended  byte   // of Star: the print end counter
	noOpen bool   // DLE DC4 is switched off by GS ( D
	memory []byte
	mode   mode
	row    row
	slip   Slip
	slips  []Slip
	pulses []Pulse
	idle   *time.Timer
}

type paperState uint8

const (
	enough paperState = iota
	low
	out
)

// NewPrinter makes a printer that is plugged in nowhere.
func NewPrinter(opt PrinterOptions) *Printer {
	if opt.Dots == 0 {
		opt.Dots = 576
	}
	if opt.Memory == 0 {
		opt.Memory = 4096
	}
	p := &Printer{opt: opt, left: -1}
	p.again = sync.NewCond(&p.mu)
	p.wire.serve = p.serve
	p.reset()
	return p
}

// Listen plugs the printer into a socket at HOST:PORT, port 0 for any free one,
// and returns its address. It serves one connection at a time.
func (p *Printer) Listen(host string) (address string, err error) { return p.wire.listen(host) }

// Terminal plugs the printer into a new pseudo-terminal and returns its
// address. link, where not "", is a name for it that stays the same when it is
// pulled and plugged in.
func (p *Printer) Terminal(link string) (address string, err error) { return p.wire.terminal(link) }

// Slips returns what came out, the unfinished slip last, with no Cut.
func (p *Printer) Slips() []Slip {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := append([]Slip(nil), p.slips...)
	if len(p.slip.Parts) > 0 {
		now := p.slip
		now.Parts = append([]Part(nil), now.Parts...)
		all = append(all, now)
	}
	return all
}

// Pulses returns the openings of the drawer.
func (p *Printer) Pulses() []Pulse {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Pulse(nil), p.pulses...)
}

// Faults are what Obey knows.
const Faults = `paper out|low|ok|LINES   cover open|closed   offline   online   cutter stuck|ok
mute   answer   stop   go   slow BYTES_A_SECOND   cut BYTES   unplug   plug`

// Obey makes the printer misbehave or behave again:
//
//	paper out, paper low, paper ok    paper 12: so many lines are left
//	cover open, cover closed          offline, online
//	cutter stuck: at the next cut     cutter ok
//	mute: answers nothing             answer
//	stop: reads nothing               go
//	slow 960: bytes a second          slow 0
//	cut 500: the link breaks after so many bytes more
//	unplug: the memory is lost        plug
func (p *Printer) Obey(command string) error {
	word, arg, _ := strings.Cut(strings.Join(strings.Fields(strings.ToLower(command)), " "), " ")
	switch word + " " + arg {
	case "unplug ":
		p.pull()
		return nil
	case "plug ":
		p.mu.Lock()
		p.pulled = false
		p.mu.Unlock()
		return p.wire.plug()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.change(word, arg) {
		return fmt.Errorf("no such command %.60q; there are:\n%s", command, Faults)
	}
	p.again.Broadcast()
	p.tellChange()
	p.work()
	return nil
}

func (p *Printer) change(word, arg string) bool {
	n, err := strconv.Atoi(arg)
	number := err == nil && n >= 0
	switch word + " " + arg {
	case "paper out":
		p.paper = out
	case "paper low":
		p.paper, p.left = low, -1
	case "paper ok":
		p.paper, p.left = enough, -1
	case "cover open", "cover closed":
		p.cover = arg == "open"
	case "offline ", "online ":
		p.offline = word == "offline"
	case "cutter stuck":
		p.knife = true
	case "cutter ok":
		p.knife, p.stuck = false, false
	case "mute ", "answer ":
		p.mute = word == "mute"
	case "stop ", "go ":
		p.deaf = word == "stop"
	default:
		switch {
		case word == "paper" && number:
			p.paper, p.left = enough, n
			if n == 0 {
				p.paper = out
			}
		case word == "slow" && number:
			p.rate = n
		case word == "cut" && number && n > 0:
			p.cutAfter = n
		default:
			return false
		}
	}
	return true
}

// pull takes the plug out: what is in the memory is lost, as by a power cut.
func (p *Printer) pull() {
	p.mu.Lock()
	p.pulled = true
	p.again.Broadcast()
	p.mu.Unlock()
	p.wire.unplug()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle != nil {
		p.idle.Stop()
	}
	p.finish("none")
	p.memory, p.push, p.noOpen, p.stuck, p.ended = nil, 0, false, false, 0
	p.reset()
}

// Close unplugs the printer for good.
func (p *Printer) Close() { p.pull() }

// serve reads one link to its end.
func (p *Printer) serve(link io.ReadWriteCloser) {
	p.mu.Lock()
	p.link, p.push, p.watch, p.coming = link, 0, watch{}, nil
	if p.opt.Language == Star { // tells its state by itself, until it is told not to
		p.push = 1
		p.tellChange()
	}
	p.mu.Unlock()
	buf := make([]byte, 1024)
	for {
		room := p.await()
		if room == 0 {
			break
		}
		n, err := link.Read(buf[:min(room, len(buf))])
		if n > 0 && !p.take(buf[:n]) {
			cut(link)
			break
		}
		if err != nil {
			break
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.link = nil
	// A command that never became whole must not swallow the next slip.
	if !p.stopped() {
		p.memory = nil
		p.finish("none")
	}
}

// await waits until the printer reads, and returns for how many bytes it has
// room: 0 once it is pulled.
func (p *Printer) await() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.pulled && (p.deaf || p.stopped() && len(p.memory) >= p.opt.Memory) {
		p.again.Wait()
	}
	switch {
	case p.pulled:
		return 0
	case p.rate > 0:
		return max(1, p.rate/50)
	case p.stopped():
		return p.opt.Memory - len(p.memory)
	}
	return p.opt.Memory
}

// take takes bytes in. It returns false where the link is to be cut.
func (p *Printer) take(b []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.deaf && !p.pulled {
		p.again.Wait()
	}
	if p.rate > 0 {
		pause := time.Duration(len(b)) * time.Second / time.Duration(p.rate)
		p.mu.Unlock()
		time.Sleep(pause)
		p.mu.Lock()
	}
	for _, c := range b {
		if p.opt.Language == Star {
			p.starNotice(c)
		} else {
			p.notice(c)
		}
		p.memory = append(p.memory, c)
		p.work()
		if p.cutAfter > 0 {
			if p.cutAfter--; p.cutAfter == 0 {
				return false
			}
		}
	}
	if p.opt.Idle > 0 {
		if p.idle != nil {
			p.idle.Stop()
		}
		p.idle = time.AfterFunc(p.opt.Idle, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			if !p.stopped() && len(p.memory) == 0 {
				p.finish("none")
			}
		})
	}
	return true
}

// finish ends the slip.
func (p *Printer) finish(how string) {
	p.feed(false)
	if len(p.slip.Parts) > 0 {
		p.slip.Cut = how
		p.slips = append(p.slips, p.slip)
		if p.opt.Done != nil {
			p.opt.Done(p.slip)
		}
		p.slip = Slip{}
	}
	p.slip.Raw = nil
}
