package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// startState is how this PC starts the till, as far as it was asked.
type startState struct {
	asked bool
	on    bool
	able  bool // the system has a place for it
	busy  string
	out   outcome
}

// startRows are the switches of the settings for how this PC runs the till, and the ways to its hand-over.
func (p *settingsPage) startRows() []fyne.CanvasObject {
	w, in, s := p.w, p.w.ports.Office.Install, &p.w.office.start
	if in == nil {
		return nil
	}
	if !s.asked {
		s.asked = true
		var on bool
		var err error
		w.Ask(func(ctx context.Context) { on, err = in.Autostart(ctx) }, func() {
			if s.on, s.able = on, err == nil; s.able {
				w.refreshPage()
			}
		})
	}
	rows := []fyne.CanvasObject{kit.Hairline(), kit.NewSwitch(w.Say("settings.full_screen"), w.Say("settings.full_screen_sub"), in.FullScreen(), func(on bool) { in.SetFullScreen(on) })}
	if s.able {
		rows = append(rows, kit.Hairline(), kit.NewSwitch(w.Say("settings.autostart"), w.Say("settings.autostart_sub"), s.on, p.autostart), outcomeNote(w, s.out))
	}
	for _, x := range []struct {
		page PageName
		icon string
	}{{PageGoLive, "list-checks"}, {PageTestCard, "scan-qr-code"}, {PageReplacePC, "monitor-check"}} {
		if !w.canOpen(x.page) {
			continue
		}
		rows = append(rows, kit.Hairline(), kit.Row(14, kit.Grow(1, kit.Middle(kit.Col(0, kit.NewLabel(w.Say("page."+string(x.page)), 17, kit.Ink), kit.NewLabel(w.Say("settings."+string(x.page)+"_sub"), 15, kit.Ink3)))),
			kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: x.icon, Label: w.Say("settings.open"), OnTap: func() { w.Open(x.page) }})))
	}
	return rows
}

// autostart switches whether the till starts by itself.
func (p *settingsPage) autostart(on bool) {
	w, in, s := p.w, p.w.ports.Office.Install, &p.w.office.start
	var err error
	w.act(&s.busy, "golive.writing", func(ctx context.Context) { err = in.SetAutostart(ctx, on) }, func() {
		if s.out = (outcome{}); err != nil {
			s.out = outcome{title: "settings.autostart_failed", body: err.Error(), bad: true}
			return
		}
		s.on = on
	})
}
