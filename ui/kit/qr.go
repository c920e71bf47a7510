package kit

import (
	"fmt"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/skip2/go-qrcode"
)

const quietModules = 4 // ISO/IEC 18004, 9.1

// QR is a payment code: black on white in both palettes, with four modules of white around it.
type QR struct {
	widget.BaseWidget
	text  string
	size  float32
	image *canvas.Image
}

// NewQR returns an empty code that is at least size pixels wide and fills the square that it gets.
func NewQR(size float32) *QR {
	q := &QR{size: size, image: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScalePixels}}
	q.image.Image = image.NewGray(image.Rect(0, 0, 1, 1))
	q.image.Hide()
	q.ExtendBaseWidget(q)
	return q
}

// Set shows a text as a code, with error correction level M; empty shows none. It fails if the text is too long.
func (q *QR) Set(text string) error {
	if text == q.text {
		return nil
	}
	if text == "" {
		q.text = ""
		q.image.Hide()
		return nil
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("make a QR code of %d bytes: %w", len(text), err)
	}
	code.DisableBorder = true
	q.text = text
	q.image.Image = picture(code.Bitmap())
	q.image.Show()
	q.image.Refresh()
	return nil
}

// picture draws one pixel for each module, so that the toolkit may make it any size without blur.
func picture(modules [][]bool) *image.Gray {
	n := len(modules) + 2*quietModules
	img := image.NewGray(image.Rect(0, 0, n, n))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y, row := range modules {
		for x, black := range row {
			if black {
				img.SetGray(x+quietModules, y+quietModules, color.Gray{})
			}
		}
	}
	return img
}

// Text returns what the code says.
func (q *QR) Text() string { return q.text }

// MinSize is the square it was made with.
func (q *QR) MinSize() fyne.Size { return fyne.NewSquareSize(q.size) }

// CreateRenderer draws the code.
func (q *QR) CreateRenderer() fyne.WidgetRenderer { return &qrRenderer{q} }

type qrRenderer struct{ q *QR }

func (r *qrRenderer) Layout(s fyne.Size) {
	side := min(s.Width, s.Height)
	if n := float32(r.q.image.Image.Bounds().Dx()); n > 1 && side*scale >= n {
		// Whole pixels for each module read best.
		if whole := float32(int(side*scale/n)) * n / scale; whole > side*0.85 {
			side = whole
		}
	}
	r.q.image.Resize(fyne.NewSquareSize(side))
	r.q.image.Move(fyne.NewPos(round((s.Width-side)/2), round((s.Height-side)/2)))
}
func (r *qrRenderer) MinSize() fyne.Size           { return r.q.MinSize() }
func (r *qrRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.q.image} }
func (r *qrRenderer) Destroy()                     {}
func (r *qrRenderer) Refresh() {
	r.Layout(r.q.Size())
	r.q.image.Refresh()
}

// NewQRFrame returns a code in a white frame with an edge in the colour of a tender's plate.
func NewQRFrame(tender string, q *QR) *fyne.Container {
	edge := panel(White, Clear, 0, RadiusCard)
	edge.exact = PlateColour(tender)
	inner := panel(White, Clear, 0, RadiusCard-4)
	return Stack(edge, Pad(4, inner), Pad(8, q))
}
