package printer

import (
	"fmt"
	"sync"

	"guitai/hardware/device"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

// An Encoder turns slips into a printer's bytes. It is safe for use by several
// goroutines.
type Encoder struct {
	profile Profile
	speak   Language
	face    *raster.Face
	grid    raster.Grid

	mu    sync.Mutex
	logos map[string][]byte
}

// logosMax bounds the cache of logos. A shop has one.
const logosMax = 8

// NewEncoder returns an encoder for a profile, in its language. The face draws what the printer
// has no character for; without one, such characters print as question marks.
func NewEncoder(l Language, p Profile, face *raster.Face) *Encoder {
	return &Encoder{profile: p, speak: l, face: face, grid: Grid(), logos: map[string][]byte{}}
}

// Profile returns what the encoder encodes for.
func (e *Encoder) Profile() Profile { return e.profile }

// Encode returns the bytes of one slip, without drawer pulse and barrier. It
// fails, with device.Unrender, for a document that its Check refuses and for a
// code that does not fit the paper.
func (e *Encoder) Encode(doc receipt.Document) ([]byte, error) {
	if err := doc.Check(); err != nil {
		return nil, &device.Error{Reason: device.Unrender, Err: err}
	}
	j := job{Encoder: e, b: e.speak.Prologue(make([]byte, 0, 2048))}
	rows := receipt.Layout(doc, e.profile.Columns)
	for i := 0; i < len(rows); {
		n, err := j.rows(rows[i:])
		if err != nil {
			return nil, &device.Error{Reason: device.Unrender, Err: fmt.Errorf("row %d of the slip: %w", i+1, err)}
		}
		i += n
	}
	if j.pictures {
		j.b = e.speak.Pictures(j.b, false, &j.profile)
	}
	return j.b, nil
}

// job is one slip on its way to bytes, and the modes the printer is in.
type job struct {
	*Encoder
	b        []byte
	align    receipt.Align
	bold     bool
	size     receipt.Size
	pictures bool
}

// rows writes the first of the rows, with those after it that go the same way,
// and returns how many that were.
func (j *job) rows(rows []receipt.Row) (int, error) {
	switch b := rows[0].Block.(type) {
	case nil:
		if j.profile.Text == "gbk" && j.native(rows[0]) {
			return 1, nil
		}
		return j.drawn(rows)
	case receipt.Feed:
		j.b = j.speak.Feed(j.b, b.Lines)
	case receipt.Cut:
		j.b = j.speak.Cut(j.b, &j.profile)
	case receipt.QR:
		return 1, j.qr(b)
	case receipt.Barcode:
		return 1, j.barcode(b)
	case receipt.Logo:
		j.to(receipt.Center)
		j.picture(j.logo(b))
	default:
		return 0, fmt.Errorf("no way to print a %T", b)
	}
	return 1, nil
}

func (j *job) to(a receipt.Align) {
	if j.align != a {
		j.b, j.align = j.speak.Align(j.b, a), a
	}
}

// native writes a row in the printer's own font, or nothing and false.
func (j *job) native(r receipt.Row) bool {
	before, align, bold, size := j.b, j.align, j.bold, j.size
	j.to(r.Align)
	if j.bold != r.Bold {
		j.b, j.bold = j.speak.Bold(j.b, r.Bold), r.Bold
	}
	if j.size != r.Size {
		j.b, j.size = j.speak.Size(j.b, r.Size), r.Size
	}
	b, ok := appendText(j.b, r.Text)
	if !ok {
		if j.face == nil {
			b, _ = appendText(j.b, known(r.Text))
			j.b = append(b, '\n')
			return true
		}
		j.b, j.align, j.bold, j.size = before, align, bold, size
		return false
	}
	j.b = append(b, '\n')
	return true
}

// known returns text with question marks for what the printer cannot have.
func known(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if !receipt.InPrinterFont(r) {
			r = '?'
		}
		out = append(out, r)
	}
	return string(out)
}

// drawn writes rows as a picture: the first, and those after it that have to
// be one too.
func (j *job) drawn(rows []receipt.Row) (int, error) {
	if j.face == nil {
		return 0, device.Fault(device.Unrender, "the profile prints text as pictures and there is no font to draw it with")
	}
	n, height := 0, 0
	for n < len(rows) && rows[n].Block == nil && (n == 0 || j.profile.Text != "gbk" || !inFont(rows[n].Text)) {
		height += j.grid.RowHeight(rows[n].Size)
		n++
	}
	m := raster.NewBitmap(j.profile.Dots, height)
	y := 0
	for _, r := range rows[:n] {
		if err := j.face.DrawRow(m, 0, y, m.Width, j.grid, r); err != nil {
			return 0, err
		}
		y += j.grid.RowHeight(r.Size)
	}
	j.to(receipt.Left)
	j.picture(j.raster(m.Crop(max(m.Used(), 1))))
	return n, nil
}

func inFont(s string) bool {
	for _, r := range s {
		if !receipt.InPrinterFont(r) {
			return false
		}
	}
	return true
}

func (j *job) picture(strips []byte) {
	if !j.pictures {
		j.b = j.speak.Pictures(j.b, true, &j.profile)
	}
	j.pictures = true
	j.b = append(j.b, strips...)
}

func (j *job) raster(m *raster.Bitmap) []byte { return j.speak.Raster(nil, m, &j.profile) }

func (j *job) qr(q receipt.QR) error {
	j.to(receipt.Center)
	if modules := qrModules(len(q.Payload)); j.profile.QR {
		module := raster.QRModule(modules, j.profile.Dots)
		if modules*module > j.profile.Dots {
			return fmt.Errorf("qr code of %d bytes does not fit %d dots", len(q.Payload), j.profile.Dots)
		}
		j.b = j.speak.QR(j.b, q.Payload, module)
		return nil
	}
	m, err := raster.QR(q.Payload, 0, j.profile.Dots)
	if err != nil {
		return err
	}
	j.picture(j.raster(m))
	return nil
}

func (j *job) barcode(c receipt.Barcode) error {
	j.to(receipt.Center)
	if module := min(3, j.profile.Dots/(barcodeModules(c)+20)); j.profile.Barcode && module >= 2 {
		j.b = j.speak.Barcode(j.b, c, module)
		return nil
	}
	m, err := raster.Barcode(c, j.profile.Dots)
	if err != nil {
		return err
	}
	j.picture(j.raster(m))
	return nil
}

// logo returns the strips of a logo, from the cache where it has a name.
func (j *job) logo(l receipt.Logo) []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	if strips, ok := j.logos[l.Name]; ok && l.Name != "" {
		return strips
	}
	strips := j.raster(raster.Dither(l.Image, j.profile.Dots))
	if l.Name != "" {
		if len(j.logos) >= logosMax {
			clear(j.logos)
		}
		j.logos[l.Name] = strips
	}
	return strips
}
