package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"

	xdraw "golang.org/x/image/draw"

	"guitai/till"
)

// Bounds of a picture file: 20 MB, and what is 200 MB once it is unpacked.
const (
	pictureFileMax   = 20 << 20
	picturePixelsMax = 50_000_000
)

// readPicture reads a PNG or JPEG file upright and makes it fit into so many
// pixels each way. A file that is none, or too large a one, is BadPicture.
func readPicture(file string, width, height int) (image.Image, error) {
	bad := func(err error) (image.Image, error) { return nil, &till.Error{Code: till.BadPicture, Err: err} }
	f, err := os.Open(file)
	if err != nil {
		return bad(err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, pictureFileMax+1))
	if err != nil {
		return bad(err)
	}
	if len(raw) > pictureFileMax {
		return bad(fmt.Errorf("%s is larger than %d bytes", file, pictureFileMax))
	}
	decode, config := png.Decode, png.DecodeConfig
	turned := 1
	if bytes.HasPrefix(raw, []byte{0xff, 0xd8}) {
		decode, config = jpeg.Decode, jpeg.DecodeConfig
		turned = exifOrientation(raw)
	}
	size, err := config(bytes.NewReader(raw))
	if err != nil {
		return bad(err)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > picturePixelsMax/size.Height {
		return bad(fmt.Errorf("%s has %d x %d pixels", file, size.Width, size.Height))
	}
	m, err := decode(bytes.NewReader(raw))
	if err != nil {
		return bad(err)
	}
	if turned > 4 { // lies on its side
		width, height = height, width
	}
	return upright(fit(m, width, height), turned), nil
}

// fit makes a picture smaller where it is larger than width x height.
func fit(m image.Image, width, height int) *image.NRGBA {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if w > width {
		w, h = width, max(1, h*width/w)
	}
	if h > height {
		w, h = max(1, w*height/h), height
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(out, out.Rect, m, b.Min, draw.Src)
	} else {
		xdraw.CatmullRom.Scale(out, out.Rect, m, b, draw.Src, nil)
	}
	return out
}

// upright turns a picture as its camera said it must be (Exif 2.32, tag 0x0112,
// orientation 1 to 8).
func upright(m *image.NRGBA, orientation int) *image.NRGBA {
	if orientation < 2 || orientation > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if orientation > 4 {
		out = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.SetNRGBA(tx, ty, m.NRGBAAt(x, y))
		}
	}
	return out
}

// exifOrientation reads the orientation of a JPEG, 1 where it has none.
func exifOrientation(raw []byte) int {
	// Segments: ff, marker, length with its own two bytes (ITU-T T.81, B.1.1.4).
	for at := 2; at+4 <= len(raw) && raw[at] == 0xff && raw[at+1] != 0xda; {
		n := int(binary.BigEndian.Uint16(raw[at+2:]))
		end := at + 2 + n
		if n < 2 || end > len(raw) {
			return 1
		}
		if body := raw[at+4 : end]; raw[at+1] == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		at = end
	}
	return 1
}

// tiffOrientation looks the tag up in the first directory (TIFF 6.0, section 2).
func tiffOrientation(b []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case len(b) < 8:
		return 1
	case bytes.HasPrefix(b, []byte("MM")):
		order = binary.BigEndian
	case !bytes.HasPrefix(b, []byte("II")):
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := b[at+2:]
	for range order.Uint16(b[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 1
}

// encodePicture writes a picture as PNG.
func encodePicture(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, m); err != nil {
		return nil, fmt.Errorf("write a picture: %w", err)
	}
	return b.Bytes(), nil
}
