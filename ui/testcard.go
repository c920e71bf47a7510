package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// testCardState is how far a test card is.
type testCardState struct {
	loaded   bool
	printers []DeviceConfig
	chosen   string // name of a printer
	printed  bool
	read     map[string]bool // by code: qr, barcode
	other    string          // a code that is not of the card, "" for none
	kept     bool            // the proof is written down
	busy     string
	out      outcome
}

// testCardPage prints a card on a printer and waits until the shop's own scanner has read both codes of it, which
// proves printer and scanner together.
type testCardPage struct {
	*desk
	kept scrolls
}

func newTestCard(w *Window) page {
	if w.ports.Office.Install == nil || w.ports.Devices == nil {
		return nil
	}
	p := &testCardPage{kept: scrolls{}}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *testCardPage) state() *testCardState { return &p.w.office.card }

// Title is part of page.
func (p *testCardPage) Title() string { return p.w.Say("page.testcard") }

// Show is part of page.
func (p *testCardPage) Show(till.View) {
	s := p.state()
	if s.loaded || p.waiting != "" {
		p.redraw()
		return
	}
	d := p.w.ports.Devices
	var list []DeviceConfig
	var err error
	p.ask(p.w.Say("golive.reading"), func(ctx context.Context) { list, err = d.Configured(ctx) }, func() {
		s.loaded, s.printers, s.read = true, nil, map[string]bool{}
		for _, x := range list {
			if x.Kind == "printer" {
				s.printers = append(s.printers, x)
			}
		}
		if err != nil {
			s.out = outcome{title: "devices.unreadable", body: "devices.unreadable_body", bad: true}
		}
		if len(s.printers) > 0 {
			s.chosen = s.printers[0].Name
		}
	})
}

// Leave begins anew next time.
func (p *testCardPage) Leave() {
	s := p.state()
	*s = testCardState{busy: s.busy}
	p.desk.Leave()
}

// print prints a card.
func (p *testCardPage) print() {
	w, s, in := p.w, p.state(), p.w.ports.Office.Install
	if s.chosen == "" {
		return
	}
	if !w.may(till.MaySetUp) {
		s.out = w.mayNot()
		p.redraw()
		return
	}
	name := s.chosen
	s.out, s.other, s.printed, s.kept, s.read = outcome{}, "", false, false, map[string]bool{}
	var err error
	w.act(&s.busy, "devices.printing", func(ctx context.Context) { err = in.PrintCard(ctx, name) }, func() {
		if err != nil {
			s.out = outcome{title: "devices.not_printed", body: "devices.not_printed_body", bad: true}
			return
		}
		s.printed = true
	})
}

// Scan takes what a scanner read, one that types or one on a port.
func (p *testCardPage) Scan(code string) bool {
	s := p.state()
	if s.read == nil {
		s.read = map[string]bool{}
	}
	switch which := p.w.ports.Office.Install.Card(code); which {
	case "":
		s.other = decimal(len([]rune(code))) // not the code itself: it may be a secret
		p.w.play("notfound")
	default:
		s.read[which], s.other = true, ""
		p.w.play("added")
	}
	if s.read["qr"] && s.read["barcode"] && !s.kept && s.chosen != "" {
		p.keep()
		return true
	}
	p.redraw()
	return true
}

// keep writes down that the codes of this printer can be read.
func (p *testCardPage) keep() {
	w, s, in := p.w, p.state(), p.w.ports.Office.Install
	name, by := s.chosen, w.personName(w.operatorCode())
	s.kept = true
	var err error
	w.act(&s.busy, "golive.writing", func(ctx context.Context) { err = in.CardRead(ctx, name, by) }, func() {
		if err != nil {
			s.kept = false
			s.out = outcome{title: "testcard.not_kept", body: "testcard.not_kept_body", bad: true}
		}
	})
}

// Key prints.
func (p *testCardPage) Key(e KeyEvent) bool {
	if e.Action == ActPay {
		p.print()
		return true
	}
	return p.desk.Key(e)
}

func (p *testCardPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	if !s.loaded {
		return p.office(PageDevices, w.Say("page.testcard"), w.Say("testcard.sub"), nil, kit.Space())
	}
	if len(s.printers) == 0 {
		return p.office(PageDevices, w.Say("page.testcard"), w.Say("testcard.sub"), nil, kit.NewCard(20, empty("printer", w.Say("devices.printer.none"), w.Say("testcard.no_printer"))))
	}
	return p.office(PageDevices, w.Say("page.testcard"), w.Say("testcard.sub"), nil, kit.Row(12, kit.Grow(1, p.printCard()), kit.Grow(1, p.readCard())))
}

// printCard chooses the printer and prints.
func (p *testCardPage) printCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(12, kit.Row(12, kit.NewIcon("printer", 28, kit.Ink), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("testcard.print_title"), 22, kit.Ink)))))
	if len(s.printers) > 1 {
		at := 0
		var names []string
		for i, x := range s.printers {
			if names = append(names, x.Name); x.Name == s.chosen {
				at = i
			}
		}
		col.Add(kit.NewSegments(names, at, func(i int) {
			s.chosen, s.printed, s.kept, s.read = s.printers[i].Name, false, false, map[string]bool{}
			p.redraw()
		}).Container)
	}
	for _, x := range s.printers {
		if x.Name == s.chosen {
			col.Add(factLine(x.Name, w.linkWords(x.Address), kit.Ink))
		}
	}
	col.Add(busyNote(w, s.busy))
	col.Add(outcomeNote(w, s.out))
	for _, key := range []string{"ruler", "lines", "codes", "cut"} {
		col.Add(kit.Row(12, kit.NewIcon("eye", 22, kit.Ink2), kit.Grow(1, wrapped(w.Say("testcard.look_"+key), 16, kit.Ink))))
	}
	again := "testcard.print"
	if s.printed {
		again = "testcard.print_again"
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Icon: "printer", Label: w.Say(again), Key: "F9", OnTap: p.print})
	drawer := kit.NewButton(kit.ButtonSpec{Icon: "archive", Label: w.Say("devices.test_drawer"), OnTap: p.drawer})
	return kit.NewCard(18, kit.Col(10, kit.Grow(1, p.kept.around("print", kit.Inset(2, 8, 2, 2, col))), drawer, main))
}

// drawer opens the drawer, which is a test of its own: its pulse is given once.
func (p *testCardPage) drawer() {
	w, s, d, name := p.w, p.state(), p.w.ports.Devices, p.state().chosen
	s.out = outcome{}
	var err error
	w.act(&s.busy, "devices.opening", func(ctx context.Context) { err = d.TestDrawer(ctx, name) }, func() {
		s.out = outcome{title: "devices.opened", body: "devices.opened_body"}
		if err != nil {
			s.out = outcome{title: "devices.not_opened", body: "devices.not_opened_body", bad: true}
		}
	})
}

// readCard says which codes came.
func (p *testCardPage) readCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(14, kit.Row(12, kit.NewIcon("scan-qr-code", 28, kit.Ink), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("testcard.read_title"), 22, kit.Ink)))), wrapped(w.Say("testcard.read_body"), 16, kit.Ink2))
	tick := func(done bool, key, help string) {
		x := CheckPoint{State: CheckByHand, Title: w.Say(key), Detail: w.Say(help)}
		if done {
			x.State, x.Detail = CheckDone, w.Say("testcard.came")
		}
		col.Add(w.pointView(x))
	}
	tick(s.printed || s.read["qr"] || s.read["barcode"], "testcard.sent", "testcard.sent_help")
	tick(s.read["qr"], "testcard.qr", "testcard.qr_help")
	tick(s.read["barcode"], "testcard.barcode", "testcard.barcode_help")
	if s.other != "" {
		col.Add(outcomeNote(w, outcome{title: "testcard.other", args: []string{"n", s.other}, body: "testcard.other_body", bad: true}))
	}
	if s.read["qr"] && s.read["barcode"] {
		col.Add(outcomeNote(w, outcome{title: "testcard.both", body: "testcard.both_body"}))
	}
	return kit.NewCard(18, p.kept.around("read", kit.Inset(2, 8, 2, 2, col)))
}
