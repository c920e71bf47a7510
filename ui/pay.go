package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// payPage offers every way to pay, for all that is due or for the amount typed.
type payPage struct {
	payDrawing
	object *fyne.Container
	size   *resizing
	total  *kit.TotalBlock
	amount *kit.AmountBox
	parts  *kit.Segments
	quick  *fyne.Container
	held   string // a product scanned here, until the cashier says what it is for
}

// paying is what the paying pages are drawn from; where it is the same, they stay as they are.
type paying struct {
	sale      *till.Sale
	due, cash money.Amount
	next      int
	rates     string
	methods   *PayMethod
	wallets   string
	code      *till.ShownQR
	terminal  string
}

func (w *Window) paying() paying {
	v := w.view
	p := paying{sale: v.Sale, due: v.Due, cash: v.CashDue, next: v.Next, rates: v.Settings.Rates, wallets: w.walletsDrawn(), code: v.QR, terminal: v.Terminal}
	if len(w.methods) > 0 {
		p.methods = &w.methods[0]
	}
	return p
}

func newPay(w *Window) page {
	p := &payPage{}
	p.payDrawing = payDrawing{w: w, build: p.build, show: p.show}
	p.size = &resizing{changed: p.build, exact: true}
	p.object = container.New(p.size)
	return p
}

// Object is part of page.
func (p *payPage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *payPage) Title() string { return p.w.Say("pay.title") }

func (p *payPage) build() {
	w := p.w
	p.built()
	narrow := p.size.last
	left := float32(420)
	if narrow {
		left = 340
	}
	total, key, chips := p.fit(left)
	p.total = kit.NewTotal(total)
	p.amount = kit.NewAmountBox(w.Say("pay.now"), "", 24, 56)
	p.parts = kit.NewSegments([]string{w.Say("pay.all"), w.Say("pay.half"), w.Say("pay.third")}, 0, p.part)
	p.quick = kit.Row(10)
	pad := kit.NewKeypad(4, key, 0, kit.PayKeys(w.Say("pay.clear")), p.tapKey)
	zero := func(id string) fyne.CanvasObject {
		return kit.Grow(1, kit.NewKey(kit.KeypadKey{ID: id, Text: id}, 28, p.tapKey))
	}
	back := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Icon: "arrow-left", Label: w.Say("pay.back"), Key: "Esc", OnTap: w.Back})
	bottom := kit.Fixed(56, kit.Row(8, kit.Grow(2.08, back), zero("0"), zero(".")))
	parts := kit.Fixed(48, p.parts)
	parts.Hidden = !chips
	column := kit.Col(10, kit.Grow(1, p.total), kit.Col(8, p.amount, parts, pad, bottom))
	ways := p.ways(narrow)
	if s := p.object.Size(); kit.HeightAt(ways, s.Width-left-36) > s.Height-24 {
		ways = kit.NewScroll(kit.Inset(2, 3, 2, 3, ways))
	}
	p.object.Objects = []fyne.CanvasObject{kit.Row(12, kit.Fixed(left, column), kit.Grow(1, ways))}
	p.show()
	p.object.Refresh()
}

// fit is what the total block says in the width and the height that there are, the height of a key, and whether there is room for the
// parts of the amount.
func (p *payPage) fit(width float32) (t kit.TotalView, key float32, parts bool) {
	t, key, parts = p.w.payTotal(p.w.view, 68), 54, true
	for long := width; len(t.Foot) > 1 && long > width-44; {
		long = -12
		for _, s := range t.Foot {
			long += kit.TextWidth(s, 16, false) + 12
		}
		if long > width-44 {
			t.Foot = t.Foot[1:] // the subtotal first
		}
	}
	need := func() float32 {
		h := 58 + t.Size*1.1
		if t.Progress >= 0 {
			h += 46
		}
		for _, k := range t.Taken {
			h += 54
			if k.OnUndo != nil {
				h += 8
			}
		}
		if len(t.Foot) > 0 {
			h += 44
		}
		if t.Hint != "" {
			h += 20
		}
		return h
	}
	room := p.size.height - 24 - 372
	if need() > room {
		t.Size, t.Foot, key = 44, nil, 48
		room += 18
	}
	if need() > room && len(t.Taken) > 1 {
		t.Taken = t.Taken[len(t.Taken)-1:]
	}
	if need() > room {
		parts = false
		room += 56
	}
	if need() > room {
		t.Taken, t.Hint, t.HintIcon = nil, "", "" // what was paid is under the bar
	}
	return t, key, parts
}

// section is the head of a group of tenders.
func section(icon, label, note string) fyne.CanvasObject {
	return kit.Fixed(28, kit.Row(8, kit.NewIcon(icon, 20, kit.Ink2), kit.Middle(kit.NewBold(label, 16, kit.Ink2)), kit.Space(), kit.Middle(kit.NewLabel(note, 14, kit.Ink3))))
}

// ways lists what the customer may pay with.
func (p *payPage) ways(narrow bool) fyne.CanvasObject {
	w := p.w
	cols := 4
	note := w.Say("pay.cash_help")
	if narrow {
		cols, note = 3, ""
	}
	qr := p.walletTenders()
	for _, m := range w.methods {
		key := ""
		if m.Letter != 0 && !w.walletHas(m.Letter) {
			key = string(m.Letter)
		}
		t := kit.NewTender(kit.TenderSpec{Plate: methodPlate(m, 44), Name: w.ItemName(m.Title, m.TitleEN), Key: key, OnTap: func() { p.showQR(m) }})
		if m.Off != "" {
			t.Off(m.Off)
		}
		qr = append(qr, t)
	}
	var codes fyne.CanvasObject = kit.Grid(cols, 10, 88, qr...)
	if len(qr) == 0 {
		codes = kit.NewNote(kit.Row(12, kit.NewIcon("info", 22, kit.Ink2), kit.Grow(1, kit.Col(0,
			kit.NewBold(w.Say("pay.qr_none"), 16, kit.Ink), kit.NewLabel(w.Say("pay.qr_none_body"), 15, kit.Ink2)))))
	}
	other := append(p.cardTenders(),
		kit.NewTender(kit.TenderSpec{Plate: w.plate(till.Transfer, 44), Name: w.Say("pay.transfer"), Sub: w.Say("pay.transfer_help"), Key: "B", OnTap: func() { p.tender(till.Transfer, 0) }}))
	for _, r := range foreignRates(w.view.Settings.Rates) {
		other = append(other, kit.NewTender(kit.TenderSpec{Plate: w.plate("foreign:", 44), Name: w.Say("pay.foreign", "currency", r.currency),
			Sub: w.Say("pay.foreign_rate", "rate", r.text), OnTap: func() { p.tender(till.TenderKind("foreign:"+r.currency), r.rate) }}))
	}
	return kit.Col(14,
		kit.Col(4, section("banknote", w.Say("pay.cash"), note), kit.Fixed(88, p.quick)), p.takeStrip(),
		kit.Col(4, section("qr-code", w.Say("pay.qr"), ""), codes),
		kit.Col(4, section("credit-card", w.Say("pay.other"), ""), kit.Grid(cols, 10, 88, other...)))
}

// show draws what depends on the amount typed.
func (p *payPage) show() {
	w := p.w
	a, all := w.amountTyped()
	text := w.Money(a)
	if w.entry.text != "" {
		text = w.Currency().Symbol() + w.entry.text
	}
	p.amount.Set(text)
	p.amount.Activate(w.entry.text != "")
	at := -1
	switch {
	case all:
		at = 0
	case a == part(w.view.Due, 2):
		at = 1
	case a == part(w.view.Due, 3):
		at = 2
	}
	p.parts.Select(at)
	due := w.view.CashDue
	if !all && a < w.view.Due {
		due = a
	}
	n := 4
	if p.size.last {
		n = 3
	}
	p.quick.Objects = nil
	for i, sum := range quickCash(w.Currency(), due, n) {
		spec := kit.ButtonSpec{Label: Round(w.Currency(), sum), Text: 28, OnTap: func() { p.cash(due, sum) }}
		if i == 0 {
			spec.Label, spec.Text, spec.Sub, spec.SubFirst = w.Money(sum), 22, w.Say("pay.exact"), true
		}
		p.quick.Add(kit.Grow(1, kit.NewButton(spec)))
	}
	p.quick.Add(kit.Grow(1, kit.NewButton(kit.ButtonSpec{Label: w.Say("pay.other_cash"), Key: "F8", Stack: true, Text: 17, OnTap: p.toCash})))
	p.quick.Refresh()
}

// part is one of n parts of what is due.
func part(due money.Amount, n int64) money.Amount {
	a, err := money.MulDiv(int64(due), 1, n, money.HalfAwayFromZero)
	if err != nil {
		return due
	}
	return money.Amount(a)
}

// part types a half or a third of what is due.
func (p *payPage) part(i int) {
	w := p.w
	if i == 0 {
		w.entry.clear()
		p.show()
		return
	}
	w.entry.set(w.Currency().Format(part(w.view.Due, int64(i+1))))
}

// cash takes sum for an amount, which may be part of what is due.
func (p *payPage) cash(amount, sum money.Amount) {
	w := p.w
	w.entry.clear()
	c := till.PayCash{Tendered: sum}
	if amount < w.view.CashDue {
		c.Amount = amount
	}
	w.Do(c)
}

// toCash takes the typed amount in cash, or opens the cash page.
func (p *payPage) toCash() {
	w := p.w
	if a, all := w.amountTyped(); !all {
		w.entry.clear()
		w.Do(till.PayCash{Tendered: a})
		return
	}
	w.Open(PageCash)
}

func (p *payPage) showQR(m PayMethod) {
	w := p.w
	if m.Off != "" {
		w.play("notfound")
		return
	}
	a, all := w.amountTyped()
	if all {
		a = 0
	}
	w.entry.clear()
	w.Do(till.ShowQR{Method: m.Name, Amount: a})
}

// tender opens the page of a tender that a person confirms.
func (p *payPage) tender(k till.TenderKind, rate int64) {
	a, _ := p.w.amountTyped()
	p.w.OpenWith(PageTender, tendering{kind: k, amount: a, rate: rate})
}

func (p *payPage) tapKey(id string) {
	switch id {
	case kit.KeyBack:
		p.w.entry.erase()
	case kit.KeyClear:
		p.w.entry.clear()
	default:
		p.w.typed(id)
	}
}

// Key is part of page.
func (p *payPage) Key(e KeyEvent) bool {
	w := p.w
	if e.Action == "" {
		if isEntry(e.Rune) {
			w.entry.add(string(e.Rune))
			return true
		}
		return p.letter(e.Rune)
	}
	switch e.Action {
	case ActErase:
		w.entry.erase()
	case ActCash:
		p.toCash()
	case ActUndo:
		w.undo()
	case ActBack:
		if p.held != "" {
			p.release()
		} else if w.entry.text != "" {
			w.entry.clear()
		} else {
			return false
		}
	case ActEnter:
		if p.held != "" {
			p.addHeld()
		} else if code := w.entry.text; w.isPayCode(code) {
			w.takeCode(code) // typed by hand
		}
	case ActPark:
		w.Do(till.Park{})
	case ActPay:
	default:
		return false
	}
	return true
}

// letter picks the tender that a letter stands for.
func (p *payPage) letter(ch rune) bool {
	if p.walletLetter(ch) {
		return true
	}
	for _, m := range p.w.methods {
		if m.Letter == ch {
			p.showQR(m)
			return true
		}
	}
	switch ch {
	case 'C', 'M':
		p.cardKey(ch)
	case 'B':
		p.tender(till.Transfer, 0)
	}
	return true
}

// Scan is part of page. A product scanned while paying may be the next customer's, so the cashier is asked.
func (p *payPage) Scan(code string) bool {
	w := p.w
	if w.isPayCode(code) {
		w.takeCode(code)
		return true
	}
	if s := w.view.Sale; s == nil || len(s.Tenders) > 0 {
		return false
	}
	p.held = code
	w.play("notfound")
	w.message = &Message{Tone: ToneInfo, Icon: "scan-barcode", Title: w.Say("pay.scanned", "code", code), Body: w.Say("pay.scanned_body"),
		Actions: []MessageAction{{w.Say("pay.scanned_add"), "Enter", p.addHeld}, {w.Say("pay.scanned_no"), "Esc", p.release}}}
	w.refreshPage()
	return true
}

func (p *payPage) addHeld() {
	code := p.held
	p.held = ""
	p.w.message = nil
	p.w.sellCode(code)
}

func (p *payPage) release() {
	p.held = ""
	p.w.hideMessage()
}

// rate is what a foreign currency is taken at.
type rate struct {
	currency, text string
	rate           int64 // millionths of a ledger unit
}

// foreignRates reads the shop's rates: USD=7.10 EUR=7.80. What cannot be read is left out.
func foreignRates(s string) []rate {
	var out []rate
	for _, f := range strings.Fields(s) {
		cur, text, ok := strings.Cut(f, "=")
		if _, err := money.CurrencyOf(cur); !ok || err != nil {
			continue
		}
		whole, rest, _ := strings.Cut(text, ".")
		if len(rest) > 6 || len(whole) > 9 || whole == "" {
			continue
		}
		n := int64(0)
		valid := true
		for _, ch := range whole + (rest + "000000")[:6] {
			valid = valid && ch >= '0' && ch <= '9'
			n = n*10 + int64(ch-'0')
		}
		if valid && n > 0 {
			out = append(out, rate{cur, text, n})
		}
	}
	return out
}
