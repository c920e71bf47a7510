package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// pictureEnds are the endings of files that may be pictures.
var pictureEnds = []string{".png", ".jpg", ".jpeg"}

// readLook asks how the tile of the item that is edited looks.
func (p *itemsPage) readLook() {
	d, c := p.state().edit, p.w.ports.Catalog
	if d.item.ID.IsZero() {
		return
	}
	id := d.item.ID
	var looks map[till.ID]TileLook
	p.w.Ask(func(ctx context.Context) { looks, _ = c.Looks(ctx, []till.ID{id}) }, func() {
		if p.state().edit != d {
			return
		}
		if d.look != looks[id] {
			d.look = looks[id]
			p.redraw()
		}
	})
}

// lookForm offers a colour and a picture for the tile, which it shows. Both are kept at once.
func (p *itemsPage) lookForm() fyne.CanvasObject {
	w, d := p.w, p.state().edit
	colours := kit.Grid(4, 8, 48, kit.NewSwatch("", d.look.Colour == "", func() { p.setColour("") }))
	for _, c := range kit.TileColours {
		colours.Add(kit.NewSwatch(c, d.look.Colour == c, func() { p.setColour(c) }))
	}
	tile := kit.NewTile(w.ItemName(d.item.Name, d.item.NameEN), w.tilePrice(d.item), "", nil)
	tile.SetLook(d.look.Colour, d.look.Picture)
	acts := kit.Col(8)
	if w.ports.Office.Folders != nil {
		acts.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "image", Label: w.Say("items.picture"), OnTap: p.choosePicture}))
	}
	if d.look.Picture != nil {
		acts.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Icon: "x", Label: w.Say("items.no_picture"), OnTap: func() { p.setPicture("") }}))
	}
	return kit.Col(10, kit.NewBold(w.ItemName(d.item.Name, d.item.NameEN), 20, kit.Ink),
		kit.NewSwitch(w.Say("items.favourite"), w.Say("items.favourite_sub"), slices.Contains(p.state().favourites, d.item.ID), func(bool) { p.favourite() }),
		kit.Hairline(), kit.NewBold(w.Say("items.tile"), 15, kit.Ink2), colours,
		kit.Row(10, kit.Fixed(146, kit.Col(0, kit.Fixed(92, tile), kit.Space())), kit.Grow(1, acts)))
}

func (p *itemsPage) setColour(colour string) {
	id, c := p.state().edit.item.ID, p.w.ports.Catalog
	p.setLook(func(ctx context.Context) error { return c.SetColour(ctx, id, colour) })
}

func (p *itemsPage) setPicture(file string) {
	id, c := p.state().edit.item.ID, p.w.ports.Catalog
	p.setLook(func(ctx context.Context) error { return c.SetPicture(ctx, id, file) })
}

// setLook changes how the tile looks, and shows it as it is kept.
func (p *itemsPage) setLook(change func(context.Context) error) {
	s := p.state()
	var err error
	p.ask(p.w.Say("items.saving"), func(ctx context.Context) { err = change(ctx) }, func() {
		s.note, s.bad = "", false
		if err != nil {
			s.note, s.bad = p.w.refusalWords(err), true
			p.w.play("failed")
		}
		if s.edit != nil {
			p.readLook()
		}
	})
}

// choosePicture opens the folders to choose a picture from.
func (p *itemsPage) choosePicture() {
	p.state().pick = &filePick{}
	p.pickIn(p.state().pick, "", p.pictureChosen, pictureEnds...)
}

func (p *itemsPage) pictureChosen(file string) {
	p.state().pick = nil
	p.setPicture(file)
}

// pictureFiles stands in place of the list while a picture is chosen.
func (p *itemsPage) pictureFiles() fyne.CanvasObject {
	back := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: p.w.Say("button.cancel"), Key: p.wide("Esc"), OnTap: func() { p.Key(KeyEvent{Action: ActBack}) }})
	return kit.NewCard(14, kit.Col(8, kit.Grow(1, p.pickView(p.state().pick, p.pictureChosen, pictureEnds...)), back))
}
