package ui

import (
	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// messageBar shows a message over pages that have no place of their own for one. It pushes the page down and covers
// nothing.
type messageBar struct {
	w      *Window
	object *fyne.Container
	now    *Message
}

func newMessageBar(w *Window) *messageBar {
	b := &messageBar{w: w, object: kit.Stack()}
	b.object.Hide()
	return b
}

func (b *messageBar) shown() bool { return b.now != nil }

func (b *messageBar) height(width float32) float32 {
	return b.object.MinSize().Height
}

func (b *messageBar) show(m *Message) {
	if m == b.now {
		return
	}
	b.now = m
	b.object.Objects = nil
	b.object.Hidden = m == nil
	if m != nil {
		b.object.Objects = []fyne.CanvasObject{b.w.messageView(m)}
	}
	b.object.Refresh()
}

// tints of a message: its ground and its colour.
func (t Tone) colours() (ground, ink kit.Colour) {
	switch t {
	case ToneWarn:
		return kit.WarnTint, kit.Warn
	case ToneDanger:
		return kit.DangerTint, kit.Danger
	}
	return kit.AccentTint, kit.Accent
}

// messageView draws a message: icon and title, then what is safe and what to do.
func (w *Window) messageView(m *Message) *fyne.Container {
	ground, ink := m.Tone.colours()
	text := kit.Col(2, kit.NewBold(m.Title, 17, ink))
	if m.Body != "" {
		text.Add(kit.NewLabel(m.Body, 15, kit.Ink))
	}
	row := kit.Row(10, kit.Middle(kit.NewIcon(m.Icon, 24, ink)), kit.Grow(1, kit.Middle(text)))
	return kit.Stack(kit.NewBox(ground), kit.Inset(10, 14, 10, 14, row))
}
