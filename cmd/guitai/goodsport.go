package main

import (
	"context"

	"guitai/till"
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
