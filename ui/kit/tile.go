package kit

import (
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// Tile is a product to tap: the name in two lines, the price, and how many are in the cart. It may have a colour, a
// picture or both.
type Tile struct {
	Tap
	name    *Label
	price   *Label
	count   *Badge
	band    *painted
	picture *canvas.Image
	colour  string
	body    *fyne.Container
}

// TileColours are the words for the colours of tiles, in the order in which they are offered.
var TileColours = []string{"blue", "green", "orange", "red", "purple", "grey"}

// tileColour returns the ground and the stripe of a colour; a word that is none is plain.
func tileColour(word string) (ground, band Colour) {
	if i := slices.Index(TileColours, word); i >= 0 {
		return TileBlue + Colour(i), BandBlue + Colour(i)
	}
	return Surface, Clear
}

// NewTile returns a tile of 92 pixels and more. count, "" for none, stands at the top right, or on the picture.
func NewTile(name, price, count string, onTap func()) *Tile {
	t := &Tile{name: NewBold(name, 17, Ink), price: NewLabel(price, 16, Ink2), count: NewBadge(Good, "", count), band: panel(Clear, Clear, 0, 2),
		picture: &canvas.Image{FillMode: canvas.ImageFillContain}}
	t.name.Lines, t.name.Height = 2, 1.25
	t.count.Hidden = count == ""
	t.band.Hide()
	t.picture.Hide()
	t.body = container.New(tileBody{t}, t.band, t.picture, t.name, t.price, t.count)
	t.OnTap = onTap
	t.min = fyne.NewSize(96, 92)
	t.init(t, tileStyle(Surface), t.body)
	return t
}

func tileStyle(ground Colour) Style {
	return Style{Fill: ground, Edge: Divider, Stroke: 1, Radius: RadiusField}
}

// Sides of the square that a picture has on a tile, and on one that is narrower than tileNarrow.
const (
	tilePicture, tilePictureSmall = 52, 40
	tileNarrow                    = 140
)

// tileBody gives the name the width that the picture and the count leave.
type tileBody struct{ t *Tile }

func (tileBody) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(66, 63) }
func (b tileBody) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	t := b.t
	left, right := float32(13), float32(13)
	switch {
	case t.picture.Visible():
		side, edge := float32(tilePicture), float32(7)
		if s.Width < tileNarrow {
			side, edge = tilePictureSmall, 5
		}
		t.picture.Move(fyne.NewPos(edge, round((s.Height-side)/2)))
		t.picture.Resize(fyne.NewSize(side, side))
		left, right = edge+side+edge, edge
	case t.band.Visible():
		t.band.Move(fyne.NewPos(6, 12))
		t.band.Resize(fyne.NewSize(4, s.Height-24))
		left = 17
	}
	w := s.Width - left - right
	named := w
	if m := t.count.MinSize(); t.picture.Visible() {
		t.count.Resize(fyne.NewSize(m.Width, 24))
		t.count.Move(fyne.NewPos(4, 4))
	} else if t.count.Visible() {
		t.count.Resize(fyne.NewSize(m.Width, 24))
		t.count.Move(fyne.NewPos(s.Width-right-m.Width+4, 8))
		named -= m.Width
	}
	t.name.size = 17
	for _, word := range strings.Fields(t.name.text) {
		for _, smaller := range []float32{15, 14} { // rather than to break a word
			if word[0] < 0x80 && TextWidth(word, t.name.size, true) > named {
				t.name.size = smaller
			}
		}
	}
	price := t.price.MinSize().Height
	t.name.Move(fyne.NewPos(left, 10))
	t.name.Resize(fyne.NewSize(named, s.Height-21-price))
	t.name.Refresh()
	t.price.Move(fyne.NewPos(left, s.Height-11-price))
	t.price.Resize(fyne.NewSize(w, price))
}

// Set changes what the tile says and redraws only that.
func (t *Tile) Set(name, price, count string) {
	named := t.name.text != name
	t.name.SetText(name)
	t.price.SetText(price)
	if hidden := count == ""; named || hidden != t.count.Hidden || t.count.label.text != count {
		t.count.Hidden = hidden
		if !hidden {
			t.count.Set(Good, "", count)
		}
		t.body.Layout.Layout(t.body.Objects, t.body.Size())
		t.count.Refresh()
	}
}

// SetLook changes how the tile looks: a word of TileColours, "" for none, and a picture, nil for none.
func (t *Tile) SetLook(colour string, picture image.Image) {
	if colour == t.colour && picture == t.picture.Image {
		return
	}
	t.colour = colour
	ground, band := tileColour(colour)
	t.SetStyle(tileStyle(ground))
	t.band.SetFill(band)
	t.picture.Image = picture
	t.picture.Hidden = picture == nil
	t.band.Hidden = band == Clear || picture != nil
	t.body.Layout.Layout(t.body.Objects, t.body.Size())
	t.picture.Refresh()
	t.body.Refresh()
}

// SetCount changes only how many are in the cart.
func (t *Tile) SetCount(count string) { t.Set(t.name.text, t.price.text, count) }

// NewEmptyTile returns a sunken place for a product to be added, with an icon of a plus.
func NewEmptyTile(label string, onTap func()) *Tap {
	return NewTap(Style{Fill: Sunken, Radius: RadiusField}, Centre(Col(2, NewIcon("plus", 26, Ink3), NewLabel(label, 14, Ink3).Centred())), onTap)
}

// Tender is a way to pay: its plate, name and key, or why it is off.
type Tender struct {
	Tap
	name *Label
	sub  *Label
	key  *KeyCap
	hint string
	box  *fyne.Container
}

// TenderSpec says what a tender button shows.
type TenderSpec struct {
	Plate fyne.CanvasObject // NewPlate(..., 44) or NewQuietPlate; nil for none
	Name  string
	Sub   string
	Key   string
	OnTap func()
}

// NewTender returns a tender button, 88 high.
func NewTender(spec TenderSpec) *Tender {
	t := &Tender{name: NewBold(spec.Name, 18, Ink), sub: NewLabel(spec.Sub, 14, Ink3), key: NewKeyCap(spec.Key, Ink3), hint: spec.Sub}
	t.name.Height, t.sub.Height = 1.25, 1.25
	t.sub.Hidden = spec.Sub == ""
	if spec.Sub == "" {
		t.name.Lines = 2
	}
	t.box = Col(0, t.name, t.sub)
	plate := spec.Plate
	if plate == nil {
		plate = Gap(1)
	}
	t.OnTap = spec.OnTap
	t.min = fyne.NewSize(150, 88)
	t.init(t, Style{Fill: Surface, Edge: Outline, Stroke: 1, Radius: RadiusCard},
		Inset(0, 12, 0, 12, Row(10, Middle(plate), Grow(1, Middle(t.box)), Middle(t.key))))
	return t
}

// Off greys the tender out and says why in place of its second line.
func (t *Tender) Off(reason string) {
	t.Disable()
	t.name.SetColour(Ink3)
	t.sub.Hidden = reason == ""
	t.sub.SetText(reason)
	t.key.Hide()
	t.SetStyle(Style{Fill: Sunken, Radius: RadiusCard})
	relayout(t.content.(*fyne.Container))
}

// On lets it be tapped again.
func (t *Tender) On() {
	t.Enable()
	t.name.SetColour(Ink)
	t.sub.Hidden = t.hint == ""
	t.sub.SetText(t.hint)
	t.key.Hidden = t.key.label.text == "" || hideKeyCaps
	t.SetStyle(Style{Fill: Surface, Edge: Outline, Stroke: 1, Radius: RadiusCard})
	relayout(t.content.(*fyne.Container))
}

// SetChosen marks it as the way to pay now.
func (t *Tender) SetChosen(on bool) {
	if on {
		t.SetStyle(Style{Fill: AccentTint, Edge: Accent, Stroke: 3, Radius: RadiusCard})
	} else if !t.disabled {
		t.SetStyle(Style{Fill: Surface, Edge: Outline, Stroke: 1, Radius: RadiusCard})
	}
}

// Person is a card of a user to choose: a disc with the first letter, the name and the role.
type Person struct {
	Tap
	disc, chosenDisc fyne.CanvasObject
	mark             *Icon
}

// NewPerson returns a card of 84 pixels.
func NewPerson(name, role string, onTap func()) *Person {
	p := &Person{disc: NewDisc("", name, 52, Sunken, Ink), chosenDisc: NewDisc("", name, 52, Accent, OnAccent), mark: NewIcon("circle-check", 26, Accent)}
	p.chosenDisc.Hide()
	p.mark.Hide()
	p.OnTap = onTap
	p.min = fyne.NewSize(200, 84)
	p.init(p, Style{Fill: Surface, Edge: Divider, Stroke: 1, Radius: RadiusCard},
		Inset(0, 20, 0, 20, Row(16, container.NewStack(p.disc, p.chosenDisc), Grow(1, Middle(Col(0, NewBold(name, 20, Ink), NewLabel(role, 15, Ink3)))), p.mark)))
	return p
}

// SetChosen marks the person.
func (p *Person) SetChosen(on bool) {
	p.disc.(*fyne.Container).Hidden, p.chosenDisc.(*fyne.Container).Hidden, p.mark.Hidden = on, !on, !on
	s := Style{Fill: Surface, Edge: Divider, Stroke: 1, Radius: RadiusCard}
	if on {
		s = Style{Fill: AccentTint, Edge: Accent, Stroke: 3, Radius: RadiusCard}
	}
	p.SetStyle(s)
	relayout(p.content.(*fyne.Container))
	p.Refresh()
}
