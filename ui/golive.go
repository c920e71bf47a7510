package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// The pages for handing a till over.
const (
	PageGoLive    PageName = "golive"    // what is missing before the shop opens
	PageTestCard  PageName = "testcard"  // a card printed and read back
	PageReplacePC PageName = "replacepc" // what to do when this PC is replaced
)

// goLiveState is what is known of the hand-over.
type goLiveState struct {
	loaded bool
	lang   string // of its words
	failed bool
	data   GoLive
	busy   string
	out    outcome
}

// goLivePage shows what is missing before the shop opens, and writes the sheet that is handed over.
type goLivePage struct {
	*desk
	kept scrolls
}

func newGoLive(w *Window) page {
	if w.ports.Office.Install == nil {
		return nil
	}
	p := &goLivePage{kept: scrolls{}}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *goLivePage) state() *goLiveState { return &p.w.office.golive }

// Title is part of page.
func (p *goLivePage) Title() string { return p.w.Say("page.golive") }

// Show is part of page.
func (p *goLivePage) Show(till.View) { p.look() }

// look reads what there is, once, and again in another language.
func (p *goLivePage) look() {
	s := p.state()
	if (s.loaded && s.lang == p.w.lang) || p.waiting != "" {
		p.redraw()
		return
	}
	in, lang := p.w.ports.Office.Install, p.w.lang
	var data GoLive
	var err error
	p.ask(p.w.Say("golive.reading"), func(ctx context.Context) { data, err = in.GoLive(ctx, lang) }, func() {
		s.loaded, s.lang, s.failed, s.data = true, lang, err != nil, data
	})
}

// Leave looks anew next time.
func (p *goLivePage) Leave() {
	s := p.state()
	*s = goLiveState{busy: s.busy}
	p.desk.Leave()
}

// again looks anew.
func (p *goLivePage) again() {
	s := p.state()
	s.loaded, s.out = false, outcome{}
	p.look()
}

// sheet writes the sheet.
func (p *goLivePage) sheet() {
	s, in, lang := p.state(), p.w.ports.Office.Install, p.w.lang
	p.w.writes(&s.busy, &s.out, "golive.written", func(ctx context.Context) (string, error) { return in.GoLiveSheet(ctx, lang) })
}

// trace writes what went over the wires.
func (p *goLivePage) trace() {
	s, in := p.state(), p.w.ports.Office.Install
	p.w.writes(&s.busy, &s.out, "golive.traced", func(ctx context.Context) (string, error) { return in.ExportTrace(ctx) })
}

// writes writes a file and says where it is, or that it could not be.
func (w *Window) writes(busy *string, out *outcome, done string, write func(ctx context.Context) (string, error)) {
	*out = outcome{}
	var path string
	var err error
	w.act(busy, "golive.writing", func(ctx context.Context) { path, err = write(ctx) }, func() {
		if err != nil {
			*out = outcome{title: "golive.not_written", body: "golive.not_written_body", bad: true}
			return
		}
		*out = outcome{title: done, body: path}
	})
}

// Key writes the sheet.
func (p *goLivePage) Key(e KeyEvent) bool {
	if e.Action == ActPay {
		p.sheet()
		return true
	}
	return p.desk.Key(e)
}

func (p *goLivePage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	again := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "refresh-cw", Label: w.Say("golive.again"), OnTap: p.again})
	head := []fyne.CanvasObject{again}
	switch {
	case s.failed:
		return p.office(PageDevices, w.Say("page.golive"), w.Say("golive.sub"), head, kit.NewCard(20, empty("triangle-alert", w.Say("golive.unread"), w.Say("golive.unread_body"))))
	case !s.loaded:
		return p.office(PageDevices, w.Say("page.golive"), w.Say("golive.sub"), head, kit.Space())
	}
	list := kit.Col(10)
	for _, x := range s.data.Points {
		list.Add(w.pointView(x))
	}
	if len(s.data.Devices) > 0 {
		list.Add(kit.Hairline())
		list.Add(kit.NewBold(w.Say("golive.devices"), 18, kit.Ink))
	}
	for _, x := range s.data.Devices {
		detail := x.Words
		if !x.At.IsZero() {
			detail += "  " + w.Say("golive.proved_at", "when", x.At.Format("2006-01-02 15:04"), "who", x.By)
		}
		list.Add(w.pointView(CheckPoint{State: x.State, Title: w.Say("status."+kindOfStatus(x.Kind)) + "  " + x.Name, Detail: detail}))
	}
	return p.office(PageDevices, w.Say("page.golive"), w.Say("golive.sub"), head, kit.Row(12,
		kit.Grow(1, kit.NewCard(18, p.kept.around("points", kit.Inset(2, 10, 2, 2, list)))), kit.Fixed(p.pick(380, 330), p.side())))
}

// kindOfStatus is the word of the status bar for a kind of device.
func kindOfStatus(kind string) string {
	if kind == "display" {
		return "pole"
	}
	return kind
}

// side says how much is missing, and has the buttons.
func (p *goLivePage) side() fyne.CanvasObject {
	w, s := p.w, p.state()
	n := missing(s.data.Points)
	kind, icon, ink, words, body := kit.Good, "circle-check", kit.Accent, w.Say("golive.ready"), w.Say("golive.ready_body")
	if n > 0 {
		kind, icon, ink, words, body = kit.Caution, "triangle-alert", kit.Warn, w.Say("golive.missing", "n", decimal(n)), w.Say("golive.missing_body")
	}
	col := kit.Col(12, kit.NewCallout(kind, 14, kit.Row(12, kit.NewIcon(icon, 26, ink), kit.Grow(1, kit.Col(2, kit.NewBold(words, 19, ink), wrapped(body, 15, kit.Ink))))),
		busyNote(w, s.busy), outcomeNote(w, s.out), wrapped(w.Say("golive.about"), 15, kit.Ink3))
	buttons := kit.Col(8)
	if w.canOpen(PageTestCard) {
		buttons.Add(kit.NewButton(kit.ButtonSpec{Icon: "scan-qr-code", Label: w.Say("page.testcard"), OnTap: func() { w.Open(PageTestCard) }}))
	}
	buttons.Add(kit.NewButton(kit.ButtonSpec{Icon: "activity", Label: w.Say("golive.trace"), OnTap: p.trace}))
	buttons.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Icon: "file-check", Label: w.Say("golive.sheet"), Key: "F9", OnTap: p.sheet}))
	return kit.NewCard(18, kit.Col(10, kit.Grow(1, p.kept.around("side", kit.Inset(2, 8, 2, 2, col))), buttons))
}

// pointView is a point of a checklist: a shape, what it is about, how it is.
func (w *Window) pointView(x CheckPoint) fyne.CanvasObject {
	icon, ink := "circle-check", kit.Accent
	switch x.State {
	case CheckMissing:
		icon, ink = "octagon-alert", kit.Danger
	case CheckByHand:
		icon, ink = "square", kit.Ink2
	case CheckDone:
	}
	title := kit.Ink
	if x.State == CheckMissing {
		title = kit.Danger
	}
	name := kit.NewBold(x.Title, 17, title)
	name.Lines = 0
	words := kit.Col(1, name)
	if x.Detail != "" {
		words.Add(wrapped(x.Detail, 15, kit.Ink2))
	}
	return kit.Row(12, kit.NewIcon(icon, 24, ink), kit.Grow(1, words))
}
