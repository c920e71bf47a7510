package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// returnsState is the sale that is open for a return and what is chosen of it.
type returnsState struct {
	receipt int
	plan    *returnPlan
	failed  string
	find    string
	typing  till.TenderKind // whose refund is typed
	from    int             // first line shown
	at      int             // chosen line, for the keys
	sent    bool
	done    *till.Return
	after   till.Sold // the sale after the return
	hasSale bool
	seen    *till.Return
	mend    mendState
	loose   looseState
}

// returnsPage takes goods back against a receipt: lines, reason, and the money back to the tenders that paid.
type returnsPage struct {
	*desk
	find   *kit.Field
	reason *kit.Field
}

func newReturns(w *Window) page {
	if w.ports.Office.Past == nil {
		return nil
	}
	p := &returnsPage{}
	p.desk = newDesk(w, p.paint)
	p.find = kit.NewField(kit.FieldSpec{Icon: "scan-barcode", Limit: 60, Placeholder: w.Say("returns.find"), OnEnter: p.search}, w.office.returns.find)
	note := ""
	if s := w.office.returns.plan; s != nil {
		note = s.note
	}
	p.reason = kit.NewField(kit.FieldSpec{Small: true, Limit: 120, Placeholder: w.Say("returns.other"), OnChange: func(t string) {
		if s := p.state(); s.plan != nil {
			s.plan.reason, s.plan.note = t, t
		}
	}, OnEnter: func(string) { p.redraw() }}, note)
	return p
}

func (p *returnsPage) state() *returnsState { return &p.w.office.returns }

// Title is part of page.
func (p *returnsPage) Title() string { return p.w.Say("page.returns") }

// Opened opens the sale of a receipt number.
func (p *returnsPage) Opened(with any) {
	if n, ok := with.(int); ok && n > 0 {
		p.openSale(n)
	}
}

// Show is part of page.
func (p *returnsPage) Show(v till.View) {
	s := p.state()
	if v.Notice != nil && v.Notice.Kind == till.Refused || v.Approval == nil && s.sent && v.Done == nil {
		s.sent = false
	}
	if d := v.Done; d != nil && d.Return != nil && d.Return != s.seen {
		first := s.seen == nil && !s.sent
		s.seen = d.Return
		if !first {
			p.taken(d.Return)
			return
		}
	}
	p.redraw()
}

// taken shows the return just made, and asks what is left of the sale.
func (p *returnsPage) taken(r *till.Return) {
	s := p.state()
	s.done, s.plan, s.receipt, s.sent, s.hasSale = r, nil, 0, false, false
	past := p.w.ports.Office.Past
	if r.Of == 0 {
		p.redraw()
		return
	}
	var sold till.Sold
	var err error
	of := r.Of
	p.ask("", func(ctx context.Context) { sold, err = past.Sold(ctx, of) }, func() {
		s.after, s.hasSale = sold, err == nil
	})
	p.redraw()
}

// Leave forgets the sale.
func (p *returnsPage) Leave() {
	seen := p.state().seen
	*p.state() = returnsState{seen: seen}
	p.find.SetText("")
	p.desk.Leave()
}

// search opens a receipt by its number, or lists what the words find.
func (p *returnsPage) search(text string) {
	s := p.state()
	s.find = text
	if n, err := strconv.Atoi(trimReceipt(text)); err == nil && n > 0 && n < p.w.view.Next {
		p.openSale(n)
		return
	}
	if text != "" {
		p.w.OpenWith(PageHistory, FindSales{Text: text})
	}
}

func trimReceipt(s string) string {
	for len(s) > 0 && (s[0] == '#' || s[0] == ' ') {
		s = s[1:]
	}
	return s
}

func (p *returnsPage) openSale(receipt int) {
	s, past := p.state(), p.w.ports.Office.Past
	s.receipt, s.plan, s.failed, s.done, s.sent = receipt, nil, "", nil, false
	var sold till.Sold
	var err error
	p.ask(p.w.Say("returns.opening", "no", receiptNo(receipt)), func(ctx context.Context) { sold, err = past.Sold(ctx, receipt) }, func() {
		if s.receipt != receipt {
			return
		}
		if err != nil {
			s.failed = p.w.Say("returns.none", "no", receiptNo(receipt))
			if till.CodeOf(err) != till.NoSuchReceipt {
				s.failed = p.w.refusalWords(err)
			}
			return
		}
		s.plan, s.typing, s.from, s.at = newReturnPlan(sold, p.w.view.Settings.CashRounding), "", 0, 0
		p.reason.SetText("")
		p.w.entry.clear()
	})
}

// Scan opens the sale of a receipt.
func (p *returnsPage) Scan(code string) bool {
	n, ok := p.w.ports.Office.Past.Receipt(code)
	if ok {
		p.openSale(n)
	}
	return ok
}

// Key chooses and counts lines, types refunds, picks the reason and returns.
func (p *returnsPage) Key(e KeyEvent) bool {
	s := p.state()
	if p.desk.Key(e) {
		return true
	}
	if s.done != nil {
		switch e.Action {
		case ActEnter, ActPay:
			p.next()
		case ActPrint:
			p.w.Do(till.Reprint{Receipt: s.done.Receipt})
		default:
			return false
		}
		return true
	}
	if e.Action == ActNextPark {
		p.w.OpenWith(PageHistory, FindSales{From: p.w.today(), To: p.w.today()})
		return true
	}
	if e.Action == ActSearch {
		p.w.win.Canvas().Focus(p.find)
		return true
	}
	if s.plan == nil {
		return false
	}
	lines := p.lines()
	var at *till.Line
	if s.at < len(lines) {
		at = lines[s.at]
	}
	switch {
	case e.Action == ActPay:
		p.take()
	case e.Action == ActUp:
		s.at = max(0, s.at-1)
	case e.Action == ActDown:
		s.at = min(len(lines)-1, s.at+1)
	case e.Action == ActSpace && at != nil:
		s.plan.toggle(at)
	case e.Action == ActMore && at != nil:
		s.plan.add(at, s.plan.step(at))
	case e.Action == ActLess && at != nil:
		s.plan.add(at, -s.plan.step(at))
	case e.Rune == 'A' && e.Action == "":
		s.plan.all()
	case e.Action == "" && isEntry(e.Rune) && s.typing != "":
		p.w.entry.add(string(e.Rune))
		p.typed()
	case e.Action == "" && e.Rune >= '1' && e.Rune <= '4':
		p.because(int(e.Rune - '0'))
	case e.Action == ActErase && s.typing != "":
		p.w.entry.erase()
		p.typed()
	case e.Action == ActEnter && s.typing != "":
		s.typing = ""
		p.w.entry.clear()
	default:
		return false
	}
	p.redraw()
	return true
}

func (p *returnsPage) typed() {
	a, _ := ParseEntry(p.w.Currency(), p.w.entry.text)
	p.state().plan.set(p.state().typing, a)
}

var returnReasons = []string{"faulty", "wrong", "price", "mind"}

func (p *returnsPage) because(n int) {
	if n >= 1 && n <= len(returnReasons) {
		p.state().plan.reason, p.state().plan.note = p.w.Say("returns.reason."+returnReasons[n-1]), ""
		p.reason.SetText("")
	}
}

// lines are the lines of the sale that were not taken off it.
func (p *returnsPage) lines() []*till.Line {
	var out []*till.Line
	sale := &p.state().plan.sold.Sale
	for i := range sale.Lines {
		if !sale.Lines[i].Voided {
			out = append(out, &sale.Lines[i])
		}
	}
	return out
}

// why says why nothing can be returned yet.
func (p *returnsPage) why() string {
	w, s := p.w, p.state()
	switch {
	case s.plan.sold.Voided:
		return w.Say("returns.why_voided")
	case len(s.plan.qty) == 0:
		return w.Say("returns.why_none")
	case s.plan.reason == "":
		return w.Say("returns.why_reason")
	case !s.plan.settled():
		return w.Say("returns.why_sum", "amount", w.Money(s.plan.target()))
	}
	return ""
}

func (p *returnsPage) take() {
	s := p.state()
	if s.plan == nil || s.sent || p.why() != "" {
		return
	}
	s.sent = true
	p.w.Do(s.plan.command())
}

// next leaves the result for the sale.
func (p *returnsPage) next() {
	p.w.Do(till.NextSale{})
	p.w.Home()
}

func (p *returnsPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.done != nil {
		return p.plain(p.resultSide())
	}
	head := kit.Row(10, kit.Grow(1, p.find), kit.NewButton(kit.ButtonSpec{Icon: "list", Text: 17, Label: w.Say("returns.today"), Key: "F4", OnTap: func() { p.Key(KeyEvent{Action: ActNextPark}) }}),
		kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Text: 17, Label: w.Say("returns.loose"), OnTap: func() { w.Open(PageLoose) }}))
	left := kit.Col(10, kit.Fixed(56, head))
	switch {
	case s.plan != nil:
		left.Add(kit.Grow(1, p.saleCard()))
		return p.plain(kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(460, 360), p.moneySide())))
	case s.failed != "":
		left.Add(kit.Grow(1, kit.NewCard(20, empty("circle-question-mark", s.failed, w.Say("returns.none_body")))))
	default:
		left.Add(kit.Grow(1, kit.NewCard(20, empty("scan-barcode", w.Say("returns.start"), w.Say("returns.start_body")))))
	}
	return p.plain(left)
}

// lineRows is how many lines fit at once.
const returnRow = 66

func (p *returnsPage) saleCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	sale := &s.plan.sold.Sale
	when := w.dayName(sale.Day) + " " + Clock(w.local(sale.CompletedAt))
	top := kit.Inset(10, 18, 10, 18, kit.Row(12, kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.Say("returns.sale", "no", receiptNo(sale.Receipt)), 20, kit.Ink),
		kit.NewLabel(when+" · "+w.personName(sale.Operator), 15, kit.Ink3)))),
		kit.Middle(kit.Col(0, kit.NewLabel(w.Say("returns.total"), 14, kit.Ink3).Trailing(), kit.NewBold(w.Money(sale.Total()), 20, kit.Ink).Trailing())),
		kit.Middle(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: w.Say("returns.all"), Key: "A", OnTap: func() { s.plan.all(); p.redraw() }}))))
	rows := kit.Col(0)
	for i, l := range p.lines() {
		rows.Add(kit.Fixed(returnRow, p.lineRow(i, l)))
	}
	chips := kit.Row(8)
	for i, key := range returnReasons {
		words := w.Say("returns.reason." + key)
		chips.Add(kit.NewChip("", words, s.plan.reason == words, func() { p.because(i + 1); p.redraw() }))
	}
	other := kit.Fixed(48, kit.Row(8, chips, kit.Grow(1, p.reason)))
	foot := kit.Row(8)
	if w.may(till.MayPostVoid) || s.plan.sold.Returned == nil || len(s.plan.sold.Returned) == 0 {
		foot.Add(p.voidButton())
	}
	foot.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Icon: "pencil", Label: w.Say("returns.mend"), OnTap: func() { w.OpenWith(PageMend, sale.Receipt) }}))
	foot.Add(kit.Grow(1, kit.Middle(kit.NewLabel(p.limitWords(), 14, kit.Ink3).Trailing())))
	return kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Col(0, kit.Fixed(68, top), kit.Hairline(), kit.Grow(1, kit.NewScroll(rows)), kit.Hairline(),
		kit.Inset(10, 18, 10, 18, kit.Col(8, kit.NewBold(w.Say("returns.reason"), 15, kit.Ink2), other, kit.Fixed(48, foot)))))
}

func (p *returnsPage) limitWords() string {
	w := p.w
	if limit := w.view.Settings.Limits.CashierRefund; limit > 0 && w.view.Operator != nil && w.view.Operator.Role == till.Cashier {
		return w.Say("returns.limit", "amount", w.Money(limit))
	}
	return ""
}

func (p *returnsPage) voidButton() fyne.CanvasObject {
	w, s := p.w, p.state()
	b := kit.NewButton(kit.ButtonSpec{Kind: kit.DangerOutline, Size: kit.Small, Icon: "octagon-x", Label: w.Say("returns.void"), HoldFor: holdTime, OnHold: func() {
		if s.plan != nil && s.plan.reason != "" && !s.sent {
			s.sent = true
			w.Do(till.PostVoid{Receipt: s.plan.sold.Sale.Receipt, Reason: s.plan.reason})
		}
	}})
	switch {
	case s.plan.sold.Voided:
		b.Off(w.Say("returns.why_voided"))
	case len(s.plan.sold.Returned) > 0:
		b.Off(w.Say("returns.why_partly"))
	case s.plan.reason == "":
		b.Off(w.Say("returns.why_reason"))
	}
	return b
}

func (p *returnsPage) lineRow(i int, l *till.Line) fyne.CanvasObject {
	w, s := p.w, p.state()
	qty, left := s.plan.qty[l.N], s.plan.left(l)
	on := qty > 0
	ink, ground, edge := kit.Ink, kit.Clear, kit.Clear
	if left == 0 {
		ink = kit.Ink3
	}
	if on {
		ground, edge = kit.AccentTint, kit.Accent
	} else if i == s.at {
		edge = kit.Outline
	}
	box := kit.Sized(28, 28, kit.NewPanel(kit.Surface, kit.Outline, 2, kit.RadiusSmall, kit.Gap(0)))
	switch {
	case left == 0:
		box = kit.Sized(28, 28, kit.NewPanel(kit.Sunken, kit.Clear, 0, kit.RadiusSmall, kit.Gap(0)))
	case on:
		box = kit.Sized(28, 28, kit.NewPanel(kit.Accent, kit.Clear, 0, kit.RadiusSmall, kit.NewIcon("check", 20, kit.OnAccent)))
	}
	sub := Price(w.Currency(), l.Price) + " × " + Quantity(l.Qty, l.Weighed)
	if off := l.DiscountOff + l.Share; off != 0 {
		sub += " · " + w.Say("returns.reduced", "amount", w.Money(off))
	}
	if back := s.plan.sold.Returned[l.N]; back > 0 {
		sub += " · " + w.Say("returns.back", "n", Quantity(back, l.Weighed))
	}
	name := kit.NewLabel(w.ItemName(l.Name, l.NameEN), 18, ink)
	if on {
		name = kit.NewBold(w.ItemName(l.Name, l.NameEN), 18, ink)
	}
	worth := "—"
	if on {
		worth = w.Money(s.plan.worth(l))
	}
	row := kit.Row(8, kit.Middle(box), kit.Gap(4), kit.Grow(1, kit.Middle(kit.Col(0, name, kit.NewLabel(sub, 15, kit.Ink3)))))
	if left > 0 {
		row.Add(kit.Fixed(48, kit.Sized(48, 48, small("minus", func() { s.at = i; s.plan.add(l, -s.plan.step(l)); p.redraw() }))))
		row.Add(kit.Fixed(p.pick(72, 60), kit.Middle(kit.NewBold(Quantity(qty, false)+"/"+Quantity(left, false), 17, kit.Ink).Centred())))
		row.Add(kit.Fixed(48, kit.Sized(48, 48, small("plus", func() { s.at = i; s.plan.add(l, s.plan.step(l)); p.redraw() }))))
	}
	row.Add(kit.Fixed(p.pick(96, 84), kit.Middle(kit.NewBold(worth, 18, ink).Trailing())))
	content := kit.Col(0, kit.Grow(1, kit.Row(0, kit.Fixed(4, kit.NewBox(edge)), kit.Grow(1, kit.Inset(0, 16, 0, 12, row)))), kit.Hairline())
	if left == 0 {
		return content
	}
	return kit.NewTap(kit.Style{Fill: ground}, content, func() { s.at = i; s.plan.toggle(l); p.redraw() })
}

// moneySide is what goes back, through which tenders.
func (p *returnsPage) moneySide() fyne.CanvasObject {
	w, s := p.w, p.state()
	side := kit.Col(10)
	if !p.low || s.typing == "" {
		side.Add(kit.Fixed(118, kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(14, 22, 14, 22, kit.Col(2,
			kit.Row(8, kit.Grow(1, kit.NewLabel(w.Say("returns.to_refund"), 18, kit.OnTotal2)), kit.Middle(kit.NewLabel(w.words.count("sell.items", s.plan.pieces().String()), 15, kit.OnTotal2))),
			kit.NewMoney(w.Money(s.plan.target()), 54, kit.OnTotal))))))
		side.Add(kit.NewBold(w.Say("returns.original"), 15, kit.Ink2))
	}
	cards := kit.Col(10)
	refunds := s.plan.refunds()
	for i, l := range s.plan.limits() {
		if !p.low || s.typing == "" || s.typing == l.kind {
			cards.Add(p.refundCard(l, refunds[i].Amount))
		}
	}
	side.Add(kit.Grow(1, kit.NewScroll(kit.Inset(2, 2, 2, 2, cards))))
	if s.typing != "" {
		side.Add(kit.NewKeypad(4, 48, 22, refundKeys(), func(id string) {
			if id == kit.KeyBack {
				w.entry.erase()
			} else {
				w.entry.add(id)
			}
			p.typed()
			p.redraw()
		}).Container)
	}
	icon, ink, words := "circle-check", kit.Accent, w.Say("returns.matches")
	if !s.plan.settled() {
		icon, ink, words = "triangle-alert", kit.Warn, w.Say("returns.should", "amount", w.Money(s.plan.target()))
	}
	if len(s.plan.qty) == 0 {
		icon, ink, words = "", kit.Ink3, ""
	}
	side.Add(kit.Fixed(24, kit.Row(8, kit.Grow(1, kit.Middle(kit.NewLabel(w.Say("returns.allocated", "amount", w.Money(s.plan.given())), 16, kit.Ink2))), kit.NewIcon(icon, 20, ink), kit.Middle(kit.NewBold(words, 16, ink)))))
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Text: 26, Label: w.Say("returns.do", "amount", w.Money(s.plan.given())), Key: "F9", OnTap: p.take})
	if why := p.why(); why != "" {
		main.Off(why)
	}
	side.Add(main)
	return side
}

func refundKeys() []kit.KeypadKey {
	var out []kit.KeypadKey
	for _, s := range []string{"7", "8", "9", "0", "4", "5", "6", ".", "1", "2", "3"} {
		out = append(out, kit.KeypadKey{ID: s, Text: s})
	}
	return append(out, kit.KeypadKey{ID: kit.KeyBack, Icon: "delete"})
}

func (p *returnsPage) refundCard(l refundLimit, now money.Amount) fyne.CanvasObject {
	w, s := p.w, p.state()
	head := kit.Row(12, kit.Middle(w.plateOf(l.kind, 40)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.tenderName(l.kind), 18, kit.Ink),
		wrapped(w.Say("returns.paid", "paid", w.Money(l.paid), "back", w.Money(l.back)), 15, kit.Ink3)))),
		kit.Middle(kit.Col(0, kit.NewLabel(w.Say("returns.most"), 14, kit.Ink3).Trailing(), kit.NewBold(w.Money(l.left), 20, kit.Ink).Trailing())))
	shown := w.Money(now)
	typing := s.typing == l.kind
	if typing && w.entry.text != "" {
		shown = w.Currency().Symbol() + w.entry.text
	}
	box := kit.NewAmountBox(w.Say("returns.now"), shown, 24, 56)
	box.Activate(typing)
	tap := kit.NewTap(kit.Style{Fill: kit.Clear, Radius: kit.RadiusField}, box, func() {
		w.entry.clear()
		if s.typing = l.kind; typing {
			s.typing = ""
		}
		p.redraw()
	})
	fill := kit.NewButton(kit.ButtonSpec{Text: 16, Label: w.Say("returns.fill"), OnTap: func() { s.typing = ""; w.entry.clear(); s.plan.fill(l.kind); p.redraw() }})
	icon, ink, note := "info", kit.Ink3, w.Say("returns.note."+noteOf(l.kind))
	if byProvider(&s.plan.sold.Sale, l.kind) && (l.kind != till.Card || w.view.Terminal != "") {
		note = w.Say("returns.note.wallet", "name", w.tenderName(l.kind))
	}
	if s.plan.over(l.kind) {
		icon, ink, note = "triangle-alert", kit.Warn, w.Say("returns.over", "amount", w.Money(l.left))
	}
	return kit.NewCard(12, kit.Col(8, head, kit.Fixed(56, kit.Row(10, kit.Grow(1, tap), fill)), kit.Row(8, kit.NewIcon(icon, 18, ink), kit.Grow(1, wrapped(note, 14, ink)))))
}

// noteOf is which remark a tender kind gets under its refund.
func noteOf(k till.TenderKind) string {
	switch k.Family() {
	case "cash", "card", "foreign":
		return k.Family()
	case "qr", "wallet", "transfer":
		return "transfer"
	}
	return "other"
}

// resultSide shows what was done.
func (p *returnsPage) resultSide() fyne.CanvasObject {
	w, s := p.w, p.state()
	r := s.done
	given := r.Value - r.Rounding
	sub := w.Say("returns.done_no_cash")
	for _, t := range r.Refunds {
		if t.Kind == till.Cash {
			sub = w.Say("returns.done_cash", "amount", w.Money(t.Amount))
		}
	}
	title := w.Say("returns.done", "amount", w.Money(given))
	if r.PostVoid {
		title = w.Say("returns.voided", "no", receiptNo(r.Of), "amount", w.Money(given))
	}
	rows := kit.Col(0)
	for _, t := range r.Refunds {
		if t.Evidence == till.ByProvider {
			rows.Add(w.refundRow(t))
			rows.Add(kit.Hairline())
			continue
		}
		badge := kit.NewBadge(kit.Good, "circle-check", w.Say("returns.badge_done"))
		if t.Kind != till.Cash {
			badge = kit.NewBadge(kit.Caution, "hand-coins", w.Say("returns.badge_by_hand"))
		}
		rows.Add(kit.Fixed(80, kit.Row(16, kit.Middle(w.plateOf(t.Kind, 48)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.tenderName(t.Kind)+" "+w.Money(t.Amount), 20, kit.Ink),
			kit.NewLabel(w.Say("returns.then."+noteOf(t.Kind)), 16, kit.Ink3)))), kit.Middle(badge))))
		rows.Add(kit.Hairline())
	}
	for _, l := range r.Lines {
		rows.Add(kit.Fixed(36, kit.Row(12, kit.Grow(1, kit.Middle(kit.NewLabel(w.ItemName(l.Name, l.NameEN)+" ×"+Quantity(l.Qty, l.Weighed), 16, kit.Ink2))), kit.Middle(kit.NewLabel(w.Money(-l.Paid), 16, kit.Ink)))))
	}
	if r.Rounding != 0 {
		rows.Add(factLine(w.Say("returns.rounding"), w.Money(r.Rounding), kit.Ink))
	}
	rows.Add(factLine(w.Say("returns.reason"), r.Reason, kit.Ink))
	head := w.returnHead(r, title, sub)
	left := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Col(0, head, kit.Grow(1, kit.Inset(8, 30, 8, 30, kit.NewScroll(rows)))))
	right := kit.Col(10)
	if s.hasSale {
		sale := &s.after.Sale
		var back money.Amount
		for _, a := range s.after.Refunded {
			back += a
		}
		right.Add(kit.Fixed(144, kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(14, 22, 14, 22, kit.Col(2, kit.NewLabel(w.Say("returns.now_worth", "no", receiptNo(sale.Receipt)), 18, kit.OnTotal2),
			kit.NewMoney(w.Money(sale.Total()-back), 52, kit.OnTotal), kit.Row(8, kit.Grow(1, kit.NewLabel(w.Say("returns.was", "amount", w.Money(sale.Total())), 15, kit.OnTotal2)), kit.NewLabel(w.Say("returns.back_sum", "amount", w.Money(back)), 15, kit.OnTotal2)))))))
	}
	right.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "printer", Text: 18, Label: w.Say("returns.reprint"), Key: "F5", OnTap: func() { w.Do(till.Reprint{Receipt: r.Receipt}) }}))
	if r.Of != 0 {
		right.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "receipt-text", Text: 18, Label: w.Say("returns.see_sale"), OnTap: func() { w.OpenWith(PageHistory, r.Of) }}))
	}
	right.Add(kit.Space())
	right.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Icon: "scan-barcode", Text: 20, Left: true, Label: w.Say("result.next"), Sub: w.Say("result.next_detail"), Key: "Enter", OnTap: p.next}))
	return kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(420, 350), right))
}
