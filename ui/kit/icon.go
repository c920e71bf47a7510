package kit

import (
	"bytes"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"guitai/assets"
)

type iconKey struct {
	name string
	size float32
	tint color.NRGBA
}

var iconCache = map[iconKey]fyne.Resource{}

// iconResource returns the icon drawn in one colour for one size. The toolkit's own colouring reaches fills only, and
// its strokes do not grow with the picture, so both are written into the drawing.
func iconResource(name string, size float32, tint color.NRGBA) fyne.Resource {
	k := iconKey{name, size * scale, tint}
	if r, ok := iconCache[k]; ok {
		return r
	}
	svg, ok := assets.Icon(name)
	if !ok {
		svg, _ = assets.Icon("circle-dashed")
	}
	weight := float32(2)
	if size >= 40 {
		weight = 1.75
	}
	svg = bytes.ReplaceAll(svg, []byte("currentColor"), fmt.Appendf(nil, "#%02X%02X%02X", tint.R, tint.G, tint.B))
	svg = bytes.Replace(svg, []byte(`stroke-width="2"`), fmt.Appendf(nil, `stroke-width="%.3f"`, weight*k.size/24), 1)
	r := fyne.NewStaticResource(fmt.Sprintf("%s-%.1f-%02X%02X%02X.svg", name, k.size, tint.R, tint.G, tint.B), svg)
	iconCache[k] = r
	return r
}

// Icon is a Lucide icon in one colour of the palette, square, and centred in whatever room it gets.
type Icon struct {
	widget.BaseWidget
	name   string
	size   float32
	colour Colour
}

// NewIcon returns the icon of that name (see assets.IconNames) at size pixels. A name that does not exist shows a
// dashed circle; an empty one shows nothing and takes no room.
func NewIcon(name string, size float32, c Colour) *Icon {
	i := &Icon{name: name, size: size, colour: c}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes the icon and its colour.
func (i *Icon) Set(name string, c Colour) {
	if i.name == name && i.colour == c {
		return
	}
	i.name, i.colour = name, c
	i.Refresh()
}

// MinSize is the size of the icon.
func (i *Icon) MinSize() fyne.Size {
	if i.name == "" {
		return fyne.Size{}
	}
	return fyne.NewSquareSize(i.size)
}

// CreateRenderer draws the icon.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	r := &iconRenderer{icon: i, image: &canvas.Image{FillMode: canvas.ImageFillContain}}
	r.apply()
	return r
}

type iconRenderer struct {
	icon  *Icon
	image *canvas.Image
}

func (r *iconRenderer) apply() {
	r.image.Hidden = r.icon.name == ""
	if !r.image.Hidden {
		r.image.Resource = iconResource(r.icon.name, r.icon.size, palette.Of(r.icon.colour))
	}
}

func (r *iconRenderer) Layout(s fyne.Size) {
	d := r.icon.size
	r.image.Resize(fyne.NewSquareSize(d))
	r.image.Move(fyne.NewPos(round((s.Width-d)/2), round((s.Height-d)/2)))
}
func (r *iconRenderer) MinSize() fyne.Size           { return r.icon.MinSize() }
func (r *iconRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.image} }
func (r *iconRenderer) Destroy()                     {}
func (r *iconRenderer) Refresh() {
	r.apply()
	r.image.Refresh()
}
