package ui

import (
	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// scrolls are the scrolls of a page by name. A page that is drawn anew goes on where each of them stood.
type scrolls map[string]*kit.Scroll

// around puts content into the scroll of a name.
func (s scrolls) around(name string, content fyne.CanvasObject) *kit.Scroll {
	now := kit.NewScroll(content)
	if was := s[name]; was != nil {
		now.ScrollTo(was.Offset())
	}
	s[name] = now
	return now
}
