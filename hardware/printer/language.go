package printer

import (
	"guitai/hardware/device"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

// A Language is the commands of one family of printers. Its methods that take
// b append to it. It has no state: the encoder knows which modes are on.
type Language interface {
	// Prologue sets everything a slip relies on, since printers keep modes
	// between jobs: left, normal size, not bold, Chinese on.
	Prologue(b []byte) []byte
	Align(b []byte, a receipt.Align) []byte
	Bold(b []byte, on bool) []byte
	Size(b []byte, s receipt.Size) []byte
	Feed(b []byte, lines int) []byte
	Cut(b []byte, p *Profile) []byte
	// QR prints a code of model 2 and level M with modules of so many dots.
	QR(b []byte, payload string, module int) []byte
	// Barcode prints a code with modules of 2 or 3 dots.
	Barcode(b []byte, code receipt.Barcode, module int) []byte
	// Raster prints dots where the paper is, aligned as text is.
	Raster(b []byte, m *raster.Bitmap, p *Profile) []byte
	// Pictures says that pictures begin or are over, for a printer that has to
	// be kept from obeying what they hold.
	Pictures(b []byte, begin bool, p *Profile) []byte

	// Pulse opens the drawer when the printer comes to it. It is never part of
	// a slip.
	Pulse(p *Profile) []byte
	// RealtimePulse opens the drawer of a printer that is out of paper or open.
	RealtimePulse(p *Profile) []byte
	// Beep makes the printer heard, where it has a beeper.
	Beep(b []byte, p *Profile) []byte
	// Barrier adds the command of a profile's Barrier, which a printer answers
	// once all before it is printed. id is 0 to 9999; InOrder answers have none.
	Barrier(b []byte, kind string, id int) []byte
	// Greet is sent once on every new link.
	Greet() []byte
	// Reader returns a parser of one link's answers.
	Reader() Reader
	// Ask finds out why the printer prints nothing, PaperLow, or no reason. The
	// function sends a question and returns its answer.
	Ask(ask func(question []byte) (Answer, error)) (device.Reason, error)
}

// A Reader finds the answers in what a printer sends, which may come in any
// pieces, with flow control characters and noise between them.
type Reader interface {
	// Next takes one byte, and returns the answer that it completes.
	Next(b byte) (Answer, bool)
}

// AnswerKind is what a printer's answer belongs to.
type AnswerKind uint8

// The kinds of answer.
const (
	// Realtime answers a question about the state, at once.
	Realtime AnswerKind = iota
	// InOrder answers a barrier without a number, when it is reached.
	InOrder
	// Process answers a barrier by its number.
	Process
	// Pushed is a status that nobody asked for.
	Pushed
)

// An Answer is one whole answer of a printer.
type Answer struct {
	Kind AnswerKind
	Byte byte   // of Realtime, InOrder and Pushed: the first, or the only one
	More []byte // of Realtime: those after it, valid until the next byte is read
	ID   string // of Process: four digits
}
