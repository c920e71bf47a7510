package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/ui/kit"
)

// Heights of the bars around a page.
const (
	topHeight      = 56
	practiceHeight = 30
	statusHeight   = 44
)

// frame is what stands around the page: top bar, practice band, message, status bar.
type frame struct {
	w      *Window
	object *fyne.Container
	ground *kit.Box

	top      *topBar
	practice *fyne.Container
	message  *messageBar
	hold     *fyne.Container // the page
	over     *fyne.Container // what lies over the page
	status   *statusBar
	page     page
}

func newFrame(w *Window) *frame {
	f := &frame{w: w, ground: kit.NewBox(kit.Bg), hold: container.NewStack(), over: container.NewStack()}
	f.object = container.New(f)
	return f
}

// build makes the bars anew in the window's language.
func (f *frame) build() {
	f.top = newTopBar(f.w)
	f.status = newStatusBar(f.w)
	f.message = newMessageBar(f.w)
	f.practice = kit.Stack(kit.NewBox(kit.WarnFill),
		kit.Centre(kit.Row(8, kit.Middle(kit.NewIcon("triangle-alert", 18, kit.OnWarnFill)),
			kit.Middle(kit.NewBold(f.w.Say("app.practice"), 16, kit.OnWarnFill)))))
	f.practice.Hidden = !f.w.view.Practice
	f.object.Objects = []fyne.CanvasObject{f.ground, f.top.object, f.practice, f.message.object, f.hold, f.status.object, f.over}
	f.show(f.w.view)
	f.object.Refresh()
}

// setPage puts a page up.
func (f *frame) setPage(p page) {
	f.page = p
	f.hold.Objects = nil
	if p != nil {
		f.hold.Objects = []fyne.CanvasObject{p.Object()}
	}
	f.over.Objects = nil
	f.hold.Refresh()
	f.relayout()
}

func (f *frame) isBare() bool {
	b, ok := f.page.(bare)
	return ok && b.Bare()
}

// show draws what the bars say of a view.
func (f *frame) show(v till.View) {
	if f.top == nil {
		return
	}
	f.top.show(v)
	f.status.follow()
	m, asked := f.w.message, v.Approval
	if n, ok := f.page.(noticer); ok && n.Notices() {
		m = nil
	}
	if m == nil {
		m = f.w.slipMessage()
	}
	if !f.asks() {
		asked = nil
	}
	before := f.message.shown()
	f.message.show(m, asked)
	if f.practice.Hidden == v.Practice || before || f.message.shown() {
		f.practice.Hidden = !v.Practice
		f.relayout()
	}
}

// asks reports whether a manager's PIN is asked above the page: the sale and the office ask within theirs.
func (f *frame) asks() bool { return selling[f.w.at] && f.w.at != PageSell }

func (f *frame) showStatus() { f.status.show() }

func (f *frame) tick() { f.top.tick() }

func (f *frame) relayout() { f.Layout(f.object.Objects, f.object.Size()) }

// MinSize is what the smallest window holds: 1024 by 768 less what a desktop keeps for itself.
func (f *frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(800, 600) }

// Layout places the bars and gives the page the rest.
func (f *frame) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	if f.top == nil {
		return
	}
	f.ground.Resize(s)
	f.top.resized(s.Width)
	f.status.resized(s.Width)
	y := float32(0)
	f.top.object.Hidden = f.isBare()
	if !f.top.object.Hidden {
		f.top.object.Resize(fyne.NewSize(s.Width, topHeight))
		f.top.object.Move(fyne.NewPos(0, 0))
		y = topHeight
	}
	if !f.practice.Hidden {
		f.practice.Resize(fyne.NewSize(s.Width, practiceHeight))
		f.practice.Move(fyne.NewPos(0, y))
		y += practiceHeight
	}
	if f.message.shown() {
		h := f.message.height(s.Width)
		f.message.object.Resize(fyne.NewSize(s.Width, h))
		f.message.object.Move(fyne.NewPos(0, y))
		y += h
	}
	f.hold.Resize(fyne.NewSize(s.Width, max(0, s.Height-statusHeight-y)))
	f.hold.Move(fyne.NewPos(0, y))
	f.status.object.Resize(fyne.NewSize(s.Width, statusHeight))
	f.status.object.Move(fyne.NewPos(0, s.Height-statusHeight))
	f.over.Resize(fyne.NewSize(s.Width, max(0, s.Height-topHeight)))
	f.over.Move(fyne.NewPos(0, topHeight))
}
