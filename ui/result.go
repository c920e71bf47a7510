package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// resultPage is what a paid sale ends in: the change, as large as the room. It stays until the next scan.
type resultPage struct {
	w      *Window
	object *fyne.Container
	size   *resizing
	sale   *till.Sale
	parked till.ID // of the parked sale that is offered; it may complete by itself
}

func newResult(w *Window) page {
	p := &resultPage{w: w}
	p.size = &resizing{changed: func() { p.sale = nil; p.draw() }}
	p.object = container.New(p.size)
	return p
}

// Object is part of page.
func (p *resultPage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *resultPage) Title() string { return p.w.Say("result.paid") }

// Show is part of page.
func (p *resultPage) Show(till.View) {
	if p.size.known {
		p.draw()
	}
}

func (p *resultPage) draw() {
	w := p.w
	done := w.view.Done
	var parked till.ID
	if len(w.view.Parked) > 0 {
		parked = w.view.Parked[0].Sale.ID
	}
	if done == nil || done.Sale == nil || done.Sale == p.sale && parked == p.parked {
		return
	}
	s := done.Sale
	p.sale, p.parked = s, parked
	if t := byWallet(done); t != nil {
		p.object.Objects = []fyne.CanvasObject{p.received(s, t)}
		p.object.Refresh()
		return
	}
	right, size := float32(420), float32(150)
	if p.size.last {
		right, size = 330, 120
	}
	var received money.Amount
	var kinds []till.TenderKind
	cash, unproven := false, false
	for _, t := range s.Tenders {
		received += t.Tendered
		kinds = append(kinds, t.Kind)
		cash = cash || t.Kind == till.Cash || t.Kind.Family() == "foreign"
		unproven = unproven || t.Kind.NeedsProof() && t.Evidence != till.ByProvider
	}
	head := kit.Row(12, kit.NewIcon("circle-check", 36, kit.OnAccent), kit.Middle(kit.NewBold(w.Say("result.paid"), 28, kit.OnAccent)), kit.Space(),
		kit.Middle(kit.NewLabel(receiptNo(s.Receipt)+" · "+w.tenderNames(kinds), 20, kit.OnAccent)))
	label, amount := w.Say("result.change"), w.Money(done.Change)
	if done.Change == 0 {
		label, amount = w.Say("result.no_change"), w.Money(s.Total())
	}
	var pieces []fyne.CanvasObject
	for i, n := range changeOf(w.Currency(), done.Change) {
		if i == 5 {
			break
		}
		pieces = append(pieces, kit.Fixed(116, kit.NewPanel(kit.Clear, kit.OnAccent, 2, kit.RadiusField, kit.Middle(kit.Col(0,
			kit.NewBold(w.pieceName(n.Denomination), 26, kit.OnAccent).Centred(), kit.NewLabel("× "+money.Quantity(n.N*1000).String(), 16, kit.OnAccent).Centred())))))
	}
	sums := kit.Row(0, kit.NewLabel(w.Say("result.total", "amount", w.Money(s.Total())), 20, kit.OnAccent), kit.Space(),
		kit.NewLabel(w.Say("result.received", "amount", w.Money(received)), 20, kit.OnAccent), kit.Space(),
		kit.NewLabel(w.Say("result.change_sum", "amount", w.Money(done.Change)), 20, kit.OnAccent))
	foot := kit.Col(16)
	if len(pieces) > 0 {
		foot.Add(kit.Fixed(84, kit.Row(10, pieces...)))
	}
	foot.Add(sums)
	panel := kit.NewPanel(kit.Accent, kit.Clear, 0, kit.RadiusCard, kit.Inset(36, 44, 36, 44, kit.Col(0, head, kit.Space(),
		kit.NewLabel(label, 28, kit.OnAccent), kit.NewMoney(amount, size, kit.OnAccent), kit.Space(), foot)))

	facts := kit.Col(0)
	if cash && w.connected("printer") { // the drawer hangs on it
		facts.Add(fact("archive", w.Say("result.drawer"), w.Say("result.drawer_detail"), kit.Accent, p.size.pick(2, 1)))
	}
	if w.connected("printer") {
		facts.Add(fact("receipt-text", w.Say("result.print"), w.Say("result.print_detail"), kit.Accent, p.size.pick(2, 1)))
	} else {
		facts.Add(fact("receipt-text", w.Say("result.no_printer"), w.Say("result.no_printer_detail"), kit.Ink3, p.size.pick(2, 1)))
	}
	facts.Add(fact("hard-drive", w.Say("result.saved"), w.Say("result.saved_detail", "no", receiptNo(s.Receipt), "time", w.local(s.CompletedAt).Format("15:04:05")), kit.Accent, p.size.pick(2, 1)))
	if unproven {
		facts.Add(fact("triangle-alert", w.Say("result.tenders")+": "+w.tenderNames(kinds), w.Say("result.unproven"), kit.Warn, p.size.pick(2, 1)))
	}
	next := kit.NewTap(kit.Style{Fill: kit.Accent, Radius: kit.RadiusCard, Pressed: kit.AccentPress}, kit.Inset(0, 22, 0, 22, kit.Row(18,
		kit.NewIcon("scan-barcode", 44, kit.OnAccent),
		kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.Say("result.next"), 22, kit.OnAccent), kit.NewLabel(w.Say("result.next_detail"), 16, kit.OnAccent)))),
		kit.Middle(kit.NewKeyCap("Enter", kit.OnAccent)))), p.next)
	if p.size.last {
		next = kit.NewTap(kit.Style{Fill: kit.Accent, Radius: kit.RadiusCard, Pressed: kit.AccentPress}, kit.Inset(0, 16, 0, 16, kit.Row(12,
			kit.NewIcon("scan-barcode", 36, kit.OnAccent),
			kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.Say("result.next"), 20, kit.OnAccent), kit.NewLabel(w.Say("result.next_detail"), 14, kit.OnAccent)))))), p.next)
	}
	side := kit.Col(12, kit.NewCard(14, facts),
		kit.Fixed(p.size.pick(64, 56), kit.NewButton(kit.ButtonSpec{Icon: "printer", Label: w.Say("result.again"), Key: "F5", Left: true, OnTap: p.again})),
		kit.Fixed(p.size.pick(64, 56), kit.NewButton(kit.ButtonSpec{Icon: "undo-2", Label: w.Say("result.wrong"), Left: true, OnTap: func() { w.OpenWith(PageReturns, s.Receipt) }})),
		kit.Space(), kit.Fixed(p.size.pick(104, 80), next))
	if parked := w.view.Parked; len(parked) > 0 {
		// It may hold what the next customer put down while this one paid.
		bring := kit.NewButton(kit.ButtonSpec{Icon: "pause", Label: w.Say("result.parked", "n", strconv.Itoa(parked[0].N), "amount", w.Money(parked[0].Sale.Total())),
			Key: "F4", Left: true, OnTap: p.recall})
		side.Objects = slices.Insert(side.Objects, len(side.Objects)-2, fyne.CanvasObject(kit.Fixed(p.size.pick(64, 56), bring)))
	}
	p.object.Objects = []fyne.CanvasObject{kit.Row(12, kit.Grow(1, panel), kit.Fixed(right, side))}
	p.object.Refresh()
}

// fact is one line of what has happened.
func fact(icon, title, sub string, ink kit.Colour, lines float32) fyne.CanvasObject {
	words := kit.NewParagraph(sub, 15, kit.Ink3)
	words.Lines = int(lines)
	return kit.Inset(5, 6, 5, 6, kit.Row(12, kit.NewIcon(icon, 26, ink), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(title, 17, kit.Ink), words)))))
}

func (p *resultPage) next() { p.w.Do(till.NextSale{}) }

func (p *resultPage) again() {
	if p.sale != nil {
		p.w.Do(till.Reprint{Receipt: p.sale.Receipt})
	}
}

func (p *resultPage) recall() {
	if parked := p.w.view.Parked; len(parked) > 0 {
		p.w.Do(till.Recall{Sale: parked[0].Sale.ID})
	}
}

// Key is part of page. Digits begin the next sale.
func (p *resultPage) Key(e KeyEvent) bool {
	w := p.w
	switch e.Action {
	case "":
		if isEntry(e.Rune) {
			// The sale comes up before the register answers, or what is typed first would be lost.
			w.Home()
			w.entry.add(string(e.Rune))
			w.Do(till.NextSale{})
		}
	case ActEnter, ActBack, ActPay:
		p.next()
	case ActPrint:
		p.again()
	case ActNextPark:
		p.recall()
	case ActSearch:
		w.Home()
		w.Do(till.NextSale{})
		return w.page().Key(e)
	default:
		return false
	}
	return true
}

// Mark is part of marker: what a scanner types here begins the next sale by itself.
func (p *resultPage) Mark() func() {
	return func() { p.w.entry.clear() }
}

// Scan is part of page: the window sells the code, which begins the next sale.
func (p *resultPage) Scan(string) bool { return false }
