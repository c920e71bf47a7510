package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// historyPart is how many past sales are asked for at once.
const historyPart = 100

// historyState is what is looked for among past sales, and what was found.
type historyState struct {
	listing[PastSale]
	find    FindSales
	set     bool // find was set: by a figure of the report, or by hand
	chosen  int  // a receipt number
	story   []till.Entry
	sold    till.Sold
	hasSold bool
	picking bool
	month   till.BusinessDay
	parts   till.Parts // of the figure that is looked behind
}

// historyPage finds past sales and returns by number, amount, item, time and tender, and shows what became of one.
type historyPage struct {
	*desk
	field   *kit.Field
	list    *kit.Table
	slender bool // the list was made for a narrow window
}

func newHistory(w *Window) page {
	if w.ports.Office.Past == nil {
		return nil
	}
	p := &historyPage{}
	p.desk = newDesk(w, p.paint)
	p.field = kit.NewField(kit.FieldSpec{Icon: "search", Key: "F2", Limit: 60, Placeholder: w.Say("history.find"), OnEnter: func(t string) {
		p.state().find.Text = t
		p.load(false)
	}}, w.office.history.find.Text)
	p.list = p.newList()
	return p
}

func (p *historyPage) state() *historyState { return &p.w.office.history }

// Title is part of page.
func (p *historyPage) Title() string { return p.w.Say("page.history") }

// Opened looks for the sales of a figure, or opens one by its number.
func (p *historyPage) Opened(with any) {
	s := p.state()
	*s = historyState{set: true}
	switch x := with.(type) {
	case FindSales:
		s.find = x
		if x.From != 0 {
			s.month = x.To
		}
	case int:
		s.find = FindSales{Text: strconv.Itoa(x)}
		s.chosen = x
	}
	p.field.SetText(s.find.Text)
}

// Show is part of page.
func (p *historyPage) Show(till.View) {
	s := p.state()
	if !s.set {
		s.set = true
		s.find = FindSales{From: p.w.today(), To: p.w.today()}
	}
	if s.wanted(p.desk) {
		p.load(false)
		return
	}
	p.redraw()
}

// Leave forgets what was looked for.
func (p *historyPage) Leave() {
	*p.state() = historyState{}
	p.field.SetText("")
	p.desk.Leave()
}

// load asks for the sales, or for more of them.
func (p *historyPage) load(more bool) {
	s, past := p.state(), p.w.ports.Office.Past
	f := s.find
	f.Limit = historyPart
	f.Below = 0
	if more && len(s.list) > 0 {
		f.Below = s.list[len(s.list)-1].Receipt
	}
	var found []PastSale
	var parts till.Parts
	var err error
	p.ask(p.w.Say("history.looking"), func(ctx context.Context) {
		if found, err = past.Find(ctx, f); err == nil && f.Figure.Of != "" {
			parts, err = past.Parts(ctx, f)
		}
	}, func() {
		s.parts = parts
		if !s.take(p.w, found, err, more) {
			return
		}
		s.more = len(found) == historyPart
		p.list.Update()
		at := -1
		for i := range s.list {
			if s.list[i].Receipt == s.chosen {
				at = i
			}
		}
		if at < 0 && len(s.list) > 0 && !more {
			at = 0
		}
		p.list.Select(at)
		if at >= 0 && !more {
			p.choose(s.list[at].Receipt)
		}
		if len(s.list) == 0 { // F9 and F5 must not reach a sale that is not looked at any more
			s.chosen, s.story, s.hasSold = 0, nil, false
		}
	})
}

// choose shows what became of one.
func (p *historyPage) choose(receipt int) {
	s, past := p.state(), p.w.ports.Office.Past
	s.chosen, s.story, s.hasSold = receipt, nil, false
	var story []till.Entry
	var sold till.Sold
	var err, soldErr error
	p.ask("", func(ctx context.Context) {
		story, err = past.Story(ctx, receipt)
		sold, soldErr = past.Sold(ctx, receipt)
	}, func() {
		if err == nil && s.chosen == receipt {
			s.story, s.sold, s.hasSold = story, sold, soldErr == nil
		}
	})
	p.redraw()
}

// Key finds, moves, reprints and goes on to the return.
func (p *historyPage) Key(e KeyEvent) bool {
	s := p.state()
	switch e.Action {
	case ActSearch:
		p.w.win.Canvas().Focus(p.field)
	case ActUp, ActDown:
		at := p.list.Selected()
		if e.Action == ActUp {
			at = max(0, at-1)
		} else {
			at = min(len(s.list)-1, at+1)
		}
		if at >= 0 && at < len(s.list) {
			p.list.Select(at)
			p.choose(s.list[at].Receipt)
		}
	case ActPrint:
		if s.chosen != 0 {
			p.w.Do(till.Reprint{Receipt: s.chosen})
		}
	case ActPay, ActEnter:
		if s.hasSold {
			p.w.OpenWith(PageReturns, s.chosen)
		}
	case ActBack:
		if !s.picking {
			return p.desk.Key(e)
		}
		s.picking = false
		p.redraw()
	default:
		return false
	}
	return true
}

// Scan finds the sale of a receipt.
func (p *historyPage) Scan(code string) bool {
	n, ok := p.w.ports.Office.Past.Receipt(code)
	if ok {
		s := p.state()
		s.find, s.chosen = FindSales{Text: strconv.Itoa(n)}, n
		p.field.SetText(s.find.Text)
		p.load(false)
	}
	return ok
}

func (p *historyPage) newList() *kit.Table {
	w := p.w
	columns := []kit.Column{{Title: w.Say("history.no"), Width: 72}, {Title: w.Say("history.when"), Width: 104}, {Title: w.Say("office.cashier"), Width: 84}, {Title: w.Say("history.pieces"), Width: 56, Right: true},
		{Title: w.Say("history.tenders")}, {Title: w.Say("history.state"), Width: 126}, {Title: w.Say("office.amount"), Width: 104, Right: true}}
	shown := []int{0, 1, 2, 3, 4, 5, 6}
	if p.slender = p.narrow; p.narrow {
		shown = []int{0, 1, 4, 5, 6} // who sold and how much stand in the detail
	}
	var visible []kit.Column
	for _, i := range shown {
		visible = append(visible, columns[i])
	}
	return kit.NewTable(kit.TableSpec{Row: 58, Columns: visible,
		Len: func() int { return len(p.state().list) },
		At:  func(row, col int) kit.Cell { return p.cell(&p.state().list[row], shown[col]) },
		OnTap: func(row int) {
			if row < len(p.state().list) {
				p.choose(p.state().list[row].Receipt)
			}
		}})
}

func (p *historyPage) cell(s *PastSale, col int) kit.Cell {
	w := p.w
	switch col {
	case 0:
		return kit.Cell{Text: receiptNo(s.Receipt), Bold: true, Size: 17}
	case 1:
		when := Clock(w.local(s.At))
		if s.Day != w.today() {
			when = w.Say("day.short", "d", strconv.Itoa(int(s.Day)%100), "m", strconv.Itoa(int(s.Day)/100%100), "month", dayTime(s.Day).Month().String()[:3]) + " " + when
		}
		return kit.Cell{Text: when, Size: 15, Colour: kit.Ink3}
	case 2:
		return kit.Cell{Text: w.personName(s.Operator)}
	case 3:
		if s.Return {
			return kit.Cell{}
		}
		return kit.Cell{Text: s.Pieces.String(), Size: 15, Colour: kit.Ink2}
	case 4:
		return kit.Cell{Text: w.tenderNames(s.Kinds), Size: 15, Colour: kit.Ink2}
	case 5:
		return w.stateCell(s)
	}
	c := kit.Cell{Text: w.Money(s.Total), Bold: true, Size: 18}
	if p.state().find.Figure.Of != "" && s.Part != s.Total && s.Part != -s.Total {
		c.Sub = w.Say("history.part_of", "amount", w.Money(s.Part))
	}
	return c
}

// figureName says what a figure is, as the report names it.
func (w *Window) figureName(f till.Figure) string {
	switch f.Of {
	case till.FigureTender:
		return w.tenderName(till.TenderKind(f.Key))
	case till.FigureItem:
		return shorten(f.Name, 16)
	case till.FigureCategory:
		if f.Key == "" {
			return w.Say("report.no_category")
		}
		return shorten(f.Key, 16)
	case till.FigureCashier:
		return w.personName(f.Key)
	case till.FigureHour:
		return w.Say("history.hour", "h", strconv.Itoa(f.N))
	case till.FigureWeekday:
		return w.Say("weekday." + strconv.Itoa(f.N))
	case till.FigureTax:
		if f.Class.Code != "" {
			return w.taxClass(f.Class)
		}
		return w.Say("report.tax")
	case till.FigureUnpaid:
		if f.Reason != "" {
			return w.reasonWords("report.why.", f.Reason)
		}
		return w.Say("report.failed_title")
	case till.FigureGross, till.FigureDiscounts, till.FigureTaxAdded, till.FigureVoids, till.FigurePostVoids:
		return w.Say("report." + string(f.Of))
	case till.FigureRounding:
		return w.Say("returns.rounding")
	case till.FigureRefunds:
		return w.Say("report.refunds_title")
	case till.FigureUnverified:
		return w.Say("report.unproven_title")
	}
	return w.Say("report.net")
}

// stateCell says what became of a sale.
func (w *Window) stateCell(s *PastSale) kit.Cell {
	switch {
	case s.PostVoid:
		return kit.Cell{Badge: true, Kind: kit.Bad, Icon: "octagon-x", Text: w.Say("history.post_void")}
	case s.Return:
		return kit.Cell{Badge: true, Kind: kit.Plain, Icon: "undo-2", Text: w.Say("history.return")}
	case s.Voided:
		return kit.Cell{Badge: true, Kind: kit.Bad, Icon: "octagon-x", Text: w.Say("history.voided")}
	case s.Back:
		return kit.Cell{Badge: true, Kind: kit.Plain, Icon: "undo-2", Text: w.Say("history.part")}
	}
	return kit.Cell{Badge: true, Kind: kit.Good, Icon: "circle-check", Text: w.Say("history.done")}
}

func (p *historyPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	if p.slender != p.narrow {
		at := p.list.Selected()
		p.list = p.newList()
		p.list.Select(at)
	}
	today := w.today()
	day := func(from, to till.BusinessDay) func() {
		return func() {
			s.find.From, s.find.To, s.picking = from, to, false
			p.load(false)
		}
	}
	yesterday := plusDays(today, -1)
	other := w.Say("history.pick")
	isToday, isYesterday := s.find.From == today && s.find.To == today, s.find.From == yesterday && s.find.To == yesterday
	if s.find.From != 0 && !isToday && !isYesterday {
		other = w.rangeName(s.find.From, s.find.To)
	}
	chips := kit.Row(8, kit.NewChip("", w.Say("report.today"), isToday, day(today, today)), kit.NewChip("", w.Say("report.yesterday"), isYesterday, day(yesterday, yesterday)),
		kit.NewChip("calendar-days", other, s.picking || s.find.From != 0 && !isToday && !isYesterday, func() {
			if s.picking = !s.picking; s.month == 0 {
				s.month = today
			}
			p.redraw()
		}), kit.NewChip("", w.Say("history.all_days"), s.find.From == 0, day(0, 0)))
	left := kit.Col(10, kit.Fixed(56, kit.Row(8, kit.Grow(1, p.field), chips)))
	if p.narrow {
		chips.Add(kit.Space())
		left = kit.Col(10, kit.Fixed(56, kit.Row(0, kit.Grow(1, p.field))), kit.Fixed(48, chips))
	}
	if f := p.filters(); f != nil {
		left.Add(kit.Fixed(48, f))
	}
	switch {
	case s.picking:
		left.Add(kit.Grow(1, kit.NewCard(16, newCalendar(w, s.month, today, 0, s.find.From, s.find.To, func(m till.BusinessDay) { s.month = m; p.redraw() }, func(d till.BusinessDay) { day(d, d)() }))))
	case s.failed != "":
		left.Add(kit.Grow(1, kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("report.failed_body")))))
	case s.loaded && len(s.list) == 0:
		left.Add(kit.Grow(1, kit.NewCard(20, empty("search", w.Say("history.none"), w.Say("history.none_body")))))
	default:
		left.Add(kit.Grow(1, kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(1, 1, 6, 1, p.list))))
	}
	if s.more {
		left.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("history.more"), OnTap: func() { p.load(true) }}))
	}
	return p.plain(kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(400, 330), p.detail())))
}

// filters are chips of what narrows the list beside days and words; a tap takes one off.
func (p *historyPage) filters() fyne.CanvasObject {
	w, s := p.w, p.state()
	row := kit.Row(8)
	n := 0
	add := func(words string, clear func()) {
		n++
		row.Add(kit.NewChip("x", words, true, func() { clear(); p.load(false) }))
	}
	f := &s.find
	if f.Figure.Of != "" {
		add(w.figureName(f.Figure), func() { f.Figure = till.Figure{} })
	}
	if f.Kind != "" {
		add(w.tenderName(f.Kind), func() { f.Kind = "" })
	}
	if f.Refunds {
		add(w.Say("history.only_refunds"), func() { f.Refunds = false })
	}
	if f.Reduced {
		add(w.Say("report.discounts"), func() { f.Reduced = false })
	}
	if f.Unproven {
		add(w.Say("report.unproven_title"), func() { f.Unproven = false })
	}
	if len(f.Receipts) > 0 {
		add(w.words.count("history.receipts", strconv.Itoa(len(f.Receipts))), func() { f.Receipts = nil })
	}
	if f.HourSet {
		add(w.Say("history.hour", "h", strconv.Itoa(f.Hour)), func() { f.HourSet = false })
	}
	if f.Operator != "" {
		add(w.personName(f.Operator), func() { f.Operator = "" })
	}
	if f.Text != "" {
		add(w.Say("history.words", "text", shorten(f.Text, 16)), func() { f.Text = ""; p.field.SetText("") })
	}
	if n == 0 {
		return nil
	}
	row.Add(kit.Space())
	if f.Figure.Of != "" {
		row.Add(kit.Middle(kit.NewBold(w.Say("history.behind", "n", thousands(s.parts.Receipts), "sum", w.Money(s.parts.Sum)), 16, kit.Ink)))
	}
	return row
}

// chosenSale is the line of the list that is open.
func (p *historyPage) chosenSale() *PastSale {
	s := p.state()
	for i := range s.list {
		if s.list[i].Receipt == s.chosen {
			return &s.list[i]
		}
	}
	return nil
}

// detail shows one sale: what, how paid, and what became of it.
func (p *historyPage) detail() fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.loaded && len(s.list) == 0 {
		return kit.NewCard(20, kit.Gap(1))
	}
	if len(s.story) == 0 {
		return kit.NewCard(20, empty("receipt-text", w.Say("history.choose"), ""))
	}
	e := &s.story[0]
	for i := range s.story { // its payments may have begun before it
		if numberOf(s.story[i].Record) == s.chosen {
			e = &s.story[i]
			break
		}
	}
	head := kit.Row(8, kit.Grow(1, kit.NewBold(receiptNo(s.chosen), 22, kit.Ink)))
	if past := p.chosenSale(); past != nil {
		c := w.stateCell(past)
		head.Add(kit.Middle(kit.NewBadge(c.Kind, c.Icon, c.Text)))
	}
	var total money.Amount
	lines, tenders := kit.Col(0), kit.Col(0)
	line := func(name, value string, c kit.Colour) {
		lines.Add(kit.Fixed(32, kit.Row(10, kit.Grow(1, kit.Middle(kit.NewLabel(name, 16, c))), kit.Middle(kit.NewLabel(value, 16, c)))))
	}
	tender := func(t till.Tender, sign money.Amount) {
		note := ""
		if t.Kind.NeedsProof() && t.Evidence != till.ByProvider {
			note = w.Say("history.by_cashier")
		}
		if t.Ref != "" {
			note = refWords(&t)
		}
		tenders.Add(kit.Fixed(42, kit.Row(10, kit.Middle(w.plateOf(t.Kind, 28)), kit.Middle(kit.NewLabel(w.tenderName(t.Kind), 16, kit.Ink)), kit.Grow(1, kit.Middle(kit.NewLabel(note, 14, kit.Ink3).Trailing())),
			kit.Middle(kit.NewBold(w.Money(sign*t.Amount), 17, kit.Ink)))))
	}
	switch r := e.Record.(type) {
	case *till.SaleCompleted:
		sale := &r.Sale
		if s.hasSold {
			sale = &s.sold.Sale // under the tenders they were mended to
		}
		total = sale.Total()
		for i := range sale.Lines {
			l := &sale.Lines[i]
			name := w.ItemName(l.Name, l.NameEN) + " ×" + Quantity(l.Qty, l.Weighed)
			if l.Voided {
				line(w.Say("history.taken_off", "name", name), "—", kit.Ink3)
				continue
			}
			line(name, w.Money(l.Base()), kit.Ink)
		}
		if sale.Discounts != 0 {
			line(w.Say("history.reduced"), w.Money(-sale.Discounts), kit.Ink2)
		}
		if sale.TaxAdded != 0 {
			line(w.Say("report.tax"), w.Money(sale.TaxAdded), kit.Ink2)
		}
		if sale.Rounding != 0 {
			line(w.Say("returns.rounding"), w.Money(sale.Rounding), kit.Ink2)
		}
		for _, t := range sale.Tenders {
			tender(t, 1)
		}
	case *till.Returned:
		total = -(r.Return.Value - r.Return.Rounding)
		for _, l := range r.Return.Lines {
			line(w.ItemName(l.Name, l.NameEN)+" ×"+Quantity(l.Qty, l.Weighed), w.Money(-l.Paid), kit.Ink)
		}
		for _, t := range r.Return.Refunds {
			tender(t, -1)
		}
	}
	story := kit.Col(0)
	for i := range s.story {
		en := &s.story[i]
		what, _ := w.auditWords(en)
		story.Add(kit.Inset(4, 0, 4, 0, kit.Row(8, kit.Fixed(46, kit.Col(0, kit.NewLabel(Clock(w.local(en.At)), 14, kit.Ink3))), kit.Grow(1, wrapped(w.personName(en.Operator)+" · "+what, 14, kit.Ink2)))))
	}
	when := w.dayName(e.Day) + " " + Clock(w.local(e.At)) + " · " + w.personName(e.Operator)
	body := kit.Col(4, lines, kit.Hairline(), tenders, kit.Hairline(), kit.Gap(2), kit.NewBold(w.Say("history.story"), 15, kit.Ink2), story)
	col := kit.Col(4, head, kit.NewLabel(when, 15, kit.Ink3), kit.Fixed(54, kit.Row(0, kit.Grow(1, kit.Middle(kit.NewMoney(w.Money(total), 44, kit.Ink))))), kit.Hairline(), kit.Grow(1, kit.NewScroll(body)))
	buttons := kit.Col(8)
	if s.hasSold && w.canOpen(PageReturns) {
		main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "undo-2", Label: w.Say("history.return_button"), Key: "F9", OnTap: func() { w.OpenWith(PageReturns, s.chosen) }})
		if s.sold.Voided {
			main.Off(w.Say("returns.why_voided"))
		}
		buttons.Add(main)
	}
	row := kit.Row(8, kit.Grow(1, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: p.wide("printer"), Label: w.Say("history.reprint"), Key: p.wide("F5"), OnTap: func() { w.Do(till.Reprint{Receipt: s.chosen}) }})))
	if s.hasSold && !s.sold.Voided {
		row.Add(kit.Grow(1, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: p.wide("pencil"), Label: w.Say("returns.mend"), OnTap: func() { w.OpenWith(PageMend, s.chosen) }})))
	}
	buttons.Add(row)
	col.Add(buttons)
	return kit.NewCard(16, col)
}

// numberOf is the receipt number of a sale or a return; 0 of other records.
func numberOf(r till.Record) int {
	switch x := r.(type) {
	case *till.SaleCompleted:
		return x.Sale.Receipt
	case *till.Returned:
		return x.Return.Receipt
	}
	return 0
}

// storyMark says what a mark of a story is.
func (w *Window) storyMark(m *till.StoryMark) string {
	switch m.What {
	case till.MarkLine:
		key := "history.mark.line"
		if m.Line.Voided {
			key = "history.mark.line_off"
		}
		return w.Say(key, "name", w.ItemName(m.Line.Name, m.Line.NameEN)+" ×"+Quantity(m.Line.Qty, m.Line.Weighed))
	case till.MarkSlip:
		if m.State == "sent" || m.State == "confirmed" {
			return w.Say("history.mark.slip")
		}
		return w.Say("history.mark.slip_not")
	}
	if m.State == string(till.PulseSent) {
		return w.Say("history.mark.drawer")
	}
	return w.Say("history.mark.drawer_not")
}
