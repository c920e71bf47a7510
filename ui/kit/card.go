package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Radii of corners.
const (
	RadiusSmall = 6  // plates
	RadiusField = 10 // buttons, fields, keys
	RadiusCard  = 14 // cards, large buttons
)

// painted is a rectangle in colours of the palette.
type painted struct {
	widget.BaseWidget
	fill, edge Colour
	exact      color.Color // in place of fill, where a colour is none of the palette
	stroke     float32
	radius     float32
	top        bool // only the upper corners are round
}

// SetFill changes the ground.
func (p *painted) SetFill(c Colour) { p.SetLook(c, p.edge, p.stroke) }

// SetLook changes the ground, the edge and its width.
func (p *painted) SetLook(fill, edge Colour, stroke float32) {
	if p.fill == fill && p.edge == edge && p.stroke == stroke {
		return
	}
	p.fill, p.edge, p.stroke = fill, edge, stroke
	p.Refresh()
}

func (p *painted) CreateRenderer() fyne.WidgetRenderer {
	r := &paintedRenderer{p: p, rect: canvas.NewRectangle(color.Transparent)}
	r.apply()
	return r
}

func (p *painted) MinSize() fyne.Size { return fyne.Size{} }

type paintedRenderer struct {
	p    *painted
	rect *canvas.Rectangle
}

func (r *paintedRenderer) apply() {
	r.rect.FillColor = palette.Of(r.p.fill)
	if r.p.exact != nil {
		r.rect.FillColor = r.p.exact
	}
	r.rect.StrokeColor, r.rect.StrokeWidth = palette.Of(r.p.edge), r.p.stroke
	if r.p.edge == Clear {
		r.rect.StrokeWidth = 0
	}
	r.rect.CornerRadius = r.p.radius
	if r.p.top {
		r.rect.CornerRadius = 0
		r.rect.TopLeftCornerRadius, r.rect.TopRightCornerRadius = r.p.radius, r.p.radius
	}
}
func (r *paintedRenderer) Layout(s fyne.Size)           { r.rect.Resize(s) }
func (r *paintedRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *paintedRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *paintedRenderer) Destroy()                     {}
func (r *paintedRenderer) Refresh() {
	r.apply()
	r.rect.Refresh()
}

func panel(fill, edge Colour, stroke, radius float32) *painted {
	p := &painted{fill: fill, edge: edge, stroke: stroke, radius: radius}
	p.ExtendBaseWidget(p)
	return p
}

// NewBand returns a ground for the top of a card: only its upper corners are round.
func NewBand(fill Colour) fyne.CanvasObject {
	p := panel(fill, Clear, 0, RadiusCard-1)
	p.top = true
	return p
}

// NewPanel returns content on a ground with an edge of stroke pixels and round corners.
func NewPanel(fill, edge Colour, stroke, radius float32, content fyne.CanvasObject) *fyne.Container {
	return Stack(panel(fill, edge, stroke, radius), content)
}

// NewCard returns content on a card, with padding pixels around it.
func NewCard(padding float32, content fyne.CanvasObject) *fyne.Container {
	return NewPanel(Surface, Divider, 1, RadiusCard, Pad(padding, content))
}

// NewNote returns content on a sunken ground, for remarks.
func NewNote(content fyne.CanvasObject) *fyne.Container {
	return NewPanel(Sunken, Clear, 0, RadiusField, Inset(10, 14, 10, 14, content))
}

// NewCallout returns content on the ground of a kind of message, with an edge in its colour.
func NewCallout(k Kind, padding float32, content fyne.CanvasObject) *fyne.Container {
	ground, ink := k.colours()
	return NewPanel(ground, ink, 2, RadiusCard, Pad(padding, content))
}

// Kind is what a message, a badge or a state is about. State never shows by colour alone: give it an icon and words.
type Kind uint8

// The kinds.
const (
	Plain   Kind = iota // nothing to note
	Good                // done, waiting, ready
	Caution             // attention, offline, unknown
	Bad                 // failed, frozen
)

func (k Kind) colours() (ground, ink Colour) {
	switch k {
	case Good:
		return AccentTint, Accent
	case Caution:
		return WarnTint, Warn
	case Bad:
		return DangerTint, Danger
	}
	return Sunken, Ink2
}

// Badge is a pill of 26 pixels with an icon and a word. It is no control.
type Badge struct {
	widget.BaseWidget
	kind  Kind
	label *Label
	icon  *Icon
	back  *painted
	box   *fyne.Container
}

// NewBadge returns a badge; icon may be empty.
func NewBadge(k Kind, icon, text string) *Badge {
	ground, ink := k.colours()
	b := &Badge{kind: k, label: NewBold(text, 14, ink), icon: NewIcon(icon, 16, ink), back: panel(ground, Clear, 0, 13)}
	b.box = Stack(b.back, Inset(0, 9, 0, 9, Row(5, b.icon, b.label)))
	b.icon.Hidden = icon == ""
	b.ExtendBaseWidget(b)
	return b
}

// Set changes the badge.
func (b *Badge) Set(k Kind, icon, text string) {
	ground, ink := k.colours()
	b.kind = k
	b.back.SetFill(ground)
	b.icon.Hidden = icon == ""
	b.icon.Set(icon, ink)
	b.label.Set(text, ink)
	b.box.Layout.Layout(b.box.Objects, b.Size())
}

// MinSize is 26 high and at least as wide.
func (b *Badge) MinSize() fyne.Size { return fyne.NewSize(max(24, b.box.MinSize().Width), 26) }

// CreateRenderer draws the badge.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.box) }

// KeyCap is the hint of a key, 22 high.
type KeyCap struct {
	widget.BaseWidget
	label *Label
	edge  *painted
	box   *fyne.Container
}

var hideKeyCaps bool

// SetKeyCaps shows or hides the hints of keys on everything built from now on; a till without a keyboard hides them.
func SetKeyCaps(on bool) { hideKeyCaps = !on }

// NewKeyCap returns the hint of a key in the colour c.
func NewKeyCap(key string, c Colour) *KeyCap {
	k := &KeyCap{label: NewLabel(key, 14, c).Centred(), edge: panel(Clear, c, 1, 5)}
	k.Hidden = key == "" || hideKeyCaps
	k.box = Stack(k.edge, Inset(0, 7, 0, 7, k.label))
	k.ExtendBaseWidget(k)
	return k
}

func (k *KeyCap) setColour(c Colour) {
	k.label.SetColour(c)
	k.edge.SetLook(Clear, c, 1)
}

// MinSize is 22 high and as wide as the name of the key.
func (k *KeyCap) MinSize() fyne.Size {
	return fyne.NewSize(max(22, ceil(TextWidth(k.label.text, 14, false))+14), 22)
}

// CreateRenderer draws the hint.
func (k *KeyCap) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.box) }

// NewPlate returns the letter plate of a tender, px wide and high: the glyph, one character, or an icon, in white on
// PlateColour of the tender.
func NewPlate(tender, glyph, icon string, px float32) fyne.CanvasObject {
	back := panel(Clear, Clear, 0, RadiusSmall)
	back.exact = PlateColour(tender)
	var face fyne.CanvasObject = NewIcon(icon, round(px*0.58), White)
	if icon == "" {
		l := NewBold(firstRune(glyph), max(14, round(px*0.52)), White)
		l.Align = fyne.TextAlignCenter
		face = l
	}
	return fixedSize(px, px, container.NewStack(back, face))
}

// NewQuietPlate returns a plate with an icon on a sunken ground, for tenders that have no colour.
func NewQuietPlate(icon string, px float32) fyne.CanvasObject {
	return fixedSize(px, px, container.NewStack(panel(Sunken, Clear, 0, RadiusSmall), NewIcon(icon, round(px*0.54), Ink)))
}

// NewDisc returns a circle of px with an icon or, if there is none, the first character of text.
func NewDisc(icon, text string, px float32, fill, ink Colour) fyne.CanvasObject {
	var face fyne.CanvasObject = NewIcon(icon, round(px*0.55), ink)
	if icon == "" {
		face = NewBold(firstRune(text), round(px*0.42), ink).Centred()
	}
	return fixedSize(px, px, container.NewStack(panel(fill, Clear, 0, px/2), face))
}

type sized struct{ w, h float32 }

func (s *sized) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(s.w, s.h) }
func (s *sized) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w, h := min(s.w, size.Width), min(s.h, size.Height)
	if s.w == 0 {
		w = size.Width
	}
	if s.h == 0 {
		h = size.Height
	}
	for _, c := range o {
		c.Resize(fyne.NewSize(w, h))
		c.Move(fyne.NewPos(round((size.Width-w)/2), round((size.Height-h)/2)))
	}
}

func fixedSize(w, h float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&sized{w, h}, o)
}

// Sized gives o exactly this size, centred in the room it gets; 0 takes the room there is.
func Sized(w, h float32, o fyne.CanvasObject) *fyne.Container { return fixedSize(w, h, o) }
