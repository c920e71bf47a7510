package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// sellPage is where goods become a sale: the cart at the left, tiles, keypad and total at the right.
type sellPage struct {
	w      *Window
	object *fyne.Container
	size   sellSize
	cart   *cartPanel
	strip  *scanStrip
	tiles  *tilePanel
	total  *totalPanel
	sheet  *discountSheet
	right  *fyne.Container
	shown  bool
}

// sellSize is the measure of the page's parts at one width of the window.
type sellSize struct {
	below          float32 // the width of the window under which the next smaller one applies
	cart           float32
	cols, rows     int
	tile           float32
	keypad         float32
	total          float32 // text
	narrow, stacks bool
	hint           bool // there is room for the words under the total
}

var sellSizes = []sellSize{
	{below: 1600, cart: 720, cols: 7, rows: 5, tile: 104, keypad: kit.KeypadWide, total: 120},
	{below: narrowBelow, cart: 560, cols: 5, rows: 3, tile: 92, keypad: kit.KeypadWidth, total: 72},
	{cart: 436, cols: 4, rows: 3, tile: 92, keypad: kit.KeypadNarrow, total: 50, narrow: true, stacks: true},
}

// Heights on the sell page: of what is above and between the tiles, and of a row of keys at the least.
const (
	sellBetween = 82
	sellKeyRow  = 64
)

// sellSizeFor returns the measures for a page of a size. A low window has fewer rows of tiles.
func sellSizeFor(width, height float32) sellSize {
	s := sellSizes[len(sellSizes)-1]
	for _, x := range sellSizes {
		if width >= x.below {
			s = x
			break
		}
	}
	for s.rows > 1 && sellBetween+float32(s.rows)*(s.tile+10)+4*sellKeyRow-8 > height {
		s.rows--
	}
	lower := height - sellBetween - float32(s.rows)*(s.tile+10)
	s.stacks = s.stacks && lower >= 248
	block := lower - 94
	if s.stacks {
		block = lower - 152
	}
	s.hint = block >= s.total*1.1+72
	return s
}

func newSell(w *Window) page {
	p := &sellPage{w: w}
	p.object = container.New(p)
	return p
}

// MinSize leaves the window free.
func (p *sellPage) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(800, 500) }

// Layout builds the page for the width it gets.
func (p *sellPage) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	if s.Width <= 0 {
		return
	}
	if size := sellSizeFor(s.Width, s.Height); size != p.size || p.cart == nil {
		p.size = size
		p.build()
	}
	body := p.object.Objects[0]
	body.Resize(s)
	body.Move(fyne.NewPos(0, 0))
}

func (p *sellPage) build() {
	p.strip = newScanStrip(p)
	p.cart = newCartPanel(p)
	p.tiles = newTilePanel(p)
	p.total = newTotalPanel(p)
	p.sheet = newDiscountSheet(p)
	pad := kit.NewKeypad(4, 0, 0,
		kit.SellKeys(p.w.Say("sell.quantity_key"), p.w.Say("sell.amount_key"), p.w.Say("sell.enter_key")), p.tapKey)
	lower := kit.Row(12, kit.Fixed(p.size.keypad, pad), kit.Grow(1, p.total.object))
	p.right = kit.Col(10, kit.Stack(p.tiles.object, p.sheet.object), kit.Grow(1, lower))
	p.object.Objects = []fyne.CanvasObject{kit.Pad(12, kit.Row(12, kit.Fixed(p.size.cart, p.cart.object), kit.Grow(1, p.right)))}
	if p.shown {
		p.Show(p.w.view)
	}
}

// Object is part of page.
func (p *sellPage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *sellPage) Title() string { return p.w.Say("sell.title") }

// Notices is part of noticer: the scan strip shows them.
func (p *sellPage) Notices() bool { return true }

// Show is part of page.
func (p *sellPage) Show(v till.View) {
	p.shown = true
	if p.cart == nil {
		return
	}
	p.strip.show(v)
	p.cart.show(v)
	p.tiles.show(v)
	p.total.show(v)
	p.sheet.show(v)
}

// Typed is part of typist.
func (p *sellPage) Typed(string) {
	if p.cart != nil {
		p.strip.show(p.w.view)
		p.sheet.show(p.w.view)
	}
}

// Leave is part of leaver.
func (p *sellPage) Leave() {
	p.w.sell.search, p.w.sell.discount = nil, nil
}

// Scan is part of page: the window sells every code by itself, but one that answers a manager's PIN.
func (p *sellPage) Scan(string) bool { return false }

// line is the chosen line of the cart, the latest one where none is; nil in an empty cart.
func (p *sellPage) line() *till.Line {
	s := p.w.view.Sale
	if s == nil {
		return nil
	}
	if l := s.Line(p.w.sell.line); l != nil && !l.Voided {
		return l
	}
	if l := s.Line(p.w.view.LastLine); l != nil && !l.Voided {
		return l
	}
	for i := len(s.Lines) - 1; i >= 0; i-- {
		if !s.Lines[i].Voided {
			return &s.Lines[i]
		}
	}
	return nil
}

func (p *sellPage) tapKey(id string) {
	switch id {
	case kit.KeyBack:
		p.Key(KeyEvent{Action: ActErase})
	case kit.KeyQuantity:
		p.Key(KeyEvent{Action: ActQuantity})
	case kit.KeyAmount:
		p.amount()
	case kit.KeyEnter:
		p.Key(KeyEvent{Action: ActEnter})
	default:
		p.w.typed(id)
	}
}

// typed takes digits of the keypad on the screen: into the field that has the focus, else into the entry.
func (w *Window) typed(s string) {
	if f, ok := w.win.Canvas().Focused().(*kit.Field); ok {
		for _, ch := range s {
			f.TypedRune(ch)
		}
		return
	}
	w.entry.add(s)
}

// amount sells goods without a barcode at the typed price, or asks for it.
func (p *sellPage) amount() {
	w := p.w
	if w.view.Approval != nil || w.sell.asking != nil {
		return
	}
	if price, err := w.Currency().ParsePrice(tidyNumber(w.entry.text)); err == nil && price > 0 {
		w.entry.clear()
		w.sellTyped(price)
		return
	}
	w.ask(&asking{kind: askAmount})
	w.refreshPage()
}

// Key is part of page.
func (p *sellPage) Key(e KeyEvent) bool {
	w := p.w
	if e.Rune != 0 && e.Action == "" {
		if !isEntry(e.Rune) {
			return true // letters are no keys of this page
		}
		w.entry.add(string(e.Rune))
		return true
	}
	if w.view.Approval != nil && w.approvalKey(e) {
		return true
	}
	if w.sell.discount != nil && p.sheet.key(e.Action) {
		return true
	}
	switch e.Action {
	case ActErase:
		if f, ok := w.win.Canvas().Focused().(*kit.Field); ok {
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		} else {
			w.entry.erase()
		}
	case ActEnter:
		p.enter()
	case ActQuantity:
		if q, err := money.ParseQuantity(tidyNumber(w.entry.text)); err == nil && q > 0 && w.sell.asking == nil {
			w.sell.quantity = q
			w.entry.clear()
			w.refreshPage()
		}
	case ActMore:
		p.step(money.One)
	case ActLess:
		p.step(-money.One)
	case ActVoid:
		if l := p.line(); l != nil {
			w.Do(till.VoidLine{Line: l.N})
		}
	case ActUp:
		p.cart.move(-1)
	case ActDown:
		p.cart.move(1)
	case ActUndo:
		w.undo()
	case ActCash:
		p.cash()
	case ActPay:
		w.toPay()
	case ActDiscount:
		p.openDiscount()
	case actPrice:
		p.openPrice()
	case ActPark:
		w.entry.clear()
		w.Do(till.Park{})
	case ActNextPark:
		if len(w.view.Parked) > 0 {
			w.Do(till.Recall{Sale: w.view.Parked[0].Sale.ID})
		}
	case ActSearch:
		p.openSearch()
	case ActBack:
		return p.backOne()
	default:
		return false
	}
	return true
}

// enter takes what is typed: an answer, a code, or with nothing typed the way to payment.
func (p *sellPage) enter() {
	w := p.w
	switch {
	case w.sell.asking != nil:
		w.answer()
	case w.sell.search != nil:
		if s := w.sell.search; s.done == s.text && len(s.found) > 0 {
			p.closeSearch()
			w.sellItem(s.found[0])
		}
	case w.entry.text != "":
		code := w.entry.text
		w.entry.clear()
		w.sellCode(code)
	default:
		w.toPay()
	}
}

// step counts the chosen line up or down. It never takes a line off: that is the bin's.
func (p *sellPage) step(by money.Quantity) {
	l := p.line()
	switch {
	case l == nil:
	case l.Weighed:
		p.w.ask(&asking{kind: askWeight, line: l.N, item: till.Item{Name: l.Name, NameEN: l.NameEN, Unit: l.Unit}})
		p.w.refreshPage()
	case l.Qty+by > 0:
		p.w.Do(till.SetQty{Line: l.N, Qty: l.Qty + by})
	}
}

// cash takes the typed amount in cash at once, or opens the cash page.
func (p *sellPage) cash() {
	w := p.w
	if w.view.Sale == nil || w.sell.asking != nil {
		w.toPay()
		return
	}
	if a, ok := ParseEntry(w.Currency(), w.entry.text); ok && a > 0 {
		w.entry.clear()
		w.Do(till.PayCash{Tendered: a})
		return
	}
	if w.view.Due > 0 {
		w.Open(PageCash)
	} else {
		w.toPay()
	}
}

// toPay goes on to payment. A sale that comes to nothing is closed at once.
func (w *Window) toPay() {
	switch s := w.view.Sale; {
	case s == nil || s.Live() == 0:
		w.play("notfound")
	case w.view.Due == 0 && len(s.Tenders) == 0:
		w.Do(till.Pay{Kind: till.NoTender})
	default:
		w.Open(PagePay)
	}
}

// undo takes the last act back: a cash tender where there is one, else the last change of the cart.
func (w *Window) undo() {
	if s := w.view.Sale; s != nil && len(s.Tenders) > 0 {
		w.Do(till.TakeBack{})
		return
	}
	w.Do(till.Undo{})
}

// backOne closes what is open, one thing at a time, and reports whether anything was.
func (p *sellPage) backOne() bool {
	w := p.w
	switch {
	case w.view.Approval != nil:
		w.entry.clear()
		w.Do(till.DropApproval{})
	case w.sell.discount != nil:
		p.closeDiscount()
	case w.sell.asking != nil:
		w.sell.asking = nil
		w.entry.clear()
		w.win.Canvas().Unfocus()
		w.refreshPage()
	case w.sell.search != nil:
		p.closeSearch()
		w.refreshPage()
	case w.entry.text != "":
		w.entry.clear()
	case w.sell.quantity != 0:
		w.sell.quantity = 0
		w.refreshPage()
	case w.message != nil:
		w.hideMessage()
	default:
		return true // the sale is where Esc ends
	}
	return true
}

// approvalKey handles the keys while a manager's PIN is asked, and reports whether it did.
func (w *Window) approvalKey(e KeyEvent) bool {
	switch {
	case e.Action == "" && isEntry(e.Rune):
		w.entry.add(string(e.Rune))
	case e.Action == ActEnter:
		w.approve()
	case e.Action == ActErase:
		w.entry.erase()
	case e.Action == ActBack:
		w.entry.clear()
		w.Do(till.DropApproval{})
	default:
		return false
	}
	return true
}

// approve hands the typed PIN over.
func (w *Window) approve() {
	if pin := w.entry.text; pin != "" && !w.view.Approval.Checking {
		w.entry.clear()
		w.Do(till.Approve{PIN: pin})
	}
}

func (p *sellPage) openSearch() {
	w := p.w
	w.ask(nil)
	w.sell.search = &search{}
	w.refreshPage()
	p.strip.focus()
}

func (p *sellPage) closeSearch() {
	p.w.sell.search = nil
	p.w.win.Canvas().Unfocus()
}
