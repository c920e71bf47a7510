package ui

import (
	"context"
	"strconv"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// importStep is where the import of a list stands.
type importStep int

// The steps, in their order.
const (
	importFile importStep = iota
	importColumns
	importLook
	importDone
)

// importState is a list that is being taken in.
type importState struct {
	step   importStep
	pick   filePick
	file   string
	sheet  ListSheet
	fields []string
	check  ListCheck
	done   ListDone
	undone bool
	failed string
}

// importPage takes items in from a CSV file in four steps. Nothing changes before the last, and that can be taken back.
type importPage struct {
	*desk
	share atomic.Int64 // per cent taken
}

func newImport(w *Window) page {
	if w.ports.Office.Lists == nil || w.ports.Office.Folders == nil {
		return nil
	}
	p := &importPage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *importPage) state() *importState { return &p.w.office.lists }

// Title is part of page.
func (p *importPage) Title() string { return p.w.Say("page.import") }

// Show is part of page.
func (p *importPage) Show(till.View) {
	s := p.state()
	if !s.pick.loaded && p.waiting == "" {
		p.pickIn(&s.pick, "", p.chosen, "csv", "txt")
		return
	}
	p.redraw()
}

// Leave begins anew next time; a list that was taken can still be taken back from the journal's batch.
func (p *importPage) Leave() {
	*p.state() = importState{}
	p.desk.Leave()
}

// chosen reads the beginning of the file.
func (p *importPage) chosen(path string) {
	s, lists := p.state(), p.w.ports.Office.Lists
	s.file, s.failed = path, ""
	var sheet ListSheet
	var err error
	p.ask(p.w.Say("import.reading", "file", baseName(path)), func(ctx context.Context) { sheet, err = lists.Read(ctx, path) }, func() {
		if err != nil || len(sheet.Columns) == 0 {
			s.failed = p.w.Say("import.unreadable", "file", baseName(path))
			return
		}
		s.sheet, s.step = sheet, importColumns
		s.fields = nil
		for _, c := range sheet.Columns {
			s.fields = append(s.fields, c.Field)
		}
	})
}

// has reports whether a column is taken as a field.
func (s *importState) has(field string) bool {
	for _, f := range s.fields {
		if f == field {
			return true
		}
	}
	return false
}

// why says what keeps the columns from being used.
func (p *importPage) why() string {
	s := p.state()
	switch {
	case !s.has("name"):
		return p.w.Say("import.why_name")
	case !s.has("price"):
		return p.w.Say("import.why_price")
	}
	return ""
}

// next turns a column to the next field that no other column has.
func (p *importPage) next(i int) {
	s := p.state()
	at := 0
	for n, f := range ListFields {
		if f == s.fields[i] {
			at = n
		}
	}
	for n := 1; n <= len(ListFields); n++ {
		f := ListFields[(at+n)%len(ListFields)]
		if f == "" || !s.has(f) {
			s.fields[i] = f
			break
		}
	}
	p.redraw()
}

func (p *importPage) look() {
	s, lists := p.state(), p.w.ports.Office.Lists
	if s.step != importColumns || p.why() != "" {
		return
	}
	var check ListCheck
	var err error
	file, fields := s.file, append([]string(nil), s.fields...)
	p.ask(p.w.Say("import.checking"), func(ctx context.Context) { check, err = lists.Check(ctx, file, fields) }, func() {
		if err != nil {
			s.failed = p.w.Say("import.unreadable", "file", baseName(file))
			return
		}
		s.check, s.step, s.failed = check, importLook, ""
	})
}

func (p *importPage) take() {
	s, lists := p.state(), p.w.ports.Office.Lists
	if s.step != importLook {
		return
	}
	var done ListDone
	var err error
	file, fields, by := s.file, append([]string(nil), s.fields...), p.w.operatorCode()
	p.share.Store(0)
	p.ask(p.w.Say("import.taking"), func(ctx context.Context) {
		done, err = lists.Take(ctx, file, fields, by, func(n, of int) { p.share.Store(int64(n) * 100 / int64(max(1, of))) })
	}, func() {
		if err != nil {
			s.failed = p.w.Say("import.not_taken")
			return
		}
		s.done, s.step, s.undone, s.failed = done, importDone, false, ""
	})
	p.watch()
}

// watch redraws how far the import is, while it runs.
func (p *importPage) watch() {
	turn := p.turn
	p.w.ports.After(importTick, func() {
		if turn == p.turn && p.waiting != "" {
			p.waiting = p.w.Say("import.taking_share", "p", strconv.FormatInt(p.share.Load(), 10))
			p.redraw()
			p.watch()
		}
	})
}

func (p *importPage) undo() {
	s, lists := p.state(), p.w.ports.Office.Lists
	if s.step != importDone || s.undone {
		return
	}
	var err error
	batch, by := s.done.Batch, p.w.operatorCode()
	p.ask(p.w.Say("import.undoing"), func(ctx context.Context) { err = lists.Undo(ctx, batch, by) }, func() {
		s.undone = err == nil
		s.failed = ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
		}
	})
}

// Key goes on, and back by a step.
func (p *importPage) Key(e KeyEvent) bool {
	s := p.state()
	switch e.Action {
	case ActPay, ActEnter:
		switch s.step {
		case importColumns:
			p.look()
		case importLook:
			p.take()
		case importDone:
			p.w.Back()
		case importFile:
		}
	case ActUndo:
		p.undo()
	case ActBack:
		if p.waiting != "" {
			p.desk.Leave()
			p.redraw()
			return true
		}
		if s.step == importFile || s.step == importDone {
			return p.desk.Key(e)
		}
		s.step--
		p.redraw()
	default:
		return p.desk.Key(e)
	}
	return true
}

func (p *importPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	sub := w.Say("import.sub")
	if s.file != "" {
		sub = baseName(s.file) + " · " + w.Say("import.rows", "n", thousands(s.sheet.Rows)) + " · " + sub
	}
	var actions []fyne.CanvasObject
	if s.step == importColumns || s.step == importLook {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "file-up", Label: w.Say("import.other"), OnTap: func() { s.step = importFile; p.redraw() }}))
	}
	names := []string{w.Say("import.step.file"), w.Say("import.step.columns"), w.Say("import.step.look"), w.Say("import.step.done")}
	body := kit.Col(12, kit.NewSteps(names, int(s.step), func(i int) {
		if s.step != importDone {
			s.step = importStep(i)
			p.redraw()
		}
	}))
	if s.failed != "" {
		body.Add(kit.NewNote(kit.Row(10, kit.NewIcon("triangle-alert", 22, kit.Warn), kit.Grow(1, kit.Middle(wrapped(s.failed, 16, kit.Ink))))))
	}
	switch s.step {
	case importFile:
		body.Add(kit.Grow(1, p.pickView(&s.pick, p.chosen, "csv", "txt")))
	case importColumns:
		body.Add(kit.Grow(1, p.columnsView()))
	case importLook:
		body.Add(kit.Grow(1, p.lookView()))
	case importDone:
		body.Add(kit.Grow(1, p.doneView()))
	}
	return p.office(PageItems, w.Say("page.import"), sub, actions, body)
}

func (p *importPage) columnsView() fyne.CanvasObject {
	w, s := p.w, p.state()
	var rows []tableRow
	for i, c := range s.sheet.Columns {
		icon, ink, words := "circle-check", kit.Accent, w.Say("import.field."+s.fields[i])
		if s.fields[i] == "" {
			icon, ink, words = "circle-minus", kit.Ink3, w.Say("import.skip")
		}
		sample := c.Sample
		if sample == "" {
			sample = "—"
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{strong(c.Header, 16, kit.Ink), text(sample, 15, kit.Ink3), kit.NewIcon("arrow-right", 20, kit.Ink3),
			kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: words, OnTap: func() { p.next(i) }}), kit.NewIcon(icon, 22, ink)}, false, nil})
	}
	cols := []column{{w.Say("import.column"), 150, false}, {w.Say("import.sample"), 0, false}, {"", 24, false}, {w.Say("import.goes_to"), 220, false}, {"", 32, false}}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("import.look"), Key: "Enter", OnTap: p.look})
	if why := p.why(); why != "" {
		main.Off(why)
	}
	return kit.Col(10, kit.Grow(1, table(cols, 58, rows)), kit.Row(10, kit.Grow(1, kit.Middle(wrapped(w.Say("import.tap_to_change"), 15, kit.Ink3))), main))
}

func (p *importPage) lookView() fyne.CanvasObject {
	w, s := p.w, p.state()
	figure := func(icon string, ink kit.Colour, key string, n int) fyne.CanvasObject {
		return kit.Grow(1, kit.NewCard(14, kit.Col(2, kit.Row(6, kit.NewIcon(icon, 18, ink), kit.Grow(1, kit.Middle(kit.NewBold(w.Say(key), 15, ink)))), kit.NewBold(thousands(n), 28, kit.Ink))))
	}
	top := kit.Row(10, figure("circle-plus", kit.Accent, "import.new", s.check.New), figure("refresh-cw", kit.Ink2, "import.changed", s.check.Changed),
		figure("circle-check", kit.Ink2, "import.same", s.check.Same), figure("triangle-alert", kit.Warn, "import.aside", max(s.check.AsideRows, len(s.check.Aside))))
	col := kit.Col(10, top)
	if n := len(s.check.NewCategories); n > 0 {
		list := ""
		for i, c := range s.check.NewCategories {
			if i > 0 {
				list += w.Say("report.comma")
			}
			list += c
		}
		col.Add(kit.NewNote(kit.NewLabel(w.Say("import.categories", "list", shorten(list, 80)), 16, kit.Ink2)))
	}
	if len(s.check.Aside) == 0 {
		col.Add(kit.Grow(1, kit.NewCard(20, empty("circle-check-big", w.Say("import.all_fit"), w.Say("import.all_fit_body")))))
	} else {
		var rows []tableRow
		for _, f := range s.check.Aside[:min(200, len(s.check.Aside))] {
			rows = append(rows, tableRow{[]fyne.CanvasObject{strong(w.Say("import.row", "n", strconv.Itoa(f.Row)), 15, kit.Ink),
				kit.Col(0, strong(w.Say("import.fault."+f.Code), 16, kit.Ink), text(f.Detail, 14, kit.Ink2))}, false, nil})
		}
		col.Add(kit.Grow(1, table([]column{{w.Say("import.where"), 110, false}, {w.Say("import.why"), 0, false}}, 62, rows)))
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("import.take", "n", thousands(s.check.New+s.check.Changed)), Key: "Enter", OnTap: p.take})
	if s.check.New+s.check.Changed == 0 {
		main.Off(w.Say("import.nothing"))
	}
	col.Add(kit.Row(10, kit.NewIcon("undo-2", 20, kit.Ink2), kit.Grow(1, kit.Middle(wrapped(w.Say("import.can_undo"), 15, kit.Ink2))),
		kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.back"), Key: "Esc", OnTap: func() { p.Key(KeyEvent{Action: ActBack}) }}), main))
	return col
}

func (p *importPage) doneView() fyne.CanvasObject {
	w, s := p.w, p.state()
	title, sub := w.Say("import.done", "added", thousands(s.done.Added), "changed", thousands(s.done.Changed)), w.Say("import.done_body")
	icon := "circle-check-big"
	if s.undone {
		title, sub, icon = w.Say("import.undone"), w.Say("import.undone_body"), "undo-2"
	}
	col := kit.Col(16, kit.Grow(1, empty(icon, title, sub)))
	if s.done.Aside > 0 && !s.undone {
		words := w.Say("import.aside_count", "n", thousands(s.done.Aside))
		if s.done.AsideFile != "" {
			words = w.Say("import.aside_file", "n", thousands(s.done.Aside), "path", s.done.AsideFile)
		}
		col.Add(kit.NewNote(kit.Row(10, kit.NewIcon("triangle-alert", 20, kit.Warn), kit.Grow(1, wrapped(words, 16, kit.Ink)))))
	}
	row := kit.Row(10, kit.Space())
	if !s.undone {
		row.Add(kit.NewButton(kit.ButtonSpec{Icon: "undo-2", Label: w.Say("import.undo"), Key: "Ctrl Z", OnTap: p.undo}))
	}
	row.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "package", Label: w.Say("import.to_items"), Key: "Enter", OnTap: w.Back}))
	col.Add(row)
	return kit.NewCard(20, col)
}
