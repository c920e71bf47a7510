package escpos

import (
	"fmt"

	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

const (
	esc = 0x1b
	fs  = 0x1c
	gs  = 0x1d
	dle = 0x10
)

// Language is Epson's ESC/POS. The zero value is ready.
type Language struct{}

var _ printer.Language = Language{}

// Prologue resets the printer and sets the modes: other programs leave theirs,
// and after a reset Chinese is on for some models and off for others.
func (l Language) Prologue(b []byte) []byte {
	b = append(b, esc, '@') // reset
	b = append(b, fs, '&')  // Chinese on
	b = l.Size(b, receipt.Normal)
	b = l.Align(b, receipt.Left)
	return l.Bold(b, false)
}

// Align is ESC a.
func (Language) Align(b []byte, a receipt.Align) []byte { return append(b, esc, 'a', byte(a)) }

// Bold is ESC E.
func (Language) Bold(b []byte, on bool) []byte {
	if on {
		return append(b, esc, 'E', 1)
	}
	return append(b, esc, 'E', 0)
}

// Size sends both sizes: FS ! for Chinese and GS ! for the rest, since
// some clones ignore GS ! for Chinese and Epson obeys it for both.
func (Language) Size(b []byte, s receipt.Size) []byte {
	switch s {
	case receipt.Normal:
		return append(b, fs, '!', 0x00, gs, '!', 0x00)
	case receipt.Tall:
		return append(b, fs, '!', 0x08, gs, '!', 0x01)
	case receipt.Double:
		return append(b, fs, '!', 0x0c, gs, '!', 0x11)
	}
	return b
}

// Feed is ESC d.
func (Language) Feed(b []byte, lines int) []byte {
	if lines <= 0 {
		return b
	}
	return append(b, esc, 'd', byte(min(lines, 255)))
}

// Cut feeds the paper to the knife and cuts by GS V.
func (l Language) Cut(b []byte, p *printer.Profile) []byte {
	b = l.Feed(b, p.CutFeed)
	switch p.Cut {
	case "full":
		return append(b, gs, 'V', 0)
	case "partial":
		return append(b, gs, 'V', 1)
	}
	return b
}

// QR prints a QR code of model 2 and level M by GS ( k: functions 65,
// 67, 69, 80 and 81.
func (Language) QR(b []byte, payload string, module int) []byte {
	b = append(b, gs, '(', 'k', 4, 0, '1', 'A', '2', 0)
	b = append(b, gs, '(', 'k', 3, 0, '1', 'C', byte(module))
	b = append(b, gs, '(', 'k', 3, 0, '1', 'E', '1')
	n := len(payload) + 3
	b = append(b, gs, '(', 'k', byte(n), byte(n>>8), '1', 'P', '0')
	b = append(b, payload...)
	return append(b, gs, '(', 'k', 3, 0, '1', 'Q', '0')
}

// Barcode prints a barcode by GS k. Only set B of Code 128 is used: in
// set C a pair of digits is a byte of 0 to 99, and 1004 would read as DLE EOT.
func (Language) Barcode(b []byte, code receipt.Barcode, module int) []byte {
	b = append(b, gs, 'h', 72, gs, 'w', byte(module), gs, 'H', 0)
	if code.Kind == receipt.EAN13 {
		b = append(b, gs, 'k', 2)
		b = append(b, code.Data...)
		return append(b, 0)
	}
	b = append(b, gs, 'k', 'I', 0, '{', 'B')
	at := len(b) - 3
	for i := range len(code.Data) {
		if code.Data[i] == '{' {
			b = append(b, '{')
		}
		b = append(b, code.Data[i])
	}
	b[at] = byte(len(b) - at - 1)
	return b
}

// stripRows bounds one picture command: cheap printers have small buffers.
const stripRows = 128

// Raster prints dots by GS v 0, in strips of at most stripRows rows,
// with the guard of guardDLE.
func (Language) Raster(b []byte, m *raster.Bitmap, _ *printer.Profile) []byte {
	for y := 0; y < m.Height; y += stripRows {
		rows := min(stripRows, m.Height-y)
		b = append(b, gs, 'v', '0', 0, byte(m.Stride), byte(m.Stride>>8), byte(rows), byte(rows>>8))
		start := len(b)
		b = append(b, m.Bits[y*m.Stride:(y+rows)*m.Stride]...)
		guardDLE(b[start:])
	}
	return b
}

// guardDLE changes picture data that a printer would take for a real-time
// command, DLE EOT, DLE ENQ or DLE DC4: the last opens the drawer. Printers
// look for them inside pictures too (Epson on GS ( D). One dot is added.
func guardDLE(data []byte) {
	for i := 1; i < len(data); i++ {
		if data[i-1] == dle && (data[i] == 0x04 || data[i] == 0x05 || data[i] == 0x14) {
			data[i] |= 0x08
		}
	}
}

// Pictures switches DLE DC4 off around pictures and on again after them
// (GS ( D, function 20).
func (Language) Pictures(b []byte, begin bool, p *printer.Profile) []byte {
	if !p.NoRealtime {
		return b
	}
	b = append(b, gs, '(', 'D', 3, 0, 20, 1, 1)
	if begin {
		b[len(b)-1] = 0
	}
	return b
}

// Pulse is ESC p.
func (Language) Pulse(p *printer.Profile) []byte {
	var b []byte
	if p.DrawerSelect {
		b = append(b, esc, '=', 1)
	}
	return append(b, esc, 'p', drawerPin(p), byte(p.DrawerOnMS/2), byte(p.DrawerOffMS/2))
}

// RealtimePulse is DLE DC4, which does not wait in the buffer.
func (Language) RealtimePulse(p *printer.Profile) []byte {
	return []byte{dle, 0x14, 1, drawerPin(p), byte(min(max((p.DrawerOnMS+99)/100, 1), 8))}
}

func drawerPin(p *printer.Profile) byte {
	if p.DrawerPin == 5 {
		return 1
	}
	return 0
}

// Beep is ESC B, which clones have: three times, a fifth of a second each.
func (Language) Beep(b []byte, p *printer.Profile) []byte {
	if p.Beep != "esc_b" {
		return b
	}
	return append(b, esc, 'B', 3, 2)
}

// Barrier is gs_h, GS ( H function 48, which answers with the id, or gs_r,
// GS r 1, which answers without.
func (Language) Barrier(b []byte, kind string, id int) []byte {
	switch kind {
	case "gs_h":
		b = append(b, gs, '(', 'H', 6, 0, 48, 48)
		return fmt.Appendf(b, "%04d", id%10000)
	case "gs_r":
		return append(b, gs, 'r', 1)
	}
	return b
}
