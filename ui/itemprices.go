package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// LaterPrice is a price of an item that takes effect at a time.
type LaterPrice struct {
	From  time.Time
	Price money.UnitPrice
	By    string // operator code of who set it
}

// pricesDraft is what is known of an item's later prices, and the one that is typed.
type pricesDraft struct {
	list    []LaterPrice
	date    string
	price   string
	fault   string      // the key of what is wrong with it
	dropped *LaterPrice // the one removed last; for undo
}

// readPrices asks for the later prices of the item that is edited.
func (p *itemsPage) readPrices() {
	d, c := p.state().edit, p.w.ports.Catalog
	id := d.item.ID
	if id.IsZero() {
		return
	}
	var list []LaterPrice
	p.w.Ask(func(ctx context.Context) { list, _ = c.LaterPrices(ctx, id) }, func() {
		if p.state().edit == d {
			d.prices.list = list
			p.redraw()
		}
	})
}

func (p *itemsPage) makePriceFields() {
	w, d := p.w, p.state().edit
	d.prices.date = p.dayFromNow(1).String()
	for _, x := range []struct {
		key    string
		to     *string
		limit  int
		accept func(rune) bool
	}{{"later_date", &d.prices.date, 10, func(r rune) bool { return isDigit(r) || r == '-' }}, {"later_price", &d.prices.price, 14, isPrice}} {
		p.fields[x.key] = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("items.field." + x.key), Limit: x.limit, Accept: x.accept,
			OnChange: func(t string) {
				*x.to = t
				if d.prices.fault != "" {
					d.prices.fault = ""
					p.redraw()
				}
			},
			OnEnter: func(string) { p.addPrice() }}, *x.to)
	}
}

// dayFromNow is a calendar day of the shop.
func (p *itemsPage) dayFromNow(days int) till.BusinessDay {
	return plusDays(till.DayOf(p.w.ports.Now(), p.w.local(p.w.ports.Now()).Location(), p.w.view.Settings.DayStart), days)
}

// beginOf is when a business day begins.
func (p *itemsPage) beginOf(d till.BusinessDay) time.Time {
	start := int(p.w.view.Settings.DayStart)
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, start/60, start%60, 0, 0, p.w.local(p.w.ports.Now()).Location())
}

// addPrice keeps the price that is typed, from the beginning of its business day on.
func (p *itemsPage) addPrice() {
	w, d, c := p.w, p.state().edit, p.w.ports.Catalog
	wrong := func(key, field string) {
		d.prices.fault = key
		p.focusNext = p.fields[field]
		w.play("failed")
		p.redraw()
	}
	day, err := till.ParseBusinessDay(d.prices.date)
	if err != nil {
		wrong("items.fault.later_date", "later_date")
		return
	}
	from := p.beginOf(day)
	if !from.After(w.ports.Now()) {
		wrong("items.fault.later_past", "later_date")
		return
	}
	price, err := w.Currency().ParsePrice(tidyNumber(d.prices.price))
	if d.prices.price == "" || err != nil || price < 0 || price > money.UnitPriceMax {
		wrong("items.fault.price", "later_price")
		return
	}
	p.changePrices(func(ctx context.Context) error { return c.SetLaterPrice(ctx, d.item.ID, price, from, w.operatorCode()) }, func() {
		d.prices.dropped = nil
		p.fields["later_price"].SetText("")
	})
}

// dropPrice takes a later price away; undoDrop puts it back.
func (p *itemsPage) dropPrice(x LaterPrice) {
	d, c := p.state().edit, p.w.ports.Catalog
	p.changePrices(func(ctx context.Context) error { return c.DropLaterPrice(ctx, d.item.ID, x.From) }, func() { d.prices.dropped = &x })
}

func (p *itemsPage) undoDrop() {
	d, c := p.state().edit, p.w.ports.Catalog
	x := d.prices.dropped
	if x == nil {
		return
	}
	p.changePrices(func(ctx context.Context) error { return c.SetLaterPrice(ctx, d.item.ID, x.Price, x.From, x.By) }, func() { d.prices.dropped = nil })
}

func (p *itemsPage) changePrices(change func(context.Context) error, done func()) {
	s := p.state()
	d := s.edit
	var err error
	p.ask(p.w.Say("items.saving"), func(ctx context.Context) { err = change(ctx) }, func() {
		s.note, s.bad = "", false
		if err != nil {
			s.note, s.bad = p.w.refusalWords(err), true
			p.w.play("failed")
			return
		}
		done()
		if s.edit == d {
			p.readPrices()
		}
	})
}

// pricesForm lists the prices that take effect later, and adds one; foot always stands below it.
func (p *itemsPage) pricesForm() (form *fyne.Container, foot fyne.CanvasObject) {
	w, d, f := p.w, p.state().edit, p.fields
	form = kit.Col(8, kit.NewBold(w.ItemName(d.item.Name, d.item.NameEN), 20, kit.Ink), kit.NewLabel(w.Say("items.price_now", "price", w.tilePrice(d.item)), 16, kit.Ink2), kit.Hairline())
	for _, x := range d.prices.list {
		form.Add(kit.Row(8, kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(Price(w.Currency(), x.Price), 18, kit.Ink),
			kit.NewLabel(w.Say("items.price_from", "time", w.local(x.From).Format("2006-01-02 15:04"), "who", w.personName(x.By)), 15, kit.Ink2)))),
			kit.NewIconButton(kit.Ghost, kit.Small, "trash-2", func() { p.dropPrice(x) })))
		form.Add(kit.Hairline())
	}
	if len(d.prices.list) == 0 {
		form.Add(remark(w.Say("items.no_later")))
	}
	if x := d.prices.dropped; x != nil {
		form.Add(kit.NewNote(kit.Row(10, kit.NewIcon("trash-2", 20, kit.Ink2), kit.Grow(1, kit.Middle(kit.NewLabel(w.Say("items.later_gone", "price", Price(w.Currency(), x.Price)), 15, kit.Ink))),
			kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "undo-2", Label: w.Say("button.undo"), OnTap: p.undoDrop}))))
	}
	form.Add(kit.NewBold(w.Say("items.later_add"), 16, kit.Ink))
	days := kit.Row(8)
	for _, x := range []struct {
		key string
		day till.BusinessDay
	}{{"items.tomorrow", p.dayFromNow(1)}, {"items.monday", p.nextMonday()}, {"items.next_month", plusDays(p.dayFromNow(0)/100*100+1, 31)/100*100 + 1}} {
		days.Add(kit.NewChip("", w.Say(x.key), d.prices.date == x.day.String(), func() {
			f["later_date"].SetText(x.day.String())
			d.prices.date, d.prices.fault = x.day.String(), ""
			p.redraw()
		}))
	}
	form.Add(days)
	form.Add(kit.Row(10, kit.Grow(1, f["later_date"]), kit.Grow(1, f["later_price"])))
	form.Add(remark(w.Say("items.later_note", "time", w.view.Settings.DayStart.String())))
	foot = kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "plus", Label: w.Say("items.later_keep"), Key: "Enter", OnTap: p.addPrice})
	if d.prices.fault != "" {
		foot = kit.Col(8, labelCallout(kit.Caution, "triangle-alert", w.Say(d.prices.fault), ""), foot)
	}
	return form, foot
}

// nextMonday is the Monday after today.
func (p *itemsPage) nextMonday() till.BusinessDay {
	d := p.dayFromNow(1)
	for dayTime(d).Weekday() != time.Monday {
		d = plusDays(d, 1)
	}
	return d
}
