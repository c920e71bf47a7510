package ui

import (
	"context"
	"image"
	"image/color"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till/money"
	"guitai/ui/kit"
)

// pictureFolder is a disk with one folder of pictures.
type pictureFolder struct{}

func (pictureFolder) Places(context.Context) ([]Place, error) {
	return []Place{{Path: "/media/stick", Name: "/media/stick", Folder: true}}, nil
}

func (pictureFolder) List(_ context.Context, folder string, ends ...string) ([]Place, error) {
	return []Place{{Path: filepath.Join(folder, "milk.jpg"), Name: "milk.jpg", Bytes: 80 << 10}, {Path: filepath.Join(folder, "notes.png"), Name: "notes.png", Bytes: 90 << 10}}, nil
}

// carton is a picture of milk.
func carton(hue color.NRGBA) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 104, 104))
	for y := range 104 {
		for x := range 104 {
			switch {
			case x < 24 || x >= 80 || y < 8 || y >= 96:
			case y < 30:
				m.SetNRGBA(x, y, color.NRGBA{R: 240, G: 240, B: 240, A: 255})
			default:
				m.SetNRGBA(x, y, hue)
			}
		}
	}
	return m
}

// tileOf is the tile of an item on the screen.
func (c *counter) tileOf(name string) *kit.Tile {
	c.Helper()
	for _, x := range walk(c.win.Content(), fyne.NewPos(0, 0)) {
		if t, ok := x.tap.(*kit.Tile); ok && x.text == name {
			return t
		}
	}
	c.Fatalf("no tile says %q", name)
	return nil
}

func TestATileGetsAColourAndAPicture(t *testing.T) {
	picture := carton(color.NRGBA{R: 40, G: 110, B: 220, A: 255})
	c := inOffice(t, 1366, 768, PageItems, func(p *Ports) { p.Office.Folders = pictureFolder{} })
	c.goods.files["/media/stick/milk.jpg"] = picture
	c.scan(milk)
	c.tap("Tile")
	c.sees("Colour or picture of the tile")
	p := c.w.page().(*itemsPage)
	p.setColour("blue")
	id := p.state().edit.item.ID
	if got := c.goods.looks[id]; got.Colour != "blue" || got.Picture != nil {
		t.Fatalf("kept %+v", got)
	}
	c.tap("Choose picture")
	c.tap("/media/stick")
	c.tap("milk.jpg")
	if got := c.goods.looks[id]; got.Colour != "blue" || got.Picture != picture {
		t.Fatalf("kept %+v", got)
	}
	// A file that is no picture changes nothing and says so.
	c.tap("Choose picture")
	c.tap("/media/stick")
	c.tap("notes.png")
	c.sees("This file cannot be used: choose a PNG or JPEG of up to 20 MB.")
	if got := c.goods.looks[id]; got.Picture != picture {
		t.Fatalf("kept %+v", got)
	}
	// Esc leaves the folders and not the item.
	c.tap("Choose picture")
	c.press(fyne.KeyEscape)
	c.sees("Remove picture")
	// The tiles of the sale have it at once, counted on the picture.
	c.w.Home()
	if colour, got := c.w.page().(*sellPage).tiles.look(id); colour != "blue" || got != picture {
		t.Fatalf("the tile has %q, %v", colour, got)
	}
	c.tileOf("Milk 1L").OnTap()
	c.due(1590)
	c.w.Open(PageItems)
	c.scan(milk)
	c.tap("Tile")
	c.tap("Remove picture")
	if got := c.goods.looks[id]; got.Colour != "blue" || got.Picture != nil {
		t.Fatalf("kept %+v", got)
	}
}

// coloured is the morning's shop with colours and pictures on its tiles.
func coloured(c *counter) {
	fullShelf(c)
	for i, colour := range append([]string{""}, kit.TileColours...) {
		c.goods.looks[c.goods.items[i].ID] = TileLook{Colour: colour}
	}
	for code, look := range map[string]TileLook{
		"408": {"", carton(color.NRGBA{R: 230, G: 190, B: 40, A: 255})}, "409": {"green", carton(color.NRGBA{R: 6, G: 128, B: 63, A: 255})},
		"404": {"red", carton(color.NRGBA{R: 230, G: 220, B: 190, A: 255})}, "405": {"orange", carton(color.NRGBA{R: 120, G: 70, B: 30, A: 255})},
	} {
		c.goods.looks[c.good(code).ID] = look
	}
	c.w.Refresh()
	c.put("408", 2*money.One)
	c.put("402", money.One)
	c.put("405", 12*money.One)
}

func TestShotsTileLooks(t *testing.T) {
	shoot(t, "sell-tile-looks", coloured)
	edit := func(c *counter) {
		c.w.ports.Office.Folders = pictureFolder{}
		coloured(c)
		c.enter("1001", PageItems)
		c.w.page().(*itemsPage).open(c.good("409"))
		c.tap(c.w.Say("items.part.tile"))
	}
	shoot(t, "item-tile", edit)
	shoot(t, "item-tile-files", func(c *counter) {
		edit(c)
		c.w.page().(*itemsPage).choosePicture()
		c.tap("/media/stick")
	})
}
