package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

func TestWhatIsNotThereIsNotSpokenOf(t *testing.T) {
	c := open(t, 1366, 768)
	c.w.SetLanguage("en")
	sell := func() {
		c.scan(milk)
		c.press(fyne.KeyF9)
		c.hand("p")
		c.wait(letterWindow)
		c.is(PageQR)
	}
	sell()
	c.sees("The same code is on the customer display")
	c.hand("77", fyne.KeyReturn)
	c.is(PageResult).sees("Receipt sent to the printer")
	c.press(fyne.KeyF5)
	c.sees("A marked copy is printing")
	// A till with nothing but its own screen.
	c.w.SetStatus([]DeviceStatus{{Kind: "printer", Health: Absent, State: "none"}, {Kind: "backup", Health: Fine, State: "done_at", Detail: "12:41"}})
	sell()
	if c.has("The same code is on the customer display") {
		t.Error("the page speaks of a customer's screen that is not there")
	}
	c.hand("78", fyne.KeyReturn)
	c.is(PageResult).sees("No printer", "The receipt can be printed later")
	c.scan(bread)
	c.hand("10", fyne.KeyF8)
	c.is(PageResult)
	for _, words := range []string{"Receipt sent to the printer", "Drawer opened"} {
		if c.has(words) {
			t.Errorf("the page says %q without a printer", words)
		}
	}
	c.press(fyne.KeyF5)
	c.sees("There is no printer, nothing was printed.", "The sale is saved; with a printer it can be printed from Past sales.")
}

func TestBestSellersHaveTheirEnglishNames(t *testing.T) {
	c := open(t, 1366, 768)
	row := till.ItemRow{Code: "101", Name: "鲜牛奶 1L", NameEN: "Milk 1L"}
	typed := till.ItemRow{Name: "其他商品"}
	for _, lang := range []struct{ lang, milk, other string }{{"zh-Hans", "鲜牛奶 1L", "其他商品"}, {"en", "Milk 1L", "Other item"}} {
		c.w.SetLanguage(lang.lang)
		if got := c.w.ItemName(row.Name, c.w.englishOf(row)); got != lang.milk {
			t.Errorf("%s: the milk is %q", lang.lang, got)
		}
		if got := c.w.ItemName(typed.Name, c.w.englishOf(typed)); got != lang.other {
			t.Errorf("%s: what was typed is %q", lang.lang, got)
		}
	}
}

func TestShotsWithout(t *testing.T) {
	bare := func(c *counter) {
		fullCart(c)
		c.w.SetStatus([]DeviceStatus{{Kind: "printer", Health: Absent, State: "none"}, {Kind: "backup", Health: Fine, State: "done_at", Detail: "12:41"}})
	}
	shoot(t, "result-no-printer", func(c *counter) { bare(c); c.hand("100", fyne.KeyF8) })
	shoot(t, "result-no-printer-again", func(c *counter) { bare(c); c.hand("100", fyne.KeyF8); c.press(fyne.KeyF5) })
	shoot(t, "qr-no-display", func(c *counter) {
		codes(c)
		bare(c)
		c.press(fyne.KeyF9)
		c.hand("a")
		c.wait(letterWindow)
	})
}
