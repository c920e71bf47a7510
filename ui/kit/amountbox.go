package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// AmountBox shows an amount that is being typed on a keypad: a label, the digits, and an edge and a caret while the
// digits go there. It never takes the focus.
type AmountBox struct {
	widget.BaseWidget
	box    *painted
	label  *Label
	amount *Label
	caret  *painted
	body   *fyne.Container
	height float32
}

// NewAmountBox returns a box of height pixels with digits of size pixels.
func NewAmountBox(label, amount string, size, height float32) *AmountBox {
	b := &AmountBox{box: panel(Surface, Outline, 1, RadiusField), label: NewLabel(label, 15, Ink2), amount: NewBold(amount, size, Ink).Trailing(),
		caret: panel(Accent, Clear, 0, 0), height: height}
	b.caret.Hide()
	b.body = Stack(b.box, Inset(0, 14, 0, 14, Row(8, b.label, Grow(1, b.amount), Fixed(2, Sized(2, size*1.15, b.caret)))))
	b.ExtendBaseWidget(b)
	return b
}

// Set changes the digits.
func (b *AmountBox) Set(amount string) { b.amount.SetText(amount) }

// Activate shows that what is typed goes here.
func (b *AmountBox) Activate(on bool) {
	if on {
		b.box.SetLook(Surface, Accent, 3)
		b.caret.Show()
	} else {
		b.box.SetLook(Surface, Outline, 1)
		b.caret.Hide()
	}
}

// MinSize is its height.
func (b *AmountBox) MinSize() fyne.Size {
	return fyne.NewSize(b.body.MinSize().Width, b.height)
}

// CreateRenderer draws the box.
func (b *AmountBox) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.body) }
