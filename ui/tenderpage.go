package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// tendering is a tender that a person takes and writes down.
type tendering struct {
	kind   till.TenderKind
	amount money.Amount
	rate   int64     // of foreign cash, in millionths
	texts  [2]string // typed so far, which the page made anew keeps
}

// tenderPage books what was paid by card, by bank transfer or in foreign cash: the till only writes it down.
type tenderPage struct {
	w      *Window
	object *fyne.Container
	size   *resizing
	now    tendering
	first  *kit.Field
	second *kit.Field
	take   *kit.Button
}

func newTender(w *Window) page {
	p := &tenderPage{w: w, now: w.tendering}
	p.size = &resizing{changed: p.build}
	p.object = container.New(p.size)
	return p
}

// Object is part of page.
func (p *tenderPage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *tenderPage) Title() string { return p.w.Say("pay.title") }

// Opened is part of opener.
func (p *tenderPage) Opened(with any) {
	if t, ok := with.(tendering); ok {
		p.now = t
		if t.kind.Family() == "foreign" {
			p.now.texts[0] = entryOf(foreignOf(t.kind), p.foreign())
		}
		p.w.tendering = p.now
		if p.size.known {
			p.build()
		}
	}
}

func foreignOf(k till.TenderKind) money.Currency {
	c, err := money.CurrencyOf(k.Detail())
	if err != nil {
		return money.Currency{Code: k.Detail(), Exponent: 2}
	}
	return c
}

// foreign is what the amount comes to in the foreign currency, rounded up to its smallest unit.
func (p *tenderPage) foreign() money.Amount {
	home, cur := p.w.Currency(), foreignOf(p.now.kind)
	n, err := money.MulDiv(int64(p.now.amount), int64(cur.Unit())*1_000_000, p.now.rate*int64(home.Unit()), money.HalfAwayFromZero)
	if err != nil {
		return 0
	}
	return money.Amount(n)
}

// key is the part of the words' keys that tells the tenders apart.
func (p *tenderPage) key() string { return p.now.kind.Family() }

func (p *tenderPage) build() {
	w := p.w
	left := float32(380)
	if p.size.last {
		left = 320
	}
	amount := w.Money(p.now.amount)
	foreign := p.key() == "foreign"
	asked := amount
	if foreign {
		asked = Money(foreignOf(p.now.kind), p.foreign())
	}
	total := w.payTotal(w.view, 56)
	total.Foot = nil
	back := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Icon: "arrow-left", Label: w.Say("tender.back"), Key: "Esc", OnTap: w.Back})
	column := kit.Col(10, kit.NewTotal(total), kit.Grow(1, infoCard([]infoRow{
		{w.Say("tender.method"), w.tenderName(p.now.kind)}, {w.Say("tender.amount"), amount},
	})), kit.Fixed(56, back))

	banner := kit.NewBanner(kit.Good, false, tenderIcon(p.now.kind), w.Say("tender."+p.key()+"_ask", "amount", asked),
		w.Say("tender."+p.key()+"_title"), nil)
	rate := ""
	for _, r := range foreignRates(w.view.Settings.Rates) {
		if r.currency == p.now.kind.Detail() {
			rate = r.text
		}
	}
	body := kit.NewParagraph(w.Say("tender."+p.key()+"_body", "rate", rate, "home", amount), 18, kit.Ink)
	changed := func(i int) func(string) {
		return func(t string) { p.w.tendering.texts[i] = t; p.ready() }
	}
	enter := func(string) { p.book() }
	var fields fyne.CanvasObject
	p.second = nil
	switch p.key() {
	case "card":
		p.second = kit.NewField(kit.FieldSpec{Label: w.Say("tender.card_approval"), Limit: 40, OnChange: changed(1), OnEnter: enter}, p.w.tendering.texts[1])
		p.first = kit.NewField(kit.FieldSpec{Label: w.Say("tender.card_last4"), Limit: 4, Accept: isDigit, OnChange: changed(0),
			OnEnter: func(string) { p.second.Focus() }}, p.w.tendering.texts[0])
		fields = kit.Row(12, kit.Grow(1, p.first), kit.Grow(1.4, p.second))
	case "foreign":
		p.first = kit.NewField(kit.FieldSpec{Label: w.Say("tender.foreign_amount", "currency", p.now.kind.Detail()), Limit: 12, Accept: isEntry,
			OnChange: changed(0), OnEnter: enter}, p.w.tendering.texts[0])
		fields = p.first
	default:
		p.first = kit.NewField(kit.FieldSpec{Label: w.Say("tender.reference"), Limit: 60, OnChange: changed(0), OnEnter: enter}, p.w.tendering.texts[0])
		fields = p.first
	}
	p.take = kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Icon: "check", Label: w.Say("tender.take"), Sub: amount, Key: "Enter", OnTap: p.book})
	keypad := kit.NewKeypad(3, 60, 28, kit.CashKeys(), p.tapKey)
	note := kit.NewNote(kit.Row(12, kit.NewIcon("shield-check", 22, kit.Ink2), kit.Grow(1, kit.NewParagraph(w.Say("tender."+p.key()+"_safe"), 16, kit.Ink))))
	panel := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Col(0, banner,
		kit.Grow(1, kit.Inset(16, 30, 16, 30, kit.Row(24, kit.Grow(1, kit.Col(16, body, fields, note)), kit.Fixed(240, kit.Col(0, keypad)))))))
	p.object.Objects = []fyne.CanvasObject{kit.Row(12, kit.Fixed(left, column), kit.Grow(1, kit.Col(10, kit.Grow(1, panel), kit.Fixed(72, p.take))))}
	p.object.Refresh()
	p.ready()
	p.first.Focus()
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

type infoRow struct{ label, value string }

// infoCard lists facts: a label at the left, what it is at the right.
func infoCard(rows []infoRow) fyne.CanvasObject {
	col := kit.Col(0)
	for _, r := range rows {
		col.Add(kit.Fixed(46, kit.Row(12, kit.Middle(kit.NewLabel(r.label, 15, kit.Ink3)), kit.Grow(1, kit.Middle(kit.NewLabel(r.value, 16, kit.Ink).Trailing())))))
		col.Add(kit.Hairline())
	}
	return kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(6, 18, 6, 18, col))
}

// ready turns the button on once what must be there is.
func (p *tenderPage) ready() {
	if p.take == nil {
		return
	}
	switch p.key() {
	case "transfer":
		if strings.TrimSpace(p.w.tendering.texts[0]) == "" {
			p.take.Off(p.w.Say("qr.confirm_needs"))
			return
		}
	case "foreign":
		if a, ok := ParseEntry(foreignOf(p.now.kind), p.w.tendering.texts[0]); !ok || a <= 0 {
			p.take.Off("")
			return
		}
	}
	p.take.On()
}

// book writes the tender down.
func (p *tenderPage) book() {
	w := p.w
	if p.take == nil || p.take.Disabled() {
		w.play("notfound")
		return
	}
	c := till.Pay{Kind: p.now.kind}
	if p.now.amount < w.view.Due {
		c.Amount = p.now.amount
	}
	switch p.key() {
	case "card":
		c.Ref = strings.Trim(strings.TrimSpace(p.w.tendering.texts[0])+"/"+strings.TrimSpace(p.w.tendering.texts[1]), "/")
	case "foreign":
		c.Rate = p.now.rate
		a, _ := ParseEntry(foreignOf(p.now.kind), p.w.tendering.texts[0])
		if a != p.foreign() {
			// What was handed over says what it is worth.
			c.ForeignAmount, c.Amount = a, 0
		}
	default:
		c.Ref = strings.TrimSpace(p.w.tendering.texts[0])
	}
	w.Do(c)
}

func (p *tenderPage) tapKey(id string) {
	if f, ok := p.w.win.Canvas().Focused().(*kit.Field); !ok || f == nil {
		p.first.Focus()
	}
	if id == kit.KeyBack {
		p.w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		return
	}
	p.w.typed(id)
}

// Show is part of page.
func (p *tenderPage) Show(till.View) {}

// Key is part of page.
func (p *tenderPage) Key(e KeyEvent) bool {
	switch e.Action {
	case "":
		if p.first != nil {
			p.first.Focus()
			p.w.typed(string(e.Rune))
		}
	case ActEnter, ActPay:
		p.book()
	case ActBack:
		return false
	default:
		return e.Action == ActPrint
	}
	return true
}

// Scan is part of page: a product must not end up in a reference, nor in this sale, which the terminal may have paid.
func (p *tenderPage) Scan(code string) bool {
	if _, receipt := p.w.receiptOf(code); receipt {
		p.w.play("notfound")
		return true
	}
	p.w.sellCode(code)
	return true
}
