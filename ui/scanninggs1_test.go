package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// A code with an AIM identifier and a date that is over is sold, and said to be over; the press beside it takes it back.
func TestGoodsPastTheirDateAreSaidOnTheScreen(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan("]C1010" + milk + "17200101")
	c.due(1590).sees("鲜牛奶 1L 已过期（2020-01-01）。", "已加入本单。不能卖的话，点撤销。")
	if c.sounds[len(c.sounds)-1] != "notfound" {
		t.Fatalf("sounds %v", c.sounds)
	}
	c.tap("撤销")
	c.due(0)
	c.scan("]E0" + milk)
	c.due(1590)
	c.scan("]C1010" + milk + "17263112")
	c.due(1590).sees("这个 GS1 码里的 (17)263112 写得不对。")
	// A code nobody has is asked about by its number alone.
	c.scan("]C10106901234500080\x1d10LOT")
	if a := c.w.sell.asking; a == nil || a.code != "6901234500080" {
		t.Fatalf("asks about %+v", a)
	}
	c.press(fyne.KeyEscape)
}

// Pages that take a code for themselves get it without what a scanner puts before it.
func TestFieldsGetCodesWithoutTheirIdentifier(t *testing.T) {
	c := inOffice(t, 1366, 768, PageSettings, nil)
	c.tap("Scale labels")
	sample := labelled(t, "212000100756")
	c.scan("]E0" + sample)
	if got := c.w.page().(*settingsPage).state().label.typed["sample"]; got != sample {
		t.Fatalf("the field holds %q", got)
	}
	if n, ok := c.w.receiptOf(till.PlainCode("]C0GTA000123")); ok && n != 123 {
		t.Fatalf("receipt %d", n)
	}
}
