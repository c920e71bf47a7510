package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// shiftState is the count that is being typed, and what it is compared with.
type shiftState struct {
	count    *cashCount
	closing  int  // number of the shift that is counted; 0 while one is opened
	revealed bool // the expected cash is on the screen
	loaded   bool
	reason   string
	words    string // typed in place of a reason to tap
	totals   till.ShiftTotals
	last     till.ShiftClosed
	hasLast  bool
	pastZ    int // the Z whose result was left
}

// shiftPage opens a shift by counting its float, closes it by counting the drawer, and shows the Z that came of it.
type shiftPage struct {
	*desk
	field *kit.Field
}

func newShift(w *Window) page {
	p := &shiftPage{}
	p.desk = newDesk(w, p.paint)
	p.field = kit.NewField(kit.FieldSpec{Small: true, Limit: 120, Placeholder: w.Say("shift.other_hint"), OnChange: func(t string) {
		p.state().reason, p.state().words = t, t
	}, OnEnter: func(string) { p.redraw() }}, w.office.shift.words)
	return p
}

func (p *shiftPage) state() *shiftState { return &p.w.office.shift }

// Title is part of page.
func (p *shiftPage) Title() string {
	switch {
	case p.result() != nil:
		return p.w.Say("shift.closed_title")
	case p.w.view.Shift == nil:
		return p.w.Say("shift.open_title")
	}
	return p.w.Say("shift.close_title")
}

// result is the Z just made, until it was left.
func (p *shiftPage) result() *till.ZReported {
	if z := p.w.view.Closed; z != nil && p.w.view.Shift == nil && z.No != p.state().pastZ {
		return z
	}
	return nil
}

// Show is part of page.
func (p *shiftPage) Show(v till.View) {
	s := p.state()
	closing := 0
	if v.Shift != nil {
		closing = v.Shift.No
	}
	if s.count == nil || s.closing != closing {
		*s = shiftState{count: newCashCount(p.w.Currency()), closing: closing, pastZ: s.pastZ}
		p.field.SetText("")
		if p.w.ports.Office.Books != nil {
			p.load()
		}
	}
	p.redraw()
}

// load asks for the last count, or for what the shift took, once a count begins.
func (p *shiftPage) load() {
	s, books := p.state(), p.w.ports.Office.Books
	var totals till.ShiftTotals
	var last till.ShiftClosed
	var has bool
	var err error
	closing := s.closing
	p.ask("", func(ctx context.Context) {
		if closing != 0 {
			totals, _, err = books.Totals(ctx, closing)
			return
		}
		last, has, err = books.LastClose(ctx)
	}, func() {
		if err == nil && s.closing == closing {
			s.totals, s.last, s.hasLast, s.loaded = totals, last, has, true
		}
	})
}

// Key counts, and moves on.
func (p *shiftPage) Key(e KeyEvent) bool {
	s := p.state()
	if s.count == nil {
		return false
	}
	if p.result() != nil {
		switch e.Action {
		case ActEnter, ActPay:
			p.leaveResult()
		case ActPrint:
			p.printZ()
		default:
			return false
		}
		return true
	}
	switch {
	case e.Action == "" && e.Rune >= '0' && e.Rune <= '9':
		s.count.digit(int(e.Rune - '0'))
		s.revealed = s.revealed && !s.count.done()
	case e.Action == ActErase:
		s.count.erase()
	case e.Action == ActEnter && s.count.done():
		if s.closing != 0 && !s.revealed {
			p.reveal()
		}
	case e.Action == ActEnter, e.Action == ActDown:
		s.count.next()
	case e.Action == ActUp:
		s.count.choose(s.count.at - 1)
	case e.Action == ActMore:
		s.count.add(s.count.at, 1)
	case e.Action == ActLess:
		s.count.add(s.count.at, -1)
	case e.Action == ActDiscount && s.closing == 0:
		p.sameAsLast()
	case e.Action == ActPrint && s.closing != 0:
		p.w.Do(till.PrintX{})
	case e.Action == ActPay:
		p.next()
	default:
		return false
	}
	p.redraw()
	return true
}

// Scan leaves codes to the sale.
func (p *shiftPage) Scan(string) bool { return false }

// Mark takes digits back that turned out to be a scan.
func (p *shiftPage) Mark() func() {
	s := p.state()
	if s.count == nil {
		return func() {}
	}
	before := *s.count
	before.rows = append([]till.Pieces(nil), s.count.rows...)
	return func() {
		*s.count = before
		p.redraw()
	}
}

func (p *shiftPage) sameAsLast() {
	if s := p.state(); s.hasLast {
		s.count.set(s.last.Count)
	}
}

// next is what the main button does.
func (p *shiftPage) next() {
	s := p.state()
	switch {
	case s.closing == 0:
		p.w.Do(till.OpenShift{Float: s.count.total()})
	case p.blind() && !s.revealed:
		p.reveal()
	case p.off() != 0 && s.loaded && s.reason == "":
		// The button says that a reason is missing.
	default:
		p.w.Do(till.CloseShift{Count: s.count.count(), Reason: s.reason})
	}
}

func (p *shiftPage) reveal() {
	p.state().revealed = true
	p.state().count.choose(len(p.state().count.rows))
	if p.w.ports.Office.Books != nil {
		p.load() // the drawer may have moved while it was counted
	}
	p.redraw()
}

func (p *shiftPage) recount() {
	p.state().revealed, p.state().reason = false, ""
	p.state().count.choose(0)
	p.redraw()
}

func (p *shiftPage) blind() bool { return p.w.view.Settings.BlindCount }

// off is the count less what should be there.
func (p *shiftPage) off() money.Amount {
	return p.state().count.total() - p.state().totals.Expected()
}

func (p *shiftPage) leaveResult() {
	p.state().pastZ = p.w.view.Closed.No
	p.state().count = nil
	p.Show(p.w.view)
	p.w.frame.show(p.w.view)
}

func (p *shiftPage) printZ() {
	if z, b := p.result(), p.w.ports.Office.Books; z != nil && b != nil {
		no := z.No
		p.w.Ask(func(ctx context.Context) { _ = b.PrintZ(ctx, no) }, nil)
	}
}

func (p *shiftPage) paint() fyne.CanvasObject {
	switch {
	case p.result() != nil:
		return p.plain(p.resultSide())
	case p.state().count == nil:
		return kit.Gap(0)
	case p.state().closing == 0:
		return p.plain(p.openSide())
	}
	return p.plain(p.closeSide())
}

// countTable is the list of notes and coins with what was counted of each.
func (p *shiftPage) countTable() fyne.CanvasObject {
	w, s := p.w, p.state()
	cols := []column{{w.Say("shift.value"), p.pick(84, 64), false}, {w.Say("shift.pieces"), 0, false}, {w.Say("shift.subtotal"), p.pick(110, 96), true}}
	var rows []tableRow
	for i, r := range s.count.rows {
		at := i == s.count.at
		edge, stroke := kit.Outline, float32(1)
		if at {
			edge, stroke = kit.Accent, 3
		}
		box := kit.NewPanel(kit.Surface, edge, stroke, kit.RadiusField, kit.NewBold(strconv.Itoa(r.N), 22, kit.Ink).Centred())
		cells := kit.Row(8, kit.Grow(1, small("minus", func() { s.count.add(i, -1); p.redraw() })), kit.Fixed(p.pick(96, 72), kit.Sized(0, 44, box)),
			kit.Grow(1, small("plus", func() { s.count.add(i, 1); p.redraw() })))
		rows = append(rows, tableRow{[]fyne.CanvasObject{strong(w.pieceName(r.Denomination), 20, kit.Ink), kit.Sized(0, 48, cells),
			strong(w.Money(r.Denomination*money.Amount(r.N)), 18, kit.Ink).Trailing()}, at, func() { s.count.choose(i); p.redraw() }})
	}
	return table(cols, 58, rows)
}

func small(icon string, tap func()) fyne.CanvasObject {
	return kit.NewTap(kit.Style{Fill: kit.Surface, Edge: kit.Outline, Stroke: 1, Radius: kit.RadiusField}, kit.NewIcon(icon, 20, kit.Ink), tap)
}

// countPad is the keypad for the count.
func (p *shiftPage) countPad(height float32) fyne.CanvasObject {
	s := p.state()
	keys := []kit.KeypadKey{}
	for _, d := range []string{"7", "8", "9", "4", "5", "6", "1", "2", "3"} {
		keys = append(keys, kit.KeypadKey{ID: d, Text: d})
	}
	keys = append(keys, kit.KeypadKey{ID: kit.KeyBack, Icon: "delete"}, kit.KeypadKey{ID: "0", Text: "0"},
		kit.KeypadKey{ID: kit.KeyEnter, Icon: "corner-down-left", Caption: p.w.Say("shift.next_row")})
	return kit.NewKeypad(3, height, 30, keys, func(id string) {
		switch id {
		case kit.KeyBack:
			s.count.erase()
		case kit.KeyEnter:
			p.Key(KeyEvent{Action: ActEnter})
		default:
			s.count.digit(int(id[0] - '0'))
		}
		p.redraw()
	}).Container
}

func (p *shiftPage) head(title, sub string) fyne.CanvasObject {
	return kit.Fixed(52, kit.Col(0, kit.NewBold(title, 24, kit.Ink), kit.NewLabel(sub, 15, kit.Ink3)))
}

func (p *shiftPage) openSide() fyne.CanvasObject {
	w, s, v := p.w, p.state(), p.w.view
	left := kit.Col(10, p.head(w.Say("shift.open_head"), w.Say("shift.open_sub")), kit.Grow(1, p.countTable()))
	mid := kit.Col(10, kit.Fixed(p.pick(400, 344), p.countPad(0)), kit.Space())
	if s.hasLast && s.last.Counted > 0 {
		mid.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "copy", Text: p.pick(18, 16), Label: w.Say("shift.same", "amount", w.Money(s.last.Counted)), Key: p.wide("F6"),
			OnTap: func() { p.sameAsLast(); p.redraw() }}))
	}
	mid.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Text: 17, Label: w.Say("shift.skip"), OnTap: func() { w.Do(till.OpenShift{}) }}))
	total := s.count.total()
	facts := kit.Col(0, kit.NewLabel(w.Say("shift.float"), 18, kit.OnTotal2), kit.NewMoney(w.Money(total), p.pick(64, 46), kit.OnTotal), kit.Gap(14), kit.Fixed(1, kit.NewBox(kit.TotalLine)), kit.Gap(8))
	line := func(name, value string) {
		facts.Add(kit.Fixed(42, kit.Row(8, kit.Middle(kit.NewLabel(name, 17, kit.OnTotal2)), kit.Grow(1, kit.Middle(kit.NewBold(value, 17, kit.OnTotal).Trailing())))))
	}
	if s.hasLast {
		line(w.Say("shift.last_counted"), w.Money(s.last.Counted))
		line(w.Say("shift.difference"), signed(w.Currency(), total-s.last.Counted))
	}
	line(w.Say("office.cashier"), w.personName(w.operatorCode()))
	line(w.Say("shift.day"), w.dayName(w.today()))
	facts.Add(kit.Space())
	if s.hasLast && total == s.last.Counted {
		facts.Add(kit.Row(10, kit.NewIcon("circle-check", 24, kit.TotalOk), kit.Grow(1, kit.Middle(kit.NewLabel(w.Say("shift.as_last"), 16, kit.TotalOk)))))
	}
	right := kit.Col(10, kit.Grow(1, kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(18, 22, 18, 22, facts))),
		kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Text: p.pick(26, 20), Label: w.Say("shift.open_button"), Key: "F9", OnTap: p.next}))
	if v.DayClosed && v.LastDay == w.today() {
		right = kit.Col(10, kit.NewCallout(kit.Caution, 16, kit.Row(12, kit.NewIcon("triangle-alert", 26, kit.Warn), kit.Grow(1, wrapped(w.Say("shift.day_is_closed"), 16, kit.Ink)))), kit.Space())
	}
	return kit.Row(12, kit.Grow(p.pick(56, 44), left), kit.Fixed(p.pick(352, 250), mid), kit.Grow(p.pick(40, 30), right))
}

func wrapped(s string, size float32, c kit.Colour) *kit.Label { return kit.NewParagraph(s, size, c) }
