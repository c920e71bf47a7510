package ui

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// safeForm is what is being noted.
type safeForm string

// The forms, which name their words under safe.form.
const (
	safeNothing safeForm = ""
	safeDeposit safeForm = "deposit"
	safeCredit  safeForm = "credit"
	safeCount   safeForm = "count"
)

// safeLists are the lists of the page, under safe.list.
var safeLists = []string{"bags", "settled", "drawers"}

// safeState is what of the cash is looked at, and what is being noted.
type safeState struct {
	days   int // up to today; 0 is a week
	from   till.BusinessDay
	to     till.BusinessDay
	book   till.CashBook
	have   bool
	failed string
	list   int
	form   safeForm
	bag    string // that is credited, or its number as it is typed
	amount string
	note   string
	said   outcome
	busy   string
}

// safePage follows the cash: counted in the drawers, dropped into the safe, bagged, and credited by the bank; and what
// providers should have paid out.
type safePage struct{ *desk }

func newSafe(w *Window) page {
	if w.ports.Office.Cash == nil {
		return nil
	}
	p := &safePage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *safePage) state() *safeState { return &p.w.office.safe }

// Title is part of page.
func (p *safePage) Title() string { return p.w.Say("page.safe") }

// Show is part of page.
func (p *safePage) Show(till.View) {
	s := p.state()
	if s.days == 0 {
		s.days = 7
	}
	if !s.have && p.waiting == "" && s.failed == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave lets the book be read anew next time.
func (p *safePage) Leave() {
	s := p.state()
	*s = safeState{days: s.days, list: s.list, busy: s.busy}
	p.desk.Leave()
}

func (p *safePage) load() {
	s, port := p.state(), p.w.ports.Office.Cash
	s.to = p.w.today()
	s.from = plusDays(s.to, 1-s.days)
	from, to := s.from, s.to
	var got till.CashBook
	var err error
	p.ask(p.w.Say("safe.reading"), func(ctx context.Context) { got, err = port.Book(ctx, from, to) }, func() {
		s.failed = ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.book, s.have = got, true
	})
}

// open begins a form; bag is that which is credited.
func (p *safePage) open(f safeForm, bag *till.Deposit) {
	s := p.state()
	s.form, s.bag, s.amount, s.note, s.said = f, "", "", "", outcome{}
	if bag != nil {
		s.bag, s.amount = bag.Bag, p.w.Currency().Format(bag.Amount)
	}
	p.redraw()
}

// why says what keeps the form from being noted.
func (p *safePage) why() string {
	s := p.state()
	a, err := p.w.Currency().Parse(s.amount)
	switch {
	case s.form == safeDeposit && s.bag == "":
		return p.w.Say("safe.why_bag")
	case err != nil || a < 0 || a == 0 && s.form == safeDeposit:
		return p.w.Say("safe.why_amount")
	}
	return ""
}

// save notes what the form says. Once begun it is done or refused, whatever page is up.
func (p *safePage) save() {
	w, s, port := p.w, p.state(), p.w.ports.Office.Cash
	if s.form == safeNothing || p.why() != "" {
		return
	}
	if !w.may(till.MayMoveCash) {
		s.said = w.mayNot()
		p.redraw()
		return
	}
	form, bag, note, by := s.form, s.bag, strings.TrimSpace(s.note), w.operatorCode()
	amount, _ := w.Currency().Parse(s.amount) // why has read it
	var err error
	w.act(&s.busy, "safe.noting", func(ctx context.Context) {
		switch form {
		case safeDeposit:
			err = port.Deposit(ctx, bag, amount, note, by)
		case safeCredit:
			err = port.Credit(ctx, bag, amount, note, by)
		case safeCount:
			err = port.CountSafe(ctx, amount, note, by)
		case safeNothing:
		}
	}, func() {
		f := (*BillFault)(nil)
		switch {
		case err == nil:
			s.said = outcome{title: w.Say("safe.done."+string(form), "amount", w.Money(amount), "bag", bag)}
			s.form, s.have = safeNothing, false
		case till.CodeOf(err) == till.ReasonMissing:
			s.said = outcome{title: w.Say("safe.differs", "amount", w.Money(s.book.End)), body: w.Say("safe.differs_body"), bad: true}
		case errors.As(err, &f) && w.words.Has("safe.fault."+f.Code):
			s.said = outcome{title: w.Say("safe.fault."+f.Code, "bag", bag), body: w.Say("safe.nothing_noted"), bad: true}
		default:
			s.said = outcome{title: w.refusalWords(err), body: w.Say("safe.nothing_noted"), bad: true}
		}
	})
}

func (p *safePage) export(format string) {
	s, port := p.state(), p.w.ports.Office.Cash
	from, to := s.from, s.to
	var path string
	var err error
	p.ask(p.w.Say("report.exporting"), func(ctx context.Context) { path, err = port.Export(ctx, from, to, format) }, func() {
		s.said = outcome{title: p.w.Say("report.exported", "path", path)}
		if err != nil {
			s.said = outcome{title: p.w.Say("report.export_failed"), bad: true}
		}
	})
}

// Key notes the form, and drops it.
func (p *safePage) Key(e KeyEvent) bool {
	s := p.state()
	switch {
	case (e.Action == ActEnter || e.Action == ActPay) && s.form != safeNothing:
		p.save()
	case e.Action == ActBack && s.form != safeNothing:
		p.open(safeNothing, nil)
	default:
		return p.desk.Key(e)
	}
	return true
}

func (p *safePage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	actions := []fyne.CanvasObject{kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "scale", Label: p.wide(w.Say("page.reconcile")), OnTap: func() { w.Open(PageReconcile) }})}
	for _, n := range []int{1, 7, 31} {
		chip := kit.NewChip("", w.Say("safe.days."+strconv.Itoa(n)), s.days == n, func() { s.days, s.have = n, false; p.load() })
		actions = append(actions, chip)
	}
	actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "archive", Label: p.wide(w.Say("safe.bag_up")), OnTap: func() { p.open(safeDeposit, nil) }}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "calculator", Label: p.wide(w.Say("safe.count")), OnTap: func() { p.open(safeCount, nil) }}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "download", Label: "PDF", OnTap: func() { p.export("pdf") }}))
	return p.office(PageReconcile, w.Say("page.safe"), "", actions, p.body())
}

func (p *safePage) body() fyne.CanvasObject {
	w, s := p.w, p.state()
	out := kit.Col(12, busyNote(w, s.busy), outcomeNote(w, s.said))
	switch {
	case s.failed != "":
		out.Add(kit.Grow(1, kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("report.failed_body")))))
		return out
	case !s.have:
		out.Add(kit.Grow(1, kit.Gap(0)))
		return out
	}
	out.Add(kit.Fixed(96, p.cards()))
	tabs := kit.Row(8)
	for i, name := range safeLists {
		tabs.Add(kit.NewChip("", w.Say("safe.list."+name), s.list == i, func() { s.list = i; p.redraw() }))
	}
	main := kit.Col(10, kit.Fixed(48, tabs), kit.Grow(1, p.listView()))
	if s.form == safeNothing {
		out.Add(kit.Grow(1, main))
		return out
	}
	out.Add(kit.Grow(1, kit.Row(12, kit.Grow(1, main), kit.Fixed(p.pick(356, 300), p.formView()))))
	return out
}

// cards say what the drawers were off by, what the safe should hold, what is on its way, and what of the payouts is late.
func (p *safePage) cards() fyne.CanvasObject {
	w, b := p.w, &p.state().book
	var off, late, settled money.Amount
	for i := range b.Drawers {
		off += b.Drawers[i].OverShort
	}
	lateBags := false
	for i := range b.Deposits {
		lateBags = lateBags || b.Deposits[i].Late(w.today())
	}
	for i := range b.Settlements {
		switch x := &b.Settlements[i]; x.State {
		case till.SettlementLate:
			late += x.Expected()
		case till.SettlementArrived, till.SettlementApart:
			settled += x.Credited
		case till.SettlementDue, till.SettlementUnknown:
		}
	}
	mark := func(bad bool) (kit.Kind, string) {
		if bad {
			return kit.Caution, "triangle-alert"
		}
		return kit.Plain, ""
	}
	row := kit.Row(10)
	figure := func(key string, a money.Amount, bad bool, line string, list int) {
		kind, icon := mark(bad)
		row.Add(kit.Grow(1, kit.NewFigure(w.Say("safe.card."+key), w.Money(a), kind, icon, line, "", func() { p.state().list = list; p.redraw() })))
	}
	figure("drawers", off, off != 0, w.Say("safe.card.drawers_sub"), 2)
	figure("safe", b.End, b.End < 0, w.Say("safe.card.safe_sub", "in", w.Money(b.Drops), "out", w.Money(b.Loans+b.Bagged)), 0)
	line := w.Say("safe.card.way_sub")
	if lateBags {
		line = w.Say("safe.card.way_late")
	}
	figure("way", b.OnTheWay, lateBags, line, 0)
	figure("settled", settled, false, w.Say("safe.card.settled_sub"), 1)
	figure("late", late, late > 0, w.Say("safe.card.late_sub"), 1)
	return row
}

func (p *safePage) listView() fyne.CanvasObject {
	switch p.state().list {
	case 1:
		return p.settledList()
	case 2:
		return p.drawerList()
	}
	return p.bagList()
}

func (p *safePage) bagList() fyne.CanvasObject {
	w, s := p.w, p.state()
	tight := p.narrow && s.form != safeNothing
	var rows []tableRow
	for i := len(s.book.Deposits) - 1; i >= 0; i-- {
		d := &s.book.Deposits[i]
		badge, credit, apart := kit.NewBadge(kit.Good, "clock", w.Say("safe.state.way")), "—", "—"
		tap := func() { p.open(safeCredit, d) }
		switch {
		case d.Credited && d.Apart() != 0:
			badge, credit, apart, tap = kit.NewBadge(kit.Bad, "equal-not", w.Say("safe.state.apart")), w.Money(d.Credit.Amount), signed(w.Currency(), d.Apart()), nil
		case d.Credited:
			badge, credit, tap = kit.NewBadge(kit.Good, "check", w.Say("safe.state.there")), w.Money(d.Credit.Amount), nil
		case d.Late(w.today()):
			badge = kit.NewBadge(kit.Caution, "triangle-alert", w.Say("safe.state.late"))
		}
		how := w.personName(d.By)
		if d.Credited && d.Credit.Statement {
			how = w.Say("safe.by_statement")
		} else if d.Credited && d.Credit.Ref != "" {
			how = d.Credit.Ref
		}
		cells := []fyne.CanvasObject{kit.Row(0, badge, kit.Space()), kit.Col(0, strong(d.Bag, 16, kit.Ink), text(w.local(d.At).Format("01-02 15:04"), 14, kit.Ink3))}
		if !tight {
			cells = append(cells, text(how, 15, kit.Ink2))
		}
		rows = append(rows, tableRow{append(cells, text(w.Money(d.Amount), 16, kit.Ink).Trailing(), text(credit, 16, kit.Ink).Trailing(), strong(apart, 16, kit.Ink).Trailing()),
			s.form == safeCredit && s.bag == d.Bag, tap})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("archive", w.Say("safe.no_bags"), w.Say("safe.no_bags_body")))
	}
	cols := []column{{w.Say("safe.col.state"), 126, false}, {w.Say("safe.col.bag"), p.pick(150, 110), false}, {w.Say("safe.col.how"), 0, false}}
	if tight {
		cols = []column{cols[0], {w.Say("safe.col.bag"), 0, false}}
	}
	return table(append(cols, column{w.Say("safe.col.counted"), p.pick(110, 92), true}, column{w.Say("safe.col.bank"), p.pick(110, 92), true}, column{w.Say("bills.col.apart"), p.pick(100, 84), true}), 62, rows)
}

func (p *safePage) settledList() fyne.CanvasObject {
	w, s := p.w, p.state()
	var rows []tableRow
	for i := len(s.book.Settlements) - 1; i >= 0; i-- {
		x := &s.book.Settlements[i]
		kind, icon, credit, apart, on := kit.Plain, "clock", "—", "—", "—"
		switch x.State {
		case till.SettlementArrived:
			kind, icon = kit.Good, "check"
		case till.SettlementApart:
			kind, icon, apart = kit.Caution, "equal-not", signed(w.Currency(), x.Credited-x.Expected())
		case till.SettlementLate:
			kind, icon = kit.Bad, "triangle-alert"
		case till.SettlementDue, till.SettlementUnknown:
		}
		if x.On != 0 {
			credit, on = w.Money(x.Credited), p.day(x.On)
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{kit.Row(0, kit.NewBadge(kind, icon, w.Say("safe.settled."+string(x.State))), kit.Space()), kit.Row(8, kit.Middle(w.plateOf(x.Kind, 30)),
			kit.Grow(1, kit.Middle(text(w.tenderName(x.Kind), 16, kit.Ink)))), text(p.day(x.Day), 16, kit.Ink2), text(w.Money(x.Expected()), 16, kit.Ink).Trailing(), text(on, 16, kit.Ink2),
			text(credit, 16, kit.Ink).Trailing(), strong(apart, 16, kit.Ink).Trailing()}, false, nil})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("wallet", w.Say("safe.no_settled"), w.Say("safe.no_settled_body")))
	}
	return table([]column{{w.Say("safe.col.state"), 140, false}, {w.Say("bills.col.provider"), 0, false}, {w.Say("safe.col.due"), 80, false}, {w.Say("safe.col.expected"), p.pick(110, 92), true},
		{w.Say("safe.col.on"), 80, false}, {w.Say("safe.col.bank"), p.pick(110, 92), true}, {w.Say("bills.col.apart"), p.pick(100, 76), true}}, 58, rows)
}

func (p *safePage) day(d till.BusinessDay) string { return d.String()[5:] }

func (p *safePage) drawerList() fyne.CanvasObject {
	w, s := p.w, p.state()
	var rows []tableRow
	for i := len(s.book.Drawers) - 1; i >= 0; i-- {
		d := &s.book.Drawers[i]
		counted, apart := w.Say("safe.running"), "—"
		ink := kit.Ink
		if d.Closed {
			counted, apart = w.Money(d.Counted), signed(w.Currency(), d.OverShort)
			if d.OverShort != 0 {
				ink = kit.Warn
			}
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{strong(w.shiftName(d.Shift), 16, kit.Ink), text(w.Money(d.Drops), 16, kit.Ink2).Trailing(), text(w.Money(d.Loans), 16, kit.Ink2).Trailing(),
			text(w.Money(d.Expected), 16, kit.Ink).Trailing(), text(counted, 16, kit.Ink).Trailing(), strong(apart, 16, ink).Trailing()}, false, nil})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("archive", w.Say("safe.no_drawers"), ""))
	}
	return table([]column{{w.Say("safe.col.shift"), 0, false}, {w.Say("safe.col.drops"), p.pick(120, 92), true}, {w.Say("safe.col.loans"), p.pick(120, 92), true}, {w.Say("safe.col.due_in"), p.pick(120, 92), true},
		{w.Say("safe.col.counted"), p.pick(120, 92), true}, {w.Say("bills.col.apart"), p.pick(110, 84), true}}, 52, rows)
}

// formView notes one thing: a bag, its credit, or a count of the safe.
func (p *safePage) formView() fyne.CanvasObject {
	w, s := p.w, p.state()
	key := "safe.form." + string(s.form)
	col := kit.Col(10, kit.NewBold(w.Say(key, "bag", s.bag), 20, kit.Ink), wrapped(w.Say(key+"_body", "amount", w.Money(s.book.End)), 15, kit.Ink2))
	if s.form == safeDeposit {
		col.Add(kit.NewField(kit.FieldSpec{Label: w.Say("safe.bag"), Small: true, Limit: 40, OnChange: func(t string) { s.bag = strings.TrimSpace(t) }}, s.bag))
	}
	amount := kit.NewField(kit.FieldSpec{Label: w.Say("safe.amount." + string(s.form)), Small: true, Amount: true, Limit: 14, Accept: func(r rune) bool { return r >= '0' && r <= '9' || r == '.' },
		OnChange: func(t string) { s.amount = t }}, s.amount)
	col.Add(amount)
	col.Add(kit.NewField(kit.FieldSpec{Label: w.Say("safe.note." + string(s.form)), Small: true, Limit: 60, OnChange: func(t string) { s.note = t }}, s.note))
	save := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "check", Label: w.Say("safe.save"), Key: "Enter", OnTap: p.save})
	if s.busy != "" {
		save.Off("")
	}
	return kit.NewCard(16, kit.Col(10, kit.Grow(1, kit.NewScroll(kit.Inset(0, 8, 0, 0, col))), save,
		kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("button.back"), Key: "Esc", OnTap: func() { p.open(safeNothing, nil) }})))
}
