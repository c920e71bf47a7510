// Package raster makes pictures of black and white dots for paper: it draws
// rows of text, codes and grey pictures. It knows nothing of printers'
// commands.
//
//	face, err := raster.NewFace(fontBytes, 24)
//	dots := raster.NewBitmap(576, 30)
//	face.DrawRow(dots, 0, row, 48)
package raster

import (
	"image"
	"image/color"
)

// A Bitmap holds one bit a dot, a set bit is black, rows from the top, eight
// dots to a byte with the first in the highest bit: as GS v 0 sends them.
type Bitmap struct {
	Width, Height int // dots
	Stride        int // bytes a row
	Bits          []byte
}

// NewBitmap returns white paper.
func NewBitmap(width, height int) *Bitmap {
	stride := (width + 7) / 8
	return &Bitmap{Width: width, Height: height, Stride: stride, Bits: make([]byte, stride*height)}
}

// Set makes a dot black. Dots beside the paper are lost.
func (b *Bitmap) Set(x, y int) {
	if x >= 0 && y >= 0 && x < b.Width && y < b.Height {
		b.Bits[y*b.Stride+x/8] |= 0x80 >> (x % 8)
	}
}

// Get says whether a dot is black.
func (b *Bitmap) Get(x, y int) bool {
	return x >= 0 && y >= 0 && x < b.Width && y < b.Height && b.Bits[y*b.Stride+x/8]&(0x80>>(x%8)) != 0
}

// Fill makes a rectangle black.
func (b *Bitmap) Fill(x0, y0, x1, y1 int) {
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			b.Set(x, y)
		}
	}
}

// Used returns the width up to the last black dot, in dots.
func (b *Bitmap) Used() int {
	used := 0
	for y := range b.Height {
		row := b.Bits[y*b.Stride : (y+1)*b.Stride]
		for i := len(row) - 1; i >= used/8; i-- {
			if row[i] != 0 {
				x := i*8 + 8
				for !b.Get(x-1, y) {
					x--
				}
				used = max(used, x)
				break
			}
		}
	}
	return used
}

// Crop returns the left part of the bitmap.
func (b *Bitmap) Crop(width int) *Bitmap {
	c := NewBitmap(min(width, b.Width), b.Height)
	for y := range c.Height {
		copy(c.Bits[y*c.Stride:(y+1)*c.Stride], b.Bits[y*b.Stride:])
		if over := c.Width % 8; over != 0 {
			c.Bits[(y+1)*c.Stride-1] &= 0xff << (8 - over)
		}
	}
	return c
}

// Image returns the dots as a black and white picture.
func (b *Bitmap) Image() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, b.Width, b.Height))
	for y := range b.Height {
		for x := range b.Width {
			if !b.Get(x, y) {
				m.Pix[y*m.Stride+x] = 0xff
			}
		}
	}
	return m
}

// Draw copies the black dots onto a picture with their corner at x, y.
func (b *Bitmap) Draw(m *image.Gray, x, y int, ink color.Gray) {
	for dy := range b.Height {
		for dx := range b.Width {
			if b.Get(dx, dy) {
				m.SetGray(x+dx, y+dy, ink)
			}
		}
	}
}
