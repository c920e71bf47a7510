package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// payFact is a line about a payment: a label at the left, what it is at the right, with a plate before it.
type payFact struct {
	label string
	plate fyne.CanvasObject
	value string
	ink   kit.Colour // of the value; Ink where it is Clear
}

// payColumn is the left of the payment pages: the amount over what the sale has already, facts about the payment, the
// first lines of the sale as far as there is room, and a button below.
func (w *Window) payColumn(size *resizing, width float32, label, amount string, facts []payFact, below fyne.CanvasObject) fyne.CanvasObject {
	t := w.payTotal(w.view, size.pick(56, 44))
	t.Foot, t.Hint, t.HintIcon, t.Label, t.Amount = nil, "", "", label, amount
	return w.saleColumn(size, width, w.view.Sale, t, facts, below)
}

// saleColumn is payColumn for any sale, under a total block of its own.
func (w *Window) saleColumn(size *resizing, width float32, sale *till.Sale, t kit.TotalView, facts []payFact, below fyne.CanvasObject) fyne.CanvasObject {
	if size.low && len(t.Taken) > 1 {
		t.Taken = t.Taken[len(t.Taken)-1:]
	}
	for i := range t.Taken {
		t.Taken[i].OnUndo = nil // nothing is taken back while a payment runs
	}
	total := kit.NewTotal(t)
	rows := kit.Col(0)
	for i, f := range facts {
		ink := f.ink
		if ink == kit.Clear {
			ink = kit.Ink
		}
		value := kit.NewLabel(f.value, 16, ink)
		line := kit.Row(8, kit.Middle(kit.NewLabel(f.label, 15, kit.Ink3)), kit.Space())
		if f.plate != nil {
			line.Add(kit.Middle(f.plate))
		}
		if room := width - 36 - kit.TextWidth(f.label, 15, false) - 60; kit.TextWidth(f.value, 16, false) > room {
			line = kit.Row(8, kit.Middle(kit.NewLabel(f.label, 15, kit.Ink3)), kit.Grow(1, kit.Middle(value.Trailing())))
		} else {
			line.Add(kit.Middle(value))
		}
		if i > 0 {
			rows.Add(kit.Hairline())
		}
		rows.Add(kit.Fixed(45, line))
	}
	rows.Add(kit.Hairline())
	room := size.height - 24 - kit.HeightAt(total, width) - 10 - 12 - float32(len(facts))*46 - 14
	column := kit.Col(10, total)
	if below != nil {
		room -= 66
	}
	rows.Add(kit.Gap(12))
	rows.Add(w.firstLines(sale, int(room/27)))
	column.Add(kit.Grow(1, kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(6, 18, 6, 18, rows))))
	if below != nil {
		column.Add(kit.Fixed(56, below))
	}
	return column
}

// firstLines are up to n lines of the sale, small.
func (w *Window) firstLines(s *till.Sale, n int) fyne.CanvasObject {
	col := kit.Col(0)
	if s == nil {
		return col
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Voided {
			continue
		}
		if len(col.Objects) >= n {
			break
		}
		qty := "× " + Quantity(l.Qty, false)
		if l.Weighed {
			qty = Quantity(l.Qty, true) + " " + l.Unit
		}
		col.Add(kit.Fixed(27, kit.Row(10, kit.Grow(1, kit.Middle(kit.NewLabel(w.ItemName(l.Name, l.NameEN), 15, kit.Ink2))),
			kit.Middle(kit.NewLabel(qty, 15, kit.Ink2)), kit.Fixed(72, kit.Middle(kit.NewLabel(w.Money(l.Gross-l.DiscountOff), 15, kit.Ink2).Trailing())))))
	}
	return col
}
