package escpos

import (
	"fmt"

	"guitai/hardware/raster"
	"guitai/till/receipt"
)

const (
	esc = 0x1b
	fs  = 0x1c
	gs  = 0x1d
	dle = 0x10
)

// appendPrologue sets everything a slip relies on. Printers keep modes between
// jobs, other programs leave theirs, and after a reset Chinese is on for some
// models and off for others.
func appendPrologue(b []byte) []byte {
	b = append(b, esc, '@') // reset
	b = append(b, fs, '&')  // Chinese on
	b = appendSize(b, receipt.Normal)
	b = appendAlign(b, receipt.Left)
	return appendBold(b, false)
}

func appendAlign(b []byte, a receipt.Align) []byte { return append(b, esc, 'a', byte(a)) }

func appendBold(b []byte, on bool) []byte {
	if on {
		return append(b, esc, 'E', 1)
	}
	return append(b, esc, 'E', 0)
}

// appendSize sends both sizes: FS ! for Chinese and GS ! for the rest, since
// some clones ignore GS ! for Chinese and Epson obeys it for both.
func appendSize(b []byte, s receipt.Size) []byte {
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

func appendFeed(b []byte, lines int) []byte {
	if lines <= 0 {
		return b
	}
	return append(b, esc, 'd', byte(min(lines, 255)))
}

func appendCut(b []byte, p Profile) []byte {
	b = appendFeed(b, p.CutFeed)
	switch p.Cut {
	case "full":
		return append(b, gs, 'V', 0)
	case "partial":
		return append(b, gs, 'V', 1)
	}
	return b
}

// appendQR prints a QR code of model 2 and level M by GS ( k: functions 65,
// 67, 69, 80 and 81.
func appendQR(b []byte, payload string, module int) []byte {
	b = append(b, gs, '(', 'k', 4, 0, '1', 'A', '2', 0)
	b = append(b, gs, '(', 'k', 3, 0, '1', 'C', byte(module))
	b = append(b, gs, '(', 'k', 3, 0, '1', 'E', '1')
	n := len(payload) + 3
	b = append(b, gs, '(', 'k', byte(n), byte(n>>8), '1', 'P', '0')
	b = append(b, payload...)
	return append(b, gs, '(', 'k', 3, 0, '1', 'Q', '0')
}

// qrBytes are the bytes a QR code of version 1, 2, ... holds in byte mode at
// level M (ISO/IEC 18004, table 7), up to the version that holds
// receipt.QRMax.
var qrBytes = [...]int{14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624}

// qrModules returns the modules on one side of the code for so many bytes.
func qrModules(n int) int {
	for i, most := range qrBytes {
		if n <= most {
			return 21 + 4*i
		}
	}
	return 21 + 4*len(qrBytes)
}

// appendBarcode prints a barcode by GS k. Only set B of Code 128 is used: in
// set C a pair of digits is a byte of 0 to 99, and 1004 would read as DLE EOT.
func appendBarcode(b []byte, code receipt.Barcode, module int) []byte {
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

// barcodeModules returns the width of the native code in modules.
func barcodeModules(code receipt.Barcode) int {
	if code.Kind == receipt.EAN13 {
		return 95
	}
	return 11*(len(code.Data)+2) + 13
}

// stripRows bounds one picture command: cheap printers have small buffers.
const stripRows = 128

// appendRaster prints dots by GS v 0, in strips of at most stripRows rows,
// with the guard of guardDLE.
func appendRaster(b []byte, m *raster.Bitmap) []byte {
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

// appendRealtime switches DLE DC4 off around pictures and on again after them
// (GS ( D, function 20).
func appendRealtime(b []byte, on bool) []byte {
	b = append(b, gs, '(', 'D', 3, 0, 20, 1, 0)
	if on {
		b[len(b)-1] = 1
	}
	return b
}

// Pulse returns the bytes that open the drawer, by ESC p. They are never part
// of a slip.
func Pulse(p Profile) []byte {
	var b []byte
	if p.DrawerSelect {
		b = append(b, esc, '=', 1)
	}
	return append(b, esc, 'p', drawerPin(p), byte(p.DrawerOnMS/2), byte(p.DrawerOffMS/2))
}

// RealtimePulse returns the bytes that open the drawer of a printer that is
// out of paper or open: DLE DC4, which does not wait in the buffer.
func RealtimePulse(p Profile) []byte {
	return []byte{dle, 0x14, 1, drawerPin(p), byte(min(max((p.DrawerOnMS+99)/100, 1), 8))}
}

func drawerPin(p Profile) byte {
	if p.DrawerPin == 5 {
		return 1
	}
	return 0
}

// AppendBarrier adds the command of a profile's Barrier, which a printer
// answers once all before it is printed. id is 0 to 9999, and comes back from
// gs_h only.
func AppendBarrier(b []byte, kind string, id int) []byte {
	switch kind {
	case "gs_h":
		b = append(b, gs, '(', 'H', 6, 0, 48, 48)
		return fmt.Appendf(b, "%04d", id%10000)
	case "gs_r":
		return append(b, gs, 'r', 1)
	}
	return b
}
