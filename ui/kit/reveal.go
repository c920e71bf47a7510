package kit

import "fyne.io/fyne/v2"

// revealMargin is what is seen above and below a control that was brought into view, in pixels.
const revealMargin = 12

// ScrollTo shows what lies y pixels below the beginning, as far as there is that much. It may be called before the
// scroll has a size, to go on where another one stood.
func (s *Scroll) ScrollTo(y float32) { s.scrollTo(y) }

// base is the control itself, whatever is built around it.
func (t *Tap) base() *Tap { return t }

// reveal turns the scrolls around a control so that it is seen: the Tab key goes to what lies below the edge too.
func reveal(is func(fyne.CanvasObject) bool) {
	app := fyne.CurrentApp()
	if app == nil {
		return
	}
	for _, w := range app.Driver().AllWindows() {
		if c := w.Canvas(); c != nil && c.Content() != nil {
			if _, _, found := revealIn(c.Content(), is); found {
				return
			}
		}
	}
}

// revealIn looks for a control in a tree of containers and says where it begins in it and how high it is.
func revealIn(o fyne.CanvasObject, is func(fyne.CanvasObject) bool) (top, height float32, found bool) {
	if o == nil || !o.Visible() {
		return 0, 0, false
	}
	if is(o) {
		return 0, o.Size().Height, true
	}
	switch x := o.(type) {
	case *Scroll:
		if top, height, found = revealIn(x.content, is); found {
			x.show(top-revealMargin, top+height+revealMargin)
			return top - x.offset, height, true
		}
	case *fyne.Container:
		for _, c := range x.Objects {
			if top, height, found = revealIn(c, is); found {
				return top + c.Position().Y, height, true
			}
		}
	}
	return 0, 0, false
}
