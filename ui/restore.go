package ui

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// restoreHold is how long the button is held that puts a copy in the place of the books.
const restoreHold = 2 * time.Second

// restoreState is a copy that is looked into and perhaps taken up.
type restoreState struct {
	on     bool
	pick   filePick
	path   string // of the copy that was looked into; "" while one is being chosen
	info   CopyInfo
	unread bool // it could not be looked into
	busy   string
	out    outcome
}

// restoreBegin lets a copy be chosen.
func (d *desk) restoreBegin(s *restoreState) {
	*s = restoreState{on: true, busy: s.busy}
	d.pickIn(&s.pick, "", d.restoreLook(s), "db")
}

// restoreLook looks into a copy. Nothing changes by it.
func (d *desk) restoreLook(s *restoreState) func(path string) {
	return func(path string) {
		c := d.w.ports.Office.Copies
		var info CopyInfo
		var err error
		d.ask(d.w.Say("copies.checking"), func(ctx context.Context) { info, err = c.Look(ctx, path) }, func() {
			s.path, s.info, s.unread, s.out = path, info, err != nil, outcome{}
		})
	}
}

// restoreBack goes from the copy to the choice of one, and from there out.
func (d *desk) restoreBack(s *restoreState) {
	if s.busy != "" {
		return
	}
	d.Leave()
	if s.path != "" {
		s.path, s.out = "", outcome{}
	} else {
		*s = restoreState{}
	}
	d.redraw()
}

// lost is how many receipts the books have that the copy has not.
func (d *desk) lost(s *restoreState) int { return max(0, d.w.view.Next-1-s.info.Receipts) }

// whyNotRestore says why a copy cannot be taken up now, "" where it can.
func (d *desk) whyNotRestore(s *restoreState) string {
	w := d.w
	founded := w.ports.Shop == nil || w.ports.Shop.Founded()
	switch {
	case s.busy != "":
		return w.Say(s.busy)
	case w.view.Practice:
		return w.Say("copies.why_practice")
	case !s.info.Intact:
		return w.Say("copies.why_damaged")
	case founded && !w.may(till.MaySetMoney):
		return w.Say("copies.why_owner")
	case w.view.Sale != nil && w.view.Sale.Live() > 0:
		return w.Say("copies.why_sale")
	}
	return ""
}

// restore puts the copy in the place of the books.
func (d *desk) restore(s *restoreState) {
	w, c := d.w, d.w.ports.Office.Copies
	if d.whyNotRestore(s) != "" {
		return
	}
	d.Leave()
	s.out = outcome{}
	path := s.path
	var err error
	w.act(&s.busy, "copies.restoring", func(ctx context.Context) { err = c.Restore(ctx, path) }, func() {
		if err != nil {
			s.out = outcome{title: "copies.not_restored", body: "copies.not_restored_body", bad: true}
			w.play("failed")
			return
		}
		*s = restoreState{on: s.on, path: path, info: s.info, out: outcome{title: "copies.restored", body: "copies.restored_body"}}
	})
}

// restoreView chooses a copy, then shows what is in it and what taking it up would do.
func (d *desk) restoreView(s *restoreState) fyne.CanvasObject {
	w := d.w
	back := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.back"), Key: "Esc", OnTap: func() { d.restoreBack(s) }})
	if s.path == "" {
		return kit.Col(10, kit.Grow(1, d.pickView(&s.pick, d.restoreLook(s), "db")), kit.Row(8, kit.Space(), back))
	}
	col := kit.Col(10, busyNote(w, s.busy), outcomeNote(w, s.out))
	if s.unread {
		col.Add(kit.Grow(1, kit.NewCard(20, empty("file-x", w.Say("copies.no_copy"), w.Say("copies.no_copy_body")))))
		col.Add(kit.Row(8, kit.Space(), back))
		return col
	}
	col.Add(kit.Grow(1, kit.Row(12, kit.Grow(1, d.copyFacts(s)), kit.Grow(1, d.copyEffect(s)))))
	hold := kit.NewButton(kit.ButtonSpec{Kind: kit.DangerButton, Icon: "archive-restore", Label: w.Say("copies.do_restore"), Sub: w.Say("copies.hold2"), HoldFor: restoreHold, OnHold: func() { d.restore(s) }})
	if why := d.whyNotRestore(s); why != "" {
		hold.Off(why)
	}
	col.Add(kit.Row(8, kit.Space(), back, kit.Fixed(d.pick(380, 320), hold)))
	return col
}

// copyFacts says what a copy holds.
func (d *desk) copyFacts(s *restoreState) fyne.CanvasObject {
	w, i := d.w, s.info
	badge := kit.NewBadge(kit.Good, "shield-check", w.Say("copies.intact"))
	if !i.Intact {
		badge = kit.NewBadge(kit.Bad, "octagon-alert", w.Say("copies.damaged"))
	}
	facts := kit.Col(0)
	line := func(key, value string) {
		facts.Add(factLine(w.Say("copies."+key), value, kit.Ink))
		facts.Add(kit.Hairline())
	}
	line("shop", i.Shop)
	line("till", i.Till)
	line("until", w.local(i.LastAt).Format("2006-01-02 15:04"))
	line("receipts", thousands(i.Receipts))
	line("records", thousands(int(i.Records)))
	line("size", bytesText(i.Bytes))
	col := kit.Col(12, wrapped(baseName(s.path), 18, kit.Ink), kit.Row(0, badge, kit.Space()), facts)
	if i.Problem != "" {
		col.Add(wrapped(shorten(i.Problem, 200), 14, kit.Ink3))
	}
	return kit.NewCard(20, kit.NewScroll(kit.Inset(0, 8, 0, 0, col)))
}

// copyEffect says what taking the copy up would do to the books.
func (d *desk) copyEffect(s *restoreState) fyne.CanvasObject {
	w := d.w
	col := kit.Col(12, kit.NewBold(w.Say("copies.effect"), 20, kit.Ink))
	note := func(kind kit.Kind, icon string, ink kit.Colour, title, body string) {
		col.Add(kit.NewCallout(kind, 14, kit.Row(12, kit.NewIcon(icon, 26, ink), kit.Grow(1, kit.Col(2, kit.NewBold(title, 18, ink), wrapped(body, 15, kit.Ink))))))
	}
	switch n := d.lost(s); {
	case !s.info.Intact:
		note(kit.Bad, "octagon-alert", kit.Danger, w.Say("copies.damaged_title"), w.Say("copies.damaged_body"))
	case w.view.Next == 0:
		note(kit.Good, "circle-check", kit.Accent, w.Say("copies.empty_till"), w.Say("copies.empty_till_body"))
	case n > 0:
		note(kit.Bad, "octagon-alert", kit.Danger, w.words.count("copies.lost", strconv.Itoa(n)), w.Say("copies.lost_body"))
	default:
		note(kit.Good, "circle-check", kit.Accent, w.Say("copies.none_lost"), w.Say("copies.none_lost_body"))
	}
	if shop := w.view.Settings.Shop.Name; w.view.Next > 0 && shop != s.info.Shop && s.info.Intact {
		note(kit.Caution, "triangle-alert", kit.Warn, w.Say("copies.other_shop"), w.Say("copies.other_shop_body", "here", shop, "there", s.info.Shop))
	}
	for _, x := range []struct{ icon, key string }{{"shield-check", "copies.kept"}, {"key-round", "copies.pins"}} {
		col.Add(kit.Row(12, kit.NewIcon(x.icon, 22, kit.Ink2), kit.Grow(1, wrapped(w.Say(x.key), 16, kit.Ink))))
	}
	return kit.NewCard(20, kit.NewScroll(kit.Inset(0, 8, 0, 0, col)))
}
