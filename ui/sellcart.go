package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// cartPanel is the cart: the tabs of the open and the parked sales, the scan strip, the lines, their sums and what can be
// done with them.
type cartPanel struct {
	p      *sellPage
	object *fyne.Container
	tabs   *fyne.Container
	lines  *kit.Lines
	card   *fyne.Container
	sums   [3]*kit.Label
	acts   map[Action]*kit.Button

	sale *till.Sale
	live []int // places in sale.Lines of the lines shown
	seen string
}

func newCartPanel(p *sellPage) *cartPanel {
	w := p.w
	c := &cartPanel{p: p, tabs: kit.Row(8), acts: map[Action]*kit.Button{}}
	spec := kit.LinesSpec{
		Len: func() int { return len(c.live) },
		At:  func(i int) kit.Line { return w.cartLine(&c.sale.Lines[c.live[i]]) },
		OnSelect: func(i int) {
			w.sell.line = c.number(i)
			if w.sell.discount != nil {
				p.sheet.show(w.view)
			}
		},
		OnMinus: func(i int) { c.choose(i); p.step(-money.One) },
		OnPlus:  func(i int) { c.choose(i); p.step(money.One) },
		OnBin:   func(i int) { w.Do(till.VoidLine{Line: c.number(i)}) },
		Empty:   c.empty(),
	}
	if p.size.narrow {
		spec.OnBin = nil
	}
	c.lines = kit.NewLines(spec)
	for i := range c.sums {
		c.sums[i] = kit.NewLabel("", 15, kit.Ink2)
	}
	c.sums[1].Centred()
	c.sums[2].Trailing()
	act := func(a Action, icon, word, key string) fyne.CanvasObject {
		if p.size.narrow {
			icon = ""
		}
		b := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Icon: icon, Label: w.Say(word), Key: key, Stack: true,
			OnTap: func() { w.Key(KeyEvent{Action: a}) }})
		c.acts[a] = b
		return kit.Grow(1, b)
	}
	last := act(ActVoid, "trash-2", "sell.remove", "Del")
	if !p.size.narrow {
		// The bin stands in the chosen line; its place here is for the price.
		last = act(actPrice, "tag", "sell.price", "")
	}
	bottom := kit.Inset(0, 8, 8, 8, kit.Row(8,
		act(ActUndo, "undo-2", "sell.undo", "Ctrl Z"), act(ActDiscount, "percent", "sell.discount", "F6"), act(ActPark, "pause", "sell.park", "F7"),
		last))
	c.card = kit.Col(0, p.strip.object, kit.Grow(1, c.lines), kit.Hairline(),
		kit.Fixed(40, kit.Inset(0, 16, 0, 16, kit.Row(8, kit.Grow(1, c.sums[0]), kit.Grow(1.4, c.sums[1]), kit.Grow(1, c.sums[2])))),
		kit.Fixed(64, bottom))
	c.object = kit.Col(8, kit.Fixed(48, c.tabs), kit.Grow(1, kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Pad(1, c.card))))
	return c
}

// empty is what an empty cart says.
func (c *cartPanel) empty() fyne.CanvasObject {
	w := c.p.w
	title, body := w.Say("sell.ready_first"), kit.NewParagraph(w.Say("sell.ready_first_body"), 16, kit.Ink2)
	body.Align = fyne.TextAlignCenter
	return kit.Middle(kit.Inset(0, 40, 0, 40, kit.Col(14, kit.Centre(kit.NewDisc("scan-barcode", "", 112, kit.AccentTint, kit.Accent)),
		kit.NewBold(title, 24, kit.Ink).Centred(), body)))
}

func (c *cartPanel) number(i int) int { return c.sale.Lines[c.live[i]].N }

func (c *cartPanel) choose(i int) { c.p.w.sell.line = c.number(i) }

// move chooses the next line up or down.
func (c *cartPanel) move(by int) {
	i := c.lines.Selected() + by
	if i < 0 || i >= len(c.live) {
		return
	}
	c.choose(i)
	c.lines.Select(i)
}

// cartLine words a line of a sale.
func (w *Window) cartLine(l *till.Line) kit.Line {
	c := w.Currency()
	out := kit.Line{Qty: Quantity(l.Qty, l.Weighed), Unit: "×", Name: w.ItemName(l.Name, l.NameEN), Amount: w.Money(l.Gross - l.DiscountOff)}
	out.Note = w.perUnit(l.Price, l.Unit, l.Weighed)
	if l.Weighed {
		out.Unit = l.Unit
		if out.Unit == "" {
			out.Unit = "kg"
		}
	}
	if l.Price != l.ListPrice {
		out.Note += " · " + w.Say("sell.was", "price", Price(c, l.ListPrice))
		out.Promo = true
	}
	if l.DiscountOff != 0 {
		out.Note += " · " + w.Say("sell.discounted", "amount", w.Money(l.DiscountOff))
		out.Promo = true
	}
	return out
}

// perUnit writes a unit price with its unit: ¥6.80 / kg.
func (w *Window) perUnit(p money.UnitPrice, unit string, weighed bool) string {
	price := Price(w.Currency(), p)
	switch {
	case unit == "" && w.lang == "en":
		return w.Say("sell.each", "price", price)
	case unit == "":
		return price
	case w.lang == "en" && !weighed:
		return w.Say("sell.each", "price", price)
	}
	return w.Say("sell.per", "price", price, "unit", unit)
}

func (c *cartPanel) show(v till.View) {
	w := c.p.w
	if v.Sale != c.sale || c.live == nil {
		c.update(v)
	}
	c.showTabs(v)
	s := v.Sale
	if s == nil {
		s = &till.Sale{}
	}
	c.sums[0].SetText(w.words.count("sell.items", s.Pieces().String()))
	c.sums[1].SetText("")
	if s.Discounts != 0 {
		c.sums[1].SetText(w.Say("sell.saved", "amount", w.Money(s.Discounts)))
	}
	tax := ""
	switch {
	case s.TaxAdded != 0:
		tax = w.Say("sell.tax_added", "amount", w.Money(s.Tax))
	case s.Tax != 0:
		tax = w.Say("sell.tax_in", "amount", w.Money(s.Tax))
	}
	c.sums[2].SetText(tax)
	some := s.Live() > 0
	on(c.acts[ActUndo], v.CanUndo || len(s.Tenders) > 0)
	on(c.acts[ActDiscount], some)
	on(c.acts[ActPark], some)
	on(c.acts[ActVoid], some)
	on(c.acts[actPrice], some)
}

// on lets a button be tapped or not; nil is a button that this size of the page has not.
func on(b *kit.Button, yes bool) {
	switch {
	case b == nil:
	case yes:
		b.On()
	default:
		b.Off("")
	}
}

// update takes up a changed sale and redraws the lines that differ.
func (c *cartPanel) update(v till.View) {
	w := c.p.w
	before := len(c.live)
	same := c.sale != nil && v.Sale != nil && c.sale.ID == v.Sale.ID
	c.sale = v.Sale
	live := c.live[:0]
	if live == nil {
		live = []int{}
	}
	selected := -1
	if c.sale != nil {
		for i := range c.sale.Lines {
			if !c.sale.Lines[i].Voided {
				live = append(live, i)
			}
		}
	}
	c.live = live
	// A page made anew finds the line that was chosen; another sale, and a line that is added, choose theirs.
	if c.sale == nil || c.sale.ID != w.sell.of {
		w.sell.line, w.sell.of = 0, till.ID{}
		if c.sale != nil {
			w.sell.of = c.sale.ID
		}
	}
	if n := v.Notice; n != nil && (n.Code == till.NoteAdded || n.Code == till.NoteExpired) && n.Seq != w.sell.added {
		w.sell.added = n.Seq
		if c.sale != nil && c.sale.Line(v.LastLine) != nil {
			w.sell.line = v.LastLine
		}
	}
	if l := c.p.line(); l != nil {
		for i, at := range c.live {
			if c.sale.Lines[at].N == l.N {
				selected = i
			}
		}
	}
	c.lines.Update()
	c.lines.Select(selected)
	if same && len(c.live) >= before && selected >= 0 && v.LastLine != 0 {
		c.lines.Flash(selected)
	}
}

// showTabs draws the tab of the sale and one for each parked.
func (c *cartPanel) showTabs(v till.View) {
	w := c.p.w
	key := receiptNo(v.Next) + w.lang
	for _, p := range v.Parked {
		key += "|" + p.Sale.ID.String()
	}
	if key == c.seen {
		return
	}
	c.seen = key
	room := 2
	if c.p.size.cart >= 700 {
		room = 3
	}
	tabs := []fyne.CanvasObject{kit.Grow(1, kit.NewParkedTab(receiptNo(v.Next), w.Say("sell.now"), true, func() {}))}
	if len(v.Parked) == 0 {
		tabs[0] = kit.Fixed(160, tabs[0])
	}
	for i, p := range v.Parked {
		if i == room {
			break
		}
		id, label := p.Sale.ID, ""
		if !c.p.size.narrow {
			label = strconv.Itoa(p.N)
		}
		tabs = append(tabs, kit.Grow(1, kit.NewParkedTab(label, w.Money(p.Sale.Due()), false, func() { w.Do(till.Recall{Sale: id}) })))
	}
	if more := len(v.Parked) - room; more > 0 {
		tabs = append(tabs, kit.Fixed(56, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: "+" + strconv.Itoa(more),
			OnTap: func() { w.Key(KeyEvent{Action: ActNextPark}) }})))
	}
	tabs = append(tabs, kit.Fixed(56, kit.NewIconButton(kit.Quiet, kit.Small, "plus", func() { w.Key(KeyEvent{Action: ActPark}) })))
	c.tabs.Objects = tabs
	c.tabs.Refresh()
}
