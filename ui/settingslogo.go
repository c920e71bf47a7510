package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// logoState is what the receipt sheet knows of the logo.
type logoState struct {
	asked bool
	has   bool
	pick  *filePick // open to choose a picture; nil while it is shut
}

// readLogo asks once whether there is a logo.
func (p *settingsPage) readLogo() {
	s, slips := p.state(), p.w.ports.Office.Slips
	if s.logo.asked || slips == nil {
		return
	}
	s.logo.asked = true
	var has bool
	p.w.Ask(func(ctx context.Context) { has, _ = slips.HasLogo(ctx) }, func() {
		if s.logo.has != has {
			s.logo.has = has
			p.redraw()
		}
	})
}

// logoRow turns the logo on and off, and chooses its picture. The picture is kept at once, whether it prints is saved
// with the rest.
func (p *settingsPage) logoRow() fyne.CanvasObject {
	w, s := p.w, p.state()
	if w.ports.Office.Slips == nil {
		return hidden()
	}
	p.readLogo()
	var on fyne.CanvasObject = kit.Middle(kit.Col(0, kit.NewLabel(w.settingName("paper.logo"), 17, kit.Ink), kit.NewLabel(w.Say("settings.logo_none"), 15, kit.Ink3)))
	if s.logo.has {
		on = p.flag("paper.logo")
	}
	row := kit.Row(10, kit.Grow(1, on))
	may := w.may(till.MaySetUp)
	if w.ports.Office.Folders != nil {
		choose := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "image", Label: w.Say("settings.logo_choose"), OnTap: p.chooseLogo})
		if !may {
			choose.Off(w.Say("settings.logo_owner"))
		}
		row.Add(kit.Middle(choose))
	}
	if s.logo.has && may {
		row.Add(kit.Middle(kit.NewIconButton(kit.Ghost, kit.Small, "trash-2", func() { p.setLogo("") })))
	}
	return row
}

func (p *settingsPage) chooseLogo() {
	p.state().logo.pick = &filePick{}
	p.pickIn(p.state().logo.pick, "", p.setLogo, pictureEnds...)
}

// setLogo keeps a picture as the logo, or with "" forgets it. A new one is there to be printed.
func (p *settingsPage) setLogo(file string) {
	s, slips := p.state(), p.w.ports.Office.Slips
	s.logo.pick = nil
	var err error
	p.ask(p.w.Say("items.saving"), func(ctx context.Context) { err = slips.SetLogo(ctx, file) }, func() {
		s.out = outcome{}
		if err != nil {
			s.out = outcome{title: "refused.bad_picture.title", body: "refused.bad_picture.body", bad: true}
			if till.CodeOf(err) != till.BadPicture {
				s.out = outcome{title: "office.failed", bad: true}
			}
			p.w.play("failed")
			return
		}
		s.logo.has = file != ""
		p.set("paper.logo", map[bool]string{true: "true", false: "false"}[s.logo.has])
		p.preview.again()
	})
}

// logoFiles stands in place of the sheet while a picture is chosen.
func (p *settingsPage) logoFiles() fyne.CanvasObject {
	back := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: p.w.Say("button.cancel"), Key: p.wide("Esc"), OnTap: func() { p.Key(KeyEvent{Action: ActBack}) }})
	return kit.NewCard(14, kit.Col(8, kit.Grow(1, p.pickView(p.state().logo.pick, p.setLogo, pictureEnds...)), back))
}
