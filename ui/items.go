package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// itemsPart is how many items of the catalogue are listed at once.
const itemsPart = 200

// itemsState is what is looked for in the catalogue, and the item that is being edited.
type itemsState struct {
	listing[till.Item]
	text       string
	category   string
	count      int
	categories []string
	favourites []till.ID
	edit       *itemDraft
	before     *till.Item // the item as it was before it was saved last; for undo
	note       string
	bad        bool
	pick       *filePick // open to choose a picture; nil while it is shut
	part       itemPart
}

// itemPart is what of an item is edited.
type itemPart int

const (
	partItem itemPart = iota
	partTile
	partPrices
)

// itemDraft is an item as typed.
type itemDraft struct {
	item     till.Item // as it is kept; zero ID: a new one
	name     string
	nameEN   string
	price    string
	unit     string
	code     string
	barcodes string
	category string
	tax      string
	weighed  bool
	look     TileLook
	prices   pricesDraft
	fault    map[string]string
}

// itemsPage lists the catalogue, finds in it, and edits one item beside the list.
type itemsPage struct {
	*desk
	find   *kit.Field
	list   *kit.Table
	fields map[string]*kit.Field
}

func newItems(w *Window) page {
	if w.ports.Catalog == nil {
		return nil
	}
	p := &itemsPage{fields: map[string]*kit.Field{}}
	p.desk = newDesk(w, p.paint)
	p.find = kit.NewField(kit.FieldSpec{Icon: "search", Key: "F2", Small: true, Limit: 60, Placeholder: w.Say("items.find"), OnEnter: func(t string) {
		p.state().text = t
		p.load(false)
	}}, w.office.items.text)
	p.list = kit.NewTable(kit.TableSpec{Row: 56, Columns: []kit.Column{{Title: w.Say("items.name")}, {Title: w.Say("items.barcode"), Width: 136}, {Title: w.Say("items.category"), Width: 96}, {Title: w.Say("items.price"), Width: 104, Right: true}},
		Len: func() int { return len(p.state().list) }, At: p.cell, OnTap: func(row int) {
			if row < len(p.state().list) {
				p.open(p.state().list[row])
			}
		}})
	if w.office.items.edit != nil {
		p.makeFields()
	}
	return p
}

func (p *itemsPage) state() *itemsState { return &p.w.office.items }

// Title is part of page.
func (p *itemsPage) Title() string { return p.w.Say("page.items") }

// Show is part of page.
func (p *itemsPage) Show(till.View) {
	s := p.state()
	if s.wanted(p.desk) {
		p.load(false)
		return
	}
	p.redraw()
}

// Leave reads the catalogue anew next time.
func (p *itemsPage) Leave() {
	*p.state() = itemsState{}
	p.find.SetText("")
	p.desk.Leave()
}

// Opened edits an item, or a new one with a barcode.
func (p *itemsPage) Opened(with any) {
	switch x := with.(type) {
	case till.Item:
		p.open(x)
	case string:
		p.open(till.Item{Barcodes: []string{x}})
	}
}

func (p *itemsPage) load(more bool) {
	s, c := p.state(), p.w.ports.Catalog
	after := 0
	if more {
		after = len(s.list)
	}
	words, category := s.text, s.category
	var found, favourites []till.Item
	var categories []string
	var n int
	var err error
	p.ask(p.w.Say("items.looking"), func(ctx context.Context) {
		switch {
		case words != "":
			found, err = c.Search(ctx, words)
		case category != "":
			found, err = c.Tiles(ctx, category, itemsPart)
		default:
			found, err = c.Items(ctx, after, itemsPart)
		}
		if err == nil {
			n, err = c.CountItems(ctx)
		}
		if err == nil {
			categories, err = c.Categories(ctx)
		}
		if err == nil {
			favourites, err = c.Tiles(ctx, "", itemsPart)
		}
	}, func() {
		if !s.take(p.w, found, err, more) {
			return
		}
		s.more = words == "" && category == "" && len(found) == itemsPart
		s.count, s.categories, s.favourites = n, categories, nil
		for _, f := range favourites {
			s.favourites = append(s.favourites, f.ID)
		}
		p.list.Update()
		p.mark()
	})
}

// mark selects the row of the item that is edited.
func (p *itemsPage) mark() {
	s := p.state()
	at := -1
	for i := range s.list {
		if s.edit != nil && !s.edit.item.ID.IsZero() && s.list[i].ID == s.edit.item.ID {
			at = i
		}
	}
	p.list.Select(at)
}

func (p *itemsPage) cell(row, col int) kit.Cell {
	it := &p.state().list[row]
	switch col {
	case 0:
		c := kit.Cell{Text: p.w.ItemName(it.Name, it.NameEN), Size: 17}
		if slices.Contains(p.state().favourites, it.ID) {
			c.Icon = "star"
		}
		return c
	case 1:
		code := it.Code
		if len(it.Barcodes) > 0 {
			code = it.Barcodes[0]
		}
		if code == "" {
			code = "—"
		}
		return kit.Cell{Text: code, Size: 15, Colour: kit.Ink2}
	case 2:
		return kit.Cell{Text: it.Category, Size: 15, Colour: kit.Ink2}
	}
	return kit.Cell{Text: Price(p.w.Currency(), it.Price), Bold: true, Size: 17}
}

// open begins to edit an item.
func (p *itemsPage) open(it till.Item) {
	s := p.state()
	d := &itemDraft{item: it, name: it.Name, nameEN: it.NameEN, unit: it.Unit, code: it.Code, barcodes: strings.Join(it.Barcodes, " "), category: it.Category, tax: it.Tax, weighed: it.Weighed}
	if !it.ID.IsZero() || it.Price != 0 {
		d.price = p.w.Currency().FormatPrice(it.Price)
	}
	s.edit, s.note, s.pick = d, "", nil
	p.makeFields()
	p.readLook()
	p.readPrices()
	if it.ID.IsZero() {
		p.focusNext = p.fields["name"]
	}
	p.mark()
	p.redraw()
}

// isPrice reports whether a character may stand in a price. A minus may, so that a price below zero is refused in words
// and not taken for one above.
func isPrice(r rune) bool { return isEntry(r) || r == '-' || r == '−' }

func (p *itemsPage) makeFields() {
	w, d := p.w, p.state().edit
	add := func(key, value string, spec kit.FieldSpec, set func(string)) {
		spec.Label, spec.Small = w.Say("items.field."+key), true
		spec.OnChange = func(t string) {
			set(t)
			delete(d.fault, key)
			p.fields[key].SetProblem("")
		}
		spec.OnEnter = func(string) { p.save() }
		p.fields[key] = kit.NewField(spec, value)
	}
	add("name", d.name, kit.FieldSpec{Limit: 60}, func(t string) { d.name = t })
	add("name_en", d.nameEN, kit.FieldSpec{Limit: 60}, func(t string) { d.nameEN = t })
	add("price", d.price, kit.FieldSpec{Limit: 14, Accept: isPrice}, func(t string) { d.price = t })
	add("unit", d.unit, kit.FieldSpec{Limit: 8}, func(t string) { d.unit = t })
	add("code", d.code, kit.FieldSpec{Limit: 32}, func(t string) { d.code = t })
	add("barcodes", d.barcodes, kit.FieldSpec{Limit: 200, TrailIcon: "scan-barcode"}, func(t string) { d.barcodes = t })
	add("category", d.category, kit.FieldSpec{Limit: 30}, func(t string) { d.category = t })
	p.makePriceFields()
}

// Scan opens the item of a code, or a new one with it. While a barcode is missing, it fills it in. A code that was not
// read whole does nothing.
func (p *itemsPage) Scan(code string) bool {
	s, c := p.state(), p.w.ports.Catalog
	if _, err := till.ParseBarcode(code); till.CodeOf(err) != "" {
		s.note, s.bad = p.w.refusalWords(err), true
		p.w.play("notfound")
		p.redraw()
		return true
	}
	if s.edit != nil && s.edit.item.ID.IsZero() && s.edit.barcodes == "" {
		s.edit.barcodes = code
		p.fields["barcodes"].SetText(code)
		p.redraw()
		return true
	}
	var found []till.Item
	var err error
	p.ask(p.w.Say("items.looking"), func(ctx context.Context) { found, err = c.Search(ctx, code) }, func() {
		for _, it := range found {
			if it.Code == code || slices.Contains(it.Barcodes, code) {
				p.open(it)
				return
			}
		}
		if err == nil {
			p.open(till.Item{Barcodes: []string{code}})
		}
	})
	return true
}

// Key finds, saves and takes back.
func (p *itemsPage) Key(e KeyEvent) bool {
	s := p.state()
	switch e.Action {
	case ActSearch:
		p.w.win.Canvas().Focus(p.find)
	case ActPay:
		p.save()
	case ActUndo:
		p.undo()
	case ActUp, ActDown:
		at := p.list.Selected() + 1
		if e.Action == ActUp {
			at -= 2
		}
		if at >= 0 && at < len(s.list) {
			p.list.Select(at)
			p.open(s.list[at])
		}
	case ActLeft, ActRight:
		if s.edit != nil && !s.edit.item.ID.IsZero() {
			p.turn((s.part + map[Action]itemPart{ActRight: 1, ActLeft: 2}[e.Action]) % 3)
		}
	case ActBack:
		if s.edit == nil {
			return p.desk.Key(e)
		}
		if s.pick != nil {
			s.pick = nil
			p.redraw()
			break
		}
		s.edit = nil
		p.list.Select(-1)
		p.redraw()
	default:
		return p.desk.Key(e)
	}
	return true
}

// check makes an item of what is typed, and notes what is wrong.
func (p *itemsPage) check() (till.Item, bool) {
	w, d := p.w, p.state().edit
	it := d.item
	d.fault = map[string]string{}
	it.Name, it.NameEN = strings.TrimSpace(d.name), strings.TrimSpace(d.nameEN)
	if it.Name == "" {
		d.fault["name"] = w.Say("items.fault.name")
	}
	price, err := w.Currency().ParsePrice(tidyNumber(d.price))
	if d.price == "" || err != nil || price < 0 || price > money.UnitPriceMax {
		d.fault["price"] = w.Say("items.fault.price")
	}
	it.Price, it.Unit, it.Code, it.Category, it.Tax, it.Weighed = price, strings.TrimSpace(d.unit), strings.TrimSpace(d.code), strings.TrimSpace(d.category), d.tax, d.weighed
	it.Barcodes = strings.FieldsFunc(d.barcodes, func(r rune) bool { return r == ' ' || r == '|' || r == ',' || r == '，' })
	return it, len(d.fault) == 0
}

func (p *itemsPage) save() {
	s, c := p.state(), p.w.ports.Catalog
	if s.edit == nil {
		return
	}
	it, ok := p.check()
	if !ok {
		p.showFaults()
		return
	}
	before := s.edit.item
	by := p.w.operatorCode()
	var saved till.Item
	var err error
	p.ask(p.w.Say("items.saving"), func(ctx context.Context) { saved, err = c.SaveItem(ctx, it, by) }, func() {
		if err != nil {
			p.refused(err)
			return
		}
		s.before = nil
		if !before.ID.IsZero() {
			s.before = &before
		}
		p.open(saved)
		s.note, s.bad = p.w.Say("items.saved", "name", p.w.ItemName(saved.Name, saved.NameEN)), false
		p.load(false)
	})
}

// refused puts a refusal beside the field that it is about.
func (p *itemsPage) refused(err error) {
	s := p.state()
	words := p.w.refusalWords(err)
	switch till.CodeOf(err) {
	case till.DuplicateCode, till.BadCheckDigit, till.CodeTooLong:
		s.edit.fault["barcodes"] = p.w.Say("items.fault." + string(till.CodeOf(err)))
	case till.BadPrice:
		s.edit.fault["price"] = words
	default:
		s.note, s.bad = words, true
	}
	p.showFaults()
}

// turn shows another part of the item.
func (p *itemsPage) turn(part itemPart) {
	s := p.state()
	s.part, s.pick = part, nil
	p.w.win.Canvas().Unfocus()
	p.redraw()
}

func (p *itemsPage) showFaults() {
	p.state().part = partItem
	for key, f := range p.fields {
		f.SetProblem(p.state().edit.fault[key])
	}
	p.w.play("failed")
	p.redraw()
}

// undo saves the item as it was before.
func (p *itemsPage) undo() {
	s := p.state()
	if s.before == nil {
		return
	}
	before := *s.before
	p.open(before)
	p.save()
}

func (p *itemsPage) remove() {
	s, c := p.state(), p.w.ports.Catalog
	it := s.edit.item
	var err error
	p.ask(p.w.Say("items.saving"), func(ctx context.Context) { err = c.RemoveItem(ctx, it.ID) }, func() {
		if err != nil {
			s.note, s.bad = p.w.refusalWords(err), true
			return
		}
		// Saving it again puts it back: nothing was deleted.
		s.edit, s.before = nil, &it
		s.note, s.bad = p.w.Say("items.removed", "name", it.Name), false
		p.load(false)
	})
}

func (p *itemsPage) favourite() {
	s, c := p.state(), p.w.ports.Catalog
	id, place := s.edit.item.ID, len(s.favourites)+1
	if slices.Contains(s.favourites, id) {
		place = 0
	}
	var err error
	p.ask("", func(ctx context.Context) { err = c.SetFavourite(ctx, id, place) }, func() {
		if err == nil {
			p.load(false)
		}
	})
}

func (p *itemsPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	var actions []fyne.CanvasObject
	if w.canOpen(PageImport) && w.may(till.MayEditItems) {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "file-up", Label: w.Say("items.import"), OnTap: func() { w.Open(PageImport) }}))
	}
	actions = append(actions, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Small, Icon: "plus", Label: w.Say("items.new"), OnTap: func() { s.before = nil; p.open(till.Item{Category: s.category}) }}))
	chips := kit.Row(8, kit.Fixed(p.pick(330, 240), p.find), kit.NewChip("", w.Say("items.all"), s.category == "", func() { s.category = ""; p.load(false) }))
	for _, c := range s.categories[:min(len(s.categories), int(p.pick(6, 4)))] {
		chips.Add(kit.NewChip("", c, s.category == c, func() { s.category, s.text = c, ""; p.find.SetText(""); p.load(false) }))
	}
	chips.Add(kit.Space())
	left := kit.Col(10)
	if s.note != "" {
		left.Add(p.noteBar())
	}
	switch {
	case s.pick != nil:
		left.Add(kit.Grow(1, p.pictureFiles()))
	case s.failed != "":
		left.Add(kit.Grow(1, kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("report.failed_body")))))
	case s.loaded && len(s.list) == 0:
		left.Add(kit.Grow(1, kit.NewCard(20, empty("package", w.Say("items.none"), w.Say("items.none_body")))))
	default:
		left.Add(kit.Grow(1, kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(1, 1, 6, 1, p.list))))
	}
	if s.more && s.pick == nil {
		left.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("history.more"), OnTap: func() { p.load(true) }}))
	}
	body := kit.Row(12, kit.Grow(1, left))
	if s.edit != nil {
		body.Add(kit.Fixed(p.pick(388, 360), p.editor()))
	}
	return p.office(PageItems, w.Say("page.items"), w.Say("items.sub", "n", thousands(s.count)), actions, kit.Col(10, kit.Fixed(48, chips), kit.Grow(1, body)))
}

func (p *itemsPage) noteBar() fyne.CanvasObject {
	w, s := p.w, p.state()
	icon, ink := "circle-check", kit.Accent
	if s.bad {
		icon, ink = "triangle-alert", kit.Warn
	}
	row := kit.Row(10, kit.NewIcon(icon, 20, ink), kit.Grow(1, kit.Middle(kit.NewLabel(s.note, 16, kit.Ink))))
	if s.before != nil && !s.bad {
		row.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "undo-2", Label: w.Say("button.undo"), Key: "Ctrl Z", OnTap: p.undo}))
	}
	return kit.NewNote(row)
}

// editor is the form of one item.
func (p *itemsPage) editor() fyne.CanvasObject {
	w, s := p.w, p.state()
	d := s.edit
	head := kit.Middle(kit.NewBold(w.Say("items.new"), 20, kit.Ink))
	f := p.fields
	taxes := kit.Grid(2, 8, 48)
	for i, t := range w.view.Settings.Taxes {
		on := d.tax == t.Code || d.tax == "" && i == 0
		taxes.Add(kit.NewChip("", t.Code+" "+t.Rate.Percent()+"%", on, func() { d.tax = t.Code; p.redraw() }))
	}
	weighed := kit.NewSwitch(w.Say("items.weighed"), "", d.weighed, func(on bool) { d.weighed = on })
	var form fyne.CanvasObject = kit.Col(3, kit.Row(10, kit.Grow(1, f["name"]), kit.Grow(1, f["name_en"])), kit.Row(10, kit.Grow(1, f["price"]), kit.Fixed(104, f["unit"])),
		kit.Row(10, kit.Grow(1, f["barcodes"]), kit.Fixed(88, f["code"])),
		kit.Row(10, kit.Grow(1, f["category"]), kit.Fixed(190, kit.Col(0, kit.Space(), weighed))),
		kit.Row(8, kit.Col(0, kit.Fixed(48, kit.Middle(kit.NewBold(w.Say("items.field.tax"), 15, kit.Ink2)))), kit.Grow(1, taxes)))
	buttons := kit.Row(8)
	if !d.item.ID.IsZero() {
		buttons.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Icon: "trash-2", OnTap: p.remove}))
	}
	buttons.Add(kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.cancel"), Key: p.wide("Esc"), OnTap: func() { p.Key(KeyEvent{Action: ActBack}) }})))
	buttons.Add(kit.Grow(1.2, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("items.save"), Key: "F9", OnTap: p.save})))
	var foot fyne.CanvasObject = buttons
	if !d.item.ID.IsZero() {
		head = kit.NewSegments([]string{w.Say("items.part.item"), w.Say("items.part.tile"), w.Say("items.part.prices")}, int(s.part), func(i int) { p.turn(itemPart(i)) }).Container
		switch s.part {
		case partTile:
			form, foot = p.lookForm(), hidden()
		case partPrices:
			form, foot = p.pricesForm()
		}
	}
	return kit.NewCard(14, kit.Col(6, kit.Fixed(48, head), kit.Grow(1, kit.NewScroll(kit.Inset(2, 8, 2, 2, form))), foot))
}
