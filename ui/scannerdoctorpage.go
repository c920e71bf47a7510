package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"guitai/till"
	"guitai/ui/kit"
)

// scannerDoctor tries scanners out: whatever is scanned shows at once, with what the till takes it for, and what keeps
// the scanner from working is said with its remedy.
type scannerDoctor struct {
	*desk
	kept scrolls
	qr   *kit.QR
}

func newScannerDoctor(w *Window) page {
	p := &scannerDoctor{kept: scrolls{}}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *scannerDoctor) state() *scannerState { return &p.w.office.scanner }

// Title is part of page.
func (p *scannerDoctor) Title() string { return p.w.Say("scanner.title") }

// Show is part of page: from now on every burst comes here.
func (p *scannerDoctor) Show(till.View) {
	p.w.router.Watch(p.read)
	p.redraw()
}

// Leave gives the keys back, and forgets what was seen: the next scanner is another one.
func (p *scannerDoctor) Leave() {
	p.w.router.Watch(nil)
	*p.state() = scannerState{}
	p.desk.Leave()
}

// Scan is for the keys that came while the page was made: nothing is sold here.
func (p *scannerDoctor) Scan(code string) bool {
	p.read(Burst{Text: code, Device: true, Scan: true})
	return true
}

// Key goes back with Esc; other keys act as everywhere.
func (p *scannerDoctor) Key(e KeyEvent) bool { return p.desk.Key(e) }

// read takes in a burst.
func (p *scannerDoctor) read(b Burst) {
	s := p.state()
	s.learn(b)
	r, codes, say := p.w.judge(b)
	if len(s.reads) > 0 {
		r.n = s.reads[0].n + 1
	}
	s.reads = append([]scannerRead{r}, s.reads[:min(len(s.reads), readsMax-1)]...)
	if r.whole {
		p.w.play("added")
	} else {
		p.w.play("notfound")
	}
	p.redraw()
	p.lookUp(r.n, codes, say)
}

func (p *scannerDoctor) paint() fyne.CanvasObject {
	w := p.w
	back := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "arrow-left", Label: w.Say("scanner.back"), Key: "Esc", OnTap: w.Back})
	left := kit.Col(12, kit.Fixed(148, p.lastView()), p.verdict(), kit.Grow(1, p.listView()))
	side := kit.Col(12, p.checksView(), kit.Grow(1, p.helpView()))
	return p.office(PageDevices, w.Say("scanner.title"), w.Say("scanner.sub"), []fyne.CanvasObject{back},
		kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(348, 312), side)))
}

// took is how long a read took; a scanner that is no keyboard does not say.
func (p *scannerDoctor) took(b Burst) string {
	if b.Device {
		return "-"
	}
	return p.w.Say("scanner.ms", "n", decimal(int(b.Took.Milliseconds())))
}

// lastView is what was just scanned, large.
func (p *scannerDoctor) lastView() fyne.CanvasObject {
	w, s := p.w, p.state()
	if len(s.reads) == 0 {
		col := kit.Col(6, kit.NewLabel(w.Say("scanner.ready"), 17, kit.OnTotal2), kit.NewBold(w.Say("scanner.scan_now"), 30, kit.OnTotal))
		return kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(20, 24, 20, 24, kit.Row(16, kit.Middle(kit.NewIcon("scan-barcode", 44, kit.TotalOk)), kit.Grow(1, kit.Middle(col)))))
	}
	r := s.reads[0]
	icon, ink, words := "circle-check", kit.TotalOk, w.Say("scanner.whole")
	if !r.whole {
		icon, ink, words = "triangle-alert", kit.TotalWarn, w.Say("scanner.kind.half")
	}
	facts := kit.Row(24)
	fact := func(t string) {
		if t != "" {
			facts.Add(kit.NewLabel(t, 17, kit.OnTotal2))
		}
	}
	fact(r.format)
	fact(w.Say("scanner.kind." + r.kind))
	fact(p.took(r.burst))
	fact(p.endWords(r.burst))
	code := kit.NewBold(shorten(r.shown, 60), p.pick(44, 36), kit.OnTotal)
	return kit.NewPanel(kit.Total, kit.Clear, 0, kit.RadiusCard, kit.Inset(16, 24, 14, 24, kit.Col(0,
		kit.Row(8, kit.Grow(1, kit.Middle(kit.NewLabel(w.Say("scanner.just"), 17, kit.OnTotal2))), kit.Middle(kit.NewIcon(icon, 22, ink)), kit.Middle(kit.NewBold(words, 17, ink))),
		kit.Grow(1, kit.Middle(code)), facts)))
}

func (p *scannerDoctor) endWords(b Burst) string {
	switch {
	case b.Device:
		return p.w.Say("scanner.direct")
	case b.End == "":
		return p.w.Say("scanner.end.none")
	}
	return p.w.Say("scanner.end." + b.End)
}

// verdict is what is wrong, worst first, and what to do; or that all is well.
func (p *scannerDoctor) verdict() fyne.CanvasObject {
	w, s := p.w, p.state()
	kind, icon, ink, key := kit.Plain, "info", kit.Ink2, "start"
	switch bad := s.worst(); {
	case len(s.reads) > 0 && s.direct:
		kind, icon, ink, key = kit.Good, "circle-check", kit.Accent, "direct"
	case bad != "":
		kind, icon, ink, key = kit.Caution, "triangle-alert", kit.Warn, bad
	case s.proved():
		kind, icon, ink, key = kit.Good, "circle-check", kit.Accent, "good"
	}
	title, body := w.Say("scanner.verdict."+key), w.Say("scanner.remedy."+key, "prefix", visible(s.prefix), "suffix", visible(s.suffix))
	if key == "layout" && s.layout != "" {
		title = w.Say("scanner.verdict.layout_named", "layout", w.Say("scanner.layout."+s.layout))
	}
	row := kit.Row(12, kit.Middle(kit.NewIcon(icon, 26, ink)), kit.Grow(1, kit.Middle(kit.Col(2, wrapped(title, 17, ink), wrapped(body, 15, kit.Ink)))))
	if kind == kit.Plain {
		return kit.NewNote(row)
	}
	return kit.NewCallout(kind, 12, row)
}

// listView lists the reads, the last first.
func (p *scannerDoctor) listView() fyne.CanvasObject {
	w, s := p.w, p.state()
	zone := w.view.Settings.Zone
	var rows []tableRow
	for _, r := range s.reads {
		at := r.at
		if zone != nil {
			at = at.In(zone)
		}
		ink := kit.Ink
		if !r.whole {
			ink = kit.Warn
		}
		does := r.does
		if does == "" {
			does = w.Say("items.looking")
		}
		cells := []fyne.CanvasObject{text(at.Format("15:04:05"), 15, kit.Ink3), strong(shorten(r.shown, 40), 16, kit.Ink), text(w.Say("scanner.kind."+r.kind), 16, ink)}
		if !p.narrow {
			cells = append(cells, text(does, 15, kit.Ink2))
		} else {
			cells[1] = kit.Col(0, strong(shorten(r.shown, 40), 16, kit.Ink), text(does, 14, kit.Ink2))
		}
		rows = append(rows, tableRow{cells: append(cells, text(p.took(r.burst), 15, kit.Ink).Trailing())})
	}
	cols := []column{{w.Say("scanner.col.time"), 76, false}, {w.Say("scanner.col.content"), 0, false}, {w.Say("scanner.col.kind"), p.pick(140, 130), false}}
	if !p.narrow {
		cols = append(cols, column{w.Say("scanner.col.does"), 210, false})
	}
	return table(append(cols, column{w.Say("scanner.col.took"), 74, true}), 52, rows)
}

// checksView lists what was found out of the scanner.
func (p *scannerDoctor) checksView() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(9, kit.NewBold(w.Say("scanner.checks"), 18, kit.Ink))
	for _, k := range scannerChecks {
		icon, ink, state := "circle-dashed", kit.Ink3, "unknown"
		switch {
		case s.direct && k != "phone" && k != "prefix":
			icon, ink, state = "circle-minus", kit.Ink3, "direct"
		case s.found[k] == seenRight:
			icon, ink, state = "circle-check", kit.Accent, "right"
		case s.found[k] == seenWrong:
			icon, ink, state = "triangle-alert", kit.Warn, "wrong"
		}
		key := "scanner.check." + k + "." + state
		if state == "direct" {
			key = "scanner.check." + k + ".unknown"
		}
		words := w.Say(key)
		if k == "end" && state == "right" {
			words = w.Say("scanner.end." + s.ended)
		}
		body := kit.Ink
		if state != "right" && state != "wrong" {
			body = kit.Ink3
		}
		col.Add(kit.Row(10, kit.Middle(kit.NewIcon(icon, 20, ink)), kit.Grow(1, kit.Middle(kit.NewLabel(words, 16, body)))))
	}
	return kit.NewCard(16, col)
}

// helpView says what to do where nothing comes, and shows the test code.
func (p *scannerDoctor) helpView() fyne.CanvasObject {
	w := p.w
	col := kit.Col(4, kit.NewBold(w.Say("scanner.nothing"), 18, kit.Ink))
	for _, k := range []string{"light", "socket", "test"} {
		col.Add(wrapped(w.Say("scanner.nothing."+k), 15, kit.Ink2))
	}
	p.qr = kit.NewQR(66) // of 33 modules, white included: two whole pixels each
	if p.qr.Set(separatorCode) != nil {
		p.qr.Hide()
	}
	square := kit.Middle(kit.NewPanel(kit.White, kit.Clear, 0, kit.RadiusSmall, p.qr))
	col.Add(kit.Gap(4))
	var bars []bool
	if w.ports.Bars != nil {
		bars = w.ports.Bars(layoutCode)
	}
	switch {
	case len(bars) == 0:
		col.Add(kit.Row(0, square, kit.Space()))
	case p.narrow: // a module must stay a whole pixel wide
		col.Add(kit.Row(0, barsPicture(bars, 40), kit.Space()))
		col.Add(kit.Row(0, square, kit.Space()))
	default:
		col.Add(kit.Row(10, kit.Grow(1, kit.Middle(barsPicture(bars, 64))), square))
	}
	return kit.NewCard(16, p.kept.around("help", col))
}

// barsPicture draws a code of bars, a module to a pixel, with the white that a scanner needs at both ends.
func barsPicture(bars []bool, height float32) fyne.CanvasObject {
	const quiet = 10
	img := image.NewGray(image.Rect(0, 0, len(bars)+2*quiet, 1))
	for x := range img.Pix {
		img.Pix[x] = 255
	}
	for x, bar := range bars {
		if bar {
			img.SetGray(x+quiet, 0, color.Gray{})
		}
	}
	c := canvas.NewImageFromImage(img)
	c.FillMode, c.ScaleMode = canvas.ImageFillStretch, canvas.ImageScalePixels
	c.SetMinSize(fyne.NewSize(float32(len(bars)+2*quiet), height))
	return kit.Centre(kit.Sized(float32(len(bars)+2*quiet), height, c))
}
