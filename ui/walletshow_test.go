package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guitai/till"
	"guitai/ui/kit"
)

// labelSaying finds a label on the screen by its words, nil where there is none.
func labelSaying(o fyne.CanvasObject, words ...string) *kit.Label {
	if o == nil || !o.Visible() {
		return nil
	}
	var inside []fyne.CanvasObject
	switch x := o.(type) {
	case *kit.Label:
		if slices.Contains(words, x.Text()) {
			return x
		}
	case *fyne.Container:
		inside = x.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(x).Objects()
	}
	for _, i := range inside {
		if l := labelSaying(i, words...); l != nil {
			return l
		}
	}
	return nil
}

// Without a display for the customer nobody is told that one shows the code.
func TestADisplayThatIsNotThereShowsNothing(t *testing.T) {
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.hand("w")
	c.wait(letterWindow)
	c.comes(till.Pending, withCode("weixin://wxpay/bizpayurl?pr=1"))
	c.sees("The same code is on the customer display")
	without := []DeviceStatus{{Kind: "printer", Health: Fine, State: "ready"}, {Kind: "display", Health: Absent, State: "none"}}
	c.w.SetStatus(without)
	c.hasNot("The same code is on the customer display").sees("Ask the customer to scan")
	c = wallet(t)
	c.w.SetStatus(without)
	c.scan(wechatCode)
	c.comes(till.Pending)
	c.sees("Waiting for the customer to confirm").hasNot("Customer display says: please confirm ¥19.40 on your phone")
}

// F5 prints the last receipt, which is another customer's while a payment runs.
func TestF5DuringAPaymentPrintsNoOthersReceipt(t *testing.T) {
	c := wallet(t)
	c.hand("20", fyne.KeyF8) // the receipt of the customer before
	c.scan(milk)
	c.wait(time.Second)
	c.run.Clock = c.run.Clock.Add(2 * time.Second)
	c.now = c.run.Clock
	c.press(fyne.KeyF9)
	c.scan(wechatCode)
	reprints := func() (n int) {
		for _, x := range c.sent {
			if _, ok := x.(till.Reprint); ok {
				n++
			}
		}
		return n
	}
	c.comes(till.Unknown, because(till.NoNetwork, ""))
	c.press(fyne.KeyF5)
	if n := reprints(); n != 0 {
		t.Fatalf("F5 sent %d reprints", n)
	}
	c.sees("This payment has no result yet, so there is no slip to print.")
	c.press(fyne.KeyF7)
	c.w.Open(PageTray)
	c.press(fyne.KeyF5)
	if n := reprints(); n != 0 {
		t.Fatalf("F5 in the list sent %d reprints", n)
	}
	c.sees("Nothing was printed: F5 prints the last receipt, not this payment's.")
}

// A shown code says that it is closed when its time is up; a new one is one key.
func TestAnExpiredCodeIsOneKeyFromANewOne(t *testing.T) {
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.hand("w")
	c.wait(letterWindow)
	c.comes(till.Pending, withCode("weixin://wxpay/bizpayurl?pr=1"))
	c.sees("It is closed then; unpaid means nothing taken")
	c.wait(5 * time.Minute)
	c.comes(till.Cancelling)
	c.comes(till.Cancelled, because(till.TimedOut, ""))
	c.sees("Time is up, nothing taken", "Show a new QR")
	before := len(c.sent)
	c.press(fyne.KeyReturn)
	if got := c.sent[before:]; len(got) != 1 || got[0] != (till.PayWallet{Wallet: "wechatpay", Amount: 1940, Way: till.Show}) {
		t.Fatalf("Enter sent %+v", got)
	}
}

// The title over the code stays within its card for every wallet, in either language, also once the window was made
// narrower.
func TestTheTitleOverTheCodeStaysInItsCard(t *testing.T) {
	for _, width := range []float32{1366, 1024} {
		for _, lang := range []string{"zh-Hans", "en"} {
			for _, name := range []string{"alipay", "wechatpay", "unionpay", "paypal", "stripe"} {
				c := open(t, 1920, 768)
				withWallets(c)
				c.w.SetLanguage(lang)
				c.scan(milk)
				c.run.OK(till.PayWallet{Wallet: name, Amount: c.run.Reg.View().Due, Way: till.Show})
				c.show()
				c.comes(till.Pending, withCode("https://pay.example/1"))
				c.win.Resize(fyne.NewSize(width, 768))
				right := width - 12 - map[float32]float32{1366: 386, 1024: 290}[width] - 12
				label := labelSaying(c.win.Content(), c.w.Say("wallet.ask_scan", "name", c.w.walletName(name)), c.w.Say("wallet.ask_scan_short"))
				if label == nil {
					t.Fatalf("%v %s %s: no title over the code: %q", width, lang, name, c.words())
				}
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(label)
				if end := at.X + kit.TextWidth(label.Text(), map[float32]float32{1366: 28, 1024: 22}[width], true); end > right-16 {
					t.Errorf("%v %s %s: %q ends at %v, its card at %v", width, lang, name, label.Text(), end, right)
				}
			}
		}
	}
}
