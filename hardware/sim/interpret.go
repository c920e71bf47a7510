package sim

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till/receipt"
)

// mode is how the printer prints. A Chinese model has Chinese on after a reset.
type mode struct {
	chinese bool
	align   receipt.Align
	bold    bool
	wide    int // of GS ! and ESC !, 1 to 8
	twice   bool
	kick    time.Duration // of Star: how long BEL opens the drawer
	printed bool          // of Star: the picture before LF was the line
	qr      []byte        // stored by GS ( k
}

// row is the line under way.
type row struct {
	text strings.Builder
	dots int
	mode mode // as it was at its first character
}

func (p *Printer) reset() {
	p.mode = mode{chinese: true, wide: 1, kick: 200 * time.Millisecond}
	p.row = row{}
}

// work prints what is in the memory, as far as it is whole and the printer
// prints at all.
func (p *Printer) work() {
	for !p.stopped() && len(p.memory) > 0 {
		n := p.step()
		if n == 0 {
			return
		}
		p.memory = p.memory[n:]
	}
	if len(p.memory) == 0 {
		p.memory = nil
	}
}

// step prints one character or obeys one command, and returns its length: 0
// where more of it has to come.
func (p *Printer) step() int {
	if p.opt.Language == Star {
		return p.starStep()
	}
	b := p.memory
	switch b[0] {
	case esc, fs, gs, dle:
		n, known := size(b)
		if n == 0 {
			return 0
		}
		if !known {
			p.slip.Unknown = append(p.slip.Unknown, fmt.Sprintf("%02x %02x", b[0], b[1]))
		}
		p.obey(b[:n])
		return n
	case '\n':
		p.slip.Raw = append(p.slip.Raw, b[0])
		p.feed(true)
		return 1
	}
	n := p.character(b)
	if n > 0 {
		p.slip.Raw = append(p.slip.Raw, b[:n]...)
	}
	return n
}

// character prints one character of text: two bytes to a Chinese one.
func (p *Printer) character(b []byte) int {
	switch {
	case b[0] < ' ':
		return 1 // CR, NUL and the like
	case b[0] < 0x80:
		p.put(rune(b[0]), 12)
		return 1
	case !p.mode.chinese:
		p.put(charmap.CodePage437.DecodeByte(b[0]), 12)
		return 1
	case b[0] == 0x80 || b[0] == 0xff:
		p.put('\ufffd', 12)
		return 1
	case len(b) < 2:
		return 0
	case b[1] < 0x40: // half of a character of four bytes, which printers do not have
		p.put('\ufffd', 12)
		return 1
	}
	s, err := simplifiedchinese.GBK.NewDecoder().Bytes(b[:2])
	r := []rune(string(s))
	if err != nil || len(r) != 1 {
		r = []rune{'\ufffd'}
	}
	p.put(r[0], 24)
	return 2
}

// put prints a character of so many dots, and breaks the line at the margin.
func (p *Printer) put(r rune, dots int) {
	wide := p.mode.wide
	if dots == 24 && p.mode.twice {
		wide = max(wide, 2)
	}
	dots *= wide
	if p.row.dots+dots > p.opt.Dots {
		p.feed(true)
	}
	if p.row.dots == 0 {
		p.row.mode = p.mode
		p.row.mode.wide = wide
	}
	p.row.text.WriteRune(r)
	p.row.dots += dots
}

// feed ends the line; an empty one only where the till asked for it.
func (p *Printer) feed(asked bool) {
	if p.row.dots == 0 && !asked {
		return
	}
	m := p.row.mode
	if p.row.dots == 0 {
		m = p.mode
	}
	p.add(Part{Kind: Line, Text: strings.TrimRight(p.row.text.String(), " "), Align: m.align, Wide: m.wide, Bold: m.bold})
	p.row = row{}
	p.advance(1)
}

// advance uses paper up.
func (p *Printer) advance(lines int) {
	if p.left < 0 {
		return
	}
	if p.left = max(0, p.left-lines); p.left == 0 && p.paper != out {
		p.paper = out
		p.tellChange()
	}
}

func (p *Printer) add(part Part) {
	if len(p.slip.Parts) == 0 {
		p.slip.Began = time.Now()
	}
	p.slip.Parts = append(p.slip.Parts, part)
}

// obey does what a whole command says.
func (p *Printer) obey(b []byte) {
	if b[0] == dle {
		return // done when it came in
	}
	name, args := string(b[:2]), b[2:]
	switch name {
	case "\x1dr":
		if args[0] == 1 || args[0] == '1' {
			p.answer(p.sensor())
		} else {
			p.answer(0)
		}
		return
	case "\x1da":
		p.push = args[0]
		p.tellChange()
		return
	case "\x1dI":
		if args[0] >= 65 {
			p.answer(append([]byte("_GUITAI SIM"), 0)...)
		} else {
			p.answer(0x02)
		}
		return
	case "\x1d(":
		if args[0] == 'H' && len(args) == 9 && args[3] == 48 {
			p.answer(append(append([]byte{0x37, 0x22}, args[5:9]...), 0)...)
			return
		}
	case "\x1bp":
		p.open(args[0]&1, time.Duration(args[1])*2*time.Millisecond, false)
		return
	case "\x1b@":
		p.finish("none")
		p.reset()
	}
	p.slip.Raw = append(p.slip.Raw, b...)
	p.print(name, args)
}

// print obeys what changes the paper.
func (p *Printer) print(name string, args []byte) {
	m := &p.mode
	switch name {
	case "\x1ba":
		m.align = receipt.Align(args[0] % '0' % 3)
	case "\x1bE", "\x1bG":
		m.bold = args[0]&1 != 0
	case "\x1b!":
		m.bold, m.wide = args[0]&0x08 != 0, 1+int(args[0]>>5&1)
	case "\x1d!":
		m.wide = 1 + int(args[0]>>4&7)
	case "\x1c!":
		m.twice = args[0]&0x04 != 0
	case "\x1cW":
		m.twice = args[0]&1 != 0
	case "\x1c&":
		m.chinese = true
	case "\x1c.":
		m.chinese = false
	case "\x1bd":
		p.feed(false)
		for range args[0] {
			p.feed(true)
		}
	case "\x1bJ":
		p.feed(false)
	case "\x1bi", "\x1bm":
		p.cutPaper(name == "\x1bi")
	case "\x1dV":
		p.cutPaper(strings.IndexByte("\x000Aag", args[0]) >= 0)
	case "\x1dk":
		p.feed(false)
		p.add(Part{Kind: Barcode, Text: barcodeText(args), Align: m.align})
	case "\x1dv":
		p.picture(8*(int(args[2])+int(args[3])<<8), int(args[4])+int(args[5])<<8)
	case "\x1b*":
		p.picture(int(args[1])+int(args[2])<<8, 8+16*int(args[0]>>5&1))
	case "\x1d(":
		p.function(args[0], args[3:])
	}
}

// function obeys GS ( k and GS ( D.
func (p *Printer) function(kind byte, args []byte) {
	is := func(b ...byte) bool {
		return len(args) >= len(b) && string(args[:len(b)]) == string(b)
	}
	switch {
	case kind == 'D' && is(20, 1) && len(args) == 3:
		p.noOpen = args[2]&1 == 0
	case kind == 'k' && is('1', 'P', '0'):
		p.mode.qr = append([]byte(nil), args[3:]...)
	case kind == 'k' && is('1', 'Q', '0'):
		p.feed(false)
		p.add(Part{Kind: QR, Text: string(p.mode.qr), Align: p.mode.align})
		p.advance(8)
	}
}

func (p *Printer) picture(width, height int) {
	p.feed(false)
	p.add(Part{Kind: Picture, Text: fmt.Sprintf("%dx%d", width, height), Align: p.mode.align})
	p.advance((height + 29) / 30)
}

func (p *Printer) cutPaper(full bool) {
	if p.knife {
		p.knife, p.stuck = false, true
		p.tellChange()
		return
	}
	how := "partial"
	if full {
		how = "full"
	}
	p.finish(how)
}

// barcodeText is what a barcode of GS k holds, without the marks of Code 128.
func barcodeText(args []byte) string {
	if args[0] < 65 {
		return string(args[1 : len(args)-1])
	}
	s := string(args[2:])
	if args[0] == 73 {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "{B"), "{A")
		s = strings.ReplaceAll(s, "{{", "{")
	}
	return s
}
