package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// aside is a counter whose customer has paid a part, and whose next one's milk was scanned.
func aside(c *counter) {
	fullCart(c)
	c.press(fyne.KeyF9)
	c.hand("50", fyne.KeyF8)
	c.scan(milk)
}

func TestAProductScannedWhilePayingGoesToAParkedSale(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(bread)
	c.press(fyne.KeyF9)
	c.hand("1", fyne.KeyF8)
	c.scan(milk)
	c.is(PagePay).due(250).sees("鲜牛奶 1L 另开了挂单 1", "正在收款的这一单没有变。收完款后取出挂单，再接着卖。")
	if got := c.sounds[len(c.sounds)-1]; got != "added" {
		t.Fatalf("it sounds %q", got)
	}
	c.w.SetLanguage("en")
	c.sees("Milk 1L began parked sale 1")
	c.tap("Undo")
	c.is(PagePay).due(250).sees("Last step undone")
	if n := len(c.w.View().Parked); n != 0 {
		t.Fatalf("%d sales are parked", n)
	}
	// While the code is shown, and on the page of the terminal.
	c.scan(milk)
	c.hand("p")
	c.wait(letterWindow)
	c.scan(milk)
	c.is(PageQR).sees("Milk 1L went to parked sale 2")
	c.hand("77", fyne.KeyReturn)
	// What waits is offered with the change.
	c.is(PageResult).sees("Bring back parked sale 2 · ¥31.80")
	c.press(fyne.KeyF4)
	c.is(PageSell).due(3180)
	c.press(fyne.KeyF9)
	c.hand("c")
	c.wait(letterWindow)
	c.scan(bread)
	c.is(PageTender).due(3180).sees("Bread began parked sale 3")
}

func TestANewBarcodeScannedWhilePayingWaitsForTheNextSale(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(bread)
	c.press(fyne.KeyF9)
	c.hand("1", fyne.KeyF8)
	c.scan("6901234500080")
	c.is(PagePay).due(250).sees("新条码 6901234500080，留给下一单。")
	c.press(fyne.KeyEscape)
	c.hand("2.5", fyne.KeyF8)
	c.done(1, 0)
	c.press(fyne.KeyReturn)
	c.is(PageSell).sees("新条码，填一下就能卖", "6901234500080")
	c.hand("薄荷糖", fyne.KeyReturn)
	c.hand("4.5", fyne.KeyReturn)
	c.due(450)
	// Filled in before the end of the payment, it still is for the next one.
	c.hand("1", fyne.KeyF8)
	c.scan("6901234500189")
	c.press(fyne.KeyEscape)
	c.press(fyne.KeyEscape)
	c.is(PageSell)
	c.hand("甲", fyne.KeyReturn)
	c.hand("2", fyne.KeyReturn)
	c.due(350)
	if p := c.w.View().Parked; len(p) != 1 || p[0].Sale.Total() != 200 {
		t.Fatalf("parked: %+v", p)
	}
	if s := c.w.View().Sale; len(s.Lines) != 1 || s.Tenders[0].Kind != till.Cash {
		t.Fatalf("the sale is %+v", s)
	}
}

func TestShotsAside(t *testing.T) {
	shoot(t, "pay-aside", aside)
	shoot(t, "pay-new-code", func(c *counter) {
		fullCart(c)
		c.press(fyne.KeyF9)
		c.hand("50", fyne.KeyF8)
		c.scan("6901234500080")
	})
	shoot(t, "qr-aside", func(c *counter) {
		codes(c)
		aside(c)
		c.hand("a")
		c.wait(letterWindow)
		c.scan(bread)
	})
	shoot(t, "result-parked", func(c *counter) { aside(c); c.hand("50", fyne.KeyF8) })
}

// A parked sale may complete by itself, by a payment found paid: the result
// page then offers it no more.
func TestAResultOffersNoParkedSaleThatIsNoMore(t *testing.T) {
	c := open(t, 1366, 768)
	aside(c)
	c.hand("50", fyne.KeyF8)
	c.is(PageResult).sees("取出挂单 1 · ¥15.90")
	v := c.w.View()
	v.Parked = nil
	v.Seq++
	c.w.Show(v)
	c.hasNot("取出挂单 1 · ¥15.90")
}
