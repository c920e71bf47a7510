package escpos

import "guitai/hardware/device"

// AnswerKind is what a printer's answer belongs to.
type AnswerKind uint8

// The kinds of answer.
const (
	// Realtime answers DLE EOT: one byte 0xx1xx10.
	Realtime AnswerKind = iota
	// InOrder answers GS r: one byte 0xx0xxxx, sent when the command is reached.
	InOrder
	// Process answers GS ( H, function 48: 37h 22h, the process id, 00h.
	Process
	// Pushed is an automatic status (GS a): 0xx1xx00 and three bytes 0xx0xxxx.
	Pushed
)

// An Answer is one whole answer of a printer.
type Answer struct {
	Kind AnswerKind
	Byte byte   // of Realtime and InOrder, the first of Pushed
	ID   string // of Process: at most answerMax characters
}

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
func (p *Parser) Next(b byte) (Answer, bool) {
	switch p.state {
	case inPushed:
		if b&0x90 != 0 {
			break // not a byte of it: the rest was lost
		}
		if p.left--; p.left == 0 {
			p.state = between
			return Answer{Kind: Pushed, Byte: p.first}, true
		}
		return Answer{}, false
	case inHeader:
		if b == 0x22 {
			p.state, p.id = inID, p.id[:0]
			return Answer{}, false
		}
	case inID:
		switch {
		case b == 0:
			p.state = between
			return Answer{Kind: Process, ID: string(p.id)}, true
		case b >= ' ' && b < 0x7f && len(p.id) < answerMax:
			p.id = append(p.id, b)
			return Answer{}, false
		}
	case between:
	}
	return p.begin(b)
}

// begin takes a byte that stands at the start of an answer.
func (p *Parser) begin(b byte) (Answer, bool) {
	p.state = between
	switch {
	case b == 0x37:
		p.state = inHeader
	case b&0x80 != 0, b == 0x11, b == 0x13: // noise, XON, XOFF
	case b&0x93 == 0x12:
		return Answer{Kind: Realtime, Byte: b}, true
	case b&0x93 == 0x10:
		p.state, p.first, p.left = inPushed, b, 3
	case b&0x90 == 0:
		return Answer{Kind: InOrder, Byte: b}, true
	}
	return Answer{}, false
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
