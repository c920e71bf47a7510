package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Label is text in one size, weight and colour of the palette. One line is cut by an ellipsis where the room ends; a
// Paragraph breaks into lines.
type Label struct {
	widget.BaseWidget
	// Align is where the text stands in its room. Set it before the first show.
	Align fyne.TextAlign
	// Lines is how many lines there may be; 0 for any number. Set it before the first show.
	Lines int
	// Height of a line over the size of the text, 1.35 if zero. Set it before the first show.
	Height float32

	text   string
	size   float32
	bold   bool
	colour Colour
	shown  int // lines at the last layout
}

// NewLabel returns one line of text in size pixels.
func NewLabel(text string, size float32, c Colour) *Label { return newLabel(text, size, false, c) }

// NewBold returns one line of bold text in size pixels.
func NewBold(text string, size float32, c Colour) *Label { return newLabel(text, size, true, c) }

// NewParagraph returns text that breaks into lines at the width it is given.
func NewParagraph(text string, size float32, c Colour) *Label {
	l := newLabel(text, size, false, c)
	l.Lines = 0
	return l
}

func newLabel(text string, size float32, bold bool, c Colour) *Label {
	l := &Label{text: text, size: size, bold: bold, colour: c, Lines: 1}
	l.ExtendBaseWidget(l)
	return l
}

// Trailing puts the text at the end of its room, for columns of numbers, and returns the label.
func (l *Label) Trailing() *Label {
	l.Align = fyne.TextAlignTrailing
	return l
}

// Centred puts the text in the middle of its room and returns the label.
func (l *Label) Centred() *Label {
	l.Align = fyne.TextAlignCenter
	return l
}

// Text returns what the label says.
func (l *Label) Text() string { return l.text }

// SetText changes what the label says.
func (l *Label) SetText(s string) { l.Set(s, l.colour) }

// SetColour changes the colour.
func (l *Label) SetColour(c Colour) { l.Set(l.text, c) }

// Set changes both.
func (l *Label) Set(s string, c Colour) {
	if l.text == s && l.colour == c {
		return
	}
	l.text, l.colour = s, c
	l.Refresh()
}

func (l *Label) line() float32 {
	if l.Height > 0 {
		return round(l.size * l.Height)
	}
	return round(l.size * lineHeight)
}

// MinSize is the text on one line, or its lines at the width it has now.
func (l *Label) MinSize() fyne.Size {
	if l.Lines == 1 {
		return fyne.NewSize(ceil(TextWidth(l.text, l.size, l.bold)), l.line())
	}
	return fyne.NewSize(0, l.line()*float32(max(l.shown, 1)))
}

// HeightFor returns the height at a width; Col asks for it.
func (l *Label) HeightFor(width float32) float32 {
	if l.Lines == 1 || l.text == "" {
		return l.line()
	}
	return l.line() * float32(len(Wrap(l.text, l.size, l.bold, width, l.Lines)))
}

// CreateRenderer draws the text.
func (l *Label) CreateRenderer() fyne.WidgetRenderer { return &labelRenderer{label: l} }

type labelRenderer struct {
	label *Label
	lines []fyne.CanvasObject
}

func (r *labelRenderer) Layout(s fyne.Size) {
	l := r.label
	var parts []string
	if l.Lines == 1 {
		parts = []string{Fit(l.text, l.size, l.bold, s.Width)}
	} else {
		parts = Wrap(l.text, l.size, l.bold, s.Width, l.Lines)
	}
	if s.Width > 0 {
		l.shown = len(parts)
	}
	for len(r.lines) < len(parts) {
		r.lines = append(r.lines, newText(l.size, l.bold, l.colour))
	}
	r.lines = r.lines[:len(parts)]
	h := l.line()
	y := max(0, (s.Height-h*float32(len(parts)))/2)
	if l.Lines != 1 {
		y = 0
	}
	for i, part := range parts {
		t := r.lines[i].(*canvas.Text)
		if t.TextStyle.Bold != l.bold || t.TextSize != l.size || t.Alignment != l.Align {
			t.TextStyle.Bold, t.TextSize, t.Alignment = l.bold, l.size, l.Align
			t.Refresh()
		}
		setText(t, part, palette.Of(l.colour))
		place(t, 0, y, s.Width, h)
		y += h
	}
}

func (r *labelRenderer) MinSize() fyne.Size           { return r.label.MinSize() }
func (r *labelRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *labelRenderer) Destroy()                     {}
func (r *labelRenderer) Refresh()                     { r.Layout(r.label.Size()) }
