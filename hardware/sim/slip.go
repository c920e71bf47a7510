package sim

import (
	"fmt"
	"strings"
	"time"

	"guitai/till/receipt"
)

// PartKind is what a part of a slip is.
type PartKind string

// The kinds of part.
const (
	Line    PartKind = "line"
	QR      PartKind = "qr"
	Barcode PartKind = "barcode"
	Picture PartKind = "picture"
)

// A Part is one thing on paper.
type Part struct {
	Kind  PartKind
	Text  string // the line, what the code holds, or the picture's size in dots as 240x80
	Align receipt.Align
	Wide  int // of a line: how many times the normal width, 1 to 8
	Bold  bool
}

// A Slip is what came out of the printer between two cuts.
type Slip struct {
	Began   time.Time
	Parts   []Part
	Cut     string   // full, partial, or none where the next slip began without one
	Unknown []string // commands the printer does not have, in hexadecimal
	Raw     []byte   // as received, without what asks for an answer
}

// Lines returns the lines of text, without what fills them up to the margin.
func (s Slip) Lines() []string { return s.of(Line) }

// Codes returns what the QR codes and barcodes hold.
func (s Slip) Codes() []string {
	var out []string
	for _, p := range s.Parts {
		if p.Kind == QR || p.Kind == Barcode {
			out = append(out, p.Text)
		}
	}
	return out
}

func (s Slip) of(kind PartKind) []string {
	var out []string
	for _, p := range s.Parts {
		if p.Kind == kind {
			out = append(out, p.Text)
		}
	}
	return out
}

// Text is the slip as people read it, aligned for columns of normal width;
// codes and pictures are named between brackets.
func (s Slip) Text(columns int) string {
	var out strings.Builder
	for _, p := range s.Parts {
		text, wide := p.Text, max(p.Wide, 1)
		if p.Kind != Line {
			text, wide = fmt.Sprintf("[%s %s]", p.Kind, p.Text), 1
		}
		if room := columns - wide*receipt.TextWidth(text); room > 0 {
			switch p.Align {
			case receipt.Left:
			case receipt.Center:
				text = strings.Repeat(" ", room/2) + text
			case receipt.Right:
				text = strings.Repeat(" ", room) + text
			}
		}
		out.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	if s.Cut != "none" {
		fmt.Fprintf(&out, "[cut %s]\n", s.Cut)
	}
	return out.String()
}

// A Pulse is one opening of the cash drawer.
type Pulse struct {
	At       time.Time
	Pin      int // 2 or 5
	On       time.Duration
	Realtime bool // by DLE DC4
}
