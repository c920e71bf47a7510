package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// column is one column of a table: width 0 takes what is left.
type column struct {
	title string
	width float32
	end   bool
}

// tableRow is one line of a table.
type tableRow struct {
	cells  []fyne.CanvasObject
	chosen bool
	tap    func()
}

// table draws a card with a head of 40 and rows of a height, scrolled where they do not fit.
func table(cols []column, height float32, rows []tableRow) fyne.CanvasObject {
	head := kit.Row(12)
	for _, c := range cols {
		l := kit.NewBold(c.title, 15, kit.Ink2)
		if c.end {
			l.Trailing()
		}
		head.Add(cell(c, l))
	}
	body := kit.Col(0)
	for _, r := range rows {
		body.Add(kit.Fixed(height, tableLine(cols, r)))
	}
	return kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(1, 1, 6, 1, kit.Col(0,
		kit.Fixed(40, kit.Inset(0, 16, 0, 16, head)), kit.Hairline(), kit.Grow(1, kit.NewScroll(body)))))
}

func tableLine(cols []column, r tableRow) fyne.CanvasObject {
	line := kit.Row(12)
	for i, c := range cols {
		if i < len(r.cells) {
			line.Add(cell(c, r.cells[i]))
		}
	}
	edge, ground := kit.Clear, kit.Clear
	if r.chosen {
		edge, ground = kit.Accent, kit.AccentTint
	}
	content := kit.Col(0, kit.Grow(1, kit.Row(0, kit.Fixed(4, kit.NewBox(edge)), kit.Grow(1, kit.Inset(0, 16, 0, 12, line)))), kit.Hairline())
	if r.tap == nil {
		return kit.Stack(kit.NewBox(ground), content)
	}
	return kit.NewTap(kit.Style{Fill: ground}, content, r.tap)
}

func cell(c column, o fyne.CanvasObject) fyne.CanvasObject {
	if c.width == 0 {
		return kit.Grow(1, kit.Middle(o))
	}
	return kit.Fixed(c.width, kit.Middle(o))
}

// text is a cell of words.
func text(s string, size float32, c kit.Colour) *kit.Label { return kit.NewLabel(s, size, c) }

// strong is a cell of words that matter.
func strong(s string, size float32, c kit.Colour) *kit.Label { return kit.NewBold(s, size, c) }

// plateOf is the plate of a tender kind.
func (w *Window) plateOf(k till.TenderKind, px float32) fyne.CanvasObject {
	if icon := tenderIcon(k); icon != "" {
		return kit.NewPlate(k.Detail(), "", icon, px)
	}
	if k.Family() == "wallet" {
		return w.walletPlate(k.Detail(), px)
	}
	glyph := w.tenderName(k)
	for _, m := range w.methods {
		if m.Kind == k && m.Glyph != "" {
			glyph = m.Glyph
		}
	}
	return kit.NewPlate(k.Detail(), glyph, "", px)
}
