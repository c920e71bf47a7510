package ui

import (
	"context"
	"image"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// tilePanel shows the goods of a category, or what a search has found, as tiles.
type tilePanel struct {
	p      *sellPage
	object *fyne.Container
	tabs   *fyne.Container
	grid   *fyne.Container
	note   *fyne.Container
	words  [2]*kit.Label

	groups []string
	loaded bool
	items  []till.Item // of the category
	of     string      // the category that items is of
	shown  []till.Item
	tiles  []*kit.Tile
	seen   string
	looks  map[till.ID]TileLook // of items, and of what was found last
}

func newTilePanel(p *sellPage) *tilePanel {
	t := &tilePanel{p: p, tabs: kit.Row(4), grid: kit.Grid(p.size.cols, 10, p.size.tile)}
	t.words[0], t.words[1] = kit.NewBold("", 18, kit.Ink2).Centred(), kit.NewParagraph("", 16, kit.Ink3)
	t.words[1].Align = fyne.TextAlignCenter
	t.note = kit.Middle(kit.Inset(0, 60, 0, 60, kit.Col(8, t.words[0], t.words[1])))
	height := float32(p.size.rows)*(p.size.tile+10) - 10
	t.object = kit.Col(10, kit.Fixed(48, t.tabs), kit.Fixed(height, kit.Stack(t.note, t.grid)))
	t.load()
	return t
}

func (t *tilePanel) room() int { return t.p.size.cols * t.p.size.rows }

// tilesMax bounds the tiles of a category; more are found by searching.
const tilesMax = 200

// load asks for the categories and the goods of the chosen one.
func (t *tilePanel) load() {
	w := t.p.w
	if w.ports.Catalog == nil {
		return
	}
	category := w.sell.category
	var groups []string
	var items []till.Item
	var looks map[till.ID]TileLook
	w.Ask(func(ctx context.Context) {
		groups, _ = w.ports.Catalog.Categories(ctx)
		items, _ = w.ports.Catalog.Tiles(ctx, category, tilesMax)
		looks, _ = w.ports.Catalog.Looks(ctx, idsOf(items))
	}, func() {
		if w.sell.category != category {
			return
		}
		t.looks = looks
		t.groups, t.items, t.of, t.loaded, t.seen = groups, items, category, true, ""
		if t.p.tiles == t && t.p.shown {
			t.show(w.view)
		}
	})
}

func (t *tilePanel) choose(category string) {
	s := &t.p.w.sell
	s.category, s.from, s.search = category, 0, nil
	t.load()
	t.p.w.refreshPage()
}

func (t *tilePanel) show(v till.View) {
	w := t.p.w
	list := t.items
	searching := w.sell.search != nil
	if searching {
		list = w.sell.search.found
	}
	t.showTabs()
	t.words[0].SetText("")
	t.words[1].SetText("")
	switch q := w.sell.search; {
	case searching && q.text != "" && q.done != q.text && len(list) == 0:
		t.words[0].SetText(w.Say("sell.searching", "text", q.text))
	case searching && q.text != "" && q.done == q.text && len(list) == 0:
		t.words[0].SetText(w.Say("sell.search_none", "text", q.text))
		t.words[1].SetText(w.Say("sell.search_none_body"))
	case !searching && t.loaded && len(list) == 0:
		t.words[0].SetText(w.Say("sell.no_tiles"))
		t.words[1].SetText(w.Say("sell.no_tiles_body"))
	}
	from := w.sell.from
	if searching || from >= len(list) {
		from = 0
	}
	list = list[from:min(len(list), from+t.room())]
	same := len(list) == len(t.shown) && len(t.tiles) == len(list)
	t.shown = list
	if !same {
		t.tiles = nil
		t.grid.Objects = nil
		for i, it := range list {
			tile := kit.NewTile(w.ItemName(it.Name, it.NameEN), w.tilePrice(it), tileCount(v.Sale, it.ID), func() { t.tap(i) })
			tile.SetLook(t.look(it.ID))
			t.tiles = append(t.tiles, tile)
			t.grid.Objects = append(t.grid.Objects, tile)
		}
		t.grid.Refresh()
		return
	}
	for i, it := range list {
		t.tiles[i].Set(w.ItemName(it.Name, it.NameEN), w.tilePrice(it), tileCount(v.Sale, it.ID))
		t.tiles[i].SetLook(t.look(it.ID))
	}
}

// look is how an item's tile looks, here or in the search that is open.
func (t *tilePanel) look(id till.ID) (colour string, picture image.Image) {
	l, ok := t.looks[id]
	if q := t.p.w.sell.search; !ok && q != nil {
		l = q.looks[id]
	}
	return l.Colour, l.Picture
}

func idsOf(items []till.Item) []till.ID {
	ids := make([]till.ID, len(items))
	for i := range items {
		ids[i] = items[i].ID
	}
	return ids
}

func (w *Window) tilePrice(it till.Item) string {
	price := Price(w.Currency(), it.Price)
	if it.Weighed {
		unit := it.Unit
		if unit == "" {
			unit = "kg"
		}
		return w.Say("sell.per", "price", price, "unit", unit)
	}
	return price
}

func (t *tilePanel) tap(i int) {
	if i >= len(t.shown) {
		return
	}
	w := t.p.w
	it := t.shown[i]
	if w.sell.search != nil {
		t.p.closeSearch()
	}
	w.sellItem(it)
}

// showTabs draws the favourites, as many categories as there is room for, and the way to the others.
func (t *tilePanel) showTabs() {
	w := t.p.w
	key := w.sell.category + "|" + w.lang
	for _, g := range t.groups {
		key += "|" + g
	}
	if key == t.seen {
		return
	}
	t.seen = key
	room := t.p.object.Size().Width - t.p.size.cart - 36 - 52
	if room <= 0 {
		room = 680
	}
	labels, names := []string{w.Say("sell.favourites")}, []string{""}
	used := kit.TextWidth(labels[0], 17, true) + 36
	all := t.groups
	// The chosen category is always among those shown.
	first := 0
	for i, g := range all {
		if g == w.sell.category {
			first = i
		}
	}
	width := func(g string) float32 { return kit.TextWidth(g, 17, true) + 36 }
	fits := func(from int) int {
		n, sum := from, used
		for n < len(all) && sum+width(all[n]) <= room {
			sum += width(all[n])
			n++
		}
		return n
	}
	from := 0
	for first >= fits(from) && from < first {
		from = fits(from)
	}
	to := fits(from)
	for _, g := range all[from:to] {
		labels, names = append(labels, g), append(names, g)
	}
	t.tabs.Objects = nil
	for i, l := range labels {
		t.tabs.Add(kit.NewTab(l, names[i] == w.sell.category, func() { t.choose(names[i]) }))
	}
	t.tabs.Add(kit.Space())
	more := kit.NewIconButton(kit.Ghost, kit.Small, "ellipsis", func() { t.more(to) })
	t.tabs.Add(more)
	if to >= len(all) && from == 0 && len(t.items) <= t.room() {
		more.Hide()
	}
	t.tabs.Refresh()
}

// more shows the next tiles of the category, then the next categories.
func (t *tilePanel) more(next int) {
	s := &t.p.w.sell
	if s.search == nil && s.from+t.room() < len(t.items) {
		s.from += t.room()
		t.show(t.p.w.view)
		return
	}
	category := ""
	if next < len(t.groups) {
		category = t.groups[next]
	}
	t.choose(category)
}
