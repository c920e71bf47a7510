package command

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"guitai/hardware/raster"
	"guitai/ledger"
	"guitai/till"
)

// leaf is a grey picture that no text looks like.
func leaf() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 200, 80))
	for y := range 80 {
		for x := range 200 {
			m.SetGray(x, y, color.Gray{Y: uint8(x * 255 / 199)})
		}
	}
	return m
}

// withLogo keeps a logo in a shop's ledger, and wants it printed or not.
func (s *shop) withLogo(raw []byte, on string) {
	s.t.Helper()
	l, err := ledger.Open(s.t.Context(), s.data, ledger.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer l.Close()
	if err := l.SetLogo(s.t.Context(), raw); err != nil {
		s.t.Fatal(err)
	}
	st, err := l.Recover(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	old, _ := st.Settings.Get("paper.logo")
	at := time.Now().Truncate(time.Millisecond)
	e := till.Entry{At: at, Recorded: at, Operator: ownerCode, Record: &till.SettingSet{Key: "paper.logo", Old: old, New: on}}
	if err := l.Commit(s.t.Context(), till.Tx{Entries: []till.Entry{e}}); err != nil {
		s.t.Fatal(err)
	}
}

func TestTheLogoStandsAtTheHeadOfEveryKindOfReceipt(t *testing.T) {
	sh := replayed(t)
	var raw bytes.Buffer
	if err := png.Encode(&raw, leaf()); err != nil {
		t.Fatal(err)
	}
	dots := raster.Dither(leaf(), 576)
	// GS v 0 of 25 bytes a row and 80 rows: a strip a printer can hold at a time.
	strip := append([]byte{0x1d, 'v', '0', 0, 25, 0}, 0)
	dir := t.TempDir()
	slip := func(ext string) []byte {
		t.Helper()
		path := filepath.Join(dir, "slip."+ext)
		sh.ok("print", "1", "--to", path)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	at := func(m image.Image) (x, y int, found bool) {
		black := func(x, y int) bool { r, _, _, _ := m.At(x, y).RGBA(); return r < 0x8000 }
		for y := range min(200, m.Bounds().Dy()) {
		place:
			for x := range m.Bounds().Dx() - dots.Width {
				for _, d := range []image.Point{{0, 0}, {1, 1}, {40, 3}, {90, 40}, {150, 60}, {199, 79}, {120, 11}, {60, 71}, {101, 33}} {
					if black(x+d.X, y+d.Y) != dots.Get(d.X, d.Y) {
						continue place
					}
				}
				for dy := range dots.Height {
					for dx := range dots.Width {
						if black(x+dx, y+dy) != dots.Get(dx, dy) {
							continue place
						}
					}
				}
				return x, y, true
			}
		}
		return 0, 0, false
	}
	picture := func() image.Image {
		t.Helper()
		m, err := png.Decode(bytes.NewReader(slip("png")))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, x := range []struct {
		logo []byte
		on   string
		want bool
	}{{nil, "true", false}, {raw.Bytes(), "false", false}, {[]byte("no picture"), "true", false}, {raw.Bytes(), "true", true}} {
		sh.withLogo(x.logo, x.on)
		b := slip("bin")
		if got := bytes.Contains(b, dots.Bits[:25]) && bytes.Contains(b, strip[:6]); got != x.want {
			t.Errorf("logo of %d bytes, %s: the printer gets it %v, want %v", len(x.logo), x.on, got, x.want)
		}
		if !onPaper(t, b, "青禾便利店") || !onPaper(t, b, "￥36.90") {
			t.Errorf("logo of %d bytes, %s: the receipt itself is gone", len(x.logo), x.on)
		}
		left, top, found := at(picture())
		if found != x.want || found && (left != (640-200)/2 || top > 40) {
			t.Errorf("logo of %d bytes, %s: in the picture %v at %d, %d; want %v at the head, in the middle", len(x.logo), x.on, found, left, top, x.want)
		}
		slip("pdf")
		if err := exec.CommandContext(t.Context(), "pdftoppm", "-r", "203", "-gray", "-png", "-singlefile", filepath.Join(dir, "slip.pdf"), filepath.Join(dir, "page")).Run(); err != nil {
			t.Fatal(err)
		}
		if got := darkLeft(t, filepath.Join(dir, "page.png")); got != x.want {
			t.Errorf("logo of %d bytes, %s: on the page %v, want %v", len(x.logo), x.on, got, x.want)
		}
	}
}

// darkLeft reports whether near the head of a page there are 80 rows that are
// dark left of the middle, for 100 dots, and bright right of it.
func darkLeft(t *testing.T, file string) bool {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	dark := func(x, y int) (sum uint32) {
		for dy := range 80 {
			for dx := range 100 {
				r, _, _, _ := m.At(x+dx, y+dy).RGBA()
				sum += 255 - r>>8
			}
		}
		return sum / 8000
	}
	for y := range 60 {
		// A grey of 0 to 127 is 255 to 128 dark, 191 in the mean; and 64 at the right.
		left, right := dark(m.Bounds().Dx()/2-100, y), dark(m.Bounds().Dx()/2, y)
		if left > 180 && left < 200 && right > 54 && right < 74 {
			return true
		}
	}
	return false
}
