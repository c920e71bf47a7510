package sim

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"guitai/till/receipt"
)

// Languages of a simulated printer: ESC/POS where none is named.
const (
	ESCPOS = "escpos"
	Star   = "star" // StarPRNT and Star Line Mode, written from Star's specifications alone
)

// More bytes that begin commands, of Star's.
const (
	bel = 0x07
	em  = 0x19
	sub = 0x1a
	rs  = 0x1e
)

// starCounted are Star's commands with a fixed number of bytes after their two.
var starCounted = map[byte]int{
	'@': 0, 'M': 0, 'P': 0, 'E': 0, 'F': 0, '0': 0, '4': 0, '5': 0,
	'a': 1, 'd': 1, 'z': 1, 'J': 1, 'I': 1, '-': 1, '_': 1, 'R': 1, ' ': 1, 'l': 1, 'Q': 1, 'W': 1, 'h': 1, 0x06: 1,
	'i': 2, 's': 2, bel: 2, rs: 2,
}

// starSize is what size is, of Star's commands. Every one begins with ESC.
func starSize(b []byte) (n int, known bool) {
	if len(b) < 2 {
		return 0, true
	}
	whole := func(k int) (int, bool) {
		if len(b) < k {
			return 0, true
		}
		return k, true
	}
	if k, ok := starCounted[b[1]]; ok {
		return whole(2 + k)
	}
	switch b[1] {
	case 'b':
		const head = 6 // and the height may look like the end
		if len(b) > head {
			if end := bytes.IndexByte(b[head:], rs); end >= 0 {
				return head + end + 1, true
			}
		}
		return 0, true
	case 'k':
		if len(b) < 4 {
			return 0, true
		}
		return whole(4 + 24*(int(b[2])|int(b[3])<<8))
	case gs:
		return starLong(b, whole)
	}
	return 2, false
}

// starLong measures the commands of ESC GS.
func starLong(b []byte, whole func(int) (int, bool)) (n int, known bool) {
	if len(b) < 4 {
		return 0, true
	}
	switch b[2] {
	case 'a', 't':
		return whole(4)
	case 0x03:
		return whole(6)
	case 'S':
		if len(b) < 9 {
			return 0, true
		}
		return whole(9 + (int(b[4])|int(b[5])<<8)*(int(b[6])|int(b[7])<<8))
	case 'y':
		switch b[3] {
		case 'P':
			return 4, true
		case 'S':
			return whole(6)
		case 'D':
			if len(b) < 8 {
				return 0, true
			}
			return whole(8 + (int(b[6]) | int(b[7])<<8))
		}
	}
	return 3, false
}

// starStep is what step is.
func (p *Printer) starStep() int {
	b := p.memory
	switch b[0] {
	case esc:
		n, known := starSize(b)
		if n == 0 {
			return 0
		}
		if !known {
			p.slip.Unknown = append(p.slip.Unknown, fmt.Sprintf("%02x %02x", b[0], b[1]))
			return n
		}
		p.starObey(b[:n])
		return n
	case bel, sub:
		p.open(b[0]&1^1, p.mode.kick, false)
		return 1
	case fs, em:
		return 1 // done when it came in
	case '\n':
		p.slip.Raw = append(p.slip.Raw, b[0])
		p.feed(!p.mode.printed)
		p.mode.printed = false
		return 1
	}
	n := p.character(b)
	if n > 0 {
		p.slip.Raw = append(p.slip.Raw, b[:n]...)
	}
	return n
}

// starNotice takes a byte as it comes in: the commands that are obeyed at
// once, where a command can stand.
func (p *Printer) starNotice(b byte) {
	p.coming = append(p.coming, b)
	if p.coming[0] != esc {
		switch b {
		case fs:
			p.open(0, p.mode.kick, true)
		case em:
			p.open(1, p.mode.kick, true)
		}
		p.coming = p.coming[:0]
		return
	}
	n, _ := starSize(p.coming)
	if n == 0 {
		return
	}
	if string(p.coming) == "\x1b\x06\x01" {
		p.answer(p.asb()...)
	}
	p.coming = p.coming[:0]
}

// asb is the automatic status, nine bytes.
func (p *Printer) asb() []byte {
	s := []byte{0x23, 0x06, 0, 0, 0, 0, 0, 0, 0}
	set := func(yes bool, at int, bit byte) {
		if yes {
			s[at] |= bit
		}
	}
	set(p.cover, 2, 0x20)
	set(p.stopped(), 2, 0x08)
	set(p.stuck, 3, 0x08)
	set(p.paper == out, 5, 0x08)
	set(p.paper != enough, 5, 0x04)
	return s
}

// starObey does what a whole command says.
func (p *Printer) starObey(b []byte) {
	args := b[2:]
	switch {
	case b[1] == 0x06:
		return // done when it came in
	case b[1] == gs && args[0] == 0x03:
		if args[1] == 1 {
			p.feed(false)
			p.ended++
			p.answer(append(bytes.Clone(b), p.ended, 0)...)
		}
		return
	case b[1] == rs && args[0] == 'a':
		p.push = args[1] & 1
		p.tellChange()
		return
	case b[1] == bel:
		p.mode.kick = time.Duration(args[0]) * 10 * time.Millisecond
		return
	case b[1] == '@':
		p.finish("none")
		p.reset()
	}
	p.slip.Raw = append(p.slip.Raw, b...)
	p.starPrint(b[1], args)
}

// starPrint obeys what changes the paper.
func (p *Printer) starPrint(name byte, args []byte) {
	m := &p.mode
	switch name {
	case 'E', 'F':
		m.bold = name == 'E'
	case 'i':
		m.wide = 1 + int(args[1]%'0')
	case 'a':
		p.feed(false)
		for range args[0] {
			p.feed(true)
		}
	case 'd':
		p.cutPaper(args[0]&1 == 0)
	case 'b':
		p.feed(false)
		text := string(args[4 : len(args)-1])
		if args[0]%'0' == 6 {
			text = strings.ReplaceAll(text, "%0", "%")
		}
		p.add(Part{Kind: Barcode, Text: text, Align: m.align})
	case 'k':
		p.picture(8*(int(args[0])|int(args[1])<<8), 24)
		m.printed = true
	case gs:
		p.starFunction(args)
	}
}

// starFunction obeys ESC GS.
func (p *Printer) starFunction(args []byte) {
	switch args[0] {
	case 'a':
		p.mode.align = receipt.Align(args[1] % '0' % 3)
	case 'S':
		p.picture(8*(int(args[2])|int(args[3])<<8), int(args[4])|int(args[5])<<8)
	case 'y':
		switch args[1] {
		case 'D':
			p.mode.qr = bytes.Clone(args[6:])
		case 'P':
			p.feed(false)
			p.add(Part{Kind: QR, Text: string(p.mode.qr), Align: p.mode.align})
			p.advance(8)
		}
	}
}
