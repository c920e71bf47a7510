package main

import (
	"bytes"
	"context"
	"image/png"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui"
)

// goods answers the sell screen and the item list from the ledger at work.
type goods struct{ p *program }

func (g goods) Search(ctx context.Context, text string) ([]till.Item, error) {
	return g.p.book().Search(ctx, text)
}

func (g goods) Tiles(ctx context.Context, category string, limit int) ([]till.Item, error) {
	return g.p.book().Tiles(ctx, category, limit)
}

func (g goods) Categories(ctx context.Context) ([]string, error) { return g.p.book().Categories(ctx) }

func (g goods) SaveItem(ctx context.Context, it till.Item, by string) (till.Item, error) {
	return g.p.book().SaveItem(ctx, it, by)
}

func (g goods) Items(ctx context.Context, after, limit int) ([]till.Item, error) {
	return g.p.book().Items(ctx, after, limit)
}

func (g goods) CountItems(ctx context.Context) (int, error) { return g.p.book().CountItems(ctx) }

func (g goods) RemoveItem(ctx context.Context, id till.ID) error {
	return g.p.book().RemoveItem(ctx, id)
}

func (g goods) SetFavourite(ctx context.Context, id till.ID, place int) error {
	return g.p.book().SetFavourite(ctx, id, place)
}

func (g goods) LaterPrices(ctx context.Context, id till.ID) ([]ui.LaterPrice, error) {
	list, err := g.p.book().LaterPrices(ctx, id)
	var out []ui.LaterPrice
	for _, p := range list {
		out = append(out, ui.LaterPrice(p))
	}
	return out, err
}

func (g goods) SetLaterPrice(ctx context.Context, id till.ID, price money.UnitPrice, from time.Time, by string) error {
	return g.p.book().SetPrice(ctx, id, price, from, by)
}

func (g goods) DropLaterPrice(ctx context.Context, id till.ID, from time.Time) error {
	return g.p.book().DropPrice(ctx, id, from)
}

// tilePixels bounds the picture of a tile each way: the 52 pixels that it has,
// and twice that and more on a scaled screen.
const tilePixels = 160

// Looks reads the pictures of tiles; one that cannot be drawn is left out.
func (g goods) Looks(ctx context.Context, ids []till.ID) (map[till.ID]ui.TileLook, error) {
	kept, err := g.p.book().Looks(ctx, ids)
	out := make(map[till.ID]ui.TileLook, len(kept))
	for id, k := range kept {
		look := ui.TileLook{Colour: k.Colour}
		if m, err := png.Decode(bytes.NewReader(k.Picture)); err == nil {
			look.Picture = m
		}
		out[id] = look
	}
	return out, err
}

func (g goods) SetColour(ctx context.Context, id till.ID, colour string) error {
	return g.setLook(ctx, id, func(l *till.Look) { l.Colour = colour })
}

func (g goods) SetPicture(ctx context.Context, id till.ID, file string) error {
	var raw []byte
	if file != "" {
		m, err := readPicture(file, tilePixels, tilePixels)
		if err != nil {
			return err
		}
		if raw, err = encodePicture(m); err != nil {
			return err
		}
	}
	return g.setLook(ctx, id, func(l *till.Look) { l.Picture = raw })
}

// setLook changes a part of how a tile looks.
func (g goods) setLook(ctx context.Context, id till.ID, change func(*till.Look)) error {
	book := g.p.book()
	kept, err := book.Looks(ctx, []till.ID{id})
	if err != nil {
		return err
	}
	look := kept[id]
	change(&look)
	return book.SetLook(ctx, id, look)
}
