package ui

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// scanStrip is the top of the cart: what the scanner and the keypad are doing, and every message and question of the
// sale. It grows and shrinks; it covers nothing.
type scanStrip struct {
	p      *sellPage
	object *fyne.Container
	mode   string // what is drawn; another one is built anew

	icon        *kit.Icon
	title, sub  *kit.Label
	box         *kit.AmountBox
	name, price *kit.Field
	search      *kit.Field
	pin         *pinStrip
	note        *kit.Label
	keep        *kit.Button
}

func newScanStrip(p *sellPage) *scanStrip {
	return &scanStrip{p: p, object: kit.Stack()}
}

// show draws what the strip has to say now: a question first, then a message, then what is typed.
func (s *scanStrip) show(v till.View) {
	w := s.p.w
	a := w.sell.asking
	switch {
	case v.Approval != nil:
		s.showApproval(v.Approval)
	case a != nil && a.kind == askNew:
		s.showNew(a)
	case a != nil:
		s.showAsk(a)
	case w.sell.search != nil:
		s.showSearch()
	case w.message != nil:
		s.showMessage(w.message)
	default:
		s.showReady(v)
	}
}

// draw puts another content up.
func (s *scanStrip) draw(mode string, build func() fyne.CanvasObject) bool {
	if s.mode == mode {
		return false
	}
	s.mode = mode
	s.object.Objects = []fyne.CanvasObject{build()}
	s.object.Refresh()
	if c := s.p.cart; c != nil {
		c.card.Layout.Layout(c.card.Objects, c.card.Size())
		c.lines.ScrollTo(c.lines.Selected())
	}
	return true
}

// band is a strip with a tint and a rule below.
func band(ground kit.Colour, content fyne.CanvasObject) fyne.CanvasObject {
	return kit.Col(0, kit.Stack(kit.NewBand(ground), kit.Inset(12, 14, 12, 14, content)), kit.Hairline())
}

func (s *scanStrip) showReady(v till.View) {
	w := s.p.w
	s.draw("ready", func() fyne.CanvasObject {
		s.icon = kit.NewIcon("scan-barcode", 22, kit.Accent)
		s.title, s.sub = kit.NewBold("", 16, kit.Ink), kit.NewLabel("", 14, kit.Ink3)
		s.title.Height, s.sub.Height = 1.25, 1.25
		spec := kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Icon: "search", Label: w.Say("sell.search"), Key: "F2", OnTap: s.p.openSearch}
		if s.p.size.narrow {
			spec.Label, spec.Key = "", ""
		}
		return kit.Col(0, kit.Fixed(56, kit.Inset(0, 4, 0, 14, kit.Row(12,
			kit.Sized(36, 36, kit.NewPanel(kit.AccentTint, kit.Clear, 0, 8, s.icon)),
			kit.Grow(1, kit.Middle(kit.Col(0, s.title, s.sub))), kit.Middle(kit.NewButton(spec))))), kit.Hairline())
	})
	icon, title, sub := "scan-barcode", w.Say("sell.ready"), ""
	switch {
	case w.sell.discount != nil:
		sub = s.last(v) // what is typed stands in the sheet
	case w.entry.text != "":
		icon, title, sub = "calculator", w.Say("sell.entry")+"  "+w.entry.text, w.Say("sell.entry_help")
	case w.sell.quantity != 0:
		icon, title, sub = "hash", w.Say("sell.quantity", "n", w.sell.quantity.String()), w.Say("sell.quantity_help")
	default:
		sub = s.last(v)
	}
	s.icon.Set(icon, kit.Accent)
	s.title.SetText(title)
	s.sub.SetText(sub)
}

// last words the line that came last.
func (s *scanStrip) last(v till.View) string {
	w := s.p.w
	if v.Sale == nil {
		return w.Say("sell.ready_help")
	}
	l := v.Sale.Line(v.LastLine)
	if l == nil || l.Voided {
		return w.words.count("sell.items", v.Sale.Pieces().String())
	}
	amount := w.Money(l.Gross - l.DiscountOff)
	if l.Gross >= l.DiscountOff {
		amount = "+" + amount
	}
	return w.Say("sell.last", "name", w.ItemName(l.Name, l.NameEN), "amount", amount)
}

func (s *scanStrip) showMessage(m *Message) {
	s.draw(fmt.Sprintf("message %d %s", m.seq, m.Title), func() fyne.CanvasObject {
		view := s.p.w.messageView(m, s.p.size.cart)
		ground, _ := m.Tone.colours()
		view.Objects[0] = kit.NewBand(ground)
		return kit.Col(0, view, kit.Hairline())
	})
}

// head is the first line of a question: its icon, its title and a cross.
func (s *scanStrip) head(ink kit.Colour, icon, title, trail string) fyne.CanvasObject {
	return kit.Row(10, kit.NewIcon(icon, 24, ink), kit.Grow(1, kit.Middle(kit.NewBold(title, 18, ink))),
		kit.Middle(kit.NewLabel(trail, 15, kit.Ink2)))
}

func (s *scanStrip) cross() fyne.CanvasObject {
	return kit.NewIconButton(kit.Ghost, kit.Normal, "x", func() { s.p.w.Key(KeyEvent{Action: ActBack}) })
}

func (s *scanStrip) showApproval(a *till.Approval) {
	s.draw("approval "+s.p.w.approvalTitle(a), func() fyne.CanvasObject {
		s.pin = newPINStrip(s.p.w, a, true)
		return s.pin.object
	})
	before := s.pin.sub.Text()
	s.pin.show(a)
	if s.pin.sub.Text() != before {
		s.p.cart.card.Refresh()
	}
}

func (s *scanStrip) showAsk(a *asking) {
	w := s.p.w
	name := w.ItemName(a.item.Name, a.item.NameEN)
	unit := a.item.Unit
	if unit == "" {
		unit = "kg"
	}
	offered := ""
	icon, title, body, label, sign := "tag", w.Say("ask.price_title", "name", name), w.Say("ask.price_body"), w.Say("ask.price"), w.Currency().Symbol()
	switch a.kind {
	case askWeight:
		icon, title, label, sign = "weight", w.Say("ask.weight_title", "name", name), w.Say("ask.weight"), ""
		body, offered = w.weighWords(a.item.Unit)
	case askAmount:
		title, body = w.Say("ask.amount_title"), w.Say("ask.amount_body")
	}
	s.draw("ask "+title, func() fyne.CanvasObject {
		s.sub = kit.NewParagraph(body, 15, kit.Ink)
		s.box = kit.NewAmountBox(label, "", 24, 56)
		s.box.Activate(true)
		return band(kit.AccentTint, kit.Col(8, s.head(kit.Accent, icon, title, ""), kit.Inset(0, 0, 0, 34, s.sub),
			kit.Row(8, kit.Gap(26), kit.Grow(1, s.box),
				kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("button.ok"), Key: "Enter", OnTap: w.answer}), s.cross())))
	})
	if s.sub.Text() != body {
		s.sub.SetText(body)
		s.p.cart.card.Refresh()
	}
	typed := w.entry.text
	if a.kind == askWeight && typed != "" {
		typed += " " + unit
	} else if typed == "" {
		typed = offered
	}
	if sign != "" && typed != "" {
		typed = sign + typed
	}
	s.box.Set(typed)
}

// showNew asks for the name and the price of a barcode that nobody has.
func (s *scanStrip) showNew(a *asking) {
	w := s.p.w
	if s.draw("new "+a.code, func() fyne.CanvasObject {
		s.name = kit.NewField(kit.FieldSpec{Placeholder: w.Say("new.name"), Limit: 60,
			OnChange: func(t string) { a.name = strings.TrimSpace(t) }, OnEnter: func(string) { s.price.Focus() }}, a.name)
		s.price = kit.NewField(kit.FieldSpec{Placeholder: w.Currency().Symbol() + " " + w.Say("new.price"), Limit: 12, Accept: isEntry,
			OnChange: func(t string) { a.price = t }, OnEnter: func(string) { w.answer() }}, a.price)
		s.note = kit.NewParagraph("", 15, kit.Danger)
		s.note.Hide()
		var chips []fyne.CanvasObject
		var choices []*kit.Choice
		for i, g := range s.p.tiles.groups {
			if i == 4 {
				break
			}
			var chip *kit.Choice
			chip = kit.NewChip("", g, g == a.group, func() {
				if a.group == g {
					g = ""
				}
				a.group = g
				for _, c := range choices {
					c.SetOn(c == chip && a.group != "")
				}
			})
			choices = append(choices, chip)
			chips = append(chips, chip)
		}
		parts := []fyne.CanvasObject{s.head(kit.Accent, "badge-plus", w.Say("new.title"), a.code),
			kit.Row(10, kit.Grow(1.7, s.name), kit.Grow(1, s.price))}
		if len(chips) > 0 {
			parts = append(parts, kit.Row(8, chips...))
		}
		add := kit.ButtonSpec{Kind: kit.Main, Icon: "check", Label: w.Say("new.add"), Key: "Enter", OnTap: w.answer}
		if s.p.size.narrow {
			add.Icon, add.Key, add.Text = "", "", 16
		}
		s.keep = kit.NewButton(add)
		parts = append(parts, s.note, kit.Row(8, kit.Grow(1, s.keep),
			kit.NewButton(kit.ButtonSpec{Label: w.Say("new.once"), OnTap: w.sellOnce}), s.cross()))
		return band(kit.AccentTint, kit.Col(10, parts...))
	}) {
		s.name.Focus()
	}
	if a.busy {
		s.keep.Off(w.Say("new.saving"))
	} else {
		s.keep.On()
	}
	if s.note.Text() != a.wrong {
		s.note.SetText(a.wrong)
		s.note.Hidden = a.wrong == ""
		s.p.cart.card.Refresh()
	}
}

func (s *scanStrip) showSearch() {
	w := s.p.w
	s.draw("search", func() fyne.CanvasObject {
		s.search = kit.NewField(kit.FieldSpec{Icon: "search", Placeholder: w.Say("sell.search_hint"), Limit: 60,
			OnChange: s.p.find, OnEnter: func(string) { s.p.enter() }}, w.sell.search.text)
		return band(kit.AccentTint, kit.Row(8, kit.Grow(1, s.search), s.cross()))
	})
}

// focus gives the field of the strip the focus, where it has one.
func (s *scanStrip) focus() {
	if s.mode == "search" && s.search != nil {
		s.search.Focus()
	}
}

// find looks for what is typed so far. An answer that comes after another letter is for nobody.
func (p *sellPage) find(text string) {
	w := p.w
	q := w.sell.search
	if q == nil || w.ports.Catalog == nil {
		return
	}
	q.text = strings.TrimSpace(text)
	if q.text == "" {
		q.found, q.done = nil, ""
		p.tiles.show(w.view)
		return
	}
	var found []till.Item
	asked := q.text
	var looks map[till.ID]TileLook
	p.tiles.show(w.view)
	w.Ask(func(ctx context.Context) {
		found, _ = w.ports.Catalog.Search(ctx, asked)
		looks, _ = w.ports.Catalog.Looks(ctx, idsOf(found))
	}, func() {
		if w.sell.search != q || q.text != asked {
			return
		}
		q.found, q.looks, q.done = found, looks, asked
		if w.page() == page(p) {
			p.tiles.show(w.view)
		}
	})
}

// tileCount is what the tile of an item shows: how many of it are in the cart, weighings where it is weighed.
func tileCount(s *till.Sale, id till.ID) string {
	if s == nil || id.IsZero() {
		return ""
	}
	var n money.Quantity
	for i := range s.Lines {
		switch l := &s.Lines[i]; {
		case l.Voided || l.Item != id:
		case l.Weighed:
			n += money.One
		default:
			n += l.Qty
		}
	}
	if n == 0 {
		return ""
	}
	return n.String()
}
