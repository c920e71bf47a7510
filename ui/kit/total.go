package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// TotalView is what the total block says.
type TotalView struct {
	Label  string // "应收"
	Number string // "#0128 · 11 件"
	Amount string // "¥86.40"
	Size   float32
	// Good puts the label and the amount in the colour of change.
	Good bool
	// More are further amounts below, each under a divider: cash received, change.
	More []TotalPart
	// Progress draws a bar, 0 to 1, with Due and Paid below it; negative for none.
	Progress  float32
	Due, Paid string
	Taken     []Taken
	Foot      []string // spread over the width at the bottom, under a divider
	Hint      string   // at the bottom
	HintIcon  string
	HintWarn  bool // the hint's icon in the colour of attention
}

// TotalPart is a further amount in the total block.
type TotalPart struct {
	Label, Amount string
	Size          float32
	Good          bool
}

// Taken is a tender that the sale already has.
type Taken struct {
	Plate  fyne.CanvasObject // NewPlate(..., 32); nil for none
	Name   string
	Amount string
	OnUndo func() // nil: cannot be taken back here
}

// TotalBlock is the dark card with what is to be paid.
type TotalBlock struct {
	widget.BaseWidget
	now    TotalView
	back   *painted
	box    *fyne.Container
	label  *Label
	number *Label
	amount *Money
	foot   []*Label
	hint   *Label
	mark   *Icon
	due    *Label
	paid   *Label
	fill   *share
}

// NewTotal returns the block.
func NewTotal(v TotalView) *TotalBlock {
	t := &TotalBlock{back: panel(Total, Clear, 0, RadiusCard)}
	t.box = Stack(t.back)
	t.build(v)
	t.ExtendBaseWidget(t)
	return t
}

// sameShape reports whether v needs the same objects as what is shown, so that only texts change.
func (t *TotalBlock) sameShape(v TotalView) bool {
	return len(v.More) == 0 && len(t.now.More) == 0 && len(v.Taken) == 0 && len(t.now.Taken) == 0 && len(v.Foot) == len(t.now.Foot) &&
		(v.Hint == "") == (t.now.Hint == "") && (v.Progress < 0) == (t.now.Progress < 0) && v.Size == t.now.Size && (v.HintIcon == "") == (t.now.HintIcon == "")
}

// Set changes what the block says; where only words and amounts differ, only they are redrawn.
func (t *TotalBlock) Set(v TotalView) {
	if v.Size == 0 {
		v.Size = 72
	}
	if !t.sameShape(v) {
		t.build(v)
		t.Refresh()
		return
	}
	t.now = v
	quiet, ink := OnTotal2, OnTotal
	if v.Good {
		quiet, ink = TotalOk, TotalOk
	}
	t.label.Set(v.Label, quiet)
	t.number.SetText(v.Number)
	t.amount.SetColour(v.Amount, ink)
	for i, s := range v.Foot {
		t.foot[i].SetText(s)
	}
	if v.Hint != "" {
		t.hint.SetText(v.Hint)
		t.mark.Set(v.HintIcon, hintColour(v))
	}
	if v.Progress >= 0 {
		t.due.SetText(v.Due)
		t.paid.SetText(v.Paid)
		t.fill.set(v.Progress)
	}
	relayout(t.box)
}

func hintColour(v TotalView) Colour {
	if v.HintWarn {
		return TotalWarn
	}
	return OnTotal2
}

func (t *TotalBlock) build(v TotalView) {
	if v.Size == 0 {
		v.Size = 72
	}
	t.now = v
	quiet, ink := OnTotal2, OnTotal
	if v.Good {
		quiet, ink = TotalOk, TotalOk
	}
	t.label, t.number, t.amount = NewLabel(v.Label, 18, quiet), NewLabel(v.Number, 15, OnTotal2), NewMoney(v.Amount, v.Size, ink)
	col := []fyne.CanvasObject{Row(8, Grow(1, t.label), t.number)}
	spread := v.Progress < 0 && len(v.More) == 0 && len(v.Taken) == 0
	if spread && len(v.Foot) == 0 {
		col = append(col, Space(), t.amount, Space())
	} else {
		col = append(col, Gap(2), t.amount)
	}
	for _, m := range v.More {
		label, number := NewLabel(m.Label, 18, OnTotal2), NewMoney(m.Amount, m.Size, OnTotal)
		if m.Good {
			label, number = NewBold(m.Label, 18, TotalOk), NewMoney(m.Amount, m.Size, TotalOk)
		}
		col = append(col, Gap(18), Fixed(1, NewBox(TotalLine)), Gap(18), label, number)
	}
	if v.Progress >= 0 {
		t.fill = newShare(TotalLine, TotalOk, 5)
		t.fill.set(v.Progress)
		t.due, t.paid = NewLabel(v.Due, 15, OnTotal2), NewLabel(v.Paid, 15, OnTotal2)
		col = append(col, Gap(10), Fixed(10, t.fill), Gap(6), Row(8, Grow(1, t.due), t.paid))
	}
	for _, k := range v.Taken {
		row := []fyne.CanvasObject{}
		if k.Plate != nil {
			row = append(row, k.Plate)
		}
		row = append(row, Grow(1, NewLabel(k.Name, 17, OnTotal)), NewBold(k.Amount, 20, OnTotal))
		high := float32(40)
		if k.OnUndo != nil {
			high = 48
			undo := NewTap(Style{Radius: RadiusField, OnDark: true}, NewIcon("undo-2", 22, OnTotal2), k.OnUndo)
			undo.SetMin(48, 48)
			row = append(row, undo)
		}
		col = append(col, Gap(8), Fixed(1, NewBox(TotalLine)), Gap(5), Fixed(high, Row(12, row...)))
	}
	if len(v.Foot) > 0 {
		t.foot = nil
		var row []fyne.CanvasObject
		for i, s := range v.Foot {
			l := NewLabel(s, 16, OnTotal2)
			t.foot = append(t.foot, l)
			if i > 0 {
				row = append(row, Space())
			}
			row = append(row, l)
		}
		col = append(col, Space(), Fixed(1, NewBox(TotalLine)), Gap(10), Row(0, row...))
	} else if !spread {
		col = append(col, Space())
	}
	if v.Hint != "" {
		t.hint, t.mark = NewLabel(v.Hint, 14, OnTotal2), NewIcon(v.HintIcon, 18, hintColour(v))
		col = append(col, Row(8, t.mark, Grow(1, t.hint)))
	}
	t.box.Objects = []fyne.CanvasObject{t.back, Inset(16, 22, 16, 22, Col(0, col...))}
	t.box.Layout.Layout(t.box.Objects, t.box.Size())
}

// MinSize is what the block shows.
func (t *TotalBlock) MinSize() fyne.Size { return t.box.MinSize() }

// HeightFor returns the height at a width; Col asks for it.
func (t *TotalBlock) HeightFor(width float32) float32 { return HeightAt(t.box.Objects[1], width) }

// CreateRenderer draws the block.
func (t *TotalBlock) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.box) }

// share is a bar filled to a part of its width.
type share struct {
	widget.BaseWidget
	part        float32
	back, front *painted
}

func newShare(back, front Colour, radius float32) *share {
	s := &share{back: panel(back, Clear, 0, radius), front: panel(front, Clear, 0, radius)}
	s.ExtendBaseWidget(s)
	return s
}

func (s *share) set(part float32) {
	part = min(max(part, 0), 1)
	if s.part != part {
		s.part = part
		s.Refresh()
	}
}

func (s *share) MinSize() fyne.Size                  { return fyne.NewSize(8, 4) }
func (s *share) CreateRenderer() fyne.WidgetRenderer { return &shareRenderer{s} }

type shareRenderer struct{ s *share }

func (r *shareRenderer) Layout(size fyne.Size) {
	r.s.back.Resize(size)
	w := round(size.Width * r.s.part)
	if r.s.part > 0 {
		w = max(w, 2)
	}
	r.s.front.Resize(fyne.NewSize(w, size.Height))
}
func (r *shareRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *shareRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.back, r.s.front}
}
func (r *shareRenderer) Destroy() {}
func (r *shareRenderer) Refresh() {
	r.Layout(r.s.Size())
	r.s.back.Refresh()
	r.s.front.Refresh()
}

// Progress is a bar that is filled from the left, for a countdown or a share.
type Progress struct{ *share }

// NewProgress returns a bar filled to part, 0 to 1, in front over back.
func NewProgress(part float32, back, front Colour, radius float32) *Progress {
	p := &Progress{newShare(back, front, radius)}
	p.set(part)
	return p
}

// Set fills the bar to part, 0 to 1.
func (p *Progress) Set(part float32) { p.set(part) }
