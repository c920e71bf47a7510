package raster_test

import (
	"image"
	"image/color"
	"os"
	"strings"
	"testing"

	"github.com/boombuler/barcode/code128"
	"pgregory.net/rapid"

	"guitai/hardware/raster"
	"guitai/till/receipt"
)

func face(t testing.TB) *raster.Face {
	t.Helper()
	b, err := os.ReadFile("../../assets/fonts/NotoSansSC-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	f, err := raster.NewFace(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var grid = raster.Grid{Column: 12, Line: 30}

// ink returns the rectangle of the black dots.
func ink(b *raster.Bitmap) image.Rectangle {
	var r image.Rectangle
	for y := range b.Height {
		for x := range b.Width {
			if b.Get(x, y) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

func TestCropAndUsedKeepEveryDot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 70).Draw(t, "width"), rapid.IntRange(1, 9).Draw(t, "height")
		b := raster.NewBitmap(w, h)
		for range rapid.IntRange(0, 9).Draw(t, "dots") {
			b.Set(rapid.IntRange(-2, w+2).Draw(t, "x"), rapid.IntRange(-2, h+2).Draw(t, "y"))
		}
		if got, want := b.Used(), ink(b).Max.X; got != want {
			t.Fatalf("used %d, want %d", got, want)
		}
		n := rapid.IntRange(1, w).Draw(t, "crop")
		c := b.Crop(n)
		for y := range h {
			for x := range w {
				if c.Get(x, y) != (x < n && b.Get(x, y)) {
					t.Fatalf("dot %d, %d of %d", x, y, n)
				}
			}
		}
		if spill := len(c.Bits) > 0 && n%8 != 0 && c.Bits[c.Stride-1]&(0xff>>(n%8)) != 0; spill {
			t.Fatal("dots beside the picture")
		}
	})
}

// Grey stays as grey as it was: the share of black dots is that of black.
func TestDitheringKeepsTheGrey(t *testing.T) {
	for _, level := range []uint8{0, 32, 96, 128, 200, 255} {
		m := image.NewGray(image.Rect(0, 0, 200, 100))
		for i := range m.Pix {
			m.Pix[i] = level
		}
		b, black := raster.Dither(m, 576), 0
		for y := range b.Height {
			for x := range b.Width {
				if b.Get(x, y) {
					black++
				}
			}
		}
		if want := 20000 * (255 - int(level)) / 255; max(black-want, want-black) > 200 {
			t.Errorf("grey %d: %d dots of 20000 are black, want %d", level, black, want)
		}
	}
}

func TestPicturesFitThePaperAndClearIsWhite(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(10, 10, 1010, 510))
	b := raster.Dither(clear, 384)
	if b.Width != 384 || b.Height != 192 || !ink(b).Empty() {
		t.Errorf("%d x %d with ink at %v", b.Width, b.Height, ink(b))
	}
	clear.Set(10, 10, color.Black)
	if b := raster.Dither(clear.SubImage(image.Rect(10, 10, 60, 60)), 384); b.Width != 50 || !b.Get(0, 0) {
		t.Errorf("a small picture became %d wide, its corner %t", b.Width, b.Get(0, 0))
	}
	tall := image.NewGray(image.Rect(0, 0, 4, 100_000))
	if b := raster.Dither(tall, 384); b.Height > 4096 {
		t.Errorf("%d rows", b.Height)
	}
}

// Whatever is written, its ink stays in the columns that it has on paper, and
// in its line.
func TestTextKeepsToItsColumns(t *testing.T) {
	f := face(t)
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("MW@Oil.,1gjyQÅé鲜牛奶￥×·…“”—€😀𠮷 ")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		row := receipt.Row{Text: strings.TrimRight(letters.Draw(t, "text"), " "), Bold: rapid.Bool().Draw(t, "bold"),
			Size:  rapid.SampledFrom([]receipt.Size{receipt.Normal, receipt.Tall, receipt.Double}).Draw(t, "size"),
			Align: rapid.SampledFrom([]receipt.Align{receipt.Left, receipt.Center, receipt.Right}).Draw(t, "align")}
		const width, edge = 600, 40
		b := raster.NewBitmap(width+2*edge, 3*edge)
		if err := f.DrawRow(b, edge, edge, width, grid, row); err != nil {
			t.Fatal(err)
		}
		got := ink(b)
		used := receipt.TextWidth(row.Text) * grid.Column * row.Size.Wide()
		left := edge
		switch row.Align {
		case receipt.Center:
			left += (width - used) / 2
		case receipt.Right:
			left += width - used
		case receipt.Left:
		}
		// A letter may lean over its cell by a dot of its own size, bold by one more.
		lean := 2 * row.Size.Wide()
		if got.Empty() {
			return
		}
		accent := 0
		if row.Size != receipt.Normal {
			accent = 6 // over a capital of double height
		}
		if got.Min.X < left-lean || got.Max.X > left+used+lean+1 || got.Min.Y < edge-accent || got.Max.Y > edge+grid.RowHeight(row.Size)+1 {
			t.Fatalf("%+v: ink %v, columns %d to %d, line %d to %d", row, got, left, left+used, edge, edge+grid.RowHeight(row.Size))
		}
	})
}

// A capital that is wider than its cell is narrower on paper and as high as the
// others.
func TestWideLettersKeepTheirHeight(t *testing.T) {
	f := face(t)
	high := func(text string) int {
		b := raster.NewBitmap(48, 40)
		if err := f.DrawRow(b, 12, 2, 24, grid, receipt.Row{Text: text}); err != nil {
			t.Fatal(err)
		}
		return ink(b).Dy()
	}
	want := high("H")
	for _, wide := range []string{"M", "W", "N", "D"} {
		if got := high(wide); got < want-1 || got > want+1 {
			t.Errorf("%s is %d dots high, H %d", wide, got, want)
		}
	}
}

func TestCodesFitOrAreRefused(t *testing.T) {
	for _, width := range []int{384, 576} {
		for _, n := range []int{1, 60, 300, receipt.QRMax} {
			b, err := raster.QR(strings.Repeat("x", n), 0, width)
			if err != nil || b.Width > width || b.Width != b.Height {
				t.Errorf("%d bytes on %d dots: %v", n, width, err)
			}
		}
		if _, err := raster.QR(strings.Repeat("x", receipt.QRMax), 8, width); err == nil {
			t.Errorf("a code of 8 dots a module fits %d dots", width)
		}
		if b, err := raster.Barcode(receipt.Barcode{Kind: receipt.EAN13, Data: "6901234567892"}, width); err != nil || b.Width != 285 {
			t.Errorf("ean-13 on %d dots: %v", width, err)
		}
		if _, err := raster.Barcode(receipt.Barcode{Data: strings.Repeat("aB3-", 12)}, width); (err == nil) != (width == 576) {
			t.Errorf("48 characters on %d dots: %v", width, err)
		}
	}
}

// The library knows Code 128 too, and writes set B where no four digits follow
// one another.
func TestCode128IsTheLibrarysInSetB(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.StringMatching(`([ -/:-~]|[0-9][ -/:-~]){1,20}`).Draw(t, "data")
		want, err := code128.Encode(data)
		if err != nil {
			t.Fatal(err)
		}
		b, err := raster.Barcode(receipt.Barcode{Data: data}, 576)
		if err != nil {
			return // wider than the paper
		}
		n := want.Bounds().Dx()
		module := b.Width / n
		if n*module != b.Width || n != 11*(len(data)+2)+13 {
			t.Fatalf("%q: %d dots for %d modules", data, b.Width, n)
		}
		for x := range n {
			r, _, _, _ := want.At(x, 0).RGBA()
			for dx := range module {
				if b.Get(x*module+dx, 0) != (r == 0) {
					t.Fatalf("%q: module %d", data, x)
				}
			}
		}
	})
}

func BenchmarkDither(b *testing.B) {
	m := image.NewGray(image.Rect(0, 0, 576, 576))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * 31)
	}
	for b.Loop() {
		raster.Dither(m, 576)
	}
}
