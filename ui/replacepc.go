package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// replacePCState is what is known of the move to another PC.
type replacePCState struct {
	loaded bool
	lang   string
	failed bool
	data   Move
	busy   string
	out    outcome
}

// replacePCPage shows what to do before this PC is replaced, ticked as far as the till can tell, and on the new one.
type replacePCPage struct {
	*desk
	kept scrolls
}

func newReplacePC(w *Window) page {
	if w.ports.Office.Install == nil {
		return nil
	}
	p := &replacePCPage{kept: scrolls{}}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *replacePCPage) state() *replacePCState { return &p.w.office.replace }

// Title is part of page.
func (p *replacePCPage) Title() string { return p.w.Say("page.replacepc") }

// Show is part of page.
func (p *replacePCPage) Show(till.View) { p.look() }

// look reads how things stand, once, and again in another language.
func (p *replacePCPage) look() {
	s := p.state()
	if (s.loaded && s.lang == p.w.lang) || p.waiting != "" {
		p.redraw()
		return
	}
	in, lang := p.w.ports.Office.Install, p.w.lang
	var data Move
	var err error
	p.ask(p.w.Say("golive.reading"), func(ctx context.Context) { data, err = in.Move(ctx, lang) }, func() {
		s.loaded, s.lang, s.failed, s.data = true, lang, err != nil, data
	})
}

// Leave looks anew next time.
func (p *replacePCPage) Leave() {
	s := p.state()
	*s = replacePCState{busy: s.busy}
	p.desk.Leave()
}

// sheet writes the list for paper.
func (p *replacePCPage) sheet() {
	s, in, lang := p.state(), p.w.ports.Office.Install, p.w.lang
	p.w.writes(&s.busy, &s.out, "golive.written", func(ctx context.Context) (string, error) { return in.MoveSheet(ctx, lang) })
}

// Key writes the list.
func (p *replacePCPage) Key(e KeyEvent) bool {
	if e.Action == ActPay {
		p.sheet()
		return true
	}
	return p.desk.Key(e)
}

func (p *replacePCPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	again := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "refresh-cw", Label: w.Say("golive.again"), OnTap: func() { s.loaded, s.out = false, outcome{}; p.look() }})
	head := []fyne.CanvasObject{again}
	title, sub := w.Say("page.replacepc"), w.Say("replacepc.sub")
	switch {
	case s.failed:
		return p.office(PageSettings, title, sub, head, kit.NewCard(20, empty("triangle-alert", w.Say("golive.unread"), w.Say("golive.unread_body"))))
	case !s.loaded:
		return p.office(PageSettings, title, sub, head, kit.Space())
	}
	before := kit.Col(10, p.summary(), busyNote(w, s.busy), outcomeNote(w, s.out))
	for _, x := range s.data.Before {
		before.Add(w.pointView(x))
	}
	after := kit.Col(10)
	for _, x := range s.data.After {
		after.Add(w.pointView(x))
	}
	buttons := kit.Col(8)
	if w.canOpen(PageCopies) {
		buttons.Add(kit.NewButton(kit.ButtonSpec{Icon: "save", Label: w.Say("page.copies"), OnTap: func() { w.Open(PageCopies) }}))
	}
	buttons.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Icon: "file-check", Label: w.Say("replacepc.sheet"), Key: "F9", OnTap: p.sheet}))
	card := func(name, icon, key string, list fyne.CanvasObject, foot ...fyne.CanvasObject) fyne.CanvasObject {
		col := kit.Col(10, kit.Row(12, kit.NewIcon(icon, 26, kit.Ink), kit.Grow(1, kit.Middle(kit.NewBold(w.Say(key), 20, kit.Ink)))), kit.Grow(1, p.kept.around(name, kit.Inset(2, 8, 2, 2, list))))
		for _, o := range foot {
			col.Add(o)
		}
		return kit.NewCard(18, col)
	}
	return p.office(PageSettings, title, sub, head, kit.Row(12, kit.Grow(1, card("before", "monitor", "replacepc.before", before, buttons)), kit.Grow(1, card("after", "monitor-check", "replacepc.after", after))))
}

// summary says whether the PC may go.
func (p *replacePCPage) summary() fyne.CanvasObject {
	w, n := p.w, missing(p.state().data.Before)
	if n > 0 {
		return kit.NewCallout(kit.Caution, 12, kit.Row(12, kit.NewIcon("triangle-alert", 24, kit.Warn), kit.Grow(1, wrapped(w.Say("replacepc.missing", "n", decimal(n)), 16, kit.Ink))))
	}
	return kit.NewCallout(kit.Good, 12, kit.Row(12, kit.NewIcon("circle-check", 24, kit.Accent), kit.Grow(1, wrapped(w.Say("replacepc.ready"), 16, kit.Ink))))
}
