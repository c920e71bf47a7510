package escpos

import (
	"guitai/hardware/device"
	"guitai/hardware/printer"
)

// answerMax bounds a process id. Those sent have four digits.
const answerMax = 16

// A Parser finds the answers in what a printer sends, which may come in any
// pieces, with flow control characters and noise between them. The zero value
// is ready.
type Parser struct {
	state parserState
	first byte
	left  int    // bytes of a pushed status still to come
	id    []byte // of a process answer
}

type parserState uint8

const (
	between  parserState = iota
	inPushed             // after the first byte of an automatic status
	inHeader             // after 37h
	inID                 // after 37h 22h
)

// Next takes one byte, and returns the answer that it completes.
func (p *Parser) Next(b byte) (printer.Answer, bool) {
	switch p.state {
	case inPushed:
		if b&0x90 != 0 {
			break // not a byte of it: the rest was lost
		}
		if p.left--; p.left == 0 {
			p.state = between
			return printer.Answer{Kind: printer.Pushed, Byte: p.first}, true
		}
		return printer.Answer{}, false
	case inHeader:
		if b == 0x22 {
			p.state, p.id = inID, p.id[:0]
			return printer.Answer{}, false
		}
	case inID:
		switch {
		case b == 0:
			p.state = between
			return printer.Answer{Kind: printer.Process, ID: string(p.id)}, true
		case b >= ' ' && b < 0x7f && len(p.id) < answerMax:
			p.id = append(p.id, b)
			return printer.Answer{}, false
		}
	case between:
	}
	return p.begin(b)
}

// begin takes a byte that stands at the start of an answer.
func (p *Parser) begin(b byte) (printer.Answer, bool) {
	p.state = between
	switch {
	case b == 0x37:
		p.state = inHeader
	case b&0x80 != 0, b == 0x11, b == 0x13: // noise, XON, XOFF
	case b&0x93 == 0x12:
		return printer.Answer{Kind: printer.Realtime, Byte: b}, true
	case b&0x93 == 0x10:
		p.state, p.first, p.left = inPushed, b, 3
	case b&0x90 == 0:
		return printer.Answer{Kind: printer.InOrder, Byte: b}, true
	}
	return printer.Answer{}, false
}

// What DLE EOT can be asked for.
const (
	askOffline = 2 // why it is offline
	askError   = 3
	askPaper   = 4
)

// askRealtime returns DLE EOT n, which printers answer at once, even while
// they print and where they are offline.
func askRealtime(n byte) []byte { return []byte{dle, 0x04, n} }

// Greet is nothing: DLE EOT is answered as the printer comes.
func (Language) Greet() []byte { return nil }

// Reader parses one link's answers.
func (Language) Reader() printer.Reader { return new(Parser) }

// Ask asks by DLE EOT: for the paper, for why it is offline, and for the error
// where there is one.
func (Language) Ask(ask func(question []byte) (printer.Answer, error)) (device.Reason, error) {
	paper, err := ask(askRealtime(askPaper))
	if err != nil {
		return "", err
	}
	offline, err := ask(askRealtime(askOffline))
	if err != nil {
		return "", err
	}
	var fault printer.Answer
	if offline.Byte&0x40 != 0 {
		if fault, err = ask(askRealtime(askError)); err != nil {
			return "", err
		}
	}
	return reasonOf(offline.Byte, fault.Byte, paper.Byte), nil
}

// reasonOf reads the answers to DLE EOT 2, 3 and 4. Three is asked only where
// two says that there is an error.
func reasonOf(offline, fault, paper byte) device.Reason {
	switch {
	case offline&0x04 != 0:
		return device.CoverOpen
	case paper&0x60 != 0, offline&0x20 != 0:
		return device.PaperEnd
	case offline&0x40 != 0 && fault&0x08 != 0:
		return device.Cutter
	case offline&0x40 != 0:
		return device.Failure
	case paper&0x0c != 0:
		return device.PaperLow
	}
	return ""
}
