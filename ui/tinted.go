package ui

import (
	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// tinted lays content on a ground.
func tinted(ground kit.Colour, content fyne.CanvasObject) *fyne.Container {
	return kit.Stack(kit.NewBox(ground), content)
}
