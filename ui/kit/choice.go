package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Choice is a control that is on or off: a tab, a chip, an item of the rail.
type Choice struct {
	Tap
	icon    *Icon
	label   *Label
	on      bool
	kind    choiceKind
	trailer *Label
}

type choiceKind uint8

const (
	tabChoice choiceKind = iota
	chipChoice
	railChoice
	parkedChoice
)

func newChoice(kind choiceKind, icon, label string, on bool, onTap func()) *Choice {
	c := &Choice{kind: kind, on: on, icon: NewIcon(icon, 18, Ink), label: newLabel(label, 16, false, Ink)}
	c.icon.Hidden = icon == ""
	c.OnTap = onTap
	return c
}

// NewTab returns a tab of categories, 48 high.
func NewTab(label string, on bool, onTap func()) *Choice {
	c := newChoice(tabChoice, "", label, on, onTap)
	c.label.size, c.label.Align = 17, fyne.TextAlignCenter
	c.min = fyne.NewSize(48, 48)
	c.init(c, Style{Radius: RadiusField}, Inset(0, 16, 0, 16, c.label))
	c.dress()
	return c
}

// NewChip returns a chip, 48 high with round ends; icon may be empty.
func NewChip(icon, label string, on bool, onTap func()) *Choice {
	c := newChoice(chipChoice, icon, label, on, onTap)
	c.min = fyne.NewSize(56, 48)
	c.init(c, Style{Radius: 24}, Inset(0, 16, 0, 16, Centre(Row(8, c.icon, c.label))))
	c.dress()
	return c
}

// NewRailItem returns an entry of the office's rail, 48 high.
func NewRailItem(icon, label string, on bool, onTap func()) *Choice {
	c := newChoice(railChoice, icon, label, on, onTap)
	c.icon = NewIcon(icon, 22, Ink)
	c.label.size = 17
	c.min = fyne.NewSize(120, 48)
	c.init(c, Style{Radius: RadiusField}, Inset(0, 14, 0, 14, Row(12, c.icon, Grow(1, c.label))))
	c.dress()
	return c
}

// NewParkedTab returns the tab of a sale, 48 high: the current one with an edge, the others with a sign of a pause.
// trailer is the amount, or a word for the current.
func NewParkedTab(label, trailer string, on bool, onTap func()) *Choice {
	c := newChoice(parkedChoice, "pause", label, on, onTap)
	c.trailer = NewLabel(trailer, 15, Ink3)
	c.min = fyne.NewSize(64, 48)
	c.init(c, Style{Radius: RadiusField}, Inset(0, 14, 0, 14, Row(6, c.icon, c.label, Space(), c.trailer)))
	c.dress()
	return c
}

// On reports whether it is on.
func (c *Choice) On() bool { return c.on }

// SetOn turns it on or off.
func (c *Choice) SetOn(on bool) {
	if c.on != on {
		c.on = on
		c.dress()
		relayout(c.content.(*fyne.Container))
	}
}

// SetLabel changes what it says.
func (c *Choice) SetLabel(label string) {
	c.label.SetText(label)
	relayout(c.content.(*fyne.Container))
}

// SetTrailer changes the amount of a parked tab.
func (c *Choice) SetTrailer(s string) {
	if c.trailer != nil {
		c.trailer.SetText(s)
		relayout(c.content.(*fyne.Container))
	}
}

func (c *Choice) dress() {
	s := c.style
	ink := Ink2
	switch c.kind {
	case chipChoice:
		ink = Ink
		s.Fill, s.Edge, s.Stroke = Surface, Outline, 1
		if c.on {
			s.Fill, s.Edge, ink = Ink, Clear, Surface
		}
	case parkedChoice:
		ink = Ink
		s.Fill, s.Edge, s.Stroke = Sunken, Clear, 0
		c.icon.Hidden = c.on
		c.trailer.SetColour(Ink3)
		if c.on {
			s.Fill, s.Edge, s.Stroke = Surface, Accent, 2
			c.trailer.SetColour(Ink2)
		}
	default:
		s.Fill = Clear
		if c.on {
			s.Fill, ink = Ink, Surface
		}
	}
	c.icon.Set(c.icon.name, ink)
	c.label.bold = c.on
	if r := c.label; r != nil {
		r.colour = ink
		r.Refresh()
	}
	c.SetStyle(s)
}

// Segments is a row of chips of which one is on.
type Segments struct {
	widget.BaseWidget
	// Container holds the chips.
	Container *fyne.Container
	chips     []*Choice
	selected  int
	onPick    func(int)
}

// NewSegments returns chips of equal width; onPick gets the place of the one tapped, which is then on.
func NewSegments(labels []string, selected int, onPick func(int)) *Segments {
	s := &Segments{selected: selected, onPick: onPick}
	var cells []fyne.CanvasObject
	for i, l := range labels {
		chip := NewChip("", l, i == selected, func() { s.pick(i) })
		s.chips = append(s.chips, chip)
		cells = append(cells, Grow(1, chip))
	}
	s.Container = Row(8, cells...)
	s.ExtendBaseWidget(s)
	return s
}

// MinSize is that of the chips.
func (s *Segments) MinSize() fyne.Size { return s.Container.MinSize() }

// CreateRenderer draws the chips.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.Container) }

func (s *Segments) pick(i int) {
	s.Select(i)
	if s.onPick != nil {
		s.onPick(i)
	}
}

// Select turns one chip on, none for -1, without calling back.
func (s *Segments) Select(i int) {
	s.selected = i
	for n, c := range s.chips {
		c.SetOn(n == i)
	}
}

// Selected returns the place of the chip that is on, -1 for none.
func (s *Segments) Selected() int { return s.selected }

// Switch is a setting that is on or off, with its name, in a row of 48.
type Switch struct {
	Tap
	on    bool
	track *painted
	knob  *painted
	box   *fyne.Container
}

// NewSwitch returns a switch; onChange gets the new state. sub may be empty.
func NewSwitch(label, sub string, on bool, onChange func(bool)) *Switch {
	s := &Switch{on: on, track: panel(Outline, Clear, 0, 17), knob: panel(White, Clear, 0, 13)}
	s.box = container.New(&switchLayout{s}, s.track, s.knob)
	words := Col(0, NewLabel(label, 17, Ink))
	if sub != "" {
		words.Add(NewLabel(sub, 14, Ink3))
	}
	s.OnTap = func() {
		s.SetOn(!s.on)
		if onChange != nil {
			onChange(s.on)
		}
	}
	s.min = fyne.NewSize(120, 48)
	s.init(s, Style{Radius: RadiusField}, Row(12, Grow(1, Middle(words)), s.box))
	s.dress()
	return s
}

// On reports whether it is on.
func (s *Switch) On() bool { return s.on }

// SetOn moves it without calling back.
func (s *Switch) SetOn(on bool) {
	if s.on != on {
		s.on = on
		s.dress()
	}
}

func (s *Switch) dress() {
	s.track.SetFill(map[bool]Colour{true: Accent, false: Outline}[s.on])
	s.box.Layout.Layout(s.box.Objects, s.box.Size())
	s.knob.Refresh()
}

type switchLayout struct{ s *Switch }

func (*switchLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(60, 34) }
func (l *switchLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	y := round((size.Height - 34) / 2)
	o[0].Resize(fyne.NewSize(60, 34))
	o[0].Move(fyne.NewPos(0, y))
	x := float32(4)
	if l.s.on {
		x = 30
	}
	o[1].Resize(fyne.NewSize(26, 26))
	o[1].Move(fyne.NewPos(x, y+4))
}

// Check is a box to tick, with its words.
type Check struct {
	Tap
	on   bool
	box  *painted
	mark *Icon
}

// NewCheck returns a box to tick in a row of 48; onChange gets the new state.
func NewCheck(label string, on bool, onChange func(bool)) *Check {
	c := &Check{on: on, box: panel(Surface, Outline, 2, RadiusSmall), mark: NewIcon("check", 20, OnAccent)}
	c.OnTap = func() {
		c.SetOn(!c.on)
		if onChange != nil {
			onChange(c.on)
		}
	}
	c.min = fyne.NewSize(48, 48)
	c.init(c, Style{Radius: RadiusField}, Row(12, Sized(28, 28, container.NewStack(c.box, c.mark)), Grow(1, NewLabel(label, 16, Ink))))
	c.dress()
	return c
}

// On reports whether it is ticked.
func (c *Check) On() bool { return c.on }

// SetOn ticks it or not, without calling back.
func (c *Check) SetOn(on bool) {
	if c.on != on {
		c.on = on
		c.dress()
	}
}

func (c *Check) dress() {
	if c.on {
		c.box.SetLook(Accent, Clear, 0)
		c.mark.Set("check", OnAccent)
	} else {
		c.box.SetLook(Surface, Outline, 2)
		c.mark.Set("", OnAccent)
	}
	canvas.Refresh(c.mark)
}

// Status is an item of the status bar: a device or a service and how it is. Quiet when fine, tinted when not.
type Status struct {
	Tap
	icon  *Icon
	label *Label
	back  *painted
	box   *fyne.Container
}

// NewStatus returns an item, 44 high.
func NewStatus(k Kind, icon, text string, onTap func()) *Status {
	s := &Status{icon: NewIcon(icon, 18, Ink2), label: NewLabel(text, 14, Ink2), back: panel(Clear, Clear, 0, RadiusSmall)}
	s.OnTap = onTap
	s.box = Inset(0, 10, 0, 10, Row(7, s.icon, s.label))
	s.min = fyne.NewSize(44, 44)
	s.init(s, Style{Radius: RadiusSmall}, container.NewStack(Inset(6, 3, 6, 3, s.back), s.box))
	s.Set(k, icon, text)
	return s
}

// Set changes the item; text may be empty where room is short.
func (s *Status) Set(k Kind, icon, text string) {
	ground, ink := k.colours()
	if k == Plain || k == Good {
		ground, ink = Clear, Ink2
	}
	s.back.SetFill(ground)
	s.icon.Set(icon, ink)
	s.label.bold = k == Caution || k == Bad
	s.label.text, s.label.colour = text, ink
	s.label.Refresh()
	relayout(s.box)
}

// NewTopButton returns a control of the top bar, 44 high: an icon and words; both may be empty.
func NewTopButton(icon, text, key string, onTap func()) *Tap {
	i, l := NewIcon(icon, 20, Ink2), NewLabel(text, 16, Ink2)
	i.Hidden, l.Hidden = icon == "", text == ""
	t := NewTap(Style{Radius: RadiusField}, Inset(0, 12, 0, 12, Row(8, i, l, Middle(NewKeyCap(key, Ink2)))), onTap)
	t.SetMin(44, 44)
	return t
}

// NewPendingButton returns the control of the top bar for payments whose result is not known.
func NewPendingButton(text string, onTap func()) *Tap {
	t := NewTap(Style{Fill: WarnTint, Radius: RadiusField},
		Inset(0, 12, 0, 12, Row(8, NewIcon("badge-question-mark", 20, Warn), NewBold(text, 16, Warn))), onTap)
	t.SetMin(44, 44)
	return t
}
