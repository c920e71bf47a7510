package display

import (
	"bytes"
	"strings"

	"guitai/hardware/port"
)

// A Driver is a kind of display.
type Driver struct {
	ID    string
	Title string
	Line  port.Line // as displays come from the factory
}

// Drivers are the kinds, in the order of a list to choose from.
var Drivers = []Driver{
	{"led8", "LED8 (8 digits)", line(2400)},
	{"cd5220", "CD5220 2x20", line(9600)},
	{"dmd", "Epson DM-D 2x20", line(9600)},
}

func line(baud int) port.Line {
	return port.Line{Baud: baud, Data: 8, Parity: "none", Stop: 1, Flow: "none"}
}

// A dialect is how a kind of display is spoken to. Every frame is whole: it
// replaces all that the display shows.
type dialect struct {
	begin []byte // once the port is open: ends what was cut off before
	frame func(v View, set Settings) []byte
}

var dialects = map[string]dialect{
	// CAN or CLR, and nothing else, leave the mode in which ESC Q is; then reset.
	"cd5220": {begin: []byte("\x0c\x1b@\x0c"), frame: cd5220},
	// Three bytes that a half sent command may swallow, and that a printer
	// ignores; then the display is chosen by each frame.
	"dmd": {begin: []byte("\x18\x18\x18"), frame: dmd},
	// As many clears as the longest command has bytes that may be missing.
	"led8": {begin: []byte("\x0c\x0c\x0c\x0c\x0c"), frame: led8},
}

// cd5220 is the command set of most text poles: ESC Q A and ESC Q B write the
// upper and the lower line up to a CR.
func cd5220(v View, set Settings) []byte {
	upper, lower := lines(v, set.Charset)
	var b bytes.Buffer
	b.WriteString("\x1bQA")
	b.Write(upper)
	b.WriteString("\r\x1bQB")
	b.Write(lower)
	b.WriteString("\r")
	return b.Bytes()
}

// dmd is Epson's (DM-D110 to 210): ESC = chooses the display, and at the end
// the printer that may hang behind it, so that a receipt never goes to the
// customer and a total never goes on paper; US $ x y moves the cursor.
func dmd(v View, set Settings) []byte {
	upper, lower := lines(v, set.Charset)
	var b bytes.Buffer
	b.WriteString("\x1b=\x02\x1f$\x01\x01")
	b.Write(upper)
	b.WriteString("\x1f$\x01\x02")
	b.Write(lower)
	b.WriteString("\x1b=\x01")
	return b.Bytes()
}

// ledDigits is how many digits an LED8 has; a minus takes one, a point none.
const ledDigits = 8

// led8 is the Chinese eight-digit pole (LED8N manual, 2400 baud): clear, the
// four lamps, then the number, all in one, so that 12.50 after 1234.50 leaves
// nothing of it. A number that does not fit is dashes: a part of it would be
// another amount.
func led8(v View, set Settings) []byte {
	s := v.Main
	var b bytes.Buffer
	b.WriteByte(0x0c)
	lamp := map[What]int{Price: 1, Total: 2, Collected: 3, Change: 4}[s.What]
	if !plausible(s.Amount) {
		lamp = 0
	}
	if set.Lamps == "esc" {
		b.Write([]byte{0x1b, 's', byte('0' + lamp)})
	} else {
		lamps := []byte("0000")
		if lamp > 0 {
			lamps[lamp-1] = '1'
		}
		b.WriteString("\x02L")
		b.Write(lamps)
	}
	if lamp == 0 {
		return b.Bytes()
	}
	number := s.Amount
	if len(strings.ReplaceAll(number, ".", "")) > ledDigits {
		number = strings.Repeat("-", ledDigits)
	}
	b.WriteString("\x1bQA")
	b.WriteString(number)
	b.WriteByte('\r')
	return b.Bytes()
}
