package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"guitai/till"
)

// corners is a picture w x h with red at its upper left and blue at its lower
// right.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, G: 255, B: 255, A: 255}
			switch {
			case x < w/2 && y < h/2:
				c = color.NRGBA{R: 255, A: 255}
			case x >= w/2 && y >= h/2:
				c = color.NRGBA{B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// exifJPEG is a JPEG whose camera lay as orientation says.
func exifJPEG(t *testing.T, m image.Image, orientation uint16, order binary.ByteOrder) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	head := "II*\x00"
	if order == binary.BigEndian {
		head = "MM\x00*"
	}
	tiff := order.(binary.AppendByteOrder).AppendUint32([]byte(head), 8)
	add := order.(binary.AppendByteOrder)
	tiff = add.AppendUint16(tiff, 2)
	for _, e := range [][3]uint16{{0x010f, 2, 0}, {0x0112, 3, orientation}} {
		tiff = add.AppendUint32(add.AppendUint16(add.AppendUint16(tiff, e[0]), e[1]), 1)
		tiff = add.AppendUint16(add.AppendUint16(tiff, e[2]), 0)
	}
	body := append([]byte("Exif\x00\x00"), tiff...)
	app1 := append([]byte{0xff, 0xe1, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
	raw := b.Bytes()
	return append(append(append([]byte(nil), raw[:2]...), app1...), raw[2:]...)
}

func TestPicturesAreReadSmallAndUpright(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, raw []byte) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pngOf := func(m image.Image) []byte {
		t.Helper()
		raw, err := encodePicture(m)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	is := func(name string, m image.Image, w, h int, red, blue image.Point) {
		t.Helper()
		if b := m.Bounds(); b.Dx() != w || b.Dy() != h {
			t.Fatalf("%s is %v, want %d x %d", name, b, w, h)
		}
		for at, want := range map[image.Point][3]uint32{red: {255, 0, 0}, blue: {0, 0, 255}} {
			r, g, b, _ := m.At(at.X, at.Y).RGBA()
			for i, v := range [3]uint32{r >> 8, g >> 8, b >> 8} {
				if v+24 < want[i] || v > want[i]+24 {
					t.Errorf("%s at %v is %d %d %d, want about %v", name, at, r>>8, g>>8, b>>8, want)
					break
				}
			}
		}
	}
	small, err := readPicture(write("small.png", pngOf(corners(40, 20))), 160, 160)
	if err != nil {
		t.Fatal(err)
	}
	is("small.png", small, 40, 20, image.Pt(2, 2), image.Pt(37, 17))
	large, err := readPicture(write("large.png", pngOf(corners(800, 400))), 160, 160)
	if err != nil {
		t.Fatal(err)
	}
	is("large.png", large, 160, 80, image.Pt(8, 8), image.Pt(150, 70))
	// A phone that was held upright writes a picture that lies, and says so.
	for _, x := range []struct {
		orientation uint16
		w, h        int
		red, blue   image.Point
	}{
		{1, 160, 80, image.Pt(8, 8), image.Pt(150, 70)}, {2, 160, 80, image.Pt(150, 8), image.Pt(8, 70)},
		{3, 160, 80, image.Pt(150, 70), image.Pt(8, 8)}, {4, 160, 80, image.Pt(8, 70), image.Pt(150, 8)},
		{5, 80, 160, image.Pt(8, 8), image.Pt(70, 150)}, {6, 80, 160, image.Pt(70, 8), image.Pt(8, 150)},
		{7, 80, 160, image.Pt(70, 150), image.Pt(8, 8)}, {8, 80, 160, image.Pt(8, 150), image.Pt(70, 8)},
		{99, 160, 80, image.Pt(8, 8), image.Pt(150, 70)},
	} {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			m, err := readPicture(write("photo.jpg", exifJPEG(t, corners(800, 400), x.orientation, order)), 160, 160)
			if err != nil {
				t.Fatal(err)
			}
			is("photo.jpg, lying as "+string(rune('0'+x.orientation)), m, x.w, x.h, x.red, x.blue)
		}
	}
	// The head of a PNG that would be 40 GB once it is unpacked.
	var bomb bytes.Buffer
	if err := png.Encode(&bomb, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	head := bomb.Bytes()
	binary.BigEndian.PutUint32(head[16:], 100_000)
	binary.BigEndian.PutUint32(head[20:], 100_000)
	for name, raw := range map[string][]byte{
		"empty.png": nil, "words.png": []byte("hello"), "half.png": pngOf(corners(40, 20))[:60], "bomb.png": head,
		"half.jpg": {0xff, 0xd8, 0xff, 0xe1, 0xff}, "long.png": make([]byte, pictureFileMax+1),
	} {
		if _, err := readPicture(write(name, raw), 160, 160); till.CodeOf(err) != till.BadPicture {
			t.Errorf("%s: %v, want bad picture", name, err)
		}
	}
	if _, err := readPicture(filepath.Join(dir, "none.png"), 160, 160); till.CodeOf(err) != till.BadPicture {
		t.Errorf("no file: %v, want bad picture", err)
	}
}
