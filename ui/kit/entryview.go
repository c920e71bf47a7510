package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// CreateRenderer draws the field.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	size := float32(18)
	if f.spec.Small {
		size = 16
	}
	if f.spec.Amount {
		size += 6
		if f.spec.Small {
			size = 20
		}
	}
	r := &fieldRenderer{field: f, size: size,
		box: canvas.NewRectangle(color.Transparent), sel: canvas.NewRectangle(color.Transparent), bar: canvas.NewRectangle(color.Transparent),
		label: NewBold(f.spec.Label, 15, Ink2), problem: NewLabel("", 14, Danger), key: NewKeyCap(f.spec.Key, Ink3),
		icon: NewIcon(f.spec.Icon, 20, Ink2), trail: NewIcon(f.spec.TrailIcon, 20, Ink2), text: newText(size, f.spec.Amount, Ink)}
	r.box.CornerRadius = RadiusField
	r.clip = &clip{objects: []fyne.CanvasObject{r.sel, r.text, r.bar}}
	r.clip.ExtendBaseWidget(r.clip)
	f.view = r
	r.apply()
	return r
}

type fieldRenderer struct {
	field         *Field
	size          float32
	box, sel, bar *canvas.Rectangle
	label         *Label
	problem       *Label
	icon, trail   *Icon
	key           *KeyCap
	text          *canvas.Text
	clip          *clip
	left, room    float32
}

func (r *fieldRenderer) width(n int) float32 {
	if n <= 0 {
		return 0
	}
	return TextWidth(string([]rune(r.field.Shown())[:n]), r.size, r.field.spec.Amount)
}

// start is where the text begins within the clip.
func (r *fieldRenderer) start() float32 {
	if r.field.spec.Trailing {
		if w := r.width(len(r.field.text)); w+2 < r.room {
			return r.room - w - 2
		}
	}
	return -r.field.scroll
}

// at returns the caret's place for a tap at x.
func (r *fieldRenderer) at(x float32) int {
	x -= r.left + r.start()
	for i := range r.field.text {
		if x < (r.width(i)+r.width(i+1))/2 {
			return i
		}
	}
	return len(r.field.text)
}

func (r *fieldRenderer) apply() {
	f := r.field
	fill, edge, stroke := Surface, Outline, float32(1)
	switch {
	case f.disabled:
		fill, edge = Sunken, Clear
	case f.problem != "":
		edge, stroke = Danger, 3
	case f.focused:
		edge, stroke = Accent, 3
	}
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth = palette.Of(fill), palette.Of(edge), stroke
	r.problem.SetText(f.problem)
	r.problem.Hidden = f.problem == ""
	if len(f.text) == 0 {
		r.text.Text, r.text.Color = Fit(f.spec.Placeholder, r.size, f.spec.Amount, max(r.room, 40)), palette.Of(Ink3)
	} else {
		r.text.Text, r.text.Color = r.field.Shown(), palette.Of(Ink)
		if f.disabled {
			r.text.Color = palette.Of(Ink3)
		}
	}
	full := r.width(len(f.text))
	caret := r.width(f.caret)
	f.scroll = min(f.scroll, max(0, full+4-r.room))
	if caret-f.scroll > r.room-4 {
		f.scroll = caret - r.room + 4
	}
	if caret < f.scroll {
		f.scroll = caret
	}
	x, h := r.start(), f.boxHeight()
	if len(f.text) == 0 && f.spec.Trailing {
		x = max(0, r.room-2-TextWidth(r.text.Text, r.size, f.spec.Amount))
	}
	place(r.text, x, 0, max(full, r.room), h)
	x = r.start()
	a, b := f.selection()
	r.sel.Hidden = a == b || !f.focused
	r.sel.FillColor, r.sel.CornerRadius = palette.Of(AccentTint), 3
	r.sel.Resize(fyne.NewSize(r.width(b)-r.width(a), r.size*1.5))
	r.sel.Move(fyne.NewPos(x+r.width(a), (h-r.size*1.5)/2))
	r.bar.Hidden = !f.focused
	r.bar.FillColor = palette.Of(Accent)
	r.bar.Resize(fyne.NewSize(2, r.size*1.4))
	r.bar.Move(fyne.NewPos(x+caret, (h-r.size*1.4)/2))
	for _, o := range []fyne.CanvasObject{r.box, r.sel, r.text, r.bar} {
		canvas.Refresh(o)
	}
}

func (r *fieldRenderer) Layout(s fyne.Size) {
	f := r.field
	y, h := float32(0), f.boxHeight()
	r.label.Hidden = f.spec.Label == ""
	if !r.label.Hidden {
		r.label.Resize(fyne.NewSize(s.Width, 20))
		y = 26
	}
	r.box.Resize(fyne.NewSize(s.Width, h))
	r.box.Move(fyne.NewPos(0, y))
	left, right := float32(14), float32(14)
	if f.spec.Icon != "" {
		r.icon.Resize(fyne.NewSize(20, h))
		r.icon.Move(fyne.NewPos(left, y))
		left += 30
	}
	if f.spec.TrailIcon != "" {
		right += 20
		r.trail.Resize(fyne.NewSize(20, h))
		r.trail.Move(fyne.NewPos(s.Width-right, y))
		right += 10
	}
	if r.key.Visible() {
		m := r.key.MinSize()
		right += m.Width
		r.key.Resize(m)
		r.key.Move(fyne.NewPos(s.Width-right, y+(h-22)/2))
		right += 10
	}
	r.left, r.room = left, max(10, s.Width-left-right)
	r.clip.Resize(fyne.NewSize(r.room, h))
	r.clip.Move(fyne.NewPos(left, y))
	r.problem.Resize(fyne.NewSize(s.Width, 20))
	r.problem.Move(fyne.NewPos(0, y+h+4))
	r.apply()
}

func (r *fieldRenderer) MinSize() fyne.Size { return r.field.MinSize() }
func (r *fieldRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.label, r.box, r.icon, r.trail, r.key, r.clip, r.problem}
}
func (r *fieldRenderer) Destroy() {}
func (r *fieldRenderer) Refresh() {
	r.Layout(r.field.Size())
	for _, o := range []fyne.Widget{r.label, r.icon, r.trail, r.key, r.problem} {
		o.Refresh()
	}
}
