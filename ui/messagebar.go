package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// messageBar shows a message over pages that have no place of their own for one. It pushes the page down and covers
// nothing.
type messageBar struct {
	w      *Window
	object *fyne.Container
	now    *Message
	asked  *pinStrip
}

func newMessageBar(w *Window) *messageBar {
	b := &messageBar{w: w, object: kit.Stack()}
	b.object.Hide()
	return b
}

func (b *messageBar) shown() bool { return !b.object.Hidden }

func (b *messageBar) height(width float32) float32 { return kit.HeightAt(b.object, width) }

// show puts a message up, nil for none. While asked, a manager's PIN is asked in its place.
func (b *messageBar) show(m *Message, asked *till.Approval) {
	if asked == nil {
		b.asked = nil
	}
	if asked != nil {
		if b.asked == nil {
			b.asked = newPINStrip(b.w, asked, false)
			b.now, b.object.Hidden = nil, false
			b.object.Objects = []fyne.CanvasObject{b.asked.object}
			b.object.Refresh()
		}
		b.asked.show(asked)
		return
	}
	if m == b.now && b.object.Hidden == (m == nil) {
		return
	}
	b.now = m
	b.object.Objects = nil
	b.object.Hidden = m == nil
	if m != nil {
		b.object.Objects = []fyne.CanvasObject{b.w.messageView(m, b.w.win.Canvas().Size().Width)}
	}
	b.object.Refresh()
}

// pinStrip asks for the PIN of somebody who may do what the person at the till may not. The PIN is typed into the
// keypad's entry and shown as dots.
type pinStrip struct {
	w      *Window
	object fyne.CanvasObject
	sub    *kit.Label
	box    *kit.AmountBox
	ok     *kit.Button
}

// newPINStrip returns the strip for the top of a card, or for the whole width of the window.
func newPINStrip(w *Window, a *till.Approval, onCard bool) *pinStrip {
	s := &pinStrip{w: w, sub: kit.NewParagraph(w.Say("approval.body"), 15, kit.Ink), box: kit.NewAmountBox(w.Say("approval.pin"), "", 24, 56)}
	s.box.Activate(true)
	s.ok = kit.NewButton(kit.ButtonSpec{Label: w.Say("button.ok"), Key: "Enter", OnTap: w.approve})
	drop := kit.NewIconButton(kit.Ghost, kit.Normal, "x", func() { w.Key(KeyEvent{Action: ActBack}) })
	var ground fyne.CanvasObject = kit.NewBox(kit.WarnTint)
	if onCard {
		ground = kit.NewBand(kit.WarnTint)
	}
	s.object = kit.Col(0, kit.Stack(ground, kit.Inset(12, 14, 12, 14, kit.Col(8,
		kit.Row(10, kit.NewIcon("key-round", 24, kit.Warn), kit.Grow(1, kit.Middle(kit.NewBold(w.approvalTitle(a), 18, kit.Warn)))),
		kit.Inset(0, 0, 0, 34, s.sub), kit.Row(8, kit.Gap(26), kit.Grow(1, s.box), s.ok, drop)))), kit.Hairline())
	return s
}

func (s *pinStrip) show(a *till.Approval) {
	body := s.w.Say("approval.body")
	switch {
	case a.Checking:
		body = s.w.Say("approval.checking")
	case a.Wrong:
		body = s.w.Say("approval.wrong")
	}
	s.sub.SetText(body)
	s.box.Set(strings.Repeat("•", len(s.w.entry.text)))
	on(s.ok, !a.Checking)
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

// messageView draws a message in width pixels: icon and title, what is safe and what to do, and its actions, which
// stand below the words where there is no room beside them.
func (w *Window) messageView(m *Message, width float32) *fyne.Container {
	ground, ink := m.Tone.colours()
	text := kit.Col(2, kit.NewBold(m.Title, 17, ink))
	if m.Body != "" {
		body := kit.NewParagraph(m.Body, 15, kit.Ink)
		body.Lines = 3
		text.Add(body)
	}
	row := kit.Row(10, kit.Middle(kit.NewIcon(m.Icon, 24, ink)), kit.Grow(1, kit.Middle(text)))
	acts := kit.Row(10)
	for i, a := range m.Actions {
		kind := kit.PlainButton
		if i > 0 || a.Key == "Esc" {
			kind = kit.Ghost
		}
		acts.Add(kit.Middle(kit.NewButton(kit.ButtonSpec{Kind: kind, Size: kit.Small, Label: a.Label, Key: a.Key, OnTap: a.Do})))
	}
	if words := kit.TextWidth(m.Title, 17, true); width-acts.MinSize().Width-70 < min(words, 240) {
		acts.Objects = append([]fyne.CanvasObject{kit.Gap(24)}, acts.Objects...)
		return tinted(ground, kit.Inset(8, 8, 8, 14, kit.Col(6, row, acts)))
	}
	row.Objects = append(row.Objects, acts.Objects...)
	return tinted(ground, kit.Inset(8, 8, 8, 14, row))
}
