package ui

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// auditPart is how many records are asked for at once.
const auditPart = 200

// auditState is the part of the journal that is shown.
type auditState struct {
	all     []JournalLine
	group   auditGroup
	text    string
	more    bool
	loaded  bool
	failed  string
	checked Verified
	done    bool   // a check has finished
	trouble string // a check could not be done
}

// auditPage lists what was done at the till, and checks that nothing was altered.
type auditPage struct {
	*desk
	field *kit.Field
	list  *kit.Table
	shown []int // places in all
	share atomic.Int64
}

func newAudit(w *Window) page {
	if w.ports.Office.Journal == nil {
		return nil
	}
	p := &auditPage{}
	p.desk = newDesk(w, p.paint)
	p.field = kit.NewField(kit.FieldSpec{Icon: "search", Small: true, Limit: 60, Placeholder: w.Say("audit.find"), OnChange: func(t string) {
		p.state().text = t
		p.filter()
	}}, w.office.audit.text)
	p.list = kit.NewTable(kit.TableSpec{Row: 52, Columns: []kit.Column{{Title: w.Say("audit.no"), Width: 70}, {Title: w.Say("audit.when"), Width: 118}, {Title: w.Say("office.who"), Width: 96},
		{Title: w.Say("audit.what")}, {Title: w.Say("audit.about"), Width: 132}},
		Len: func() int { return len(p.shown) }, At: p.cell})
	p.filter()
	return p
}

func (p *auditPage) state() *auditState { return &p.w.office.audit }

// Title is part of page.
func (p *auditPage) Title() string { return p.w.Say("page.audit") }

// Show is part of page.
func (p *auditPage) Show(till.View) {
	s := p.state()
	if s.group == "" {
		s.group = auditAll
	}
	if !s.loaded && s.failed == "" && p.waiting == "" {
		p.load(false)
		return
	}
	p.redraw()
}

// Leave lets the journal be read anew next time.
func (p *auditPage) Leave() {
	s := p.state()
	s.all, s.loaded, s.failed = nil, false, ""
	p.desk.Leave()
}

func (p *auditPage) load(more bool) {
	s, j := p.state(), p.w.ports.Office.Journal
	before := int64(0)
	if more && len(s.all) > 0 {
		before = s.all[len(s.all)-1].Seq
	}
	var found []JournalLine
	var err error
	p.ask(p.w.Say("audit.reading"), func(ctx context.Context) { found, err = j.Latest(ctx, before, auditPart) }, func() {
		s.loaded = true
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.all, s.more = append(s.all, found...), len(found) == auditPart
		p.filter()
	})
}

// filter picks what the group and the words leave.
func (p *auditPage) filter() {
	s := p.state()
	p.shown = p.shown[:0]
	want := strings.ToLower(strings.TrimSpace(s.text))
	for i := range s.all {
		e := &s.all[i].Entry
		if s.group != auditAll && s.group != "" && groupOf(e.Record) != s.group {
			continue
		}
		if want != "" {
			what, about := p.w.auditWords(e)
			if !strings.Contains(strings.ToLower(what+" "+about+" "+p.w.personName(e.Operator)), want) {
				continue
			}
		}
		p.shown = append(p.shown, i)
	}
	p.list.Update()
}

func (p *auditPage) cell(row, col int) kit.Cell {
	l := &p.state().all[p.shown[row]]
	what, about := p.w.auditWords(&l.Entry)
	switch col {
	case 0:
		return kit.Cell{Text: strconv.FormatInt(l.Seq, 10), Size: 15, Colour: kit.Ink3}
	case 1:
		return kit.Cell{Text: p.w.local(l.At).Format("01-02 15:04:05"), Size: 15, Colour: kit.Ink2}
	case 2:
		return kit.Cell{Text: p.w.personName(l.Operator), Bold: true}
	case 3:
		return kit.Cell{Text: what}
	}
	return kit.Cell{Text: about, Size: 14, Colour: kit.Ink3}
}

// verify checks the whole journal; leaving the page gives the check up.
func (p *auditPage) verify() {
	s, j := p.state(), p.w.ports.Office.Journal
	var got Verified
	var err error
	p.ask(p.w.Say("audit.checking"), func(ctx context.Context) {
		got, err = j.Verify(ctx, func(done, of int64) { p.share.Store(done * 100 / max(1, of)) })
	}, func() {
		s.done, s.checked, s.trouble = err == nil, got, ""
		if err != nil {
			s.trouble = p.w.Say("audit.not_checked")
		}
	})
}

// Key checks the journal.
func (p *auditPage) Key(e KeyEvent) bool {
	switch e.Action {
	case ActPay:
		p.verify()
	case ActSearch:
		p.w.win.Canvas().Focus(p.field)
	default:
		return p.desk.Key(e)
	}
	return true
}

func (p *auditPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	actions := []fyne.CanvasObject{kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Small, Icon: "shield-check", Label: w.Say("audit.verify"), Key: "F9", OnTap: p.verify})}
	body := kit.Col(10, p.verdict())
	chips := kit.Row(8)
	for _, g := range auditGroups {
		chips.Add(kit.NewChip("", w.Say("audit.group."+string(g)), s.group == g || s.group == "" && g == auditAll, func() { s.group = g; p.filter(); p.redraw() }))
	}
	if p.narrow {
		body.Add(kit.Fixed(48, chips))
		body.Add(kit.Fixed(48, p.field))
	} else {
		chips.Add(kit.Grow(1, p.field))
		body.Add(kit.Fixed(48, chips))
	}
	switch {
	case s.failed != "":
		body.Add(kit.Grow(1, kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("report.failed_body")))))
	case s.loaded && len(p.shown) == 0:
		body.Add(kit.Grow(1, kit.NewCard(20, empty("scroll-text", w.Say("audit.none"), w.Say("audit.none_body")))))
	default:
		body.Add(kit.Grow(1, kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(1, 1, 6, 1, p.list))))
	}
	if s.more {
		body.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("audit.older"), OnTap: func() { p.load(true) }}))
	}
	return p.office(PageAudit, w.Say("page.audit"), w.Say("audit.sub"), actions, body)
}

// verdict says what the last check found.
func (p *auditPage) verdict() fyne.CanvasObject {
	w, s := p.w, p.state()
	kind, icon, ink, title, line := kit.Plain, "shield-check", kit.Ink2, w.Say("audit.unchecked"), w.Say("audit.unchecked_body")
	switch {
	case s.trouble != "":
		kind, icon, ink, title, line = kit.Caution, "triangle-alert", kit.Warn, s.trouble, w.Say("audit.not_checked_body")
	case s.done && s.checked.Fault != "":
		kind, icon, ink = kit.Bad, "octagon-alert", kit.Danger
		title, line = w.Say("audit.broken", "n", strconv.FormatInt(s.checked.At, 10)), w.Say("audit.broken_body", "detail", s.checked.Fault)
	case s.done:
		kind, ink = kit.Good, kit.Accent
		title = w.Say("audit.intact")
		line = w.Say("audit.intact_body", "n", thousands(int(s.checked.Records)), "s", strconv.FormatFloat(s.checked.Took.Seconds(), 'f', 1, 64))
	}
	body := kit.NewParagraph(line, p.pick(16, 15), kit.Ink)
	body.Lines = 2
	row := kit.Row(16, kit.Middle(kit.NewIcon(icon, 40, ink)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(title, 22, ink), body))))
	if s.done && s.checked.Head != "" && !p.narrow {
		row.Add(kit.Middle(kit.Col(0, kit.NewLabel(w.Say("audit.seal"), 14, kit.Ink3), kit.NewBold(seal(s.checked.Head), 20, kit.Ink))))
	}
	return kit.Fixed(104, kit.NewCallout(kind, 14, row))
}

// seal writes the beginning of a hash in groups that can be compared by eye.
func seal(hash string) string {
	h := strings.ToUpper(hash)
	if len(h) < 16 {
		return h
	}
	return h[:4] + "-" + h[4:8] + "-" + h[8:12] + "-" + h[12:16]
}
