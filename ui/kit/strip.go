package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Action is a button of a message.
type Action struct {
	Label string
	Icon  string
	Key   string
	Ghost bool // without an edge, for "hide"
	OnTap func()
}

// Message is what happened, what is safe, and what to do.
type Message struct {
	Kind    Kind
	Icon    string
	Title   string
	Body    string
	Actions []Action // at most two
	// Field stands before the actions, for a PIN or a price; may be nil.
	Field fyne.CanvasObject
}

// Strip is the place above the cart that says how the scanner is and what it read last, and grows into a message
// within the page. It never covers anything.
type Strip struct {
	widget.BaseWidget
	// OnResize is called when the height changed, so that the page is laid out again.
	OnResize func()

	box   *fyne.Container
	scan  *fyne.Container
	mark  *painted
	icon  *Icon
	title *Label
	sub   *Label
	shown *Message
}

// NewStrip returns a strip; trailing, such as a search button, stands at its right and may be nil.
func NewStrip(trailing fyne.CanvasObject) *Strip {
	s := &Strip{mark: panel(AccentTint, Clear, 0, 8), icon: NewIcon("scan-barcode", 22, Accent), title: NewBold("", 16, Ink), sub: NewLabel("", 14, Ink3)}
	row := []fyne.CanvasObject{Sized(36, 36, Stack(s.mark, s.icon)), Grow(1, Middle(Col(0, s.title, s.sub)))}
	if trailing != nil {
		row = append(row, Middle(trailing))
	}
	s.scan = Col(0, Fixed(55, Inset(0, 4, 0, 14, Row(12, row...))), Hairline())
	s.box = Stack(s.scan)
	s.ExtendBaseWidget(s)
	return s
}

// ShowScan says how the scanner is, in two lines.
func (s *Strip) ShowScan(k Kind, icon, title, sub string) {
	ground, ink := k.colours()
	s.mark.SetFill(ground)
	s.icon.Set(icon, ink)
	s.title.SetText(title)
	s.sub.SetText(sub)
	s.sub.Hidden = sub == ""
	if s.shown != nil {
		s.shown = nil
		s.put(s.scan)
	}
	relayout(s.scan)
}

// ShowMessage says m in place of the scanner's words until ShowScan is called.
func (s *Strip) ShowMessage(m Message) {
	s.shown = &m
	s.put(NewMessage(m))
}

// Shown returns the message that is shown, nil for none.
func (s *Strip) Shown() *Message { return s.shown }

func (s *Strip) put(o fyne.CanvasObject) {
	s.box.Objects = []fyne.CanvasObject{o}
	s.box.Layout.Layout(s.box.Objects, s.Size())
	s.Refresh()
	if s.OnResize != nil {
		s.OnResize()
	}
}

// MinSize is 56 high, or the message.
func (s *Strip) MinSize() fyne.Size { return fyne.NewSize(200, s.HeightFor(s.Size().Width)) }

// HeightFor returns the height at a width; Col asks for it.
func (s *Strip) HeightFor(width float32) float32 {
	if s.shown == nil {
		return 56
	}
	return HeightAt(s.box.Objects[0], width)
}

// CreateRenderer draws the strip.
func (s *Strip) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.box) }

// NewMessage returns a message within the page: tinted, with an icon, a title, a body and up to two actions.
func NewMessage(m Message) *fyne.Container {
	ground, ink := m.Kind.colours()
	col := []fyne.CanvasObject{Row(10, NewIcon(m.Icon, 24, ink), Grow(1, NewBold(m.Title, 18, ink)))}
	if m.Body != "" {
		col = append(col, Gap(4), Inset(0, 0, 0, 34, NewParagraph(m.Body, 15, Ink)))
	}
	if len(m.Actions) > 0 || m.Field != nil {
		var row []fyne.CanvasObject
		if m.Field != nil {
			row = append(row, Grow(1, m.Field))
		}
		for _, a := range m.Actions {
			kind := PlainButton
			if a.Ghost {
				kind = Ghost
			}
			row = append(row, Middle(NewButton(ButtonSpec{Kind: kind, Size: Small, Icon: a.Icon, Label: a.Label, Key: a.Key, OnTap: a.OnTap})))
		}
		if m.Field == nil {
			row = append(row, Space())
		}
		col = append(col, Gap(10), Inset(0, 0, 0, 34, Row(8, row...)))
	}
	// It stands at the top of a card, whose corners are round.
	back := panel(ground, Clear, 0, RadiusCard-1)
	back.top = true
	return Stack(back, Col(0, Inset(12, 14, 12, 14, Col(0, col...)), Hairline()))
}

// NewToast returns a dark bar that says what was done and offers to undo it. Whoever shows it takes it away.
func NewToast(icon, text, action, key string, onAction func()) *fyne.Container {
	row := []fyne.CanvasObject{NewIcon(icon, 22, OnTotal2), Grow(1, NewLabel(text, 16, OnTotal))}
	if action != "" {
		cap := NewKeyCap(key, OnTotal2)
		b := NewTap(Style{Radius: RadiusField, OnDark: true}, Inset(0, 14, 0, 14, Row(8, NewBold(action, 16, TotalOk), Middle(cap))), onAction)
		b.SetMin(64, 48)
		row = append(row, b)
	}
	return fixedHeight(56, NewPanel(Total, Clear, 0, RadiusField, Inset(4, 6, 4, 16, Row(12, row...))))
}

func fixedHeight(h float32, o fyne.CanvasObject) *fyne.Container { return Sized(0, h, o) }

// NewBanner returns the head of a state panel, at least 132 high: a large icon, a title of 32 and a line, on the ground
// of the state. With filled, for Good only, the ground is the accent colour itself. right may be nil.
func NewBanner(k Kind, filled bool, icon, title, sub string, right fyne.CanvasObject) *fyne.Container {
	ground, ink := k.colours()
	subInk := Ink
	if filled {
		ground, ink, subInk = Accent, OnAccent, OnAccent
	}
	back := panel(ground, Clear, 0, RadiusCard)
	back.top = true
	head := NewParagraph(title, 32, ink)
	head.bold, head.Lines, head.Height = true, 2, 1.25
	row := []fyne.CanvasObject{NewIcon(icon, 64, ink), Grow(1, Middle(Col(2, head, NewParagraph(sub, 18, subInk))))}
	if right != nil {
		row = append(row, Middle(right))
	}
	return Stack(back, AtLeast(132, Inset(16, 30, 16, 30, Row(20, row...))))
}

// Part is one of the three parts of a message about a payment.
type Part struct{ Icon, Label, Text string }

// NewParts returns rows of an icon, a label and a text of 20 pixels, divided by hairlines: what happened, is the money
// safe, what to do.
func NewParts(parts ...Part) *fyne.Container { return NewSmallParts(20, 132, parts...) }

// NewSmallParts is NewParts with texts of size pixels and room for labels of a width.
func NewSmallParts(size, width float32, parts ...Part) *fyne.Container {
	var rows []fyne.CanvasObject
	pad := size - 2
	if size < 20 {
		pad = 8
	}
	for i, p := range parts {
		if i > 0 {
			rows = append(rows, Hairline())
		}
		label := NewBold(p.Label, min(17, size-1), Ink3)
		label.Height = 1.6
		text := NewParagraph(p.Text, size, Ink)
		text.Height = 1.45
		rows = append(rows, Inset(pad, 0, pad, 0, Row(16, Col(0, Sized(28, 29, NewIcon(p.Icon, 28, Ink3))), Fixed(width, Col(0, label)), Grow(1, text))))
	}
	return Col(0, rows...)
}
