package star

import (
	"fmt"

	"guitai/hardware/device"
	"guitai/hardware/printer"
)

// Where what stands in an ASB, header included (appendix 2, printer status).
const (
	asbOffline = 2 // 20h cover, 08h offline
	asbFault   = 3 // 40h too hot, 20h beyond repair, 08h knife, 04h mechanics
	asbPaper   = 5 // 08h end, 06h near end
	asbMin     = 6 // bytes of it that are needed
)

// A Parser finds the answers in what a printer sends: an ASB of 7 bytes or
// more, and the echo of ESC GS ETX. The zero value is ready.
type Parser struct {
	got  []byte
	want int // bytes of the answer under way; 0 is none
}

// echoBytes is 1B 1D 03 s n1 n2, the count, 00.
const echoBytes = 8

// Next takes one byte, and returns the answer that it completes.
func (p *Parser) Next(b byte) (printer.Answer, bool) {
	if len(p.got) > 0 && !p.follows(b) {
		p.got = p.got[:0]
	}
	if len(p.got) == 0 {
		switch {
		case b == esc:
			p.want = echoBytes
		case b&0x91 == 0x01 && asbBytes(b) >= asbMin:
			p.want = asbBytes(b)
		default: // XON, XOFF, noise
			return printer.Answer{}, false
		}
	}
	p.got = append(p.got, b)
	if len(p.got) < p.want {
		return printer.Answer{}, false
	}
	done := p.got
	p.got = p.got[:0]
	if done[0] == esc {
		return printer.Answer{Kind: printer.Process, ID: fmt.Sprintf("%04d", int(done[4])<<8|int(done[5]))}, true
	}
	return printer.Answer{Kind: printer.Realtime, Byte: done[0], More: done[1:]}, true
}

// follows says whether b can be the next byte of the answer under way.
func (p *Parser) follows(b byte) bool {
	at := len(p.got)
	if p.got[0] != esc {
		return b&0x91 == 0
	}
	switch at {
	case 1:
		return b == gs
	case 2:
		return b == 3
	case 3:
		return b == 1
	case echoBytes - 1:
		return b == 0
	}
	return true // the id, and the count, which may be anything
}

// asbBytes is the length of an ASB by its first header: bits 1, 2, 3 and 5.
func asbBytes(header byte) int { return int(header>>1&7 | header>>2&8) }

// Greet switches off the status that nobody asks for, which network printers
// send by themselves and which ESC ACK SOH must not be mixed with.
func (Language) Greet() []byte { return []byte{esc, rs, 'a', 0} }

// Reader parses one link's answers.
func (Language) Reader() printer.Reader { return new(Parser) }

// Ask asks by ESC ACK SOH, which printers answer at once with an ASB, even while
// they print and where they are offline.
func (Language) Ask(ask func(question []byte) (printer.Answer, error)) (device.Reason, error) {
	a, err := ask([]byte{esc, ack, 1})
	if err != nil {
		return "", err
	}
	return reasonOf(append([]byte{a.Byte}, a.More...)), nil
}

// reasonOf reads an ASB.
func reasonOf(asb []byte) device.Reason {
	switch {
	case len(asb) < asbMin:
		return device.Garbled
	case asb[asbOffline]&0x20 != 0:
		return device.CoverOpen
	case asb[asbPaper]&0x08 != 0:
		return device.PaperEnd
	case asb[asbFault]&0x08 != 0:
		return device.Cutter
	case asb[asbFault]&0x24 != 0:
		return device.Failure
	case asb[asbOffline]&0x08 != 0, asb[asbFault]&0x40 != 0:
		return device.Offline
	case asb[asbPaper]&0x06 != 0:
		return device.PaperLow
	}
	return ""
}
