package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// holdTime is how long a button is held that takes a whole sale back.
const holdTime = time.Second

// mendState is a tender that was booked under the wrong kind, and the right one.
type mendState struct {
	receipt int
	sold    till.Sold
	have    bool
	failed  string
	share   int
	to      till.TenderKind
	ref     string
	reason  string
	sent    bool
	saved   bool
	seen    uint64
}

// mendPage books a tender of a past sale under the kind it should have had. No money moves.
type mendPage struct {
	*desk
	ref, reason *kit.Field
}

func newMend(w *Window) page {
	if w.ports.Office.Past == nil {
		return nil
	}
	p := &mendPage{}
	p.desk = newDesk(w, p.paint)
	p.ref = kit.NewField(kit.FieldSpec{Label: w.Say("mend.ref"), Limit: 60, OnChange: func(t string) { p.state().ref = t }}, w.office.returns.mend.ref)
	p.reason = kit.NewField(kit.FieldSpec{Label: w.Say("mend.reason"), Limit: 120, OnChange: func(t string) { p.state().reason = t }, OnEnter: func(string) { p.redraw() }}, w.office.returns.mend.reason)
	return p
}

func (p *mendPage) state() *mendState { return &p.w.office.returns.mend }

// Title is part of page.
func (p *mendPage) Title() string { return p.w.Say("page.mend") }

// Opened opens the sale of a receipt number.
func (p *mendPage) Opened(with any) {
	n, ok := with.(int)
	if !ok {
		return
	}
	*p.state() = mendState{receipt: n, share: 1}
	p.ref.SetText("")
	p.reason.SetText("")
	p.load()
}

func (p *mendPage) load() {
	s, past := p.state(), p.w.ports.Office.Past
	var sold till.Sold
	var err error
	p.ask(p.w.Say("returns.opening", "no", receiptNo(s.receipt)), func(ctx context.Context) { sold, err = past.Sold(ctx, s.receipt) }, func() {
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.sold, s.have = sold, true
	})
}

// Show is part of page.
func (p *mendPage) Show(v till.View) {
	s := p.state()
	if n := v.Notice; n != nil && n.Seq != s.seen {
		if s.sent && n.Code == till.NoteSaved {
			s.saved = true
		}
		if s.seen != 0 || s.sent {
			s.sent = false
		}
		s.seen = n.Seq
		if s.saved {
			p.load()
			return
		}
	}
	p.redraw()
}

// Key mends.
func (p *mendPage) Key(e KeyEvent) bool {
	if e.Action == ActPay {
		p.do()
		return true
	}
	return p.desk.Key(e)
}

func (p *mendPage) why() string {
	w, s := p.w, p.state()
	switch {
	case s.to == "":
		return w.Say("mend.why_kind")
	case s.reason == "":
		return w.Say("returns.why_reason")
	}
	return ""
}

func (p *mendPage) do() {
	s := p.state()
	if s.have && !s.sent && !s.saved && p.why() == "" {
		s.sent = true
		p.w.Do(till.MendTender{Receipt: s.receipt, Share: s.share, Kind: s.to, Ref: s.ref, Reason: s.reason})
	}
}

// kinds are what a tender can be mended to.
func (p *mendPage) kinds() []till.TenderKind {
	out := []till.TenderKind{till.Cash, till.Card, till.Transfer}
	for _, m := range p.w.methods {
		out = append(out, m.Kind)
	}
	return out
}

func (p *mendPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.failed != "" || !s.have {
		return p.plain(kit.NewCard(20, empty("pencil", s.failed, "")))
	}
	sale := &s.sold.Sale
	left := kit.Col(10, kit.Fixed(52, kit.Col(0, kit.NewBold(w.Say("mend.title", "no", receiptNo(s.receipt)), 24, kit.Ink), kit.NewLabel(w.Say("mend.sub"), 15, kit.Ink3))), kit.NewBold(w.Say("mend.which"), 17, kit.Ink))
	for _, t := range sale.Tenders {
		row := kit.Inset(0, 16, 0, 16, kit.Row(14, kit.Middle(w.plateOf(t.Kind, 40)), kit.Grow(1, kit.Middle(kit.NewBold(w.tenderName(t.Kind), 18, kit.Ink))), kit.Middle(kit.NewBold(w.Money(t.Amount), 20, kit.Ink))))
		style := kit.Style{Fill: kit.Surface, Edge: kit.Outline, Stroke: 1, Radius: kit.RadiusCard}
		if t.N == s.share {
			style = kit.Style{Fill: kit.AccentTint, Edge: kit.Accent, Stroke: 3, Radius: kit.RadiusCard}
		}
		tap := kit.NewTap(style, row, func() { s.share, s.to = t.N, ""; p.redraw() })
		tap.SetMin(200, 72)
		left.Add(tap)
	}
	left.Add(kit.Space())
	kinds := kit.Grid(2, 10, 64)
	from := till.TenderKind("")
	if s.share >= 1 && s.share <= len(sale.Tenders) {
		from = sale.Tenders[s.share-1].Kind
	}
	for _, k := range p.kinds() {
		if k == from {
			continue
		}
		b := kit.NewButton(kit.ButtonSpec{Left: true, Icon: iconOr(tenderIcon(k), "qr-code"), Label: w.tenderName(k), OnTap: func() { s.to = k; p.redraw() }})
		b.SetChosen(k == s.to)
		kinds.Add(b)
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Text: 22, Label: w.Say("mend.do"), Key: "F9", OnTap: p.do})
	if why := p.why(); why != "" {
		main.Off(why)
	}
	form := kit.Col(12, kinds, p.ref, p.reason)
	right := kit.Col(12, kit.NewBold(w.Say("mend.to"), 17, kit.Ink), kit.Grow(1, p.whole(form)))
	if s.saved {
		right = kit.Col(12, kit.Grow(1, empty("circle-check-big", w.Say("mend.saved"), w.Say("mend.saved_body"))))
		return p.plain(kit.Row(12, kit.Grow(1, left), kit.Grow(1, kit.NewCard(18, right))))
	}
	right.Add(kit.NewNote(wrapped(w.Say("mend.note"), 15, kit.Ink2)))
	right.Add(main)
	return p.plain(kit.Row(12, kit.Grow(1, left), kit.Grow(1, kit.NewCard(18, right))))
}

func iconOr(icon, other string) string {
	if icon == "" {
		return other
	}
	return icon
}
