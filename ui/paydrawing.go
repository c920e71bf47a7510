package ui

import "guitai/till"

// payDrawing draws a page that takes money: anew where what it stands on has changed, which moves its parts, and else
// only what depends on the amount that is typed.
type payDrawing struct {
	w     *Window
	build func() // ends in built
	show  func()

	drawn paying
	ready bool // it was built, for the size that there is
}

func (d *payDrawing) built() { d.drawn, d.ready = d.w.paying(), true }

// Show is part of page.
func (d *payDrawing) Show(till.View) {
	switch {
	case !d.ready:
	case d.drawn != d.w.paying():
		d.build()
	default:
		d.show()
	}
}

// Typed is part of typist.
func (d *payDrawing) Typed(string) {
	if d.ready {
		d.show()
	}
}
