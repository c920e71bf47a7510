package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// actPrice opens the sheet at the price of the chosen line. No key stands for it.
const actPrice Action = "price"

// discounting is the sheet of discounts while it is open.
type discounting struct {
	of       discountOf
	percent  money.Rate // chosen; 0 where the entry says it
	byAmount bool       // the entry is an amount, else a percentage
	reason   int        // of the reasons; -1 for none
}

type discountOf int

const (
	ofLine discountOf = iota
	ofSale
	ofPrice
)

// discountSheet takes something off a line or the sale, or changes a price. It stands in the place of the tiles; the
// cart, the keypad and the scanner go on.
type discountSheet struct {
	p      *sellPage
	object *fyne.Container
	mode   string
	title  *kit.Label
	sub    *kit.Label
	chips  []*kit.Choice
	rates  []money.Rate
	box    *kit.AmountBox
	unit   *kit.Segments
	why    []*kit.Choice
	apply  *kit.Button
}

// applyWidth holds what the button says in every state: it is laid out once.
const applyWidth = 184

var reasonKeys = []string{"reason.regular", "reason.damaged", "reason.short_dated", "reason.price_match", "reason.manager"}

func newDiscountSheet(p *sellPage) *discountSheet {
	s := &discountSheet{p: p, object: kit.Stack()}
	s.object.Hide()
	return s
}

func (p *sellPage) openDiscount() {
	w := p.w
	switch {
	case w.sell.discount != nil:
		p.closeDiscount()
		return
	case w.view.Sale == nil || w.view.Sale.Live() == 0:
		return
	}
	w.sell.asking, w.sell.search = nil, nil
	w.sell.discount = &discounting{of: ofSale, reason: -1}
	w.entry.clear()
	w.refreshPage()
}

// openPrice opens the sheet at the price of the chosen line.
func (p *sellPage) openPrice() {
	if p.line() == nil {
		return
	}
	if p.w.sell.discount == nil {
		p.openDiscount()
	}
	p.w.sell.discount.of = ofPrice
	p.w.refreshPage()
}

func (p *sellPage) closeDiscount() {
	p.w.sell.discount = nil
	p.w.entry.clear()
	p.w.refreshPage()
}

func (s *discountSheet) build(d *discounting) fyne.CanvasObject {
	w := s.p.w
	s.title, s.sub = kit.NewBold("", 20, kit.Ink), kit.NewLabel("", 15, kit.Ink3)
	pick := func(of int) {
		d.of, d.percent = discountOf(of), 0
		w.entry.clear()
		w.refreshPage()
	}
	what := kit.NewSegments([]string{w.Say("discount.line"), w.Say("discount.sale"), w.Say("discount.price")}, int(d.of), pick)
	s.chips, s.rates = nil, []money.Rate{50_000, 100_000, 150_000, 200_000, 300_000, 500_000}
	var chips []fyne.CanvasObject
	for _, r := range s.rates {
		c := kit.NewChip("", w.Say("discount.percent", "n", r.Percent()), false, func() {
			d.percent = r
			w.entry.clear()
			w.refreshPage()
		})
		s.chips = append(s.chips, c)
		chips = append(chips, kit.Grow(1, c))
	}
	s.why = nil
	var why []fyne.CanvasObject
	for i, k := range reasonKeys {
		c := kit.NewChip("", w.Say(k), i == d.reason, func() {
			d.reason = i
			w.refreshPage()
		})
		s.why = append(s.why, c)
		why = append(why, c)
	}
	label := w.Say("discount.custom")
	if d.of == ofPrice {
		label = w.Say("ask.price")
	}
	s.box = kit.NewAmountBox(label, "", 24, 48)
	s.unit = kit.NewSegments([]string{"%", w.Currency().Symbol()}, 0, func(i int) {
		d.byAmount = i == 1
		w.refreshPage()
	})
	s.apply = kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Small, Text: 18, Label: w.Say("discount.apply"), Key: "Enter", OnTap: s.take})
	custom := kit.Row(8, kit.Grow(1, s.box), kit.Fixed(136, s.unit.Container))
	rows := []fyne.CanvasObject{
		kit.Row(10, kit.Grow(1, kit.Middle(kit.Col(0, s.title, s.sub))), kit.NewIconButton(kit.Ghost, kit.Small, "x", s.p.closeDiscount)),
		what.Container,
	}
	if d.of == ofPrice {
		rows = append(rows, s.box)
	} else {
		rows = append(rows, kit.Row(8, chips...), custom)
	}
	reasons := kit.Row(8, why...)
	if s.p.size.narrow {
		reasons = kit.Row(4, why...)
	}
	last := kit.Row(8,
		kit.NewButton(kit.ButtonSpec{Kind: kit.DangerOutline, Size: kit.Small, Label: w.Say("sell.cancel_hold"), HoldFor: time.Second,
			OnHold: func() { s.p.closeDiscount(); w.Do(till.CancelSale{}) }}),
		kit.Space(),
		kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("discount.remove"), OnTap: s.remove}), kit.Fixed(applyWidth, s.apply))
	rows = append(rows, reasons, kit.Space(), last)
	var body fyne.CanvasObject = kit.Inset(10, 14, 10, 16, kit.Col(8, rows...))
	if s.p.size.rows < 3 {
		body = kit.Pad(1, kit.NewScroll(body)) // the tiles' place is too low for it
	}
	return kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, body)
}

func (s *discountSheet) show(v till.View) {
	w := s.p.w
	d := w.sell.discount
	if d != nil && (v.Sale == nil || v.Sale.Live() == 0) {
		w.sell.discount, d = nil, nil
	}
	hidden := d == nil
	if hidden != s.object.Hidden {
		s.object.Hidden = hidden
		s.p.tiles.object.Hidden = !hidden
		s.object.Refresh()
		s.p.tiles.object.Refresh()
	}
	if hidden {
		s.mode = ""
		return
	}
	mode := "percent"
	if d.of == ofPrice {
		mode = "price"
	}
	if mode != s.mode {
		s.mode = mode
		s.object.Objects = []fyne.CanvasObject{s.build(d)}
		s.object.Refresh()
	}
	l := s.p.line()
	name := ""
	if l != nil {
		name = w.ItemName(l.Name, l.NameEN)
	}
	limit := w.Say("discount.limit", "percent", Percent(v.Settings.Limits.CashierDiscount))
	apply := w.Say("discount.apply")
	switch d.of {
	case ofSale:
		s.title.SetText(w.Say("discount.title_sale"))
	case ofLine:
		s.title.SetText(w.Say("discount.title_line", "name", name))
	case ofPrice:
		s.title.SetText(w.Say("discount.price_title", "name", name))
		limit, apply = "", w.Say("discount.set_price")
		if l != nil {
			limit = w.Say("discount.price_now", "price", Price(w.Currency(), l.Price))
		}
	}
	s.sub.SetText(limit)
	s.apply.SetLabel(apply)
	for i, c := range s.chips {
		c.SetOn(d.percent == s.rates[i] && w.entry.text == "")
	}
	for i, c := range s.why {
		c.SetOn(i == d.reason)
	}
	s.unit.Select(map[bool]int{true: 1}[d.byAmount])
	typed := w.entry.text
	switch {
	case typed == "":
	case d.of == ofPrice || d.byAmount:
		typed = w.Currency().Symbol() + typed
	default:
		typed += "%"
	}
	s.box.Set(typed)
	s.box.Activate(w.entry.text != "" || d.of == ofPrice)
	_, ok := s.discount()
	switch {
	case ok:
		s.apply.On()
	case d.reason < 0 && (d.percent > 0 || w.entry.text != ""):
		s.apply.Off(w.Say("drawer.need_reason"))
	default:
		s.apply.Off("")
	}
}

// discount is what the sheet says, without its reason where none is chosen. ok is false while something is missing.
func (s *discountSheet) discount() (till.Discount, bool) {
	w := s.p.w
	d := w.sell.discount
	out := till.Discount{Percent: d.percent}
	if d.reason >= 0 {
		out.Reason = w.Say(reasonKeys[d.reason])
	}
	if text := tidyNumber(w.entry.text); w.entry.text != "" {
		out.Percent = 0
		if d.of == ofPrice {
			p, err := w.Currency().ParsePrice(text)
			return out, err == nil && p >= 0 && d.reason >= 0
		}
		if d.byAmount {
			a, err := w.Currency().Parse(text)
			out.Amount = a
			return out, err == nil && a > 0 && d.reason >= 0
		}
		r, err := money.ParsePercent(text)
		out.Percent = r
		return out, err == nil && r > 0 && r <= money.RateMax && d.reason >= 0
	}
	return out, out.Percent > 0 && d.reason >= 0 && d.of != ofPrice
}

// take does what the sheet says.
func (s *discountSheet) take() {
	w := s.p.w
	d, ok := s.discount()
	if !ok {
		w.play("notfound")
		return
	}
	l := s.p.line()
	of, text := w.sell.discount.of, w.entry.text
	s.p.closeDiscount()
	switch {
	case of == ofSale:
		w.Do(till.DiscountSale{Discount: d})
	case l == nil:
	case of == ofLine:
		w.Do(till.DiscountLine{Line: l.N, Discount: d})
	default:
		if p, err := w.Currency().ParsePrice(tidyNumber(text)); err == nil {
			w.Do(till.Override{Line: l.N, Price: p, Reason: d.Reason})
		}
	}
}

// remove takes the discount off again, or puts the catalogue's price back.
func (s *discountSheet) remove() {
	w := s.p.w
	l, of := s.p.line(), w.sell.discount.of
	s.p.closeDiscount()
	switch {
	case of == ofSale:
		w.Do(till.DiscountSale{})
	case l == nil:
	case of == ofLine:
		w.Do(till.DiscountLine{Line: l.N})
	case l.Price != l.ListPrice:
		w.Do(till.Override{Line: l.N, Price: l.ListPrice, Reason: w.Say("discount.remove")})
	}
}

// key handles the sheet's keys.
func (s *discountSheet) key(a Action) bool {
	switch a {
	case ActEnter:
		s.take()
	case ActDiscount, ActBack:
		s.p.closeDiscount()
	case ActErase:
		s.p.w.entry.erase()
	case ActCash, ActPay:
		// What is typed here is no money given.
		s.p.closeDiscount()
		return false
	default:
		return false
	}
	return true
}
