package sim

import "time"

// stopped says whether the printer keeps what it gets instead of printing it.
func (p *Printer) stopped() bool { return p.paper == out || p.cover || p.offline || p.stuck }

// answer sends b to the till, unless the printer is mute.
func (p *Printer) answer(b ...byte) {
	if p.mute || p.link == nil {
		return
	}
	_ = say(p.link, b) // a till that does not listen gets no answer
}

// watch looks for real-time commands, which a printer obeys where it reads
// them: in a full memory, with the cover open, and inside pictures.
type watch struct {
	last [4]byte // the bytes before this one, the latest last
}

// notice takes a byte as it comes in (DLE EOT, DLE ENQ and DLE DC4 of Epson's
// reference).
func (p *Printer) notice(b byte) {
	w := &p.watch
	defer func() { w.last = [4]byte{w.last[1], w.last[2], w.last[3], b} }()
	switch {
	case w.last[2] == dle && w.last[3] == 0x04 && b >= 1 && b <= 4:
		p.answer(p.status(b))
	case w.last[2] == dle && w.last[3] == 0x05 && b == 2:
		p.memory, p.stuck = nil, false
	case w.last[0] == dle && w.last[1] == 0x14 && w.last[2] == 1 && w.last[3] <= 1 && b >= 1 && b <= 8:
		if !p.noOpen {
			p.open(w.last[3], time.Duration(b)*100*time.Millisecond, true)
		}
	}
}

// status is the answer to DLE EOT n.
func (p *Printer) status(n byte) byte {
	s := byte(0x12)
	set := func(yes bool, bit byte) {
		if yes {
			s |= bit
		}
	}
	switch n {
	case 1:
		set(p.stopped(), 0x08)
	case 2:
		set(p.cover, 0x04)
		set(p.paper == out, 0x20)
		set(p.stuck, 0x40)
	case 3:
		set(p.stuck, 0x08)
	case 4:
		set(p.paper != enough, 0x0c)
		set(p.paper == out, 0x60)
	}
	return s
}

// sensor is the answer to GS r 1.
func (p *Printer) sensor() byte {
	switch p.paper {
	case low:
		return 0x03
	case out:
		return 0x0f
	case enough:
	}
	return 0
}

// tellChange sends the automatic status of GS a, where it is on.
func (p *Printer) tellChange() {
	if p.push == 0 {
		return
	}
	if p.opt.Language == Star {
		p.answer(p.asb()...)
		return
	}
	s := [4]byte{0x10, 0, p.sensor(), 0}
	if p.stopped() {
		s[0] |= 0x08
	}
	if p.cover {
		s[0] |= 0x20
	}
	if p.stuck {
		s[1] |= 0x08
	}
	p.answer(s[:]...)
}

func (p *Printer) open(m byte, on time.Duration, realtime bool) {
	pulse := Pulse{At: time.Now(), Pin: 2 + 3*int(m), On: on, Realtime: realtime}
	p.pulses = append(p.pulses, pulse)
	if p.opt.Opened != nil {
		p.opt.Opened(pulse)
	}
}
