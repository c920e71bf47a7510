package raster

import (
	"fmt"

	"github.com/boombuler/barcode/ean"
	"github.com/skip2/go-qrcode"

	"guitai/till/receipt"
)

// quiet is the empty edge of a QR code, in modules (ISO/IEC 18004).
const quiet = 4

// QR draws a QR code of level M with a quiet edge, with modules of so many
// dots; 0 chooses for paper of so many dots.
func QR(payload string, module, width int) (*Bitmap, error) {
	q, err := qrcode.New(payload, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("make qr code of %d bytes: %w", len(payload), err)
	}
	q.DisableBorder = true
	bits := q.Bitmap()
	if module == 0 {
		module = QRModule(len(bits), width)
	}
	side := (len(bits) + 2*quiet) * module
	if side > width {
		side = len(bits) * module // the paper beside it is white too
	}
	if side > width {
		return nil, fmt.Errorf("qr code of %d modules does not fit %d dots", len(bits), width)
	}
	edge := (side - len(bits)*module) / 2
	b := NewBitmap(side, side)
	for y, row := range bits {
		for x, black := range row {
			if black {
				b.Fill(edge+x*module, edge+y*module, edge+(x+1)*module, edge+(y+1)*module)
			}
		}
	}
	return b, nil
}

// QRModule returns the size in dots of a module, so that a code of so many
// modules is about 27 mm wide at 8 dots a millimetre, and fits.
func QRModule(modules, width int) int {
	return max(min(216/modules, width/(modules+2*quiet), 8), min(3, width/modules), 1)
}

// barHeight is the height of a barcode in dots: 9 mm.
const barHeight = 72

// Barcode draws a barcode with bars three dots wide, or as wide as fits.
func Barcode(b receipt.Barcode, width int) (*Bitmap, error) {
	bars, err := bars(b)
	if err != nil {
		return nil, err
	}
	n := len(bars)
	module := max(min(3, width/(n+20)), min(1, width/n))
	if module < 1 {
		return nil, fmt.Errorf("barcode of %d bars does not fit %d dots", n, width)
	}
	m := NewBitmap(n*module, barHeight)
	for x, black := range bars {
		if black {
			m.Fill(x*module, 0, (x+1)*module, barHeight)
		}
	}
	return m, nil
}

// bars returns the modules of a barcode from the left, bars true.
func bars(b receipt.Barcode) ([]bool, error) {
	if err := (receipt.Document{Blocks: []receipt.Block{b}}).Check(); err != nil {
		return nil, err
	}
	if b.Kind == receipt.Code128 {
		return setB(b.Data), nil
	}
	c, err := ean.Encode(b.Data)
	if err != nil {
		return nil, fmt.Errorf("make barcode of %d bytes: %w", len(b.Data), err)
	}
	out := make([]bool, c.Bounds().Dx())
	for x := range out {
		r, _, _, _ := c.At(c.Bounds().Min.X+x, c.Bounds().Min.Y).RGBA()
		out[x] = r == 0
	}
	return out, nil
}
