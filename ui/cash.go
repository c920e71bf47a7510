package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// cashPage takes cash: what the customer gave, and the change before it is given.
type cashPage struct {
	payDrawing
	object *fyne.Container
	size   *resizing
	total  *kit.TotalBlock
	field  *kit.AmountBox
	quick  []*kit.Button
	sums   []money.Amount
	finish *kit.Button
}

func newCash(w *Window) page {
	p := &cashPage{}
	p.payDrawing = payDrawing{w: w, build: p.build, show: p.show}
	p.size = &resizing{changed: p.build}
	p.object = container.New(p.size)
	return p
}

// Object is part of page.
func (p *cashPage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *cashPage) Title() string { return p.w.Say("cash.title") }

func (p *cashPage) build() {
	w := p.w
	p.built()
	left, pad := float32(420), float32(440)
	if p.size.last {
		left, pad = 340, 300
	}
	p.total = kit.NewTotal(p.view())
	p.field = kit.NewAmountBox(w.Say("cash.field"), "", 36, 72)
	p.field.Activate(true)
	p.sums = quickCash(w.Currency(), w.view.CashDue, 5)
	p.quick = nil
	var keys []fyne.CanvasObject
	for i, sum := range p.sums {
		spec := kit.ButtonSpec{Label: Round(w.Currency(), sum), Text: 32, OnTap: func() { w.entry.set(entryOf(w.Currency(), sum)) }}
		if i == 0 {
			spec.Label, spec.Sub, spec.SubFirst = w.Money(sum), w.Say("pay.exact"), true
			spec.Text = 26
		}
		b := kit.NewButton(spec)
		p.quick = append(p.quick, b)
		keys = append(keys, b)
	}
	help := w.Say("cash.part_help")
	if p.size.last {
		help = ""
	}
	p.finish = kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Label: w.Say("cash.finish"), Sub: " ", Key: "Enter", OnTap: p.take})
	keypad := kit.NewKeypad(3, 0, 32, kit.CashKeys(), p.tapKey)
	right := kit.Col(12, section("banknote", w.Say("cash.gave"), help),
		kit.Grow(1, kit.Row(12, kit.Grow(1, kit.Grid(2, 12, 0, keys...)), kit.Fixed(pad, kit.Col(10, p.field, kit.Grow(1, keypad))))),
		kit.Fixed(92, p.finish))
	back := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Icon: "arrow-left", Label: w.Say("cash.other_tender"), Key: "Esc", OnTap: w.Back})
	column := kit.Col(10, kit.Grow(1, p.total))
	if cuts := p.cuts(); len(cuts) > 0 {
		column.Add(kit.Fixed(48, kit.Row(8, cuts...)))
	}
	column.Add(kit.Fixed(56, back))
	p.object.Objects = []fyne.CanvasObject{kit.Row(12, kit.Fixed(left, column), kit.Grow(1, right))}
	p.show()
	p.object.Refresh()
}

// cuts are the ways to cut what is due in cash down to a round sum, and the way back.
func (p *cashPage) cuts() []fyne.CanvasObject {
	w := p.w
	s, unit := w.view.Sale, w.Currency().Unit()
	if s == nil {
		return nil
	}
	button := func(label string, to money.Amount) fyne.CanvasObject {
		return kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.PlainButton, Size: kit.Small, Label: label,
			OnTap: func() { w.Do(till.RoundDown{To: to}) }}))
	}
	if s.RoundDown > 1 {
		return []fyne.CanvasObject{button(w.Say("cash.no_cut", "amount", w.Money(s.Due())), 0)}
	}
	var out []fyne.CanvasObject
	last := w.view.CashDue
	for _, step := range []money.Amount{unit / 10, unit} {
		if step < 2 {
			continue
		}
		if sum := money.RoundTo(s.Due(), step, money.Down); sum > 0 && sum < last {
			last = sum
			out = append(out, button(w.Say("sell.round_down", "amount", Round(w.Currency(), sum)), step))
		}
	}
	return out
}

// given is what the customer handed over: what is typed, else exactly what is due.
func (p *cashPage) given() money.Amount {
	if a, ok := ParseEntry(p.w.Currency(), p.w.entry.text); ok && a > 0 {
		return a
	}
	return p.w.view.CashDue
}

func (p *cashPage) view() kit.TotalView {
	w := p.w
	v := w.view
	given := p.given()
	t := kit.TotalView{Label: w.Say("sell.total"), Amount: w.Money(v.CashDue), Size: p.size.pick(52, 38), Progress: -1}
	if v.Sale != nil {
		t.Number = w.Say("pay.items", "no", receiptNo(v.Next), "items", w.words.count("sell.items", v.Sale.Pieces().String()))
		if len(v.Sale.Tenders) > 0 {
			t.Label = w.Say("sell.left")
		}
	}
	t.More = []kit.TotalPart{{Label: w.Say("cash.received"), Amount: w.Money(given), Size: p.size.pick(52, 38)}}
	if change := given - v.CashDue; change >= 0 {
		t.More = append(t.More, kit.TotalPart{Label: w.Say("cash.change"), Amount: w.Money(change), Size: p.size.pick(84, 56), Good: true})
		if notes := w.pieces(changeOf(w.Currency(), change)); notes != "" {
			t.Hint, t.HintIcon = w.Say("cash.suggest", "notes", notes), "coins"
		}
	} else {
		t.More = append(t.More, kit.TotalPart{Label: w.Say("cash.short"), Amount: w.Money(-change), Size: p.size.pick(84, 56)})
	}
	return t
}

func (p *cashPage) show() {
	w := p.w
	given := p.given()
	p.total.Set(p.view())
	text := Digits(w.Currency(), given)
	if w.entry.text != "" {
		text = w.entry.text
	}
	p.field.Set(w.Currency().Symbol() + text)
	for i, b := range p.quick {
		b.SetChosen(w.entry.text != "" && p.sums[i] == given)
	}
	switch change := given - w.view.CashDue; {
	case change > 0:
		p.finish.SetSub(w.Say("cash.finish_change", "amount", w.Money(change)))
	case change == 0:
		p.finish.SetSub(w.Say("cash.finish_exact"))
	default:
		p.finish.SetSub(w.Say("cash.finish_part", "amount", w.Money(-change)))
	}
}

func (p *cashPage) take() {
	given := p.given()
	p.w.entry.clear()
	p.w.Do(till.PayCash{Tendered: given})
}

func (p *cashPage) tapKey(id string) {
	if id == kit.KeyBack {
		p.w.entry.erase()
		return
	}
	p.w.typed(id)
}

// Key is part of page.
func (p *cashPage) Key(e KeyEvent) bool {
	w := p.w
	switch e.Action {
	case "":
		w.entry.add(string(e.Rune))
	case ActErase:
		w.entry.erase()
	case ActEnter, ActCash:
		p.take()
	case ActUndo:
		w.undo()
	case ActBack:
		if w.entry.text == "" {
			return false
		}
		w.entry.clear()
	case ActPay:
		w.Back()
	default:
		return false
	}
	return true
}

// Scan is part of page: money is on the counter, so a product is asked about on the page before.
func (p *cashPage) Scan(code string) bool {
	if s := p.w.view.Sale; s == nil || len(s.Tenders) > 0 {
		return false
	}
	p.w.open(PagePay, nil)
	p.w.refreshPage()
	return p.w.page().Scan(code)
}

// entryOf writes an amount as a person types it: 100, 86.40.
func entryOf(c money.Currency, a money.Amount) string {
	if a%c.Unit() == 0 {
		return (money.Currency{Code: c.Code}).Format(a / c.Unit())
	}
	return c.Format(a)
}
