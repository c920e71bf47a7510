package raster

import (
	"image"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// Dither turns a picture into dots at most so many wide, by Floyd and
// Steinberg's error diffusion. What is transparent is paper.
func Dither(m image.Image, width int) *Bitmap {
	g := gray(m, width)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := NewBitmap(w, h)
	// Errors in sixteenths, one dot of margin on both sides.
	here, below := make([]int16, w+2), make([]int16, w+2)
	for y := range h {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		bits := out.Bits[y*out.Stride : (y+1)*out.Stride]
		right := int16(0)
		clear(below)
		for x, p := range row {
			v := int16(p) + (here[x+1]+right)>>4
			e := v
			if v < 128 {
				bits[x>>3] |= 0x80 >> (x & 7)
			} else {
				e = v - 255
			}
			right = e * 7
			below[x] += e * 3
			below[x+1] += e * 5
			below[x+2] += e
		}
		here, below = below, here
	}
	return out
}

// heightMax bounds a picture on paper: half a metre at 8 dots a millimetre.
const heightMax = 4096

// gray returns m on white paper, made narrower to fit width.
func gray(m image.Image, width int) *image.Gray {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if w > width {
		w, h = width, max(h*width/w, 1)
	}
	h = min(h, heightMax)
	g := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
	if w == b.Dx() {
		draw.Draw(g, g.Rect, m, b.Min, draw.Over)
	} else {
		xdraw.CatmullRom.Scale(g, g.Rect, m, b, draw.Over, nil)
	}
	return g
}
