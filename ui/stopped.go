package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// stoppedPage says that selling has stopped because nothing can be saved. What was sold before is safe.
type stoppedPage struct {
	w      *Window
	object *fyne.Container
	code   till.ErrorCode
}

func newStopped(w *Window) page {
	return &stoppedPage{w: w, object: kit.Stack()}
}

// Object is part of page.
func (p *stoppedPage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *stoppedPage) Title() string { return p.w.Say("stopped.title") }

// Notices is part of noticer.
func (p *stoppedPage) Notices() bool { return true }

// Show is part of page.
func (p *stoppedPage) Show(v till.View) {
	if v.Stopped == p.code {
		return
	}
	w := p.w
	p.code = v.Stopped
	kind, icon, title, happened := kit.Bad, "octagon-alert", w.Say("stopped.title"), w.Say("stopped.happened_body")
	if v.Stopped == till.SaveUnknown {
		kind, icon, title, happened = kit.Caution, "badge-question-mark", w.Say("stopped.unknown_title"), w.Say("stopped.unknown_body")
	}
	parts := kit.NewParts(
		kit.Part{Icon: "circle-alert", Label: w.Say("stopped.happened"), Text: happened},
		kit.Part{Icon: "shield-check", Label: w.Say("stopped.safe"), Text: w.Say("stopped.safe_body")},
		kit.Part{Icon: "list-checks", Label: w.Say("stopped.todo"), Text: w.Say("stopped.todo_body")})
	retry := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Icon: "refresh-cw", Label: w.Say("stopped.retry"), Key: "Enter", OnTap: p.retry})
	total := w.payTotal(v, 56)
	total.Foot = nil
	card := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Col(0, kit.NewBanner(kind, false, icon, title, w.Say("refused."+string(v.Stopped)+".body"), nil),
		kit.Grow(1, kit.Inset(10, 30, 10, 30, kit.Middle(parts)))))
	p.object.Objects = []fyne.CanvasObject{kit.Pad(12, kit.Col(10, kit.Grow(1, card), kit.Fixed(72, retry)))}
	p.object.Refresh()
}

// retry lets the register look at the disk again. Leaving the result of the last sale is an act that changes nothing.
func (p *stoppedPage) retry() { p.w.Do(till.NextSale{}) }

// Key is part of page.
func (p *stoppedPage) Key(e KeyEvent) bool {
	switch e.Action {
	case ActEnter:
		p.retry()
	case ActLanguage:
		return false
	}
	return true
}

// Scan is part of page: nothing is sold.
func (p *stoppedPage) Scan(string) bool {
	p.w.play("notfound")
	return true
}
