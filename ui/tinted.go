package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/ui/kit"
)

// over lays its objects over one another like a stack, and is as high as the last of them is at its width, so that
// text which breaks into lines gets the room it needs.
type over struct{}

func (over) MinSize(o []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, x := range o {
		m = m.Max(x.MinSize())
	}
	return m
}

func (over) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, x := range o {
		x.Resize(s)
		x.Move(fyne.NewPos(0, 0))
	}
}

// HeightFor is asked by columns of the kit.
func (over) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	if len(o) == 0 {
		return 0
	}
	return heightAt(o[len(o)-1], width)
}

// heightAt is the height that an object wants at a width.
func heightAt(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case interface{ HeightFor(float32) float32 }:
		return o.HeightFor(width)
	case *fyne.Container:
		if l, ok := o.Layout.(interface {
			HeightFor([]fyne.CanvasObject, float32) float32
		}); ok {
			return l.HeightFor(o.Objects, width)
		}
	}
	return o.MinSize().Height
}

// tinted lays content on a ground.
func tinted(ground kit.Colour, content fyne.CanvasObject) *fyne.Container {
	return container.New(over{}, kit.NewBox(ground), content)
}
