package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

func TestScanBurstPressesNoButton(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	// Whatever has the ring, Enter and the code's characters are the scanner's.
	for i := 0; i < 60; i++ {
		c.win.Canvas().(interface{ FocusNext() }).FocusNext()
		before := len(c.sent)
		c.scan(bread)
		if got := c.sent[before:]; len(got) != 1 {
			t.Fatalf("with control %d in focus the scan sent %v", i, got)
		} else if s, ok := got[0].(till.Scan); !ok || s.Code != bread {
			t.Fatalf("with control %d in focus the scan sent %#v", i, got[0])
		}
		c.is(PageSell)
		if c.w.entry.text != "" {
			t.Fatalf("with control %d in focus the entry holds %q", i, c.w.entry.text)
		}
	}
	c.due(1590 + 60*350)
}

func TestScanWhileAFormIsOpen(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan("6901234500080")
	c.hand("薄荷")
	c.scan(milk)
	c.due(1590).sees("新条码，填一下就能卖")
	if got := c.w.sell.asking.name; got != "薄荷" {
		t.Fatalf("the field holds %q, want 薄荷 without the code", got)
	}
	c.hand("糖", fyne.KeyReturn)
	c.scan(bread)
	c.due(1940)
	if got := c.w.sell.asking.price; got != "" {
		t.Fatalf("the price holds %q", got)
	}
	c.hand("4.5", fyne.KeyReturn)
	c.due(2390)
	// A second unknown code does not take the form away.
	c.scan("6901234500080")
	c.hand("甲")
	c.scan("6901234500189")
	if a := c.w.sell.asking; a == nil || a.code != "6901234500080" || a.name != "甲" {
		t.Fatalf("the form is %+v", a)
	}
}

func TestScanWhileSearching(t *testing.T) {
	c := open(t, 1366, 768)
	c.press(fyne.KeyF2)
	c.hand("面")
	c.scan(milk)
	c.due(1590)
	if s := c.w.sell.search; s != nil && s.text != "面" {
		t.Fatalf("the search holds %q", s.text)
	}
	c.press(fyne.KeyReturn)
	c.due(1940)
}

func TestScanWhileADiscountIsTyped(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF6)
	c.hand("5")
	c.scan(bread)
	c.due(1940)
	if c.w.entry.text != "5" {
		t.Fatalf("the sheet holds %q, want what was typed", c.w.entry.text)
	}
}

func TestScanWhileAPINIsAsked(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF6)
	c.tap("50%")
	c.tap("老顾客")
	c.press(fyne.KeyReturn)
	c.hand("10")
	c.scan(bread)
	if c.w.entry.text != "10" && c.w.entry.text != "" {
		t.Fatalf("the code is in the PIN: %q", c.w.entry.text)
	}
	for _, x := range c.sent {
		if a, ok := x.(till.Approve); ok {
			t.Fatalf("the code was handed over as a PIN: %v", a)
		}
	}
}

func TestScannedLettersPressNoTender(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF9)
	for _, code := range []string{"C", "CB", "PCB", "C12345", "B-2026-06", "APC0001X"} {
		before := len(c.sent)
		c.wait(time.Second)
		for _, ch := range code {
			c.wait(time.Millisecond)
			c.rune(ch)
		}
		c.press(fyne.KeyReturn)
		c.wait(time.Second)
		if c.w.at != PagePay {
			t.Fatalf("%q led to page %s", code, c.w.at)
		}
		if got := c.sent[before:]; len(got) != 0 {
			t.Fatalf("%q sent %v", code, got)
		}
		c.press(fyne.KeyEscape)
		c.is(PagePay).due(1590)
	}
	// The same letter by hand does.
	c.hand("C")
	c.wait(letterWindow)
	c.is(PageTender)
}

func TestScanWhilePayingAsks(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF9)
	c.scan(bread)
	c.is(PagePay).due(1590).sees("扫到商品 "+bread, "没有收款，也没有加入。要加到本单吗？")
	c.press(fyne.KeyEscape)
	c.is(PagePay).due(1590)
	c.scan(bread)
	c.press(fyne.KeyReturn)
	c.due(1940).is(PageSell)
	// From the cash page too.
	c.press(fyne.KeyF8)
	c.scan(bread)
	c.is(PagePay).sees("扫到商品 " + bread)
	c.tap("加入本单")
	c.due(2290)
}

func TestScanAfterATenderKeepsTheSale(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF9)
	c.hand("10", fyne.KeyF8)
	c.scan(bread)
	c.due(590)
	if n := c.w.View().Sale.Live(); n != 1 {
		t.Fatalf("%d lines: a sale with money in it grew", n)
	}
	if c.w.message == nil {
		t.Fatal("the scan was swallowed without a word")
	}
}

func TestScanWhileACodeIsShown(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF9)
	c.tap("Pix")
	c.scan(bread)
	c.is(PageQR).due(1590)
	if c.w.View().QR == nil || c.w.View().Sale.Live() != 1 {
		t.Fatal("the scan changed the sale")
	}
}

func TestHalfAReadAddsNothing(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.scan("6901234567893")
	c.due(1590).sees("没读完整，没有加入。")
	if c.sounds[len(c.sounds)-1] != "notfound" {
		t.Fatalf("sounds %v", c.sounds)
	}
	c.scan(bread)
	c.due(1940)
	if c.has("没读完整，没有加入。") {
		t.Fatal("the message outlives the next scan")
	}
	// A code that the shop made up itself.
	c.scan("6901234567893")
	c.tap("照样新建")
	c.sees("新条码，填一下就能卖")
}

func TestLongAndEmptyScans(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.scan(strings.Repeat("9", 5000))
	c.due(1590).sees("扫到的内容太长，不是商品条码。")
	c.wait(time.Second)
	c.press(fyne.KeyReturn) // nothing typed: the way to payment
	c.is(PagePay)
}

func TestScanFromOtherPages(t *testing.T) {
	for _, page := range []PageName{PageMenu, PageKeys, PageDrawer} {
		c := open(t, 1366, 768)
		c.w.Open(page)
		c.is(page)
		c.scan(milk)
		c.is(PageSell).due(1590)
	}
}

func TestSerialScanner(t *testing.T) {
	c := open(t, 1366, 768)
	c.hand("12")
	c.w.Device(milk)
	c.due(1590)
	if c.w.entry.text != "12" {
		t.Fatalf("the entry holds %q, want what was typed", c.w.entry.text)
	}
}

func TestEveryControlIsReachedByTab(t *testing.T) {
	for _, page := range []PageName{PageSell, PagePay, PageCash, PageTender, PageQR, PageResult, PageMenu, PageKeys, PageDrawer} {
		c := open(t, 1366, 768)
		c.scan(milk)
		switch page {
		case PageSell:
		case PageTender:
			c.press(fyne.KeyF9)
			c.tap("银行卡")
		case PageQR:
			c.press(fyne.KeyF9)
			c.tap("Pix")
		case PageResult:
			c.hand("20", fyne.KeyF8)
		default:
			c.w.Open(page)
		}
		c.is(page)
		want := taps(c.win.Content())
		c.win.Canvas().Unfocus()
		var got []fyne.CanvasObject
		for range want {
			c.win.Canvas().(interface{ FocusNext() }).FocusNext()
			if f, ok := c.win.Canvas().Focused().(fyne.CanvasObject); ok && !slices.Contains(got, f) {
				got = append(got, f)
			}
		}
		for _, o := range want {
			if !slices.Contains(got, o) {
				t.Errorf("%s: Tab does not reach %q", page, textsOf(o))
			}
		}
	}
}

// taps lists the controls that can be tapped now.
func taps(o fyne.CanvasObject) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, x := range everything(o) {
		if d, ok := x.(interface{ Disabled() bool }); ok && d.Disabled() {
			continue
		}
		if _, list := x.(*kit.Lines); list {
			continue // its lines are chosen by Up and Down
		}
		if _, ok := x.(fyne.Tappable); ok {
			out = append(out, x)
		}
	}
	return out
}

func TestSpacePressesWhatHasTheRing(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	for i := 0; i < 200; i++ {
		c.win.Canvas().(interface{ FocusNext() }).FocusNext()
		if f := c.win.Canvas().Focused(); f != nil && slices.Contains(textsOf(f.(fyne.CanvasObject)), "挂单") {
			c.press(fyne.KeySpace)
			if n := len(c.w.View().Parked); n != 1 {
				t.Fatalf("%d parked", n)
			}
			return
		}
	}
	t.Fatal("Tab never came to the button")
}
