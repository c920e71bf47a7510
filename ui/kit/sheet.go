package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Sheet is a panel at the right edge of the page that leaves the rest in use. It is no dialog: the scanner and the cart
// go on.
type Sheet struct {
	*fyne.Container
	onClose func()
	side    *sheetLayout
}

// NewSheet returns a closed sheet of width pixels. Put it last into a Stack over the page; onClose is called when it
// was closed by its own button or by Close.
func NewSheet(width float32, title string, content fyne.CanvasObject, onClose func()) *Sheet {
	s := &Sheet{onClose: onClose, side: &sheetLayout{width}}
	head := Fixed(64, Inset(0, 8, 0, 22, Row(8, Grow(1, NewBold(title, 20, Ink)), Middle(NewIconButton(Ghost, Small, "x", s.Close)))))
	body := NewPanel(Surface, Outline, 1, RadiusCard, Col(0, head, Hairline(), Grow(1, Pad(16, content))))
	s.Container = container.New(s.side, newGuard(), body)
	s.Hide()
	return s
}

// Open shows the sheet.
func (s *Sheet) Open() { s.Show() }

// Close hides it and says so. Call it for Esc too; it does nothing if the sheet is not open.
func (s *Sheet) Close() {
	if !s.Visible() {
		return
	}
	s.Hide()
	if s.onClose != nil {
		s.onClose()
	}
}

type sheetLayout struct{ width float32 }

func (l *sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(l.width, 100) }
func (l *sheetLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := min(l.width, s.Width)
	for _, c := range o {
		c.Resize(fyne.NewSize(w, s.Height))
		c.Move(fyne.NewPos(s.Width-w, 0))
	}
}

// newGuard catches taps beside the controls of a panel, so that they do not reach what it covers.
func newGuard() *Guard {
	g := &Guard{}
	g.ExtendBaseWidget(g)
	return g
}

// NewScrim returns a veil for the page behind the menu; a tap on it calls back.
func NewScrim(onTap func()) *Guard {
	g := &Guard{onTap: onTap}
	g.fill = Scrim
	g.ExtendBaseWidget(g)
	return g
}

// Guard is a ground that catches taps and is not reached by the Tab key.
type Guard struct {
	painted
	onTap func()
}

// Tapped calls back.
func (g *Guard) Tapped(*fyne.PointEvent) {
	if g.onTap != nil {
		g.onTap()
	}
}
