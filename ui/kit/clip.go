package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// clip cuts what stands out of it.
type clip struct {
	widget.BaseWidget
	objects []fyne.CanvasObject
}

func (c *clip) MinSize() fyne.Size                  { return fyne.Size{} }
func (c *clip) CreateRenderer() fyne.WidgetRenderer { return &clipRenderer{c} }

type clipRenderer struct{ c *clip }

// IsClip tells the toolkit to cut.
func (*clipRenderer) IsClip()                        {}
func (*clipRenderer) Layout(fyne.Size)               {}
func (*clipRenderer) MinSize() fyne.Size             { return fyne.Size{} }
func (r *clipRenderer) Objects() []fyne.CanvasObject { return r.c.objects }
func (*clipRenderer) Destroy()                       {}
func (r *clipRenderer) Refresh() {
	for _, o := range r.c.objects {
		o.Refresh()
	}
}
