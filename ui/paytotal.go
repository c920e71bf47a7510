package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// payTotal is what the dark block of the paying pages says of a sale.
func (w *Window) payTotal(v till.View, size float32) kit.TotalView {
	t := kit.TotalView{Label: w.Say("sell.total"), Amount: w.Money(v.Due), Size: size, Progress: -1}
	s := v.Sale
	if s == nil {
		return t
	}
	t.Number = w.Say("pay.items", "no", receiptNo(v.Next), "items", w.words.count("sell.items", s.Pieces().String()))
	if len(s.Tenders) > 0 {
		t.Label = w.Say("sell.left")
		t.Due, t.Paid = w.Say("pay.total", "amount", w.Money(s.Total())), w.Say("pay.paid", "amount", w.Money(s.TakenSoFar()))
		t.Progress = share(s.TakenSoFar(), s.Total())
		from := 0
		if n := len(s.Tenders); n > 1 {
			t.Size = min(t.Size, 56)
			if from = n - 2; from > 0 {
				// The block has room for two tenders; those before the last are summed.
				from = n - 1
				sum := s.TakenSoFar() - s.Tenders[from].Amount
				t.Taken = append(t.Taken, kit.Taken{Name: w.Say("pay.earlier", "n", strconv.Itoa(from)), Amount: w.Money(sum)})
			}
		}
		for i := from; i < len(s.Tenders); i++ {
			x := s.Tenders[i]
			k := kit.Taken{Plate: w.plate(x.Kind, 32), Name: w.tenderName(x.Kind), Amount: w.Money(x.Amount)}
			if i == len(s.Tenders)-1 && x.Kind == till.Cash && v.QR == nil {
				k.OnUndo = func() { w.Do(till.TakeBack{}) }
			}
			t.Taken = append(t.Taken, k)
		}
		return t
	}
	if v.CashDue != v.Due {
		t.Hint, t.HintIcon = w.Say("pay.cash_rounding", "amount", w.Money(v.CashDue)), "banknote"
	}
	if s.Discounts != 0 {
		t.Foot = append(t.Foot, w.Say("pay.subtotal", "amount", w.Money(s.Gross)), w.Say("pay.discount", "amount", w.Money(s.Discounts)))
	}
	switch {
	case s.TaxAdded != 0:
		t.Foot = append(t.Foot, w.Say("sell.tax_added", "amount", w.Money(s.Tax)))
	case s.Tax != 0:
		t.Foot = append(t.Foot, w.Say("sell.tax_in", "amount", w.Money(s.Tax)))
	}
	return t
}

func share(part, of money.Amount) float32 {
	if of <= 0 {
		return 0
	}
	// A picture of a share, never an amount.
	return float32(part) / float32(of)
}

// plate is the letter plate or the icon of a tender kind.
func (w *Window) plate(k till.TenderKind, px float32) fyne.CanvasObject {
	if icon := tenderIcon(k); icon != "" {
		if k.Family() == "card" || k.Family() == "cash" {
			return kit.NewPlate("", "", icon, px)
		}
		return kit.NewQuietPlate(icon, px)
	}
	if k.Family() == "wallet" {
		return w.walletPlate(k.Detail(), px)
	}
	glyph := k.Detail()
	for _, m := range w.methods {
		if m.Kind == k {
			return methodPlate(m, px)
		}
	}
	return kit.NewPlate(plateOf(k), glyph, "", px)
}

func methodPlate(m PayMethod, px float32) fyne.CanvasObject {
	glyph := m.Glyph
	if glyph == "" {
		glyph = m.Title
	}
	return kit.NewPlate(plateOf(m.Kind), glyph, "", px)
}

// plateOf is the word by which the kit knows the colour of a tender's plate.
func plateOf(k till.TenderKind) string {
	switch d := k.Detail(); d {
	case "wechatpay":
		return "wechat"
	case "jdpay":
		return "jd"
	case "baidu":
		return "duxiaoman"
	default:
		return d
	}
}

// amountTyped is the amount for the next tender: what is typed, and all that is due where nothing is.
func (w *Window) amountTyped() (a money.Amount, all bool) {
	a, ok := ParseEntry(w.Currency(), w.entry.text)
	if !ok || a <= 0 {
		return w.view.Due, true
	}
	return a, false
}

// lowBelow is the height of a paying page under which its amounts and keys are smaller: a window with a title bar and a
// taskbar on a small screen.
const lowBelow = 580

// resizing lays content out and calls changed when the window passes from narrow to wide, from low to high, or back.
type resizing struct {
	last    bool // narrow
	low     bool
	known   bool
	exact   bool // changed is called for every other size
	height  float32
	width   float32
	changed func()
}

// pick is the first value on a high window, the second on a low one.
func (r *resizing) pick(high, low float32) float32 {
	if r.low {
		return low
	}
	return high
}

// pickWide is the first value on a wide window, the second on a narrow one.
func (r *resizing) pickWide(wide, narrow float32) float32 {
	if r.last {
		return narrow
	}
	return wide
}

func (r *resizing) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(800, 480) }

func (r *resizing) Layout(o []fyne.CanvasObject, s fyne.Size) {
	if s.Width <= 0 {
		return
	}
	if narrow, low := s.Width < narrowBelow, s.Height < lowBelow; !r.known || narrow != r.last || low != r.low || r.exact && (s.Height != r.height || s.Width != r.width) {
		r.last, r.low, r.height, r.width, r.known = narrow, low, s.Height, s.Width, true
		r.changed()
	}
	for _, x := range o {
		x.Resize(fyne.NewSize(s.Width-24, s.Height-24))
		x.Move(fyne.NewPos(12, 12))
	}
}
