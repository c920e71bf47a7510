package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// lineView is one line on the screen.
type lineView struct {
	index                         int
	hidden, stale, chosen         bool
	line                          Line
	back, edge, rule              *canvas.Rectangle
	qty, unit, name, note, amount *canvas.Text
	objects                       []fyne.CanvasObject
	y, h, w                       float32
}

func newLineView() *lineView {
	r := &lineView{index: -1, stale: true, back: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent), rule: canvas.NewRectangle(color.Transparent),
		qty: newText(18, true, Ink), unit: newText(14, false, Ink3), name: newText(17, false, Ink), note: newText(14, false, Ink3), amount: newText(18, true, Ink)}
	r.amount.Alignment = fyne.TextAlignTrailing
	r.objects = []fyne.CanvasObject{r.back, r.edge, r.rule, r.qty, r.unit, r.name, r.note, r.amount}
	return r
}

func (r *lineView) show(on bool) {
	if r.hidden != on {
		return
	}
	r.hidden = !on
	for _, o := range r.objects {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	r.stale = true
}

func (r *lineView) ground() color.NRGBA {
	if r.chosen {
		return palette.Of(AccentTint)
	}
	return palette.Of(Surface)
}

func (r *lineView) move(y, h, w float32) {
	if r.y == y && r.h == h && r.w == w {
		return
	}
	if r.w != w || r.h != h {
		r.stale = true
	}
	r.y, r.h, r.w = y, h, w
	r.back.Resize(fyne.NewSize(w, h))
	r.back.Move(fyne.NewPos(0, y))
	r.edge.Resize(fyne.NewSize(4, h))
	r.edge.Move(fyne.NewPos(0, y))
	r.rule.Resize(fyne.NewSize(w, 1))
	r.rule.Move(fyne.NewPos(0, y+h-1))
	r.texts()
}

func (r *lineView) texts() {
	place(r.qty, 16, r.y, 70, r.h)
	// The unit stands on the baseline of the quantity.
	place(r.unit, 16+TextWidth(r.qty.Text, 18, true)+4, r.y+1.5, 40, r.h)
	top := r.y + (r.h-43)/2
	if r.line.Note == "" {
		top = r.y + (r.h-24)/2
	}
	place(r.name, 98, top, r.w, 23)
	place(r.note, 98, top+23, r.w, 19)
	place(r.amount, r.w-16-110, r.y, 110, r.h)
}

func (r *lineView) set(line Line, chosen bool, l *Lines) {
	if !r.stale && r.line == line && r.chosen == chosen {
		return
	}
	r.stale, r.line, r.chosen = false, line, chosen
	r.back.FillColor = r.ground()
	r.edge.FillColor = palette.Of(Clear)
	if chosen {
		r.edge.FillColor = palette.Of(Accent)
	}
	r.rule.FillColor = palette.Of(Divider)
	ink, quiet := palette.Of(Ink), palette.Of(Ink3)
	if line.Gone {
		ink = quiet
	}
	room := l.amountLeft(line.Amount) - 98 - 12
	if chosen {
		room -= 56*float32(len(l.buttons)) + 4
	}
	note := quiet
	if line.Promo {
		note = palette.Of(Accent)
	}
	setText(r.qty, line.Qty, ink)
	setText(r.unit, line.Unit, quiet)
	setText(r.name, Fit(line.Name, 17, false, room), ink)
	setText(r.note, Fit(line.Note, 14, false, room), note)
	setText(r.amount, line.Amount, ink)
	r.texts()
	canvas.Refresh(r.back)
	canvas.Refresh(r.edge)
	canvas.Refresh(r.rule)
}
