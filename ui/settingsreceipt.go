package ui

import (
	"context"
	"image"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"guitai/till"
	"guitai/ui/kit"
)

// paperLines is how many lines of a slip's head and foot can be typed; more that came from elsewhere are kept.
const paperLines = 2

func lineKey(key string, n int) string { return key + "." + strconv.Itoa(n+1) }

// lineOf is line n of a text, "" where it has none.
func lineOf(text string, n int) string {
	if lines := strings.Split(text, "\n"); n < len(lines) {
		return lines[n]
	}
	return ""
}

// putLine puts words in the place of line n of a text.
func putLine(text string, n int, words string) string {
	lines := strings.Split(text, "\n")
	for len(lines) <= n {
		lines = append(lines, "")
	}
	lines[n] = words
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// slipPreview is the picture of a made-up slip, drawn by the code that prints. One picture is asked for at a time;
// what was typed meanwhile is asked for after it.
type slipPreview struct {
	w      *Window
	hold   *fyne.Container
	shown  string // of what settings the picture is
	wanted string
	next   till.Settings
	busy   bool
	width  float32
	img    image.Image // what is shown, to draw it at another width
}

func newSlipPreview(w *Window) *slipPreview {
	return &slipPreview{w: w, hold: kit.Stack()}
}

// leave lets go of the picture, which is made anew next time.
func (p *slipPreview) leave() {
	p.shown, p.wanted, p.img = "", "", nil
	p.hold.Objects = nil
}

// again lets the next ask draw anew, for a change that is no setting.
func (p *slipPreview) again() { p.shown = "" }

// setWidth draws the picture again where the window has become wider or narrower.
func (p *slipPreview) setWidth(width float32) {
	if p.width == width {
		return
	}
	p.width = width
	if p.img != nil {
		p.show(p.img, nil)
	}
}

func signature(s *till.Settings) string {
	var b strings.Builder
	for _, x := range s.All() {
		b.WriteString(x.Key + "=" + x.Value + "\x00")
	}
	return b.String()
}

// ask shows what the settings print.
func (p *slipPreview) ask(s till.Settings) {
	slips := p.w.ports.Office.Slips
	if slips == nil {
		return
	}
	p.next, p.wanted = s, signature(&s)
	if p.busy || p.wanted == p.shown {
		return
	}
	p.busy = true
	mine := p.wanted
	var img image.Image
	var err error
	p.w.Ask(func(ctx context.Context) { img, err = slips.Receipt(ctx, s) }, func() {
		p.busy = false
		if p.wanted == "" {
			return // left
		}
		p.shown = mine
		p.show(img, err)
		if p.wanted != mine {
			p.ask(p.next)
		}
	})
}

func (p *slipPreview) show(img image.Image, err error) {
	if err != nil || img == nil || img.Bounds().Empty() {
		p.hold.Objects = []fyne.CanvasObject{empty("receipt-text", p.w.Say("settings.no_preview"), p.w.Say("settings.no_preview_body"))}
		p.hold.Refresh()
		return
	}
	p.img = img
	pic := canvas.NewImageFromImage(img)
	pic.FillMode = canvas.ImageFillContain
	width := p.width
	if p.next.Paper.Columns < 42 {
		width *= 0.75 // narrow paper looks narrow
	}
	b := img.Bounds()
	pic.SetMinSize(fyne.NewSize(width, width*float32(b.Dy())/float32(b.Dx())))
	paper := kit.NewPanel(kit.White, kit.Divider, 1, kit.RadiusSmall, kit.Pad(10, pic))
	p.hold.Objects = []fyne.CanvasObject{kit.NewScroll(kit.Inset(16, 16, 16, 16, kit.Row(0, kit.Space(), paper, kit.Space())))}
	p.hold.Refresh()
}

func (p *settingsPage) receiptSheet() fyne.CanvasObject {
	w, f := p.w, p.fields
	col := "48"
	if v, _ := strconv.Atoi(p.value("paper.columns")); v > 0 && v < 42 {
		col = "32"
	}
	at := 0
	if col == "32" {
		at = 1
	}
	paper := kit.NewSegments([]string{w.Say("settings.paper.80"), w.Say("settings.paper.58")}, at, func(i int) { p.turn("paper.columns", []string{"48", "32"}[i]) }).Container
	lang := 2
	if p.value("paper.both") != "true" {
		lang = map[string]int{"zh-Hans": 0, "en": 1}[p.value("language")]
	}
	langs := kit.NewSegments([]string{"中文", "English", w.Say("settings.paper.both")}, lang, func(i int) {
		p.set("paper.both", strconv.FormatBool(i == 2))
		if i < 2 {
			p.set("language", []string{"zh-Hans", "en"}[i])
		}
		p.redraw()
	}).Container
	var form fyne.CanvasObject = p.sheet(pair(named(w.Say("settings.paper"), paper), named(w.Say("settings.paper_language"), langs)), remark(w.Say("settings.paper_note")), p.logoRow(),
		pair(f[lineKey("paper.header", 0)], f[lineKey("paper.header", 1)]), pair(f[lineKey("paper.footer", 0)], f[lineKey("paper.footer", 1)]), kit.Hairline(),
		p.flag("paper.tax_block"))
	if p.state().logo.pick != nil {
		form = p.logoFiles()
	}
	if w.ports.Office.Slips == nil {
		return form
	}
	p.preview.setWidth(p.pick(380, 250))
	p.preview.ask(p.next())
	return kit.Row(12, kit.Grow(1, form), kit.Fixed(p.pick(460, 330), kit.NewPanel(kit.Sunken, kit.Clear, 0, kit.RadiusCard, p.preview.hold)))
}

// printSample prints the slip of the preview, saved or not.
func (p *settingsPage) printSample() {
	w, s, next := p.w, p.state(), p.next()
	var err error
	w.act(&s.busy, "settings.printing", func(ctx context.Context) { err = w.ports.Office.Slips.PrintSample(ctx, next) }, func() {
		s.out = outcome{title: "settings.printed"}
		if err != nil {
			s.out = outcome{title: "settings.not_printed", body: "settings.not_printed_body", bad: true}
		}
	})
}
