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
	// Errors in sixteenths that the row above left for each dot, one further on.
	left := make([]int32, w+1)
	for y := range h {
		diffuse(out.Bits[y*out.Stride:(y+1)*out.Stride], g.Pix[y*g.Stride:y*g.Stride+w], left)
	}
	return out
}

// diffuse turns a row of grey into dots. errs[x+1] is what was left for dot x,
// and becomes what is left for the one below. It has no branches, since which
// way a dot goes cannot be foretold.
func diffuse(bits, row []uint8, errs []int32) {
	errs = errs[:len(row)+1]
	var right, under, beyond int32 // for the next dot, the one below it, and the one after that
	dots := byte(0)
	for x, p := range row {
		v := int32(p) + (errs[x+1]+right)>>4
		black := (v - 128) >> 31 // all ones, or none
		e := v - 255&^black
		dots = dots<<1 | byte(black&1)
		if x&7 == 7 {
			bits[x>>3] = dots
		}
		right = e * 7
		errs[x] = under + e*3
		under, beyond = beyond+e*5, e
	}
	errs[len(row)] = under
	if over := len(row) & 7; over != 0 {
		bits[len(row)>>3] = dots << (8 - over)
	}
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
	if w == b.Dx() && plain(g, m) {
		return g
	}
	draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
	if w == b.Dx() {
		draw.Draw(g, g.Rect, m, b.Min, draw.Over)
	} else {
		xdraw.CatmullRom.Scale(g, g.Rect, m, b, draw.Over, nil)
	}
	return g
}

// plain fills g from pictures of the usual kinds, as draw.Draw would, in a
// tenth of its time, and says whether m is one.
func plain(g *image.Gray, m image.Image) bool {
	b := m.Bounds()
	for y := range g.Rect.Dy() {
		row := g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()]
		switch m := m.(type) {
		case *image.Gray:
			copy(row, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):])
		case *image.NRGBA:
			pix := m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range row {
				c := pix[4*x : 4*x+4 : 4*x+4]
				a := uint32(c[3])
				row[x] = luma(uint32(c[0])*0x101*a/0xff, uint32(c[1])*0x101*a/0xff, uint32(c[2])*0x101*a/0xff, a*0x101)
			}
		case *image.RGBA:
			pix := m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range row {
				c := pix[4*x : 4*x+4 : 4*x+4]
				row[x] = luma(uint32(c[0])*0x101, uint32(c[1])*0x101, uint32(c[2])*0x101, uint32(c[3])*0x101)
			}
		default:
			return false
		}
	}
	return true
}

// luma is the grey of a colour of 16 bits, already multiplied with its alpha, on
// white paper (color.GrayModel).
func luma(r, g, b, a uint32) uint8 {
	paper := 0xffff - a
	return uint8((19595*(r+paper) + 38470*(g+paper) + 7471*(b+paper) + 1<<15) >> 24)
}
