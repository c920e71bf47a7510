package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// copyStale is the age at which the last copy is one to be worried about.
const copyStale = 24 * time.Hour

// copiesState is what is known of the copies, and what is being done.
type copiesState struct {
	loaded  bool
	unread  bool // when the last copy was made is not known
	at      time.Time
	path    string
	folder  filePick
	picking bool // a folder is being chosen
	busy    string
	out     outcome
	back    restoreState
}

// copiesPage backs the books up and takes copies up again.
type copiesPage struct {
	*desk
}

func newCopies(w *Window) page {
	if w.ports.Office.Copies == nil || w.ports.Office.Folders == nil {
		return nil
	}
	p := &copiesPage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *copiesPage) state() *copiesState { return &p.w.office.copies }

// Title is part of page.
func (p *copiesPage) Title() string { return p.w.Say("page.copies") }

// Show is part of page.
func (p *copiesPage) Show(till.View) {
	if s := p.state(); !s.loaded && p.waiting == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave looks anew next time. A copy that is being made or taken up goes on.
func (p *copiesPage) Leave() {
	s := p.state()
	*s = copiesState{busy: s.busy, back: restoreState{busy: s.back.busy}}
	p.desk.Leave()
}

func (p *copiesPage) load() {
	s, c := p.state(), p.w.ports.Office.Copies
	var at time.Time
	var path string
	var err error
	p.ask(p.w.Say("copies.reading"), func(ctx context.Context) { at, path, err = c.Last(ctx) }, func() {
		s.loaded, s.unread, s.at, s.path = true, err != nil, at, path
	})
}

// backUp copies the books into a folder; "" is the one where copies went before.
func (p *copiesPage) backUp(folder string) {
	w, s, c := p.w, p.state(), p.w.ports.Office.Copies
	if !w.may(till.MayBackUp) || w.view.Practice {
		return
	}
	p.desk.Leave()
	s.out, s.picking = outcome{}, false
	var path string
	var err error
	w.act(&s.busy, "copies.copying", func(ctx context.Context) { path, err = c.BackUp(ctx, folder) }, func() {
		if err != nil {
			s.out = outcome{title: "copies.not_copied", body: "copies.not_copied_body", bad: true}
			w.play("failed")
			return
		}
		s.loaded = false
		s.out = outcome{title: "copies.copied", body: path}
	})
}

// Key backs up and goes back by a step.
func (p *copiesPage) Key(e KeyEvent) bool {
	s := p.state()
	switch {
	case e.Action == ActPay && !s.picking && !s.back.on:
		p.backUp("")
	case e.Action == ActBack && s.picking:
		s.picking = false
		p.redraw()
	case e.Action == ActBack && s.back.on:
		p.restoreBack(&s.back)
	default:
		return p.desk.Key(e)
	}
	return true
}

func (p *copiesPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	title, sub := w.Say("page.copies"), w.Say("copies.sub")
	col := kit.Col(10, busyNote(w, s.busy), outcomeNote(w, s.out))
	switch {
	case s.picking:
		title, sub = w.Say("copies.where"), w.Say("copies.where_sub")
		here := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "save", Label: w.Say("copies.here"), OnTap: func() { p.backUp(s.folder.folder) }})
		if s.folder.folder == "" {
			here.Off(w.Say("copies.choose_first"))
		}
		col.Add(kit.Grow(1, p.pickView(&s.folder, func(string) {}, "db")))
		col.Add(kit.Row(8, kit.Space(), kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.back"), Key: "Esc", OnTap: func() { s.picking = false; p.redraw() }}), here))
	case s.back.on:
		title, sub = w.Say("copies.restore"), w.Say("copies.restore_sub")
		col.Add(kit.Grow(1, p.restoreView(&s.back)))
	default:
		col.Add(kit.Grow(1, kit.Row(12, kit.Grow(1, p.backUpCard()), kit.Grow(1, p.restoreCard()))))
	}
	return p.office(PageSettings, title, sub, nil, col)
}

// backUpCard says how the last copy stands, and makes another.
func (p *copiesPage) backUpCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	kind, icon, ink, title, body := kit.Good, "circle-check", kit.Accent, "", s.path
	switch {
	case s.unread:
		kind, icon, ink, title, body = kit.Caution, "triangle-alert", kit.Warn, w.Say("copies.unread"), w.Say("copies.unread_body")
	case s.loaded && s.at.IsZero():
		kind, icon, ink, title, body = kit.Caution, "triangle-alert", kit.Warn, w.Say("copies.never"), w.Say("copies.never_body")
	case s.loaded:
		title = w.Say("copies.last", "when", w.local(s.at).Format("2006-01-02 15:04"))
		if w.ports.Now().Sub(s.at) > copyStale {
			kind, icon, ink = kit.Caution, "triangle-alert", kit.Warn
		}
	}
	col := kit.Col(14, kit.Row(12, kit.NewIcon("save", 28, kit.Ink), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("copies.back_up"), 22, kit.Ink)))))
	if title != "" {
		col.Add(kit.NewCallout(kind, 14, kit.Row(12, kit.NewIcon(icon, 26, ink), kit.Grow(1, kit.Col(2, kit.NewBold(title, 18, ink), wrapped(body, 15, kit.Ink))))))
	}
	col.Add(wrapped(w.Say("copies.by_itself"), 16, kit.Ink2))
	col.Add(wrapped(w.Say("copies.holds"), 15, kit.Ink3))
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Icon: "save", Label: w.Say("copies.now"), Key: "F9", OnTap: func() { p.backUp("") }})
	other := kit.NewButton(kit.ButtonSpec{Icon: "folder-open", Label: w.Say("copies.elsewhere"), OnTap: func() {
		s.picking, s.out, s.folder = true, outcome{}, filePick{}
		p.pickIn(&s.folder, "", func(string) {}, "db")
	}})
	switch {
	case !w.may(till.MayBackUp):
		main.Off(w.Say("copies.not_allowed"))
		other.Off(w.Say("copies.not_allowed"))
	case w.view.Practice:
		main.Off(w.Say("copies.why_practice"))
		other.Off(w.Say("copies.why_practice"))
	case s.busy != "":
		main.Off(w.Say(s.busy))
		other.Off(w.Say(s.busy))
	}
	return kit.NewCard(20, kit.Col(10, kit.Grow(1, kit.NewScroll(kit.Inset(0, 8, 0, 0, col))), other, main))
}

// restoreCard begins to take a copy up.
func (p *copiesPage) restoreCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(14, kit.Row(12, kit.NewIcon("archive-restore", 28, kit.Ink), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("copies.restore"), 22, kit.Ink)))),
		wrapped(w.Say("copies.restore_body"), 16, kit.Ink2))
	for _, x := range []struct{ icon, key string }{{"eye", "copies.first_look"}, {"shield-check", "copies.kept"}, {"key-round", "copies.pins"}} {
		col.Add(kit.Row(12, kit.NewIcon(x.icon, 22, kit.Ink2), kit.Grow(1, wrapped(w.Say(x.key), 16, kit.Ink))))
	}
	look := kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "folder-open", Label: w.Say("copies.look"), OnTap: func() { s.out = outcome{}; p.restoreBegin(&s.back) }})
	return kit.NewCard(20, kit.Col(10, kit.Grow(1, kit.NewScroll(kit.Inset(0, 8, 0, 0, col))), look))
}
