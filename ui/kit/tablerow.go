package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// tableRow is one row on the screen.
type tableRow struct {
	back, edge, rule *canvas.Rectangle
	cells            []*tableCell
	objects          []fyne.CanvasObject
	hidden, stale    bool
	chosen           bool
}

type tableCell struct {
	now       Cell
	text, sub *canvas.Text
	icon      *canvas.Image
	pill      *canvas.Rectangle
}

func newTableRow(n int) *tableRow {
	r := &tableRow{stale: true, back: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent), rule: canvas.NewRectangle(color.Transparent)}
	r.objects = []fyne.CanvasObject{r.back, r.edge, r.rule}
	for range n {
		c := &tableCell{text: newText(16, false, Ink), sub: newText(14, false, Ink3), icon: &canvas.Image{FillMode: canvas.ImageFillContain}, pill: canvas.NewRectangle(color.Transparent)}
		c.icon.Hide()
		c.pill.CornerRadius = 13
		r.cells = append(r.cells, c)
		r.objects = append(r.objects, c.pill, c.icon, c.text, c.sub)
	}
	return r
}

func (r *tableRow) show(on bool) {
	if r.hidden != on {
		return
	}
	r.hidden, r.stale = !on, true
	for _, o := range r.objects {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

func (r *tableRow) set(t *Table, i int, y float32, cols []stretch) {
	h := t.spec.Row
	r.back.Resize(fyne.NewSize(t.size.Width, h))
	r.back.Move(fyne.NewPos(0, y))
	r.edge.Resize(fyne.NewSize(4, h))
	r.edge.Move(fyne.NewPos(0, y))
	r.rule.Resize(fyne.NewSize(t.size.Width, 1))
	r.rule.Move(fyne.NewPos(0, y+h-1))
	if chosen := i == t.selected; chosen != r.chosen || r.stale {
		r.chosen = chosen
		r.back.FillColor, r.edge.FillColor = palette.Of(Clear), palette.Of(Clear)
		if chosen {
			r.back.FillColor, r.edge.FillColor = palette.Of(AccentTint), palette.Of(Accent)
		}
		r.rule.FillColor = palette.Of(Divider)
		canvas.Refresh(r.back)
		canvas.Refresh(r.edge)
		canvas.Refresh(r.rule)
	}
	for n, c := range r.cells {
		c.set(t.spec.At(i, n), cols[n], y, h, t.spec.Columns[n].Right, r.stale)
	}
	r.stale = false
}

func (c *tableCell) set(v Cell, s stretch, y, h float32, right, stale bool) {
	if v.Size == 0 {
		v.Size = 16
	}
	if v.Colour == Clear {
		v.Colour = Ink
	}
	ink, iconSize := v.Colour, float32(20)
	if v.Badge {
		v.Size, v.Bold, iconSize = 14, true, 16
		var ground Colour
		ground, ink = v.Kind.colours()
		c.pill.FillColor = palette.Of(ground)
	} else {
		c.pill.FillColor = palette.Of(Clear)
	}
	room := s.w
	lead := float32(0)
	if v.Icon != "" {
		lead = iconSize + 8
		if v.Badge {
			lead = iconSize + 5
		}
	}
	side := float32(0)
	if v.Badge {
		side = 9
	}
	room -= lead + 2*side
	if c.now != v || stale {
		c.text.TextSize, c.text.TextStyle.Bold = v.Size, v.Bold
		c.text.Text, c.text.Color = Fit(v.Text, v.Size, v.Bold, room), palette.Of(ink)
		c.sub.Text, c.sub.Color = Fit(v.Sub, 14, false, s.w-lead), palette.Of(Ink3)
		c.text.Refresh()
		c.sub.Refresh()
		canvas.Refresh(c.pill)
		if v.Icon != "" {
			c.icon.Resource = iconResource(v.Icon, iconSize, palette.Of(ink))
			c.icon.Resize(fyne.NewSquareSize(iconSize))
			c.icon.Show()
			c.icon.Refresh()
		} else {
			c.icon.Hide()
		}
		c.now = v
	}
	width := TextWidth(c.text.Text, v.Size, v.Bold)
	x := s.x + side
	if right {
		x = s.x + s.w - side - lead - width
	}
	if v.Badge {
		c.pill.Resize(fyne.NewSize(width+lead+2*side, 26))
		c.pill.Move(fyne.NewPos(x-side, y+(h-26)/2))
	}
	line := round(v.Size * lineHeight)
	top := y + (h-line)/2
	if v.Sub != "" {
		top = y + (h-line-19)/2
		subX := s.x + lead
		if right {
			subX = s.x + s.w - TextWidth(c.sub.Text, 14, false)
		}
		place(c.sub, subX, top+line, s.w, 19)
	}
	c.icon.Move(fyne.NewPos(x, y+(h-iconSize)/2))
	place(c.text, x+lead, top, width, line)
}
