package kit

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

func ceil(v float32) float32 { return float32(math.Ceil(float64(v))) }

// Money is an amount set large: the sign at 60 % of the digits, both on one baseline. It becomes smaller where the
// room is too narrow, never shorter.
type Money struct {
	widget.BaseWidget
	Align  fyne.TextAlign // leading, centre or trailing; set it before the first show
	amount string
	size   float32
	colour Colour
}

// NewMoney returns an amount such as "¥86.40" or "−¥2.00" with digits of size pixels.
func NewMoney(amount string, size float32, c Colour) *Money {
	m := &Money{amount: amount, size: size, colour: c}
	m.ExtendBaseWidget(m)
	return m
}

// Set changes the amount.
func (m *Money) Set(amount string) { m.SetColour(amount, m.colour) }

// Amount returns the amount as it was set.
func (m *Money) Amount() string { return m.amount }

// SetColour changes the amount and its colour.
func (m *Money) SetColour(amount string, c Colour) {
	if m.amount == amount && m.colour == c {
		return
	}
	m.amount, m.colour = amount, c
	m.Refresh()
}

func (m *Money) widths(size float32) (sign, gap, digits float32) {
	s, d := SplitMoney(m.amount)
	if s != "" {
		gap = round(size * 0.06)
	}
	return TextWidth(s, round(size*0.6), true), gap, TextWidth(d, size, true)
}

// MinSize is the amount at its full size.
func (m *Money) MinSize() fyne.Size {
	a, g, b := m.widths(m.size)
	return fyne.NewSize(ceil(a+g+b), round(m.size*tightHeight))
}

// CreateRenderer draws the amount.
func (m *Money) CreateRenderer() fyne.WidgetRenderer {
	r := &moneyRenderer{money: m, sign: newText(m.size, true, m.colour), digits: newText(m.size, true, m.colour)}
	return r
}

type moneyRenderer struct {
	money        *Money
	sign, digits *canvas.Text
}

func (r *moneyRenderer) Layout(s fyne.Size) {
	m := r.money
	size := m.size
	a, g, b := m.widths(size)
	for size > 14 && a+g+b > s.Width+0.5 {
		size--
		a, g, b = m.widths(size)
	}
	x := float32(0)
	switch m.Align {
	case fyne.TextAlignTrailing:
		x = s.Width - a - g - b
	case fyne.TextAlignCenter:
		x = (s.Width - a - g - b) / 2
	}
	sign, digits := SplitMoney(m.amount)
	r.sign.TextSize, r.digits.TextSize = round(size*0.6), size
	c := palette.Of(m.colour)
	r.sign.Text, r.sign.Color, r.digits.Text, r.digits.Color = sign, c, digits, c
	baseline := round((s.Height-size*fontHeight)/2 + size*fontAscent)
	r.sign.Resize(fyne.NewSize(a, r.sign.TextSize*fontHeight))
	r.sign.Move(fyne.NewPos(x, textTop(baseline, r.sign.TextSize)))
	r.digits.Resize(fyne.NewSize(b, size*fontHeight))
	r.digits.Move(fyne.NewPos(x+a+g, textTop(baseline, size)))
}

func (r *moneyRenderer) MinSize() fyne.Size           { return r.money.MinSize() }
func (r *moneyRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.sign, r.digits} }
func (r *moneyRenderer) Destroy()                     {}
func (r *moneyRenderer) Refresh() {
	r.Layout(r.money.Size())
	r.sign.Refresh()
	r.digits.Refresh()
}
