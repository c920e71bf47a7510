package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// KeypadKey is one key: a digit or another text, or a function with an icon or a sign over a caption.
type KeypadKey struct {
	ID       string // what OnKey gets
	Text     string // a digit: large, on an edge
	Icon     string // a function: an icon
	Sign     string // a function: a sign, such as ×
	Caption  string // a function: words below
	Disabled bool
}

// The keys that have an ID of their own; digits have themselves.
const (
	KeyBack     = "back"     // take the last character away
	KeyClear    = "clear"    // empty the entry
	KeyQuantity = "quantity" // the entry is a quantity
	KeyAmount   = "amount"   // the entry is an amount
	KeyEnter    = "enter"    // take the entry
)

// SellKeys returns the sixteen keys of the sell screen, with the captions given.
func SellKeys(quantity, amount, enter string) []KeypadKey {
	d := func(s string) KeypadKey { return KeypadKey{ID: s, Text: s} }
	return []KeypadKey{
		d("7"), d("8"), d("9"), {ID: KeyBack, Icon: "delete"},
		d("4"), d("5"), d("6"), {ID: KeyQuantity, Sign: "×", Caption: quantity},
		d("1"), d("2"), d("3"), {ID: KeyAmount, Sign: "¥", Caption: amount},
		d("0"), d("00"), d("."), {ID: KeyEnter, Icon: "corner-down-left", Caption: enter},
	}
}

// PayKeys returns the twelve upper keys of the pay screen; Back, 0 and the point stand below them.
func PayKeys(clear string) []KeypadKey {
	d := func(s string) KeypadKey { return KeypadKey{ID: s, Text: s} }
	return []KeypadKey{
		d("7"), d("8"), d("9"), {ID: KeyBack, Icon: "delete"},
		d("4"), d("5"), d("6"), {ID: KeyClear, Caption: clear},
		d("1"), d("2"), d("3"), d("00"),
	}
}

// CashKeys returns the twelve keys of three columns for an amount.
func CashKeys() []KeypadKey {
	var out []KeypadKey
	for _, s := range []string{"7", "8", "9", "4", "5", "6", "1", "2", "3", ".", "0"} {
		out = append(out, KeypadKey{ID: s, Text: s})
	}
	return append(out, KeypadKey{ID: KeyBack, Icon: "delete"})
}

// PINKeys returns the keys in the order of a telephone; the first of the last row is left to extra.
func PINKeys(extra KeypadKey) []KeypadKey {
	var out []KeypadKey
	for _, s := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		out = append(out, KeypadKey{ID: s, Text: s})
	}
	return append(out, extra, KeypadKey{ID: "0", Text: "0"}, KeypadKey{ID: KeyBack, Icon: "delete"})
}

// Widths of the sell screen's keypad by the width of the window, and the heights of its keys.
const (
	KeypadNarrow, KeyNarrow = 262, 64 // 1024 x 768
	KeypadWidth, KeyHeight  = 352, 64 // 1366 x 768
	KeypadWide, KeyWide     = 448, 79 // 1920 x 1080
)

// Keypad is a grid of keys.
type Keypad struct {
	widget.BaseWidget
	// Container holds the keys.
	Container *fyne.Container
	keys      map[string]*Tap
}

// NewKeypad returns the keys in columns of equal width, 8 pixels apart, in rows of height pixels; 0 divides the height
// that there is. Digits are set in text pixels, 0 for 28. onKey gets the ID of each key tapped.
func NewKeypad(cols int, height, text float32, keys []KeypadKey, onKey func(id string)) *Keypad {
	if text == 0 {
		text = 28
	}
	k := &Keypad{keys: map[string]*Tap{}}
	var cells []fyne.CanvasObject
	for _, key := range keys {
		t := NewKey(key, text, onKey)
		k.keys[key.ID] = t
		cells = append(cells, t)
	}
	k.Container = Grid(cols, 8, height, cells...)
	k.ExtendBaseWidget(k)
	return k
}

// MinSize is that of the keys.
func (k *Keypad) MinSize() fyne.Size { return k.Container.MinSize() }

// HeightFor returns the height at a width; Col asks for it.
func (k *Keypad) HeightFor(width float32) float32 { return HeightAt(k.Container, width) }

// CreateRenderer draws the keys.
func (k *Keypad) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.Container) }

// Key returns the key of an ID, nil if there is none.
func (k *Keypad) Key(id string) *Tap { return k.keys[id] }

// NewKey returns one key.
func NewKey(key KeypadKey, text float32, onKey func(id string)) *Tap {
	s := Style{Fill: Surface, Edge: Outline, Stroke: 1, Radius: RadiusField}
	var face fyne.CanvasObject = NewBold(key.Text, text, Ink).Centred()
	if key.Text == "" {
		s = Style{Fill: Sunken, Radius: RadiusField}
		icon, sign := NewIcon(key.Icon, 24, Ink), NewBold(key.Sign, 20, Ink).Centred()
		size := float32(14)
		if key.Icon == "" && key.Sign == "" {
			size = 17
		}
		caption := newLabel(key.Caption, size, size > 14, Ink).Centred()
		sign.Height, caption.Height = 1.2, 1.2
		icon.Hidden, sign.Hidden, caption.Hidden = key.Icon == "", key.Sign == "", key.Caption == ""
		face = Centre(Col(0, container.NewStack(icon, sign), caption))
	}
	t := NewTap(s, face, func() { onKey(key.ID) })
	t.SetMin(60, 48)
	if key.Disabled {
		t.Disable()
	}
	return t
}
