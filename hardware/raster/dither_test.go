package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"slices"
	"testing"
)

// byTheBook is Floyd and Steinberg's error diffusion as it is described, with
// all errors kept in a table.
func byTheBook(g *image.Gray) []bool {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	errs := make([]int, (w+2)*(h+1))
	out := make([]bool, w*h)
	for y := range h {
		for x := range w {
			at := y*(w+2) + x + 1
			v := int(g.GrayAt(x, y).Y) + errs[at]>>4
			if out[y*w+x] = v < 128; !out[y*w+x] {
				v -= 255
			}
			errs[at+1] += v * 7
			errs[at+w+1] += v * 3
			errs[at+w+2] += v * 5
			if x+1 < w {
				errs[at+w+3] += v
			}
		}
	}
	return out
}

func TestDitherIsFloydAndSteinbergs(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, size := range []image.Point{{1, 1}, {7, 3}, {8, 8}, {13, 40}, {240, 80}, {576, 30}} {
		g := image.NewGray(image.Rectangle{Max: size})
		for i := range g.Pix {
			g.Pix[i] = uint8(rnd.IntN(256))
		}
		got, want := Dither(g, 576), byTheBook(g)
		for i, black := range want {
			if got.Get(i%size.X, i/size.X) != black {
				t.Fatalf("%v: dot %d, %d", size, i%size.X, i/size.X)
			}
		}
	}
}

// The quick ways to grey give what the library's own gives, whatever shines
// through.
func TestGreyIsTheLibrarys(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	r := image.Rect(3, 5, 43, 35)
	for _, m := range []draw.Image{image.NewGray(r), image.NewNRGBA(r), image.NewRGBA(r), image.NewNRGBA64(r)} {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				c := color.NRGBA{uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), uint8(rnd.IntN(256))}
				if x%3 == 0 {
					c.A = 0xff
				}
				m.Set(x, y, c)
			}
		}
		want := image.NewGray(image.Rect(0, 0, 40, 30))
		draw.Draw(want, want.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(want, want.Rect, m, r.Min, draw.Over)
		if got := gray(m, 100); !slices.Equal(got.Pix, want.Pix) {
			t.Errorf("%T is another grey", m)
		}
	}
}
