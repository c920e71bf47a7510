package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"guitai/ui/kit"
)

// seen is a text on the screen and, where it stands in a control, that control and a place on it.
type seen struct {
	text string
	tap  fyne.CanvasObject
	at   fyne.Position
}

// walk lists what the screen says, in the order in which it is drawn.
func walk(o fyne.CanvasObject, at fyne.Position) []seen { return walkIn(o, at, nil, fyne.Position{}) }

func walkIn(o fyne.CanvasObject, at fyne.Position, tap fyne.CanvasObject, mid fyne.Position) []seen {
	if o == nil || !o.Visible() {
		return nil
	}
	at = at.Add(o.Position())
	if t, ok := o.(fyne.Tappable); ok {
		_ = t
		tap, mid = o, at.AddXY(o.Size().Width/2, o.Size().Height/2)
	}
	switch x := o.(type) {
	case *canvas.Text:
		return nil // their labels speak for them
	case *kit.Label:
		if x.Text() == "" {
			return nil
		}
		return []seen{{x.Text(), tap, mid}}
	case *kit.Field:
		var out []seen
		for _, c := range test.WidgetRenderer(x).Objects() {
			out = append(out, walkIn(c, at, tap, mid)...)
		}
		return append(out, seen{x.Shown(), tap, mid})
	case *kit.Money:
		return []seen{{x.Amount(), tap, mid}}
	case *kit.Lines:
		var out []seen
		for _, c := range test.WidgetRenderer(x).Objects() {
			if t, ok := c.(*canvas.Text); ok && t.Visible() && t.Text != "" {
				out = append(out, seen{t.Text, x, at.Add(t.Position()).AddXY(4, t.Size().Height/2)})
			} else if !ok {
				out = append(out, walkIn(c, at, nil, fyne.Position{})...)
			}
		}
		return out
	case *fyne.Container:
		var out []seen
		for _, c := range x.Objects {
			out = append(out, walkIn(c, at, tap, mid)...)
		}
		return out
	case fyne.Widget:
		var out []seen
		for _, c := range test.WidgetRenderer(x).Objects() {
			out = append(out, walkIn(c, at, tap, mid)...)
		}
		return out
	}
	return nil
}

// everything lists the visible objects of a tree.
func everything(o fyne.CanvasObject) []fyne.CanvasObject {
	if o == nil || !o.Visible() {
		return nil
	}
	out := []fyne.CanvasObject{o}
	var inner []fyne.CanvasObject
	switch x := o.(type) {
	case *fyne.Container:
		inner = x.Objects
	case fyne.Widget:
		inner = test.WidgetRenderer(x).Objects()
	}
	for _, c := range inner {
		out = append(out, everything(c)...)
	}
	return out
}

// textsOf is what a control says.
func textsOf(o fyne.CanvasObject) []string {
	var out []string
	for _, x := range walk(o, fyne.Position{}) {
		out = append(out, x.text)
	}
	return out
}
