package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// Tests named after the pains of docs/pains.md that only a window can show.

func TestPain10AScannedCodeIsNeverAnAmountOrAQuantity(t *testing.T) {
	for name, reach := range map[string]func(*counter){
		"sell":      func(c *counter) {},
		"quantity":  func(c *counter) { c.hand("3") },
		"discount":  func(c *counter) { c.press(fyne.KeyF6); c.hand("2") },
		"payment":   func(c *counter) { c.press(fyne.KeyF9); c.hand("5") },
		"cash":      func(c *counter) { c.press(fyne.KeyF8); c.hand("2") },
		"drawer":    func(c *counter) { c.w.Open(PageDrawer) },
		"the count": func(c *counter) { c.w.Open(PageShift) },
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, 1366, 768)
			c.scan(milk)
			reach(c)
			before := len(c.sent)
			c.scan(bread)
			for _, cmd := range c.sent[before:] {
				switch x := cmd.(type) {
				case till.Scan:
					if x.Code != bread || x.Qty > 3000 {
						t.Errorf("the scan became %+v", x)
					}
				case till.PayCash, till.Pay, till.SetQty, till.DiscountLine, till.DiscountSale, till.MoveCash, till.CloseShift, till.TakeReturn:
					t.Errorf("the scan became %#v", cmd)
				}
			}
			if strings.Contains(c.w.entry.text, "690123") {
				t.Errorf("the entry holds the code: %q", c.w.entry.text)
			}
			if v := c.w.View(); v.Sale == nil || v.Due > 1590+3*350 || len(v.Sale.Tenders) != 0 {
				t.Errorf("the sale is %+v, due %d", v.Sale, v.Due)
			}
		})
	}
}

func TestPain11APartOfACodeIsToldAndNeverSold(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	for _, part := range []string{milk[:12], milk[:7], milk[1:], milk + "5"} {
		sounds := len(c.sounds)
		c.scan(part)
		c.due(1590)
		if len(c.sounds) == sounds || c.sounds[len(c.sounds)-1] != "notfound" {
			t.Errorf("%q: sounds %v, want the one for what is not there", part, c.sounds[sounds:])
		}
		if c.w.message == nil && c.w.sell.asking == nil {
			t.Errorf("%q was swallowed without a word", part)
		}
		c.press(fyne.KeyEscape)
	}
	// Any end of a line, and a slow scanner, are the same code.
	for _, end := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} {
		before := c.w.View().Due
		c.wait(time.Second)
		for _, ch := range bread {
			c.wait(20 * time.Millisecond)
			c.rune(ch)
		}
		c.press(end)
		if got := c.w.View().Due - before; got != 350 {
			t.Errorf("a code that ends with %s added %d, want 3.50", end, got)
		}
	}
}

func TestPain15TheCashPageCutsTheRestOfASplit(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, milk, milk, milk, milk) // 79.50
	c.press(fyne.KeyF9)
	c.hand("10", fyne.KeyF8)
	c.due(6950)
	c.press(fyne.KeyF8)
	c.is(PageCash)
	c.tap(c.w.Say("sell.round_down", "amount", Round(c.w.Currency(), 6900)))
	c.is(PageCash)
	if v := c.w.View(); v.CashDue != 6900 || v.Due != 6950 || v.Approval != nil {
		t.Fatalf("in cash %d of %d, approval %v, want 69.00 of 69.50 and none", v.CashDue, v.Due, v.Approval)
	}
	c.hand("69", fyne.KeyF8)
	if d := c.w.View().Done; d == nil || d.Sale.Rounding != -50 || d.Sale.Total() != 7900 {
		t.Fatalf("done %+v, want 79.00 with 0.50 cut", d)
	}
}
