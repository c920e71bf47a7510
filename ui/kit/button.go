package kit

import (
	"time"

	"fyne.io/fyne/v2"
)

// ButtonKind is how loud a button is. A screen has at most one Main.
type ButtonKind uint8

// The kinds of buttons.
const (
	PlainButton   ButtonKind = iota // an edge
	Main                            // the next step
	Quiet                           // sunken
	Ghost                           // neither edge nor ground
	DangerOutline                   // takes something back
	DangerButton                    // stops something
)

// ButtonSize is the height of a button.
type ButtonSize uint8

// The sizes: 56, 48, 68 and 84 pixels high.
const (
	Normal ButtonSize = iota
	Small
	Large
	Huge
)

// ButtonSpec says what a button is.
type ButtonSpec struct {
	Kind  ButtonKind
	Size  ButtonSize
	Icon  string
	Label string
	Sub   string // a second, lighter text: below the label, or beside it on a Huge button
	Key   string // the key that does the same
	// Stack puts the key below the label, without an edge on Quiet buttons.
	Stack bool
	// Left puts the icon and the label at the left edge and the key at the right.
	Left bool
	// Text is the size of the label in pixels, 0 for that of the button's size.
	Text float32
	// SubFirst puts Sub above the label.
	SubFirst bool
	OnTap    func()
	// OnHold, if set, takes the place of OnTap and wants a press of HoldFor.
	OnHold  func()
	HoldFor time.Duration
}

// Button is a button.
type Button struct {
	Tap
	spec   ButtonSpec
	chosen bool
	reason string
	icon   *Icon
	label  *Label
	sub    *Label
	key    *KeyCap
	under  *Label
}

// NewButton returns a button.
func NewButton(spec ButtonSpec) *Button {
	b := &Button{spec: spec}
	height, size, icon, radius, gap, side := float32(56), float32(18), float32(22), float32(RadiusField), float32(10), float32(16)
	switch spec.Size {
	case Small:
		height, size, icon, gap, side = 48, 16, 20, 8, 14
	case Large:
		height, size, icon, radius = 68, 22, 24, RadiusCard
	case Huge:
		height, size, icon, radius, side = 84, 28, 24, RadiusCard, 10
	}
	if spec.Text > 0 {
		size = spec.Text
	}
	if spec.Stack {
		icon = 18
	}
	if spec.Icon != "" && spec.Label == "" && spec.Key == "" {
		side = (height - icon) / 2
	}
	b.icon = NewIcon(spec.Icon, icon, Ink)
	b.icon.Hidden = spec.Icon == ""
	b.label = NewBold(spec.Label, size, Ink)
	b.label.Height = 1.2
	b.label.Hidden = spec.Label == ""
	subSize := float32(15)
	if spec.Size == Huge && spec.Sub != "" && !spec.Stack && !spec.Left && !spec.SubFirst {
		subSize = 22
	}
	b.sub = NewLabel(spec.Sub, subSize, Ink2)
	b.sub.Height = 1.2
	b.sub.Hidden = spec.Sub == ""
	b.key = NewKeyCap(spec.Key, Ink)
	b.under = NewLabel(spec.Key, 14, Ink3).Centred()
	b.under.Height = 1.2
	b.under.Hidden = spec.Key == "" || hideKeyCaps
	var content fyne.CanvasObject
	switch {
	case spec.Icon != "" && spec.Label == "" && spec.Sub == "" && spec.Key == "":
		content = Centre(b.icon)
	case spec.Stack && spec.Kind == Quiet:
		b.label.Align = fyne.TextAlignCenter
		content = Centre(Col(0, Centre(Row(6, b.icon, b.label)), b.under))
		side = 6
	case spec.Stack:
		content = Centre(Col(2, Centre(Row(6, b.icon, b.label)), Centre(b.key)))
		side = 6
	case spec.SubFirst:
		b.label.Align, b.sub.Align = fyne.TextAlignCenter, fyne.TextAlignCenter
		b.label.Height, b.sub.Height = 1.25, 1.25
		content = Middle(Col(2, b.sub, b.label))
		side = 6
	case spec.Left:
		content = Row(gap+4, b.icon, Grow(1, Middle(Col(0, b.label, b.sub))), Middle(b.key))
		side += 4
	case spec.Size == Huge && spec.Sub != "":
		content = Centre(Row(gap, b.icon, b.label, b.sub, Middle(b.key)))
	default:
		b.label.Align, b.sub.Align = fyne.TextAlignCenter, fyne.TextAlignCenter
		content = Centre(Row(gap, b.icon, Middle(Col(0, b.label, b.sub)), Middle(b.key)))
	}
	b.OnTap, b.OnHold, b.HoldFor = spec.OnTap, spec.OnHold, spec.HoldFor
	b.min = fyne.NewSize(48, height)
	b.init(b, Style{Radius: radius, Stroke: 1}, Inset(0, side, 0, side, content))
	b.dress()
	return b
}

// NewIconButton returns a square button with an icon.
func NewIconButton(k ButtonKind, s ButtonSize, icon string, onTap func()) *Button {
	return NewButton(ButtonSpec{Kind: k, Size: s, Icon: icon, OnTap: onTap})
}

// dress gives the button the colours of its kind and state.
func (b *Button) dress() {
	s := b.style
	s.Stroke, s.Pressed = 1, Clear
	ink, quiet := Ink, Ink3
	switch b.spec.Kind {
	case PlainButton:
		s.Fill, s.Edge = Surface, Outline
	case Main:
		s.Fill, s.Edge, s.Pressed = Accent, Clear, AccentPress
		ink, quiet = OnAccent, OnAccent
	case Quiet:
		s.Fill, s.Edge = Sunken, Clear
	case Ghost:
		s.Fill, s.Edge = Clear, Clear
	case DangerOutline:
		s.Fill, s.Edge = Surface, Danger
		ink, quiet = Danger, Danger
	case DangerButton:
		s.Fill, s.Edge = Danger, Clear
		ink, quiet = OnDanger, OnDanger
	}
	if b.chosen {
		s.Fill, s.Edge, s.Stroke = AccentTint, Accent, 3
	}
	sub, subHidden := b.spec.Sub, b.spec.Sub == ""
	if b.disabled {
		s.Fill, s.Edge = Sunken, Clear
		ink, quiet = Ink3, Ink3
		if b.reason != "" {
			sub, subHidden = b.reason, false
		}
	}
	b.icon.Set(b.spec.Icon, ink)
	b.label.Set(b.spec.Label, ink)
	subInk := ink
	if ink == Ink {
		subInk = Ink2
	}
	b.sub.Hidden = subHidden
	b.sub.Set(sub, subInk)
	b.key.setColour(ink)
	b.key.Hidden = b.spec.Key == "" || hideKeyCaps || (b.disabled && b.reason != "")
	b.under.Set(b.spec.Key, quiet)
	b.under.Hidden = b.spec.Key == "" || hideKeyCaps
	b.SetStyle(s)
}

func (b *Button) redress() {
	b.dress()
	if c, ok := b.content.(*fyne.Container); ok {
		relayout(c)
	}
}

// relayout lays a tree of containers out again at the sizes it has, without redrawing what did not change.
func relayout(c *fyne.Container) {
	if c.Layout != nil {
		c.Layout.Layout(c.Objects, c.Size())
	}
	for _, o := range c.Objects {
		if inner, ok := o.(*fyne.Container); ok {
			relayout(inner)
		}
	}
}

// SetLabel changes the label.
func (b *Button) SetLabel(s string) {
	if b.spec.Label != s {
		b.spec.Label = s
		b.label.Hidden = s == ""
		b.redress()
	}
}

// SetSub changes the second text.
func (b *Button) SetSub(s string) {
	if b.spec.Sub != s {
		b.spec.Sub = s
		b.redress()
	}
}

// SetIcon changes the icon; it must have had one from the start.
func (b *Button) SetIcon(name string) {
	if b.spec.Icon != name {
		b.spec.Icon = name
		b.icon.Hidden = name == ""
		b.redress()
	}
}

// SetKind changes how loud the button is.
func (b *Button) SetKind(k ButtonKind) {
	if b.spec.Kind != k {
		b.spec.Kind = k
		b.redress()
	}
}

// SetChosen marks the button as the choice of several, by an edge in the accent colour.
func (b *Button) SetChosen(on bool) {
	if b.chosen != on {
		b.chosen = on
		b.redress()
	}
}

// Off stops the button and says why inside it.
func (b *Button) Off(reason string) {
	if b.disabled && b.reason == reason {
		return
	}
	b.reason = reason
	b.Disable()
	b.redress()
}

// On lets it be tapped again.
func (b *Button) On() {
	if !b.disabled {
		return
	}
	b.reason = ""
	b.Enable()
	b.redress()
}
