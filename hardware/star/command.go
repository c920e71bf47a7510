package star

import (
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

const (
	lf  = 0x0a
	ack = 0x06
	bel = 0x07
	em  = 0x19
	sub = 0x1a
	esc = 0x1b
	fs  = 0x1c
	gs  = 0x1d
	rs  = 0x1e
)

// Language is StarPRNT, or Star Line Mode where Line is set.
type Language struct{ Line bool }

var _ printer.Language = Language{}

// Prologue resets the printer and sets the modes: no status that was not asked
// for (ESC RS a), and the font of 12 dots (ESC RS F, in Line Mode ESC M).
func (l Language) Prologue(b []byte) []byte {
	b = append(b, esc, '@', esc, rs, 'a', 0)
	if l.Line {
		b = append(b, esc, 'M')
	} else {
		b = append(b, esc, rs, 'F', 0)
	}
	b = l.Size(b, receipt.Normal)
	b = l.Align(b, receipt.Left)
	return l.Bold(b, false)
}

// Align is ESC GS a.
func (Language) Align(b []byte, a receipt.Align) []byte { return append(b, esc, gs, 'a', byte(a)) }

// Bold is ESC E and ESC F.
func (Language) Bold(b []byte, on bool) []byte {
	if on {
		return append(b, esc, 'E')
	}
	return append(b, esc, 'F')
}

// Size is ESC i, height before width, which holds for Chinese as well.
func (Language) Size(b []byte, s receipt.Size) []byte {
	switch s {
	case receipt.Normal:
		return append(b, esc, 'i', 0, 0)
	case receipt.Tall:
		return append(b, esc, 'i', 1, 0)
	case receipt.Double:
		return append(b, esc, 'i', 1, 1)
	}
	return b
}

// Feed is ESC a, 1 to 127 lines.
func (Language) Feed(b []byte, lines int) []byte {
	for ; lines > 0; lines -= 127 {
		b = append(b, esc, 'a', byte(min(lines, 127)))
	}
	return b
}

// Cut is ESC d 2 or 3, which feed the paper to the knife by themselves.
func (l Language) Cut(b []byte, p *printer.Profile) []byte {
	switch p.Cut {
	case "full":
		return append(b, esc, 'd', '2')
	case "partial":
		return append(b, esc, 'd', '3')
	}
	return l.Feed(b, p.CutFeed)
}

// QR prints a QR code of model 2 and level M by ESC GS y.
func (Language) QR(b []byte, payload string, module int) []byte {
	b = append(b, esc, gs, 'y', 'S', '0', 2)
	b = append(b, esc, gs, 'y', 'S', '2', byte(module))
	b = append(b, esc, gs, 'y', 'S', '1', 1)
	n := len(payload)
	b = append(b, esc, gs, 'y', 'D', '1', 0, byte(n), byte(n>>8))
	b = append(b, payload...)
	return append(b, esc, gs, 'y', 'P')
}

// Barcode prints a barcode by ESC b, which chooses the sets of Code 128
// itself. In its data % begins a control character and is written %0.
func (Language) Barcode(b []byte, code receipt.Barcode, module int) []byte {
	kind := byte(6)
	if code.Kind == receipt.EAN13 {
		kind = 3
	}
	b = append(b, esc, 'b', kind, 1, byte(module-1), 72)
	for i := range len(code.Data) {
		b = append(b, code.Data[i])
		if code.Data[i] == '%' && kind == 6 {
			b = append(b, '0')
		}
	}
	return append(b, rs)
}

// stripRows bounds one picture command: cheap printers have small buffers.
const stripRows = 128

// stripeRows are those of one ESC k.
const stripeRows = 24

// Raster prints dots by ESC GS S, in strips of at most stripRows rows; in Line
// Mode by ESC k, in stripes of 24 rows on lines of 3 mm.
func (l Language) Raster(b []byte, m *raster.Bitmap, _ *printer.Profile) []byte {
	if l.Line {
		return lineRaster(b, m)
	}
	for y := 0; y < m.Height; y += stripRows {
		rows := min(stripRows, m.Height-y)
		b = append(b, esc, gs, 'S', 1, byte(m.Stride), byte(m.Stride>>8), byte(rows), byte(rows>>8), 0)
		b = append(b, m.Bits[y*m.Stride:(y+rows)*m.Stride]...)
	}
	return b
}

func lineRaster(b []byte, m *raster.Bitmap) []byte {
	b = append(b, esc, '0')
	for y := 0; y < m.Height; y += stripeRows {
		rows := min(stripeRows, m.Height-y)
		b = append(b, esc, 'k', byte(m.Stride), byte(m.Stride>>8))
		b = append(b, m.Bits[y*m.Stride:(y+rows)*m.Stride]...)
		b = append(b, make([]byte, (stripeRows-rows)*m.Stride)...)
		b = append(b, lf)
	}
	return append(b, esc, 'z', 1)
}

// Pictures is nothing: a Star printer knows how long its pictures are, and
// looks for no commands inside.
func (Language) Pictures(b []byte, _ bool, _ *printer.Profile) []byte { return b }

// Pulse sets the times by ESC BEL, in units of 10 ms, and opens the first
// drawer by BEL or the second by SUB.
func (Language) Pulse(p *printer.Profile) []byte {
	ten := func(ms int) byte { return byte(min(max((ms+5)/10, 1), 127)) }
	b := []byte{esc, bel, ten(p.DrawerOnMS), ten(p.DrawerOffMS), bel}
	if p.DrawerPin == 5 {
		b[4] = sub
	}
	return b
}

// RealtimePulse is FS or EM, which do not wait in the buffer, with the times
// that were set last.
func (Language) RealtimePulse(p *printer.Profile) []byte {
	if p.DrawerPin == 5 {
		return []byte{em}
	}
	return []byte{fs}
}

// Beep is nothing: Star's buzzers share the drawer's socket, and the command
// for one can break the other.
func (Language) Beep(b []byte, _ *printer.Profile) []byte { return b }

// Barrier is gs_etx, ESC GS ETX with s = 1: when all before it is printed the
// printer sends the command back with a count behind it. Its two free bytes
// carry the id.
func (Language) Barrier(b []byte, kind string, id int) []byte {
	if kind != "gs_etx" {
		return b
	}
	id %= 10000
	return append(b, esc, gs, 3, 1, byte(id>>8), byte(id))
}
