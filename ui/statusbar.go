package ui

import (
	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// statusBar shows how the devices are. What is well is quiet; what is not has a tint, a shape and a word.
type statusBar struct {
	w      *Window
	object *fyne.Container
	items  *fyne.Container
}

func newStatusBar(w *Window) *statusBar {
	b := &statusBar{w: w, items: kit.Row(0)}
	b.object = kit.Stack(kit.NewBox(kit.Surface), kit.Col(0, kit.Hairline(), kit.Grow(1, kit.Row(0,
		kit.Gap(8), kit.Grow(1, b.items), kit.Gap(8)))))
	b.show()
	return b
}

var statusIcons = map[string]string{
	"printer": "printer", "scanner": "scan-barcode", "display": "monitor", "drawer": "archive", "scale": "scale",
	"terminal": "credit-card", "backup": "save", "network": "wifi", "sync": "cloud-check",
}

func (b *statusBar) show() {
	b.items.Objects = nil
	for _, s := range b.w.status {
		if s.Health == Absent {
			continue
		}
		b.items.Objects = append(b.items.Objects, b.item(s))
	}
	b.items.Refresh()
}

func (b *statusBar) item(s DeviceStatus) fyne.CanvasObject {
	words := b.w.Say("status."+s.Kind) + " " + b.w.Say("status."+s.State, "detail", s.Detail)
	icon, colour := statusIcons[s.Kind], kit.Ink2
	if icon == "" {
		icon = "plug"
	}
	switch s.Health {
	case Attention:
		icon, colour = "triangle-alert", kit.Warn
	case Fault:
		icon, colour = "octagon-alert", kit.Danger
	}
	label := kit.NewLabel(words, 14, colour)
	if s.Health == Attention || s.Health == Fault {
		label = kit.NewBold(words, 14, colour)
	}
	return kit.Inset(0, 10, 0, 10, kit.Row(7, kit.NewIcon(icon, 18, colour), kit.Middle(label)))
}
