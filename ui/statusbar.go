package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// statusBar shows how the devices are. What is well is quiet; what is not has a tint, a shape and a word.
type statusBar struct {
	w      *Window
	object *fyne.Container
	items  *fyne.Container
	narrow bool
	frozen bool
}

func newStatusBar(w *Window) *statusBar {
	b := &statusBar{w: w, items: kit.Row(0)}
	keys := kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusSmall}, kit.Inset(0, 10, 0, 10, kit.Row(7,
		kit.NewIcon("keyboard", 18, kit.Ink2), kit.Middle(kit.NewLabel(w.Say("app.keys"), 14, kit.Ink2)), kit.Middle(kit.NewKeyCap("F1", kit.Ink2)))),
		func() { w.Key(KeyEvent{Action: ActHelp}) })
	b.object = kit.Stack(kit.NewBox(kit.Surface), kit.Col(0, kit.Hairline(), kit.Grow(1, kit.Row(0,
		kit.Gap(8), kit.Grow(1, b.items), keys, kit.Gap(8)))))
	b.show()
	return b
}

// connected reports whether the till has a device of a kind, well or not.
func (w *Window) connected(kind string) bool {
	return slices.ContainsFunc(w.status, func(s DeviceStatus) bool { return s.Kind == kind && s.Health != Absent })
}

var statusIcons = map[string]string{
	"printer": "printer", "scanner": "scan-barcode", "display": "monitor", "drawer": "archive", "scale": "scale", "pole": "monitor",
	"terminal": "credit-card", "backup": "save", "network": "wifi", "sync": "cloud-check", "clock": "clock",
}

func (b *statusBar) show() {
	b.items.Objects = nil
	for _, s := range b.w.status {
		if s.Health != Absent {
			b.items.Objects = append(b.items.Objects, b.item(s))
		}
	}
	if b.frozen = b.w.frozen() != nil; b.frozen {
		t := kit.NewTap(kit.Style{Fill: kit.DangerTint, Radius: kit.RadiusSmall}, kit.Inset(0, 10, 0, 10, kit.Row(7, kit.NewIcon("octagon-pause", 18, kit.Danger),
			kit.Middle(kit.NewBold(b.w.Say("status.wallets_frozen"), 14, kit.Danger)))), func() { b.w.Open(PageFreeze) })
		t.SetMin(44, 34)
		b.items.Objects = append(b.items.Objects, kit.Inset(0, 3, 0, 3, kit.Middle(t)))
	}
	if t := b.w.troubleStatus(); t != nil {
		b.items.Objects = append(b.items.Objects, t)
	}
	b.items.Refresh()
}

// follow shows whether wallets are stopped, where that changed.
func (b *statusBar) follow() {
	if b.frozen != (b.w.frozen() != nil) {
		b.show()
	}
}

// resized leaves the words of devices that are well out where the window is narrow.
func (b *statusBar) resized(width float32) {
	if narrow := width < narrowBelow; narrow != b.narrow {
		b.narrow = narrow
		b.show()
	}
}

func (b *statusBar) item(s DeviceStatus) fyne.CanvasObject {
	words := b.w.Say("status." + s.Kind)
	if s.Health != Fine || !b.narrow || s.Detail != "" {
		words += " " + b.w.Say("status."+s.State, "detail", s.Detail)
	}
	icon := statusIcons[s.Kind]
	if icon == "" {
		icon = "plug"
	}
	open := func() { b.w.Open(PageDevices) }
	if s.Kind == "sync" && b.w.canOpen(PageAccounts) {
		open = func() { b.w.Open(PageAccounts) }
	}
	if s.Health == Fine {
		return kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusSmall},
			kit.Inset(0, 10, 0, 10, kit.Row(7, kit.NewIcon(icon, 18, kit.Ink2), kit.Middle(kit.NewLabel(words, 14, kit.Ink2)))), open)
	}
	ground, ink := kit.WarnTint, kit.Warn
	icon = "triangle-alert"
	if s.Health == Fault {
		ground, ink, icon = kit.DangerTint, kit.Danger, "octagon-alert"
	}
	t := kit.NewTap(kit.Style{Fill: ground, Radius: kit.RadiusSmall},
		kit.Inset(0, 10, 0, 10, kit.Row(7, kit.NewIcon(icon, 18, ink), kit.Middle(kit.NewBold(words, 14, ink)))), open)
	t.SetMin(44, 34)
	return kit.Inset(0, 3, 0, 3, kit.Middle(t))
}
